/* follow_up.c - the call after a missed call. */
#include "flow/follow_up.h"

#include <vio/window.h>

#include "flow/profile.h"
#include "store/tasks.h"

static int plan(const struct acting *a, struct tenant_tx *tx, const struct vio_call *call,
                const struct vio_contact *c)
{
        _cleanup_profile_ struct profile p = {0};
        struct vio_plan plan;
        bool inserted;

        int r = profile_load(a->e, tx, &p);
        if (r)
                return r;
        struct vio_ladder ladder = profile_ladder(a->e, &p, c);
        vio_time missed_at = call->ended_at != VIO_TIME_NONE ? call->ended_at : a->now;
        vio_follow_up_plan(&ladder, missed_at, c->appointment_time, a->now, &plan);
        if (!plan.due)
                return acting_note(a, tx, "follow_up.skip", c->id, &call->id,
                                   vio_reason_name(plan.reason));

        struct vio_task task = {.contact = c->id,
                                .type = VIO_TASK_FOLLOW_UP,
                                .status = VIO_TASK_PENDING,
                                .scheduled_for = plan.at,
                                .appointment_revision = c->appointment_revision,
                                .last_attempt_at = VIO_TIME_NONE,
                                .created_at = a->now,
                                .updated_at = a->now};
        r = engine_uuid(a->e, a->now, task.id.s);
        return r ? r : task_insert(tx, &task, &inserted);
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
        return plan(a, tx, call, c);
}
