/* signature.c - Retell's webhook signature: the HMAC of a body and of the time it was signed. */
#include <vio/retell.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/crypto.h"

#define TIME_DIGITS 16 /* as many as the greatest whole number of a JavaScript sender has */
#define HEX_DIGITS  (2 * SHA256_SIZE)

/* The digits of the time are signed as they stand in the header. */
static int digest(const char *key, struct bytes body, struct bytes time, uint8_t ret[SHA256_SIZE])
{
        struct bytes parts[] = {body, time};
        return crypto_hmac((struct bytes){key, strlen(key)}, parts, 2, ret) < 0 ? VIO_E_INTERNAL
                                                                                : 0;
}

int vio_retell_sign(const char *key, const void *body, size_t len, vio_time time,
                    char ret[VIO_RETELL_SIGNATURE])
{
        if (!key || !*key || time < 0)
                return VIO_E_INVALID;
        char digits[24];
        int n = snprintf(digits, sizeof digits, "%" PRId64, time);
        uint8_t mac[SHA256_SIZE];
        int r = digest(key, (struct bytes){body, len}, (struct bytes){digits, (size_t)n}, mac);
        if (r < 0)
                return r;
        char hex[HEX_DIGITS + 1];
        hex_encode(mac, sizeof mac, hex);
        snprintf(ret, VIO_RETELL_SIGNATURE, "v=%s,d=%s", digits, hex);
        return 0;
}

/* Reads "v=<digits>,d=<64 hex digits>" and nothing else. */
static bool read_header(const char *header, struct bytes *ret_digits, uint8_t ret[SHA256_SIZE])
{
        if (strncmp(header, "v=", 2) != 0)
                return false;
        const char *digits = header + 2;
        size_t n = strspn(digits, "0123456789");
        const char *rest = digits + n;
        if (n == 0 || n > TIME_DIGITS || digits[0] == '0' || strncmp(rest, ",d=", 3) != 0)
                return false;
        const char *hex = rest + 3;
        if (strlen(hex) != HEX_DIGITS || !hex_decode(hex, HEX_DIGITS, ret))
                return false;
        *ret_digits = (struct bytes){digits, n};
        return true;
}

static bool in_window(struct bytes digits, vio_time now)
{
        const char *p = digits.p;
        vio_time signed_at = 0;
        for (size_t i = 0; i < digits.len; i++)
                signed_at = signed_at * 10 + (p[i] - '0');
        if (now < 0)
                return false;
        vio_time apart = now > signed_at ? now - signed_at : signed_at - now;
        return apart <= VIO_RETELL_SIGNATURE_WINDOW_MS;
}

int vio_retell_verify(const char *key, bool allow_bare, const void *body, size_t len,
                      const char *header, vio_time now)
{
        if (!key || !*key)
                return VIO_E_INVALID;
        if (!header)
                return VIO_E_AUTH;
        struct bytes digits = {"", 0};
        uint8_t claimed[SHA256_SIZE], ours[SHA256_SIZE];
        bool timed = read_header(header, &digits, claimed);
        bool bare = !timed && allow_bare && strlen(header) == HEX_DIGITS &&
                    hex_decode(header, HEX_DIGITS, claimed);
        if (!bare && !(timed && in_window(digits, now)))
                return VIO_E_AUTH;
        int r = digest(key, (struct bytes){body, len}, digits, ours);
        if (r < 0)
                return r;
        return crypto_equal(claimed, ours, sizeof ours) ? 0 : VIO_E_AUTH;
}
