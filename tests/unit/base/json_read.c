/* json_read.c - tests of the JSON reader. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <vio/json.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "run.h"

static void free_json(vio_json **j)
{
        vio_json_free(*j);
}
#define _cleanup_json_ _cleanup_(free_json)

static int parses(const char *text, size_t len)
{
        /* A copy of exact size, so that reading past the end shows. */
        _cleanup_mem_ char *exact = mem_new(len);
        memcpy(exact, text, len);
        vio_json *j = (vio_json *)exact;
        int err = vio_json_parse(exact, len, &j);
        if (err)
                ck_assert_ptr_eq(j, exact);
        else
                vio_json_free(j);
        return err;
}

struct row {
        const char *bytes;
        size_t len;
};
#define ROW(s)                                                                                     \
        {                                                                                          \
                s, sizeof(s) - 1                                                                   \
        }

/* Not JSON, whatever a lenient reader makes of it. */
static const struct row refused[] = {
    ROW(""),
    ROW(" "),
    ROW("\n"),
    ROW("nul"),
    ROW("nulll"),
    ROW("Null"),
    ROW("NULL"),
    ROW("True"),
    ROW("tru"),
    ROW("truee"),
    ROW("fals"),
    ROW("undefined"),
    ROW("NaN"),
    ROW("Infinity"),
    ROW("-Infinity"),
    ROW("inf"),
    ROW("nan"),
    ROW("01"),
    ROW("-01"),
    ROW("00"),
    ROW("+1"),
    ROW("-"),
    ROW("--1"),
    ROW("-a"),
    ROW(".5"),
    ROW("-.5"),
    ROW("1."),
    ROW("1.e5"),
    ROW("1e"),
    ROW("1e+"),
    ROW("1e-"),
    ROW("1E+-5"),
    ROW("1e5.5"),
    ROW("0x10"),
    ROW("0b1"),
    ROW("1_000"),
    ROW("1,5"),
    ROW("1 2"),
    ROW("1a"),
    ROW("'a'"),
    ROW("\""),
    ROW("\"a"),
    ROW("a"),
    ROW("\"a\"b"),
    ROW("\"\\\""),
    ROW("\"\\x41\""),
    ROW("\"\\a\""),
    ROW("\"\\'\""),
    ROW("\"\\0\""),
    ROW("\"\\U0041\""),
    ROW("\"\\u\""),
    ROW("\"\\u12\""),
    ROW("\"\\u123\""),
    ROW("\"\\u123g\""),
    ROW("\"\\u+123\""),
    ROW("\"\\u 123\""),
    ROW("\"\\\""),
    ROW("\"\t\""),
    ROW("\"\n\""),
    ROW("\"\r\""),
    ROW("\"\x01\""),
    ROW("\"\x1F\""),
    ROW("\"a\0b\""),
    ROW("\0"),
    ROW("1\0"),
    ROW("\0001"),
    ROW("true\0"),
    ROW("["),
    ROW("]"),
    ROW("[,]"),
    ROW("[1,]"),
    ROW("[,1]"),
    ROW("[1,,2]"),
    ROW("[1 2]"),
    ROW("[1"),
    ROW("[1,"),
    ROW("[}"),
    ROW("[1}"),
    ROW("[]]"),
    ROW("[][]"),
    ROW("[\"a\""),
    ROW("[1:2]"),
    ROW("(1)"),
    ROW("{"),
    ROW("}"),
    ROW("{,}"),
    ROW("{]"),
    ROW("{\"a\"}"),
    ROW("{\"a\":}"),
    ROW("{\"a\" 1}"),
    ROW("{\"a\"=1}"),
    ROW("{\"a\":1,}"),
    ROW("{\"a\":1,,\"b\":2}"),
    ROW("{,\"a\":1}"),
    ROW("{a:1}"),
    ROW("{'a':1}"),
    ROW("{1:1}"),
    ROW("{null:1}"),
    ROW("{\"a\":1"),
    ROW("{\"a\":1,"),
    ROW("{\"a\":1]"),
    ROW("{\"a\":1 \"b\":2}"),
    ROW("{\"a\"::1}"),
    ROW("{\"a\":1}}"),
    ROW("{}{}"),
    ROW("{} x"),
    ROW("{\"a\":1:2}"),
    ROW("// c\n1"),
    ROW("1 // c"),
    ROW("/* c */1"),
    ROW("1 /* c */"),
    ROW("#\n1"),
    ROW("\xEF\xBB\xBF{}"),
    ROW("\f1"),
    ROW("\v1"),
    ROW("1\f"),
    ROW("\xC2\xA0"
        "1"),
    ROW("\xE2\x80\xA8"
        "1"),
    ROW("1;"),
    ROW("{\"a\":1};"),
    ROW("=1"),
    ROW("\\u0031"),
    ROW("{\"a"),
    ROW("[\"\\"),
    ROW("[\"\\u"),
    ROW("-\0"),
    ROW("t"),
    ROW("f"),
    ROW("n"),
};

