/* hashing.h - a few passwords are hashed at once, the others wait their turn. */
#ifndef VIO_FLOW_HASHING_H
#define VIO_FLOW_HASHING_H

#include "base/password.h"
#include "flow/engine.h"

/* False when too many wait already: VIO_E_BUSY. */
_must_check_ bool hashing_enter(struct engine *e);
void hashing_leave(struct engine *e);

/* Whether a password may be chosen; else VIO_E_INVALID, said of the member @field. */
int password_acceptable(const char *password, const char *field, struct fault *f);

/* Hashes a chosen password with a salt of its own, in its turn. */
int password_keep(struct engine *e, const char *password, char ret[PASSWORD_HASH_SIZE]);

#endif
