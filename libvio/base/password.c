/* password.c - the one door to libargon2. */
#include "password.h"

#include <string.h>

#include <argon2.h>
#include <vio/core.h>

/* The second choice of OWASP's password storage cheat sheet for argon2id: 19 MiB, 2 passes, 1 lane.
 */
#define PASSES    2
#define KIB       (19 * 1024)
#define LANES     1
#define HASH_SIZE 32

int password_hash(const char *password, const uint8_t salt[PASSWORD_SALT_SIZE],
                  char ret[PASSWORD_HASH_SIZE])
{
        char encoded[PASSWORD_HASH_SIZE];
        int err = argon2id_hash_encoded(PASSES, KIB, LANES, password, strlen(password), salt,
                                        PASSWORD_SALT_SIZE, HASH_SIZE, encoded, sizeof(encoded));
        if (err)
                return err == ARGON2_MEMORY_ALLOCATION_ERROR ? VIO_E_NOMEM : VIO_E_INTERNAL;
        memcpy(ret, encoded, sizeof(encoded));
        return VIO_OK;
}

/* An unknown login costs as much time as a known one, so that time does not tell them apart. */
static int refuse_slowly(const char *password)
{
        static const uint8_t salt[PASSWORD_SALT_SIZE];
        char encoded[PASSWORD_HASH_SIZE];
        int err = password_hash(password, salt, encoded);
        return err ? err : VIO_E_AUTH;
}

int password_check(const char *password, const char *encoded)
{
        if (!encoded)
                return refuse_slowly(password);
        int err = argon2id_verify(encoded, password, strlen(password));
        if (err == ARGON2_MEMORY_ALLOCATION_ERROR)
                return VIO_E_NOMEM;
        return err ? VIO_E_AUTH : VIO_OK;
}
