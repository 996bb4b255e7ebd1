/* settings.c - a tenant's settings over HTTP: told, changed, refused by name, secrets kept. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "house.h"

static struct house house;

static void start(void)
{
        static const char *const sandbox[] = {"--sandbox", NULL};
        house_open(&house);
        house_serve(&house, sandbox);
}

static void stop(void)
{
        house_leave(&house);
}

static struct answer settings_of(const struct clinic *c)
{
        struct answer a = ask(&house, .path = "/api/settings", .token = c->admin);
        expect(&a, 200, NULL);
        return a;
}

static struct answer patch(const char *body)
{
        return ask(&house, .method = "PATCH", .path = "/api/settings", .token = house.north.admin,
                   .body = body);
}

/* A value of an answer as JSON. */
static const char *value_of(const struct answer *a, const char *name)
{
        static char text[1024];
        const char *written;
        const vio_json *value = vio_json_get(a->json, name);
        ck_assert_msg(vio_json_type(value) != VIO_JSON_MISSING, "there is no %s", name);
        vio_json_writer *w = vio_json_writer_new();
        vio_json_put_value(w, NULL, value);
        ck_assert_int_eq(vio_json_writer_text(w, &written, NULL), VIO_OK);
        snprintf(text, sizeof(text), "%s", written);
        vio_json_writer_free(w);
        return text;
}

#define expect_value(a, name, json) ck_assert_str_eq(value_of(a, name), json)

START_TEST(every_setting_is_told_as_what_it_is)
{
        _answer_ a = settings_of(&house.south);
        expect_value(&a, "name", "\"South Clinic\"");
        expect_value(&a, "retellApiKey", "{\"set\":true,\"last4\":\"3210\"}");
        expect_value(&a, "calComApiKey", "{\"set\":false,\"last4\":\"\"}");
        expect_value(&a, "acceptBareSignature", "false");
        expect_value(&a, "dailySummaryEnabled", "false");
        expect_value(&a, "dailyCallLimit", "3");
        expect_value(&a, "weeklyCallLimit", "null");
        expect_value(&a, "followUpDelayMinutes", "90");
        expect_value(&a, "dailySummaryDays", "[\"Mon\",\"Tue\",\"Wed\",\"Thu\",\"Fri\"]");
        expect_value(&a, "callWindowStart", "\"08:00\"");
        expect_value(&a, "parkingInstructions", "null");
        expect_value(&a, "businessHours", "null");
        expect_value(&a, "retellPhoneNumber", "\"+14155550100\"");
        expect_value(&a, "webhookPath", "\"/api/retell/webhook\"");
}
END_TEST

static int find_name(void *data, const struct vio_setting_info *i)
{
        const struct answer *a = data;
        char name[64];
        size_t n = 0;
        for (const char *p = i->name; *p; p++) {
                p += *p == '_';
                name[n++] = p > i->name && p[-1] == '_' ? (char)(*p - 'a' + 'A') : *p;
        }
        name[n] = '\0';
        ck_assert_msg(vio_json_type(vio_json_get(a->json, name)) != VIO_JSON_MISSING, "no %s",
                      name);
        return 0;
}

static int count(void *data, const struct vio_setting_info *i)
{
        (void)i;
        ++*(size_t *)data;
        return 0;
}

START_TEST(no_setting_is_left_out)
{
        size_t n = 0;
        _answer_ a = settings_of(&house.north);
        ck_assert_int_eq(vio_setting_each(find_name, &a), 0);
        ck_assert_int_eq(vio_setting_each(count, &n), 0);
        ck_assert_uint_eq(vio_json_count(a.json), n + 1);
}
END_TEST

