/* dial.c - tests: dial now, later, or never, and why. */
#include <vio/window.h>

#include <string.h>

#include "clock.h"
#include "loop.h"
#include "run.h"

#define NOW "2026-07-01T10:00:00Z" /* a Wednesday, noon in Berlin */

static vio_zone *berlin;

static void setup(void)
{
        berlin = zone("Europe/Berlin");
}

static void teardown(void)
{
        berlin = vio_zone_free(berlin);
}

/* A task whose call may be placed at once, for an appointment in ten days. */
static struct vio_dial_facts clear(void)
{
        struct vio_dial_facts f = VIO_DIAL_FACTS_INIT;
        f.now = utc(NOW);
        f.zone = berlin;
        f.appointment = f.task_appointment = f.now + HOURS(240);
        f.phone_ok = f.configured = true;
        return f;
}

static struct vio_dial_decision decide(struct vio_dial_facts f)
{
        struct vio_dial_decision d;
        memset(&d, 0x5a, sizeof d);
        vio_dial_decide(&f, &d);
        return d;
}

static void assert_never(struct vio_dial_facts f, enum vio_reason reason)
{
        struct vio_dial_decision d = decide(f);
        ck_assert_int_eq(d.verdict, VIO_DIAL_NEVER);
        ck_assert_str_eq(vio_reason_name(d.reason), vio_reason_name(reason));
        ck_assert_int_eq(d.at, VIO_TIME_NONE);
}

static void assert_wait(struct vio_dial_facts f, enum vio_reason reason, const char *until)
{
        struct vio_dial_decision d = decide(f);
        ck_assert_int_eq(d.verdict, VIO_DIAL_WAIT);
        ck_assert_str_eq(vio_reason_name(d.reason), vio_reason_name(reason));
        assert_time(d.at, until);
}

static void assert_now(struct vio_dial_facts f)
{
        struct vio_dial_decision d = decide(f);
        ck_assert_int_eq(d.verdict, VIO_DIAL_NOW);
        ck_assert_int_eq(d.reason, VIO_REASON_NONE);
        ck_assert_int_eq(d.at, f.now);
}

START_TEST(nothing_in_the_way_means_now)
{
        assert_now(clear());
}
END_TEST

START_TEST(facts_that_nobody_filled_in_permit_nothing)
{
        struct vio_dial_facts f = VIO_DIAL_FACTS_INIT;
        assert_never(f, VIO_REASON_NO_PHONE);
        f.phone_ok = f.manual = true;
        f.now = utc(NOW);
        assert_wait(f, VIO_REASON_NOT_CONFIGURED, "2026-07-01T10:15:00Z");
}
END_TEST

static void gone(struct vio_dial_facts *f)
{
        f->contact_gone = true;
}

static void opted_out(struct vio_dial_facts *f)
{
        f->opted_out = true;
}

static void no_phone(struct vio_dial_facts *f)
{
        f->phone_ok = false;
}

static void no_appointment(struct vio_dial_facts *f)
{
        f->appointment = VIO_TIME_NONE;
}

static void decided(struct vio_dial_facts *f)
{
        f->appointment_status = VIO_APPOINTMENT_CONFIRMED;
}

static void moved(struct vio_dial_facts *f)
{
        f->task_appointment += HOURS(1);
}

static void past(struct vio_dial_facts *f)
{
        f->now = f->appointment;
}

/* In order of precedence; the last three concern only tasks. */
static const struct {
        void (*make)(struct vio_dial_facts *f);
        enum vio_reason reason;
        bool manual_too;
} forbidding[] = {
    {gone, VIO_REASON_CONTACT_GONE, true},
    {opted_out, VIO_REASON_OPTED_OUT, true},
    {no_phone, VIO_REASON_NO_PHONE, true},
    {no_appointment, VIO_REASON_NO_APPOINTMENT, false},
    {decided, VIO_REASON_APPOINTMENT_DECIDED, false},
    {moved, VIO_REASON_APPOINTMENT_MOVED, false},
    {past, VIO_REASON_APPOINTMENT_PAST, false},
};

