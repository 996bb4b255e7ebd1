/*
 * webhooks.c - signed, durable webhooks per second, beside what the disk and the commit allow.
 *
 * Run it with `meson test -C build --benchmark -v`, in a build with -Dbuildtype=release; or by hand
 * as `VIO_HTTPD=build/vio-httpd/vio-httpd build/tests/bench/webhooks [SECONDS-A-ROW [ROUNDS]]`.
 * TMPDIR chooses the file system. "bare" is a loop of store_write() with one small insert: the same
 * group commit and nothing else. "storm" sends every webhook twenty times: 95 % are duplicates.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "httpd.h"
#include "store/calls.h"
#include "world.h"

#define MOST_ROUNDS  9
#define MOST_THREADS 64
/* How many webhooks a second are kept ready; a row that uses them up ends early. */
#define SUPPLY       15000
#define STORM_SUPPLY 5000
#define STORM_REPEAT 20

struct row;
struct load;
typedef void work_fn(struct load *l, unsigned thread);

struct row {
        const char *name;
        work_fn *work;
        unsigned threads;
        unsigned supply; /* webhooks a second, 0 where none are needed */
        unsigned repeat; /* how often each is sent */
        double rates[MOST_ROUNDS];
};

/* What the threads of one row share. */
struct load {
        const struct row *row;
        unsigned round;
        unsigned calls;
        struct message *messages;
        vio *v;
        struct httpd *httpd;
        struct store *bare;
        vio_tenant_id bare_tenant;
        pthread_barrier_t start;
        atomic_uint next;
        atomic_ulong done;
        double until;
};

