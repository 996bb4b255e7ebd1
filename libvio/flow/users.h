/* users.h - the accounts of a tenant, as its administrator keeps them. */
#ifndef VIO_FLOW_USERS_H
#define VIO_FLOW_USERS_H

#include <vio/user.h>

#include "flow/acting.h"
#include "store/users.h"

/* Adds an account; @a->tenant 0: over all tenants. */
int account_add(const struct acting *a, const struct vio_user_fields *fields, vio_user_id *ret);

/* Its two halves: checks the fields and hashes the password; then adds it within a transaction. */
int account_prepare(const struct acting *a, const struct vio_user_fields *fields, struct user *ret);
int account_add_in(struct system_tx *tx, const struct acting *a, const struct user *u,
                   vio_user_id *ret);

int account_change(const struct acting *a, vio_user_id id, const struct vio_user_change *change);

/* A new password by an administrator, for somebody else. */
int account_password_set(const struct acting *a, vio_user_id id, const char *password);

#endif
