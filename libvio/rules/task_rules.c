/* task_rules.c - the machine of a call task, as a table of moves. */
#include <vio/task_rules.h>

#include "base/attr.h"
#include "base/calendar.h"
#include "names.h"

static const char *const types[] = {
    [VIO_TASK_INITIAL_REMINDER] = "initial_reminder",
    [VIO_TASK_FOLLOW_UP] = "follow_up",
};

static const char *const statuses[] = {
    [VIO_TASK_PENDING] = "pending",     [VIO_TASK_PROCESSING] = "processing",
    [VIO_TASK_COMPLETED] = "completed", [VIO_TASK_FAILED] = "failed",
    [VIO_TASK_CANCELLED] = "cancelled",
};

static const char *const events[] = {
    [VIO_TASK_CLAIM] = "claim", [VIO_TASK_DONE] = "done",     [VIO_TASK_RETRY] = "retry",
    [VIO_TASK_FAIL] = "fail",   [VIO_TASK_CANCEL] = "cancel", [VIO_TASK_RELEASE] = "release",
};

/* One row for each legal move; what is not here is a conflict. */
static const struct {
        enum vio_task_status from;
        enum vio_task_event event;
        enum vio_task_status to;
} moves[] = {
    {VIO_TASK_PENDING, VIO_TASK_CLAIM, VIO_TASK_PROCESSING},
    {VIO_TASK_PENDING, VIO_TASK_CANCEL, VIO_TASK_CANCELLED},
    {VIO_TASK_PROCESSING, VIO_TASK_DONE, VIO_TASK_COMPLETED},
    {VIO_TASK_PROCESSING, VIO_TASK_FAIL, VIO_TASK_FAILED},
    {VIO_TASK_PROCESSING, VIO_TASK_CANCEL, VIO_TASK_CANCELLED},
    {VIO_TASK_PROCESSING, VIO_TASK_RETRY, VIO_TASK_PENDING},
    {VIO_TASK_PROCESSING, VIO_TASK_RELEASE, VIO_TASK_PENDING},
};

static const int64_t backoff[] = {1 * MS_PER_MINUTE, 5 * MS_PER_MINUTE, 15 * MS_PER_MINUTE};

const char *vio_task_type_name(enum vio_task_type t)
{
        return names_at(types, count_of(types), t);
}

const char *vio_task_status_name(enum vio_task_status s)
{
        return names_at(statuses, count_of(statuses), s);
}

const char *vio_task_event_name(enum vio_task_event e)
{
        return names_at(events, count_of(events), e);
}

int vio_task_type_parse(const char *name, enum vio_task_type *ret)
{
        int found = names_find(types, count_of(types), name);
        if (found < 0)
                return VIO_E_INVALID;
        *ret = (enum vio_task_type)found;
        return 0;
}

int vio_task_status_parse(const char *name, enum vio_task_status *ret)
{
        int found = names_find(statuses, count_of(statuses), name);
        if (found < 0)
                return VIO_E_INVALID;
        *ret = (enum vio_task_status)found;
        return 0;
}

int vio_task_next(enum vio_task_status status, enum vio_task_event event, int attempts,
                  enum vio_task_status *ret)
{
        if (event == VIO_TASK_RETRY && attempts >= VIO_TASK_MAX_ATTEMPTS - 1)
                event = VIO_TASK_FAIL;
        for (size_t i = 0; i < count_of(moves); i++) {
                if (moves[i].from == status && moves[i].event == event) {
                        *ret = moves[i].to;
                        return 0;
                }
        }
        return VIO_E_CONFLICT;
}

int64_t vio_task_backoff_ms(int attempts)
{
        size_t i = attempts < 0 ? 0 : (size_t)attempts;
        return backoff[i < count_of(backoff) ? i : count_of(backoff) - 1];
}
