/* server.c - CivetWeb in front of the simulated world and mail service, and the thread that lets
 * their time pass. */
#include "server.h"

#include <civetweb.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "pacer.h"
#include "resend.h"
#include "sender.h"

#define BODY_MAX       ((size_t)1 << 20)
#define HOLD_MS        2000 /* how long a lost answer keeps the client waiting */
#define SENDER_FULL_MS 50

struct sandbox {
        struct mg_context *web;
        struct sender *sender;
        struct world *world;
        struct resend *resend;
        char *webhook_url;
        char url[40];
        struct pacer pacer;
        pthread_mutex_t lock; /* of the world, of resend, of webhook_url, of stopping */
        pthread_cond_t changed;
        pthread_t clock;
        bool clock_runs;
        bool library_open;
        bool stopping;
};

static vio_time now_of(struct sandbox *s)
{
        return pacer_now(&s->pacer);
}

/* Waits for a change or until @until; VIO_TIME_NONE waits for a change only. The lock is held. */
static void wait_until(struct sandbox *s, vio_time until)
{
        if (until == VIO_TIME_NONE) {
                pthread_cond_wait(&s->changed, &s->lock);
                return;
        }
        struct timespec at = pacer_deadline(&s->pacer, until);
        pthread_cond_timedwait(&s->changed, &s->lock, &at);
}

static int push_delivery(void *data, const struct world_delivery *d)
{
        struct sandbox *s = data;
        return sender_push(s->sender, d) ? VIO_OK : VIO_E_BUSY;
}

static void *pass_time(void *data)
{
        struct sandbox *s = data;
        pthread_mutex_lock(&s->lock);
        while (!s->stopping) {
                vio_time due = world_next_due(s->world);
                vio_time now = now_of(s);
                if (due == VIO_TIME_NONE || due > now)
                        wait_until(s, due);
                else if (world_advance(s->world, now, push_delivery, s) < 0)
                        wait_until(s, now + SENDER_FULL_MS);
        }
        pthread_mutex_unlock(&s->lock);
        return NULL;
}

static void delivered(void *data, uint64_t id, bool ok)
{
        struct sandbox *s = data;
        pthread_mutex_lock(&s->lock);
        world_delivered(s->world, id, ok, now_of(s));
        pthread_cond_broadcast(&s->changed);
        pthread_mutex_unlock(&s->lock);
}

/* The client hears nothing and then the connection closes; the end of the sandbox ends the wait. */
static void lose_answer(struct sandbox *s)
{
        pthread_mutex_lock(&s->lock);
        vio_time until = now_of(s) + HOLD_MS;
        while (!s->stopping && now_of(s) < until)
                wait_until(s, until);
        pthread_mutex_unlock(&s->lock);
}

static const char *reason_phrase(int status)
{
        static const struct {
                int status;
                const char *phrase;
        } phrases[] = {
            {200, "OK"},
            {201, "Created"},
            {400, "Bad Request"},
            {401, "Unauthorized"},
            {403, "Forbidden"},
            {404, "Not Found"},
            {405, "Method Not Allowed"},
            {409, "Conflict"},
            {413, "Content Too Large"},
            {422, "Unprocessable Content"},
            {429, "Too Many Requests"},
        };
        for (size_t i = 0; i < count_of(phrases); i++)
                if (phrases[i].status == status)
                        return phrases[i].phrase;
        return "Internal Server Error";
}

/* One buffer and one write: a header and a body sent apart cost a delayed acknowledgement. */
static void send_answer(struct mg_connection *conn, const struct world_answer *a, const char *body,
                        size_t len)
{
        char limits[160] = "";
        char *whole = NULL;
        if (a->limiter)
                snprintf(limits, sizeof(limits),
                         "X-RateLimit-Limiter: %s\r\nRateLimit-Limit: 1000\r\n"
                         "RateLimit-Remaining: 0\r\nRateLimit-Reset: %d\r\n",
                         a->limiter, a->reset_s);
        int n = asprintf(&whole,
                         "HTTP/1.1 %d %s\r\nContent-Type: application/json; charset=utf-8\r\n"
                         "Content-Length: %zu\r\n%sConnection: close\r\n\r\n%s",
                         a->status, reason_phrase(a->status), len, limits, body);
        if (n < 0)
                return;
        mg_write(conn, whole, (size_t)n);
        free(whole);
}

