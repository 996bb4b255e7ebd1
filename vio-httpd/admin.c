/* admin.c - what the platform's owner looks after: stuck calls, health. */
#include "handlers.h"

static int write_stuck(void *data, const struct vio_stuck_call *c)
{
        struct response *r = data;
        vio_json_writer *w = r->body;
        vio_json_begin_object(w, NULL);
        vio_json_put_int(w, "tenantId", c->tenant.v);
        vio_json_put_text(w, "callId", c->call.s);
        vio_json_put_int(w, "contactId", c->contact.v);
        vio_json_put_text(w, "status", vio_call_status_name(c->status));
        vio_json_put_text(w, "dialState", vio_dial_state_name(c->dial));
        vio_json_put_time(w, "createdAt", c->created_at);
        vio_json_put_int(w, "pollAttempts", c->polls);
        vio_json_put_time(w, "nextLookAt", c->next_look);
        vio_json_end_object(w);
        return response_pass(r);
}

int admin_stuck_calls(vio_operator *op, const struct request *q, struct response *r)
{
        (void)q;
        vio_json_begin_array(r->body, NULL);
        int e = vio_stuck_call_each(op, write_stuck, r);
        vio_json_end_array(r->body);
        return e;
}

int admin_health(vio_operator *op, const struct request *q, struct response *r)
{
        struct vio_health h = VIO_HEALTH_INIT;
        (void)q;
        int e = vio_health(op, &h);
        if (e < 0)
                return e;
        vio_json_begin_object(r->body, NULL);
        vio_json_put_text(r->body, "version", h.version);
        vio_json_put_int(r->body, "schema", h.schema);
        vio_json_put_int(r->body, "tenants", h.tenants);
        vio_json_put_int(r->body, "suspended", h.suspended);
        vio_json_put_int(r->body, "overdueTasks", h.overdue_tasks);
        vio_json_put_int(r->body, "oldestOverdueSeconds", h.oldest_overdue_s);
        vio_json_put_int(r->body, "liveCalls", h.live_calls);
        vio_json_put_int(r->body, "stuckCalls", h.stuck_calls);
        vio_json_put_int(r->body, "alerts", h.alerts);
        vio_json_put_int(r->body, "unsettledDials", h.unsettled_dials);
        vio_json_put_int(r->body, "pendingSummaries", h.pending_summaries);
        vio_json_put_time(r->body, "steppedAt", h.stepped_at);
        vio_json_put_int(r->body, "databaseBytes", h.database_bytes);
        vio_json_end_object(r->body);
        return VIO_OK;
}
