/* fields.h - the members of a JSON body as a table of rows: type, length and need in one place. */
#ifndef HTTPD_FIELDS_H
#define HTTPD_FIELDS_H

#include "message.h"

enum field_kind {
        FIELD_TEXT,          /* into a const char *, which belongs to the parsed body */
        FIELD_TIME,          /* an RFC 3339 text, into a vio_time */
        FIELD_NUMBER,        /* a whole number above 0, into an int64_t */
        FIELD_BOOL,          /* true or false, into an int: 1 or 0 */
        FIELD_TEXT_OR_CLEAR, /* null is not the same as absent: it gives "" */
        FIELD_TIME_OR_CLEAR, /* the same: it gives VIO_TIME_CLEAR */
        FIELD_VALUE          /* of any type, into a const vio_json *, of the parsed body */
};

/* One member that a body may have. */
struct field {
        const char *name;
        enum field_kind kind;
        bool required;
        size_t max; /* bytes of a text */
        size_t at;  /* where it goes in the struct that is filled */
};

/*
 * Fills @out from @body by the rows. A member that is absent or null leaves its place untouched,
 * but for rows in which null clears it; one that no row knows, has another type, is too long or is
 * missing though required is refused by name. Errors: VIO_E_INVALID.
 */
_must_check_ int fields_read(const vio_json *body, const struct field *rows, size_t n, void *out,
                             struct response *r);

#endif
