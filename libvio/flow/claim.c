/* claim.c - the claim of a dial: every rule is asked again, in the transaction that writes it. */
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/mem.h"
#include "flow/dial.h"
#include "flow/profile.h"
#include "flow/variables.h"
#include "rules/figures.h"
#include "store/attempts.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/tasks.h"
#include "store/tenants.h"

struct claim {
        struct dial *d;
        struct profile profile;
        struct vio_contact contact;
        bool gone; /* the contact was removed */
        struct vio_task task;
};

static bool is_manual(const struct dial *d)
{
        return !*d->task.s;
}

static int load(struct claim *c, struct tenant_tx *tx)
{
        const struct acting *a = &c->d->a;

        int r = profile_load(a->e, tx, &c->profile);
        if (!r && !is_manual(c->d)) {
                r = task_load(tx, c->d->task, &c->task);
                c->d->contact = c->task.contact;
        }
        if (r)
                return r;
        r = contact_load(tx, c->d->contact, &c->contact);
        c->gone = r == VIO_E_NOTFOUND && !is_manual(c->d);
        return c->gone ? 0 : r;
}

static int count_calls(struct claim *c, struct tenant_tx *tx, struct vio_dial_facts *f)
{
        char today[11];
        char monday[11];
        int64_t in_day = 0;
        int64_t in_week = 0;

        profile_day(&c->profile, c->d->a.now, today);
        profile_monday(&c->profile, c->d->a.now, monday);
        int r = calls_count(tx, c->contact.id, today, today, &in_day);
        if (!r)
                r = calls_count(tx, c->contact.id, monday, today, &in_week);
        f->calls_today = (int32_t)in_day;
        f->calls_this_week = (int32_t)in_week;
        return r;
}

static int gather(struct claim *c, struct tenant_tx *tx, struct vio_dial_facts *f)
{
        struct tenant_state state;
        const struct vio_contact *contact = &c->contact;

        int r = profile_zone_of(c->d->a.e, &c->profile, contact, &f->zone);
        if (r)
                return r;
        f->now = c->d->a.now;
        f->window = &c->profile.window;
        f->appointment = contact->appointment_time;
        f->appointment_status = contact->appointment_status;
        f->manual = is_manual(c->d);
        f->contact_gone = c->gone;
        f->opted_out = contact->opted_out;
        f->phone_ok = contact->phone != NULL;
        f->configured = c->profile.configured;
        f->suspended = c->profile.suspended;
        f->daily_limit = c->profile.daily_limit;
        f->weekly_limit = c->profile.weekly_limit;
        /* A task remembers its appointment by revision; a moved one is simply another time. */
        bool moved = !f->manual && c->task.appointment_revision != contact->appointment_revision;
        f->task_appointment = moved ? VIO_TIME_NONE : contact->appointment_time;

        r = tenant_state_get(tx, &state);
        if (!r) {
                f->blocked_until = state.blocked_until;
                f->blocked_reason = (enum vio_reason)state.blocked_reason;
                r = count_calls(c, tx, f);
        }
        if (!r && contact->phone)
                r = attempt_open_for(tx, contact->phone, &f->live_call);
        return r;
}

/* A task that may not be dialled now is put off, or ended with the reason. */
static int put_off(struct claim *c, struct tenant_tx *tx)
{
        const struct vio_dial_decision *decision = &c->d->decision;
        bool never = decision->verdict == VIO_DIAL_NEVER;

        if (is_manual(c->d))
                return 0;
        c->task.status = never ? VIO_TASK_CANCELLED : VIO_TASK_PENDING;
        c->task.reason = (int)decision->reason;
        c->task.updated_at = c->d->a.now;
        if (!never)
                c->task.scheduled_for = decision->at;
        int r = task_save(tx, &c->task, VIO_TASK_PENDING);
        if (r || !never)
                return r;
        return acting_note(&c->d->a, tx, "task.skip", c->d->contact, NULL,
                           vio_reason_name(decision->reason));
}

static enum vio_call_type type_of(const struct claim *c)
{
        if (is_manual(c->d))
                return VIO_CALL_TYPE_MANUAL;
        return c->task.type == VIO_TASK_FOLLOW_UP ? VIO_CALL_TYPE_FOLLOW_UP
                                                  : VIO_CALL_TYPE_SCHEDULED;
}

static int write_session(struct claim *c, struct tenant_tx *tx)
{
        const struct acting *a = &c->d->a;
        struct vio_call call = {.id = c->d->call,
                                .contact = c->contact.id,
                                .status = VIO_CALL_QUEUED,
                                .type = type_of(c),
                                .task = c->d->task,
                                .appointment_revision = c->contact.appointment_revision,
                                .created_at = a->now,
                                .started_at = VIO_TIME_NONE,
                                .ended_at = VIO_TIME_NONE,
                                .duration = -1,
                                .next_poll_at = VIO_TIME_NONE,
                                .deadline_at = VIO_TIME_NONE,
                                .dial_state = VIO_DIAL_DIALING};
        profile_day(&c->profile, a->now, call.day);
        call.part = day_part_of(c->profile.zone, a->now);
        return call_insert(tx, &call);
}

