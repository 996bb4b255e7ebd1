/* summary.c - tests: when summaries are due, against a walk over every minute of a month. */
#include <vio/summary.h>

#include "random.h"
#include "run.h"

#define MINUTE INT64_C(60000)
#define DAY    INT64_C(86400000)
#define WALK   31 /* days */

static const char *const zones[] = {
    "UTC",
    "America/New_York",
    "Europe/London",
    "Europe/Dublin",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Australia/Adelaide",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Apia",
    "America/Nuuk",
    "America/Havana",
    "America/Asuncion",
    "Asia/Beirut",
    "Asia/Tehran",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Atlantic/Azores",
    "Antarctica/Troll",
    "America/Los_Angeles",
};
#define N_ZONES (sizeof zones / sizeof zones[0])

/* The clocks change somewhere three to sixteen days later; in 2011 Samoa had no Friday. */
static const char *const months[] = {"2011-12-20T00:00:00Z", "2026-03-01T00:00:00Z",
                                     "2026-03-16T00:00:00Z", "2026-04-14T00:00:00Z",
                                     "2026-09-24T00:00:00Z", "2026-10-20T00:00:00Z"};
#define N_MONTHS (sizeof months / sizeof months[0])

struct calendar {
        vio_time at[WALK + 2];
        int weekday[WALK + 2];
        size_t n;
};

/*
 * The definition by other means: of each day that the wall shows, the first minute that is the
 * wanted one or, when the day has none, the first after the gap; or else its last.
 */
static void walk(const vio_zone *z, int minute, vio_time from, struct calendar *ret)
{
        int64_t day = INT64_MIN;
        bool settled = true;
        vio_time first_after_gap = VIO_TIME_NONE, last = VIO_TIME_NONE;
        struct vio_local l, before = {.day_number = INT64_MIN};
        *ret = (struct calendar){.n = 0};
        for (vio_time t = from; t < from + WALK * DAY; t += MINUTE) {
                vio_zone_local(z, t, &l);
                if (l.day_number > day) {
                        if (!settled && last != VIO_TIME_NONE)
                                ret->at[ret->n - 1] = last;
                        day = l.day_number;
                        settled = false;
                        ret->at[ret->n] = VIO_TIME_NONE;
                        ret->weekday[ret->n++] = l.weekday;
                }
                int m = l.hour * 60 + l.minute;
                int m_before = before.day_number == day ? before.hour * 60 + before.minute : -1;
                first_after_gap = m_before < minute && m > minute ? t : VIO_TIME_NONE;
                if (!settled && l.day_number == day && m == minute) {
                        ret->at[ret->n - 1] = t;
                        settled = true;
                } else if (!settled && first_after_gap != VIO_TIME_NONE) {
                        /* By as much as is skipped: the jump's target plus what was past it. */
                        int into = minute - m_before - 1;
                        ret->at[ret->n - 1] = t + into * MINUTE;
                        settled = true;
                }
                last = t;
                before = l;
        }
}

static vio_time wanted(const struct calendar *c, uint8_t days, vio_time after)
{
        for (size_t i = 0; i < c->n; i++)
                if ((days & 1 << c->weekday[i]) && c->at[i] > after)
                        return c->at[i];
        return VIO_TIME_NONE;
}

static void compare(const vio_zone *z, int minute, uint8_t days, const struct calendar *c,
                    vio_time after)
{
        vio_time is = vio_summary_next(z, minute, days, after);
        vio_time should = wanted(c, days, after);
        char one[VIO_TIME_TEXT], other[VIO_TIME_TEXT], then[VIO_TIME_TEXT];
        ck_assert_msg(is == should, "%s %02d:%02d days %02x after %s: %s, not %s", vio_zone_name(z),
                      minute / 60, minute % 60, (unsigned)days, vio_time_format(after, then),
                      vio_time_format(is, one), vio_time_format(should, other));
}

static const int minutes[] = {0, 1, 59, 60, 89, 90, 119, 120, 150, 179, 180, 480, 1380, 1410, 1439};
#define N_MINUTES (sizeof minutes / sizeof minutes[0])

START_TEST(the_next_summary_is_where_a_walk_finds_it)
{
        uint64_t state = (uint64_t)_i + 1;
        vio_zone *z = NULL;
        ck_assert_int_eq(vio_zone_open(zones[_i], &z), 0);
        for (size_t m = 0; m < N_MONTHS; m++) {
                vio_time from;
                ck_assert_int_eq(vio_time_parse(months[m], &from), 0);
                for (size_t k = 0; k < N_MINUTES; k++) {
                        struct calendar c;
                        walk(z, minutes[k], from, &c);
                        for (size_t i = 2; i + 15 < c.n; i++) {
                                compare(z, minutes[k], 0x7f, &c, c.at[i]);
                                compare(z, minutes[k], 0x7f, &c, c.at[i] - 1);
                        }
                        for (int days = 1; days < 128; days++)
                                compare(z, minutes[k], (uint8_t)days, &c,
                                        from + 2 * DAY + random_below(&state, 12 * DAY));
                }
        }
        vio_zone_free(z);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("summary");
        TCase *tc = tcase_create("zones");
        tcase_add_loop_test(tc, the_next_summary_is_where_a_walk_finds_it, 0, (int)N_ZONES);
        tcase_set_timeout(tc, 300);
        suite_add_tcase(s, tc);
        return s;
}
