/* appointment.c - a contact is created or changed, and the calls it needs are planned. */
#include "flow/appointment.h"

#include <string.h>
#include <vio/window.h>

#include "base/calendar.h"
#include "base/mem.h"
#include "base/text.h"
#include "flow/contact_fields.h"
#include "rules/sized.h"
#include "store/contacts.h"
#include "store/do_not_call.h"
#include "store/tasks.h"

/* Contacts whose reminder is missing are looked for up to this far ahead. */
#define SWEEP_AHEAD_MS (8 * MS_PER_DAY)
#define SWEEP_BATCH    200

struct reminding {
        int64_t appointment_revision;
        bool made;
};

static int note_reminder(void *data, const struct vio_task *task)
{
        struct reminding *r = data;
        /* What a person cancelled is not planned again behind his back. */
        bool settled =
            task->status == VIO_TASK_COMPLETED ||
            (task->status == VIO_TASK_CANCELLED && task->reason == (int)VIO_REASON_BY_STAFF);
        if (task->type == VIO_TASK_INITIAL_REMINDER && settled &&
            task->appointment_revision == r->appointment_revision)
                r->made = true;
        return 0;
}

/* Whether the contact was called already to be reminded of this very appointment, or is not to be.
 */
static int reminder_made(struct tenant_tx *tx, const struct vio_contact *c, bool *ret)
{
        struct vio_task_filter f = VIO_TASK_FILTER_INIT;
        struct reminding reminding = {.appointment_revision = c->appointment_revision};

        f.contact = c->id;
        f.limit = 500;
        int r = task_each(tx, &f, note_reminder, &reminding);
        if (!r)
                *ret = reminding.made;
        return r;
}

int reminder_plan(const struct acting *a, struct tenant_tx *tx, const struct profile *p,
                  const struct vio_contact *c)
{
        struct vio_plan plan;
        bool made = false;
        bool inserted;

        if (c->appointment_time == VIO_TIME_NONE || !c->phone || c->opted_out ||
            c->appointment_status != VIO_APPOINTMENT_PENDING)
                return 0;
        int r = reminder_made(tx, c, &made);
        if (r || made)
                return r;
        struct vio_ladder ladder;
        r = profile_ladder(a->e, p, c, &ladder);
        if (r)
                return r;
        vio_reminder_plan(&ladder, c->appointment_time, a->now, &plan);
        if (!plan.due)
                return 0;

        struct vio_task task = {.contact = c->id,
                                .type = VIO_TASK_INITIAL_REMINDER,
                                .status = VIO_TASK_PENDING,
                                .scheduled_for = plan.at,
                                .appointment_revision = c->appointment_revision,
                                .last_attempt_at = VIO_TIME_NONE,
                                .created_at = a->now,
                                .updated_at = a->now};
        r = engine_uuid(a->e, a->now, task.id.s);
        return r ? r : task_insert(tx, &task, &inserted);
}

struct change {
        const struct acting *a;
        const struct vio_contact_fields *fields;
        vio_contact_id id;
};

/* The store has opted out a contact whose number must not be called; what follows from it. */
static int heed_refusal(const struct acting *a, struct tenant_tx *tx, struct vio_contact *c)
{
        bool refused = false;

        if (!c->phone || c->opted_out)
                return 0;
        int r = do_not_call_has(tx, c->phone, &refused);
        return r || !refused ? r : opt_out_in(a, tx, c, DO_NOT_CALL_REASON);
}

