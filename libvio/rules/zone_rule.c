/* zone_rule.c - POSIX TZ strings such as "CET-1CEST,M3.5.0,M10.5.0/3". */
#include "zone_rule.h"

#include <string.h>

#include "base/attr.h"
#include "base/calendar.h"

#define DAY_S 86400

/* What is still to be read. Reading beyond the end gives NUL, which fits nowhere. */
struct cursor {
        const char *p, *end;
};

static char peek(const struct cursor *c)
{
        return c->p < c->end ? *c->p : '\0';
}

static bool take(struct cursor *c, char wanted)
{
        if (peek(c) != wanted)
                return false;
        c->p++;
        return true;
}

static bool is_digit(char c)
{
        return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool read_number(struct cursor *c, int least, int most, int *ret)
{
        int n = 0, digits = 0;
        for (; is_digit(peek(c)) && digits < 4; digits++)
                n = n * 10 + (*c->p++ - '0');
        if (digits == 0 || is_digit(peek(c)) || n < least || n > most)
                return false;
        *ret = n;
        return true;
}

/* [+-]hh[:mm[:ss]] */
static bool read_time(struct cursor *c, int most_hours, int32_t *ret)
{
        int sign = take(c, '-') ? -1 : 1;
        if (sign > 0)
                take(c, '+');
        int h, m = 0, s = 0;
        if (!read_number(c, 0, most_hours, &h))
                return false;
        if (take(c, ':')) {
                if (!read_number(c, 0, 59, &m) || (take(c, ':') && !read_number(c, 0, 59, &s)))
                        return false;
        }
        *ret = sign * (h * 3600 + m * 60 + s);
        return true;
}

/* Three letters or more, or anything sensible between "<" and ">". The name itself is not kept. */
static bool read_name(struct cursor *c)
{
        bool quoted = take(c, '<');
        const char *start = c->p;
        while (is_letter(peek(c)) ||
               (quoted && (is_digit(peek(c)) || peek(c) == '+' || peek(c) == '-')))
                c->p++;
        return c->p - start >= 3 && (!quoted || take(c, '>'));
}

static bool read_day(struct cursor *c, struct zone_date *ret)
{
        if (take(c, 'J')) {
                ret->form = 'J';
                return read_number(c, 1, 365, &ret->day);
        }
        if (take(c, 'M')) {
                ret->form = 'M';
                return read_number(c, 1, 12, &ret->month) && take(c, '.') &&
                       read_number(c, 1, 5, &ret->week) && take(c, '.') &&
                       read_number(c, 0, 6, &ret->day);
        }
        ret->form = 'n';
        return read_number(c, 0, 365, &ret->day);
}

static bool read_date(struct cursor *c, struct zone_date *ret)
{
        ret->time_s = 2 * 3600;
        return take(c, ',') && read_day(c, ret) &&
               (!take(c, '/') || read_time(c, 167, &ret->time_s));
}

bool zone_rule_parse(const char *text, size_t len, struct zone_rule *ret)
{
        struct cursor c = {text, text + len};
        struct zone_rule r = {0};
        int32_t west;
        if (!read_name(&c) || !read_time(&c, 24, &west))
                return false;
        r.standard_s = -west;
        if (c.p < c.end) {
                if (!read_name(&c))
                        return false;
                r.changes = true;
                r.summer_s = r.standard_s + 3600;
                if (peek(&c) != ',') {
                        if (!read_time(&c, 24, &west))
                                return false;
                        r.summer_s = -west;
                }
                if (!read_date(&c, &r.summer_begins) || !read_date(&c, &r.summer_ends))
                        return false;
        }
        if (c.p != c.end)
                return false;
        *ret = r;
        return true;
}

static bool is_leap(int64_t year)
{
        return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* The day on which the clocks change in a year. */
static int64_t day_in_year(const struct zone_date *d, int64_t year)
{
        int64_t first = calendar_days(year, 1, 1);
        if (d->form == 'J')
                return first + d->day - 1 + (is_leap(year) && d->day >= 60);
        if (d->form == 'n')
                return first + d->day;
        int64_t month = calendar_days(year, d->month, 1);
        int64_t next =
            d->month == 12 ? calendar_days(year + 1, 1, 1) : calendar_days(year, d->month + 1, 1);
        int sunday_based = (calendar_weekday(month) + 1) % 7;
        int64_t day = month + (d->day - sunday_based + 7) % 7 + (d->week - 1) * 7;
        return day < next ? day : day - 7;
}

struct change {
        int64_t at;
        int32_t offset_s; /* from then on */
};

/* The two changes of a year, in the order in which they take place. */
static void changes_of(const struct zone_rule *r, int64_t year, struct change ret[2])
{
        const struct zone_date *b = &r->summer_begins, *e = &r->summer_ends;
        struct change begin = {day_in_year(b, year) * DAY_S + b->time_s - r->standard_s,
                               r->summer_s};
        struct change end = {day_in_year(e, year) * DAY_S + e->time_s - r->summer_s, r->standard_s};
        bool northern = begin.at < end.at;
        ret[0] = northern ? begin : end;
        ret[1] = northern ? end : begin;
}

struct zone_span zone_rule_span(const struct zone_rule *r, int64_t t)
{
        struct zone_span s = {INT64_MIN, INT64_MAX, r->standard_s};
        if (!r->changes)
                return s;
        int64_t days = t / DAY_S - (t % DAY_S < 0), year;
        int month, day;
        calendar_date(days, &year, &month, &day);
        /* A change may be pushed into a neighbouring year by its time and its offset. */
        for (int64_t y = year - 2; y <= year + 2; y++) {
                struct change c[2];
                changes_of(r, y, c);
                for (size_t i = 0; i < count_of(c); i++) {
                        if (c[i].at > t) {
                                s.until = c[i].at;
                                return s;
                        }
                        s.from = c[i].at;
                        s.offset_s = c[i].offset_s;
                }
        }
        return s;
}
