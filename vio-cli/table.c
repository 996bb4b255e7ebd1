/* table.c - rows whose columns are as wide as what stands in them. */
#include "table.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "cli.h"

/*
 * So many rows are looked at before the first is printed: a long list is not gathered whole, and
 * in the rare case that a later row is wider its column grows from there on.
 */
#define ROWS_HELD    256
#define COLUMNS_MOST 12

struct table {
        FILE *file;
        const struct field *fields;
        const vio_zone *zone;
        int n_columns;
        int n_rows;
        int widths[COLUMNS_MOST];
        char *cells[ROWS_HELD][COLUMNS_MOST];
};

/* The label in capitals; a column of times says which clock it shows. */
static char *heading(const struct table *t, const struct field *f)
{
        char *text = NULL;
        bool is_time = f->kind == FIELD_TIME || f->kind == FIELD_MOMENT;
        int len = is_time ? asprintf(&text, "%s (%s)", f->label, cell_zone_name(t->zone))
                          : asprintf(&text, "%s", f->label);
        if (len < 0)
                return NULL;
        for (size_t i = 0; i < strlen(f->label); i++)
                text[i] = (char)toupper((unsigned char)text[i]);
        return text;
}

static void widen(struct table *t, int column, const char *text)
{
        int width = cell_width(text);
        if (width > t->widths[column])
                t->widths[column] = width;
}

static void print_row(const struct table *t, char *const *cells)
{
        for (int c = 0; c < t->n_columns; c++) {
                fputs(cells[c], t->file);
                if (c + 1 < t->n_columns)
                        fprintf(t->file, "%*s", t->widths[c] - cell_width(cells[c]) + 2, "");
        }
        fputc('\n', t->file);
}

static void flush(struct table *t)
{
        for (int r = 0; r < t->n_rows; r++) {
                print_row(t, t->cells[r]);
                for (int c = 0; c < t->n_columns; c++)
                        free(t->cells[r][c]);
        }
        t->n_rows = 0;
}

/* Keeps a row; its cells are the table's from here on. */
static int keep(struct table *t, char *cells[COLUMNS_MOST])
{
        bool whole = true;
        for (int c = 0; c < t->n_columns; c++)
                whole = whole && cells[c];
        if (!whole) {
                for (int c = 0; c < t->n_columns; c++)
                        free(cells[c]);
                return VIO_E_NOMEM;
        }
        if (t->n_rows == ROWS_HELD)
                flush(t);
        for (int c = 0; c < t->n_columns; c++) {
                widen(t, c, cells[c]);
                t->cells[t->n_rows][c] = cells[c];
        }
        t->n_rows++;
        return 0;
}

struct table *table_new(FILE *file, const struct field *fields, const vio_zone *zone)
{
        struct table *t = calloc(1, sizeof(*t));
        if (!t)
                return NULL;
        t->file = file;
        t->fields = fields;
        t->zone = zone;
        char *cells[COLUMNS_MOST] = {NULL};
        for (; fields[t->n_columns].key && t->n_columns < COLUMNS_MOST; t->n_columns++)
                cells[t->n_columns] = heading(t, &fields[t->n_columns]);
        if (keep(t, cells) < 0) {
                free(t);
                return NULL;
        }
        return t;
}

int table_add(struct table *t, const vio_json *object)
{
        char *cells[COLUMNS_MOST] = {NULL};
        for (int c = 0; c < t->n_columns; c++)
                cells[c] = cell_text(&t->fields[c], vio_json_get(object, t->fields[c].key), t->zone,
                                     IN_TABLE);
        return keep(t, cells);
}

struct table *table_finish(struct table *t)
{
        if (t)
                flush(t);
        free(t);
        return NULL;
}
