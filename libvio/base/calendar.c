/* calendar.c - the Gregorian calendar, and times as RFC 3339 writes them. */
#include "calendar.h"

#include <string.h>

#define DAYS_PER_ERA     146097 /* 400 years, after which the calendar repeats */
#define DAYS_PER_CENTURY 36524  /* without the leap day of the 400th year */
#define DAYS_PER_4_YEARS 1461
#define DAYS_TO_1970     719528 /* from 0000-01-01 */
#define FIRST_DAY        (-DAYS_TO_1970)
#define FIRST_MARCH      (FIRST_DAY + 60)
#define LAST_DAY         2932896 /* 9999-12-31 */
#define LONGEST_FRACTION 9       /* digits */

static int64_t floor_div(int64_t a, int64_t b)
{
        return a / b - (a % b < 0);
}

static bool is_leap(int64_t year)
{
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t new_year(int64_t year)
{
        int64_t before = year - 1;
        int64_t leap_days =
            floor_div(before, 4) - floor_div(before, 100) + floor_div(before, 400) + 1;
        return 365 * year + leap_days - DAYS_TO_1970;
}

/* Days of the year before a month, which may be 13. */
static int days_before(int64_t year, int month)
{
        static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
        return before[month - 1] + (month > 2 && is_leap(year));
}

int64_t calendar_days(int64_t year, int month, int day)
{
        return new_year(year) + days_before(year, month) + day - 1;
}

static int at_most(int n, int limit)
{
        return n < limit ? n : limit;
}

/* Counts years from March: a leap day is then the last of its year, and of its 4 and 400 years. */
void calendar_date(int64_t days, int64_t *ret_year, int *ret_month, int *ret_day)
{
        int64_t since = days - FIRST_MARCH;
        int64_t era = floor_div(since, DAYS_PER_ERA);
        int rest = (int)(since - era * DAYS_PER_ERA);
        int century = at_most(rest / DAYS_PER_CENTURY, 3);
        rest -= century * DAYS_PER_CENTURY;
        int fourth = rest / DAYS_PER_4_YEARS;
        rest -= fourth * DAYS_PER_4_YEARS;
        int year = at_most(rest / 365, 3);
        rest -= year * 365;
        int month = (5 * rest + 2) / 153; /* from March on, every five months have 153 days */
        bool is_next_year = month >= 10;
        *ret_year = era * 400 + century * 100 + fourth * 4 + year + is_next_year;
        *ret_month = is_next_year ? month - 9 : month + 3;
        *ret_day = rest - (153 * month + 2) / 5 + 1;
}

int calendar_weekday(int64_t days)
{
        return (int)(days - floor_div(days + 3, 7) * 7 + 3); /* 1970-01-01 was a Thursday */
}

/* Reads exactly @n digits and moves on behind them. */
static bool read_digits(const char **p, int n, int *ret)
{
        int value = 0;
        for (int i = 0; i < n; i++) {
                char c = (*p)[i];
                if (c < '0' || c > '9')
                        return false;
                value = value * 10 + (c - '0');
        }
        *p += n;
        *ret = value;
        return true;
}

static bool read_char(const char **p, const char *allowed)
{
        if (**p == '\0' || !strchr(allowed, **p))
                return false;
        (*p)++;
        return true;
}

static bool read_date(const char **p, int64_t *ret_days)
{
        int year, month, day;
        if (!read_digits(p, 4, &year) || !read_char(p, "-") || !read_digits(p, 2, &month) ||
            !read_char(p, "-") || !read_digits(p, 2, &day))
                return false;
        if (month < 1 || month > 12 || day < 1)
                return false;
        if (day > days_before(year, month + 1) - days_before(year, month))
                return false;
        *ret_days = calendar_days(year, month, day);
        return true;
}

int calendar_parse_date(const char *text, int64_t *ret_days)
{
        int64_t days;
        if (!text || !read_date(&text, &days) || *text)
                return VIO_E_INVALID;
        *ret_days = days;
        return VIO_OK;
}

/* Writes the last @digits digits of a number and returns where they end. */
static char *put_number(char *ret, unsigned number, int digits)
{
        for (int i = digits; i-- > 0; number /= 10)
                ret[i] = (char)('0' + number % 10);
        return ret + digits;
}

static char *put_part(char *ret, char before, unsigned number, int digits)
{
        *ret = before;
        return put_number(ret + 1, number, digits);
}

void calendar_format_date(int64_t days, char ret[11])
{
        int64_t year;
        int month, day;
        calendar_date(days, &year, &month, &day);
        char *end = put_number(ret, (unsigned)year, 4);
        end = put_part(end, '-', (unsigned)month, 2);
        end = put_part(end, '-', (unsigned)day, 2);
        *end = '\0';
}

const char *vio_time_format(vio_time t, char ret[VIO_TIME_TEXT])
{
        int64_t days = floor_div(t, MS_PER_DAY);
        if (t == VIO_TIME_NONE || days < FIRST_DAY || days > LAST_DAY) {
                ret[0] = '\0';
                return ret;
        }
        calendar_format_date(days, ret);
        unsigned ms = (unsigned)(t - days * MS_PER_DAY);
        char *end = put_part(ret + 10, 'T', ms / MS_PER_HOUR, 2);
        end = put_part(end, ':', ms / MS_PER_MINUTE % 60, 2);
        end = put_part(end, ':', ms / MS_PER_SECOND % 60, 2);
        if (ms % MS_PER_SECOND)
                end = put_part(end, '.', ms % MS_PER_SECOND, 3);
        memcpy(end, "Z", 2);
        return ret;
}

static bool read_clock(const char **p, int64_t *ret_ms)
{
        int h, m, s;
        if (!read_digits(p, 2, &h) || !read_char(p, ":") || !read_digits(p, 2, &m) ||
            !read_char(p, ":") || !read_digits(p, 2, &s))
                return false;
        if (h > 23 || m > 59 || s > 59)
                return false;
        *ret_ms = h * MS_PER_HOUR + m * MS_PER_MINUTE + s * MS_PER_SECOND;
        return true;
}

/* Reads a fraction if there is one; what is finer than a millisecond is dropped. */
static bool read_fraction(const char **p, int64_t *ret_ms)
{
        *ret_ms = 0;
        if (!read_char(p, "."))
                return true;
        int digit, n = 0;
        for (int64_t worth = 100; read_digits(p, 1, &digit); worth /= 10, n++)
                *ret_ms += digit * worth;
        return n >= 1 && n <= LONGEST_FRACTION;
}

static bool read_offset(const char **p, int64_t *ret_ms)
{
        *ret_ms = 0;
        if (read_char(p, "Zz"))
                return true;
        int64_t sign = **p == '-' ? -1 : 1;
        int h, m;
        if (!read_char(p, "+-") || !read_digits(p, 2, &h) || !read_char(p, ":") ||
            !read_digits(p, 2, &m) || h > 23 || m > 59)
                return false;
        *ret_ms = sign * (h * MS_PER_HOUR + m * MS_PER_MINUTE);
        return true;
}

int vio_time_parse(const char *text, vio_time *ret)
{
        int64_t days, clock, fraction, offset;
        if (!text || !read_date(&text, &days) || !read_char(&text, "Tt "))
                return VIO_E_INVALID;
        if (!read_clock(&text, &clock) || !read_fraction(&text, &fraction) ||
            !read_offset(&text, &offset) || *text)
                return VIO_E_INVALID;

        vio_time t = days * MS_PER_DAY + clock + fraction - offset;
        if (t < 0)
                return VIO_E_INVALID;
        *ret = t;
        return VIO_OK;
}
