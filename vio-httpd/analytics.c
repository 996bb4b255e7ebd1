/* analytics.c - what came of the calls: today, and over the last days. */
#include "handlers.h"
#include "query.h"

static void write_outcomes(vio_json_writer *w, const char *key,
                           const struct vio_outcome_share *outcomes, size_t n)
{
        vio_json_begin_array(w, key);
        for (size_t i = 0; i < n; i++) {
                vio_json_begin_object(w, NULL);
                vio_json_put_text(w, "outcome", vio_outcome_name(outcomes[i].outcome));
                vio_json_put_int(w, "count", outcomes[i].count);
                vio_json_put_decimal(w, "percentage", outcomes[i].tenths, 1);
                vio_json_end_object(w);
        }
        vio_json_end_array(w);
}

static int write_recent(void *data, const vio_call *c)
{
        vio_json_writer *w = data;
        vio_call_id id = vio_call_get_id(c);
        int64_t duration = vio_call_get_duration(c);
        vio_json_begin_object(w, NULL);
        vio_json_put_text(w, "id", id.s);
        vio_json_put_text(w, "contactName", vio_call_get_contact_name(c));
        vio_json_put_text(w, "status", vio_call_status_name(vio_call_get_status(c)));
        vio_json_put_text(w, "outcome", vio_outcome_name(vio_call_get_outcome(c)));
        vio_json_put_time(w, "timestamp", vio_call_get_created_at(c));
        if (duration < 0)
                vio_json_put_null(w, "duration");
        else
                vio_json_put_int(w, "duration", duration);
        vio_json_end_object(w);
        return 0;
}

int analytics_calls(vio_tenant *t, const struct request *q, struct response *r)
{
        struct vio_call_activity a = VIO_CALL_ACTIVITY_INIT;
        vio_json_writer *w = r->body;
        (void)q;
        vio_json_begin_object(w, NULL);
        vio_json_begin_array(w, "recentCallActivity");
        int e = vio_call_activity(t, &a, write_recent, w);
        vio_json_end_array(w);
        vio_json_put_int(w, "activeCalls", a.active_calls);
        vio_json_begin_object(w, "todaysSummary");
        vio_json_put_int(w, "callsAttemptedToday", a.attempted);
        vio_json_put_int(w, "callsCompletedToday", a.completed);
        vio_json_put_int(w, "appointmentsConfirmedToday", a.confirmed);
        vio_json_put_int(w, "pendingCalls", a.pending_calls);
        vio_json_end_object(w);
        write_outcomes(w, "outcomeBreakdown", a.outcomes, a.n_outcomes);
        vio_json_end_object(w);
        return e;
}

static int write_day(void *data, const struct vio_day_figures *day)
{
        vio_json_writer *w = data;
        vio_json_begin_object(w, NULL);
        vio_json_put_text(w, "date", day->day);
        vio_json_put_int(w, "calls", day->calls);
        vio_json_put_int(w, "confirmed", day->confirmed);
        vio_json_end_object(w);
        return 0;
}

static void write_parts(vio_json_writer *w, const struct vio_performance *p)
{
        vio_json_begin_array(w, "dayParts");
        for (size_t i = 0; i < count_of(p->parts); i++) {
                const struct vio_part_figures *part = &p->parts[i];
                vio_json_begin_object(w, NULL);
                vio_json_put_text(w, "part", vio_day_part_name(part->part));
                vio_json_put_int(w, "calls", part->calls);
                vio_json_put_int(w, "reached", part->reached);
                vio_json_put_int(w, "confirmed", part->confirmed);
                vio_json_put_decimal(w, "callSuccessRate", part->reached_tenths, 1);
                vio_json_put_decimal(w, "confirmationRate", part->confirmed_tenths, 1);
                vio_json_end_object(w);
        }
        vio_json_end_array(w);
}

int analytics_performance(vio_tenant *t, const struct request *q, struct response *r)
{
        struct vio_performance p = VIO_PERFORMANCE_INIT;
        vio_json_writer *w = r->body;
        int64_t days = 30;
        int e = query_number(q, r, "timePeriod", &days);
        if (e < 0 || days > VIO_PERFORMANCE_DAYS)
                return refuse_field(r, "timePeriod", "timePeriod must be 1 to %d days",
                                    VIO_PERFORMANCE_DAYS);
        vio_json_begin_object(w, NULL);
        vio_json_begin_array(w, "timeSeries");
        e = vio_performance(t, (int)days, &p, write_day, w);
        vio_json_end_array(w);
        vio_json_put_decimal(w, "callSuccessRate", p.call_success_tenths, 1);
        vio_json_put_decimal(w, "noShowRate", p.no_show_tenths, 1);
        vio_json_put_int(w, "avgCallDuration", p.avg_call_duration);
        vio_json_put_decimal(w, "confirmationRate", p.confirmation_tenths, 1);
        write_outcomes(w, "outcomes", p.outcomes, p.n_outcomes);
        write_parts(w, &p);
        vio_json_end_object(w);
        return e;
}
