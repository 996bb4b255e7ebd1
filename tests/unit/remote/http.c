/* http.c - the default transport against a server that misbehaves over a real socket. */
#include <vio/http.h>

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "run.h"
#include "tiny_server.h"

static struct tiny_server *server;
static char url[128];

static void set_up(void)
{
        server = tiny_start();
        snprintf(url, sizeof(url), "%s/path", tiny_url(server));
}

static void tear_down(void)
{
        tiny_stop(server);
}

static struct vio_http_response *perform(const struct vio_http_request *request)
{
        const struct vio_http_transport *t;
        ck_assert_int_eq(vio_http_default(&t), 0);
        struct vio_http_response *r = vio_http_response_new();
        t->perform(t->data, request, &r, 1);
        return r;
}

static struct vio_http_request get(const char *where)
{
        return (struct vio_http_request){.size = sizeof(struct vio_http_request),
                                         .method = "GET",
                                         .url = where,
                                         .timeout_ms = 10000};
}

static struct vio_http_request post(const char *where)
{
        struct vio_http_request r = get(where);
        r.method = "POST";
        r.body = "{\"a\":1}";
        r.body_len = 7;
        return r;
}

#define script(...)                                                                                \
        tiny_script(server, (struct tiny_step[]){__VA_ARGS__},                                     \
                    count_of(((struct tiny_step[]){__VA_ARGS__})))

static void must_end(const struct vio_http_request *request, enum vio_http_failure failure)
{
        struct vio_http_response *r = perform(request);
        ck_assert_int_eq(vio_http_response_get_failure(r), failure);
        ck_assert_int_eq(vio_http_response_get_status(r) == 0, failure != VIO_HTTP_ANSWERED);
        ck_assert_int_eq(*vio_http_response_get_why(r) == '\0', failure == VIO_HTTP_ANSWERED);
        if (failure)
                ck_assert_str_eq(vio_http_response_get_body(r, NULL), "");
        vio_http_response_free(r);
}

START_TEST(an_answer_arrives_with_its_status_headers_and_body)
{
        script(
            {.status = 201, .headers = "X-Seen:  yes \r\nx-seen: no\r\nEmpty:\r\n", .body = "hi"});
        struct vio_http_request request = get(url);
        struct vio_http_response *r = perform(&request);
        size_t len = 0;
        ck_assert_int_eq(vio_http_response_get_failure(r), VIO_HTTP_ANSWERED);
        ck_assert_int_eq(vio_http_response_get_status(r), 201);
        ck_assert_str_eq(vio_http_response_get_body(r, &len), "hi");
        ck_assert_uint_eq(len, 2);
        ck_assert_str_eq(vio_http_response_get_header(r, "X-SEEN"), "yes");
        ck_assert_str_eq(vio_http_response_get_header(r, "empty"), "");
        ck_assert_ptr_null(vio_http_response_get_header(r, "absent"));
        vio_http_response_free(r);
}
END_TEST

START_TEST(a_request_goes_out_as_it_was_given_and_with_nothing_else)
{
        script({.status = 204});
        struct vio_http_header headers[] = {
            {"Authorization", "Bearer k"}, {"Content-Type", "application/json"}, {"X-Empty", ""}};
        struct vio_http_request request = post(url);
        request.headers = headers;
        request.n_headers = count_of(headers);
        must_end(&request, VIO_HTTP_ANSWERED);

        char expected[512];
        snprintf(expected, sizeof(expected),
                 "POST /path HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: */*\r\n"
                 "Authorization: Bearer k\r\nContent-Type: application/json\r\nX-Empty:\r\n"
                 "User-Agent: vio/%s\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
                 tiny_port(server), vio_version());
        ck_assert_str_eq(tiny_request(server, 0), expected);
}
END_TEST

START_TEST(a_post_without_a_body_says_that_it_is_empty)
{
        struct vio_http_request request = post(url);
        request.body = NULL;
        must_end(&request, VIO_HTTP_ANSWERED);
        ck_assert_ptr_nonnull(strstr(tiny_request(server, 0), "\r\nContent-Length: 0\r\n"));
        ck_assert_ptr_null(strstr(tiny_request(server, 0), "Content-Type"));
}
END_TEST

START_TEST(a_body_with_zero_bytes_is_sent_whole)
{
        static char big[20000];
        memset(big, 'b', sizeof(big));
        struct vio_http_request request = post(url);
        request.body = big;
        request.body_len = sizeof(big);
        must_end(&request, VIO_HTTP_ANSWERED);
        const char *sent = tiny_request(server, 0);
        ck_assert_uint_eq(strlen(strstr(sent, "\r\n\r\n") + 4), sizeof(big));
        ck_assert_ptr_null(strstr(sent, "Expect"));
}
END_TEST

