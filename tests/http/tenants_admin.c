/* tenants_admin.c - what the platform's owner does over HTTP: tenants, the log, health. */
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

static struct answer owner_asks(const char *path)
{
        return ask(&house, .path = path, .token = house.owner);
}

static struct answer owner_sends(const char *method, const char *path, const char *body)
{
        return ask(&house, .method = method, .path = path, .token = house.owner, .body = body);
}

static size_t count_tenants(void)
{
        _answer_ a = owner_asks("/api/admin/tenants");
        expect(&a, 200, NULL);
        return vio_json_count(a.json);
}

/* Tenants */

START_TEST(a_tenant_is_added_with_its_settings_and_its_first_account)
{
        _answer_ a = owner_sends("POST", "/api/admin/tenants",
                                 "{\"name\":\"East Clinic\",\"timeZone\":\"Europe/Berlin\","
                                 "\"dailyCallLimit\":2,\"retellApiKey\":\"key_of_the_east_clinic\","
                                 "\"admin\":{\"email\":\"East@Example.com\",\"password\":"
                                 "\"eastern password\",\"fullName\":\"Eve East\"}}");
        expect(&a, 201, NULL);
        char path[64];
        snprintf(path, sizeof(path), "/api/admin/tenants/%lld", (long long)number_of(&a, "id"));
        ck_assert_str_eq(header_of(&a, "Location"), path);
        ck_assert_str_eq(text_of(&a, "name"), "East Clinic");
        ck_assert_str_eq(text_of(&a, "timeZone"), "Europe/Berlin");
        ck_assert_int_gt(number_of(&a, "adminUserId"), 0);
        ck_assert_ptr_null(strstr(a.text, "key_of_the_east"));
        ck_assert_ptr_null(strstr(a.text, "eastern password"));
        _answer_ login = ask(&house, .method = "POST", .path = "/api/auth/login",
                             .body = "{\"email\":\"east@example.com\","
                                     "\"password\":\"eastern password\"}");
        expect(&login, 200, NULL);
        _answer_ settings = ask(&house, .path = "/api/settings", .token = text_of(&login, "token"));
        expect(&settings, 200, NULL);
        ck_assert_int_eq(number_of(&settings, "dailyCallLimit"), 2);
        ck_assert_ptr_nonnull(strstr(settings.text, "\"last4\":\"inic\""));
}
END_TEST

#define ADMIN(email, password)                                                                     \
        "\"admin\":{\"email\":\"" email "\",\"password\":\"" password "\",\"fullName\":\"N\"}"

static struct {
        const char *body;
        const char *field;
        const char *message;
} refused[] = {
    {"{}", "name", "name is required"},
    {"{\"name\":7," ADMIN("n@e.com", "12345678") "}", "name", "name is required"},
    {"{\"name\":\"New\"}", "admin", "admin must be an object with email, password and fullName"},
    {"{\"name\":\"New\",\"admin\":\"n@e.com\"}", "admin", NULL},
    {"{\"name\":\"New\",\"admin\":{\"email\":\"n@e.com\"}}", "admin", "password is required"},
    {"{\"name\":\"New\"," ADMIN("nobody", "12345678") "}", "admin.email",
     "admin.email: must be a mail address"},
    {"{\"name\":\"New\"," ADMIN("n@e.com", "1234567") "}", "admin.password",
     "admin.password: must be 8 to 128 bytes"},
    {"{\"name\":\"a\\nb\"," ADMIN("n@e.com", "12345678") "}", "name",
     "name: must be at most 200 characters in one line"},
    {"{\"name\":\"New\",\"timeZone\":\"Mars\"," ADMIN("n@e.com", "12345678") "}", "timeZone",
     "timeZone: must be an IANA time zone such as America/New_York"},
    {"{\"name\":\"New\",\"dailyCallLimit\":9," ADMIN("n@e.com", "12345678") "}", "dailyCallLimit",
     "dailyCallLimit: must be 1 to 3: tenants may only tighten it"},
    {"{\"name\":\"New\",\"colour\":1," ADMIN("n@e.com", "12345678") "}", "colour",
     "Unknown field \"colour\""},
};

