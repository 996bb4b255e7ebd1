/* retell_answer.c - what Retell's answers mean, row by row. */
#include <stdio.h>
#include <string.h>

#include "answers.h"
#include "base/attr.h"
#include "remote/response.h"
#include "remote/retell.h"
#include "run.h"

static const struct {
        int status;
        const char *body;
        enum retell_result result;
        enum retell_refusal refusal;
} created[] = {
    {201, "{\"call_id\":\"call_1\",\"call_status\":\"registered\"}", RETELL_PLACED, 0},
    {200, "{\"call_id\":\"call_1\"}", RETELL_PLACED, 0},
    {202, "{\"call_id\":\"call_1\"}", RETELL_PLACED, 0},
    {201, "", RETELL_UNCLEAR, 0},
    {201, "{", RETELL_UNCLEAR, 0},
    {201, "[\"call_1\"]", RETELL_UNCLEAR, 0},
    {201, "{\"call_id\":\"\"}", RETELL_UNCLEAR, 0},
    {201, "{\"call_id\":17}", RETELL_UNCLEAR, 0},
    {201, "{\"call_id\":null}", RETELL_UNCLEAR, 0},
    {201, "{\"call_id\":\"a\\nb\"}", RETELL_UNCLEAR, 0},
    {204, "", RETELL_UNCLEAR, 0},
    {301, "", RETELL_UNCLEAR, 0},
    {303, "{\"call_id\":\"call_1\"}", RETELL_UNCLEAR, 0},
    {400, "{}", RETELL_REJECTED, RETELL_REFUSAL_BAD_REQUEST},
    {401, "{}", RETELL_REJECTED, RETELL_REFUSAL_CREDENTIALS},
    {402, "{}", RETELL_REJECTED, RETELL_REFUSAL_PAYMENT},
    {403, "{}", RETELL_REJECTED, RETELL_REFUSAL_CREDENTIALS},
    {404, "{}", RETELL_REJECTED, RETELL_REFUSAL_NOT_FOUND},
    {405, "", RETELL_REJECTED, RETELL_REFUSAL_BAD_REQUEST},
    {408, "", RETELL_UNCLEAR, 0},
    {409, "", RETELL_UNCLEAR, 0},
    {413, "", RETELL_REJECTED, RETELL_REFUSAL_BAD_REQUEST},
    {415, "", RETELL_REJECTED, RETELL_REFUSAL_BAD_REQUEST},
    {422, "", RETELL_REJECTED, RETELL_REFUSAL_NOT_FOUND},
    {425, "", RETELL_UNCLEAR, 0},
    {429, "", RETELL_THROTTLED, 0},
    {451, "", RETELL_REJECTED, RETELL_REFUSAL_BAD_REQUEST},
    {499, "", RETELL_UNCLEAR, 0},
    {500, "{\"call_id\":\"call_1\"}", RETELL_UNCLEAR, 0},
    {502, "<html>", RETELL_UNCLEAR, 0},
    {503, "", RETELL_UNCLEAR, 0},
    {504, "", RETELL_UNCLEAR, 0},
};

START_TEST(every_status_of_a_create_has_its_meaning)
{
        _cleanup_response_ struct vio_http_response *r =
            answered(created[_i].status, created[_i].body);
        struct retell_created c;
        memset(&c, 0xa5, sizeof(c));
        ck_assert_int_eq(retell_understand_create(r, &c), created[_i].result);
        ck_assert_int_eq(c.result, created[_i].result);
        ck_assert_int_eq(c.refusal, created[_i].refusal);
        ck_assert_int_eq(c.status, created[_i].status);
        ck_assert_str_eq(c.call_id, c.result == RETELL_PLACED ? "call_1" : "");
        ck_assert_int_eq(c.wait_s, c.result == RETELL_THROTTLED ? 10 : 0);
}
END_TEST

START_TEST(a_create_without_an_answer_is_unclear_unless_it_was_certainly_not_sent)
{
        struct retell_created c;
        _cleanup_response_ struct vio_http_response *not_sent =
            failed(VIO_HTTP_NOT_SENT, "Couldn't connect to server");
        ck_assert_int_eq(retell_understand_create(not_sent, &c), RETELL_NOT_SENT);
        ck_assert_str_eq(c.message, "Couldn't connect to server");
        ck_assert_int_eq(c.status, 0);
        _cleanup_response_ struct vio_http_response *maybe =
            failed(VIO_HTTP_MAYBE_SENT, "Timeout was reached");
        ck_assert_int_eq(retell_understand_create(maybe, &c), RETELL_UNCLEAR);
        _cleanup_response_ struct vio_http_response *cut = answered(201, "{\"call_id\":\"c\"}");
        vio_http_response_fail(cut, VIO_HTTP_MAYBE_SENT, "reset");
        ck_assert_int_eq(retell_understand_create(cut, &c), RETELL_UNCLEAR);
}
END_TEST

