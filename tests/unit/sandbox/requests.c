/* requests.c - what is refused, and how: validation, authorisation, routing, limits. */
#include <stdio.h>
#include <string.h>

#include "run.h"
#include "visitor.h"

#define CREATE          "POST /v2/create-phone-call"
#define LIST            "POST /v3/list-calls"
#define NUMBERS         "\"from_number\":\"+14155550100\",\"to_number\":\"+14155550101\""
#define count_of(array) (sizeof(array) / sizeof((array)[0]))

static struct world *world;

static void arrive(void)
{
        world = given_world(7);
}

static void leave(void)
{
        world = world_free(world);
}

/* A body, and what the message of the refusal must contain; NULL: it is accepted. */
struct row {
        const char *body;
        const char *complaint;
};

static void expect_rows(const char *what, int accepted, const struct row *rows, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                _cleanup_reply_ struct reply r = {0};
                ask(world, MIDDAY, what, rows[i].body, &r);
                ck_assert_msg(r.status == (rows[i].complaint ? 400 : accepted), "%d for %s: %s",
                              r.status, rows[i].body, r.text);
                ck_assert_msg(!rows[i].complaint || reply_complains(&r, rows[i].complaint),
                              "%s: %s", rows[i].body, r.text);
        }
}

START_TEST(create_phone_call_takes_exactly_the_documented_fields)
{
        static const struct row rows[] = {
            {"{" NUMBERS "}", NULL},
            {"{" NUMBERS ",\"override_agent_id\":\"agent_1\",\"override_agent_version\":3}", NULL},
            {"{" NUMBERS ",\"override_agent_version\":\"latest\"}", NULL},
            {"{" NUMBERS ",\"metadata\":{\"a\":{\"b\":[1]}}}", NULL},
            {"{" NUMBERS ",\"retell_llm_dynamic_variables\":{\"name\":\"\"}}", NULL},
            {"{" NUMBERS ",\"agent_override\":{\"agent\":{}}}", NULL},
            {"{" NUMBERS ",\"custom_sip_headers\":{\"X-Clinic\":\"1\"}}", NULL},
            {"{\"from_number\":\"100\",\"to_number\":\"101\",\"ignore_e164_validation\":true}",
             NULL},
            {"{" NUMBERS ",\"agent_id\":\"agent_1\"}", "agent_id is not a field"},
            {"{" NUMBERS ",\"dynamic_variables\":[]}", "dynamic_variables is not a field"},
            {"{" NUMBERS ",\"idempotency_key\":\"x\"}", "idempotency_key is not a field"},
            {"{" NUMBERS ",\"override_agent_id\":null}", "override_agent_id must be a string"},
            {"{" NUMBERS ",\"override_agent_id\":\"\"}", "override_agent_id must be a string"},
            {"{" NUMBERS ",\"override_agent_version\":1.5}", "override_agent_version"},
            {"{" NUMBERS ",\"metadata\":null}", "metadata must be an object"},
            {"{" NUMBERS ",\"metadata\":\"x\"}", "metadata must be an object"},
            {"{" NUMBERS ",\"retell_llm_dynamic_variables\":{\"n\":1}}", "an object of strings"},
            {"{" NUMBERS ",\"retell_llm_dynamic_variables\":{\"n\":null}}", "an object of strings"},
            {"{" NUMBERS ",\"custom_sip_headers\":{\"Via\":\"1\"}}", "start with X-"},
            {"{" NUMBERS ",\"ignore_e164_validation\":\"true\"}", "must be a boolean"},
            {"{\"to_number\":\"+14155550101\"}", "from_number is required"},
            {"{\"from_number\":\"+14155550100\"}", "to_number is required"},
            {"{\"from_number\":null,\"to_number\":\"+14155550101\"}", "from_number must be"},
            {"{\"from_number\":\"+14155550100\",\"to_number\":4155550101}", "to_number must be"},
            {"{\"from_number\":\"+14155550100\",\"to_number\":\"4155550101\"}", "E.164"},
            {"{\"from_number\":\"+04155550100\",\"to_number\":\"+14155550101\"}", "E.164"},
            {"{\"from_number\":\"+14155550100\",\"to_number\":\"+1415555\\u00e9101\"}", "E.164"},
            {"{\"from_number\":\"+14155550100\",\"to_number\":\"+1234567890123456\"}", "E.164"},
            {"{\"from_number\":\"+123456\",\"to_number\":\"+14155550101\"}", "E.164"},
            {"[]", "The body must be an object"},
            {"{" NUMBERS, "Invalid request format"},
            {"", "Invalid request format"},
        };
        expect_rows(CREATE, 201, rows, count_of(rows));
}
END_TEST

