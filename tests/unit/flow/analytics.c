/* analytics.c - the numbers of a day and of many, against a recount of what the calls say. */
#include <stdio.h>
#include <string.h>

#include "abi/handle.h"
#include "clinic.h"
#include "run.h"
#include "store/q.h"

static struct town town;
static struct business *const acme = &town.acme;
static struct business *const bolt = &town.bolt;

static void open_town(void)
{
        town_open(&town);
}

static void close_town(void)
{
        town_close(&town);
}

static int count_call(void *data, const vio_call *c)
{
        (void)c;
        ++*(size_t *)data;
        return 0;
}

static struct vio_call_activity activity_of(struct business *b, size_t *ret_recent)
{
        struct vio_call_activity a = VIO_CALL_ACTIVITY_INIT;
        size_t recent = 0;
        ck_assert_int_eq(vio_call_activity(b->handle, &a, count_call, &recent), 0);
        if (ret_recent)
                *ret_recent = recent;
        return a;
}

/* The days that vio_performance() tells, and their sums. */
struct series {
        char first[11], last[11];
        size_t n;
        int64_t calls, confirmed;
};

static int add_day(void *data, const struct vio_day_figures *d)
{
        struct series *s = data;
        if (!s->n++)
                snprintf(s->first, sizeof(s->first), "%s", d->day);
        else
                ck_assert_str_gt(d->day, s->last);
        snprintf(s->last, sizeof(s->last), "%s", d->day);
        s->calls += d->calls;
        s->confirmed += d->confirmed;
        return 0;
}

static struct vio_performance performance_of(struct business *b, int days, struct series *ret)
{
        struct vio_performance p = VIO_PERFORMANCE_INIT;
        struct series s = {.n = 0};
        ck_assert_int_eq(vio_performance(b->handle, days, &p, add_day, &s), 0);
        ck_assert_uint_eq(s.n, (size_t)days);
        ck_assert_str_eq(s.first, p.from);
        ck_assert_str_eq(s.last, p.to);
        ck_assert_int_eq(s.calls, p.calls);
        ck_assert_int_eq(s.confirmed, p.confirmed);
        if (ret)
                *ret = s;
        return p;
}

START_TEST(of_nothing_every_rate_is_nothing)
{
        struct vio_performance p = performance_of(acme, VIO_PERFORMANCE_DAYS, NULL);
        struct vio_call_activity a = activity_of(acme, NULL);
        ck_assert_int_eq(p.call_success_tenths, 0);
        ck_assert_int_eq(p.confirmation_tenths, 0);
        ck_assert_int_eq(p.no_show_tenths, 0);
        ck_assert_int_eq(p.avg_call_duration, 0);
        ck_assert_uint_eq(p.n_outcomes, 0);
        ck_assert_int_eq(a.attempted + a.completed + a.active_calls + a.pending_calls, 0);
        ck_assert_uint_eq(a.n_outcomes, 0);
}
END_TEST

START_TEST(today_is_counted_as_it_happens)
{
        size_t recent;
        vio_contact_id people[15];
        for (int i = 1; i <= 6; i++)
                people[i] = given_contact(acme, "Somebody", i, MONDAY);
        given_contact(bolt, "Somebody", 1, MONDAY);
        for (int i = 1; i <= 4; i++)
                ck_assert_int_eq(when_called_now(acme, people[i]), 0);
        struct vio_call_activity a = activity_of(acme, &recent);
        ck_assert_str_eq(a.day, "2026-11-20");
        ck_assert_int_eq(a.active_calls, 4);
        ck_assert_int_eq(a.attempted, 4);
        ck_assert_int_eq(a.completed, 0);
        ck_assert_int_eq(a.pending_calls, 6);
        ck_assert_uint_eq(recent, 4);

        when_time_passes(&town, 20 * MINUTES);
        a = activity_of(acme, NULL);
        ck_assert_int_eq(a.active_calls, 0);
        ck_assert_int_eq(a.completed, 4);
        ck_assert_int_eq(a.confirmed, 1);
        ck_assert_uint_eq(a.n_outcomes, 4);
        for (size_t i = 0; i < a.n_outcomes; i++) {
                ck_assert_int_eq(a.outcomes[i].count, 1);
                ck_assert_int_eq(a.outcomes[i].tenths, 250);
        }
        a = activity_of(bolt, &recent);
        ck_assert_int_eq(a.attempted, 0);
        ck_assert_int_eq(a.pending_calls, 1);
        ck_assert_uint_eq(recent, 0);
}
END_TEST

START_TEST(only_the_ten_newest_calls_are_shown)
{
        size_t recent;
        for (int i = 1; i <= 13; i++) {
                vio_contact_id c = given_contact(acme, "Somebody", i, MONDAY);
                ck_assert_int_eq(when_called_now(acme, c), 0);
        }
        activity_of(acme, &recent);
        ck_assert_uint_eq(recent, VIO_RECENT_CALLS);
}
END_TEST

