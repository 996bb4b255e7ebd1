/* task_row.c - a row of call_tasks as the statements about tasks read it. */
#include "store/task_row.h"

#include "base/text.h"
#include "store/row_texts.h"

static const size_t texts[] = {
    offsetof(struct vio_task, retell_call_id),
    offsetof(struct vio_task, contact_name),
};

void task_done(struct vio_task *t)
{
        row_disown(t, texts, count_of(texts));
}

int task_own(struct vio_task *t)
{
        return row_own(t, texts, count_of(texts));
}

int task_lend(struct tenant_tx *tx, struct q *q, bool named, struct vio_task *ret)
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
            .contact_name = named ? (char *)q_col_text(q, 13) : NULL,
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