#define FILTER(name, filter) "{\"filter_criteria\":{\"" name "\":" filter "}}"

START_TEST(list_calls_takes_exactly_the_documented_filters)
{
        static const struct row rows[] = {
            {"{}", NULL},
            {"{\"limit\":1000,\"sort_order\":\"ascending\",\"skip\":0,\"include_total\":true}",
             NULL},
            {FILTER("call_id", "{\"type\":\"string\",\"op\":\"eq\",\"value\":\"x\"}"), NULL},
            {FILTER("call_id", "{\"type\":\"enum\",\"op\":\"in\",\"value\":[\"x\"]}"), NULL},
            {FILTER("metadata", "[{\"type\":\"present\",\"op\":\"np\",\"key\":\"k\"}]"), NULL},
            {FILTER("duration_ms", "{\"type\":\"range\",\"op\":\"bt\",\"value\":[1,2]}"), NULL},
            {"{\"limit\":0}", "limit must be"},
            {"{\"limit\":1001}", "limit must be"},
            {"{\"limit\":\"10\"}", "limit must be"},
            {"{\"sort_order\":\"up\"}", "sort_order must be"},
            {"{\"skip\":1,\"pagination_key\":\"1\"}", "skip cannot stand"},
            {"{\"pagination_key\":\"call_x\"}", "pagination_key is not one of ours"},
            {"{\"call_status\":[\"ended\"]}", "call_status is not a field"},
            {FILTER("call_status", "[\"ended\"]"), "a type or op"},
            {FILTER("call_status", "{\"type\":\"enum\",\"op\":\"in\",\"value\":[\"registered\"]}"),
             "cannot be filtered by this"},
            {FILTER("to_number", "{\"type\":\"enum\",\"op\":\"in\",\"value\":[\"x\"]}"),
             "a type or op"},
            {FILTER("to_number", "{\"type\":\"string\",\"op\":\"is\",\"value\":\"x\"}"),
             "a type or op"},
            {FILTER("to_number", "{\"type\":\"string\",\"op\":\"eq\",\"value\":1}"), "unfit value"},
            {FILTER("to_number", "{\"type\":\"string\",\"op\":\"eq\",\"value\":\"\",\"x\":1}"),
             "unknown member"},
            {FILTER("call_id", "{\"type\":\"enum\",\"op\":\"in\",\"value\":[]}"), "unfit value"},
            {FILTER("duration_ms", "{\"type\":\"range\",\"op\":\"bt\",\"value\":[1]}"),
             "unfit value"},
            {FILTER("metadata", "{\"type\":\"string\",\"op\":\"eq\",\"key\":\"k\",\"value\":\"\"}"),
             "must be an array"},
            {FILTER("metadata", "[{\"type\":\"string\",\"op\":\"eq\",\"value\":\"x\"}]"),
             "without a key"},
            {FILTER("metadata.k", "[]"), "cannot be searched by"},
        };
        expect_rows(LIST, 200, rows, count_of(rows));
}
END_TEST

