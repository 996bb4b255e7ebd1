/* crowd.h - many clients at once on kept-alive connections, each with its next question ready. */
#ifndef TESTS_SUPPORT_CROWD_H
#define TESTS_SUPPORT_CROWD_H

#include <stdbool.h>
#include <stddef.h>

struct crowd_plan {
        int port;
        const char *token;     /* of an account that may add contacts */
        const char *name;      /* the first letters of the contacts' names */
        const char *forwarded; /* the address that a proxy would name; NULL: none */
        size_t clients;
        int seconds;
        size_t most_writes; /* no more contacts than this are added */
};

struct crowd_report {
        size_t answers; /* of the status that was due */
        size_t wrong;   /* answers of another status */
        size_t lost;    /* connections that ended without the answer */
        size_t opened;  /* connections in all */
        size_t writes;  /* contacts whose addition was answered with 201 */
        bool *written;  /* which numbers these were; plan.most_writes of them */
        int first_wrong;
        int slowest_ms;
};

/* Asks until the time is over, then waits for the answers under way. 0, or -1 without memory. */
int crowd_run(const struct crowd_plan *plan, struct crowd_report *ret);

/*
 * How many of the contacts that were added stand in the list not exactly once: a list of the answer
 * to GET /api/contacts. Contacts that others added do not matter.
 */
size_t crowd_unaccounted(const struct crowd_plan *plan, const struct crowd_report *report,
                         const char *list);

void crowd_done(struct crowd_report *report);

#endif
