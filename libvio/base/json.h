/* json.h - what the three files of vio/json.h share: the grammar, the reader, the writer. */
#ifndef VIO_BASE_JSON_H
#define VIO_BASE_JSON_H

#include <vio/json.h>

/* Containers within each other. A parser that recurses must fit a server thread's small stack. */
#define JSON_DEPTH 32

/*
 * Whether the bytes are one JSON text as RFC 8259 has it, and within our limits: JSON_DEPTH levels,
 * UTF-8, no U+0000, no half of a surrogate pair, numbers of at most 60 bytes and 10^200.
 */
bool json_valid(const char *text, size_t len);

/*
 * How each byte stands in a JSON string: 0 as it is, JSON_WIDE as part of a UTF-8 character that
 * still has to be checked, else behind a backslash as this letter.
 */
#define JSON_WIDE 1
extern const char json_escapes[256];

/* The length of what has no escape and is no part of a wide character, at the start of @s. */
size_t json_plain_run(const char *s, size_t len);

/* The value of a number; 0 for anything else. Always finite. */
double json_double(const vio_json *j);

#endif
