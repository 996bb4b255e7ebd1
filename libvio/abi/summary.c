/* summary.c - the daily summary of a tenant, by mail; and what the mail service tells. */
#include <vio/summary.h>

#include "abi/handle.h"
#include "flow/mail_webhook.h"
#include "flow/summary_desk.h"

int vio_summary_configure(vio_tenant *t, const struct vio_summary_settings *settings)
{
        struct acting a = tenant_acts(t);

        if (!settings || settings->size != sizeof(*settings))
                return fault_plain(a.fault, VIO_E_INVALID);
        return summary_configure(&a, settings);
}

int vio_summary_status(vio_tenant *t, int (*cb)(void *data, const struct vio_summary_status *s),
                       void *data)
{
        struct acting a = tenant_acts(t);
        return summary_status(&a, cb, data);
}

int vio_summary_preview(vio_tenant *t, int (*cb)(void *data, const struct vio_summary_mail *m),
                        void *data)
{
        struct acting a = tenant_acts(t);
        return summary_preview(&a, cb, data);
}

int vio_summary_send_test(vio_tenant *t, char ret[VIO_MAIL_ID])
{
        struct acting a = tenant_acts(t);
        return summary_send_test(&a, ret);
}

int vio_resend_webhook(vio *v, const struct vio_resend_webhook *webhook)
{
        struct fault f = {0};

        if (!webhook || webhook->size != sizeof(*webhook) || (!webhook->body && webhook->body_len))
                return VIO_E_INVALID;
        return mail_webhook(&v->engine, webhook, &f);
}
