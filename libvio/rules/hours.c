/* hours.c - opening hours: read from their JSON, and said in words. */
#include "hours.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <vio/json.h>

static const struct {
        const char *brief;
        const char *full;
} weekdays[7] = {
    {"Mon", "Monday"}, {"Tue", "Tuesday"},  {"Wed", "Wednesday"}, {"Thu", "Thursday"},
    {"Fri", "Friday"}, {"Sat", "Saturday"}, {"Sun", "Sunday"},
};

bool hours_clock(const char *text, int *ret)
{
        if (!text || strlen(text) != 5 || text[2] != ':' || !isdigit((unsigned char)text[0]) ||
            !isdigit((unsigned char)text[1]) || !isdigit((unsigned char)text[3]) ||
            !isdigit((unsigned char)text[4]))
                return false;
        int hour = (text[0] - '0') * 10 + text[1] - '0';
        int minute = (text[3] - '0') * 10 + text[4] - '0';
        if (minute > 59 || hour * 60 + minute > 24 * 60)
                return false;
        *ret = hour * 60 + minute;
        return true;
}

int hours_weekday(const char *name)
{
        for (int i = 0; name && i < 7; i++) {
                if (strcmp(weekdays[i].brief, name) == 0)
                        return i;
        }
        return -1;
}

static bool wrong(char mistake[HOURS_MISTAKE], const char *day, const char *what)
{
        snprintf(mistake, HOURS_MISTAKE, "%s%s%s", day, *day ? ": " : "", what);
        return false;
}

/* Exactly the two members of an open day. */
static bool read_day(const vio_json *j, const char *name, struct hours *h, int day,
                     char mistake[HOURS_MISTAKE])
{
        int open;
        int close;

        if (vio_json_type(j) == VIO_JSON_NULL)
                return true;
        if (vio_json_type(j) != VIO_JSON_OBJECT)
                return wrong(mistake, name, "must be an object with open and close, or null");
        if (!hours_clock(vio_json_text(vio_json_get(j, "open")), &open))
                return wrong(mistake, name, "open must be a time of day such as 09:00");
        if (!hours_clock(vio_json_text(vio_json_get(j, "close")), &close))
                return wrong(mistake, name, "close must be a time of day such as 17:00");
        if (vio_json_count(j) != 2)
                return wrong(mistake, name, "has other members than open and close");
        if (close <= open)
                return wrong(mistake, name, "must close after it opens");
        h->days[day].open = open;
        h->days[day].close = close;
        return true;
}

static bool read_days(const vio_json *json, struct hours *h, char mistake[HOURS_MISTAKE])
{
        if (vio_json_type(json) != VIO_JSON_OBJECT)
                return wrong(mistake, "", "must be an object of days");
        for (const vio_json *j = vio_json_first(json); j; j = vio_json_next(j)) {
                int day = hours_weekday(vio_json_key(j));
                if (day < 0)
                        return wrong(mistake, "", "days are Mon, Tue, Wed, Thu, Fri, Sat and Sun");
                if (!read_day(j, vio_json_key(j), h, day, mistake))
                        return false;
        }
        return true;
}

bool hours_read(const char *text, struct hours *ret, char mistake[HOURS_MISTAKE])
{
        struct hours h = {0};
        vio_json *json = NULL;

        if (vio_json_parse(text, strlen(text), &json) < 0)
                return wrong(mistake, "", "must be JSON");
        bool good = read_days(json, &h, mistake);
        vio_json_free(json);
        if (good)
                *ret = h;
        return good;
}

static const char *say_clock(int minutes, char ret[24])
{
        int hour = minutes / 60 % 24;
        if (minutes == 24 * 60)
                return "midnight";
        snprintf(ret, 24, "%d:%02d %s", hour % 12 ? hour % 12 : 12, minutes % 60,
                 hour < 12 ? "AM" : "PM");
        return ret;
}

static bool same_day(const struct hours *h, int a, int b)
{
        return h->days[a].open == h->days[b].open && h->days[a].close == h->days[b].close;
}

/* The days @from to @to, which have the same hours. */
static void say_days(const struct hours *h, int from, int to, char *ret, size_t size)
{
        char days[40];
        char open[24];
        char close[24];

        if (from == to)
                snprintf(days, sizeof(days), "%s", weekdays[from].full);
        else
                snprintf(days, sizeof(days), "%s %s %s", weekdays[from].full,
                         to == from + 1 ? "and" : "to", weekdays[to].full);
        if (h->days[from].close == 0)
                snprintf(ret, size, "closed on %s", days);
        else
                snprintf(ret, size, "%s %s to %s", days, say_clock(h->days[from].open, open),
                         say_clock(h->days[from].close, close));
}

void hours_say(const struct hours *h, char ret[HOURS_WORDS])
{
        size_t len = 0;

        ret[0] = '\0';
        for (int from = 0; from < 7;) {
                int to = from;
                while (to < 6 && same_day(h, from, to + 1))
                        to++;
                if (len)
                        len += (size_t)snprintf(ret + len, HOURS_WORDS - len, ", ");
                say_days(h, from, to, ret + len, HOURS_WORDS - len);
                len += strlen(ret + len);
                from = to + 1;
        }
}