/* The status of a request with an authorization of its own. */
static int status_for(const char *authorization, const char *method, const char *path)
{
        struct world_request rq = {.method = method, .path = path, .authorization = authorization};
        struct world_answer a;
        ck_assert_int_eq(world_request(world, MIDDAY, &rq, &a), VIO_OK);
        int status = a.status;
        world_answer_clear(&a);
        return status;
}

START_TEST(without_an_api_key_every_request_is_unauthorised)
{
        static const char *const bad[] = {NULL, "", "Bearer", "Bearer ", "Basic a2V5", "key_1"};
        for (size_t i = 0; i < count_of(bad); i++) {
                ck_assert_int_eq(status_for(bad[i], "GET", "/get-concurrency"), 401);
                ck_assert_int_eq(status_for(bad[i], "POST", "/v2/create-phone-call"), 401);
                ck_assert_int_eq(status_for(bad[i], "GET", "/nowhere"), 401);
        }
        ck_assert_int_eq(status_for("bearer key_1", "GET", "/get-api-key-info"), 200);
}
END_TEST

START_TEST(only_the_documented_paths_exist)
{
        static const char key[] = "Bearer key_1";
        ck_assert_int_eq(status_for(key, "GET", "/get-api-key-info"), 200);
        ck_assert_int_eq(status_for(key, "GET", "/get-api-key-info/"), 404);
        ck_assert_int_eq(status_for(key, "GET", "/get-phone-number/%2B14155550100"), 200);
        ck_assert_int_eq(status_for(key, "GET", "/get-phone-number/+14155550100"), 200);
        ck_assert_int_eq(status_for(key, "GET", "/get-phone-number/14155550100"), 404);
        ck_assert_int_eq(status_for(key, "GET", "/get-agent/agent_1"), 200);
        ck_assert_int_eq(status_for(key, "GET", "/get-agent/"), 404);
        ck_assert_int_eq(status_for(key, "GET", "/v2/create-phone-call"), 404);
        ck_assert_int_eq(status_for(key, "POST", "/v2/list-calls"), 404);
        ck_assert_int_eq(status_for(key, "GET", "/v2/get-call/"), 404);
        ck_assert_int_eq(status_for(key, "GET", ""), 404);
}
END_TEST

START_TEST(a_call_of_another_workspace_cannot_be_found)
{
        char path[80];
        struct call_name call = place_call(world, MIDDAY, "+14155550101", NULL);
        snprintf(path, sizeof(path), "/v2/get-call/%s", call.id);
        ck_assert_int_eq(status_for("Bearer " KEY, "GET", path), 200);
        ck_assert_int_eq(status_for("Bearer key_other", "GET", path), 422);
        ck_assert_int_eq(status_for("Bearer " KEY, "GET", "/v2/get-call/call_1"), 422);
        path[strlen(path) - 1] ^= 1;
        ck_assert_int_eq(status_for("Bearer " KEY, "GET", path), 422);
        path[strlen(path) - 1] ^= 1;
        path[strlen(path) - 10] = path[strlen(path) - 10] == '0' ? '1' : '0';
        ck_assert_int_eq(status_for("Bearer " KEY, "GET", path), 422);
}
END_TEST

START_TEST(a_number_that_was_not_bought_cannot_call)
{
        static const char *const numbers[] = {"+14155550199", NULL};
        static const char *const keys[] = {KEY, NULL};
        struct world_options options = {.numbers = numbers, .keys = keys};
        _cleanup_reply_ struct reply r = {0};
        world_free(world);
        world = world_new(&options);
        ask(world, MIDDAY, CREATE, "{" NUMBERS "}", &r);
        ck_assert_int_eq(r.status, 404);
        ck_assert(reply_complains(&r, "Item +14155550100 not found"));
        ask(world, MIDDAY, CREATE,
            "{\"from_number\":\"+14155550199\",\"to_number\":\"+14155550101\"}", &r);
        ck_assert_int_eq(r.status, 201);
        ck_assert_int_eq(status_for("Bearer key_other", "GET", "/get-concurrency"), 401);
}
END_TEST

