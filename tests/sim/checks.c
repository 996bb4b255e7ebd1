/* checks.c - what must hold, whatever happened. */
#include <stdlib.h>
#include <string.h>

#include "abi/handle.h"
#include "people.h"
#include "sim.h"
#include "store/rows.h"

static int64_t length_of(const char *phone)
{
        const struct person *p = person_of(phone);
        return p->ring_ms + p->talk_ms;
}

/* What the world's own ledger says of one number and one clinic. */
static size_t rings_of(struct sim *s, const struct patient *p, struct world_ring *ret)
{
        static struct world_ring all[MOST_RINGS];
        size_t n = world_rings(s->world, p->phone, all, MOST_RINGS);
        size_t kept = 0;
        for (size_t i = 0; i < n && i < MOST_RINGS; i++) {
                /* A clinic is told by the references of its calls: keys change. */
                vio_call_id id;
                vio_call *c = NULL;
                if (!all[i].attempt_ref || vio_call_id_parse(all[i].attempt_ref, &id) < 0)
                        broken(s, p->phone, "a call was placed without a reference");
                if (vio_call_get(p->clinic->handle, id, &c) == VIO_OK)
                        ret[kept++] = all[i];
                vio_call_free(c);
        }
        return kept;
}

static void check_pair(struct sim *s, const struct patient *p, const struct world_ring *a,
                       const struct world_ring *b)
{
        if (strcmp(a->attempt_ref, b->attempt_ref) == 0)
                broken(s, p->phone, "one call session rang twice: %s", a->attempt_ref);
        if (b->at < a->at + length_of(p->phone))
                broken(s, p->phone, "two calls to one number at once: %s, %s", a->attempt_ref,
                       b->attempt_ref);
}

/* Whether the window is open, or was it a minute ago: a request may be on its way that long. */
static bool in_window(const struct patient *p, vio_time t)
{
        struct vio_local l;
        vio_zone_local(p->clinic->zone, t, &l);
        int minute = l.hour * 60 + l.minute;
        return minute >= VIO_WINDOW_EARLIEST && minute <= VIO_WINDOW_LATEST;
}

/* The library goes by its own clock, which may have been set back since. */
static void check_moment(struct sim *s, const struct patient *p, const struct world_ring *r)
{
        char when[VIO_TIME_TEXT];
        if (!in_window(p, r->at) && !in_window(p, r->at + s->skew))
                broken(s, p->phone, "a call outside of the window at %s",
                       vio_time_format(r->at, when));
        if (p->opted_out_at != VIO_TIME_NONE && r->at > p->opted_out_at + 31 * SECONDS)
                broken(s, p->phone, "a call after the patient opted out");
}

static void check_days(struct sim *s, const struct patient *p, const struct world_ring *rings,
                       size_t n)
{
        int64_t day = -1;
        int in_day = 0;
        for (size_t i = 0; i < n; i++) {
                struct vio_local l;
                if (rings[i].at < p->added_at)
                        continue;
                vio_zone_local(p->clinic->zone, rings[i].at, &l);
                in_day = l.day_number == day ? in_day + 1 : 1;
                day = l.day_number;
                if (in_day > VIO_DAILY_LIMIT)
                        broken(s, p->phone, "%d calls in one day", in_day);
        }
}

static void check_rings(struct sim *s, const struct patient *p)
{
        static struct world_ring rings[MOST_RINGS];
        size_t n = rings_of(s, p, rings);
        for (size_t i = 0; i < n; i++) {
                check_moment(s, p, &rings[i]);
                if (i)
                        check_pair(s, p, &rings[i - 1], &rings[i]);
        }
        check_days(s, p, rings, n);
}

/* One patient each time, in turn: all of them are looked at soon enough to tell what led to it. */
void checks_often(struct sim *s)
{
        if (s->steps % 8 != 0 || disk_is_cut(s->disk))
                return;
        disk_hold(s->disk, true);
        check_rings(s, &s->patients[s->steps / 8 % (CLINICS * PATIENTS)]);
        disk_hold(s->disk, false);
        s->checks++;
}

/* What was promised of a patient */

static int check_words(void *data, const vio_call *c)
{
        struct sim *s = data;
        if (!c->is_erased)
                broken(s, vio_call_get_id(c).s, "a call of somebody who was erased is kept whole");
        return 0;
}

static void check_erased(struct sim *s, const struct patient *p)
{
        struct vio_call_filter f = VIO_CALL_FILTER_INIT;
        f.contact = p->removed;
        f.limit = 500;
        if (vio_call_each(p->clinic->handle, &f, check_words, s) != VIO_OK)
                broken(s, p->phone, "the calls of somebody who was erased cannot be read");
}

