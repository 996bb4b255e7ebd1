/* webhooks.c - what other services send us on their own: Retell, the calendars, the mail service.
 */
#include "handlers.h"

/* To whoever cannot prove who they are nothing is told but that. */
static int answer(struct response *r, int e, const char *no_body, const char *not_here)
{
        if (e == VIO_E_INVALID)
                return refuse(r, e, "%s", no_body);
        if (e == VIO_E_NOTFOUND)
                return refuse(r, e, "%s", not_here);
        if (e == VIO_E_AUTH)
                return refuse(r, e, "Invalid signature");
        if (e < 0)
                return e;
        vio_json_begin_object(r->body, NULL);
        vio_json_put_bool(r->body, "received", true);
        vio_json_end_object(r->body);
        return VIO_OK;
}

int webhooks_retell(vio *v, const struct request *q, struct response *r)
{
        struct vio_webhook webhook = VIO_WEBHOOK_INIT;
        webhook.body = q->body;
        webhook.body_len = q->body_len;
        webhook.signature = q->retell_signature;
        return answer(r, vio_retell_webhook(v, &webhook, NULL), "The body is not a Retell event",
                      "No such call here");
}

static int take_booking(vio *v, const struct request *q, struct response *r,
                        enum vio_calendar calendar, const char *token)
{
        struct vio_calendar_webhook webhook = VIO_CALENDAR_WEBHOOK_INIT;
        bool cal_com = calendar == VIO_CALENDAR_CAL_COM;
        webhook.calendar = calendar;
        webhook.token = token;
        webhook.body = q->body;
        webhook.body_len = q->body_len;
        webhook.signature = cal_com ? q->cal_signature : q->calendly_signature;
        webhook.version = cal_com ? q->cal_version : NULL;
        return answer(r, vio_calendar_webhook(v, &webhook, NULL), "The body must be a JSON object",
                      "No such address here");
}

int webhooks_cal_com_named(vio *v, const struct request *q, struct response *r)
{
        return take_booking(v, q, r, VIO_CALENDAR_CAL_COM, NULL);
}

int webhooks_cal_com(vio *v, const struct request *q, struct response *r)
{
        return take_booking(v, q, r, VIO_CALENDAR_CAL_COM, q->item);
}

int webhooks_calendly(vio *v, const struct request *q, struct response *r)
{
        return take_booking(v, q, r, VIO_CALENDAR_CALENDLY, q->item);
}

/* Svix and Standard Webhooks call the same three headers by two names. */
static void take_headers(const struct request *q, struct vio_resend_webhook *w)
{
        w->id = q->svix_id ? q->svix_id : q->webhook_id;
        w->timestamp = q->svix_id ? q->svix_timestamp : q->webhook_timestamp;
        w->signature = q->svix_id ? q->svix_signature : q->webhook_signature;
}

int webhooks_resend(vio *v, const struct request *q, struct response *r)
{
        struct vio_resend_webhook webhook = VIO_RESEND_WEBHOOK_INIT;
        webhook.body = q->body;
        webhook.body_len = q->body_len;
        take_headers(q, &webhook);
        return answer(r, vio_resend_webhook(v, &webhook), "The body is not a Resend event",
                      "No such mail here");
}
