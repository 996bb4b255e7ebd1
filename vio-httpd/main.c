/* main.c - starts the parts in order, waits for a signal, stops them in order. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "engine.h"
#include "errors.h"
#include "metrics.h"
#include "options.h"
#include "routes.h"
#include "sandbox/server.h"
#include "server.h"

#define WEBHOOK_PATH "/api/retell/webhook"
#define EXIT_USAGE   2

/* One for Prometheus, one for a person who looks at the same time, two for who forgets to hang up.
 */
#define METRICS_THREADS 4

/* After the signal to stop, requests get 20 s to end; 200 ms without any means there are none. */
#define DRAIN_TICK_NS 20000000
#define DRAIN_TICKS   1000
#define QUIET_TICKS   10

struct program {
        struct options options;
        struct log log;
        struct engine *engine;
        struct sandbox *sandbox;
        struct app app;
        struct metrics *metrics;
        struct server *server;
        struct server *watched; /* the door of Prometheus; NULL when it has none */
};

static int fail(const struct program *p, const char *what, const char *why)
{
        log_say(&p->log, VIO_LOG_ERROR, "%s: %s", what, why);
        return -1;
}

static int start_sandbox(struct program *p)
{
        struct sandbox_options options = {
            .port = p->options.sandbox_port,
            .speed = p->options.sandbox_speed,
        };
        if (!p->options.sandbox)
                return 0;
        int e = sandbox_start(&options, &p->sandbox);
        return e < 0 ? fail(p, "cannot start the sandbox", vio_strerror(e)) : 0;
}

/* A secret is made together with its database only: a new one could not open the old seals. */
static int load_secret(const struct program *p, uint8_t ret[VIO_SECRET_SIZE])
{
        struct stat st;
        char path[4096];
        const char *file = p->options.secret_file;
        if (!file) {
                snprintf(path, sizeof(path), "%s.secret", p->options.db);
                file = path;
        }
        bool create = stat(p->options.db, &st) < 0 && errno == ENOENT;
        int e = vio_secret_load(file, create, ret);
        return e < 0 ? fail(p, file, vio_strerror(e)) : 0;
}

/* The sandbox takes the mails too, so that none is really sent. */
static void choose_mail_service(const struct program *p, struct vio_options *options)
{
        options->resend_url = p->sandbox ? sandbox_url(p->sandbox) : NULL;
        options->resend_api_key = p->sandbox ? "re_sandbox" : p->options.resend_api_key;
        options->resend_webhook_secret = p->options.resend_webhook_secret;
        options->mail_from = p->options.mail_from;
}

/* The sandbox has no calendars, but who asks it for one has at least asked nobody outside. */
static void choose_calendars(const struct program *p, struct vio_options *options)
{
        options->cal_com_url = p->sandbox ? sandbox_url(p->sandbox) : NULL;
        options->calendly_url = options->cal_com_url;
}

static int open_system(struct program *p)
{
        char error[256] = "";
        uint8_t secret[VIO_SECRET_SIZE];
        struct vio_options options = VIO_OPTIONS_INIT;
        if (load_secret(p, secret) < 0)
                return -1;
        options.database = p->options.db;
        options.secret = secret;
        options.secret_len = sizeof(secret);
        options.jwt_secret = p->options.jwt_secret;
        options.retell_url = p->sandbox ? sandbox_url(p->sandbox) : p->options.retell_url;
        choose_mail_service(p, &options);
        choose_calendars(p, &options);
        options.sandbox = p->sandbox;
        if (p->sandbox)
                options.clock = sandbox_clock(p->sandbox); /* both live in the same time */
        options.log = (struct vio_log){log_hook, &p->log};
        options.on_due = engine_wake;
        options.on_due_data = p->engine;
        options.error = error;
        options.error_size = sizeof(error);
        int e = vio_open(&options, &p->app.v);
        explicit_bzero(secret, sizeof(secret));
        return e < 0 ? fail(p, p->options.db, *error ? error : vio_strerror(e)) : 0;
}

static void answer(void *data, struct request *q, struct response *r)
{
        routes_answer(data, q, r);
}

static int start_server(struct program *p)
{
        char error[256] = "";
        struct server_options options = {
            .listen = p->options.listen,
            .threads = (unsigned)p->options.threads,
            .per_address = (unsigned)p->options.per_address,
            .log = &p->log,
            .metrics = p->metrics,
            .body_limit = routes_body_limit,
            .answer = answer,
            .data = &p->app,
            .error = error,
            .error_size = sizeof(error),
        };
        int e = server_start(&options, &p->server);
        return e < 0 ? fail(p, "cannot serve", error) : 0;
}

/* Left as it is when the database does not answer. */
static void ask_health(struct program *p, struct vio_health *ret)
{
        vio_operator *op = NULL;
        if (vio_operator_open(p->app.v, NULL, &op) == VIO_OK)
                (void)vio_health(op, ret);
        vio_operator_free(op);
}

static int tell_metrics(struct program *p, struct response *r)
{
        struct metrics_now now = {
            .connections = server_connections(p->server),
            .requests = server_requests(p->server),
            .ready = vio_ready(p->app.v) == VIO_OK,
            .health = VIO_HEALTH_INIT,
        };
        ask_health(p, &now.health);
        engine_tell(p->engine, &now.engine);
        return metrics_write(p->metrics, &now, r);
}

