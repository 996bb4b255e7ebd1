/* import_cells.c - tests: headers, dates and phones as they stand in people's spreadsheets. */
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "loop.h"
#include "rules/columns.h"
#include "rules/day_text.h"
#include "rules/phone_cell.h"
#include "run.h"

static const struct {
        const char *header;
        int column;
} headers[] = {
    {"name", COLUMN_NAME},
    {"Full Name", COLUMN_NAME},
    {"PATIENT", COLUMN_NAME},
    {"Phone", COLUMN_PHONE},
    {"mobile_phone", COLUMN_PHONE},
    {"Telephone", COLUMN_PHONE},
    {"E-Mail", COLUMN_EMAIL},
    {"Date", COLUMN_DATE},
    {"appointment date", COLUMN_DATE},
    {"Time", COLUMN_TIME},
    {"Appointment Time", COLUMN_TIME},
    {"appointmentTime", COLUMN_TIME},
    {"APPOINTMENT_TIME", COLUMN_TIME},
    {"Type", COLUMN_TYPE},
    {"service", COLUMN_TYPE},
    {"Special Instructions", COLUMN_INSTRUCTIONS},
    {"Notes", COLUMN_INSTRUCTIONS},
    {"Time Zone", COLUMN_TIME_ZONE},
    {"time-zone", COLUMN_TIME_ZONE},
    {"First name", COLUMN_FIRST_NAME},
    {"Surname", COLUMN_LAST_NAME},
    {"Opted Out", COLUMN_OPTED_OUT},
    {"", -1},
    {"_", -1},
    {"Insurance", -1},
    {"names", -1},
    {"status", -1},
    {"nameeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", -1},
};

START_TEST(a_header_is_known_by_many_names)
{
        enum column column = COLUMN_COUNT;
        int r = column_find(headers[_i].header, &column);
        ck_assert_int_eq(r, headers[_i].column < 0 ? VIO_E_NOTFOUND : 0);
        ck_assert_int_eq(column, headers[_i].column < 0 ? COLUMN_COUNT : headers[_i].column);
}
END_TEST

START_TEST(every_column_is_found_by_the_name_it_is_exported_by)
{
        for (int i = 0; i < COLUMN_COUNT; i++) {
                enum column column = COLUMN_COUNT;
                ck_assert_int_eq(column_find(column_name((enum column)i), &column), 0);
                ck_assert_int_eq(column, i);
        }
}
END_TEST

START_TEST(yes_and_no_have_their_usual_forms)
{
        bool flag = false;
        ck_assert(column_flag("Yes", &flag) == 0 && flag);
        ck_assert(column_flag("FALSE", &flag) == 0 && !flag);
        ck_assert(column_flag("x", &flag) == 0 && flag);
        ck_assert_int_eq(column_flag("maybe", &flag), VIO_E_INVALID);
}
END_TEST

#define FILE_         VIO_DATES_BY_FILE
#define MONTH         VIO_DATES_MONTH_FIRST
#define DAY           VIO_DATES_DAY_FIRST
#define CLOCK_PROBLEM "must be a time such as 09:30 or 2:30 PM, or a date and a time"
#define DATE_PROBLEM  "must be a date such as 2026-11-24"
#define YEAR_PROBLEM  "the year must have four digits"
#define ORDER_PROBLEM                                                                              \
        "the day and the month cannot be told apart; write the date as YYYY-MM-DD, or say which "  \
        "comes first"