START_TEST(what_is_set_is_told_back_and_null_clears_it)
{
        static const struct {
                const char *name, *value, *standard;
        } rows[] = {
            {"parkingInstructions", "\"Behind the house\\nRing twice\"", "null"},
            {"acceptBareSignature", "true", "true"},
            {"dailySummaryCountsOnly", "true", "false"},
            {"dailyCallLimit", "2", "3"},
            {"followUpDelayMinutes", "15", "90"},
            {"callDays", "[\"Mon\",\"Fri\"]",
             "[\"Mon\",\"Tue\",\"Wed\",\"Thu\",\"Fri\",\"Sat\",\"Sun\"]"},
            {"businessHours", "{\"Mon\":{\"open\":\"09:00\",\"close\":\"17:00\"},\"Sat\":null}",
             "null"},
            {"features", "{\"beta\":true,\"level\":3}", "null"},
            {"callWindowEnd", "\"20:00\"", "\"21:00\""},
            {"country", "\"44\"", "null"},
        };
        for (size_t i = 0; i < count_of(rows); i++) {
                char body[256];
                snprintf(body, sizeof(body), "{\"%s\":%s}", rows[i].name, rows[i].value);
                _answer_ set = patch(body);
                expect(&set, 200, NULL);
                expect_value(&set, rows[i].name, rows[i].value);
                _answer_ read = settings_of(&house.north);
                expect_value(&read, rows[i].name, rows[i].value);
                _answer_ other = settings_of(&house.south);
                if (strcmp(rows[i].name, "acceptBareSignature") != 0)
                        expect_value(&other, rows[i].name, rows[i].standard);
                snprintf(body, sizeof(body), "{\"%s\":null}", rows[i].name);
                _answer_ cleared = patch(body);
                expect(&cleared, 200, NULL);
                expect_value(&cleared, rows[i].name, rows[i].standard);
        }
}
END_TEST

/* Each wrong value beside a right one, which must not be taken either. */
static struct {
        const char *member;
        const char *field;
        const char *message;
} wrong[] = {
    {"\"name\":\"\"", "name", "name: must not be empty"},
    {"\"name\":null", "name", "name: must not be empty"},
    {"\"name\":\"a\\nb\"", "name", "name: must be at most 200 characters in one line"},
    {"\"timeZone\":\"Mars\"", "timeZone",
     "timeZone: must be an IANA time zone such as America/New_York"},
    {"\"timeZone\":1", "timeZone", "timeZone: must be an IANA time zone such as America/New_York"},
    {"\"country\":44", "country", "country: must be a country calling code such as 1 or 44"},
    {"\"retellApiKey\":\"short\"", "retellApiKey",
     "retellApiKey: must be 8 to 512 visible characters"},
    {"\"retellApiKey\":{\"set\":true}", "retellApiKey",
     "retellApiKey: must be 8 to 512 visible characters"},
    {"\"retellPhoneNumber\":\"555\"", "retellPhoneNumber",
     "retellPhoneNumber: must be a number in E.164 form such as +14155550100"},
    {"\"acceptBareSignature\":\"true\"", "acceptBareSignature",
     "acceptBareSignature: must be true or false"},
    {"\"calendarType\":\"outlook\"", "calendarType", "calendarType: must be cal_com or calendly"},
    {"\"dailySummaryRecipientEmail\":\"nobody\"", "dailySummaryRecipientEmail",
     "dailySummaryRecipientEmail: must be a mail address"},
    {"\"dailySummaryTime\":\"8 am\"", "dailySummaryTime",
     "dailySummaryTime: must be a time of day such as 08:00"},
    {"\"dailySummaryDays\":[]", "dailySummaryDays",
     "dailySummaryDays: must be days such as [\"Mon\",\"Tue\"], at least one"},
    {"\"callDays\":\"Mon\"", "callDays",
     "callDays: must be days such as [\"Mon\",\"Tue\"], at least one"},
    {"\"businessHours\":{\"Mon\":{\"open\":\"9\",\"close\":\"17:00\"}}", "businessHours",
     "businessHours: Mon: open must be a time of day such as 09:00"},
    {"\"businessHours\":{\"Monday\":null}", "businessHours",
     "businessHours: days are Mon, Tue, Wed, Thu, Fri, Sat and Sun"},
    {"\"features\":[]", "features", "features: must be a JSON object"},
    {"\"dailyCallLimit\":4", "dailyCallLimit",
     "dailyCallLimit: must be 1 to 3: tenants may only tighten it"},
    {"\"dailyCallLimit\":0", "dailyCallLimit",
     "dailyCallLimit: must be 1 to 3: tenants may only tighten it"},
    {"\"dailyCallLimit\":\"2\"", "dailyCallLimit",
     "dailyCallLimit: must be 1 to 3: tenants may only tighten it"},
    {"\"weeklyCallLimit\":1.5", "weeklyCallLimit", "weeklyCallLimit: must be 1 to 21"},
    {"\"callWindowStart\":\"07:59\"", "callWindowStart", "callWindowStart: must be 08:00 or later"},
    {"\"callWindowEnd\":\"21:01\"", "callWindowEnd", "callWindowEnd: must be 21:00 or earlier"},
    {"\"callWindowEnd\":\"08:00\"", "callWindowEnd",
     "callWindowStart, callWindowEnd: the window must end after it starts"},
    {"\"callWindowStart\":\"21:00\"", "callWindowStart",
     "callWindowStart, callWindowEnd: the window must end after it starts"},
    {"\"followUpDelayMinutes\":14", "followUpDelayMinutes",
     "followUpDelayMinutes: must be 15 to 1440 minutes"},
    {"\"reminderLeadMinutes\":119", "reminderLeadMinutes",
     "reminderLeadMinutes: must be 120 to 10080 minutes"},
    {"\"time_zone\":\"UTC\"", "time_zone", "Unknown field \"time_zone\""},
    {"\"suspended\":true", "suspended", "Unknown field \"suspended\""},
    {"\"webhookPath\":\"/x\"", "webhookPath", "Unknown field \"webhookPath\""},
};

