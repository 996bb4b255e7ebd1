/* personal.h - what a person does about itself: another password, logging out, the log of it. */
#ifndef VIO_FLOW_PERSONAL_H
#define VIO_FLOW_PERSONAL_H

#include <vio/tenant.h>
#include <vio/user.h>

#include "flow/engine.h"

/* Writes an audit row into the tenant's log; into the installation's when @tenant is 0. */
int personal_note(struct system_tx *tx, const struct vio_actor *actor, vio_tenant_id tenant,
                  const char *action, const char *detail, vio_time now);

/* A change by the person itself, who knows the old password and gets a new token. */
struct password_change {
        const struct vio_identity *who;
        const char *old_password;
        const char *new_password;
        const char *ip_address;
};
int password_change(struct engine *e, const struct password_change *c, struct fault *f,
                    char ret_token[VIO_TOKEN_SIZE]);

/* @everywhere: all tokens of the account are void from here on. */
int logout(struct engine *e, const struct vio_identity *who, const char *ip_address,
           bool everywhere, struct fault *f);

#endif
