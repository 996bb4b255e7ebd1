/*
 * crypto.h - the one door to mbedTLS: digests, MACs, sealing; and their text forms.
 *
 * A result of type struct text is appended to; on failure nothing was added.
 */
#ifndef VIO_BASE_CRYPTO_H
#define VIO_BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "text.h"

#define SHA256_SIZE 32

struct bytes {
        const void *p;
        size_t len;
};

int crypto_sha256(const void *p, size_t len, uint8_t ret[SHA256_SIZE]);

/* HMAC-SHA256 (RFC 2104) over the parts one after the other. */
int crypto_hmac(struct bytes key, const struct bytes *parts, size_t n, uint8_t ret[SHA256_SIZE]);

/* A key of its own for each purpose, from the master key (HKDF-SHA256, RFC 5869; no salt). */
int crypto_derive(struct bytes master, const char *purpose, uint8_t ret[SHA256_SIZE]);

/*
 * AES-256-GCM. A sealed value is text: "v1." and base64url of nonce (12 bytes), ciphertext, tag
 * (16).
 * @context is bound to it: opening with another context fails with VIO_E_AUTH.
 */
int crypto_seal(const uint8_t key[32], const uint8_t nonce[12], const char *context,
                const char *plain, struct text *ret);
int crypto_open(const uint8_t key[32], const char *context, const char *sealed, struct text *ret);

/* Compares without telling by its time where the first difference is. */
bool crypto_equal(const void *a, const void *b, size_t len);

/* Overwrites memory in a way the compiler may not leave out. */
void crypto_wipe(void *p, size_t len);

void hex_encode(const uint8_t *bytes, size_t len, char *ret); /* 2*len digits and a NUL */
/* Either case; false, and @ret untouched, for anything but an even number of hex digits. */
bool hex_decode(const char *hex, size_t digits, uint8_t *ret);
void base64url_encode(const void *bytes, size_t len, struct text *ret); /* RFC 4648 5, no padding */
/* Strict: no padding, no stray bits in the last digit, so that one value has one text. */
int base64url_decode(const char *s, size_t len, struct text *ret);

#endif
