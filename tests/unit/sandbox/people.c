/* people.c - the whole life of each of the fifteen people's calls. */
#include "people.h"

#include <stdio.h>
#include <string.h>

#include "run.h"
#include "visitor.h"

#define HOUR 3600000

static struct world *world;

static void arrive(void)
{
        world = given_world(7);
}

static void leave(void)
{
        world = world_free(world);
}

/* What a call came to: every person ends in one of these. */
struct life {
        const char *events;
        const char *status;
        const char *reason;
        const char *flag; /* the one custom flag that is true; NULL: no custom data */
        bool analyzed;
};

#define ALL_EVENTS  "call_started call_ended call_analyzed "
#define NOT_STARTED "call_ended call_analyzed "

static const char *const flags[] = {"appointment_confirmed", "appointment_cancelled",
                                    "appointment_rescheduled", "do_not_call"};

static void expect_analysis(const vio_json *call, const struct life *life)
{
        const vio_json *analysis = vio_json_get(call, "call_analysis");
        const vio_json *custom = vio_json_get(analysis, "custom_analysis_data");
        ck_assert_int_eq(!!analysis, life->analyzed);
        ck_assert_int_eq(!!custom, life->analyzed && life->flag);
        for (size_t i = 0; custom && i < 4; i++) {
                bool on = false;
                int r = vio_json_bool(vio_json_get(custom, flags[i]), &on);
                ck_assert(r == VIO_OK || i == 3);
                ck_assert_msg(on == !strcmp(flags[i], life->flag), "%s", flags[i]);
        }
}

static void expect_call(const vio_json *call, const struct life *life)
{
        bool connected = !strcmp(life->status, "ended");
        int64_t start = 0, end = 0, duration = 0;
        const char *transcript = vio_json_text(vio_json_get(call, "transcript"));
        ck_assert_str_eq(vio_json_text(vio_json_get(call, "call_status")), life->status);
        ck_assert_str_eq(vio_json_text(vio_json_get(call, "disconnection_reason")), life->reason);
        ck_assert_int_eq(vio_json_int(vio_json_get(call, "end_timestamp"), &end), VIO_OK);
        ck_assert_int_eq(vio_json_int(vio_json_get(call, "start_timestamp"), &start) == VIO_OK,
                         connected);
        ck_assert_int_eq(vio_json_int(vio_json_get(call, "duration_ms"), &duration) == VIO_OK,
                         connected);
        ck_assert_int_eq(duration, connected ? end - start : 0);
        ck_assert_int_eq(!!transcript, connected);
        ck_assert(!connected || strstr(transcript, "User: "));
        expect_analysis(call, life);
}

/* Lives through one call and looks at it at the end by webhook and by get-call. */
static void expect_life(const char *to, const struct life *life)
{
        _cleanup_reply_ struct reply r = {0};
        struct mailbox box = {0};
        struct call_name call = place_call(world, MIDDAY, to, "ref-1");
        look_at(world, MIDDAY, call, &r);
        ck_assert_str_eq(reply_text(&r, "call_status"), "registered");
        let_time_pass(world, MIDDAY + HOUR, true, &box);
        ck_assert_str_eq(box.events, life->events);
        look_at(world, MIDDAY + HOUR, call, &r);
        expect_call(r.json, life);
        ck_assert_uint_eq(world_rings(world, to, NULL, 0), 1);
}

START_TEST(the_first_person_confirms)
{
        expect_life("+14155550001", &(struct life){ALL_EVENTS, "ended", "agent_hangup",
                                                   "appointment_confirmed", true});
}
END_TEST

START_TEST(the_second_person_cancels)
{
        expect_life("+14155550002", &(struct life){ALL_EVENTS, "ended", "agent_hangup",
                                                   "appointment_cancelled", true});
}
END_TEST

START_TEST(the_third_person_asks_to_reschedule)
{
        expect_life("+14155550003", &(struct life){ALL_EVENTS, "ended", "agent_hangup",
                                                   "appointment_rescheduled", true});
}
END_TEST

