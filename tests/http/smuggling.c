/*
 * smuggling.c - requests that two servers could read differently: each is refused, or read in the
 * one way that RFC 9112 leaves, and nothing that stands behind a refusal is ever answered.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "house.h"

static struct house house;

static void start(void)
{
        house_open(&house);
        house_serve(&house, NULL);
}

static void stop(void)
{
        house_leave(&house);
}

#define HOST "Host: x\r\n"
#define POST "POST /api/auth/login HTTP/1.1\r\n" HOST
#define OLD  "POST /api/auth/login HTTP/1.0\r\n"
#define GET  "GET /livez HTTP/1.1\r\n"
#define TE   "Transfer-Encoding: chunked\r\n"
#define LAST "0\r\n\r\n"
/* What an attacker would like to have answered behind the request: it tells itself by its path. */
#define HIDDEN "GET /api/auth/me HTTP/1.1\r\n" HOST "\r\n"

#define NONE 0 /* the connection is closed without an answer */

struct row {
        const char *bytes;
        int status;
};

/* How often @needle stands in @text. */
static int count(const char *text, const char *needle)
{
        int n = 0;
        for (const char *p = text; (p = strstr(p, needle)); p++)
                n++;
        return n;
}

static bool answers_hidden(const char *text)
{
        return strstr(text, "No token provided");
}

/* Sends without closing this side: that the answer ends is the server's doing. */
static int ask_raw(const char *bytes, const char *behind, char *ret, size_t size)
{
        int fd = raw_open(&house);
        char byte;
        size_t len = strlen(bytes);
        ck_assert_int_eq(send(fd, bytes, len, MSG_NOSIGNAL), (ssize_t)len);
        if (*behind)
                send(fd, behind, strlen(behind), MSG_NOSIGNAL);
        raw_read(fd, ret, size, 15000);
        ssize_t after = recv(fd, &byte, 1, MSG_DONTWAIT);
        ck_assert_msg(after == 0 || (after < 0 && errno == ECONNRESET), "not closed: %s", bytes);
        close(fd);
        int status = 0;
        sscanf(ret, "HTTP/1.1 %d ", &status);
        return status;
}

static void refuse_all(const struct row *rows, size_t n)
{
        char text[8192];
        for (size_t i = 0; i < n; i++) {
                int status = ask_raw(rows[i].bytes, HIDDEN, text, sizeof(text));
                ck_assert_msg(status == rows[i].status, "row %zu, %s: %d", i, rows[i].bytes,
                              status);
                ck_assert_msg(count(text, "\r\nX-Request-Id:") == (rows[i].status != NONE),
                              "row %zu: %s", i, text);
                ck_assert_msg(!answers_hidden(text), "row %zu: %s", i, text);
        }
        _answer_ a = ask(&house, .path = "/livez");
        expect(&a, 200, NULL);
}

