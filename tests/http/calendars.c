/* calendars.c - a calendar is connected, and tells of bookings over a real socket. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

/* What a calendar was given. */
struct access {
        char path[128];
        char secret[80];
};

static struct access connect_calendar(const struct clinic *c, const char *provider)
{
        struct access access;
        char path[80];
        snprintf(path, sizeof(path), "/api/settings/calendars/%s", provider);
        _answer_ a = ask(&house, .method = "POST", .path = path, .token = c->admin);
        expect(&a, 200, NULL);
        ck_assert_str_eq(text_of(&a, "provider"), provider);
        snprintf(access.path, sizeof(access.path), "%s", text_of(&a, "path"));
        snprintf(access.secret, sizeof(access.secret), "%s", text_of(&a, "secret"));
        return access;
}

static const char *in_two_days(char ret[VIO_TIME_TEXT])
{
        return vio_time_format(((vio_time)time(NULL) + 2 * 86400) * 1000, ret);
}

static const char *booking(const char *uid, const char *email, const char *more, char *ret,
                           size_t size)
{
        char start_at[VIO_TIME_TEXT];
        char now[VIO_TIME_TEXT];
        snprintf(ret, size,
                 "{\"triggerEvent\":\"BOOKING_CREATED\",\"createdAt\":\"%s\",\"payload\":{"
                 "\"uid\":\"%s\",\"startTime\":\"%s\",\"eventTitle\":\"Cleaning\",\"attendees\":["
                 "{\"name\":\"Zora Quist\",\"email\":\"%s\",\"timeZone\":\"Europe/London\","
                 "\"phoneNumber\":\"+442075550177\"}]%s}}",
                 vio_time_format((vio_time)time(NULL) * 1000, now), uid, in_two_days(start_at),
                 email, more);
        return ret;
}

static struct answer post_cal_com(const char *path, const char *secret, const char *body,
                                  const char *version)
{
        char signature[VIO_CAL_COM_SIGNATURE];
        ck_assert_int_eq(vio_cal_com_sign(secret, body, strlen(body), signature), VIO_OK);
        struct vio_http_header headers[] = {{"x-cal-signature-256", signature},
                                            {"X-Cal-Webhook-Version", version}};
        return ask(&house, .method = "POST", .path = path, .body = body, .more = headers,
                   .n_more = version ? 2 : 1);
}

static bool has_contact(const struct clinic *c, const char *email)
{
        _answer_ a = ask(&house, .path = "/api/contacts", .token = c->admin);
        expect(&a, 200, NULL);
        return strstr(a.text, email) != NULL;
}

START_TEST(a_calendar_is_connected_and_its_secret_told_once)
{
        struct access access = connect_calendar(&house.north, "calendly");
        ck_assert_int_eq(strncmp(access.path, "/api/webhooks/calendly/", 23), 0);
        ck_assert_uint_eq(strlen(access.path), 23 + 43);
        ck_assert_uint_eq(strlen(access.secret), 64);

        _answer_ list = ask(&house, .path = "/api/settings/calendars", .token = house.north.admin);
        expect(&list, 200, NULL);
        const vio_json *row = vio_json_first(list.json);
        while (row && strcmp(vio_json_text(vio_json_get(row, "provider")), "calendly") != 0)
                row = vio_json_next(row);
        ck_assert_str_eq(vio_json_text(vio_json_get(row, "tokenHint")), access.path + 23 + 39);
        ck_assert_ptr_null(strstr(list.text, access.path + 23));
        ck_assert_ptr_null(strstr(list.text, access.secret));
        _answer_ south = ask(&house, .path = "/api/settings/calendars", .token = house.south.admin);
        ck_assert_ptr_null(strstr(south.text, access.path + 23 + 39));
}
END_TEST

START_TEST(a_booking_becomes_a_contact_of_its_own_tenant)
{
        char body[1024];
        struct access north = connect_calendar(&house.north, "cal-com");
        struct access south = connect_calendar(&house.south, "cal-com");
        booking("u1", "zora1@example.net", "", body, sizeof(body));
        _answer_ first = post_cal_com(north.path, north.secret, body, "2021-10-20");
        expect(&first, 200, NULL);
        ck_assert_str_eq(first.text, "{\"received\":true}");
        ck_assert(has_contact(&house.north, "zora1@example.net"));
        ck_assert(!has_contact(&house.south, "zora1@example.net"));
        _answer_ again = post_cal_com(north.path, north.secret, body, NULL);
        expect(&again, 200, NULL);
        ck_assert_str_eq(again.text, first.text);
        _answer_ theirs = post_cal_com(south.path, north.secret, body, NULL);
        expect(&theirs, 401, "Invalid signature");
        ck_assert(!has_contact(&house.south, "zora1@example.net"));
}
END_TEST

