/* random.h - numbers that look random and are the same in every run. */
#ifndef TESTS_PROPERTY_RANDOM_H
#define TESTS_PROPERTY_RANDOM_H

#include <stdint.h>

/* SplitMix64, as published by Steele, Lea and Flood. */
static inline uint64_t random_next(uint64_t *state)
{
        uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
        z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
        return z ^ z >> 31;
}

static inline int64_t random_below(uint64_t *state, int64_t n)
{
        return (int64_t)(random_next(state) % (uint64_t)n);
}

#endif
