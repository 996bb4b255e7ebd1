/* task_row.h - a row of call_tasks as the statements about tasks read it. */
#ifndef VIO_STORE_TASK_ROW_H
#define VIO_STORE_TASK_ROW_H

#include "store/q.h"
#include "store/rows.h"

/* TASK_COLS and task_lend() change together. */
#define TASK_COLS                                                                                  \
        "id, contact_id, task_type, status, scheduled_for, appointment_revision, call_id,"         \
        " retell_call_id, reason, attempts, last_attempt_at, created_at, updated_at"
/* And then the contact's name, from a task t. */
#define TASK_COLS_NAMED                                                                            \
        "t.id, t.contact_id, t.task_type, t.status, t.scheduled_for, t.appointment_revision,"      \
        " t.call_id, t.retell_call_id, t.reason, t.attempts, t.last_attempt_at, t.created_at,"     \
        " t.updated_at, c.name"
#define TASK_FROM_NAMED                                                                            \
        " FROM call_tasks t LEFT JOIN contacts c ON c.tenant_id = ?1 AND c.id = t.contact_id"

/* The columns in the order of TASK_COLS, from the first one on, and the contact's name if it is
 * @named; the texts point into the row. */
int task_lend(struct tenant_tx *tx, struct q *q, bool named, struct vio_task *ret);

/* Makes @t, whose texts are lent, a row that owns them. */
_must_check_ int task_own(struct vio_task *t);

#endif
