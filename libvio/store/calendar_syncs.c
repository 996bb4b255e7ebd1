/* calendar_syncs.c - table calendar_syncs: how far the re-reading of a calendar has come. */
#include "store/calendar_syncs.h"

#include "base/text.h"
#include "store/calendar_hooks.h"
#include "store/q.h"

TENANT_SQL(sql_load,
           "SELECT changed_until, account, round_from, round_reached, page, synced_at,"
           " failures, error, next_at FROM calendar_syncs WHERE tenant_id = ?1 AND provider = ?2");
int calendar_sync_load(struct tenant_tx *tx, enum vio_calendar calendar, struct calendar_sync *ret)
{
        struct calendar_sync s = {
            .calendar = calendar,
            .changed_until = VIO_TIME_NONE,
            .round_from = VIO_TIME_NONE,
            .round_reached = VIO_TIME_NONE,
            .synced_at = VIO_TIME_NONE,
        };
        _cleanup_q_ struct q *q = q_open(tx, &sql_load);
        q_text(q, calendar_word(calendar));
        if (q_row(q)) {
                s.changed_until = q_col_time(q, 0);
                text_copy(s.account, sizeof(s.account), q_col_text(q, 1));
                s.round_from = q_col_time(q, 2);
                s.round_reached = q_col_time(q, 3);
                text_copy(s.page, sizeof(s.page), q_col_text(q, 4));
                s.synced_at = q_col_time(q, 5);
                s.failures = q_col_int(q, 6);
                text_copy(s.error, sizeof(s.error), q_col_text(q, 7));
                s.next_at = q_col_time(q, 8);
        }
        if (!q_err(q))
                *ret = s;
        return q_err(q);
}

static const char *text_or_null(const char *text)
{
        return *text ? text : NULL;
}

TENANT_SQL(sql_save, "INSERT INTO calendar_syncs (tenant_id, provider, changed_until, account,"
                     " round_from, round_reached, page, synced_at, failures, error, next_at)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
                     " ON CONFLICT (tenant_id, provider) DO UPDATE SET changed_until = ?3,"
                     " account = ?4, round_from = ?5, round_reached = ?6, page = ?7,"
                     " synced_at = ?8, failures = ?9, error = ?10,"
                     " next_at = ?11");
int calendar_sync_save(struct tenant_tx *tx, const struct calendar_sync *s)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_save);
        q_text(q, calendar_word(s->calendar));
        q_time(q, s->changed_until);
        q_text(q, text_or_null(s->account));
        q_time(q, s->round_from);
        q_time(q, s->round_reached);
        q_text(q, text_or_null(s->page));
        q_time(q, s->synced_at);
        q_int(q, s->failures);
        q_text(q, text_or_null(s->error));
        q_time(q, s->next_at);
        return q_done(q);
}

TENANT_SQL(sql_forget, "DELETE FROM calendar_syncs WHERE tenant_id = ?1 AND provider = ?2");
int calendar_sync_forget(struct tenant_tx *tx, enum vio_calendar calendar)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_forget);
        q_text(q, calendar_word(calendar));
        return q_done(q);
}

TENANT_SQL(sql_hasten, "UPDATE calendar_syncs SET next_at = ?3 WHERE tenant_id = ?1"
                       " AND provider = ?2 AND next_at > ?3 AND failures = 0");
int calendar_sync_hasten(struct tenant_tx *tx, enum vio_calendar calendar, vio_time at)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_hasten);
        q_text(q, calendar_word(calendar));
        q_time(q, at);
        int r = q_done(q);
        return r || !q_changes(q) ? r : backfill_plan(tx, at);
}

TENANT_SQL(sql_next, "SELECT backfill_next_at FROM tenant_state WHERE tenant_id = ?1");
int backfill_next(struct tenant_tx *tx, vio_time *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_next);
        vio_time at = q_row(q) ? q_col_time(q, 0) : VIO_TIME_NONE;
        if (!q_err(q))
                *ret = at;
        return q_err(q);
}

TENANT_SQL(sql_plan, "UPDATE tenant_state SET backfill_next_at = ?2 WHERE tenant_id = ?1");
int backfill_plan(struct tenant_tx *tx, vio_time at)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_plan);
        q_time(q, at);
        return q_done(q);
}

TENANT_SQL(sql_missing, "SELECT 1 FROM tenant_state JOIN tenants ON tenants.id = ?1"
                        " WHERE tenant_state.tenant_id = ?1 AND backfill_next_at IS NULL"
                        " AND (cal_com_api_key IS NOT NULL OR calendly_token IS NOT NULL)");
int backfill_is_missing(struct tenant_tx *tx, bool *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_missing);
        bool found = q_row(q);
        if (!q_err(q))
                *ret = found;
        return q_err(q);
}