static int create_in(struct tenant_tx *tx, void *arg)
{
        struct change *ch = arg;
        const struct acting *a = ch->a;
        _cleanup_profile_ struct profile p = {0};
        _cleanup_contact_ struct vio_contact c = {.appointment_time = VIO_TIME_NONE,
                                                  .opted_out_at = VIO_TIME_NONE,
                                                  .appointment_revision = 1,
                                                  .created_at = a->now,
                                                  .updated_at = a->now};
        bool moved;

        int r = profile_load(a->e, tx, &p);
        if (!r)
                r = contact_fields_take(a->e, &p, ch->fields, &c, &moved, tx_fault(tx));
        if (!r && ch->fields->appointment_status >= 0)
                c.appointment_status = (enum vio_appointment_status)ch->fields->appointment_status;
        if (!r)
                r = contact_insert(tx, &c, &c.id);
        if (!r)
                r = acting_note(a, tx, "contact.add", c.id, NULL, "");
        if (!r)
                r = heed_refusal(a, tx, &c);
        if (!r)
                r = reminder_plan(a, tx, &p, &c);
        if (!r)
                ch->id = c.id;
        return r;
}

/* What the first release knew of the fields; the rest has defaults. */
#define LEAST_FIELDS offsetof(struct vio_contact_fields, attention_note)

static int read_fields(const struct acting *a, const struct vio_contact_fields *fields,
                       struct vio_contact_fields *ret)
{
        *ret = (struct vio_contact_fields)VIO_CONTACT_FIELDS_INIT;
        if (!fields || fields->size < LEAST_FIELDS)
                return fault_set(a->fault, VIO_E_INVALID, "the fields were not initialised");
        sized_read(ret, sizeof(*ret), fields);
        return 0;
}

int contact_create(const struct acting *a, const struct vio_contact_fields *fields,
                   vio_contact_id *ret)
{
        struct vio_contact_fields own;
        int r = read_fields(a, fields, &own);
        if (r)
                return r;
        struct change ch = {a, &own, {0}};
        r = store_write_tenant(a->e->store, a->tenant, create_in, &ch, a->fault);
        if (!r)
                *ret = ch.id;
        return r;
}

int appointment_move(const struct acting *a, struct tenant_tx *tx, struct vio_contact *c)
{
        c->appointment_status = VIO_APPOINTMENT_PENDING;
        c->appointment_revision++;
        return tasks_cancel(tx, c->id, -1, VIO_REASON_APPOINTMENT_MOVED, a->now);
}

/*
 * The staff decides: planned calls are void, or are planned again. The new revision tells this
 * state of the appointment from the one that earlier calls were about, so what they still bring
 * does not overrule the staff.
 */
static int decide(const struct acting *a, struct tenant_tx *tx, struct vio_contact *c, int status)
{
        if (status < 0 || status == (int)c->appointment_status)
                return 0;
        c->appointment_status = (enum vio_appointment_status)status;
        c->appointment_revision++;
        int r = tasks_cancel(tx, c->id, -1, VIO_REASON_APPOINTMENT_DECIDED, a->now);
        return r ? r
                 : acting_note(a, tx, "contact.status", c->id, NULL,
                               vio_appointment_status_name(c->appointment_status));
}

static int change_in(struct tenant_tx *tx, void *arg)
{
        struct change *ch = arg;
        const struct acting *a = ch->a;
        _cleanup_profile_ struct profile p = {0};
        _cleanup_contact_ struct vio_contact c = {0};
        bool moved = false;

        int r = profile_load(a->e, tx, &p);
        if (!r)
                r = contact_load(tx, ch->id, &c);
        if (!r)
                r = contact_fields_take(a->e, &p, ch->fields, &c, &moved, tx_fault(tx));
        if (!r && moved)
                r = appointment_move(a, tx, &c);
        if (!r)
                r = decide(a, tx, &c, ch->fields->appointment_status);
        c.updated_at = a->now;
        if (!r)
                r = contact_save(tx, &c);
        if (!r)
                r = heed_refusal(a, tx, &c);
        if (!r)
                r = reminder_plan(a, tx, &p, &c);
        if (!r)
                r = acting_note(a, tx, moved ? "contact.move" : "contact.change", c.id, NULL, "");
        return r;
}

