/* api.c - the shapes of requests and answers, row by row. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "house.h"

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

/* A JSON body with values in it, valid until the next call. */
__attribute__((format(printf, 1, 2))) static const char *json(const char *format, ...)
{
        static char text[4096];
        va_list args;
        va_start(args, format);
        vsnprintf(text, sizeof(text), format, args);
        va_end(args);
        return text;
}

static struct answer login(const char *email, const char *password, const char *more)
{
        return ask(&house, .method = "POST", .path = "/api/auth/login",
                   .body = json("{\"email\":\"%s\",\"password\":\"%s\"%s}", email, password, more));
}

START_TEST(a_login_gives_a_token_and_who_it_is)
{
        _answer_ a = login("Admin@Example.com", PASSWORD, "");
        expect(&a, 200, NULL);
        const vio_json *user = vio_json_get(a.json, "user");
        int64_t tenant = 0;
        ck_assert_str_eq(vio_json_text(vio_json_get(user, "email")), "admin@example.com");
        ck_assert_str_eq(vio_json_text(vio_json_get(user, "fullName")), "Dana Ortiz");
        ck_assert_str_eq(vio_json_text(vio_json_get(user, "role")), "client_admin");
        ck_assert_int_eq(vio_json_int(vio_json_get(user, "tenantId"), &tenant), VIO_OK);
        ck_assert_int_eq(tenant, house.north.id.v);
        _answer_ list = ask(&house, .path = "/api/contacts", .token = text_of(&a, "token"));
        expect(&list, 200, NULL);
}
END_TEST

START_TEST(the_same_address_in_two_tenants_is_told_apart_by_the_password)
{
        _answer_ a = login("user@example.com", SOUTH_PASSWORD, "");
        expect(&a, 200, NULL);
        int64_t tenant = 0;
        const vio_json *user = vio_json_get(a.json, "user");
        ck_assert_int_eq(vio_json_int(vio_json_get(user, "tenantId"), &tenant), VIO_OK);
        ck_assert_int_eq(tenant, house.south.id.v);
}
END_TEST

START_TEST(the_same_password_too_needs_the_tenant)
{
        _answer_ both = login("both@example.com", "the same in both", "");
        expect(&both, 409, "These credentials fit several tenants: add tenantId");
        _answer_ one = login("both@example.com", "the same in both", ",\"tenantId\":2");
        expect(&one, 200, NULL);
}
END_TEST

START_TEST(the_owner_has_no_tenant)
{
        _answer_ a = login("owner@example.com", PASSWORD, "");
        expect(&a, 200, NULL);
        const vio_json *user = vio_json_get(a.json, "user");
        ck_assert_str_eq(vio_json_text(vio_json_get(user, "role")), "super_admin");
        ck_assert_int_eq(vio_json_type(vio_json_get(user, "tenantId")), VIO_JSON_NULL);
}
END_TEST

START_TEST(a_wrong_password_and_an_unknown_address_are_the_same_401)
{
        _answer_ wrong = login("admin@example.com", "wrong wrong wrong", "");
        expect(&wrong, 401, "Invalid credentials");
        _answer_ unknown = login("nobody@example.com", PASSWORD, "");
        expect(&unknown, 401, "Invalid credentials");
}
END_TEST

START_TEST(the_list_holds_the_tenants_own_contacts)
{
        _answer_ a = ask(&house, .path = "/api/contacts", .token = house.north.user);
        expect(&a, 200, NULL);
        ck_assert_int_eq(vio_json_type(a.json), VIO_JSON_ARRAY);
        int64_t tenant = 0;
        for (const vio_json *c = vio_json_first(a.json); c; c = vio_json_next(c)) {
                ck_assert_int_eq(vio_json_int(vio_json_get(c, "tenantId"), &tenant), VIO_OK);
                ck_assert_int_eq(tenant, house.north.id.v);
        }
        ck_assert_ptr_null(strstr(a.text, "Only South"));
}
END_TEST

