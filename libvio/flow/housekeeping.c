/* housekeeping.c - calls that never said how they ended. */
#include "flow/housekeeping.h"

#include "base/calendar.h"
#include "flow/dial.h"
#include "flow/evidence.h"
#include "store/attempts.h"
#include "store/calls.h"
#include "store/tenants.h"

static int free_line(const struct acting *a, struct tenant_tx *tx, struct vio_call *call)
{
        call->is_open = false;
        call->deadline_at = VIO_TIME_NONE;
        call->next_poll_at = VIO_TIME_NONE;
        int r = attempt_close(tx, call->id);
        if (!r)
                r = call_save(tx, call);
        if (!r)
                r = acting_note(a, tx, "call.line_freed", call->contact, &call->id, "");
        return r;
}

static int give_up(const struct acting *a, struct tenant_tx *tx, struct vio_call *call)
{
        struct vio_evidence e = VIO_EVIDENCE_INIT;
        e.outcome = VIO_OUTCOME_FAILED;
        e.status = VIO_CALL_FAILED;
        struct evidence_in in = {&e, EVIDENCE_ENGINE, 0, true};

        /* Final by our own word, though not known to be over: its line stays taken for now. */
        call->deadline_at = call->created_at + DIAL_LINE_LIMIT_MS;
        int r = tenant_alert(tx);
        if (!r)
                r = acting_note(a, tx, "call.stuck", call->contact, &call->id,
                                "no outcome in time");
        if (!r)
                r = evidence_apply(a, tx, call, &in);
        return r;
}

int deadline_passed(const struct acting *a, struct tenant_tx *tx, struct vio_call *call)
{
        bool over = (call->evidence_flags & VIO_EVIDENCE_OVER) != 0;

        if (call->is_final && over) {
                call->deadline_at = VIO_TIME_NONE;
                return call_save(tx, call);
        }
        if (over) {
                /* Its analysis is awaited; the poller makes it final. */
                call->deadline_at = call->ended_at + 2 * VIO_ANALYSIS_WAIT_MS;
                return call_save(tx, call);
        }
        if (a->now >= call->created_at + DIAL_LINE_LIMIT_MS)
                return free_line(a, tx, call);
        return give_up(a, tx, call);
}
