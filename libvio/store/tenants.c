/* tenants.c - tables tenants and tenant_state: who they are and what the engine keeps of them. */
#include "store/tenants.h"

#include <string.h>

#include "store/ids.h"
#include "store/q.h"

SYSTEM_SQL(sql_add, "INSERT INTO tenants (name, created_at) VALUES (?1, ?2) RETURNING id");
SYSTEM_SQL(sql_add_config, "INSERT INTO tenant_config (tenant_id) VALUES (?1)");
SYSTEM_SQL(sql_add_state, "INSERT INTO tenant_state (tenant_id) VALUES (?1)");

static int add_part(struct system_tx *tx, const struct system_sql *sql, vio_tenant_id id)
{
        _cleanup_q_ struct q *q = q_open_system(tx, sql);
        q_int(q, id.v);
        return q_done(q);
}

int tenant_insert(struct system_tx *tx, const char *name, vio_time now, vio_tenant_id *ret)
{
        vio_tenant_id id = {0};
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_add);
        q_text(q, name);
        q_time(q, now);
        if (q_row(q))
                id.v = q_col_int(q, 0);
        int r = q_done(q);
        if (!r)
                r = add_part(tx, &sql_add_config, id);
        if (!r)
                r = add_part(tx, &sql_add_state, id);
        if (!r)
                *ret = id;
        return r;
}

/* INFO_COLS and lend_info() change together. */
#define INFO_COLS                                                                                  \
        "tenants.id, name, time_zone, suspended, CASE WHEN retell_api_key IS NOT NULL AND "        \
        "retell_phone_number IS NOT NULL THEN 1 ELSE 0 END, created_at, suspended_reason, "        \
        "contacts_total"

TENANT_SQL(sql_last, "SELECT created_at FROM audit_logs WHERE tenant_id = ?1 AND id ="
                     " (SELECT audit_seq FROM tenant_state WHERE tenant_id = ?1)");
static int last_activity(struct tenant_tx *tx, vio_time *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_last);
        *ret = q_row(q) ? q_col_time(q, 0) : VIO_TIME_NONE;
        return q_err(q);
}

static int lend_info(struct system_tx *tx, struct q *q,
                     int (*cb)(void *data, const struct vio_tenant_info *i), void *data)
{
        struct vio_tenant_info info = {
            .id = {q_col_int(q, 0)},
            .name = q_col_text(q, 1),
            .time_zone = q_col_text(q, 2),
            .suspended = q_col_int(q, 3),
            .configured = q_col_int(q, 4),
            .created_at = q_col_time(q, 5),
            .suspended_reason = q_col_text(q, 6),
            .contacts = q_col_int(q, 7),
        };
        if (q_err(q))
                return q_err(q);
        struct tenant_tx narrow = tx_narrow(tx, info.id);
        int r = last_activity(&narrow, &info.last_activity);
        return r ? r : cb(data, &info);
}

SYSTEM_SQL(sql_each, "SELECT " INFO_COLS " FROM tenants"
                     " JOIN tenant_state ON tenant_state.tenant_id = tenants.id"
                     " ORDER BY tenants.id");
int tenant_each(struct system_tx *tx, int (*cb)(void *data, const struct vio_tenant_info *i),
                void *data)
{
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_each);
        while (q_row(q)) {
                int r = lend_info(tx, q, cb, data);
                if (r)
                        return r;
        }
        return q_err(q);
}

TENANT_SQL(sql_info, "SELECT " INFO_COLS " FROM tenants"
                     " JOIN tenant_state ON tenant_state.tenant_id = ?1 WHERE tenants.id = ?1");
int tenant_info(struct tenant_tx *tx, int (*cb)(void *data, const struct vio_tenant_info *i),
                void *data)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_info);
        if (q_row(q))
                return lend_info(tx->system, q, cb, data);
        return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
}

TENANT_SQL(sql_exists, "SELECT 1 FROM tenants WHERE id = ?1");
int tenant_exists(struct tenant_tx *tx)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_exists);
        bool there = q_row(q);
        return there || q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
}

TENANT_SQL(sql_suspended, "SELECT suspended, suspended_reason FROM tenants WHERE id = ?1");
static int is_suspended_so(struct tenant_tx *tx, bool suspended, const char *reason, bool *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_suspended);
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        const char *stored = q_col_text(q, 1);
        bool same_reason = reason && stored ? strcmp(reason, stored) == 0 : reason == stored;
        *ret = (q_col_int(q, 0) != 0) == suspended && same_reason;
        return q_err(q);
}

TENANT_SQL(sql_suspend, "UPDATE tenants SET suspended = ?2, suspended_reason = ?3 WHERE id = ?1");
int tenant_suspend(struct tenant_tx *tx, bool suspended, const char *reason, bool *ret_changed)
{
        bool already = false;
        int r = is_suspended_so(tx, suspended, reason, &already);
        *ret_changed = !r && !already;
        if (r || already)
                return r;
        _cleanup_q_ struct q *q = q_open(tx, &sql_suspend);
        q_int(q, suspended);
        q_text(q, reason);
        return q_done(q);
}

