/* figures.c - how counts become the figures that people read. */
#include "rules/figures.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "names.h"

#define AFTERNOON 12
#define EVENING   17

static const char *const parts[] = {
    [VIO_DAY_PART_MORNING] = "morning",
    [VIO_DAY_PART_AFTERNOON] = "afternoon",
    [VIO_DAY_PART_EVENING] = "evening",
};

const char *vio_day_part_name(enum vio_day_part part)
{
        return names_at(parts, count_of(parts), part);
}

enum vio_day_part day_part_named(const char *name)
{
        for (unsigned part = VIO_DAY_PART_MORNING; name && part < count_of(parts); part++)
                if (strcmp(name, parts[part]) == 0)
                        return (enum vio_day_part)part;
        return VIO_DAY_PART_NONE;
}

enum vio_day_part day_part_of(const vio_zone *zone, vio_time t)
{
        struct vio_local local;

        vio_zone_local(zone, t, &local);
        if (local.hour < AFTERNOON)
                return VIO_DAY_PART_MORNING;
        return local.hour < EVENING ? VIO_DAY_PART_AFTERNOON : VIO_DAY_PART_EVENING;
}

bool outcome_reached(enum vio_outcome o)
{
        return o == VIO_OUTCOME_CONFIRMED || o == VIO_OUTCOME_CANCELLED ||
               o == VIO_OUTCOME_RESCHEDULED || o == VIO_OUTCOME_ANSWERED;
}

int32_t share_tenths(int64_t part, int64_t whole)
{
        return whole > 0 ? (int32_t)((part * 1000 + whole / 2) / whole) : 0;
}

static int by_count(const void *a, const void *b)
{
        const struct vio_outcome_share *x = a, *y = b;

        if (x->count != y->count)
                return x->count > y->count ? -1 : 1;
        return (int)y->outcome - (int)x->outcome;
}

size_t outcome_shares(const int64_t counts[VIO_OUTCOMES],
                      struct vio_outcome_share ret[VIO_OUTCOMES])
{
        int64_t all = 0;
        size_t n = 0;

        for (int o = VIO_OUTCOME_UNKNOWN; o < VIO_OUTCOMES; o++)
                all += counts[o];
        for (int o = VIO_OUTCOME_UNKNOWN; o < VIO_OUTCOMES; o++) {
                if (counts[o] > 0)
                        ret[n++] = (struct vio_outcome_share){(enum vio_outcome)o, counts[o],
                                                              share_tenths(counts[o], all)};
        }
        qsort(ret, n, sizeof(*ret), by_count);
        return n;
}
