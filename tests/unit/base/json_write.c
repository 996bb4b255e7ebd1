/* json_write.c - tests of the JSON writer. */
#include <stdio.h>
#include <string.h>
#include <vio/json.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "prng.h"
#include "run.h"

static vio_json_writer *w;

static void open_writer(void)
{
        w = vio_json_writer_new();
}

static void close_writer(void)
{
        w = vio_json_writer_free(w);
}

static void assert_written(const char *expected)
{
        const char *text = NULL;
        size_t len = 0;
        ck_assert_int_eq(vio_json_writer_text(w, &text, &len), 0);
        ck_assert_str_eq(text, expected);
        ck_assert_uint_eq(len, strlen(expected));
        ck_assert(json_valid(text, len));
}

START_TEST(a_text_has_its_values_in_order)
{
        vio_json_begin_object(w, NULL);
        vio_json_put_text(w, "name", "Ada");
        vio_json_put_text(w, "email", NULL);
        vio_json_put_int(w, "attempts", -3);
        vio_json_put_decimal(w, "rate", 855, 1);
        vio_json_put_bool(w, "confirmed", true);
        vio_json_put_null(w, "note");
        vio_json_put_time(w, "at", 1795512600000);
        vio_json_put_time(w, "never", VIO_TIME_NONE);
        vio_json_begin_array(w, "list");
        vio_json_put_int(w, NULL, INT64_MIN);
        vio_json_put_int(w, NULL, INT64_MAX);
        vio_json_begin_object(w, NULL);
        vio_json_end_object(w);
        vio_json_begin_array(w, NULL);
        vio_json_end_array(w);
        vio_json_end_array(w);
        vio_json_put_bool(w, "last", false);
        vio_json_end_object(w);
        assert_written("{\"name\":\"Ada\",\"email\":null,\"attempts\":-3,\"rate\":85.5,"
                       "\"confirmed\":true,\"note\":null,\"at\":\"2026-11-24T09:30:00Z\","
                       "\"never\":null,\"list\":[-9223372036854775808,9223372036854775807,{},[]],"
                       "\"last\":false}");
}
END_TEST

START_TEST(a_root_may_be_any_value)
{
        vio_json_put_text(w, NULL, "");
        assert_written("\"\"");
        vio_json_writer_reset(w);
        vio_json_put_null(w, NULL);
        assert_written("null");
        const char *text;
        ck_assert_int_eq(vio_json_writer_text(w, &text, NULL), 0);
}
END_TEST

START_TEST(characters_are_escaped_only_where_they_must_be)
{
        static const struct {
                const char *plain, *written;
        } rows[] = {
            {"a/b<c>&'", "\"a/b<c>&'\""},
            {"\"\\", "\"\\\"\\\\\""},
            {"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
            {"\x01\x1F\x7F", "\"\\u0001\\u001f\x7F\""},
            {"\u00E9\u20AC\U0001F600", "\"\u00E9\u20AC\U0001F600\""},
            {"a\xFFz", "\"a\uFFFDz\""},
            {"\xE2\x82", "\"\uFFFD\uFFFD\""},
            {"\xC3", "\"\uFFFD\""},
            {"\xED\xA0\x80", "\"\uFFFD\uFFFD\uFFFD\""},
            {"\xC3\"", "\"\uFFFD\\\"\""},
        };
        for (size_t i = 0; i < count_of(rows); i++) {
                vio_json_writer_reset(w);
                vio_json_put_text(w, NULL, rows[i].plain);
                assert_written(rows[i].written);
        }
        vio_json_writer_reset(w);
        vio_json_begin_object(w, NULL);
        vio_json_put_int(w, "a\"\n", 1);
        vio_json_end_object(w);
        assert_written("{\"a\\\"\\n\":1}");
}
END_TEST

/* The character at @s, decoded and judged by its number; 0 when there is none. */
static size_t slow_char(const unsigned char *s)
{
        static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
        size_t len = *s < 0x80 ? 1 : *s < 0xC0 ? 0 : *s < 0xE0 ? 2 : *s < 0xF0 ? 3 : 4;
        uint32_t c = *s & (len == 1 ? 0x7F : 0xFF >> (len + 1));
        if (len == 0 || *s >= 0xF8)
                return 0;
        for (size_t i = 1; i < len; i++) {
                if ((s[i] & 0xC0) != 0x80)
                        return 0;
                c = c << 6 | (s[i] & 0x3F);
        }
        return c >= least[len] && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF) ? len : 0;
}

