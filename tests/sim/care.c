/* care.c - who should be called is called: no reminder and no follow-up is forgotten. */
#include <string.h>

#include "abi/handle.h"
#include "sim.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/tasks.h"

/* How long before the appointment a reminder is still made, and the time the sweep needs. */
#define LAST_MOMENT     (2 * HOURS + 15 * MINUTES)
#define FOLLOW_UP_DELAY (90 * MINUTES)

struct care {
        struct sim *s;
        const struct patient *p;
        struct vio_contact contact;
        vio_call_id newest; /* call about this appointment */
        bool missed;        /* it was, and nothing else is to be learned of it */
        vio_time missed_at;
        bool planned;  /* a call is */
        bool reminded; /* a reminder was made */
        bool followed; /* something was planned or decided after the newest call */
};

static int note_call(void *data, const struct vio_call *c)
{
        struct care *k = data;
        if (*k->newest.s)
                return 0;
        k->newest = c->id;
        k->missed = c->is_final && vio_outcome_wants_follow_up(c->outcome) &&
                    c->dial_state == VIO_DIAL_PLACED &&
                    c->appointment_revision == k->contact.appointment_revision;
        k->missed_at = c->created_at;
        return 0;
}

static int note_task(void *data, const struct vio_task *t)
{
        struct care *k = data;
        k->planned |= t->status == VIO_TASK_PENDING || t->status == VIO_TASK_PROCESSING;
        k->reminded |= t->type == VIO_TASK_INITIAL_REMINDER && t->status == VIO_TASK_COMPLETED &&
                       t->appointment_revision == k->contact.appointment_revision;
        k->followed |= t->updated_at >= k->missed_at && strcmp(t->call.s, k->newest.s) != 0;
        return 0;
}

/* The first moment from @t on in which somebody may be called. */
static vio_time open_from(const struct care *k, vio_time t)
{
        struct vio_window window = VIO_WINDOW_INIT;
        return vio_window_next_open(&window, k->p->clinic->zone, t);
}

static void judge(const struct care *k)
{
        vio_time now = k->s->now + k->s->skew;
        vio_time visit = k->contact.appointment_time;
        if (k->contact.appointment_status != VIO_APPOINTMENT_PENDING || k->contact.opted_out)
                return;
        if (!k->planned && !k->reminded && open_from(k, now) + LAST_MOMENT <= visit)
                broken(k->s, k->p->phone, "nobody will call to remind of the appointment");
        if (k->missed && !k->planned && !k->followed &&
            open_from(k, k->missed_at + FOLLOW_UP_DELAY) + LAST_MOMENT <= visit)
                broken(k->s, k->p->phone, "nobody has called again after a missed call");
}

static int look_in(struct tenant_tx *tx, void *arg)
{
        struct care *k = arg;
        struct vio_call_filter calls = VIO_CALL_FILTER_INIT;
        struct vio_task_filter tasks = VIO_TASK_FILTER_INIT;
        calls.contact = tasks.contact = k->p->id;
        calls.limit = tasks.limit = 500;
        int r = contact_load(tx, k->p->id, &k->contact);
        if (!r)
                r = call_each(tx, &calls, note_call, k);
        if (!r)
                r = task_each(tx, &tasks, note_task, k);
        return r;
}

void care_check(struct sim *s, const struct patient *p)
{
        struct care k = {.s = s, .p = p};
        struct fault f = {0};
        if (!p->id.v)
                return;
        int r = store_read_tenant(s->v->engine.store, p->clinic->id, look_in, &k, &f);
        if (r)
                broken(s, p->phone, "the tasks cannot be read: %s", vio_err_name(r));
        judge(&k);
        contact_done(&k.contact);
}