START_TEST(the_list_can_be_filtered_cut_and_continued)
{
        _answer_ all =
            ask(&house, .path = "/api/contacts?filter=pending", .token = house.south.user);
        _answer_ none =
            ask(&house, .path = "/api/contacts?filter=rescheduled", .token = house.south.user);
        _answer_ first = ask(&house, .path = "/api/contacts?limit=1", .token = house.south.user);
        const char *next = strstr(header_of(&first, "Link"), "after=");
        ck_assert_ptr_nonnull(next);
        char path[400];
        snprintf(path, sizeof(path), "/api/contacts?limit=500&%.*s", (int)strcspn(next, ">"), next);
        _answer_ rest = ask(&house, .path = path, .token = house.south.user);
        ck_assert_uint_eq(vio_json_count(all.json), 3);
        ck_assert_str_eq(none.text, "[]");
        ck_assert_uint_eq(vio_json_count(first.json), 1);
        ck_assert_uint_eq(vio_json_count(rest.json), 2);
}
END_TEST

START_TEST(a_query_that_makes_no_sense_is_named)
{
        _answer_ filter =
            ask(&house, .path = "/api/contacts?filter=asleep", .token = house.north.user);
        expect(&filter, 400,
               "filter must be pending, confirmed, cancelled, rescheduled or needs_attention");
        _answer_ limit = ask(&house, .path = "/api/contacts?limit=-1", .token = house.north.user);
        expect(&limit, 400, "limit must be a whole number from 1 to 500");
        _answer_ after = ask(&house, .path = "/api/contacts?after=%zz", .token = house.north.user);
        expect(&after, 400, "after must be the cursor of a page before");
}
END_TEST

START_TEST(what_has_not_changed_is_304_until_it_changes)
{
        _answer_ first = ask(&house, .path = "/api/contacts", .token = house.north.admin);
        const char *etag = header_of(&first, "ETag");
        ck_assert_str_ne(etag, "");
        ck_assert_str_eq(header_of(&first, "Cache-Control"), "private, no-cache");
        _answer_ same =
            ask(&house, .path = "/api/contacts", .token = house.north.admin, .etag = etag);
        ck_assert_int_eq(same.status, 304);
        ck_assert_str_eq(same.text, "");
        _answer_ other =
            ask(&house, .path = "/api/contacts", .token = house.south.admin, .etag = etag);
        ck_assert_int_eq(other.status, 200);
        _answer_ add = ask(&house, .method = "POST", .path = "/api/contacts",
                           .token = house.north.admin, .body = "{\"name\":\"New Person\"}");
        expect(&add, 201, NULL);
        _answer_ changed =
            ask(&house, .path = "/api/contacts", .token = house.north.admin, .etag = etag);
        ck_assert_int_eq(changed.status, 200);
        ck_assert_ptr_nonnull(strstr(changed.text, "New Person"));
}
END_TEST

START_TEST(an_added_contact_comes_back_with_its_place)
{
        _answer_ a =
            ask(&house, .method = "POST", .path = "/api/contacts", .token = house.north.admin,
                .body = "{\"name\":\"Jane Smith\",\"phone\":\"+1 (415) 555-0119\","
                        "\"appointmentTime\":\"2031-10-25T10:00:00.000Z\","
                        "\"appointmentType\":\"Consultation\",\"email\":null,"
                        "\"specialInstructions\":\"First-time client\"}");
        expect(&a, 201, NULL);
        char place[64];
        snprintf(place, sizeof(place), "/api/contacts/%lld", (long long)number_of(&a, "id"));
        ck_assert_str_eq(header_of(&a, "Location"), place);
        ck_assert_str_eq(text_of(&a, "appointmentStatus"), "pending");
        ck_assert_str_eq(text_of(&a, "appointmentTime"), "2031-10-25T10:00:00Z");
        _answer_ again = ask(&house, .path = place, .token = house.north.user);
        expect(&again, 200, NULL);
        ck_assert_str_eq(text_of(&again, "specialInstructions"), "First-time client");
}
END_TEST

