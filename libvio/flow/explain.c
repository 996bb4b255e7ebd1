/* explain.c - why a contact was called, or was not, and what comes next. */
#include "flow/explain.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "flow/dial.h"
#include "rules/findings.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/latest.h"
#include "store/presence.h"
#include "store/tasks.h"

/* What is looked at: the newest calls, and the tasks from the first on. */
#define MOST_ROWS 500

struct explaining {
        const struct acting *a;
        vio_contact_id contact;
        struct tenant_tx *tx;
        struct vio_explanation *list;
        size_t n, room;
        struct finding_facts facts;
        int64_t revision;      /* of the contact's appointment */
        vio_time given_up_at;  /* of facts.given_up */
        vio_task_id next_task; /* the open task that is due first; "" for none */
        vio_call_id newest;    /* "" for none */
        struct vio_dial_decision decision;
};

static int add(struct explaining *x, const struct vio_explanation *e)
{
        if (x->n == x->room) {
                size_t room = x->room ? 2 * x->room : 32;
                struct vio_explanation *more = mem_resize(x->list, room * sizeof(*more));
                if (!more)
                        return VIO_E_NOMEM;
                x->list = more;
                x->room = room;
        }
        x->list[x->n++] = *e;
        return 0;
}

static int add_skipped(struct explaining *x, struct vio_explanation e, enum vio_reason reason)
{
        e.kind = VIO_EXPLAIN_SKIPPED;
        e.reason = reason;
        e.text = vio_reason_text(reason);
        e.remedy = reason_remedy(reason);
        return add(x, &e);
}

static void note_open(struct explaining *x, const struct vio_task *t)
{
        struct finding_facts *f = &x->facts;

        if (f->planned && f->planned_at <= t->scheduled_for)
                return;
        f->planned = true;
        f->planned_at = t->scheduled_for;
        f->planned_reason = (enum vio_reason)t->reason;
        x->next_task = t->id;
}

/* The latest thing that was given up about this appointment tells why nothing is planned. */
static void note_given_up(struct explaining *x, enum vio_reason reason, vio_time at,
                          int64_t revision)
{
        if (revision != x->revision || at < x->given_up_at || reason == VIO_REASON_SUPERSEDED)
                return;
        x->facts.given_up = reason;
        x->given_up_at = at;
}

static int add_task(void *data, const struct vio_task *t)
{
        static const char *const texts[] = {
            [VIO_TASK_INITIAL_REMINDER] = "The reminder call was planned.",
            [VIO_TASK_FOLLOW_UP] = "A follow-up call was planned.",
        };
        struct explaining *x = data;
        enum vio_reason reason = (enum vio_reason)t->reason;
        struct vio_explanation e = {.kind = VIO_EXPLAIN_PLANNED,
                                    .at = t->created_at,
                                    .task = t->id,
                                    .call = t->call,
                                    .text = texts[t->type],
                                    .next_at = t->scheduled_for};

        int r = add(x, &e);
        e.at = t->updated_at;
        if (t->status == VIO_TASK_PENDING || t->status == VIO_TASK_PROCESSING)
                note_open(x, t);
        if (r || t->status == VIO_TASK_COMPLETED || t->status == VIO_TASK_PROCESSING)
                return r;
        if (t->status != VIO_TASK_PENDING) {
                note_given_up(x, reason, t->updated_at, t->appointment_revision);
                e.next_at = VIO_TIME_NONE;
                return add_skipped(x, e, reason);
        }
        if (reason == VIO_REASON_NONE)
                return 0;
        e.kind = VIO_EXPLAIN_PUT_OFF;
        e.reason = reason;
        e.text = vio_reason_text(reason);
        e.remedy = reason_remedy(reason);
        return add(x, &e);
}

static void note_newest(struct explaining *x, const struct vio_call *c)
{
        if (x->facts.called)
                return;
        x->facts.called = true;
        x->newest = c->id;
        x->facts.call = (struct newest_call){
            c->dial_state, c->outcome,      c->evidence_flags,
            c->is_final,   c->next_poll_at, c->appointment_revision == x->revision};
}

struct skip {
        struct explaining *x;
        const struct vio_call *call;
};

static int add_skip(void *data, const struct audit_row *row)
{
        const struct skip *s = data;
        enum vio_reason reason;
        struct vio_explanation e = {
            .at = row->created_at, .call = s->call->id, .next_at = VIO_TIME_NONE};

        if (strcmp(row->action, "follow_up.skip") != 0 || vio_reason_parse(row->detail, &reason))
                return 0;
        note_given_up(s->x, reason, row->created_at, s->call->appointment_revision);
        return add_skipped(s->x, e, reason);
}

static int add_call(void *data, const struct vio_call *c)
{
        static const char *const texts[] = {
            [VIO_CALL_TYPE_MANUAL] = "A call was made by hand.",
            [VIO_CALL_TYPE_SCHEDULED] = "The reminder call was made.",
            [VIO_CALL_TYPE_FOLLOW_UP] = "A follow-up call was made.",
        };
        struct explaining *x = data;
        struct vio_explanation e = {.kind = VIO_EXPLAIN_PLACED,
                                    .at = c->created_at,
                                    .task = c->task,
                                    .call = c->id,
                                    .outcome = c->outcome,
                                    .text = texts[c->type],
                                    .next_at = c->next_poll_at};
        struct skip skip = {x, c};
        int r;

        note_newest(x, c);
        if (c->dial_state == VIO_DIAL_UNKNOWN) {
                e.reason = VIO_REASON_UNSETTLED;
                e.text = vio_reason_text(e.reason);
        }
        if (!dial_may_have_rung(c->dial_state))
                r = add_skipped(x, e,
                                c->dial_state == VIO_DIAL_REJECTED ? VIO_REASON_REJECTED
                                                                   : VIO_REASON_NOT_PLACED);
        else
                r = add(x, &e);
        return r ? r : audit_each_of_call(x->tx, c->id, add_skip, &skip);
}

