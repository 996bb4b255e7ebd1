/* analytics.c - what came of the calls: today, and over the last days. */
#include "flow/analytics.h"

#include <string.h>

#include "base/calendar.h"
#include "flow/profile.h"
#include "rules/figures.h"
#include "store/calls.h"
#include "store/days.h"
#include "store/tasks.h"

struct today {
        const struct acting *a;
        struct vio_call_activity *activity;
        int (*recent)(void *data, const struct vio_call *c);
        void *data;
};

static int count_today(struct today *t, struct tenant_tx *tx)
{
        struct vio_call_activity *activity = t->activity;
        _cleanup_profile_ struct profile p = {0};
        struct day_stats s;

        int r = profile_load(t->a->e, tx, &p);
        if (r)
                return r;
        profile_day(&p, t->a->now, activity->day);
        r = day_load(tx, activity->day, &s);
        if (r)
                return r;
        activity->attempted = s.calls;
        activity->completed = s.completed;
        activity->confirmed = s.outcome[VIO_OUTCOME_CONFIRMED];
        activity->n_outcomes = outcome_shares(s.outcome, activity->outcomes);
        return 0;
}

static int activity_in(struct tenant_tx *tx, void *arg)
{
        struct today *t = arg;
        struct vio_call_filter newest = VIO_CALL_FILTER_INIT;

        int r = count_today(t, tx);
        if (!r)
                r = calls_live(tx, &t->activity->active_calls);
        if (!r)
                r = tasks_pending(tx, &t->activity->pending_calls);
        newest.limit = VIO_RECENT_CALLS;
        return r || !t->recent ? r : call_each(tx, &newest, t->recent, t->data);
}

int call_activity(const struct acting *a, struct vio_call_activity *ret,
                  int (*recent)(void *data, const struct vio_call *c), void *data)
{
        struct vio_call_activity activity = VIO_CALL_ACTIVITY_INIT;
        struct today t = {a, &activity, recent, data};

        int r = store_read_tenant(a->e->store, a->tenant, activity_in, &t, a->fault);
        if (!r)
                *ret = activity;
        return r;
}

struct period {
        const struct acting *a;
        struct vio_performance *p;
        int (*each)(void *data, const struct vio_day_figures *day);
        void *data;
        int64_t first, last; /* days since 1970 */
        int64_t next;        /* the day that is told next */
        int64_t outcomes[VIO_OUTCOMES];
        int64_t duration, timed_calls;
};

static int tell(struct period *period, int64_t calls, int64_t confirmed)
{
        char day[11];
        struct vio_day_figures figures = {day, calls, confirmed};

        calendar_format_date(period->next++, day);
        return period->each ? period->each(period->data, &figures) : 0;
}

/* The days without calls have no counters; they are told all the same. */
static int tell_until(struct period *period, int64_t day)
{
        int r = 0;
        while (!r && period->next < day)
                r = tell(period, 0, 0);
        return r;
}

static int add_day(void *data, const char *day, const struct day_stats *s)
{
        struct period *period = data;
        int64_t number;

        for (int o = VIO_OUTCOME_UNKNOWN; o < VIO_OUTCOMES; o++)
                period->outcomes[o] += s->outcome[o];
        period->p->calls += s->calls;
        period->duration += s->duration;
        period->timed_calls += s->timed_calls;
        int r = calendar_parse_date(day, &number);
        if (!r)
                r = tell_until(period, number);
        return r ? r : tell(period, s->calls, s->outcome[VIO_OUTCOME_CONFIRMED]);
}

static int find_days(struct period *period, struct tenant_tx *tx)
{
        _cleanup_profile_ struct profile p = {0};
        struct vio_local local;

        int r = profile_load(period->a->e, tx, &p);
        if (r)
                return r;
        vio_zone_local(p.zone, period->a->now, &local);
        period->last = local.day_number;
        period->first += local.day_number;
        period->next = period->first;
        calendar_format_date(period->first, period->p->from);
        calendar_format_date(period->last, period->p->to);
        return 0;
}

static void conclude(struct period *period, const struct part_stats parts[DAY_PARTS])
{
        struct vio_performance *p = period->p;

        for (int o = VIO_OUTCOME_UNKNOWN; o < VIO_OUTCOMES; o++)
                p->reached += outcome_reached((enum vio_outcome)o) ? period->outcomes[o] : 0;
        p->confirmed = period->outcomes[VIO_OUTCOME_CONFIRMED];
        p->call_success_tenths = share_tenths(p->reached, p->calls);
        p->confirmation_tenths = share_tenths(p->confirmed, p->calls);
        p->no_show_tenths = share_tenths(p->no_shows, p->appointments);
        p->n_outcomes = outcome_shares(period->outcomes, p->outcomes);
        if (period->timed_calls > 0)
                p->avg_call_duration =
                    (period->duration + period->timed_calls / 2) / period->timed_calls;
        for (unsigned i = VIO_DAY_PART_MORNING; i < DAY_PARTS; i++) {
                const struct part_stats *s = &parts[i];
                p->parts[i - VIO_DAY_PART_MORNING] = (struct vio_part_figures){
                    (enum vio_day_part)i,
                    s->calls,
                    s->reached,
                    s->confirmed,
                    share_tenths(s->reached, s->calls),
                    share_tenths(s->confirmed, s->calls),
                };
        }
}

static int performance_in(struct tenant_tx *tx, void *arg)
{
        struct period *period = arg;
        struct vio_performance *p = period->p;
        struct part_stats parts[DAY_PARTS] = {0};

        int r = find_days(period, tx);
        if (!r)
                r = days_each(tx, p->from, p->to, add_day, period);
        if (!r)
                r = tell_until(period, period->last + 1);
        if (!r)
                r = days_parts(tx, p->from, p->to, parts);
        if (!r)
                r = days_appointments(tx, p->from, p->to, &p->appointments, &p->no_shows);
        if (!r)
                conclude(period, parts);
        return r;
}

int performance(const struct acting *a, int days, struct vio_performance *ret,
                int (*each)(void *data, const struct vio_day_figures *day), void *data)
{
        struct vio_performance p = VIO_PERFORMANCE_INIT;
        struct period period = {.a = a, .p = &p, .each = each, .data = data, .first = 1 - days};

        int r = store_read_tenant(a->e->store, a->tenant, performance_in, &period, a->fault);
        if (!r)
                *ret = p;
        return r;
}
