/* vio/core.h - what every other header needs: version, time, ids, errors, handles. */
#ifndef VIO_CORE_H
#define VIO_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define VIO_VERSION_MAJOR 0
#define VIO_VERSION_MINOR 2
#define VIO_VERSION_PATCH 0

/* Every function of the ABI carries this mark; everything else in the library is hidden. */
#define VIO_API __attribute__((visibility("default")))

/** Milliseconds since 1970-01-01T00:00:00Z, without leap seconds. */
typedef int64_t vio_time;

/** A time that is not known. No real time of this system is negative. */
#define VIO_TIME_NONE ((vio_time)-1)

/** A tenant: one clinic or salon. Numbered from 1; 0 is nobody. */
typedef struct {
        int64_t v;
} vio_tenant_id;

/** A contact of one tenant. Counted per tenant: it means nothing without its tenant. */
typedef struct {
        int64_t v;
} vio_contact_id;

/** A user account. Numbered over the whole installation. */
typedef struct {
        int64_t v;
} vio_user_id;

/** A call session: a UUID (version 7, RFC 9562) in its 36-character text form. */
typedef struct {
        char s[37];
} vio_call_id;

/** A call task: a UUID (version 7, RFC 9562) in its 36-character text form. */
typedef struct {
        char s[37];
} vio_task_id;

/**
 * Where memory comes from. The functions follow malloc(3), realloc(3) and free(3), are called from
 * any thread, and get @data as it stands here. Process-wide, fixed by the first vio_open(): what
 * was made before it (a JSON value, a writer) must be freed before it too. Libraries below this one
 * (TLS, SQLite) keep their own allocators.
 */
struct vio_alloc {
        void *(*alloc)(void *data, size_t size);           /* need not be zeroed; NULL: none left */
        void *(*resize)(void *data, void *p, size_t size); /* @p may be NULL */
        void (*release)(void *data, void *p);              /* @p may be NULL */
        void *data;
};

/* The opened system, one tenant of it, or all of them: three authorities, three types. */
typedef struct vio vio;
typedef struct vio_operator vio_operator;
typedef struct vio_tenant vio_tenant;

/*
 * Every error, chosen by what the caller does next. A number keeps its meaning for ever and is
 * never used again. X(name, number, text)
 */
#define VIO_ERRORS(X)                                                                              \
        X(INVALID, -11, "the input is not valid")                                                  \
        X(NOTFOUND, -17, "no such object")                                                         \
        X(CONFLICT, -23, "conflicts with what is there already")                                   \
        X(AUTH, -29, "the credentials are not valid")                                              \
        X(FORBIDDEN, -37, "the actor may not do this")                                             \
        X(REFUSED, -41, "a calling rule forbids this now")                                         \
        X(LIMITED, -47, "too many attempts; wait before the next one")                             \
        X(BUSY, -53, "too much at once; try again")                                                \
        X(UPSTREAM, -61, "the other server refused or could not be reached")                       \
        X(STORAGE, -71, "the database could not be read or written")                               \
        X(SCHEMA, -83, "the database belongs to another version")                                  \
        X(NOMEM, -97, "out of memory")                                                             \
        X(INTERNAL, -101, "a defect in this program")

enum vio_err {
        VIO_OK = 0,
#define VIO_X(name, number, text) VIO_E_##name = number,
        VIO_ERRORS(VIO_X)
#undef VIO_X
};

/**
 * One sentence about an error number.
 *
 * @err: 0 or a value of enum vio_err; any other number is allowed too.
 * Returns a static text, never NULL. Errors: none. Since: 0.1
 */
VIO_API const char *vio_strerror(int err);

/**
 * The short name of an error number, such as "NOTFOUND", for logs and machine-readable answers.
 *
 * @err: 0 or a value of enum vio_err; any other number gives "UNKNOWN".
 * Returns a static text, never NULL. Errors: none. Since: 0.1
 */
VIO_API const char *vio_err_name(int err);

/**
 * The version of the library that is running, such as "0.1.0".
 *
 * Compare with the VIO_VERSION_ macros to find a header that does not match its library.
 * Returns a static text. Errors: none. Since: 0.1
 */
VIO_API const char *vio_version(void);

/**
 * Reads a call id from its text form.
 *
 * @text: a UUID in its 36-character form, either case; may be NULL.
 * @ret: gets the id in lower case; untouched on failure.
 * Errors: VIO_E_INVALID when @text is not a UUID. Since: 0.1
 */
VIO_API int vio_call_id_parse(const char *text, vio_call_id *ret);

/**
 * Reads a task id from its text form.
 *
 * @text: a UUID in its 36-character form, either case; may be NULL.
 * @ret: gets the id in lower case; untouched on failure.
 * Errors: VIO_E_INVALID when @text is not a UUID. Since: 0.1
 */
VIO_API int vio_task_id_parse(const char *text, vio_task_id *ret);

/** The size of a buffer for vio_time_format(). */
#define VIO_TIME_TEXT 25

/**
 * Writes a time as RFC 3339 in UTC: "2026-11-24T09:30:00Z", with milliseconds when there are any.
 *
 * @t: a time; @ret: a buffer of VIO_TIME_TEXT bytes.
 * Returns @ret; the empty string for VIO_TIME_NONE and for a time outside the years 0 to 9999.
 * Errors: none. Since: 0.1
 */
VIO_API const char *vio_time_format(vio_time t, char ret[VIO_TIME_TEXT]);

/**
 * Reads an RFC 3339 time: date, "T" or a blank, time, optional fraction, and "Z" or an offset.
 *
 * @text: the text; may be NULL. A time without an offset is refused: it would be a guess. So are
 *   leap seconds, which vio_time cannot express, and times before 1970. Of a fraction (1 to 9
 *   digits) what is finer than a millisecond is dropped.
 * @ret: gets the time; untouched on failure.
 * Errors: VIO_E_INVALID. Since: 0.1
 */
VIO_API int vio_time_parse(const char *text, vio_time *ret);

#ifdef __cplusplus
}
#endif

#endif