START_TEST(an_invitee_becomes_a_contact)
{
        char start_at[VIO_TIME_TEXT];
        char signature[VIO_CALENDLY_SIGNATURE];
        char body[1024];
        struct access access = connect_calendar(&house.north, "calendly");
        snprintf(
            body, sizeof(body),
            "{\"event\":\"invitee.created\",\"payload\":{\"uri\":\"https://api.calendly.com/"
            "scheduled_events/E/invitees/I\",\"name\":\"Quill\",\"email\":\"quill@example.net\","
            "\"text_reminder_number\":\"+44 20 7555 0178\",\"scheduled_event\":{\"name\":"
            "\"Cleaning\",\"start_time\":\"%s\"}}}",
            in_two_days(start_at));
        vio_time now = (vio_time)time(NULL) * 1000;
        ck_assert_int_eq(vio_calendly_sign(access.secret, body, strlen(body), now, signature),
                         VIO_OK);
        struct vio_http_header header = {"Calendly-Webhook-Signature", signature};
        _answer_ a = ask(&house, .method = "POST", .path = access.path, .body = body,
                         .more = &header, .n_more = 1);
        expect(&a, 200, NULL);
        ck_assert(has_contact(&house.north, "quill@example.net"));

        ck_assert_int_eq(
            vio_calendly_sign(access.secret, body, strlen(body), now - 400000, signature), VIO_OK);
        _answer_ old = ask(&house, .method = "POST", .path = access.path, .body = body,
                           .more = &header, .n_more = 1);
        expect(&old, 401, "Invalid signature");
}
END_TEST

START_TEST(who_cannot_prove_who_they_are_learns_nothing)
{
        static const char *const signatures[] = {
            "no-secret-provided", "",
            "0000000000000000000000000000000000000000000000000000000000000000"};
        struct access access = connect_calendar(&house.north, "cal-com");
        char body[1024];
        booking("u2", "zora2@example.net", "", body, sizeof(body));
        for (size_t i = 0; i < count_of(signatures); i++) {
                struct vio_http_header header = {"X-Cal-Signature-256", signatures[i]};
                _answer_ a = ask(&house, .method = "POST", .path = access.path, .body = body,
                                 .more = &header, .n_more = *signatures[i] ? 1 : 0);
                expect(&a, 401, "Invalid signature");
        }
        _answer_ unknown =
            post_cal_com("/api/webhooks/cal-com/AAAAAAAAAAAAAAAAAAAAAA", access.secret, body, NULL);
        expect(&unknown, 404, "No such address here");
        /* Neither a body that is no JSON changes that, nor one that is and is signed is taken. */
        _answer_ garbage = ask(&house, .method = "POST", .path = access.path, .body = "false");
        expect(&garbage, 401, "Invalid signature");
        _answer_ signed_garbage = post_cal_com(access.path, access.secret, "false", NULL);
        expect(&signed_garbage, 400, "The body must be a JSON object");
        ck_assert(!has_contact(&house.north, "zora2@example.net"));
}
END_TEST

START_TEST(another_version_is_acknowledged_and_ignored)
{
        char body[1024];
        struct access access = connect_calendar(&house.north, "cal-com");
        booking("u3", "zora3@example.net", "", body, sizeof(body));
        _answer_ a = post_cal_com(access.path, access.secret, body, "2026-07-27");
        expect(&a, 200, NULL);
        ck_assert(!has_contact(&house.north, "zora3@example.net"));
}
END_TEST

START_TEST(a_form_of_another_type_is_taken_by_its_bytes)
{
        struct access access = connect_calendar(&house.north, "cal-com");
        char signature[VIO_CAL_COM_SIGNATURE];
        static const char body[] = "{\"triggerEvent\":\"PING\"}";
        ck_assert_int_eq(vio_cal_com_sign(access.secret, body, strlen(body), signature), VIO_OK);
        struct vio_http_header header = {"X-Cal-Signature-256", signature};
        _answer_ a = ask(&house, .method = "POST", .path = access.path, .body = body,
                         .type = "application/x-www-form-urlencoded", .more = &header, .n_more = 1);
        expect(&a, 200, NULL);
}
END_TEST

