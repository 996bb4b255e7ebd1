/* booking.c - what is known of a booking in somebody's calendar, whatever order it is told in. */
#include "booking.h"

#include <string.h>

#include "base/attr.h"
#include "base/text.h"
#include "names.h"

static const char *const states[] = {
    [BOOKING_REQUESTED] = "requested", [BOOKING_BOOKED] = "booked", [BOOKING_REJECTED] = "rejected",
    [BOOKING_CANCELLED] = "cancelled", [BOOKING_MOVED] = "moved",
};

const char *booking_state_name(enum booking_state s)
{
        return names_at(states, count_of(states), s);
}

int booking_state_parse(const char *name, enum booking_state *ret)
{
        int found = names_find(states, count_of(states), name);
        if (found < 0)
                return VIO_E_INVALID;
        *ret = (enum booking_state)found;
        return 0;
}

static int compare(int64_t a, int64_t b)
{
        return (a > b) - (a < b);
}

/* A total order of everything that can be said of a booking: nothing is left to the arrival. */
static int compare_facts(const struct booking_facts *a, const struct booking_facts *b)
{
        int c = compare(a->state == BOOKING_MOVED, b->state == BOOKING_MOVED);
        if (!c)
                c = compare(a->state != BOOKING_UNKNOWN, b->state != BOOKING_UNKNOWN);
        if (!c)
                c = compare(a->changed_at, b->changed_at);
        if (!c)
                c = compare(a->state, b->state);
        return c ? c : compare(a->start_at, b->start_at);
}

/* A known uid beats none; of two, which no calendar sends, always the same one. */
static bool join_uid(char known[BOOKING_UID_SIZE], const char *said)
{
        if (strcmp(known, said) >= 0)
                return false;
        text_copy(known, BOOKING_UID_SIZE, said);
        return true;
}

bool booking_join(struct booking_facts *known, const struct booking_facts *event)
{
        struct booking_facts said = *event;
        if (said.state != BOOKING_REQUESTED && said.state != BOOKING_BOOKED)
                said.start_at = VIO_TIME_NONE;
        bool changed = compare_facts(known, &said) < 0;
        if (changed) {
                known->state = said.state;
                known->changed_at = said.changed_at;
                known->start_at = said.start_at;
        }
        bool previous = join_uid(known->previous_uid, said.previous_uid);
        bool next = join_uid(known->next_uid, said.next_uid);
        return changed || previous || next;
}

bool booking_is_live(const struct booking_facts *b)
{
        return b->state == BOOKING_BOOKED && b->start_at != VIO_TIME_NONE;
}

void booking_moved_to(const char *uid, vio_time when, struct booking_facts *ret)
{
        *ret = (struct booking_facts){
            .state = BOOKING_MOVED, .changed_at = when, .start_at = VIO_TIME_NONE};
        text_copy(ret->next_uid, sizeof(ret->next_uid), uid);
}

bool booking_may_change(bool ours, vio_time happened_at, vio_time touched_at)
{
        return ours || happened_at > touched_at;
}
