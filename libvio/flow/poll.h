/* poll.h - asking Retell about calls that have not told us their end. */
#ifndef VIO_FLOW_POLL_H
#define VIO_FLOW_POLL_H

#include "flow/acting.h"
#include "store/rows.h"

#define POLL_BATCH 16

/*
 * Asks about the calls that are due and joins what is heard. @last_chance: these calls are past
 * their deadline; one that still has no outcome is given up. @ret_n: how many were asked about.
 */
int poll_due(struct engine *e, vio_tenant_id tenant, vio_time now, bool last_chance,
             struct fault *f, size_t *ret_n);

#endif
