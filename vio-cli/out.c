/* out.c - the printer: documents as lines of JSON, as records and tables, or as bare ids. */
#include "out.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "cli.h"
#include "errors.h"
#include "table.h"

/* The version of every shape that --json prints; raised when a member changes or goes. */
#define OUT_VERSION 1

struct out {
        FILE *file;
        enum out_mode mode;
        vio_json_writer *writer;
        const vio_zone *zone;
        struct table *table; /* of the rows so far; NULL before the first */
        int err;             /* the first failure; sticks */
};

static void free_json(vio_json **j)
{
        vio_json_free(*j);
}

static struct out *out_free(struct out *o)
{
        vio_json_writer_free(o->writer);
        free(o);
        return NULL;
}

struct out *out_new(FILE *file, enum out_mode mode)
{
        struct out *o = calloc(1, sizeof(*o));
        if (!o)
                return NULL;
        o->file = file;
        o->mode = mode;
        o->writer = vio_json_writer_new();
        return o->writer ? o : out_free(o);
}

void out_set_zone(struct out *o, const vio_zone *zone)
{
        o->zone = zone;
}

static void keep_err(struct out *o, int err)
{
        if (err < 0 && !o->err)
                o->err = err;
}

vio_json_writer *out_begin(struct out *o)
{
        vio_json_writer_reset(o->writer);
        vio_json_begin_object(o->writer, NULL);
        vio_json_put_int(o->writer, "version", OUT_VERSION);
        return o->writer;
}

/* Ends the document: printed here as JSON, else parsed for the view. NULL when there is no more
 * to do. */
static vio_json *end_document(struct out *o)
{
        const char *text;
        size_t len;
        vio_json *document = NULL;
        vio_json_end_object(o->writer);
        int err = vio_json_writer_text(o->writer, &text, &len);
        if (!err && o->mode == OUT_JSON)
                fprintf(o->file, "%s\n", text);
        else if (!err)
                err = vio_json_parse(text, len, &document);
        keep_err(o, err);
        return document;
}

static void print_quiet(struct out *o, const struct section *s, const vio_json *object)
{
        if (!s->quiet)
                return;
        const struct field id = {s->quiet, NULL, FIELD_PLAIN};
        char *text = cell_text(&id, vio_json_get(object, s->quiet), o->zone, IN_TABLE);
        if (text)
                fprintf(o->file, "%s\n", text);
        else
                keep_err(o, VIO_E_NOMEM);
        free(text);
}

/* Prints one line of a record; further lines of its text stand under the first. */
static void print_line(struct out *o, const struct field *f, const char *text, int width)
{
        fprintf(o->file, "%s:%*s", f->label, width - cell_width(f->label) + 1, "");
        for (; *text; text++) {
                fputc(*text, o->file);
                if (*text == '\n')
                        fprintf(o->file, "%*s", width + 2, "");
        }
        fputc('\n', o->file);
}

static void print_record(struct out *o, const struct section *s, const vio_json *object)
{
        int width = 0;
        for (const struct field *f = s->fields; f->key; f++)
                if (cell_width(f->label) > width)
                        width = cell_width(f->label);
        for (const struct field *f = s->fields; f->key; f++) {
                char *text = cell_text(f, vio_json_get(object, f->key), o->zone, IN_RECORD);
                if (text)
                        print_line(o, f, text, width);
                else
                        keep_err(o, VIO_E_NOMEM);
                free(text);
        }
}

static void print_array(struct out *o, const struct section *s, const vio_json *array)
{
        if (!vio_json_count(array))
                return;
        if (s->title)
                fprintf(o->file, "\n%s\n", s->title);
        struct table *t = table_new(o->file, s->fields, o->zone);
        if (!t)
                keep_err(o, VIO_E_NOMEM);
        for (const vio_json *j = vio_json_first(array); t && j; j = vio_json_next(j))
                keep_err(o, table_add(t, j));
        table_finish(t);
}

void out_show(struct out *o, const struct section *sections)
{
        _cleanup_(free_json) vio_json *document = end_document(o);
        if (!document)
                return;
        for (const struct section *s = sections; s->key; s++) {
                const vio_json *value = vio_json_get(document, s->key);
                if (o->mode == OUT_QUIET)
                        print_quiet(o, s, value);
                else if (vio_json_type(value) == VIO_JSON_ARRAY)
                        print_array(o, s, value);
                else
                        print_record(o, s, value);
        }
}

void out_row(struct out *o, const struct section *section)
{
        _cleanup_(free_json) vio_json *document = end_document(o);
        if (!document)
                return;
        const vio_json *object = vio_json_get(document, section->key);
        if (o->mode == OUT_QUIET) {
                print_quiet(o, section, object);
                return;
        }
        if (!o->table)
                o->table = table_new(o->file, section->fields, o->zone);
        keep_err(o, o->table ? table_add(o->table, object) : VIO_E_NOMEM);
}

int out_finish(struct out *o)
{
        o->table = table_finish(o->table);
        errno = 0;
        bool failed = fflush(o->file) || ferror(o->file);
        int err = o->err;
        out_free(o);
        if (err)
                complain("cannot show it: %s", vio_strerror(err));
        else if (failed && errno != EPIPE)
                complain("cannot write the output: %s", strerror(errno ? errno : EIO));
        return err || failed ? EXIT_FAILED : EXIT_DONE;
}