START_TEST(each_prohibition_forbids_a_task)
{
        struct vio_dial_facts f = clear();
        forbidding[_i].make(&f);
        assert_never(f, forbidding[_i].reason);
}
END_TEST

START_TEST(each_prohibition_comes_before_the_later_ones_and_before_any_wait)
{
        struct vio_dial_facts f = clear();
        for (size_t i = (size_t)_i; i < sizeof forbidding / sizeof forbidding[0]; i++)
                forbidding[i].make(&f);
        f.suspended = f.live_call = true;
        f.configured = false;
        f.calls_today = 9;
        assert_never(f, forbidding[_i].reason);
}
END_TEST

START_TEST(a_manual_call_asks_only_about_the_contact)
{
        struct vio_dial_facts f = clear();
        f.manual = true;
        forbidding[_i].make(&f);
        if (forbidding[_i].manual_too)
                assert_never(f, forbidding[_i].reason);
        else
                assert_now(f);
}
END_TEST

START_TEST(a_standing_hindrance_is_looked_at_again)
{
        struct vio_dial_facts f = clear();
        f.configured = false;
        assert_wait(f, VIO_REASON_NOT_CONFIGURED, "2026-07-01T10:15:00Z");
        f.suspended = true;
        f.calls_today = 9;
        assert_wait(f, VIO_REASON_TENANT_SUSPENDED, "2026-07-01T10:15:00Z");
        f.now = utc("2026-07-01T20:00:00Z");
        assert_wait(f, VIO_REASON_TENANT_SUSPENDED, "2026-07-02T06:00:00Z");
}
END_TEST

START_TEST(without_a_zone_the_system_is_not_configured)
{
        struct vio_dial_facts f = clear();
        f.zone = NULL;
        assert_wait(f, VIO_REASON_NOT_CONFIGURED, "2026-07-01T10:15:00Z");
}
END_TEST

START_TEST(the_daily_limit_waits_for_the_next_local_day)
{
        struct vio_dial_facts f = clear();
        f.calls_today = 2;
        assert_now(f);
        f.calls_today = 3;
        assert_wait(f, VIO_REASON_DAILY_LIMIT, "2026-07-02T06:00:00Z");
        f.calls_today = 2;
        f.daily_limit = 2;
        assert_wait(f, VIO_REASON_DAILY_LIMIT, "2026-07-02T06:00:00Z");
}
END_TEST

START_TEST(nobody_can_raise_or_remove_the_daily_limit)
{
        struct vio_dial_facts f = clear();
        f.calls_today = 3;
        for (int limit = -1; limit < 6; limit++) {
                f.daily_limit = limit;
                ck_assert_int_eq(decide(f).reason, VIO_REASON_DAILY_LIMIT);
        }
}
END_TEST

START_TEST(the_weekly_limit_waits_for_monday)
{
        struct vio_dial_facts f = clear();
        f.calls_this_week = 5;
        assert_now(f);
        f.weekly_limit = 5;
        assert_wait(f, VIO_REASON_WEEKLY_LIMIT, "2026-07-06T06:00:00Z");
        f.calls_today = 3;
        assert_wait(f, VIO_REASON_WEEKLY_LIMIT, "2026-07-06T06:00:00Z");
        f.appointment = f.task_appointment = utc("2026-08-01T10:00:00Z");
        f.now = utc("2026-07-06T10:00:00Z");
        f.calls_today = 0;
        assert_wait(f, VIO_REASON_WEEKLY_LIMIT, "2026-07-13T06:00:00Z");
}
END_TEST

