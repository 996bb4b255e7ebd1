/* summary.c - the daily summary over real HTTP: settings, a look, a test mail, the mail itself. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "house.h"

#define SETTINGS "/api/daily-summary/settings"
#define SECRET   "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"

static struct house house;

static void start(void)
{
        static char config[128];
        static const char *const args[] = {
            "--sandbox", "--sandbox-speed", "200", "--config", config, NULL};
        house_build(&house);
        snprintf(config, sizeof(config), "%s/vio.conf", house.folder);
        FILE *f = fopen(config, "we");
        ck_assert_ptr_nonnull(f);
        fputs("resend-webhook-secret = " SECRET "\nmail-from = North <summary@north.example>\n", f);
        ck_assert_int_eq(fclose(f), 0);
        house_serve(&house, args);
}

static void stop(void)
{
        house_leave(&house);
}

static struct answer put(const char *token, const char *body)
{
        return ask(&house, .method = "PUT", .path = SETTINGS, .token = token, .body = body);
}

static struct answer get(const char *token)
{
        return ask(&house, .path = SETTINGS, .token = token);
}

START_TEST(the_settings_have_the_documented_shape)
{
        _answer_ a = get(house.south.user);
        expect(&a, 200, NULL);
        ck_assert_str_eq(text_of(&a, "deliveryTime"), "08:00");
        ck_assert_int_eq(vio_json_count(vio_json_get(a.json, "deliveryDays")), 5);
        static const char *const nothing[] = {"recipientEmail",   "recipientName", "lastSentAt",
                                              "recipientBlocked", "lastRun",       "nextAt"};
        for (size_t i = 0; i < count_of(nothing); i++)
                ck_assert_int_eq(vio_json_type(vio_json_get(a.json, nothing[i])), VIO_JSON_NULL);
        _answer_ b =
            put(house.south.admin,
                "{\"enabled\":true,\"recipientEmail\":\"manager@salon.example\","
                "\"recipientName\":\"Mike Davis\",\"deliveryTime\":\"09:00\","
                "\"deliveryDays\":[\"Mon\",\"Sat\"],\"timezone\":\"America/Los_Angeles\"}");
        expect(&b, 200, NULL);
        _answer_ c = get(house.south.user);
        ck_assert_str_eq(b.text, c.text);
        bool enabled = false, counts_only = true;
        ck_assert_int_eq(vio_json_bool(vio_json_get(c.json, "enabled"), &enabled), VIO_OK);
        ck_assert_int_eq(vio_json_bool(vio_json_get(c.json, "countsOnly"), &counts_only), VIO_OK);
        ck_assert(enabled && !counts_only);
        ck_assert_str_eq(text_of(&c, "recipientEmail"), "manager@salon.example");
        ck_assert_str_eq(text_of(&c, "recipientName"), "Mike Davis");
        ck_assert_str_eq(text_of(&c, "timezone"), "America/Los_Angeles");
        ck_assert_ptr_nonnull(strstr(c.text, "\"deliveryDays\":[\"Mon\",\"Sat\"]"));
        vio_time next = VIO_TIME_NONE;
        ck_assert_int_eq(vio_time_parse(text_of(&c, "nextAt"), &next), VIO_OK);
        _answer_ off = put(house.south.admin, "{\"enabled\":false,\"recipientEmail\":\"\"}");
        expect(&off, 200, NULL);
        ck_assert_int_eq(vio_json_type(vio_json_get(off.json, "nextAt")), VIO_JSON_NULL);
}
END_TEST

static const struct {
        const char *body;
        const char *field;
        const char *message;
} wrong[] = {
    {"{\"enabled\":true}", "recipientEmail", "recipientEmail: is required while the summary is on"},
    {"{\"recipientEmail\":\"nobody\"}", "recipientEmail", "recipientEmail: must be a mail address"},
    {"{\"deliveryTime\":\"25:00\"}", "deliveryTime",
     "deliveryTime: must be a time of day from 00:00 to 23:59"},
    {"{\"deliveryTime\":\"9:00\"}", "deliveryTime",
     "deliveryTime: must be a time of day from 00:00 to 23:59"},
    {"{\"deliveryDays\":[]}", "deliveryDays",
     "deliveryDays must be days such as [\"Mon\",\"Tue\"], at least one"},
    {"{\"deliveryDays\":[\"Mon\",\"Moonday\"]}", "deliveryDays", NULL},
    {"{\"deliveryDays\":[1]}", "deliveryDays", NULL},
    {"{\"deliveryDays\":\"Mon\"}", "deliveryDays", NULL},
    {"{\"timezone\":\"Mars/Olympus\"}", "timezone",
     "timezone: must be an IANA time zone such as America/New_York"},
    {"{\"enabled\":\"yes\"}", "enabled", "enabled must be true or false"},
    {"{\"countsOnly\":1}", "countsOnly", "countsOnly must be true or false"},
};

START_TEST(a_wrong_setting_is_refused_by_its_name)
{
        for (size_t i = 0; i < count_of(wrong); i++) {
                _answer_ before = get(house.south.admin);
                _answer_ a = put(house.south.admin, wrong[i].body);
                expect(&a, 400, wrong[i].message);
                ck_assert_str_eq(text_of(&a, "field"), wrong[i].field);
                _answer_ after = get(house.south.admin);
                ck_assert_str_eq(before.text, after.text);
        }
        _answer_ stranger = put(house.south.admin, "{\"lastSentAt\":null,\"colour\":\"red\"}");
        expect(&stranger, 400, NULL);
}
END_TEST

START_TEST(the_preview_shows_the_mail)
{
        _answer_ a = ask(&house, .path = "/api/daily-summary/preview", .token = house.north.admin);
        expect(&a, 200, NULL);
        ck_assert_ptr_nonnull(strstr(text_of(&a, "subject"), "Daily Summary for North Clinic - "));
        ck_assert_ptr_nonnull(strstr(text_of(&a, "text"), "Total calls: "));
        ck_assert_ptr_nonnull(strstr(text_of(&a, "html"), "<bdi>North Clinic</bdi>"));
}
END_TEST

/* What the simulated Resend keeps of a mail. */
static struct answer mail_of(const char *id)
{
        const struct vio_http_transport *http = NULL;
        char url[160];
        const struct vio_http_header headers[] = {{"Authorization", "Bearer re_test"},
                                                  {"User-Agent", "test"}};
        struct answer a = {.response = vio_http_response_new()};
        size_t len;
        /* The line that tells the address goes on after a colon. */
        snprintf(url, sizeof(url), "%.*s/emails/%s", (int)strlen(house.sandbox) - 1, house.sandbox,
                 id);
        const struct vio_http_request rq = {.size = sizeof(rq),
                                            .method = "GET",
                                            .url = url,
                                            .headers = headers,
                                            .n_headers = 2,
                                            .timeout_ms = 10000};
        ck_assert_int_eq(vio_http_default(&http), VIO_OK);
        http->perform(http->data, &rq, &a.response, 1);
        a.status = vio_http_response_get_status(a.response);
        a.text = vio_http_response_get_body(a.response, &len);
        ck_assert_int_eq(vio_json_parse(a.text, len, &a.json), VIO_OK);
        return a;
}

