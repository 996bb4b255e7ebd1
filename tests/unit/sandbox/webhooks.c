/* webhooks.c - what is sent when, what is in it, what is tried again, and that nothing is by
 * chance. */
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

START_TEST(webhooks_come_when_the_call_begins_ends_and_is_analysed)
{
        struct mailbox box = {0};
        place_call(world, MIDDAY, "+14155550001", NULL);
        ck_assert_int_eq(world_next_due(world), MIDDAY + 6000);
        let_time_pass(world, MIDDAY + HOUR, true, &box);
        ck_assert_uint_eq(box.n, 3);
        ck_assert_int_eq(box.at[0], MIDDAY + 6000);
        ck_assert_int_eq(box.at[1], MIDDAY + 46000);
        ck_assert_int_eq(box.at[2], MIDDAY + 51000);
        ck_assert_int_eq(world_next_due(world), VIO_TIME_NONE);
}
END_TEST

/* The call object of a webhook; the caller frees the root. */
static vio_json *open_webhook(const char *body, const char *event, const vio_json **ret_call)
{
        vio_json *root = NULL;
        ck_assert_int_eq(vio_json_parse(body, strlen(body), &root), VIO_OK);
        ck_assert_uint_eq(vio_json_count(root), 2);
        ck_assert_str_eq(vio_json_text(vio_json_get(root, "event")), event);
        *ret_call = vio_json_get(root, "call");
        return root;
}

START_TEST(each_webhook_holds_what_is_known_by_then)
{
        static const char *const events[] = {"call_started", "call_ended", "call_analyzed"};
        static const char *const statuses[] = {"ongoing", "ended", "ended"};
        struct mailbox box = {0};
        struct call_name name = place_call(world, MIDDAY, "+14155550001", "ref-1");
        let_time_pass(world, MIDDAY + HOUR, true, &box);
        for (int i = 0; i < 3; i++) {
                const vio_json *call;
                vio_json *root = open_webhook(box.bodies[i], events[i], &call);
                const vio_json *ref = vio_json_get(vio_json_get(call, "metadata"), "attempt_ref");
                ck_assert_str_eq(vio_json_text(vio_json_get(call, "call_id")), name.id);
                ck_assert_str_eq(vio_json_text(vio_json_get(call, "call_status")), statuses[i]);
                ck_assert_str_eq(vio_json_text(ref), "ref-1");
                ck_assert(vio_json_get(call, "start_timestamp"));
                ck_assert_int_eq(!!vio_json_get(call, "transcript"), i > 0);
                ck_assert_int_eq(!!vio_json_get(call, "duration_ms"), i > 0);
                ck_assert_int_eq(!!vio_json_get(call, "call_analysis"), i > 1);
                vio_json_free(root);
        }
}
END_TEST

START_TEST(what_was_not_supplied_is_not_echoed)
{
        struct mailbox box = {0};
        place_call(world, MIDDAY, "+14155550001", NULL);
        let_time_pass(world, MIDDAY + HOUR, true, &box);
        ck_assert(!strstr(box.bodies[0], "metadata"));
        ck_assert(!strstr(box.bodies[0], "retell_llm_dynamic_variables"));
}
END_TEST

START_TEST(dynamic_variables_are_echoed)
{
        _cleanup_reply_ struct reply r = {0};
        struct mailbox box = {0};
        ask(world, MIDDAY, "POST /v2/create-phone-call",
            "{\"from_number\":\"+14155550100\",\"to_number\":\"+14155550001\","
            "\"retell_llm_dynamic_variables\":{\"patient_name\":\"Jos\u00e9\"}}",
            &r);
        let_time_pass(world, MIDDAY + HOUR, true, &box);
        ck_assert(strstr(box.bodies[0],
                         "\"retell_llm_dynamic_variables\":{\"patient_name\":\"Jos\u00e9\"}"));
}
END_TEST

START_TEST(an_unconnected_call_has_no_start_and_no_transcript)
{
        struct mailbox box = {0};
        const vio_json *call;
        place_call(world, MIDDAY, "+14155550005", NULL);
        let_time_pass(world, MIDDAY + HOUR, true, &box);
        ck_assert_str_eq(box.events, "call_ended call_analyzed ");
        vio_json *root = open_webhook(box.bodies[0], "call_ended", &call);
        ck_assert(!vio_json_get(call, "start_timestamp"));
        ck_assert(!vio_json_get(call, "transcript"));
        ck_assert(!vio_json_get(call, "call_cost"));
        ck_assert(vio_json_get(call, "end_timestamp"));
        vio_json_free(root);
}
END_TEST

