/* bad_requests.c - HTTP that is broken, hostile or slow, byte by byte. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
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
#define POST "POST /api/retell/webhook HTTP/1.1\r\n" HOST

/* The server is there for others, whatever was done to it. */
static void still_serves(void)
{
        _answer_ a = ask(&house, .path = "/livez");
        expect(&a, 200, NULL);
}

struct case_row {
        const char *bytes;
        int status;
};

static void expect_all(const struct case_row *rows, size_t n)
{
        char text[8192];
        for (size_t i = 0; i < n; i++) {
                int status = raw_text(&house, rows[i].bytes, text, sizeof(text));
                ck_assert_msg(status == rows[i].status, "%.60s: %d", rows[i].bytes, status);
                ck_assert_ptr_nonnull(strstr(text, "\"message\":\""));
        }
        still_serves();
}

START_TEST(every_path_is_answered_by_the_route_table)
{
        static const struct case_row rows[] = {
            {"GET / HTTP/1.1\r\n" HOST "\r\n", 404},
            {"GET /%2e%2e/ HTTP/1.1\r\n" HOST "\r\n", 404},
            {"GET /../ HTTP/1.1\r\n" HOST "\r\n", 404},
            {"GET /..%2f..%2fetc/passwd HTTP/1.1\r\n" HOST "\r\n", 404},
            {"GET /../../../../etc/passwd HTTP/1.1\r\n" HOST "\r\n", 404},
            {"GET /etc HTTP/1.1\r\n" HOST "\r\n", 404},
            {"GET /tmp/ HTTP/1.1\r\n" HOST "\r\n", 404},
            {"GET //api/contacts HTTP/1.1\r\n" HOST "\r\n", 404},
            {"GET /livez/ HTTP/1.1\r\n" HOST "\r\n", 404},
            {"GET /livez%00 HTTP/1.1\r\n" HOST "\r\n", 404},
            {"GET /LIVEZ HTTP/1.1\r\n" HOST "\r\n", 404},
            {"GET /%6civez HTTP/1.1\r\n" HOST "\r\n", 404},
            {"PROPFIND / HTTP/1.1\r\n" HOST "\r\n", 404},
            {"PUT /x HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", 404},
            {"DELETE /x HTTP/1.1\r\n" HOST "\r\n", 404},
        };
        expect_all(rows, count_of(rows));
}
END_TEST

/* CVE-2025-55763: a long path that looks like a directory ran over a buffer in the redirect. */
START_TEST(a_long_path_like_a_directory_is_no_redirect)
{
        static const size_t lengths[] = {255, 1024, 4000, 4096, 8000, 8192, 15000};
        for (size_t i = 0; i < count_of(lengths); i++) {
                char request[20000];
                char text[8192];
                size_t n = (size_t)sprintf(request, "GET /");
                while (n < lengths[i])
                        n += (size_t)sprintf(request + n, "%s", n % 3 ? "a" : "/");
                sprintf(request + n, " HTTP/1.1\r\n" HOST "\r\n");
                ck_assert_int_eq(raw_text(&house, request, text, sizeof(text)), 404);
                ck_assert_ptr_null(strstr(text, "Location:"));
        }
        still_serves();
}
END_TEST

