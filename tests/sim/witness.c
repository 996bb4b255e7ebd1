/* witness.c - looks at each dial in the moment it is placed: what the record and the promises say.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"
#include "store/rows.h"

/* What a request to place a call asks for. */
struct asked {
        char phone[20];
        vio_call_id call;
        struct clinic *clinic;
        vio_contact_id contact;
};

static int64_t number_of(const vio_json *metadata, const char *name)
{
        const char *text = vio_json_text(vio_json_get(metadata, name));
        return text ? strtoll(text, NULL, 10) : 0;
}

static void read_request(struct sim *s, const struct vio_http_request *rq, struct asked *ret)
{
        vio_json *body = NULL;
        if (vio_json_parse(rq->body, rq->body_len, &body) < 0)
                broken(s, "", "a dial is no JSON");
        const vio_json *metadata = vio_json_get(body, "metadata");
        const char *phone = vio_json_text(vio_json_get(body, "to_number"));
        const char *ref = vio_json_text(vio_json_get(metadata, "attempt_ref"));
        int64_t tenant = number_of(metadata, "tenant_id");
        *ret = (struct asked){.contact = {number_of(metadata, "contact_id")}};
        snprintf(ret->phone, sizeof(ret->phone), "%s", phone ? phone : "");
        for (int i = 0; i < CLINICS; i++)
                if (s->clinics[i].id.v == tenant)
                        ret->clinic = &s->clinics[i];
        if (!ret->clinic || !ref || vio_call_id_parse(ref, &ret->call) < 0)
                broken(s, ret->phone, "a dial is for nobody");
        vio_json_free(body);
}

static void check_planned(struct sim *s, const struct asked *a, const struct vio_call *call,
                          const struct vio_contact *c)
{
        if (c->appointment_status != VIO_APPOINTMENT_PENDING)
                broken(s, a->phone, "a planned call about an appointment that is decided");
        if (c->appointment_time <= s->now + s->skew - 1 * MINUTES)
                broken(s, a->phone, "a planned call after the visit began");
        if (c->appointment_revision != call->appointment_revision)
                broken(s, a->phone, "a planned call about another appointment");
}

static void check_record(struct sim *s, const struct asked *a, const struct vio_call *call,
                         const struct vio_contact *c)
{
        if (call->contact.v != a->contact.v || !c->phone || strcmp(c->phone, a->phone) != 0)
                broken(s, a->phone, "a dial to somebody else's number");
        if (c->opted_out)
                broken(s, a->phone, "a dial against the will on record");
        if (call->type != VIO_CALL_TYPE_MANUAL)
                check_planned(s, a, call, c);
}

/* What was promised, whatever the record says. */
static void check_promises(struct sim *s, const struct asked *a, const struct vio_call *call,
                           const struct patient *p)
{
        if (p->unsure)
                return;
        if (p->opted_out)
                broken(s, a->phone, "a dial after the patient opted out");
        if (p->id.v != a->contact.v)
                broken(s, a->phone, "a dial for a contact that is gone");
        if (call->type == VIO_CALL_TYPE_MANUAL)
                return;
        if (p->status != VIO_APPOINTMENT_PENDING)
                broken(s, a->phone, "a planned call although the staff has decided");
        if (p->appointment <= s->now + s->skew - 1 * MINUTES)
                broken(s, a->phone, "a planned call after the promised visit began");
}

static struct patient *patient_of(struct sim *s, const struct asked *a)
{
        for (int i = 0; i < CLINICS * PATIENTS; i++) {
                struct patient *p = &s->patients[i];
                if (p->clinic == a->clinic && strcmp(p->phone, a->phone) == 0)
                        return p;
        }
        return NULL;
}

static void check(struct sim *s, const struct asked *a)
{
        vio_call *call = NULL;
        vio_contact *c = NULL;
        int r = vio_call_get(a->clinic->handle, a->call, &call);
        if (!r)
                r = vio_contact_get(a->clinic->handle, a->contact, &c);
        if (r)
                broken(s, a->phone, "a dial of which nothing is on record: %s", vio_err_name(r));
        if (a->clinic->suspended && !a->clinic->suspension_unsure)
                broken(s, a->phone, "a dial for a clinic that is suspended");
        check_record(s, a, call, c);
        if (s->dialled)
                check_promises(s, a, call, s->dialled);
        vio_contact_free(c);
        vio_call_free(call);
}

void witness_dial(struct sim *s, const struct vio_http_request *rq)
{
        struct asked a;
        read_request(s, rq, &a);
        tell(s, a.phone, "is dialled for clinic %lld: %s", (long long)a.clinic->id.v, a.call.s);
        s->calls++;
        s->dialled = patient_of(s, &a);
        if (disk_is_cut(s->disk))
                return;
        disk_hold(s->disk, true);
        check(s, &a);
        disk_hold(s->disk, false);
        s->checks++;
}
