/* cell.c - one value as clean text: of known width, without control characters. */
#include "cell.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>
#include <wctype.h>

#include "cli.h"

/* Takes one character off the text: its length in bytes, and what it is (0 for a bad one). */
static size_t next_char(const char *text, wchar_t *ret)
{
        mbstate_t state = {0};
        size_t len = mbrtowc(ret, text, MB_LEN_MAX, &state);
        if (len != (size_t)-1 && len != (size_t)-2 && len)
                return len;
        *ret = 0;
        return 1;
}

/* What comes from outside may hold escape sequences; a terminal must never see them. */
static char *clean(const char *text, bool lines)
{
        char *copy = malloc(strlen(text) + 1), *to = copy;
        while (copy && *text) {
                wchar_t c;
                size_t len = next_char(text, &c);
                if (c == L'\n' || c == L'\t' || c == L'\r')
                        *to++ = c == L'\n' && lines ? '\n' : ' ';
                else if (c && iswprint((wint_t)c))
                        to = mempcpy(to, text, len);
                else
                        *to++ = '?';
                text += len;
        }
        while (copy && to > copy && (to[-1] == '\n' || to[-1] == ' '))
                to--;
        if (copy)
                *to = '\0';
        return copy;
}

int cell_width(const char *text)
{
        int width = 0;
        while (*text) {
                wchar_t c;
                text += next_char(text, &c);
                int columns = wcwidth(c);
                width += columns > 0 ? columns : 0;
        }
        return width;
}

const char *cell_zone_name(const vio_zone *zone)
{
        return zone ? vio_zone_name(zone) : "UTC";
}

/* UTC needs no zone data, so that the tool works where none is installed. */
static struct tm wall_time(const vio_zone *zone, vio_time t)
{
        time_t second = (time_t)(t / 1000) + (zone ? vio_zone_offset(zone, t) : 0);
        struct tm wall = {0};
        gmtime_r(&second, &wall);
        return wall;
}

static char *time_text(const struct field *field, const char *text, const vio_zone *zone,
                       enum cell_place place)
{
        vio_time t;
        if (vio_time_parse(text, &t) < 0)
                return clean(text, false);

        char clock[32], *made;
        struct tm wall = wall_time(zone, t);
        strftime(clock, sizeof(clock),
                 field->kind == FIELD_MOMENT ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M", &wall);
        if (place == IN_TABLE)
                return strdup(clock);
        return asprintf(&made, "%s %s", clock, cell_zone_name(zone)) < 0 ? NULL : made;
}

/* Numbers, and whatever has no form of its own, as JSON writes them. */
static char *json_text(const vio_json *value)
{
        vio_json_writer *w = vio_json_writer_new();
        const char *text;
        if (!w)
                return NULL;
        vio_json_put_value(w, NULL, value);
        char *copy = vio_json_writer_text(w, &text, NULL) < 0 ? NULL : clean(text, false);
        vio_json_writer_free(w);
        return copy;
}

static const char *bool_text(enum field_kind kind, bool value)
{
        if (kind == FIELD_VERDICT)
                return value ? "ok" : "NOT OK";
        return value ? "yes" : "no";
}

char *cell_text(const struct field *field, const vio_json *value, const vio_zone *zone,
                enum cell_place place)
{
        const char *text = vio_json_text(value);
        bool flag;
        if (text && (field->kind == FIELD_TIME || field->kind == FIELD_MOMENT))
                return time_text(field, text, zone, place);
        if (text)
                return *text ? clean(text, place == IN_RECORD) : strdup("-");
        if (!vio_json_bool(value, &flag))
                return strdup(bool_text(field->kind, flag));
        if (vio_json_type(value) == VIO_JSON_NUMBER)
                return json_text(value);
        return strdup("-");
}
