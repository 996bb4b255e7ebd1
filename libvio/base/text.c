/* text.c - a text that grows, and the UTF-8 in it. */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>

#include <vio/core.h>

#include "mem.h"

#define MOST_DIGITS 20 /* of a number below 2^64 */

bool text_grow(struct text *t, size_t more)
{
        if (t->failed)
                return false;
        size_t cap = t->cap ? t->cap : 64;
        while (cap <= SIZE_MAX / 2 && cap - t->len <= more)
                cap *= 2;
        char *p = cap - t->len > more ? mem_resize(t->p, cap) : NULL;
        if (!p) {
                t->failed = true;
                return false;
        }
        t->p = p;
        t->cap = cap;
        return true;
}

void text_add(struct text *t, const char *s)
{
        text_add_n(t, s, strlen(s));
}

void text_add_number(struct text *t, uint64_t n, int least_digits)
{
        char digits[MOST_DIGITS];
        size_t at = sizeof(digits);
        for (; at > 0 && (n > 0 || least_digits > 0); n /= 10, least_digits--)
                digits[--at] = (char)('0' + n % 10);
        text_add_n(t, digits + at, sizeof(digits) - at);
}

void text_addf(struct text *t, const char *format, ...)
{
        va_list args, again;
        va_start(args, format);
        va_copy(again, args);
        int len = vsnprintf(NULL, 0, format, args);
        if (len < 0)
                t->failed = true;
        else if (text_reserve(t, (size_t)len)) {
                vsnprintf(t->p + t->len, (size_t)len + 1, format, again);
                t->len += (size_t)len;
        }
        va_end(again);
        va_end(args);
}

void text_clear(struct text *t)
{
        t->len = 0;
        t->failed = false;
        if (t->p)
                t->p[0] = '\0';
}

void text_free(struct text *t)
{
        mem_free(t->p);
        *t = TEXT_INIT;
}

const char *text_str(const struct text *t)
{
        return t->p ? t->p : "";
}

int text_join(struct text *t, const struct text *more)
{
        if (more->failed)
                return VIO_E_NOMEM;
        text_add_n(t, more->p, more->len);
        return t->failed ? VIO_E_NOMEM : VIO_OK;
}

char *text_take(struct text *t)
{
        text_add_n(t, "", 0);
        char *p = t->failed ? NULL : steal(t->p);
        text_free(t);
        return p;
}

static bool is_continuation(char c)
{
        return ((unsigned char)c & 0xC0) == 0x80;
}

void text_copy(char *dst, size_t size, const char *src)
{
        if (size == 0)
                return;
        size_t len = src ? strlen(src) : 0;
        if (len >= size) {
                len = size - 1;
                while (len > 0 && is_continuation(src[len]))
                        len--;
        }
        if (len)
                memcpy(dst, src, len);
        dst[len] = '\0';
}

/* RFC 3629 section 4: what may follow a lead byte, so that no overlong form or surrogate passes. */
static const struct utf8_row {
        unsigned char lead_min, lead_max, second_min, second_max, len;
} utf8_rows[] = {
    {0x00, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

static const struct utf8_row *utf8_row(unsigned char lead)
{
        for (size_t i = 0; i < count_of(utf8_rows); i++)
                if (lead >= utf8_rows[i].lead_min && lead <= utf8_rows[i].lead_max)
                        return &utf8_rows[i];
        return NULL;
}

size_t utf8_char(const char *bytes, size_t len)
{
        const struct utf8_row *row = len ? utf8_row((unsigned char)bytes[0]) : NULL;
        if (!row || row->len > len)
                return 0;
        if (row->len == 1)
                return 1;

        unsigned char second = (unsigned char)bytes[1];
        if (second < row->second_min || second > row->second_max)
                return 0;
        for (size_t i = 2; i < row->len; i++)
                if (!is_continuation(bytes[i]))
                        return 0;
        return row->len;
}

/* Eight bytes at a time: nearly all text is nearly all ASCII. */
static size_t ascii_run(const char *bytes, size_t len)
{
        size_t at = 0;
        for (uint64_t eight; len - at >= sizeof(eight); at += sizeof(eight)) {
                memcpy(&eight, bytes + at, sizeof(eight));
                if (eight & UINT64_C(0x8080808080808080))
                        break;
        }
        while (at < len && (unsigned char)bytes[at] < 0x80)
                at++;
        return at;
}

bool utf8_valid(const char *bytes, size_t len)
{
        size_t at = ascii_run(bytes, len);
        while (at < len) {
                size_t n = utf8_char(bytes + at, len - at);
                if (n == 0)
                        return false;
                at += n;
                at += ascii_run(bytes + at, len - at);
        }
        return true;
}

bool text_is_line(const char *text, size_t most)
{
        size_t len = strlen(text);

        for (const char *p = text; *p; p++) {
                unsigned char c = (unsigned char)*p;
                if (c < ' ' || c == 0x7f)
                        return false;
        }
        return len <= most && utf8_valid(text, len);
}

bool mail_address_valid(const char *text)
{
        size_t len = strlen(text);
        const char *at = strchr(text, '@');

        if (len > 254 || !at || at == text || !at[1] || strchr(at + 1, '@'))
                return false;
        for (const char *p = text; *p; p++) {
                unsigned char c = (unsigned char)*p;
                if (c <= ' ' || c == 0x7f)
                        return false;
        }
        return utf8_valid(text, len);
}
