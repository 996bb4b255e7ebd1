/* phone.c - telephone numbers as people type them, into E.164. */
#include <vio/phone.h>

#include <string.h>
#include <strings.h>

#include "base/attr.h"

#define DIGITS_LEAST 8
#define DIGITS_MOST  15
#define ITALY        "39"
#define AMERICA      "1" /* and Canada and the Caribbean: prefixes 1 at home, 011 abroad */

const char *vio_phone_problem_text(enum vio_phone_problem p)
{
        static const char *const sentences[] = {
#define ROW(name, value, sentence) [VIO_PHONE_##name] = (sentence),
            VIO_PHONE_PROBLEMS(ROW)
#undef ROW
        };
        return (unsigned)p < count_of(sentences) ? sentences[p] : "The number is not valid.";
}

/* The digits of a number as typed, without what stands between them. */
struct typed {
        char digits[32];
        size_t n;
        bool plus;
        size_t zero_at; /* where a "(0)" stood, which is not dialled from abroad; 0 for nowhere */
};

static bool is_digit(char c)
{
        return c >= '0' && c <= '9';
}

/* What stands between the digits in numbers from letters, address books and the web. */
static size_t separator(const char *p)
{
        static const char *const separators[] = {
            " ",      "\t",     "\n",     "\r",     ".",      "-",
            "/",      "(",      ")",      "\u00a0", "\u202f", /* blanks that do not break */
            "\u2010", "\u2011", "\u2012", "\u2013",           /* dashes */
            "\u2014", "\u2212",                               /* dash, minus */
            "\u3000", "\uff0d", "\uff08", "\uff09",           /* wide blank, minus, brackets */
            "\u202a", "\u202c", "\u200e",                     /* directions, from telephones */
        };
        if (is_digit(*p))
                return 0;
        for (size_t i = 0; i < count_of(separators); i++) {
                size_t len = strlen(separators[i]);
                if (strncmp(p, separators[i], len) == 0)
                        return len;
        }
        return 0;
}

