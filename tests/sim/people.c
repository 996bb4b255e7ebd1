/* people.c - what patients and the staff do, and what is remembered of it when it was promised. */
#include <stdio.h>
#include <string.h>

#include "sim.h"

/* What may be answered to anybody when the disk, the network or another process is at fault. */
static void accept(struct sim *s, const char *about, const char *deed, int r)
{
        bool excused = r == VIO_E_STORAGE || r == VIO_E_NOMEM || r == VIO_E_BUSY ||
                       r == VIO_E_UPSTREAM || r == VIO_E_REFUSED;
        tell(s, about, "%s -> %d", deed, r);
        if (r != VIO_OK && !excused)
                broken(s, about, "%s was answered with %s", deed, vio_err_name(r));
}

static vio_time draw_appointment(struct sim *s)
{
        return s->now + s->skew + 30 * MINUTES +
               chance_below(&s->chance, 40 * HOURS / MINUTES) * MINUTES;
}

/* After a failure nobody knows whether it was done; the record tells, when it can be read. */
static void learn(struct sim *s, struct patient *p)
{
        vio_contact *c = NULL;
        (void)s;
        if (!p->id.v || vio_contact_get(p->clinic->handle, p->id, &c) != VIO_OK)
                return;
        p->appointment = vio_contact_get_appointment_time(c);
        p->opted_out = vio_contact_get_opted_out(c);
        vio_contact_free(c);
}

static void arrive(struct sim *s, struct patient *p)
{
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        vio_contact_id id = {0};
        f.name = "Patient";
        f.phone = p->phone;
        f.appointment_time = draw_appointment(s);
        f.appointment_type = "Check-up";
        int r = vio_contact_add(p->clinic->handle, &f, &id);
        accept(s, p->phone, "a contact is added", r);
        if (r == VIO_OK) {
                p->id = id;
                p->appointment = f.appointment_time;
        }
}

void people_arrive(struct sim *s)
{
        for (int i = 0; i < CLINICS * PATIENTS; i++) {
                struct patient *p = &s->patients[i];
                int ending = (int)chance_between(&s->chance, 1, 15);
                *p = (struct patient){.clinic = &s->clinics[i / PATIENTS],
                                      .opted_out_at = VIO_TIME_NONE,
                                      .cancelled_at = VIO_TIME_NONE};
                /* The same numbers in every clinic. */
                snprintf(p->phone, sizeof(p->phone), "+1415555%02d%02d", i % PATIENTS, ending);
        }
}

void people_move(struct sim *s, struct patient *p)
{
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        if (!p->id.v)
                return;
        f.appointment_time = draw_appointment(s);
        int r = vio_contact_change(p->clinic->handle, p->id, &f);
        accept(s, p->phone, "an appointment is moved", r);
        if (r == VIO_OK)
                p->appointment = f.appointment_time;
        else
                learn(s, p);
}

void people_opt_out(struct sim *s, struct patient *p)
{
        if (!p->id.v || p->opted_out)
                return;
        int r = vio_contact_opt_out(p->clinic->handle, p->id, true, "asked at the desk");
        accept(s, p->phone, "a patient opts out", r);
        if (r == VIO_OK) {
                p->opted_out = true;
                p->opted_out_at = s->now;
        }
}

static void call_now(struct sim *s, struct patient *p)
{
        vio_call *c = NULL;
        if (!p->id.v)
                return;
        int r = vio_call_now(p->clinic->handle, p->id, &c);
        accept(s, p->phone, "a patient is called by hand", r);
        vio_call_free(c);
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

static void rotate_key(struct sim *s, struct patient *p)
{
        struct clinic *c = p->clinic;
        char key[64];
        if (!strikes(s, FAULT_key_rotated))
                return;
        snprintf(key, sizeof(key), "key_of_clinic_%llu",
                 (unsigned long long)chance_next(&s->chance));
        const struct vio_setting setting = {"retell_api_key", key};
        int r = vio_tenant_set(c->handle, &setting, 1);
        accept(s, "", "a key is rotated", r);
        if (r == VIO_OK)
                snprintf(c->key, sizeof(c->key), "%s", key);
}

void people_act(struct sim *s)
{
        static void (*const deeds[])(struct sim *, struct patient *) = {
            people_move,    call_now,       call_now,       begin_outage,   fill_disk,
            cut_power_soon, cut_power_soon, cut_power_soon, set_clock_back, rotate_key,
        };
        struct patient *p = &s->patients[chance_below(&s->chance, CLINICS * PATIENTS)];
        if (!p->id.v)
                arrive(s, p);
        else if (chance_permille(&s->chance, 15))
                people_opt_out(s, p);
        else
                deeds[chance_below(&s->chance, (int64_t)(sizeof(deeds) / sizeof(deeds[0])))](s, p);
}
