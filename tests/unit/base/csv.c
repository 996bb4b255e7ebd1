/* csv.c - tests: comma-separated values in every dialect, hostile ones too. */
#include "base/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prng.h"
#include "run.h"

/* Writes what was read as "line:cell|cell" and a blank between rows; a faulty row ends in "!". */
static int read_all(const char *bytes, size_t len, struct text *out, struct fault *f)
{
        _cleanup_csv_ struct csv csv = {0};
        struct csv_row row;
        int r = csv_open(&csv, bytes, len, f);
        if (r)
                return r;
        while ((r = csv_next(&csv, &row, f)) > 0) {
                text_addf(out, "%s%lld:", out->len ? " " : "", (long long)row.line);
                for (size_t i = 0; i < row.n; i++)
                        text_addf(out, "%s%s", i ? "|" : "", row.cells[i]);
                text_add(out, row.problem ? "!" : "");
        }
        return r;
}

static const struct {
        const char *file, *rows;
} dialects[] = {
    {"", ""},
    {"a", "1:a"},
    {"a,b\r\nc,d\r\n", "1:a|b 2:c|d"},
    {"a,b\nc,d", "1:a|b 2:c|d"},
    {"a,b\rc,d\r", "1:a|b 2:c|d"},
    {"a,b\n\r\nc,d", "1:a|b 2: 3:c|d"},
    {"\n\na;b\nc;d", "1: 2: 3:a|b 4:c|d"},
    {"\xef\xbb\xbf"
     "a,b\nc,d",
     "1:a|b 2:c|d"},
    {"a;b;c\n1,5;2;3", "1:a|b|c 2:1,5|2|3"},
    {"a\tb\n1;5\t2", "1:a|b 2:1;5|2"},
    {"\"a,x\";b\n1;2", "1:a,x|b 2:1|2"},
    {"sep=;\r\na;b,c,d\r\n1;2", "2:a|b,c,d 3:1|2"},
    {"SEP=\t\na\tb,c", "2:a|b,c"},
    {"sep=x\na,b", "1:sep=x 2:a|b"},
    {"sep=,", ""},
    {"a,b\n\"x\ny\",z\nq,r", "1:a|b 2:x\ny|z 4:q|r"},
    {"a,b\r\n\"x\r\ny\r\rz\",1\r\nq,r", "1:a|b 2:x\r\ny\r\rz|1 6:q|r"},
    {"\"a\"\"b\",\"\",\"\"\"\"", "1:a\"b||\""},
    {"5\" pipe,b", "1:5\" pipe|b"},
    {" a , b\t,\" c \" , \"d\"", "1:a|b\t| c |d"},
    {",\n,", "1:| 2:|"},
    {"a,b,\n", "1:a|b|"},
    {"\"a\"b,c\nd,e", "1:ab|c! 2:d|e"},
    {"\"\"x,c\nd,e", "1:x|c! 2:d|e"},
};

START_TEST(every_dialect_is_read)
{
        _cleanup_text_ struct text out = TEXT_INIT;
        struct fault f = {0};
        /* In memory of its own size, so that a step too far is seen. */
        size_t len = strlen(dialects[_i].file);
        char *bytes = malloc(len ? len : 1);
        memcpy(bytes, dialects[_i].file, len);
        ck_assert_int_eq(read_all(bytes, len, &out, &f), 0);
        ck_assert_str_eq(text_str(&out), dialects[_i].rows);
        free(bytes);
}
END_TEST

static const struct {
        const char *file;
        size_t len;
        const char *told;
} refused[] = {
    {"\xff\xfe"
     "a\0,\0",
     6, "the file is UTF-16; save it as \"CSV UTF-8\" and try again"},
    {"\xfe\xff\0a", 4, "the file is UTF-16; save it as \"CSV UTF-8\" and try again"},
    {"a\0,\0b\0", 6,
     "line 1: the file holds NUL bytes, so it is no UTF-8 text; save it as \"CSV UTF-8\" and try "
     "again"},
    {"name\nBj\xf6rn\n", 11,
     "line 2: the file is not UTF-8, perhaps Windows-1252; save it as \"CSV UTF-8\" and try "
     "again"},
    {"name\r\nx\r\n\xed\xa0\x80", 12,
     "line 3: the file is not UTF-8, perhaps Windows-1252; save it as \"CSV UTF-8\" and try "
     "again"},
    {"a,b\nc,\"d\ne,f\n", 13, "line 2: a quote is opened and never closed"},
    {"\"", 1, "line 1: a quote is opened and never closed"},
    {"\"a\"\"", 4, "line 1: a quote is opened and never closed"},
};

START_TEST(what_is_no_such_file_is_refused_with_its_reason)
{
        _cleanup_text_ struct text out = TEXT_INIT;
        struct fault f = {0};
        ck_assert_int_eq(read_all(refused[_i].file, refused[_i].len, &out, &f), VIO_E_INVALID);
        ck_assert_str_eq(f.text, refused[_i].told);
}
END_TEST

/* A file whose second row holds one cell of @len bytes, or @n cells. */
static void read_second(size_t len, size_t n, struct csv_row *ret, struct csv *csv)
{
        static char file[2 * CSV_CELL];
        size_t at = (size_t)sprintf(file, "a\n");
        memset(file + at, n ? ',' : 'x', n ? n - 1 : len);
        at += n ? n - 1 : len;
        at += (size_t)sprintf(file + at, "\nlast");
        ck_assert_int_eq(csv_open(csv, file, at, NULL), 0);
        ck_assert_int_eq(csv_next(csv, ret, NULL), 1);
        ck_assert_int_eq(csv_next(csv, ret, NULL), 1);
}

