/* chance.h - the one source of chance of a simulation: the same seed, the same numbers. */
#ifndef TESTS_SIM_CHANCE_H
#define TESTS_SIM_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

struct chance {
        uint64_t state;
};

/* splitmix64 */
static inline uint64_t chance_next(struct chance *c)
{
        uint64_t x = c->state += UINT64_C(0x9e3779b97f4a7c15);
        x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
        return x ^ (x >> 31);
}

/* 0 to n - 1. */
static inline int64_t chance_below(struct chance *c, int64_t n)
{
        return (int64_t)(chance_next(c) % (uint64_t)n);
}

static inline int64_t chance_between(struct chance *c, int64_t least, int64_t most)
{
        return least + chance_below(c, most - least + 1);
}

/* True so many times in a thousand. */
static inline bool chance_permille(struct chance *c, int permille)
{
        return chance_below(c, 1000) < permille;
}

#endif