START_TEST(a_redirect_is_an_answer_and_is_not_followed)
{
        script({.status = 307, .headers = "Location: /elsewhere\r\n"}, {.status = 200});
        struct vio_http_request request = post(url);
        struct vio_http_response *r = perform(&request);
        ck_assert_int_eq(vio_http_response_get_status(r), 307);
        ck_assert_uint_eq(tiny_count(server, ""), 1);
        vio_http_response_free(r);
}
END_TEST

START_TEST(an_interim_answer_is_not_the_answer)
{
        script({.raw = "HTTP/1.1 103 Early Hints\r\nRetry-After: 1\r\n\r\n"
                       "HTTP/1.1 429 Slow\r\nContent-Length: 1\r\nRetry-After: 2\r\n\r\nx"});
        struct vio_http_request request = post(url);
        struct vio_http_response *r = perform(&request);
        ck_assert_int_eq(vio_http_response_get_status(r), 429);
        ck_assert_str_eq(vio_http_response_get_header(r, "Retry-After"), "2");
        vio_http_response_free(r);
}
END_TEST

/* What cannot have reached the server. */
static const struct {
        const char *why;
        const char *url; /* %d becomes a port */
        bool listens;
        enum tiny_act act;
} unsent[] = {
    {"nobody listens", "http://127.0.0.1:%d/", false, 0},
    {"nobody listens for TLS", "https://127.0.0.1:%d/", false, 0},
    {"the server hangs up on TLS", "https://127.0.0.1:%d/", true, TINY_CLOSE_UNREAD},
    {"the server never answers to TLS", "https://127.0.0.1:%d/", true, TINY_HANG},
    {"there is no such host", "http://no-such-host.invalid:%d/", true, 0},
    {"the scheme is not ours", "ftp://127.0.0.1:%d/", true, 0},
    {"a file is no server", "file:///etc/passwd?%d", true, 0},
    {"the URL has no host", "http://:%d/", true, 0},
    {"the URL is two lines", "http://127.0.0.1:%d/\r\nX: y", true, 0},
};

START_TEST(what_cannot_have_been_sent_is_said_to_be_not_sent)
{
        char where[128];
        int port = unsent[_i].listens ? tiny_port(server) : tiny_dead_port();
        script({.act = unsent[_i].act});
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(where, sizeof(where), unsent[_i].url, port);
#pragma GCC diagnostic pop
        struct vio_http_request request = post(where);
        request.timeout_ms = 300; /* without a network, looking up a name may take for ever */
        must_end(&request, VIO_HTTP_NOT_SENT);
        ck_assert_uint_eq(tiny_count(server, "POST"), 0);
}
END_TEST

START_TEST(a_malformed_request_is_not_sent)
{
        struct vio_http_header headers[] = {{"X: y\r\nZ", "v"}, {"X", "v\r\nZ: w"}, {"", "v"}};
        for (size_t i = 0; i < count_of(headers); i++) {
                struct vio_http_request request = post(url);
                request.headers = &headers[i];
                request.n_headers = 1;
                must_end(&request, VIO_HTTP_NOT_SENT);
        }
        struct vio_http_request request = post(url);
        request.method = "POST /other HTTP/1.1\r\n";
        must_end(&request, VIO_HTTP_NOT_SENT);
        request = post(url);
        request.timeout_ms = 0;
        must_end(&request, VIO_HTTP_NOT_SENT);
        ck_assert_uint_eq(tiny_connections(server), 0);
}
END_TEST

/* What may have reached the server, though no whole answer came. */
static const struct {
        const char *why;
        struct tiny_step step;
        int timeout_ms;
} maybe_sent[] = {
    {"reset before the request was read", {.act = TINY_CLOSE_UNREAD}, 10000},
    {"closed after the request was read", {.act = TINY_CLOSE_READ}, 10000},
    {"reset after the request was read", {.act = TINY_RESET_READ}, 10000},
    {"silence", {.act = TINY_HANG}, 200},
    {"half a header", {.act = TINY_HALF_HEADER}, 10000},
    {"half a body", {.act = TINY_HALF_BODY, .body = "0123456789"}, 10000},
    {"half a body, then silence", {.act = TINY_HALF_THEN_HANG, .body = "0123456789"}, 200},
    {"an answer that drips", {.drip_ms = 20, .fill = 1000}, 200},
    {"an answer of 10 MiB", {.fill = (size_t)10 << 20}, 30000},
    {"no HTTP at all", {.raw = "220 mail.example ready\r\n"}, 10000},
    {"an impossible status", {.raw = "HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n"}, 10000},
    {"only an interim answer", {.raw = "HTTP/1.1 100 Continue\r\n\r\n"}, 10000},
};

