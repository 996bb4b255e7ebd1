/* calls.c - placing a call now, listing calls, and showing one with what happened to it. */
#include "fields.h"
#include "handlers.h"
#include "link.h"
#include "query.h"

static const struct field rows[] = {
    {"contactId", FIELD_NUMBER, true, 0, offsetof(vio_contact_id, v)},
};

static void write_placed(struct response *r, const vio_call *c)
{
        vio_call_id id = vio_call_get_id(c);
        vio_json_begin_object(r->body, NULL);
        vio_json_put_text(r->body, "callSessionId", id.s);
        vio_json_put_text(r->body, "retellCallId", vio_call_get_retell_call_id(c));
        vio_json_end_object(r->body);
        /* No clear answer from Retell yet: accepted, and settled by the engine. */
        r->status = vio_call_get_dial_state(c) == VIO_DIAL_PLACED ? 200 : 202;
}

int calls_now(vio_tenant *t, const struct request *q, struct response *r)
{
        _cleanup_(free_json) vio_json *body = NULL;
        vio_contact_id contact = {0};
        int e = request_json(q, r, &body);
        if (e == VIO_OK)
                e = fields_read(body, rows, count_of(rows), &contact, r);
        if (e < 0)
                return e;
        vio_call *c = NULL;
        e = vio_call_now(t, contact, &c);
        if (e == VIO_E_NOTFOUND)
                return refuse(r, e, "Contact not found");
        if (e == VIO_E_UPSTREAM)
                return refuse(r, e, "The telephone service did not take the call");
        if (e < 0)
                return e;
        write_placed(r, c);
        vio_call_free(c);
        return VIO_OK;
}

static int write_moment(void *data, const struct vio_call_moment *m)
{
        vio_json_writer *w = data;
        vio_json_begin_object(w, NULL);
        vio_json_put_time(w, "at", m->at);
        vio_json_put_text(w, "kind", m->kind);
        vio_json_put_text(w, "detail", m->detail);
        vio_json_end_object(w);
        return 0;
}

/* The members of the call as the library writes them, into an object that stays open. */
static int write_members(vio_json_writer *w, const vio_call *c)
{
        _cleanup_(free_writer) vio_json_writer *whole = vio_json_writer_new();
        _cleanup_(free_json) vio_json *object = NULL;
        const char *text;
        size_t len;
        if (!whole)
                return VIO_E_NOMEM;
        vio_call_write(c, whole, NULL);
        int e = vio_json_writer_text(whole, &text, &len);
        if (e == VIO_OK)
                e = vio_json_parse(text, len, &object);
        if (e < 0)
                return e == VIO_E_INVALID ? VIO_E_INTERNAL : e;
        for (const vio_json *m = vio_json_first(object); m; m = vio_json_next(m))
                vio_json_put_value(w, vio_json_key(m), m);
        return VIO_OK;
}

int calls_get(vio_tenant *t, const struct request *q, struct response *r)
{
        vio_call_id id;
        vio_call *c = NULL;
        int e = vio_call_id_parse(q->item, &id);
        e = e < 0 ? VIO_E_NOTFOUND : vio_call_get(t, id, &c);
        if (e == VIO_E_NOTFOUND)
                return refuse(r, e, "Call not found");
        if (e < 0)
                return e;
        vio_json_begin_object(r->body, NULL);
        e = write_members(r->body, c);
        vio_call_free(c);
        if (e < 0)
                return e;
        vio_json_begin_array(r->body, "timeline");
        e = vio_call_timeline(t, id, write_moment, r->body);
        vio_json_end_array(r->body);
        vio_json_end_object(r->body);
        return e;
}

/* In the order of the enums. "none" is a call without an outcome. */
static const char *const statuses[] = {"queued", "ongoing", "failed", "completed", NULL};
static const char *const outcomes[] = {"none",      "unknown",     "failed",    "answered",
                                       "busy",      "no_answer",   "voicemail", "confirmed",
                                       "cancelled", "rescheduled", NULL};
static const char *const types[] = {"manual", "scheduled", "follow_up", NULL};

static int read_filter(const struct request *q, struct response *r, struct vio_call_filter *ret,
                       char after[VIO_CALL_CURSOR])
{
        int e = query_number(q, r, "contactId", &ret->contact.v);
        if (e == VIO_OK)
                e = query_word(q, r, "status", statuses, &ret->status);
        if (e == VIO_OK)
                e = query_word(q, r, "outcome", outcomes, &ret->outcome);
        if (e == VIO_OK)
                e = query_word(q, r, "callType", types, &ret->type);
        if (e == VIO_OK)
                e = query_time(q, r, "from", &ret->from);
        if (e == VIO_OK)
                e = query_time(q, r, "to", &ret->to);
        if (e == VIO_OK)
                e = query_limit(q, r, &ret->limit);
        if (e == VIO_OK)
                e = query_after(q, r, after, VIO_CALL_CURSOR);
        ret->after = after;
        return e;
}

static int write_call(void *data, const vio_call *c)
{
        vio_call_write(c, data, NULL);
        return 0;
}

/* A page is built whole: the link to the next one stands in the head. */
int calls_list(vio_tenant *t, const struct request *q, struct response *r)
{
        struct vio_call_filter filter = VIO_CALL_FILTER_INIT;
        char after[VIO_CALL_CURSOR], next[VIO_CALL_CURSOR];
        int e = read_filter(q, r, &filter, after);
        if (e < 0)
                return e;
        vio_json_begin_array(r->body, NULL);
        e = vio_call_page(t, &filter, write_call, r->body, next);
        vio_json_end_array(r->body);
        if (e == VIO_OK)
                e = link_next(q, r, "after", next);
        return e;
}
