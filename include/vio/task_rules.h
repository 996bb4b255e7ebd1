/* vio/task_rules.h - the life of a call task: its states, the legal moves, the retries. */
#ifndef VIO_TASK_RULES_H
#define VIO_TASK_RULES_H

#include <vio/core.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Why a task exists. */
enum vio_task_type { VIO_TASK_INITIAL_REMINDER = 0, VIO_TASK_FOLLOW_UP = 1 };

enum vio_task_status {
        VIO_TASK_PENDING = 0,
        VIO_TASK_PROCESSING = 1, /* leased by one worker */
        VIO_TASK_COMPLETED = 2,  /* its call was placed */
        VIO_TASK_FAILED = 3,
        VIO_TASK_CANCELLED = 4
};

/** What can happen to a task. */
enum vio_task_event {
        VIO_TASK_CLAIM = 0, /* a worker takes it */
        VIO_TASK_DONE,      /* the call was placed */
        VIO_TASK_RETRY,     /* the attempt failed in a way that may pass; it counts */
        VIO_TASK_FAIL,      /* it failed in a way that will not pass */
        VIO_TASK_CANCEL,    /* it is no longer wanted */
        VIO_TASK_RELEASE /* put back untried ("not now", "too many requests"); it does not count */
};

/** How many attempts a task has in all. */
#define VIO_TASK_MAX_ATTEMPTS 3

/** "initial_reminder", "follow_up"; NULL for anything else. Since: 0.1 */
VIO_API const char *vio_task_type_name(enum vio_task_type t);

/** "pending", "processing", "completed", "failed", "cancelled"; NULL for anything else. Since: 0.1
 */
VIO_API const char *vio_task_status_name(enum vio_task_status s);

/** "claim", "done", "retry", "fail", "cancel", "release"; NULL for anything else. Since: 0.1 */
VIO_API const char *vio_task_event_name(enum vio_task_event e);

/**
 * Reads the name of a task type, exact in case.
 *
 * @name: may be NULL, which is no type. @ret: gets it; untouched on failure.
 * Errors: VIO_E_INVALID. Since: 0.1
 */
VIO_API int vio_task_type_parse(const char *name, enum vio_task_type *ret);

/**
 * Reads the name of a task status, exact in case.
 *
 * @name: may be NULL, which is no status. @ret: gets it; untouched on failure.
 * Errors: VIO_E_INVALID. Since: 0.1
 */
VIO_API int vio_task_status_parse(const char *name, enum vio_task_status *ret);

/**
 * The state after an event.
 *
 * pending goes to processing (claim) or cancelled (cancel); processing goes to completed (done),
 * failed (fail), cancelled (cancel), or back to pending (retry, release). A retry that would be the
 * attempt VIO_TASK_MAX_ATTEMPTS, or later, fails instead. The other three states are final.
 *
 * @attempts: attempts counted before this event; after a retry the caller stores one more.
 * @ret: gets the state; untouched on failure.
 * Errors: VIO_E_CONFLICT for a move that is not legal. Since: 0.1
 */
VIO_API int vio_task_next(enum vio_task_status status, enum vio_task_event event, int attempts,
                          enum vio_task_status *ret);

/**
 * How long to wait after a retry: 1 minute, then 5, then 15 for every later one.
 *
 * @attempts: attempts counted before this one, the same as given to vio_task_next(): 0 the first
 * time. Returns milliseconds. Errors: none. Since: 0.1
 */
VIO_API int64_t vio_task_backoff_ms(int attempts);

#ifdef __cplusplus
}
#endif

#endif
