/*
 * vio/json.h - JSON (RFC 8259) as it comes in and goes out.
 *
 * The library reads webhooks and writes answers in JSON anyhow; its reader and writer are public so
 * that a front end needs no second JSON library.
 */
#ifndef VIO_JSON_H
#define VIO_JSON_H

#include <vio/core.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A parsed JSON value. A root is owned by the caller; the values inside belong to their root. */
typedef struct vio_json vio_json;

enum vio_json_type {
        VIO_JSON_MISSING,
        VIO_JSON_NULL,
        VIO_JSON_BOOL,
        VIO_JSON_NUMBER,
        VIO_JSON_TEXT,
        VIO_JSON_ARRAY,
        VIO_JSON_OBJECT
};

/**
 * Parses one JSON text.
 *
 * @text, @len: the bytes; need not end with NUL. At most 32 levels deep; must be UTF-8, without
 *   the escape for U+0000 or for half of a surrogate pair, with nothing but white space after the
 *   value. A number has at most 60 bytes and an exponent within +-200; no object may hold the same
 *   key twice. Otherwise exactly what RFC 8259 allows.
 * @ret: gets the root, which the caller frees with vio_json_free(); untouched on failure.
 * Errors: VIO_E_INVALID, VIO_E_NOMEM. Since: 0.1
 */
VIO_API int vio_json_parse(const char *text, size_t len, vio_json **ret);

/** Frees a root and all values in it. Takes NULL; returns NULL. Since: 0.1 */
VIO_API vio_json *vio_json_free(vio_json *root);

/** The type of a value; VIO_JSON_MISSING for NULL. Since: 0.1 */
VIO_API enum vio_json_type vio_json_type(const vio_json *j);

/**
 * The member @key of an object, exact in case.
 *
 * Returns NULL when @j is NULL or no object or has no such member. Belongs to its root. Since: 0.1
 */
VIO_API const vio_json *vio_json_get(const vio_json *j, const char *key);

/** How many members or elements; 0 for anything but an object or array. Since: 0.1 */
VIO_API size_t vio_json_count(const vio_json *j);

/** The first member or element, or NULL; go on with vio_json_next(). Since: 0.1 */
VIO_API const vio_json *vio_json_first(const vio_json *j);

/** The member or element after @j, or NULL at the end. Since: 0.1 */
VIO_API const vio_json *vio_json_next(const vio_json *j);

/** The key under which a value stands in its object, or NULL. Belongs to its root. Since: 0.1 */
VIO_API const char *vio_json_key(const vio_json *j);

/** The text of a string, NULL for every other type. Belongs to its root. Since: 0.1 */
VIO_API const char *vio_json_text(const vio_json *j);

/**
 * The value of a number that is a whole number within +-2^53.
 *
 * @ret: gets it; untouched on failure.
 * Errors: VIO_E_INVALID for every other value, NULL included. Since: 0.1
 */
VIO_API int vio_json_int(const vio_json *j, int64_t *ret);

/**
 * The value of true or false.
 *
 * @ret: gets it; untouched on failure.
 * Errors: VIO_E_INVALID for every other value, NULL included. Since: 0.1
 */
VIO_API int vio_json_bool(const vio_json *j, bool *ret);

/**
 * A writer that builds one JSON text in memory, straight from the caller's values.
 *
 * A failure (out of memory, nesting beyond 32, an end without its begin) sticks: go on writing and
 * look at the result of vio_json_writer_text() once. Inside an object every value needs a key;
 * inside an array, and at the root, the key is NULL. One thread at a time.
 */
typedef struct vio_json_writer vio_json_writer;

/** A new, empty writer, freed with vio_json_writer_free(); NULL when out of memory. Since: 0.1 */
VIO_API vio_json_writer *vio_json_writer_new(void);

/** Frees a writer and its text. Takes NULL; returns NULL. Since: 0.1 */
VIO_API vio_json_writer *vio_json_writer_free(vio_json_writer *w);

/** Forgets what was written and any failure; keeps the memory. Since: 0.1 */
VIO_API void vio_json_writer_reset(vio_json_writer *w);

/** Begins an object. Since: 0.1 */
VIO_API void vio_json_begin_object(vio_json_writer *w, const char *key);

/** Ends the object begun last. Since: 0.1 */
VIO_API void vio_json_end_object(vio_json_writer *w);

/** Begins an array. Since: 0.1 */
VIO_API void vio_json_begin_array(vio_json_writer *w, const char *key);

/** Ends the array begun last. Since: 0.1 */
VIO_API void vio_json_end_array(vio_json_writer *w);

/** Writes a string; NULL becomes null, and bytes that are not UTF-8 become U+FFFD. Since: 0.1 */
VIO_API void vio_json_put_text(vio_json_writer *w, const char *key, const char *value);

/** Writes a whole number. Since: 0.1 */
VIO_API void vio_json_put_int(vio_json_writer *w, const char *key, int64_t value);

/** Writes @value / 10^@decimals, such as 855 with 1 decimal as 85.5. Since: 0.1 */
VIO_API void vio_json_put_decimal(vio_json_writer *w, const char *key, int64_t value, int decimals);

/** Writes true or false. Since: 0.1 */
VIO_API void vio_json_put_bool(vio_json_writer *w, const char *key, bool value);

/** Writes null. Since: 0.1 */
VIO_API void vio_json_put_null(vio_json_writer *w, const char *key);

/** Writes a time as RFC 3339 text in UTC; VIO_TIME_NONE becomes null. Since: 0.1 */
VIO_API void vio_json_put_time(vio_json_writer *w, const char *key, vio_time value);

/** Writes a copy of a parsed value; NULL becomes null. Since: 0.1 */
VIO_API void vio_json_put_value(vio_json_writer *w, const char *key, const vio_json *value);

/**
 * The finished text.
 *
 * @ret_text: gets the text, NUL-terminated; belongs to @w, valid until the next call on it.
 * @ret_len: gets its length in bytes without the NUL; may be NULL.
 * Errors: VIO_E_NOMEM; VIO_E_INTERNAL when nothing was written, something is still open, or any
 * call before was a misuse. Since: 0.1
 */
VIO_API int vio_json_writer_text(vio_json_writer *w, const char **ret_text, size_t *ret_len);

/**
 * Takes what was written so far out of the writer, though something may still be open, so that a
 * long text can be passed on in pieces. The writer goes on where it was: the pieces, and at the end
 * what vio_json_writer_text() gives, are the whole text.
 *
 * @least: takes nothing as long as fewer bytes than this are there.
 * @ret_text: gets the piece, NUL-terminated; belongs to @w, valid until the next take, the next
 *   reset or the end of @w. The empty text when nothing was taken.
 * @ret_len: gets its length in bytes without the NUL.
 * Errors: VIO_E_NOMEM; VIO_E_INTERNAL when any call before was a misuse. Since: 0.2
 */
VIO_API int vio_json_writer_take(vio_json_writer *w, size_t least, const char **ret_text,
                                 size_t *ret_len);

#ifdef __cplusplus
}
#endif

#endif
