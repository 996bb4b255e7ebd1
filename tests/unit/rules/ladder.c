/* ladder.c - tests: when the reminder, the follow-up and the next poll are due. */
#include <vio/ladder.h>

#include "clock.h"
#include "run.h"

static vio_zone *berlin;
static struct vio_ladder ladder;

static void setup(void)
{
        berlin = zone("Europe/Berlin");
        ladder = (struct vio_ladder)VIO_LADDER_INIT;
        ladder.zone = berlin;
}

static void teardown(void)
{
        berlin = vio_zone_free(berlin);
}

static void assert_due(struct vio_plan p, const char *at)
{
        ck_assert_int_eq(p.reason, VIO_REASON_NONE);
        ck_assert(p.due);
        assert_time(p.at, at);
}

static void assert_not_due(struct vio_plan p, enum vio_reason reason)
{
        ck_assert(!p.due);
        ck_assert_int_eq(p.reason, reason);
        ck_assert_int_eq(p.at, VIO_TIME_NONE);
}

static struct vio_plan remind(const char *appointment, const char *now)
{
        struct vio_plan p;
        vio_reminder_plan(&ladder, utc(appointment), utc(now), &p);
        return p;
}

static struct vio_plan follow(const char *missed, const char *appointment, const char *now)
{
        struct vio_plan p;
        vio_follow_up_plan(&ladder, utc(missed), utc(appointment), utc(now), &p);
        return p;
}

START_TEST(a_reminder_comes_a_day_before)
{
        assert_due(remind("2026-07-10T10:30:00Z", "2026-07-01T00:00:00Z"), "2026-07-09T10:30:00Z");
}
END_TEST

START_TEST(a_day_is_24_hours_also_when_the_clocks_change)
{
        assert_due(remind("2026-03-29T10:00:00Z", "2026-03-01T00:00:00Z"), "2026-03-28T10:00:00Z");
}
END_TEST

START_TEST(an_early_appointment_is_reminded_of_the_evening_before_that)
{
        /* 07:30 in Berlin: a day before is closed, so the evening of two days before. */
        assert_due(remind("2026-07-10T05:30:00Z", "2026-07-01T00:00:00Z"), "2026-07-08T18:59:00Z");
}
END_TEST

START_TEST(a_late_appointment_is_reminded_of_before_the_window_closes)
{
        assert_due(remind("2026-07-10T20:00:00Z", "2026-07-01T00:00:00Z"), "2026-07-09T18:59:00Z");
}
END_TEST

START_TEST(a_reminder_is_moved_over_days_that_are_closed)
{
        struct vio_window w = VIO_WINDOW_INIT;
        w.start_min = 540, w.end_min = 1020, w.days = 0x1f;
        ladder.window = &w;
        /* Monday at 10:00; a day before is Sunday; Friday's last minute is 16:59. */
        assert_due(remind("2026-07-13T08:00:00Z", "2026-07-01T00:00:00Z"), "2026-07-10T14:59:00Z");
}
END_TEST

START_TEST(a_reminder_due_this_very_moment_is_in_time)
{
        assert_due(remind("2026-07-10T10:30:00Z", "2026-07-09T10:30:00Z"), "2026-07-09T10:30:00Z");
}
END_TEST

START_TEST(a_short_notice_booking_is_called_at_once)
{
        assert_due(remind("2026-07-10T15:00:00Z", "2026-07-10T10:00:00Z"), "2026-07-10T10:00:00Z");
}
END_TEST

START_TEST(a_short_notice_booking_by_night_is_called_in_the_morning)
{
        assert_due(remind("2026-07-10T08:00:00Z", "2026-07-09T22:00:00Z"), "2026-07-10T06:00:00Z");
        assert_not_due(remind("2026-07-10T07:59:59Z", "2026-07-09T22:00:00Z"), VIO_REASON_TOO_LATE);
}
END_TEST

START_TEST(two_hours_must_remain)
{
        assert_due(remind("2026-07-10T12:00:00Z", "2026-07-10T10:00:00Z"), "2026-07-10T10:00:00Z");
        assert_not_due(remind("2026-07-10T12:00:00Z", "2026-07-10T10:00:00.001Z"),
                       VIO_REASON_TOO_LATE);
}
END_TEST

START_TEST(no_notice_at_all_still_means_before_the_appointment)
{
        ladder.min_notice_ms = -1000000000;
        assert_not_due(remind("2026-07-10T05:00:00Z", "2026-07-09T22:00:00Z"), VIO_REASON_TOO_LATE);
}
END_TEST

START_TEST(the_past_and_nothing_are_not_reminded_of)
{
        struct vio_plan p;
        assert_not_due(remind("2026-07-10T12:00:00Z", "2026-07-10T12:00:00Z"),
                       VIO_REASON_APPOINTMENT_PAST);
        vio_reminder_plan(&ladder, VIO_TIME_NONE, utc("2026-07-10T12:00:00Z"), &p);
        assert_not_due(p, VIO_REASON_NO_APPOINTMENT);
}
END_TEST

