/* text.c - tests of the growing text. */
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "prng.h"
#include "run.h"

START_TEST(an_untouched_text_is_the_empty_string)
{
        struct text t = TEXT_INIT;
        ck_assert_str_eq(text_str(&t), "");
        _cleanup_mem_ char *taken = text_take(&t);
        ck_assert_str_eq(taken, "");
        text_free(&t);
}
END_TEST

START_TEST(additions_stand_one_after_the_other)
{
        _cleanup_text_ struct text t = TEXT_INIT;
        text_add(&t, "call ");
        text_add_n(&t, "12xx", 2);
        text_add_char(&t, '/');
        text_addf(&t, "%s-%04d", "task", 7);
        ck_assert_str_eq(text_str(&t), "call 12/task-0007");
        ck_assert_uint_eq(t.len, strlen(text_str(&t)));
        text_clear(&t);
        ck_assert_str_eq(text_str(&t), "");
        text_add(&t, "again");
        ck_assert_str_eq(text_str(&t), "again");
}
END_TEST

START_TEST(a_text_of_every_length_is_whole_however_it_was_added)
{
        char whole[2000];
        memset(whole, 'x', sizeof(whole));
        for (size_t len = 0; len < sizeof(whole); len += 7) {
                _cleanup_text_ struct text one = TEXT_INIT, many = TEXT_INIT, printed = TEXT_INIT;
                text_add_n(&one, whole, len);
                for (size_t i = 0; i < len; i++)
                        text_add_char(&many, 'x');
                text_addf(&printed, "%.*s", (int)len, whole);
                ck_assert_uint_eq(strlen(text_str(&one)), len);
                ck_assert_str_eq(text_str(&one), text_str(&many));
                ck_assert_str_eq(text_str(&one), text_str(&printed));
        }
}
END_TEST

START_TEST(numbers_are_added_as_printf_prints_them)
{
        uint64_t seed = 9;
        for (int i = 0; i < 20000; i++) {
                uint64_t n = i ? prng_next(&seed) >> prng_below(&seed, 64) : 0;
                int digits = 1 + (int)prng_below(&seed, 20);
                char expected[32];
                snprintf(expected, sizeof(expected), "%0*llu", digits, (unsigned long long)n);
                _cleanup_text_ struct text t = TEXT_INIT;
                text_add_number(&t, n, digits);
                ck_assert_str_eq(text_str(&t), expected);
        }
}
END_TEST

START_TEST(a_text_holds_any_bytes)
{
        _cleanup_text_ struct text t = TEXT_INIT;
        text_add_n(&t, "a\0b", 3);
        text_add_n(&t, NULL, 0);
        ck_assert_uint_eq(t.len, 3);
        ck_assert_mem_eq(t.p, "a\0b", 4);
}
END_TEST

START_TEST(a_taken_text_belongs_to_the_caller_and_leaves_nothing_behind)
{
        struct text t = TEXT_INIT;
        text_add(&t, "mine");
        _cleanup_mem_ char *mine = text_take(&t);
        ck_assert_str_eq(mine, "mine");
        ck_assert_ptr_null(t.p);
        ck_assert_uint_eq(t.len, 0);
}
END_TEST

START_TEST(joining_takes_all_or_nothing)
{
        _cleanup_text_ struct text a = TEXT_INIT, b = TEXT_INIT;
        text_add(&a, "one");
        text_add(&b, " two");
        ck_assert_int_eq(text_join(&a, &b), 0);
        ck_assert_str_eq(text_str(&a), "one two");
        b.failed = true;
        ck_assert_int_eq(text_join(&a, &b), VIO_E_NOMEM);
        ck_assert_str_eq(text_str(&a), "one two");
        ck_assert(!a.failed);
}
END_TEST

START_TEST(an_impossible_length_fails_and_the_failure_sticks)
{
        _cleanup_text_ struct text t = TEXT_INIT;
        text_add(&t, "kept");
        volatile size_t too_much = SIZE_MAX - 2; /* the compiler must not see it and object */
        text_add_n(&t, "", too_much);            /* refused before a byte is read */
        ck_assert(t.failed);
        text_add(&t, "more");
        text_add_char(&t, '!');
        text_addf(&t, "%d", 1);
        text_add_number(&t, 2, 1);
        ck_assert_str_eq(text_str(&t), "kept");
        ck_assert_ptr_null(text_take(&t));
}
END_TEST

