/* impersonation.h - a super_admin acts as a tenant's client_admin, for two hours at most. */
#ifndef VIO_FLOW_IMPERSONATION_H
#define VIO_FLOW_IMPERSONATION_H

#include <vio/user.h>

#include "flow/acting.h"

/* @a acts over all tenants, on behalf of a super_admin. */
int impersonation_start(const struct acting *a, vio_tenant_id tenant,
                        char ret_token[VIO_TOKEN_SIZE]);

/* VIO_E_INVALID when the token is good, but of a login. */
int impersonation_finish(struct engine *e, const char *token, const char *ip_address,
                         struct fault *f);

#endif
