/* exhaust.h - an allocator that counts and fails when told, and a scenario run through it. */
#ifndef TESTS_EXHAUST_H
#define TESTS_EXHAUST_H

struct meter {
        long until_failure; /* allocations that still succeed; negative: all */
        int once;           /* only the next one fails, not all that follow */
        long made;          /* allocations so far */
        long alive;
};

/* All of the library's memory comes through @m from now on; NULL: as usual again. */
void meter_install(struct meter *m);

/*
 * Runs the scenario with all memory, then with each of its allocations failing (that one and all
 * after): each time it must tell VIO_E_NOMEM and leave nothing behind. @least: how many
 * allocations it makes at the least, so that a scenario which makes none is noticed.
 */
void exhaust(int (*scenario)(void), long least);

#endif