START_TEST(a_request_that_is_no_http_is_refused)
{
        static const struct case_row rows[] = {
            {"\r\n\r\n\x01\x02\xff\xfe\r\n\r\n", 400},
            {"hello\r\n\r\n", 400},
            {"GET\r\n\r\n", 400},
            {"BREW /livez HTTP/1.1\r\n" HOST "\r\n", 400},
            {"GET /\xff\xfe HTTP/1.1\r\n" HOST "\r\n", 400},
            {"GET /livez HTTP/1.1\r\n\r\n", 400},
            {"GET /livez HTTP/1.1\r\n" HOST HOST "\r\n", 400},
            {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
            {"GET /livez HTT", 400},
        };
        expect_all(rows, count_of(rows));
}
END_TEST

START_TEST(a_nul_byte_is_refused_wherever_it_stands)
{
        static const char path[] = "GET /li\0vez HTTP/1.1\r\n" HOST "\r\n";
        static const char value[] = "GET /livez HTTP/1.1\r\n" HOST "X-A: a\0b\r\n\r\n";
        char text[4096];
        ck_assert_int_eq(raw(&house, path, sizeof(path) - 1, text, sizeof(text)), 400);
        ck_assert_int_eq(raw(&house, value, sizeof(value) - 1, text, sizeof(text)), 400);
        still_serves();
}
END_TEST

START_TEST(a_body_whose_length_is_in_doubt_is_refused)
{
        static const struct case_row rows[] = {
            {POST "Content-Length: -5\r\n\r\nabc", 411},
            {POST "Content-Length: abc\r\n\r\nabc", 411},
            {POST "Content-Length: +3\r\n\r\nabc", 400},
            {POST "Content-Length: 3x\r\n\r\nabc", 400},
            {POST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400},
            {POST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
            {POST "Transfer-Encoding: gzip\r\n\r\nabc", 400},
            {POST "Content-Length: 99999999999999999999\r\n\r\nabc", 413},
            {POST "Content-Length: 3\r\nExpect: a miracle\r\n\r\nabc", 417},
        };
        expect_all(rows, count_of(rows));
}
END_TEST

START_TEST(a_body_that_ends_too_early_is_refused)
{
        static const struct case_row rows[] = {
            {POST "Content-Length: 10\r\n\r\nabc", 400},
            {POST "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc", 400},
            {POST "Transfer-Encoding: chunked\r\n\r\n5\r\nab", 400},
            {POST "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", 400},
        };
        expect_all(rows, count_of(rows));
}
END_TEST

START_TEST(a_header_that_counts_may_stand_only_once)
{
        static const struct case_row rows[] = {
            {"GET /livez HTTP/1.1\r\n" HOST "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"
             "\r\n",
             400},
            {POST "X-Retell-Signature: a\r\nx-retell-signature: b\r\nContent-Length: 2\r\n\r\n{}",
             400},
            {"GET /livez HTTP/1.1\r\n" HOST "X-Tenant-Id: 1\r\nX-Tenant-Id: 2\r\n\r\n", 400},
        };
        expect_all(rows, count_of(rows));
}
END_TEST

START_TEST(more_headers_than_can_be_seen_are_refused)
{
        char request[4096];
        char text[4096];
        size_t n = (size_t)sprintf(request, "GET /livez HTTP/1.1\r\n" HOST);
        for (int i = 0; i < 80; i++)
                n += (size_t)sprintf(request + n, "X-%d: 1\r\n", i);
        sprintf(request + n, "\r\n");
        ck_assert_int_eq(raw_text(&house, request, text, sizeof(text)), 431);
}
END_TEST

START_TEST(a_head_that_does_not_end_is_refused)
{
        static char request[70000];
        char text[4096];
        size_t n = (size_t)sprintf(request, "GET /livez HTTP/1.1\r\n" HOST "X-A: ");
        memset(request + n, 'a', sizeof(request) - n - 1);
        int status = raw_text(&house, request, text, sizeof(text));
        ck_assert_msg(status >= 400 && status < 500, "%d", status);
        still_serves();
}
END_TEST

/* How often @needle stands in @text. */
static int count(const char *text, const char *needle)
{
        int n = 0;
        for (const char *p = text; (p = strstr(p, needle)); p++)
                n++;
        return n;
}

START_TEST(pipelined_requests_are_answered_in_their_order)
{
        char text[8192];
        raw_text(&house,
                 "GET /livez HTTP/1.1\r\n" HOST "\r\n"
                 "GET /nowhere HTTP/1.1\r\n" HOST "\r\n"
                 "GET /readyz HTTP/1.1\r\n" HOST "\r\n",
                 text, sizeof(text));
        ck_assert_int_eq(count(text, "HTTP/1.1 "), 3);
        ck_assert(strstr(text, "\"ok\"") < strstr(text, "No such path"));
        ck_assert(strstr(text, "No such path") < strstr(text, "\"ready\""));
}
END_TEST

START_TEST(a_chunked_body_is_read_to_its_end_and_no_further)
{
        char text[8192];
        raw_text(&house,
                 "POST /api/auth/login HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
                 "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
                 "GET /livez HTTP/1.1\r\n" HOST "\r\n",
                 text, sizeof(text));
        ck_assert_ptr_nonnull(strstr(text, "email is required"));
        ck_assert_ptr_nonnull(strstr(text, "{\"status\":\"ok\"}"));
}
END_TEST

START_TEST(a_client_that_waits_for_100_continue_gets_it)
{
        char text[8192];
        int fd = raw_open(&house);
        const char head[] = "POST /api/auth/login HTTP/1.1\r\n" HOST
                            "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n";
        ck_assert_int_eq(send(fd, head, strlen(head), 0), (ssize_t)strlen(head));
        raw_read(fd, text, sizeof(text), 300);
        ck_assert_str_eq(text, "HTTP/1.1 100 Continue\r\n\r\n");
        ck_assert_int_eq(send(fd, "{}", 2, 0), 2);
        raw_read(fd, text, sizeof(text), 300);
        ck_assert_ptr_nonnull(strstr(text, "email is required"));
        close(fd);
}
END_TEST

START_TEST(a_refused_client_may_finish_sending_and_still_reads_why)
{
        static char piece[65536];
        char text[4096];
        int fd = raw_open(&house);
        const char head[] = POST "Transfer-Encoding: chunked\r\n\r\n";
        ck_assert_int_eq(send(fd, head, strlen(head), 0), (ssize_t)strlen(head));
        memset(piece, 'x', sizeof(piece));
        for (int i = 0; i < 80; i++) { /* 5 MB */
                if (send(fd, "10000\r\n", 7, MSG_NOSIGNAL) < 0 ||
                    send(fd, piece, sizeof(piece), MSG_NOSIGNAL) < 0 ||
                    send(fd, "\r\n", 2, MSG_NOSIGNAL) < 0)
                        break;
        }
        send(fd, "0\r\n\r\n", 5, MSG_NOSIGNAL);
        raw_read(fd, text, sizeof(text), 5000);
        close(fd);
        ck_assert_ptr_nonnull(strstr(text, "HTTP/1.1 413 "));
        still_serves();
}
END_TEST

START_TEST(many_slow_heads_do_not_keep_others_from_being_served)
{
        int slow[40];
        for (size_t i = 0; i < count_of(slow); i++) {
                slow[i] = raw_open(&house);
                ck_assert_int_eq(send(slow[i], "GET /li", 7, 0), 7);
        }
        for (int i = 0; i < 20; i++)
                still_serves();
        for (size_t i = 0; i < count_of(slow); i++)
                close(slow[i]);
}
END_TEST

START_TEST(a_head_that_takes_too_long_is_given_up)
{
        char text[4096];
        int fd = raw_open(&house);
        ck_assert_int_eq(send(fd, "GET /livez HTTP/1.1\r\nX-A: 1\r\n", 29, 0), 29);
        raw_read(fd, text, sizeof(text), 20000); /* the server waits 10 s */
        close(fd);
        ck_assert_msg(!*text || strstr(text, "HTTP/1.1 4"), "%s", text);
        still_serves();
}
END_TEST

/* Each byte comes in time, and all together do not: the server gives a body 30 s. */
START_TEST(a_body_that_drips_is_given_up)
{
        const struct timespec pause = {0, 250000000};
        char text[4096] = "";
        const char head[] = POST "Content-Length: 4000\r\n\r\n";
        int fd = raw_open(&house);
        ck_assert_int_eq(send(fd, head, strlen(head), 0), (ssize_t)strlen(head));
        for (int i = 0; i < 3000 && !*text; i++) {
                send(fd, " ", 1, MSG_NOSIGNAL);
                nanosleep(&pause, NULL);
                raw_read(fd, text, sizeof(text), 0);
        }
        close(fd);
        ck_assert_msg(!strncmp(text, "HTTP/1.1 408 ", 13), "%s", text);
        ck_assert_ptr_nonnull(strstr(text, "\r\nConnection: close\r\n"));
        still_serves();
}
END_TEST

START_TEST(an_upgrade_is_not_taken_up)
{
        char text[4096];
        int status =
            raw_text(&house,
                     "GET /livez HTTP/1.1\r\n" HOST "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                     "Sec-WebSocket-Version: 13\r\n\r\n",
                     text, sizeof(text));
        ck_assert_int_eq(status, 200);
        ck_assert_ptr_nonnull(strstr(text, "{\"status\":\"ok\"}"));
}
END_TEST

START_TEST(random_bytes_do_no_harm)
{
        unsigned state = 12345;
        for (int round = 0; round < 200; round++) {
                unsigned char bytes[512];
                char text[4096];
                for (size_t i = 0; i < sizeof(bytes); i++) {
                        state = state * 1103515245 + 12345;
                        bytes[i] = (unsigned char)(state >> 16);
                }
                memcpy(bytes, "GET /", round % 2 ? 5 : 0);
                for (size_t i = 0; i < 4; i++)
                        bytes[sizeof(bytes) - 4 + i] = (unsigned char)"\r\n\r\n"[i];
                int status = raw(&house, bytes, sizeof(bytes), text, sizeof(text));
                ck_assert_msg(status == 0 || (status >= 400 && status < 500), "%d", status);
        }
        still_serves();
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("bad requests");
        TCase *tc = shared_case(s, start, stop);
        tcase_add_test(tc, every_path_is_answered_by_the_route_table);
        tcase_add_test(tc, a_long_path_like_a_directory_is_no_redirect);
        tcase_add_test(tc, a_request_that_is_no_http_is_refused);
        tcase_add_test(tc, a_nul_byte_is_refused_wherever_it_stands);
        tcase_add_test(tc, a_body_whose_length_is_in_doubt_is_refused);
        tcase_add_test(tc, a_body_that_ends_too_early_is_refused);
        tcase_add_test(tc, a_header_that_counts_may_stand_only_once);
        tcase_add_test(tc, more_headers_than_can_be_seen_are_refused);
        tcase_add_test(tc, a_head_that_does_not_end_is_refused);
        tcase_add_test(tc, pipelined_requests_are_answered_in_their_order);
        tcase_add_test(tc, a_chunked_body_is_read_to_its_end_and_no_further);
        tcase_add_test(tc, a_client_that_waits_for_100_continue_gets_it);
        tcase_add_test(tc, a_refused_client_may_finish_sending_and_still_reads_why);
        tcase_add_test(tc, many_slow_heads_do_not_keep_others_from_being_served);
        tcase_add_test(tc, a_head_that_takes_too_long_is_given_up);
        tcase_add_test(tc, a_body_that_drips_is_given_up);
        tcase_add_test(tc, an_upgrade_is_not_taken_up);
        tcase_add_test(tc, random_bytes_do_no_harm);
        return s;
}
