/* tasks.c - planned calls over HTTP: listed, moved, cancelled, planned again. */
#include "house.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

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

/* The id of a new contact's planned call; the appointment is three days ahead at about noon. */
static void given_task(const struct clinic *clinic, char ret[40])
{
        static int n;
        char body[200], where[80], when[VIO_TIME_TEXT];
        vio_time_format(((vio_time)time(NULL) + 3LL * 86400) * 1000, when);
        snprintf(body, sizeof(body),
                 "{\"name\":\"Somebody\",\"phone\":\"+1415555%04d\",\"appointmentTime\":\"%s\"}",
                 2000 + n++, when);
        _answer_ c = ask(&house, .method = "POST", .path = "/api/contacts", .token = clinic->admin,
                         .body = body);
        expect(&c, 201, NULL);
        snprintf(where, sizeof(where), "/api/tasks?contactId=%lld", (long long)number_of(&c, "id"));
        _answer_ t = ask(&house, .path = where, .token = clinic->user);
        ck_assert_uint_eq(vio_json_count(t.json), 1);
        snprintf(ret, 40, "%s", member(vio_json_first(t.json), "id"));
}

/* A day ahead, at about noon in the clinic's zone; or at about midnight. */
static const char *tomorrow(int hours)
{
        static char body[80];
        char when[VIO_TIME_TEXT];
        vio_time_format(((vio_time)time(NULL) + 86400LL + hours * 3600LL) * 1000, when);
        snprintf(body, sizeof(body), "{\"scheduledFor\":\"%s\"}", when);
        return body;
}

START_TEST(the_list_is_in_order_of_time_and_by_name)
{
        _answer_ a = ask(&house, .path = "/api/tasks?status=pending", .token = house.south.user);
        expect(&a, 200, NULL);
        ck_assert_uint_ge(vio_json_count(a.json), 2);
        const char *last = "";
        for (const vio_json *t = vio_json_first(a.json); t; t = vio_json_next(t)) {
                ck_assert_str_le(last, member(t, "scheduledFor"));
                last = member(t, "scheduledFor");
                member(t, "contactName");
        }
}
END_TEST

START_TEST(the_link_leads_to_every_task_once)
{
        char where[512] = "/api/tasks?limit=1", seen[20][64];
        size_t n = 0;
        _answer_ all = ask(&house, .path = "/api/tasks", .token = house.south.user);
        for (;;) {
                _answer_ a = ask(&house, .path = where, .token = house.south.user);
                expect(&a, 200, NULL);
                ck_assert_uint_lt(n, count_of(seen));
                snprintf(seen[n++], sizeof(seen[0]), "%s", member(vio_json_first(a.json), "id"));
                for (size_t i = 0; i + 1 < n; i++)
                        ck_assert_str_ne(seen[i], seen[n - 1]);
                const char *link = header_of(&a, "Link");
                if (!*link)
                        break;
                snprintf(where, sizeof(where), "%.*s", (int)strcspn(link, ">") - 1, link + 1);
        }
        ck_assert_uint_eq(n, vio_json_count(all.json));
}
END_TEST

static const struct {
        const char *query, *message;
} nonsense[] = {
    {"status=asleep", "status must be pending, processing, completed, failed or cancelled"},
    {"contactId=x", "contactId must be a whole number above 0"},
    {"limit=501", "limit must be 1 to 500"},
    {"from=now", "from must be a time with its offset, such as 2026-11-24T09:30:00Z"},
    {"after=1.2", "after: must be a cursor of this list"},
    {"after=0123456789012345678901234567890123456789012345678901234567890123456789",
     "after must be what the Link header gave"},
};

START_TEST(a_query_that_makes_no_sense_is_named)
{
        _answer_ a = ask(&house, .path = path("/api/tasks?", nonsense[_i].query, ""),
                         .token = house.north.user);
        expect(&a, 400, nonsense[_i].message);
}
END_TEST

