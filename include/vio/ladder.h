/* vio/ladder.h - when the reminder, the follow-up and the next poll are due. */
#ifndef VIO_LADDER_H
#define VIO_LADDER_H

#include <vio/core.h>
#include <vio/window.h>
#include <vio/zone.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What the plans are made by. Start from VIO_LADDER_INIT and fill in the zone. */
struct vio_ladder {
        size_t size;                     /* sizeof(struct vio_ladder) */
        const vio_zone *zone;            /* the contact's, else the tenant's; borrowed */
        const struct vio_window *window; /* NULL is the widest; borrowed */
        int64_t lead_ms;                 /* reminder before the appointment: 24 hours */
        int64_t min_notice_ms;           /* a late reminder leaves at least this much: 2 hours */
        int64_t follow_up_delay_ms;      /* follow-up after a missed call: 90 minutes */
};

/* clang-format off */
#define VIO_LADDER_INIT \
        { sizeof(struct vio_ladder), NULL, NULL, \
          INT64_C(86400000), INT64_C(7200000), INT64_C(5400000) }
/* clang-format on */

/** Whether a call is planned, when, and otherwise why not. */
struct vio_plan {
        bool due;
        vio_time at;            /* VIO_TIME_NONE when not due */
        enum vio_reason reason; /* VIO_REASON_NONE when due */
};

/**
 * When to remind a contact of an appointment.
 *
 * lead_ms before it; when the window is closed then, at the last open moment before that. When this
 * has passed already, at the next open moment from now, if that still leaves min_notice_ms.
 *
 * @l: the rules; a field beyond its size counts as VIO_LADDER_INIT has it.
 * @appointment: VIO_TIME_NONE for none. @now: the time.
 * @ret: gets the plan; not due for NO_APPOINTMENT, APPOINTMENT_PAST or TOO_LATE.
 * Errors: none. Since: 0.1
 */
VIO_API void vio_reminder_plan(const struct vio_ladder *l, vio_time appointment, vio_time now,
                               struct vio_plan *ret);

/**
 * When to call again after a missed call.
 *
 * follow_up_delay_ms after it, or at the next open moment from there, or from now if that is later;
 * always before the appointment.
 *
 * @l: as above. @missed_at: the end of the missed call. @appointment: VIO_TIME_NONE for none.
 * @now: the time. @ret: gets the plan; not due for NO_APPOINTMENT, APPOINTMENT_PAST or TOO_LATE.
 * Errors: none. Since: 0.1
 */
VIO_API void vio_follow_up_plan(const struct vio_ladder *l, vio_time missed_at,
                                vio_time appointment, vio_time now, struct vio_plan *ret);

/**
 * How long to wait before the next poll of a call: 90 s at first, then 15 s, 30 s, 1, 2, 5 minutes,
 * and 10 for every later one.
 *
 * @polls_done: how many there were. Returns milliseconds. Errors: none. Since: 0.1
 */
VIO_API int64_t vio_poll_delay_ms(int polls_done);

#ifdef __cplusplus
}
#endif

#endif
