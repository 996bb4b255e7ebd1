/* step.c - everything that is due, in bounded batches. */
#include "flow/step.h"

#include "base/calendar.h"
#include "base/fault.h"
#include "base/mem.h"
#include "flow/appointment.h"
#include "flow/backfill.h"
#include "flow/poll.h"
#include "flow/schedule.h"
#include "flow/settle.h"
#include "flow/summary.h"
#include "flow/summary_plan.h"
#include "store/tenants.h"

#define TENANT_BATCH   64
#define SWEEP_EVERY_MS (5 * MS_PER_MINUTE)
#define SWEEP_BATCH    16
/* The longest sleep: clocks are set, and other processes write. */
#define LONGEST_SLEEP_MS (5 * MS_PER_MINUTE)
/* Work that is due but could not be done must not make us spin. */
#define SHORTEST_SLEEP_MS MS_PER_SECOND

struct pace {
        vio_tenant_id tenant;
        vio_time dialled_at;
};

void stepper_done(struct stepper *s)
{
        mem_free(s->pace);
        s->pace = NULL;
        s->n_pace = 0;
}

static struct pace *pace_of(struct stepper *s, vio_tenant_id tenant)
{
        for (size_t i = 0; i < s->n_pace; i++) {
                if (s->pace[i].tenant.v == tenant.v)
                        return &s->pace[i];
        }
        struct pace *more = mem_resize(s->pace, (s->n_pace + 1) * sizeof(*more));
        if (!more)
                return NULL;
        s->pace = more;
        s->pace[s->n_pace] = (struct pace){tenant, 0};
        return &s->pace[s->n_pace++];
}

struct agenda {
        vio_time now;
        vio_tenant_id due[TENANT_BATCH];
        size_t n_due;
        vio_tenant_id unswept[SWEEP_BATCH];
        size_t n_unswept;
        vio_time next;
};

/* Tenants whose last dial is long enough ago. */
static size_t paced(struct stepper *s, const struct agenda *a, vio_tenant_id *ret)
{
        size_t kept = 0;
        for (size_t i = 0; i < a->n_due; i++) {
                const struct pace *p = pace_of(s, a->due[i]);
                bool clock_set_back = p && p->dialled_at > a->now;
                if (p && (clock_set_back || p->dialled_at + DIAL_PACE_MS <= a->now))
                        ret[kept++] = a->due[i];
        }
        return kept;
}

static int read_agenda(struct system_tx *tx, void *arg)
{
        struct agenda *a = arg;
        int r = tenants_due(tx, a->now, a->due, TENANT_BATCH, &a->n_due);
        if (!r)
                r = tenants_unswept(tx, a->now - SWEEP_EVERY_MS, a->unswept, SWEEP_BATCH,
                                    &a->n_unswept);
        return r;
}

static int read_next(struct system_tx *tx, void *arg)
{
        struct agenda *a = arg;
        return tenants_next_due(tx, &a->next);
}

/* What must not wait behind new dials: what became of the old ones. */
static int catch_up(struct engine *e, vio_tenant_id tenant, vio_time now, struct fault *f,
                    size_t *done)
{
        size_t n = 0;
        int r = settle_due(e, tenant, now, f, &n);
        *done += n;
        if (!r)
                r = poll_due(e, tenant, now, false, f, &n);
        *done += n;
        if (!r)
                r = poll_due(e, tenant, now, true, f, &n);
        *done += n;
        return r;
}

/* One tenant's trouble must not stop the others; what stops everybody does. */
static int contain(const struct engine *e, vio_tenant_id tenant, int r, const struct fault *f)
{
        if (r == 0 || r == VIO_E_BUSY || r == VIO_E_STORAGE || r == VIO_E_NOMEM)
                return r;
        log_write(&e->log, LOG_ERROR, "tenant %lld: %s", (long long)tenant.v,
                  *f->text ? f->text : vio_strerror(r));
        return 0;
}

/* What may wait until the calls are looked after. */
static int keep_informed(struct engine *e, vio_tenant_id tenant, vio_time now, struct fault *f,
                         size_t *done)
{
        size_t n = 0;
        int r = summary_due(e, tenant, now, f, &n);
        *done += n;
        if (!r)
                r = backfill_due(e, tenant, now, f, &n);
        *done += n;
        return r;
}

static int dial(struct stepper *s, const struct agenda *a, struct fault *f, size_t *done)
{
        vio_tenant_id ready[TENANT_BATCH];
        bool dialled[TENANT_BATCH] = {false};

        size_t n = paced(s, a, ready);
        int r = schedule_due(s->e, ready, n, a->now, f, dialled);
        for (size_t i = 0; i < n; i++) {
                if (!dialled[i])
                        continue;
                pace_of(s, ready[i])->dialled_at = a->now;
                (*done)++;
        }
        return r;
}

/* What no due time leads to, and what may have been forgotten, whatever the cause. */
static int sweep(struct engine *e, vio_tenant_id tenant, vio_time now, struct fault *f)
{
        int r = reminders_sweep(e, tenant, now, f);
        if (!r)
                r = summary_sweep(e, tenant, now, f);
        return r ? r : backfill_sweep(e, tenant, now, f);
}

static int work(struct stepper *s, const struct agenda *a, struct fault *f, size_t *done)
{
        int r = 0;

        for (size_t i = 0; !r && i < a->n_unswept; i++)
                r = contain(s->e, a->unswept[i], sweep(s->e, a->unswept[i], a->now, f), f);
        for (size_t i = 0; !r && i < a->n_due; i++)
                r = contain(s->e, a->due[i], catch_up(s->e, a->due[i], a->now, f, done), f);
        if (!r)
                r = dial(s, a, f, done);
        for (size_t i = 0; !r && i < a->n_due; i++)
                r = contain(s->e, a->due[i], keep_informed(s->e, a->due[i], a->now, f, done), f);
        return r;
}

int step(struct stepper *s, struct fault *f, vio_time *ret_next)
{
        struct agenda a = {.now = engine_now(s->e), .next = VIO_TIME_NONE};
        size_t done = 0;

        int r = store_read(s->e->store, read_agenda, &a, f);
        if (!r)
                r = work(s, &a, f, &done);
        if (!r)
                r = store_read(s->e->store, read_next, &a, f);
        if (r)
                return r;

        vio_time now = engine_now(s->e);
        vio_time next = a.next == VIO_TIME_NONE ? now + LONGEST_SLEEP_MS : a.next;
        if (next > now + LONGEST_SLEEP_MS)
                next = now + LONGEST_SLEEP_MS;
        if (next <= now && !done)
                next = now + SHORTEST_SLEEP_MS;
        if (ret_next)
                *ret_next = next;
        return 0;
}
