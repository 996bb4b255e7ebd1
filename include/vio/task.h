/* vio/task.h - call tasks: the calls that are planned. */
#ifndef VIO_TASK_H
#define VIO_TASK_H

#include <vio/core.h>
#include <vio/json.h>
#include <vio/task_rules.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct vio_task vio_task;

/** Which tasks, in order of their time, and how many. Set it to VIO_TASK_FILTER_INIT first. */
struct vio_task_filter {
        size_t size;
        vio_contact_id contact; /* 0: of every contact */
        int status;             /* an enum vio_task_status, or -1 for all */
        size_t limit;           /* 1 to 500 */
};

#define VIO_TASK_FILTER_INIT                                                                       \
        {                                                                                          \
                .size = sizeof(struct vio_task_filter), .status = -1, .limit = 100                 \
        }

/**
 * Calls @cb for each call task in order of the time it is scheduled for.
 *
 * @cb: its task is valid during the call; a non-zero result ends the loop and is returned. It must
 *   not call the library with @t.
 * Errors: VIO_E_INVALID, VIO_E_STORAGE. Since: 0.1
 */
VIO_API int vio_task_each(vio_tenant *t, const struct vio_task_filter *filter,
                          int (*cb)(void *data, const vio_task *task), void *data);

/** The task's id. Since: 0.1 */
VIO_API vio_task_id vio_task_get_id(const vio_task *task);

/** Whom it is to call. Since: 0.1 */
VIO_API vio_contact_id vio_task_get_contact(const vio_task *task);

/** The reminder or a follow-up. Since: 0.1 */
VIO_API enum vio_task_type vio_task_get_type(const vio_task *task);

/** Where it stands. Since: 0.1 */
VIO_API enum vio_task_status vio_task_get_status(const vio_task *task);

/** When it is to be executed. Since: 0.1 */
VIO_API vio_time vio_task_get_scheduled_for(const vio_task *task);

/** Why it was put off, skipped or failed: an enum vio_reason, 0 for none. Since: 0.1 */
VIO_API int vio_task_get_reason(const vio_task *task);

/**
 * Writes a task as a JSON object with the names of the HTTP API (id, contactId, taskType, status,
 * scheduledFor, attempts, lastAttemptAt, retellCallId, reason, createdAt). Since: 0.1
 */
VIO_API void vio_task_write(const vio_task *task, vio_json_writer *w, const char *key);

#ifdef __cplusplus
}
#endif

#endif
