/* bad_bodies.c - malformed input at every door: a clear 4xx, nothing written, nothing leaked. */
#include <stdio.h>
#include <stdlib.h>
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

/* What both tenants have, with the time of every contact's last change. */
static char before[1 << 16];
static char after[1 << 16];

static void read_state(char *ret, size_t size)
{
        _answer_ north = ask(&house, .path = "/api/contacts", .token = house.north.user);
        _answer_ south = ask(&house, .path = "/api/contacts", .token = house.south.user);
        int len = snprintf(ret, size, "%s%s", north.text, south.text);
        ck_assert_int_lt(len, (int)size);
}

static void remember(void)
{
        read_state(before, sizeof(before));
        ck_assert_ptr_nonnull(strstr(before, "\"updatedAt\""));
}

static void nothing_was_written(void)
{
        read_state(after, sizeof(after));
        ck_assert_str_eq(before, after);
}

/* One bad body and what its refusal must say. */
struct bad {
        const char *body;
        const char *message;
};

static void refuse_all(const char *path, const char *token, const struct bad *rows, size_t n)
{
        remember();
        for (size_t i = 0; i < n; i++) {
                _answer_ a = ask(&house, .method = "POST", .path = path, .token = token,
                                 .body = rows[i].body);
                ck_assert_msg(a.status == 400, "%s: %d %s", rows[i].body, a.status, a.text);
                ck_assert_msg(!strcmp(text_of(&a, "message"), rows[i].message), "%s: %s",
                              rows[i].body, a.text);
        }
        nothing_was_written();
}

#define NO_JSON   "The body is not valid JSON"
#define NO_OBJECT "The body must be a JSON object"
#define NO_TIME   "appointmentTime must be a time with its offset, such as 2026-11-24T09:30:00Z"

START_TEST(a_bad_contact_is_refused_by_the_name_of_its_field)
{
        static const struct bad rows[] = {
            {"", "A JSON object is needed in the body"},
            {"{", NO_JSON},
            {"nonsense", NO_JSON},
            {"{\"name\":\"\xff\xfe\"}", NO_JSON},
            {"{\"name\":\"a\\u0000b\"}", NO_JSON},
            {"{\"name\":\"a\",\"name\":\"b\"}", NO_JSON},
            {"{\"name\":\"a\"} x", NO_JSON},
            {"[]", NO_OBJECT},
            {"null", NO_OBJECT},
            {"\"name\"", NO_OBJECT},
            {"{}", "name is required"},
            {"{\"name\":null}", "name is required"},
            {"{\"name\":\"\"}", "name must not be empty"},
            {"{\"name\":7}", "name must be a text"},
            {"{\"name\":{\"first\":\"a\"}}", "name must be a text"},
            {"{\"name\":\"a\",\"phone\":4155550101}", "phone must be a text"},
            {"{\"name\":\"a\",\"appointmentTime\":\"tomorrow\"}", NO_TIME},
            {"{\"name\":\"a\",\"appointmentTime\":\"2031-10-25T10:00:00\"}", NO_TIME},
            {"{\"name\":\"a\",\"appointmentTime\":1763800000}", NO_TIME},
            {"{\"name\":\"a\",\"tenantId\":2}", "Unknown field \"tenantId\""},
            {"{\"name\":\"a\",\"appointmentStatus\":\"confirmed\"}",
             "Unknown field \"appointmentStatus\""},
            {"{\"name\":\"a\",\"appointmentDate\":\"25 October 2031\"}",
             "appointmentDate is longer than 10 bytes"},
        };
        refuse_all("/api/contacts", house.north.admin, rows, count_of(rows));
}
END_TEST

START_TEST(what_the_library_refuses_names_the_field_too)
{
        static const struct {
                const char *body;
                const char *field;
        } rows[] = {
            {"{\"name\":\"a\",\"phone\":\"12\"}", "phone"},
            {"{\"name\":\"a\",\"email\":\"nobody\"}", "email"},
            {"{\"name\":\"a\",\"timeZone\":\"Mars/Olympus\"}", "timeZone"},
            {"{\"name\":\"a\",\"appointmentDate\":\"2031-13-45\"}", "appointmentDate"},
        };
        remember();
        for (size_t i = 0; i < count_of(rows); i++) {
                _answer_ a = ask(&house, .method = "POST", .path = "/api/contacts",
                                 .token = house.north.admin, .body = rows[i].body);
                expect(&a, 400, NULL);
                ck_assert_msg(strstr(text_of(&a, "message"), rows[i].field), "%s", a.text);
                ck_assert_str_eq(text_of(&a, "field"), rows[i].field);
        }
        nothing_was_written();
}
END_TEST