START_TEST(the_owner_may_add_a_contact_to_a_tenant_he_names)
{
        _answer_ a = ask(&house, .method = "POST", .path = "/api/contacts", .token = house.owner,
                         .tenant = "2", .body = "{\"name\":\"From Above\"}");
        expect(&a, 201, NULL);
        ck_assert_int_eq(number_of(&a, "tenantId"), 2);
}
END_TEST

START_TEST(the_stats_count_the_tenants_own)
{
        _answer_ before = ask(&house, .path = "/api/contacts/stats", .token = house.south.user);
        expect(&before, 200, NULL);
        int64_t total = number_of(&before, "total");
        ck_assert_int_eq(total, number_of(&before, "pending") + number_of(&before, "confirmed") +
                                    number_of(&before, "cancelled") +
                                    number_of(&before, "rescheduled"));
        _answer_ add = ask(&house, .method = "POST", .path = "/api/contacts",
                           .token = house.south.admin, .body = "{\"name\":\"One More\"}");
        expect(&add, 201, NULL);
        _answer_ after = ask(&house, .path = "/api/contacts/stats", .token = house.south.user,
                             .etag = header_of(&before, "ETag"));
        ck_assert_int_eq(number_of(&after, "total"), total + 1);
}
END_TEST

START_TEST(a_fourth_call_on_one_day_is_refused_in_the_original_words)
{
        _answer_ a =
            ask(&house, .method = "POST", .path = "/api/calls/manual", .token = house.north.user,
                .body = json("{\"contactId\":%lld}", (long long)house.north.tired.v));
        expect(&a, 400, "Daily call limit reached");
        ck_assert_str_eq(text_of(&a, "reason"), "daily_limit");
        ck_assert_str_eq(text_of(&a, "error"), "REFUSED");
}
END_TEST

START_TEST(a_call_to_a_contact_that_is_not_there_is_404)
{
        _answer_ a =
            ask(&house, .method = "POST", .path = "/api/calls/manual", .token = house.north.user,
                .body = json("{\"contactId\":%lld}", (long long)house.southern.v + 1000));
        expect(&a, 404, "Contact not found");
}
END_TEST

START_TEST(a_call_shows_what_is_known_of_it_and_its_timeline)
{
        char path[128];
        snprintf(path, sizeof(path), "/api/calls/%s", house.north.call.s);
        _answer_ a = ask(&house, .path = path, .token = house.north.user);
        expect(&a, 200, NULL);
        ck_assert_str_eq(text_of(&a, "id"), house.north.call.s);
        ck_assert_int_eq(number_of(&a, "contactId"), house.north.tired.v);
        ck_assert_str_eq(text_of(&a, "outcome"), "busy");
        const vio_json *timeline = vio_json_get(a.json, "timeline");
        ck_assert_int_eq(vio_json_type(timeline), VIO_JSON_ARRAY);
        ck_assert_uint_ge(vio_json_count(timeline), 2);
        const vio_json *first = vio_json_first(timeline);
        ck_assert_ptr_nonnull(vio_json_text(vio_json_get(first, "at")));
        ck_assert_ptr_nonnull(vio_json_text(vio_json_get(first, "kind")));
        ck_assert_ptr_nonnull(vio_json_text(vio_json_get(first, "detail")));
}
END_TEST

START_TEST(a_signed_webhook_is_received_and_a_second_copy_too)
{
        char signature[VIO_RETELL_SIGNATURE];
        const char *body = "{\"event\":\"call_analyzed\",\"call\":{\"call_id\":\"call_house_1\","
                           "\"call_status\":\"not_connected\"}}";
        sign(RETELL_KEY, body, signature);
        for (int i = 0; i < 2; i++) {
                _answer_ a = ask(&house, .method = "POST", .path = "/api/retell/webhook",
                                 .body = body, .signature = signature);
                expect(&a, 200, NULL);
                ck_assert_str_eq(a.text, "{\"received\":true}");
        }
}
END_TEST