START_TEST(a_closed_window_waits_for_its_opening)
{
        struct vio_dial_facts f = clear();
        f.now = utc("2026-07-01T19:00:00Z");
        assert_wait(f, VIO_REASON_OUTSIDE_WINDOW, "2026-07-02T06:00:00Z");
        struct vio_window w = VIO_WINDOW_INIT;
        w.days = 1 << 5;
        f.window = &w;
        assert_wait(f, VIO_REASON_OUTSIDE_WINDOW, "2026-07-04T06:00:00Z");
        w.days = 0;
        assert_never(f, VIO_REASON_OUTSIDE_WINDOW);
}
END_TEST

START_TEST(a_block_is_waited_out_and_then_the_window_too)
{
        struct vio_dial_facts f = clear();
        f.blocked_until = f.now;
        f.blocked_reason = VIO_REASON_RATE_LIMITED;
        assert_now(f);
        f.blocked_until = f.now + 1;
        assert_wait(f, VIO_REASON_RATE_LIMITED, "2026-07-01T10:00:00.001Z");
        f.blocked_reason = VIO_REASON_BREAKER_OPEN;
        f.blocked_until = utc("2026-07-01T19:30:00Z");
        assert_wait(f, VIO_REASON_BREAKER_OPEN, "2026-07-02T06:00:00Z");
        f.blocked_reason = VIO_REASON_NONE;
        assert_wait(f, VIO_REASON_RATE_LIMITED, "2026-07-02T06:00:00Z");
}
END_TEST

START_TEST(a_call_that_may_be_live_is_waited_for)
{
        struct vio_dial_facts f = clear();
        f.live_call = true;
        assert_wait(f, VIO_REASON_CALL_LIVE, "2026-07-01T10:02:00Z");
        f.manual = true;
        assert_wait(f, VIO_REASON_CALL_LIVE, "2026-07-01T10:02:00Z");
}
END_TEST

START_TEST(the_longest_wait_is_the_one_that_is_told)
{
        struct vio_dial_facts f = clear();
        f.live_call = true;
        f.blocked_until = f.now + MINUTES(1);
        f.blocked_reason = VIO_REASON_CONCURRENCY;
        assert_wait(f, VIO_REASON_CALL_LIVE, "2026-07-01T10:02:00Z");
        f.blocked_until = f.now + MINUTES(30);
        assert_wait(f, VIO_REASON_CONCURRENCY, "2026-07-01T10:30:00Z");
        f.calls_today = 3;
        assert_wait(f, VIO_REASON_DAILY_LIMIT, "2026-07-02T06:00:00Z");
        f.now = utc("2026-07-01T19:30:00Z");
        assert_wait(f, VIO_REASON_OUTSIDE_WINDOW, "2026-07-02T06:00:00Z");
}
END_TEST

START_TEST(a_wait_that_reaches_the_appointment_is_too_late)
{
        struct vio_dial_facts f = clear();
        f.calls_today = 3;
        f.appointment = f.task_appointment = utc("2026-07-02T06:00:00Z");
        assert_never(f, VIO_REASON_TOO_LATE);
        f.appointment = f.task_appointment = utc("2026-07-02T06:00:00.001Z");
        assert_wait(f, VIO_REASON_DAILY_LIMIT, "2026-07-02T06:00:00Z");
        f.appointment = f.task_appointment = f.now + MINUTES(14);
        f.suspended = true;
        assert_never(f, VIO_REASON_TOO_LATE);
        f.manual = true;
        assert_wait(f, VIO_REASON_TENANT_SUSPENDED, "2026-07-01T10:15:00Z");
}
END_TEST

START_TEST(a_manual_call_keeps_to_the_limits_and_the_hours)
{
        struct vio_dial_facts f = clear();
        f.manual = true;
        f.appointment = f.task_appointment = VIO_TIME_NONE;
        assert_now(f);
        f.calls_today = 3;
        assert_wait(f, VIO_REASON_DAILY_LIMIT, "2026-07-02T06:00:00Z");
        f.calls_today = 0;
        f.now = utc("2026-07-01T21:00:00Z");
        assert_wait(f, VIO_REASON_OUTSIDE_WINDOW, "2026-07-02T06:00:00Z");
}
END_TEST

