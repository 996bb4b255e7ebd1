/* throttle.c - how long somebody who failed to log in waits before the next attempt. */
#include "rules/throttle.h"

int64_t throttle_delay_ms(unsigned free, unsigned failures)
{
        if (failures < free)
                return 0;
        int64_t delay = THROTTLE_SHORTEST_MS;
        for (unsigned i = free; i < failures && delay < THROTTLE_LONGEST_MS; i++)
                delay *= 2;
        return delay < THROTTLE_LONGEST_MS ? delay : THROTTLE_LONGEST_MS;
}

int64_t throttle_wait_ms(unsigned free, unsigned failures, vio_time last, vio_time now)
{
        int64_t delay = throttle_delay_ms(free, failures);
        int64_t passed = now - last;

        if (passed >= delay)
                return 0;
        return passed > 0 ? delay - passed : delay;
}

bool throttle_is_forgotten(vio_time last, vio_time now)
{
        return now - last >= THROTTLE_FORGET_MS;
}