START_TEST(a_call_id_of_128_bytes_is_the_longest)
{
        char body[300];
        struct retell_created c;
        for (int len = 128; len <= 129; len++) {
                snprintf(body, sizeof(body), "{\"call_id\":\"%0*d\"}", len, 7);
                _cleanup_response_ struct vio_http_response *r = answered(201, body);
                ck_assert_int_eq(retell_understand_create(r, &c),
                                 len == 128 ? RETELL_PLACED : RETELL_UNCLEAR);
                ck_assert_uint_eq(strlen(c.call_id), len == 128 ? 128 : 0);
        }
}
END_TEST

static const struct {
        const char *sent;
        const char *shown;
} messages[] = {
    {"Call country not supported: IL", "Call country not supported: IL"},
    {"Item +14155550123 not found", "Item [number] not found"},
    {"Item +1 (415) 555-0123. Bad", "Item [number]. Bad"},
    {"from 4155550123", "from [number]"},
    {"agent_8e2d41c07f, 3 of 20, code 123456", "agent_8e2d41c07f, 3 of 20, code 123456"},
    {"key_9f3c7d21e8b04a56 is invalid", "[key] is invalid"},
    {"two\\nlines\\u001b[31m", "two lines [31m"},
    {"", ""},
};

START_TEST(a_message_shows_no_number_and_no_key)
{
        char body[200];
        struct retell_created c;
        snprintf(body, sizeof(body), "{\"status\":\"error\",\"message\":\"%s\"}",
                 messages[_i].sent);
        _cleanup_response_ struct vio_http_response *r = answered(400, body);
        retell_understand_create(r, &c);
        ck_assert_str_eq(c.message, messages[_i].shown);
}
END_TEST

START_TEST(a_message_is_cut_to_200_bytes)
{
        static char body[5000] = "{\"message\":\"";
        memset(body + strlen(body), 'm', 4000);
        strcat(body, "\"}");
        struct retell_created c;
        _cleanup_response_ struct vio_http_response *r = answered(400, body);
        retell_understand_create(r, &c);
        ck_assert_uint_eq(strlen(c.message), 200);
}
END_TEST

static const struct {
        const char *name;
        const char *value;
        int wait_s;
} waits[] = {
    {"RateLimit-Reset", "30", 30},   {"ratelimit-reset", "1.2", 2},
    {"Retry-After", "7", 7},         {"Retry-After", "0", 1},
    {"Retry-After", "600", 600},     {"Retry-After", "601", 600},
    {"Retry-After", "-5", 10},       {"Retry-After", "99999999999999999999", 600},
    {"Retry-After", "soon", 10},     {"Retry-After", "Sun, 22 Nov 2026 12:00:00 GMT", 10},
    {"Retry-After", "", 10},         {"X-Other", "5", 10},
    {"Retry-After", "12 weeks", 10},
};

START_TEST(a_throttled_account_waits_as_long_as_it_is_told_within_bounds)
{
        struct retell_created c;
        _cleanup_response_ struct vio_http_response *r = answered(429, "");
        vio_http_response_header(r, waits[_i].name, waits[_i].value);
        vio_http_response_header(r, "X-RateLimit-Limiter", "call-error");
        ck_assert_int_eq(retell_understand_create(r, &c), RETELL_THROTTLED);
        ck_assert_int_eq(c.wait_s, waits[_i].wait_s);
        ck_assert_str_eq(c.limiter, "call-error");
}
END_TEST

START_TEST(the_documented_header_goes_before_the_customary_one)
{
        _cleanup_response_ struct vio_http_response *r = answered(429, "");
        vio_http_response_header(r, "Retry-After", "99");
        vio_http_response_header(r, "RateLimit-Reset", "3");
        ck_assert_int_eq(retell_wait_s(r), 3);
}
END_TEST

