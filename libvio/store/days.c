/* days.c - tables day_stats and day_parts: kept counters of a tenant's local day. */
#include "store/days.h"

#include <string.h>

#include "rules/figures.h"
#include "store/q.h"

/* The outcomes stand in the order of enum vio_outcome; read_row() and bind() go by this list. */
#define COLS                                                                                       \
        "calls, completed, unknown, failed, answered, busy, no_answer, voicemail, confirmed,"      \
        " cancelled, rescheduled, duration, timed_calls"

enum { FIRST = VIO_OUTCOME_UNKNOWN, LAST = VIO_OUTCOME_RESCHEDULED };

/* From the column @col on. */
static void read_row(struct q *q, int col, struct day_stats *ret)
{
        struct day_stats s = {0};
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
static int move_stats(struct tenant_tx *tx, const struct vio_call *before,
                      const struct vio_call *after)
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

static void weigh_part(struct part_stats *s, const struct vio_call *c, int times)
{
        if (!dial_may_have_rung(c->dial_state))
                return;
        s->calls += times;
        s->reached += outcome_reached(c->outcome) ? times : 0;
        s->confirmed += c->outcome == VIO_OUTCOME_CONFIRMED ? times : 0;
}

TENANT_SQL(sql_move_part, "INSERT INTO day_parts (tenant_id, day, part, calls, reached, confirmed)"
                          " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
                          " ON CONFLICT (tenant_id, day, part) DO UPDATE SET"
                          " calls = day_parts.calls + excluded.calls,"
                          " reached = day_parts.reached + excluded.reached,"
                          " confirmed = day_parts.confirmed + excluded.confirmed");
static int move_part(struct tenant_tx *tx, const struct vio_call *before,
                     const struct vio_call *after)
{
        static const struct part_stats nothing;
        struct part_stats difference = {0};
        weigh_part(&difference, after, 1);
        if (before)
                weigh_part(&difference, before, -1);
        if (!after->part || memcmp(&difference, &nothing, sizeof(nothing)) == 0)
                return VIO_OK;
        _cleanup_q_ struct q *q = q_open(tx, &sql_move_part);
        q_text(q, after->day);
        q_text(q, vio_day_part_name(after->part));
        q_int(q, difference.calls);
        q_int(q, difference.reached);
        q_int(q, difference.confirmed);
        return q_done(q);
}

int day_move(struct tenant_tx *tx, const struct vio_call *before, const struct vio_call *after)
{
        int r = move_stats(tx, before, after);
        return r ? r : move_part(tx, before, after);
}

TENANT_SQL(sql_load, "SELECT " COLS " FROM day_stats WHERE tenant_id = ?1 AND day = ?2");
int day_load(struct tenant_tx *tx, const char *day, struct day_stats *ret)
{
        struct day_stats s = {0};
        _cleanup_q_ struct q *q = q_open(tx, &sql_load);
        q_text(q, day);
        if (q_row(q))
                read_row(q, 0, &s);
        if (q_err(q))
                return q_err(q);
        *ret = s;
        return VIO_OK;
}

TENANT_SQL(sql_each, "SELECT day, " COLS " FROM day_stats"
                     " WHERE tenant_id = ?1 AND day >= ?2 AND day <= ?3 ORDER BY day");
int days_each(struct tenant_tx *tx, const char *from_day, const char *to_day,
              int (*cb)(void *data, const char *day, const struct day_stats *s), void *data)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_each);
        q_text(q, from_day);
        q_text(q, to_day);
        while (q_row(q)) {
                struct day_stats s;
                read_row(q, 1, &s);
                int r = q_err(q) ? q_err(q) : cb(data, q_col_text(q, 0), &s);
                if (r)
                        return r;
        }
        return q_err(q);
}

/* Rows of part, calls, reached, confirmed. */
static int read_parts(struct q *q, struct part_stats ret[DAY_PARTS])
{
        struct part_stats parts[DAY_PARTS] = {0};
        while (q_row(q)) {
                struct part_stats *p = &parts[day_part_named(q_col_text(q, 0))];
                *p = (struct part_stats){q_col_int(q, 1), q_col_int(q, 2), q_col_int(q, 3)};
        }
        if (q_err(q))
                return q_err(q);
        memcpy(ret, parts, sizeof(parts));
        return VIO_OK;
}

TENANT_SQL(sql_parts, "SELECT part, sum(calls), sum(reached), sum(confirmed) FROM day_parts"
                      " WHERE tenant_id = ?1 AND day >= ?2 AND day <= ?3 GROUP BY part");
int days_parts(struct tenant_tx *tx, const char *from_day, const char *to_day,
               struct part_stats ret[DAY_PARTS])
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_parts);
        q_text(q, from_day);
        q_text(q, to_day);
        return read_parts(q, ret);
}

TENANT_SQL(sql_appointments, "SELECT sum(appointments), sum(no_shows) FROM appointment_days"
                             " WHERE tenant_id = ?1 AND day >= ?2 AND day <= ?3");
int days_appointments(struct tenant_tx *tx, const char *from_day, const char *to_day,
                      int64_t *ret_appointments, int64_t *ret_no_shows)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_appointments);
        q_text(q, from_day);
        q_text(q, to_day);
        bool found = q_row(q);
        int64_t appointments = found ? q_col_int(q, 0) : 0;
        int64_t no_shows = found ? q_col_int(q, 1) : 0;
        if (q_err(q))
                return q_err(q);
        *ret_appointments = appointments;
        *ret_no_shows = no_shows;
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
                read_row(q, 0, &s);
        if (q_err(q))
                return q_err(q);
        *ret = s;
        return VIO_OK;
}

TENANT_SQL(
    sql_recount_parts,
    "SELECT s.part, count(*), sum(CASE WHEN s.outcome = 'confirmed' OR s.outcome = 'cancelled'"
    " OR s.outcome = 'rescheduled' OR s.outcome = 'answered' THEN 1 ELSE 0 END),"
    " sum(CASE WHEN s.outcome = 'confirmed' THEN 1 ELSE 0 END)"
    " FROM call_sessions s"
    " LEFT JOIN attempts a ON a.tenant_id = ?1 AND a.call_id = s.id"
    " WHERE s.tenant_id = ?1 AND s.day = ?2 AND s.part IS NOT NULL"
    " AND (a.state IS NULL OR a.state NOT IN ('rejected', 'not_placed')) GROUP BY s.part");
int day_recount_parts(struct tenant_tx *tx, const char *day, struct part_stats ret[DAY_PARTS])
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_recount_parts);
        q_text(q, day);
        return read_parts(q, ret);
}
