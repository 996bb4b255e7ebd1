/* vio/analytics.h - what came of the calls, from counters that are kept. */
#ifndef VIO_ANALYTICS_H
#define VIO_ANALYTICS_H

#include <vio/call.h>
#include <vio/core.h>
#include <vio/outcome.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A part of the tenant's local day. */
enum vio_day_part {
        VIO_DAY_PART_NONE = 0,      /* of a call of 0.1, which did not keep it */
        VIO_DAY_PART_MORNING = 1,   /* before 12:00 */
        VIO_DAY_PART_AFTERNOON = 2, /* from 12:00 */
        VIO_DAY_PART_EVENING = 3    /* from 17:00 */
};

/** "morning", "afternoon", "evening"; NULL for anything else. Static. Since: 0.2 */
VIO_API const char *vio_day_part_name(enum vio_day_part part);

/** How many outcomes there are, for arrays by enum vio_outcome. */
#define VIO_OUTCOMES (VIO_OUTCOME_RESCHEDULED + 1)

/** One outcome's share of all. */
struct vio_outcome_share {
        enum vio_outcome outcome;
        int64_t count;
        int32_t tenths; /* of a percent: 844 is 84.4 % */
};

/**
 * The calls of today, which is the tenant's local day. Set it to VIO_CALL_ACTIVITY_INIT first.
 * Calls that never rang are in none of the numbers.
 */
struct vio_call_activity {
        size_t size;
        char day[11];                                    /* today, "YYYY-MM-DD" */
        int64_t active_calls;                            /* may be going on now */
        int64_t attempted;                               /* made today */
        int64_t completed;                               /* of them: over */
        int64_t confirmed;                               /* of them: with this outcome */
        int64_t pending_calls;                           /* tasks that are pending, of any day */
        size_t n_outcomes;                               /* how many of the following there are */
        struct vio_outcome_share outcomes[VIO_OUTCOMES]; /* of today, the most frequent first */
};

#define VIO_CALL_ACTIVITY_INIT                                                                     \
        {                                                                                          \
                .size = sizeof(struct vio_call_activity)                                           \
        }

/** How many calls vio_call_activity() shows. */
#define VIO_RECENT_CALLS 10

/**
 * Tells what goes on today, from counters that are kept: the cost does not grow with history.
 *
 * @ret: gets the numbers; untouched on failure.
 * @recent: called for each of the VIO_RECENT_CALLS newest calls, newest first, as by
 *   vio_call_each(); NULL for none. It sees the same state as the numbers.
 * Errors: VIO_E_INVALID (@ret was not initialised), VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_call_activity(vio_tenant *t, struct vio_call_activity *ret,
                              int (*recent)(void *data, const vio_call *c), void *data);

/** The calls of one part of all days together. */
struct vio_part_figures {
        enum vio_day_part part;
        int64_t calls;
        int64_t reached; /* confirmed, cancelled, rescheduled or answered */
        int64_t confirmed;
        int32_t reached_tenths;   /* of a percent of the calls */
        int32_t confirmed_tenths; /* likewise */
};

/** The calls of one local day. */
struct vio_day_figures {
        const char *day; /* "YYYY-MM-DD"; valid during the callback */
        int64_t calls;
        int64_t confirmed;
};

/**
 * What came of the calls of the last days. Set it to VIO_PERFORMANCE_INIT first. A rate is in
 * tenths of a percent; a rate of nothing is 0. Calls that never rang are in none of the numbers.
 */
struct vio_performance {
        size_t size;
        char from[11]; /* the first day, "YYYY-MM-DD" in the tenant's zone */
        char to[11];   /* the last: today */
        int64_t calls;
        int64_t reached; /* confirmed, cancelled, rescheduled or answered */
        int64_t confirmed;
        int64_t appointments;        /* of these days, without cancelled ones */
        int64_t no_shows;            /* of them: the contact did not come */
        int32_t call_success_tenths; /* reached, of the calls */
        int32_t confirmation_tenths; /* confirmed, of the calls */
        int32_t no_show_tenths;      /* of the appointments */
        int64_t avg_call_duration;   /* seconds, of the calls whose duration is known */
        size_t n_outcomes;
        struct vio_outcome_share outcomes[VIO_OUTCOMES]; /* the most frequent first */
        struct vio_part_figures parts[3];                /* morning, afternoon, evening */
};

#define VIO_PERFORMANCE_INIT                                                                       \
        {                                                                                          \
                .size = sizeof(struct vio_performance)                                             \
        }

/** How many days vio_performance() looks back at most. */
#define VIO_PERFORMANCE_DAYS 366

/**
 * Tells what came of the calls of the last days, today included, from counters that are kept.
 *
 * @days: how many local days; 1 to VIO_PERFORMANCE_DAYS.
 * @ret: gets the numbers; untouched on failure.
 * @each: called for each of these days, oldest first, also for those without calls; NULL for none.
 *   A non-zero result ends the loop and is returned.
 * Errors: VIO_E_INVALID, VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_performance(vio_tenant *t, int days, struct vio_performance *ret,
                            int (*each)(void *data, const struct vio_day_figures *day), void *data);

#ifdef __cplusplus
}
#endif

#endif