START_TEST(the_original_systems_address_needs_the_named_tenants_signature)
{
        static const char path[] = "/api/webhooks/cal-com";
        struct access north = connect_calendar(&house.north, "cal-com");
        struct access south = connect_calendar(&house.south, "cal-com");
        char more[80];
        char body[1024];
        snprintf(more, sizeof(more), ",\"metadata\":{\"tenantId\":\"%lld\"}",
                 (long long)house.north.id.v);
        booking("u4", "zora4@example.net", more, body, sizeof(body));
        _answer_ forged = post_cal_com(path, south.secret, body, NULL);
        expect(&forged, 401, "Invalid signature");
        _answer_ good = post_cal_com(path, north.secret, body, NULL);
        expect(&good, 200, NULL);
        ck_assert(has_contact(&house.north, "zora4@example.net"));
        booking("u5", "zora5@example.net", ",\"metadata\":{\"tenantId\":4711}", body, sizeof(body));
        _answer_ nobody = post_cal_com(path, north.secret, body, NULL);
        expect(&nobody, 401, "Invalid signature");
        booking("u5", "zora5@example.net", "", body, sizeof(body));
        _answer_ unnamed = post_cal_com(path, north.secret, body, NULL);
        expect(&unnamed, 401, "Invalid signature");
}
END_TEST

START_TEST(a_removed_address_is_gone)
{
        static const char path[] = "/api/settings/calendars/cal-com";
        char body[1024];
        struct access access = connect_calendar(&house.south, "cal-com");
        booking("u6", "zora6@example.net", "", body, sizeof(body));
        _answer_ gone = ask(&house, .method = "DELETE", .path = path, .token = house.south.admin);
        ck_assert_int_eq(gone.status, 204);
        _answer_ late = post_cal_com(access.path, access.secret, body, NULL);
        expect(&late, 404, "No such address here");
        _answer_ twice = ask(&house, .method = "DELETE", .path = path, .token = house.south.admin);
        expect(&twice, 404, "This calendar is not connected");
}
END_TEST

START_TEST(there_are_two_calendars_and_users_do_not_connect_them)
{
        _answer_ other = ask(&house, .method = "POST", .path = "/api/settings/calendars/outlook",
                             .token = house.north.admin);
        expect(&other, 404, "There is no such calendar");
        _answer_ user = ask(&house, .method = "POST", .path = "/api/settings/calendars/cal-com",
                            .token = house.north.user);
        expect(&user, 403, NULL);
}
END_TEST

START_TEST(no_token_and_no_secret_is_in_the_log)
{
        static char log[256 * 1024];
        char path[128];
        char body[1024];
        struct access access = connect_calendar(&house.north, "cal-com");
        booking("u7", "zora7@example.net", "", body, sizeof(body));
        _answer_ good = post_cal_com(access.path, access.secret, body, NULL);
        expect(&good, 200, NULL);
        _answer_ bad = post_cal_com(access.path, "another secret", body, NULL);
        expect(&bad, 401, NULL);
        _answer_ wrong = ask(&house, .method = "GET", .path = access.path);
        expect(&wrong, 405, NULL);
        ck_assert_int_eq(house_stop(&house), 0);

        snprintf(path, sizeof(path), "%s/log", house.folder);
        FILE *f = fopen(path, "re");
        ck_assert_ptr_nonnull(f);
        log[fread(log, 1, sizeof(log) - 1, f)] = '\0';
        fclose(f);
        ck_assert_ptr_nonnull(strstr(log, "/api/webhooks/cal-com/:token"));
        ck_assert_ptr_null(strstr(log, access.path));
        ck_assert_ptr_null(strstr(log, strrchr(access.path, '/') + 1));
        ck_assert_ptr_null(strstr(log, access.secret));
        ck_assert_ptr_null(strstr(log, "zora7"));
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("calendars");
        TCase *tc = shared_case(s, start, stop);
        tcase_add_test(tc, a_calendar_is_connected_and_its_secret_told_once);
        tcase_add_test(tc, a_booking_becomes_a_contact_of_its_own_tenant);
        tcase_add_test(tc, an_invitee_becomes_a_contact);
        tcase_add_test(tc, who_cannot_prove_who_they_are_learns_nothing);
        tcase_add_test(tc, another_version_is_acknowledged_and_ignored);
        tcase_add_test(tc, a_form_of_another_type_is_taken_by_its_bytes);
        tcase_add_test(tc, the_original_systems_address_needs_the_named_tenants_signature);
        tcase_add_test(tc, a_removed_address_is_gone);
        tcase_add_test(tc, there_are_two_calendars_and_users_do_not_connect_them);
        TCase *own = tcase_create("log");
        tcase_add_checked_fixture(own, start, stop);
        tcase_set_timeout(own, 60);
        tcase_add_test(own, no_token_and_no_secret_is_in_the_log);
        suite_add_tcase(s, own);
        return s;
}