static bool is_letter(char c)
{
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static size_t digits_at(const char *p)
{
        return strspn(p, "0123456789");
}

/* The digit or plus that a wide one (U+FF0B, U+FF10 to U+FF19) stands for; 0 for anything else. */
static char narrow(const char *p)
{
        if (p[0] != '\xef' || p[1] != '\xbc')
                return 0;
        if (p[2] == '\x8b')
                return '+';
        return p[2] >= '\x90' && p[2] <= '\x99' ? (char)('0' + (p[2] - '\x90')) : 0;
}

/* "4.4E+11" and "4917012345678.0": what is left when a column of numbers was taken for quantities.
 */
static bool from_spreadsheet(const char *p)
{
        if (*p == '+')
                p++;
        size_t whole = digits_at(p);
        const char *rest = p + whole;
        if (whole == 0)
                return false;
        size_t fraction = *rest == '.' || *rest == ',' ? digits_at(rest + 1) : 0;
        if (fraction > 0)
                rest += 1 + fraction;
        if (*rest == '\0')
                return fraction == 1 && rest[-1] == '0' && whole >= DIGITS_LEAST;
        if (*rest != 'e' && *rest != 'E')
                return false;
        rest++;
        if (*rest == '+' || *rest == '-')
                rest++;
        size_t exponent = digits_at(rest);
        return exponent > 0 && rest[exponent] == '\0';
}

/* An extension is told by a sign of its own, or by a letter after enough digits for a number. */
static enum vio_phone_problem stranger(const char *p, size_t digits)
{
        if (*p == '#' || *p == ';' || *p == ',')
                return VIO_PHONE_EXTENSION;
        if (!is_letter(*p))
                return VIO_PHONE_CHARACTER;
        bool marks = *p == 'x' || *p == 'X' || strncasecmp(p, "ext", 3) == 0;
        return marks && digits > 0 ? VIO_PHONE_EXTENSION : VIO_PHONE_LETTERS;
}

static enum vio_phone_problem read_typed(const char *p, struct typed *t)
{
        while (*p) {
                size_t skip = separator(p);
                char wide = narrow(p);
                char c = wide ? wide : *p;
                if (strncmp(p, "(0)", 3) == 0 && t->n > 0) {
                        t->zero_at = t->n;
                        p += 3;
                } else if (skip) {
                        p += skip;
                } else if (c == '+' && t->n == 0 && !t->plus) {
                        t->plus = true;
                        p += wide ? 3 : 1;
                } else if (!is_digit(c)) {
                        return stranger(p, t->n);
                } else if (t->n == sizeof t->digits) {
                        return VIO_PHONE_LONG;
                } else {
                        t->digits[t->n++] = c;
                        p += wide ? 3 : 1;
                }
        }
        return VIO_PHONE_NONE;
}

static bool country_sound(const char *country)
{
        size_t n = digits_at(country);
        return n >= 1 && n <= 3 && country[n] == '\0' && country[0] != '0';
}

static bool starts(const struct typed *t, const char *prefix)
{
        size_t len = strlen(prefix);
        return t->n >= len && strncmp(t->digits, prefix, len) == 0;
}

/* How many digits of @t lead out of the country; 0 when the number is a national one. */
static size_t way_out(const struct typed *t, const char *country)
{
        if (starts(t, "00"))
                return 2;
        return country && strcmp(country, AMERICA) == 0 && starts(t, "011") ? 3 : 0;
}

/* How many digits of @t serve only for calls within the country. */
static size_t trunk(const struct typed *t, const char *country)
{
        if (strcmp(country, AMERICA) == 0 && t->n == 11 && t->digits[0] == '1')
                return 1;
        return strcmp(country, ITALY) != 0 && t->digits[0] == '0';
}

static enum vio_phone_problem put(const char *country, const char *digits, size_t n,
                                  char ret[VIO_PHONE_SIZE])
{
        size_t c = strlen(country);
        if (c + n > DIGITS_MOST)
                return VIO_PHONE_LONG;
        if (c + n < DIGITS_LEAST)
                return VIO_PHONE_SHORT;
        ret[0] = '+';
        memcpy(ret + 1, country, c);
        memcpy(ret + 1 + c, digits, n);
        ret[1 + c + n] = '\0';
        return ret[1] == '0' ? VIO_PHONE_COUNTRY : VIO_PHONE_NONE;
}

/* Takes the bracketed 0 for a digit like any other. */
static void restore_zero(struct typed *t)
{
        if (t->zero_at == 0 || t->n == sizeof t->digits)
                return;
        memmove(t->digits + t->zero_at + 1, t->digits + t->zero_at, t->n - t->zero_at);
        t->digits[t->zero_at] = '0';
        t->n++;
}

/* Drops the first @n digits. */
static void drop(struct typed *t, size_t n)
{
        t->n -= n;
        t->zero_at = t->zero_at > n ? t->zero_at - n : 0;
        memmove(t->digits, t->digits + n, t->n);
}

/* A number with its country code. In Italy the 0 belongs to it, whatever the brackets mean. */
static enum vio_phone_problem put_abroad(struct typed *t, char ret[VIO_PHONE_SIZE])
{
        if (starts(t, ITALY))
                restore_zero(t);
        return put("", t->digits, t->n, ret);
}

static enum vio_phone_problem put_national(struct typed *t, const char *country,
                                           char ret[VIO_PHONE_SIZE])
{
        if (!country || !*country)
                return VIO_PHONE_NO_COUNTRY;
        if (!country_sound(country))
                return VIO_PHONE_COUNTRY;
        restore_zero(t);
        drop(t, trunk(t, country));
        return put(country, t->digits, t->n, ret);
}

static enum vio_phone_problem normalise(const char *text, const char *country,
                                        char ret[VIO_PHONE_SIZE])
{
        struct typed t = {.n = 0};
        for (size_t skip; text && (skip = separator(text)) && *text != '(';)
                text += skip;
        if (!text || !*text)
                return VIO_PHONE_EMPTY;
        if (strncasecmp(text, "tel:", 4) == 0)
                text += 4;
        if (from_spreadsheet(text))
                return VIO_PHONE_SPREADSHEET;
        enum vio_phone_problem p = read_typed(text, &t);
        if (p != VIO_PHONE_NONE)
                return p;
        if (t.n == 0)
                return VIO_PHONE_EMPTY;
        size_t out = t.plus ? 0 : way_out(&t, country);
        drop(&t, out);
        return t.plus || out > 0 ? put_abroad(&t, ret) : put_national(&t, country, ret);
}

int vio_phone_normalise(const char *text, const char *country, char ret[VIO_PHONE_SIZE])
{
        char number[VIO_PHONE_SIZE];
        if (normalise(text, country, number) != VIO_PHONE_NONE)
                return VIO_E_INVALID;
        memcpy(ret, number, sizeof number);
        return 0;
}

enum vio_phone_problem vio_phone_check(const char *text, const char *country)
{
        char number[VIO_PHONE_SIZE];
        return normalise(text, country, number);
}
