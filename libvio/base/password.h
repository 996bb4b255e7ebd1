/* password.h - the one door to libargon2: passwords are kept as argon2id (RFC 9106). */
#ifndef VIO_BASE_PASSWORD_H
#define VIO_BASE_PASSWORD_H

#include <stddef.h>
#include <stdint.h>

#define PASSWORD_HASH_SIZE 128
#define PASSWORD_SALT_SIZE 16

/* 19 MiB, 2 passes, 1 lane. @ret gets the encoded form "$argon2id$v=19$...". */
int password_hash(const char *password, const uint8_t salt[PASSWORD_SALT_SIZE],
                  char ret[PASSWORD_HASH_SIZE]);

/* 0 when it fits, VIO_E_AUTH when not, VIO_E_NOMEM. NULL @encoded does the same work and refuses.
 */
int password_check(const char *password, const char *encoded);

#endif