START_TEST(a_copy_is_cut_between_characters)
{
        static const struct {
                const char *src;
                size_t size;
                const char *expected;
        } rows[] = {
            {"abc", 4, "abc"},       {"abc", 3, "ab"},
            {"abc", 1, ""},          {"a\u00E9z", 4, "a\u00E9"},
            {"a\u00E9z", 3, "a"},    {"\u20AC", 4, "\u20AC"},
            {"\u20AC", 3, ""},       {"\u20AC", 2, ""},
            {"x\U0001F600", 5, "x"}, {"x\U0001F600", 6, "x\U0001F600"},
            {NULL, 3, ""},           {"", 1, ""},
        };
        for (size_t i = 0; i < count_of(rows); i++) {
                char dst[8] = "#######";
                text_copy(dst, rows[i].size, rows[i].src);
                ck_assert_str_eq(dst, rows[i].expected);
        }
        char untouched = '#';
        text_copy(&untouched, 0, "abc");
        ck_assert_int_eq(untouched, '#');
}
END_TEST

START_TEST(memory_is_zeroed_and_copies_end_with_nul)
{
        _cleanup_mem_ char *zero = mem_new(100);
        for (int i = 0; i < 100; i++)
                ck_assert_int_eq(zero[i], 0);
        _cleanup_mem_ void *nothing = mem_new(0);
        ck_assert_ptr_nonnull(nothing);
        _cleanup_mem_ char *copy = mem_text_n("abcdef", 3);
        ck_assert_str_eq(copy, "abc");
        ck_assert_ptr_null(mem_text(NULL));
        mem_free(NULL);
}
END_TEST

START_TEST(a_mail_address_has_two_sides_and_nothing_odd)
{
        static const struct {
                const char *text;
                bool valid;
        } rows[] = {
            {"ada@example.org", true},
            {"a@b", true},
            {"j\xc3\xb6rg@example.org", true},
            {"", false},
            {"ada", false},
            {"@example.org", false},
            {"ada@", false},
            {"ada@b@c", false},
            {"ada @example.org", false},
            {"ada@example.org\n", false},
            {"ada\t@example.org", false},
            {"ada@\x7f", false},
            {"ada@\xff", false},
        };
        char longest[256];
        memset(longest, 'x', sizeof(longest));
        longest[1] = '@';
        longest[255] = '\0';
        ck_assert(!mail_address_valid(longest));
        longest[254] = '\0';
        ck_assert(mail_address_valid(longest));
        for (size_t i = 0; i < count_of(rows); i++)
                ck_assert_msg(mail_address_valid(rows[i].text) == rows[i].valid, "%s",
                              rows[i].text);
}
END_TEST

START_TEST(a_line_is_short_utf8_without_control_characters)
{
        static const struct {
                const char *text;
                bool valid;
        } rows[] = {
            {"", true},           {"Dr. Ada", true}, {"12345678", true}, {"123456789", false},
            {"Zo\xc3\xab", true}, {"Zo\xc3", false}, {"a\nb", false},    {"a\tb", false},
            {"a\x01", false},     {"\x7f", false},
        };
        for (size_t i = 0; i < count_of(rows); i++)
                ck_assert_msg(text_is_line(rows[i].text, 8) == rows[i].valid, "row %zu", i);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("text");
        add_case(s, an_untouched_text_is_the_empty_string);
        add_case(s, additions_stand_one_after_the_other);
        add_case(s, a_text_of_every_length_is_whole_however_it_was_added);
        add_case(s, numbers_are_added_as_printf_prints_them);
        add_case(s, a_text_holds_any_bytes);
        add_case(s, a_taken_text_belongs_to_the_caller_and_leaves_nothing_behind);
        add_case(s, joining_takes_all_or_nothing);
        add_case(s, an_impossible_length_fails_and_the_failure_sticks);
        add_case(s, a_copy_is_cut_between_characters);
        add_case(s, memory_is_zeroed_and_copies_end_with_nul);
        add_case(s, a_mail_address_has_two_sides_and_nothing_odd);
        add_case(s, a_line_is_short_utf8_without_control_characters);
        return s;
}
