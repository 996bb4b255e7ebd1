/* schedule.h - call tasks that are due are dialled. */
#ifndef VIO_FLOW_SCHEDULE_H
#define VIO_FLOW_SCHEDULE_H

#include "flow/engine.h"

/* The tenant's next dial comes no sooner than this after its last: Retell's default pace. */
#define DIAL_PACE_MS INT64_C(1000)

/*
 * Dials the due tasks of these tenants, one each and at most the engine's batch in all, at once.
 * @ret_tried: for each tenant, whether it had a task that was looked at.
 */
int schedule_due(struct engine *e, const vio_tenant_id *tenants, size_t n, vio_time now,
                 struct fault *f, bool *ret_tried);

#endif
