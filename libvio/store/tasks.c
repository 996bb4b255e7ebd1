/* tasks.c - table call_tasks: calls that are planned. */
#include "store/tasks.h"

#include "store/ids.h"
#include "store/task_row.h"

static const char *call_of(const struct vio_task *t)
{
        return *t->call.s ? t->call.s : NULL;
}

TENANT_SQL(sql_add, "INSERT INTO call_tasks (tenant_id, " TASK_COLS ") VALUES"
                    " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
                    " ON CONFLICT (tenant_id, contact_id, task_type)"
                    " WHERE status IN ('pending', 'processing') DO NOTHING");
int task_insert(struct tenant_tx *tx, const struct vio_task *t, bool *ret_inserted)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_add);
        q_text(q, t->id.s);
        q_int(q, t->contact.v);
        q_text(q, vio_task_type_name(t->type));
        q_text(q, vio_task_status_name(t->status));
        q_int(q, t->scheduled_for);
        q_int(q, t->appointment_revision);
        q_text(q, call_of(t));
        q_text(q, t->retell_call_id);
        q_int(q, t->reason);
        q_int(q, t->attempts);
        q_time(q, t->last_attempt_at);
        q_time(q, t->created_at);
        q_time(q, t->updated_at);
        int r = q_done(q);
        if (!r)
                *ret_inserted = q_changes(q) > 0;
        return r;
}

static int load_from(struct tenant_tx *tx, struct q *q, bool named, struct vio_task *ret)
{
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        struct vio_task t;
        int r = task_lend(tx, q, named, &t);
        if (!r)
                r = task_own(&t);
        if (!r)
                *ret = t;
        return r;
}

TENANT_SQL(sql_load,
           "SELECT " TASK_COLS_NAMED TASK_FROM_NAMED " WHERE t.tenant_id = ?1 AND t.id = ?2");
int task_load(struct tenant_tx *tx, vio_task_id id, struct vio_task *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_load);
        q_text(q, id.s);
        return load_from(tx, q, true, ret);
}

TENANT_SQL(sql_load_open,
           "SELECT " TASK_COLS " FROM call_tasks WHERE tenant_id = ?1 AND contact_id = ?2"
           " AND task_type = ?3 AND status IN ('pending', 'processing')");
int task_load_open(struct tenant_tx *tx, vio_contact_id contact, enum vio_task_type type,
                   struct vio_task *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_load_open);
        q_int(q, contact.v);
        q_text(q, vio_task_type_name(type));
        return load_from(tx, q, false, ret);
}

TENANT_SQL(sql_save, "UPDATE call_tasks SET status = ?4, scheduled_for = ?5,"
                     " appointment_revision = ?6, call_id = ?7, retell_call_id = ?8, reason = ?9,"
                     " attempts = ?10, last_attempt_at = ?11, updated_at = ?12"
                     " WHERE tenant_id = ?1 AND id = ?2 AND status = ?3");
int task_save(struct tenant_tx *tx, const struct vio_task *t, enum vio_task_status from)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_save);
        q_text(q, t->id.s);
        q_text(q, vio_task_status_name(from));
        q_text(q, vio_task_status_name(t->status));
        q_int(q, t->scheduled_for);
        q_int(q, t->appointment_revision);
        q_text(q, call_of(t));
        q_text(q, t->retell_call_id);
        q_int(q, t->reason);
        q_int(q, t->attempts);
        q_time(q, t->last_attempt_at);
        q_time(q, t->updated_at);
        int r = q_done(q);
        return r ? r : q_changes(q) ? VIO_OK : VIO_E_CONFLICT;
}

TENANT_SQL(sql_cancel, "UPDATE call_tasks SET status = 'cancelled', reason = ?4, updated_at = ?5"
                       " WHERE tenant_id = ?1 AND contact_id = ?2 AND status = 'pending'"
                       " AND (?3 IS NULL OR task_type = ?3)");
int tasks_cancel(struct tenant_tx *tx, vio_contact_id contact, int type, int reason, vio_time now)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_cancel);
        q_int(q, contact.v);
        q_text(q, type < 0 ? NULL : vio_task_type_name((enum vio_task_type)type));
        q_int(q, reason);
        q_time(q, now);
        return q_done(q);
}

TENANT_SQL(sql_due, "SELECT id FROM call_tasks WHERE tenant_id = ?1 AND status = 'pending'"
                    " AND scheduled_for <= ?2 ORDER BY scheduled_for LIMIT ?3");
int tasks_due(struct tenant_tx *tx, vio_time now, vio_task_id *ret, size_t n, size_t *ret_count)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_due);
        q_int(q, now);
        q_int(q, (int64_t)n);
        return uuids_read(q, ret, n, ret_count);
}
