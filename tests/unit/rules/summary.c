/* summary.c - tests: when the daily summary is due, and when a mail is tried again. */
#include <vio/summary.h>

#include "clock.h"
#include "loop.h"
#include "rules/summary_rules.h"
#include "run.h"

#define WORKDAYS 0x1f
#define ALL      0x7f
#define AT(h, m) ((h)*60 + (m))

/* The next one, and the ones after that, one after the other. */
static const struct {
        const char *zone;
        int minute;
        uint8_t days;
        const char *after;
        const char *next[3];
} rows[] = {
    /* A Friday in New York; the next working day is Monday. */
    {"America/New_York",
     AT(8, 0),
     WORKDAYS,
     "2026-11-20T12:59:59.999Z",
     {"2026-11-20T13:00:00Z", "2026-11-23T13:00:00Z", "2026-11-24T13:00:00Z"}},
    /* Switched on in the afternoon: the time of today is over. */
    {"America/New_York",
     AT(8, 0),
     WORKDAYS,
     "2026-11-20T20:00:00Z",
     {"2026-11-23T13:00:00Z", "2026-11-24T13:00:00Z", "2026-11-25T13:00:00Z"}},
    /* The weekday is that of the zone: Sunday noon in UTC is Monday in Kiritimati. */
    {"Pacific/Kiritimati",
     AT(2, 0),
     1 << 0,
     "2026-11-22T00:00:00Z",
     {"2026-11-22T12:00:00Z", "2026-11-29T12:00:00Z", "2026-12-06T12:00:00Z"}},
    /* Half hours, and quarters. */
    {"Asia/Kathmandu",
     AT(7, 30),
     ALL,
     "2026-11-22T01:45:00Z",
     {"2026-11-23T01:45:00Z", "2026-11-24T01:45:00Z", "2026-11-25T01:45:00Z"}},
    {"Australia/Adelaide",
     AT(8, 15),
     ALL,
     "2026-10-02T22:00:00Z",
     {"2026-10-02T22:45:00Z", "2026-10-03T21:45:00Z", "2026-10-04T21:45:00Z"}},
    /* 02:30 is skipped on 2026-03-08: it is 03:30 then. */
    {"America/New_York",
     AT(2, 30),
     ALL,
     "2026-03-07T07:30:00Z",
     {"2026-03-08T07:30:00Z", "2026-03-09T06:30:00Z", "2026-03-10T06:30:00Z"}},
    /* 01:30 comes twice on 2026-11-01: the first counts, and only that. */
    {"America/New_York",
     AT(1, 30),
     ALL,
     "2026-10-31T05:30:00Z",
     {"2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z", "2026-11-03T06:30:00Z"}},
    {"America/New_York",
     AT(1, 30),
     ALL,
     "2026-11-01T05:45:00Z",
     {"2026-11-02T06:30:00Z", "2026-11-03T06:30:00Z", "2026-11-04T06:30:00Z"}},
    /* In Nuuk the last hour of a Saturday is skipped: 23:30 is at 22:59 then. */
    {"America/Nuuk",
     AT(23, 30),
     ALL,
     "2026-03-27T12:00:00Z",
     {"2026-03-28T01:30:00Z", "2026-03-29T00:59:00Z", "2026-03-30T00:30:00Z"}},
    /* Samoa had no Friday, 2011-12-30. */
    {"Pacific/Apia",
     AT(8, 0),
     1 << 4,
     "2011-12-20T00:00:00Z",
     {"2011-12-23T18:00:00Z", "2012-01-05T18:00:00Z", "2012-01-12T18:00:00Z"}},
};

START_TEST(the_next_ones_are)
{
        vio_zone *z = zone(rows[_i].zone);
        vio_time t = utc(rows[_i].after);
        for (int i = 0; i < 3; i++) {
                t = vio_summary_next(z, rows[_i].minute, rows[_i].days, t);
                ck_assert_int_ne(t, VIO_TIME_NONE);
                assert_time(t, rows[_i].next[i]);
        }
        vio_zone_free(z);
}
END_TEST

