/* contacts.c - the contacts of a tenant: list, add, show, count. */
#include "fields.h"
#include "handlers.h"

#include <stdio.h>
#include <string.h>

#define PAGE_ROWS 500

static const struct field rows[] = {
    {"name", FIELD_TEXT, true, 200, offsetof(struct vio_contact_fields, name)},
    {"phone", FIELD_TEXT, false, 64, offsetof(struct vio_contact_fields, phone)},
    {"email", FIELD_TEXT, false, 254, offsetof(struct vio_contact_fields, email)},
    {"timeZone", FIELD_TEXT, false, 64, offsetof(struct vio_contact_fields, time_zone)},
    {"appointmentDate", FIELD_TEXT, false, 10,
     offsetof(struct vio_contact_fields, appointment_date)},
    {"appointmentTime", FIELD_TIME, false, 0,
     offsetof(struct vio_contact_fields, appointment_time)},
    {"appointmentType", FIELD_TEXT, false, 200,
     offsetof(struct vio_contact_fields, appointment_type)},
    {"specialInstructions", FIELD_TEXT, false, 2000,
     offsetof(struct vio_contact_fields, special_instructions)},
};

static int read_filter(const struct request *q, struct response *r, struct vio_contact_filter *ret)
{
        char text[32];
        enum vio_appointment_status status;
        int64_t n;
        int given = request_query(q, "filter", text, sizeof(text));
        if (given < 0 || (given && vio_appointment_status_parse(text, &status) < 0))
                return refuse_field(r, "filter",
                                    "filter must be pending, confirmed, cancelled or rescheduled");
        if (given)
                ret->status = (int)status;
        given = request_query(q, "limit", text, sizeof(text));
        if (given < 0 || (given && number_parse(text, &n) < 0))
                return refuse_field(r, "limit", "limit must be a whole number above 0");
        if (given)
                ret->limit = (size_t)n;
        given = request_query(q, "after", text, sizeof(text));
        if (given < 0 || (given && number_parse(text, &n) < 0))
                return refuse_field(r, "after", "after must be the id of a contact");
        if (given)
                ret->after.v = n;
        return VIO_OK;
}

/* One look into the store at a list: what came of it. */
struct page {
        vio_json_writer *body;
        size_t n;
        vio_contact_id last;
};

static int write_contact(void *data, const vio_contact *c)
{
        struct page *page = data;
        vio_contact_write(c, page->body, NULL);
        page->last = vio_contact_get_id(c);
        page->n++;
        return 0;
}

/* Page by page, so that a client that reads slowly never holds the store's reader. */
static int write_contacts(vio_tenant *t, struct vio_contact_filter *filter, struct response *r)
{
        size_t left = filter->limit ? filter->limit : SIZE_MAX;
        struct page page = {.body = r->body, .n = PAGE_ROWS};
        int e = VIO_OK;
        while (e == VIO_OK && left && page.n == PAGE_ROWS) {
                page.n = 0;
                filter->limit = left < PAGE_ROWS ? left : PAGE_ROWS;
                e = vio_contact_each(t, filter, write_contact, &page);
                filter->after = page.last;
                left -= page.n;
                if (e == VIO_OK)
                        e = response_pass(r);
        }
        return e;
}

int contacts_list(vio_tenant *t, const struct request *q, struct response *r)
{
        struct vio_contact_filter filter = VIO_CONTACT_FILTER_INIT;
        int e = read_filter(q, r, &filter);
        if (e < 0)
                return e;
        vio_json_begin_array(r->body, NULL);
        e = write_contacts(t, &filter, r);
        vio_json_end_array(r->body);
        return e;
}

static int show(vio_tenant *t, vio_contact_id id, struct response *r)
{
        vio_contact *c = NULL;
        int e = vio_contact_get(t, id, &c);
        if (e == VIO_E_NOTFOUND)
                return refuse(r, e, "Contact not found");
        if (e < 0)
                return e;
        vio_contact_write(c, r->body, NULL);
        vio_contact_free(c);
        return VIO_OK;
}

int contacts_add(vio_tenant *t, const struct request *q, struct response *r)
{
        _cleanup_(free_json) vio_json *body = NULL;
        struct vio_contact_fields fields = VIO_CONTACT_FIELDS_INIT;
        vio_contact_id id = {0};
        int e = request_json(q, r, &body);
        if (e == VIO_OK)
                e = fields_read(body, rows, count_of(rows), &fields, r);
        if (e == VIO_OK)
                e = vio_contact_add(t, &fields, &id);
        if (e < 0)
                return e;
        r->status = 201;
        snprintf(r->location, sizeof(r->location), "/api/contacts/%lld", (long long)id.v);
        return show(t, id, r);
}

int contacts_get(vio_tenant *t, const struct request *q, struct response *r)
{
        vio_contact_id id;
        if (request_item_number(q, &id.v) < 0)
                return refuse(r, VIO_E_NOTFOUND, "Contact not found");
        return show(t, id, r);
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
        (void)t;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int contacts_remove(vio_tenant *t, const struct request *q, struct response *r)
{
        (void)t;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int contacts_opt_out(vio_tenant *t, const struct request *q, struct response *r)
{
        (void)t;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}
