/* rfc3339.c - tests of times as text. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <vio/core.h>

#include "base/attr.h"
#include "prng.h"
#include "run.h"

START_TEST(a_time_is_written_in_utc_with_milliseconds_only_when_there_are_any)
{
        static const struct {
                vio_time t;
                const char *text;
        } rows[] = {
            {0, "1970-01-01T00:00:00Z"},
            {1, "1970-01-01T00:00:00.001Z"},
            {1795512600000, "2026-11-24T09:30:00Z"},
            {1795512600120, "2026-11-24T09:30:00.120Z"},
            {253402300799999, "9999-12-31T23:59:59.999Z"},
            {253402300800000, ""},
            {INT64_MAX, ""},
            {INT64_MIN, ""},
            {VIO_TIME_NONE, ""},
            {-1000, "1969-12-31T23:59:59Z"},
            {-2, "1969-12-31T23:59:59.998Z"},
            {-62167219200000, "0000-01-01T00:00:00Z"},
            {-62167219200001, ""},
        };
        char text[VIO_TIME_TEXT];
        for (size_t i = 0; i < count_of(rows); i++) {
                ck_assert_ptr_eq(vio_time_format(rows[i].t, text), text);
                ck_assert_str_eq(text, rows[i].text);
        }
}
END_TEST

START_TEST(every_form_that_the_rfc_allows_is_read)
{
        static const struct {
                const char *text;
                vio_time t;
        } rows[] = {
            {"1970-01-01T00:00:00Z", 0},
            {"2026-11-24T09:30:00Z", 1795512600000},
            {"2026-11-24t09:30:00z", 1795512600000},
            {"2026-11-24 09:30:00Z", 1795512600000},
            {"2026-11-24T10:30:00+01:00", 1795512600000},
            {"2026-11-24T00:00:00-09:30", 1795512600000},
            {"2026-11-25T09:29:00+23:59", 1795512600000},
            {"2026-11-23T09:31:00-23:59", 1795512600000},
            {"2026-11-24T09:30:00-00:00", 1795512600000},
            {"2026-11-24T09:30:00+00:00", 1795512600000},
            {"2026-11-24T09:30:00.1Z", 1795512600100},
            {"2026-11-24T09:30:00.12Z", 1795512600120},
            {"2026-11-24T09:30:00.1239Z", 1795512600123},
            {"2026-11-24T09:30:00.123999999Z", 1795512600123},
            {"2026-11-24T09:30:00.000000001Z", 1795512600000},
            {"1970-01-01T01:00:00+01:00", 0},
            {"1969-12-31T23:00:00-01:00", 0},
            {"2024-02-29T23:59:59Z", 1709251199000},
            {"9999-12-31T23:59:59.999Z", 253402300799999},
        };
        for (size_t i = 0; i < count_of(rows); i++) {
                vio_time t = -7;
                ck_assert_msg(vio_time_parse(rows[i].text, &t) == 0, "%s", rows[i].text);
                ck_assert_msg(t == rows[i].t, "%s gives %lld", rows[i].text, (long long)t);
        }
}
END_TEST

START_TEST(what_would_be_a_guess_is_refused_and_changes_nothing)
{
        static const char *const rows[] = {
            NULL,
            "",
            "2026-11-24",
            "2026-11-24T",
            "2026-11-24T09:30",
            "2026-11-24T09:30Z",
            "2026-11-24T09:30:00",
            "2026-11-24T09:30:00 Z",
            "2026-11-24T9:30:00Z",
            "2026-11-24T24:00:00Z",
            "2026-11-24T09:60:00Z",
            "2026-11-24T09:30:60Z",
            "2016-12-31T23:59:60Z", /* a leap second that was */
            "2026-11-24T09:30:61Z",
            "2026-11-24T09:30:00.Z",
            "2026-11-24T09:30:00,5Z",
            "2026-11-24T09:30:00.0000000001Z",
            "2026-11-24T09:30:00.1",
            "2026-11-24T09:30:00+0100",
            "2026-11-24T09:30:00+01",
            "2026-11-24T09:30:00+1:00",
            "2026-11-24T09:30:00+24:00",
            "2026-11-24T09:30:00+01:60",
            "2026-11-24T09:30:00+01:00x",
            "2026-11-24T09:30:00ZZ",
            "2026-11-24T09:30:00Z ",
            " 2026-11-24T09:30:00Z",
            "2026-11-24_09:30:00Z",
            "2026-11-24\t09:30:00Z",
            "2026-11-24  09:30:00Z",
            "2026-11-31T09:30:00Z",
            "2026-02-29T09:30:00Z",
            "2026-13-01T09:30:00Z",
            "2026-00-01T09:30:00Z",
            "20261124T093000Z",
            "2026-11-24T09-30-00Z",
            "+2026-11-24T09:30:00Z",
            "02026-11-24T09:30:00Z",
            "1969-12-31T23:59:59.999Z", /* would be VIO_TIME_NONE */
            "1970-01-01T00:00:00+00:01",
            "0000-01-01T00:00:00Z",
            "2026-11-24T-9:30:00Z",
            "1795512600000",
        };
        for (size_t i = 0; i < count_of(rows); i++) {
                vio_time t = 42;
                ck_assert_msg(vio_time_parse(rows[i], &t) == VIO_E_INVALID, "%s", rows[i]);
                ck_assert_int_eq(t, 42);
        }
}
END_TEST

