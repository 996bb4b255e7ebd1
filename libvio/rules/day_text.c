/* day_text.c - dates and clock times as people and spreadsheets write them. */
#include "rules/day_text.h"

#include <string.h>
#include <strings.h>

#include "base/attr.h"
#include "base/calendar.h"

#define NO_DATE  "must be a date such as 2026-11-24"
#define NO_CLOCK "must be a time such as 09:30 or 2:30 PM, or a date and a time"
#define NO_YEAR  "the year must have four digits"
#define NO_ORDER                                                                                   \
        "the day and the month cannot be told apart; write the date as YYYY-MM-DD, or say which "  \
        "comes first"

/* One number, and how many digits it had. */
struct number {
        int value;
        size_t digits;
};

static bool read_number(const char **p, size_t most, struct number *ret)
{
        struct number n = {0};
        for (; n.digits < most && **p >= '0' && **p <= '9'; n.digits++, (*p)++)
                n.value = 10 * n.value + (**p - '0');
        *ret = n;
        return n.digits > 0;
}

/* Three numbers with the same sign between them. */
struct triple {
        struct number n[3];
        char sign;
};

static bool read_triple(const char **p, struct triple *ret)
{
        const char *at = *p;
        if (!read_number(&at, 4, &ret->n[0]) || !*at || !strchr("-/.", *at))
                return false;
        ret->sign = *at++;
        if (!read_number(&at, 2, &ret->n[1]) || *at++ != ret->sign ||
            !read_number(&at, 4, &ret->n[2]))
                return false;
        *p = at;
        return true;
}

/* Between two countries' readings: "11/24/2026" and "24/11/2026". */
static bool either_way(const struct triple *t)
{
        return t->sign != '.' && t->n[0].digits <= 2 && t->n[2].digits == 4;
}

static enum vio_date_order order_of(const struct triple *t, enum vio_date_order order)
{
        int first = t->n[0].value, second = t->n[1].value;
        if (t->sign == '.' || first == second)
                return VIO_DATES_DAY_FIRST;
        if (first > 12 || second > 12)
                return first > 12 ? VIO_DATES_DAY_FIRST : VIO_DATES_MONTH_FIRST;
        return order;
}

static int day_of(int year, int month, int day, int64_t *ret)
{
        int64_t days, y;
        int m, d;
        if (month < 1 || month > 12 || day < 1 || day > 31)
                return VIO_E_INVALID;
        days = calendar_days(year, month, day);
        calendar_date(days, &y, &m, &d);
        if (m != month) /* the 31st of a shorter month */
                return VIO_E_INVALID;
        *ret = days;
        return 0;
}

static int read_day(const char **p, enum vio_date_order order, int64_t *ret,
                    const char **ret_problem)
{
        struct triple t;
        *ret_problem = NO_DATE;
        if (!read_triple(p, &t))
                return VIO_E_INVALID;
        if (t.n[0].digits == 4 && t.n[2].digits <= 2)
                return day_of(t.n[0].value, t.n[1].value, t.n[2].value, ret);
        if (t.n[0].digits > 2 || t.n[2].digits != 4) {
                *ret_problem = NO_YEAR;
                return VIO_E_INVALID;
        }
        order = order_of(&t, order);
        if (order == VIO_DATES_BY_FILE) {
                *ret_problem = NO_ORDER;
                return VIO_E_INVALID;
        }
        bool day_first = order == VIO_DATES_DAY_FIRST;
        return day_of(t.n[2].value, t.n[day_first].value, t.n[!day_first].value, ret);
}

/* "am" or "pm" at the end, with or without dots; 0 for neither. */
static char half_of_day(const char *text)
{
        static const char *const forms[] = {"am", "pm", "a.m.", "p.m."};
        text += strspn(text, " ");
        for (size_t i = 0; i < count_of(forms); i++)
                if (!strcasecmp(text, forms[i]))
                        return forms[i][0];
        return 0;
}

/* Reads to the end of the text. */
static int read_clock(const char *p, int32_t *ret)
{
        struct number h, m = {0}, s = {0};
        if (!read_number(&p, 2, &h))
                return VIO_E_INVALID;
        bool minutes = *p == ':';
        if (minutes && (p++, !read_number(&p, 2, &m) || m.digits != 2))
                return VIO_E_INVALID;
        if (minutes && *p == ':' && (p++, !read_number(&p, 2, &s) || s.digits != 2))
                return VIO_E_INVALID;
        char half = half_of_day(p);
        if ((*p && !half) || (!half && !minutes) || m.value > 59 || s.value > 59)
                return VIO_E_INVALID;
        if (half ? h.value < 1 || h.value > 12 : h.value > 23)
                return VIO_E_INVALID;
        if (half)
                h.value = h.value % 12 + (half == 'p' ? 12 : 0);
        *ret = (h.value * 60 + m.value) * 60 + s.value;
        return 0;
}

/* What may stand between a date and a clock time; 0 when nothing does. */
static size_t gap(const char *p)
{
        size_t comma = *p == ',';
        size_t blanks = strspn(p + comma, " ");
        return *p == 'T' || *p == 't' ? 1 : blanks ? comma + blanks : 0;
}

int day_text_read(const char *text, enum vio_date_order order, struct day_text *ret,
                  const char **ret_problem)
{
        struct day_text t = {.absolute = VIO_TIME_NONE};
        const char *problem = NO_CLOCK;
        int r = 0;

        if (vio_time_parse(text, &t.absolute) == 0) {
                *ret = t;
                return 0;
        }
        t.has_clock = read_clock(text, &t.second) == 0;
        if (!t.has_clock) {
                r = read_day(&text, order, &t.day, &problem);
                t.has_day = true;
                t.has_clock = !r && *text;
        }
        if (t.has_day && t.has_clock) {
                size_t skip = gap(text);
                problem = NO_CLOCK;
                r = skip ? read_clock(text + skip, &t.second) : VIO_E_INVALID;
        }
        if (r)
                *ret_problem = problem;
        else
                *ret = t;
        return r;
}

void day_orders_see(struct day_orders *o, const char *text)
{
        struct triple t;
        if (!read_triple(&text, &t) || !either_way(&t))
                return;
        o->month_first |= t.n[0].value <= 12 && t.n[1].value > 12;
        o->day_first |= t.n[0].value > 12 && t.n[1].value <= 12;
}

enum vio_date_order day_orders_tell(const struct day_orders *o)
{
        if (o->month_first == o->day_first)
                return VIO_DATES_BY_FILE;
        return o->month_first ? VIO_DATES_MONTH_FIRST : VIO_DATES_DAY_FIRST;
}
