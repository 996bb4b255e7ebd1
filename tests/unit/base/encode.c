/* encode.c - tests of hex and base64url. */
#include <string.h>

#include "base/crypto.h"
#include "prng.h"
#include "run.h"
#include <vio/core.h>

START_TEST(base64url_gives_the_vectors_of_rfc_4648)
{
        static const struct {
                const char *plain, *encoded;
        } rows[] = {
            {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
            {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xFB\xFF", "-_8"},
        };
        for (size_t i = 0; i < count_of(rows); i++) {
                _cleanup_text_ struct text encoded = TEXT_INIT, plain = TEXT_INIT;
                base64url_encode(rows[i].plain, strlen(rows[i].plain), &encoded);
                ck_assert_str_eq(text_str(&encoded), rows[i].encoded);
                ck_assert_int_eq(base64url_decode(rows[i].encoded, strlen(rows[i].encoded), &plain),
                                 0);
                ck_assert_str_eq(text_str(&plain), rows[i].plain);
        }
}
END_TEST

START_TEST(base64url_refuses_every_other_spelling)
{
        static const char *const rows[] = {
            "Z",      "Zg==",  "Zg=",  "Zm9vY",  "Zh",   "Zm9", "Zm+v",       "Zm/v", "Zm v",
            "Zm9v\n", " Zm9v", "Z.m9", "Zm9vYh", "====", "A",   "Zm\xC3\xA9", "AB",   "AAB",
        };
        for (size_t i = 0; i < count_of(rows); i++) {
                _cleanup_text_ struct text t = TEXT_INIT;
                text_add(&t, "kept");
                ck_assert_msg(base64url_decode(rows[i], strlen(rows[i]), &t) == VIO_E_INVALID, "%s",
                              rows[i]);
                ck_assert_str_eq(text_str(&t), "kept");
        }
        _cleanup_text_ struct text t = TEXT_INIT;
        ck_assert_int_eq(base64url_decode("Zm\0v", 4, &t), VIO_E_INVALID);
}
END_TEST

START_TEST(any_bytes_survive_base64url)
{
        uint64_t seed = 4;
        for (size_t len = 0; len < 100; len++) {
                uint8_t bytes[100];
                for (size_t i = 0; i < len; i++)
                        bytes[i] = (uint8_t)prng_next(&seed);
                _cleanup_text_ struct text encoded = TEXT_INIT;
                base64url_encode(bytes, len, &encoded);
                _cleanup_text_ struct text back = TEXT_INIT;
                ck_assert_int_eq(base64url_decode(text_str(&encoded), encoded.len, &back), 0);
                ck_assert_uint_eq(back.len, len);
                ck_assert(len == 0 || memcmp(back.p, bytes, len) == 0);
        }
}
END_TEST

/* Of the 4096 texts of two digits those 256 are read whose last four bits are zero. */
START_TEST(one_value_has_one_text)
{
        static const char digits[] =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int read = 0;
        for (int i = 0; i < 64 * 64; i++) {
                char s[] = {digits[i / 64], digits[i % 64]};
                _cleanup_text_ struct text bytes = TEXT_INIT, again = TEXT_INIT;
                if (base64url_decode(s, 2, &bytes))
                        continue;
                read++;
                base64url_encode(bytes.p, bytes.len, &again);
                ck_assert_mem_eq(again.p, s, 2);
        }
        ck_assert_int_eq(read, 256);
}
END_TEST

START_TEST(hex_is_written_in_lower_case_and_read_in_either)
{
        uint8_t bytes[256], back[256];
        char hex[513];
        for (int i = 0; i < 256; i++)
                bytes[i] = (uint8_t)i;
        hex_encode(bytes, sizeof(bytes), hex);
        ck_assert_int_eq(strlen(hex), 512);
        ck_assert_int_eq(strncmp(hex, "000102030405060708090a0b0c0d0e0f", 32), 0);
        ck_assert(hex_decode(hex, 512, back));
        ck_assert_mem_eq(bytes, back, 256);
        ck_assert(hex_decode("DeadBEEF", 8, back));
        ck_assert_mem_eq(back, "\xDE\xAD\xBE\xEF", 4);
        ck_assert(hex_decode("", 0, back));
}
END_TEST

START_TEST(what_is_not_hex_is_refused_and_changes_nothing)
{
        static const char *const rows[] = {"0",  "abc", "0g",    "g0", " 0",
                                           "0x", "-1",  "a\xC3", "/:", "@`"};
        for (size_t i = 0; i < count_of(rows); i++) {
                uint8_t b[4] = {7, 7, 7, 7};
                ck_assert_msg(!hex_decode(rows[i], strlen(rows[i]), b), "%s", rows[i]);
                ck_assert_mem_eq(b, "\7\7\7\7", 4);
        }
        for (int c = 1; c < 256; c++) {
                char s[] = {'0', (char)c};
                uint8_t b;
                ck_assert_int_eq(hex_decode(s, 2, &b), strchr("0123456789abcdefABCDEF", c) != NULL);
        }
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("encode");
        add_case(s, base64url_gives_the_vectors_of_rfc_4648);
        add_case(s, base64url_refuses_every_other_spelling);
        add_case(s, any_bytes_survive_base64url);
        add_case(s, one_value_has_one_text);
        add_case(s, hex_is_written_in_lower_case_and_read_in_either);
        add_case(s, what_is_not_hex_is_refused_and_changes_nothing);
        return s;
}
