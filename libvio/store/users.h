/* users.h - table users. Accounts are found before the tenant is known, so by the system's
 * authority. */
#ifndef VIO_STORE_USERS_H
#define VIO_STORE_USERS_H

#include <vio/user.h>

#include "base/password.h"
#include "store/store.h"

struct user {
        vio_user_id id;
        vio_tenant_id tenant; /* 0: over all tenants */
        char email[255];
        char password[PASSWORD_HASH_SIZE];
        char full_name[201];
        enum vio_role role;
        bool is_active;
        int64_t token_version;
};

/* VIO_E_CONFLICT when the address is taken in that tenant (.tenant 0: among the operators). */
int user_insert(struct system_tx *tx, const struct user *u, vio_time now, vio_user_id *ret);
int user_load(struct system_tx *tx, vio_user_id id, struct user *ret);
/* Accounts with this address, of one tenant or (0) of any, at most @n. */
int users_by_email(struct system_tx *tx, const char *email, vio_tenant_id tenant, struct user *ret,
                   size_t n, size_t *ret_count);

#endif
