/* evidence.c - the one place where evidence is joined and its consequences are written. */
#include "flow/evidence.h"

#include <string.h>
#include <vio/ladder.h>
#include <vio/retell.h>

#include "base/calendar.h"
#include "base/mem.h"
#include "flow/appointment.h"
#include "flow/dial.h"
#include "flow/follow_up.h"
#include "store/attempts.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/do_not_call.h"
#include "store/latest.h"
#include "store/tenants.h"

struct vio_evidence evidence_known(const struct vio_call *call)
{
        struct vio_evidence e = VIO_EVIDENCE_INIT;
        e.outcome = call->outcome;
        e.status = call->status;
        e.flags = call->evidence_flags;
        e.started_at = call->started_at;
        e.ended_at = call->ended_at;
        e.duration_ms = call->duration < 0 ? -1 : call->duration * MS_PER_SECOND;
        e.transcript = call->transcript;
        e.recording_url = call->recording_url;
        e.disconnection_reason = call->disconnection_reason;
        return e;
}

/* What we keep is in whole seconds: the same evidence must always join to the same. */
static struct vio_evidence fitted(const struct vio_evidence *in, const struct vio_call *call,
                                  vio_time now)
{
        struct vio_evidence e = *in;
        if (e.duration_ms >= 0)
                e.duration_ms = (e.duration_ms + 500) / MS_PER_SECOND * MS_PER_SECOND;
        bool over = (e.flags & VIO_EVIDENCE_OVER) != 0;
        if (over && e.ended_at == VIO_TIME_NONE && call->ended_at == VIO_TIME_NONE)
                e.ended_at = now;
        if (call->is_erased) {
                e.transcript = NULL;
                e.recording_url = NULL;
        }
        return e;
}

static int replace_text(char **field, const char *value)
{
        if (*field == value)
                return 0;
        char *copy = mem_text(value);
        if (value && !copy)
                return VIO_E_NOMEM;
        mem_free(*field);
        *field = copy;
        return 0;
}

static int take_joined(struct vio_call *call, const struct vio_evidence *e)
{
        call->outcome = e->outcome;
        call->status = e->status;
        call->evidence_flags = e->flags;
        call->started_at = e->started_at;
        call->ended_at = e->ended_at;
        call->duration = e->duration_ms < 0 ? -1 : e->duration_ms / MS_PER_SECOND;
        int r = replace_text(&call->transcript, e->transcript);
        if (!r)
                r = replace_text(&call->recording_url, e->recording_url);
        if (!r)
                r = replace_text(&call->disconnection_reason, e->disconnection_reason);
        return r;
}

static void take_source(struct vio_call *call, const struct evidence_in *in)
{
        call->webhook_verified = (call->evidence_flags & VIO_EVIDENCE_WEBHOOK_SEEN) != 0;
        /* One that is told again stays as old as it was. */
        if (in->source == EVIDENCE_WEBHOOK && in->event_id > call->payload_webhook_last)
                call->payload_webhook_last = in->event_id;
        if (in->source == EVIDENCE_POLL && in->event_id > call->payload_poll_last)
                call->payload_poll_last = in->event_id;
        if (call->webhook_verified)
                call->source_of_truth = "webhook";
        else
                call->source_of_truth =
                    call->evidence_flags & VIO_EVIDENCE_POLL_SEEN ? "poll" : "engine";
}

/* A call that is over is asked about until it is final; a final one never again. */
static void plan_polls(struct vio_call *call)
{
        bool over = (call->evidence_flags & VIO_EVIDENCE_OVER) != 0;

        if (call->is_final) {
                call->next_poll_at = VIO_TIME_NONE;
                if (over)
                        call->deadline_at = VIO_TIME_NONE;
                return;
        }
        vio_time wait_ends = call->ended_at + VIO_ANALYSIS_WAIT_MS;
        if (over && (call->next_poll_at == VIO_TIME_NONE || call->next_poll_at > wait_ends))
                call->next_poll_at = wait_ends;
}

static int join(const struct acting *a, struct vio_call *call, const struct evidence_in *in)
{
        struct vio_evidence known = evidence_known(call);
        struct vio_evidence heard = fitted(in->evidence, call, a->now);
        struct vio_evidence joined;

        vio_evidence_join(&known, &heard, &joined);
        call->is_final = call->is_final || in->gives_up || vio_evidence_is_final(&joined, a->now);
        int r = take_joined(call, &joined);
        take_source(call, in);
        plan_polls(call);
        return r;
}

