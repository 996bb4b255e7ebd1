/*
 * ordeal.h - the town over the simulated disk, brought back to the same beginning as often as one
 * likes, and what its database holds as a text.
 */
#ifndef TESTS_ORDEAL_H
#define TESTS_ORDEAL_H

#include <check.h>

#include "../sim/disk.h"
#include "accounts.h"
#include "exhaust.h"
#include "post_office.h"

/* Something a person or the world does, in a town where what it needs was given. */
struct scenario {
        const char *name; /* as a test's name */
        void (*given)(void);
        int (*when)(void);
        /* After a failure: life goes on, and must come to the same end. NULL: it is done again. */
        void (*then)(void);
};

extern const struct scenario scenarios[];
extern const size_t n_scenarios;

extern struct town town;
extern struct disk *disk;

/* Fixture: opens the town and moves it to the simulated disk. */
void ordeal_open(void);
void ordeal_close(void);

/* The same beginning each time: files, clock, chance and world, and what the scenario is given. */
void ordeal_begin(const struct scenario *s);
/* As after a crash: what was not safe on a disk without power is lost. */
void ordeal_reopen(void);
/* The files as they were when the copy was made. */
void ordeal_reopen_as(struct disk_copy *files);

/* Every row of every table, in a fixed order, without what chance decides. The caller frees it. */
char *ordeal_rows(void);
/* What must hold of any state: SQLite's checks, counts, counters, the audit chain. */
void ordeal_check(void);

/* The library's memory comes through this meter, but the transport's does not; NULL: as usual. */
void ordeal_meter(struct meter *m);

/* Whether each single place is tried, as the environment asks, or @n divided by @most of them. */
long ordeal_stride(long n, long most);

/* A suite with the test once for each scenario, which is its _i, under the scenario's name. */
Suite *ordeal_suite(const char *name, const TTest *test);

#endif
