/* settle.h - dials whose answer was lost: looked for, never repeated blindly. */
#ifndef VIO_FLOW_SETTLE_H
#define VIO_FLOW_SETTLE_H

#include "flow/acting.h"

#define SETTLE_BATCH 50

/*
 * Looks for the tenant's dials that are due: those whose answer was unclear, and those whose lease
 * ran out. Found: the call is adopted. Not found by several looks over ten minutes: it was not
 * placed, and its task may try again. @ret_n: how many were looked for.
 */
int settle_due(struct engine *e, vio_tenant_id tenant, vio_time now, struct fault *f,
               size_t *ret_n);

/* Ends the leases that this engine holds: its dials are settled by whoever comes next. */
int settle_release(struct engine *e, vio_tenant_id tenant, vio_time now, struct fault *f);

#endif
