/*
 * server.c - the one door to CivetWeb.
 *
 * No document root, and begin_request answers everything: CivetWeb's own file and directory code,
 * with its overflow in the redirect of directories (CVE-2025-55763), is never reached.
 */
#include "server.h"

#include <civetweb.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "errors.h"
#include "guests.h"
#include "incoming.h"
#include "listener.h"
#include "outgoing.h"
#include "warden.h"

#define KEEP_ALIVE_MS "1000"   /* a thread belongs to its connection: idle ones are let go soon */
#define IDLE_MS       "10000"  /* for the head of a request, and between pieces of its body */
#define BODY_US       30000000 /* for a whole body */
#define DISCARD_US    2000000
#define DISCARD_BYTES (16 * 1024 * 1024)
#define FIRST_BODY    4096
#define LONGEST_URL   64

struct server {
        struct server_options options;
        struct mg_context *context;
        struct guests *guests;
        struct warden *warden;
        atomic_bool started;
        atomic_bool stopping;
        atomic_uint_fast64_t count;
        atomic_uint under_way;
        atomic_uint open; /* connections that have a thread */
        uint64_t seed;
        int port;
        char url[LONGEST_URL];
};

/* Ids that look unlike each other and never repeat: splitmix64 over a counter. */
static void make_id(struct server *s, char ret[REQUEST_ID_SIZE])
{
        uint64_t x = s->seed + atomic_fetch_add(&s->count, 1) * 0x9e3779b97f4a7c15ULL;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
        snprintf(ret, REQUEST_ID_SIZE, "%016llx", (unsigned long long)(x ^ (x >> 31)));
}

/* CivetWeb's view of the head, for the judge who knows nothing of CivetWeb. */
static void take_head(const struct mg_request_info *info, struct incoming *ret)
{
        ret->method = info->request_method ? info->request_method : "";
        ret->target = info->query_string    ? info->query_string
                      : info->local_uri_raw ? info->local_uri_raw
                                            : "";
        ret->version = info->http_version ? info->http_version : "";
        ret->peer = info->remote_addr;
        ret->n = 0;
        for (int i = 0; i < info->num_headers && ret->n < INCOMING_HEADERS; i++, ret->n++) {
                ret->headers[ret->n].name = info->http_headers[i].name;
                ret->headers[ret->n].value = info->http_headers[i].value;
        }
}

/* Takes over what the rest of the program may know. Returns 0, or the status of a refusal. */
static int read_head(struct server *s, const struct mg_request_info *info,
                     const struct incoming *in, struct request *q)
{
        q->path = info->local_uri_raw ? info->local_uri_raw : "";
        q->query = info->query_string ? info->query_string : "";
        q->body = "";
        q->stopping = atomic_load(&s->stopping);
        int status = incoming_read(in, q);
        int strict = incoming_check(in);
        return strict ? strict : status;
}

/* Doubles the room of a body, at most to its limit and one byte more that proves it too large. */
static char *grow(char **body, size_t *size, size_t limit)
{
        size_t larger = *size ? *size * 2 : FIRST_BODY;
        if (larger > limit + 1)
                larger = limit + 1;
        char *moved = realloc(*body, larger + 1);
        if (moved) {
                *body = moved;
                *size = larger;
        }
        return moved;
}

/* Reads until the frame ends. Returns 0, or the status of a refusal. */
static int read_bytes(struct mg_connection *conn, const struct framing *f, size_t limit,
                      char **ret_body, size_t *ret_len)
{
        size_t size = 0;
        size_t len = 0;
        int64_t deadline = monotonic_us() + BODY_US;
        size_t wanted = f->chunked ? limit + 1 : f->length;
        while (len < wanted) {
                if (len == size && !grow(ret_body, &size, wanted))
                        return 503;
                size_t room = (size < wanted ? size : wanted) - len;
                int n = mg_read(conn, *ret_body + len, room);
                if (monotonic_us() > deadline)
                        return 408;
                if (n < 0 || (n == 0 && !f->chunked))
                        return 400; /* the client went away in the middle */
                if (n == 0)
                        break;
                len += (size_t)n;
        }
        if (len > limit)
                return 413;
        if (*ret_body)
                (*ret_body)[len] = '\0';
        *ret_len = len;
        return 0;
}

static bool send_continue(struct mg_connection *conn)
{
        static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
        return mg_write(conn, go_on, sizeof(go_on) - 1) > 0;
}

/* mg_read() returns when all is there or nothing came for a while: a client that drips never ends.
 */
