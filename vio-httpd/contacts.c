/* contacts.c - one contact of a tenant: add, show, change, remove; and the count of all. */
#include "fields.h"
#include "handlers.h"

#include <stdio.h>
#include <string.h>

/* What a body says of a contact; the status is still a word. */
struct said {
        struct vio_contact_fields fields;
        const char *status;
};

#define ROW(name, kind, needed, most, member)                                                      \
        {                                                                                          \
                name, kind, needed, most, offsetof(struct said, member)                            \
        }
/* Whoever adds a contact leaves out what there is not; in a change null clears. */
#define PERSON_ROWS(needed, text, time)                                                            \
        ROW("name", text, needed, 200, fields.name), ROW("phone", text, false, 64, fields.phone),  \
            ROW("email", text, false, 254, fields.email),                                          \
            ROW("timeZone", text, false, 64, fields.time_zone),                                    \
            ROW("appointmentDate", text, false, 10, fields.appointment_date),                      \
            ROW("appointmentTime", time, false, 0, fields.appointment_time),                       \
            ROW("appointmentType", text, false, 200, fields.appointment_type),                     \
            ROW("specialInstructions", text, false, 2000, fields.special_instructions)

static const struct field added[] = {PERSON_ROWS(true, FIELD_TEXT, FIELD_TIME)};

static const struct field changed[] = {
    PERSON_ROWS(false, FIELD_TEXT_OR_CLEAR, FIELD_TIME_OR_CLEAR),
    ROW("attentionNote", FIELD_TEXT_OR_CLEAR, false, VIO_ATTENTION_NOTE_MAX, fields.attention_note),
    ROW("noShow", FIELD_BOOL, false, 0, fields.no_show),
    ROW("appointmentStatus", FIELD_TEXT, false, 32, status),
};

static int read_status(struct said *said, struct response *r)
{
        enum vio_appointment_status status;
        if (!said->status)
                return VIO_OK;
        if (vio_appointment_status_parse(said->status, &status) < 0)
                return refuse_field(
                    r, "appointmentStatus",
                    "appointmentStatus must be pending, confirmed, cancelled or rescheduled");
        said->fields.appointment_status = (int)status;
        return VIO_OK;
}

static int read_id(const struct request *q, struct response *r, vio_contact_id *ret)
{
        if (request_item_number(q, &ret->v) < 0)
                return refuse(r, VIO_E_NOTFOUND, "Contact not found");
        return VIO_OK;
}

static int settle(struct response *r, int e)
{
        return e == VIO_E_NOTFOUND ? refuse(r, e, "Contact not found") : e;
}

static int show(vio_tenant *t, vio_contact_id id, struct response *r)
{
        vio_contact *c = NULL;
        int e = settle(r, vio_contact_get(t, id, &c));
        if (e < 0)
                return e;
        vio_contact_write(c, r->body, NULL);
        vio_contact_free(c);
        return VIO_OK;
}

int contacts_add(vio_tenant *t, const struct request *q, struct response *r)
{
        _cleanup_(free_json) vio_json *body = NULL;
        struct said said = {.fields = VIO_CONTACT_FIELDS_INIT};
        vio_contact_id id = {0};
        int e = request_json(q, r, &body);
        if (e == VIO_OK)
                e = fields_read(body, added, count_of(added), &said, r);
        if (e == VIO_OK)
                e = vio_contact_add(t, &said.fields, &id);
        if (e < 0)
                return e;
        r->status = 201;
        snprintf(r->location, sizeof(r->location), "/api/contacts/%lld", (long long)id.v);
        return show(t, id, r);
}

int contacts_get(vio_tenant *t, const struct request *q, struct response *r)
{
        vio_contact_id id;
        int e = read_id(q, r, &id);
        return e < 0 ? e : show(t, id, r);
}

int contacts_stats(vio_tenant *t, const struct request *q, struct response *r)
{
        struct vio_contact_stats stats;
        (void)q;
        int e = vio_contact_stats(t, &stats);
        if (e < 0)
                return e;
        vio_json_begin_object(r->body, NULL);
        vio_json_put_int(r->body, "total", stats.total);
        vio_json_put_int(r->body, "pending", stats.pending);
        vio_json_put_int(r->body, "confirmed", stats.confirmed);
        vio_json_put_int(r->body, "cancelled", stats.cancelled);
        vio_json_put_int(r->body, "rescheduled", stats.rescheduled);
        vio_json_end_object(r->body);
        return VIO_OK;
}

int contacts_change(vio_tenant *t, const struct request *q, struct response *r)
{
        _cleanup_(free_json) vio_json *body = NULL;
        struct said said = {.fields = VIO_CONTACT_FIELDS_INIT};
        vio_contact_id id;
        int e = read_id(q, r, &id);
        if (e == VIO_OK)
                e = request_json(q, r, &body);
        if (e == VIO_OK)
                e = fields_read(body, changed, count_of(changed), &said, r);
        if (e == VIO_OK)
                e = read_status(&said, r);
        if (e == VIO_OK)
                e = settle(r, vio_contact_change(t, id, &said.fields));
        return e < 0 ? e : show(t, id, r);
}

static int read_erase(const struct request *q, struct response *r, bool *ret)
{
        char text[8];
        int given = request_query(q, "erase", text, sizeof(text));
        if (!given)
                return VIO_OK;
        *ret = given > 0 && !strcmp(text, "true");
        if (given < 0 || (!*ret && strcmp(text, "false") != 0))
                return refuse_field(r, "erase", "erase must be true or false");
        return VIO_OK;
}

int contacts_remove(vio_tenant *t, const struct request *q, struct response *r)
{
        vio_contact_id id;
        bool erase = false;
        int e = read_id(q, r, &id);
        if (e == VIO_OK)
                e = read_erase(q, r, &erase);
        if (e == VIO_OK)
                e = settle(r, vio_contact_remove(t, id, erase));
        if (e == VIO_OK)
                r->status = 204;
        return e;
}

struct wish {
        int opted_out;
        const char *reason;
};

static const struct field wishes[] = {
    {"optedOut", FIELD_BOOL, true, 0, offsetof(struct wish, opted_out)},
    {"reason", FIELD_TEXT, false, 500, offsetof(struct wish, reason)},
};

int contacts_opt_out(vio_tenant *t, const struct request *q, struct response *r)
{
        _cleanup_(free_json) vio_json *body = NULL;
        struct wish wish = {0};
        vio_contact_id id;
        int e = read_id(q, r, &id);
        if (e == VIO_OK)
                e = request_json(q, r, &body);
        if (e == VIO_OK)
                e = fields_read(body, wishes, count_of(wishes), &wish, r);
        if (e == VIO_OK)
                e = settle(r, vio_contact_opt_out(t, id, wish.opted_out, wish.reason));
        return e < 0 ? e : show(t, id, r);
}
