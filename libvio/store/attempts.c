/* attempts.c - table attempts: the dial of a call session, its lease and its fence. */
#include "store/attempts.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "store/calls.h"
#include "store/days.h"
#include "store/ids.h"
#include "store/q.h"

void attempt_done(struct attempt *a)
{
        mem_free(a->detail);
        a->detail = NULL;
}

static const char *owner(const struct attempt *a)
{
        return *a->lease_owner ? a->lease_owner : NULL;
}

/* The day's counters hold only calls that may have rung: a change of that moves them. */
static int move_day(struct tenant_tx *tx, vio_call_id call, enum vio_dial_state before,
                    enum vio_dial_state after)
{
        if (dial_may_have_rung(before) == dial_may_have_rung(after))
                return VIO_OK;
        struct vio_call from;
        int r = call_load_brief(tx, call, &from);
        if (r)
                return r;
        struct vio_call to = from;
        from.dial_state = before;
        to.dial_state = after;
        return day_move(tx, &from, &to);
}

TENANT_SQL(sql_add,
           "INSERT INTO attempts (tenant_id, call_id, phone, state, is_open, lease_owner,"
           " lease_generation, due_at, looks, unknown_since, http_status, detail, created_at,"
           " finished_at)"
           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)");
static int add_row(struct tenant_tx *tx, const struct attempt *a)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_add);
        q_text(q, a->call.s);
        q_text(q, a->phone);
        q_text(q, dial_state_name(a->state));
        q_int(q, a->is_open);
        q_text(q, owner(a));
        q_int(q, a->lease_generation);
        q_time(q, a->due_at);
        q_int(q, a->looks);
        q_time(q, a->unknown_since);
        q_id(q, a->http_status);
        q_text(q, a->detail);
        q_time(q, a->created_at);
        q_time(q, a->finished_at);
        return q_done(q);
}

int attempt_insert(struct tenant_tx *tx, const struct attempt *a)
{
        int r = add_row(tx, a);
        return r ? r : move_day(tx, a->call, VIO_DIAL_DIALING, a->state);
}

TENANT_SQL(sql_load, "SELECT phone, state, is_open, lease_owner, lease_generation, due_at, looks,"
                     " unknown_since, http_status, detail, created_at, finished_at"
                     " FROM attempts WHERE tenant_id = ?1 AND call_id = ?2");
static int read_row(struct q *q, struct attempt *ret)
{
        struct attempt a = {
            .is_open = q_col_int(q, 2),
            .lease_generation = q_col_int(q, 4),
            .due_at = q_col_time(q, 5),
            .looks = q_col_int(q, 6),
            .unknown_since = q_col_time(q, 7),
            .http_status = q_col_int(q, 8),
            .created_at = q_col_time(q, 10),
            .finished_at = q_col_time(q, 11),
        };
        text_copy(a.phone, sizeof(a.phone), q_col_text(q, 0));
        text_copy(a.lease_owner, sizeof(a.lease_owner), q_col_text(q, 3));
        const char *detail = q_col_text(q, 9);
        if (dial_state_parse(q_col_text(q, 1), &a.state))
                return q_err(q) ? q_err(q) : VIO_E_STORAGE;
        if (q_err(q))
                return q_err(q);
        a.detail = mem_text(detail);
        if (detail && !a.detail)
                return VIO_E_NOMEM;
        *ret = a;
        return VIO_OK;
}

int attempt_load(struct tenant_tx *tx, vio_call_id call, struct attempt *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_load);
        q_text(q, call.s);
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        struct attempt a;
        int r = read_row(q, &a);
        if (r)
                return r;
        a.tenant = tx->tenant;
        a.call = call;
        *ret = a;
        return VIO_OK;
}

TENANT_SQL(sql_open_for, "SELECT 1 FROM attempts"
                         " WHERE tenant_id = ?1 AND phone = ?2 AND is_open = 1");
int attempt_open_for(struct tenant_tx *tx, const char *phone, bool *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_open_for);
        q_text(q, phone);
        bool found = q_row(q);
        if (q_err(q))
                return q_err(q);
        *ret = found;
        return VIO_OK;
}

