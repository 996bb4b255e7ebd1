/* contact.c - contacts: public functions, getters, and their JSON. */
#include <vio/contact.h>

#include "abi/handle.h"
#include "base/mem.h"
#include "flow/appointment.h"
#include "store/contacts.h"

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
        *ret = read.contact;
        return 0;
}

struct listing {
        const struct vio_contact_filter *filter;
        int (*cb)(void *data, const vio_contact *c);
        void *data;
};

static int each_in(struct tenant_tx *tx, void *arg)
{
        struct listing *l = arg;
        return contact_each(tx, l->filter, l->cb, l->data);
}

int vio_contact_each(vio_tenant *t, const struct vio_contact_filter *filter,
                     int (*cb)(void *data, const vio_contact *c), void *data)
{
        struct acting a = tenant_acts(t);
        struct listing l = {filter, cb, data};

        if (!filter || filter->size != sizeof(*filter))
                return fault_set(a.fault, VIO_E_INVALID, "the filter was not initialised");
        if (filter->status < -1 || filter->status > VIO_APPOINTMENT_RESCHEDULED)
                return fault_set(a.fault, VIO_E_INVALID, "status: there is no such status");
        return store_read_tenant(a.e->store, a.tenant, each_in, &l, a.fault);
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
        vio_json_put_bool(w, "optedOut", c->opted_out);
        vio_json_put_time(w, "createdAt", c->created_at);
        vio_json_put_time(w, "updatedAt", c->updated_at);
        vio_json_end_object(w);
}
