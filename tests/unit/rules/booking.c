/* booking.c - tests: what is known of a booking does not depend on the order in which it is told.
 */
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "rules/booking.h"
#include "run.h"

#define NONE VIO_TIME_NONE

static struct booking_facts facts(enum booking_state state, vio_time changed, vio_time start)
{
        return (struct booking_facts){.state = state, .changed_at = changed, .start_at = start};
}

/* What was known, what is said, and what is known then. */
static const struct {
        enum booking_state known;
        vio_time known_at;
        enum booking_state said;
        vio_time said_at;
        enum booking_state then;
        vio_time then_at;
} rows[] = {
    {BOOKING_UNKNOWN, NONE, BOOKING_BOOKED, 10, BOOKING_BOOKED, 10},
    {BOOKING_UNKNOWN, NONE, BOOKING_CANCELLED, 10, BOOKING_CANCELLED, 10},
    {BOOKING_REQUESTED, 10, BOOKING_BOOKED, 20, BOOKING_BOOKED, 20},
    {BOOKING_REQUESTED, 10, BOOKING_REJECTED, 20, BOOKING_REJECTED, 20},
    {BOOKING_BOOKED, 20, BOOKING_REQUESTED, 10, BOOKING_BOOKED, 20}, /* came late */
    {BOOKING_BOOKED, 10, BOOKING_CANCELLED, 20, BOOKING_CANCELLED, 20},
    {BOOKING_CANCELLED, 20, BOOKING_BOOKED, 10, BOOKING_CANCELLED, 20}, /* is not revived */
    {BOOKING_CANCELLED, 20, BOOKING_BOOKED, 20, BOOKING_CANCELLED, 20}, /* the stronger */
    {BOOKING_BOOKED, 20, BOOKING_CANCELLED, 20, BOOKING_CANCELLED, 20},
    {BOOKING_BOOKED, 20, BOOKING_CANCELLED, 10, BOOKING_BOOKED, 20}, /* older than what is known */
    {BOOKING_BOOKED, 20, BOOKING_MOVED, 10, BOOKING_MOVED, 10},
    {BOOKING_MOVED, 10, BOOKING_BOOKED, 20, BOOKING_MOVED, 10}, /* for ever */
    {BOOKING_MOVED, 10, BOOKING_CANCELLED, 20, BOOKING_MOVED, 10},
    {BOOKING_CANCELLED, 20, BOOKING_MOVED, 10, BOOKING_MOVED, 10},
};

START_TEST(the_later_event_holds_and_what_was_moved_stays_moved)
{
        struct booking_facts known = facts(rows[_i].known, rows[_i].known_at, NONE);
        struct booking_facts said = facts(rows[_i].said, rows[_i].said_at, 5);
        bool changed = booking_join(&known, &said);
        ck_assert_int_eq(known.state, rows[_i].then);
        ck_assert_int_eq(known.changed_at, rows[_i].then_at);
        ck_assert_int_eq(changed, rows[_i].then != rows[_i].known);
}
END_TEST

START_TEST(the_same_event_again_changes_nothing)
{
        for (int state = BOOKING_REQUESTED; state <= BOOKING_MOVED; state++) {
                struct booking_facts known = BOOKING_FACTS_INIT;
                struct booking_facts said = facts((enum booking_state)state, 10, 99);
                strcpy(said.previous_uid, "before");
                ck_assert(booking_join(&known, &said));
                struct booking_facts after = known;
                ck_assert(!booking_join(&known, &said));
                ck_assert_mem_eq(&known, &after, sizeof(known));
        }
}
END_TEST

START_TEST(only_what_is_booked_with_a_time_is_live)
{
        for (int state = BOOKING_UNKNOWN; state <= BOOKING_MOVED; state++) {
                struct booking_facts b = facts((enum booking_state)state, 10, 99);
                ck_assert_int_eq(booking_is_live(&b), state == BOOKING_BOOKED);
                b.start_at = NONE;
                ck_assert(!booking_is_live(&b));
        }
}
END_TEST

START_TEST(what_ended_has_no_time_any_more)
{
        struct booking_facts known = facts(BOOKING_BOOKED, 10, 99);
        struct booking_facts said = facts(BOOKING_CANCELLED, 20, 99);
        ck_assert(booking_join(&known, &said));
        ck_assert_int_eq(known.start_at, NONE);
}
END_TEST

START_TEST(a_later_start_of_the_same_moment_holds_whoever_comes_first)
{
        struct booking_facts a = facts(BOOKING_BOOKED, 10, 50);
        struct booking_facts b = facts(BOOKING_BOOKED, 10, 60);
        struct booking_facts ab = a;
        struct booking_facts ba = b;
        booking_join(&ab, &b);
        booking_join(&ba, &a);
        ck_assert_mem_eq(&ab, &ba, sizeof(ab));
        ck_assert_int_eq(ab.start_at, 60);
}
END_TEST

