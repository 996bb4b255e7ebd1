/* calls.c - calls over HTTP: pages of them, their events, replays, and why somebody was called. */
#include "house.h"

#include <stdio.h>
#include <string.h>

static struct house house;

static void start(void)
{
        house_build(&house);
        house_serve(&house, NULL);
}

static void stop(void)
{
        house_leave(&house);
}

static const char *path(const char *before, const char *id, const char *behind)
{
        static char text[160];
        snprintf(text, sizeof(text), "%s%s%s", before, id, behind);
        return text;
}

static const char *member(const vio_json *object, const char *key)
{
        const char *text = vio_json_text(vio_json_get(object, key));
        ck_assert_msg(text, "there is no text %s", key);
        return text;
}

START_TEST(the_list_shows_the_newest_first_and_by_name)
{
        _answer_ a = ask(&house, .path = "/api/calls", .token = house.north.user);
        expect(&a, 200, NULL);
        ck_assert_uint_eq(vio_json_count(a.json), 3);
        ck_assert_str_eq(header_of(&a, "Link"), "");
        const vio_json *newest = vio_json_first(a.json);
        ck_assert_str_eq(member(newest, "id"), house.north.call.s);
        ck_assert_str_eq(member(newest, "contactName"), "Jane Smith");
        ck_assert_str_eq(member(newest, "outcome"), "busy");
        ck_assert_str_eq(member(newest, "callType"), "manual");
}
END_TEST

/* The path and query of the next page out of </api/...>; rel="next". */
static bool next_page(const struct answer *a, char *ret, size_t size)
{
        const char *link = header_of(a, "Link");
        size_t len = strcspn(link, ">");
        if (!*link)
                return false;
        ck_assert_int_eq(link[0], '<');
        ck_assert_str_eq(link + len, ">; rel=\"next\"");
        snprintf(ret, size, "%.*s", (int)len - 1, link + 1);
        return true;
}

START_TEST(the_link_leads_to_every_call_once)
{
        char where[512] = "/api/calls?limit=1&outcome=busy&from=2020-01-01T00:00:00Z",
             last[64] = "~";
        int pages = 0;
        for (bool more = true; more; pages++) {
                _answer_ a = ask(&house, .path = where, .token = house.south.user);
                expect(&a, 200, NULL);
                ck_assert_uint_eq(vio_json_count(a.json), 1);
                ck_assert_str_lt(member(vio_json_first(a.json), "id"), last);
                snprintf(last, sizeof(last), "%s", member(vio_json_first(a.json), "id"));
                more = next_page(&a, where, sizeof(where));
                ck_assert(!more || strstr(where, "limit=1&outcome=busy&from=2020"));
        }
        ck_assert_int_eq(pages, 3);
}
END_TEST

static const struct {
        const char *query;
        size_t n;
} choices[] = {
    {"outcome=busy", 3},
    {"outcome=confirmed", 0},
    {"outcome=none", 0},
    {"status=failed", 3},
    {"status=queued", 0},
    {"callType=manual", 3},
    {"callType=follow_up", 0},
    {"to=2020-01-01T00:00:00Z", 0},
    {"from=2020-01-01T00:00:00Z", 3},
    {"contactId=2", 3},
    {"contactId=1", 0},
    {"contactId=2&status=failed", 3},
};

START_TEST(the_list_is_chosen_by_what_the_query_says)
{
        _answer_ a = ask(&house, .path = path("/api/calls?", choices[_i].query, ""),
                         .token = house.north.user);
        expect(&a, 200, NULL);
        ck_assert_uint_eq(vio_json_count(a.json), choices[_i].n);
}
END_TEST

static const struct {
        const char *query, *field, *message;
} nonsense[] = {
    {"limit=0", "limit", "limit must be 1 to 500"},
    {"limit=501", "limit", "limit must be 1 to 500"},
    {"limit=x", "limit", "limit must be 1 to 500"},
    {"status=asleep", "status", "status must be queued, ongoing, failed or completed"},
    {"callType=ring", "callType", "callType must be manual, scheduled or follow_up"},
    {"outcome=maybe", "outcome", NULL},
    {"contactId=-1", "contactId", "contactId must be a whole number above 0"},
    {"from=yesterday", "from", NULL},
    {"to=2026-01-01", "to", NULL},
    {"after=yesterday", NULL, "after: must be a cursor of this list"},
};

START_TEST(a_query_that_makes_no_sense_is_named)
{
        _answer_ a = ask(&house, .path = path("/api/calls?", nonsense[_i].query, ""),
                         .token = house.north.user);
        expect(&a, 400, nonsense[_i].message);
        if (nonsense[_i].field)
                ck_assert_str_eq(text_of(&a, "field"), nonsense[_i].field);
}
END_TEST

START_TEST(what_has_not_changed_is_304)
{
        _answer_ a = ask(&house, .path = "/api/calls", .token = house.north.user);
        _answer_ b = ask(&house, .path = "/api/calls", .token = house.north.user,
                         .etag = header_of(&a, "ETag"));
        ck_assert_int_eq(b.status, 304);
}
END_TEST