START_TEST(a_field_that_is_too_long_is_refused)
{
        char body[2600];
        char name[2100];
        memset(name, 'x', sizeof(name));
        name[201] = '\0';
        remember();
        snprintf(body, sizeof(body), "{\"name\":\"%s\"}", name);
        _answer_ a = ask(&house, .method = "POST", .path = "/api/contacts",
                         .token = house.north.admin, .body = body);
        expect(&a, 400, "name is longer than 200 bytes");
        memset(name, 'x', sizeof(name));
        name[2001] = '\0';
        snprintf(body, sizeof(body), "{\"name\":\"a\",\"specialInstructions\":\"%s\"}", name);
        _answer_ b = ask(&house, .method = "POST", .path = "/api/contacts",
                         .token = house.north.admin, .body = body);
        expect(&b, 400, "specialInstructions is longer than 2000 bytes");
        nothing_was_written();
}
END_TEST

START_TEST(a_bad_call_is_refused_by_the_name_of_its_field)
{
        static const struct bad rows[] = {
            {"{}", "contactId is required"},
            {"{\"contactId\":\"1\"}", "contactId must be a whole number above 0"},
            {"{\"contactId\":0}", "contactId must be a whole number above 0"},
            {"{\"contactId\":-1}", "contactId must be a whole number above 0"},
            {"{\"contactId\":1.5}", "contactId must be a whole number above 0"},
            {"{\"contactId\":18014398509481984}", "contactId must be a whole number above 0"},
            {"{\"contactId\":[1]}", "contactId must be a whole number above 0"},
            {"{\"contactId\":1,\"tenantId\":2}", "Unknown field \"tenantId\""},
        };
        refuse_all("/api/calls/manual", house.north.user, rows, count_of(rows));
}
END_TEST

START_TEST(a_bad_login_is_refused_by_the_name_of_its_field)
{
        static const struct bad rows[] = {
            {"{\"email\":\"a@example.com\"}", "password is required"},
            {"{\"password\":\"secretsecret\"}", "email is required"},
            {"{\"email\":[],\"password\":\"secretsecret\"}", "email must be a text"},
            {"{\"email\":\"a@example.com\",\"password\":\"secretsecret\",\"tenantId\":\"1\"}",
             "tenantId must be a whole number above 0"},
            {"{\"email\":\"a@example.com\",\"password\":\"secretsecret\",\"admin\":true}",
             "Unknown field \"admin\""},
        };
        refuse_all("/api/auth/login", NULL, rows, count_of(rows));
}
END_TEST

START_TEST(nesting_without_end_is_refused)
{
        char body[20001];
        memset(body, '[', sizeof(body) - 1);
        body[sizeof(body) - 1] = '\0';
        const struct bad rows[] = {{body, NO_JSON}};
        refuse_all("/api/contacts", house.north.admin, rows, 1);
}
END_TEST

START_TEST(a_form_is_not_json)
{
        _answer_ a =
            ask(&house, .method = "POST", .path = "/api/contacts", .token = house.north.admin,
                .body = "name=a", .type = "application/x-www-form-urlencoded");
        expect(&a, 415, "Content-Type must be application/json");
        _answer_ b =
            ask(&house, .method = "POST", .path = "/api/contacts", .token = house.north.admin,
                .body = "{\"name\":7}", .type = "application/json; charset=utf-8");
        expect(&b, 400, "name must be a text");
}
END_TEST

static void refuse_large(const char *path, const char *token, size_t len)
{
        char *body = malloc(len);
        ck_assert_ptr_nonnull(body);
        memset(body, ' ', len);
        _answer_ a = ask(&house, .method = "POST", .path = path, .token = token,
                         .type = "application/json", .content = body, .content_len = len);
        ck_assert_msg(a.status == 413, "%s: %d %s", path, a.status, a.text);
        expect(&a, 413, "The body is larger than this path takes");
        free(body);
}

START_TEST(five_megabytes_are_refused_at_every_door)
{
        static const size_t five = 5 * 1024 * 1024;
        remember();
        refuse_large("/api/retell/webhook", NULL, five);
        refuse_large("/api/contacts", house.north.admin, five);
        refuse_large("/api/calls/manual", house.north.user, five);
        refuse_large("/api/auth/login", NULL, five);
        refuse_large("/nowhere", NULL, five);
        refuse_large("/api/contacts", house.north.admin, 256 * 1024 + 1);
        nothing_was_written();
}
END_TEST