START_TEST(without_a_zone_nothing_is_planned)
{
        ladder.zone = NULL;
        assert_not_due(remind("2026-07-10T10:30:00Z", "2026-07-01T00:00:00Z"), VIO_REASON_TOO_LATE);
}
END_TEST

START_TEST(a_missed_call_is_followed_up_after_90_minutes)
{
        assert_due(follow("2026-07-09T10:00:00Z", "2026-07-10T10:00:00Z", "2026-07-09T10:00:05Z"),
                   "2026-07-09T11:30:00Z");
}
END_TEST

START_TEST(a_follow_up_waits_for_the_morning)
{
        assert_due(follow("2026-07-09T18:00:00Z", "2026-07-10T10:00:00Z", "2026-07-09T18:00:05Z"),
                   "2026-07-10T06:00:00Z");
}
END_TEST

START_TEST(a_miss_that_was_learned_late_is_followed_up_from_now)
{
        assert_due(follow("2026-07-09T10:00:00Z", "2026-07-10T10:00:00Z", "2026-07-09T13:00:00Z"),
                   "2026-07-09T13:00:00Z");
}
END_TEST

START_TEST(a_follow_up_comes_before_the_appointment_or_not_at_all)
{
        assert_due(
            follow("2026-07-09T10:00:00Z", "2026-07-09T11:30:00.001Z", "2026-07-09T10:00:00Z"),
            "2026-07-09T11:30:00Z");
        assert_not_due(
            follow("2026-07-09T10:00:00Z", "2026-07-09T11:30:00Z", "2026-07-09T10:00:00Z"),
            VIO_REASON_TOO_LATE);
        assert_not_due(
            follow("2026-07-09T10:00:00Z", "2026-07-09T11:30:00Z", "2026-07-09T11:30:00Z"),
            VIO_REASON_APPOINTMENT_PAST);
        struct vio_plan p;
        vio_follow_up_plan(&ladder, 0, VIO_TIME_NONE, 0, &p);
        assert_not_due(p, VIO_REASON_NO_APPOINTMENT);
}
END_TEST

START_TEST(rules_from_an_older_caller_are_completed)
{
        ladder.follow_up_delay_ms = 0;
        ladder.size = offsetof(struct vio_ladder, follow_up_delay_ms);
        assert_due(follow("2026-07-09T10:00:00Z", "2026-07-10T10:00:00Z", "2026-07-09T10:00:05Z"),
                   "2026-07-09T11:30:00Z");
}
END_TEST

START_TEST(polls_come_after_90_seconds_and_then_ever_more_rarely)
{
        static const int seconds[] = {90, 15, 30, 60, 120, 300, 600, 600, 600};
        for (int i = 0; i < 9; i++)
                ck_assert_int_eq(vio_poll_delay_ms(i), seconds[i] * 1000);
        ck_assert_int_eq(vio_poll_delay_ms(-1), 90000);
        ck_assert_int_eq(vio_poll_delay_ms(1000000), 600000);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("ladder");
        add_fixture_case(s, a_reminder_comes_a_day_before, setup, teardown);
        add_fixture_case(s, a_day_is_24_hours_also_when_the_clocks_change, setup, teardown);
        add_fixture_case(s, an_early_appointment_is_reminded_of_the_evening_before_that, setup,
                         teardown);
        add_fixture_case(s, a_late_appointment_is_reminded_of_before_the_window_closes, setup,
                         teardown);
        add_fixture_case(s, a_reminder_is_moved_over_days_that_are_closed, setup, teardown);
        add_fixture_case(s, a_reminder_due_this_very_moment_is_in_time, setup, teardown);
        add_fixture_case(s, a_short_notice_booking_is_called_at_once, setup, teardown);
        add_fixture_case(s, a_short_notice_booking_by_night_is_called_in_the_morning, setup,
                         teardown);
        add_fixture_case(s, two_hours_must_remain, setup, teardown);
        add_fixture_case(s, no_notice_at_all_still_means_before_the_appointment, setup, teardown);
        add_fixture_case(s, the_past_and_nothing_are_not_reminded_of, setup, teardown);
        add_fixture_case(s, without_a_zone_nothing_is_planned, setup, teardown);
        add_fixture_case(s, a_missed_call_is_followed_up_after_90_minutes, setup, teardown);
        add_fixture_case(s, a_follow_up_waits_for_the_morning, setup, teardown);
        add_fixture_case(s, a_miss_that_was_learned_late_is_followed_up_from_now, setup, teardown);
        add_fixture_case(s, a_follow_up_comes_before_the_appointment_or_not_at_all, setup,
                         teardown);
        add_fixture_case(s, rules_from_an_older_caller_are_completed, setup, teardown);
        add_case(s, polls_come_after_90_seconds_and_then_ever_more_rarely);
        return s;
}