/* The whole of the second listener: one path, for reading. */
static void answer_metrics(void *data, struct request *q, struct response *r)
{
        static const char path[] = "/metrics";
        bool reads = !strcmp(q->method, "GET") || !strcmp(q->method, "HEAD");
        if (strcmp(q->path, path) != 0) {
                answer_status(r, q->id, 404, "The only path here is /metrics");
                return;
        }
        q->route = path;
        if (!reads) {
                r->allow = "GET, HEAD";
                answer_status(r, q->id, 405, "This path does not take that method");
                return;
        }
        int e = tell_metrics(data, r);
        if (e < 0)
                answer_error(r, q->id, e, NULL);
        else
                r->status = 200;
}

static size_t no_body(const char *method, const char *path)
{
        (void)method;
        (void)path;
        return 0;
}

static int start_metrics(struct program *p)
{
        char error[256] = "";
        struct server_options options = {
            .listen = p->options.metrics_listen,
            .threads = METRICS_THREADS,
            .log = &p->log,
            .body_limit = no_body,
            .answer = answer_metrics,
            .data = p,
            .error = error,
            .error_size = sizeof(error),
        };
        int e = options.listen ? server_start(&options, &p->watched) : VIO_OK;
        return e < 0 ? fail(p, "cannot serve metrics", error) : 0;
}

static int start_webhooks(struct program *p)
{
        char url[128];
        snprintf(url, sizeof(url), "%s" WEBHOOK_PATH, server_url(p->server));
        int e = p->sandbox ? sandbox_set_webhook_url(p->sandbox, url) : VIO_OK;
        return e < 0 ? fail(p, "cannot start the sandbox", vio_strerror(e)) : 0;
}

static int start(struct program *p)
{
        p->engine = engine_new(&p->log);
        p->metrics = metrics_new(routes_count());
        if (!p->engine || !p->metrics)
                return fail(p, "cannot start", vio_strerror(VIO_E_NOMEM));
        if (start_sandbox(p) < 0 || open_system(p) < 0 || start_server(p) < 0 ||
            start_webhooks(p) < 0 || start_metrics(p) < 0)
                return -1;
        int speed = p->sandbox ? p->options.sandbox_speed : 1;
        int e = engine_start(p->engine, p->app.v, speed);
        return e < 0 ? fail(p, "cannot start", vio_strerror(e)) : 0;
}

static void announce(const struct program *p)
{
        if (p->sandbox)
                printf("sandbox on %s: nobody is really called\n", sandbox_url(p->sandbox));
        if (p->options.public_url)
                printf("webhooks at %s" WEBHOOK_PATH "\n", p->options.public_url);
        if (p->watched)
                printf("metrics at %s/metrics\n", server_url(p->watched));
        printf("listening on %s\n", server_url(p->server));
        fflush(stdout);
}

/* Waits until every request has had its answer; a second signal ends the patience. */
static void drain(struct program *p, const sigset_t *signals)
{
        const struct timespec tick = {0, DRAIN_TICK_NS};
        int quiet = 0;
        for (int i = 0; i < DRAIN_TICKS && quiet < QUIET_TICKS; i++) {
                if (sigtimedwait(signals, NULL, &tick) > 0)
                        return;
                server_look(p->server);
                quiet = server_busy(p->server) ? 0 : quiet + 1;
        }
}

static void stop(struct program *p)
{
        server_stop(p->watched);
        server_stop(p->server);
        engine_free(p->engine);
        int e = p->app.v ? vio_release(p->app.v) : VIO_OK;
        if (e < 0)
                log_say(&p->log, VIO_LOG_ERROR, "leases are left to run out: %s", vio_strerror(e));
        vio_close(p->app.v);
        sandbox_stop(p->sandbox);
        metrics_free(p->metrics);
}

/* Looks after the connections until a signal comes. */
static void mind(const struct program *p, const sigset_t *signals)
{
        const struct timespec second = {1, 0};
        while (sigtimedwait(signals, NULL, &second) < 0) {
                server_look(p->server);
                if (p->watched)
                        server_look(p->watched);
        }
}

static int serve(struct program *p)
{
        sigset_t signals;
        /* Before any thread exists, so that all of them leave the signals to this one. */
        sigemptyset(&signals);
        sigaddset(&signals, SIGINT);
        sigaddset(&signals, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &signals, NULL);
        signal(SIGPIPE, SIG_IGN);
        if (start(p) < 0) {
                stop(p);
                return EXIT_FAILURE;
        }
        announce(p);
        mind(p, &signals);
        engine_halt(p->engine);
        server_shut(p->server);
        log_say(&p->log, VIO_LOG_INFO, "stopping");
        drain(p, &signals);
        stop(p);
        log_say(&p->log, VIO_LOG_INFO, "stopped");
        return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
        struct program p = {0};
        int code = EXIT_SUCCESS;
        p.app.log = &p.log;
        if (options_read(argc, argv, &p.options) < 0)
                code = EXIT_USAGE;
        else if (p.options.help)
                options_help(stdout);
        else if (p.options.version)
                printf("vio-httpd %s\n", vio_version());
        else if (p.options.routes)
                routes_print(stdout);
        else {
                p.log.format = p.options.log_format;
                code = serve(&p);
        }
        options_clear(&p.options);
        return code;
}
