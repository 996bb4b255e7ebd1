/* resend.c - the mail as it goes to Resend, and each answer that Resend can give. */
#include "remote/resend.h"

#include <string.h>

#include "answers.h"
#include "run.h"

START_TEST(a_mail_goes_out_with_its_key_and_a_user_agent)
{
        static const char body[] = "{\"from\":\"a\"}";
        _cleanup_resend_request_ struct resend_request r = {0};
        ck_assert_int_eq(
            resend_request_send(&r, "https://api.example//", "re_1", "summary/7/2026-11-20", body),
            0);
        ck_assert_uint_eq(r.http.size, sizeof(struct vio_http_request));
        ck_assert_str_eq(r.http.method, "POST");
        ck_assert_str_eq(r.http.url, "https://api.example/emails");
        ck_assert_ptr_eq(r.http.body, body);
        ck_assert_uint_eq(r.http.body_len, strlen(body));
        ck_assert_int_gt(r.http.timeout_ms, 0);
        const struct vio_http_header wanted[] = {{"Authorization", "Bearer re_1"},
                                                 {"User-Agent", "libvio/0.2.0"},
                                                 {"Accept", "application/json"},
                                                 {"Content-Type", "application/json"},
                                                 {"Idempotency-Key", "summary/7/2026-11-20"}};
        ck_assert_uint_eq(r.http.n_headers, 5);
        for (size_t i = 0; i < 5; i++) {
                ck_assert_str_eq(r.http.headers[i].name, wanted[i].name);
                ck_assert_str_eq(r.http.headers[i].value, wanted[i].value);
        }
}
END_TEST

START_TEST(a_key_that_resend_would_not_take_is_refused)
{
        char key[258];
        struct resend_request r = {0};
        memset(key, 'k', 257);
        key[257] = '\0';
        ck_assert_int_eq(resend_request_send(&r, "http://x", "re_1", key, "{}"), VIO_E_INVALID);
        ck_assert_int_eq(resend_request_send(&r, "http://x", "re_1", "", "{}"), VIO_E_INVALID);
        ck_assert_int_eq(resend_request_send(&r, "http://x", "", "k", "{}"), VIO_E_INVALID);
        ck_assert_int_eq(resend_request_send(&r, "http://x", NULL, "k", "{}"), VIO_E_INVALID);
        ck_assert_ptr_null(r.memory);
        key[256] = '\0';
        ck_assert_int_eq(resend_request_send(&r, "http://x", "re_1", key, "{}"), 0);
        resend_request_free(&r);
}
END_TEST

#define ERROR(name) "{\"statusCode\":1,\"name\":\"" name "\",\"message\":\"why\"}"

static const struct {
        int status;
        const char *body;
        enum mail_fate fate;
        bool outage;
} answers[] = {
    {200, "{\"id\":\"49a3999c-0ce1-4ea6-ab68-afcd6dc2e794\"}", MAIL_SENT, false},
    {201, "{\"id\":\"x\"}", MAIL_SENT, false},
    {200, "{}", MAIL_LATER, false},
    {200, "", MAIL_LATER, false},
    {200, "{\"id\":\"\"}", MAIL_LATER, false},
    {200, "{\"id\":\"a b\"}", MAIL_LATER, false},
    {200, "<html>", MAIL_LATER, false},
    {400, ERROR("validation_error"), MAIL_NEVER, false},
    {400, ERROR("invalid_idempotency_key"), MAIL_NEVER, false},
    {401, ERROR("missing_api_key"), MAIL_ALERT, false},
    {401, ERROR("restricted_api_key"), MAIL_ALERT, false},
    {403, ERROR("invalid_api_key"), MAIL_ALERT, false},
    {403, ERROR("validation_error"), MAIL_ALERT, false},
    {403, "error code: 1010", MAIL_ALERT, false},
    {404, ERROR("not_found"), MAIL_NEVER, false},
    {405, ERROR("method_not_allowed"), MAIL_NEVER, false},
    {408, "", MAIL_LATER, false},
    {409, ERROR("concurrent_idempotent_requests"), MAIL_LATER, false},
    {409, ERROR("invalid_idempotent_request"), MAIL_NEVER, false},
    {409, "<html>", MAIL_LATER, false},
    {422, ERROR("missing_required_field"), MAIL_NEVER, false},
    {422, ERROR("invalid_from_address"), MAIL_NEVER, false},
    {422, ERROR("invalid_parameter"), MAIL_NEVER, false},
    {422, ERROR("invalid_attachment"), MAIL_NEVER, false},
    {422, ERROR("invalid_access"), MAIL_NEVER, false},
    {422, ERROR("invalid_region"), MAIL_NEVER, false},
    {422, ERROR("validation_error"), MAIL_NEVER, false},
    {429, ERROR("rate_limit_exceeded"), MAIL_LATER, false},
    {429, ERROR("daily_quota_exceeded"), MAIL_NEXT_DAY, false},
    {429, ERROR("monthly_quota_exceeded"), MAIL_NEXT_MONTH, false},
    {429, "slow down", MAIL_LATER, false},
    {451, ERROR("security_error"), MAIL_ALERT, false},
    {500, ERROR("application_error"), MAIL_LATER, true},
    {500, ERROR("internal_server_error"), MAIL_LATER, true},
    {502, "<html>bad gateway</html>", MAIL_LATER, true},
    {503, "", MAIL_LATER, true},
    {301, "", MAIL_ALERT, false},
    {418, "", MAIL_NEVER, false},
};

