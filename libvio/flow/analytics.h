/* analytics.h - what came of the calls: today, and over the last days. */
#ifndef VIO_FLOW_ANALYTICS_H
#define VIO_FLOW_ANALYTICS_H

#include <vio/analytics.h>

#include "flow/acting.h"

/* Both see one state of the data, and read counters and open rows only. */
int call_activity(const struct acting *a, struct vio_call_activity *ret,
                  int (*recent)(void *data, const struct vio_call *c), void *data);
int performance(const struct acting *a, int days, struct vio_performance *ret,
                int (*each)(void *data, const struct vio_day_figures *day), void *data);

#endif
