/* world.h - one clinic with calls under way, and the webhooks that Retell sends about them. */
#ifndef TESTS_BENCH_WORLD_H
#define TESTS_BENCH_WORLD_H

#include <vio.h>

#include "store/store.h"

#define MESSAGES_PER_CALL 3

struct world {
        char folder[128]; /* removed by world_leave() */
        char db[160];
        char bare_db[160]; /* another file on the same file system */
        uint8_t secret[VIO_SECRET_SIZE];
        vio_tenant_id tenant;
};

/* What Retell posts, signed just now. */
struct message {
        char *body;
        size_t len;
        char signature[VIO_RETELL_SIGNATURE];
};

/* Ends the program with a sentence when @ok is false. */
__attribute__((format(printf, 2, 3))) void need(bool ok, const char *format, ...);

vio_time wall_clock(void);

/* Makes the folder and the database: a tenant, and @calls contacts with a placed call each. */
void world_make(struct world *w, unsigned calls);
void world_leave(struct world *w);

/* Opens the library, or the bare store beside it. */
vio *world_open(const struct world *w);
struct store *world_open_bare(const struct world *w, vio_tenant_id *ret);

/* The webhooks of the calls from @first on: started, ended, analyzed; freed by messages_free(). */
struct message *messages_make(unsigned first, unsigned calls);
void messages_free(struct message *messages, unsigned calls);

#endif
