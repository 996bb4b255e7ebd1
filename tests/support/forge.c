/* forge.c - login tokens as an attacker would make them. */
#include "forge.h"

#include <check.h>
#include <mbedtls/md.h>
#include <stdio.h>
#include <string.h>

#define count_of(array) (sizeof(array) / sizeof((array)[0]))
#define TOKEN_ROOM      8192

#define HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
/* The claims, from the first to the last, so that a row can replace what it attacks. */
#define WHO     "\"userId\":$user,"
#define EMAIL   "\"email\":\"a@example.com\","
#define ROLE    "\"role\":\"$role\","
#define TENANT  "\"tenantId\":$tenant,"
#define VERSION "\"version\":$version,"
#define IAT     "\"iat\":$now,"
#define EXP     "\"exp\":$later"
#define GOOD    "{" WHO EMAIL ROLE TENANT VERSION IAT EXP "}"

static void hmac(mbedtls_md_type_t type, const uint8_t *key, size_t key_len, const char *bytes,
                 size_t len, uint8_t *ret)
{
        const mbedtls_md_info_t *info = mbedtls_md_info_from_type(type);
        ck_assert_int_eq(
            mbedtls_md_hmac(info, key, key_len, (const unsigned char *)bytes, len, ret), 0);
}

/* HKDF-SHA256 (RFC 5869) without salt, one block. */
void forge_key(const uint8_t secret[VIO_SECRET_SIZE], uint8_t ret[FORGE_KEY_SIZE])
{
        static const uint8_t no_salt[32];
        uint8_t prk[32];
        hmac(MBEDTLS_MD_SHA256, no_salt, sizeof(no_salt), (const char *)secret, VIO_SECRET_SIZE,
             prk);
        hmac(MBEDTLS_MD_SHA256, prk, sizeof(prk), "vio login tokens\x01", 17, ret);
}

static size_t base64url(const void *bytes, size_t len, char *ret)
{
        static const char digits[] =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        const uint8_t *in = bytes;
        size_t n = 0;
        for (size_t bit = 0; bit < 8 * len; bit += 6) {
                unsigned pair = (unsigned)in[bit / 8] << 8;
                pair |= bit / 8 + 1 < len ? in[bit / 8 + 1] : 0;
                ret[n++] = digits[pair >> (10 - bit % 8) & 63];
        }
        ret[n] = '\0';
        return n;
}

static size_t put_number(const struct victim *v, const char *name, size_t len, char *ret)
{
        const struct {
                const char *name;
                int64_t value;
        } numbers[] = {
            {"user", v->user},       {"tenant", v->tenant},  {"other", v->other_tenant},
            {"version", v->version}, {"now", v->now / 1000}, {"later", v->now / 1000 + 3600},
        };
        for (size_t i = 0; i < count_of(numbers); i++)
                if (strlen(numbers[i].name) == len && !strncmp(numbers[i].name, name, len))
                        return (size_t)sprintf(ret, "%lld", (long long)numbers[i].value);
        return (size_t)sprintf(ret, "%s", v->role);
}

static void fill_in(const struct victim *v, const char *from, char *ret)
{
        while (*from) {
                if (*from != '$') {
                        *ret++ = *from++;
                        continue;
                }
                size_t len = strspn(from + 1, "abcdefghijklmnopqrstuvwxyz");
                ret += put_number(v, from + 1, len, ret);
                from += 1 + len;
        }
        *ret = '\0';
}

/* "header.payload", not signed yet. */
static size_t unsigned_part(const struct victim *v, const char *header, const char *payload,
                            char *ret)
{
        char filled[TOKEN_ROOM / 2];
        fill_in(v, payload, filled);
        size_t n = base64url(header, strlen(header), ret);
        ret[n++] = '.';
        return n + base64url(filled, strlen(filled), ret + n);
}

static void forge_with(const struct victim *v, mbedtls_md_type_t type, const char *header,
                       const char *payload, char *ret)
{
        uint8_t mac[64];
        size_t n = unsigned_part(v, header, payload, ret);
        hmac(type, v->key, sizeof(v->key), ret, n, mac);
        ret[n++] = '.';
        base64url(mac, type == MBEDTLS_MD_SHA512 ? 64 : 32, ret + n);
}

void forge(const struct victim *v, const char *header, const char *payload, char *ret, size_t size)
{
        char token[TOKEN_ROOM];
        forge_with(v, MBEDTLS_MD_SHA256, header, payload, token);
        ck_assert_uint_lt(strlen(token), size);
        memcpy(ret, token, strlen(token) + 1);
}