/* 04:59 in London is still yesterday's evening in New York. */
START_TEST(each_tenant_has_its_own_midnight)
{
        vio_contact_id a = given_contact(acme, "Ada", 1, "2026-11-28T15:00:00Z");
        vio_contact_id b = given_contact(bolt, "Ada", 1, "2026-11-28T15:00:00Z");
        ck_assert_int_eq(when_called_now(acme, a), 0);
        ck_assert_int_eq(when_called_now(bolt, b), 0);
        when_it_is(&town, "2026-11-21T00:00:00Z");
        ck_assert_int_eq(activity_of(acme, NULL).attempted, 1);
        ck_assert_int_eq(activity_of(bolt, NULL).attempted, 0);
        ck_assert_str_eq(activity_of(bolt, NULL).day, "2026-11-21");
        when_it_is(&town, "2026-11-21T05:00:00Z");
        ck_assert_int_eq(activity_of(acme, NULL).attempted, 0);
        ck_assert_int_eq(performance_of(acme, 1, NULL).calls, 0);
        ck_assert_int_eq(performance_of(acme, 2, NULL).calls, 1);
        struct vio_performance p = performance_of(bolt, 2, NULL);
        ck_assert_int_eq(p.parts[VIO_DAY_PART_AFTERNOON - 1].calls, 1);
        p = performance_of(acme, 2, NULL);
        ck_assert_int_eq(p.parts[VIO_DAY_PART_MORNING - 1].calls, 1);
        ck_assert_int_eq(p.parts[VIO_DAY_PART_MORNING - 1].confirmed_tenths, 1000);
}
END_TEST

START_TEST(a_tenant_that_moves_to_another_zone_keeps_what_was_counted)
{
        vio_contact_id a = given_contact(acme, "Ada", 8, "2026-11-28T15:00:00Z");
        ck_assert_int_eq(when_called_now(acme, a), 0);
        given_setting(acme, "time_zone", "Pacific/Auckland");
        when_time_passes(&town, 15 * MINUTES);
        struct vio_performance p = performance_of(acme, 3, NULL);
        ck_assert_int_eq(p.calls, 1);
        ck_assert_int_eq(p.parts[VIO_DAY_PART_MORNING - 1].reached, 1);
}
END_TEST

static const struct {
        int days;
        bool good;
} periods[] = {{-1, false}, {0, false}, {1, true}, {366, true}, {367, false}};

START_TEST(a_period_has_1_to_366_days)
{
        struct vio_performance p = VIO_PERFORMANCE_INIT;
        int r = vio_performance(acme->handle, periods[_i].days, &p, NULL, NULL);
        ck_assert_int_eq(r, periods[_i].good ? 0 : VIO_E_INVALID);
}
END_TEST

START_TEST(a_result_that_was_not_initialised_is_refused)
{
        struct vio_performance p = {.size = 4};
        struct vio_call_activity a = {.size = 0};
        ck_assert_int_eq(vio_performance(acme->handle, 30, &p, NULL, NULL), VIO_E_INVALID);
        ck_assert_int_eq(vio_call_activity(acme->handle, &a, NULL, NULL), VIO_E_INVALID);
}
END_TEST

TENANT_SQL(sql_appointments, "INSERT INTO appointment_days (tenant_id, day, appointments, no_shows)"
                             " VALUES (?1, ?2, ?3, ?4)"
                             " ON CONFLICT (tenant_id, day) DO UPDATE SET"
                             " appointments = excluded.appointments, no_shows = excluded.no_shows");
struct appointments {
        const char *day;
        int64_t n, no_shows;
};

static int keep_appointments_in(struct tenant_tx *tx, void *arg)
{
        const struct appointments *a = arg;
        _cleanup_q_ struct q *q = q_open(tx, &sql_appointments);
        q_text(q, a->day);
        q_int(q, a->n);
        q_int(q, a->no_shows);
        return q_done(q);
}

/* Yesterday and today count, tomorrow and the day before the period do not. */
START_TEST(who_did_not_come_is_a_share_of_the_appointments_up_to_today)
{
        struct appointments days[] = {{"2026-11-18", 100, 100},
                                      {"2026-11-19", 50, 10},
                                      {"2026-11-20", 31, 0},
                                      {"2026-11-21", 100, 100}};
        for (size_t i = 0; i < 4; i++)
                ck_assert_int_eq(store_write_tenant(town.v->engine.store, acme->id,
                                                    keep_appointments_in, &days[i], NULL),
                                 0);
        struct vio_performance p = performance_of(acme, 2, NULL);
        ck_assert_int_eq(p.appointments, 81);
        ck_assert_int_eq(p.no_shows, 10);
        ck_assert_int_eq(p.no_show_tenths, 123);
        ck_assert_int_eq(performance_of(bolt, 2, NULL).appointments, 0);
}
END_TEST

/* Counted from the calls one by one, as anybody could through the public interface. */
struct recount {
        int64_t calls, reached, confirmed, outcomes[VIO_OUTCOMES], duration, timed;
};

