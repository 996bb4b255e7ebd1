/* days.h - table day_stats: kept counters of a tenant's local day. */
#ifndef VIO_STORE_DAYS_H
#define VIO_STORE_DAYS_H

#include "store/rows.h"
#include "store/store.h"

/* A call that cannot have rung (its dial was rejected, or never reached Retell) is in none of them:
 * so no share of the calls can exceed the whole. */
struct day_stats {
        int64_t calls, completed;
        int64_t outcome[VIO_OUTCOME_RESCHEDULED + 1]; /* by enum vio_outcome; [0] is not kept */
        int64_t duration, timed_calls;
};

/* Moves the day of @after from what @before stood for to what @after stands for. @before NULL: a
 * new call. */
int day_move(struct tenant_tx *tx, const struct vio_call *before, const struct vio_call *after);
int day_load(struct tenant_tx *tx, const char *day,
             struct day_stats *ret); /* zeros when there is none */
/* Counts the same from the rows; for tests and the doctor. */
int day_recount(struct tenant_tx *tx, const char *day, struct day_stats *ret);

#endif
