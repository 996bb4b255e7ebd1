/* calendar_signature.c - the signatures of Cal.com and Calendly: HMACs of a body, in hex. */
#include <vio/calendar.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/crypto.h"
#include "names.h"

#define HEX_DIGITS  (2 * SHA256_SIZE)
#define TIME_DIGITS 12

static const char *const names[] = {
    [VIO_CALENDAR_CAL_COM] = "cal-com",
    [VIO_CALENDAR_CALENDLY] = "calendly",
};

const char *vio_calendar_name(enum vio_calendar calendar)
{
        return names_at(names, count_of(names), calendar);
}

int vio_calendar_parse(const char *name, enum vio_calendar *ret)
{
        int found = names_find(names, count_of(names), name);
        if (found < 0)
                return VIO_E_INVALID;
        *ret = (enum vio_calendar)found;
        return 0;
}

static int digest(const char *key, const struct bytes *parts, size_t n, uint8_t ret[SHA256_SIZE])
{
        return crypto_hmac((struct bytes){key, strlen(key)}, parts, n, ret) < 0 ? VIO_E_INTERNAL
                                                                                : 0;
}

static bool read_digest(const char *hex, size_t len, uint8_t ret[SHA256_SIZE])
{
        return len == HEX_DIGITS && hex_decode(hex, HEX_DIGITS, ret);
}

int vio_cal_com_sign(const char *key, const void *body, size_t len, char ret[VIO_CAL_COM_SIGNATURE])
{
        uint8_t mac[SHA256_SIZE];
        if (!key || !*key)
                return VIO_E_INVALID;
        int r = digest(key, &(struct bytes){body, len}, 1, mac);
        if (r == 0)
                hex_encode(mac, sizeof(mac), ret);
        return r;
}

int vio_cal_com_verify(const char *key, const void *body, size_t len, const char *header)
{
        uint8_t claimed[SHA256_SIZE];
        uint8_t ours[SHA256_SIZE];
        if (!key || !*key)
                return VIO_E_INVALID;
        if (!header || !read_digest(header, strlen(header), claimed))
                return VIO_E_AUTH;
        int r = digest(key, &(struct bytes){body, len}, 1, ours);
        if (r < 0)
                return r;
        return crypto_equal(claimed, ours, sizeof(ours)) ? 0 : VIO_E_AUTH;
}

/* The digits of the time are signed as they stand in the header. */
static int timed_digest(const char *key, struct bytes time, struct bytes body,
                        uint8_t ret[SHA256_SIZE])
{
        const struct bytes parts[] = {time, {".", 1}, body};
        return digest(key, parts, count_of(parts), ret);
}

int vio_calendly_sign(const char *key, const void *body, size_t len, vio_time time,
                      char ret[VIO_CALENDLY_SIGNATURE])
{
        char digits[24];
        char hex[HEX_DIGITS + 1];
        uint8_t mac[SHA256_SIZE];
        if (!key || !*key || time < 0)
                return VIO_E_INVALID;
        int n = snprintf(digits, sizeof(digits), "%" PRId64, time / 1000);
        int r =
            timed_digest(key, (struct bytes){digits, (size_t)n}, (struct bytes){body, len}, mac);
        if (r < 0)
                return r;
        hex_encode(mac, sizeof(mac), hex);
        snprintf(ret, VIO_CALENDLY_SIGNATURE, "t=%s,v1=%s", digits, hex);
        return 0;
}

/* The parts of a header that matter; .p is NULL where one is missing. */
struct parts {
        struct bytes time;
        struct bytes digest;
};

/* One "key=value" of the header; false when a key that matters comes twice. */
static bool read_part(const char *part, size_t len, struct parts *p)
{
        static const char *const keys[] = {"t=", "v1="};
        struct bytes *const places[] = {&p->time, &p->digest};
        for (size_t i = 0; i < count_of(keys); i++) {
                size_t n = strlen(keys[i]);
                if (len < n || strncmp(part, keys[i], n) != 0)
                        continue;
                if (places[i]->p)
                        return false;
                *places[i] = (struct bytes){part + n, len - n};
        }
        return true;
}

static bool read_header(const char *header, struct parts *ret)
{
        for (const char *p = header; *p;) {
                p += strspn(p, " ");
                size_t len = strcspn(p, ",");
                if (!read_part(p, len, ret))
                        return false;
                p += len + (p[len] == ',');
        }
        return ret->time.p && ret->digest.p;
}

static bool read_time(struct bytes digits, vio_time *ret)
{
        const char *p = digits.p;
        vio_time seconds = 0;
        if (digits.len < 1 || digits.len > TIME_DIGITS)
                return false;
        for (size_t i = 0; i < digits.len; i++) {
                if (p[i] < '0' || p[i] > '9')
                        return false;
                seconds = seconds * 10 + (p[i] - '0');
        }
        *ret = seconds * 1000;
        return true;
}

/* The sender's clock tells whole seconds, so ours is read to the second too. */
static bool in_window(vio_time signed_at, vio_time now)
{
        vio_time ours = now - now % 1000;
        vio_time apart = ours > signed_at ? ours - signed_at : signed_at - ours;
        return now >= 0 && apart <= VIO_CALENDLY_SIGNATURE_WINDOW_MS;
}

int vio_calendly_verify(const char *key, const void *body, size_t len, const char *header,
                        vio_time now)
{
        struct parts parts = {0};
        uint8_t claimed[SHA256_SIZE];
        uint8_t ours[SHA256_SIZE];
        vio_time signed_at;
        if (!key || !*key)
                return VIO_E_INVALID;
        if (!header || !read_header(header, &parts) || !read_time(parts.time, &signed_at) ||
            !read_digest(parts.digest.p, parts.digest.len, claimed) || !in_window(signed_at, now))
                return VIO_E_AUTH;
        int r = timed_digest(key, parts.time, (struct bytes){body, len}, ours);
        if (r < 0)
                return r;
        return crypto_equal(claimed, ours, sizeof(ours)) ? 0 : VIO_E_AUTH;
}
