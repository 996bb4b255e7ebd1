/* jwt.c - JSON Web Tokens (RFC 7519): HS256 (RFC 7515) and nothing else. */
#include "jwt.h"

#include <string.h>

#include <vio/json.h>

#define LONGEST   4096
#define LEEWAY_MS (60 * INT64_C(1000))

static const char header[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

static void free_json(vio_json **j)
{
        vio_json_free(*j);
}

int jwt_sign(struct bytes key, const char *payload, struct text *ret)
{
        if (key.len == 0)
                return VIO_E_INVALID;
        _cleanup_text_ struct text token = TEXT_INIT;
        base64url_encode(header, strlen(header), &token);
        text_add_char(&token, '.');
        base64url_encode(payload, strlen(payload), &token);

        uint8_t mac[SHA256_SIZE];
        int err = crypto_hmac(key, &(struct bytes){text_str(&token), token.len}, 1, mac);
        if (err)
                return err;
        text_add_char(&token, '.');
        base64url_encode(mac, sizeof(mac), &token);
        return text_join(ret, &token);
}

struct parts {
        struct bytes header, payload, signature, signed_part;
};

static bool split(const char *token, struct parts *ret)
{
        size_t len = strnlen(token, LONGEST + 1);
        const char *end = token + len;
        const char *first = memchr(token, '.', len);
        const char *second = first ? memchr(first + 1, '.', (size_t)(end - first - 1)) : NULL;
        if (len > LONGEST || !second)
                return false;
        ret->header = (struct bytes){token, (size_t)(first - token)};
        ret->payload = (struct bytes){first + 1, (size_t)(second - first - 1)};
        ret->signature = (struct bytes){second + 1, (size_t)(end - second - 1)};
        ret->signed_part = (struct bytes){token, (size_t)(second - token)};
        return true;
}

/* Whoever sent the token, its defects are one error; only our own lack of memory is another. */
static int auth_error(int err)
{
        return err == VIO_OK || err == VIO_E_NOMEM ? err : VIO_E_AUTH;
}

static int check_signature(struct bytes key, const struct parts *p)
{
        uint8_t mac[SHA256_SIZE];
        _cleanup_text_ struct text given = TEXT_INIT;
        int err = base64url_decode(p->signature.p, p->signature.len, &given);
        if (!err)
                err = crypto_hmac(key, &p->signed_part, 1, mac);
        if (err)
                return auth_error(err);
        return given.len == sizeof(mac) && crypto_equal(given.p, mac, sizeof(mac)) ? 0 : VIO_E_AUTH;
}

/*
 * Decodes one part into an object; its JSON text is appended to @ret_text. The same member twice,
 * at any depth, is refused by vio_json_parse(): readers differ in which of the two they take.
 */
static int decode(struct bytes part, struct text *ret_text, vio_json **ret)
{
        _cleanup_text_ struct text text = TEXT_INIT;
        _cleanup_(free_json) vio_json *j = NULL;
        int err = base64url_decode(part.p, part.len, &text);
        if (!err)
                err = vio_json_parse(text_str(&text), text.len, &j);
        if (!err && vio_json_type(j) != VIO_JSON_OBJECT)
                err = VIO_E_AUTH;
        if (!err)
                err = text_join(ret_text, &text);
        if (err)
                return auth_error(err);
        *ret = steal(j);
        return VIO_OK;
}

static bool is_text(const vio_json *j, const char *expected)
{
        const char *text = vio_json_text(j);
        return text && strcmp(text, expected) == 0;
}

/* Refuses alg "none", every field that could point to a key, and "crit" with what it demands. */
static int check_header(struct bytes part)
{
        _cleanup_text_ struct text text = TEXT_INIT;
        _cleanup_(free_json) vio_json *j = NULL;
        int err = decode(part, &text, &j);
        if (err)
                return err;
        const vio_json *typ = vio_json_get(j, "typ");
        if (!is_text(vio_json_get(j, "alg"), "HS256") || (typ && !is_text(typ, "JWT")))
                return VIO_E_AUTH;
        return vio_json_count(j) == (typ ? 2 : 1) ? VIO_OK : VIO_E_AUTH;
}

/* The time in a claim; VIO_OK and untouched when the claim is missing. */
static int claim_time(const vio_json *j, const char *name, vio_time *ret)
{
        const vio_json *claim = vio_json_get(j, name);
        int64_t seconds;
        if (!claim)
                return VIO_OK;
        if (vio_json_int(claim, &seconds))
                return VIO_E_AUTH;
        *ret = seconds * 1000; /* 2^53 seconds still fit */
        return VIO_OK;
}

static int check_times(const vio_json *claims, vio_time now)
{
        vio_time exp = INT64_MIN, nbf = INT64_MIN, iat = INT64_MIN;
        if (claim_time(claims, "exp", &exp) || claim_time(claims, "nbf", &nbf) ||
            claim_time(claims, "iat", &iat))
                return VIO_E_AUTH;
        bool good = now < exp && nbf <= now + LEEWAY_MS && iat <= now + LEEWAY_MS;
        return good ? VIO_OK : VIO_E_AUTH;
}

int jwt_verify(struct bytes key, const char *token, vio_time now, struct text *ret_payload)
{
        struct parts p;
        if (!token || key.len == 0 || !split(token, &p))
                return VIO_E_AUTH;
        int err = check_signature(key, &p);
        if (!err)
                err = check_header(p.header);
        if (err)
                return err;

        _cleanup_text_ struct text payload = TEXT_INIT;
        _cleanup_(free_json) vio_json *claims = NULL;
        err = decode(p.payload, &payload, &claims);
        if (!err)
                err = check_times(claims, now);
        return err ? err : text_join(ret_payload, &payload);
}
