/* warden.h - ends the reading of bodies that take too long: CivetWeb waits for every single byte
 * anew. */
#ifndef HTTPD_WARDEN_H
#define HTTPD_WARDEN_H

#include "attr.h"

struct warden;

/* Room for @places connections at once. NULL: out of memory. */
struct warden *warden_new(size_t places);

/* Has an eye on a connection from @address and @port until warden_leave(). Returns its place. */
size_t warden_enter(struct warden *w, const char *address, int port, int64_t deadline_us);
void warden_leave(struct warden *w, size_t place);

/* Lets the reading of all that are past their deadline end; @port: where the server listens. */
void warden_look(struct warden *w, int port, int64_t now_us);

/* Takes NULL. */
void warden_free(struct warden *w);

#endif
