/* people.c - what patients and the staff do, and what is remembered of it when it was promised. */
#include <stdio.h>
#include <string.h>

#include "sim.h"

bool people_accept(struct sim *s, const char *about, const char *deed, int r)
{
        bool excused = r == VIO_E_STORAGE || r == VIO_E_NOMEM || r == VIO_E_BUSY ||
                       r == VIO_E_UPSTREAM || r == VIO_E_REFUSED;
        tell(s, about, "%s -> %d", deed, r);
        if (r != VIO_OK && !excused)
                broken(s, about, "%s was answered with %s", deed, vio_err_name(r));
        return r == VIO_OK;
}

vio_time people_draw_appointment(struct sim *s)
{
        return s->now + s->skew + 30 * MINUTES +
               chance_below(&s->chance, 40 * HOURS / MINUTES) * MINUTES;
}

static int find_phone(void *data, const vio_contact *c)
{
        struct patient *p = data;
        const char *phone = vio_contact_get_phone(c);
        if (phone && strcmp(phone, p->phone) == 0)
                p->id = vio_contact_get_id(c);
        return 0;
}

static void take_record(struct sim *s, struct patient *p, const vio_contact *c)
{
        p->appointment = vio_contact_get_appointment_time(c);
        p->status = vio_contact_get_appointment_status(c);
        p->opted_out = vio_contact_get_opted_out(c);
        if (p->opted_out && p->opted_out_at == VIO_TIME_NONE)
                p->opted_out_at = s->now;
}

/* Whoever was to be removed is there or not, and so is whoever was to be added. */
void people_learn(struct sim *s, struct patient *p)
{
        struct vio_contact_filter all = VIO_CONTACT_FILTER_INIT;
        vio_contact *c = NULL;
        vio_contact_id before = p->id;
        if (disk_is_cut(s->disk))
                return;
        disk_hold(s->disk, true);
        p->id.v = 0;
        if (vio_contact_each(p->clinic->handle, &all, find_phone, p) != VIO_OK ||
            (p->id.v && vio_contact_get(p->clinic->handle, p->id, &c) != VIO_OK))
                broken(s, p->phone, "the record cannot be read");
        if (before.v && !p->id.v) {
                p->removed = before;
                p->erased = false; /* as far as is known */
        }
        if (c)
                take_record(s, p, c);
        vio_contact_free(c);
        disk_hold(s->disk, false);
        p->unsure = false;
}

static void arrive(struct sim *s, struct patient *p)
{
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        vio_contact_id id = {0};
        f.name = "Patient";
        f.phone = p->phone;
        f.appointment_time = people_draw_appointment(s);
        f.appointment_type = "Check-up";
        int r = vio_contact_add(p->clinic->handle, &f, &id);
        p->unsure = !people_accept(s, p->phone, "a contact is added", r);
        p->added_at = s->now;
        if (p->unsure)
                return;
        p->id = id;
        p->appointment = f.appointment_time;
        p->status = VIO_APPOINTMENT_PENDING;
}

void people_arrive(struct sim *s)
{
        for (int i = 0; i < CLINICS * PATIENTS; i++) {
                struct patient *p = &s->patients[i];
                int ending = (int)chance_between(&s->chance, 1, 15);
                *p = (struct patient){.clinic = &s->clinics[i / PATIENTS],
                                      .opted_out_at = VIO_TIME_NONE};
                /* The same numbers in every clinic. */
                snprintf(p->phone, sizeof(p->phone), "+1415555%02d%02d", i % PATIENTS, ending);
        }
}

void people_move(struct sim *s, struct patient *p)
{
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        if (!p->id.v || p->unsure)
                return;
        f.appointment_time = people_draw_appointment(s);
        int r = vio_contact_change(p->clinic->handle, p->id, &f);
        p->unsure = !people_accept(s, p->phone, "an appointment is moved", r);
        if (p->unsure)
                return;
        p->appointment = f.appointment_time;
        p->status = VIO_APPOINTMENT_PENDING;
}

void people_opt_out(struct sim *s, struct patient *p)
{
        if (!p->id.v || p->opted_out || p->unsure)
                return;
        int r = vio_contact_opt_out(p->clinic->handle, p->id, true, "asked at the desk");
        p->unsure = !people_accept(s, p->phone, "a patient opts out", r);
        if (p->unsure)
                return;
        p->opted_out = true;
        p->opted_out_at = s->now;
}

void people_call(struct sim *s, struct patient *p)
{
        vio_call *c = NULL;
        if (!p->id.v || p->unsure)
                return;
        int r = vio_call_now(p->clinic->handle, p->id, &c);
        people_accept(s, p->phone, "a patient is called by hand", r);
        vio_call_free(c);
}

static void call_now(struct sim *s, struct patient *p)
{
        people_call(s, p);
        if (strikes(s, FAULT_called_twice))
                people_call(s, p);
}

static void begin_outage(struct sim *s, struct patient *p)
{
        (void)p;
        if (strikes(s, FAULT_outage))
                s->outage_until = s->now + 3 * HOURS;
}

static void fill_disk(struct sim *s, struct patient *p)
{
        (void)p;
        if (!strikes(s, FAULT_disk_full))
                return;
        s->full_until = s->now + 10 * MINUTES;
        disk_fill(s->disk, true);
}

static void cut_power_soon(struct sim *s, struct patient *p)
{
        (void)p;
        if (strikes(s, FAULT_power_cut))
                disk_cut_at(s->disk, (uint64_t)chance_between(&s->chance, 1, 200));
        if (strikes(s, FAULT_disk_error))
                disk_fail_at(s->disk, (uint64_t)chance_between(&s->chance, 1, 200));
}

static void set_clock_back(struct sim *s, struct patient *p)
{
        (void)p;
        if (strikes(s, FAULT_clock_back))
                s->skew -= chance_below(&s->chance, 90) * SECONDS;
}

static void occupy_disk(struct sim *s, struct patient *p)
{
        (void)p;
        if (!strikes(s, FAULT_disk_busy))
                return;
        s->busy_until = s->now + chance_between(&s->chance, 10, 300) * SECONDS;
        disk_occupy(s->disk, true);
}

void people_act(struct sim *s)
{
        static void (*const deeds[])(struct sim *, struct patient *) = {
            people_move,      people_move, call_now,       call_now,     call_now,
            begin_outage,     fill_disk,   cut_power_soon, staff_decide, set_clock_back,
            staff_rotate_key, occupy_disk, staff_suspend,  staff_remove,
        };
        static void (*const arrivals[])(struct sim *, struct patient *) = {arrive, arrive,
                                                                           staff_import};
        struct patient *p = &s->patients[chance_below(&s->chance, CLINICS * PATIENTS)];
        if (p->unsure)
                people_learn(s, p);
        if (!p->id.v && !p->unsure)
                arrivals[chance_below(&s->chance, 3)](s, p);
        else if (chance_permille(&s->chance, 8))
                people_opt_out(s, p);
        else
                deeds[chance_below(&s->chance, (int64_t)(sizeof(deeds) / sizeof(deeds[0])))](s, p);
}
