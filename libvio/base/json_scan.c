/* json_scan.c - the grammar of JSON (RFC 8259), checked before the parser sees a byte. */
#include <string.h>

#include "crypto.h"
#include "json.h"
#include "text.h"

/* Well within a double and the parser's buffer, whatever the digits are. */
#define LONGEST_NUMBER   60
#define LARGEST_EXPONENT 200

const char json_escapes[256] = {
    [0x00 ... 0x07] = 'u',
    ['\b'] = 'b',
    ['\t'] = 't',
    ['\n'] = 'n',
    [0x0B] = 'u',
    ['\f'] = 'f',
    ['\r'] = 'r',
    [0x0E ... 0x1F] = 'u',
    ['"'] = '"',
    ['\\'] = '\\',
    [0x80 ... 0xFF] = JSON_WIDE,
};

/* The same byte eight times. */
#define EIGHT(byte) (UINT64_C(0x0101010101010101) * (byte))

/*
 * Looks at eight bytes at once: subtracting gives a high bit to an ASCII byte that was less, and
 * borrows from its neighbour only then; what differs from a byte in no bit is less than 1.
 */
static bool are_plain(uint64_t eight)
{
        uint64_t below_space = eight - EIGHT(' ');
        uint64_t quotes = (eight ^ EIGHT('"')) - EIGHT(1);
        uint64_t backslashes = (eight ^ EIGHT('\\')) - EIGHT(1);
        return ((eight | below_space | quotes | backslashes) & EIGHT(0x80)) == 0;
}

size_t json_plain_run(const char *s, size_t len)
{
        size_t at = 0;
        for (uint64_t eight; len - at >= sizeof(eight); at += sizeof(eight)) {
                memcpy(&eight, s + at, sizeof(eight));
                if (!are_plain(eight))
                        break;
        }
        while (at < len && !json_escapes[(unsigned char)s[at]])
                at++;
        return at;
}

struct scan {
        const char *p, *end;
};

static bool scan_value(struct scan *s, int depth);

static char peek(const struct scan *s)
{
        return s->p < s->end ? *s->p : '\0';
}

static bool skip(struct scan *s, char c)
{
        if (s->p == s->end || *s->p != c)
                return false;
        s->p++;
        return true;
}

static void skip_space(struct scan *s)
{
        while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r'))
                s->p++;
}

static size_t skip_digits(struct scan *s)
{
        const char *start = s->p;
        while (peek(s) >= '0' && peek(s) <= '9')
                s->p++;
        return (size_t)(s->p - start);
}

static bool scan_word(struct scan *s, const char *word)
{
        size_t len = strlen(word);
        if ((size_t)(s->end - s->p) < len || memcmp(s->p, word, len) != 0)
                return false;
        s->p += len;
        return true;
}

static bool scan_exponent(struct scan *s)
{
        int exponent = 0;
        if (!skip(s, '+'))
                skip(s, '-');
        const char *digits = s->p;
        if (skip_digits(s) == 0)
                return false;
        for (; digits < s->p && exponent <= LARGEST_EXPONENT; digits++)
                exponent = exponent * 10 + (*digits - '0');
        return exponent <= LARGEST_EXPONENT;
}

static bool scan_number(struct scan *s)
{
        const char *start = s->p;
        skip(s, '-');
        if (!skip(s, '0') && skip_digits(s) == 0)
                return false;
        if (skip(s, '.') && skip_digits(s) == 0)
                return false;
        if ((skip(s, 'e') || skip(s, 'E')) && !scan_exponent(s))
                return false;
        return s->p - start <= LONGEST_NUMBER;
}

static bool scan_unit(struct scan *s, unsigned *ret)
{
        uint8_t b[2];
        if (s->end - s->p < 4 || !hex_decode(s->p, 4, b))
                return false;
        s->p += 4;
        *ret = (unsigned)b[0] << 8 | b[1];
        return true;
}

/* What follows the "\u". */
static bool scan_unicode(struct scan *s)
{
        unsigned unit, low;
        if (!scan_unit(s, &unit) || unit == 0)
                return false;
        if (unit < 0xD800 || unit > 0xDFFF)
                return true;
        return unit < 0xDC00 && scan_word(s, "\\u") && scan_unit(s, &low) && low >= 0xDC00 &&
               low <= 0xDFFF;
}

static bool scan_escape(struct scan *s)
{
        if (skip(s, 'u'))
                return scan_unicode(s);
        if (peek(s) == '\0' || !strchr("\"\\/bfnrt", *s->p))
                return false;
        s->p++;
        return true;
}

/* Plain bytes and wide ones, which are known to be UTF-8 by now. */
static void skip_text(struct scan *s)
{
        const char *start;
        do {
                start = s->p;
                s->p += json_plain_run(s->p, (size_t)(s->end - s->p));
                while (s->p < s->end && json_escapes[(unsigned char)*s->p] == JSON_WIDE)
                        s->p++;
        } while (s->p > start);
}

static bool scan_string(struct scan *s)
{
        if (!skip(s, '"'))
                return false;
        for (;;) {
                skip_text(s);
                if (skip(s, '"'))
                        return true;
                if (!skip(s, '\\') || !scan_escape(s))
                        return false;
        }
}

static bool scan_member(struct scan *s, int depth)
{
        skip_space(s);
        if (!scan_string(s))
                return false;
        skip_space(s);
        return skip(s, ':') && scan_value(s, depth);
}

/* What follows the opening bracket, whose closing one is @close. */
static bool scan_container(struct scan *s, char close, int depth)
{
        if (depth > JSON_DEPTH)
                return false;
        skip_space(s);
        if (skip(s, close))
                return true;
        do {
                if (!(close == '}' ? scan_member(s, depth) : scan_value(s, depth)))
                        return false;
        } while (skip(s, ','));
        return skip(s, close);
}

static bool scan_bare(struct scan *s, int depth)
{
        switch (peek(s)) {
        case '{': s->p++; return scan_container(s, '}', depth + 1);
        case '[': s->p++; return scan_container(s, ']', depth + 1);
        case '"': return scan_string(s);
        case 't': return scan_word(s, "true");
        case 'f': return scan_word(s, "false");
        case 'n': return scan_word(s, "null");
        }
        return scan_number(s);
}

static bool scan_value(struct scan *s, int depth)
{
        skip_space(s);
        if (!scan_bare(s, depth))
                return false;
        skip_space(s);
        return true;
}

bool json_valid(const char *text, size_t len)
{
        struct scan s = {text, text + len};
        return utf8_valid(text, len) && scan_value(&s, 0) && s.p == s.end;
}
