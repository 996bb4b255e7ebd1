/* throttle.h - how long somebody who failed to log in waits before the next attempt. */
#ifndef VIO_RULES_THROTTLE_H
#define VIO_RULES_THROTTLE_H

#include <vio/core.h>

/* Failures that cost no waiting: a person mistypes, and many persons share an address. */
#define THROTTLE_FREE_ACCOUNT 5
#define THROTTLE_FREE_ADDRESS 20

#define THROTTLE_SHORTEST_MS INT64_C(1000)
#define THROTTLE_LONGEST_MS  INT64_C(900000)
/* After so long without a failure the next one is the first again. */
#define THROTTLE_FORGET_MS INT64_C(3600000)

/* The wait after that many failures: none, then a second, doubling up to the longest. */
int64_t throttle_delay_ms(unsigned free, unsigned failures);

/*
 * What is left of it at @now when the last failure was at @last; never more than the whole of it,
 * whatever was done to the clock.
 */
int64_t throttle_wait_ms(unsigned free, unsigned failures, vio_time last, vio_time now);

bool throttle_is_forgotten(vio_time last, vio_time now);

#endif
