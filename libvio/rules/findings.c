/* findings.c - what strikes about the calls to a contact, and what can be done about it. */
#include "rules/findings.h"

#include "base/attr.h"

static const struct {
        const char *code, *text, *remedy;
} rows[] = {
#define ROW(name, code, text, remedy) [FINDING_##name] = {code, text, remedy},
    FINDINGS(ROW)
#undef ROW
};

const char *finding_code(enum finding_name name)
{
        return rows[name].code;
}

const char *finding_text(enum finding_name name)
{
        return rows[name].text;
}

const char *finding_remedy(enum finding_name name)
{
        return rows[name].remedy;
}

const char *reason_remedy(enum vio_reason reason)
{
        static const struct {
                enum vio_reason reason;
                const char *remedy;
        } remedies[] = {
            {VIO_REASON_NO_PHONE, "Enter a valid telephone number."},
            {VIO_REASON_NO_APPOINTMENT, "Enter the time of the appointment."},
            {VIO_REASON_TOO_LATE, "Call by hand as soon as the calling hours allow it."},
            {VIO_REASON_TENANT_SUSPENDED, "Ask the platform's operator to resume the account."},
            {VIO_REASON_NOT_CONFIGURED, "Enter the telephone service's key, agent and number."},
            {VIO_REASON_BREAKER_OPEN,
             "Check the telephone service's key, and that its account is paid for."},
            {VIO_REASON_REJECTED, "Check the number, and the telephone service's settings."},
            {VIO_REASON_RETRIES_SPENT, "Retry the task, or call by hand."},
            {VIO_REASON_NOT_PLACED, "Retry the task, or call by hand."},
            {VIO_REASON_BY_STAFF, "Retry the task if the call is wanted after all."},
        };
        for (size_t i = 0; i < count_of(remedies); i++)
                if (remedies[i].reason == reason)
                        return remedies[i].remedy;
        return NULL;
}

struct list {
        struct finding *at;
        size_t n;
};

static void add(struct list *l, enum finding_name name, enum vio_reason reason, vio_time next_at)
{
        l->at[l->n++] = (struct finding){name, reason, next_at};
}

static void note(struct list *l, enum finding_name name)
{
        add(l, name, VIO_REASON_NONE, VIO_TIME_NONE);
}

/* A call that rang, or may have: what is missing to its outcome. */
static void look_at_ending(struct list *l, const struct newest_call *c)
{
        bool over = (c->flags & VIO_EVIDENCE_OVER) != 0;
        bool settled = over && (c->flags & (VIO_EVIDENCE_ANALYSED | VIO_EVIDENCE_DECIDED));

        if (c->flags & VIO_EVIDENCE_AMBIGUOUS)
                note(l, FINDING_AMBIGUOUS);
        if (c->is_final && settled && c->outcome != VIO_OUTCOME_UNKNOWN)
                return;
        if (!(c->flags & VIO_EVIDENCE_WEBHOOK_SEEN))
                note(l, FINDING_WEBHOOK_NOT_SEEN);
        if (!c->is_final && !over)
                note(l, FINDING_GOING_ON);
        if (!c->is_final && over && !settled)
                note(l, FINDING_ANALYSIS_AWAITED);
        if (!c->is_final && c->next_poll_at != VIO_TIME_NONE)
                add(l, FINDING_POLL_PENDING, VIO_REASON_NONE, c->next_poll_at);
        if (c->is_final && !over)
                note(l, FINDING_GIVEN_UP);
        else if (c->is_final && !settled)
                note(l, FINDING_NO_ANALYSIS);
        else if (c->is_final)
                note(l, FINDING_OUTCOME_UNKNOWN);
}

static void look_at_outcome(struct list *l, const struct newest_call *c)
{
        switch (c->dial) {
        case VIO_DIAL_DIALING: note(l, FINDING_DIALLING); return;
        case VIO_DIAL_UNKNOWN: note(l, FINDING_DIAL_UNKNOWN); return;
        case VIO_DIAL_REJECTED:
        case VIO_DIAL_NOT_PLACED: note(l, FINDING_NEVER_RANG); return;
        case VIO_DIAL_PLACED: look_at_ending(l, c); return;
        }
}

/* Why nothing more is planned for the contact whatever came of a call; NONE when nothing is in the
 * way. */
static enum vio_reason obstacle(const struct finding_facts *f)
{
        if (f->opted_out)
                return VIO_REASON_OPTED_OUT;
        if (!f->has_phone)
                return VIO_REASON_NO_PHONE;
        if (f->appointment == VIO_TIME_NONE)
                return VIO_REASON_NO_APPOINTMENT;
        if (f->appointment_status != VIO_APPOINTMENT_PENDING)
                return VIO_REASON_APPOINTMENT_DECIDED;
        if (f->appointment <= f->now)
                return VIO_REASON_APPOINTMENT_PAST;
        return VIO_REASON_NONE;
}

static void look_ahead(struct list *l, const struct finding_facts *f)
{
        enum vio_reason why = obstacle(f);

        if (why == VIO_REASON_NONE)
                why = f->given_up;
        if (f->planned)
                add(l, FINDING_CALL_PLANNED, f->planned_reason, f->planned_at);
        else if (!f->called)
                add(l, FINDING_NOT_CALLED, why != VIO_REASON_NONE ? why : VIO_REASON_TOO_LATE,
                    VIO_TIME_NONE);
        else if (!f->call.is_final)
                note(l, FINDING_UNDECIDED_YET);
        else if (why != VIO_REASON_NONE)
                add(l, FINDING_NO_FOLLOW_UP, why, VIO_TIME_NONE);
        else if (!f->call.about_this)
                add(l, FINDING_NO_FOLLOW_UP, VIO_REASON_APPOINTMENT_MOVED, VIO_TIME_NONE);
        else if (!vio_outcome_wants_follow_up(f->call.outcome))
                note(l, FINDING_NOT_MISSED);
        else
                note(l, FINDING_FOLLOW_UP_LOST);
}

static enum finding_name look_at_status(const struct finding_facts *f)
{
        if (f->shown != f->known)
                return FINDING_STATUS_STALE;
        if (f->appointment_status != VIO_APPOINTMENT_PENDING)
                return FINDING_STATUS_DECIDED;
        if (vio_outcome_wants_follow_up(f->shown))
                return FINDING_STATUS_OUTCOME;
        return f->shown == VIO_OUTCOME_NONE ? FINDING_STATUS_NO_OUTCOME
                                            : FINDING_STATUS_NOTHING_DECIDED;
}

size_t findings(const struct finding_facts *f, struct finding ret[MOST_FINDINGS])
{
        struct list l = {ret, 0};

        if (f->called)
                look_at_outcome(&l, &f->call);
        look_ahead(&l, f);
        note(&l, look_at_status(f));
        return l.n;
}