static int look_at_contact(struct explaining *x)
{
        _cleanup_contact_ struct vio_contact c = {0};
        struct finding_facts *f = &x->facts;
        bool present = false;

        int r = contact_present(x->tx, x->contact, &present);
        if (!r && !present)
                return VIO_E_NOTFOUND;
        if (!r)
                r = contact_load(x->tx, x->contact, &c);
        if (!r)
                r = latest_outcome(x->tx, x->contact, &f->known);
        if (r)
                return r;
        f->now = x->a->now;
        f->appointment = c.appointment_time;
        f->appointment_status = c.appointment_status;
        f->opted_out = c.opted_out;
        f->has_phone = c.phone != NULL;
        f->shown = c.last_call_outcome;
        x->revision = c.appointment_revision;
        return 0;
}

static int look_at_calls(struct explaining *x)
{
        struct vio_task_filter tasks = VIO_TASK_FILTER_INIT;
        struct vio_call_filter calls = VIO_CALL_FILTER_INIT;

        tasks.contact = x->contact;
        tasks.limit = MOST_ROWS;
        calls.contact = x->contact;
        calls.limit = MOST_ROWS;
        int r = task_each(x->tx, &tasks, add_task, x);
        return r ? r : call_each(x->tx, &calls, add_call, x);
}

static int explain_in(struct tenant_tx *tx, void *arg)
{
        struct explaining *x = arg;
        struct dial d = {.a = *x->a};

        x->tx = tx;
        int r = look_at_contact(x);
        if (!r)
                r = look_at_calls(x);
        d.contact = x->contact;
        d.task = x->next_task;
        if (!r)
                r = dial_consider(&d, tx);
        if (!r)
                x->decision = d.decision;
        return r;
}

static int by_time(const void *a, const void *b)
{
        const struct vio_explanation *x = a, *y = b;
        if (x->at != y->at)
                return x->at < y->at ? -1 : 1;
        return (int)x->kind - (int)y->kind;
}

static int tell_findings(const struct explaining *x,
                         int (*cb)(void *data, const struct vio_explanation *e), void *data)
{
        struct finding found[MOST_FINDINGS];
        size_t n = findings(&x->facts, found);
        int r = 0;

        for (size_t i = 0; !r && i < n; i++) {
                const char *remedy = reason_remedy(found[i].reason);
                struct vio_explanation e = {
                    .kind = VIO_EXPLAIN_FINDING,
                    .at = x->a->now,
                    .code = finding_code(found[i].name),
                    .task = x->next_task,
                    .call = x->newest,
                    .outcome = x->facts.known,
                    .reason = found[i].reason,
                    .text = finding_text(found[i].name),
                    .remedy = remedy ? remedy : finding_remedy(found[i].name),
                    .next_at = found[i].next_at,
                };
                r = cb(data, &e);
        }
        return r;
}

static vio_time next_call(const struct explaining *x)
{
        const struct finding_facts *f = &x->facts;

        if (!f->planned || x->decision.verdict == VIO_DIAL_NEVER)
                return VIO_TIME_NONE;
        bool later = x->decision.verdict == VIO_DIAL_WAIT && x->decision.at > f->planned_at;
        return later ? x->decision.at : f->planned_at;
}

static int tell_verdict(const struct explaining *x,
                        int (*cb)(void *data, const struct vio_explanation *e), void *data)
{
        static const char *const codes[] = {
            [VIO_DIAL_NOW] = "now", [VIO_DIAL_WAIT] = "wait", [VIO_DIAL_NEVER] = "never"};
        struct vio_explanation e = {.kind = VIO_EXPLAIN_VERDICT,
                                    .at = x->decision.at,
                                    .code = codes[x->decision.verdict],
                                    .task = x->next_task,
                                    .outcome = x->facts.known,
                                    .reason = x->decision.reason,
                                    .text = vio_reason_text(x->decision.reason),
                                    .remedy = reason_remedy(x->decision.reason),
                                    .next_at = next_call(x)};
        return cb(data, &e);
}

int contact_explain(const struct acting *a, vio_contact_id contact,
                    int (*cb)(void *data, const struct vio_explanation *e), void *data)
{
        struct explaining x = {.a = a, .contact = contact};

        int r = store_read_tenant(a->e->store, a->tenant, explain_in, &x, a->fault);
        if (!r && x.n)
                qsort(x.list, x.n, sizeof(*x.list), by_time);
        for (size_t i = 0; !r && i < x.n; i++)
                r = cb(data, &x.list[i]);
        if (!r)
                r = tell_findings(&x, cb, data);
        if (!r)
                r = tell_verdict(&x, cb, data);
        mem_free(x.list);
        return r;
}