START_TEST(without_a_day_or_a_time_of_day_there_is_none)
{
        vio_zone *z = zone("UTC");
        ck_assert_int_eq(vio_summary_next(z, 0, 0, 0), VIO_TIME_NONE);
        ck_assert_int_eq(vio_summary_next(z, 0, 0x80, 0), VIO_TIME_NONE);
        ck_assert_int_eq(vio_summary_next(z, 1440, ALL, 0), VIO_TIME_NONE);
        ck_assert_int_eq(vio_summary_next(z, -1, ALL, 0), VIO_TIME_NONE);
        ck_assert_int_eq(vio_summary_next(z, 1439, ALL, 0), AT(23, 59) * INT64_C(60000));
        vio_zone_free(z);
}
END_TEST

#define NOON "2026-11-20T12:00:00Z"

static const struct {
        enum mail_fate fate;
        int attempts, wait_s;
        const char *begun, *now;
        const char *at; /* NULL: never */
} retries[] = {
    {MAIL_LATER, 1, 0, NOON, NOON, "2026-11-20T12:01:00Z"},
    {MAIL_LATER, 2, 0, NOON, NOON, "2026-11-20T12:05:00Z"},
    {MAIL_LATER, 3, 0, NOON, NOON, "2026-11-20T12:15:00Z"},
    {MAIL_LATER, 7, 0, NOON, NOON, "2026-11-20T18:00:00Z"},
    {MAIL_LATER, 8, 0, NOON, NOON, NULL},
    {MAIL_LATER, 0, 0, NOON, NOON, "2026-11-20T12:01:00Z"},
    /* Asked to wait: longer counts, shorter does not. */
    {MAIL_LATER, 1, 7, NOON, NOON, "2026-11-20T12:01:00Z"},
    {MAIL_LATER, 1, 600, NOON, NOON, "2026-11-20T12:10:00Z"},
    /* 20 hours after it was written it is over, whatever is left. */
    {MAIL_LATER, 2, 0, NOON, "2026-11-21T07:55:00Z", "2026-11-21T08:00:00Z"},
    {MAIL_LATER, 2, 0, NOON, "2026-11-21T07:55:00.001Z", NULL},
    {MAIL_LATER, 1, 72001, NOON, NOON, NULL},
    {MAIL_NEXT_DAY, 1, 5, NOON, NOON, "2026-11-21T00:00:00Z"},
    {MAIL_NEXT_DAY, 1, 0, "2026-11-20T03:59:59Z", NOON, NULL},
    {MAIL_NEXT_MONTH, 1, 0, NOON, NOON, NULL},
    {MAIL_NEXT_MONTH, 1, 0, "2026-11-30T12:00:00Z", "2026-11-30T12:00:00Z", "2026-12-01T00:00:00Z"},
    {MAIL_NEXT_MONTH, 1, 0, "2026-12-31T12:00:00Z", "2026-12-31T12:00:00Z", "2027-01-01T00:00:00Z"},
    {MAIL_NEVER, 1, 60, NOON, NOON, NULL},
    {MAIL_ALERT, 1, 60, NOON, NOON, NULL},
    {MAIL_SENT, 1, 60, NOON, NOON, NULL},
};

START_TEST(a_mail_is_tried_again_at)
{
        vio_time at = mail_retry_at(retries[_i].fate, retries[_i].attempts, retries[_i].wait_s,
                                    utc(retries[_i].begun), utc(retries[_i].now));
        if (retries[_i].at)
                assert_time(at, retries[_i].at);
        else
                ck_assert_int_eq(at, VIO_TIME_NONE);
}
END_TEST

START_TEST(all_attempts_fit_into_the_time_in_which_a_mail_may_be_repeated)
{
        vio_time now = 0;
        int n = 1;
        for (vio_time at; (at = mail_retry_at(MAIL_LATER, n, 0, 0, now)) != VIO_TIME_NONE; n++)
                now = at;
        ck_assert_int_eq(n, MAIL_MOST_ATTEMPTS);
        ck_assert_int_le(now, MAIL_REPEAT_MS);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("summary");
        add_loop_case(s, the_next_ones_are, rows);
        add_case(s, without_a_day_or_a_time_of_day_there_is_none);
        add_loop_case(s, a_mail_is_tried_again_at, retries);
        add_case(s, all_attempts_fit_into_the_time_in_which_a_mail_may_be_repeated);
        return s;
}
