/* pacer.c - a clock that may run faster than the wall's. */
#include "pacer.h"

static int64_t read_ms(clockid_t clock)
{
        struct timespec t;
        clock_gettime(clock, &t);
        return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void pacer_start(struct pacer *p, int speed)
{
        *p = (struct pacer){speed > 1 ? speed : 1, read_ms(CLOCK_REALTIME),
                            read_ms(CLOCK_MONOTONIC)};
}

vio_time pacer_now(void *data)
{
        const struct pacer *p = data;
        return p->wall + (read_ms(CLOCK_MONOTONIC) - p->mono) * p->speed;
}

int64_t pacer_real_ms(const struct pacer *p, int64_t ms)
{
        return ms > 0 ? (ms + p->speed - 1) / p->speed : 0;
}

struct timespec pacer_deadline(const struct pacer *p, vio_time t)
{
        int64_t at = p->mono + pacer_real_ms(p, t - p->wall);
        return (struct timespec){.tv_sec = at / 1000, .tv_nsec = at % 1000 * 1000000};
}
