/* metrics.c - counters that cost an atomic addition each, and their exposition. */
#include "metrics.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "routes.h"

#define CLASSES 5 /* 1xx to 5xx */

/* Upper bounds of the histogram, in microseconds; what is slower is in the last, "+Inf". */
static const struct {
        int64_t us;
        const char *label;
} bounds[] = {
    {1000, "0.001"},  {2500, "0.0025"}, {5000, "0.005"},  {10000, "0.01"}, {25000, "0.025"},
    {50000, "0.05"},  {100000, "0.1"},  {250000, "0.25"}, {500000, "0.5"}, {1000000, "1"},
    {2500000, "2.5"}, {5000000, "5"},   {10000000, "10"},
};

#define BOUNDS count_of(bounds)

/* What is counted of one row of the route table. */
struct series {
        atomic_uint_fast64_t classes[CLASSES];
        atomic_uint_fast64_t denied; /* of these, 401 */
        atomic_uint_fast64_t buckets[BOUNDS + 1];
        atomic_uint_fast64_t us;
        atomic_uint_fast64_t bytes;
};

struct metrics {
        time_t started;
        atomic_uint_fast64_t limited;
        atomic_uint_fast64_t cut;
        size_t n;
        struct series series[]; /* the first is of requests that no row answers */
};

struct metrics *metrics_new(size_t rows)
{
        struct metrics *m = calloc(1, sizeof(*m) + (rows + 1) * sizeof(m->series[0]));
        if (!m)
                return NULL;
        m->started = time(NULL);
        m->n = rows + 1;
        return m;
}

void metrics_free(struct metrics *m)
{
        free(m);
}

