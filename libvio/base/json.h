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

/* The value of a number; 0 for anything else. Always finite. */
double json_double(const vio_json *j);

#endif
