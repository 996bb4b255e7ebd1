/*
 * out.h - the printer. A command builds one JSON document per thing it shows; the printer prints
 * it as a line of JSON, or shows the fields that a view names as text.
 */
#ifndef VIO_CLI_OUT_H
#define VIO_CLI_OUT_H

#include <stdbool.h>
#include <stdio.h>
#include <vio.h>

enum out_mode {
        OUT_TEXT,
        OUT_JSON, /* one document per line, each beginning with "version" */
        OUT_QUIET /* the ids only */
};

/* How a field is shown as text. */
enum field_kind {
        FIELD_PLAIN,
        FIELD_TIME,   /* a time, to the minute, in the zone of the printer */
        FIELD_MOMENT, /* the same to the second */
        FIELD_VERDICT /* true is "ok", false is "NOT OK" */
};

/* One member of an object, as a line of a record or a column of a table. */
struct field {
        const char *key;
        const char *label;
        enum field_kind kind;
};

/* One member of a document: an object is shown as a record, an array as a table. */
struct section {
        const char *key;
        const char *title;          /* stands above a table; NULL for none */
        const struct field *fields; /* ended by one without a key */
        const char *quiet;          /* the field that OUT_QUIET prints; NULL for none */
};

struct out;

/* A printer to @file, which stays the caller's. NULL when out of memory. */
struct out *out_new(FILE *file, enum out_mode mode);

/* Shows times in a zone from now on; NULL is UTC. The zone stays the caller's. */
void out_set_zone(struct out *o, const vio_zone *zone);

/* Begins a document; the writer belongs to @o and stands inside the document's object. */
vio_json_writer *out_begin(struct out *o);

/* Ends the document and shows it: the @sections of it, ended by one without a key. */
void out_show(struct out *o, const struct section *sections);

/* Ends the document and shows it as the next row of a table. */
void out_row(struct out *o, const struct section *section);

/* Prints what is still to be printed, and frees. Returns an enum exit_code, after complaining. */
int out_finish(struct out *o);

#endif