static int recount_call(void *data, const vio_call *c)
{
        struct recount *r = data;
        enum vio_dial_state dial = vio_call_get_dial_state(c);
        enum vio_outcome o = vio_call_get_outcome(c);
        if (dial == VIO_DIAL_REJECTED || dial == VIO_DIAL_NOT_PLACED)
                return 0;
        r->calls++;
        r->reached += o == VIO_OUTCOME_ANSWERED || o >= VIO_OUTCOME_CONFIRMED;
        r->confirmed += o == VIO_OUTCOME_CONFIRMED;
        r->outcomes[o]++;
        if (vio_call_get_duration(c) >= 0) {
                r->duration += vio_call_get_duration(c);
                r->timed++;
        }
        return 0;
}

static void must_equal_a_recount(struct business *b)
{
        struct vio_call_filter all = VIO_CALL_FILTER_INIT;
        struct recount r = {.calls = 0};
        int64_t in_parts = 0, reached = 0, confirmed = 0;
        char cursor[VIO_CALL_CURSOR] = "";
        all.limit = 7;
        do {
                all.after = cursor;
                ck_assert_int_eq(vio_call_page(b->handle, &all, recount_call, &r, cursor), 0);
        } while (*cursor);
        struct vio_performance p = performance_of(b, VIO_PERFORMANCE_DAYS, NULL);
        ck_assert_int_eq(p.calls, r.calls);
        ck_assert_int_eq(p.reached, r.reached);
        ck_assert_int_eq(p.confirmed, r.confirmed);
        for (size_t i = 0; i < p.n_outcomes; i++)
                ck_assert_int_eq(p.outcomes[i].count, r.outcomes[p.outcomes[i].outcome]);
        ck_assert_int_eq(p.avg_call_duration, r.timed ? (r.duration + r.timed / 2) / r.timed : 0);
        for (size_t i = 0; i < 3; i++) {
                in_parts += p.parts[i].calls;
                reached += p.parts[i].reached;
                confirmed += p.parts[i].confirmed;
        }
        ck_assert_int_eq(in_parts, r.calls);
        ck_assert_int_eq(reached, r.reached);
        ck_assert_int_eq(confirmed, r.confirmed);
}

/* xorshift: the same sequence in every run of the same seed. */
static uint64_t state;
static unsigned any(unsigned below)
{
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return (unsigned)(state % below);
}

static const struct {
        const char *east, *west, *from;
} histories[] = {
    {"Pacific/Auckland", "America/Los_Angeles", "2026-11-20T15:00:00Z"},
    {"Asia/Kathmandu", "America/New_York", "2027-03-13T14:00:00Z"}, /* New York: 14 March */
    {"Europe/London", "America/St_Johns", "2027-03-27T14:00:00Z"},  /* London: 28 March */
};

static void something_happens(vio_contact_id people[2][13])
{
        static const enum post posts[] = {POST_DELIVERED, POST_DELIVERED, POST_LOST, POST_TWICE};
        struct business *b = any(2) ? acme : bolt;
        int who = (int)any(13);
        town.post = posts[any(4)];
        town.next_dial = any(6) ? MISHAP_NONE : (enum mishap)(1 + any(4));
        vio_contact_id *id = &people[b == acme][who];
        if (!id->v) {
                char appointment[VIO_TIME_TEXT];
                vio_time_format(town.now + (2 + any(60)) * HOURS, appointment);
                *id = given_contact(b, "Somebody", who + 1, appointment);
        } else {
                when_called_now(b, *id);
        }
        when_time_passes(&town, any(5 * 60) * MINUTES);
}

START_TEST(after_any_history_the_numbers_equal_a_recount)
{
        vio_contact_id people[2][13] = {0};
        state = UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)_i;
        town.now = at(histories[_i % 3].from);
        given_setting(acme, "time_zone", histories[_i % 3].west);
        given_setting(bolt, "time_zone", histories[_i % 3].east);
        for (int i = 0; i < 45; i++)
                something_happens(people);
        must_equal_a_recount(acme);
        must_equal_a_recount(bolt);
        ck_assert_int_gt(performance_of(acme, 366, NULL).calls, 5);
}
END_TEST

#define add(test) add_fixture_case(s, test, open_town, close_town)

static void add_rows(Suite *s, const char *name, const TTest *test, int n)
{
        TCase *tc = tcase_create(name);
        tcase_add_checked_fixture(tc, open_town, close_town);
        tcase_add_loop_test(tc, test, 0, n);
        tcase_set_timeout(tc, 120);
        suite_add_tcase(s, tc);
}

Suite *suite(void)
{
        Suite *s = suite_create("analytics");
        add(of_nothing_every_rate_is_nothing);
        add(today_is_counted_as_it_happens);
        add(only_the_ten_newest_calls_are_shown);
        add(each_tenant_has_its_own_midnight);
        add(a_tenant_that_moves_to_another_zone_keeps_what_was_counted);
        add(a_result_that_was_not_initialised_is_refused);
        add(who_did_not_come_is_a_share_of_the_appointments_up_to_today);
        add_rows(s, "periods", a_period_has_1_to_366_days, 5);
        add_rows(s, "histories", after_any_history_the_numbers_equal_a_recount, 9);
        return s;
}