START_TEST(a_body_with_two_ends_is_refused)
{
        static const struct row rows[] = {
            {POST "Content-Length: 5\r\n" TE "\r\n" LAST, 400},
            {POST TE "Content-Length: 5\r\n\r\n" LAST, 400},
            {POST TE TE "\r\n" LAST, 400},
            {POST TE "Transfer-Encoding: identity\r\n\r\n" LAST, 400},
            {POST "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400},
            {POST "Content-Length: 2\r\nContent-Length: 7\r\n\r\n{}", 400},
            {POST "Content-Length: 2\r\ncontent-length: 7\r\n\r\n{}", 400},
        };
        refuse_all(rows, count_of(rows));
}
END_TEST

START_TEST(an_encoding_that_is_not_exactly_chunked_is_refused)
{
        static const struct row rows[] = {
            {POST "Transfer-Encoding: gzip, chunked\r\n\r\n" LAST, 400},
            {POST "Transfer-Encoding: chunked, chunked\r\n\r\n" LAST, 400},
            {POST "Transfer-Encoding: xchunked\r\n\r\n" LAST, 400},
            {POST "Transfer-Encoding: chunked;a=b\r\n\r\n" LAST, 400},
            {POST "Transfer-Encoding: \"chunked\"\r\n\r\n" LAST, 400},
            {POST "Transfer-Encoding: identity\r\n\r\n", 501},
            {POST "Transfer-Encoding:\vchunked\r\n\r\n" LAST, 400},
            {POST "Transfer-Encoding: chunked \r\n\r\n" LAST, 400},
            {POST "Transfer-Encoding : chunked\r\n\r\n" LAST, 400},
            {POST "Transfer-Encoding\t: chunked\r\n\r\n" LAST, 400},
            {POST "Transfer-Encoding:\r\n chunked\r\n\r\n" LAST, 400},
            {POST "X-A: b\nTransfer-Encoding: chunked\r\n\r\n" LAST, 400},
            {POST " Transfer-Encoding: chunked\r\n\r\n" LAST, 400},
            {POST "X-A: b\r\n c\r\nTransfer-Encoding: chunked\r\n\r\n" LAST, 400},
            {OLD TE "\r\n" LAST, 400},
            {OLD " " TE "\r\n" LAST, 400},
            {OLD "\n" TE "\r\n" LAST, 400},
        };
        refuse_all(rows, count_of(rows));
}
END_TEST

START_TEST(a_length_that_is_not_digits_only_is_refused)
{
        static const struct row rows[] = {
            {POST "Content-Length: +2\r\n\r\n{}", 400},
            {POST "Content-Length: -2\r\n\r\n{}", 411},
            {POST "Content-Length:\r\n\r\n{}", 411},
            {POST "Content-Length: \r\n\r\n{}", 411},
            {POST "Content-Length: 2 2\r\n\r\n{}", 400},
            {POST "Content-Length: 2, 2\r\n\r\n{}", 400},
            {POST "Content-Length: 2,7\r\n\r\n{}", 400},
            {POST "Content-Length: 0x2\r\n\r\n{}", 400},
            {POST "Content-Length: 2.0\r\n\r\n{}", 400},
            {POST "Content-Length: 2e1\r\n\r\n{}", 400},
            {POST "Content-Length : 2\r\n\r\n{}", 400},
            {POST "Content-Length:\r\n 2\r\n\r\n{}", 411},
            {POST "X-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}", 400},
            {POST ": b\r\nContent-Length: 2\r\n\r\n{}", 400},
        };
        refuse_all(rows, count_of(rows));
}
END_TEST

START_TEST(a_chunk_that_is_not_strict_is_refused)
{
        static const struct row rows[] = {
            {POST TE "\r\n2;a=b\r\n{}\r\n" LAST, 400},
            {POST TE "\r\n2;a\nb\r\n{}\r\n" LAST, 400},
            {POST TE "\r\n+2\r\n{}\r\n" LAST, 400},
            {POST TE "\r\n-2\r\n{}\r\n" LAST, 400},
            {POST TE "\r\n0x2\r\n{}\r\n" LAST, 400},
            {POST TE "\r\n 2\r\n{}\r\n" LAST, 400},
            {POST TE "\r\n2 \r\n{}\r\n" LAST, 400},
            {POST TE "\r\n\r\n{}\r\n" LAST, 400},
            {POST TE "\r\n2\n{}\r\n" LAST, 400},
            {POST TE "\r\n2g\r\n{}\r\n" LAST, 400},
            {POST TE "\r\n2\r\n{}0\r\n\r\n", 400},
            {POST TE "\r\n2\r\n{}xx0\r\n\r\n", 400},
            {POST TE "\r\n2\r\n{}\r\n0\r\n", 400},
            {POST TE "\r\n2\r\n{}\r\n0\r\nX-A: b\r\n\r\n", 400},
            {POST TE "\r\n10000000000000002\r\n{}\r\n" LAST, 400},
            {POST TE "\r\nffffffffffffffff\r\n{}\r\n" LAST, 400},
        };
        refuse_all(rows, count_of(rows));
}
END_TEST

START_TEST(a_head_whose_lines_are_not_strict_is_refused)
{
        static const struct row rows[] = {
            {"GET /livez HTTP/1.1\nHost: x\n\n", 400},
            {"GET /livez HTTP/1.1\nHost: x\r\n\r\n", 400},
            {GET HOST "X-A: b\n\r\n", 400},
            {GET HOST "X-A: b\n\n", 400},
            {GET HOST "X-A: a\rb: c\r\n\r\n", 400},
            {GET HOST "X-A: a\r\n b\r\n\r\n", 400},
            {GET HOST "X-A: a\r\n\tb\r\n\r\n", 400},
            {GET " X-A: a\r\n" HOST "\r\n", 400},
            {GET HOST "X-A : a\r\n\r\n", 400},
            {GET "Host : x\r\n\r\n", 400},
            {GET HOST "X-A\r\n\r\n", 400},
            {GET HOST ": a\r\n\r\n", 400},
            {GET HOST "X A: a\r\n\r\n", 400},
            {GET HOST "X-A:\ta\r\n\r\n", 400},
            {GET HOST "X-A: a\x01\r\n\r\n", 400},
            {GET HOST "X\xc3\xa4: a\r\n\r\n", 400},
        };
        refuse_all(rows, count_of(rows));
}
END_TEST

START_TEST(a_request_line_that_is_not_strict_is_refused)
{
        static const struct row rows[] = {
            {"GET  /livez HTTP/1.1\r\n" HOST "\r\n", 400},
            {"GET\t/livez\tHTTP/1.1\r\n" HOST "\r\n", 400},
            {"GET /livez  HTTP/1.1\r\n" HOST "\r\n", 400},
            {"GET /livez HTTP/1.1 \r\n" HOST "\r\n", 400},
            {"get /livez HTTP/1.1\r\n" HOST "\r\n", 400},
            {"GET /livez http/1.1\r\n" HOST "\r\n", 400},
            {"GET /livez\r\n\r\n", 400},
            {"GET /livez HTTP/0.9\r\n\r\n", 505},
            {"GET /livez HTTP/1.2\r\n" HOST "\r\n", 505},
            {"GET /livez HTTP/1.10\r\n" HOST "\r\n", 505},
            {"GET /livez HTTP/2.0\r\n" HOST "\r\n", 505},
            {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
        };
        refuse_all(rows, count_of(rows));
}
END_TEST

/* CivetWeb hangs up on targets that are no path of its own, without asking us for an answer. */
START_TEST(a_target_that_is_no_path_is_refused)
{
        static const struct row rows[] = {
            {"GET http://x/livez HTTP/1.1\r\n" HOST "\r\n", NONE},
            {"GET http://evil.example/livez HTTP/1.1\r\n" HOST "\r\n", NONE},
            {"GET https://x/livez HTTP/1.1\r\n" HOST "\r\n", NONE},
            {"OPTIONS * HTTP/1.1\r\n" HOST "\r\n", NONE},
            {"GET * HTTP/1.1\r\n" HOST "\r\n", NONE},
            {"CONNECT x:80 HTTP/1.1\r\n" HOST "\r\n", 400},
            {"GET x:80 HTTP/1.1\r\n" HOST "\r\n", 400},
            {"GET livez HTTP/1.1\r\n" HOST "\r\n", 400},
        };
        refuse_all(rows, count_of(rows));
}
END_TEST

START_TEST(a_host_must_be_there_once)
{
        static const struct row rows[] = {
            {GET "\r\n", 400},
            {GET HOST HOST "\r\n", 400},
            {GET HOST "host: y\r\n\r\n", 400},
        };
        refuse_all(rows, count_of(rows));
}
END_TEST

START_TEST(an_expectation_that_nobody_can_meet_is_refused)
{
        static const struct row rows[] = {
            {POST "Expect: a miracle\r\nContent-Length: 2\r\n\r\n{}", 417},
            {POST "Expect: 100-continue, x\r\nContent-Length: 2\r\n\r\n{}", 417},
            {POST "Expect: 100-continue\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
             417},
            {GET HOST "Expect: a miracle\r\n\r\n", 417},
        };
        refuse_all(rows, count_of(rows));
}
END_TEST

START_TEST(a_nul_in_a_head_is_refused)
{
        static const struct {
                const char *bytes;
                size_t len;
        } rows[] = {
#define NUL_ROW(text) {text, sizeof(text) - 1}
            NUL_ROW("GET /li\0vez HTTP/1.1\r\n" HOST "\r\n" HIDDEN),
            NUL_ROW(GET HOST "X-A: a\0b\r\n\r\n" HIDDEN),
            NUL_ROW(GET HOST "X\0A: b\r\n\r\n" HIDDEN),
            NUL_ROW(GET "Host: x\0\r\n\r\n" HIDDEN),
            NUL_ROW(POST "Content-Length: 2\0\r\n\r\n{}" HIDDEN),
            NUL_ROW(POST "Content-Length\0: 2\r\n\r\n{}" HIDDEN),
            NUL_ROW(POST TE "\0\r\n\r\n" LAST HIDDEN),
#undef NUL_ROW
        };
        for (size_t i = 0; i < count_of(rows); i++) {
                char text[8192];
                int status = raw(&house, rows[i].bytes, rows[i].len, text, sizeof(text));
                ck_assert_msg(status == 400, "row %zu: %d", i, status);
                ck_assert(!answers_hidden(text));
        }
}
END_TEST

/* A body that is refused for its length is not looked into for a further request. */
START_TEST(what_follows_a_body_that_is_too_large_is_never_answered)
{
        char text[8192];
        int status =
            raw_text(&house, POST "Content-Length: 300000\r\n\r\n" HIDDEN, text, sizeof(text));
        ck_assert_int_eq(status, 413);
        ck_assert(!answers_hidden(text));
        status = raw_text(&house, POST "Content-Length: 18446744073709551618\r\n\r\n{}" HIDDEN,
                          text, sizeof(text));
        ck_assert_int_eq(status, 413);
        ck_assert(!answers_hidden(text));
}
END_TEST

/* These have one meaning only, whoever reads them: both requests are answered. */
START_TEST(what_is_strict_is_read_to_its_end_and_the_next_is_answered)
{
        static const struct row rows[] = {
            {GET "Host:\r\n\r\n", 200},
            {GET HOST "\r\n", 200},
            {"GET /livez? HTTP/1.1\r\n" HOST "\r\n", 200},
            {"GET /livez?a=%20&b HTTP/1.1\r\n" HOST "\r\n", 200},
            {GET HOST "X-A:\r\nX-B: b\r\n\r\n", 200},
            {GET HOST "X-A:   b  \r\n\r\n", 200},
            {"\r\n" GET HOST "\r\n", 200},
            {GET HOST "Content-Length: 5\r\n\r\nhello", 200},
            {"GET /nowhere HTTP/1.1\r\n" HOST "\r\n", 404},
            {POST "Content-Length: 2\r\n\r\n{}", 400},
            {POST "Content-Length: 0002\r\n\r\n{}", 400},
            {POST "\r\n", 400},
            {POST TE "\r\n2\r\n{}\r\n0\r\n\r\n", 400},
            {POST TE "\r\n02\r\n{}\r\n000\r\n\r\n", 400},
        };
        char text[8192];
        for (size_t i = 0; i < count_of(rows); i++) {
                int status = ask_raw(rows[i].bytes, HIDDEN, text, sizeof(text));
                ck_assert_msg(status == rows[i].status, "row %zu: %d", i, status);
                ck_assert_msg(answers_hidden(text), "row %zu: %s", i, text);
                ck_assert_int_eq(count(text, "\r\nX-Request-Id:"), 2);
        }
}
END_TEST

START_TEST(http_1_0_is_not_told_to_continue)
{
        char text[8192];
        ask_raw(OLD "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}", "", text, sizeof(text));
        ck_assert_msg(!strncmp(text, "HTTP/1.1 400 ", 13), "%s", text);
        ck_assert_ptr_nonnull(strstr(text, "email is required"));
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("smuggling");
        TCase *tc = shared_case(s, start, stop);
        tcase_add_test(tc, a_body_with_two_ends_is_refused);
        tcase_add_test(tc, an_encoding_that_is_not_exactly_chunked_is_refused);
        tcase_add_test(tc, a_length_that_is_not_digits_only_is_refused);
        tcase_add_test(tc, a_chunk_that_is_not_strict_is_refused);
        tcase_add_test(tc, a_head_whose_lines_are_not_strict_is_refused);
        tcase_add_test(tc, a_request_line_that_is_not_strict_is_refused);
        tcase_add_test(tc, a_target_that_is_no_path_is_refused);
        tcase_add_test(tc, a_host_must_be_there_once);
        tcase_add_test(tc, an_expectation_that_nobody_can_meet_is_refused);
        tcase_add_test(tc, a_nul_in_a_head_is_refused);
        tcase_add_test(tc, what_follows_a_body_that_is_too_large_is_never_answered);
        tcase_add_test(tc, what_is_strict_is_read_to_its_end_and_the_next_is_answered);
        tcase_add_test(tc, http_1_0_is_not_told_to_continue);
        return s;
}