START_TEST(a_tenant_that_is_refused_leaves_nothing_behind)
{
        size_t before = count_tenants();
        _answer_ a = owner_sends("POST", "/api/admin/tenants", refused[_i].body);
        expect(&a, 400, refused[_i].message);
        /* Of the account's members the reader of bodies may name one more exactly. */
        ck_assert_ptr_eq(strstr(text_of(&a, "field"), refused[_i].field), text_of(&a, "field"));
        ck_assert_uint_eq(count_tenants(), before);
        _answer_ login = ask(&house, .method = "POST", .path = "/api/auth/login",
                             .body = "{\"email\":\"n@e.com\",\"password\":\"12345678\"}");
        /* After five of these the next one has to wait. */
        ck_assert(login.status == 401 || login.status == 429);
}
END_TEST

START_TEST(a_tenant_is_shown_and_changed_with_its_settings)
{
        _answer_ a = owner_sends("PATCH", "/api/admin/tenants/2",
                                 "{\"name\":\"Southern Clinic\",\"parkingInstructions\":\"Yard\"}");
        expect(&a, 200, NULL);
        ck_assert_str_eq(text_of(&a, "name"), "Southern Clinic");
        _answer_ shown = owner_asks("/api/admin/tenants/2");
        expect(&shown, 200, NULL);
        ck_assert_str_eq(shown.text, a.text);
        ck_assert_int_eq(number_of(&shown, "contacts"), 3);
        ck_assert_ptr_nonnull(text_of(&shown, "lastActivityAt"));
        const vio_json *settings = vio_json_get(shown.json, "settings");
        ck_assert_str_eq(vio_json_text(vio_json_get(settings, "parkingInstructions")), "Yard");
        ck_assert_ptr_null(strstr(shown.text, SOUTH_KEY));
        _answer_ bad =
            owner_sends("PATCH", "/api/admin/tenants/2", "{\"callWindowEnd\":\"22:00\"}");
        expect(&bad, 400, "callWindowEnd: must be 21:00 or earlier");
        ck_assert_str_eq(text_of(&bad, "field"), "callWindowEnd");
        _answer_ log =
            ask(&house, .path = "/api/audit?action=tenant.set&limit=1", .token = house.south.admin);
        ck_assert_ptr_nonnull(strstr(log.text, "\"userEmail\":\"owner@example.com\""));
        _answer_ back = owner_sends("PATCH", "/api/admin/tenants/2", "{\"name\":\"South Clinic\"}");
        expect(&back, 200, NULL);
}
END_TEST

START_TEST(a_tenant_that_is_not_there_is_404_for_every_verb)
{
        static const char *const paths[] = {"/api/admin/tenants/99", "/api/admin/tenants/0",
                                            "/api/admin/tenants/x"};
        for (size_t i = 0; i < count_of(paths); i++) {
                char path[64];
                _answer_ get = owner_asks(paths[i]);
                expect(&get, 404, "Tenant not found");
                _answer_ change = owner_sends("PATCH", paths[i], "{}");
                expect(&change, 404, "Tenant not found");
                snprintf(path, sizeof(path), "%s/suspend", paths[i]);
                _answer_ suspended = owner_sends("POST", path, NULL);
                expect(&suspended, 404, "Tenant not found");
                snprintf(path, sizeof(path), "%s/resume", paths[i]);
                _answer_ resumed = owner_sends("POST", path, NULL);
                expect(&resumed, 404, "Tenant not found");
        }
}
END_TEST

static bool is_suspended(const struct answer *a)
{
        bool suspended = false;
        ck_assert_int_eq(vio_json_bool(vio_json_get(a->json, "suspended"), &suspended), VIO_OK);
        return suspended;
}

static void expect_refused_call(const struct clinic *c, const char *reason)
{
        _answer_ a = ask(&house, .method = "POST", .path = "/api/calls/manual", .token = c->user,
                         .body = "{\"contactId\":1}");
        if (reason)
                ck_assert_str_eq(text_of(&a, "reason"), reason);
        else /* it is tried: nobody listens where Retell should be */
                expect(&a, 502, NULL);
}

