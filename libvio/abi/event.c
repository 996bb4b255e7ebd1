/* event.c - stored events: public functions, and their JSON. */
#include <vio/event.h>

#include "abi/handle.h"
#include "flow/replay.h"
#include "rules/sized.h"
#include "store/calls.h"
#include "store/events.h"

struct listing {
        struct vio_event_filter filter;
        int (*cb)(void *data, const struct vio_event *e);
        void *data;
};

static int show(void *data, const struct event *e)
{
        const struct listing *l = data;
        struct vio_event shown = {.id = e->id,
                                  .call = l->filter.call,
                                  .retell_call_id = e->call_id,
                                  .type = e->event_type,
                                  .received_at = e->created_at,
                                  .payload = e->payload,
                                  .payload_len = e->payload_len,
                                  .erased = event_is_erased(e)};
        return l->cb(l->data, &shown);
}

static int each_in(struct tenant_tx *tx, void *arg)
{
        struct listing *l = arg;
        _cleanup_call_ struct vio_call call = {0};
        int64_t limit = l->filter.limit ? (int64_t)l->filter.limit : INT64_MAX;

        int r = call_load(tx, l->filter.call, false, &call);
        if (r || !call.retell_call_id)
                return r;
        return event_each_whole(tx, call.retell_call_id, l->filter.after, limit, show, l);
}

int vio_event_each(vio_tenant *t, const struct vio_event_filter *filter,
                   int (*cb)(void *data, const struct vio_event *e), void *data)
{
        struct acting a = tenant_acts(t);
        struct listing l = {VIO_EVENT_FILTER_INIT, cb, data};

        if (!filter || filter->size < sizeof(*filter))
                return fault_set(a.fault, VIO_E_INVALID, "the filter was not initialised");
        sized_read(&l.filter, sizeof(l.filter), filter);
        int r = store_read_tenant(a.e->store, a.tenant, each_in, &l, a.fault);
        return r == VIO_E_NOTFOUND ? fault_set(a.fault, r, "Call not found") : r;
}

int vio_event_replay(vio_tenant *t, int64_t id, enum vio_receipt *ret)
{
        struct acting a = tenant_acts(t);
        enum vio_receipt receipt;

        int r = event_replay(&a, id, &receipt);
        if (!r && ret)
                *ret = receipt;
        return r == VIO_E_NOTFOUND ? fault_set(a.fault, r, "Event not found") : r;
}

void vio_event_write(const struct vio_event *e, vio_json_writer *w, const char *key)
{
        vio_json *payload = NULL;

        vio_json_begin_object(w, key);
        vio_json_put_int(w, "id", e->id);
        vio_json_put_text(w, "callId", e->call.s);
        vio_json_put_text(w, "retellCallId", e->retell_call_id);
        vio_json_put_text(w, "type", e->type);
        vio_json_put_time(w, "receivedAt", e->received_at);
        vio_json_put_bool(w, "erased", e->erased);
        if (vio_json_parse(e->payload, e->payload_len, &payload) == 0)
                vio_json_put_value(w, "payload", payload);
        else
                vio_json_put_text(w, "payload", e->payload);
        vio_json_free(payload);
        vio_json_end_object(w);
}
