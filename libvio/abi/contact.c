/* contact.c - contacts: public functions, getters, and their JSON. */
#include <vio/contact.h>

#include <string.h>

#include "abi/handle.h"
#include "base/mem.h"
#include "base/text.h"
#include "flow/appointment.h"
#include "flow/contact_remove.h"
#include "rules/display.h"
#include "rules/sized.h"
#include "store/contact_cursor.h"
#include "store/contacts.h"

/* Contacts of a page when nobody says how many. */
#define STANDARD_PAGE 100

int vio_contact_add(vio_tenant *t, const struct vio_contact_fields *fields, vio_contact_id *ret)
{
        struct acting a = tenant_acts(t);
        return contact_create(&a, fields, ret);
}

int vio_contact_change(vio_tenant *t, vio_contact_id id, const struct vio_contact_fields *fields)
{
        struct acting a = tenant_acts(t);
        return contact_change(&a, id, fields);
}

int vio_contact_opt_out(vio_tenant *t, vio_contact_id id, bool opted_out, const char *reason)
{
        struct acting a = tenant_acts(t);
        return contact_opt_out(&a, id, opted_out, reason);
}

int vio_contact_remove(vio_tenant *t, vio_contact_id id, bool erase)
{
        struct acting a = tenant_acts(t);
        return contact_remove(&a, id, erase);
}

struct reading {
        vio_contact_id id;
        vio_contact *contact;
};

static int get_in(struct tenant_tx *tx, void *arg)
{
        struct reading *read = arg;
        return contact_load(tx, read->id, read->contact);
}

int vio_contact_get(vio_tenant *t, vio_contact_id id, vio_contact **ret)
{
        struct acting a = tenant_acts(t);
        struct reading read = {id, mem_new(sizeof(vio_contact))};

        if (!read.contact)
                return fault_plain(a.fault, VIO_E_NOMEM);
        int r = store_read_tenant(a.e->store, a.tenant, get_in, &read, a.fault);
        if (r) {
                vio_contact_free(read.contact);
                return r == VIO_E_NOTFOUND ? fault_set(a.fault, r, "Contact not found") : r;
        }
        read.contact->as_of = a.now;
        *ret = read.contact;
        return 0;
}

struct listing {
        struct vio_contact_filter filter;
        vio_time now;
        int (*cb)(void *data, const vio_contact *c);
        void *data;
        char cursor[VIO_CONTACT_CURSOR];
};

/* What the first release knew of the filter; the rest has defaults. */
#define LEAST_FILTER offsetof(struct vio_contact_filter, needs_attention)

static int check_search(const struct acting *a, const char *search)
{
        size_t len = search ? strlen(search) : 0;
        if (len > VIO_CONTACT_SEARCH_MAX || !utf8_valid(search ? search : "", len))
                return fault_set(a->fault, VIO_E_INVALID,
                                 "search: must be UTF-8 of at most %d bytes",
                                 VIO_CONTACT_SEARCH_MAX);
        return 0;
}

static int read_filter(const struct acting *a, const struct vio_contact_filter *filter,
                       struct vio_contact_filter *ret)
{
        *ret = (struct vio_contact_filter)VIO_CONTACT_FILTER_INIT;
        if (!filter || filter->size < LEAST_FILTER)
                return fault_set(a->fault, VIO_E_INVALID, "the filter was not initialised");
        sized_read(ret, sizeof(*ret), filter);
        if (ret->status < -1 || ret->status > VIO_APPOINTMENT_RESCHEDULED)
                return fault_set(a->fault, VIO_E_INVALID, "status: there is no such status");
        if ((unsigned)ret->sort > VIO_CONTACT_BY_UPDATE)
                return fault_set(a->fault, VIO_E_INVALID, "sort: there is no such order");
        if (ret->after.v && (ret->sort != VIO_CONTACT_BY_ID || ret->descending || ret->cursor))
                return fault_set(a->fault, VIO_E_INVALID,
                                 "after: is for lists in ascending order of id");
        return check_search(a, ret->search);
}

static int list_in(struct tenant_tx *tx, void *arg)
{
        struct listing *l = arg;
        return contact_list(tx, &l->filter, l->now, l->cb, l->data, l->cursor);
}

static int list(const struct acting *a, struct listing *l)
{
        struct contact_position ignored;
        const char *cursor = l->filter.cursor;

        if (cursor && *cursor && contact_cursor_read(&l->filter, cursor, &ignored) < 0)
                return fault_set(a->fault, VIO_E_INVALID,
                                 "after: is no cursor of a list in this order");
        return store_read_tenant(a->e->store, a->tenant, list_in, l, a->fault);
}

int vio_contact_each(vio_tenant *t, const struct vio_contact_filter *filter,
                     int (*cb)(void *data, const vio_contact *c), void *data)
{
        struct acting a = tenant_acts(t);
        struct listing l = {.now = a.now, .cb = cb, .data = data};

        int r = read_filter(&a, filter, &l.filter);
        return r ? r : list(&a, &l);
}

