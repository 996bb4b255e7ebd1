/* bookings.c - what calendars tell us. */
#include "handlers.h"

/* To whoever cannot prove who they are nothing is told but that. */
static int answer(struct response *r, int e)
{
        if (e == VIO_E_INVALID)
                return refuse(r, e, "The body must be a JSON object");
        if (e == VIO_E_NOTFOUND)
                return refuse(r, e, "No such address here");
        if (e == VIO_E_AUTH)
                return refuse(r, e, "Invalid signature");
        if (e < 0)
                return e;
        vio_json_begin_object(r->body, NULL);
        vio_json_put_bool(r->body, "received", true);
        vio_json_end_object(r->body);
        return VIO_OK;
}

static int take_in(vio *v, const struct request *q, struct response *r, enum vio_calendar calendar,
                   const char *token)
{
        struct vio_calendar_webhook webhook = VIO_CALENDAR_WEBHOOK_INIT;
        bool cal_com = calendar == VIO_CALENDAR_CAL_COM;
        webhook.calendar = calendar;
        webhook.token = token;
        webhook.body = q->body;
        webhook.body_len = q->body_len;
        webhook.signature = cal_com ? q->cal_signature : q->calendly_signature;
        webhook.version = cal_com ? q->cal_version : NULL;
        return answer(r, vio_calendar_webhook(v, &webhook, NULL));
}

int webhooks_cal_com_named(vio *v, const struct request *q, struct response *r)
{
        return take_in(v, q, r, VIO_CALENDAR_CAL_COM, NULL);
}

int webhooks_cal_com(vio *v, const struct request *q, struct response *r)
{
        return take_in(v, q, r, VIO_CALENDAR_CAL_COM, q->item);
}

int webhooks_calendly(vio *v, const struct request *q, struct response *r)
{
        return take_in(v, q, r, VIO_CALENDAR_CALENDLY, q->item);
}
