/* backfill.h - a calendar is re-read through its API, for what its webhooks did not bring. */
#ifndef VIO_FLOW_BACKFILL_H
#define VIO_FLOW_BACKFILL_H

#include "flow/acting.h"

/* Reads the next page of one tenant's calendar, if it is time; *ret_done: how many were read. */
int backfill_due(struct engine *e, vio_tenant_id tenant, vio_time now, struct fault *f,
                 size_t *ret_done);

#endif
