/* vio/http.h - the transport: how the library speaks to other people's servers. */
#ifndef VIO_HTTP_H
#define VIO_HTTP_H

#include <vio/core.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_http_header {
        const char *name;
        const char *value;
};

/** One request. Everything it points to outlives the call that performs it. */
struct vio_http_request {
        size_t size; /* sizeof(struct vio_http_request) */
        const char *method;
        const char *url;
        const struct vio_http_header *headers;
        size_t n_headers;
        const void *body; /* NULL for none */
        size_t body_len;
        int64_t timeout_ms; /* for the whole exchange; must be positive */
};

/** How an exchange ended when no whole answer came. What matters is whether the server may have
 * acted. */
enum vio_http_failure {
        VIO_HTTP_ANSWERED = 0, /* .status is the server's */
        VIO_HTTP_NOT_SENT, /* certain that the server saw nothing: refused, no such host, TLS failed
                            */
        VIO_HTTP_MAYBE_SENT /* the server may have acted: timed out or reset after sending began */
};

/** A response, owned and freed by the library. A transport fills it with the functions below. */
struct vio_http_response;

/** Sets the status code of an answer (100 to 599). Since: 0.1 */
VIO_API void vio_http_response_status(struct vio_http_response *r, int status);

/** Adds one header of the answer; both texts are copied. Since: 0.1 */
VIO_API void vio_http_response_header(struct vio_http_response *r, const char *name,
                                      const char *value);

/**
 * Appends bytes to the body.
 *
 * Errors: VIO_E_NOMEM; VIO_E_INVALID when the body would pass 8 MiB (the transport then gives up).
 * Since: 0.1
 */
VIO_API int vio_http_response_write(struct vio_http_response *r, const void *bytes, size_t len);

/** Says that no whole answer came, and why, in a text that names no secret. Copied. Since: 0.1 */
VIO_API void vio_http_response_fail(struct vio_http_response *r, enum vio_http_failure failure,
                                    const char *why);

/**
 * A transport: performs a batch of requests at once and fills one response for each.
 *
 * @perform is called from whichever thread called the library, several at a time, and must return
 * only when each request has an answer or has failed; it follows no redirects. It must not call
 * back into the library except for the vio_http_response_ functions.
 */
struct vio_http_transport {
        void (*perform)(void *data, const struct vio_http_request *requests,
                        struct vio_http_response *const *responses, size_t n);
        void *data;
};

/**
 * The default transport (libcurl): TLS verified, HTTP and HTTPS only, no redirects, no proxies from
 * the environment.
 *
 * @ret: gets the transport; static, lives as long as the process.
 * Errors: VIO_E_NOMEM. Since: 0.1
 */
VIO_API int vio_http_default(const struct vio_http_transport **ret);

/** An empty response for a program that performs requests itself, or NULL when out of memory.
 * Since: 0.1 */
VIO_API struct vio_http_response *vio_http_response_new(void);

/** Frees a response. Takes NULL; returns NULL. Since: 0.1 */
VIO_API struct vio_http_response *vio_http_response_free(struct vio_http_response *r);

/** How the exchange ended. Since: 0.1 */
VIO_API enum vio_http_failure vio_http_response_get_failure(const struct vio_http_response *r);

/** Why it failed, "" when it did not. Belongs to @r. Since: 0.1 */
VIO_API const char *vio_http_response_get_why(const struct vio_http_response *r);

/** The status code, 0 when there was no answer. Since: 0.1 */
VIO_API int vio_http_response_get_status(const struct vio_http_response *r);

/** The body, NUL-terminated, "" when there is none; @ret_len may be NULL. Belongs to @r. Since: 0.1
 */
VIO_API const char *vio_http_response_get_body(const struct vio_http_response *r, size_t *ret_len);

/** The first header of that name (any case), or NULL. Belongs to @r. Since: 0.1 */
VIO_API const char *vio_http_response_get_header(const struct vio_http_response *r,
                                                 const char *name);

#ifdef __cplusplus
}
#endif

#endif