/* A webhook with a signature that is right for its bytes. */
static struct answer post_signed(const char *body)
{
        char signature[VIO_RETELL_SIGNATURE];
        sign(RETELL_KEY, body, signature);
        return ask(&house, .method = "POST", .path = "/api/retell/webhook", .body = body,
                   .signature = signature);
}

START_TEST(a_bad_webhook_is_refused_and_writes_nothing)
{
        static const char *const bodies[] = {
            "{",
            "[]",
            "{}",
            "{\"event\":\"call_ended\"}",
            "{\"event\":\"call_ended\",\"call\":[]}",
            "{\"event\":\"call_ended\",\"call\":{}}",
            "{\"event\":7,\"call\":{\"call_id\":\"call_house_1\"}}",
            "{\"event\":\"call_ended\",\"call\":{\"call_id\":7}}",
            "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"\xff\"}}",
            "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"call_unknown\"}}",
        };
        remember();
        for (size_t i = 0; i < count_of(bodies); i++) {
                _answer_ a = post_signed(bodies[i]);
                ck_assert_msg(a.status >= 400 && a.status < 500, "%s: %d", bodies[i], a.status);
        }
        nothing_was_written();
}
END_TEST

START_TEST(a_webhook_that_is_not_signed_right_is_refused)
{
        const char *body = "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"call_house_1\"}}";
        char good[VIO_RETELL_SIGNATURE];
        char neighbour[VIO_RETELL_SIGNATURE];
        char old[VIO_RETELL_SIGNATURE];
        sign(RETELL_KEY, body, good);
        sign(SOUTH_KEY, body, neighbour);
        ck_assert_int_eq(vio_retell_sign(RETELL_KEY, body, strlen(body), 1760000000000, old), 0);
        const char *const signatures[] = {NULL, "", "x", old, "v=1,d=00", good + 1, neighbour};
        remember();
        for (size_t i = 0; i < count_of(signatures); i++) {
                _answer_ a = ask(&house, .method = "POST", .path = "/api/retell/webhook",
                                 .body = body, .signature = signatures[i]);
                expect(&a, 401, "Invalid signature");
        }
        nothing_was_written();
}
END_TEST

START_TEST(an_event_that_nobody_knows_is_acknowledged_and_changes_no_contact)
{
        remember();
        _answer_ a = post_signed("{\"event\":\"transfer_started\","
                                 "\"call\":{\"call_id\":\"call_house_1\"}}");
        expect(&a, 200, NULL);
        _answer_ list =
            ask(&house, .path = "/api/contacts?filter=pending", .token = house.north.user);
        ck_assert_uint_eq(vio_json_count(list.json), 2);
}
END_TEST

START_TEST(no_answer_speaks_of_our_inside)
{
        static const char *const words[] = {"sqlite", "SQLITE", "select ",
                                            "libvio", ".c:",    "/tmp/"};
        static const char *const bodies[] = {"{", "{\"name\":\"a'; drop table contacts; --\"",
                                             "{\"name\":\"a\",\"phone\":\"';--\"}"};
        for (size_t i = 0; i < count_of(bodies); i++) {
                _answer_ a = ask(&house, .method = "POST", .path = "/api/contacts",
                                 .token = house.north.admin, .body = bodies[i]);
                expect(&a, 400, NULL);
                for (size_t k = 0; k < count_of(words); k++)
                        ck_assert_ptr_null(strstr(a.text, words[k]));
        }
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("bad bodies");
        TCase *tc = shared_case(s, start, stop);
        tcase_add_test(tc, a_bad_contact_is_refused_by_the_name_of_its_field);
        tcase_add_test(tc, what_the_library_refuses_names_the_field_too);
        tcase_add_test(tc, a_field_that_is_too_long_is_refused);
        tcase_add_test(tc, a_bad_call_is_refused_by_the_name_of_its_field);
        tcase_add_test(tc, a_bad_login_is_refused_by_the_name_of_its_field);
        tcase_add_test(tc, nesting_without_end_is_refused);
        tcase_add_test(tc, a_form_is_not_json);
        tcase_add_test(tc, five_megabytes_are_refused_at_every_door);
        tcase_add_test(tc, a_bad_webhook_is_refused_and_writes_nothing);
        tcase_add_test(tc, a_webhook_that_is_not_signed_right_is_refused);
        tcase_add_test(tc, an_event_that_nobody_knows_is_acknowledged_and_changes_no_contact);
        tcase_add_test(tc, no_answer_speaks_of_our_inside);
        return s;
}