/* @day "" for none, @second -1 for none; or @absolute; or @problem. */
static const struct {
        const char *text;
        enum vio_date_order order;
        const char *day;
        int second;
        const char *absolute;
        const char *problem;
} days[] = {
    {"2026-11-24", FILE_, "2026-11-24", -1, NULL, NULL},
    {"2026/11/24", FILE_, "2026-11-24", -1, NULL, NULL},
    {"2026-1-4", FILE_, "2026-01-04", -1, NULL, NULL},
    {"11/24/2026", FILE_, "2026-11-24", -1, NULL, NULL},
    {"24/11/2026", FILE_, "2026-11-24", -1, NULL, NULL},
    {"11-24-2026", DAY, "2026-11-24", -1, NULL, NULL},
    {"24.11.2026", FILE_, "2026-11-24", -1, NULL, NULL},
    {"4.3.2026", MONTH, "2026-03-04", -1, NULL, NULL},
    {"4/4/2026", FILE_, "2026-04-04", -1, NULL, NULL},
    {"3/4/2026", MONTH, "2026-03-04", -1, NULL, NULL},
    {"3/4/2026", DAY, "2026-04-03", -1, NULL, NULL},
    {"3/4/2026", FILE_, "", -1, NULL, ORDER_PROBLEM},
    {"03-04-2026 09:30", FILE_, "", -1, NULL, ORDER_PROBLEM},
    {"09:30", FILE_, "", 34200, NULL, NULL},
    {"9:30:15", FILE_, "", 34215, NULL, NULL},
    {"00:00", FILE_, "", 0, NULL, NULL},
    {"23:59:59", FILE_, "", 86399, NULL, NULL},
    {"2:30 PM", FILE_, "", 52200, NULL, NULL},
    {"2:30pm", FILE_, "", 52200, NULL, NULL},
    {"2 p.m.", FILE_, "", 50400, NULL, NULL},
    {"12:15 AM", FILE_, "", 900, NULL, NULL},
    {"12 pm", FILE_, "", 43200, NULL, NULL},
    {"2026-11-24 09:30", FILE_, "2026-11-24", 34200, NULL, NULL},
    {"2026-11-24T09:30:00", FILE_, "2026-11-24", 34200, NULL, NULL},
    {"11/24/2026 2:30 PM", FILE_, "2026-11-24", 52200, NULL, NULL},
    {"11/24/2026, 2:30 PM", FILE_, "2026-11-24", 52200, NULL, NULL},
    {"24.11.2026  14:30", FILE_, "2026-11-24", 52200, NULL, NULL},
    {"2026-11-24T09:30:00-05:00", FILE_, "", -1, "2026-11-24T14:30:00Z", NULL},
    {"2026-11-24T09:30:00Z", FILE_, "", -1, "2026-11-24T09:30:00Z", NULL},
    {"2028-02-29", FILE_, "2028-02-29", -1, NULL, NULL},
    {"2026-02-29", FILE_, "", -1, NULL, DATE_PROBLEM},
    {"2026-13-01", FILE_, "", -1, NULL, DATE_PROBLEM},
    {"2026-00-01", FILE_, "", -1, NULL, DATE_PROBLEM},
    {"31/13/2026", FILE_, "", -1, NULL, DATE_PROBLEM},
    {"3/4/26", MONTH, "", -1, NULL, YEAR_PROBLEM},
    {"26-03-04", MONTH, "", -1, NULL, YEAR_PROBLEM},
    {"tomorrow", FILE_, "", -1, NULL, DATE_PROBLEM},
    {"Nov 24, 2026", FILE_, "", -1, NULL, DATE_PROBLEM},
    {"46350", FILE_, "", -1, NULL, DATE_PROBLEM},
    {"2026-11/24", FILE_, "", -1, NULL, DATE_PROBLEM},
    {"9", FILE_, "", -1, NULL, DATE_PROBLEM},
    {"24:00", FILE_, "", -1, NULL, DATE_PROBLEM},
    {"13 PM", FILE_, "", -1, NULL, DATE_PROBLEM},
    {"2026-11-24 25:00", FILE_, "", -1, NULL, CLOCK_PROBLEM},
    {"2026-11-24 9", FILE_, "", -1, NULL, CLOCK_PROBLEM},
    {"2026-11-24x", FILE_, "", -1, NULL, CLOCK_PROBLEM},
    {"2026-11-24T", FILE_, "", -1, NULL, CLOCK_PROBLEM},
    {"2026-11-24 09:30 EST", FILE_, "", -1, NULL, CLOCK_PROBLEM},
};

START_TEST(a_date_or_time_is_read_or_refused_with_its_reason)
{
        struct day_text t;
        const char *problem = NULL;
        char day[11] = "", absolute[VIO_TIME_TEXT];
        int r = day_text_read(days[_i].text, days[_i].order, &t, &problem);
        ck_assert_int_eq(r, days[_i].problem ? VIO_E_INVALID : 0);
        if (days[_i].problem) {
                ck_assert_str_eq(problem, days[_i].problem);
                return;
        }
        if (t.has_day)
                calendar_format_date(t.day, day);
        ck_assert_str_eq(day, days[_i].day);
        ck_assert_int_eq(t.has_clock ? t.second : -1, days[_i].second);
        ck_assert_str_eq(vio_time_format(t.absolute, absolute),
                         days[_i].absolute ? days[_i].absolute : "");
}
END_TEST

/* Whatever the order, a day of 2024 to 2027 that is written in it is read back. */
START_TEST(every_day_is_read_back_in_either_order)
{
        for (int64_t day = calendar_days(2024, 1, 1); day < calendar_days(2028, 1, 1); day++) {
                int64_t year;
                int m, d;
                char us[16], gb[16];
                struct day_text t;
                const char *problem;
                calendar_date(day, &year, &m, &d);
                snprintf(us, sizeof us, "%d/%d/%d", m, d, (int)year);
                snprintf(gb, sizeof gb, "%02d/%02d/%d", d, m, (int)year);
                ck_assert_int_eq(day_text_read(us, MONTH, &t, &problem), 0);
                ck_assert_int_eq(t.day, day);
                ck_assert_int_eq(day_text_read(gb, DAY, &t, &problem), 0);
                ck_assert_int_eq(t.day, day);
                bool certain = m == d || d > 12;
                ck_assert_int_eq(day_text_read(us, FILE_, &t, &problem) == 0, certain);
                ck_assert(!certain || t.day == day);
        }
}
END_TEST

