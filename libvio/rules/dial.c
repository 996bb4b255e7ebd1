/* dial.c - the decision to dial: now, later, or never; and the reasons. */
#include <vio/window.h>

#include <string.h>

#include "base/attr.h"
#include "base/calendar.h"
#include "sized.h"

static const struct {
        enum vio_reason reason;
        const char *name, *sentence;
} reasons[] = {
#define ROW(name, number, text, sentence) {VIO_REASON_##name, text, sentence},
    VIO_REASONS(ROW)
#undef ROW
};

const char *vio_reason_name(enum vio_reason r)
{
        for (size_t i = 0; i < count_of(reasons); i++)
                if (reasons[i].reason == r)
                        return reasons[i].name;
        return NULL;
}

const char *vio_reason_text(enum vio_reason r)
{
        for (size_t i = 0; i < count_of(reasons); i++)
                if (reasons[i].reason == r)
                        return reasons[i].sentence;
        return "The reason is not known to this version.";
}

int vio_reason_parse(const char *name, enum vio_reason *ret)
{
        for (size_t i = 0; name && i < count_of(reasons); i++) {
                if (strcmp(reasons[i].name, name) == 0) {
                        *ret = reasons[i].reason;
                        return 0;
                }
        }
        return VIO_E_INVALID;
}

/* Why there will be no call at all, or NONE. */
static enum vio_reason forbidden(const struct vio_dial_facts *f)
{
        if (f->contact_gone)
                return VIO_REASON_CONTACT_GONE;
        if (f->opted_out)
                return VIO_REASON_OPTED_OUT;
        if (!f->phone_ok)
                return VIO_REASON_NO_PHONE;
        if (f->manual)
                return VIO_REASON_NONE;
        if (f->appointment < 0)
                return VIO_REASON_NO_APPOINTMENT;
        if (f->appointment_status != VIO_APPOINTMENT_PENDING)
                return VIO_REASON_APPOINTMENT_DECIDED;
        if (f->appointment != f->task_appointment)
                return VIO_REASON_APPOINTMENT_MOVED;
        if (f->appointment <= f->now)
                return VIO_REASON_APPOINTMENT_PAST;
        return VIO_REASON_NONE;
}

struct hindrance {
        vio_time until; /* VIO_TIME_NONE: it does not hold */
        enum vio_reason reason;
};

/* The first moment of the local day @days after today. */
static vio_time local_day(const struct vio_dial_facts *f, int days)
{
        struct vio_local l;
        vio_zone_local(f->zone, f->now, &l);
        l = (struct vio_local){.year = l.year, .month = l.month, .day = l.day + days};
        return vio_zone_utc(f->zone, &l);
}

static int days_to_monday(const struct vio_dial_facts *f)
{
        struct vio_local l;
        vio_zone_local(f->zone, f->now, &l);
        return 7 - l.weekday;
}

static bool daily_limit_reached(const struct vio_dial_facts *f)
{
        bool own = f->daily_limit >= 1 && f->daily_limit < VIO_DAILY_LIMIT;
        return f->calls_today >= (own ? f->daily_limit : VIO_DAILY_LIMIT);
}

static bool weekly_limit_reached(const struct vio_dial_facts *f)
{
        return f->weekly_limit > 0 && f->calls_this_week >= f->weekly_limit;
}

/* A hindrance that nobody knows the end of; it is looked at again after a while. */
static struct hindrance standing(const struct vio_dial_facts *f)
{
        vio_time again = f->now + VIO_DIAL_RECHECK_MS;
        if (f->suspended)
                return (struct hindrance){again, VIO_REASON_TENANT_SUSPENDED};
        if (!f->configured || !f->zone)
                return (struct hindrance){again, VIO_REASON_NOT_CONFIGURED};
        return (struct hindrance){VIO_TIME_NONE, VIO_REASON_NONE};
}

/* Of the hindrances that pass, the one that lasts longest; of equals, the first. */
static struct hindrance passing(const struct vio_dial_facts *f)
{
        const struct hindrance rows[] = {
            {daily_limit_reached(f) ? local_day(f, 1) : VIO_TIME_NONE, VIO_REASON_DAILY_LIMIT},
            {weekly_limit_reached(f) ? local_day(f, days_to_monday(f)) : VIO_TIME_NONE,
             VIO_REASON_WEEKLY_LIMIT},
            {vio_window_next_open(f->window, f->zone, f->now), VIO_REASON_OUTSIDE_WINDOW},
            {f->blocked_until,
             f->blocked_reason != VIO_REASON_NONE ? f->blocked_reason : VIO_REASON_RATE_LIMITED},
            {f->live_call ? f->now + VIO_DIAL_LIVE_RECHECK_MS : VIO_TIME_NONE,
             VIO_REASON_CALL_LIVE},
        };
        struct hindrance longest = {VIO_TIME_NONE, VIO_REASON_NONE};
        for (size_t i = 0; i < count_of(rows); i++)
                if (rows[i].until > f->now && rows[i].until > longest.until)
                        longest = rows[i];
        return longest;
}

static struct vio_dial_decision never(enum vio_reason reason)
{
        return (struct vio_dial_decision){VIO_DIAL_NEVER, VIO_TIME_NONE, reason};
}

static struct vio_dial_decision decide(const struct vio_dial_facts *f)
{
        enum vio_reason why = forbidden(f);
        if (why != VIO_REASON_NONE)
                return never(why);
        struct hindrance h = standing(f);
        if (h.reason == VIO_REASON_NONE) {
                /* A window that never opens, such as one without days, would be waited for in vain.
                 */
                if (vio_window_next_open(f->window, f->zone, f->now) == VIO_TIME_NONE)
                        return never(VIO_REASON_OUTSIDE_WINDOW);
                h = passing(f);
        }
        if (h.reason == VIO_REASON_NONE)
                return (struct vio_dial_decision){VIO_DIAL_NOW, f->now, VIO_REASON_NONE};
        vio_time open = vio_window_next_open(f->window, f->zone, h.until);
        vio_time at = open != VIO_TIME_NONE ? open : h.until;
        if (!f->manual && at >= f->appointment)
                return never(VIO_REASON_TOO_LATE);
        return (struct vio_dial_decision){VIO_DIAL_WAIT, at, h.reason};
}

void vio_dial_decide(const struct vio_dial_facts *facts, struct vio_dial_decision *ret)
{
        struct vio_dial_facts f = VIO_DIAL_FACTS_INIT;
        sized_read(&f, sizeof f, facts);
        *ret = decide(&f);
}
