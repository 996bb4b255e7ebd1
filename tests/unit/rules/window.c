/* window.c - tests: when the calling window is open. */
#include <vio/window.h>

#include "clock.h"
#include "loop.h"
#include "run.h"

static vio_zone *berlin;

static void setup(void)
{
        berlin = zone("Europe/Berlin");
}

static void teardown(void)
{
        berlin = vio_zone_free(berlin);
}

static struct vio_window window(int start, int end, uint8_t days)
{
        struct vio_window w = VIO_WINDOW_INIT;
        w.start_min = start;
        w.end_min = end;
        w.days = days;
        return w;
}

START_TEST(the_widest_window_is_eight_to_nine)
{
        ck_assert(!vio_window_open_at(NULL, berlin, utc("2026-07-01T05:59:59.999Z")));
        ck_assert(vio_window_open_at(NULL, berlin, utc("2026-07-01T06:00:00Z")));
        ck_assert(vio_window_open_at(NULL, berlin, utc("2026-07-01T18:59:59.999Z")));
        ck_assert(!vio_window_open_at(NULL, berlin, utc("2026-07-01T19:00:00Z")));
        ck_assert(vio_window_open_at(NULL, berlin, utc("2026-01-01T19:00:00Z")));
}
END_TEST

START_TEST(without_a_zone_nothing_is_open)
{
        vio_time noon = utc("2026-07-01T12:00:00Z");
        ck_assert(!vio_window_open_at(NULL, NULL, noon));
        ck_assert_int_eq(vio_window_next_open(NULL, NULL, noon), VIO_TIME_NONE);
        ck_assert_int_eq(vio_window_last_open(NULL, NULL, noon), VIO_TIME_NONE);
}
END_TEST

START_TEST(an_open_moment_is_its_own_next_and_last)
{
        vio_time t = utc("2026-07-01T12:34:56.789Z");
        ck_assert_int_eq(vio_window_next_open(NULL, berlin, t), t);
        ck_assert_int_eq(vio_window_last_open(NULL, berlin, t), t);
}
END_TEST

START_TEST(the_night_is_bridged_in_both_directions)
{
        vio_time t = utc("2026-07-01T23:12:34.567Z");
        assert_time(vio_window_next_open(NULL, berlin, t), "2026-07-02T06:00:00Z");
        assert_time(vio_window_last_open(NULL, berlin, t), "2026-07-01T18:59:00Z");
}
END_TEST

START_TEST(the_weekend_is_bridged_over_the_change_of_the_clocks)
{
        /* Saturday noon before the clocks go forward in the night to Sunday, 29 March 2026. */
        struct vio_window w = window(540, 1020, 0x1f);
        vio_time t = utc("2026-03-28T11:00:00Z");
        assert_time(vio_window_next_open(&w, berlin, t), "2026-03-30T07:00:00Z");
        assert_time(vio_window_last_open(&w, berlin, t), "2026-03-27T15:59:00Z");
        t = utc("2026-03-30T06:59:59.999Z");
        assert_time(vio_window_last_open(&w, berlin, t), "2026-03-27T15:59:00Z");
}
END_TEST

START_TEST(a_midday_rest_is_kept)
{
        struct vio_window w = VIO_WINDOW_INIT;
        w.quiet_start_min = 720;
        w.quiet_end_min = 840;
        vio_time t = utc("2026-07-01T10:30:00Z");
        ck_assert(!vio_window_open_at(&w, berlin, t));
        assert_time(vio_window_next_open(&w, berlin, t), "2026-07-01T12:00:00Z");
        assert_time(vio_window_last_open(&w, berlin, t), "2026-07-01T09:59:00Z");
}
END_TEST

START_TEST(a_rest_may_reach_over_midnight)
{
        struct vio_window w = VIO_WINDOW_INIT;
        w.quiet_start_min = 19 * 60;
        w.quiet_end_min = 10 * 60;
        ck_assert_int_eq(vio_window_check(&w), 0);
        vio_time t = utc("2026-07-01T20:00:00Z");
        assert_time(vio_window_next_open(&w, berlin, t), "2026-07-02T08:00:00Z");
        assert_time(vio_window_last_open(&w, berlin, t), "2026-07-01T16:59:00Z");
}
END_TEST

START_TEST(one_day_a_week_is_found_and_no_day_is_not)
{
        struct vio_window w = window(480, 1260, 1 << 2); /* Wednesday; 1 July 2026 is one */
        vio_time t = utc("2026-07-01T19:00:00Z");
        assert_time(vio_window_next_open(&w, berlin, t), "2026-07-08T06:00:00Z");
        t = utc("2026-07-01T05:00:00Z");
        assert_time(vio_window_last_open(&w, berlin, t), "2026-06-24T18:59:00Z");
        w.days = 0;
        ck_assert_int_eq(vio_window_next_open(&w, berlin, t), VIO_TIME_NONE);
        ck_assert_int_eq(vio_window_last_open(&w, berlin, t), VIO_TIME_NONE);
}
END_TEST

