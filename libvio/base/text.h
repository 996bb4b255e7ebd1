/* text.h - a text that grows. A failure sticks, so a row of additions needs one check. */
#ifndef VIO_BASE_TEXT_H
#define VIO_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "attr.h"

struct text {
        char *p; /* NUL-terminated once anything was added; NULL before */
        size_t len;
        size_t cap;
        bool failed; /* out of memory at some point: the content is not whole */
};

#define TEXT_INIT ((struct text){0})

/* Makes room for @more bytes and a NUL; false when the text has failed, now or before. */
_must_check_ bool text_grow(struct text *t, size_t more);

static inline bool text_reserve(struct text *t, size_t more)
{
        return (!t->failed && more < t->cap - t->len) || text_grow(t, more);
}

static inline void text_add_n(struct text *t, const char *bytes, size_t len)
{
        if (!text_reserve(t, len))
                return;
        if (len)
                memcpy(t->p + t->len, bytes, len);
        t->len += len;
        t->p[t->len] = '\0';
}

static inline void text_add_char(struct text *t, char c)
{
        text_add_n(t, &c, 1);
}

void text_add(struct text *t, const char *s);
void text_add_number(struct text *t, uint64_t n, int least_digits); /* 1 to 20, zeros before it */
_printf_(2, 3) void text_addf(struct text *t, const char *format, ...);
void text_clear(struct text *t); /* empty again, memory kept, failure forgotten */
void text_free(struct text *t);
const char *text_str(const struct text *t); /* never NULL */
/* Appends one text to another, all or nothing: VIO_E_NOMEM if either failed or memory ran out. */
_must_check_ int text_join(struct text *t, const struct text *more);
_must_check_ char *text_take(struct text *t); /* the caller mem_free()s it; NULL if it failed */

#define _cleanup_text_ _cleanup_(text_free)

/* Copies @src into a buffer of @size bytes, cut at a UTF-8 character if need be. */
void text_copy(char *dst, size_t size, const char *src);

/* The length of the UTF-8 character (RFC 3629) at the start of the bytes; 0 when there is none. */
size_t utf8_char(const char *bytes, size_t len);

/*
 * Whether this can be a mail address: something on both sides of one "@", at most 254 bytes
 * (RFC 5321), UTF-8, no blanks and no control characters. Only the mail itself can tell more.
 */
bool mail_address_valid(const char *text);

/* Whether this is one line of a form: UTF-8, at most @most bytes, no control characters. */
bool text_is_line(const char *text, size_t most);

/* Whether the bytes are UTF-8 (RFC 3629). */
bool utf8_valid(const char *bytes, size_t len);

#endif
