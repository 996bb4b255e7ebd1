/* timeline.h - what happened to a call, in order. */
#ifndef VIO_FLOW_TIMELINE_H
#define VIO_FLOW_TIMELINE_H

#include <vio/call.h>

#include "flow/acting.h"

/* Calls @cb for each moment, oldest first. */
int call_timeline(const struct acting *a, vio_call_id id,
                  int (*cb)(void *data, const struct vio_call_moment *m), void *data);

#endif
