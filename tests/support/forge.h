/*
 * forge.h - login tokens as an attacker would make them, with the key or without; and all the
 * attacks in one table, so that the library and the server are tried with the same.
 */
#ifndef TESTS_FORGE_H
#define TESTS_FORGE_H

#include <vio.h>

#define FORGE_KEY_SIZE 32

/* Whose token is forged. */
struct victim {
        uint8_t key[FORGE_KEY_SIZE]; /* the installation's own */
        int64_t user;
        int64_t tenant;
        int64_t other_tenant; /* which is there too */
        int64_t version;
        const char *role;
        vio_time now;
};

/* The key that an installation derives from its secret. */
void forge_key(const uint8_t secret[VIO_SECRET_SIZE], uint8_t ret[FORGE_KEY_SIZE]);

/*
 * A signed token. In @payload stand $user, $tenant, $other, $version, $role, $now and $later
 * (seconds).
 */
void forge(const struct victim *v, const char *header, const char *payload, char *ret, size_t size);

/* What the installation itself would sign: must be accepted, or the attacks prove nothing. */
void forge_good(const struct victim *v, char *ret, size_t size);

/* Every attack; @what tells which it is. */
void attacks_each(const struct victim *v,
                  void (*attempt)(void *data, const char *what, const char *token), void *data);

#endif
