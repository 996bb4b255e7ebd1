/* acting.c - a flow on behalf of somebody, on one tenant. */
#include "flow/acting.h"

struct acting acting_engine(struct engine *e, vio_tenant_id tenant, vio_time now, struct fault *f)
{
        return (struct acting){
            .e = e, .tenant = tenant, .actor = &actor_system, .fault = f, .now = now};
}

int acting_note(const struct acting *a, struct tenant_tx *tx, const char *action,
                vio_contact_id contact, const vio_call_id *call, const char *detail)
{
        struct audit row = {.actor = a->actor,
                            .action = action,
                            .contact = contact,
                            .call = call,
                            .detail = detail,
                            .at = a->now};
        return audit_add(tx, &row);
}
