/* users.h - table users. An account is found before its tenant is known, so by the system's
 * authority; those of one tenant are kept by the tenant's. */
#ifndef VIO_STORE_USERS_H
#define VIO_STORE_USERS_H

#include <vio/user.h>

#include "base/attr.h"
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

/* Copies an address in lower case; false when there is none or it does not fit. */
_must_check_ bool email_fold(const char *email, char *ret, size_t size);

/* VIO_E_CONFLICT when the address is taken in that tenant (.tenant 0: among the operators). */
int user_insert(struct system_tx *tx, const struct user *u, vio_time now, vio_user_id *ret);
int user_load(struct system_tx *tx, vio_user_id id, struct user *ret);
/* Accounts with this address, of one tenant or (0) of any, at most @n. */
int users_by_email(struct system_tx *tx, const char *email, vio_tenant_id tenant, struct user *ret,
                   size_t n, size_t *ret_count);
/* How many accounts the address has, in whatever tenant. */
int users_count_email(struct system_tx *tx, const char *email, size_t *ret);

/* Notes a login; VIO_E_NOTFOUND when the account is no longer as it was read. */
int user_logged_in(struct system_tx *tx, const struct user *u, vio_time now);
/* Writes .password and raises the version; VIO_E_NOTFOUND as above. */
int user_password_replace(struct system_tx *tx, const struct user *u);
/* Raises the version: the account's tokens are void. */
int user_revoke(struct system_tx *tx, vio_user_id id);

/* Of one tenant. VIO_E_NOTFOUND for an account of another one. */
int user_get(struct tenant_tx *tx, vio_user_id id, struct user *ret);
int user_save(struct tenant_tx *tx, const struct user *u); /* name, role, activity, version */
int user_password_set(struct tenant_tx *tx, vio_user_id id, const char *password);
/* Whether the tenant has an active client_admin besides this one. */
int users_another_admin(struct tenant_tx *tx, vio_user_id id, bool *ret);
/* In order of id; the texts are lent. */
int user_each(struct tenant_tx *tx, int (*cb)(void *data, const struct vio_user_info *i),
              void *data);
int user_info(struct tenant_tx *tx, vio_user_id id,
              int (*cb)(void *data, const struct vio_user_info *i), void *data);

#endif
