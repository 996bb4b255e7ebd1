/* retell.c - from Retell's call object to what it proves. */
#include <vio/retell.h>

#include <string.h>

#include "base/attr.h"
#include "names.h"
#include "sized.h"

static const char *const events[] = {
    [VIO_RETELL_POLL] = "poll",
    [VIO_RETELL_CALL_STARTED] = "call_started",
    [VIO_RETELL_CALL_ENDED] = "call_ended",
    [VIO_RETELL_CALL_ANALYZED] = "call_analyzed",
    [VIO_RETELL_OTHER] = "other",
};

const char *vio_retell_event_name(enum vio_retell_event e)
{
        return names_at(events, count_of(events), e);
}

enum vio_retell_event vio_retell_event_parse(const char *name)
{
        int found = names_find(events, count_of(events), name);
        return found > VIO_RETELL_POLL ? (enum vio_retell_event)found : VIO_RETELL_OTHER;
}

static bool is(const char *text, const char *word)
{
        return text && strcmp(text, word) == 0;
}

static bool has(const char *text)
{
        return text && *text;
}

/* The word "completed" is not Retell's, but others say it. */
static bool status_ended(const struct vio_retell_call *c)
{
        return is(c->call_status, "ended") || is(c->call_status, "completed");
}

static bool never_connected(const struct vio_retell_call *c)
{
        return is(c->call_status, "not_connected");
}

static bool is_over(const struct vio_retell_call *c)
{
        return c->event == VIO_RETELL_CALL_ENDED || c->event == VIO_RETELL_CALL_ANALYZED ||
               has(c->disconnection_reason) || c->end_ms >= 0 || status_ended(c) ||
               never_connected(c) || is(c->call_status, "error");
}

static bool is_error(const struct vio_retell_call *c, const struct vio_retell_reason *r)
{
        if (is(c->call_status, "error") || (r && r->flags & VIO_RETELL_ERROR))
                return true;
        return !r && has(c->disconnection_reason) &&
               strncmp(c->disconnection_reason, "error_", 6) == 0;
}

static bool contact_spoke(const struct vio_retell_call *c)
{
        for (const char *line = c->transcript; line; line = strchr(line, '\n')) {
                if (*line == '\n')
                        line++;
                if (strncmp(line, "User:", 5) == 0)
                        return true;
        }
        return false;
}

static enum vio_outcome wish(const struct vio_retell_call *c)
{
        if (c->rescheduled)
                return VIO_OUTCOME_RESCHEDULED;
        if (c->cancelled)
                return VIO_OUTCOME_CANCELLED;
        return c->confirmed ? VIO_OUTCOME_CONFIRMED : VIO_OUTCOME_NONE;
}

/* Rules 1 to 4 as far as the reason alone goes; NONE when it leaves the outcome open. */
static enum vio_outcome decided(const struct vio_retell_call *c, const struct vio_retell_reason *r)
{
        bool decides = r && r->flags & VIO_RETELL_DECIDES;
        if (decides && r->outcome != VIO_OUTCOME_VOICEMAIL)
                return r->outcome;
        if (never_connected(c))
                return VIO_OUTCOME_FAILED;
        return decides ? r->outcome : VIO_OUTCOME_NONE;
}

/* Rules 4 to 8, as far as the analysis and the conversation matter. */
static enum vio_outcome judged(const struct vio_retell_call *c, const struct vio_retell_reason *r)
{
        bool spoke = contact_spoke(c), error = is_error(c, r);
        if (c->in_voicemail)
                return VIO_OUTCOME_VOICEMAIL;
        if (wish(c) != VIO_OUTCOME_NONE && (spoke || !error))
                return wish(c);
        if (error || (is(c->disconnection_reason, "manual_stopped") && c->start_ms < 0))
                return VIO_OUTCOME_FAILED;
        if (!r || r->flags & VIO_RETELL_NEEDS_SPEECH)
                return spoke ? VIO_OUTCOME_ANSWERED : VIO_OUTCOME_UNKNOWN;
        return r->outcome;
}

static enum vio_call_status status(const struct vio_retell_call *c, const struct vio_evidence *e)
{
        bool connected = c->start_ms >= 0 || has(c->transcript);
        if (!(e->flags & VIO_EVIDENCE_OVER))
                return connected || c->event == VIO_RETELL_CALL_STARTED ||
                               is(c->call_status, "ongoing")
                           ? VIO_CALL_ONGOING
                           : VIO_CALL_QUEUED;
        if (e->flags & VIO_EVIDENCE_DECIDED)
                return e->outcome == VIO_OUTCOME_VOICEMAIL ? VIO_CALL_COMPLETED : VIO_CALL_FAILED;
        return e->outcome == VIO_OUTCOME_FAILED && !connected ? VIO_CALL_FAILED
                                                              : VIO_CALL_COMPLETED;
}

static unsigned flags(const struct vio_retell_call *c, const struct vio_retell_reason *r)
{
        unsigned f =
            c->event == VIO_RETELL_POLL ? VIO_EVIDENCE_POLL_SEEN : VIO_EVIDENCE_WEBHOOK_SEEN;
        if (c->has_analysis || c->event == VIO_RETELL_CALL_ANALYZED)
                f |= VIO_EVIDENCE_ANALYSED;
        if (c->opt_out || (r && r->flags & VIO_RETELL_OPTS_OUT))
                f |= VIO_EVIDENCE_OPT_OUT;
        if (c->confirmed + c->cancelled + c->rescheduled > 1)
                f |= VIO_EVIDENCE_AMBIGUOUS;
        return is_over(c) ? f | VIO_EVIDENCE_OVER : f;
}

void vio_retell_evidence(const struct vio_retell_call *call, struct vio_evidence *ret)
{
        struct vio_retell_call c = VIO_RETELL_CALL_INIT;
        sized_read(&c, sizeof c, call);
        const struct vio_retell_reason *r = vio_retell_reason_find(c.disconnection_reason);
        struct vio_evidence e = {
            .flags = flags(&c, r),
            .started_at = c.start_ms >= 0 ? c.start_ms : VIO_TIME_NONE,
            .ended_at = c.end_ms >= 0 ? c.end_ms : VIO_TIME_NONE,
            .duration_ms = c.duration_ms >= 0 ? c.duration_ms : -1,
            .transcript = c.transcript,
            .recording_url = c.recording_url,
            .disconnection_reason = c.disconnection_reason,
        };
        if (e.flags & VIO_EVIDENCE_OVER) {
                e.outcome = decided(&c, r);
                if (e.outcome != VIO_OUTCOME_NONE)
                        e.flags |= VIO_EVIDENCE_DECIDED;
                else
                        e.outcome = judged(&c, r);
        }
        e.status = status(&c, &e);
        *ret = e;
}
