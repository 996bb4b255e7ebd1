/* throttle.c - tests: every wait after every number of failures. */
#include "rules/throttle.h"

#include <limits.h>

#include "run.h"

#define NOW INT64_C(1795512600000)

START_TEST(the_first_failures_are_free_and_then_each_doubles_the_wait)
{
        static const int64_t seconds[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900};
        for (unsigned free = 0; free <= 25; free++) {
                for (unsigned n = 0; n < free; n++)
                        ck_assert_int_eq(throttle_delay_ms(free, n), 0);
                for (unsigned i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++)
                        ck_assert_int_eq(throttle_delay_ms(free, free + i), seconds[i] * 1000);
        }
}
END_TEST

START_TEST(no_number_of_failures_makes_it_longer_than_a_quarter_of_an_hour)
{
        int64_t before = 0;
        for (unsigned n = 0; n < 5000; n++) {
                int64_t delay = throttle_delay_ms(THROTTLE_FREE_ACCOUNT, n);
                ck_assert_int_ge(delay, before);
                ck_assert_int_le(delay, 15 * 60 * 1000);
                before = delay;
        }
        ck_assert_int_eq(throttle_delay_ms(THROTTLE_FREE_ACCOUNT, UINT_MAX), 15 * 60 * 1000);
}
END_TEST

START_TEST(what_is_left_shrinks_with_the_clock_to_nothing)
{
        for (unsigned n = 0; n < 20; n++) {
                int64_t delay = throttle_delay_ms(5, n);
                for (int64_t passed = 0; passed <= delay + 2000; passed += 500) {
                        int64_t left = delay > passed ? delay - passed : 0;
                        ck_assert_int_eq(throttle_wait_ms(5, n, NOW, NOW + passed), left);
                }
        }
        ck_assert_int_eq(throttle_wait_ms(5, 5, NOW, NOW + 999), 1);
        ck_assert_int_eq(throttle_wait_ms(5, 5, NOW, NOW + 1000), 0);
}
END_TEST

START_TEST(a_clock_that_was_set_back_makes_nobody_wait_longer)
{
        for (unsigned n = 0; n < 20; n++)
                for (int64_t back = 1; back < INT64_C(100000000000); back *= 10)
                        ck_assert_int_eq(throttle_wait_ms(5, n, NOW, NOW - back),
                                         throttle_delay_ms(5, n));
}
END_TEST

START_TEST(an_hour_is_enough_to_be_forgotten_and_longer_than_any_wait)
{
        ck_assert(!throttle_is_forgotten(NOW, NOW));
        ck_assert(!throttle_is_forgotten(NOW, NOW - 1));
        ck_assert(!throttle_is_forgotten(NOW, NOW + 3599999));
        ck_assert(throttle_is_forgotten(NOW, NOW + 3600000));
        ck_assert_int_lt(throttle_delay_ms(0, UINT_MAX), THROTTLE_FORGET_MS);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("throttle");
        add_case(s, the_first_failures_are_free_and_then_each_doubles_the_wait);
        add_case(s, no_number_of_failures_makes_it_longer_than_a_quarter_of_an_hour);
        add_case(s, what_is_left_shrinks_with_the_clock_to_nothing);
        add_case(s, a_clock_that_was_set_back_makes_nobody_wait_longer);
        add_case(s, an_hour_is_enough_to_be_forgotten_and_longer_than_any_wait);
        return s;
}
