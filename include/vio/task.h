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
        /* Since: 0.2 */
        vio_time from;     /* scheduled for this time or later; VIO_TIME_NONE: however early */
        vio_time to;       /* scheduled before this time; VIO_TIME_NONE: however late */
        const char *after; /* the cursor of the page before; NULL or "": the first page */
};

#define VIO_TASK_FILTER_INIT                                                                       \
        {                                                                                          \
                .size = sizeof(struct vio_task_filter), .status = -1, .limit = 100,                \
                .from = VIO_TIME_NONE, .to = VIO_TIME_NONE                                         \
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

/** The size of a cursor of vio_task_page(), with its NUL. */
#define VIO_TASK_CURSOR 60

/**
 * Calls @cb for each call task of one page, in order of the time it is scheduled for.
 *
 * @cb: as for vio_task_each().
 * @ret_cursor: gets what the filter's .after is for the next page, or "" when this was the last;
 *   untouched on failure. A task that is moved meanwhile may be met twice, or not at all.
 * Errors: VIO_E_INVALID, VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_task_page(vio_tenant *t, const struct vio_task_filter *filter,
                          int (*cb)(void *data, const vio_task *task), void *data,
                          char ret_cursor[VIO_TASK_CURSOR]);

/**
 * Reads one call task.
 *
 * @ret: gets it; the caller frees it with vio_task_free(); untouched on failure.
 * Errors: VIO_E_NOTFOUND (also when it is another tenant's), VIO_E_STORAGE, VIO_E_NOMEM. Since: 0.2
 */
VIO_API int vio_task_get(vio_tenant *t, vio_task_id id, vio_task **ret);

/** Frees a task that vio_task_get() gave. Takes NULL; returns NULL. Since: 0.2 */
VIO_API vio_task *vio_task_free(vio_task *task);

/**
 * Cancels a pending task: its call will not be made, and no other is planned in its place.
 *
 * Errors: VIO_E_NOTFOUND, VIO_E_CONFLICT (its call is being placed, or the task is over: the text
 * says which), VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_task_cancel(vio_tenant *t, vio_task_id id);

/**
 * Plans the call of a pending task for another time.
 *
 * @at: ahead, before the appointment and inside the contact's calling window.
 * Errors: VIO_E_NOTFOUND, VIO_E_INVALID (the text says what is wrong with the time, and when the
 * window opens next), VIO_E_CONFLICT (the task is not pending any more), VIO_E_REFUSED (a calling
 * rule forbids this call for good; vio_tenant_refusal() says which), VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_task_move(vio_tenant *t, vio_task_id id, vio_time at);

/**
 * Plans the call of a failed or cancelled task once more, as a new task.
 *
 * @at: as for vio_task_move(); VIO_TIME_NONE: as soon as the calling rules allow it.
 * @ret: gets the id of the new task; untouched on failure. May be NULL.
 * Errors: VIO_E_NOTFOUND, VIO_E_INVALID (as above), VIO_E_CONFLICT (the task is not over, its call
 * was placed, or such a call is planned already), VIO_E_REFUSED (as above), VIO_E_STORAGE.
 * Since: 0.2
 */
VIO_API int vio_task_retry(vio_tenant *t, vio_task_id id, vio_time at, vio_task_id *ret);

/** The task's id. Since: 0.1 */
VIO_API vio_task_id vio_task_get_id(const vio_task *task);

/** Whom it is to call. Since: 0.1 */
VIO_API vio_contact_id vio_task_get_contact(const vio_task *task);

/** The name of whom it is to call. Belongs to @task and dies with it. Since: 0.2 */
VIO_API const char *vio_task_get_contact_name(const vio_task *task);

/** The reminder or a follow-up. Since: 0.1 */
VIO_API enum vio_task_type vio_task_get_type(const vio_task *task);

/** Where it stands. Since: 0.1 */
VIO_API enum vio_task_status vio_task_get_status(const vio_task *task);

/** When it is to be executed. Since: 0.1 */
VIO_API vio_time vio_task_get_scheduled_for(const vio_task *task);

/** Why it was put off, skipped or failed: an enum vio_reason, 0 for none. Since: 0.1 */
VIO_API int vio_task_get_reason(const vio_task *task);

/**
 * Writes a task as a JSON object with the names of the HTTP API (id, contactId, contactName,
 * taskType, status, scheduledFor, attempts, lastAttemptAt, retellCallId, reason, reasonText,
 * createdAt). Since: 0.1
 */
VIO_API void vio_task_write(const vio_task *task, vio_json_writer *w, const char *key);

#ifdef __cplusplus
}
#endif

#endif
