/* response.c - a response, filled by a transport that may not be ours. */
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "base/attr.h"
#include "remote/response.h"
#include "run.h"
#include <stdio.h>

START_TEST(a_response_that_nobody_filled_is_no_answer)
{
        _cleanup_response_ struct vio_http_response *r = vio_http_response_new();
        ck_assert_int_eq(vio_http_response_get_failure(r), VIO_HTTP_MAYBE_SENT);
        ck_assert_int_eq(vio_http_response_get_status(r), 0);
        ck_assert_str_ne(vio_http_response_get_why(r), "");
        ck_assert_str_eq(vio_http_response_get_body(r, NULL), "");
}
END_TEST

START_TEST(a_body_grows_and_holds_any_byte)
{
        _cleanup_response_ struct vio_http_response *r = answered(200, "a");
        ck_assert_int_eq(vio_http_response_write(r, "\0b", 2), 0);
        size_t len;
        const char *body = vio_http_response_get_body(r, &len);
        ck_assert_uint_eq(len, 3);
        ck_assert_mem_eq(body, "a\0b", 4);
}
END_TEST

START_TEST(a_failure_after_the_status_wins)
{
        _cleanup_response_ struct vio_http_response *r = answered(201, "{\"call_id\":\"c\"}");
        vio_http_response_fail(r, VIO_HTTP_MAYBE_SENT, "cut off");
        vio_http_response_status(r, 201);
        size_t len = 9;
        ck_assert_int_eq(vio_http_response_get_status(r), 0);
        ck_assert_str_eq(vio_http_response_get_body(r, &len), "");
        ck_assert_uint_eq(len, 0);
        ck_assert_str_eq(vio_http_response_get_why(r), "cut off");
}
END_TEST

START_TEST(what_may_have_been_sent_does_not_become_unsent)
{
        _cleanup_response_ struct vio_http_response *r = failed(VIO_HTTP_NOT_SENT, "refused");
        ck_assert_int_eq(vio_http_response_get_failure(r), VIO_HTTP_NOT_SENT);
        vio_http_response_fail(r, VIO_HTTP_MAYBE_SENT, "reset");
        vio_http_response_fail(r, VIO_HTTP_NOT_SENT, "refused");
        vio_http_response_fail(r, VIO_HTTP_ANSWERED, NULL);
        ck_assert_int_eq(vio_http_response_get_failure(r), VIO_HTTP_MAYBE_SENT);
        ck_assert_str_eq(vio_http_response_get_why(r), "reset");
}
END_TEST

START_TEST(an_impossible_status_is_no_answer)
{
        int statuses[] = {-1, 0, 99, 600, 100000};
        for (size_t i = 0; i < count_of(statuses); i++) {
                _cleanup_response_ struct vio_http_response *r = answered(statuses[i], "");
                ck_assert_int_eq(vio_http_response_get_failure(r), VIO_HTTP_MAYBE_SENT);
        }
}
END_TEST

START_TEST(a_body_beyond_eight_mebibytes_is_refused)
{
        static char mebibyte[1 << 20];
        _cleanup_response_ struct vio_http_response *r = answered(200, "");
        for (int i = 0; i < 8; i++)
                ck_assert_int_eq(vio_http_response_write(r, mebibyte, sizeof(mebibyte)), 0);
        ck_assert_int_eq(vio_http_response_write(r, "", 0), 0);
        ck_assert_int_eq(vio_http_response_get_failure(r), VIO_HTTP_ANSWERED);
        ck_assert_int_eq(vio_http_response_write(r, "x", 1), VIO_E_INVALID);
        ck_assert_int_eq(vio_http_response_write(r, "x", SIZE_MAX), VIO_E_INVALID);
        ck_assert_int_eq(vio_http_response_get_failure(r), VIO_HTTP_MAYBE_SENT);
}
END_TEST

START_TEST(a_header_is_found_in_any_case_and_the_first_counts)
{
        _cleanup_response_ struct vio_http_response *r = answered(200, "");
        char name[16];
        for (int i = 0; i < 100; i++) {
                snprintf(name, sizeof(name), "X-%d", i);
                vio_http_response_header(r, name, name);
        }
        vio_http_response_header(r, "x-7", "later");
        vio_http_response_header(r, NULL, "nothing");
        vio_http_response_header(r, "nothing", NULL);
        ck_assert_str_eq(vio_http_response_get_header(r, "x-7"), "X-7");
        ck_assert_str_eq(vio_http_response_get_header(r, "X-99"), "X-99");
        ck_assert_ptr_null(vio_http_response_get_header(r, "nothing"));
}
END_TEST

START_TEST(a_why_is_cut_not_overrun)
{
        char long_why[1000];
        memset(long_why, 'w', sizeof(long_why));
        long_why[999] = '\0';
        _cleanup_response_ struct vio_http_response *r = failed(VIO_HTTP_NOT_SENT, long_why);
        ck_assert_uint_lt(strlen(vio_http_response_get_why(r)), 200);
        ck_assert_ptr_null(vio_http_response_free(NULL));
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("response");
        add_case(s, a_response_that_nobody_filled_is_no_answer);
        add_case(s, a_body_grows_and_holds_any_byte);
        add_case(s, a_failure_after_the_status_wins);
        add_case(s, what_may_have_been_sent_does_not_become_unsent);
        add_case(s, an_impossible_status_is_no_answer);
        add_case(s, a_body_beyond_eight_mebibytes_is_refused);
        add_case(s, a_header_is_found_in_any_case_and_the_first_counts);
        add_case(s, a_why_is_cut_not_overrun);
        return s;
}
