/* webhook.c - what arrives from Retell on its own. */
#include <vio/webhook.h>

#include "abi/handle.h"
#include "flow/intake.h"

int vio_retell_webhook(vio *v, const struct vio_webhook *webhook, enum vio_receipt *ret)
{
        struct fault f = {0};

        if (!webhook || webhook->size != sizeof(*webhook) || (!webhook->body && webhook->body_len))
                return VIO_E_INVALID;
        return intake_webhook(&v->engine, webhook, &f, ret);
}
