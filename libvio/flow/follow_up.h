/* follow_up.h - the call after a missed call. */
#ifndef VIO_FLOW_FOLLOW_UP_H
#define VIO_FLOW_FOLLOW_UP_H

#include "flow/acting.h"
#include "store/rows.h"

/*
 * After what is known of a call changed: a missed call plans its follow-up, once; an appointment
 * that is decided, or a call that turned out answered, has none. A call that is
 * learned of late plans none: what follows is the business of the later call. @planned_before: the
 * call had its follow-up planned already.
 */
int follow_up_after(const struct acting *a, struct tenant_tx *tx, const struct vio_call *call,
                    const struct vio_contact *c, bool planned_before);

#endif
