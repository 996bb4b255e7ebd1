/* appointment.h - a contact is created or changed, and the calls it needs are planned. */
#ifndef VIO_FLOW_APPOINTMENT_H
#define VIO_FLOW_APPOINTMENT_H

#include "flow/acting.h"
#include "flow/profile.h"

int contact_create(const struct acting *a, const struct vio_contact_fields *fields,
                   vio_contact_id *ret);
int contact_change(const struct acting *a, vio_contact_id id,
                   const struct vio_contact_fields *fields);
int contact_opt_out(const struct acting *a, vio_contact_id id, bool opted_out, const char *reason);

/* Marks the contact as never to be called and cancels what is planned. */
int opt_out_in(const struct acting *a, struct tenant_tx *tx, struct vio_contact *c,
               const char *reason);

/* The old appointment's calls are void, and the new one starts undecided. Changes @c, which the
 * caller saves. */
int appointment_move(const struct acting *a, struct tenant_tx *tx, struct vio_contact *c);

/* Plans the reminder of the contact's appointment, if it is to have one and had none yet. */
int reminder_plan(const struct acting *a, struct tenant_tx *tx, const struct profile *p,
                  const struct vio_contact *c);

/* Plans reminders that are missing, whatever the cause; at most one batch per tenant. */
int reminders_sweep(struct engine *e, vio_tenant_id tenant, vio_time now, struct fault *f);

#endif
