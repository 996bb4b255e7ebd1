/* follow_up.c - the call after a missed call. */
#include "flow/follow_up.h"

#include <vio/window.h>

#include "flow/profile.h"
#include "store/latest.h"
#include "store/tasks.h"

/* A planned call that would come sooner than @at comes then, and serves as the follow-up. */
static int put_off(const struct acting *a, struct tenant_tx *tx, vio_contact_id contact,
                   enum vio_task_type type, vio_time at, bool *ret_serves)
{
        _cleanup_task_ struct vio_task task = {0};

        int r = task_load_open(tx, contact, type, &task);
        if (r)
                return r == VIO_E_NOTFOUND ? 0 : r;
        *ret_serves = task.status == VIO_TASK_PENDING && task.scheduled_for <= at;
        if (!*ret_serves)
                return 0;
        task.scheduled_for = at;
        task.updated_at = a->now;
        return task_save(tx, &task, VIO_TASK_PENDING);
}

static int insert(const struct acting *a, struct tenant_tx *tx, const struct vio_contact *c,
                  vio_time at)
{
        bool inserted;
        struct vio_task task = {.contact = c->id,
                                .type = VIO_TASK_FOLLOW_UP,
                                .status = VIO_TASK_PENDING,
                                .scheduled_for = at,
                                .appointment_revision = c->appointment_revision,
                                .last_attempt_at = VIO_TIME_NONE,
                                .created_at = a->now,
                                .updated_at = a->now};
        int r = engine_uuid(a->e, a->now, task.id.s);
        return r ? r : task_insert(tx, &task, &inserted);
}

/* Nobody is called again before the delay is over, whatever else is planned. */
static int plan(const struct acting *a, struct tenant_tx *tx, const struct vio_call *call,
                const struct vio_contact *c)
{
        _cleanup_profile_ struct profile p = {0};
        struct vio_ladder ladder;
        struct vio_plan plan;
        bool serves = false;

        int r = profile_load(a->e, tx, &p);
        if (!r)
                r = profile_ladder(a->e, &p, c, &ladder);
        if (r)
                return r;
        vio_time missed_at = call->ended_at != VIO_TIME_NONE ? call->ended_at : a->now;
        vio_follow_up_plan(&ladder, missed_at, c->appointment_time, a->now, &plan);
        if (!plan.due) {
                r = tasks_cancel(tx, c->id, -1, (int)plan.reason, a->now);
                return r ? r
                         : acting_note(a, tx, "follow_up.skip", c->id, &call->id,
                                       vio_reason_name(plan.reason));
        }
        r = put_off(a, tx, c->id, VIO_TASK_INITIAL_REMINDER, plan.at, &serves);
        if (r)
                return r;
        if (serves)
                return tasks_cancel(tx, c->id, VIO_TASK_FOLLOW_UP, VIO_REASON_SUPERSEDED, a->now);
        r = put_off(a, tx, c->id, VIO_TASK_FOLLOW_UP, plan.at, &serves);
        return r || serves ? r : insert(a, tx, c, plan.at);
}

int follow_up_after(const struct acting *a, struct tenant_tx *tx, const struct vio_call *call,
                    const struct vio_contact *c, bool planned_before)
{
        if (c->appointment_status != VIO_APPOINTMENT_PENDING)
                return tasks_cancel(tx, c->id, -1, VIO_REASON_APPOINTMENT_DECIDED, a->now);
        if (!call->is_final || call->appointment_revision != c->appointment_revision)
                return 0;
        if (!vio_outcome_wants_follow_up(call->outcome))
                return tasks_cancel(tx, c->id, VIO_TASK_FOLLOW_UP, VIO_REASON_SUPERSEDED, a->now);
        if (planned_before || c->opted_out || c->appointment_time == VIO_TIME_NONE || !c->phone)
                return 0;
        bool overtaken = false;
        int r = latest_overtaken(tx, call, &overtaken);
        return r || overtaken ? r : plan(a, tx, call, c);
}
