/* calendar.c - tests of the Gregorian calendar. */
#include "base/calendar.h"

#include <string.h>
#include <time.h>

#include "base/attr.h"
#include "prng.h"
#include "run.h"

START_TEST(every_day_of_ten_thousand_years_follows_the_one_before)
{
        static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        int64_t day_number = calendar_days(0, 1, 1);
        int weekday = calendar_weekday(day_number);
        ck_assert_int_eq(day_number, -719528);
        for (int year = 0; year <= 9999; year++) {
                bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
                for (int month = 1; month <= 12; month++) {
                        int length = lengths[month - 1] + (month == 2 && leap);
                        for (int day = 1; day <= length; day++, day_number++) {
                                int64_t y;
                                int m, d;
                                calendar_date(day_number, &y, &m, &d);
                                if (y != year || m != month || d != day ||
                                    calendar_days(year, month, day) != day_number ||
                                    calendar_weekday(day_number) != weekday)
                                        ck_abort_msg("wrong at %d-%d-%d", year, month, day);
                                weekday = (weekday + 1) % 7;
                        }
                }
        }
        ck_assert_int_eq(day_number, calendar_days(10000, 1, 1));
}
END_TEST

START_TEST(dates_and_weekdays_agree_with_the_c_library_even_before_the_year_zero)
{
        uint64_t seed = 1;
        for (int i = 0; i < 100000; i++) {
                int64_t days = (int64_t)prng_below(&seed, 4000000) - 2000000, year;
                int month, day;
                time_t seconds = days * 86400;
                struct tm tm;
                gmtime_r(&seconds, &tm);
                calendar_date(days, &year, &month, &day);
                ck_assert_int_eq(year, tm.tm_year + 1900);
                ck_assert_int_eq(month, tm.tm_mon + 1);
                ck_assert_int_eq(day, tm.tm_mday);
                ck_assert_int_eq(calendar_weekday(days), (tm.tm_wday + 6) % 7);
        }
}
END_TEST

START_TEST(known_days_have_known_numbers)
{
        ck_assert_int_eq(calendar_days(1970, 1, 1), 0);
        ck_assert_int_eq(calendar_days(2000, 3, 1), 11017);
        ck_assert_int_eq(calendar_days(9999, 12, 31), 2932896);
        ck_assert_int_eq(calendar_weekday(0), 3);                                /* Thursday */
        ck_assert_int_eq(calendar_weekday(calendar_days(2026, 11, 23)), 0);      /* Monday */
        ck_assert_int_eq(calendar_weekday(calendar_days(1969, 12, 28)), 6);      /* Sunday */
        ck_assert_int_eq(calendar_days(2026, 2, 31), calendar_days(2026, 3, 3)); /* rolls over */
}
END_TEST

START_TEST(a_date_is_read_and_written)
{
        uint64_t seed = 2;
        for (int i = 0; i < 10000; i++) {
                int64_t days = (int64_t)prng_below(&seed, 3652425) - 719528, back = -1;
                char text[11];
                calendar_format_date(days, text);
                ck_assert_int_eq(strlen(text), 10);
                ck_assert_int_eq(calendar_parse_date(text, &back), 0);
                ck_assert_int_eq(back, days);
        }
}
END_TEST

START_TEST(what_is_no_date_is_refused_and_changes_nothing)
{
        static const char *const rows[] = {
            NULL,          "",           "2026",         "2026-1-01",
            "2026-01-1",   "26-01-01",   "2026/01/01",   "2026-00-01",
            "2026-13-01",  "2026-01-00", "2026-01-32",   "2026-04-31",
            "2026-02-29",  "2100-02-29", "2026-01-01 ",  " 2026-01-01",
            "2026-01-01T", "+026-01-01", "-001-01-01",   "12026-01-01",
            "2026-01-0x",  "2026-01-",   "２０26-01-01",
        };
        for (size_t i = 0; i < count_of(rows); i++) {
                int64_t days = 42;
                ck_assert_msg(calendar_parse_date(rows[i], &days) == VIO_E_INVALID, "%s", rows[i]);
                ck_assert_int_eq(days, 42);
        }
        int64_t days;
        ck_assert_int_eq(calendar_parse_date("2024-02-29", &days), 0);
        ck_assert_int_eq(calendar_parse_date("2000-02-29", &days), 0);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("calendar");
        add_case(s, every_day_of_ten_thousand_years_follows_the_one_before);
        add_case(s, dates_and_weekdays_agree_with_the_c_library_even_before_the_year_zero);
        add_case(s, known_days_have_known_numbers);
        add_case(s, a_date_is_read_and_written);
        add_case(s, what_is_no_date_is_refused_and_changes_nothing);
        return s;
}
