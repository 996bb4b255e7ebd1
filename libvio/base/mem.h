/* mem.h - memory, through the allocator that the embedding program chose. */
#ifndef VIO_BASE_MEM_H
#define VIO_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>

#include <vio/core.h>

#include "attr.h"

/* NULL means the C library's. Copied. Call before the first allocation and before other threads. */
void mem_use(const struct vio_alloc *a);
/* The same for vio_open(): the first caller decides, VIO_E_CONFLICT for one who wants another. */
_must_check_ int mem_claim(const struct vio_alloc *a);
bool mem_is_custom(void); /* whether an allocator other than the C library's is in use */

_must_check_ void *mem_new(size_t size); /* zeroed; NULL when out of memory */
_must_check_ void *mem_resize(void *p, size_t size);
_must_check_ char *mem_text(const char *text);                /* copy; NULL gives NULL */
_must_check_ char *mem_text_n(const char *bytes, size_t len); /* copy with a NUL behind it */
void mem_free(void *p);

void mem_freep(void *pointer_to_pointer);
#define _cleanup_mem_ _cleanup_(mem_freep)

#endif
