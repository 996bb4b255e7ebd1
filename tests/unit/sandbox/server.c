/* server.c - the sandbox over real HTTP: a client asks it, a receiver gets its webhooks. */
#include "server.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vio/json.h>
#include <vio/retell.h>

#include "run.h"

#define CREATE  "POST /v2/create-phone-call"
#define NUMBERS "\"from_number\":\"+14155550100\",\"to_number\":\"+1415555"
#define KEY     "key_clinic"

/* A receiver of webhooks: the sandbox's transport delivers straight into it. */
struct receiver {
        pthread_mutex_t lock;
        pthread_cond_t changed;
        char events[8192]; /* names as they arrived, each with a blank behind it */
        size_t n;
        size_t unsigned_ones;
        size_t waiting;
        int status;
        bool slow; /* hold every call_started until this ends */
};

static struct receiver receiver;
static struct sandbox *sandbox;

/* Whether a webhook is signed by the key, at the time the signature says. */
static bool is_signed(const struct vio_http_request *rq)
{
        char expected[VIO_RETELL_SIGNATURE];
        for (size_t i = 0; i < rq->n_headers; i++) {
                if (strcmp(rq->headers[i].name, "X-Retell-Signature"))
                        continue;
                vio_time t = strtoll(rq->headers[i].value + 2, NULL, 10);
                ck_assert_int_eq(vio_retell_sign(KEY, rq->body, rq->body_len, t, expected), VIO_OK);
                return !strcmp(expected, rq->headers[i].value);
        }
        return false;
}

static void note_event(struct receiver *r, const struct vio_http_request *rq)
{
        vio_json *body = NULL;
        ck_assert_int_eq(vio_json_parse(rq->body, rq->body_len, &body), VIO_OK);
        strcat(r->events, vio_json_text(vio_json_get(body, "event")));
        strcat(r->events, " ");
        vio_json_free(body);
}

static void receive(void *data, const struct vio_http_request *requests,
                    struct vio_http_response *const *responses, size_t n)
{
        struct receiver *r = data;
        ck_assert_uint_eq(n, 1);
        pthread_mutex_lock(&r->lock);
        r->waiting++;
        pthread_cond_broadcast(&r->changed);
        bool started = memmem(requests->body, requests->body_len, "call_started", 12);
        while (started && r->slow)
                pthread_cond_wait(&r->changed, &r->lock);
        r->waiting--;
        r->n++;
        r->unsigned_ones += !is_signed(requests);
        note_event(r, requests);
        vio_http_response_status(responses[0], r->status);
        pthread_cond_broadcast(&r->changed);
        pthread_mutex_unlock(&r->lock);
}

static const struct vio_http_transport transport = {receive, &receiver};

static void arrive(void)
{
        receiver = (struct receiver){
            .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER, .status = 204};
        struct sandbox_options options = {
            .http = &transport, .world = {.speed = 1000, .webhook_url = "http://127.0.0.1:9/hook"}};
        ck_assert_int_eq(sandbox_start(&options, &sandbox), VIO_OK);
}

static void leave(void)
{
        sandbox = sandbox_stop(sandbox);
}

/* Until so many webhooks have arrived. */
static void await_webhooks(size_t n)
{
        pthread_mutex_lock(&receiver.lock);
        while (receiver.n < n)
                pthread_cond_wait(&receiver.changed, &receiver.lock);
        pthread_mutex_unlock(&receiver.lock);
}

/* A real request. The caller frees the response. */
static struct vio_http_response *ask(const char *method_and_path, const char *body)
{
        const struct vio_http_transport *http;
        const struct vio_http_header headers[] = {{"Authorization", "Bearer " KEY},
                                                  {"Content-Type", "application/json"}};
        char url[160], method[8];
        snprintf(method, sizeof(method), "%.*s", (int)strcspn(method_and_path, " "),
                 method_and_path);
        snprintf(url, sizeof(url), "%s%s", sandbox_url(sandbox), strchr(method_and_path, ' ') + 1);
        struct vio_http_request rq = {.size = sizeof(rq),
                                      .method = method,
                                      .url = url,
                                      .headers = headers,
                                      .n_headers = 2,
                                      .body = body,
                                      .body_len = body ? strlen(body) : 0,
                                      .timeout_ms = 30000};
        struct vio_http_response *response = vio_http_response_new();
        ck_assert_int_eq(vio_http_default(&http), VIO_OK);
        http->perform(http->data, &rq, &response, 1);
        return response;
}

