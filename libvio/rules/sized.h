/* sized.h - reading a struct that begins with its size, from a caller older or newer than we are.
 */
#ifndef VIO_RULES_SIZED_H
#define VIO_RULES_SIZED_H

#include <stddef.h>
#include <string.h>

/* Copies what the caller's struct has over @dst, which holds the defaults. */
static inline void sized_read(void *dst, size_t dst_size, const void *src)
{
        size_t src_size;
        memcpy(&src_size, src, sizeof src_size);
        memcpy(dst, src, src_size < dst_size ? src_size : dst_size);
}

#endif
