/* dial.c - the dial performed, and what became of it written down. */
#include "flow/dial.h"

#include <string.h>
#include <vio/ladder.h>

#include "base/calendar.h"
#include "base/mem.h"
#include "flow/batch.h"
#include "store/attempts.h"
#include "store/calls.h"
#include "store/tasks.h"
#include "store/tenants.h"

/* A call without an outcome after this is looked at by housekeeping. */
#define CALL_DEADLINE_MS (30 * MS_PER_MINUTE)
/* The first look for a dial whose answer was lost. */
#define FIRST_LOOK_MS (5 * MS_PER_SECOND)

int dial_task_event(const struct acting *a, struct tenant_tx *tx, const struct vio_call *call,
                    enum vio_task_event event, enum vio_reason reason, vio_time again_at)
{
        _cleanup_task_ struct vio_task task = {0};

        if (!*call->task.s)
                return 0;
        int r = task_load(tx, call->task, &task);
        if (r || strcmp(task.call.s, call->id.s) != 0)
                return r == VIO_E_NOTFOUND ? 0 : r;
        enum vio_task_status from = task.status;
        /* Given up and put back, but placed after all: the person was called, once is enough. */
        if (from == VIO_TASK_PENDING && event == VIO_TASK_DONE)
                task.status = VIO_TASK_PROCESSING;
        if (task.status != VIO_TASK_PROCESSING)
                return 0;

        r = vio_task_next(task.status, event, (int)task.attempts, &task.status);
        if (r)
                return r;
        int before = (int)task.attempts;
        task.attempts += event != VIO_TASK_RELEASE;
        task.reason = (int)(task.status == VIO_TASK_FAILED && event == VIO_TASK_RETRY
                                ? VIO_REASON_RETRIES_SPENT
                                : reason);
        task.updated_at = a->now;
        if (task.status == VIO_TASK_PENDING)
                task.scheduled_for =
                    event == VIO_TASK_RETRY ? a->now + vio_task_backoff_ms(before) : again_at;
        if (event == VIO_TASK_DONE && call->retell_call_id) {
                mem_free(task.retell_call_id);
                task.retell_call_id = mem_text(call->retell_call_id);
                if (!task.retell_call_id)
                        return VIO_E_NOMEM;
        }
        return task_save(tx, &task, from);
}

int dial_adopt(const struct acting *a, struct tenant_tx *tx, struct vio_call *call,
               const char *retell_call_id)
{
        _cleanup_attempt_ struct attempt attempt = {0};

        if (call->retell_call_id)
                return 0;
        int r = attempt_load(tx, call->id, &attempt);
        /* A dial that was given up may have made room for another to the same number. */
        bool taken = false;
        if (!r && !attempt.is_open)
                r = attempt_open_for(tx, attempt.phone, &taken);
        if (r)
                return r;
        call->retell_call_id = mem_text(retell_call_id);
        if (!call->retell_call_id)
                return VIO_E_NOMEM;
        if (call->status == VIO_CALL_QUEUED)
                call->status = VIO_CALL_ONGOING;
        call->is_final = false;
        call->dial_state = VIO_DIAL_PLACED;
        call->next_poll_at = a->now + vio_poll_delay_ms(0);
        call->deadline_at = call->created_at + CALL_DEADLINE_MS;

        int64_t generation = attempt.lease_generation++;
        attempt.state = VIO_DIAL_PLACED;
        attempt.is_open = !taken;
        call->is_open = attempt.is_open;
        attempt.lease_owner[0] = '\0';
        attempt.due_at = VIO_TIME_NONE;
        attempt.finished_at = a->now;
        r = attempt_save(tx, &attempt, generation);
        if (!r)
                r = call_route_add(tx, retell_call_id);
        if (!r)
                r = dial_task_event(a, tx, call, VIO_TASK_DONE, VIO_REASON_NONE, VIO_TIME_NONE);
        return r ? r : acting_note(a, tx, "call.placed", call->contact, &call->id, "");
}

int dial_abandon(const struct acting *a, struct tenant_tx *tx, struct vio_call *call)
{
        (void)a;
        call->status = VIO_CALL_FAILED;
        call->is_final = true;
        call->source_of_truth = "engine";
        call->next_poll_at = VIO_TIME_NONE;
        call->deadline_at = VIO_TIME_NONE;
        return call_save(tx, call);
}

/* What an answer means for the dial and for its task. */
struct ending {
        enum vio_dial_state state;
        enum vio_task_event event;
        enum vio_reason reason;
};