START_TEST(no_more_calls_at_once_than_the_limit)
{
        _cleanup_reply_ struct reply r = {0};
        for (int i = 0; i < 20; i++)
                place_call(world, MIDDAY, "+14155550101", NULL);
        ask(world, MIDDAY, CREATE, "{" NUMBERS "}", &r);
        ck_assert_int_eq(r.status, 429);
        ask(world, MIDDAY, "GET /get-concurrency", NULL, &r);
        ck_assert(strstr(r.text, "\"current_concurrency\":20,\"concurrency_limit\":20"));
        ask(world, MIDDAY + 46000, "GET /get-concurrency", NULL, &r);
        ck_assert(strstr(r.text, "\"current_concurrency\":0,"));
        place_call(world, MIDDAY + 46000, "+14155550101", NULL);
}
END_TEST

START_TEST(the_ledger_tells_who_was_rung_when_and_for_which_attempt)
{
        struct world_ring rings[2];
        struct call_name call = place_call(world, MIDDAY, "+14155550101", "ref-1");
        place_call(world, MIDDAY + 5, "+14155550102", "ref-2");
        place_call(world, MIDDAY + 9, "+14155550101", NULL);
        place_call(world, MIDDAY + 10, "+14155550101", "ref-4");
        ck_assert_uint_eq(world_rings(world, "+14155550101", rings, 2), 3);
        ck_assert_int_eq(rings[0].at, MIDDAY);
        ck_assert_str_eq(rings[0].call_id, call.id);
        ck_assert_str_eq(rings[0].attempt_ref, "ref-1");
        ck_assert_str_eq(rings[0].api_key, KEY);
        ck_assert_int_eq(rings[1].at, MIDDAY + 9);
        ck_assert_ptr_null(rings[1].attempt_ref);
        ck_assert_uint_eq(world_rings(world, "+14155550103", rings, 2), 0);
}
END_TEST

START_TEST(the_oldest_calls_are_forgotten_together_with_their_webhooks)
{
        struct world_options options = {.max_calls = 2};
        struct mailbox box = {0};
        char path[80];
        world_free(world);
        world = world_new(&options);
        struct call_name first = place_call(world, MIDDAY, "+14155550101", NULL);
        place_call(world, MIDDAY, "+14155550102", NULL);
        struct call_name last = place_call(world, MIDDAY, "+14155550103", NULL);
        snprintf(path, sizeof(path), "/v2/get-call/%s", first.id);
        ck_assert_int_eq(status_for("Bearer " KEY, "GET", path), 422);
        snprintf(path, sizeof(path), "/v2/get-call/%s", last.id);
        ck_assert_int_eq(status_for("Bearer " KEY, "GET", path), 200);
        ck_assert_uint_eq(world_rings(world, "+14155550101", NULL, 0), 0);
        let_time_pass(world, MIDDAY + 60000, true, &box);
        ck_assert_uint_eq(box.n, 6);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("requests to the sandbox");
        add_fixture_case(s, create_phone_call_takes_exactly_the_documented_fields, arrive, leave);
        add_fixture_case(s, list_calls_takes_exactly_the_documented_filters, arrive, leave);
        add_fixture_case(s, without_an_api_key_every_request_is_unauthorised, arrive, leave);
        add_fixture_case(s, only_the_documented_paths_exist, arrive, leave);
        add_fixture_case(s, a_call_of_another_workspace_cannot_be_found, arrive, leave);
        add_fixture_case(s, a_number_that_was_not_bought_cannot_call, arrive, leave);
        add_fixture_case(s, no_more_calls_at_once_than_the_limit, arrive, leave);
        add_fixture_case(s, the_ledger_tells_who_was_rung_when_and_for_which_attempt, arrive,
                         leave);
        add_fixture_case(s, the_oldest_calls_are_forgotten_together_with_their_webhooks, arrive,
                         leave);
        return s;
}
