/* health.h - what is open, due or late of a tenant, for whoever runs the installation. */
#ifndef VIO_STORE_HEALTH_H
#define VIO_STORE_HEALTH_H

#include <vio/health.h>

#include "store/store.h"

struct tenant_health {
        int64_t overdue_tasks;
        vio_time oldest_overdue; /* VIO_TIME_NONE: none is */
        int64_t live_calls;
        int64_t unsettled_dials;
        int64_t pending_summaries;
        int64_t alerts;
        bool suspended;
};

/* @late: a pending task that was due before this is overdue. */
int health_of_tenant(struct tenant_tx *tx, vio_time late, struct tenant_health *ret);

/* Calls made before @before that are neither final nor failed, oldest first. */
int stuck_calls_each(struct tenant_tx *tx, vio_time before,
                     int (*cb)(void *data, const struct vio_stuck_call *c), void *data);

#endif
