/* json_writer.c - writing JSON straight into one text, without a tree. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "mem.h"
#include "text.h"

#define MOST_DECIMALS 18

struct vio_json_writer {
        struct text text;
        struct text taken; /* what vio_json_writer_take() handed out last */
        int err;           /* the first failure but that of text */
        int depth;
        struct {
                bool is_object;
                bool is_filled; /* something stands in it already */
        } levels[JSON_DEPTH + 1];
};

vio_json_writer *vio_json_writer_new(void)
{
        return mem_new(sizeof(vio_json_writer));
}

vio_json_writer *vio_json_writer_free(vio_json_writer *w)
{
        if (w) {
                text_free(&w->text);
                text_free(&w->taken);
        }
        mem_free(w);
        return NULL;
}

void vio_json_writer_reset(vio_json_writer *w)
{
        struct text kept = w->text;
        struct text spare = w->taken;
        text_clear(&kept);
        text_clear(&spare);
        *w = (vio_json_writer){.text = kept, .taken = spare};
}

/* What stands for a byte that cannot stand as it is: U+FFFD for each that is not UTF-8. */
static void add_escape(struct text *t, unsigned char c)
{
        static const char hex[] = "0123456789abcdef";
        const char escape[] = {'\\', json_escapes[c], '0', '0', hex[c >> 4], hex[c & 15]};
        if (json_escapes[c] == JSON_WIDE)
                text_add(t, "\xEF\xBF\xBD");
        else
                text_add_n(t, escape, json_escapes[c] == 'u' ? 6 : 2);
}

/* The length of what may stand as it is at the start of @s. */
static size_t verbatim_run(const char *s, size_t len)
{
        for (size_t at = 0;;) {
                at += json_plain_run(s + at, len - at);
                if (at == len || json_escapes[(unsigned char)s[at]] != JSON_WIDE)
                        return at;
                size_t n = utf8_char(s + at, len - at);
                if (n == 0)
                        return at;
                at += n;
        }
}

static void add_string(struct text *t, const char *s)
{
        size_t len = strlen(s);
        text_add_char(t, '"');
        for (size_t at = 0; at < len; at++) {
                size_t n = verbatim_run(s + at, len - at);
                text_add_n(t, s + at, n);
                at += n;
                if (at < len)
                        add_escape(t, (unsigned char)s[at]);
        }
        text_add_char(t, '"');
}

static bool fail(vio_json_writer *w)
{
        if (!w->err)
                w->err = VIO_E_INTERNAL;
        return false;
}

/* Writes what stands before a value; false when no value may stand here. */
static bool begin_value(vio_json_writer *w, const char *key)
{
        if (w->err)
                return false;
        bool is_filled = w->levels[w->depth].is_filled;
        if (w->levels[w->depth].is_object != (key != NULL) || (w->depth == 0 && is_filled))
                return fail(w);
        w->levels[w->depth].is_filled = true;
        if (is_filled)
                text_add_char(&w->text, ',');
        if (key) {
                add_string(&w->text, key);
                text_add_char(&w->text, ':');
        }
        return true;
}

static void put_word(vio_json_writer *w, const char *key, const char *word)
{
        if (begin_value(w, key))
                text_add(&w->text, word);
}

static void begin_container(vio_json_writer *w, const char *key, bool is_object)
{
        if (w->depth == JSON_DEPTH)
                fail(w);
        if (!begin_value(w, key))
                return;
        text_add_char(&w->text, is_object ? '{' : '[');
        w->depth++;
        w->levels[w->depth].is_object = is_object;
        w->levels[w->depth].is_filled = false;
}

static void end_container(vio_json_writer *w, bool is_object)
{
        if (w->err)
                return;
        if (w->depth == 0 || w->levels[w->depth].is_object != is_object) {
                fail(w);
                return;
        }
        text_add_char(&w->text, is_object ? '}' : ']');
        w->depth--;
}

void vio_json_begin_object(vio_json_writer *w, const char *key)
{
        begin_container(w, key, true);
}

void vio_json_end_object(vio_json_writer *w)
{
        end_container(w, true);
}

void vio_json_begin_array(vio_json_writer *w, const char *key)
{
        begin_container(w, key, false);
}

void vio_json_end_array(vio_json_writer *w)
{
        end_container(w, false);
}

void vio_json_put_text(vio_json_writer *w, const char *key, const char *value)
{
        if (!value)
                put_word(w, key, "null");
        else if (begin_value(w, key))
                add_string(&w->text, value);
}