START_TEST(what_was_written_reads_back_as_the_same_time)
{
        uint64_t seed = 3;
        for (int i = 0; i < 50000; i++) {
                vio_time t = (vio_time)prng_below(&seed, 253402300800000), back = -7;
                if (i % 2)
                        t -= t % 1000;
                char text[VIO_TIME_TEXT];
                ck_assert_int_eq(vio_time_parse(vio_time_format(t, text), &back), 0);
                ck_assert_int_eq(back, t);
        }
}
END_TEST

/* The same by the C library's calendar and printf(); years 0 to 9999. */
static void slow_format(vio_time t, char ret[64])
{
        struct tm tm;
        int ms = (int)((t % 1000 + 1000) % 1000);
        time_t seconds = (time_t)((t - ms) / 1000);
        gmtime_r(&seconds, &tm);
        int end = snprintf(ret, 64, "%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year + 1900,
                           tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
        snprintf(ret + end, (size_t)(64 - end), ms ? ".%03dZ" : "Z", ms);
}

START_TEST(random_times_are_written_as_the_c_library_would)
{
        uint64_t seed = 4;
        for (int i = 0; i < 200000; i++) {
                vio_time t = (vio_time)prng_below(&seed, 315569520000000) - 62167219200000;
                if (i % 2)
                        t -= t % 1000;
                char text[VIO_TIME_TEXT], expected[64];
                slow_format(t, expected);
                if (t != VIO_TIME_NONE)
                        ck_assert_str_eq(vio_time_format(t, text), expected);
        }
}
END_TEST

START_TEST(no_text_that_is_cut_short_is_read)
{
        const char *whole = "2026-11-24T09:30:00.123+01:00";
        for (size_t len = 0; len < strlen(whole); len++) {
                char cut[32] = "";
                vio_time t;
                memcpy(cut, whole, len);
                ck_assert_msg(vio_time_parse(cut, &t) == VIO_E_INVALID, "%s", cut);
        }
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("rfc3339");
        add_case(s, a_time_is_written_in_utc_with_milliseconds_only_when_there_are_any);
        add_case(s, every_form_that_the_rfc_allows_is_read);
        add_case(s, what_would_be_a_guess_is_refused_and_changes_nothing);
        add_case(s, what_was_written_reads_back_as_the_same_time);
        add_case(s, random_times_are_written_as_the_c_library_would);
        add_case(s, no_text_that_is_cut_short_is_read);
        return s;
}
