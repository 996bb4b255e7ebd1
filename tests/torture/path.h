/* path.h - the states a scenario goes through when nothing fails, and no others when something
 * does. */
#ifndef TESTS_PATH_H
#define TESTS_PATH_H

#include "ordeal.h"

/* What a scenario takes when nothing fails. */
struct effort {
        long calls; /* of the disk */
        long allocations;
};

/* Walks through the scenario once and keeps what the database held on the way. */
struct effort path_walk(const struct scenario *s);
void path_forget(void);

/*
 * After a scenario that failed or was done in spite of a failure, with result @r: the database
 * holds what it held somewhere on the path, at its end when it was done alone; whoever was refused
 * may do it again, and whoever goes on comes to the same end. @where: what failed, for the message.
 */
void then_nothing_is_half_done(const struct scenario *s, const char *where, int r);

#endif