void forge_good(const struct victim *v, char *ret, size_t size)
{
        forge(v, HEADER, GOOD, ret, size);
}

/* Each with the good payload, signed with the installation's key as HS256. */
static const char *const bad_headers[] = {
    "{\"alg\":\"none\"}",
    "{\"alg\":\"None\",\"typ\":\"JWT\"}",
    "{\"alg\":\"NONE\",\"typ\":\"JWT\"}",
    "{\"alg\":\"nOnE\",\"typ\":\"JWT\"}",
    "{\"alg\":\"\",\"typ\":\"JWT\"}",
    "{\"alg\":null,\"typ\":\"JWT\"}",
    "{\"typ\":\"JWT\"}",
    "{}",
    "{\"alg\":\"RS256\",\"typ\":\"JWT\"}",
    "{\"alg\":\"ES256\",\"typ\":\"JWT\"}",
    "{\"alg\":\"PS256\",\"typ\":\"JWT\"}",
    "{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}",
    "{\"alg\":\"HS384\",\"typ\":\"JWT\"}",
    "{\"alg\":\"HS512\",\"typ\":\"JWT\"}",
    "{\"alg\":\"hs256\",\"typ\":\"JWT\"}",
    "{\"alg\":[\"HS256\"],\"typ\":\"JWT\"}",
    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"alg\":\"HS256\"}",
    "{\"alg\":\"none\",\"typ\":\"JWT\",\"alg\":\"HS256\"}",
    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"alg\":\"none\"}",
    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"\\u0061lg\":\"none\"}",
    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"typ\":\"JWT\"}",
    "{\"alg\":\"HS256\",\"typ\":\"JWE\"}",
    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"crit\":[\"exp\"]}",
    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"crit\":[]}",
    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"1\"}",
    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"../../../dev/null\"}",
    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}}",
    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"jku\":\"https://example.org/keys\"}",
    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"x5u\":\"https://example.org/keys\"}",
    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"b64\":false}",
    "{\"alg\":\"HS256\",\"typ\":\"JWT\"}{}",
    "[\"HS256\"]",
    "",
};

