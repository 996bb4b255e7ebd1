/* calendar.h - the proleptic Gregorian calendar in UTC: days, dates and their text forms. */
#ifndef VIO_BASE_CALENDAR_H
#define VIO_BASE_CALENDAR_H

#include <vio/core.h>

#define MS_PER_SECOND INT64_C(1000)
#define MS_PER_MINUTE (60 * MS_PER_SECOND)
#define MS_PER_HOUR   (60 * MS_PER_MINUTE)
#define MS_PER_DAY    (24 * MS_PER_HOUR)

/* Days since 1970-01-01 of a date, and back. Months 1 to 12, days 1 to 31. */
int64_t calendar_days(int64_t year, int month, int day);
void calendar_date(int64_t days, int64_t *ret_year, int *ret_month, int *ret_day);

/* 0 is Monday, 6 is Sunday. */
int calendar_weekday(int64_t days);

/* Reads "YYYY-MM-DD" and nothing else; VIO_E_INVALID for a date that does not exist. */
int calendar_parse_date(const char *text, int64_t *ret_days);

/* Writes "YYYY-MM-DD" into @ret, which holds 11 bytes; years 0 to 9999. */
void calendar_format_date(int64_t days, char ret[11]);

#endif
