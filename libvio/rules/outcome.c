/* outcome.c - names of outcomes, and the join of what is known of a call. */
#include <vio/outcome.h>

#include <string.h>

#include "base/attr.h"
#include "names.h"

static const char *const outcomes[] = {
    [VIO_OUTCOME_UNKNOWN] = "unknown",         [VIO_OUTCOME_FAILED] = "failed",
    [VIO_OUTCOME_ANSWERED] = "answered",       [VIO_OUTCOME_BUSY] = "busy",
    [VIO_OUTCOME_NO_ANSWER] = "no_answer",     [VIO_OUTCOME_VOICEMAIL] = "voicemail",
    [VIO_OUTCOME_CONFIRMED] = "confirmed",     [VIO_OUTCOME_CANCELLED] = "cancelled",
    [VIO_OUTCOME_RESCHEDULED] = "rescheduled",
};

static const char *const call_statuses[] = {
    [VIO_CALL_QUEUED] = "queued",
    [VIO_CALL_ONGOING] = "ongoing",
    [VIO_CALL_FAILED] = "failed",
    [VIO_CALL_COMPLETED] = "completed",
};

static const char *const appointment_statuses[] = {
    [VIO_APPOINTMENT_PENDING] = "pending",
    [VIO_APPOINTMENT_CONFIRMED] = "confirmed",
    [VIO_APPOINTMENT_CANCELLED] = "cancelled",
    [VIO_APPOINTMENT_RESCHEDULED] = "rescheduled",
};

const char *vio_outcome_name(enum vio_outcome o)
{
        return names_at(outcomes, count_of(outcomes), o);
}

const char *vio_call_status_name(enum vio_call_status s)
{
        return names_at(call_statuses, count_of(call_statuses), s);
}

const char *vio_appointment_status_name(enum vio_appointment_status s)
{
        return names_at(appointment_statuses, count_of(appointment_statuses), s);
}

int vio_outcome_parse(const char *name, enum vio_outcome *ret)
{
        int found = name ? names_find(outcomes, count_of(outcomes), name) : VIO_OUTCOME_NONE;
        if (found < 0)
                return VIO_E_INVALID;
        *ret = (enum vio_outcome)found;
        return 0;
}

int vio_call_status_parse(const char *name, enum vio_call_status *ret)
{
        int found = names_find(call_statuses, count_of(call_statuses), name);
        if (found < 0)
                return VIO_E_INVALID;
        *ret = (enum vio_call_status)found;
        return 0;
}

int vio_appointment_status_parse(const char *name, enum vio_appointment_status *ret)
{
        int found = names_find(appointment_statuses, count_of(appointment_statuses), name);
        if (found < 0)
                return VIO_E_INVALID;
        *ret = (enum vio_appointment_status)found;
        return 0;
}

bool vio_outcome_wants_follow_up(enum vio_outcome o)
{
        return o == VIO_OUTCOME_NO_ANSWER || o == VIO_OUTCOME_VOICEMAIL || o == VIO_OUTCOME_BUSY ||
               o == VIO_OUTCOME_FAILED;
}

enum vio_appointment_status vio_outcome_appointment(enum vio_outcome o)
{
        switch (o) {
        case VIO_OUTCOME_CONFIRMED: return VIO_APPOINTMENT_CONFIRMED;
        case VIO_OUTCOME_CANCELLED: return VIO_APPOINTMENT_CANCELLED;
        case VIO_OUTCOME_RESCHEDULED: return VIO_APPOINTMENT_RESCHEDULED;
        case VIO_OUTCOME_NONE:
        case VIO_OUTCOME_UNKNOWN:
        case VIO_OUTCOME_FAILED:
        case VIO_OUTCOME_ANSWERED:
        case VIO_OUTCOME_BUSY:
        case VIO_OUTCOME_NO_ANSWER:
        case VIO_OUTCOME_VOICEMAIL: break;
        }
        return VIO_APPOINTMENT_PENDING;
}

static int64_t greater(int64_t a, int64_t b)
{
        return a > b ? a : b;
}

/* Unknown is negative, so the greater of two is also the known one; the earlier needs a look. */
static vio_time earlier_known(vio_time a, vio_time b)
{
        if (a < 0 || b < 0)
                return greater(a, b);
        return a < b ? a : b;
}

static const char *greater_text(const char *a, const char *b)
{
        if (!a || !b)
                return a ? a : b;
        return strcmp(a, b) >= 0 ? a : b;
}

/* A longer text holds more of what was said; content breaks a tie, never the order of arrival. */
static const char *longer_text(const char *a, const char *b)
{
        if (!a || !b)
                return a ? a : b;
        size_t la = strlen(a), lb = strlen(b);
        if (la != lb)
                return la > lb ? a : b;
        return greater_text(a, b);
}

/* One spelling for "unknown" and for values out of range, so that equal knowledge compares equal.
 */
static struct vio_evidence plain(const struct vio_evidence *e)
{
        struct vio_evidence p = *e;
        if (p.started_at < 0)
                p.started_at = VIO_TIME_NONE;
        if (p.ended_at < 0)
                p.ended_at = VIO_TIME_NONE;
        if (p.duration_ms < 0)
                p.duration_ms = -1;
        if (p.transcript && !*p.transcript)
                p.transcript = NULL;
        if (p.recording_url && !*p.recording_url)
                p.recording_url = NULL;
        if (p.disconnection_reason && !*p.disconnection_reason)
                p.disconnection_reason = NULL;
        return p;
}

void vio_evidence_join(const struct vio_evidence *a, const struct vio_evidence *b,
                       struct vio_evidence *ret)
{
        struct vio_evidence x = plain(a), y = plain(b);
        *ret = (struct vio_evidence){
            .outcome = x.outcome > y.outcome ? x.outcome : y.outcome,
            .status = x.status > y.status ? x.status : y.status,
            .flags = x.flags | y.flags,
            .started_at = earlier_known(x.started_at, y.started_at),
            .ended_at = greater(x.ended_at, y.ended_at),
            .duration_ms = greater(x.duration_ms, y.duration_ms),
            .transcript = longer_text(x.transcript, y.transcript),
            .recording_url = longer_text(x.recording_url, y.recording_url),
            .disconnection_reason = greater_text(x.disconnection_reason, y.disconnection_reason),
        };
}

static bool same_text(const char *a, const char *b)
{
        return a && b ? strcmp(a, b) == 0 : a == b;
}

bool vio_evidence_equal(const struct vio_evidence *a, const struct vio_evidence *b)
{
        struct vio_evidence x = plain(a), y = plain(b);
        return x.outcome == y.outcome && x.status == y.status && x.flags == y.flags &&
               x.started_at == y.started_at && x.ended_at == y.ended_at &&
               x.duration_ms == y.duration_ms && same_text(x.transcript, y.transcript) &&
               same_text(x.recording_url, y.recording_url) &&
               same_text(x.disconnection_reason, y.disconnection_reason);
}

bool vio_evidence_is_final(const struct vio_evidence *e, vio_time now)
{
        if (!(e->flags & VIO_EVIDENCE_OVER))
                return false;
        if (e->flags & (VIO_EVIDENCE_ANALYSED | VIO_EVIDENCE_DECIDED))
                return true;
        return e->ended_at >= 0 && now >= VIO_ANALYSIS_WAIT_MS &&
               now - VIO_ANALYSIS_WAIT_MS >= e->ended_at;
}
