/* csv.h - comma-separated values (RFC 4180), read as spreadsheets write them, and written. */
#ifndef VIO_BASE_CSV_H
#define VIO_BASE_CSV_H

#include <vio/core.h>

#include "base/fault.h"
#include "base/text.h"

#define CSV_COLUMNS 64
#define CSV_CELL    8192 /* bytes */

struct csv_row {
        char *cells[CSV_COLUMNS]; /* NUL-terminated, the caller's until the next row is read */
        size_t n;                 /* at least 1: an empty line is a row of one empty cell */
        int64_t line;             /* where it begins, from 1 */
        const char *problem;      /* static; why the row cannot be trusted, or NULL */
};

/* A reader over bytes that outlive it. */
struct csv {
        const char *at, *end;
        char separator; /* found from the first row */
        int64_t line;
        struct text cells;
};

/*
 * Begins at the first row. VIO_E_INVALID for what is no UTF-8 text: UTF-16, another code page,
 * binary data.
 */
int csv_open(struct csv *c, const char *bytes, size_t len, struct fault *f);
void csv_close(struct csv *c);
#define _cleanup_csv_ _cleanup_(csv_close)

/*
 * Reads the next row: 1, or 0 at the end. Blanks around a cell count only within quotes. A row with
 * a fault of its own has .problem, and the next one can be read; VIO_E_INVALID when a quote is
 * never closed, so that nothing after it is certain.
 */
_must_check_ int csv_next(struct csv *c, struct csv_row *ret, struct fault *f);

/*
 * Appends a cell, quoted where it must be. What a spreadsheet would take for a formula gets an
 * apostrophe in front, which csv_bare() passes over.
 */
void csv_put(struct text *out, const char *cell);

/* The text of a cell without the apostrophe that marks it as text, where there is one. */
const char *csv_bare(const char *cell);

#endif
