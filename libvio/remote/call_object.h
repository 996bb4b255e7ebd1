/* call_object.h - Retell's call object, read once for answers and webhooks alike. */
#ifndef VIO_REMOTE_CALL_OBJECT_H
#define VIO_REMOTE_CALL_OBJECT_H

#include <vio/json.h>
#include <vio/retell.h>

#include "../base/attr.h"

/* References that came as numbers, as text. */
struct call_numbers {
        char attempt_ref[24];
        char tenant_ref[24];
};

/* What the texts of an answer, a page or a webhook live in. */
struct retell_memory {
        vio_json *root;
        char *body;
        struct vio_retell_call *calls;
        struct call_numbers *numbers;
};

/* Room for @n calls, or NULL when out of memory. */
struct retell_memory *retell_memory_new(size_t n);

/* Takes NULL. */
void retell_memory_free(struct retell_memory *m);
void retell_memory_freep(struct retell_memory **m);

#define _cleanup_retell_memory_ _cleanup_(retell_memory_freep)

/*
 * Reads a call object; the texts belong to the root of @object and to @numbers. A field of a wrong
 * type and an absurd value count as absent, and so does a call_id that is unusable.
 *
 * @metadata: used when the object has none of its own; may be NULL.
 */
void call_object_read(const vio_json *object, const vio_json *metadata,
                      struct call_numbers *numbers, struct vio_retell_call *ret);

/* The text of a JSON string of 1 to @max bytes without control characters, or NULL. */
const char *plain_text(const vio_json *j, size_t max);

#endif
