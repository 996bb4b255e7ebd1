/* acting.h - a flow on behalf of somebody, on one tenant. */
#ifndef VIO_FLOW_ACTING_H
#define VIO_FLOW_ACTING_H

#include "base/fault.h"
#include "flow/engine.h"
#include "store/audit.h"

struct acting {
        struct engine *e;
        vio_tenant_id tenant;
        const struct vio_actor *actor;
        struct fault *fault;
        vio_time now; /* one time for everything the flow does at once */
};

/* The engine itself, on one tenant. */
struct acting acting_engine(struct engine *e, vio_tenant_id tenant, vio_time now, struct fault *f);

/* Writes an audit row for what is done; @call may be NULL, @contact 0. */
int acting_note(const struct acting *a, struct tenant_tx *tx, const char *action,
                vio_contact_id contact, const vio_call_id *call, const char *detail);

#endif