static void send_error(struct mg_connection *conn, int status, const char *message)
{
        char body[160];
        int n = snprintf(body, sizeof(body), "{\"status\":\"error\",\"message\":\"%s\"}", message);
        send_answer(conn, &(struct world_answer){.status = status}, body, (size_t)n);
}

/*
 * Reads the whole body to the heap; NULL when it is too long or memory is short. When its length
 * is not declared, one byte more than allowed tells that it is too long.
 */
static char *read_body(struct mg_connection *conn, long long declared, size_t *ret_len)
{
        if (declared > (long long)BODY_MAX)
                return NULL;
        size_t room = declared < 0 ? BODY_MAX + 1 : (size_t)declared, len = 0;
        char *body = malloc(room + 1);
        for (int n = 1; body && n > 0 && len<room; len += n> 0 ? (size_t)n : 0)
                n = mg_read(conn, body + len, room - len);
        if (!body || len > BODY_MAX) {
                free(body);
                return NULL;
        }
        *ret_len = len;
        return body;
}

static void answer_request(struct sandbox *s, struct mg_connection *conn,
                           const struct world_request *rq)
{
        struct world_answer a = {0};
        const char *body = "";
        size_t len = 0;
        pthread_mutex_lock(&s->lock);
        int r = world_request(s->world, now_of(s), rq, &a);
        pthread_cond_broadcast(&s->changed);
        pthread_mutex_unlock(&s->lock);
        if (r == VIO_OK)
                r = vio_json_writer_text(a.body, &body, &len);
        if (r < 0)
                send_error(conn, 500, "An unexpected server error occurred.");
        else if (a.lost)
                lose_answer(s);
        else
                send_answer(conn, &a, body, len);
        world_answer_clear(&a);
}

static void take_mail(struct sandbox *s, struct mg_connection *conn, const struct world_request *rq)
{
        _cleanup_writer_ vio_json_writer *w = vio_json_writer_new();
        const struct resend_request mail = {.method = rq->method,
                                            .path = rq->path,
                                            .authorization = rq->authorization,
                                            .user_agent = mg_get_header(conn, "User-Agent"),
                                            .idempotency_key =
                                                mg_get_header(conn, "Idempotency-Key"),
                                            .body = rq->body,
                                            .body_len = rq->body_len};
        const char *text = NULL;
        size_t len = 0;
        pthread_mutex_lock(&s->lock);
        int status = w ? resend_answer(s->resend, &mail, w) : VIO_E_NOMEM;
        pthread_mutex_unlock(&s->lock);
        if (status < 0 || vio_json_writer_text(w, &text, &len) < 0)
                send_error(conn, 500, "An unexpected server error occurred.");
        else
                send_answer(conn, &(struct world_answer){.status = status}, text, len);
}

/* Every request ends here, whatever its path: CivetWeb's own handling of files is never reached. */
static int on_request(struct mg_connection *conn)
{
        const struct mg_request_info *info = mg_get_request_info(conn);
        struct sandbox *s = info->user_data;
        size_t len = 0;
        char *body = read_body(conn, info->content_length, &len);
        if (!body) {
                send_error(conn, 413, "The body is larger than 1 MiB.");
                return 413;
        }
        struct world_request rq = {.method = info->request_method,
                                   .path = info->local_uri ? info->local_uri : "",
                                   .authorization = mg_get_header(conn, "Authorization"),
                                   .body = body,
                                   .body_len = len};
        if (resend_serves(rq.path))
                take_mail(s, conn, &rq);
        else
                answer_request(s, conn, &rq);
        free(body);
        return 200;
}

/* CivetWeb would print. */
static int on_log(const struct mg_connection *conn, const char *message)
{
        (void)conn;
        (void)message;
        return 1;
}