START_TEST(the_owner_sees_all_tenants)
{
        _answer_ a = ask(&house, .path = "/api/admin/tenants", .token = house.owner);
        expect(&a, 200, NULL);
        ck_assert_uint_eq(vio_json_count(a.json), 2);
        ck_assert_ptr_nonnull(strstr(a.text, "\"name\":\"South Clinic\""));
        ck_assert_ptr_null(strstr(a.text, RETELL_KEY));
        ck_assert_ptr_null(strstr(a.text, SOUTH_KEY));
}
END_TEST

START_TEST(health_is_told_to_everybody)
{
        _answer_ live = ask(&house, .path = "/livez");
        ck_assert_str_eq(live.text, "{\"status\":\"ok\"}");
        _answer_ ready = ask(&house, .path = "/readyz");
        expect(&ready, 200, NULL);
}
END_TEST

START_TEST(head_is_get_without_the_body)
{
        char text[4096];
        int status =
            raw_text(&house, "HEAD /livez HTTP/1.1\r\nHost: x\r\n\r\n", text, sizeof(text));
        ck_assert_int_eq(status, 200);
        ck_assert_ptr_nonnull(strstr(text, "Content-Length: 15\r\n"));
        ck_assert_str_eq(strstr(text, "\r\n\r\n"), "\r\n\r\n");
}
END_TEST

START_TEST(every_answer_says_what_a_browser_may_do_with_it)
{
        static const char *const paths[] = {"/livez", "/nowhere", "/api/contacts"};
        for (size_t i = 0; i < count_of(paths); i++) {
                _answer_ a = ask(&house, .path = paths[i]);
                ck_assert_str_eq(header_of(&a, "X-Content-Type-Options"), "nosniff");
                ck_assert_str_eq(header_of(&a, "Cache-Control"), "no-store");
                ck_assert_str_eq(header_of(&a, "Content-Type"), "application/json");
                ck_assert_str_eq(header_of(&a, "X-Vio-Sandbox"), "");
                ck_assert_str_ne(header_of(&a, "X-Request-Id"), "");
        }
}
END_TEST

START_TEST(an_error_carries_the_id_of_its_request)
{
        _answer_ a = ask(&house, .path = "/nowhere");
        expect(&a, 404, NULL);
        ck_assert_str_eq(text_of(&a, "error"), "NOTFOUND");
        ck_assert_str_eq(text_of(&a, "requestId"), header_of(&a, "X-Request-Id"));
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("api");
        TCase *tc = shared_case(s, start, stop);
        tcase_add_test(tc, a_login_gives_a_token_and_who_it_is);
        tcase_add_test(tc, the_same_address_in_two_tenants_is_told_apart_by_the_password);
        tcase_add_test(tc, the_same_password_too_needs_the_tenant);
        tcase_add_test(tc, the_owner_has_no_tenant);
        tcase_add_test(tc, a_wrong_password_and_an_unknown_address_are_the_same_401);
        tcase_add_test(tc, the_list_holds_the_tenants_own_contacts);
        tcase_add_test(tc, the_list_can_be_filtered_cut_and_continued);
        tcase_add_test(tc, a_query_that_makes_no_sense_is_named);
        tcase_add_test(tc, what_has_not_changed_is_304_until_it_changes);
        tcase_add_test(tc, an_added_contact_comes_back_with_its_place);
        tcase_add_test(tc, the_owner_may_add_a_contact_to_a_tenant_he_names);
        tcase_add_test(tc, the_stats_count_the_tenants_own);
        tcase_add_test(tc, a_fourth_call_on_one_day_is_refused_in_the_original_words);
        tcase_add_test(tc, a_call_to_a_contact_that_is_not_there_is_404);
        tcase_add_test(tc, a_call_shows_what_is_known_of_it_and_its_timeline);
        tcase_add_test(tc, a_signed_webhook_is_received_and_a_second_copy_too);
        tcase_add_test(tc, the_owner_sees_all_tenants);
        tcase_add_test(tc, health_is_told_to_everybody);
        tcase_add_test(tc, head_is_get_without_the_body);
        tcase_add_test(tc, every_answer_says_what_a_browser_may_do_with_it);
        tcase_add_test(tc, an_error_carries_the_id_of_its_request);
        return s;
}