TENANT_SQL(sql_state, "SELECT state FROM attempts WHERE tenant_id = ?1 AND call_id = ?2"
                      " AND lease_generation = ?3");
static int state_before(struct tenant_tx *tx, vio_call_id call, int64_t generation,
                        enum vio_dial_state *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_state);
        q_text(q, call.s);
        q_int(q, generation);
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_CONFLICT;
        return dial_state_parse(q_col_text(q, 0), ret);
}

/* The writer is alone, but the fence stays in the statement: the row itself decides. */
TENANT_SQL(sql_save, "UPDATE attempts SET state = ?4, is_open = ?5, lease_owner = ?6,"
                     " lease_generation = ?7, due_at = ?8, looks = ?9, unknown_since = ?10,"
                     " http_status = ?11, detail = ?12, finished_at = ?13"
                     " WHERE tenant_id = ?1 AND call_id = ?2 AND lease_generation = ?3");
static int save_row(struct tenant_tx *tx, const struct attempt *a, int64_t generation)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_save);
        q_text(q, a->call.s);
        q_int(q, generation);
        q_text(q, dial_state_name(a->state));
        q_int(q, a->is_open);
        q_text(q, owner(a));
        q_int(q, a->lease_generation);
        q_time(q, a->due_at);
        q_int(q, a->looks);
        q_time(q, a->unknown_since);
        q_id(q, a->http_status);
        q_text(q, a->detail);
        q_time(q, a->finished_at);
        int r = q_done(q);
        return r ? r : q_changes(q) ? VIO_OK : VIO_E_CONFLICT;
}

int attempt_save(struct tenant_tx *tx, const struct attempt *a, int64_t generation)
{
        enum vio_dial_state before = VIO_DIAL_DIALING;
        int r = state_before(tx, a->call, generation, &before);
        if (!r)
                r = save_row(tx, a, generation);
        if (!r)
                r = move_day(tx, a->call, before, a->state);
        return r == VIO_E_CONFLICT ? fault_set(tx_fault(tx), r, "the lease of this dial was lost")
                                   : r;
}

TENANT_SQL(sql_due, "SELECT call_id FROM attempts WHERE tenant_id = ?1 AND due_at <= ?2"
                    " ORDER BY due_at LIMIT ?3");
int attempts_due(struct tenant_tx *tx, vio_time now, vio_call_id *ret, size_t n, size_t *ret_count)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_due);
        q_int(q, now);
        q_int(q, (int64_t)n);
        return uuids_read(q, ret, n, ret_count);
}

/* A lease has an end, so only the few rows with due_at are looked at. */
TENANT_SQL(sql_owned, "SELECT call_id FROM attempts WHERE tenant_id = ?1 AND due_at IS NOT NULL"
                      " AND lease_owner = ?2 ORDER BY due_at LIMIT ?3");
int attempts_owned(struct tenant_tx *tx, const char *lease_owner, vio_call_id *ret, size_t n,
                   size_t *ret_count)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_owned);
        q_text(q, lease_owner);
        q_int(q, (int64_t)n);
        return uuids_read(q, ret, n, ret_count);
}

TENANT_SQL(sql_close, "UPDATE attempts SET is_open = 0 WHERE tenant_id = ?1 AND call_id = ?2");
int attempt_close(struct tenant_tx *tx, vio_call_id call)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_close);
        q_text(q, call.s);
        return q_done(q);
}

TENANT_SQL(sql_forget, "UPDATE attempts SET phone = " ATTEMPT_NOBODY ", detail = NULL"
                       " WHERE tenant_id = ?1 AND call_id = ?2 AND is_open = 0"
                       " AND phone <> " ATTEMPT_NOBODY);
int attempt_forget(struct tenant_tx *tx, vio_call_id call)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_forget);
        q_text(q, call.s);
        int r = q_done(q);
        if (!r && q_changes(q))
                tx_wipe(tx);
        return r;
}
