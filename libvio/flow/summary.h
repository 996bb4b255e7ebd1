/* summary.h - the daily summary: when it falls due, what it says, that it is sent once. */
#ifndef VIO_FLOW_SUMMARY_H
#define VIO_FLOW_SUMMARY_H

#include <vio/summary.h>

#include "flow/acting.h"

/* Renders and sends what is due of one tenant; *ret_done: how many exchanges there were. */
int summary_due(struct engine *e, vio_tenant_id tenant, vio_time now, struct fault *f,
                size_t *ret_done);

#endif