TENANT_SQL(sql_state, "SELECT version, swept_at, blocked_until, blocked_reason, alerts"
                      " FROM tenant_state WHERE tenant_id = ?1");
int tenant_state_get(struct tenant_tx *tx, struct tenant_state *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_state);
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        *ret = (struct tenant_state){
            .version = q_col_int(q, 0),
            .swept_at = q_col_time(q, 1),
            .blocked_until = q_col_time(q, 2),
            .blocked_reason = (int)q_col_int(q, 3),
            .alerts = q_col_int(q, 4),
        };
        return VIO_OK;
}

TENANT_SQL(sql_block, "UPDATE tenant_state SET blocked_until = ?2, blocked_reason = ?3"
                      " WHERE tenant_id = ?1");
int tenant_block(struct tenant_tx *tx, vio_time until, int reason)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_block);
        q_time(q, until);
        q_int(q, until == VIO_TIME_NONE ? 0 : reason);
        return q_done(q);
}

/* The engine's own note, not the tenant's data: it must not raise the tenant's version. */
SYSTEM_SQL(sql_swept, "UPDATE tenant_state SET swept_at = ?2 WHERE tenant_id = ?1");
int tenant_swept(struct tenant_tx *tx, vio_time at)
{
        _cleanup_q_ struct q *q = q_open_system(tx->system, &sql_swept);
        q_int(q, tx->tenant.v);
        q_int(q, at);
        return q_done(q);
}

TENANT_SQL(sql_alert, "UPDATE tenant_state SET alerts = alerts + 1 WHERE tenant_id = ?1");
int tenant_alert(struct tenant_tx *tx)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_alert);
        return q_done(q);
}

/* Each minimum is the first entry of a partial index. */
TENANT_SQL(sql_touch, "UPDATE tenant_state SET version = version + 1, next_due_at ="
                      " (SELECT min(at) FROM"
                      " (SELECT min(scheduled_for) AS at FROM call_tasks"
                      " WHERE tenant_id = ?1 AND status = 'pending'"
                      " UNION ALL SELECT min(next_poll_at) FROM call_sessions"
                      " WHERE tenant_id = ?1 AND next_poll_at IS NOT NULL"
                      " UNION ALL SELECT min(deadline_at) FROM call_sessions"
                      " WHERE tenant_id = ?1 AND deadline_at IS NOT NULL"
                      " UNION ALL SELECT min(next_at) FROM summary_runs"
                      " WHERE tenant_id = ?1 AND next_at IS NOT NULL"
                      " UNION ALL SELECT summary_next_at FROM tenant_state WHERE tenant_id = ?1"
                      " UNION ALL SELECT backfill_next_at FROM tenant_state WHERE tenant_id = ?1"
                      " UNION ALL SELECT min(due_at) FROM attempts"
                      " WHERE tenant_id = ?1 AND due_at IS NOT NULL) AS due)"
                      " WHERE tenant_id = ?1");
int tenant_touch(struct tenant_tx *tx)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_touch);
        return q_done(q);
}

SYSTEM_SQL(sql_after, "SELECT id FROM tenants WHERE id > ?1 ORDER BY id LIMIT ?2");
int tenants_after(struct system_tx *tx, vio_tenant_id after, vio_tenant_id *ret, size_t n,
                  size_t *ret_count)
{
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_after);
        q_int(q, after.v);
        q_int(q, (int64_t)n);
        return ids_read(q, ret, n, ret_count);
}

SYSTEM_SQL(sql_due, "SELECT tenant_id FROM tenant_state WHERE next_due_at <= ?1"
                    " ORDER BY next_due_at LIMIT ?2");
int tenants_due(struct system_tx *tx, vio_time now, vio_tenant_id *ret, size_t n, size_t *ret_count)
{
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_due);
        q_int(q, now);
        q_int(q, (int64_t)n);
        return ids_read(q, ret, n, ret_count);
}

SYSTEM_SQL(sql_next_due, "SELECT next_due_at FROM tenant_state WHERE next_due_at IS NOT NULL"
                         " ORDER BY next_due_at LIMIT 1");
int tenants_next_due(struct system_tx *tx, vio_time *ret)
{
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_next_due);
        vio_time at = q_row(q) ? q_col_time(q, 0) : VIO_TIME_NONE;
        int r = q_done(q);
        if (!r)
                *ret = at;
        return r;
}

SYSTEM_SQL(sql_unswept, "SELECT tenant_id FROM tenant_state WHERE swept_at < ?1"
                        " ORDER BY swept_at, tenant_id LIMIT ?2");
int tenants_unswept(struct system_tx *tx, vio_time before, vio_tenant_id *ret, size_t n,
                    size_t *ret_count)
{
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_unswept);
        q_int(q, before);
        q_int(q, (int64_t)n);
        return ids_read(q, ret, n, ret_count);
}
