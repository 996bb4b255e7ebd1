/* mail_webhook.h - a webhook arrives from Resend. */
#ifndef VIO_FLOW_MAIL_WEBHOOK_H
#define VIO_FLOW_MAIL_WEBHOOK_H

#include <vio/summary.h>

#include "flow/engine.h"

/* As vio_resend_webhook(). */
int mail_webhook(struct engine *e, const struct vio_resend_webhook *webhook, struct fault *f);

#endif
