/* summary_runs.c - table summary_runs, and what tenants and tenant_state keep of the summary. */
#include "store/summary_runs.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "store/q.h"
#include "store/row_texts.h"
#include "store/rows.h"

static const char *const states[] = {"pending", "sent", "failed", "skipped"};

static const size_t texts[] = {offsetof(struct summary_run, request),
                               offsetof(struct summary_run, error)};

const char *run_state_name(enum run_state state)
{
        return word_name(states, count_of(states), (int)state);
}

void summary_run_done(struct summary_run *r)
{
        row_disown(r, texts, count_of(texts));
}

TENANT_SQL(sql_add, "INSERT INTO summary_runs (tenant_id, day, state, request, attempts, next_at,"
                    " error, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
                    " ON CONFLICT (tenant_id, day) DO NOTHING");
int summary_run_insert(struct tenant_tx *tx, const struct summary_run *r)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_add);
        q_text(q, r->day);
        q_text(q, run_state_name(r->state));
        q_text(q, r->request ? r->request : "");
        q_int(q, r->attempts);
        q_time(q, r->next_at);
        q_text(q, r->error);
        q_time(q, r->created_at);
        int e = q_done(q);
        return e ? e : q_changes(q) ? VIO_OK : VIO_E_CONFLICT;
}

#define COLS "day, state, request, attempts, next_at, error, created_at"

static int load_from(struct q *q, struct summary_run *ret)
{
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        int state = word_find(states, count_of(states), q_col_text(q, 1));
        struct summary_run r = {
            .state = (enum run_state)state,
            .request = (char *)q_col_text(q, 2),
            .attempts = q_col_int(q, 3),
            .next_at = q_col_time(q, 4),
            .error = (char *)q_col_text(q, 5),
            .created_at = q_col_time(q, 6),
        };
        text_copy(r.day, sizeof(r.day), q_col_text(q, 0));
        if (state < 0)
                return q_err(q) ? q_err(q) : VIO_E_STORAGE;
        int e = row_own(&r, texts, count_of(texts));
        if (!e)
                *ret = r;
        return e;
}

TENANT_SQL(sql_load, "SELECT " COLS " FROM summary_runs WHERE tenant_id = ?1 AND day = ?2");
int summary_run_load(struct tenant_tx *tx, const char *day, struct summary_run *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_load);
        q_text(q, day);
        return load_from(q, ret);
}

/* Every day is later than ''; that keeps the search to the one row. */
TENANT_SQL(sql_newest, "SELECT " COLS " FROM summary_runs WHERE tenant_id = ?1 AND day > ''"
                       " ORDER BY day DESC LIMIT 1");
int summary_run_newest(struct tenant_tx *tx, struct summary_run *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_newest);
        return load_from(q, ret);
}

TENANT_SQL(sql_due, "SELECT " COLS " FROM summary_runs WHERE tenant_id = ?1 AND next_at <= ?2"
                    " ORDER BY next_at LIMIT 1");
int summary_run_due(struct tenant_tx *tx, vio_time now, struct summary_run *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_due);
        q_int(q, now);
        return load_from(q, ret);
}

TENANT_SQL(sql_exists, "SELECT 1 FROM summary_runs WHERE tenant_id = ?1 AND day = ?2");
int summary_run_exists(struct tenant_tx *tx, const char *day, bool *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_exists);
        q_text(q, day);
        bool there = q_row(q);
        int r = q_done(q);
        if (!r)
                *ret = there;
        return r;
}

TENANT_SQL(sql_save, "UPDATE summary_runs SET attempts = ?4, next_at = ?5, error = ?6"
                     " WHERE tenant_id = ?1 AND day = ?2 AND state = 'pending' AND attempts = ?3");
int summary_run_save(struct tenant_tx *tx, const struct summary_run *r, int64_t attempts)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_save);
        q_text(q, r->day);
        q_int(q, attempts);
        q_int(q, r->attempts);
        q_time(q, r->next_at);
        q_text(q, r->error);
        int e = q_done(q);
        return e ? e : q_changes(q) ? VIO_OK : VIO_E_CONFLICT;
}

TENANT_SQL(sql_end, "UPDATE summary_runs SET state = ?3, request = '', next_at = NULL, error = ?4,"
                    " resend_id = ?5, sent_at = ?6"
                    " WHERE tenant_id = ?1 AND day = ?2 AND state = 'pending'");