START_TEST(every_state_has_a_word_that_reads_back)
{
        for (int state = BOOKING_REQUESTED; state <= BOOKING_MOVED; state++) {
                enum booking_state read = BOOKING_UNKNOWN;
                const char *name = booking_state_name((enum booking_state)state);
                ck_assert_int_eq(booking_state_parse(name, &read), 0);
                ck_assert_int_eq(read, state);
        }
        enum booking_state kept = BOOKING_BOOKED;
        ck_assert_ptr_null(booking_state_name(BOOKING_UNKNOWN));
        ck_assert_int_eq(booking_state_parse("revived", &kept), VIO_E_INVALID);
        ck_assert_int_eq(booking_state_parse(NULL, &kept), VIO_E_INVALID);
        ck_assert_int_eq(kept, BOOKING_BOOKED);
}
END_TEST

START_TEST(what_somebody_else_changed_is_changed_by_later_events_only)
{
        ck_assert(booking_may_change(true, 10, 20));
        ck_assert(booking_may_change(false, 30, 20));
        ck_assert(!booking_may_change(false, 20, 20));
        ck_assert(!booking_may_change(false, 10, 20));
}
END_TEST

/* Join as algebra: over everything that can be said, each with each and in threes. */

static const enum booking_state said_states[] = {
    BOOKING_REQUESTED, BOOKING_BOOKED, BOOKING_REJECTED, BOOKING_CANCELLED, BOOKING_MOVED};
#define SAYINGS (5 * 2 * 2 * 2)

static struct booking_facts saying(int n)
{
        struct booking_facts f = facts(said_states[n % 5], 10 + n / 5 % 2, n / 10 % 2 ? 100 : 200);
        strcpy(f.previous_uid, n / 20 ? "p" : "");
        strcpy(f.next_uid, f.state == BOOKING_MOVED ? "n" : "");
        return f;
}

START_TEST(join_is_commutative_associative_and_idempotent)
{
        for (int i = 0; i < SAYINGS * SAYINGS * SAYINGS; i++) {
                struct booking_facts s[] = {saying(i % SAYINGS), saying(i / SAYINGS % SAYINGS),
                                            saying(i / SAYINGS / SAYINGS)};
                struct booking_facts abc = BOOKING_FACTS_INIT;
                struct booking_facts cba = BOOKING_FACTS_INIT;
                struct booking_facts bc = BOOKING_FACTS_INIT;
                for (int j = 0; j < 3; j++) {
                        booking_join(&abc, &s[j]);
                        booking_join(&cba, &s[2 - j]);
                }
                booking_join(&bc, &s[1]);
                booking_join(&bc, &s[2]);
                struct booking_facts a_bc = BOOKING_FACTS_INIT;
                booking_join(&a_bc, &s[0]);
                booking_join(&a_bc, &bc);
                ck_assert_mem_eq(&abc, &cba, sizeof(abc));
                ck_assert_mem_eq(&abc, &a_bc, sizeof(abc));
                ck_assert(!booking_join(&abc, &s[_i % 3]));
        }
}
END_TEST

/* Chains: histories of one appointment over several bookings, told in every order with repeats. */

#define MOST_UIDS   4
#define MOST_EVENTS 6

struct event {
        int uid;      /* 'A' is 1 */
        int previous; /* 0: none */
        int next;
        enum booking_state state;
};

static const struct {
        const char *name;
        struct event events[MOST_EVENTS];
        size_t n;
        int live; /* the booking that is live at the end; 0: none */
} histories[] = {
    {"Cal.com moves A to B to C",
     {{1, 0, 0, BOOKING_BOOKED}, {2, 1, 0, BOOKING_BOOKED}, {3, 2, 0, BOOKING_BOOKED}},
     3,
     3},
    {"Cal.com moves three times and cancels",
     {{1, 0, 0, BOOKING_BOOKED},
      {2, 1, 0, BOOKING_BOOKED},
      {3, 2, 0, BOOKING_BOOKED},
      {4, 3, 0, BOOKING_BOOKED},
      {4, 0, 0, BOOKING_CANCELLED}},
     5,
     0},
    {"Calendly moves A to B by two webhooks",
     {{1, 0, 0, BOOKING_BOOKED}, {1, 0, 2, BOOKING_MOVED}, {2, 1, 0, BOOKING_BOOKED}},
     3,
     2},
    {"Calendly moves A to B to C",
     {{1, 0, 0, BOOKING_BOOKED},
      {1, 0, 2, BOOKING_MOVED},
      {2, 1, 0, BOOKING_BOOKED},
      {2, 1, 3, BOOKING_MOVED},
      {3, 2, 0, BOOKING_BOOKED}},
     5,
     3},
    {"a request is confirmed and cancelled",
     {{1, 0, 0, BOOKING_REQUESTED}, {1, 0, 0, BOOKING_BOOKED}, {1, 0, 0, BOOKING_CANCELLED}},
     3,
     0},
    {"a request to move is confirmed",
     {{1, 0, 0, BOOKING_BOOKED}, {2, 1, 0, BOOKING_REQUESTED}, {2, 0, 0, BOOKING_BOOKED}},
     3,
     2},
    {"a request to move is rejected",
     {{1, 0, 0, BOOKING_BOOKED}, {2, 1, 0, BOOKING_REQUESTED}, {2, 0, 0, BOOKING_REJECTED}},
     3,
     0},
    {"cancelled, then booked anew by the link in the mail",
     {{1, 0, 0, BOOKING_BOOKED}, {1, 0, 0, BOOKING_CANCELLED}, {2, 1, 0, BOOKING_BOOKED}},
     3,
     2},
};