static struct answer ask_test_mail(const char *token)
{
        return ask(&house, .method = "POST", .path = "/api/daily-summary/test", .token = token);
}

START_TEST(a_test_mail_arrives_and_the_next_one_has_to_wait)
{
        _answer_ set = put(house.north.admin, "{\"recipientEmail\":\"boss@north.example\"}");
        expect(&set, 200, NULL);
        _answer_ a = ask_test_mail(house.north.admin);
        expect(&a, 200, NULL);
        _answer_ mail = mail_of(text_of(&a, "id"));
        ck_assert_int_eq(mail.status, 200);
        ck_assert_ptr_nonnull(
            strstr(text_of(&mail, "subject"), "[Test] Daily Summary for North Clinic - "));
        ck_assert_str_eq(text_of(&mail, "from"), "North <summary@north.example>");
        ck_assert_ptr_nonnull(strstr(mail.text, "\"to\":[\"boss@north.example\"]"));
        _answer_ nobody = ask_test_mail(house.south.admin);
        expect(&nobody, 409, "there is no recipient");
        /* A minute of the server is less than a second of ours: the first that is too soon. */
        for (int status = 200; status == 200;) {
                _answer_ again = ask_test_mail(house.north.admin);
                status = again.status;
                if (status == 200)
                        continue;
                expect(&again, 429, "a test mail was asked for less than a minute ago");
                ck_assert_str_eq(header_of(&again, "Retry-After"), "60");
                ck_assert_str_eq(text_of(&again, "error"), "LIMITED");
        }
}
END_TEST

/* The time of day by the server's clock, which runs faster than ours. */
static vio_time server_now(void)
{
        vio_time now = VIO_TIME_NONE;
        _answer_ a = ask(&house, .method = "POST", .path = "/api/contacts",
                         .token = house.south.admin, .body = "{\"name\":\"Clock\"}");
        expect(&a, 201, NULL);
        ck_assert_int_eq(vio_time_parse(text_of(&a, "createdAt"), &now), VIO_OK);
        return now;
}

