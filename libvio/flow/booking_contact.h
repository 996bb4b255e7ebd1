/* booking_contact.h - whose appointment a booking is: the contact is found or made. */
#ifndef VIO_FLOW_BOOKING_CONTACT_H
#define VIO_FLOW_BOOKING_CONTACT_H

#include <vio/phone.h>

#include "flow/booking.h"

/* What a booking says of a person, fit to be taken over. */
struct booking_person {
        const char *name;           /* never empty */
        const char *email;          /* NULL: none */
        const char *zone;           /* NULL: none that exists */
        const char *service;        /* NULL: none */
        char phone[VIO_PHONE_SIZE]; /* "": none that can be called */
        const char *trouble;        /* why there is none, for the staff; NULL */
        char trouble_room[80];
};
int booking_person_read(struct engine *e, const struct profile *p, enum vio_calendar calendar,
                        const struct booking_notice *notice, struct booking_person *ret);

/*
 * The contact that has the same mail address, or the same number and name, and no appointment that
 * would be lost: no other booking ahead, and none that was set after @happened_at. VIO_E_NOTFOUND.
 */
int booking_contact_find(const struct acting *a, struct tenant_tx *tx, const struct booking *b,
                         const struct booking_person *person, vio_contact_id *ret);

/* Who asked never to be called at this number is not called under another name either. Changes
 * @c, which the caller saves. */
int booking_contact_silence(const struct acting *a, struct tenant_tx *tx, struct vio_contact *c);

/* A new contact with the appointment, and its reminder. */
int booking_contact_add(const struct acting *a, struct tenant_tx *tx, const struct profile *p,
                        const struct booking_person *person, struct booking *b);

#endif
