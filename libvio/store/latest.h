/* latest.h - what a contact's calls amount to: the newest word counts. */
#ifndef VIO_STORE_LATEST_H
#define VIO_STORE_LATEST_H

#include "store/rows.h"
#include "store/store.h"

/* The outcome of the contact's newest call that has one; NONE when there is none. */
int latest_outcome(struct tenant_tx *tx, vio_contact_id contact, enum vio_outcome *ret);

/* The newest of confirmed, cancelled, rescheduled among the calls about this appointment, or NONE.
 */
int latest_decision(struct tenant_tx *tx, vio_contact_id contact, int64_t appointment_revision,
                    enum vio_outcome *ret);

/* Whether a later call to the contact has an outcome already. */
int latest_overtaken(struct tenant_tx *tx, const struct vio_call *call, bool *ret);

#endif
