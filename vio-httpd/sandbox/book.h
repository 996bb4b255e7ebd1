/* book.h - the calls of a world, by id and by the order of their placing; the oldest are forgotten.
 */
#ifndef SANDBOX_BOOK_H
#define SANDBOX_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "phone_call.h"

struct book {
        struct phone_call **calls; /* a ring: the call of a serial is at serial % max */
        size_t max;
        uint64_t end; /* the serial of the next call */
        uint64_t seed;
};

bool book_init(struct book *b, size_t max, uint64_t seed);
void book_free(struct book *b);

/* The oldest serial still remembered; up to b->end all others are, too. */
uint64_t book_begin(const struct book *b);

/* The call of a serial between book_begin() and b->end. */
struct phone_call *book_at(const struct book *b, uint64_t serial);

/* The call that the next book_add() forgets, or NULL. */
struct phone_call *book_oldest_if_full(const struct book *b);

/* Gives a call its serial and id and takes it over. */
void book_add(struct book *b, struct phone_call *c);

struct phone_call *book_find(const struct book *b, const char *id);

#endif