int summary_run_end(struct tenant_tx *tx, const char *day, enum run_state state, const char *error,
                    const char *resend_id, vio_time now)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_end);
        q_text(q, day);
        q_text(q, run_state_name(state));
        q_text(q, error);
        q_text(q, resend_id);
        q_time(q, state == RUN_SENT ? now : VIO_TIME_NONE);
        return q_done(q);
}

static int read_time(struct q *q, vio_time *ret)
{
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        *ret = q_col_time(q, 0);
        return q_err(q);
}

TENANT_SQL(sql_next, "SELECT summary_next_at FROM tenant_state WHERE tenant_id = ?1");
int summary_next_get(struct tenant_tx *tx, vio_time *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_next);
        return read_time(q, ret);
}

TENANT_SQL(sql_set_next, "UPDATE tenant_state SET summary_next_at = ?2 WHERE tenant_id = ?1");
int summary_next_set(struct tenant_tx *tx, vio_time at)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_set_next);
        q_time(q, at);
        return q_done(q);
}

TENANT_SQL(sql_unplanned, "SELECT 1 FROM tenant_state WHERE tenant_id = ?1"
                          " AND summary_next_at IS NULL AND EXISTS"
                          " (SELECT 1 FROM tenants WHERE id = ?1 AND daily_summary_enabled = 1)");
int summary_unplanned(struct tenant_tx *tx, bool *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_unplanned);
        bool there = q_row(q);
        int r = q_done(q);
        if (!r)
                *ret = there;
        return r;
}

TENANT_SQL(sql_sent, "SELECT last_daily_summary_sent_at FROM tenants WHERE id = ?1");
int summary_sent_get(struct tenant_tx *tx, vio_time *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_sent);
        return read_time(q, ret);
}

TENANT_SQL(sql_set_sent, "UPDATE tenants SET last_daily_summary_sent_at = ?2 WHERE id = ?1");
int summary_sent_set(struct tenant_tx *tx, vio_time at)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_set_sent);
        q_time(q, at);
        return q_done(q);
}

/* A time that is still to come was written before the clock was set back: it does not count. */
TENANT_SQL(sql_test, "UPDATE tenant_state SET summary_tested_at = ?2 WHERE tenant_id = ?1"
                     " AND (summary_tested_at IS NULL OR summary_tested_at <= ?3"
                     " OR summary_tested_at > ?2)");
int summary_test_take(struct tenant_tx *tx, vio_time now, int64_t pause_ms, bool *ret_taken)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_test);
        q_int(q, now);
        q_int(q, now - pause_ms);
        int r = q_done(q);
        if (!r)
                *ret_taken = q_changes(q) > 0;
        return r;
}

/* The smallest UUID (version 7) of a time: our call ids begin with the time they were made. */
static void first_id(vio_time t, char ret[37])
{
        uint64_t ms = (uint64_t)(t < 0 ? 0 : t);
        snprintf(ret, 37, "%08" PRIx64 "-%04" PRIx64 "-0000-0000-000000000000",
                 ms >> 16 & 0xffffffff, ms & 0xffff);
}

TENANT_SQL(sql_calls, "SELECT s.outcome, a.state, c.name, c.appointment_time FROM call_sessions s"
                      " LEFT JOIN attempts a ON a.tenant_id = ?1 AND a.call_id = s.id"
                      " LEFT JOIN contacts c ON c.tenant_id = ?1 AND c.id = s.contact_id"
                      " WHERE s.tenant_id = ?1 AND s.id >= ?2 AND s.id < ?3 AND s.day = ?4"
                      " ORDER BY s.id");
int summary_calls(struct tenant_tx *tx, const char *day, vio_time from, vio_time to,
                  int (*cb)(void *data, const struct reported_call *c), void *data)
{
        char first[37], end[37];

        first_id(from, first);
        first_id(to, end);
        _cleanup_q_ struct q *q = q_open(tx, &sql_calls);
        q_text(q, first);
        q_text(q, end);
        q_text(q, day);
        while (q_row(q)) {
                struct reported_call c = {
                    .placed = true, .name = q_col_text(q, 2), .appointment_time = q_col_time(q, 3)};
                enum vio_dial_state state;
                int r = vio_outcome_parse(q_col_text(q, 0), &c.outcome);
                if (!r && q_col_text(q, 1) && !(r = dial_state_parse(q_col_text(q, 1), &state)))
                        c.placed = dial_may_have_rung(state);
                if (r || q_err(q))
                        return q_err(q) ? q_err(q) : VIO_E_STORAGE;
                r = cb(data, &c);
                if (r)
                        return r;
        }
        return q_err(q);
}
