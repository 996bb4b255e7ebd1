/* intake.h - a webhook arrives from Retell. */
#ifndef VIO_FLOW_INTAKE_H
#define VIO_FLOW_INTAKE_H

#include <vio/webhook.h>

#include "flow/acting.h"

/* Finds whose it is, checks its signature, keeps it once and acts on it; durable when it returns 0.
 */
int intake_webhook(struct engine *e, const struct vio_webhook *webhook, struct fault *f,
                   enum vio_receipt *ret);

#endif