static void expect_status(const char *method_and_path, const char *body, int status)
{
        struct vio_http_response *r = ask(method_and_path, body);
        ck_assert_msg(vio_http_response_get_status(r) == status, "%s: %d %s", method_and_path,
                      vio_http_response_get_status(r), vio_http_response_get_body(r, NULL));
        vio_http_response_free(r);
}

START_TEST(a_call_is_placed_and_its_signed_webhooks_arrive)
{
        expect_status(CREATE, "{" NUMBERS "0001\"}", 201);
        await_webhooks(3);
        ck_assert(strstr(receiver.events, "call_started "));
        ck_assert(strstr(receiver.events, "call_ended "));
        ck_assert(strstr(receiver.events, "call_analyzed "));
        ck_assert_uint_eq(receiver.unsigned_ones, 0);
        ck_assert_uint_eq(sandbox_rings(sandbox, "+14155550001"), 1);
}
END_TEST

START_TEST(an_answer_is_json_of_declared_length_on_a_connection_that_closes)
{
        size_t len = 0;
        struct vio_http_response *r = ask(CREATE, "{" NUMBERS "0001\"}");
        const char *body = vio_http_response_get_body(r, &len);
        vio_json *json = NULL;
        ck_assert_int_eq(vio_json_parse(body, len, &json), VIO_OK);
        ck_assert_int_eq((int)len, atoi(vio_http_response_get_header(r, "Content-Length")));
        ck_assert(strstr(vio_http_response_get_header(r, "Content-Type"), "application/json"));
        ck_assert_str_eq(vio_http_response_get_header(r, "Connection"), "close");
        vio_json_free(json);
        vio_http_response_free(r);
}
END_TEST

START_TEST(the_world_is_reached_by_its_paths_only)
{
        expect_status("GET /get-api-key-info", NULL, 200);
        expect_status("GET /get-concurrency?x=1", NULL, 200);
        expect_status("POST /v3/list-calls", "{}", 200);
        expect_status("GET /v2/get-call/call_1", NULL, 422);
        expect_status(CREATE, "{}", 400);
        expect_status("GET /", NULL, 404);
        expect_status("GET /etc/", NULL, 404);
        expect_status("GET //%2e%2e/%2e%2e/etc/passwd", NULL, 404);
        expect_status("DELETE /v2/get-call/call_1", NULL, 404);
}
END_TEST

START_TEST(a_lost_answer_may_have_placed_the_call_and_did)
{
        struct vio_http_response *r = ask(CREATE, "{" NUMBERS "0012\"}");
        ck_assert_int_eq(vio_http_response_get_failure(r), VIO_HTTP_MAYBE_SENT);
        vio_http_response_free(r);
        ck_assert_uint_eq(sandbox_rings(sandbox, "+14155550012"), 1);
        await_webhooks(3);
}
END_TEST

START_TEST(a_throttled_request_is_told_when_to_come_back)
{
        struct vio_http_response *r = ask(CREATE, "{" NUMBERS "0014\"}");
        ck_assert_int_eq(vio_http_response_get_status(r), 429);
        ck_assert_str_eq(vio_http_response_get_header(r, "RateLimit-Reset"), "1");
        ck_assert_str_eq(vio_http_response_get_header(r, "X-RateLimit-Limiter"), "call");
        vio_http_response_free(r);
        expect_status(CREATE, "{" NUMBERS "0014\"}", 201);
}
END_TEST

START_TEST(a_body_over_a_mebibyte_is_refused)
{
        size_t len = ((size_t)1 << 20) + 1;
        char *body = malloc(len + 1);
        ck_assert_ptr_nonnull(body);
        memset(body, ' ', len);
        body[len] = '\0';
        expect_status(CREATE, body, 413);
        body[len - 1] = '\0';
        expect_status(CREATE, body, 400);
        free(body);
}
END_TEST

