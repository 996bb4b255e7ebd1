/* task_edit.h - what people do to call tasks: cancel one, move it, plan it again. */
#ifndef VIO_FLOW_TASK_EDIT_H
#define VIO_FLOW_TASK_EDIT_H

#include "flow/acting.h"

/* Whether a task is still pending is decided in the transaction that writes it, as the claim does:
 * of the two, the first wins. */
int task_cancel(const struct acting *a, vio_task_id id);
int task_move(const struct acting *a, vio_task_id id, vio_time at);
/* @at: VIO_TIME_NONE for as soon as the rules allow it. */
int task_retry(const struct acting *a, vio_task_id id, vio_time at, vio_task_id *ret);

#endif
