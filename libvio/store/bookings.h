/* bookings.h - table bookings: what is known of a booking in somebody's calendar, and the contact
 * it became. And the two columns of contacts that only bookings set. */
#ifndef VIO_STORE_BOOKINGS_H
#define VIO_STORE_BOOKINGS_H

#include <vio/calendar.h>

#include "rules/booking.h"
#include "store/store.h"

struct booking {
        enum vio_calendar calendar;
        char uid[BOOKING_UID_SIZE];
        vio_contact_id contact; /* 0: none */
        int64_t revision;       /* of the contact's appointment, as the booking left it; 0: never */
        struct booking_facts facts;
        vio_time attended_at; /* when it was said last who came */
};

/* @ret: when there is no such booking, one of which nothing is known; that is no failure. */
int booking_load(struct tenant_tx *tx, enum vio_calendar calendar, const char *uid,
                 struct booking *ret);
int booking_save(struct tenant_tx *tx, const struct booking *b, vio_time now);

/* Whether the contact has another booking ahead of @now that is booked. */
int booking_elsewhere(struct tenant_tx *tx, const struct booking *b, vio_contact_id contact,
                      vio_time now, bool *ret);

/* Whether this appointment of the contact was that of a booking which is over. */
int booking_ended_by(struct tenant_tx *tx, vio_contact_id contact, int64_t revision, bool *ret);

#endif
