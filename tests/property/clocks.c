/* clocks.c - tests: windows and plans against a search minute by minute, where the clocks change.
 */
#include <vio/ladder.h>

#include "random.h"
#include "run.h"

#define MINUTE INT64_C(60000)
#define HOUR   INT64_C(3600000)
#define DAY    INT64_C(86400000)

static const char *const zones[] = {
    "Europe/Berlin",     "Europe/Dublin",       "America/St_Johns", "Australia/Lord_Howe",
    "Africa/Casablanca", "America/Los_Angeles", "Asia/Beirut",      "Africa/Cairo",
    "Pacific/Apia",      "Pacific/Chatham",     "America/Nuuk",     "Asia/Kathmandu",
    "America/Asuncion",  "Antarctica/Troll",    "America/Havana",
};

static const struct vio_window windows[] = {
    VIO_WINDOW_INIT,
    {540, 1020, -1, -1, 0x1f},    /* office hours */
    {480, 1260, 720, 840, 0x7f},  /* a midday rest */
    {480, 1260, 1200, 600, 0x7f}, /* a rest over midnight */
    {600, 601, -1, -1, 0x2a},     /* a minute on some days */
    {0, 1440, 1410, 150, 0x5f},   /* wider than permitted: across the changes themselves */
    {90, 180, 100, 130, 0x7f},
};
#define N_WINDOWS (sizeof windows / sizeof windows[0])

/* The definition of an open minute, once more and by other means. */
static bool is_open(const struct vio_window *w, const vio_zone *z, vio_time t)
{
        struct vio_local l;
        vio_zone_local(z, t, &l);
        int minute = l.hour * 60 + l.minute;
        bool quiet = false;
        for (int m = w->quiet_start_min; w->quiet_start_min >= 0 && m != w->quiet_end_min;
             m = (m + 1) % 1440)
                quiet = quiet || m == minute;
        return (w->days & 1 << l.weekday) && minute >= w->start_min && minute < w->end_min &&
               !quiet;
}

static vio_time minute_of(vio_time t)
{
        return t - t % MINUTE;
}

static vio_time search_next(const struct vio_window *w, const vio_zone *z, vio_time t)
{
        if (is_open(w, z, t))
                return t;
        for (t = minute_of(t) + MINUTE; !is_open(w, z, t);)
                t += MINUTE;
        return t;
}

static vio_time search_last(const struct vio_window *w, const vio_zone *z, vio_time t)
{
        if (is_open(w, z, t))
                return t;
        for (t = minute_of(t); !is_open(w, z, t);)
                t -= MINUTE;
        return t;
}

/* A time from 1980 to 2080, mostly within two days of a change of the clocks. */
static vio_time some_time(const vio_zone *z, uint64_t *rnd)
{
        vio_time t = 10 * 365 * DAY + random_below(rnd, 100 * 365 * (DAY / 1000)) * 1000;
        int32_t offset = vio_zone_offset(z, t);
        for (int day = 0; day < 200 && random_below(rnd, 500) > 0; day++)
                if (vio_zone_offset(z, t + day * DAY) != offset)
                        return t + day * DAY + random_below(rnd, 4 * DAY) - 2 * DAY;
        return t;
}

START_TEST(the_window_agrees_with_a_search_minute_by_minute)
{
        vio_zone *z;
        uint64_t rnd = (uint64_t)_i;
        ck_assert_int_eq(vio_zone_open(zones[_i], &z), 0);
        for (int round = 0; round < 60; round++) {
                vio_time t = some_time(z, &rnd);
                const struct vio_window *w = &windows[round % (int)N_WINDOWS];
                ck_assert_int_eq(vio_window_open_at(w, z, t), is_open(w, z, t));
                ck_assert_int_eq(vio_window_next_open(w, z, t), search_next(w, z, t));
                ck_assert_int_eq(vio_window_last_open(w, z, t), search_last(w, z, t));
        }
        vio_zone_free(z);
}
END_TEST

static void assert_permitted(const vio_zone *z, vio_time t)
{
        struct vio_local l;
        vio_zone_local(z, t, &l);
        ck_assert_int_ge(l.hour, 8);
        ck_assert_int_lt(l.hour, 21);
}

START_TEST(a_reminder_is_in_hours_in_time_and_no_earlier_than_it_must)
{
        struct vio_ladder l = VIO_LADDER_INIT;
        vio_zone *z;
        uint64_t rnd = (uint64_t)_i + 100;
        ck_assert_int_eq(vio_zone_open(zones[_i], &z), 0);
        l.zone = z;
        for (int round = 0; round < 400; round++) {
                vio_time appointment = some_time(z, &rnd);
                vio_time now = appointment - random_below(&rnd, 5 * DAY);
                struct vio_plan p;
                l.window = &windows[round % 4];
                vio_reminder_plan(&l, appointment, now, &p);
                vio_time open = vio_window_next_open(l.window, z, now);
                if (!p.due) {
                        vio_time planned =
                            vio_window_last_open(l.window, z, appointment - l.lead_ms);
                        ck_assert_int_lt(planned, now);
                        ck_assert(now == appointment || open > appointment - l.min_notice_ms);
                        continue;
                }
                assert_permitted(z, p.at);
                ck_assert_int_ge(p.at, now);
                ck_assert(vio_window_open_at(l.window, z, p.at));
                if (p.at <= appointment - l.lead_ms)
                        ck_assert(p.at == open ||
                                  p.at == search_last(l.window, z, appointment - l.lead_ms));
                else
                        ck_assert(p.at == open && p.at <= appointment - l.min_notice_ms);
        }
        vio_zone_free(z);
}
END_TEST

