/* days.h - tables day_stats, day_parts and appointment_days: kept counters of a local day. */
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

/* The same calls by the part of the day, [VIO_DAY_PART_NONE] is not kept. */
struct part_stats {
        int64_t calls, reached, confirmed;
};
#define DAY_PARTS (VIO_DAY_PART_EVENING + 1)

/* Moves the day of @after from what @before stood for to what @after stands for. @before NULL: a
 * new call. */
int day_move(struct tenant_tx *tx, const struct vio_call *before, const struct vio_call *after);
int day_load(struct tenant_tx *tx, const char *day,
             struct day_stats *ret); /* zeros when there is none */
/* Each day in [from_day, to_day] that has counters, oldest first. */
int days_each(struct tenant_tx *tx, const char *from_day, const char *to_day,
              int (*cb)(void *data, const char *day, const struct day_stats *s), void *data);
/* The parts of all these days together. */
int days_parts(struct tenant_tx *tx, const char *from_day, const char *to_day,
               struct part_stats ret[DAY_PARTS]);
/* The appointments of these days, without cancelled ones, and how many did not come. */
int days_appointments(struct tenant_tx *tx, const char *from_day, const char *to_day,
                      int64_t *ret_appointments, int64_t *ret_no_shows);
/* Counts the same from the rows; for tests and the doctor. */
int day_recount(struct tenant_tx *tx, const char *day, struct day_stats *ret);
int day_recount_parts(struct tenant_tx *tx, const char *day, struct part_stats ret[DAY_PARTS]);

#endif
