/* csv.c - comma-separated values: a reader for the dialects of spreadsheets, and a writer. */
#include "base/csv.h"

#include <string.h>
#include <strings.h>

#define SEPARATORS ",;\t"
#define BOM        "\xef\xbb\xbf"

/* Opening */

static int64_t line_of(const char *bytes, const char *at)
{
        int64_t line = 1;
        for (const char *p = bytes; p < at; p++)
                line += *p == '\n' || (*p == '\r' && p[1] != '\n');
        return line;
}

/* The first byte that belongs to no UTF-8 character. */
static const char *first_stranger(const char *bytes, size_t len)
{
        size_t at = 0;
        for (size_t n; at < len && (n = utf8_char(bytes + at, len - at)) > 0;)
                at += n;
        return bytes + at;
}

static int check_encoding(const char *bytes, size_t len, struct fault *f)
{
        if (len >= 2 && (!memcmp(bytes, "\xff\xfe", 2) || !memcmp(bytes, "\xfe\xff", 2)))
                return fault_set(f, VIO_E_INVALID,
                                 "the file is UTF-16; save it as \"CSV UTF-8\" and try again");
        const char *nul = memchr(bytes, 0, len);
        if (nul)
                return fault_set(f, VIO_E_INVALID,
                                 "line %lld: the file holds NUL bytes, so it is no UTF-8 text; "
                                 "save it as \"CSV UTF-8\" and try again",
                                 (long long)line_of(bytes, nul));
        if (!utf8_valid(bytes, len))
                return fault_set(f, VIO_E_INVALID,
                                 "line %lld: the file is not UTF-8, perhaps Windows-1252; "
                                 "save it as \"CSV UTF-8\" and try again",
                                 (long long)line_of(bytes, first_stranger(bytes, len)));
        return 0;
}

static bool ends_line(char c)
{
        return c == '\n' || c == '\r';
}

static void take_line_end(struct csv *c)
{
        if (c->at < c->end && *c->at == '\r' && c->at + 1 < c->end && c->at[1] == '\n')
                c->at++;
        c->at++;
        c->line++;
}

/* "sep=;" in the first line: a note from one spreadsheet to another. */
static bool take_note(struct csv *c)
{
        if (c->end - c->at < 5 || strncasecmp(c->at, "sep=", 4) != 0 ||
            !strchr(SEPARATORS, c->at[4]))
                return false;
        if (c->end - c->at > 5 && !ends_line(c->at[5]))
                return false;
        c->separator = c->at[4];
        c->at += 5;
        if (c->at < c->end)
                take_line_end(c);
        return true;
}

/* The sign that stands most often in the first row, outside of quotes. */
static char guess_separator(const char *at, const char *end)
{
        static const char signs[] = SEPARATORS;
        size_t count[sizeof signs] = {0};
        size_t best = 0;
        bool quoted = false;

        while (at < end && ends_line(*at))
                at++;
        for (; at < end && (quoted || !ends_line(*at)); at++) {
                const char *sign = strchr(signs, *at);
                if (*at == '"')
                        quoted = !quoted;
                else if (sign && !quoted)
                        count[sign - signs]++;
        }
        for (size_t i = 1; i < strlen(signs); i++)
                if (count[i] > count[best])
                        best = i;
        return signs[best];
}

int csv_open(struct csv *c, const char *bytes, size_t len, struct fault *f)
{
        int r = check_encoding(bytes, len, f);
        if (r)
                return r;
        *c = (struct csv){.at = bytes, .end = bytes + len, .line = 1};
        if (len >= 3 && !memcmp(bytes, BOM, 3))
                c->at += 3;
        if (!take_note(c))
                c->separator = guess_separator(c->at, c->end);
        return 0;
}

void csv_close(struct csv *c)
{
        text_free(&c->cells);
}

/* Reading */

/* The texts of a row move while it grows, so their places are kept until it is whole. */
struct reading {
        struct csv_row *row;
        size_t starts[CSV_COLUMNS];
        size_t start;
};

static void complain(struct csv_row *row, const char *problem)
{
        if (!row->problem)
                row->problem = problem;
}

static void keep(struct csv *c, struct reading *r, const char *bytes, size_t len)
{
        if (c->cells.len - r->start + len > CSV_CELL)
                complain(r->row, "a cell is longer than 8192 bytes");
        else
                text_add_n(&c->cells, bytes, len);
}

static void skip_blanks(struct csv *c)
{
        while (c->at < c->end && *c->at == ' ')
                c->at++;
}