START_TEST(the_dates_of_a_file_tell_their_order_together)
{
        struct day_orders o = {0};
        day_orders_see(&o, "3/4/2026");
        day_orders_see(&o, "2026-11-24");
        day_orders_see(&o, "24.11.2026");
        day_orders_see(&o, "09:30");
        day_orders_see(&o, "");
        day_orders_see(&o, "14/15/2026");
        ck_assert_int_eq(day_orders_tell(&o), FILE_);
        day_orders_see(&o, "3/14/2026 9:30");
        ck_assert_int_eq(day_orders_tell(&o), MONTH);
        day_orders_see(&o, "14/3/2026");
        ck_assert_int_eq(day_orders_tell(&o), FILE_);
        o = (struct day_orders){0};
        day_orders_see(&o, "14-3-2026");
        ck_assert_int_eq(day_orders_tell(&o), DAY);
}
END_TEST

#define ROUNDED "the spreadsheet has rounded it; format the column as text and export again"
#define LOST                                                                                       \
        "it may have lost its \"+\"; begin it with \"+\" and the country code, in a column "       \
        "formatted as text"

static const struct {
        const char *text, *country, *number, *problem;
} phones[] = {
    {"'+14155550123", NULL, "+14155550123", NULL},
    {"'4155550123", "1", "+14155550123", NULL},
    {"(415) 555-0123", "1", "+14155550123", NULL},
    {"14155550123", "1", "+14155550123", NULL},
    {"4155550123", "1", "+14155550123", NULL},
    {"447911123456", "44", "+447911123456", NULL},
    {"44 7911 123456", "44", "+447911123456", NULL},
    {"7911123456", "44", "+447911123456", NULL},
    {"07911123456", "44", "+447911123456", NULL},
    {"33612345678", "33", "+33612345678", NULL},
    {"353861234567", "353", "+353861234567", NULL},
    {"00447911123456", "1", "+447911123456", NULL},
    {"011 44 7911 123456", "1", "+447911123456", NULL},
    {"+447911123456", "1", "+447911123456", NULL},
    {"1701234567", "49", "+491701234567", NULL},
    {"04930901820", "49", "+494930901820", NULL},
    {"447911123456", "1", NULL, LOST},   /* lost abroad: calling it would ring a stranger */
    {"4915112345678", "49", NULL, LOST}, /* a German number can be that long without 49 */
    {"4930901820", "49", NULL, LOST},    /* or one of Ostfriesland */
    {"33612345678", "44", NULL, LOST},
    {"4.4E+11", "44", NULL, ROUNDED},
    {"1,41556E+10", "1", NULL, ROUNDED},
    {"'4.4e11", "44", NULL, ROUNDED},
    {"14155550123.0", "1", NULL,
     "A spreadsheet took this number for a quantity; export the column again, as text."},
    {"4155550123", NULL, NULL, "The number has no country code; begin it with \"+\"."},
    {"", "1", NULL, "There is no number."},
    {"'", "1", NULL, "There is no number."},
    {"n/a", "1", NULL, "The number contains letters."},
};

START_TEST(a_phone_gets_back_what_a_spreadsheet_took_but_only_for_certain)
{
        char number[VIO_PHONE_SIZE] = "untouched";
        const char *problem = NULL;
        int r = phone_cell_read(phones[_i].text, phones[_i].country, number, &problem);
        ck_assert_int_eq(r, phones[_i].number ? 0 : VIO_E_INVALID);
        ck_assert_str_eq(number, phones[_i].number ? phones[_i].number : "untouched");
        if (phones[_i].problem)
                ck_assert_str_eq(problem, phones[_i].problem);
}
END_TEST

/* A number with its plus is never read as another one when the plus is gone. */
START_TEST(a_lost_plus_never_leads_to_another_number)
{
        static const char *const countries[] = {"1",  "44", "49", "39",  "33",
                                                "61", "7",  "91", "353", "998"};
        static const char *const numbers[] = {
            "+14155550123", "+447911123456", "+4915112345678", "+390669820000", "+33612345678",
            "+61412345678", "+79161234567",  "+919812345678",  "+353861234567", "+998901234567"};
        for (size_t c = 0; c < sizeof countries / sizeof *countries; c++)
                for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++) {
                        char number[VIO_PHONE_SIZE];
                        const char *problem;
                        if (!strncmp(numbers[n] + 1, countries[c], strlen(countries[c])) &&
                            !phone_cell_read(numbers[n] + 1, countries[c], number, &problem))
                                ck_assert_str_eq(number, numbers[n]);
                }
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("import cells");
        add_loop_case(s, a_header_is_known_by_many_names, headers);
        add_case(s, every_column_is_found_by_the_name_it_is_exported_by);
        add_case(s, yes_and_no_have_their_usual_forms);
        add_loop_case(s, a_date_or_time_is_read_or_refused_with_its_reason, days);
        add_case(s, every_day_is_read_back_in_either_order);
        add_case(s, the_dates_of_a_file_tell_their_order_together);
        add_loop_case(s, a_phone_gets_back_what_a_spreadsheet_took_but_only_for_certain, phones);
        add_case(s, a_lost_plus_never_leads_to_another_number);
        return s;
}