START_TEST(a_suspended_tenant_is_read_and_not_called_for)
{
        static const char path[] = "/api/admin/tenants/1/suspend";
        _answer_ first = owner_sends("POST", path, "{\"reason\":\"Unpaid\"}");
        expect(&first, 200, NULL);
        ck_assert(is_suspended(&first));
        ck_assert_str_eq(text_of(&first, "suspendedReason"), "Unpaid");
        _answer_ again = owner_sends("POST", path, "{\"reason\":\"Unpaid\"}");
        ck_assert_str_eq(again.text, first.text);
        expect_refused_call(&house.north, "tenant_suspended");
        expect_refused_call(&house.south, NULL);
        _answer_ contacts = ask(&house, .path = "/api/contacts", .token = house.north.user);
        expect(&contacts, 200, NULL);
        ck_assert_uint_eq(vio_json_count(contacts.json), 2);
        _answer_ bad = owner_sends("POST", path, "{\"reason\":\"a\\nb\"}");
        expect(&bad, 400, NULL);
        ck_assert_str_eq(text_of(&bad, "field"), "reason");
        _answer_ resumed = owner_sends("POST", "/api/admin/tenants/1/resume", NULL);
        expect(&resumed, 200, NULL);
        ck_assert(!is_suspended(&resumed));
        ck_assert_int_eq(vio_json_type(vio_json_get(resumed.json, "suspendedReason")),
                         VIO_JSON_NULL);
        expect_refused_call(&house.north, NULL);
}
END_TEST

/* The log */

/* Follows the links and counts the entries; each is older than the one before. */
static size_t walk(const char *first, const char *token, size_t page_size)
{
        char path[512];
        size_t n = 0;
        int64_t last = INT64_MAX;
        snprintf(path, sizeof(path), "%s", first);
        while (*path) {
                _answer_ a = ask(&house, .path = path, .token = token);
                expect(&a, 200, NULL);
                ck_assert_uint_le(vio_json_count(a.json), page_size);
                for (const vio_json *e = vio_json_first(a.json); e; e = vio_json_next(e), n++) {
                        int64_t id = 0;
                        ck_assert_int_eq(vio_json_int(vio_json_get(e, "id"), &id), VIO_OK);
                        ck_assert_int_lt(id, last);
                        last = id;
                }
                path[0] = '\0';
                sscanf(header_of(&a, "Link"), "<%511[^>]>; rel=\"next\"", path);
        }
        return n;
}

static size_t entries(const char *path, const char *token)
{
        _answer_ a = ask(&house, .path = path, .token = token);
        expect(&a, 200, NULL);
        return vio_json_count(a.json);
}

START_TEST(the_log_is_read_page_by_page)
{
        size_t all = entries("/api/audit?limit=500", house.north.admin);
        ck_assert_uint_gt(all, 10);
        ck_assert_uint_eq(walk("/api/audit?limit=3", house.north.admin, 3), all);
        ck_assert_uint_eq(walk("/api/admin/audit?tenantId=1&limit=4", house.owner, 4), all);
        size_t calls = entries("/api/audit?limit=500&action=call.", house.north.admin);
        ck_assert_uint_gt(calls, 3);
        ck_assert_uint_lt(calls, all);
        ck_assert_uint_eq(walk("/api/audit?limit=2&action=call.", house.north.admin, 2), calls);
}
END_TEST

START_TEST(the_log_is_filtered)
{
        size_t all = entries("/api/audit?limit=500", house.south.admin);
        size_t tired = entries("/api/audit?limit=500&contactId=2", house.south.admin);
        ck_assert_uint_gt(tired, 3);
        ck_assert_uint_lt(tired, all);
        ck_assert_uint_eq(
            entries("/api/audit?limit=500&from=2001-01-01T00:00:00Z", house.south.admin), all);
        ck_assert_uint_eq(entries("/api/audit?to=2001-01-01T00:00:00Z", house.south.admin), 0);
        ck_assert_uint_eq(entries("/api/audit?userId=987654", house.south.admin), 0);
        ck_assert_uint_ge(entries("/api/audit?action=login", house.south.admin), 2);
        ck_assert_uint_eq(entries("/api/audit?limit=1", house.south.admin), 1);
}
END_TEST

