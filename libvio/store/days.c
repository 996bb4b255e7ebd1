/* days.c - table day_stats: kept counters of a tenant's local day. */
#include "store/days.h"

#include <string.h>

#include "store/q.h"

/* The outcomes stand in the order of enum vio_outcome; read_row() and bind() go by this list. */
#define COLS                                                                                       \
        "calls, completed, unknown, failed, answered, busy, no_answer, voicemail, confirmed,"      \
        " cancelled, rescheduled, duration, timed_calls"

enum { FIRST = VIO_OUTCOME_UNKNOWN, LAST = VIO_OUTCOME_RESCHEDULED };

static void read_row(struct q *q, struct day_stats *ret)
{
        struct day_stats s = {0};
        int col = 0;
        s.calls = q_col_int(q, col++);
        s.completed = q_col_int(q, col++);
        for (int o = FIRST; o <= LAST; o++)
                s.outcome[o] = q_col_int(q, col++);
        s.duration = q_col_int(q, col++);
        s.timed_calls = q_col_int(q, col++);
        *ret = s;
}

static void bind(struct q *q, const struct day_stats *s)
{
        q_int(q, s->calls);
        q_int(q, s->completed);
        for (int o = FIRST; o <= LAST; o++)
                q_int(q, s->outcome[o]);
        q_int(q, s->duration);
        q_int(q, s->timed_calls);
}

/* Adds what a call stands for, @times 1 or -1. A call that never rang stands for nothing. */
static void weigh(struct day_stats *s, const struct vio_call *c, int times)
{
        if (!dial_may_have_rung(c->dial_state))
                return;
        s->calls += times;
        if (c->status == VIO_CALL_COMPLETED || c->status == VIO_CALL_FAILED)
                s->completed += times;
        if (c->outcome != VIO_OUTCOME_NONE)
                s->outcome[c->outcome] += times;
        if (c->duration >= 0) {
                s->duration += times * c->duration;
                s->timed_calls += times;
        }
}

TENANT_SQL(sql_move, "INSERT INTO day_stats (tenant_id, day, " COLS ") VALUES"
                     " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
                     " ON CONFLICT (tenant_id, day) DO UPDATE SET"
                     " calls = day_stats.calls + excluded.calls,"
                     " completed = day_stats.completed + excluded.completed,"
                     " unknown = day_stats.unknown + excluded.unknown,"
                     " failed = day_stats.failed + excluded.failed,"
                     " answered = day_stats.answered + excluded.answered,"
                     " busy = day_stats.busy + excluded.busy,"
                     " no_answer = day_stats.no_answer + excluded.no_answer,"
                     " voicemail = day_stats.voicemail + excluded.voicemail,"
                     " confirmed = day_stats.confirmed + excluded.confirmed,"
                     " cancelled = day_stats.cancelled + excluded.cancelled,"
                     " rescheduled = day_stats.rescheduled + excluded.rescheduled,"
                     " duration = day_stats.duration + excluded.duration,"
                     " timed_calls = day_stats.timed_calls + excluded.timed_calls");
int day_move(struct tenant_tx *tx, const struct vio_call *before, const struct vio_call *after)
{
        static const struct day_stats nothing;
        struct day_stats difference = {0};
        weigh(&difference, after, 1);
        if (before)
                weigh(&difference, before, -1);
        if (memcmp(&difference, &nothing, sizeof(nothing)) == 0)
                return VIO_OK;
        _cleanup_q_ struct q *q = q_open(tx, &sql_move);
        q_text(q, after->day);
        bind(q, &difference);
        return q_done(q);
}

TENANT_SQL(sql_load, "SELECT " COLS " FROM day_stats WHERE tenant_id = ?1 AND day = ?2");
int day_load(struct tenant_tx *tx, const char *day, struct day_stats *ret)
{
        struct day_stats s = {0};
        _cleanup_q_ struct q *q = q_open(tx, &sql_load);
        q_text(q, day);
        if (q_row(q))
                read_row(q, &s);
        if (q_err(q))
                return q_err(q);
        *ret = s;
        return VIO_OK;
}

#define COUNT_IF(condition) " sum(CASE WHEN " condition " THEN 1 ELSE 0 END),"
#define COUNT_OUTCOME(name) COUNT_IF("s.outcome = '" name "'")
TENANT_SQL(
    sql_recount,
    "SELECT count(*)," COUNT_IF("s.status IN ('completed', 'failed')") COUNT_OUTCOME("unknown")
        COUNT_OUTCOME("failed") COUNT_OUTCOME("answered") COUNT_OUTCOME("busy")
            COUNT_OUTCOME("no_answer") COUNT_OUTCOME("voicemail") COUNT_OUTCOME("confirmed")
                COUNT_OUTCOME("cancelled") COUNT_OUTCOME(
                    "rescheduled") " sum(s.duration), count(s.duration)"
                                   " FROM call_sessions s"
                                   " LEFT JOIN attempts a ON a.tenant_id = ?1 AND a.call_id = s.id"
                                   " WHERE s.tenant_id = ?1 AND s.day = ?2"
                                   " AND (a.state IS NULL OR a.state NOT IN ('rejected', "
                                   "'not_placed'))");
int day_recount(struct tenant_tx *tx, const char *day, struct day_stats *ret)
{
        struct day_stats s = {0};
        _cleanup_q_ struct q *q = q_open(tx, &sql_recount);
        q_text(q, day);
        if (q_row(q))
                read_row(q, &s);
        if (q_err(q))
                return q_err(q);
        *ret = s;
        return VIO_OK;
}