static double seconds_now(void)
{
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The work of one thread */

static int insert_small(struct tenant_tx *tx, void *arg)
{
        return call_route_add(tx, arg);
}

static void insert(struct load *l, unsigned thread)
{
        unsigned long n = 0;
        for (; seconds_now() < l->until; n++) {
                char key[64];
                snprintf(key, sizeof(key), "bare_%u_%u_%u_%lu", l->round, l->row->threads, thread,
                         n);
                int r = store_write_tenant(l->bare, l->bare_tenant, insert_small, key, NULL);
                need(r == 0, "an insert failed: %s", vio_strerror(r));
        }
        atomic_fetch_add(&l->done, n);
}

typedef void send_fn(struct load *l, int fd, const struct message *m, enum vio_receipt expected);

static void send_direct(struct load *l, int fd, const struct message *m, enum vio_receipt expected)
{
        enum vio_receipt receipt;
        struct vio_webhook w = VIO_WEBHOOK_INIT;
        (void)fd;
        w.body = m->body;
        w.body_len = m->len;
        w.signature = m->signature;
        int r = vio_retell_webhook(l->v, &w, &receipt);
        need(r == 0, "a webhook failed: %s", vio_strerror(r));
        need(receipt == expected, "a webhook became %d, not %d", (int)receipt, (int)expected);
}

static void send_http(struct load *l, int fd, const struct message *m, enum vio_receipt expected)
{
        (void)l;
        (void)expected;
        int status = httpd_post(fd, m);
        need(status == 200, "a webhook was answered with %d", status);
}

/* Takes call after call; the webhooks of one call go out in their order. */
static void send_calls(struct load *l, int fd, send_fn *send)
{
        unsigned long n = 0;
        for (unsigned call; (call = atomic_fetch_add(&l->next, 1)) < l->calls;) {
                const struct message *m = &l->messages[(size_t)call * MESSAGES_PER_CALL];
                for (unsigned i = 0; i < MESSAGES_PER_CALL * l->row->repeat; i++, n++)
                        send(l, fd, &m[i / l->row->repeat],
                             i % l->row->repeat ? VIO_RECEIPT_DUPLICATE : VIO_RECEIPT_STORED);
                if (seconds_now() >= l->until)
                        break;
        }
        atomic_fetch_add(&l->done, n);
}

static void direct(struct load *l, unsigned thread)
{
        (void)thread;
        send_calls(l, -1, send_direct);
}

static void http(struct load *l, unsigned thread)
{
        (void)thread;
        int fd = httpd_connect(l->httpd);
        send_calls(l, fd, send_http);
        close(fd);
}

/* In the order in which they are measured: what needs the same program stands together. */
static struct row rows[] = {
    {.name = "bare", .work = insert, .threads = 1},
    {.name = "bare", .work = insert, .threads = 16},
    {.name = "bare", .work = insert, .threads = 64},
    {.name = "direct", .work = direct, .threads = 1, .supply = SUPPLY, .repeat = 1},
    {.name = "direct", .work = direct, .threads = 16, .supply = SUPPLY, .repeat = 1},
    {.name = "direct", .work = direct, .threads = 64, .supply = SUPPLY, .repeat = 1},
    {.name = "direct storm",
     .work = direct,
     .threads = 16,
     .supply = STORM_SUPPLY,
     .repeat = STORM_REPEAT},
    {.name = "http", .work = http, .threads = 1, .supply = SUPPLY, .repeat = 1},
    {.name = "http", .work = http, .threads = 16, .supply = SUPPLY, .repeat = 1},
    {.name = "http", .work = http, .threads = 64, .supply = SUPPLY, .repeat = 1},
    {.name = "http storm",
     .work = http,
     .threads = 16,
     .supply = STORM_SUPPLY,
     .repeat = STORM_REPEAT},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static unsigned calls_of(const struct row *r, double seconds)
{
        return (unsigned)(r->supply * seconds / MESSAGES_PER_CALL);
}

/* One row */

struct worker {
        struct load *load;
        unsigned number;
        pthread_t thread;
};

static void *run_worker(void *arg)
{
        const struct worker *w = arg;
        pthread_barrier_wait(&w->load->start);
        w->load->row->work(w->load, w->number);
        return NULL;
}

static double run_threads(struct load *l, double seconds)
{
        struct worker workers[MOST_THREADS];
        unsigned n = l->row->threads;
        pthread_barrier_init(&l->start, NULL, n + 1);
        for (unsigned i = 0; i < n; i++) {
                workers[i] = (struct worker){.load = l, .number = i};
                need(pthread_create(&workers[i].thread, NULL, run_worker, &workers[i]) == 0,
                     "no thread");
        }
        double begun = seconds_now();
        l->until = begun + seconds;
        pthread_barrier_wait(&l->start);
        for (unsigned i = 0; i < n; i++)
                pthread_join(workers[i].thread, NULL);
        double took = seconds_now() - begun;
        pthread_barrier_destroy(&l->start);
        return (double)atomic_load(&l->done) / took;
}

/* @first: the first call that no row has used; moved on. */
static void run_row(struct load *l, struct row *r, double seconds, unsigned *first)
{
        l->row = r;
        l->calls = calls_of(r, seconds);
        l->messages = messages_make(*first, l->calls);
        *first += l->calls;
        atomic_store(&l->next, 0);
        atomic_store(&l->done, 0);
        r->rates[l->round] = run_threads(l, seconds);
        messages_free(l->messages, l->calls);
}

/* One round */

static void enter(struct load *l, const struct world *w, work_fn *work)
{
        if (work == insert && !l->bare)
                l->bare = world_open_bare(w, &l->bare_tenant);
        else if (work == direct)
                l->v = world_open(w);
        else if (work == http)
                httpd_start(l->httpd, w);
}

static void leave(struct load *l, work_fn *work)
{
        if (work == direct)
                l->v = vio_close(l->v);
        else if (work == http)
                httpd_stop(l->httpd);
}

static void run_round(struct load *l, const struct world *w, double seconds, unsigned *first)
{
        for (size_t i = 0; i < ROWS; i++) {
                if (i == 0 || rows[i].work != rows[i - 1].work)
                        enter(l, w, rows[i].work);
                run_row(l, &rows[i], seconds, first);
                if (i + 1 == ROWS || rows[i].work != rows[i + 1].work)
                        leave(l, rows[i].work);
        }
}

/* The table */

static int by_size(const void *a, const void *b)
{
        double x = *(const double *)a, y = *(const double *)b;
        return (x > y) - (x < y);
}

static double median(const struct row *r, unsigned rounds)
{
        double sorted[MOST_ROUNDS];
        for (unsigned i = 0; i < rounds; i++)
                sorted[i] = r->rates[i];
        qsort(sorted, rounds, sizeof(*sorted), by_size);
        return sorted[rounds / 2];
}

static double bare_median(unsigned threads, unsigned rounds)
{
        for (size_t i = 0; i < ROWS; i++)
                if (rows[i].work == insert && rows[i].threads == threads)
                        return median(&rows[i], rounds);
        return 0;
}

static void print_table(unsigned rounds)
{
        printf("%-14s %8s %10s %10s   rounds\n", "per second", "threads", "median", "/ bare");
        for (size_t i = 0; i < ROWS; i++) {
                const struct row *r = &rows[i];
                double m = median(r, rounds);
                printf("%-14s %8u %10.0f %10.2f  ", r->name, r->threads, m,
                       m / bare_median(r->threads, rounds));
                for (unsigned k = 0; k < rounds; k++)
                        printf(" %.0f", r->rates[k]);
                putchar('\n');
        }
}

int main(int argc, char **argv)
{
        static struct world w;
        static struct httpd httpd;
        static struct load l = {.httpd = &httpd};
        double seconds = argc > 1 ? atof(argv[1]) : 2;
        unsigned rounds = argc > 2 ? (unsigned)atoi(argv[2]) : 3;
        unsigned calls = 0, first = 0;
        need(seconds > 0 && rounds >= 1 && rounds <= MOST_ROUNDS,
             "usage: webhooks [SECONDS-A-ROW [ROUNDS (1 to %d)]]", MOST_ROUNDS);
        for (size_t i = 0; i < ROWS; i++)
                calls += rounds * calls_of(&rows[i], seconds);
        world_make(&w, calls);
        for (l.round = 0; l.round < rounds; l.round++)
                run_round(&l, &w, seconds, &first);
        print_table(rounds);
        store_close(l.bare);
        world_leave(&w);
        return EXIT_SUCCESS;
}