START_TEST(the_fourth_person_is_a_voicemail_which_retell_calls_ended)
{
        _cleanup_reply_ struct reply r = {0};
        bool voicemail = false;
        struct call_name call = place_call(world, MIDDAY, "+14155550104", NULL);
        look_at(world, MIDDAY + HOUR, call, &r);
        const vio_json *analysis = vio_json_get(r.json, "call_analysis");
        ck_assert_int_eq(vio_json_bool(vio_json_get(analysis, "in_voicemail"), &voicemail), VIO_OK);
        ck_assert(voicemail);
        world = world_free(world);
        arrive();
        expect_life("+14155550004",
                    &(struct life){ALL_EVENTS, "ended", "voicemail_reached", "", true});
}
END_TEST

START_TEST(the_fifth_person_does_not_answer)
{
        expect_life("+14155550005",
                    &(struct life){NOT_STARTED, "not_connected", "dial_no_answer", NULL, true});
}
END_TEST

START_TEST(the_sixth_person_is_busy)
{
        expect_life("+14155550006",
                    &(struct life){NOT_STARTED, "not_connected", "dial_busy", NULL, true});
}
END_TEST

START_TEST(the_seventh_person_cannot_be_dialled)
{
        expect_life("+14155550007",
                    &(struct life){NOT_STARTED, "not_connected", "dial_failed", NULL, true});
}
END_TEST

START_TEST(the_eighth_person_says_nothing_clear)
{
        expect_life("+14155550008", &(struct life){ALL_EVENTS, "ended", "user_hangup", "", true});
}
END_TEST

START_TEST(the_ninth_person_asks_never_to_be_called_again)
{
        expect_life("+14155550009",
                    &(struct life){ALL_EVENTS, "ended", "user_requested_dnc", "do_not_call", true});
}
END_TEST

START_TEST(the_webhooks_of_the_tenth_person_are_lost)
{
        expect_life("+14155550010",
                    &(struct life){"", "ended", "agent_hangup", "appointment_confirmed", true});
}
END_TEST

START_TEST(the_webhooks_of_the_eleventh_person_come_twice_and_backwards)
{
        expect_life("+14155550011",
                    &(struct life){"call_analyzed call_analyzed call_ended call_ended "
                                   "call_started call_started ",
                                   "ended", "agent_hangup", "appointment_confirmed", true});
}
END_TEST

START_TEST(the_answer_to_dialling_the_twelfth_person_is_lost_but_the_phone_rings)
{
        _cleanup_reply_ struct reply r = {0};
        ask(world, MIDDAY, "POST /v2/create-phone-call",
            "{\"from_number\":\"+14155550100\",\"to_number\":\"+14155550112\"}", &r);
        ck_assert(r.lost);
        ck_assert_uint_eq(world_rings(world, "+14155550112", NULL, 0), 1);
        world = world_free(world);
        arrive();
        expect_life("+14155550012", &(struct life){ALL_EVENTS, "ended", "agent_hangup",
                                                   "appointment_confirmed", true});
}
END_TEST

START_TEST(the_thirteenth_person_is_never_analysed)
{
        expect_life("+14155550013", &(struct life){"call_started call_ended ", "ended",
                                                   "agent_hangup", NULL, false});
}
END_TEST

/* The first request to @to is refused with @status and rings nothing; the second goes through. */
static void expect_refused_first(const char *to, int status, struct reply *ret)
{
        char body[96];
        snprintf(body, sizeof(body), "{\"from_number\":\"+14155550100\",\"to_number\":\"%s\"}", to);
        ask(world, MIDDAY, "POST /v2/create-phone-call", body, ret);
        ck_assert_int_eq(ret->status, status);
        ck_assert_str_eq(reply_text(ret, "status"), "error");
        ck_assert_uint_eq(world_rings(world, to, NULL, 0), 0);
        expect_life(
            to, &(struct life){ALL_EVENTS, "ended", "agent_hangup", "appointment_confirmed", true});
}

START_TEST(the_fourteenth_person_is_throttled_first)
{
        _cleanup_reply_ struct reply r = {0};
        expect_refused_first("+14155550014", 429, &r);
        ck_assert_str_eq(r.limiter, "call");
        ck_assert_int_gt(r.reset_s, 0);
}
END_TEST

START_TEST(the_fifteenth_person_meets_a_server_error_first)
{
        _cleanup_reply_ struct reply r = {0};
        expect_refused_first("+14155550015", 500, &r);
}
END_TEST

