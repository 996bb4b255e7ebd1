/* jwt.c - tests of JSON Web Tokens: what we sign, and how they are attacked. */
#include "base/jwt.h"

#include <stdio.h>
#include <string.h>

#include "run.h"

#define NOW 1795512600000 /* 2026-11-24T09:30:00Z */

static const struct bytes key = {"0123456789abcdef0123456789abcdef", 32};

static const char good_header[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
static const char good_payload[] = "{\"sub\":\"7\",\"iat\":1795512600,\"exp\":1795599000}";

static int verify(const char *token)
{
        _cleanup_text_ struct text payload = TEXT_INIT;
        int err = jwt_verify(key, token, NOW, &payload);
        ck_assert(err == 0 || payload.len == 0);
        return err;
}

/* A token that whoever knows the key could make, however odd. */
static void forge(const char *header, const char *payload, struct text *ret)
{
        uint8_t mac[SHA256_SIZE];
        base64url_encode(header, strlen(header), ret);
        text_add_char(ret, '.');
        base64url_encode(payload, strlen(payload), ret);
        ck_assert_int_eq(crypto_hmac(key, &(struct bytes){ret->p, ret->len}, 1, mac), 0);
        text_add_char(ret, '.');
        base64url_encode(mac, sizeof(mac), ret);
}

static int verify_forged(const char *header, const char *payload)
{
        _cleanup_text_ struct text token = TEXT_INIT;
        forge(header, payload, &token);
        return verify(text_str(&token));
}

START_TEST(what_we_signed_we_accept)
{
        _cleanup_text_ struct text token = TEXT_INIT, payload = TEXT_INIT;
        ck_assert_int_eq(jwt_sign(key, good_payload, &token), 0);
        ck_assert_int_eq(strncmp(text_str(&token), "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.", 37), 0);
        ck_assert_int_eq(jwt_verify(key, text_str(&token), NOW, &payload), 0);
        ck_assert_str_eq(text_str(&payload), good_payload);
}
END_TEST

START_TEST(the_example_of_rfc_7515_is_accepted_until_it_expires)
{
        const char *token =
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
            "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc"
            "19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        const char *secret =
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcg"
            "UuTwjAzZr1Z9CAow";
        _cleanup_text_ struct text k = TEXT_INIT, payload = TEXT_INIT;
        ck_assert_int_eq(base64url_decode(secret, strlen(secret), &k), 0);
        struct bytes its_key = {k.p, k.len};
        ck_assert_int_eq(jwt_verify(its_key, token, 1300819379999, &payload), 0);
        ck_assert_str_eq(text_str(&payload), "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n "
                                             "\"http://example.com/is_root\":true}");
        ck_assert_int_eq(jwt_verify(its_key, token, 1300819380000, &payload), VIO_E_AUTH);
}
END_TEST

START_TEST(no_byte_of_a_token_can_be_changed_added_or_cut)
{
        _cleanup_text_ struct text token = TEXT_INIT;
        ck_assert_int_eq(jwt_sign(key, good_payload, &token), 0);
        for (size_t i = 0; i < token.len; i++) {
                char kept = token.p[i];
                for (int c = 0; c < 128; c++) {
                        token.p[i] = (char)c;
                        ck_assert_int_eq(verify(token.p), c == kept ? 0 : VIO_E_AUTH);
                }
                token.p[i] = kept;
        }
        for (int c = 1; c < 128; c++) {
                text_add_char(&token, (char)c);
                ck_assert_int_eq(verify(token.p), VIO_E_AUTH);
                token.p[--token.len] = '\0';
        }
        for (size_t len = token.len; len-- > 0;) {
                token.p[len] = '\0';
                ck_assert_int_eq(verify(token.p), VIO_E_AUTH);
        }
}
END_TEST

START_TEST(no_header_but_ours_is_accepted_even_well_signed)
{
        static const char *const rows[] = {
            "{\"alg\":\"none\"}",
            "{\"alg\":\"None\",\"typ\":\"JWT\"}",
            "{\"alg\":\"HS384\",\"typ\":\"JWT\"}",
            "{\"alg\":\"HS512\"}",
            "{\"alg\":\"RS256\"}",
            "{\"alg\":\"ES256\"}",
            "{\"alg\":\"hs256\"}",
            "{\"alg\":\"HS256 \"}",
            "{\"alg\":\"\"}",
            "{\"alg\":null}",
            "{\"alg\":256}",
            "{\"alg\":[\"HS256\"]}",
            "{\"Alg\":\"HS256\"}",
            "{\"typ\":\"JWT\"}",
            "{}",
            "",
            "[]",
            "\"HS256\"",
            "null",
            "{\"alg\":\"HS256\"",
            "{\"alg\":\"HS256\"}x",
            "{\"alg\":\"HS256\",\"alg\":\"none\"}",
            "{\"alg\":\"none\",\"alg\":\"HS256\"}",
            "{\"alg\":\"HS256\",\"\\u0061lg\":\"none\"}",
            "{\"alg\":\"HS256\",\"typ\":\"JWE\"}",
            "{\"alg\":\"HS256\",\"typ\":null}",
            "{\"alg\":\"HS256\",\"typ\":1}",
            "{\"alg\":\"HS256\",\"crit\":[\"exp\"]}",
            "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"crit\":[]}",
            "{\"alg\":\"HS256\",\"kid\":\"../../dev/null\"}",
            "{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AA\"}}",
            "{\"alg\":\"HS256\",\"jku\":\"http://evil.example\"}",
            "{\"alg\":\"HS256\",\"x5u\":\"http://evil.example\"}",
            "{\"alg\":\"HS256\",\"b64\":false}",
            "{\"alg\":\"HS256\",\"cty\":\"JWT\"}",
            "{\"alg\":\"HS256\",\"zip\":\"DEF\"}",
        };
        ck_assert_int_eq(verify_forged(good_header, good_payload), 0);
        ck_assert_int_eq(verify_forged("{\"alg\":\"HS256\"}", good_payload), 0);
        ck_assert_int_eq(verify_forged("{ \"typ\":\"JWT\" , \"alg\":\"HS256\" }", good_payload), 0);
        for (size_t i = 0; i < count_of(rows); i++)
                ck_assert_msg(verify_forged(rows[i], good_payload) == VIO_E_AUTH, "%s", rows[i]);
}
END_TEST

START_TEST(a_token_without_signature_is_refused)
{
        static const char *const headers[] = {"{\"alg\":\"none\"}",
                                              "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"};
        for (size_t i = 0; i < count_of(headers); i++) {
                _cleanup_text_ struct text token = TEXT_INIT;
                base64url_encode(headers[i], strlen(headers[i]), &token);
                text_add_char(&token, '.');
                base64url_encode(good_payload, strlen(good_payload), &token);
                ck_assert_int_eq(verify(text_str(&token)), VIO_E_AUTH);
                text_add_char(&token, '.');
                ck_assert_int_eq(verify(text_str(&token)), VIO_E_AUTH);
        }
}
END_TEST

START_TEST(what_is_no_token_is_refused)
{
        static const char *const rows[] = {
            NULL, "", ".", "..", "...", "a.b.c", "a.b.c.d", "Bearer x.y.z", "e30.e30.e30", "eyJ9",
        };
        for (size_t i = 0; i < count_of(rows); i++)
                ck_assert_int_eq(verify(rows[i]), VIO_E_AUTH);
}
END_TEST

START_TEST(another_key_or_none_is_refused)
{
        _cleanup_text_ struct text token = TEXT_INIT, t = TEXT_INIT;
        struct bytes other = {"0123456789abcdef0123456789abcdeF", 32}, shorter = {key.p, 31};
        ck_assert_int_eq(jwt_sign(key, good_payload, &token), 0);
        ck_assert_int_eq(jwt_verify(other, text_str(&token), NOW, &t), VIO_E_AUTH);
        ck_assert_int_eq(jwt_verify(shorter, text_str(&token), NOW, &t), VIO_E_AUTH);
        ck_assert_int_eq(jwt_verify((struct bytes){"", 0}, text_str(&token), NOW, &t), VIO_E_AUTH);
        ck_assert_int_eq(jwt_sign((struct bytes){"", 0}, good_payload, &t), VIO_E_INVALID);
        ck_assert_uint_eq(t.len, 0);
}
END_TEST

START_TEST(times_are_checked_to_the_second)
{
        static const struct {
                const char *payload;
                int expected;
        } rows[] = {
            {"{\"exp\":1795512601}", 0},
            {"{\"exp\":1795512600}", VIO_E_AUTH}, /* no leeway: it has expired now */
            {"{\"exp\":1795512599}", VIO_E_AUTH},
            {"{\"exp\":0}", VIO_E_AUTH},
            {"{\"exp\":-1}", VIO_E_AUTH},
            {"{\"exp\":9007199254740992}", 0},
            {"{\"exp\":9007199254740994}", VIO_E_AUTH}, /* no longer a whole number for sure */
            {"{\"exp\":1e30}", VIO_E_AUTH},
            {"{\"exp\":-9007199254740992}", VIO_E_AUTH},
            {"{}", VIO_E_AUTH},
            {"{\"Exp\":1795512601}", VIO_E_AUTH},
            {"{\"exp\":null}", VIO_E_AUTH},
            {"{\"exp\":\"1795512601\"}", VIO_E_AUTH},
            {"{\"exp\":1795512601.5}", VIO_E_AUTH},
            {"{\"exp\":true}", VIO_E_AUTH},
            {"{\"exp\":[1795512601]}", VIO_E_AUTH},
            {"{\"exp\":1,\"exp\":1795512601}", VIO_E_AUTH},
            {"{\"exp\":1795512601,\"sub\":\"1\",\"sub\":\"2\"}", VIO_E_AUTH},
            {"{\"exp\":1795512601,\"nbf\":1795512660}", 0},
            {"{\"exp\":1795512601,\"nbf\":1795512661}", VIO_E_AUTH},
            {"{\"exp\":1795512601,\"nbf\":\"0\"}", VIO_E_AUTH},
            {"{\"exp\":1795512601,\"nbf\":null}", VIO_E_AUTH},
            {"{\"exp\":1795512601,\"iat\":1795512660}", 0},
            {"{\"exp\":1795512601,\"iat\":1795512661}", VIO_E_AUTH},
            {"{\"exp\":1795512601,\"iat\":1.5}", VIO_E_AUTH},
            {"{\"exp\":1795512601,\"iat\":-5}", 0},
            {"[{\"exp\":1795512601}]", VIO_E_AUTH},
            {"1795512601", VIO_E_AUTH},
            {"", VIO_E_AUTH},
            {"{\"exp\":1795512601", VIO_E_AUTH},
            {"{\"exp\":1795512601}\xFF", VIO_E_AUTH},
            {"{\"exp\":1795512601,\"sub\":\"\\u0000\"}", VIO_E_AUTH},
        };
        for (size_t i = 0; i < count_of(rows); i++)
                ck_assert_msg(verify_forged(good_header, rows[i].payload) == rows[i].expected, "%s",
                              rows[i].payload);
}
END_TEST

START_TEST(a_token_of_4096_bytes_is_read_and_one_more_is_too_long)
{
        char payload[4096];
        int read = 0;
        for (int pad = 2950; pad < 3050; pad++) {
                _cleanup_text_ struct text token = TEXT_INIT;
                snprintf(payload, sizeof(payload), "{\"exp\":1795512601,\"pad\":\"%*s\"}", pad, "");
                forge(good_header, payload, &token);
                ck_assert_int_eq(verify(text_str(&token)), token.len <= 4096 ? 0 : VIO_E_AUTH);
                read += token.len <= 4096;
        }
        ck_assert_int_gt(read, 0);
        ck_assert_int_lt(read, 100);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("jwt");
        add_case(s, what_we_signed_we_accept);
        add_case(s, the_example_of_rfc_7515_is_accepted_until_it_expires);
        add_case(s, no_byte_of_a_token_can_be_changed_added_or_cut);
        add_case(s, no_header_but_ours_is_accepted_even_well_signed);
        add_case(s, a_token_without_signature_is_refused);
        add_case(s, what_is_no_token_is_refused);
        add_case(s, another_key_or_none_is_refused);
        add_case(s, times_are_checked_to_the_second);
        add_case(s, a_token_of_4096_bytes_is_read_and_one_more_is_too_long);
        return s;
}