START_TEST(a_row_beyond_the_limits_is_bad_and_the_next_is_read)
{
        static const struct {
                size_t len, n;
                bool good;
        } rows[] = {{CSV_CELL, 0, true},
                    {CSV_CELL + 1, 0, false},
                    {0, CSV_COLUMNS, true},
                    {0, CSV_COLUMNS + 1, false}};
        for (size_t i = 0; i < count_of(rows); i++) {
                _cleanup_csv_ struct csv csv = {0};
                struct csv_row row;
                read_second(rows[i].len, rows[i].n, &row, &csv);
                ck_assert_int_eq(row.problem == NULL, rows[i].good);
                ck_assert_uint_le(row.n, CSV_COLUMNS);
                ck_assert_int_eq(csv_next(&csv, &row, NULL), 1);
                ck_assert_str_eq(row.cells[0], "last");
                ck_assert_int_eq(csv_next(&csv, &row, NULL), 0);
        }
}
END_TEST

static const struct {
        const char *cell, *written;
} written[] = {
    {"", ""},
    {"Ada", "Ada"},
    {"a,b", "\"a,b\""},
    {"a;b", "\"a;b\""},
    {"a\tb", "\"a\tb\""},
    {"a\"b", "\"a\"\"b\""},
    {"a\nb", "\"a\nb\""},
    {" a", "\" a\""},
    {"a ", "\"a \""},
    {"=1+1", "'=1+1"},
    {"+14155550101", "'+14155550101"},
    {"-1", "'-1"},
    {"@SUM(A1)", "'@SUM(A1)"},
    {"\t=1", "\"'\t=1\""},
    {"\r=1", "\"'\r=1\""},
    {"\uff1d1", "'\uff1d1"},
    {"'=1", "''=1"},
    {"''", "'''"},
    {"'s Hertogenbosch", "'s Hertogenbosch"},
    {"O'Brien", "O'Brien"},
};

START_TEST(a_cell_is_written_so_that_no_spreadsheet_runs_it)
{
        _cleanup_text_ struct text out = TEXT_INIT;
        csv_put(&out, written[_i].cell);
        ck_assert_str_eq(text_str(&out), written[_i].written);
}
END_TEST

/* Signs that matter to somebody, more often than others. */
static void random_cell(uint64_t *state, char *ret, size_t size)
{
        static const char *const parts[] = {"\"", "'",      ",",      ";",    "\t", "\r",
                                            "\n", " ",      "=",      "+",    "-",  "@",
                                            "a",  "\u00e9", "\uff1d", "sep=", "''", "\r\n"};
        size_t n = 0;
        for (uint64_t left = prng_below(state, 6); left; left--) {
                const char *part = parts[prng_below(state, count_of(parts))];
                n += (size_t)snprintf(ret + n, size - n, "%s", part);
        }
        ret[n] = '\0';
}

START_TEST(whatever_is_written_is_read_back_the_same)
{
        uint64_t state = 7;
        for (int round = 0; round < 20000; round++) {
                _cleanup_text_ struct text out = TEXT_INIT;
                _cleanup_csv_ struct csv csv = {0};
                char cells[4][64];
                struct csv_row row;
                text_add(&out, "a,b,c,d\r\n");
                for (size_t i = 0; i < 4; i++) {
                        random_cell(&state, cells[i], sizeof(cells[i]));
                        text_add(&out, i ? "," : "");
                        csv_put(&out, cells[i]);
                }
                text_add(&out, "\r\n");
                ck_assert_int_eq(csv_open(&csv, out.p, out.len, NULL), 0);
                ck_assert_int_eq(csv_next(&csv, &row, NULL), 1);
                ck_assert_int_eq(csv_next(&csv, &row, NULL), 1);
                ck_assert_uint_eq(row.n, 4);
                for (size_t i = 0; i < 4; i++)
                        ck_assert_str_eq(csv_bare(row.cells[i]), cells[i]);
                ck_assert_int_eq(csv_next(&csv, &row, NULL), 0);
        }
}
END_TEST

START_TEST(no_bytes_at_all_lead_it_astray)
{
        static const char signs[] = "\"\"\"\",,;\t\r\n\n a'=\xc3\xa9\xff\x80s";
        uint64_t state = 11;
        for (int round = 0; round < 100000; round++) {
                size_t len = prng_below(&state, 24);
                char *bytes = malloc(len ? len : 1);
                struct fault f = {0};
                _cleanup_text_ struct text out = TEXT_INIT;
                for (size_t i = 0; i < len; i++)
                        bytes[i] = signs[prng_below(&state, sizeof(signs))];
                int r = read_all(bytes, len, &out, &f);
                ck_assert(r == 0 || (r == VIO_E_INVALID && f.text[0]));
                ck_assert_uint_le(out.len, 10 * len + 1);
                free(bytes);
        }
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("csv");
        TCase *tc = tcase_create("tables");
        tcase_add_loop_test(tc, every_dialect_is_read, 0, count_of(dialects));
        tcase_add_loop_test(tc, what_is_no_such_file_is_refused_with_its_reason, 0,
                            count_of(refused));
        tcase_add_loop_test(tc, a_cell_is_written_so_that_no_spreadsheet_runs_it, 0,
                            count_of(written));
        suite_add_tcase(s, tc);
        add_case(s, a_row_beyond_the_limits_is_bad_and_the_next_is_read);
        add_case(s, whatever_is_written_is_read_back_the_same);
        add_case(s, no_bytes_at_all_lead_it_astray);
        return s;
}