START_TEST(a_log_is_its_tenants_alone)
{
        _answer_ north = ask(&house, .path = "/api/audit?limit=500", .token = house.north.admin);
        for (const vio_json *e = vio_json_first(north.json); e; e = vio_json_next(e)) {
                int64_t tenant = 0;
                ck_assert_int_eq(vio_json_int(vio_json_get(e, "tenantId"), &tenant), VIO_OK);
                ck_assert_int_eq(tenant, house.north.id.v);
        }
        _answer_ both =
            ask(&house, .path = "/api/audit?tenantId=2&limit=500", .token = house.north.admin);
        expect(&both, 400, "Unknown name \"tenantId\" in the query");
        _answer_ own = owner_asks("/api/admin/audit");
        expect(&own, 200, NULL);
        ck_assert_uint_ge(vio_json_count(own.json), 1);
        ck_assert_int_eq(vio_json_type(vio_json_get(vio_json_first(own.json), "tenantId")),
                         VIO_JSON_NULL);
        _answer_ none = owner_asks("/api/admin/audit?tenantId=99");
        expect(&none, 404, "Tenant not found");
}
END_TEST

static struct {
        const char *query;
        const char *field;
        const char *message;
} questions[] = {
    {"limit=0", "limit", "limit must be a whole number above 0"},
    {"limit=501", "limit", "limit must be at most 500"},
    {"userId=x", "userId", "userId must be a whole number above 0"},
    {"contactId=-1", "contactId", "contactId must be a whole number above 0"},
    {"before=1.5", "before", "before must be a whole number above 0"},
    {"from=yesterday", "from", "from must be a time with its offset, such as 2026-11-24T09:30:00Z"},
    {"to=2026-11-24", "to", "to must be a time with its offset, such as 2026-11-24T09:30:00Z"},
    {"action=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "action",
     "action must be at most 63 bytes in one line"},
    {"action=%ff", "action", "action: must be UTF-8"},
    {"action=a%0ab", "action", "action must be at most 63 bytes in one line"},
    {"limit=1&limit=1", "limit", "limit is in the query twice"},
    {"limit", "limit", "limit must be a whole number above 0"},
    {"&Limit=1", "Limit", "Unknown name \"Limit\" in the query"},
};

START_TEST(a_question_about_the_log_that_makes_no_sense_is_named)
{
        char path[128];
        snprintf(path, sizeof(path), "/api/audit?%s", questions[_i].query);
        _answer_ a = ask(&house, .path = path, .token = house.north.admin);
        expect(&a, 400, questions[_i].message);
        ck_assert_str_eq(text_of(&a, "field"), questions[_i].field);
}
END_TEST

/* Health */

START_TEST(health_is_told_in_numbers)
{
        static const char *const names[] = {
            "schema",    "tenants",    "suspended",      "overdueTasks",     "oldestOverdueSeconds",
            "liveCalls", "stuckCalls", "unsettledDials", "pendingSummaries", "databaseBytes",
            "alerts"};
        _answer_ a = owner_asks("/api/admin/health");
        expect(&a, 200, NULL);
        for (size_t i = 0; i < count_of(names); i++)
                ck_assert_int_ge(number_of(&a, names[i]), 0);
        ck_assert_str_eq(text_of(&a, "version"), vio_version());
        ck_assert_int_ge(number_of(&a, "tenants"), 2);
        ck_assert_int_gt(number_of(&a, "databaseBytes"), 10000);
        ck_assert_int_ne(vio_json_type(vio_json_get(a.json, "steppedAt")), VIO_JSON_MISSING);
        _answer_ stuck = owner_asks("/api/admin/stuck-calls");
        expect(&stuck, 200, NULL);
        ck_assert_str_eq(stuck.text, "[]");
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("tenants_admin");
        TCase *tc = shared_case(s, start, stop);
        tcase_add_test(tc, a_tenant_is_added_with_its_settings_and_its_first_account);
        tcase_add_loop_test(tc, a_tenant_that_is_refused_leaves_nothing_behind, 0,
                            (int)count_of(refused));
        tcase_add_test(tc, a_tenant_is_shown_and_changed_with_its_settings);
        tcase_add_test(tc, a_tenant_that_is_not_there_is_404_for_every_verb);
        tcase_add_test(tc, a_suspended_tenant_is_read_and_not_called_for);
        tcase_add_test(tc, the_log_is_read_page_by_page);
        tcase_add_test(tc, the_log_is_filtered);
        tcase_add_test(tc, a_log_is_its_tenants_alone);
        tcase_add_loop_test(tc, a_question_about_the_log_that_makes_no_sense_is_named, 0,
                            (int)count_of(questions));
        tcase_add_test(tc, health_is_told_in_numbers);
        return s;
}