START_TEST(what_rfc_8259_refuses_is_refused)
{
        for (size_t i = 0; i < count_of(refused); i++)
                ck_assert_msg(parses(refused[i].bytes, refused[i].len) == VIO_E_INVALID,
                              "row %zu: %s", i, refused[i].bytes);
        vio_json *j;
        ck_assert_int_eq(vio_json_parse(NULL, 0, &j), VIO_E_INVALID);
}
END_TEST

START_TEST(what_is_not_text_is_refused)
{
        static const struct row rows[] = {
            ROW("\"\xFF\""),
            ROW("\"\xC3\""),
            ROW("\"\xC0\xAF\""),
            ROW("\"\xED\xA0\x80\""),
            ROW("\"\xF4\x90\x80\x80\""),
            ROW("{\"\x80\":1}"),
            ROW("\"\\u0000\""),
            ROW("\"a\\u0000b\""),
            ROW("{\"\\u0000\":1}"),
            ROW("\"\\ud800\""),
            ROW("\"\\uDFFF\""),
            ROW("\"\\ud800x\""),
            ROW("\"\\ud800\\n\""),
            ROW("\"\\ud800\\u0041\""),
            ROW("\"\\ud800\\ud800\""),
            ROW("\"\\udc00\\ud800\""),
            ROW("\"\\ud83d\\ude0\""),
            ROW("\"\\ud83d\\\""),
            ROW("\"\\ud83d"),
            ROW("\"\xE2\x82\"\xAC"),
        };
        for (size_t i = 0; i < count_of(rows); i++)
                ck_assert_msg(parses(rows[i].bytes, rows[i].len) == VIO_E_INVALID, "row %zu", i);
}
END_TEST

