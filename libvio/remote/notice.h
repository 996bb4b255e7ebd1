/* notice.h - what the readers of both calendars share: filling a notice field by field. */
#ifndef VIO_REMOTE_NOTICE_H
#define VIO_REMOTE_NOTICE_H

#include "calendar.h"

/* A new, empty notice at the end, or NULL when out of memory. */
struct booking_notice *notice_add(struct booking_notices *to);

/* Takes a uid of 1 to BOOKING_UID_MAX bytes; false, and "", for anything else. */
bool notice_uid(const vio_json *j, char ret[BOOKING_UID_SIZE]);
/* The uid of one seat of a booking: the attendee's address tells it from the others. */
void notice_seat(char uid[BOOKING_UID_SIZE], const char *email);

/* A line for people: control characters become blanks, what is too long is cut. */
void notice_line(const char *text, char *ret, size_t size);
/* A name that is told in two parts, either of which may be missing. */
void notice_name(const vio_json *first, const vio_json *last, char ret[BOOKING_NAME_SIZE]);
/* A mail address in lower case; "" for none and for the made-up ones of phone-only bookings. */
void notice_email(const vio_json *j, char ret[BOOKING_EMAIL_SIZE]);
/* One more number to try; nothing for what is no text or too long. */
void notice_phone(struct booking_notice *n, const vio_json *j);
vio_time notice_time(const vio_json *j); /* VIO_TIME_NONE for anything else */

#endif
