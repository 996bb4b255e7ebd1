/* query.h - the query of a list, checked choice by choice and refused by name. */
#ifndef HTTPD_QUERY_H
#define HTTPD_QUERY_H

#include "message.h"

/*
 * Refuses by its name what the row of @method and @path does not read from the query, and what is
 * there twice: whoever mistypes a filter must not take the answer for the filtered one.
 */
_must_check_ int query_check(const struct request *q, struct response *r, const char *method,
                             const char *path);

/* Each reads one value of the query, leaves @ret alone when it is not there, and refuses by its
 * name what makes no sense. */
_must_check_ int query_number(const struct request *q, struct response *r, const char *name,
                              int64_t *ret);
_must_check_ int query_time(const struct request *q, struct response *r, const char *name,
                            vio_time *ret);
/* How many rows: 1 to 500. */
_must_check_ int query_limit(const struct request *q, struct response *r, size_t *ret);
/* The cursor of a page; the library looks at what it is. */
_must_check_ int query_after(const struct request *q, struct response *r, char *ret, size_t size);

/* A word of a list; the words end with NULL, and the index of the word goes to @ret. */
_must_check_ int query_word(const struct request *q, struct response *r, const char *name,
                            const char *const *words, int *ret);

#endif
