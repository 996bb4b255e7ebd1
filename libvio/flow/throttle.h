/* throttle.h - who failed to log in lately: by account and by address, in memory only. */
#ifndef VIO_FLOW_THROTTLE_H
#define VIO_FLOW_THROTTLE_H

#include "flow/engine.h"

#define THROTTLE_KEY_SIZE 16
/* So many accounts, and as many addresses, are remembered; the oldest failure goes first. */
#define THROTTLE_PLACES 2048

struct throttle;

/* NULL: out of memory. */
struct throttle *throttle_new(void);
void throttle_free(struct throttle *t); /* takes NULL */

/* A keyed hash: nobody can aim at another one's place. And what throttle_undo() takes back. */
struct throttle_key {
        uint8_t hash[THROTTLE_KEY_SIZE];
        unsigned failures; /* with this attempt */
        vio_time before;   /* the failure before it */
};

/* Whom an attempt is counted against. */
struct throttle_keys {
        struct throttle_key account;
        struct throttle_key address;
        bool has_address;
};

/*
 * @email: in lower case, of an account or of none. @ip_address may be NULL. Addresses of this
 * machine are not counted: its reverse proxy speaks for everybody. Of an IPv6 address the first
 * half counts, since the other is its owner's to choose.
 */
int throttle_keys(const struct engine *e, const char *email, const char *ip_address,
                  struct throttle_keys *ret);

/* How many milliseconds are left to wait; 0: none. */
int64_t throttle_wait(struct throttle *t, const struct throttle_keys *k, vio_time now);

/*
 * Begins an attempt, unless there is something left to wait: then that is returned. An attempt
 * counts as a failure from here on, so that many at once are no way around the count; until
 * throttle_undo(), because it was none, or throttle_forgive(), because it succeeded: then the
 * account's earlier failures are forgotten, but not those of the address.
 */
int64_t throttle_enter(struct throttle *t, struct throttle_keys *k, vio_time now);
void throttle_undo(struct throttle *t, const struct throttle_keys *k);
void throttle_forgive(struct throttle *t, const struct throttle_keys *k);

#endif