static int listen_on(struct sandbox *s, int port)
{
        struct mg_server_port bound = {0};
        char address[32];
        const struct mg_callbacks callbacks = {.begin_request = on_request, .log_message = on_log};
        snprintf(address, sizeof(address), "127.0.0.1:%d", port);
        const char *options[] = {
            "listening_ports",   address, "num_threads", "16", "request_timeout_ms", "30000",
            "enable_keep_alive", "no",    NULL};
        s->library_open = mg_init_library(0) == 0;
        s->web = mg_start(&callbacks, s, options);
        if (!s->web || mg_get_server_ports(s->web, 1, &bound) != 1)
                return VIO_E_CONFLICT;
        snprintf(s->url, sizeof(s->url), "http://127.0.0.1:%d", bound.port);
        return VIO_OK;
}

static int start_threads(struct sandbox *s, const struct sandbox_options *o)
{
        const struct vio_http_transport *http = o->http;
        int r = http ? VIO_OK : vio_http_default(&http);
        if (r < 0)
                return r;
        s->sender = sender_start(http, &s->pacer, delivered, s);
        if (!s->sender)
                return VIO_E_NOMEM;
        s->clock_runs = pthread_create(&s->clock, NULL, pass_time, s) == 0;
        return s->clock_runs ? listen_on(s, o->port) : VIO_E_NOMEM;
}

/* The program's signals are for its own threads. */
static int start_threads_without_signals(struct sandbox *s, const struct sandbox_options *o)
{
        sigset_t all, before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        int r = start_threads(s, o);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        return r;
}

static void init_lock(struct sandbox *s)
{
        pthread_condattr_t attr;
        pthread_condattr_init(&attr);
        pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
        pthread_mutex_init(&s->lock, NULL);
        pthread_cond_init(&s->changed, &attr);
        pthread_condattr_destroy(&attr);
}

static int create_world(struct sandbox *s, const struct world_options *asked)
{
        struct world_options o = *asked;
        s->webhook_url = o.webhook_url ? strdup(o.webhook_url) : NULL;
        if (o.webhook_url && !s->webhook_url)
                return VIO_E_NOMEM;
        o.webhook_url = s->webhook_url;
        if (!o.seed)
                o.seed = (uint64_t)now_of(s);
        s->world = world_new(&o);
        s->resend = resend_new();
        return s->world && s->resend ? VIO_OK : VIO_E_NOMEM;
}

int sandbox_start(const struct sandbox_options *options, struct sandbox **ret)
{
        struct sandbox *s = calloc(1, sizeof(*s));
        if (!s)
                return VIO_E_NOMEM;
        init_lock(s);
        pacer_start(&s->pacer, options->speed);
        int r = create_world(s, &options->world);
        if (r == VIO_OK)
                r = start_threads_without_signals(s, options);
        if (r < 0) {
                sandbox_stop(s);
                return r;
        }
        *ret = s;
        return VIO_OK;
}

struct sandbox *sandbox_stop(struct sandbox *s)
{
        if (!s)
                return NULL;
        pthread_mutex_lock(&s->lock);
        s->stopping = true;
        pthread_cond_broadcast(&s->changed);
        pthread_mutex_unlock(&s->lock);
        if (s->web)
                mg_stop(s->web);
        if (s->library_open)
                mg_exit_library();
        if (s->clock_runs)
                pthread_join(s->clock, NULL);
        sender_stop(s->sender);
        world_free(s->world);
        resend_free(s->resend);
        pthread_cond_destroy(&s->changed);
        pthread_mutex_destroy(&s->lock);
        free(s->webhook_url);
        free(s);
        return NULL;
}

const char *sandbox_url(const struct sandbox *s)
{
        return s->url;
}

int sandbox_set_webhook_url(struct sandbox *s, const char *url)
{
        char *copy = strdup(url);
        if (!copy)
                return VIO_E_NOMEM;
        pthread_mutex_lock(&s->lock);
        world_send_webhooks_to(s->world, copy);
        free(s->webhook_url);
        s->webhook_url = copy;
        pthread_mutex_unlock(&s->lock);
        return VIO_OK;
}

struct vio_clock sandbox_clock(struct sandbox *s)
{
        return (struct vio_clock){pacer_now, &s->pacer};
}

size_t sandbox_rings(struct sandbox *s, const char *to_number)
{
        pthread_mutex_lock(&s->lock);
        size_t n = world_rings(s->world, to_number, NULL, 0);
        pthread_mutex_unlock(&s->lock);
        return n;
}