START_TEST(an_answer_about_a_call_lives_on_its_own)
{
        static const char body[] =
            "{\"call_id\":\"c1\",\"call_status\":\"ended\",\"start_timestamp\":1763800012345,"
            "\"end_timestamp\":1763800030595,\"duration_ms\":18250,\"transcript\":\"User: yes\","
            "\"metadata\":{\"attempt_ref\":\"r1\",\"tenant_id\":7},"
            "\"call_analysis\":{\"call_summary\":\"s\",\"user_sentiment\":\"Positive\","
            "\"custom_analysis_data\":{\"appointment_outcome\":\"Rescheduled\","
            "\"new_time\":\"Friday\"}}}";
        struct vio_http_response *r = answered(200, body);
        _cleanup_retell_answer_ struct retell_answer a = {0};
        ck_assert_int_eq(retell_understand_call(r, &a), 0);
        vio_http_response_free(r);
        ck_assert_uint_eq(a.call.size, sizeof(struct vio_retell_call));
        ck_assert_int_eq(a.call.event, VIO_RETELL_POLL);
        ck_assert_str_eq(a.call.call_id, "c1");
        ck_assert_str_eq(a.call.call_status, "ended");
        ck_assert_str_eq(a.call.attempt_ref, "r1");
        ck_assert_str_eq(a.call.tenant_ref, "7");
        ck_assert_str_eq(a.call.transcript, "User: yes");
        ck_assert_str_eq(a.call.summary, "s");
        ck_assert_str_eq(a.call.sentiment, "Positive");
        ck_assert_str_eq(a.call.new_time, "Friday");
        ck_assert_int_eq(a.call.start_ms, 1763800012345);
        ck_assert_int_eq(a.call.end_ms, 1763800030595);
        ck_assert_int_eq(a.call.duration_ms, 18250);
        ck_assert(a.call.has_analysis && a.call.rescheduled);
        ck_assert(!a.call.confirmed && !a.call.cancelled && !a.call.opt_out);
        ck_assert_uint_eq(a.body_len, strlen(body));
        ck_assert_str_eq(a.body, body);
}
END_TEST

static const struct {
        int status;
        const char *body;
        int err;
} questions[] = {
    {200, "", VIO_E_UPSTREAM},
    {200, "null", VIO_E_UPSTREAM},
    {200, "[]", VIO_E_UPSTREAM},
    {200, "{}", VIO_E_UPSTREAM},
    {200, "{\"call_id\":1}", VIO_E_UPSTREAM},
    {200, "{\"items\":{}}", VIO_E_UPSTREAM},
    {200, "{\"current_concurrency\":1}", VIO_E_UPSTREAM},
    {200, "{\"current_concurrency\":-1,\"concurrency_limit\":3}", VIO_E_UPSTREAM},
    {302, "{\"call_id\":\"c\",\"items\":[]}", VIO_E_UPSTREAM},
    {400, "{}", VIO_E_UPSTREAM},
    {401, "{}", VIO_E_AUTH},
    {403, "{}", VIO_E_AUTH},
    {404, "{\"call_id\":\"c\",\"items\":[]}", VIO_E_NOTFOUND},
    {422, "{}", VIO_E_NOTFOUND},
    {429, "{}", VIO_E_BUSY},
    {500, "{\"call_id\":\"c\",\"items\":[]}", VIO_E_UPSTREAM},
};

START_TEST(every_other_answer_to_a_question_is_an_error_and_leaves_the_output_alone)
{
        _cleanup_response_ struct vio_http_response *r =
            answered(questions[_i].status, questions[_i].body);
        struct retell_answer a = {.body_len = 77};
        struct retell_page p = {.n = 77};
        struct retell_concurrency c = {77, 77};
        ck_assert_int_eq(retell_understand_call(r, &a), questions[_i].err);
        ck_assert_int_eq(retell_understand_list(r, &p), questions[_i].err);
        ck_assert_int_eq(retell_understand_concurrency(r, &c), questions[_i].err);
        ck_assert_uint_eq(a.body_len, 77);
        ck_assert_uint_eq(p.n, 77);
        ck_assert(c.current == 77 && c.limit == 77);
        if (questions[_i].status != 200)
                ck_assert_int_eq(retell_understand_key_info(r), questions[_i].err);
}
END_TEST

START_TEST(a_question_that_failed_has_no_answer)
{
        _cleanup_response_ struct vio_http_response *r = failed(VIO_HTTP_NOT_SENT, "x");
        struct retell_answer a;
        struct retell_page p;
        ck_assert_int_eq(retell_understand_call(r, &a), VIO_E_UPSTREAM);
        ck_assert_int_eq(retell_understand_list(r, &p), VIO_E_UPSTREAM);
        ck_assert_int_eq(retell_understand_key_info(r), VIO_E_UPSTREAM);
}
END_TEST

START_TEST(a_page_gives_its_calls_and_the_way_to_the_next)
{
        struct vio_http_response *r = answered(
            200, "{\"has_more\":true,\"pagination_key\":\"k2\",\"total\":9,\"items\":["
                 "{\"call_id\":\"c1\",\"metadata\":{\"attempt_ref\":\"r1\",\"tenant_id\":1}},"
                 "{\"call_id\":5},null,\"x\",{\"metadata\":{\"attempt_ref\":\"lost\"}},"
                 "{\"call_id\":\"c2\",\"metadata\":{\"attempt_ref\":\"r2\",\"tenant_id\":2}}]}");
        _cleanup_retell_page_ struct retell_page p = {0};
        ck_assert_int_eq(retell_understand_list(r, &p), 0);
        vio_http_response_free(r);
        ck_assert_uint_eq(p.n, 2);
        ck_assert_str_eq(p.calls[0].call_id, "c1");
        ck_assert_str_eq(p.calls[0].tenant_ref, "1");
        ck_assert_str_eq(p.calls[1].attempt_ref, "r2");
        ck_assert_str_eq(p.calls[1].tenant_ref, "2");
        ck_assert(p.has_more);
        ck_assert_str_eq(p.pagination_key, "k2");
}
END_TEST

