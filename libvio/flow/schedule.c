/* schedule.c - call tasks that are due are dialled. */
#include "flow/schedule.h"

#include "base/calendar.h"
#include "base/mem.h"
#include "flow/acting.h"
#include "flow/batch.h"
#include "flow/dial.h"
#include "flow/profile.h"
#include "store/calls.h"
#include "store/tasks.h"
#include "store/tenants.h"

/* From here on Retell is asked how many lines are free before another call is placed. */
#define LINES_WITHOUT_ASKING 8
#define NO_LINE_WAIT_MS      (30 * MS_PER_SECOND)
/* A task that cannot even be looked at must not hold up the others. */
#define TROUBLE_WAIT_MS (5 * MS_PER_MINUTE)

/* One tenant's turn. */
struct turn {
        struct acting a;
        vio_task_id task;
        bool has_task;
        bool ask_lines;
        struct retell_request lines;
};

static int prepare_in(struct tenant_tx *tx, void *arg)
{
        struct turn *t = arg;
        _cleanup_profile_ struct profile p = {0};
        int64_t live = 0;
        size_t n = 0;

        int r = tasks_due(tx, t->a.now, &t->task, 1, &n);
        t->has_task = n > 0;
        if (r || !n)
                return r;
        r = calls_live(tx, &live);
        if (r || live < LINES_WITHOUT_ASKING)
                return r;
        r = profile_load(t->a.e, tx, &p);
        if (r || !p.api_key)
                return r;
        struct retell_account account = {t->a.e->retell_url, p.api_key};
        r = retell_request_concurrency(&t->lines, &account);
        t->ask_lines = !r;
        return r;
}

static int block_in(struct tenant_tx *tx, void *arg)
{
        struct turn *t = arg;
        return tenant_block(tx, t->a.now + NO_LINE_WAIT_MS, VIO_REASON_CONCURRENCY);
}

/* Blocks the tenants that have no free line; the claim then puts their tasks off. */
static int ask_for_lines(struct turn *turns, size_t n)
{
        _cleanup_batch_ struct batch batch = {0};
        size_t at = 0;

        int r = batch_open(&batch, n);
        if (r)
                return r;
        for (size_t i = 0; i < n; i++) {
                if (turns[i].ask_lines)
                        batch_add(&batch, &turns[i].lines);
        }
        batch_perform(turns[0].a.e, &batch);
        for (size_t i = 0; !r && i < n; i++) {
                struct retell_concurrency c;
                if (!turns[i].ask_lines)
                        continue;
                if (retell_understand_concurrency(batch.responses[at++], &c) == 0 &&
                    c.current >= c.limit)
                        r = store_write_tenant(turns[i].a.e->store, turns[i].a.tenant, block_in,
                                               &turns[i], turns[i].a.fault);
        }
        return r;
}

static int postpone_in(struct tenant_tx *tx, void *arg)
{
        struct turn *t = arg;
        _cleanup_task_ struct vio_task task = {0};

        int r = task_load(tx, t->task, &task);
        if (r || task.status != VIO_TASK_PENDING)
                return r;
        task.scheduled_for = t->a.now + TROUBLE_WAIT_MS;
        task.updated_at = t->a.now;
        return task_save(tx, &task, VIO_TASK_PENDING);
}

static int claim(struct turn *t, struct dial *d)
{
        *d = (struct dial){.a = t->a, .task = t->task};
        int r = dial_claim(d);
        /* A lost race is no trouble: another dialler has the task or the line. */
        if (r == VIO_E_CONFLICT || r == 0)
                return 0;
        if (r == VIO_E_BUSY || r == VIO_E_STORAGE || r == VIO_E_NOMEM)
                return r;
        log_write(&t->a.e->log, LOG_ERROR, "a call task cannot be claimed: %s", t->a.fault->text);
        return store_write_tenant(t->a.e->store, t->a.tenant, postpone_in, t, t->a.fault);
}

/* Whose turn it is: tenants with a due task, as many as the batch holds. */
static int prepare(struct turn *turns, size_t n, unsigned batch)
{
        unsigned ready = 0;
        for (size_t i = 0; i < n && ready < batch; i++) {
                int r = store_read_tenant(turns[i].a.e->store, turns[i].a.tenant, prepare_in,
                                          &turns[i], turns[i].a.fault);
                if (r)
                        return r;
                ready += turns[i].has_task;
        }
        return 0;
}

static int run(struct turn *turns, struct dial *dials, size_t n, unsigned batch, bool *ret_tried)
{
        size_t looked = 0;

        int r = prepare(turns, n, batch);
        if (!r)
                r = ask_for_lines(turns, n);
        for (size_t i = 0; !r && i < n; i++) {
                if (!turns[i].has_task)
                        continue;
                ret_tried[i] = true;
                r = claim(&turns[i], &dials[looked++]);
        }
        /* What was claimed must be dialled, whatever happened to the others. */
        int performed = dials_perform(dials, looked);
        return r ? r : performed;
}

int schedule_due(struct engine *e, const vio_tenant_id *tenants, size_t n, vio_time now,
                 struct fault *f, bool *ret_tried)
{
        _cleanup_mem_ struct turn *turns = mem_new(n * sizeof(*turns));
        _cleanup_mem_ struct dial *dials = mem_new(n * sizeof(*dials));

        if (!turns || !dials)
                return fault_plain(f, VIO_E_NOMEM);
        for (size_t i = 0; i < n; i++)
                turns[i].a = acting_engine(e, tenants[i], now, f);
        int r = n ? run(turns, dials, n, e->dial_batch, ret_tried) : 0;
        for (size_t i = 0; i < n; i++) {
                retell_request_free(&turns[i].lines);
                dial_done(&dials[i]);
        }
        return r;
}