static void check_removed(struct sim *s, const struct patient *p)
{
        vio_contact *c = NULL;
        int r = vio_contact_get(p->clinic->handle, p->removed, &c);
        vio_contact_free(c);
        if (r != VIO_E_NOTFOUND)
                broken(s, p->phone, "a contact that was removed is there: %d", r);
        if (p->erased)
                check_erased(s, p);
}

static void check_patient(struct sim *s, const struct patient *p)
{
        vio_contact *c = NULL;
        if (p->removed.v)
                check_removed(s, p);
        if (!p->id.v || p->unsure)
                return;
        int r = vio_contact_get(p->clinic->handle, p->id, &c);
        if (r != VIO_OK)
                broken(s, p->phone, "a contact that was acknowledged is %s", vio_err_name(r));
        if (vio_contact_get_appointment_time(c) != p->appointment)
                broken(s, p->phone, "an appointment that was acknowledged is another");
        if (p->opted_out && !vio_contact_get_opted_out(c))
                broken(s, p->phone, "an opt-out that was acknowledged is gone");
        vio_contact_free(c);
}

void checks_whole(struct sim *s)
{
        struct fault f = {0};
        if (disk_is_cut(s->disk))
                return;
        disk_hold(s->disk, true);
        for (int i = 0; i < CLINICS * PATIENTS; i++) {
                if (s->patients[i].unsure)
                        people_learn(s, &s->patients[i]);
                check_patient(s, &s->patients[i]);
        }
        for (int i = 0; i < CLINICS; i++) {
                recount_clinic(s, &s->clinics[i]);
                ledger_check(s, &s->clinics[i]);
        }
        if (store_check(s->v->engine.store, &f) != VIO_OK)
                broken(s, "", "the database is damaged: %s", f.text);
        disk_hold(s->disk, false);
        s->checks++;
}

/* At the end */

static int check_call(void *data, const vio_call *c)
{
        struct sim *s = data;
        vio_call_id id = vio_call_get_id(c);
        enum vio_dial_state dial = vio_call_get_dial_state(c);
        if (dial == VIO_DIAL_DIALING || dial == VIO_DIAL_UNKNOWN)
                broken(s, id.s, "a dial stays %s", vio_dial_state_name(dial));
        if (!vio_call_get_final(c) && vio_call_get_created_at(c) < s->now - 1 * HOURS)
                broken(s, id.s, "a call never becomes final");
        return 0;
}

static int check_task(void *data, const vio_task *task)
{
        struct sim *s = data;
        vio_task_id id = vio_task_get_id(task);
        enum vio_task_status status = vio_task_get_status(task);
        if (status == VIO_TASK_PROCESSING)
                broken(s, id.s, "a task stays in processing");
        if (status == VIO_TASK_PENDING && vio_task_get_scheduled_for(task) < s->now - 15 * MINUTES)
                broken(s, id.s, "a task that fell due long ago is still pending");
        if ((status == VIO_TASK_CANCELLED || status == VIO_TASK_FAILED) &&
            !vio_task_get_reason(task))
                broken(s, id.s, "a task has no reason for its end");
        return 0;
}

/* Each ring of the world is a call that we know of, and the other way round. */
static void check_ledger(struct sim *s, const struct patient *p)
{
        static struct world_ring all[MOST_RINGS];
        size_t n = world_rings(s->world, p->phone, all, MOST_RINGS);
        for (size_t i = 0; i < n; i++) {
                vio_call_id id;
                bool known = false;
                if (vio_call_id_parse(all[i].attempt_ref, &id) < 0)
                        broken(s, p->phone, "a call was placed without a reference");
                for (int k = 0; k < CLINICS && !known; k++) {
                        vio_call *c = NULL;
                        known = vio_call_get(s->clinics[k].handle, id, &c) == VIO_OK;
                        if (known && vio_call_get_dial_state(c) != VIO_DIAL_PLACED)
                                broken(s, p->phone, "a call that rang is %s",
                                       vio_dial_state_name(vio_call_get_dial_state(c)));
                        vio_call_free(c);
                }
                if (!known)
                        broken(s, p->phone, "a call that rang is not known: %s", id.s);
                ledger_check_truth(s, &all[i], p->clinic);
        }
}

void checks_at_end(struct sim *s)
{
        struct vio_call_filter calls = VIO_CALL_FILTER_INIT;
        struct vio_task_filter tasks = VIO_TASK_FILTER_INIT;
        calls.limit = 500;
        tasks.limit = 500;
        for (int i = 0; i < CLINICS; i++) {
                struct clinic *c = &s->clinics[i];
                if (vio_call_each(c->handle, &calls, check_call, s) != VIO_OK ||
                    vio_task_each(c->handle, &tasks, check_task, s) != VIO_OK)
                        broken(s, "", "the end cannot be read");
        }
        for (int i = 0; i < CLINICS * PATIENTS; i++) {
                check_rings(s, &s->patients[i]);
                check_ledger(s, &s->patients[i]);
                care_check(s, &s->patients[i]);
        }
}
