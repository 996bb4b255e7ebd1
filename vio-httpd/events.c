/* events.c - what Retell told us of a call, and telling it to ourselves again. */
#include "handlers.h"

static int write_event(void *data, const struct vio_event *e)
{
        struct response *r = data;
        vio_event_write(e, r->body, NULL);
        return response_pass(r);
}

int calls_events(vio_tenant *t, const struct request *q, struct response *r)
{
        struct vio_event_filter filter = VIO_EVENT_FILTER_INIT;
        if (vio_call_id_parse(q->item, &filter.call) < 0)
                return refuse(r, VIO_E_NOTFOUND, "Call not found");
        vio_json_begin_array(r->body, NULL);
        int e = vio_event_each(t, &filter, write_event, r);
        vio_json_end_array(r->body);
        return e == VIO_E_NOTFOUND ? refuse(r, e, "Call not found") : e;
}

static const char *receipt_name(enum vio_receipt receipt)
{
        switch (receipt) {
        case VIO_RECEIPT_STORED: return "restored";
        case VIO_RECEIPT_DUPLICATE: return "unchanged";
        case VIO_RECEIPT_IGNORED: return "ignored";
        }
        return NULL;
}

int events_replay(vio_tenant *t, const struct request *q, struct response *r)
{
        enum vio_receipt receipt = VIO_RECEIPT_IGNORED;
        int64_t id;
        if (request_item_number(q, &id) < 0)
                return refuse(r, VIO_E_NOTFOUND, "Event not found");
        int e = vio_event_replay(t, id, &receipt);
        if (e == VIO_E_NOTFOUND || e == VIO_E_CONFLICT)
                return refuse(r, e, "%s", vio_tenant_error(t));
        if (e < 0)
                return e;
        vio_json_begin_object(r->body, NULL);
        vio_json_put_int(r->body, "eventId", id);
        vio_json_put_text(r->body, "result", receipt_name(receipt));
        vio_json_end_object(r->body);
        return VIO_OK;
}
