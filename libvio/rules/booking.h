/* booking.h - what is known of a booking in somebody's calendar, whatever order it is told in. */
#ifndef VIO_RULES_BOOKING_H
#define VIO_RULES_BOOKING_H

#include <vio/core.h>

/* Opaque to us; with the mark that tells the seats of one booking apart. */
#define BOOKING_UID_MAX  255
#define BOOKING_UID_SIZE (BOOKING_UID_MAX + 18)

/* In order of strength: of two things said of one moment the stronger holds. */
enum booking_state {
        BOOKING_UNKNOWN,
        BOOKING_REQUESTED, /* the host has not agreed yet: nobody is called */
        BOOKING_BOOKED,
        BOOKING_REJECTED,
        BOOKING_CANCELLED,
        BOOKING_MOVED /* another booking took its place; there is no way back */
};

const char *booking_state_name(enum booking_state s); /* NULL for BOOKING_UNKNOWN */
int booking_state_parse(const char *name, enum booking_state *ret);

/* What is known of one booking, or what one event says of it. "" where a uid is not known. */
struct booking_facts {
        enum booking_state state;
        vio_time changed_at; /* by the calendar's clock: when the event happened */
        vio_time start_at;   /* of what is requested or booked; else VIO_TIME_NONE */
        char previous_uid[BOOKING_UID_SIZE];
        char next_uid[BOOKING_UID_SIZE];
};

#define BOOKING_FACTS_INIT                                                                         \
        {                                                                                          \
                .changed_at = VIO_TIME_NONE, .start_at = VIO_TIME_NONE                             \
        }

/*
 * Joins what an event says into what is known. The later event holds, of two at one moment the
 * stronger; but what was moved stays moved. Commutative, associative and idempotent: the order of
 * arrival and repetitions cannot matter. Returns whether anything changed.
 */
bool booking_join(struct booking_facts *known, const struct booking_facts *event);

/* Whether somebody is to be reminded of it. */
bool booking_is_live(const struct booking_facts *b);

/* What an event says of the booking that @uid took the place of. */
void booking_moved_to(const char *uid, vio_time when, struct booking_facts *ret);

/*
 * Whether an event may change an appointment that somebody else (the staff, a call) may have
 * changed since: it may if nobody did, or if the event happened after that.
 *
 * @ours: the appointment is still as the booking left it.
 * @touched_at: when the contact was changed last.
 */
bool booking_may_change(bool ours, vio_time happened_at, vio_time touched_at);

#endif
