/* staff.c - what the staff of a clinic and the operator do. */
#include <stdio.h>
#include <string.h>

#include "sim.h"

void staff_decide(struct sim *s, struct patient *p)
{
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        if (!p->id.v || p->unsure)
                return;
        f.appointment_status = (int)chance_below(&s->chance, VIO_APPOINTMENT_RESCHEDULED + 1);
        int r = vio_contact_change(p->clinic->handle, p->id, &f);
        p->unsure = !people_accept(s, p->phone, "the staff decides", r);
        if (!p->unsure)
                p->status = (enum vio_appointment_status)f.appointment_status;
}

/* For another number of days, or for ever; erased in half of the cases. */
void staff_remove(struct sim *s, struct patient *p)
{
        if (!p->id.v || p->unsure || !chance_permille(&s->chance, 150))
                return;
        bool erase = chance_below(&s->chance, 2);
        int r = vio_contact_remove(p->clinic->handle, p->id, erase);
        if (!people_accept(s, p->phone, erase ? "is erased" : "is removed", r)) {
                p->unsure = true;
                return;
        }
        p->removed = p->id;
        p->erased = erase;
        p->id.v = 0;
}

static void on_row(void *data, const struct vio_import_row *row)
{
        struct patient *p = data;
        if (row->verdict == VIO_IMPORT_ADDED)
                p->id = row->contact;
}

/* The file of another system with one new patient in it, twice. */
void staff_import(struct sim *s, struct patient *p)
{
        char text[256];
        char when[VIO_TIME_TEXT];
        struct vio_import in = VIO_IMPORT_INIT;
        struct vio_import_report report = VIO_IMPORT_REPORT_INIT;
        if (p->id.v || p->unsure)
                return;
        vio_time appointment = people_draw_appointment(s) / SECONDS * SECONDS;
        vio_time_format(appointment, when);
        in.len = (size_t)snprintf(text, sizeof(text),
                                  "name,phone,appointmentTime\r\nPatient,%s,%s\r\n"
                                  "Patient,%s,%s\r\n",
                                  p->phone, when, p->phone, when);
        in.text = text;
        int r = vio_contact_import(p->clinic->handle, &in, on_row, p, &report);
        p->unsure = !people_accept(s, p->phone, "a file is imported", r);
        p->added_at = s->now;
        if (p->unsure)
                return;
        if (report.added != 1 || report.duplicates != 1 || report.bad)
                broken(s, p->phone, "a file of one patient added %lld", (long long)report.added);
        p->appointment = appointment;
        p->status = VIO_APPOINTMENT_PENDING;
}

static void suspend(struct sim *s, struct clinic *c, bool suspended)
{
        vio_operator *op = NULL;
        int r = vio_operator_open(s->v, NULL, &op);
        if (!r)
                r = vio_tenant_suspend(op, c->id, suspended, "the bill is open");
        vio_operator_free(op);
        c->suspension_unsure =
            !people_accept(s, "", suspended ? "a clinic is suspended" : "a clinic goes on", r);
        if (!c->suspension_unsure || suspended)
                c->suspended = suspended;
}

void staff_suspend(struct sim *s, struct patient *p)
{
        struct clinic *c = p->clinic;
        if (c->suspended || !strikes(s, FAULT_suspended))
                return;
        suspend(s, c, true);
        c->suspended_until = s->now + chance_between(&s->chance, 1, 6) * HOURS;
}

void staff_resume(struct sim *s)
{
        for (int i = 0; i < CLINICS; i++) {
                struct clinic *c = &s->clinics[i];
                if (!c->suspended || (!s->calm && s->now < c->suspended_until))
                        continue;
                suspend(s, c, false);
                c->suspended_until = s->now + 5 * MINUTES;
        }
}

void staff_rotate_key(struct sim *s, struct patient *p)
{
        struct clinic *c = p->clinic;
        char key[64];
        if (!strikes(s, FAULT_key_rotated))
                return;
        snprintf(key, sizeof(key), "key_of_clinic_%llu",
                 (unsigned long long)chance_next(&s->chance));
        const struct vio_setting setting = {"retell_api_key", key};
        int r = vio_tenant_set(c->handle, &setting, 1);
        c->key_unsure = !people_accept(s, "", "a key is rotated", r);
        if (!c->key_unsure)
                snprintf(c->key, sizeof(c->key), "%s", key);
}
