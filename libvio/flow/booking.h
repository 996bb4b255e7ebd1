/* booking.h - a booking of somebody's calendar becomes a contact's appointment. */
#ifndef VIO_FLOW_BOOKING_H
#define VIO_FLOW_BOOKING_H

#include "flow/acting.h"
#include "flow/profile.h"
#include "remote/calendar.h"
#include "store/bookings.h"

/*
 * Takes in what an event says, with all its consequences, inside the caller's transaction: the
 * same whether it came as a webhook or was read through the calendar's API.
 *
 * @ret_result: gets what was done, in one word; static.
 */
int booking_take(const struct acting *a, struct tenant_tx *tx, const struct profile *p,
                 enum vio_calendar calendar, const struct booking_notice *notice,
                 const char **ret_result);

/* The questions of the tenant's booking forms; its texts belong to @p. */
struct booking_form booking_form_of(const struct profile *p);

#endif
