/* task_time.h - whether a call may be planned for the time that a person chose. */
#ifndef VIO_RULES_TASK_TIME_H
#define VIO_RULES_TASK_TIME_H

#include <vio/window.h>

/* What the choice is judged by. */
struct task_time {
        vio_time now;
        vio_time appointment; /* VIO_TIME_NONE: none */
        const vio_zone *zone; /* the contact's */
        const struct vio_window *window;
};

enum task_time_verdict {
        TASK_TIME_GOOD,
        TASK_TIME_PAST,   /* not ahead */
        TASK_TIME_LATE,   /* not before the appointment */
        TASK_TIME_CLOSED, /* outside the calling window */
};

/* @ret_open: gets the first moment from @at (or from now, if that is later) that would be good;
 * VIO_TIME_NONE when there is none. */
enum task_time_verdict task_time_judge(const struct task_time *t, vio_time at, vio_time *ret_open);

#endif
