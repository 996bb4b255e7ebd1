/* login.h - a person logs in, and the token that stands for it afterwards. */
#ifndef VIO_FLOW_LOGIN_H
#define VIO_FLOW_LOGIN_H

#include <vio/user.h>

#include "flow/acting.h"
#include "store/users.h"

int login(struct engine *e, const struct vio_login *l, struct fault *f, struct vio_identity *ret,
          char ret_token[VIO_TOKEN_SIZE]);

int token_check(struct engine *e, const char *token, struct vio_identity *ret);

/* Adds an account; @a->tenant 0: over all tenants. */
int user_create(const struct acting *a, const struct vio_user_fields *fields, vio_user_id *ret);

/* Its two halves: checks the fields and hashes the password; then adds it within a transaction. */
int user_prepare(const struct acting *a, const struct vio_user_fields *fields, struct user *ret);
int user_add_in(struct system_tx *tx, const struct acting *a, const struct user *u,
                vio_user_id *ret);

#endif