int vio_contact_page(vio_tenant *t, const struct vio_contact_filter *filter,
                     int (*cb)(void *data, const vio_contact *c), void *data,
                     char ret_cursor[VIO_CONTACT_CURSOR])
{
        struct acting a = tenant_acts(t);
        struct listing l = {.now = a.now, .cb = cb, .data = data};

        int r = read_filter(&a, filter, &l.filter);
        if (r)
                return r;
        if (!l.filter.limit)
                l.filter.limit = STANDARD_PAGE;
        if (l.filter.limit > VIO_CONTACT_PAGE_MAX)
                return fault_set(a.fault, VIO_E_INVALID, "limit: must be a number from 1 to %d",
                                 VIO_CONTACT_PAGE_MAX);
        r = list(&a, &l);
        if (!r)
                memcpy(ret_cursor, l.cursor, sizeof(l.cursor));
        return r;
}

static int stats_in(struct tenant_tx *tx, void *arg)
{
        return contact_stats(tx, arg);
}

int vio_contact_stats(vio_tenant *t, struct vio_contact_stats *ret)
{
        struct acting a = tenant_acts(t);
        struct vio_contact_stats stats;
        int r = store_read_tenant(a.e->store, a.tenant, stats_in, &stats, a.fault);
        if (!r)
                *ret = stats;
        return r;
}

vio_contact *vio_contact_free(vio_contact *c)
{
        if (c) {
                contact_done(c);
                mem_free(c);
        }
        return NULL;
}

vio_contact_id vio_contact_get_id(const vio_contact *c)
{
        return c->id;
}

const char *vio_contact_get_name(const vio_contact *c)
{
        return c->name;
}

const char *vio_contact_get_phone(const vio_contact *c)
{
        return c->phone;
}

const char *vio_contact_get_email(const vio_contact *c)
{
        return c->email;
}

vio_time vio_contact_get_appointment_time(const vio_contact *c)
{
        return c->appointment_time;
}

enum vio_appointment_status vio_contact_get_appointment_status(const vio_contact *c)
{
        return c->appointment_status;
}

enum vio_outcome vio_contact_get_last_call_outcome(const vio_contact *c)
{
        return c->last_call_outcome;
}

int64_t vio_contact_get_call_attempts(const vio_contact *c)
{
        return c->call_attempts;
}

bool vio_contact_get_opted_out(const vio_contact *c)
{
        return c->opted_out;
}

enum vio_display_status vio_contact_get_display_status(const vio_contact *c)
{
        return vio_display_status(c->appointment_status, c->last_call_outcome);
}

enum vio_attention vio_contact_get_attention(const vio_contact *c)
{
        const struct attention_facts facts = {
            .appointment_status = c->appointment_status,
            .last_call_outcome = c->last_call_outcome,
            .appointment_time = c->appointment_time,
            .appointment_date = c->appointment_date,
            .has_phone = c->phone != NULL,
            .opted_out = c->opted_out,
            .has_open_task = c->has_open_task,
            .has_note = c->attention_note != NULL,
        };
        return attention_of(&facts, c->as_of);
}

void vio_contact_write(const vio_contact *c, vio_json_writer *w, const char *key)
{
        vio_json_begin_object(w, key);
        vio_json_put_int(w, "id", c->id.v);
        vio_json_put_int(w, "tenantId", c->tenant.v);
        vio_json_put_text(w, "name", c->name);
        vio_json_put_text(w, "phone", c->phone);
        vio_json_put_text(w, "email", c->email);
        vio_json_put_text(w, "timeZone", c->time_zone);
        vio_json_put_text(w, "appointmentDate", c->appointment_date);
        vio_json_put_time(w, "appointmentTime", c->appointment_time);
        vio_json_put_text(w, "appointmentStatus",
                          vio_appointment_status_name(c->appointment_status));
        vio_json_put_text(w, "appointmentType", c->appointment_type);
        vio_json_put_text(w, "lastCallOutcome", vio_outcome_name(c->last_call_outcome));
        vio_json_put_int(w, "callAttempts", c->call_attempts);
        vio_json_put_text(w, "specialInstructions", c->special_instructions);
        vio_json_put_text(w, "displayStatus",
                          vio_display_status_name(vio_contact_get_display_status(c)));
        vio_json_put_text(w, "attention", vio_attention_name(vio_contact_get_attention(c)));
        vio_json_put_text(w, "attentionNote", c->attention_note);
        vio_json_put_bool(w, "noShow", c->no_show);
        vio_json_put_bool(w, "optedOut", c->opted_out);
        vio_json_put_text(w, "optOutReason", c->opt_out_reason);
        vio_json_put_time(w, "optedOutAt", c->opted_out_at);
        vio_json_put_time(w, "createdAt", c->created_at);
        vio_json_put_time(w, "updatedAt", c->updated_at);
        vio_json_end_object(w);
}