static struct ending ending_of(const struct retell_created *c)
{
        static const struct ending endings[] = {
            [RETELL_PLACED] = {VIO_DIAL_PLACED, VIO_TASK_DONE, VIO_REASON_NONE},
            [RETELL_REJECTED] = {VIO_DIAL_REJECTED, VIO_TASK_FAIL, VIO_REASON_REJECTED},
            [RETELL_THROTTLED] = {VIO_DIAL_REJECTED, VIO_TASK_RELEASE, VIO_REASON_RATE_LIMITED},
            [RETELL_NOT_SENT] = {VIO_DIAL_NOT_PLACED, VIO_TASK_RETRY, VIO_REASON_NOT_PLACED},
            [RETELL_UNCLEAR] = {VIO_DIAL_UNKNOWN, VIO_TASK_RELEASE, VIO_REASON_UNSETTLED},
        };
        struct ending e = endings[c->result];
        /* Every further call would be refused too: the task waits until somebody has mended it. */
        if (c->refusal == RETELL_REFUSAL_CREDENTIALS || c->refusal == RETELL_REFUSAL_PAYMENT)
                e = (struct ending){VIO_DIAL_REJECTED, VIO_TASK_RELEASE, VIO_REASON_BREAKER_OPEN};
        return e;
}

/* How long the tenant's dials must wait after such an answer; VIO_TIME_NONE: not at all. */
static vio_time block_until(const struct dial *d, const struct ending *e)
{
        if (e->reason == VIO_REASON_RATE_LIMITED)
                return d->a.now + d->created.wait_s * MS_PER_SECOND;
        if (e->reason == VIO_REASON_BREAKER_OPEN)
                return d->a.now + DIAL_BREAKER_MS;
        return VIO_TIME_NONE;
}

static int write_unknown(const struct dial *d, struct tenant_tx *tx, struct attempt *attempt)
{
        attempt->state = VIO_DIAL_UNKNOWN;
        attempt->unknown_since = d->a.now;
        attempt->due_at = d->a.now + FIRST_LOOK_MS;
        attempt->lease_owner[0] = '\0';
        attempt->http_status = d->created.status;
        attempt->lease_generation++;
        return attempt_save(tx, attempt, d->generation);
}

static int write_not_placed(const struct dial *d, struct tenant_tx *tx, struct vio_call *call,
                            struct attempt *attempt, const struct ending *e)
{
        vio_time until = block_until(d, e);

        attempt->state = e->state;
        attempt->is_open = false;
        attempt->due_at = VIO_TIME_NONE;
        attempt->lease_owner[0] = '\0';
        attempt->http_status = d->created.status;
        attempt->finished_at = d->a.now;
        attempt->lease_generation++;
        mem_free(attempt->detail);
        attempt->detail = mem_text(d->created.message);
        call->dial_state = e->state;

        int r = attempt_save(tx, attempt, d->generation);
        if (!r)
                r = dial_task_event(&d->a, tx, call, e->event, e->reason, until);
        if (!r && until != VIO_TIME_NONE)
                r = tenant_block(tx, until, (int)e->reason);
        if (!r)
                r = dial_abandon(&d->a, tx, call);
        if (!r)
                r = acting_note(&d->a, tx, "call.not_placed", call->contact, &call->id,
                                vio_reason_name(e->reason));
        return r;
}

static int finish_in(struct tenant_tx *tx, void *arg)
{
        struct dial *d = arg;
        _cleanup_call_ struct vio_call call = {0};
        _cleanup_attempt_ struct attempt attempt = {0};
        struct ending e = ending_of(&d->created);

        int r = call_load(tx, d->call, false, &call);
        if (!r)
                r = attempt_load(tx, d->call, &attempt);
        /* The fence: a webhook or the settlement was here first and knows better. */
        if (r || attempt.lease_generation != d->generation)
                return r;

        if (e.state == VIO_DIAL_UNKNOWN)
                return write_unknown(d, tx, &attempt);
        if (e.state != VIO_DIAL_PLACED)
                return write_not_placed(d, tx, &call, &attempt, &e);
        r = dial_adopt(&d->a, tx, &call, d->created.call_id);
        return r ? r : call_save(tx, &call);
}

static int finish(struct dial *d, const struct vio_http_response *response)
{
        retell_understand_create(response, &d->created);
        d->a.now = engine_now(d->a.e);
        return store_write_tenant(d->a.e->store, d->a.tenant, finish_in, d, d->a.fault);
}

int dials_perform(struct dial *dials, size_t n)
{
        _cleanup_batch_ struct batch batch = {0};
        int r = batch_open(&batch, n);
        size_t at = 0;

        /* Without memory to ask, the leases run out and the settlement finds out what happened. */
        if (r || !n)
                return r;
        for (size_t i = 0; i < n; i++) {
                if (dials[i].claimed)
                        batch_add(&batch, &dials[i].request);
        }
        batch_perform(dials[0].a.e, &batch);
        for (size_t i = 0; i < n; i++) {
                int failed = dials[i].claimed ? finish(&dials[i], batch.responses[at++]) : 0;
                r = r ? r : failed;
        }
        return r;
}

void dial_done(struct dial *d)
{
        retell_request_free(&d->request);
}