START_TEST(a_local_day_may_begin_at_one)
{
        /* In Beirut the clocks go forward at midnight; that day begins at 01:00, 22:00 UTC. */
        vio_zone *beirut = zone("Asia/Beirut");
        struct vio_window w = {0, 1440, -1, -1, VIO_WINDOW_ALL_DAYS};
        struct vio_dial_facts f = clear();
        f.zone = beirut;
        f.window = &w;
        f.now = utc("2026-03-28T12:00:00Z");
        f.calls_today = 3;
        assert_wait(f, VIO_REASON_DAILY_LIMIT, "2026-03-28T22:00:00Z");
        vio_zone_free(beirut);
}
END_TEST

START_TEST(facts_from_an_older_caller_are_completed)
{
        struct vio_dial_facts f = clear();
        f.blocked_until = f.now + HOURS(1);
        f.size = offsetof(struct vio_dial_facts, blocked_until);
        assert_now(f);
}
END_TEST

START_TEST(every_reason_has_a_name_and_a_sentence)
{
        static const enum vio_reason all[] = {
#define ROW(name, number, text, sentence) VIO_REASON_##name,
            VIO_REASONS(ROW)
#undef ROW
        };
        for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
                enum vio_reason r = (enum vio_reason)99;
                ck_assert_int_eq(vio_reason_parse(vio_reason_name(all[i]), &r), 0);
                ck_assert_int_eq(r, all[i]);
                const char *text = vio_reason_text(r);
                ck_assert_int_eq(text[strlen(text) - 1], '.');
                for (size_t j = 0; j < i; j++)
                        ck_assert_int_ne(all[i], all[j]);
        }
        ck_assert_ptr_null(vio_reason_name((enum vio_reason)99));
        ck_assert_uint_gt(strlen(vio_reason_text((enum vio_reason)99)), 10);
        ck_assert_int_eq(vio_reason_parse(NULL, &(enum vio_reason){VIO_REASON_NONE}),
                         VIO_E_INVALID);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("dial");
        add_fixture_case(s, nothing_in_the_way_means_now, setup, teardown);
        add_fixture_case(s, facts_that_nobody_filled_in_permit_nothing, setup, teardown);
        add_fixture_case(s, a_standing_hindrance_is_looked_at_again, setup, teardown);
        add_fixture_case(s, without_a_zone_the_system_is_not_configured, setup, teardown);
        add_fixture_case(s, the_daily_limit_waits_for_the_next_local_day, setup, teardown);
        add_fixture_case(s, nobody_can_raise_or_remove_the_daily_limit, setup, teardown);
        add_fixture_case(s, the_weekly_limit_waits_for_monday, setup, teardown);
        add_fixture_case(s, a_closed_window_waits_for_its_opening, setup, teardown);
        add_fixture_case(s, a_block_is_waited_out_and_then_the_window_too, setup, teardown);
        add_fixture_case(s, a_call_that_may_be_live_is_waited_for, setup, teardown);
        add_fixture_case(s, the_longest_wait_is_the_one_that_is_told, setup, teardown);
        add_fixture_case(s, a_wait_that_reaches_the_appointment_is_too_late, setup, teardown);
        add_fixture_case(s, a_manual_call_keeps_to_the_limits_and_the_hours, setup, teardown);
        add_fixture_case(s, a_local_day_may_begin_at_one, setup, teardown);
        add_fixture_case(s, facts_from_an_older_caller_are_completed, setup, teardown);
        add_fixture_case(s, every_reason_has_a_name_and_a_sentence, setup, teardown);
        add_loop_fixture_case(s, each_prohibition_forbids_a_task, forbidding, setup, teardown);
        add_loop_fixture_case(s, each_prohibition_comes_before_the_later_ones_and_before_any_wait,
                              forbidding, setup, teardown);
        add_loop_fixture_case(s, a_manual_call_asks_only_about_the_contact, forbidding, setup,
                              teardown);
        return s;
}