int contact_change(const struct acting *a, vio_contact_id id,
                   const struct vio_contact_fields *fields)
{
        struct vio_contact_fields own;
        int r = read_fields(a, fields, &own);
        if (r)
                return r;
        struct change ch = {a, &own, id};
        return store_write_tenant(a->e->store, a->tenant, change_in, &ch, a->fault);
}

int opt_out_in(const struct acting *a, struct tenant_tx *tx, struct vio_contact *c,
               const char *reason)
{
        char *kept = mem_text(reason);
        if (reason && !kept)
                return VIO_E_NOMEM;
        mem_free(c->opt_out_reason);
        c->opt_out_reason = kept;
        if (!c->opted_out)
                c->opted_out_at = a->now;
        c->opted_out = true;
        c->updated_at = a->now;
        int r = tasks_cancel(tx, c->id, -1, VIO_REASON_OPTED_OUT, a->now);
        if (!r && c->deleted_at && c->phone)
                r = do_not_call_add(tx, c->phone, a->now);
        /* The reason may name somebody, and an audit row cannot be erased. */
        return r ? r : acting_note(a, tx, "contact.opt_out", c->id, NULL, "");
}

/* Whoever may be called again is reminded again, of an appointment that is still ahead. */
static int opt_in_in(const struct acting *a, struct tenant_tx *tx, struct vio_contact *c)
{
        _cleanup_profile_ struct profile p = {0};

        c->opt_out_reason = (mem_free(c->opt_out_reason), NULL);
        c->opted_out = false;
        c->opted_out_at = VIO_TIME_NONE;
        c->updated_at = a->now;
        int r = profile_load(a->e, tx, &p);
        if (!r && c->phone)
                r = do_not_call_drop(tx, c->phone);
        if (!r)
                r = reminder_plan(a, tx, &p, c);
        if (!r)
                r = acting_note(a, tx, "contact.opt_in", c->id, NULL, "");
        return r;
}

struct opt_out {
        const struct acting *a;
        vio_contact_id id;
        bool opted_out;
        const char *reason;
};

static int set_opt_out_in(struct tenant_tx *tx, void *arg)
{
        struct opt_out *o = arg;
        _cleanup_contact_ struct vio_contact c = {0};

        int r = contact_load(tx, o->id, &c);
        if (r || (c.opted_out == o->opted_out && !(o->opted_out && o->reason)))
                return r;
        r = o->opted_out ? opt_out_in(o->a, tx, &c, o->reason) : opt_in_in(o->a, tx, &c);
        return r ? r : contact_save(tx, &c);
}

int contact_opt_out(const struct acting *a, vio_contact_id id, bool opted_out, const char *reason)
{
        struct opt_out o = {a, id, opted_out, reason};
        if (reason && (strlen(reason) > 500 || !utf8_valid(reason, strlen(reason))))
                return fault_set(a->fault, VIO_E_INVALID,
                                 "reason: must be UTF-8 of at most 500 bytes");
        return store_write_tenant(a->e->store, a->tenant, set_opt_out_in, &o, a->fault);
}

static int sweep_in(struct tenant_tx *tx, void *arg)
{
        const struct acting *a = arg;
        _cleanup_profile_ struct profile p = {0};
        vio_contact_id ids[SWEEP_BATCH];
        size_t n = 0;

        int r = profile_load(a->e, tx, &p);
        if (!r)
                r = contacts_without_reminder(tx, a->now, a->now + SWEEP_AHEAD_MS, ids, SWEEP_BATCH,
                                              &n);
        for (size_t i = 0; !r && i < n; i++) {
                _cleanup_contact_ struct vio_contact c = {0};
                r = contact_load(tx, ids[i], &c);
                if (!r)
                        r = reminder_plan(a, tx, &p, &c);
        }
        return r ? r : tenant_swept(tx, a->now);
}

int reminders_sweep(struct engine *e, vio_tenant_id tenant, vio_time now, struct fault *f)
{
        struct acting a = acting_engine(e, tenant, now, f);
        return store_write_tenant(e->store, tenant, sweep_in, &a, f);
}
