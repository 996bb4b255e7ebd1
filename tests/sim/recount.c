/* recount.c - kept counters against a count of the rows, and what rows have to do with each other.
 */
#include <string.h>

#include "abi/handle.h"
#include "rules/figures.h"
#include "sim.h"
#include "store/appointment_days.h"
#include "store/audit.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/days.h"
#include "store/tasks.h"

#define MOST_DAYS 128

struct recount {
        struct sim *s;
        struct clinic *clinic;
        struct tenant_tx *tx;
};

/* Days of calls */

struct day_list {
        char days[MOST_DAYS][11];
        size_t n;
};

static void list_day(struct day_list *l, const char *day)
{
        for (size_t i = 0; i < l->n; i++)
                if (strcmp(l->days[i], day) == 0)
                        return;
        if (l->n < MOST_DAYS)
                memcpy(l->days[l->n++], day, sizeof(l->days[0]));
}

static int note_day(void *data, const struct vio_call *c)
{
        list_day(data, c->day);
        return 0;
}

static int recount_day(struct recount *rc, const char *day)
{
        struct day_stats kept;
        struct day_stats counted;
        struct part_stats kept_parts[DAY_PARTS];
        struct part_stats counted_parts[DAY_PARTS];
        int r = day_load(rc->tx, day, &kept);
        if (!r)
                r = day_recount(rc->tx, day, &counted);
        if (!r)
                r = days_parts(rc->tx, day, day, kept_parts);
        if (!r)
                r = day_recount_parts(rc->tx, day, counted_parts);
        if (!r && memcmp(&kept, &counted, sizeof(kept)) != 0)
                broken(rc->s, "", "the counters of %s are not a recount", day);
        if (!r && memcmp(kept_parts, counted_parts, sizeof(kept_parts)) != 0)
                broken(rc->s, "", "the counters of the parts of %s are not a recount", day);
        return r;
}

static int recount_days(struct recount *rc)
{
        struct day_list list = {.n = 0};
        struct vio_call_filter f = VIO_CALL_FILTER_INIT;
        f.limit = 500;
        int r = call_each(rc->tx, &f, note_day, &list);
        for (size_t i = 0; !r && i < list.n; i++)
                r = recount_day(rc, list.days[i]);
        return r;
}

/* Contacts */

struct tally {
        struct vio_contact_stats stats;
        struct appointment_weight days[MOST_DAYS];
        size_t n;
};

static void tally_day(struct tally *t, const struct vio_contact *c)
{
        size_t i = 0;
        if (!c->appointment_date || c->appointment_status == VIO_APPOINTMENT_CANCELLED)
                return;
        while (i < t->n && strcmp(t->days[i].day, c->appointment_date) != 0)
                i++;
        if (i == MOST_DAYS)
                return;
        if (i == t->n)
                strcpy(t->days[t->n++].day, c->appointment_date);
        t->days[i].appointments++;
        t->days[i].no_shows += c->no_show;
}

static int tally_contact(void *data, const vio_contact *c)
{
        struct tally *t = data;
        int64_t *const by_status[] = {
            [VIO_APPOINTMENT_PENDING] = &t->stats.pending,
            [VIO_APPOINTMENT_CONFIRMED] = &t->stats.confirmed,
            [VIO_APPOINTMENT_CANCELLED] = &t->stats.cancelled,
            [VIO_APPOINTMENT_RESCHEDULED] = &t->stats.rescheduled,
        };
        t->stats.total++;
        (*by_status[vio_contact_get_appointment_status(c)])++;
        tally_day(t, c);
        return 0;
}

static int recount_contacts(struct recount *rc, const struct tally *t)
{
        struct vio_contact_stats kept = {0};
        int64_t all = 0;
        int64_t no_shows = 0;
        int64_t counted = 0;
        int r = contact_stats(rc->tx, &kept);
        if (!r && memcmp(&kept, &t->stats, sizeof(kept)) != 0)
                broken(rc->s, "", "the counts of contacts are not a recount");
        for (size_t i = 0; !r && i < t->n; i++) {
                struct appointment_weight w;
                r = appointment_day_load(rc->tx, t->days[i].day, &w);
                if (!r && (w.appointments != t->days[i].appointments ||
                           w.no_shows != t->days[i].no_shows))
                        broken(rc->s, "", "the appointments of %s are not a recount", w.day);
                counted += t->days[i].appointments;
        }
        if (!r)
                r = days_appointments(rc->tx, "0000-00-00", "9999-99-99", &all, &no_shows);
        if (!r && all != counted)
                broken(rc->s, "", "the appointments of all days are not a recount");
        return r;
}

/* One contact and its calls, newest first */

struct life {
        int64_t revision;
        int64_t attempts;
        enum vio_outcome decision; /* the newest about the appointment */
        enum vio_outcome last;
};

static int live_call(void *data, const struct vio_call *c)
{
        struct life *l = data;
        bool over = (c->evidence_flags & VIO_EVIDENCE_OVER) != 0;
        bool decides = vio_outcome_appointment(c->outcome) != VIO_APPOINTMENT_PENDING;
        l->attempts += c->dial_state == VIO_DIAL_PLACED && (over || c->is_final);
        if (l->last == VIO_OUTCOME_NONE)
                l->last = c->outcome;
        if (l->decision == VIO_OUTCOME_NONE && decides && c->appointment_revision == l->revision)
                l->decision = c->outcome;
        return 0;
}

