/* ladder.c - when the reminder, the follow-up and the next poll are due. */
#include <vio/ladder.h>

#include "base/attr.h"
#include "base/calendar.h"
#include "sized.h"

static const int64_t poll_delays[] = {
    90 * MS_PER_SECOND, 15 * MS_PER_SECOND, 30 * MS_PER_SECOND, 1 * MS_PER_MINUTE,
    2 * MS_PER_MINUTE,  5 * MS_PER_MINUTE,  10 * MS_PER_MINUTE,
};

static struct vio_ladder ladder_of(const struct vio_ladder *l)
{
        struct vio_ladder own = VIO_LADDER_INIT;
        sized_read(&own, sizeof own, l);
        return own;
}

static struct vio_plan due(vio_time at)
{
        return (struct vio_plan){.due = true, .at = at, .reason = VIO_REASON_NONE};
}

static struct vio_plan not_due(enum vio_reason reason)
{
        return (struct vio_plan){.due = false, .at = VIO_TIME_NONE, .reason = reason};
}

/* Why no call can be about this appointment, or NONE. */
static enum vio_reason obstacle(vio_time appointment, vio_time now)
{
        if (appointment < 0)
                return VIO_REASON_NO_APPOINTMENT;
        return appointment <= now ? VIO_REASON_APPOINTMENT_PAST : VIO_REASON_NONE;
}

void vio_reminder_plan(const struct vio_ladder *l, vio_time appointment, vio_time now,
                       struct vio_plan *ret)
{
        struct vio_ladder own = ladder_of(l);
        enum vio_reason why = obstacle(appointment, now);
        if (why != VIO_REASON_NONE) {
                *ret = not_due(why);
                return;
        }
        vio_time at = vio_window_last_open(own.window, own.zone, appointment - own.lead_ms);
        if (at != VIO_TIME_NONE && at >= now) {
                *ret = due(at);
                return;
        }
        at = vio_window_next_open(own.window, own.zone, now);
        bool in_time =
            at != VIO_TIME_NONE && at < appointment && appointment - at >= own.min_notice_ms;
        *ret = in_time ? due(at) : not_due(VIO_REASON_TOO_LATE);
}

void vio_follow_up_plan(const struct vio_ladder *l, vio_time missed_at, vio_time appointment,
                        vio_time now, struct vio_plan *ret)
{
        struct vio_ladder own = ladder_of(l);
        enum vio_reason why = obstacle(appointment, now);
        if (why != VIO_REASON_NONE) {
                *ret = not_due(why);
                return;
        }
        vio_time earliest = missed_at + own.follow_up_delay_ms;
        vio_time at = vio_window_next_open(own.window, own.zone, earliest > now ? earliest : now);
        bool in_time = at != VIO_TIME_NONE && at < appointment;
        *ret = in_time ? due(at) : not_due(VIO_REASON_TOO_LATE);
}

int64_t vio_poll_delay_ms(int polls_done)
{
        size_t i = polls_done < 0 ? 0 : (size_t)polls_done;
        return poll_delays[i < count_of(poll_delays) ? i : count_of(poll_delays) - 1];
}