/* The string as RFC 8259 has it, one character at a time. */
static void slow_string(struct text *t, const char *s)
{
        static const char named[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
        text_add(t, "\"");
        while (*s) {
                size_t len = slow_char((const unsigned char *)s);
                const char *name = strchr(named, *s);
                if (len == 0)
                        text_add(t, "\uFFFD");
                else if (name)
                        text_addf(t, "\\%c", names[name - named]);
                else if ((unsigned char)*s < ' ')
                        text_addf(t, "\\u%04x", (unsigned)*s);
                else
                        text_addf(t, "%.*s", (int)len, s);
                s += len ? len : 1;
        }
        text_add(t, "\"");
}

/* @s is copied, so that a byte read beyond its end is noticed. */
static void assert_written_as_slowly(const char *s)
{
        _cleanup_text_ struct text expected = TEXT_INIT;
        _cleanup_mem_ char *copy = mem_text(s);
        slow_string(&expected, s);
        vio_json_writer_reset(w);
        vio_json_put_text(w, NULL, copy);
        assert_written(text_str(&expected));
        vio_json_writer_reset(w);
        vio_json_begin_object(w, NULL);
        vio_json_put_null(w, copy);
        vio_json_end_object(w);
        text_add(&expected, ":null}");
        const char *text = "";
        ck_assert_int_eq(vio_json_writer_text(w, &text, NULL), 0);
        ck_assert_str_eq(text + 1, text_str(&expected));
}

START_TEST(every_byte_is_escaped_alike_wherever_it_stands)
{
        for (size_t len = 1; len <= 20; len++)
                for (size_t at = 0; at < len; at++)
                        for (int byte = 1; byte < 256; byte++) {
                                char s[32] = "";
                                memset(s, 'x', len);
                                s[at] = (char)byte;
                                assert_written_as_slowly(s);
                        }
}
END_TEST

START_TEST(every_pair_of_bytes_is_judged_alike)
{
        for (int first = 0x80; first < 256; first++)
                for (int second = 1; second < 256; second++)
                        assert_written_as_slowly((char[]){(char)first, (char)second, '\0'});
}
END_TEST

/* Of plain text, whole characters, special bytes and bytes of any kind, in changing shares. */
static void random_bytes(uint64_t *seed, char *ret, size_t most)
{
        static const char *const pieces[] = {"plain text, ", "e",    "\u00E9", "\u20AC",
                                             "\U0001F600",   "\"",   "\\",     "\n",
                                             "\x1F",         "\x7F", "\uD7FF", "\U0010FFFF"};
        size_t len = 0, wanted = prng_below(seed, most - 16), noise = prng_below(seed, 8);
        while (len < wanted) {
                char byte[2] = {(char)(1 + prng_below(seed, 255)), '\0'};
                const char *piece =
                    prng_below(seed, 8) < noise ? byte : pieces[prng_below(seed, count_of(pieces))];
                strcpy(ret + len, piece);
                len += strlen(piece);
        }
        ret[len] = '\0';
}

START_TEST(random_bytes_are_written_as_one_by_one)
{
        uint64_t seed = 7;
        for (int i = 0; i < 30000; i++) {
                char s[160] = "";
                random_bytes(&seed, s, sizeof(s));
                assert_written_as_slowly(s);
        }
}
END_TEST

START_TEST(every_character_of_unicode_is_written_as_it_is)
{
        for (uint32_t c = 0x80; c <= 0x10FFFF; c++) {
                unsigned char s[5] = "";
                const char *text = "";
                size_t len = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
                for (size_t i = len; i-- > 0;)
                        s[i] = (unsigned char)(0x80 | (c >> 6 * (len - 1 - i) & 0x3F));
                s[0] = (unsigned char)(0xF00 >> len | c >> 6 * (len - 1));
                vio_json_writer_reset(w);
                vio_json_put_text(w, NULL, (const char *)s);
                bool is_surrogate = c >= 0xD800 && c <= 0xDFFF;
                const char *expected = is_surrogate ? "\uFFFD\uFFFD\uFFFD" : (const char *)s;
                if (vio_json_writer_text(w, &text, NULL) || strlen(text) != strlen(expected) + 2 ||
                    memcmp(text + 1, expected, strlen(expected)) != 0)
                        ck_abort_msg("U+%04X: %s", c, text);
        }
}
END_TEST

START_TEST(random_numbers_are_written_as_printf_writes_them)
{
        uint64_t seed = 8;
        for (int i = 0; i < 50000; i++) {
                char expected[32];
                int64_t n = (int64_t)(prng_next(&seed) >> prng_below(&seed, 64));
                n = prng_below(&seed, 2) ? n : -n;
                snprintf(expected, sizeof(expected), "%lld", (long long)n);
                vio_json_writer_reset(w);
                vio_json_put_int(w, NULL, n);
                assert_written(expected);
        }
}
END_TEST

START_TEST(a_decimal_is_written_without_an_exponent)
{
        static const struct {
                int64_t value;
                int decimals;
                const char *written;
        } rows[] = {
            {855, 1, "85.5"},
            {0, 0, "0"},
            {0, 2, "0.00"},
            {5, 2, "0.05"},
            {-5, 2, "-0.05"},
            {-855, 1, "-85.5"},
            {-855, 0, "-855"},
            {1, 18, "0.000000000000000001"},
            {INT64_MAX, 18, "9.223372036854775807"},
            {INT64_MIN, 18, "-9.223372036854775808"},
            {INT64_MIN, 0, "-9223372036854775808"},
            {1000000, 3, "1000.000"},
        };
        for (size_t i = 0; i < count_of(rows); i++) {
                vio_json_writer_reset(w);
                vio_json_put_decimal(w, NULL, rows[i].value, rows[i].decimals);
                assert_written(rows[i].written);
        }
}
END_TEST

static void assert_failed(int err)
{
        const char *text = "untouched";
        size_t len = 42;
        ck_assert_int_eq(vio_json_writer_text(w, &text, &len), err);
        ck_assert_str_eq(text, "untouched");
        ck_assert_uint_eq(len, 42);
}

static void nothing(void)
{
}

static void left_open(void)
{
        vio_json_begin_object(w, NULL);
}

static void end_without_begin(void)
{
        vio_json_end_array(w);
}

static void end_of_the_other_kind(void)
{
        vio_json_begin_array(w, NULL);
        vio_json_end_object(w);
}

static void ended_twice(void)
{
        vio_json_begin_array(w, NULL);
        vio_json_end_array(w);
        vio_json_end_array(w);
}

static void member_without_key(void)
{
        vio_json_begin_object(w, NULL);
        vio_json_put_int(w, NULL, 1);
        vio_json_end_object(w);
}

static void element_with_key(void)
{
        vio_json_begin_array(w, NULL);
        vio_json_put_int(w, "key", 1);
        vio_json_end_array(w);
}

static void root_with_key(void)
{
        vio_json_put_int(w, "key", 1);
}

static void two_roots(void)
{
        vio_json_put_int(w, NULL, 1);
        vio_json_put_int(w, NULL, 2);
}

static void root_after_container(void)
{
        vio_json_begin_array(w, NULL);
        vio_json_end_array(w);
        vio_json_begin_array(w, NULL);
        vio_json_end_array(w);
}

static void bad_decimals(void)
{
        vio_json_put_decimal(w, NULL, 1, -1);
}

static void too_many_decimals(void)
{
        vio_json_put_decimal(w, NULL, 1, 19);
}

static void too_deep(void)
{
        for (int i = 0; i < 33; i++)
                vio_json_begin_array(w, NULL);
        for (int i = 0; i < 33; i++)
                vio_json_end_array(w);
}

START_TEST(misuse_is_told_sticks_and_is_forgotten_by_a_reset)
{
        static void (*const misuses[])(void) = {
            nothing,           left_open,
            end_without_begin, end_of_the_other_kind,
            ended_twice,       member_without_key,
            element_with_key,  root_with_key,
            two_roots,         root_after_container,
            bad_decimals,      too_many_decimals,
            too_deep,
        };
        for (size_t i = 0; i < count_of(misuses); i++) {
                misuses[i]();
                assert_failed(VIO_E_INTERNAL);
                if (i > 1) {
                        vio_json_put_int(w, NULL, 1);
                        assert_failed(VIO_E_INTERNAL);
                }
                vio_json_writer_reset(w);
                vio_json_put_int(w, NULL, 1);
                assert_written("1");
                vio_json_writer_reset(w);
        }
}
END_TEST

START_TEST(thirty_two_levels_are_written)
{
        _cleanup_text_ struct text expected = TEXT_INIT;
        for (int i = 0; i < 32; i++) {
                vio_json_begin_array(w, NULL);
                text_add_char(&expected, '[');
        }
        for (int i = 0; i < 32; i++) {
                vio_json_end_array(w);
                text_add_char(&expected, ']');
        }
        assert_written(text_str(&expected));
}
END_TEST

/* Parses @text and writes the value again. */
static void rewrite(const char *text)
{
        vio_json *j = NULL;
        ck_assert_msg(vio_json_parse(text, strlen(text), &j) == 0, "%s", text);
        vio_json_writer_reset(w);
        vio_json_put_value(w, NULL, j);
        vio_json_free(j);
}

START_TEST(a_parsed_value_is_written_as_it_was)
{
        static const char *const rows[] = {
            "null",
            "true",
            "false",
            "0",
            "-1",
            "9007199254740992",
            "0.1",
            "0.25",
            "-1.5",
            "1e+200",
            "123456.789",
            "5e-05",
            "0.30000000000000004",
            "\"\"",
            "\"a\\\"\\n\u00E9\"",
            "[]",
            "{}",
            "[1,[2,[3]],{\"a\":[{}]}]",
            "{\"b\":1,\"a\":{\"c\":null,\"d\":[true,\"x\"]}}",
        };
        for (size_t i = 0; i < count_of(rows); i++) {
                rewrite(rows[i]);
                assert_written(rows[i]);
        }
        vio_json_writer_reset(w);
        vio_json_begin_object(w, NULL);
        vio_json_put_value(w, "none", NULL);
        vio_json_end_object(w);
        assert_written("{\"none\":null}");
}
END_TEST

START_TEST(every_double_reads_back_as_itself)
{
        uint64_t seed = 5;
        for (int i = 0; i < 20000; i++) {
                char text[64];
                double value =
                    (double)(int64_t)prng_next(&seed) / (double)(1 + prng_below(&seed, 1 << 30));
                snprintf(text, sizeof(text), "%.17g", value);
                rewrite(text);
                const char *again = NULL;
                ck_assert_int_eq(vio_json_writer_text(w, &again, NULL), 0);
                vio_json *j = NULL;
                ck_assert_int_eq(vio_json_parse(again, strlen(again), &j), 0);
                ck_assert_double_eq(json_double(j), value);
                vio_json_free(j);
        }
}
END_TEST

static void random_text(uint64_t *seed, char *ret, size_t most)
{
        static const char *const pieces[] = {
            "a",    "Z",      " ",      "\"",     "\\",         "/", "\n", "\x01",
            "\x7F", "\u00E9", "\u20AC", "\uFFFD", "\U0001F600", "{", "]",  ","};
        ret[0] = '\0';
        for (size_t n = prng_below(seed, most / 4); n > 0; n--)
                strcat(ret, pieces[prng_below(seed, count_of(pieces))]);
}

static void random_value(uint64_t *seed, const char *key, int depth);

static void random_container(uint64_t *seed, const char *key, int depth, bool object)
{
        if (object)
                vio_json_begin_object(w, key);
        else
                vio_json_begin_array(w, key);
        for (uint64_t n = prng_below(seed, 25), i = 0; i < n; i++) {
                char member[80];
                random_text(seed, member, 60);
                size_t len = strlen(member);
                snprintf(member + len, sizeof(member) - len, "%u", (unsigned)i);
                random_value(seed, object ? member : NULL, depth + 1);
        }
        if (object)
                vio_json_end_object(w);
        else
                vio_json_end_array(w);
}

/* Decimals without a trailing zero and of moderate size: the one spelling that the reader gives
 * back. */
static int64_t random_decimal(uint64_t *seed)
{
        return (int64_t)(prng_below(seed, 1000000000) * 10 + 1 + prng_below(seed, 9));
}

static void random_value(uint64_t *seed, const char *key, int depth)
{
        char text[160];
        switch (prng_below(seed, depth < 5 ? 8 : 6)) {
        case 0: vio_json_put_null(w, key); break;
        case 1: vio_json_put_bool(w, key, prng_below(seed, 2)); break;
        case 2:
                vio_json_put_int(w, key,
                                 (int64_t)prng_below(seed, UINT64_C(1) << 54) - (INT64_C(1) << 53));
                break;
        case 3: vio_json_put_decimal(w, key, random_decimal(seed), (int)prng_below(seed, 4)); break;
        case 4: vio_json_put_time(w, key, (vio_time)prng_below(seed, 253402300800000)); break;
        case 5:
                random_text(seed, text, sizeof(text));
                vio_json_put_text(w, key, text);
                break;
        case 6: random_container(seed, key, depth, true); break;
        default: random_container(seed, key, depth, false); break;
        }
}

START_TEST(whatever_was_written_is_read_and_written_the_same)
{
        uint64_t seed = 6;
        for (int i = 0; i < 120; i++) {
                const char *text = NULL;
                vio_json_writer_reset(w);
                random_container(&seed, NULL, 0, i % 2);
                ck_assert_int_eq(vio_json_writer_text(w, &text, NULL), 0);
                _cleanup_text_ struct text first = TEXT_INIT;
                text_add(&first, text);
                rewrite(text_str(&first));
                assert_written(text_str(&first));
        }
}
END_TEST

/* Takes a piece whenever @least bytes are there, and puts the pieces together. */
static void take_piece(struct text *whole, size_t least)
{
        const char *piece = NULL;
        size_t len = 0;
        ck_assert_int_eq(vio_json_writer_take(w, least, &piece, &len), 0);
        ck_assert_uint_eq(strlen(piece), len);
        ck_assert(len == 0 || len >= least);
        text_add_n(whole, piece, len);
}

START_TEST(the_pieces_that_are_taken_are_the_whole_text)
{
        for (size_t least = 0; least < 200; least += 7) {
                _cleanup_text_ struct text pieces = TEXT_INIT;
                _cleanup_text_ struct text whole = TEXT_INIT;
                const char *rest = NULL;
                size_t len = 0;
                vio_json_writer_reset(w);
                text_add_char(&whole, '[');
                vio_json_begin_array(w, NULL);
                for (int i = 0; i < 40; i++) {
                        vio_json_begin_object(w, NULL);
                        vio_json_put_int(w, "i", i);
                        take_piece(&pieces, least);
                        vio_json_end_object(w);
                        take_piece(&pieces, least);
                        text_addf(&whole, "%s{\"i\":%d}", i ? "," : "", i);
                }
                vio_json_end_array(w);
                text_add_char(&whole, ']');
                ck_assert_int_eq(vio_json_writer_text(w, &rest, &len), 0);
                text_add_n(&pieces, rest, len);
                ck_assert_str_eq(text_str(&pieces), text_str(&whole));
        }
}
END_TEST

START_TEST(what_was_taken_stays_while_the_writer_goes_on)
{
        const char *piece = NULL;
        const char *rest = NULL;
        size_t len = 0;
        vio_json_begin_array(w, NULL);
        vio_json_put_text(w, NULL, "first");
        ck_assert_int_eq(vio_json_writer_take(w, 1, &piece, &len), 0);
        for (int i = 0; i < 1000; i++)
                vio_json_put_text(w, NULL, "more and more");
        vio_json_end_array(w);
        ck_assert_int_eq(vio_json_writer_text(w, &rest, &len), 0);
        ck_assert_str_eq(piece, "[\"first\"");
}
END_TEST

START_TEST(a_misuse_is_told_when_something_is_taken)
{
        const char *piece = "untouched";
        size_t len = 7;
        vio_json_end_array(w);
        ck_assert_int_eq(vio_json_writer_take(w, 0, &piece, &len), VIO_E_INTERNAL);
        ck_assert_str_eq(piece, "untouched");
        ck_assert_uint_eq(len, 7);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("json_write");
        add_fixture_case(s, a_text_has_its_values_in_order, open_writer, close_writer);
        add_fixture_case(s, a_root_may_be_any_value, open_writer, close_writer);
        add_fixture_case(s, characters_are_escaped_only_where_they_must_be, open_writer,
                         close_writer);
        add_fixture_case(s, every_byte_is_escaped_alike_wherever_it_stands, open_writer,
                         close_writer);
        add_fixture_case(s, every_pair_of_bytes_is_judged_alike, open_writer, close_writer);
        add_fixture_case(s, random_bytes_are_written_as_one_by_one, open_writer, close_writer);
        add_fixture_case(s, every_character_of_unicode_is_written_as_it_is, open_writer,
                         close_writer);
        add_fixture_case(s, random_numbers_are_written_as_printf_writes_them, open_writer,
                         close_writer);
        add_fixture_case(s, a_decimal_is_written_without_an_exponent, open_writer, close_writer);
        add_fixture_case(s, the_pieces_that_are_taken_are_the_whole_text, open_writer,
                         close_writer);
        add_fixture_case(s, what_was_taken_stays_while_the_writer_goes_on, open_writer,
                         close_writer);
        add_fixture_case(s, a_misuse_is_told_when_something_is_taken, open_writer, close_writer);
        add_fixture_case(s, misuse_is_told_sticks_and_is_forgotten_by_a_reset, open_writer,
                         close_writer);
        add_fixture_case(s, thirty_two_levels_are_written, open_writer, close_writer);
        add_fixture_case(s, a_parsed_value_is_written_as_it_was, open_writer, close_writer);
        add_fixture_case(s, every_double_reads_back_as_itself, open_writer, close_writer);
        add_fixture_case(s, whatever_was_written_is_read_and_written_the_same, open_writer,
                         close_writer);
        return s;
}