static void read_plain(struct csv *c, struct reading *r)
{
        skip_blanks(c);
        const char *from = c->at;
        while (c->at < c->end && *c->at != c->separator && !ends_line(*c->at))
                c->at++;
        const char *to = c->at;
        while (to > from && to[-1] == ' ')
                to--;
        keep(c, r, from, (size_t)(to - from));
}

/* Whether a quote opens the cell; some programs put blanks before it. */
static bool take_quote(struct csv *c)
{
        const char *p = c->at;
        while (p < c->end && *p == ' ')
                p++;
        if (p == c->end || *p != '"')
                return false;
        c->at = p + 1;
        return true;
}

/* Up to the quote that closes; two in a row stand for one. False when none closes. */
static bool read_quoted(struct csv *c, struct reading *r)
{
        for (;;) {
                const char *from = c->at;
                const char *quote = memchr(from, '"', (size_t)(c->end - from));
                if (!quote)
                        return false;
                c->line += line_of(from, quote) - 1;
                c->at = quote + 1;
                bool doubled = c->at < c->end && *c->at == '"';
                keep(c, r, from, (size_t)(quote - from) + doubled);
                if (!doubled)
                        return true;
                c->at++;
        }
}

/* Behind a closing quote only blanks may stand. */
static void read_rest(struct csv *c, struct reading *r)
{
        skip_blanks(c);
        if (c->at == c->end || *c->at == c->separator || ends_line(*c->at))
                return;
        complain(r->row, "text stands behind a closing quote");
        read_plain(c, r);
}

static bool read_cell(struct csv *c, struct reading *r)
{
        r->start = c->cells.len;
        if (!take_quote(c))
                read_plain(c, r);
        else if (read_quoted(c, r))
                read_rest(c, r);
        else
                return false;
        return true;
}

static void add_cell(struct csv *c, struct reading *r)
{
        struct csv_row *row = r->row;
        if (row->n == CSV_COLUMNS) {
                complain(row, "the row has more than 64 cells");
                c->cells.len = r->start;
                return;
        }
        text_add_n(&c->cells, "", 1);
        r->starts[row->n++] = r->start;
}

static bool take_separator(struct csv *c)
{
        if (c->at == c->end || *c->at != c->separator)
                return false;
        c->at++;
        return true;
}

int csv_next(struct csv *c, struct csv_row *ret, struct fault *f)
{
        struct reading r = {.row = ret};
        if (c->at == c->end)
                return 0;
        ret->n = 0;
        ret->line = c->line;
        ret->problem = NULL;
        text_clear(&c->cells);
        do {
                if (!read_cell(c, &r))
                        return fault_set(f, VIO_E_INVALID,
                                         "line %lld: a quote is opened and never closed",
                                         (long long)ret->line);
                add_cell(c, &r);
        } while (take_separator(c));
        if (c->at < c->end)
                take_line_end(c);
        if (c->cells.failed)
                return fault_plain(f, VIO_E_NOMEM);
        for (size_t i = 0; i < ret->n; i++)
                ret->cells[i] = c->cells.p + r.starts[i];
        return 1;
}

/* Writing */

/* How spreadsheets know a formula; the wide forms are those of Japanese keyboards. */
static bool is_formula(const char *cell)
{
        static const char *const wide[] = {"\uff1d", "\uff0b", "\uff0d", "\uff20"};
        if (*cell && strchr("=+-@\t\r\n", *cell))
                return true;
        for (size_t i = 0; i < count_of(wide); i++)
                if (!strncmp(cell, wide[i], strlen(wide[i])))
                        return true;
        return false;
}

/* Whether the apostrophe in front is no part of the text. */
static bool is_marked(const char *cell)
{
        return cell[0] == '\'' && (cell[1] == '\'' || is_formula(cell + 1));
}

const char *csv_bare(const char *cell)
{
        return cell + is_marked(cell);
}

/* Other separators too: a spreadsheet of another country would cut the cell there. */
static bool needs_quotes(const char *cell)
{
        size_t len = strlen(cell);
        return cell[strcspn(cell, "\"\r\n" SEPARATORS)] || (len && cell[0] == ' ') ||
               (len && cell[len - 1] == ' ');
}

void csv_put(struct text *out, const char *cell)
{
        bool quotes = needs_quotes(cell);
        if (quotes)
                text_add_char(out, '"');
        if (is_formula(cell) || is_marked(cell))
                text_add_char(out, '\'');
        for (size_t n; *cell; cell += n) {
                n = strcspn(cell, "\"");
                n += cell[n] == '"';
                text_add_n(out, cell, n);
                if (cell[n - 1] == '"')
                        text_add_char(out, '"');
        }
        if (quotes)
                text_add_char(out, '"');
}