/* Plans the summary for a few minutes ahead; again, should they have passed before it was set. */
static void given_summary_soon(void)
{
        char body[256];
        for (vio_time now = 0, next = INT64_MAX; next > now + 3600000;) {
                now = server_now();
                int minute = (int)((now / 60000 + 5) % 1440);
                snprintf(body, sizeof(body),
                         "{\"enabled\":true,\"recipientEmail\":\"boss@south.example\","
                         "\"deliveryTime\":\"%02d:%02d\",\"timezone\":\"UTC\",\"deliveryDays\":"
                         "[\"Mon\",\"Tue\",\"Wed\",\"Thu\",\"Fri\",\"Sat\",\"Sun\"]}",
                         minute / 60, minute % 60);
                _answer_ a = put(house.south.admin, body);
                expect(&a, 200, NULL);
                ck_assert_int_eq(vio_time_parse(text_of(&a, "nextAt"), &next), VIO_OK);
        }
}

static struct answer wait_for_run(void)
{
        const struct timespec pause = {0, 50000000};
        for (;;) {
                struct answer a = get(house.south.user);
                const vio_json *run = vio_json_get(a.json, "lastRun");
                const char *state = vio_json_text(vio_json_get(run, "state"));
                if (state && strcmp(state, "pending") != 0)
                        return a;
                answer_clear(&a);
                nanosleep(&pause, NULL);
        }
}

/* Sends a signed webhook as Resend does; @prefix: "svix" or "webhook". */
static int send_webhook(const char *prefix, const char *id, const char *secret, const char *body)
{
        char head[600], answer[4096], signature[VIO_SVIX_SIGNATURE];
        long long now = (long long)(server_now() / 1000);
        ck_assert_int_eq(vio_svix_sign(secret, id, now, body, strlen(body), signature), VIO_OK);
        snprintf(head, sizeof(head),
                 "POST /api/webhooks/resend HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                 "Content-Type: application/json\r\n%s-id: %s\r\n%s-timestamp: %lld\r\n"
                 "%s-signature: v1,AAAA %s\r\nContent-Length: %zu\r\n\r\n%s",
                 prefix, id, prefix, now, prefix, signature, strlen(body), body);
        return raw_text(&house, head, answer, sizeof(answer));
}

START_TEST(the_summary_is_mailed_at_its_time_and_a_complaint_stops_it)
{
        given_summary_soon();
        _answer_ a = wait_for_run();
        const vio_json *run = vio_json_get(a.json, "lastRun");
        ck_assert_msg(!strcmp(vio_json_text(vio_json_get(run, "state")), "sent"), "%s", a.text);
        vio_time sent = VIO_TIME_NONE;
        ck_assert_int_eq(vio_time_parse(text_of(&a, "lastSentAt"), &sent), VIO_OK);

        static const char complaint[] =
            "{\"type\":\"email.complained\",\"data\":{\"email_id\":\"elsewhere\","
            "\"to\":[\"boss@south.example\"],\"tags\":{\"tenant\":\"2\"}}}";
        static const char delivered[] = "{\"type\":\"email.delivered\",\"data\":{}}";
        ck_assert_int_eq(house.south.id.v, 2);
        ck_assert_int_eq(send_webhook("svix", "msg_1", SECRET, delivered), 200);
        ck_assert_int_eq(send_webhook("svix", "msg_2", "whsec_AAAA", complaint), 401);
        ck_assert_int_eq(send_webhook("svix", "msg_3", SECRET, "no json"), 400);
        _answer_ still = get(house.south.user);
        ck_assert_int_eq(vio_json_type(vio_json_get(still.json, "recipientBlocked")),
                         VIO_JSON_NULL);
        ck_assert_int_eq(send_webhook("webhook", "msg_2", SECRET, complaint), 200);
        _answer_ blocked = get(house.south.user);
        ck_assert_str_eq(text_of(&blocked, "recipientBlocked"), "complained");
        _answer_ test = ask_test_mail(house.south.admin);
        expect(&test, 409, NULL);
        _answer_ again = put(house.south.admin, "{\"recipientEmail\":\"boss@south.example\"}");
        expect(&again, 200, NULL);
        ck_assert_int_eq(vio_json_type(vio_json_get(again.json, "recipientBlocked")),
                         VIO_JSON_NULL);
        _answer_ north = get(house.north.user);
        ck_assert_int_eq(vio_json_type(vio_json_get(north.json, "lastRun")), VIO_JSON_NULL);
}
END_TEST

START_TEST(a_webhook_without_a_signature_is_refused)
{
        _answer_ a = ask(&house, .method = "POST", .path = "/api/webhooks/resend",
                         .body = "{\"type\":\"email.complained\"}");
        expect(&a, 401, "Invalid signature");
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("summary");
        TCase *tc = shared_case(s, start, stop);
        tcase_add_test(tc, the_settings_have_the_documented_shape);
        tcase_add_test(tc, a_wrong_setting_is_refused_by_its_name);
        tcase_add_test(tc, the_preview_shows_the_mail);
        tcase_add_test(tc, a_test_mail_arrives_and_the_next_one_has_to_wait);
        tcase_add_test(tc, the_summary_is_mailed_at_its_time_and_a_complaint_stops_it);
        tcase_add_test(tc, a_webhook_without_a_signature_is_refused);
        return s;
}