START_TEST(each_number_and_each_workspace_is_refused_for_itself)
{
        static const char body[] = "{\"from_number\":\"+14155550100\",\"to_number\":\"%s\"}";
        static const char *const keys[] = {"Bearer key_a", "Bearer key_b"};
        static const char *const numbers[] = {"+14155550014", "+14155550114"};
        for (int i = 0; i < 8; i++) {
                char text[96];
                struct world_answer a;
                snprintf(text, sizeof(text), body, numbers[i / 2 % 2]);
                struct world_request rq = {.method = "POST",
                                           .path = "/v2/create-phone-call",
                                           .authorization = keys[i % 2],
                                           .body = text,
                                           .body_len = strlen(text)};
                ck_assert_int_eq(world_request(world, MIDDAY, &rq, &a), VIO_OK);
                ck_assert_int_eq(a.status, i < 4 ? 429 : 201);
                world_answer_clear(&a);
        }
}
END_TEST

START_TEST(any_other_ending_confirms)
{
        ck_assert_ptr_eq(person_of("+14155550000"), person_of("+14155550001"));
        ck_assert_ptr_eq(person_of("+14155550099"), person_of("+14155550001"));
        ck_assert_ptr_eq(person_of("x"), person_of("+14155550001"));
        ck_assert_ptr_ne(person_of("+14155550002"), person_of("+14155550001"));
}
END_TEST

START_TEST(a_call_is_registered_then_ongoing_then_ended_then_analysed)
{
        _cleanup_reply_ struct reply r = {0};
        struct call_name call = place_call(world, MIDDAY, "+14155550001", NULL);
        look_at(world, MIDDAY + 5999, call, &r);
        ck_assert_str_eq(reply_text(&r, "call_status"), "registered");
        look_at(world, MIDDAY + 6000, call, &r);
        ck_assert_str_eq(reply_text(&r, "call_status"), "ongoing");
        ck_assert(vio_json_get(r.json, "start_timestamp"));
        ck_assert(!vio_json_get(r.json, "end_timestamp"));
        look_at(world, MIDDAY + 46000, call, &r);
        ck_assert_str_eq(reply_text(&r, "call_status"), "ended");
        ck_assert(!vio_json_get(r.json, "call_analysis"));
        look_at(world, MIDDAY + 51000, call, &r);
        ck_assert(vio_json_get(r.json, "call_analysis"));
}
END_TEST

START_TEST(at_speed_60_a_call_is_over_within_a_second)
{
        struct world_options options = {.speed = 60};
        struct world *fast = world_new(&options);
        struct mailbox box = {0};
        place_call(fast, MIDDAY, "+14155550001", NULL);
        let_time_pass(fast, MIDDAY + 1000, true, &box);
        ck_assert_str_eq(box.events, ALL_EVENTS);
        world_free(fast);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("the people of the sandbox");
        add_fixture_case(s, the_first_person_confirms, arrive, leave);
        add_fixture_case(s, the_second_person_cancels, arrive, leave);
        add_fixture_case(s, the_third_person_asks_to_reschedule, arrive, leave);
        add_fixture_case(s, the_fourth_person_is_a_voicemail_which_retell_calls_ended, arrive,
                         leave);
        add_fixture_case(s, the_fifth_person_does_not_answer, arrive, leave);
        add_fixture_case(s, the_sixth_person_is_busy, arrive, leave);
        add_fixture_case(s, the_seventh_person_cannot_be_dialled, arrive, leave);
        add_fixture_case(s, the_eighth_person_says_nothing_clear, arrive, leave);
        add_fixture_case(s, the_ninth_person_asks_never_to_be_called_again, arrive, leave);
        add_fixture_case(s, the_webhooks_of_the_tenth_person_are_lost, arrive, leave);
        add_fixture_case(s, the_webhooks_of_the_eleventh_person_come_twice_and_backwards, arrive,
                         leave);
        add_fixture_case(s, the_answer_to_dialling_the_twelfth_person_is_lost_but_the_phone_rings,
                         arrive, leave);
        add_fixture_case(s, the_thirteenth_person_is_never_analysed, arrive, leave);
        add_fixture_case(s, the_fourteenth_person_is_throttled_first, arrive, leave);
        add_fixture_case(s, the_fifteenth_person_meets_a_server_error_first, arrive, leave);
        add_fixture_case(s, each_number_and_each_workspace_is_refused_for_itself, arrive, leave);
        add_case(s, any_other_ending_confirms);
        add_fixture_case(s, a_call_is_registered_then_ongoing_then_ended_then_analysed, arrive,
                         leave);
        add_case(s, at_speed_60_a_call_is_over_within_a_second);
        return s;
}
