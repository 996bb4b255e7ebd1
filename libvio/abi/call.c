/* call.c - call sessions: public functions, getters, and their JSON. */
#include <vio/call.h>

#include <string.h>

#include "abi/handle.h"
#include "base/mem.h"
#include "flow/place_call.h"
#include "flow/timeline.h"
#include "rules/sized.h"
#include "store/calls.h"

static const char *const dial_state_names[] = {
    [VIO_DIAL_DIALING] = "dialing",       [VIO_DIAL_PLACED] = "placed",
    [VIO_DIAL_REJECTED] = "rejected",     [VIO_DIAL_UNKNOWN] = "unknown",
    [VIO_DIAL_NOT_PLACED] = "not_placed",
};

const char *vio_dial_state_name(enum vio_dial_state state)
{
        return (unsigned)state < count_of(dial_state_names) ? dial_state_names[state] : "unknown";
}

struct reading {
        vio_call_id id;
        vio_call *call;
};

static int get_in(struct tenant_tx *tx, void *arg)
{
        struct reading *read = arg;
        int r = call_load(tx, read->id, true, read->call);
        return r ? r : call_load_contact_name(tx, read->call);
}

static int get(const struct acting *a, vio_call_id id, vio_call **ret)
{
        struct reading read = {id, mem_new(sizeof(vio_call))};

        if (!read.call)
                return fault_plain(a->fault, VIO_E_NOMEM);
        int r = store_read_tenant(a->e->store, a->tenant, get_in, &read, a->fault);
        if (r) {
                vio_call_free(read.call);
                return r == VIO_E_NOTFOUND ? fault_set(a->fault, r, "Call not found") : r;
        }
        *ret = read.call;
        return 0;
}

int vio_call_now(vio_tenant *t, vio_contact_id contact, vio_call **ret)
{
        struct acting a = tenant_acts(t);
        vio_call_id id;

        int r = call_now(&a, contact, &id);
        if (r == VIO_E_NOTFOUND)
                return fault_set(a.fault, r, "Contact not found");
        return r ? r : get(&a, id, ret);
}

int vio_call_get(vio_tenant *t, vio_call_id id, vio_call **ret)
{
        struct acting a = tenant_acts(t);
        return get(&a, id, ret);
}

struct listing {
        const struct vio_call_filter *filter;
        int (*cb)(void *data, const vio_call *c);
        void *data;
        char *cursor; /* gets the cursor of the next page; NULL: nobody asks */
};

static int list_in(struct tenant_tx *tx, void *arg)
{
        struct listing *l = arg;
        if (!l->cursor)
                return call_each(tx, l->filter, l->cb, l->data);
        return call_page(tx, l->filter, l->cb, l->data, l->cursor);
}

static int check_choices(const struct vio_call_filter *f, struct fault *fault)
{
        vio_call_id after;

        if (f->limit < 1 || f->limit > 500)
                return fault_set(fault, VIO_E_INVALID, "limit: must be 1 to 500");
        if (f->status < -1 || f->status > VIO_CALL_COMPLETED)
                return fault_set(fault, VIO_E_INVALID, "status: there is no such status");
        if (f->outcome < -1 || f->outcome > VIO_OUTCOME_RESCHEDULED)
                return fault_set(fault, VIO_E_INVALID, "outcome: there is no such outcome");
        if (f->type < -1 || f->type > VIO_CALL_TYPE_FOLLOW_UP)
                return fault_set(fault, VIO_E_INVALID, "callType: there is no such type");
        if (f->after && *f->after && vio_call_id_parse(f->after, &after) < 0)
                return fault_set(fault, VIO_E_INVALID, "after: must be a cursor of this list");
        return 0;
}

/* Programs built against 0.1 know the members up to .limit only. */
static int read_filter(const struct vio_call_filter *given, struct vio_call_filter *ret,
                       struct fault *fault)
{
        struct vio_call_filter f = VIO_CALL_FILTER_INIT;

        if (!given || given->size < offsetof(struct vio_call_filter, status))
                return fault_set(fault, VIO_E_INVALID, "the filter was not initialised");
        sized_read(&f, sizeof(f), given);
        int r = check_choices(&f, fault);
        if (!r)
                *ret = f;
        return r;
}

