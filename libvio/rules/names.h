/* names.h - enumerations as words: tables from value to name, read in both directions. */
#ifndef VIO_RULES_NAMES_H
#define VIO_RULES_NAMES_H

#include <stddef.h>

/* The name at @value, NULL when there is none. */
const char *names_at(const char *const *names, size_t n, unsigned value);

/* The value of a name, -1 when there is none or @name is NULL. */
int names_find(const char *const *names, size_t n, const char *name);

#endif
