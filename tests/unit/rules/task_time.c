/* task_time.c - tests: which times a person may choose for a call, every quarter of an hour of days
 * on which the clocks change. */
#include "rules/task_time.h"

#include "clock.h"
#include "loop.h"
#include "run.h"

static const struct {
        const char *zone, *now, *appointment;
} days[] = {
    {"America/New_York", "2026-11-01T03:00:00Z", "2026-11-02T15:10:00Z"},
    {"Europe/London", "2026-03-28T12:00:00Z", "2026-03-30T09:00:00Z"},
    {"Pacific/Auckland", "2026-09-26T00:00:00Z", "2026-09-27T23:00:00Z"},
    {"Asia/Kathmandu", "2026-06-01T00:00:00Z", "2026-06-02T03:00:00Z"},
};

static enum task_time_verdict expected(const struct task_time *t, vio_time at)
{
        if (at <= t->now)
                return TASK_TIME_PAST;
        if (at >= t->appointment)
                return TASK_TIME_LATE;
        return vio_window_open_at(t->window, t->zone, at) ? TASK_TIME_GOOD : TASK_TIME_CLOSED;
}

START_TEST(a_time_is_good_when_it_is_ahead_before_the_appointment_and_open)
{
        struct vio_window window = {540, 1020, 720, 780, VIO_WINDOW_ALL_DAYS};
        vio_zone *z = zone(days[_i].zone);
        struct task_time t = {utc(days[_i].now), utc(days[_i].appointment), z, &window};

        for (vio_time at = t.now - HOURS(3); at < t.appointment + HOURS(3); at += MINUTES(15)) {
                vio_time open;
                ck_assert_int_eq(task_time_judge(&t, at, &open), expected(&t, at));
                if (open != VIO_TIME_NONE)
                        ck_assert_int_eq(expected(&t, open), TASK_TIME_GOOD);
                if (expected(&t, at) == TASK_TIME_GOOD)
                        ck_assert_int_eq(open, at);
                if (expected(&t, at) == TASK_TIME_LATE)
                        ck_assert_int_eq(open, VIO_TIME_NONE);
        }
        vio_zone_free(z);
}
END_TEST

START_TEST(without_an_appointment_no_time_is_good)
{
        vio_zone *z = zone("Europe/London");
        vio_time open;
        struct task_time t = {utc("2026-06-01T09:00:00Z"), VIO_TIME_NONE, z, NULL};
        ck_assert_int_eq(task_time_judge(&t, utc("2026-06-01T10:00:00Z"), &open), TASK_TIME_LATE);
        ck_assert_int_eq(open, VIO_TIME_NONE);
        vio_zone_free(z);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("task_time");
        add_loop_case(s, a_time_is_good_when_it_is_ahead_before_the_appointment_and_open, days);
        add_fixture_case(s, without_an_appointment_no_time_is_good, NULL, NULL);
        return s;
}
