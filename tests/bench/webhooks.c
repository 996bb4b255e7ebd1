/*
 * webhooks.c - signed, durable webhooks per second, beside what the disk and the commit allow.
 *
 * Run it with `meson test -C build --benchmark -v`, in a build with -Dbuildtype=release; or by hand
 * as `VIO_HTTPD=build/vio-httpd/vio-httpd build/tests/bench/webhooks [SECONDS [ROUNDS [NAME]]]`,
 * with the seconds of a row, and the name of the only rows to run (for a profiler).
 * TMPDIR chooses the file system. "bare" is a loop of store_write() with one small insert: the same
 * group commit and nothing else. "storm" sends every webhook twenty times: 95 % are duplicates.
 * "cpu us" is the processor time of one, the server's alone where there is one: it moves less than
 * the rates when other programs use the machine.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
        bool skipped;
        double rates[MOST_ROUNDS];
        double cpu[MOST_ROUNDS]; /* microseconds of processor time each, of whoever does the work */
};

/* What the threads of one row share. */
struct load {
        const struct row *row;
        unsigned round;
        work_fn *entered; /* what is made ready now */
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

/* Processor seconds that the program doing the work has used so far. */
static double cpu_now(const struct load *l)
{
        struct timespec t = {0};
        clockid_t clock = CLOCK_PROCESS_CPUTIME_ID;
        if (l->httpd->pid)
                clock_getcpuclockid(l->httpd->pid, &clock);
        clock_gettime(clock, &t);
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

/* In the order in which they are measured. */
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
        return r->skipped ? 0 : (unsigned)(r->supply * seconds / MESSAGES_PER_CALL);
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

static void run_threads(struct load *l, double seconds, double *ret_rate, double *ret_cpu)
{
        struct worker workers[MOST_THREADS];
        unsigned n = l->row->threads;
        pthread_barrier_init(&l->start, NULL, n + 1);
        for (unsigned i = 0; i < n; i++) {
                workers[i] = (struct worker){.load = l, .number = i};
                need(pthread_create(&workers[i].thread, NULL, run_worker, &workers[i]) == 0,
                     "no thread");
        }
        double begun = seconds_now(), cpu = cpu_now(l);
        l->until = begun + seconds;
        pthread_barrier_wait(&l->start);
        for (unsigned i = 0; i < n; i++)
                pthread_join(workers[i].thread, NULL);
        double done = (double)atomic_load(&l->done);
        *ret_rate = done / (seconds_now() - begun);
        *ret_cpu = (cpu_now(l) - cpu) * 1e6 / done;
        pthread_barrier_destroy(&l->start);
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
        run_threads(l, seconds, &r->rates[l->round], &r->cpu[l->round]);
        messages_free(l->messages, l->calls);
}

/* One round */

static void leave(struct load *l)
{
        if (l->entered == direct)
                l->v = vio_close(l->v);
        else if (l->entered == http)
                httpd_stop(l->httpd);
        l->entered = NULL;
}

/* Makes ready what a kind of work needs; rows of one kind stand together and share it. */
static void enter(struct load *l, const struct world *w, work_fn *work)
{
        if (l->entered == work)
                return;
        leave(l);
        l->entered = work;
        if (work == direct)
                l->v = world_open(w);
        else if (work == http)
                httpd_start(l->httpd, w);
        else if (!l->bare)
                l->bare = world_open_bare(w, &l->bare_tenant);
}

static void run_round(struct load *l, const struct world *w, double seconds, unsigned *first)
{
        for (size_t i = 0; i < ROWS; i++) {
                if (rows[i].skipped)
                        continue;
                enter(l, w, rows[i].work);
                run_row(l, &rows[i], seconds, first);
        }
        leave(l);
}

/* The table */

static int by_size(const void *a, const void *b)
{
        double x = *(const double *)a, y = *(const double *)b;
        return (x > y) - (x < y);
}

static double median(const double *figures, unsigned rounds)
{
        double sorted[MOST_ROUNDS];
        for (unsigned i = 0; i < rounds; i++)
                sorted[i] = figures[i];
        qsort(sorted, rounds, sizeof(*sorted), by_size);
        return sorted[rounds / 2];
}

static double bare_median(unsigned threads, unsigned rounds)
{
        for (size_t i = 0; i < ROWS; i++)
                if (rows[i].work == insert && rows[i].threads == threads)
                        return median(rows[i].rates, rounds);
        return 0;
}

static void print_table(unsigned rounds)
{
        printf("%-14s %8s %10s %8s %8s   rounds\n", "per second", "threads", "median", "/ bare",
               "cpu us");
        for (size_t i = 0; i < ROWS; i++) {
                const struct row *r = &rows[i];
                if (r->skipped)
                        continue;
                double m = median(r->rates, rounds);
                double bare = bare_median(r->threads, rounds);
                printf("%-14s %8u %10.0f %8.2f %8.0f  ", r->name, r->threads, m,
                       bare > 0 ? m / bare : 0, median(r->cpu, rounds));
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
        const char *only = argc > 3 ? argv[3] : NULL;
        unsigned rounds = argc > 2 ? (unsigned)atoi(argv[2]) : 3;
        unsigned calls = 0, first = 0;
        need(seconds > 0 && rounds >= 1 && rounds <= MOST_ROUNDS,
             "usage: webhooks [SECONDS [ROUNDS (1 to %d) [NAME]]]", MOST_ROUNDS);
        for (size_t i = 0; i < ROWS; i++) {
                rows[i].skipped = only && strcmp(only, rows[i].name) != 0;
                calls += rounds * calls_of(&rows[i], seconds);
        }
        world_make(&w, calls);
        for (l.round = 0; l.round < rounds; l.round++)
                run_round(&l, &w, seconds, &first);
        print_table(rounds);
        store_close(l.bare);
        world_leave(&w);
        return EXIT_SUCCESS;
}