START_TEST(a_cancelled_call_says_who_decided_so_and_can_be_planned_again)
{
        char id[40];
        given_task(&house.north, id);
        _answer_ a = ask(&house, .method = "POST", .path = path("/api/tasks/", id, "/cancel"),
                         .token = house.north.admin);
        expect(&a, 200, NULL);
        ck_assert_str_eq(text_of(&a, "status"), "cancelled");
        ck_assert_str_eq(text_of(&a, "reason"), "by_staff");
        ck_assert_str_eq(text_of(&a, "reasonText"), "A member of staff decided so.");
        _answer_ again = ask(&house, .method = "POST", .path = path("/api/tasks/", id, "/cancel"),
                             .token = house.north.admin);
        expect(&again, 409, "the call is cancelled already");

        _answer_ retry = ask(&house, .method = "POST", .path = path("/api/tasks/", id, "/retry"),
                             .token = house.north.admin, .body = tomorrow(0));
        expect(&retry, 201, NULL);
        ck_assert_str_eq(text_of(&retry, "status"), "pending");
        ck_assert_str_ne(text_of(&retry, "id"), id);
        _answer_ twice = ask(&house, .method = "POST", .path = path("/api/tasks/", id, "/retry"),
                             .token = house.north.admin);
        expect(&twice, 409, "such a call is planned already");
}
END_TEST

START_TEST(a_call_is_moved_inside_the_window_only)
{
        char id[40];
        given_task(&house.north, id);
        _answer_ good = ask(&house, .method = "PATCH", .path = path("/api/tasks/", id, ""),
                            .token = house.north.admin, .body = tomorrow(0));
        expect(&good, 200, NULL);
        _answer_ night = ask(&house, .method = "PATCH", .path = path("/api/tasks/", id, ""),
                             .token = house.north.admin, .body = tomorrow(12));
        expect(&night, 400, NULL);
        ck_assert_ptr_nonnull(strstr(text_of(&night, "message"), "the next open moment is 20"));
        _answer_ past =
            ask(&house, .method = "PATCH", .path = path("/api/tasks/", id, ""),
                .token = house.north.admin, .body = "{\"scheduledFor\":\"2020-01-01T12:00:00Z\"}");
        expect(&past, 400, NULL);
        _answer_ none = ask(&house, .method = "PATCH", .path = path("/api/tasks/", id, ""),
                            .token = house.north.admin, .body = "{}");
        expect(&none, 400, "scheduledFor is required");
        _answer_ now = ask(&house, .path = "/api/tasks", .token = house.north.admin);
        ck_assert_ptr_nonnull(strstr(now.text, text_of(&good, "scheduledFor")));
}
END_TEST

static const struct {
        const char *method, *what, *body;
} changes[] = {
    {"PATCH", "", "{\"scheduledFor\":\"2031-01-01T12:00:00Z\"}"},
    {"POST", "/cancel", NULL},
    {"POST", "/retry", NULL},
};

START_TEST(another_tenants_task_is_not_there_and_a_user_may_change_none)
{
        char id[40];
        given_task(&house.north, id);
        const char *const ids[] = {id, "01932d0f-7b1e-7c3a-9a51-0f4f5e0c9b11", "17"};
        for (size_t i = 0; i < count_of(ids); i++) {
                _answer_ other = ask(&house, .method = changes[_i].method,
                                     .path = path("/api/tasks/", ids[i], changes[_i].what),
                                     .token = house.south.admin, .body = changes[_i].body);
                expect(&other, 404, "Task not found");
        }
        _answer_ user = ask(&house, .method = changes[_i].method,
                            .path = path("/api/tasks/", id, changes[_i].what),
                            .token = house.north.user, .body = changes[_i].body);
        expect(&user, 403, NULL);
}
END_TEST

START_TEST(a_call_is_not_planned_again_after_its_appointment)
{
        char id[40];
        given_task(&house.south, id);
        _answer_ cancel = ask(&house, .method = "POST", .path = path("/api/tasks/", id, "/cancel"),
                              .token = house.south.admin);
        expect(&cancel, 200, NULL);
        _answer_ late =
            ask(&house, .method = "POST", .path = path("/api/tasks/", id, "/retry"),
                .token = house.south.admin, .body = "{\"scheduledFor\":\"2031-01-01T12:00:00Z\"}");
        expect(&late, 400, NULL);
        ck_assert_ptr_nonnull(strstr(text_of(&late, "message"), "must be before the appointment"));
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("http_tasks");
        TCase *tc = shared_case(s, start, stop);
        tcase_add_test(tc, the_list_is_in_order_of_time_and_by_name);
        tcase_add_test(tc, the_link_leads_to_every_task_once);
        tcase_add_loop_test(tc, a_query_that_makes_no_sense_is_named, 0, count_of(nonsense));
        tcase_add_test(tc, a_cancelled_call_says_who_decided_so_and_can_be_planned_again);
        tcase_add_test(tc, a_call_is_moved_inside_the_window_only);
        tcase_add_loop_test(tc, another_tenants_task_is_not_there_and_a_user_may_change_none, 0,
                            count_of(changes));
        tcase_add_test(tc, a_call_is_not_planned_again_after_its_appointment);
        return s;
}
