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

/* Places a call and gives its id. */
static void given_call(vio_contact_id contact, char *ret, size_t size)
{
        char body[64];
        snprintf(body, sizeof(body), "{\"contactId\":%lld}", (long long)contact.v);
        _answer_ a = ask(&house, .method = "POST", .path = "/api/calls/manual",
                         .token = house.north.user, .body = body);
        expect(&a, 200, NULL);
        ck_assert_int_eq(strncmp(text_of(&a, "retellCallId"), "call_", 5), 0);
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
        given_call(house.north.contact, id, sizeof(id));
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
        tcase_add_test(tc, every_answer_says_that_it_is_a_sandbox);
        return s;
}
