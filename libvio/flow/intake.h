/* intake.h - a webhook arrives from Retell. */
#ifndef VIO_FLOW_INTAKE_H
#define VIO_FLOW_INTAKE_H

#include <vio/webhook.h>

#include <vio/retell.h>

#include "flow/acting.h"
#include "flow/evidence.h"

/* Finds whose it is, checks its signature, keeps it once and acts on it; durable when it returns 0.
 */
int intake_webhook(struct engine *e, const struct vio_webhook *webhook, struct fault *f,
                   enum vio_receipt *ret);

/*
 * Acts on what Retell said of a call: by a webhook, or by an answer that was kept. @event_id: the
 * row that holds it. @ret_ours: whether it is about a call of this tenant; nothing is done if not.
 */
int intake_act(const struct acting *a, struct tenant_tx *tx, const struct vio_retell_call *wire,
               enum evidence_source source, int64_t event_id, bool *ret_ours);

#endif