START_TEST(the_last_page_ends_the_list)
{
        static const char *const bodies[] = {
            "{\"has_more\":false,\"pagination_key\":\"k\",\"items\":[]}",
            "{\"has_more\":true,\"items\":[]}",
            "{\"has_more\":true,\"pagination_key\":\"\",\"items\":[]}",
            "{\"has_more\":\"yes\",\"pagination_key\":\"k\",\"items\":[]}",
            "{\"items\":[]}",
        };
        for (size_t i = 0; i < count_of(bodies); i++) {
                _cleanup_response_ struct vio_http_response *r = answered(200, bodies[i]);
                _cleanup_retell_page_ struct retell_page p = {0};
                ck_assert_int_eq(retell_understand_list(r, &p), 0);
                ck_assert_uint_eq(p.n, 0);
                ck_assert(!p.has_more);
                ck_assert_ptr_null(p.pagination_key);
        }
}
END_TEST

START_TEST(lines_kept_free_for_incoming_calls_are_not_ours)
{
        struct retell_concurrency c;
        _cleanup_response_ struct vio_http_response *all =
            answered(200, "{\"current_concurrency\":3,\"concurrency_limit\":20}");
        ck_assert_int_eq(retell_understand_concurrency(all, &c), 0);
        ck_assert(c.current == 3 && c.limit == 20);
        _cleanup_response_ struct vio_http_response *less =
            answered(200, "{\"current_concurrency\":0,\"concurrency_limit\":20,"
                          "\"reserved_inbound_concurrency\":5}");
        ck_assert_int_eq(retell_understand_concurrency(less, &c), 0);
        ck_assert(c.current == 0 && c.limit == 15);
}
END_TEST

static struct {
        const char *body;
        bool bound;
} numbers[] = {
    {"{\"phone_number\":\"+14155550100\"}", false},
    {"{\"outbound_agent_id\":null,\"outbound_agents\":[]}", false},
    {"{\"outbound_agent_id\":\"\"}", false},
    {"{\"inbound_agents\":[{\"agent_id\":\"a\"}]}", false},
    {"{\"outbound_agent_id\":\"agent_1\"}", true},
    {"{\"outbound_agents\":[{\"agent_id\":\"agent_1\",\"weight\":1}]}", true},
};

START_TEST(a_number_tells_whether_somebody_speaks_on_it)
{
        _cleanup_response_ struct vio_http_response *r = answered(200, numbers[_i].body);
        bool bound = !numbers[_i].bound;
        ck_assert_int_eq(retell_understand_number(r, &bound), 0);
        ck_assert_int_eq(bound, numbers[_i].bound);
}
END_TEST

START_TEST(a_good_key_is_known_by_its_status)
{
        _cleanup_response_ struct vio_http_response *r = answered(200, "{}");
        ck_assert_int_eq(retell_understand_key_info(r), 0);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("retell_answer");
        TCase *rows = tcase_create("rows");
        tcase_add_loop_test(rows, every_status_of_a_create_has_its_meaning, 0,
                            (int)count_of(created));
        tcase_add_loop_test(rows, a_number_tells_whether_somebody_speaks_on_it, 0,
                            (int)count_of(numbers));
        tcase_add_loop_test(rows, a_message_shows_no_number_and_no_key, 0, (int)count_of(messages));
        tcase_add_loop_test(rows, a_throttled_account_waits_as_long_as_it_is_told_within_bounds, 0,
                            (int)count_of(waits));
        tcase_add_loop_test(
            rows, every_other_answer_to_a_question_is_an_error_and_leaves_the_output_alone, 0,
            (int)count_of(questions));
        suite_add_tcase(s, rows);
        add_case(s, a_create_without_an_answer_is_unclear_unless_it_was_certainly_not_sent);
        add_case(s, a_call_id_of_128_bytes_is_the_longest);
        add_case(s, a_message_is_cut_to_200_bytes);
        add_case(s, the_documented_header_goes_before_the_customary_one);
        add_case(s, an_answer_about_a_call_lives_on_its_own);
        add_case(s, a_question_that_failed_has_no_answer);
        add_case(s, a_page_gives_its_calls_and_the_way_to_the_next);
        add_case(s, the_last_page_ends_the_list);
        add_case(s, lines_kept_free_for_incoming_calls_are_not_ours);
        add_case(s, a_good_key_is_known_by_its_status);
        return s;
}