static size_t be_watched(struct server *s, struct mg_connection *conn, int64_t us)
{
        const struct mg_request_info *info = mg_get_request_info(conn);
        return warden_enter(s->warden, info->remote_addr, info->remote_port, monotonic_us() + us);
}

static int read_body(struct server *s, struct mg_connection *conn, const struct incoming *in,
                     struct request *q, char **ret_body)
{
        struct framing f = {0};
        int status = incoming_framing(in, &f);
        if (status)
                return status;
        size_t limit = s->options.body_limit(q->method, q->path);
        if (f.length > limit)
                return 413;
        if (!f.length && !f.chunked)
                return 0;
        if (f.waits && !send_continue(conn))
                return 400;
        size_t place = be_watched(s, conn, BODY_US);
        status = read_bytes(conn, &f, limit, ret_body, &q->body_len);
        warden_leave(s->warden, place);
        if (!status && *ret_body)
                q->body = *ret_body;
        return status;
}

static int write_bytes(void *conn, const void *bytes, size_t len)
{
        return mg_write(conn, bytes, len);
}

/*
 * A thread belongs to its connection. Once most are taken, connections end with their answer, so
 * that those who wait get their turn.
 */
static bool has_room(struct server *s)
{
        return atomic_load(&s->open) <= s->options.threads - s->options.threads / 8;
}

/*
 * Takes in what a refused client is still sending, within reason: closing at once would reset the
 * connection, and the client might never read why.
 */
static void discard_rest(struct server *s, struct mg_connection *conn)
{
        char bytes[4096];
        int64_t left = DISCARD_BYTES;
        int n = 1;
        size_t place = be_watched(s, conn, DISCARD_US);
        while (n > 0 && left > 0) {
                n = mg_read(conn, bytes, sizeof(bytes));
                left -= n;
        }
        warden_leave(s->warden, place);
}

/* CivetWeb closes the connection after this, whatever the client still wants. */
static void send_answer(struct mg_connection *conn, struct outgoing *o, struct response *r)
{
        if (!outgoing_end(o, r))
                mg_disable_connection_keep_alive(conn);
}

static void refuse_request(const struct request *q, struct response *r, int status)
{
        answer_status(r, q->id, status, status_sentence(status));
        r->close = true; /* the rest of the request, if any, is not worth reading */
        if (status == 429)
                r->retry_after = 1;
}

static void serve(struct server *s, struct mg_connection *conn, struct outgoing *o,
                  struct request *q, struct response *r)
{
        const struct mg_request_info *info = mg_get_request_info(conn);
        _cleanup_(free_text) char *body = NULL;
        struct incoming in;
        take_head(info, &in);
        int status = read_head(s, info, &in, q);
        bool welcome = guests_enter(s->guests, q->remote);
        if (!status && !welcome)
                status = 429;
        if (!status)
                status = read_body(s, conn, &in, q, &body);
        r->close = q->stopping;
        outgoing_begin(o, r);
        o->keep = incoming_keeps(&in) && has_room(s);
        o->chunks = incoming_modern(&in);
        if (status)
                refuse_request(q, r, status);
        else
                s->options.answer(s->options.data, q, r);
        send_answer(conn, o, r);
        if (status == 413)
                discard_rest(s, conn);
        if (welcome)
                guests_leave(s->guests, q->remote);
}

static void tell(struct server *s, const struct outgoing *o, const struct response *r,
                 int64_t begun)
{
        struct exchange x = {
            .status = r->status,
            .us = monotonic_us() - begun,
            .bytes = o->bytes,
            .cut = o->failed || (r->begun && r->broken),
        };
        metrics_count(s->options.metrics, o->q, &x);
        log_request(s->options.log, o->q, &x);
}

static int on_request(struct mg_connection *conn)
{
        struct server *s = mg_get_user_context_data(conn);
        int64_t begun = monotonic_us();
        struct request q = {.who = VIO_IDENTITY_INIT};
        struct response r = {0};
        struct outgoing o = {.q = &q, .conn = conn, .write = write_bytes};
        _cleanup_(free_writer) vio_json_writer *writer = vio_json_writer_new();
        make_id(s, q.id);
        r.body = writer;
        if (!writer) {
                mg_disable_connection_keep_alive(conn);
                return 500;
        }
        atomic_fetch_add(&s->under_way, 1);
        serve(s, conn, &o, &q, &r);
        tell(s, &o, &r, begun);
        free(r.raw);
        atomic_fetch_sub(&s->under_way, 1);
        return r.status;
}

