/* tasks.c - table call_tasks: calls that are planned. */
#include "store/tasks.h"

#include "base/text.h"
#include "store/ids.h"
#include "store/q.h"
#include "store/row_texts.h"

static const size_t texts[] = {offsetof(struct vio_task, retell_call_id)};

void task_done(struct vio_task *t)
{
        row_disown(t, texts, count_of(texts));
}

static const char *call_of(const struct vio_task *t)
{
        return *t->call.s ? t->call.s : NULL;
}

/* COLS and lend() change together. */
#define COLS                                                                                       \
        "id, contact_id, task_type, status, scheduled_for, appointment_revision, call_id,"         \
        " retell_call_id, reason, attempts, last_attempt_at, created_at, updated_at"
static int lend(struct tenant_tx *tx, struct q *q, struct vio_task *ret)
{
        struct vio_task t = {
            .tenant = tx->tenant,
            .contact = {q_col_int(q, 1)},
            .scheduled_for = q_col_time(q, 4),
            .appointment_revision = q_col_int(q, 5),
            .retell_call_id = (char *)q_col_text(q, 7),
            .reason = (int)q_col_int(q, 8),
            .attempts = q_col_int(q, 9),
            .last_attempt_at = q_col_time(q, 10),
            .created_at = q_col_time(q, 11),
            .updated_at = q_col_time(q, 12),
        };
        text_copy(t.id.s, sizeof(t.id.s), q_col_text(q, 0));
        text_copy(t.call.s, sizeof(t.call.s), q_col_text(q, 6));
        if (vio_task_type_parse(q_col_text(q, 2), &t.type) ||
            vio_task_status_parse(q_col_text(q, 3), &t.status))
                return q_err(q) ? q_err(q) : VIO_E_STORAGE;
        if (!q_err(q))
                *ret = t;
        return q_err(q);
}

TENANT_SQL(sql_add, "INSERT INTO call_tasks (tenant_id, " COLS ") VALUES"
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

static int load_from(struct tenant_tx *tx, struct q *q, struct vio_task *ret)
{
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        struct vio_task t;
        int r = lend(tx, q, &t);
        if (!r)
                r = row_own(&t, texts, count_of(texts));
        if (!r)
                *ret = t;
        return r;
}

TENANT_SQL(sql_load, "SELECT " COLS " FROM call_tasks WHERE tenant_id = ?1 AND id = ?2");
int task_load(struct tenant_tx *tx, vio_task_id id, struct vio_task *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_load);
        q_text(q, id.s);
        return load_from(tx, q, ret);
}

TENANT_SQL(sql_load_open, "SELECT " COLS " FROM call_tasks WHERE tenant_id = ?1 AND contact_id = ?2"
                          " AND task_type = ?3 AND status IN ('pending', 'processing')");
int task_load_open(struct tenant_tx *tx, vio_contact_id contact, enum vio_task_type type,
                   struct vio_task *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_load_open);
        q_int(q, contact.v);
        q_text(q, vio_task_type_name(type));
        return load_from(tx, q, ret);
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

#define OF_STATUS " AND (?2 IS NULL OR status = ?2)"
TENANT_SQL(sql_each, "SELECT " COLS " FROM call_tasks WHERE tenant_id = ?1" OF_STATUS
                     " ORDER BY scheduled_for, id LIMIT ?3");
TENANT_SQL(sql_each_of_contact, "SELECT " COLS " FROM call_tasks WHERE tenant_id = ?1" OF_STATUS
                                " AND contact_id = ?4 ORDER BY scheduled_for, id LIMIT ?3");
int task_each(struct tenant_tx *tx, const struct vio_task_filter *f,
              int (*cb)(void *data, const struct vio_task *t), void *data)
{
        _cleanup_q_ struct q *q = q_open(tx, f->contact.v ? &sql_each_of_contact : &sql_each);
        q_text(q, f->status < 0 ? NULL : vio_task_status_name((enum vio_task_status)f->status));
        q_int(q, (int64_t)f->limit);
        if (f->contact.v)
                q_int(q, f->contact.v);
        while (q_row(q)) {
                struct vio_task t;
                int r = lend(tx, q, &t);
                if (!r)
                        r = cb(data, &t);
                if (r)
                        return r;
        }
        return q_err(q);
}
