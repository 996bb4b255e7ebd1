/* health.c - what is open, due or late of a tenant: by the indexes that hold nothing else. */
#include "store/health.h"

#include "base/text.h"
#include "store/q.h"
#include "store/rows.h"

TENANT_SQL(sql_health,
           "SELECT (SELECT count(*) FROM call_tasks"
           " WHERE tenant_id = ?1 AND status = 'pending' AND scheduled_for < ?2),"
           " (SELECT min(scheduled_for) FROM call_tasks"
           " WHERE tenant_id = ?1 AND status = 'pending' AND scheduled_for < ?2),"
           " (SELECT count(*) FROM attempts WHERE tenant_id = ?1 AND is_open = 1),"
           " (SELECT count(*) FROM attempts"
           " WHERE tenant_id = ?1 AND due_at IS NOT NULL AND state = 'unknown'),"
           " (SELECT count(*) FROM summary_runs WHERE tenant_id = ?1 AND next_at IS NOT NULL),"
           " tenant_state.alerts, tenants.suspended"
           " FROM tenants JOIN tenant_state ON tenant_state.tenant_id = ?1 WHERE tenants.id = ?1");
int health_of_tenant(struct tenant_tx *tx, vio_time late, struct tenant_health *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_health);
        q_time(q, late);
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        struct tenant_health h = {
            .overdue_tasks = q_col_int(q, 0),
            .oldest_overdue = q_col_time(q, 1),
            .live_calls = q_col_int(q, 2),
            .unsettled_dials = q_col_int(q, 3),
            .pending_summaries = q_col_int(q, 4),
            .alerts = q_col_int(q, 5),
            .suspended = q_col_int(q, 6),
        };
        if (!q_err(q))
                *ret = h;
        return q_err(q);
}

/* The earlier of two times; one that is not known is none. */
static vio_time earlier(vio_time a, vio_time b)
{
        if (a == VIO_TIME_NONE || b == VIO_TIME_NONE)
                return a == VIO_TIME_NONE ? b : a;
        return a < b ? a : b;
}

static int lend_stuck(struct tenant_tx *tx, struct q *q,
                      int (*cb)(void *data, const struct vio_stuck_call *c), void *data)
{
        const char *state = q_col_text(q, 3);
        struct vio_stuck_call c = {
            .tenant = tx->tenant,
            .contact = {q_col_int(q, 1)},
            .created_at = q_col_time(q, 4),
            .polls = q_col_int(q, 5),
            .next_look = earlier(q_col_time(q, 6), earlier(q_col_time(q, 7), q_col_time(q, 8))),
        };
        text_copy(c.call.s, sizeof(c.call.s), q_col_text(q, 0));
        if (q_err(q))
                return q_err(q);
        if (vio_call_status_parse(q_col_text(q, 2), &c.status) ||
            (state && dial_state_parse(state, &c.dial)))
                return VIO_E_STORAGE;
        return cb(data, &c);
}

/* Whatever is not final has a line that may be in use, a next poll or a deadline. */
TENANT_SQL(sql_stuck, "SELECT s.id, s.contact_id, s.status, a.state, s.created_at, s.poll_attempts,"
                      " s.next_poll_at, s.deadline_at, a.due_at FROM"
                      " (SELECT call_id AS id FROM attempts WHERE tenant_id = ?1 AND is_open = 1"
                      " UNION SELECT id FROM call_sessions"
                      " WHERE tenant_id = ?1 AND next_poll_at IS NOT NULL"
                      " UNION SELECT id FROM call_sessions"
                      " WHERE tenant_id = ?1 AND deadline_at IS NOT NULL) AS due"
                      " JOIN call_sessions s ON s.tenant_id = ?1 AND s.id = due.id"
                      " LEFT JOIN attempts a ON a.tenant_id = ?1 AND a.call_id = s.id"
                      " WHERE s.is_final = 0 AND s.status <> 'failed' AND s.created_at < ?2"
                      " ORDER BY s.created_at, s.id");
int stuck_calls_each(struct tenant_tx *tx, vio_time before,
                     int (*cb)(void *data, const struct vio_stuck_call *c), void *data)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_stuck);
        q_time(q, before);
        while (q_row(q)) {
                int r = lend_stuck(tx, q, cb, data);
                if (r)
                        return r;
        }
        return q_err(q);
}
