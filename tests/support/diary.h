/* diary.h - the calendars of the two clinics, as tests speak of them: what they send, and what came
 * of it. */
#ifndef TESTS_DIARY_H
#define TESTS_DIARY_H

#include "clinic.h"

/* A calendar that is connected. */
struct diary {
        struct business *b;
        enum vio_calendar calendar;
        struct vio_calendar_access access;
};
struct diary given_calendar(struct business *b, enum vio_calendar calendar);

/* One thing that a calendar tells; what is NULL has the usual value, or is left out. */
struct told {
        const char *event;    /* BOOKING_CREATED */
        const char *at;       /* when it happened; OPENING_DAY */
        const char *uid;      /* b1 */
        const char *previous; /* uid of the booking before */
        const char *next;     /* uid of the booking after (Calendly) */
        const char *start;    /* MONDAY */
        const char *name;     /* Ada Byron */
        const char *email;    /* ada@example.net; "": none */
        const char *phone;    /* the number of person 1; "": none */
        const char *zone;     /* none */
        const char *service;  /* Cleaning */
        const char *more;     /* further members of the payload, with a comma before each */
};
/* The body, in the way of the diary's calendar. Valid until the next call. */
const char *body_of_told(const struct diary *d, const struct told *t);
/* Posts it with its signature; returns the result of vio_calendar_webhook(). */
int post_told(const struct diary *d, const struct told *t, enum vio_receipt *ret);
int post_body(const struct diary *d, const char *body, enum vio_receipt *ret);
#define tell(d, ...) ck_assert_int_eq(post_told(d, &(struct told){__VA_ARGS__}, NULL), 0)

/* What became of a booking, behind the public interface. */
struct seen_booking {
        char state[16]; /* "": not known */
        vio_contact_id contact;
        vio_time start;
};
struct seen_booking booking_of(const struct diary *d, const char *uid);
char *note_of(struct business *b, vio_contact_id contact); /* freed by the caller; NULL: none */
bool no_show_of(struct business *b, vio_contact_id contact);
void remove_contact(struct business *b, vio_contact_id contact);
/* What was done with the latest event of that type; freed by the caller. */
char *result_of(const struct diary *d, const char *event);

size_t contacts_of(struct business *b);
/* How many contacts have an appointment ahead that is neither cancelled nor moved away. */
size_t live_appointments(struct business *b);
vio_time appointment_of(struct business *b, vio_contact_id contact);

#endif