START_TEST(a_webhook_is_tried_three_times_and_does_not_hold_up_the_next)
{
        struct mailbox box = {0};
        place_call(world, MIDDAY, "+14155550001", NULL);
        let_time_pass(world, MIDDAY + HOUR, false, &box);
        ck_assert_str_eq(box.events, "call_started call_started call_started "
                                     "call_ended call_ended call_analyzed call_ended "
                                     "call_analyzed call_analyzed ");
        ck_assert_int_gt(box.at[1], box.at[0]);
        ck_assert_int_eq(world_next_due(world), VIO_TIME_NONE);
}
END_TEST

static int count_attempt(void *data, const struct world_delivery *d)
{
        struct world_delivery *seen = data;
        seen->id = d->id;
        seen->attempt = d->attempt;
        ck_assert_str_eq(d->url, "http://127.0.0.1:1/hook");
        ck_assert_str_eq(d->api_key, KEY);
        return 0;
}

START_TEST(a_webhook_being_sent_is_not_sent_again_before_its_result)
{
        struct world_delivery seen = {0};
        place_call(world, MIDDAY, "+14155550001", NULL);
        vio_time due = world_next_due(world);
        ck_assert_int_eq(world_advance(world, due, count_attempt, &seen), VIO_OK);
        ck_assert_int_eq(seen.attempt, 1);
        ck_assert_int_gt(world_next_due(world), due);
        world_delivered(world, seen.id, false, due + 10000);
        ck_assert_int_gt(world_next_due(world), due + 10000);
        ck_assert_int_eq(world_advance(world, world_next_due(world), count_attempt, &seen), VIO_OK);
        ck_assert_int_eq(seen.attempt, 2);
        world_delivered(world, seen.id, true, due + 20000);
        world_delivered(world, seen.id, false, due + 20000);
        world_delivered(world, 999, false, due + 20000);
        ck_assert_int_eq(world_next_due(world), MIDDAY + 46000);
}
END_TEST

static int refuse_to_send(void *data, const struct world_delivery *d)
{
        (void)data;
        (void)d;
        return 42;
}

START_TEST(a_webhook_the_sender_could_not_take_stays_due)
{
        struct mailbox box = {0};
        place_call(world, MIDDAY, "+14155550001", NULL);
        vio_time due = world_next_due(world);
        ck_assert_int_eq(world_advance(world, due, refuse_to_send, NULL), 42);
        ck_assert_int_eq(world_next_due(world), due);
        let_time_pass(world, due, true, &box);
        ck_assert_str_eq(box.events, "call_started ");
}
END_TEST

/* Everything one world says, in one text. */
static void live(uint64_t seed, char *ret, size_t size)
{
        struct world *w = given_world(seed);
        struct mailbox box = {0};
        _cleanup_reply_ struct reply r = {0};
        for (int i = 1; i <= 13; i++) {
                char to[16];
                snprintf(to, sizeof(to), "+141555500%02d", i);
                place_call(w, MIDDAY + i, to, "ref");
        }
        let_time_pass(w, MIDDAY + 40000, true, &box);
        ask(w, MIDDAY + 40000, "POST /v3/list-calls", "{}", &r);
        size_t n = (size_t)snprintf(ret, size, "%s%s", box.events, r.text);
        for (size_t i = 0; i < box.n && i < 8; i++)
                n += (size_t)snprintf(ret + n, size - n, "%s", box.bodies[i]);
        ck_assert_uint_lt(n, size);
        world_free(w);
}

START_TEST(the_same_requests_at_the_same_times_give_the_same_bytes)
{
        static char one[65536], two[65536], other[65536];
        live(7, one, sizeof(one));
        live(7, two, sizeof(two));
        live(8, other, sizeof(other));
        ck_assert_str_eq(one, two);
        ck_assert_str_ne(one, other);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("webhooks of the sandbox");
        add_fixture_case(s, webhooks_come_when_the_call_begins_ends_and_is_analysed, arrive, leave);
        add_fixture_case(s, each_webhook_holds_what_is_known_by_then, arrive, leave);
        add_fixture_case(s, what_was_not_supplied_is_not_echoed, arrive, leave);
        add_fixture_case(s, dynamic_variables_are_echoed, arrive, leave);
        add_fixture_case(s, an_unconnected_call_has_no_start_and_no_transcript, arrive, leave);
        add_fixture_case(s, a_webhook_is_tried_three_times_and_does_not_hold_up_the_next, arrive,
                         leave);
        add_fixture_case(s, a_webhook_being_sent_is_not_sent_again_before_its_result, arrive,
                         leave);
        add_fixture_case(s, a_webhook_the_sender_could_not_take_stays_due, arrive, leave);
        add_case(s, the_same_requests_at_the_same_times_give_the_same_bytes);
        return s;
}