/* What CivetWeb itself refuses: a request that is no HTTP, a head too large, one too slow. */
static int on_error(struct mg_connection *conn, int status, const char *message)
{
        (void)message; /* may quote the request */
        struct server *s = mg_get_user_context_data(conn);
        const char *peer = mg_get_request_info(conn)->remote_addr;
        struct request q = {.method = "", .path = "", .query = "", .remote = peer, .body = ""};
        struct response r = {0};
        struct outgoing o = {.q = &q, .conn = conn, .write = write_bytes};
        _cleanup_(free_writer) vio_json_writer *writer = vio_json_writer_new();
        make_id(s, q.id);
        r.body = writer;
        if (!writer)
                return 0;
        refuse_request(&q, &r, status);
        send_answer(conn, &o, &r);
        tell(s, &o, &r, monotonic_us());
        return 0;
}

static int on_open(const struct mg_connection *conn, void **conn_data)
{
        (void)conn_data;
        struct server *s = mg_get_user_context_data(conn);
        atomic_fetch_add(&s->open, 1);
        return 0;
}

static void on_close(const struct mg_connection *conn)
{
        struct server *s = mg_get_user_context_data(conn);
        atomic_fetch_sub(&s->open, 1);
}

/* CivetWeb's own messages matter while it starts; later they are about single connections. */
static int on_message(const struct mg_connection *conn, const char *message)
{
        struct server *s = mg_get_user_context_data(conn);
        if (s && !atomic_load(&s->started))
                log_say(s->options.log, VIO_LOG_ERROR, "listener: %s", message);
        return 1;
}

static int find_port(struct server *s)
{
        struct mg_server_port ports[1];
        memset(ports, 0, sizeof(ports));
        if (mg_get_server_ports(s->context, 1, ports) < 1)
                return VIO_E_INTERNAL;
        s->port = ports[0].port;
        int address_len = (int)(strrchr(s->options.listen, ':') - s->options.listen);
        snprintf(s->url, sizeof(s->url), "http://%.*s:%d", address_len, s->options.listen, s->port);
        return VIO_OK;
}

static int listen_on(struct server *s)
{
        char threads[16];
        snprintf(threads, sizeof(threads), "%u", s->options.threads);
        const char *settings[] = {
            "listening_ports",
            s->options.listen,
            "num_threads",
            threads,
            "enable_keep_alive",
            "yes",
            "keep_alive_timeout_ms",
            KEEP_ALIVE_MS,
            "request_timeout_ms",
            IDLE_MS,
            "decode_url",
            "no",
            "tcp_nodelay",
            "1",
            "listen_backlog",
            "512",
            NULL,
        };
        struct mg_callbacks callbacks = {
            .begin_request = on_request,
            .http_error = on_error,
            .log_message = on_message,
            .init_connection = on_open,
            .connection_close = on_close,
        };
        s->context = mg_start(&callbacks, s, settings);
        return s->context ? VIO_OK : VIO_E_INVALID;
}

int server_start(const struct server_options *options, struct server **ret)
{
        struct server *s = calloc(1, sizeof(*s));
        if (!s)
                return VIO_E_NOMEM;
        s->options = *options;
        mg_init_library(MG_FEATURES_DEFAULT);
        s->guests = guests_new(options->threads, options->per_address);
        s->warden = warden_new(options->threads);
        int e = s->guests && s->warden ? VIO_OK : VIO_E_NOMEM;
        if (e == VIO_OK && getrandom(&s->seed, sizeof(s->seed), 0) != sizeof(s->seed))
                e = VIO_E_INTERNAL;
        if (e == VIO_OK)
                e = listen_on(s);
        if (e == VIO_OK)
                e = find_port(s);
        if (e < 0) {
                snprintf(
                    options->error, options->error_size,
                    "cannot listen on %s: the port is taken, or the address is not this machine's",
                    options->listen);
                server_stop(s);
                return e;
        }
        atomic_store(&s->started, true);
        *ret = s;
        return VIO_OK;
}

const char *server_url(const struct server *s)
{
        return s->url;
}

void server_shut(struct server *s)
{
        atomic_store(&s->stopping, true);
        listener_shut(s->port);
}

void server_look(struct server *s)
{
        warden_look(s->warden, s->port, monotonic_us());
}

unsigned server_connections(const struct server *s)
{
        return atomic_load(&s->open);
}

unsigned server_requests(const struct server *s)
{
        return atomic_load(&s->under_way);
}

bool server_busy(const struct server *s)
{
        return atomic_load(&s->under_way) > 0 || listener_busy(s->port);
}

void server_stop(struct server *s)
{
        if (!s)
                return;
        if (s->context)
                mg_stop(s->context);
        guests_free(s->guests);
        warden_free(s->warden);
        mg_exit_library();
        free(s);
}
