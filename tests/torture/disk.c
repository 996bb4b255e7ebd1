/* disk.c - each call of the disk fails in turn, once and from then on, while something is done. */
#include <stdio.h>

#include "path.h"
#include "run.h"

/* How many places of a scenario are tried where not all of them are. */
#define MOST_PLACES 25

static void fail_at(const struct scenario *s, long n, bool for_good)
{
        char where[80];
        snprintf(where, sizeof(where), "call %ld of the disk %s", n,
                 for_good ? "and all after it" : "fails");
        ordeal_begin(s);
        if (for_good)
                disk_cut_at(disk, (uint64_t)n);
        else
                disk_fail_at(disk, (uint64_t)n);
        int r = s->when();
        disk_fail_at(disk, 0);
        disk_cut_at(disk, 0);
        ck_assert_msg(r == 0 || r == VIO_E_STORAGE, "%s: %s", where, vio_strerror(r));
        ordeal_reopen();
        ordeal_check();
        then_nothing_is_half_done(s, where, r);
}

START_TEST(any_call_of_the_disk_may_fail)
{
        const struct scenario *s = &scenarios[_i];
        long calls = path_walk(s).calls;
        ck_assert_int_gt(calls, 10);
        long stride = ordeal_stride(calls, MOST_PLACES);
        for (long n = 1; n <= calls; n += stride) {
                fail_at(s, n, false);
                fail_at(s, n, true);
        }
        path_forget();
}
END_TEST

Suite *suite(void)
{
        return ordeal_suite("disk", any_call_of_the_disk_may_fail);
}
