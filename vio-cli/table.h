/* table.h - rows whose columns are as wide as what stands in them. */
#ifndef VIO_CLI_TABLE_H
#define VIO_CLI_TABLE_H

#include <stdio.h>

#include "out.h"

struct table;

/* A table with a column for each field; NULL when out of memory. @fields outlive it. */
struct table *table_new(FILE *file, const struct field *fields, const vio_zone *zone);

/* Adds the members of an object as a row. Returns 0 or VIO_E_NOMEM. */
int table_add(struct table *t, const vio_json *object);

/* Prints the rows that are still to be printed, and frees. Takes NULL; returns NULL. */
struct table *table_finish(struct table *t);

#endif