START_TEST(without_a_whole_answer_the_request_may_have_been_sent)
{
        tiny_script(server, &maybe_sent[_i].step, 1);
        struct vio_http_request request = post(url);
        request.timeout_ms = maybe_sent[_i].timeout_ms;
        must_end(&request, VIO_HTTP_MAYBE_SENT);
        ck_assert_uint_eq(tiny_count(server, ""), 1);
}
END_TEST

START_TEST(a_body_of_just_eight_mebibytes_is_taken)
{
        script({.fill = (size_t)8 << 20});
        struct vio_http_request request = get(url);
        struct vio_http_response *r = perform(&request);
        size_t len = 0;
        vio_http_response_get_body(r, &len);
        ck_assert_uint_eq(len, (size_t)8 << 20);
        vio_http_response_free(r);
}
END_TEST

START_TEST(endless_headers_are_cut_off)
{
        static char raw[200000] = "HTTP/1.1 200 OK\r\n";
        for (size_t len = strlen(raw); len + 64 < sizeof(raw); len = strlen(raw + len) + len)
                snprintf(raw + len, 64, "X-Padding: 0123456789012345678901234567890\r\n");
        strcat(raw, "\r\n");
        script({.raw = raw});
        struct vio_http_request request = get(url);
        must_end(&request, VIO_HTTP_MAYBE_SENT);
}
END_TEST

START_TEST(questions_share_a_connection)
{
        struct vio_http_request request = get(url);
        for (int i = 0; i < 5; i++)
                must_end(&request, VIO_HTTP_ANSWERED);
        ck_assert_uint_eq(tiny_connections(server), 1);
}
END_TEST

START_TEST(a_question_survives_a_connection_that_died_between_requests)
{
        script({.close = true});
        struct vio_http_request request = get(url);
        for (int i = 0; i < 3; i++)
                must_end(&request, VIO_HTTP_ANSWERED);
        ck_assert_uint_eq(tiny_connections(server), 3);
}
END_TEST

/* The danger is a POST on a connection that a question left open: see set_method(). */
START_TEST(a_post_is_never_sent_twice)
{
        enum tiny_act acts[] = {TINY_CLOSE_UNREAD, TINY_CLOSE_READ, TINY_RESET_READ};
        struct vio_http_request question = get(url);
        struct vio_http_request order = post(url);
        script({.status = 200}, {.act = acts[_i]}, {.status = 200});
        must_end(&question, VIO_HTTP_ANSWERED);
        must_end(&order, VIO_HTTP_MAYBE_SENT);
        ck_assert_uint_eq(tiny_count(server, ""), 2);
}
END_TEST

START_TEST(a_batch_is_performed_at_once)
{
        enum { N = 16 };
        struct vio_http_request requests[N];
        struct vio_http_response *responses[N];
        for (int i = 0; i < N; i++) {
                requests[i] = post(url);
                responses[i] = vio_http_response_new();
        }
        script({.gather = N});
        const struct vio_http_transport *t;
        ck_assert_int_eq(vio_http_default(&t), 0);
        t->perform(t->data, requests, responses, N);
        for (int i = 0; i < N; i++) {
                ck_assert_int_eq(vio_http_response_get_status(responses[i]), 200);
                vio_http_response_free(responses[i]);
        }
        ck_assert_uint_eq(tiny_most_at_once(server), N);
}
END_TEST

START_TEST(a_big_batch_keeps_to_sixteen_connections)
{
        enum { N = 60 };
        static struct vio_http_request requests[N];
        static struct vio_http_response *responses[N];
        for (int i = 0; i < N; i++) {
                requests[i] = get(url);
                responses[i] = vio_http_response_new();
        }
        script({.gather = 16});
        const struct vio_http_transport *t;
        ck_assert_int_eq(vio_http_default(&t), 0);
        t->perform(t->data, requests, responses, N);
        for (int i = 0; i < N; i++) {
                ck_assert_int_eq(vio_http_response_get_status(responses[i]), 200);
                vio_http_response_free(responses[i]);
        }
        ck_assert_uint_eq(tiny_count(server, ""), N);
        ck_assert_uint_eq(tiny_connections(server), 16);
}
END_TEST

START_TEST(each_request_of_a_batch_has_its_own_deadline_and_its_own_end)
{
        char dead[64];
        snprintf(dead, sizeof(dead), "http://127.0.0.1:%d/", tiny_dead_port());
        script({.act = TINY_HANG});
        struct tiny_server *good = tiny_start();
        struct vio_http_request requests[] = {post(url), post(dead), get(tiny_url(good))};
        requests[0].timeout_ms = 150;
        struct vio_http_response *responses[3];
        for (int i = 0; i < 3; i++)
                responses[i] = vio_http_response_new();
        const struct vio_http_transport *t;
        ck_assert_int_eq(vio_http_default(&t), 0);
        t->perform(t->data, requests, responses, 3);
        ck_assert_int_eq(vio_http_response_get_failure(responses[0]), VIO_HTTP_MAYBE_SENT);
        ck_assert_int_eq(vio_http_response_get_failure(responses[1]), VIO_HTTP_NOT_SENT);
        ck_assert_int_eq(vio_http_response_get_failure(responses[2]), VIO_HTTP_ANSWERED);
        for (int i = 0; i < 3; i++)
                vio_http_response_free(responses[i]);
        tiny_stop(good);
}
END_TEST

