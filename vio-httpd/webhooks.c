/* webhooks.c - what other services send us on their own. */
#include "handlers.h"

int webhooks_retell(vio *v, const struct request *q, struct response *r)
{
        struct vio_webhook webhook = VIO_WEBHOOK_INIT;
        webhook.body = q->body;
        webhook.body_len = q->body_len;
        webhook.signature = q->retell_signature;
        int e = vio_retell_webhook(v, &webhook, NULL);
        if (e == VIO_E_INVALID)
                return refuse(r, e, "The body is not a Retell event");
        if (e == VIO_E_NOTFOUND)
                return refuse(r, e, "No such call here");
        if (e == VIO_E_AUTH)
                return refuse(r, e, "Invalid signature");
        if (e < 0)
                return e;
        vio_json_begin_object(r->body, NULL);
        vio_json_put_bool(r->body, "received", true);
        vio_json_end_object(r->body);
        return VIO_OK;
}