START_TEST(what_is_wrong_is_named_and_nothing_is_taken)
{
        char body[256];
        _answer_ before = settings_of(&house.north);
        snprintf(body, sizeof(body), "{\"arrivalNotes\":\"not taken\",%s}", wrong[_i].member);
        _answer_ a = patch(body);
        expect(&a, 400, wrong[_i].message);
        ck_assert_str_eq(text_of(&a, "field"), wrong[_i].field);
        ck_assert_str_eq(text_of(&a, "error"), "INVALID");
        _answer_ after = settings_of(&house.north);
        ck_assert_str_eq(after.text, before.text);
}
END_TEST

START_TEST(a_wrong_window_is_judged_with_what_is_set_already)
{
        _answer_ start_only = patch("{\"callWindowStart\":\"12:00\"}");
        expect(&start_only, 200, NULL);
        _answer_ end = patch("{\"callWindowEnd\":\"11:00\"}");
        expect(&end, 400, NULL);
        ck_assert_str_eq(text_of(&end, "field"), "callWindowEnd");
        _answer_ both = patch("{\"callWindowStart\":\"09:00\",\"callWindowEnd\":\"11:00\"}");
        expect(&both, 200, NULL);
        _answer_ cleared = patch("{\"callWindowStart\":null,\"callWindowEnd\":null}");
        expect(&cleared, 200, NULL);
}
END_TEST

START_TEST(an_empty_change_changes_nothing_and_a_body_is_needed)
{
        _answer_ before = settings_of(&house.north);
        _answer_ empty = patch("{}");
        expect(&empty, 200, NULL);
        ck_assert_str_eq(empty.text, before.text);
        _answer_ array = patch("[]");
        expect(&array, 400, "The body must be a JSON object");
}
END_TEST

/* Secrets */

static const char *const secrets[] = {"key_zyxwvutsrqponmlk", "hook_zyxwvutsrqponmlk",
                                      "cal_zyxwvutsrqponmlk", "token_zyxwvutsrqponmlk"};

static void must_hold_no_secret(const char *what, const char *text)
{
        for (size_t i = 0; i < count_of(secrets); i++)
                ck_assert_msg(!strstr(text, secrets[i]), "%s tells a secret", what);
        ck_assert_msg(!strstr(text, "qponmlk"), "%s tells more than four characters", what);
}

static void must_not_be_told_by(const char *path, const char *token, const char *tenant)
{
        _answer_ a = ask(&house, .path = path, .token = token, .tenant = tenant);
        expect(&a, 200, NULL);
        must_hold_no_secret(path, a.text);
}

START_TEST(a_secret_goes_in_and_never_comes_out)
{
        static const char body[] = "{\"retellApiKey\":\"key_zyxwvutsrqponmlk\","
                                   "\"retellWebhookSecret\":\"hook_zyxwvutsrqponmlk\","
                                   "\"calComApiKey\":\"cal_zyxwvutsrqponmlk\","
                                   "\"calendlyToken\":\"token_zyxwvutsrqponmlk\"}";
        _answer_ set = patch(body);
        expect(&set, 200, NULL);
        must_hold_no_secret("the change", set.text);
        expect_value(&set, "calendlyToken", "{\"set\":true,\"last4\":\"nmlk\"}");
        must_not_be_told_by("/api/settings", house.north.admin, NULL);
        must_not_be_told_by("/api/audit?limit=500", house.north.admin, NULL);
        must_not_be_told_by("/api/admin/tenants", house.owner, NULL);
        must_not_be_told_by("/api/admin/tenants/1", house.owner, NULL);
        must_not_be_told_by("/api/admin/audit?tenantId=1&limit=500", house.owner, NULL);
        must_not_be_told_by("/api/settings", house.owner, "1");
        _answer_ wrong_one = patch("{\"retellApiKey\":\"key_zyxwvutsrqponmlk with blanks\"}");
        expect(&wrong_one, 400, NULL);
        must_hold_no_secret("the refusal", wrong_one.text);
}
END_TEST

