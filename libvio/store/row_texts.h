/* row_texts.h - the texts of rows: words for enumerations, copies of what a row lends. */
#ifndef VIO_STORE_ROW_TEXTS_H
#define VIO_STORE_ROW_TEXTS_H

#include <stddef.h>

#include "base/attr.h"

/* NULL when @index is no word's. */
const char *word_name(const char *const *words, size_t n, int index);
/* The index of a word, or VIO_E_INVALID. */
int word_find(const char *const *words, size_t n, const char *name);

/*
 * A row is read with texts that point into the statement's row. This replaces them by copies;
 * @texts are the offsets of the char pointers. On failure the row holds no text at all.
 */
_must_check_ int row_own(void *row, const size_t *texts, size_t n);
void row_disown(void *row, const size_t *texts, size_t n);

#endif