START_TEST(a_follow_up_is_in_hours_and_between_the_miss_and_the_appointment)
{
        struct vio_ladder l = VIO_LADDER_INIT;
        vio_zone *z;
        uint64_t rnd = (uint64_t)_i + 200;
        ck_assert_int_eq(vio_zone_open(zones[_i], &z), 0);
        l.zone = z;
        for (int round = 0; round < 400; round++) {
                vio_time missed = some_time(z, &rnd);
                vio_time now = missed + random_below(&rnd, 3 * HOUR);
                vio_time appointment = now + 1 + random_below(&rnd, 2 * DAY);
                struct vio_plan p;
                l.window = &windows[round % 4];
                vio_follow_up_plan(&l, missed, appointment, now, &p);
                vio_time from = missed + 90 * MINUTE > now ? missed + 90 * MINUTE : now;
                vio_time open = vio_window_next_open(l.window, z, from);
                ck_assert_int_eq(p.due, open < appointment);
                if (p.due) {
                        ck_assert_int_eq(p.at, open);
                        assert_permitted(z, p.at);
                }
        }
        vio_zone_free(z);
}
END_TEST

START_TEST(no_permission_to_dial_is_ever_given_by_night)
{
        vio_zone *z;
        uint64_t rnd = (uint64_t)_i + 300;
        ck_assert_int_eq(vio_zone_open(zones[_i], &z), 0);
        unsigned verdicts[3] = {0};
        for (int round = 0; round < 600; round++) {
                struct vio_dial_facts f = VIO_DIAL_FACTS_INIT;
                struct vio_dial_decision d;
                uint64_t bits = random_next(&rnd);
                f.now = some_time(z, &rnd);
                f.zone = z;
                f.window = &windows[round % 4];
                f.appointment = f.task_appointment = f.now + random_below(&rnd, 3 * DAY);
                f.phone_ok = bits & 0xf;
                f.configured = bits & 0xf0;
                f.live_call = (bits & 0x700) == 0;
                f.manual = bits & 0x800;
                f.calls_today = (int)random_below(&rnd, 4);
                f.blocked_until = bits & 0x3000 ? VIO_TIME_NONE : f.now + random_below(&rnd, DAY);
                vio_dial_decide(&f, &d);
                verdicts[d.verdict]++;
                if (d.verdict == VIO_DIAL_NEVER)
                        continue;
                assert_permitted(z, d.at);
                ck_assert(d.verdict == VIO_DIAL_WAIT ? d.at > f.now : d.at == f.now);
                ck_assert(f.manual || d.at < f.appointment);
                /* After the wait, the same hindrance holds no longer, unless nobody knew its end.
                 */
                if (d.reason == VIO_REASON_DAILY_LIMIT) {
                        struct vio_local before, after;
                        vio_zone_local(z, f.now, &before);
                        vio_zone_local(z, d.at, &after);
                        ck_assert_int_gt(after.day_number, before.day_number);
                }
        }
        for (int i = 0; i < 3; i++)
                ck_assert_uint_gt(verdicts[i], 20);
        vio_zone_free(z);
}
END_TEST

START_TEST(the_wall_read_back_gives_the_first_time_that_shows_it)
{
        vio_zone *z;
        uint64_t rnd = (uint64_t)_i + 400;
        ck_assert_int_eq(vio_zone_open(zones[_i], &z), 0);
        for (int round = 0; round < 1000; round++) {
                vio_time t = some_time(z, &rnd) / 1000 * 1000;
                struct vio_local l, back;
                vio_zone_local(z, t, &l);
                vio_time first = vio_zone_utc(z, &l);
                vio_zone_local(z, first, &back);
                ck_assert_int_le(first, t);
                ck_assert_int_eq(first + back.offset_s * 1000, t + l.offset_s * 1000);
        }
        vio_zone_free(z);
}
END_TEST

static void add_for_each_zone(Suite *s, const char *name, const TTest *test)
{
        TCase *tc = tcase_create(name);
        tcase_add_loop_test(tc, test, 0, (int)(sizeof zones / sizeof zones[0]));
        tcase_set_timeout(tc, 120);
        suite_add_tcase(s, tc);
}

Suite *suite(void)
{
        Suite *s = suite_create("clocks");
#define ADD(test) add_for_each_zone(s, #test, test)
        ADD(the_window_agrees_with_a_search_minute_by_minute);
        ADD(a_reminder_is_in_hours_in_time_and_no_earlier_than_it_must);
        ADD(a_follow_up_is_in_hours_and_between_the_miss_and_the_appointment);
        ADD(no_permission_to_dial_is_ever_given_by_night);
        ADD(the_wall_read_back_gives_the_first_time_that_shows_it);
#undef ADD
        return s;
}