/* Each with the good header and well signed: what nobody but the installation could send. */
static const char *const bad_payloads[] = {
    /* times */
    "{" WHO EMAIL ROLE TENANT VERSION "\"iat\":1,\"exp\":2}",
    "{" WHO EMAIL ROLE TENANT VERSION IAT "\"exp\":$now}",
    "{" WHO EMAIL ROLE TENANT VERSION IAT "\"exp\":-1}",
    "{" WHO EMAIL ROLE TENANT VERSION IAT "\"exp\":\"$later\"}",
    "{" WHO EMAIL ROLE TENANT VERSION IAT "\"exp\":null}",
    "{" WHO EMAIL ROLE TENANT VERSION IAT "\"exp\":1e300}",
    "{" WHO EMAIL ROLE TENANT VERSION "\"iat\":$now}",
    "{" WHO EMAIL ROLE TENANT VERSION IAT "\"nbf\":$later," EXP "}",
    "{" WHO EMAIL ROLE TENANT VERSION IAT "\"nbf\":\"1\"," EXP "}",
    "{" WHO EMAIL ROLE TENANT VERSION "\"iat\":$later," EXP "}",
    /* the account */
    "{" EMAIL ROLE TENANT VERSION IAT EXP "}",
    "{\"userId\":\"$user\"," EMAIL ROLE TENANT VERSION IAT EXP "}",
    "{\"userId\":[$user]," EMAIL ROLE TENANT VERSION IAT EXP "}",
    "{\"userId\":{\"id\":$user}," EMAIL ROLE TENANT VERSION IAT EXP "}",
    "{\"userId\":true," EMAIL ROLE TENANT VERSION IAT EXP "}",
    "{\"userId\":null," EMAIL ROLE TENANT VERSION IAT EXP "}",
    "{\"userId\":$user.5," EMAIL ROLE TENANT VERSION IAT EXP "}",
    "{\"userId\":-$user," EMAIL ROLE TENANT VERSION IAT EXP "}",
    "{\"userId\":0," EMAIL ROLE TENANT VERSION IAT EXP "}",
    "{\"userId\":99999999999999999999," EMAIL ROLE TENANT VERSION IAT EXP "}",
    "{\"userid\":$user," EMAIL ROLE TENANT VERSION IAT EXP "}",
    /* the tenant */
    "{" WHO EMAIL ROLE "\"tenantId\":$other," VERSION IAT EXP "}",
    "{" WHO EMAIL ROLE "\"tenantId\":99999," VERSION IAT EXP "}",
    "{" WHO EMAIL ROLE "\"tenantId\":-$tenant," VERSION IAT EXP "}",
    "{" WHO EMAIL ROLE "\"tenantId\":0," VERSION IAT EXP "}",
    "{" WHO EMAIL ROLE "\"tenantId\":\"$tenant\"," VERSION IAT EXP "}",
    "{" WHO EMAIL ROLE "\"tenantId\":null," VERSION IAT EXP "}",
    "{" WHO EMAIL ROLE VERSION IAT EXP "}",
    /* the role */
    "{" WHO EMAIL "\"role\":\"super_admin\"," TENANT VERSION IAT EXP "}",
    "{" WHO EMAIL "\"role\":\"super_admin\"," VERSION IAT EXP "}",
    "{" WHO EMAIL "\"role\":[\"$role\"]," TENANT VERSION IAT EXP "}",
    "{" WHO EMAIL TENANT VERSION IAT EXP "}",
    /* the version */
    "{" WHO EMAIL ROLE TENANT IAT EXP "}",
    "{" WHO EMAIL ROLE TENANT "\"version\":0," IAT EXP "}",
    "{" WHO EMAIL ROLE TENANT "\"version\":-$version," IAT EXP "}",
    "{" WHO EMAIL ROLE TENANT "\"version\":1$version," IAT EXP "}",
    "{" WHO EMAIL ROLE TENANT "\"version\":\"$version\"," IAT EXP "}",
    /* an impersonation that never was */
    "{" WHO EMAIL ROLE TENANT "\"impersonating\":true," VERSION IAT EXP "}",
    "{" WHO EMAIL ROLE TENANT "\"impersonating\":\"true\"," VERSION IAT EXP "}",
    "{" WHO EMAIL ROLE TENANT "\"impersonating\":1," VERSION IAT EXP "}",
    "{" WHO EMAIL ROLE "\"tenantId\":$other,\"impersonating\":true,\"originalTenantId\":null,"
    "\"impersonationId\":\"01932d0f-7b1e-7c3a-9a51-0f4f5e0c9b11\"," VERSION IAT EXP "}",
    /* twice the same */
    "{" WHO WHO EMAIL ROLE TENANT VERSION IAT EXP "}",
    "{\"userId\":1," EMAIL ROLE TENANT VERSION IAT EXP "," WHO "\"x\":1}",
    "{\"\\u0075serId\":1," WHO EMAIL ROLE TENANT VERSION IAT EXP "}",
    "{" WHO EMAIL ROLE TENANT "\"tenantId\":$other," VERSION IAT EXP "}",
    "{" WHO EMAIL ROLE TENANT VERSION IAT "\"exp\":1," EXP "}",
    "{" WHO EMAIL ROLE TENANT VERSION IAT "\"x\":{\"y\":1,\"y\":2}," EXP "}",
    /* no object of JSON */
    "[" GOOD "]",
    GOOD "x",
    GOOD GOOD,
    "{" WHO EMAIL ROLE TENANT VERSION IAT EXP,
    "{" WHO EMAIL ROLE TENANT VERSION IAT EXP ",}",
    "{" WHO "\"email\":\"\xff\"," ROLE TENANT VERSION IAT EXP "}",
    "{" WHO "\"email\":\"\\u0000\"," ROLE TENANT VERSION IAT EXP "}",
    "null",
    "",
};

struct attacker {
        const struct victim *v;
        void (*attempt)(void *data, const char *what, const char *token);
        void *data;
        char good[TOKEN_ROOM];
};

static void try_signed(const struct attacker *a)
{
        char token[TOKEN_ROOM];
        for (size_t i = 0; i < count_of(bad_headers); i++) {
                forge_with(a->v, MBEDTLS_MD_SHA256, bad_headers[i], GOOD, token);
                a->attempt(a->data, bad_headers[i], token);
        }
        for (size_t i = 0; i < count_of(bad_payloads); i++) {
                forge_with(a->v, MBEDTLS_MD_SHA256, HEADER, bad_payloads[i], token);
                a->attempt(a->data, bad_payloads[i], token);
        }
        forge_with(a->v, MBEDTLS_MD_SHA512, "{\"alg\":\"HS512\",\"typ\":\"JWT\"}", GOOD, token);
        a->attempt(a->data, "HS512, truly", token);
        forge_with(a->v, MBEDTLS_MD_SHA512, HEADER, GOOD, token);
        a->attempt(a->data, "HS256, signed as HS512", token);
}

