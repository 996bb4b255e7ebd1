/* calls.c - pages of calls, and what they are chosen by. */
#include <string.h>

#include "clinic.h"
#include "run.h"

static struct town town;
static struct business *const acme = &town.acme;
static struct business *const bolt = &town.bolt;
static vio_contact_id people[16];

/* Calls by hand in the morning and in the afternoon, follow-ups in between; both tenants have the
 * same people. */
static void open_town(void)
{
        town_open(&town);
        for (int i = 1; i <= 6; i++) {
                people[i] = given_contact(acme, "Ada", i, "2026-11-28T15:00:00Z");
                given_contact(bolt, "Bea", i, "2026-11-28T15:00:00Z");
        }
        for (int round = 0; round < 2; round++) {
                for (int i = 1; i <= (round ? 3 : 6); i++)
                        ck_assert_int_eq(when_called_now(acme, people[i]), 0);
                when_time_passes(&town, 5 * HOURS);
        }
        ck_assert_int_eq(when_called_now(bolt, people[1]), VIO_E_REFUSED);
}

static void close_town(void)
{
        town_close(&town);
}

struct gathered {
        vio_call_id ids[64];
        vio_time last;
        size_t n;
};

static int gather(void *data, const vio_call *c)
{
        struct gathered *g = data;
        if (g->n)
                ck_assert_int_ge(g->last, vio_call_get_created_at(c));
        ck_assert_str_eq(vio_call_get_contact_name(c), "Ada");
        g->last = vio_call_get_created_at(c);
        ck_assert_uint_lt(g->n, 64);
        g->ids[g->n++] = vio_call_get_id(c);
        return 0;
}

static size_t gather_pages(struct vio_call_filter f, size_t limit)
{
        struct gathered g = {.n = 0};
        char cursor[VIO_CALL_CURSOR] = "";
        f.limit = limit;
        do {
                size_t before = g.n;
                f.after = cursor;
                ck_assert_int_eq(vio_call_page(acme->handle, &f, gather, &g, cursor), 0);
                ck_assert_uint_le(g.n - before, limit);
                ck_assert(!*cursor || g.n - before == limit);
        } while (*cursor);
        for (size_t i = 0; i < g.n; i++)
                for (size_t j = 0; j < i; j++)
                        ck_assert_str_ne(g.ids[i].s, g.ids[j].s);
        return g.n;
}

static size_t all_of(struct business *b, struct vio_call_filter f)
{
        struct gathered g = {.n = 0};
        ck_assert_int_eq(vio_call_each(b->handle, &f, gather, &g), 0);
        return g.n;
}

START_TEST(pages_hold_every_call_once_and_newest_first)
{
        struct vio_call_filter all = VIO_CALL_FILTER_INIT, some = VIO_CALL_FILTER_INIT;
        size_t n = all_of(acme, all);
        ck_assert_uint_ge(n, 12);
        for (size_t limit = 1; limit <= n + 1; limit++)
                ck_assert_uint_eq(gather_pages(all, limit), n);
        some.contact = people[4];
        ck_assert_uint_eq(gather_pages(some, 1), all_of(acme, some));
        ck_assert_uint_ge(gather_pages(some, 2), 2);
        ck_assert_uint_eq(all_of(bolt, all), 0);
}
END_TEST

START_TEST(calls_are_chosen_by_what_they_are)
{
        struct vio_call_filter f = VIO_CALL_FILTER_INIT;
        f.outcome = VIO_OUTCOME_CONFIRMED;
        ck_assert_uint_eq(all_of(acme, f), 2);
        f.type = VIO_CALL_TYPE_FOLLOW_UP;
        ck_assert_uint_eq(all_of(acme, f), 0);
        f.outcome = VIO_OUTCOME_NONE;
        ck_assert_uint_eq(all_of(acme, f), 0);
        f.outcome = -1;
        size_t followed = all_of(acme, f);
        ck_assert_uint_ge(followed, 1);
        f.type = -1;
        size_t sum = 0;
        for (f.status = VIO_CALL_QUEUED; f.status <= VIO_CALL_COMPLETED; f.status++)
                sum += all_of(acme, f);
        f.status = -1;
        ck_assert_uint_eq(sum, all_of(acme, f));
}
END_TEST

START_TEST(a_period_holds_its_beginning_and_not_its_end)
{
        struct vio_call_filter f = VIO_CALL_FILTER_INIT;
        f.contact = people[1];
        f.from = at(OPENING_DAY);
        f.to = f.from + 1;
        ck_assert_uint_eq(all_of(acme, f), 1);
        f.contact.v = 0;
        ck_assert_uint_eq(all_of(acme, f), 6);
        f.from++, f.to++;
        ck_assert_uint_eq(all_of(acme, f), 0);
        f.from -= 2, f.to--;
        f.to--;
        ck_assert_uint_eq(all_of(acme, f), 0);
        f.from = 0;
        f.to = VIO_TIME_NONE;
        ck_assert_uint_eq(all_of(acme, f),
                          all_of(acme, (struct vio_call_filter)VIO_CALL_FILTER_INIT));
}
END_TEST

static const struct {
        size_t limit;
        int status, outcome, type;
        const char *after, *told;
} bad[] = {
    {0, -1, -1, -1, "", "limit: "},    {501, -1, -1, -1, "", "limit: "},
    {5, 4, -1, -1, "", "status: "},    {5, -2, -1, -1, "", "status: "},
    {5, -1, 10, -1, "", "outcome: "},  {5, -1, -1, 3, "", "callType: "},
    {5, -1, -1, -1, "now", "after: "},
};

START_TEST(a_choice_that_makes_no_sense_is_named)
{
        struct vio_call_filter f = VIO_CALL_FILTER_INIT;
        struct gathered g = {.n = 0};
        char cursor[VIO_CALL_CURSOR] = "untouched";
        f.limit = bad[_i].limit;
        f.status = bad[_i].status;
        f.outcome = bad[_i].outcome;
        f.type = bad[_i].type;
        f.after = bad[_i].after;
        ck_assert_int_eq(vio_call_page(acme->handle, &f, gather, &g, cursor), VIO_E_INVALID);
        ck_assert_msg(strstr(vio_tenant_error(acme->handle), bad[_i].told), "it says: %s",
                      vio_tenant_error(acme->handle));
        ck_assert_str_eq(cursor, "untouched");
        f.size = 8;
        ck_assert_int_eq(vio_call_page(acme->handle, &f, gather, &g, cursor), VIO_E_INVALID);
}
END_TEST

START_TEST(the_filter_of_the_first_release_goes_on_working)
{
        struct {
                size_t size;
                vio_contact_id contact;
                size_t limit;
        } old = {sizeof(old), people[1], 500};
        struct gathered g = {.n = 0};
        ck_assert_int_eq(
            vio_call_each(acme->handle, (const struct vio_call_filter *)(void *)&old, gather, &g),
            0);
        ck_assert_uint_eq(g.n, 2);
}
END_TEST

#define add(test) add_fixture_case(s, test, open_town, close_town)

Suite *suite(void)
{
        Suite *s = suite_create("calls");
        add(pages_hold_every_call_once_and_newest_first);
        add(calls_are_chosen_by_what_they_are);
        add(a_period_holds_its_beginning_and_not_its_end);
        add(the_filter_of_the_first_release_goes_on_working);
        TCase *tc = tcase_create("bad");
        tcase_add_checked_fixture(tc, open_town, close_town);
        tcase_add_loop_test(tc, a_choice_that_makes_no_sense_is_named, 0, 7);
        suite_add_tcase(s, tc);
        return s;
}
