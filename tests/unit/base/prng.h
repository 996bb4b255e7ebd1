/* prng.h - numbers that look random and are the same on every run. */
#ifndef TESTS_BASE_PRNG_H
#define TESTS_BASE_PRNG_H

#include <stdint.h>

/* Weyl sequence with a mixing step. */
static inline uint64_t prng_next(uint64_t *state)
{
        uint64_t x = *state += UINT64_C(0x9E3779B97F4A7C15);
        x ^= x >> 32;
        x *= UINT64_C(0xD6E8FEB86659FD93);
        x ^= x >> 32;
        x *= UINT64_C(0xD6E8FEB86659FD93);
        return x ^ x >> 32;
}

static inline uint64_t prng_below(uint64_t *state, uint64_t limit)
{
        return prng_next(state) % limit;
}

#endif