void vio_json_put_int(vio_json_writer *w, const char *key, int64_t value)
{
        vio_json_put_decimal(w, key, value, 0);
}

void vio_json_put_decimal(vio_json_writer *w, const char *key, int64_t value, int decimals)
{
        if (decimals < 0 || decimals > MOST_DECIMALS)
                fail(w);
        if (!begin_value(w, key))
                return;
        uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value, unit = 1;
        for (int i = 0; i < decimals; i++)
                unit *= 10;
        if (value < 0)
                text_add_char(&w->text, '-');
        text_add_number(&w->text, magnitude / unit, 1);
        if (decimals == 0)
                return;
        text_add_char(&w->text, '.');
        text_add_number(&w->text, magnitude % unit, decimals);
}

void vio_json_put_bool(vio_json_writer *w, const char *key, bool value)
{
        put_word(w, key, value ? "true" : "false");
}

void vio_json_put_null(vio_json_writer *w, const char *key)
{
        put_word(w, key, "null");
}

void vio_json_put_time(vio_json_writer *w, const char *key, vio_time value)
{
        char text[VIO_TIME_TEXT];
        if (!*vio_time_format(value, text)) {
                vio_json_put_null(w, key);
        } else if (begin_value(w, key)) {
                text_add_char(&w->text, '"');
                text_add(&w->text, text);
                text_add_char(&w->text, '"');
        }
}

/* The shortest digits that read back as the same number. */
static void put_double(vio_json_writer *w, const char *key, double value)
{
        char digits[40];
        for (int precision = 15; precision <= 17; precision++) {
                snprintf(digits, sizeof(digits), "%.*g", precision, value);
                if (strtod(digits, NULL) == value)
                        break;
        }
        /* Whatever the locale takes for a decimal point, JSON has a point. */
        char *point = digits + strspn(digits, "+-0123456789e");
        char *rest = point + strcspn(point, "+-0123456789e");
        if (!begin_value(w, key))
                return;
        text_add_n(&w->text, digits, (size_t)(point - digits));
        if (rest > point)
                text_addf(&w->text, ".%s", rest);
}

static void put_number(vio_json_writer *w, const char *key, const vio_json *value)
{
        int64_t whole;
        if (vio_json_int(value, &whole) == VIO_OK)
                vio_json_put_int(w, key, whole);
        else
                put_double(w, key, json_double(value));
}

static void put_children(vio_json_writer *w, const vio_json *value)
{
        const vio_json *child = vio_json_first(value);
        for (; child && !w->err; child = vio_json_next(child))
                vio_json_put_value(w, vio_json_key(child), child);
}

/* Recurses no deeper than JSON_DEPTH: the writer fails there. */
void vio_json_put_value(vio_json_writer *w, const char *key, const vio_json *value)
{
        bool truth = false;
        switch (vio_json_type(value)) {
        case VIO_JSON_MISSING:
        case VIO_JSON_NULL: vio_json_put_null(w, key); break;
        case VIO_JSON_BOOL:
                vio_json_bool(value, &truth);
                vio_json_put_bool(w, key, truth);
                break;
        case VIO_JSON_NUMBER: put_number(w, key, value); break;
        case VIO_JSON_TEXT: vio_json_put_text(w, key, vio_json_text(value)); break;
        case VIO_JSON_ARRAY:
                vio_json_begin_array(w, key);
                put_children(w, value);
                vio_json_end_array(w);
                break;
        case VIO_JSON_OBJECT:
                vio_json_begin_object(w, key);
                put_children(w, value);
                vio_json_end_object(w);
                break;
        }
}

int vio_json_writer_text(vio_json_writer *w, const char **ret_text, size_t *ret_len)
{
        if (w->text.failed)
                return VIO_E_NOMEM;
        if (w->err || w->depth > 0 || !w->levels[0].is_filled)
                return VIO_E_INTERNAL;
        *ret_text = text_str(&w->text);
        if (ret_len)
                *ret_len = w->text.len;
        return VIO_OK;
}

/* The two texts change places, so that neither is copied nor given back and fetched again. */
int vio_json_writer_take(vio_json_writer *w, size_t least, const char **ret_text, size_t *ret_len)
{
        if (w->text.failed)
                return VIO_E_NOMEM;
        if (w->err)
                return VIO_E_INTERNAL;
        text_clear(&w->taken);
        if (w->text.len >= least) {
                struct text gathered = w->text;
                w->text = w->taken;
                w->taken = gathered;
        }
        *ret_text = text_str(&w->taken);
        *ret_len = w->taken.len;
        return VIO_OK;
}