int vio_call_each(vio_tenant *t, const struct vio_call_filter *filter,
                  int (*cb)(void *data, const vio_call *c), void *data)
{
        struct acting a = tenant_acts(t);
        struct vio_call_filter f;
        struct listing l = {&f, cb, data, NULL};

        int r = read_filter(filter, &f, a.fault);
        return r ? r : store_read_tenant(a.e->store, a.tenant, list_in, &l, a.fault);
}

int vio_call_page(vio_tenant *t, const struct vio_call_filter *filter,
                  int (*cb)(void *data, const vio_call *c), void *data,
                  char ret_cursor[VIO_CALL_CURSOR])
{
        struct acting a = tenant_acts(t);
        struct vio_call_filter f;
        char cursor[VIO_CALL_CURSOR];
        struct listing l = {&f, cb, data, cursor};

        int r = read_filter(filter, &f, a.fault);
        if (!r)
                r = store_read_tenant(a.e->store, a.tenant, list_in, &l, a.fault);
        if (!r)
                memcpy(ret_cursor, cursor, sizeof(cursor));
        return r;
}

int vio_call_timeline(vio_tenant *t, vio_call_id id,
                      int (*cb)(void *data, const struct vio_call_moment *m), void *data)
{
        struct acting a = tenant_acts(t);
        int r = call_timeline(&a, id, cb, data);
        return r == VIO_E_NOTFOUND ? fault_set(a.fault, r, "Call not found") : r;
}

vio_call *vio_call_free(vio_call *c)
{
        if (c) {
                call_done(c);
                mem_free(c);
        }
        return NULL;
}

vio_call_id vio_call_get_id(const vio_call *c)
{
        return c->id;
}

vio_contact_id vio_call_get_contact(const vio_call *c)
{
        return c->contact;
}

const char *vio_call_get_contact_name(const vio_call *c)
{
        return c->contact_name;
}

vio_time vio_call_get_created_at(const vio_call *c)
{
        return c->created_at;
}

int64_t vio_call_get_duration(const vio_call *c)
{
        return c->duration;
}

const char *vio_call_get_retell_call_id(const vio_call *c)
{
        return c->retell_call_id;
}

enum vio_call_status vio_call_get_status(const vio_call *c)
{
        return c->status;
}

enum vio_outcome vio_call_get_outcome(const vio_call *c)
{
        return c->outcome;
}

bool vio_call_get_final(const vio_call *c)
{
        return c->is_final;
}

enum vio_dial_state vio_call_get_dial_state(const vio_call *c)
{
        return c->dial_state;
}

static void put_known(vio_json_writer *w, const char *key, int64_t value)
{
        if (value < 0)
                vio_json_put_null(w, key);
        else
                vio_json_put_int(w, key, value);
}

void vio_call_write(const vio_call *c, vio_json_writer *w, const char *key)
{
        vio_json_begin_object(w, key);
        vio_json_put_text(w, "id", c->id.s);
        vio_json_put_int(w, "contactId", c->contact.v);
        vio_json_put_text(w, "contactName", c->contact_name);
        vio_json_put_text(w, "retellCallId", c->retell_call_id);
        vio_json_put_text(w, "status", vio_call_status_name(c->status));
        vio_json_put_text(w, "outcome", vio_outcome_name(c->outcome));
        vio_json_put_text(w, "callType", vio_call_type_name(c->type));
        vio_json_put_text(w, "dialState", vio_dial_state_name(c->dial_state));
        vio_json_put_time(w, "createdAt", c->created_at);
        vio_json_put_time(w, "startedAt", c->started_at);
        vio_json_put_time(w, "endedAt", c->ended_at);
        put_known(w, "duration", c->duration);
        vio_json_put_text(w, "disconnectionReason", c->disconnection_reason);
        vio_json_put_text(w, "recordingUrl", c->recording_url);
        vio_json_put_text(w, "transcript", c->transcript);
        vio_json_put_int(w, "pollAttempts", c->poll_attempts);
        vio_json_put_time(w, "nextPollAt", c->next_poll_at);
        vio_json_put_bool(w, "webhookVerified", c->webhook_verified);
        vio_json_put_text(w, "sourceOfTruth", c->source_of_truth);
        vio_json_put_bool(w, "final", c->is_final);
        vio_json_end_object(w);
}