/* What stood before, to tell what changed. */
struct before {
        enum vio_outcome outcome;
        enum vio_call_status status;
        unsigned flags;
        bool is_final;
        bool stops_dialling;
};

static bool stops_dialling(const struct vio_call *call)
{
        const struct vio_retell_reason *reason =
            call->disconnection_reason ? vio_retell_reason_find(call->disconnection_reason) : NULL;
        return reason && (reason->flags & VIO_RETELL_STOP_DIALLING);
}

static int note_changes(const struct acting *a, struct tenant_tx *tx, const struct vio_call *call,
                        const struct before *b)
{
        int r = 0;
        if (call->status != b->status)
                r = acting_note(a, tx, "call.status", call->contact, &call->id,
                                vio_call_status_name(call->status));
        if (!r && call->outcome != b->outcome)
                r = acting_note(a, tx, "call.outcome", call->contact, &call->id,
                                vio_outcome_name(call->outcome));
        if (!r && stops_dialling(call) && !b->stops_dialling) {
                r = tenant_block(tx, a->now + DIAL_BREAKER_MS, VIO_REASON_BREAKER_OPEN);
                if (!r)
                        r = acting_note(a, tx, "tenant.stop_dialling", (vio_contact_id){0},
                                        &call->id, call->disconnection_reason);
        }
        return r;
}

/* The newest call's word about this very appointment decides it. */
static int decide_appointment(struct tenant_tx *tx, const struct vio_call *call,
                              struct vio_contact *c)
{
        enum vio_outcome decision = VIO_OUTCOME_NONE;

        if (call->appointment_revision != c->appointment_revision)
                return 0;
        int r = latest_decision(tx, c->id, c->appointment_revision, &decision);
        if (!r && decision != VIO_OUTCOME_NONE)
                c->appointment_status = vio_outcome_appointment(decision);
        return r;
}

static bool opts_out_now(const struct vio_call *call, const struct before *b)
{
        return (call->evidence_flags & VIO_EVIDENCE_OPT_OUT) && !(b->flags & VIO_EVIDENCE_OPT_OUT);
}

/* An erased person has no number any more but in the dial, and soon not even there. */
static int remember_refusal(const struct acting *a, struct tenant_tx *tx,
                            const struct vio_call *call)
{
        _cleanup_attempt_ struct attempt attempt = {0};

        int r = attempt_load(tx, call->id, &attempt);
        if (r || attempt.phone[0] != '+')
                return r;
        return do_not_call_add(tx, attempt.phone, a->now);
}

static int change_contact(const struct acting *a, struct tenant_tx *tx, const struct vio_call *call,
                          const struct before *b, bool counts)
{
        _cleanup_contact_ struct vio_contact c = {0};
        bool opts_out = opts_out_now(call, b);
        bool new_outcome = call->outcome != b->outcome;

        if (!counts && !new_outcome && !opts_out && call->is_final == b->is_final)
                return 0;
        int r = contact_load_any(tx, call->contact, &c);
        if (r)
                return r;
        c.call_attempts += counts;
        c.updated_at = a->now;
        if (new_outcome)
                r = latest_outcome(tx, c.id, &c.last_call_outcome);
        if (!r && new_outcome)
                r = decide_appointment(tx, call, &c);
        if (!r && opts_out && !c.opted_out)
                r = opt_out_in(a, tx, &c, "said so in a call");
        if (!r)
                r = contact_save(tx, &c);
        if (!r && !c.deleted_at)
                r = follow_up_after(a, tx, call, &c,
                                    b->is_final && vio_outcome_wants_follow_up(b->outcome));
        return r;
}

int evidence_apply(const struct acting *a, struct tenant_tx *tx, struct vio_call *call,
                   const struct evidence_in *in)
{
        struct before b = {call->outcome, call->status, call->evidence_flags, call->is_final,
                           stops_dialling(call)};

        int r = join(a, call, in);
        if (r)
                return r;
        bool over = (call->evidence_flags & VIO_EVIDENCE_OVER) != 0;
        bool counts = (over || call->is_final) && !call->is_counted;
        call->is_counted = call->is_counted || counts;

        if (over && call->is_open) {
                call->is_open = false;
                r = attempt_close(tx, call->id);
        }
        if (!r && call->is_erased && opts_out_now(call, &b))
                r = remember_refusal(a, tx, call);
        if (!r)
                r = call_save(tx, call);
        if (!r)
                r = note_changes(a, tx, call, &b);
        if (!r)
                r = change_contact(a, tx, call, &b, counts);
        return r;
}
