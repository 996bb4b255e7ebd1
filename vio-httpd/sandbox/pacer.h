/*
 * pacer.h - a clock that may run faster than the wall's, for a sandbox that does not want to wait.
 *
 * With a speed of 60 a minute passes in a second, for everybody who asks this clock: the simulated
 * Retell and the system that calls it. So ten minutes of waiting for an analysis are ten seconds,
 * and all that is timed stays in proportion.
 */
#ifndef SANDBOX_PACER_H
#define SANDBOX_PACER_H

#include <time.h>

#include <vio/core.h>

struct pacer {
        int64_t speed;
        vio_time wall; /* the wall clock's time, */
        int64_t mono;  /* and the monotonic clock's, when it was started; milliseconds */
};

/* Starts at the wall clock's time. @speed: 1 and more; anything less is 1. */
void pacer_start(struct pacer *p, int speed);

/* The time by this clock: never goes back. @data: a struct pacer, for use as a vio_clock. */
vio_time pacer_now(void *data);

/* How long the wall's clock takes to pass @ms of this clock, at least 1 ms of any positive time. */
int64_t pacer_real_ms(const struct pacer *p, int64_t ms);

/* When the monotonic clock will stand where this clock says @t: for timed waits. */
struct timespec pacer_deadline(const struct pacer *p, vio_time t);

#endif
