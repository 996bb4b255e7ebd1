/* mail.c - what the mail service tells us on its own. */
#include "handlers.h"

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
        int e = vio_resend_webhook(v, &webhook);
        if (e == VIO_E_AUTH)
                return refuse(r, e, "Invalid signature");
        if (e == VIO_E_INVALID)
                return refuse(r, e, "The body is not a Resend event");
        if (e < 0)
                return e;
        vio_json_begin_object(r->body, NULL);
        vio_json_put_bool(r->body, "received", true);
        vio_json_end_object(r->body);
        return VIO_OK;
}