/* What somebody tries who has no key. */
static void try_unsigned(const struct attacker *a)
{
        static const char *const spellings[] = {"none", "None", "NONE", "nOnE", "HS256"};
        char header[64];
        char token[TOKEN_ROOM];
        for (size_t i = 0; i < count_of(spellings); i++) {
                snprintf(header, sizeof(header), "{\"alg\":\"%s\",\"typ\":\"JWT\"}", spellings[i]);
                size_t n = unsigned_part(a->v, header, GOOD, token);
                a->attempt(a->data, "no signature, no dot", token);
                strcpy(token + n, ".");
                a->attempt(a->data, "no signature", token);
        }
        static const uint8_t wrong[][FORGE_KEY_SIZE] = {{0}, "secret", "0123456789abcdef01234567"};
        for (size_t i = 0; i < count_of(wrong); i++) {
                struct victim other = *a->v;
                memcpy(other.key, wrong[i], sizeof(other.key));
                forge_with(&other, MBEDTLS_MD_SHA256, HEADER, GOOD, token);
                a->attempt(a->data, "another key", token);
        }
}

/* The last digit of a signature of 32 bytes carries two bits that mean nothing. */
static void try_last_digit(const struct attacker *a)
{
        static const char digits[] =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        char token[TOKEN_ROOM];
        size_t last = strlen(a->good) - 1;
        size_t value = (size_t)(strchr(digits, a->good[last]) - digits);
        strcpy(token, a->good);
        for (size_t stray = 1; stray < 4; stray++) {
                token[last] = digits[value | stray];
                a->attempt(a->data, "stray bits in the last digit", token);
        }
}

/* Where something is put into a good token: before a part, or after the last. */
enum spot { AT_HEADER, AT_PAYLOAD, AT_SIGNATURE, AT_END };

static void try_insertion(const struct attacker *a, enum spot spot, const char *what)
{
        char token[TOKEN_ROOM];
        const char *rest = a->good;
        for (int i = 0; i < (int)spot && i < 2; i++)
                rest = strchr(rest, '.') + 1;
        if (spot == AT_END)
                rest = a->good + strlen(a->good);
        size_t at = (size_t)(rest - a->good);
        ck_assert_uint_lt(strlen(a->good) + strlen(what), sizeof(token));
        memcpy(token, a->good, at);
        strcpy(token + at, what);
        strcat(token, rest);
        a->attempt(a->data, what, token);
}

static void try_insertions(const struct attacker *a)
{
        static const char *const strange[] = {".", "=", "A", "+", "/", "%2E", "x.", ".x"};
        for (size_t i = 0; i < count_of(strange); i++)
                for (int spot = AT_HEADER; spot <= AT_END; spot++)
                        try_insertion(a, (enum spot)spot, strange[i]);
        char twice[TOKEN_ROOM];
        snprintf(twice, sizeof(twice), "%.4000s%.4000s", a->good, a->good);
        a->attempt(a->data, "twice", twice);
}

static void try_lengths(const struct attacker *a)
{
        char token[TOKEN_ROOM];
        char payload[4096];
        strcpy(token, a->good);
        for (size_t len = strlen(token) - 1; len > 0; len--) {
                token[len] = '\0';
                a->attempt(a->data, "cut", token);
        }
        snprintf(payload, sizeof(payload),
                 "{" WHO EMAIL ROLE TENANT VERSION IAT "\"x\":\"%3100s\"," EXP "}", "");
        forge_with(a->v, MBEDTLS_MD_SHA256, HEADER, payload, token);
        ck_assert_uint_gt(strlen(token), 4096);
        a->attempt(a->data, "longer than any of ours", token);
}

void attacks_each(const struct victim *v,
                  void (*attempt)(void *data, const char *what, const char *token), void *data)
{
        struct attacker a = {.v = v, .attempt = attempt, .data = data};
        forge_good(v, a.good, sizeof(a.good));
        try_signed(&a);
        try_unsigned(&a);
        try_last_digit(&a);
        try_insertions(&a);
        try_lengths(&a);
}