static void name_uid(int uid, char ret[BOOKING_UID_SIZE])
{
        ret[0] = (char)(uid ? 'A' + uid - 1 : '\0');
        ret[1] = '\0';
}

/* The moment of an event is its place in the history; its start tells the booking. */
static void tell(struct booking_facts known[MOST_UIDS + 1], const struct event *e, size_t at)
{
        struct booking_facts said = facts(e->state, 100 + (vio_time)at, 1000 * e->uid);
        struct booking_facts moved;
        char uid[BOOKING_UID_SIZE];

        name_uid(e->previous, said.previous_uid);
        name_uid(e->next, said.next_uid);
        name_uid(e->uid, uid);
        booking_join(&known[e->uid], &said);
        if (!e->previous)
                return;
        booking_moved_to(uid, said.changed_at, &moved);
        booking_join(&known[e->previous], &moved);
}

static void forget(struct booking_facts known[MOST_UIDS + 1])
{
        for (int i = 0; i <= MOST_UIDS; i++)
                known[i] = (struct booking_facts)BOOKING_FACTS_INIT;
}

/* The @n-th order of @count things. */
static void order_of(size_t n, size_t count, size_t ret[MOST_EVENTS])
{
        bool used[MOST_EVENTS] = {false};
        for (size_t i = 0; i < count; i++) {
                size_t skip = n % (count - i);
                n /= count - i;
                size_t p = 0;
                for (; used[p] || skip > 0; p++)
                        skip -= !used[p];
                used[p] = true;
                ret[i] = p;
        }
}

static size_t factorial(size_t n)
{
        return n < 2 ? 1 : n * factorial(n - 1);
}

START_TEST(a_history_ends_the_same_in_every_order_with_every_event_twice)
{
        struct booking_facts first[MOST_UIDS + 1];
        size_t count = histories[_i].n;

        forget(first);
        for (size_t i = 0; i < count; i++)
                tell(first, &histories[_i].events[i], i);
        for (int uid = 1; uid <= MOST_UIDS; uid++)
                ck_assert_msg(booking_is_live(&first[uid]) == (uid == histories[_i].live), "%s: %c",
                              histories[_i].name, 'A' + uid - 1);

        for (size_t n = 0; n < factorial(count); n++) {
                struct booking_facts known[MOST_UIDS + 1];
                size_t order[MOST_EVENTS];
                forget(known);
                order_of(n, count, order);
                for (size_t i = 0; i < count; i++) {
                        tell(known, &histories[_i].events[order[i]], order[i]);
                        /* Again, one that was told before. */
                        size_t again = order[n % (i + 1)];
                        tell(known, &histories[_i].events[again], again);
                }
                ck_assert_msg(!memcmp(first, known, sizeof(first)), "%s, order %zu",
                              histories[_i].name, n);
        }
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("booking");
        TCase *loops = tcase_create("loops");
        tcase_add_loop_test(loops, the_later_event_holds_and_what_was_moved_stays_moved, 0,
                            count_of(rows));
        tcase_add_loop_test(loops, a_history_ends_the_same_in_every_order_with_every_event_twice, 0,
                            count_of(histories));
        suite_add_tcase(s, loops);
        add_case(s, the_same_event_again_changes_nothing);
        add_case(s, only_what_is_booked_with_a_time_is_live);
        add_case(s, what_ended_has_no_time_any_more);
        add_case(s, a_later_start_of_the_same_moment_holds_whoever_comes_first);
        add_case(s, every_state_has_a_word_that_reads_back);
        add_case(s, what_somebody_else_changed_is_changed_by_later_events_only);
        add_case(s, join_is_commutative_associative_and_idempotent);
        return s;
}
