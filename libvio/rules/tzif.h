/* tzif.h - the contents of a TZif file (RFC 9636), read and checked. */
#ifndef VIO_RULES_TZIF_H
#define VIO_RULES_TZIF_H

#include <stddef.h>
#include <stdint.h>

#include "zone_rule.h"

struct tzif_step {
        int64_t at;       /* seconds since 1970 */
        int32_t offset_s; /* from then on */
};

/* Points into the bytes of the file, which must outlive it. */
struct tzif {
        const uint8_t *times, *indices, *types;
        uint32_t n_times, n_types;
        bool has_rule; /* for the time after the last step */
        struct zone_rule rule;
};

/* Checks a whole file of version 2 or later; 0 or VIO_E_INVALID. */
int tzif_read(const uint8_t *bytes, size_t len, struct tzif *ret);

/* The offset before the first step, and the step @i. */
int32_t tzif_first_offset(const struct tzif *f);
struct tzif_step tzif_step_at(const struct tzif *f, uint32_t i);

#endif
