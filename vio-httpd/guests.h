/* guests.h - how many requests each client address has under way. */
#ifndef HTTPD_GUESTS_H
#define HTTPD_GUESTS_H

#include <stdbool.h>
#include <stddef.h>

struct guests;

/* Room for @places requests at once, @limit of one address; 0: no limit. NULL: out of memory. */
struct guests *guests_new(size_t places, unsigned limit);

/* Counts a request in; false if its address has too many already. */
bool guests_enter(struct guests *g, const char *address);

/* Counts a request out that was counted in. */
void guests_leave(struct guests *g, const char *address);

/* Takes NULL. */
void guests_free(struct guests *g);

#endif
