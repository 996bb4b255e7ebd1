/* svix.c - the signature of Standard Webhooks, which Svix invented and Resend uses. */
#include <vio/summary.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/crypto.h"

#define PREFIX      "whsec_"
#define VERSION     "v1,"
#define TIME_DIGITS 12
#define MAC_DIGITS  44 /* 32 bytes in base64, padding included */
#define SECRET_MOST 512

/* The one alphabet differs from the other in two digits and the padding. */
static void swap_digits(char *s, const char *from, const char *to)
{
        for (; *s; s++) {
                const char *digit = strchr(from, *s);
                if (digit)
                        *s = to[digit - from];
        }
}

static int base64_decode(const char *s, size_t len, struct text *ret)
{
        char digits[SECRET_MOST + 1];

        if (len > SECRET_MOST || memchr(s, '-', len) || memchr(s, '_', len))
                return VIO_E_INVALID;
        while (len && s[len - 1] == '=')
                len--;
        memcpy(digits, s, len);
        digits[len] = '\0';
        swap_digits(digits, "+/", "-_");
        int r = base64url_decode(digits, len, ret);
        crypto_wipe(digits, sizeof(digits));
        return r;
}

static int read_secret(const char *secret, struct text *ret)
{
        if (!secret)
                return VIO_E_INVALID;
        if (strncmp(secret, PREFIX, strlen(PREFIX)) == 0)
                secret += strlen(PREFIX);
        int r = base64_decode(secret, strlen(secret), ret);
        return !r && ret->len == 0 ? VIO_E_INVALID : r;
}

static void forget(struct text *key)
{
        if (key->p)
                crypto_wipe(key->p, key->cap);
        text_free(key);
}

/* HMAC over "id.time.body". */
static int digest(const char *secret, const char *id, const char *time, struct bytes body,
                  uint8_t ret[SHA256_SIZE])
{
        _cleanup_(forget) struct text key = TEXT_INIT;
        const struct bytes parts[] = {
            {id, strlen(id)}, {".", 1}, {time, strlen(time)}, {".", 1}, body};

        int r = read_secret(secret, &key);
        if (r)
                return r;
        r = crypto_hmac((struct bytes){key.p, key.len}, parts, count_of(parts), ret);
        return r < 0 ? VIO_E_INTERNAL : 0;
}

int vio_svix_sign(const char *secret, const char *id, int64_t time_s, const void *body, size_t len,
                  char ret[VIO_SVIX_SIGNATURE])
{
        _cleanup_text_ struct text signature = TEXT_INIT;
        uint8_t mac[SHA256_SIZE];
        char digits[24];

        if (!id || !*id || time_s < 0)
                return VIO_E_INVALID;
        snprintf(digits, sizeof(digits), "%" PRId64, time_s);
        int r = digest(secret, id, digits, (struct bytes){body, len}, mac);
        if (r)
                return r;
        base64url_encode(mac, sizeof(mac), &signature);
        text_add_char(&signature, '=');
        if (signature.failed)
                return VIO_E_INTERNAL;
        swap_digits(signature.p, "-_", "+/");
        snprintf(ret, VIO_SVIX_SIGNATURE, VERSION "%s", text_str(&signature));
        return 0;
}

static bool in_window(const char *timestamp, vio_time now)
{
        size_t n = strspn(timestamp, "0123456789");
        int64_t signed_at = 0;

        if (n == 0 || n > TIME_DIGITS || timestamp[n] || now < 0)
                return false;
        for (size_t i = 0; i < n; i++)
                signed_at = signed_at * 10 + (timestamp[i] - '0');
        int64_t apart = now / 1000 - signed_at;
        return apart <= VIO_SVIX_WINDOW_S && apart >= -VIO_SVIX_WINDOW_S;
}

/* One entry of the list against ours. */
static bool fits(const char *entry, size_t len, const uint8_t mac[SHA256_SIZE])
{
        _cleanup_text_ struct text claimed = TEXT_INIT;
        size_t version = strlen(VERSION);

        if (len != version + MAC_DIGITS || strncmp(entry, VERSION, version) != 0)
                return false;
        return base64_decode(entry + version, len - version, &claimed) == 0 &&
               claimed.len == SHA256_SIZE && crypto_equal(claimed.p, mac, SHA256_SIZE);
}

int vio_svix_verify(const char *secret, const char *id, const char *timestamp,
                    const char *signature, const void *body, size_t len, vio_time now)
{
        uint8_t mac[SHA256_SIZE];
        bool good = false;

        if (!id || !*id || !timestamp || !signature || !in_window(timestamp, now))
                return VIO_E_AUTH;
        int r = digest(secret, id, timestamp, (struct bytes){body, len}, mac);
        if (r)
                return r;
        for (const char *entry = signature; *entry;) {
                size_t n = strcspn(entry, " ");
                good = fits(entry, n, mac) || good;
                entry += n + strspn(entry + n, " ");
        }
        return good ? 0 : VIO_E_AUTH;
}
