/* memory.c - each allocation fails in turn, once and from then on, while something is done. */
#include <stdio.h>

#include "path.h"
#include "run.h"

/* How many places of a scenario are tried where not all of them are. */
#define MOST_PLACES 25

static void fail_at(const struct scenario *s, long n, bool for_good)
{
        struct meter m = {.until_failure = n, .once = !for_good};
        char where[80];
        snprintf(where, sizeof(where), "allocation %ld %s", n,
                 for_good ? "and all after it" : "fails");
        ordeal_begin(s);
        ordeal_meter(&m);
        int r = s->when();
        ordeal_meter(NULL);
        ck_assert_msg(r == 0 || r == VIO_E_NOMEM, "%s: %s", where, vio_strerror(r));
        then_nothing_is_half_done(s, where, r);
}

START_TEST(any_allocation_may_fail)
{
        const struct scenario *s = &scenarios[_i];
        long allocations = path_walk(s).allocations;
        ck_assert_int_gt(allocations, 2);
        long stride = ordeal_stride(allocations, MOST_PLACES);
        for (long n = 0; n < allocations; n += stride) {
                fail_at(s, n, false);
                fail_at(s, n, true);
        }
        path_forget();
}
END_TEST

Suite *suite(void)
{
        return ordeal_suite("memory", any_allocation_may_fail);
}
