/* tasks.h - table call_tasks. */
#ifndef VIO_STORE_TASKS_H
#define VIO_STORE_TASKS_H

#include "store/rows.h"
#include "store/store.h"

/* @ret_inserted: false when the contact has an open task of that type already. */
int task_insert(struct tenant_tx *tx, const struct vio_task *t, bool *ret_inserted);
/* With the contact's name. */
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
/* How many tasks are pending. */
int tasks_pending(struct tenant_tx *tx, int64_t *ret);

/* Where a page ends: the place of its last task in the order of the list. */
struct task_cursor {
        vio_time scheduled_for;
        vio_task_id id;
};
/* VIO_E_INVALID when the text is no cursor. */
int task_cursor_parse(const char *text, struct task_cursor *ret);

/* In order of scheduled_for; lent during the callback, with the contact's name. The filter's .after
 * must be a cursor. */
int task_each(struct tenant_tx *tx, const struct vio_task_filter *f,
              int (*cb)(void *data, const struct vio_task *t), void *data);
/* The same, as a page; @ret_cursor gets the .after of the next one, "" when there is none. */
int task_page(struct tenant_tx *tx, const struct vio_task_filter *f,
              int (*cb)(void *data, const struct vio_task *t), void *data,
              char ret_cursor[VIO_TASK_CURSOR]);

#endif
