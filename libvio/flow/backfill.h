/* backfill.h - a calendar is re-read through its API, for what its webhooks did not bring. */
#ifndef VIO_FLOW_BACKFILL_H
#define VIO_FLOW_BACKFILL_H

#include "flow/acting.h"

/* Reads the next page of one tenant's calendar, if it is time; *ret_done: how many were read. */
int backfill_due(struct engine *e, vio_tenant_id tenant, vio_time now, struct fault *f,
                 size_t *ret_done);

/* Begins to read the calendar of a tenant that has a key and was never told to. */
int backfill_sweep(struct engine *e, vio_tenant_id tenant, vio_time now, struct fault *f);

/* The key of a calendar among the settings that changed: it is read from the beginning, now. */
int backfill_note_settings(struct tenant_tx *tx, const struct vio_setting *changes, size_t n,
                           vio_time now);

#endif
