/* figures.c - tests: parts of the day, shares, and outcomes in order. */
#include "rules/figures.h"

#include <string.h>

#include "clock.h"
#include "loop.h"
#include "run.h"

/* Around the bounds, in zones east and west, before and after the clocks change. */
static const struct {
        const char *zone, *at;
        enum vio_day_part part;
} times[] = {
    {"UTC", "2026-01-01T00:00:00Z", VIO_DAY_PART_MORNING},
    {"UTC", "2026-01-01T11:59:59.999Z", VIO_DAY_PART_MORNING},
    {"UTC", "2026-01-01T12:00:00Z", VIO_DAY_PART_AFTERNOON},
    {"UTC", "2026-01-01T16:59:59.999Z", VIO_DAY_PART_AFTERNOON},
    {"UTC", "2026-01-01T17:00:00Z", VIO_DAY_PART_EVENING},
    {"UTC", "2026-01-01T23:59:59.999Z", VIO_DAY_PART_EVENING},
    {"America/New_York", "2026-10-31T15:59:59Z", VIO_DAY_PART_MORNING},
    {"America/New_York", "2026-10-31T16:00:00Z", VIO_DAY_PART_AFTERNOON},
    {"America/New_York", "2026-11-01T16:00:00Z", VIO_DAY_PART_MORNING},
    {"America/New_York", "2026-11-01T17:00:00Z", VIO_DAY_PART_AFTERNOON},
    {"Pacific/Auckland", "2026-09-25T23:59:59Z", VIO_DAY_PART_MORNING},
    {"Pacific/Auckland", "2026-09-26T00:00:00Z", VIO_DAY_PART_AFTERNOON},
    {"Pacific/Auckland", "2026-09-26T22:59:59Z", VIO_DAY_PART_MORNING},
    {"Pacific/Auckland", "2026-09-26T23:00:00Z", VIO_DAY_PART_AFTERNOON},
    {"Asia/Kathmandu", "2026-06-01T11:14:59Z", VIO_DAY_PART_AFTERNOON},
    {"Asia/Kathmandu", "2026-06-01T11:15:00Z", VIO_DAY_PART_EVENING},
};

START_TEST(the_part_of_the_day_is_that_of_the_wall)
{
        vio_zone *z = zone(times[_i].zone);
        ck_assert_int_eq(day_part_of(z, utc(times[_i].at)), times[_i].part);
        vio_zone_free(z);
}
END_TEST

START_TEST(a_part_has_a_name_and_a_name_its_part)
{
        for (unsigned p = VIO_DAY_PART_MORNING; p <= VIO_DAY_PART_EVENING; p++)
                ck_assert_int_eq(day_part_named(vio_day_part_name((enum vio_day_part)p)), p);
        ck_assert_ptr_null(vio_day_part_name(VIO_DAY_PART_NONE));
        ck_assert_ptr_null(vio_day_part_name((enum vio_day_part)4));
        ck_assert_int_eq(day_part_named("night"), VIO_DAY_PART_NONE);
        ck_assert_int_eq(day_part_named(NULL), VIO_DAY_PART_NONE);
}
END_TEST

/* Twenty times the share minus twenty times the fraction lies within one, and halves go up. */
START_TEST(a_share_is_rounded_to_the_nearest_tenth)
{
        for (int64_t whole = 1; whole <= 300; whole++) {
                for (int64_t part = 0; part <= whole; part++) {
                        int64_t twice = 2 * (int64_t)share_tenths(part, whole) * whole;
                        ck_assert_int_le(2000 * part - twice, whole - 1);
                        ck_assert_int_le(twice - 2000 * part, whole);
                }
        }
        ck_assert_int_eq(share_tenths(38, 45), 844);
        ck_assert_int_eq(share_tenths(0, 0), 0);
        ck_assert_int_eq(share_tenths(3, 0), 0);
}
END_TEST

START_TEST(the_breakdown_is_that_of_the_example)
{
        struct vio_outcome_share s[VIO_OUTCOMES];
        const int64_t counts[VIO_OUTCOMES] = {[VIO_OUTCOME_NONE] = 7,
                                              [VIO_OUTCOME_NO_ANSWER] = 3,
                                              [VIO_OUTCOME_VOICEMAIL] = 4,
                                              [VIO_OUTCOME_CONFIRMED] = 38};
        ck_assert_uint_eq(outcome_shares(counts, s), 3);
        ck_assert_int_eq(s[0].outcome, VIO_OUTCOME_CONFIRMED);
        ck_assert_int_eq(s[0].tenths, 844);
        ck_assert_int_eq(s[1].outcome, VIO_OUTCOME_VOICEMAIL);
        ck_assert_int_eq(s[1].tenths, 89);
        ck_assert_int_eq(s[2].outcome, VIO_OUTCOME_NO_ANSWER);
        ck_assert_int_eq(s[2].tenths, 67);
}
END_TEST

START_TEST(of_equal_outcomes_the_stronger_comes_first)
{
        struct vio_outcome_share s[VIO_OUTCOMES];
        int64_t counts[VIO_OUTCOMES];
        for (int o = 0; o < VIO_OUTCOMES; o++)
                counts[o] = 2;
        ck_assert_uint_eq(outcome_shares(counts, s), VIO_OUTCOMES - 1);
        for (size_t i = 0; i < VIO_OUTCOMES - 1; i++)
                ck_assert_int_eq(s[i].outcome, VIO_OUTCOME_RESCHEDULED - (int)i);
        memset(counts, 0, sizeof(counts));
        ck_assert_uint_eq(outcome_shares(counts, s), 0);
}
END_TEST

START_TEST(somebody_was_reached_by_four_outcomes)
{
        for (int o = 0; o < VIO_OUTCOMES; o++) {
                bool spoke = o == VIO_OUTCOME_ANSWERED || o >= VIO_OUTCOME_CONFIRMED;
                ck_assert_int_eq(outcome_reached((enum vio_outcome)o), spoke);
        }
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("figures");
        add_loop_case(s, the_part_of_the_day_is_that_of_the_wall, times);
        add_fixture_case(s, a_part_has_a_name_and_a_name_its_part, NULL, NULL);
        add_fixture_case(s, a_share_is_rounded_to_the_nearest_tenth, NULL, NULL);
        add_fixture_case(s, the_breakdown_is_that_of_the_example, NULL, NULL);
        add_fixture_case(s, of_equal_outcomes_the_stronger_comes_first, NULL, NULL);
        add_fixture_case(s, somebody_was_reached_by_four_outcomes, NULL, NULL);
        return s;
}