START_TEST(a_secret_reaches_neither_the_log_nor_the_database_as_it_is)
{
        static char bytes[4 * 1024 * 1024];
        static const char *const files[] = {"log", "vio.db", "vio.db-wal"};
        _answer_ set = patch("{\"calComApiKey\":\"cal_zyxwvutsrqponmlk\"}");
        expect(&set, 200, NULL);
        for (size_t i = 0; i < count_of(files); i++) {
                char path[128];
                snprintf(path, sizeof(path), "%s/%s", house.folder, files[i]);
                int fd = open(path, O_RDONLY | O_CLOEXEC);
                ck_assert_msg(fd >= 0, "no %s", path);
                ssize_t n = read(fd, bytes, sizeof(bytes));
                close(fd);
                for (size_t k = 0; k < count_of(secrets); k++)
                        ck_assert_msg(
                            !memmem(bytes, n > 0 ? (size_t)n : 0, secrets[k], strlen(secrets[k])),
                            "%s holds a secret", files[i]);
        }
}
END_TEST

START_TEST(the_log_tells_the_names_of_what_changed_and_no_values)
{
        _answer_ set =
            patch("{\"arrivalNotes\":\"Ask for Quentin\",\"voiceAgentPrompt\":\"Quentin\"}");
        expect(&set, 200, NULL);
        _answer_ log =
            ask(&house, .path = "/api/audit?action=tenant.set&limit=2", .token = house.north.admin);
        expect(&log, 200, NULL);
        ck_assert_ptr_nonnull(strstr(log.text, "\"detail\":\"arrival_notes\""));
        ck_assert_ptr_nonnull(strstr(log.text, "\"detail\":\"voice_agent_prompt\""));
        ck_assert_ptr_null(strstr(log.text, "Quentin"));
}
END_TEST

/* Retell asked */

static struct answer test_retell(void)
{
        struct answer a = ask(&house, .method = "POST", .path = "/api/settings/test-retell",
                              .token = house.north.admin);
        expect(&a, 200, NULL);
        return a;
}

static bool is_ok(const vio_json *object)
{
        bool ok = false;
        ck_assert_int_eq(vio_json_bool(vio_json_get(object, "ok"), &ok), VIO_OK);
        return ok;
}

START_TEST(retell_is_asked_with_what_is_set)
{
        _answer_ good = test_retell();
        ck_assert(is_ok(good.json));
        ck_assert_uint_eq(vio_json_count(vio_json_get(good.json, "findings")), 3);
        _answer_ none = patch("{\"retellPhoneNumber\":null}");
        expect(&none, 200, NULL);
        _answer_ bad = test_retell();
        ck_assert(!is_ok(bad.json));
        const vio_json *number = vio_json_next(vio_json_first(vio_json_get(bad.json, "findings")));
        ck_assert_str_eq(vio_json_text(vio_json_get(number, "check")), "number");
        ck_assert_str_eq(vio_json_text(vio_json_get(number, "detail")),
                         "no number to call from is set");
        ck_assert_ptr_nonnull(
            strstr(vio_json_text(vio_json_get(number, "remedy")), "set a number"));
        ck_assert(!is_ok(number));
        _answer_ back = patch("{\"retellPhoneNumber\":\"+14155550100\"}");
        expect(&back, 200, NULL);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("settings");
        TCase *tc = shared_case(s, start, stop);
        tcase_add_test(tc, every_setting_is_told_as_what_it_is);
        tcase_add_test(tc, no_setting_is_left_out);
        tcase_add_test(tc, what_is_set_is_told_back_and_null_clears_it);
        tcase_add_loop_test(tc, what_is_wrong_is_named_and_nothing_is_taken, 0,
                            (int)count_of(wrong));
        tcase_add_test(tc, a_wrong_window_is_judged_with_what_is_set_already);
        tcase_add_test(tc, an_empty_change_changes_nothing_and_a_body_is_needed);
        tcase_add_test(tc, a_secret_goes_in_and_never_comes_out);
        tcase_add_test(tc, a_secret_reaches_neither_the_log_nor_the_database_as_it_is);
        tcase_add_test(tc, the_log_tells_the_names_of_what_changed_and_no_values);
        tcase_add_test(tc, retell_is_asked_with_what_is_set);
        return s;
}