START_TEST(a_day_that_the_calendar_skips_is_skipped)
{
        /* Samoa went from Thursday, 29 December 2011, to Saturday, the 31st. */
        vio_zone *apia = zone("Pacific/Apia");
        struct vio_window fridays = window(480, 1260, 1 << 4);
        vio_time t = utc("2011-12-30T06:00:00Z");
        assert_time(vio_window_next_open(&fridays, apia, t), "2012-01-05T18:00:00Z");
        assert_time(vio_window_next_open(NULL, apia, utc("2011-12-30T07:00:00Z")),
                    "2011-12-30T18:00:00Z");
        vio_zone_free(apia);
}
END_TEST

START_TEST(a_window_that_opens_within_a_skipped_hour_opens_after_it)
{
        struct vio_window w = window(150, 1260, VIO_WINDOW_ALL_DAYS); /* from 02:30 */
        vio_time t = utc("2026-03-29T00:59:59Z");
        assert_time(vio_window_next_open(&w, berlin, t), "2026-03-29T01:00:00Z");
        ck_assert(vio_window_open_at(&w, berlin, utc("2026-03-29T01:00:00Z")));
}
END_TEST

START_TEST(an_hour_that_comes_twice_is_open_twice)
{
        struct vio_window w = window(120, 150, VIO_WINDOW_ALL_DAYS); /* 02:00 to 02:30 */
        assert_time(vio_window_next_open(&w, berlin, utc("2026-10-25T00:30:00Z")),
                    "2026-10-25T01:00:00Z");
        assert_time(vio_window_last_open(&w, berlin, utc("2026-10-25T00:59:00Z")),
                    "2026-10-25T00:29:00Z");
}
END_TEST

static const struct {
        struct vio_window w;
        int expected;
} checks[] = {
    {VIO_WINDOW_INIT, 0},
    {{540, 1020, -1, -1, 0x1f}, 0},
    {{480, 481, -1, -1, 1}, 0},
    {{480, 1260, 720, 840, 0x7f}, 0},
    {{480, 1260, 720, 720, 0x7f}, 0},
    {{479, 1260, -1, -1, 0x7f}, VIO_E_INVALID},
    {{480, 1261, -1, -1, 0x7f}, VIO_E_INVALID},
    {{600, 600, -1, -1, 0x7f}, VIO_E_INVALID},
    {{1000, 600, -1, -1, 0x7f}, VIO_E_INVALID},
    {{480, 1260, -1, -1, 0}, VIO_E_INVALID},
    {{480, 1260, -1, -1, 0x80}, VIO_E_INVALID},
    {{480, 1260, 480, 1260, 0x7f}, VIO_E_INVALID},
    {{480, 1260, 720, -1, 0x7f}, VIO_E_INVALID},
    {{480, 1260, -1, 720, 0x7f}, VIO_E_INVALID},
    {{480, 1260, -2, -2, 0x7f}, VIO_E_INVALID},
    {{480, 1260, 1200, 1441, 0x7f}, VIO_E_INVALID},
};

START_TEST(a_tenant_may_narrow_the_window_and_not_widen_it)
{
        ck_assert_int_eq(vio_window_check(&checks[_i].w), checks[_i].expected);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("window");
        add_fixture_case(s, the_widest_window_is_eight_to_nine, setup, teardown);
        add_case(s, without_a_zone_nothing_is_open);
        add_fixture_case(s, an_open_moment_is_its_own_next_and_last, setup, teardown);
        add_fixture_case(s, the_night_is_bridged_in_both_directions, setup, teardown);
        add_fixture_case(s, the_weekend_is_bridged_over_the_change_of_the_clocks, setup, teardown);
        add_fixture_case(s, a_midday_rest_is_kept, setup, teardown);
        add_fixture_case(s, a_rest_may_reach_over_midnight, setup, teardown);
        add_fixture_case(s, one_day_a_week_is_found_and_no_day_is_not, setup, teardown);
        add_case(s, a_day_that_the_calendar_skips_is_skipped);
        add_fixture_case(s, a_window_that_opens_within_a_skipped_hour_opens_after_it, setup,
                         teardown);
        add_fixture_case(s, an_hour_that_comes_twice_is_open_twice, setup, teardown);
        add_loop_case(s, a_tenant_may_narrow_the_window_and_not_widen_it, checks);
        return s;
}
