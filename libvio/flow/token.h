/* token.h - the token that stands for a login, or for an impersonation, afterwards. */
#ifndef VIO_FLOW_TOKEN_H
#define VIO_FLOW_TOKEN_H

#include "flow/engine.h"
#include "store/impersonations.h"
#include "store/users.h"

/* What a good token stands for. */
struct bearer {
        struct user user;
        vio_tenant_id tenant;   /* in which it acts; 0: over all */
        char impersonation[37]; /* id in that tenant; "" when it is none */
};

/* The token of a login: good for 24 hours. */
int token_issue(const struct engine *e, const struct user *u, vio_time now,
                char ret[VIO_TOKEN_SIZE]);

/* The token of a super_admin who acts as the tenant's client_admin. */
int token_issue_impersonation(const struct engine *e, const struct user *u, vio_tenant_id tenant,
                              const struct impersonation *i, char ret[VIO_TOKEN_SIZE]);

/*
 * Reads a token, which may be NULL. VIO_E_AUTH for every defect: of form, signature or time, and
 * when its account was deactivated or changed, or its impersonation ended.
 */
int token_read(struct engine *e, const char *token, struct bearer *ret);

void bearer_identify(const struct bearer *b, struct vio_identity *ret);

#endif