static int64_t first_event(const struct clinic *clinic)
{
        int64_t id = 0;
        _answer_ a = ask(&house, .path = path("/api/calls/", clinic->call.s, "/events"),
                         .token = clinic->admin);
        expect(&a, 200, NULL);
        ck_assert_uint_eq(vio_json_count(a.json), 1);
        ck_assert_int_eq(vio_json_int(vio_json_get(vio_json_first(a.json), "id"), &id), VIO_OK);
        return id;
}

START_TEST(an_event_is_shown_as_the_json_that_came)
{
        _answer_ a = ask(&house, .path = path("/api/calls/", house.north.call.s, "/events"),
                         .token = house.north.admin);
        expect(&a, 200, NULL);
        const vio_json *e = vio_json_first(a.json);
        ck_assert_str_eq(member(e, "type"), "call_ended");
        ck_assert_str_eq(member(e, "callId"), house.north.call.s);
        const vio_json *call = vio_json_get(vio_json_get(e, "payload"), "call");
        ck_assert_str_eq(member(call, "disconnection_reason"), "dial_busy");
}
END_TEST

START_TEST(events_are_for_admins_and_for_their_own_tenant)
{
        _answer_ user = ask(&house, .path = path("/api/calls/", house.north.call.s, "/events"),
                            .token = house.north.user);
        expect(&user, 403, NULL);
        _answer_ other = ask(&house, .path = path("/api/calls/", house.north.call.s, "/events"),
                             .token = house.south.admin);
        expect(&other, 404, "Call not found");
}
END_TEST

static struct answer replay(int64_t id, const char *token)
{
        char number[24];
        snprintf(number, sizeof(number), "%lld", (long long)id);
        return ask(&house, .method = "POST", .path = path("/api/events/", number, "/replay"),
                   .token = token);
}

START_TEST(a_replay_of_what_is_known_changes_nothing)
{
        int64_t id = first_event(&house.north);
        _answer_ a = replay(id, house.north.admin);
        expect(&a, 200, NULL);
        ck_assert_str_eq(text_of(&a, "result"), "unchanged");
        ck_assert_int_eq(number_of(&a, "eventId"), id);
        _answer_ call = ask(&house, .path = path("/api/calls/", house.north.call.s, ""),
                            .token = house.north.user);
        ck_assert_str_eq(text_of(&call, "outcome"), "busy");
}
END_TEST

START_TEST(another_tenants_event_and_no_event_are_the_same_404)
{
        _answer_ other = replay(first_event(&house.north), house.south.admin);
        expect(&other, 404, "Event not found");
        _answer_ none = replay(987654, house.north.admin);
        expect(&none, 404, "Event not found");
        _answer_ user = replay(first_event(&house.north), house.north.user);
        expect(&user, 403, NULL);
}
END_TEST

START_TEST(it_is_explained_why_a_contact_was_called)
{
        _answer_ a = ask(&house, .path = "/api/contacts/2/explain", .token = house.north.user);
        expect(&a, 200, NULL);
        ck_assert_int_eq(number_of(&a, "contactId"), 2);
        int placed = 0;
        for (const vio_json *e = vio_json_first(vio_json_get(a.json, "entries")); e;
             e = vio_json_next(e))
                placed += !strcmp(member(e, "kind"), "placed");
        ck_assert_int_eq(placed, 3);
        const vio_json *verdict = vio_json_get(a.json, "verdict");
        ck_assert_str_eq(member(verdict, "code"), "wait");
        ck_assert_str_eq(member(verdict, "reason"), "daily_limit");
        ck_assert_str_eq(member(verdict, "reasonText"),
                         "The contact was called often enough today.");
        ck_assert_uint_ge(vio_json_count(vio_json_get(a.json, "findings")), 2);
        ck_assert_ptr_nonnull(strstr(a.text, "\"code\":\"status_outcome\""));
}
END_TEST

START_TEST(a_contact_of_another_tenant_or_of_none_is_not_explained)
{
        char id[24];
        snprintf(id, sizeof(id), "%lld", (long long)house.southern.v);
        _answer_ other =
            ask(&house, .path = path("/api/contacts/", id, "/explain"), .token = house.north.user);
        expect(&other, 404, "Contact not found");
        _answer_ none = ask(&house, .path = "/api/contacts/x/explain", .token = house.north.user);
        expect(&none, 404, "Contact not found");
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("http_calls");
        TCase *tc = shared_case(s, start, stop);
        tcase_add_test(tc, the_list_shows_the_newest_first_and_by_name);
        tcase_add_test(tc, the_link_leads_to_every_call_once);
        tcase_add_loop_test(tc, the_list_is_chosen_by_what_the_query_says, 0, count_of(choices));
        tcase_add_loop_test(tc, a_query_that_makes_no_sense_is_named, 0, count_of(nonsense));
        tcase_add_test(tc, what_has_not_changed_is_304);
        tcase_add_test(tc, an_event_is_shown_as_the_json_that_came);
        tcase_add_test(tc, events_are_for_admins_and_for_their_own_tenant);
        tcase_add_test(tc, a_replay_of_what_is_known_changes_nothing);
        tcase_add_test(tc, another_tenants_event_and_no_event_are_the_same_404);
        tcase_add_test(tc, it_is_explained_why_a_contact_was_called);
        tcase_add_test(tc, a_contact_of_another_tenant_or_of_none_is_not_explained);
        return s;
}
