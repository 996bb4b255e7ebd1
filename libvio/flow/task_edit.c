/* task_edit.c - what people do to call tasks: cancel one, move it, plan it again. */
#include "flow/task_edit.h"

#include "flow/dial.h"
#include "flow/profile.h"
#include "rules/task_time.h"
#include "store/contacts.h"
#include "store/presence.h"
#include "store/tasks.h"

struct edit {
        const struct acting *a;
        vio_task_id id;
        vio_time at;
        vio_task_id made;
};

static int refuse_state(struct tenant_tx *tx, enum vio_task_status status)
{
        static const char *const texts[] = {
            [VIO_TASK_PENDING] = "the call is still planned",
            [VIO_TASK_PROCESSING] = "the call is being placed at this moment",
            [VIO_TASK_COMPLETED] = "the call was placed already",
            [VIO_TASK_FAILED] = "the call has failed already",
            [VIO_TASK_CANCELLED] = "the call is cancelled already",
        };
        return fault_set(tx_fault(tx), VIO_E_CONFLICT, "%s", texts[status]);
}

static int refuse_reason(struct tenant_tx *tx, enum vio_reason reason)
{
        int r = fault_set(tx_fault(tx), VIO_E_REFUSED, "%s", vio_reason_text(reason));
        tx_fault(tx)->reason = (int)reason;
        return r;
}

static int load_pending(struct tenant_tx *tx, vio_task_id id, struct vio_task *ret)
{
        int r = task_load(tx, id, ret);
        if (!r && ret->status != VIO_TASK_PENDING)
                r = refuse_state(tx, ret->status);
        return r;
}

static int cancel_in(struct tenant_tx *tx, void *arg)
{
        struct edit *e = arg;
        _cleanup_task_ struct vio_task task = {0};

        int r = load_pending(tx, e->id, &task);
        if (!r)
                r = vio_task_next(task.status, VIO_TASK_CANCEL, (int)task.attempts, &task.status);
        if (r)
                return r;
        task.reason = VIO_REASON_BY_STAFF;
        task.updated_at = e->a->now;
        r = task_save(tx, &task, VIO_TASK_PENDING);
        return r ? r : acting_note(e->a, tx, "task.cancel", task.contact, NULL, task.id.s);
}

int task_cancel(const struct acting *a, vio_task_id id)
{
        struct edit e = {.a = a, .id = id};
        return store_write_tenant(a->e->store, a->tenant, cancel_in, &e, a->fault);
}

static int refuse_time(struct tenant_tx *tx, enum task_time_verdict verdict, vio_time open)
{
        static const char *const texts[] = {
            [TASK_TIME_PAST] = "must be ahead",
            [TASK_TIME_LATE] = "must be before the appointment",
            [TASK_TIME_CLOSED] = "must be inside the calling window",
        };
        char text[VIO_TIME_TEXT];

        if (open == VIO_TIME_NONE)
                return fault_set(tx_fault(tx), VIO_E_INVALID,
                                 "scheduledFor: %s; no open moment is left before the appointment",
                                 texts[verdict]);
        return fault_set(tx_fault(tx), VIO_E_INVALID,
                         "scheduledFor: %s; the next open moment is %s", texts[verdict],
                         vio_time_format(open, text));
}

static int check_time(const struct edit *e, struct tenant_tx *tx, vio_contact_id contact)
{
        _cleanup_profile_ struct profile p = {0};
        _cleanup_contact_ struct vio_contact c = {0};
        vio_time open = VIO_TIME_NONE;

        int r = profile_load(e->a->e, tx, &p);
        if (!r)
                r = contact_load(tx, contact, &c);
        const vio_zone *zone;
        if (!r)
                r = profile_zone_of(e->a->e, &p, &c, &zone);
        if (r)
                return r;
        struct task_time t = {e->a->now, c.appointment_time, zone, &p.window};
        enum task_time_verdict verdict = task_time_judge(&t, e->at, &open);
        return verdict == TASK_TIME_GOOD ? 0 : refuse_time(tx, verdict, open);
}

/* What the claim would say of the task now; what would forbid it for good is refused at once. */
static int consider(const struct edit *e, struct tenant_tx *tx, const struct vio_task *task,
                    vio_time *ret_at)
{
        struct dial d = {.a = *e->a, .task = task->id};
        bool present = false;

        int r = contact_present(tx, task->contact, &present);
        if (!r && !present)
                return refuse_reason(tx, VIO_REASON_CONTACT_GONE);
        if (!r)
                r = dial_consider(&d, tx);
        if (!r && d.decision.verdict == VIO_DIAL_NEVER)
                return refuse_reason(tx, d.decision.reason);
        if (!r)
                *ret_at = d.decision.at;
        return r;
}

static int move_in(struct tenant_tx *tx, void *arg)
{
        struct edit *e = arg;
        _cleanup_task_ struct vio_task task = {0};
        vio_time soonest;

        int r = load_pending(tx, e->id, &task);
        if (!r)
                r = consider(e, tx, &task, &soonest);
        if (!r)
                r = check_time(e, tx, task.contact);
        if (r)
                return r;
        task.scheduled_for = e->at;
        task.reason = VIO_REASON_NONE;
        task.updated_at = e->a->now;
        r = task_save(tx, &task, VIO_TASK_PENDING);
        return r ? r : acting_note(e->a, tx, "task.move", task.contact, NULL, task.id.s);
}

int task_move(const struct acting *a, vio_task_id id, vio_time at)
{
        struct edit e = {.a = a, .id = id, .at = at};
        return store_write_tenant(a->e->store, a->tenant, move_in, &e, a->fault);
}

static int plan_again(struct edit *e, struct tenant_tx *tx, const struct vio_task *old, vio_time at)
{
        const struct acting *a = e->a;
        struct vio_task task = {.contact = old->contact,
                                .type = old->type,
                                .status = VIO_TASK_PENDING,
                                .scheduled_for = at,
                                .appointment_revision = old->appointment_revision,
                                .last_attempt_at = VIO_TIME_NONE,
                                .created_at = a->now,
                                .updated_at = a->now};
        bool inserted = false;

        int r = engine_uuid(a->e, a->now, task.id.s);
        if (!r)
                r = task_insert(tx, &task, &inserted);
        if (!r && !inserted)
                r = fault_set(tx_fault(tx), VIO_E_CONFLICT, "such a call is planned already");
        if (!r)
                r = acting_note(a, tx, "task.retry", task.contact, NULL, old->id.s);
        if (!r)
                e->made = task.id;
        return r;
}

static int retry_in(struct tenant_tx *tx, void *arg)
{
        struct edit *e = arg;
        _cleanup_task_ struct vio_task old = {0};
        vio_time at = VIO_TIME_NONE;

        int r = task_load(tx, e->id, &old);
        if (!r && old.status != VIO_TASK_FAILED && old.status != VIO_TASK_CANCELLED)
                r = refuse_state(tx, old.status);
        if (!r)
                r = consider(e, tx, &old, &at);
        if (!r && e->at != VIO_TIME_NONE) {
                r = check_time(e, tx, old.contact);
                at = e->at;
        }
        return r ? r : plan_again(e, tx, &old, at);
}

int task_retry(const struct acting *a, vio_task_id id, vio_time at, vio_task_id *ret)
{
        struct edit e = {.a = a, .id = id, .at = at};
        int r = store_write_tenant(a->e->store, a->tenant, retry_in, &e, a->fault);
        if (!r)
                *ret = e.made;
        return r;
}