START_TEST(what_rfc_8259_allows_is_read)
{
        static const struct row rows[] = {
            ROW("null"),
            ROW("true"),
            ROW("false"),
            ROW("0"),
            ROW("-0"),
            ROW("1"),
            ROW("-1"),
            ROW("10"),
            ROW("0.5"),
            ROW("-0.0"),
            ROW("1e5"),
            ROW("1E5"),
            ROW("1e+5"),
            ROW("1e-5"),
            ROW("0e0"),
            ROW("1.5e05"),
            ROW("\"\""),
            ROW("\"a\""),
            ROW("\"\x7F\""),
            ROW("\"/\""),
            ROW("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
            ROW("\"\\u0041\\uD83d\\uDe00\""),
            ROW("\"\\uFFFF\""),
            ROW("\"\xF4\x8F\xBF\xBF\""),
            ROW("[]"),
            ROW("[ ]"),
            ROW("[1,2]"),
            ROW("{}"),
            ROW("{ }"),
            ROW("{\"\":0}"),
            ROW("{\"a\":{\"a\":[{\"a\":1}]}}"),
            ROW(" \t\r\n[ \t1 \n, 2\r] "),
            ROW("{ \"a\" : 1 , \"b\" : [ ] }\n"),
            ROW("{\"a\":1,\"A\":2,\"aa\":3}"),
            ROW("[{\"a\":1},{\"a\":1}]"),
            ROW("123456789012345678901234567890"),
        };
        for (size_t i = 0; i < count_of(rows); i++)
                ck_assert_msg(parses(rows[i].bytes, rows[i].len) == 0, "row %zu: %s", i,
                              rows[i].bytes);
}
END_TEST

START_TEST(every_prefix_of_a_text_is_refused)
{
        const char *whole =
            "{\"a\":[1,-2.5e3,\"\\u00e9\\ud83d\\ude00\",true,null],\"b\":{\"c\":false}}";
        ck_assert_int_eq(parses(whole, strlen(whole)), 0);
        for (size_t len = 0; len < strlen(whole); len++)
                ck_assert_int_eq(parses(whole, len), VIO_E_INVALID);
}
END_TEST

START_TEST(no_single_byte_crashes_the_reader_wherever_it_stands)
{
        const char *whole = "{\"a\":[1,-2.5e3,\"\\u00e9\",true,null],\"b\":{}}";
        char changed[64];
        for (size_t i = 0; i < strlen(whole); i++) {
                for (int c = 0; c < 256; c++) {
                        memcpy(changed, whole, strlen(whole));
                        changed[i] = (char)c;
                        int err = parses(changed, strlen(whole));
                        ck_assert(err == 0 || err == VIO_E_INVALID);
                }
        }
}
END_TEST

static void nest(struct text *t, int depth, bool objects)
{
        for (int i = 0; i < depth; i++)
                text_add(t, objects ? "{\"a\":" : "[");
        text_add(t, objects ? "0" : "");
        for (int i = 0; i < depth; i++)
                text_add(t, objects ? "}" : "]");
}

START_TEST(thirty_two_levels_are_read_and_one_more_is_refused)
{
        for (int objects = 0; objects <= 1; objects++) {
                for (int depth = 1; depth <= 40; depth++) {
                        _cleanup_text_ struct text t = TEXT_INIT;
                        nest(&t, depth, objects);
                        ck_assert_int_eq(parses(t.p, t.len), depth <= 32 ? 0 : VIO_E_INVALID);
                }
        }
}
END_TEST

static void *parse_hostile(void *data)
{
        _cleanup_text_ struct text deepest = TEXT_INIT, deeper = TEXT_INIT, open = TEXT_INIT;
        nest(&deepest, 32, true);
        nest(&deeper, 100000, true);
        for (int i = 0; i < 1000000; i++)
                text_add_char(&open, '[');
        bool *ret_good = data;
        *ret_good = parses(deepest.p, deepest.len) == 0 &&
                    parses(deeper.p, deeper.len) == VIO_E_INVALID &&
                    parses(open.p, open.len) == VIO_E_INVALID;
        return NULL;
}

START_TEST(a_small_stack_is_enough_for_hostile_nesting)
{
        pthread_attr_t attr;
        pthread_t thread;
        bool good = false;
        pthread_attr_init(&attr);
        ck_assert_int_eq(pthread_attr_setstacksize(&attr, 100 * 1024), 0);
        ck_assert_int_eq(pthread_create(&thread, &attr, parse_hostile, &good), 0);
        pthread_join(thread, NULL);
        pthread_attr_destroy(&attr);
        ck_assert(good);
}
END_TEST

START_TEST(a_key_that_comes_twice_is_refused_at_any_depth_and_in_any_spelling)
{
        static const char *const rows[] = {
            "{\"a\":1,\"a\":1}",
            "{\"a\":1,\"b\":2,\"a\":3}",
            "{\"\":1,\"\":1}",
            "{\"a\":1,\"\\u0061\":2}",
            "{\"\\u00e9\":1,\"\u00E9\":2}",
            "{\"/\":1,\"\\/\":2}",
            "[[{\"x\":{\"a\":1,\"a\":2}}]]",
            "{\"a\":{\"b\":1},\"c\":{\"b\":1,\"b\":1}}",
        };
        for (size_t i = 0; i < count_of(rows); i++)
                ck_assert_msg(parses(rows[i], strlen(rows[i])) == VIO_E_INVALID, "%s", rows[i]);
}
END_TEST

/* An object of @n members; the last one repeats the key of number @twin unless that is negative. */
static void many_members(struct text *t, int n, int twin)
{
        text_add_char(t, '{');
        for (int i = 0; i < n; i++)
                text_addf(t, "%s\"key%d\":%d", i ? "," : "", i + 1 == n && twin >= 0 ? twin : i, i);
        text_add_char(t, '}');
}

START_TEST(a_repeated_key_is_found_among_any_number_of_members)
{
        for (int n = 1; n < 40; n++) {
                for (int twin = -1; twin < n - 1; twin++) {
                        _cleanup_text_ struct text t = TEXT_INIT;
                        many_members(&t, n, twin);
                        ck_assert_int_eq(parses(t.p, t.len), twin < 0 ? 0 : VIO_E_INVALID);
                }
        }
}
END_TEST

START_TEST(an_object_may_have_ten_thousand_members)
{
        _cleanup_text_ struct text t = TEXT_INIT, twins = TEXT_INIT;
        _cleanup_json_ vio_json *j = NULL;
        many_members(&t, 10000, -1);
        ck_assert_int_eq(vio_json_parse(t.p, t.len, &j), 0);
        ck_assert_uint_eq(vio_json_count(j), 10000);
        int64_t value;
        ck_assert_int_eq(vio_json_int(vio_json_get(j, "key9999"), &value), 0);
        ck_assert_int_eq(value, 9999);
        many_members(&twins, 10000, 5000);
        ck_assert_int_eq(parses(twins.p, twins.len), VIO_E_INVALID);
}
END_TEST

START_TEST(a_value_is_found_walked_and_told_by_its_type)
{
        const char *text =
            "{\"n\":null,\"b\":true,\"i\":-7,\"t\":\"x\\u00e9\",\"a\":[1,2,3],\"o\":{\"k\":0}}";
        static const enum vio_json_type types[] = {VIO_JSON_NULL, VIO_JSON_BOOL,  VIO_JSON_NUMBER,
                                                   VIO_JSON_TEXT, VIO_JSON_ARRAY, VIO_JSON_OBJECT};
        _cleanup_json_ vio_json *j = NULL;
        ck_assert_int_eq(vio_json_parse(text, strlen(text), &j), 0);
        ck_assert_uint_eq(vio_json_count(j), 6);
        size_t i = 0;
        for (const vio_json *v = vio_json_first(j); v; v = vio_json_next(v), i++) {
                ck_assert_int_eq(vio_json_type(v), types[i]);
                ck_assert_ptr_eq(vio_json_get(j, vio_json_key(v)), v);
        }
        ck_assert_uint_eq(i, 6);
        ck_assert_str_eq(vio_json_text(vio_json_get(j, "t")), "x\u00E9");
        ck_assert_uint_eq(vio_json_count(vio_json_get(j, "a")), 3);
        ck_assert_ptr_null(vio_json_key(vio_json_first(vio_json_get(j, "a"))));
        ck_assert_ptr_null(vio_json_key(j));
        ck_assert_ptr_null(vio_json_next(j));
        bool truth = false;
        ck_assert_int_eq(vio_json_bool(vio_json_get(j, "b"), &truth), 0);
        ck_assert(truth);
}
END_TEST

START_TEST(what_is_not_there_is_null_at_every_step)
{
        _cleanup_json_ vio_json *j = NULL;
        ck_assert_int_eq(vio_json_parse("{\"a\":[1]}", 9, &j), 0);
        ck_assert_ptr_null(vio_json_get(j, "A"));
        ck_assert_ptr_null(vio_json_get(j, NULL));
        ck_assert_ptr_null(vio_json_get(vio_json_get(j, "a"), "a"));
        ck_assert_ptr_null(vio_json_get(vio_json_get(j, "x"), "y"));
        ck_assert_int_eq(vio_json_type(NULL), VIO_JSON_MISSING);
        ck_assert_uint_eq(vio_json_count(NULL), 0);
        ck_assert_ptr_null(vio_json_first(NULL));
        ck_assert_ptr_null(vio_json_next(NULL));
        ck_assert_ptr_null(vio_json_key(NULL));
        ck_assert_ptr_null(vio_json_text(NULL));
        ck_assert_ptr_null(vio_json_text(vio_json_get(j, "a")));
        ck_assert_ptr_null(vio_json_free(NULL));
        bool truth = true;
        int64_t number = 42;
        ck_assert_int_eq(vio_json_bool(NULL, &truth), VIO_E_INVALID);
        ck_assert_int_eq(vio_json_bool(j, &truth), VIO_E_INVALID);
        ck_assert_int_eq(vio_json_int(NULL, &number), VIO_E_INVALID);
        ck_assert_int_eq(vio_json_int(j, &number), VIO_E_INVALID);
        ck_assert_int_eq(number, 42);
        ck_assert(truth);
}
END_TEST

START_TEST(only_whole_numbers_that_are_certain_are_integers)
{
        static const struct {
                const char *text;
                int expected;
                int64_t value;
        } rows[] = {
            {"0", 0, 0},
            {"-0", 0, 0},
            {"42", 0, 42},
            {"42.0", 0, 42},
            {"4.2e1", 0, 42},
            {"4200e-2", 0, 42},
            {"9007199254740992", 0, INT64_C(9007199254740992)},
            {"-9007199254740992", 0, INT64_C(-9007199254740992)},
            {"9007199254740994", VIO_E_INVALID, 0},
            {"1e200", VIO_E_INVALID, 0},
            {"-1e200", VIO_E_INVALID, 0},
            {"0.5", VIO_E_INVALID, 0},
            {"-1.000001", VIO_E_INVALID, 0},
            {"1e-200", VIO_E_INVALID, 0},
            {"\"42\"", VIO_E_INVALID, 0},
            {"true", VIO_E_INVALID, 0},
            {"null", VIO_E_INVALID, 0},
            {"[42]", VIO_E_INVALID, 0},
        };
        for (size_t i = 0; i < count_of(rows); i++) {
                _cleanup_json_ vio_json *j = NULL;
                int64_t value = 0;
                ck_assert_int_eq(vio_json_parse(rows[i].text, strlen(rows[i].text), &j), 0);
                ck_assert_msg(vio_json_int(j, &value) == rows[i].expected, "%s", rows[i].text);
                ck_assert_int_eq(value, rows[i].value);
        }
}
END_TEST

START_TEST(a_number_that_no_double_holds_is_refused)
{
        static const char *const rows[] = {
            "1e201",
            "1e-201",
            "1e400",
            "-1e999999999999999999999",
            "1e0000000000000000000000000000000000000000000000000000000000000",
            "1234567890123456789012345678901234567890123456789012345678901"};
        for (size_t i = 0; i < count_of(rows); i++)
                ck_assert_msg(parses(rows[i], strlen(rows[i])) == VIO_E_INVALID, "%s", rows[i]);
        const char *longest = "999999999999999999999999999999999999999999999999999999999999";
        ck_assert_int_eq(parses(longest, strlen(longest)), 0);
        ck_assert_int_eq(parses("1e0200", 6), 0);
}
END_TEST

START_TEST(every_byte_in_a_string_is_judged_alike_wherever_it_stands)
{
        for (size_t len = 1; len <= 20; len++)
                for (size_t at = 0; at < len; at++)
                        for (int byte = 0; byte < 256; byte++) {
                                char text[22];
                                bool good =
                                    byte >= ' ' && byte < 0x80 && byte != '"' && byte != '\\';
                                memset(text, 'x', sizeof(text));
                                text[0] = text[len + 1] = '"';
                                text[at + 1] = (char)byte;
                                if (json_valid(text, len + 2) != good)
                                        ck_abort_msg("%02X at %zu of %zu", (unsigned)byte, at, len);
                        }
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("json_read");
        add_case(s, what_rfc_8259_refuses_is_refused);
        add_case(s, what_is_not_text_is_refused);
        add_case(s, what_rfc_8259_allows_is_read);
        add_case(s, every_prefix_of_a_text_is_refused);
        add_case(s, no_single_byte_crashes_the_reader_wherever_it_stands);
        add_case(s, thirty_two_levels_are_read_and_one_more_is_refused);
        add_case(s, a_small_stack_is_enough_for_hostile_nesting);
        add_case(s, a_key_that_comes_twice_is_refused_at_any_depth_and_in_any_spelling);
        add_case(s, a_repeated_key_is_found_among_any_number_of_members);
        add_case(s, an_object_may_have_ten_thousand_members);
        add_case(s, a_value_is_found_walked_and_told_by_its_type);
        add_case(s, what_is_not_there_is_null_at_every_step);
        add_case(s, only_whole_numbers_that_are_certain_are_integers);
        add_case(s, a_number_that_no_double_holds_is_refused);
        add_case(s, every_byte_in_a_string_is_judged_alike_wherever_it_stands);
        return s;
}