static void compare_life(struct sim *s, const struct patient *p, const struct vio_contact *c,
                         const struct life *l)
{
        if (c->call_attempts != l->attempts)
                broken(s, p->phone, "%lld attempts are counted, %lld calls are over",
                       (long long)c->call_attempts, (long long)l->attempts);
        if (c->last_call_outcome != l->last)
                broken(s, p->phone, "the last call's outcome is not that of the last call");
        enum vio_appointment_status due =
            l->decision == VIO_OUTCOME_NONE ? p->status : vio_outcome_appointment(l->decision);
        if (!p->unsure && c->appointment_status != due)
                broken(s, p->phone, "the appointment is %s, and should be %s",
                       vio_appointment_status_name(c->appointment_status),
                       vio_appointment_status_name(due));
}

static int check_life(struct recount *rc, const struct patient *p)
{
        _cleanup_contact_ struct vio_contact c = {0};
        struct vio_call_filter f = VIO_CALL_FILTER_INIT;
        f.contact = p->id;
        f.limit = 500;
        int r = contact_load(rc->tx, p->id, &c);
        if (r)
                return r;
        struct life l = {.revision = c.appointment_revision};
        r = call_each(rc->tx, &f, live_call, &l);
        if (!r)
                compare_life(rc->s, p, &c, &l);
        return r;
}

/* Tasks */

static bool is_end(enum vio_task_status status)
{
        return status != VIO_TASK_PENDING && status != VIO_TASK_PROCESSING;
}

static void check_end(struct sim *s, const struct vio_task *t)
{
        for (size_t i = 0; i < s->n_ended; i++) {
                const struct ended *e = &s->ended[i];
                if (strcmp(e->id.s, t->id.s) != 0)
                        continue;
                if (e->status != t->status || e->reason != t->reason)
                        broken(s, t->id.s, "a task that had ended ends another way");
                return;
        }
        if (!is_end(t->status))
                return;
        if (t->status != VIO_TASK_COMPLETED && t->reason == VIO_REASON_NONE)
                broken(s, t->id.s, "a task has no reason for its end");
        if (s->n_ended < MOST_TASKS)
                s->ended[s->n_ended++] = (struct ended){t->id, t->status, t->reason};
}

static int check_called(struct recount *rc, const struct vio_task *t)
{
        struct vio_call c = {0};
        int r = call_load(rc->tx, t->call, false, &c);
        if (r)
                broken(rc->s, t->id.s, "the call of a task is %s", vio_err_name(r));
        if (c.contact.v != t->contact.v || strcmp(c.task.s, t->id.s) != 0)
                broken(rc->s, t->id.s, "a task has the call of another");
        if (t->status == VIO_TASK_COMPLETED && c.dial_state != VIO_DIAL_PLACED)
                broken(rc->s, t->id.s, "a task is completed by a call that was not placed");
        call_done(&c);
        return 0;
}

static int check_never_tried(struct recount *rc, const struct vio_task *t)
{
        _cleanup_contact_ struct vio_contact c = {0};
        int r = contact_load_any(rc->tx, t->contact, &c);
        if (!r && c.appointment_status != VIO_APPOINTMENT_PENDING)
                broken(rc->s, t->id.s, "a call is planned although the appointment is decided");
        if (!r && (c.opted_out || c.deleted_at))
                broken(rc->s, t->id.s, "a call is planned for somebody who must not be called");
        return r;
}

static int check_task(void *data, const struct vio_task *t)
{
        struct recount *rc = data;
        check_end(rc->s, t);
        if (*t->call.s)
                return check_called(rc, t);
        return t->status == VIO_TASK_PENDING ? check_never_tried(rc, t) : 0;
}

static int recount_in(struct tenant_tx *tx, void *arg)
{
        struct recount *rc = arg;
        struct vio_task_filter tasks = VIO_TASK_FILTER_INIT;
        int64_t row = -1;
        rc->tx = tx;
        tasks.limit = 500;
        int r = recount_days(rc);
        for (int i = 0; !r && i < CLINICS * PATIENTS; i++) {
                const struct patient *p = &rc->s->patients[i];
                if (p->clinic == rc->clinic && p->id.v)
                        r = check_life(rc, p);
        }
        if (!r)
                r = task_each(tx, &tasks, check_task, rc);
        if (!r)
                r = audit_verify(tx, &row);
        if (!r && row > 0)
                broken(rc->s, "", "the audit chain breaks at row %lld", (long long)row);
        return r;
}

struct both {
        struct recount *rc;
        const struct tally *tally;
};

static int recount_contacts_in(struct tenant_tx *tx, void *arg)
{
        const struct both *b = arg;
        b->rc->tx = tx;
        return recount_contacts(b->rc, b->tally);
}

void recount_clinic(struct sim *s, struct clinic *c)
{
        struct vio_contact_filter all = VIO_CONTACT_FILTER_INIT;
        struct recount rc = {s, c, NULL};
        struct tally tally = {.n = 0};
        struct both both = {&rc, &tally};
        struct store *store = s->v->engine.store;
        struct fault f = {0};
        int r = vio_contact_each(c->handle, &all, tally_contact, &tally);
        if (!r)
                r = store_read_tenant(store, c->id, recount_contacts_in, &both, &f);
        if (!r)
                r = store_read_tenant(store, c->id, recount_in, &rc, &f);
        if (r)
                broken(s, "", "a clinic cannot be recounted: %s (%s)", vio_err_name(r), f.text);
}