START_TEST(each_answer_has_its_meaning)
{
        struct resend_answer a;
        struct vio_http_response *r = answered(answers[_i].status, answers[_i].body);
        resend_understand(r, &a);
        vio_http_response_free(r);
        ck_assert_msg(a.fate == answers[_i].fate, "%d %s: %d", answers[_i].status, answers[_i].body,
                      (int)a.fate);
        ck_assert_int_eq(a.outage, answers[_i].outage);
        ck_assert_int_eq(a.status, answers[_i].status);
}
END_TEST

START_TEST(no_answer_is_tried_again)
{
        static const enum vio_http_failure failures[] = {VIO_HTTP_NOT_SENT, VIO_HTTP_MAYBE_SENT};
        for (size_t i = 0; i < 2; i++) {
                struct resend_answer a;
                struct vio_http_response *r = failed(failures[i], "timed\nout");
                resend_understand(r, &a);
                vio_http_response_free(r);
                ck_assert_int_eq(a.fate, MAIL_LATER);
                ck_assert(a.outage);
                ck_assert_int_eq(a.status, 0);
                ck_assert_str_eq(a.message, "timed out");
        }
}
END_TEST

START_TEST(a_receipt_and_a_reason_are_read)
{
        struct resend_answer a;
        struct vio_http_response *r =
            answered(200, "{\"id\":\"49a3999c-0ce1-4ea6-ab68-afcd6dc2e794\"}");
        resend_understand(r, &a);
        vio_http_response_free(r);
        ck_assert_str_eq(a.id, "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794");
        ck_assert_str_eq(a.name, "");

        r = answered(422, "{\"name\":\"invalid_parameter\",\"message\":\"a\\r\\nb\"}");
        resend_understand(r, &a);
        vio_http_response_free(r);
        ck_assert_str_eq(a.name, "invalid_parameter");
        ck_assert_str_eq(a.message, "a  b");
        ck_assert_str_eq(a.id, "");

        /* What is no name gets into no log. */
        r = answered(422, "{\"name\":\"Ada <ada@example.com>\",\"message\":7}");
        resend_understand(r, &a);
        vio_http_response_free(r);
        ck_assert_str_eq(a.name, "");
        ck_assert_str_eq(a.message, "");
}
END_TEST

static const struct {
        int status;
        const char *header, *value;
        int wait_s;
} waits[] = {
    {429, "Retry-After", "7", 7},     {429, "retry-after", "120", 120},
    {429, "ratelimit-reset", "3", 3}, {429, "Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT", 0},
    {429, "Retry-After", "-1", 0},    {429, "Retry-After", "99999999999999999999", 86400},
    {429, "Retry-After", "", 0},      {429, "X-Other", "5", 0},
    {503, "Retry-After", "30", 30},   {422, "Retry-After", "7", 0},
};

START_TEST(how_long_to_wait_is_read)
{
        struct resend_answer a;
        struct vio_http_response *r = answered(waits[_i].status, ERROR("rate_limit_exceeded"));
        vio_http_response_header(r, waits[_i].header, waits[_i].value);
        resend_understand(r, &a);
        vio_http_response_free(r);
        ck_assert_int_eq(a.wait_s, waits[_i].wait_s);
}
END_TEST

static void add_loop(Suite *s, const TTest *test, int n)
{
        TCase *tc = tcase_create("rows");
        tcase_add_loop_test(tc, test, 0, n);
        suite_add_tcase(s, tc);
}

Suite *suite(void)
{
        Suite *s = suite_create("resend");
        add_case(s, a_mail_goes_out_with_its_key_and_a_user_agent);
        add_case(s, a_key_that_resend_would_not_take_is_refused);
        add_loop(s, each_answer_has_its_meaning, (int)count_of(answers));
        add_case(s, no_answer_is_tried_again);
        add_case(s, a_receipt_and_a_reason_are_read);
        add_loop(s, how_long_to_wait_is_read, (int)count_of(waits));
        return s;
}