static int write_attempt(struct claim *c, struct tenant_tx *tx)
{
        const struct acting *a = &c->d->a;
        struct attempt attempt = {.call = c->d->call,
                                  .state = VIO_DIAL_DIALING,
                                  .is_open = true,
                                  .lease_generation = 1,
                                  .due_at = a->now + DIAL_LEASE_MS,
                                  .unknown_since = VIO_TIME_NONE,
                                  .created_at = a->now,
                                  .finished_at = VIO_TIME_NONE};
        memcpy(attempt.lease_owner, a->e->owner, sizeof(attempt.lease_owner));
        strncpy(attempt.phone, c->contact.phone, sizeof(attempt.phone) - 1);
        c->d->generation = attempt.lease_generation;
        return attempt_insert(tx, &attempt);
}

static int take_task(struct claim *c, struct tenant_tx *tx)
{
        if (is_manual(c->d))
                return 0;
        int r =
            vio_task_next(c->task.status, VIO_TASK_CLAIM, (int)c->task.attempts, &c->task.status);
        if (r)
                return r;
        c->task.call = c->d->call;
        c->task.reason = VIO_REASON_NONE;
        c->task.last_attempt_at = c->d->a.now;
        c->task.updated_at = c->d->a.now;
        return task_save(tx, &c->task, VIO_TASK_PENDING);
}

static int build_request(struct claim *c)
{
        struct engine *e = c->d->a.e;
        struct retell_account account = {e->retell_url, c->profile.api_key};
        struct variables variables;
        const vio_zone *zone;
        char tenant[24];
        char contact[24];

        int r = profile_zone_of(e, &c->profile, &c->contact, &zone);
        if (r)
                return r;
        variables_fill(&variables, &c->profile, &c->contact, zone);
        snprintf(tenant, sizeof(tenant), "%lld", (long long)c->d->a.tenant.v);
        snprintf(contact, sizeof(contact), "%lld", (long long)c->contact.id.v);
        struct retell_dial dial = {.from_number = c->profile.from_number,
                                   .to_number = c->contact.phone,
                                   .agent_id = c->profile.agent_id,
                                   .attempt_ref = c->d->call.s,
                                   .tenant_ref = tenant,
                                   .contact_ref = contact,
                                   .variables = variables.list,
                                   .n_variables = variables.n};
        return retell_request_create(&c->d->request, &account, &dial);
}

static int write_dial(struct claim *c, struct tenant_tx *tx)
{
        const struct acting *a = &c->d->a;

        int r = engine_uuid(a->e, a->now, c->d->call.s);
        if (!r)
                r = write_session(c, tx);
        if (!r)
                r = write_attempt(c, tx);
        if (!r)
                r = take_task(c, tx);
        if (!r)
                r = acting_note(a, tx, "call.dial", c->contact.id, &c->d->call, "");
        if (!r)
                r = build_request(c);
        if (!r)
                c->d->claimed = true;
        return r;
}

static bool still_due(const struct claim *c)
{
        return is_manual(c->d) ||
               (c->task.status == VIO_TASK_PENDING && c->task.scheduled_for <= c->d->a.now);
}

static int claim_in(struct tenant_tx *tx, void *arg)
{
        struct claim *c = arg;
        struct vio_dial_facts facts = VIO_DIAL_FACTS_INIT;

        int r = load(c, tx);
        if (r || !still_due(c))
                return r;
        r = gather(c, tx, &facts);
        if (r)
                return r;
        vio_dial_decide(&facts, &c->d->decision);
        return c->d->decision.verdict == VIO_DIAL_NOW ? write_dial(c, tx) : put_off(c, tx);
}

int dial_consider(struct dial *d, struct tenant_tx *tx)
{
        struct claim c = {.d = d};
        struct vio_dial_facts facts = VIO_DIAL_FACTS_INIT;

        int r = load(&c, tx);
        if (!r)
                r = gather(&c, tx, &facts);
        if (!r)
                vio_dial_decide(&facts, &d->decision);
        profile_done(&c.profile);
        contact_done(&c.contact);
        task_done(&c.task);
        return r;
}

int dial_claim(struct dial *d)
{
        struct claim c = {.d = d};

        d->claimed = false;
        d->decision = (struct vio_dial_decision){VIO_DIAL_WAIT, VIO_TIME_NONE, VIO_REASON_NONE};
        int r = store_write_tenant(d->a.e->store, d->a.tenant, claim_in, &c, d->a.fault);
        if (r)
                d->claimed = false;
        profile_done(&c.profile);
        contact_done(&c.contact);
        task_done(&c.task);
        return r;
}