START_TEST(an_unacknowledged_webhook_comes_three_times)
{
        receiver.status = 500;
        expect_status(CREATE, "{" NUMBERS "0005\"}", 201);
        await_webhooks(6);
        leave();
        ck_assert_uint_eq(receiver.n, 6);
}
END_TEST

START_TEST(a_slow_receiver_does_not_hold_up_other_webhooks)
{
        receiver.slow = true;
        expect_status(CREATE, "{" NUMBERS "0001\"}", 201);
        expect_status(CREATE, "{" NUMBERS "0101\"}", 201);
        await_webhooks(4);
        pthread_mutex_lock(&receiver.lock);
        ck_assert_uint_eq(receiver.waiting, 2);
        receiver.slow = false;
        pthread_cond_broadcast(&receiver.changed);
        pthread_mutex_unlock(&receiver.lock);
        await_webhooks(6);
}
END_TEST

START_TEST(more_webhooks_than_the_queue_holds_all_arrive)
{
        struct sandbox_options options = {
            .http = &transport,
            .world = {.speed = 1000, .concurrency = 1000, .webhook_url = "http://127.0.0.1:9/"}};
        leave();
        receiver.slow = true;
        ck_assert_int_eq(sandbox_start(&options, &sandbox), VIO_OK);
        for (int i = 0; i < 100; i++)
                expect_status(CREATE, "{" NUMBERS "0001\"}", 201);
        pthread_mutex_lock(&receiver.lock);
        receiver.slow = false;
        pthread_cond_broadcast(&receiver.changed);
        pthread_mutex_unlock(&receiver.lock);
        await_webhooks(300);
        ck_assert_uint_eq(receiver.unsigned_ones, 0);
}
END_TEST

START_TEST(the_sandbox_stops_while_calls_run)
{
        struct sandbox_options options = {.http = &transport};
        leave();
        ck_assert_int_eq(sandbox_start(&options, &sandbox), VIO_OK);
        expect_status(CREATE, "{" NUMBERS "0001\"}", 201);
        leave();
        ck_assert_uint_eq(receiver.n, 0);
}
END_TEST

START_TEST(two_sandboxes_cannot_share_a_port)
{
        struct sandbox *other = NULL;
        struct sandbox_options options = {.port = atoi(strrchr(sandbox_url(sandbox), ':') + 1),
                                          .http = &transport};
        ck_assert_int_eq(sandbox_start(&options, &other), VIO_E_CONFLICT);
        ck_assert_ptr_null(other);
        options.port = 0;
        ck_assert_int_eq(sandbox_start(&options, &other), VIO_OK);
        ck_assert_str_ne(sandbox_url(sandbox), sandbox_url(other));
        sandbox_stop(other);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("the sandbox over HTTP");
        add_fixture_case(s, a_call_is_placed_and_its_signed_webhooks_arrive, arrive, leave);
        add_fixture_case(s, an_answer_is_json_of_declared_length_on_a_connection_that_closes,
                         arrive, leave);
        add_fixture_case(s, the_world_is_reached_by_its_paths_only, arrive, leave);
        add_fixture_case(s, a_lost_answer_may_have_placed_the_call_and_did, arrive, leave);
        add_fixture_case(s, a_throttled_request_is_told_when_to_come_back, arrive, leave);
        add_fixture_case(s, a_body_over_a_mebibyte_is_refused, arrive, leave);
        add_fixture_case(s, an_unacknowledged_webhook_comes_three_times, arrive, leave);
        add_fixture_case(s, a_slow_receiver_does_not_hold_up_other_webhooks, arrive, leave);
        add_fixture_case(s, more_webhooks_than_the_queue_holds_all_arrive, arrive, leave);
        add_fixture_case(s, the_sandbox_stops_while_calls_run, arrive, leave);
        add_fixture_case(s, two_sandboxes_cannot_share_a_port, arrive, leave);
        return s;
}
