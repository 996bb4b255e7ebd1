/* answers.h - responses made by hand. */
#ifndef TESTS_REMOTE_ANSWERS_H
#define TESTS_REMOTE_ANSWERS_H

#include <string.h>
#include <vio/http.h>

/* An answer; the caller frees it. */
static inline struct vio_http_response *answered(int status, const char *body)
{
        struct vio_http_response *r = vio_http_response_new();
        if (!r)
                return NULL;
        vio_http_response_status(r, status);
        vio_http_response_write(r, body, strlen(body));
        return r;
}

/* An exchange without an answer; the caller frees it. */
static inline struct vio_http_response *failed(enum vio_http_failure failure, const char *why)
{
        struct vio_http_response *r = vio_http_response_new();
        if (r)
                vio_http_response_fail(r, failure, why);
        return r;
}

#endif
