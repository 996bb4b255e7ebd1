/* sandbox.c - from a contact to a confirmed appointment, over real HTTP, calling nobody. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "house.h"

static struct house house;

static void start(void)
{
        static const char *const sandbox[] = {"--sandbox", "--sandbox-speed", "100", NULL};
        house_build(&house);
        house_serve(&house, sandbox);
}

static void stop(void)
{
        house_leave(&house);
}

/* Places a call, which is answered with @status, and gives its id. */
static void given_call(vio_contact_id contact, int status, char *ret, size_t size)
{
        char body[64];
        snprintf(body, sizeof(body), "{\"contactId\":%lld}", (long long)contact.v);
        _answer_ a = ask(&house, .method = "POST", .path = "/api/calls/manual",
                         .token = house.north.user, .body = body);
        expect(&a, status, NULL);
        enum vio_json_type type = vio_json_type(vio_json_get(a.json, "retellCallId"));
        ck_assert_int_eq(type, status == 200 ? VIO_JSON_TEXT : VIO_JSON_NULL);
        snprintf(ret, size, "%s", text_of(&a, "callSessionId"));
}

/* Asks for the call until nothing more will be learnt; the case's time limit ends a wait in vain.
 */
static struct answer wait_for_end(const char *id)
{
        char path[128];
        const struct timespec pause = {0, 50000000};
        snprintf(path, sizeof(path), "/api/calls/%s", id);
        for (;;) {
                struct answer a = ask(&house, .path = path, .token = house.north.user);
                bool final = false;
                ck_assert_int_eq(vio_json_bool(vio_json_get(a.json, "final"), &final), VIO_OK);
                if (final)
                        return a;
                answer_clear(&a);
                nanosleep(&pause, NULL);
        }
}

static bool timeline_has(const struct answer *call, const char *kind, const char *detail)
{
        const vio_json *timeline = vio_json_get(call->json, "timeline");
        for (const vio_json *m = vio_json_first(timeline); m; m = vio_json_next(m))
                if (!strcmp(vio_json_text(vio_json_get(m, "kind")), kind) &&
                    !strcmp(vio_json_text(vio_json_get(m, "detail")), detail))
                        return true;
        return false;
}

START_TEST(a_called_contact_confirms_the_appointment)
{
        char id[64];
        char path[64];
        given_call(house.north.contact, 200, id, sizeof(id));
        _answer_ call = wait_for_end(id);
        ck_assert_str_eq(text_of(&call, "outcome"), "confirmed");
        ck_assert_str_eq(text_of(&call, "callType"), "manual");
        ck_assert_msg(timeline_has(&call, "webhook", "call_started"), "%s", call.text);
        ck_assert_msg(timeline_has(&call, "webhook", "call_analyzed"), "%s", call.text);
        snprintf(path, sizeof(path), "/api/contacts/%lld", (long long)house.north.contact.v);
        _answer_ contact = ask(&house, .path = path, .token = house.north.user);
        ck_assert_str_eq(text_of(&contact, "appointmentStatus"), "confirmed");
        ck_assert_str_eq(text_of(&contact, "lastCallOutcome"), "confirmed");
        _answer_ twin = ask(&house, .path = path, .token = house.south.user);
        ck_assert_str_eq(text_of(&twin, "appointmentStatus"), "pending");
}
END_TEST

/* What the last two digits of a number stand for: how the request goes, and how the call ends. */
static const struct {
        int ending;
        int status;
        const char *outcome; /* NULL: none */
} people[] = {
    {2, 200, "cancelled"},  {3, 200, "rescheduled"}, {4, 200, "voicemail"},  {5, 200, "no_answer"},
    {6, 200, "busy"},       {7, 200, "failed"},      {8, 200, "answered"},   {9, 200, "answered"},
    {10, 200, "confirmed"}, {11, 200, "confirmed"},  {12, 202, "confirmed"}, {13, 200, "answered"},
    {15, 202, NULL},
};

static vio_contact_id given_person(int ending)
{
        char body[256];
        snprintf(body, sizeof(body),
                 "{\"name\":\"Person %d\",\"phone\":\"+141555502%02d\","
                 "\"appointmentTime\":\"2036-11-24T09:30:00Z\"}",
                 ending, ending);
        _answer_ a = ask(&house, .method = "POST", .path = "/api/contacts",
                         .token = house.north.admin, .body = body);
        expect(&a, 201, NULL);
        return (vio_contact_id){number_of(&a, "id")};
}

START_TEST(every_kind_of_person_comes_to_the_right_outcome)
{
        char ids[count_of(people)][64];
        for (size_t i = 0; i < count_of(people); i++)
                given_call(given_person(people[i].ending), people[i].status, ids[i], 64);
        for (size_t i = 0; i < count_of(people); i++) {
                _answer_ a = wait_for_end(ids[i]);
                const char *outcome = vio_json_text(vio_json_get(a.json, "outcome"));
                const char *wanted = people[i].outcome;
                bool same = wanted ? outcome && !strcmp(outcome, wanted) : !outcome;
                ck_assert_msg(same, "person %d: %s", people[i].ending, a.text);
        }
}
END_TEST

START_TEST(a_throttled_call_is_refused_with_its_reason)
{
        char body[64];
        snprintf(body, sizeof(body), "{\"contactId\":%lld}", (long long)given_person(14).v);
        _answer_ a = ask(&house, .method = "POST", .path = "/api/calls/manual",
                         .token = house.north.user, .body = body);
        expect(&a, 400, "The telephone service asked us to slow down.");
        ck_assert_str_eq(text_of(&a, "reason"), "rate_limited");
}
END_TEST

START_TEST(every_answer_says_that_it_is_a_sandbox)
{
        _answer_ a = ask(&house, .path = "/api/contacts", .token = house.north.user);
        ck_assert_str_eq(header_of(&a, "X-Vio-Sandbox"), "1");
        ck_assert_int_eq(strncmp(house.sandbox, "http://127.0.0.1:", 17), 0);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("sandbox");
        TCase *tc = shared_case(s, start, stop);
        tcase_add_test(tc, a_called_contact_confirms_the_appointment);
        tcase_add_test(tc, every_kind_of_person_comes_to_the_right_outcome);
        tcase_add_test(tc, a_throttled_call_is_refused_with_its_reason);
        tcase_add_test(tc, every_answer_says_that_it_is_a_sandbox);
        return s;
}