static void add(atomic_uint_fast64_t *counter, uint64_t n)
{
        atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

static uint64_t get(const atomic_uint_fast64_t *counter)
{
        return atomic_load_explicit(counter, memory_order_relaxed);
}

static size_t bucket_of(int64_t us)
{
        size_t i = 0;
        while (i < BOUNDS && us > bounds[i].us)
                i++;
        return i;
}

void metrics_count(struct metrics *m, const struct request *q, const struct exchange *x)
{
        if (!m)
                return;
        struct series *s = &m->series[q->row < m->n ? q->row : 0];
        int class = x->status / 100;
        if (class >= 1 && class <= CLASSES)
                add(&s->classes[class - 1], 1);
        add(&s->denied, x->status == 401);
        add(&s->buckets[bucket_of(x->us)], 1);
        add(&s->us, (uint64_t)x->us);
        add(&s->bytes, x->bytes);
        add(&m->limited, x->status == 429);
        add(&m->cut, x->cut);
}

/* The page while it is written; the first failure sticks. */
struct page {
        struct response *r;
        int err;
};

_printf_(2, 3) static void put(struct page *p, const char *format, ...)
{
        char line[256];
        va_list args;
        va_start(args, format);
        int n = vsnprintf(line, sizeof(line), format, args);
        va_end(args);
        if (!p->err)
                p->err =
                    n < (int)sizeof(line) ? response_put(p->r, line, (size_t)n) : VIO_E_INTERNAL;
}

static void put_head(struct page *p, const char *name, const char *type, const char *help)
{
        put(p, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* A metric without labels. */
static void put_one(struct page *p, const char *name, const char *type, const char *help,
                    double value)
{
        put_head(p, name, type, help);
        put(p, "%s %.15g\n", name, value);
}

struct labels {
        char text[128];
};

/* The labels of a series. Only what stands in the route table: nothing that a client can invent. */
static struct labels labels_of(size_t n)
{
        struct labels l;
        struct route_name name = {"-", "other"};
        if (n > 0)
                name = routes_name(n);
        snprintf(l.text, sizeof(l.text), "route=\"%s\",method=\"%s\"", name.path, name.method);
        return l;
}

static uint64_t count_all(const struct series *s)
{
        uint64_t n = 0;
        for (size_t i = 0; i <= BOUNDS; i++)
                n += get(&s->buckets[i]);
        return n;
}

static void put_requests(struct page *p, const struct metrics *m)
{
        put_head(p, "vio_http_requests_total", "counter",
                 "Requests answered, by route, method and class of status.");
        for (size_t i = 0; i < m->n; i++)
                for (int c = 0; c < CLASSES; c++) {
                        uint64_t n = get(&m->series[i].classes[c]);
                        if (n)
                                put(p, "vio_http_requests_total{%s,status=\"%dxx\"} %llu\n",
                                    labels_of(i).text, c + 1, (unsigned long long)n);
                }
}

static void put_histogram(struct page *p, const struct series *s, const char *labels)
{
        static const char name[] = "vio_http_request_duration_seconds";
        uint64_t n = 0;
        for (size_t i = 0; i < BOUNDS; i++) {
                n += get(&s->buckets[i]);
                put(p, "%s_bucket{%s,le=\"%s\"} %llu\n", name, labels, bounds[i].label,
                    (unsigned long long)n);
        }
        n += get(&s->buckets[BOUNDS]);
        put(p, "%s_bucket{%s,le=\"+Inf\"} %llu\n", name, labels, (unsigned long long)n);
        put(p, "%s_sum{%s} %.6f\n", name, labels, (double)get(&s->us) / 1e6);
        put(p, "%s_count{%s} %llu\n", name, labels, (unsigned long long)n);
}

static void put_durations(struct page *p, const struct metrics *m)
{
        put_head(p, "vio_http_request_duration_seconds", "histogram",
                 "From the arrival of a request's head to the last byte of its answer.");
        for (size_t i = 0; i < m->n; i++)
                if (count_all(&m->series[i]))
                        put_histogram(p, &m->series[i], labels_of(i).text);
}

static void put_bytes(struct page *p, const struct metrics *m)
{
        put_head(p, "vio_http_response_bytes_total", "counter", "Bytes of the answers' bodies.");
        for (size_t i = 0; i < m->n; i++)
                if (count_all(&m->series[i]))
                        put(p, "vio_http_response_bytes_total{%s} %llu\n", labels_of(i).text,
                            (unsigned long long)get(&m->series[i].bytes));
}

/* "cal-com" of "/api/webhooks/cal-com/:token": the part that tells whose webhooks these are. */
static void webhook_kind(const char *path, char *ret, size_t size)
{
        static const char prefix[] = "/api/webhooks/";
        size_t len = sizeof(prefix) - 1;
        const char *kind = strncmp(path, prefix, len) ? path + strlen("/api/") : path + len;
        snprintf(ret, size, "%.*s", (int)strcspn(kind, "/"), kind);
}

/* The results of one row, in the order of their names below. */
static void webhook_results(const struct series *s, uint64_t ret[4])
{
        uint64_t denied = get(&s->denied);
        uint64_t refused = get(&s->classes[3]);
        ret[0] = get(&s->classes[1]);
        ret[1] = denied;
        ret[2] = refused > denied ? refused - denied : 0;
        ret[3] = get(&s->classes[4]);
}

/* Two rows may be of one kind, and stand together in the table. */
static void put_webhooks(struct page *p, const struct metrics *m)
{
        static const char *const names[] = {"accepted", "denied", "refused", "failed"};
        char kind[32];
        char next[32] = "";
        uint64_t sum[count_of(names)] = {0};
        put_head(p, "vio_webhooks_total", "counter",
                 "Webhooks by sender: accepted, denied (bad signature), refused, or failed here.");
        for (size_t i = 1; i < m->n; i++) {
                uint64_t results[count_of(names)];
                if (!routes_is_webhook(i))
                        continue;
                webhook_kind(routes_name(i).path, kind, sizeof(kind));
                webhook_results(&m->series[i], results);
                *next = '\0';
                if (i + 1 < m->n && routes_is_webhook(i + 1))
                        webhook_kind(routes_name(i + 1).path, next, sizeof(next));
                for (size_t k = 0; k < count_of(names); k++)
                        sum[k] += results[k];
                for (size_t k = 0; k < count_of(names) && strcmp(kind, next) != 0; k++) {
                        put(p, "vio_webhooks_total{kind=\"%s\",result=\"%s\"} %llu\n", kind,
                            names[k], (unsigned long long)sum[k]);
                        sum[k] = 0;
                }
        }
}

static void put_engine(struct page *p, const struct engine_report *e)
{
        put_one(p, "vio_step_runs_total", "counter", "Steps the engine has taken.",
                (double)e->runs);
        put_one(p, "vio_step_failures_total", "counter", "Steps that failed.", (double)e->failures);
        put_one(p, "vio_step_last_run_timestamp_seconds", "gauge",
                "When the last step began; 0 before the first.", (double)e->last_run / 1000);
        put_one(p, "vio_step_last_duration_seconds", "gauge", "How long the last step took.",
                (double)e->last_us / 1e6);
        put_one(p, "vio_step_due_timestamp_seconds", "gauge",
                "When the next step is due; long past means that the engine hangs.",
                (double)e->due / 1000);
}

static void put_program(struct page *p, const struct metrics *m, const struct metrics_now *now)
{
        put_head(p, "vio_build_info", "gauge", "Always 1; the labels tell what runs.");
        put(p, "vio_build_info{version=\"%s\"} 1\n", vio_version());
        put_one(p, "process_start_time_seconds", "gauge", "When the program started.",
                (double)m->started);
        put_one(p, "vio_ready", "gauge", "1 when the database can be read and written, else 0.",
                now->ready);
        put_one(p, "vio_http_connections_open", "gauge", "Connections that hold a thread.",
                now->connections);
        put_one(p, "vio_http_requests_in_flight", "gauge", "Requests being answered.",
                now->requests);
        put_one(p, "vio_http_limited_total", "counter", "Requests refused with 429.",
                (double)get(&m->limited));
        put_one(p, "vio_http_answers_cut_total", "counter",
                "Answers that broke off before their end.", (double)get(&m->cut));
}

/* What the administrator's page of the interface shows, for those who are woken by it. */
static void put_health(struct page *p, const struct vio_health *h)
{
        const struct {
                const char *name, *kind, *help;
                int64_t value;
        } rows[] = {
            {"vio_tenants", "gauge", "Tenants there are.", h->tenants},
            {"vio_tenants_suspended", "gauge", "Of these, those suspended.", h->suspended},
            {"vio_tasks_overdue", "gauge", "Calls five minutes late or more.", h->overdue_tasks},
            {"vio_tasks_overdue_seconds", "gauge", "How late the latest is.", h->oldest_overdue_s},
            {"vio_calls_live", "gauge", "Dials whose line may be in use.", h->live_calls},
            {"vio_calls_stuck", "gauge", "Calls of 30 minutes and more without an end.",
             h->stuck_calls},
            {"vio_dials_unsettled", "gauge", "Dials of which nobody knows yet whether they rang.",
             h->unsettled_dials},
            {"vio_alerts_total", "counter", "Calls and mails that had to be given up.", h->alerts},
            {"vio_summaries_pending", "gauge", "Daily summaries still to be sent.",
             h->pending_summaries},
            {"vio_database_bytes", "gauge", "Size of the database file.", h->database_bytes},
        };
        for (size_t i = 0; h->version && i < count_of(rows); i++)
                put_one(p, rows[i].name, rows[i].kind, rows[i].help, (double)rows[i].value);
}

int metrics_write(const struct metrics *m, const struct metrics_now *now, struct response *r)
{
        struct page p = {.r = r};
        r->type = "text/plain; version=0.0.4; charset=utf-8";
        put_program(&p, m, now);
        put_health(&p, &now->health);
        put_requests(&p, m);
        put_durations(&p, m);
        put_bytes(&p, m);
        put_webhooks(&p, m);
        put_engine(&p, &now->engine);
        return p.err;
}
