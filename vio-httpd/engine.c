/* engine.c - steps the library, sleeps until the next thing is due or a write wakes it. */
#include "engine.h"

#include <pthread.h>
#include <time.h>

#define FIRST_BACKOFF_MS 1000
#define LAST_BACKOFF_MS  60000
#define LONGEST_SLEEP_MS 300000
#define NEVER            INT64_MAX

struct engine {
        pthread_mutex_t lock;
        pthread_cond_t changed;
        pthread_t thread;
        const struct log *log;
        vio *v;
        int64_t speed;
        vio_time due; /* the earliest moment somebody asked for since the last step began */
        bool running;
        bool halted;
        struct engine_report report;
};

struct engine *engine_new(const struct log *log)
{
        struct engine *e = calloc(1, sizeof(*e));
        if (!e)
                return NULL;
        pthread_condattr_t attr;
        pthread_condattr_init(&attr);
        pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
        pthread_cond_init(&e->changed, &attr);
        pthread_condattr_destroy(&attr);
        pthread_mutex_init(&e->lock, NULL);
        e->log = log;
        e->due = NEVER;
        return e;
}

void engine_tell(struct engine *e, struct engine_report *ret)
{
        pthread_mutex_lock(&e->lock);
        *ret = e->report;
        if (e->due < ret->due)
                ret->due = e->due;
        pthread_mutex_unlock(&e->lock);
}

void engine_wake(void *engine, vio_time at)
{
        struct engine *e = engine;
        pthread_mutex_lock(&e->lock);
        if (at < e->due) {
                e->due = at;
                pthread_cond_signal(&e->changed);
        }
        pthread_mutex_unlock(&e->lock);
}

/* When the wall's clock will have passed @left of the library's clock. */
static struct timespec deadline(const struct engine *e, int64_t left)
{
        struct timespec t;
        int64_t ms = (left + e->speed - 1) / e->speed;
        if (ms > LONGEST_SLEEP_MS)
                ms = LONGEST_SLEEP_MS;
        clock_gettime(CLOCK_MONOTONIC, &t);
        t.tv_sec += ms / 1000;
        t.tv_nsec += ms % 1000 * 1000000;
        if (t.tv_nsec >= 1000000000) {
                t.tv_sec++;
                t.tv_nsec -= 1000000000;
        }
        return t;
}

/* Sleeps until @next, or an earlier moment somebody asks for; a backoff is slept to its end. */
static bool sleep_until(struct engine *e, vio_time next, bool backing_off)
{
        pthread_mutex_lock(&e->lock);
        while (!e->halted) {
                vio_time until = e->due < next && !backing_off ? e->due : next;
                int64_t left = until - vio_now(e->v);
                if (left <= 0)
                        break;
                struct timespec t = deadline(e, left);
                pthread_cond_timedwait(&e->changed, &e->lock, &t);
        }
        /* What is asked for from here on concerns the step after the one that begins now. */
        e->due = NEVER;
        bool go_on = !e->halted;
        pthread_mutex_unlock(&e->lock);
        return go_on;
}

/* One step. Returns when to take the next, and the backoff to add in @backoff. */
static vio_time step(struct engine *e, int64_t *backoff)
{
        vio_time next = 0;
        int err = vio_step(e->v, &next);
        if (err == VIO_OK) {
                if (*backoff > 0)
                        log_say(e->log, VIO_LOG_INFO, "engine: working again");
                *backoff = 0;
                return next;
        }
        if (*backoff == 0)
                log_say(e->log, VIO_LOG_ERROR, "engine: step failed: %s", vio_strerror(err));
        *backoff = *backoff ? *backoff * 2 : FIRST_BACKOFF_MS;
        if (*backoff > LAST_BACKOFF_MS)
                *backoff = LAST_BACKOFF_MS;
        return vio_now(e->v) + *backoff * e->speed;
}

static int64_t elapsed_us(const struct timespec *since)
{
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        return (int64_t)(now.tv_sec - since->tv_sec) * 1000000 +
               (now.tv_nsec - since->tv_nsec) / 1000;
}

static void report(struct engine *e, vio_time begun, int64_t us, bool failed, vio_time next)
{
        pthread_mutex_lock(&e->lock);
        e->report.runs++;
        e->report.failures += failed;
        e->report.last_run = begun;
        e->report.last_us = us;
        e->report.due = next;
        pthread_mutex_unlock(&e->lock);
}

static void *run(void *data)
{
        struct engine *e = data;
        int64_t backoff = 0;
        vio_time next = 0;
        while (sleep_until(e, next, backoff > 0)) {
                struct timespec since;
                vio_time begun = vio_now(e->v);
                clock_gettime(CLOCK_MONOTONIC, &since);
                next = step(e, &backoff);
                report(e, begun, elapsed_us(&since), backoff > 0, next);
        }
        return NULL;
}

int engine_start(struct engine *e, vio *v, int speed)
{
        e->v = v;
        e->speed = speed;
        e->running = pthread_create(&e->thread, NULL, run, e) == 0;
        return e->running ? VIO_OK : VIO_E_NOMEM;
}

void engine_halt(struct engine *e)
{
        pthread_mutex_lock(&e->lock);
        e->halted = true;
        pthread_cond_signal(&e->changed);
        pthread_mutex_unlock(&e->lock);
}

void engine_free(struct engine *e)
{
        if (!e)
                return;
        engine_halt(e);
        if (e->running)
                pthread_join(e->thread, NULL);
        pthread_cond_destroy(&e->changed);
        pthread_mutex_destroy(&e->lock);
        free(e);
}