START_TEST(an_empty_batch_is_nothing)
{
        const struct vio_http_transport *t;
        ck_assert_int_eq(vio_http_default(&t), 0);
        t->perform(t->data, NULL, NULL, 0);
}
END_TEST

static void *ask_ten_times(void *data)
{
        for (int i = 0; i < 10; i++) {
                struct vio_http_request request = i % 2 ? get(url) : post(url);
                must_end(&request, VIO_HTTP_ANSWERED);
        }
        return data;
}

START_TEST(many_threads_use_it_at_once)
{
        pthread_t threads[12];
        for (size_t i = 0; i < count_of(threads); i++)
                ck_assert_int_eq(pthread_create(&threads[i], NULL, ask_ten_times, NULL), 0);
        for (size_t i = 0; i < count_of(threads); i++)
                pthread_join(threads[i], NULL);
        ck_assert_uint_eq(tiny_count(server, "GET"), 60);
        ck_assert_uint_eq(tiny_count(server, "POST"), 60);
}
END_TEST

START_TEST(a_proxy_in_the_environment_is_ignored)
{
        setenv("http_proxy", "http://127.0.0.1:1", 1);
        setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
        struct vio_http_request request = get(url);
        must_end(&request, VIO_HTTP_ANSWERED);
}
END_TEST

START_TEST(signals_are_as_they_were)
{
        sigset_t before;
        sigset_t after;
        pthread_sigmask(SIG_BLOCK, NULL, &before);
        struct vio_http_request request = get(url);
        must_end(&request, VIO_HTTP_ANSWERED);
        pthread_sigmask(SIG_BLOCK, NULL, &after);
        ck_assert_int_eq(sigismember(&before, SIGPIPE), 0);
        ck_assert_int_eq(sigismember(&after, SIGPIPE), 0);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("http");
        add_fixture_case(s, an_answer_arrives_with_its_status_headers_and_body, set_up, tear_down);
        add_fixture_case(s, a_request_goes_out_as_it_was_given_and_with_nothing_else, set_up,
                         tear_down);
        add_fixture_case(s, a_post_without_a_body_says_that_it_is_empty, set_up, tear_down);
        add_fixture_case(s, a_body_with_zero_bytes_is_sent_whole, set_up, tear_down);
        add_fixture_case(s, a_redirect_is_an_answer_and_is_not_followed, set_up, tear_down);
        add_fixture_case(s, an_interim_answer_is_not_the_answer, set_up, tear_down);
        add_fixture_case(s, a_malformed_request_is_not_sent, set_up, tear_down);
        add_fixture_case(s, a_body_of_just_eight_mebibytes_is_taken, set_up, tear_down);
        add_fixture_case(s, endless_headers_are_cut_off, set_up, tear_down);
        add_fixture_case(s, questions_share_a_connection, set_up, tear_down);
        add_fixture_case(s, a_question_survives_a_connection_that_died_between_requests, set_up,
                         tear_down);
        add_fixture_case(s, a_batch_is_performed_at_once, set_up, tear_down);
        add_fixture_case(s, a_big_batch_keeps_to_sixteen_connections, set_up, tear_down);
        add_fixture_case(s, each_request_of_a_batch_has_its_own_deadline_and_its_own_end, set_up,
                         tear_down);
        add_fixture_case(s, an_empty_batch_is_nothing, set_up, tear_down);
        add_fixture_case(s, many_threads_use_it_at_once, set_up, tear_down);
        add_fixture_case(s, a_proxy_in_the_environment_is_ignored, set_up, tear_down);
        add_fixture_case(s, signals_are_as_they_were, set_up, tear_down);

        TCase *rows = tcase_create("rows");
        tcase_add_checked_fixture(rows, set_up, tear_down);
        tcase_set_timeout(rows, 60);
        tcase_add_loop_test(rows, what_cannot_have_been_sent_is_said_to_be_not_sent, 0,
                            (int)count_of(unsent));
        tcase_add_loop_test(rows, without_a_whole_answer_the_request_may_have_been_sent, 0,
                            (int)count_of(maybe_sent));
        tcase_add_loop_test(rows, a_post_is_never_sent_twice, 0, 3);
        suite_add_tcase(s, rows);
        return s;
}
