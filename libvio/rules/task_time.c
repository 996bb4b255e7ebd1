/* task_time.c - whether a call may be planned for the time that a person chose. */
#include "rules/task_time.h"

static bool before_appointment(const struct task_time *t, vio_time at)
{
        return t->appointment != VIO_TIME_NONE && at < t->appointment;
}

enum task_time_verdict task_time_judge(const struct task_time *t, vio_time at, vio_time *ret_open)
{
        vio_time from = at > t->now ? at : t->now + 1;
        vio_time open = vio_window_next_open(t->window, t->zone, from);

        *ret_open = open != VIO_TIME_NONE && before_appointment(t, open) ? open : VIO_TIME_NONE;
        if (at <= t->now)
                return TASK_TIME_PAST;
        if (!before_appointment(t, at))
                return TASK_TIME_LATE;
        return vio_window_open_at(t->window, t->zone, at) ? TASK_TIME_GOOD : TASK_TIME_CLOSED;
}
