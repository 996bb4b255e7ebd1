/* utf8.c - tests of UTF-8 (RFC 3629), exhaustive where that is possible. */
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "run.h"

static size_t encode(uint32_t c, char ret[4])
{
        if (c < 0x80) {
                ret[0] = (char)c;
                return 1;
        }
        size_t len = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
        for (size_t i = len; i-- > 1; c >>= 6)
                ret[i] = (char)(0x80 | (c & 0x3F));
        ret[0] = (char)(leads[len] | c);
        return len;
}

START_TEST(every_character_of_unicode_is_taken_and_no_surrogate)
{
        for (uint32_t c = 0; c <= 0x10FFFF; c++) {
                char bytes[4];
                size_t len = encode(c, bytes);
                bool good = c < 0xD800 || c > 0xDFFF;
                if (utf8_valid(bytes, len) != good || utf8_char(bytes, len) != (good ? len : 0))
                        ck_abort_msg("U+%04X", c);
                for (size_t cut = 1; cut < len; cut++)
                        if (utf8_valid(bytes, cut))
                                ck_abort_msg("U+%04X cut to %zu bytes", c, cut);
        }
}
END_TEST

START_TEST(exactly_the_right_number_of_three_byte_strings_is_valid)
{
        size_t valid = 0;
        for (uint32_t i = 0; i < 1 << 24; i++) {
                char bytes[] = {(char)(i >> 16), (char)(i >> 8), (char)i};
                valid += utf8_valid(bytes, 3);
        }
        /* Three of one byte; one and two in either order; one of three. */
        size_t one = 128, two = 1920, three = 65536 - 2048 - 2048;
        ck_assert_uint_eq(valid, one * one * one + 2 * one * two + three);
}
END_TEST

START_TEST(malformed_bytes_are_refused)
{
        static const char *const rows[] = {
            "\x80",
            "\xBF",
            "\xC0\x80",
            "\xC1\xBF",
            "\xC2",
            "\xC2\x41",
            "\xC2\xC2",
            "\xE0\x80\x80",
            "\xE0\x9F\xBF",
            "\xE2\x82",
            "\xE2\x82\x41",
            "\xED\xA0\x80",
            "\xED\xBF\xBF",
            "\xF0\x80\x80\x80",
            "\xF0\x8F\xBF\xBF",
            "\xF0\x9F\x98",
            "\xF4\x90\x80\x80",
            "\xF5\x80\x80\x80",
            "\xF8\x88\x80\x80",
            "\xFE",
            "\xFF",
            "ok\xFFok",
            "\xE2\x82\xAC\xAC",
            "\xED\xA0\xBD\xED\xB8\x80",
        };
        for (size_t i = 0; i < count_of(rows); i++)
                ck_assert_msg(!utf8_valid(rows[i], strlen(rows[i])), "row %zu", i);
        ck_assert(utf8_valid("", 0));
        ck_assert_uint_eq(utf8_char("", 0), 0);
}
END_TEST

START_TEST(one_bad_byte_is_found_wherever_it_stands)
{
        for (size_t len = 1; len <= 40; len++)
                for (size_t at = 0; at < len; at++) {
                        char bytes[40];
                        memset(bytes, 'x', len);
                        ck_assert(utf8_valid(bytes, len));
                        bytes[at] = '\x80';
                        ck_assert(!utf8_valid(bytes, len));
                        if (at + 1 == len)
                                continue;
                        memcpy(bytes + at, "\u00E9", 2);
                        ck_assert(utf8_valid(bytes, len));
                        ck_assert(!utf8_valid(bytes, at + 1));
                }
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("utf8");
        add_case(s, every_character_of_unicode_is_taken_and_no_surrogate);
        add_case(s, exactly_the_right_number_of_three_byte_strings_is_valid);
        add_case(s, malformed_bytes_are_refused);
        add_case(s, one_bad_byte_is_found_wherever_it_stands);
        return s;
}
