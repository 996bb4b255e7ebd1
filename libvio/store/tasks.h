/* tasks.h - table call_tasks. */
#ifndef VIO_STORE_TASKS_H
#define VIO_STORE_TASKS_H

#include "store/rows.h"
#include "store/store.h"

/* @ret_inserted: false when the contact has an open task of that type already. */
int task_insert(struct tenant_tx *tx, const struct vio_task *t, bool *ret_inserted);
int task_load(struct tenant_tx *tx, vio_task_id id, struct vio_task *ret);
/* The contact's pending or processing task of that type; VIO_E_NOTFOUND. */
int task_load_open(struct tenant_tx *tx, vio_contact_id contact, enum vio_task_type type,
                   struct vio_task *ret);
/* Writes status, scheduled_for, appointment_revision, call, retell_call_id, reason, attempts,
 * last_attempt_at, updated_at if the row's status is still @from; VIO_E_CONFLICT otherwise. */
int task_save(struct tenant_tx *tx, const struct vio_task *t, enum vio_task_status from);
/* Cancels the contact's pending tasks of a type (-1: of every type) with @reason. */
int tasks_cancel(struct tenant_tx *tx, vio_contact_id contact, int type, int reason, vio_time now);

int tasks_due(struct tenant_tx *tx, vio_time now, vio_task_id *ret, size_t n, size_t *ret_count);
/* In order of scheduled_for; lent during the callback. */
int task_each(struct tenant_tx *tx, const struct vio_task_filter *f,
              int (*cb)(void *data, const struct vio_task *t), void *data);

#endif
