/* response.c - one HTTP response in memory, and how its exchange ended. */
#include "response.h"

#include <string.h>
#include <strings.h>

#include "../base/mem.h"
#include "../base/text.h"

struct header {
        char *name;
        char *value;
};

struct vio_http_response {
        int status;
        enum vio_http_failure failure;
        bool broken; /* failed for good: a status set later does not make it whole */
        char why[160];
        struct text body;
        struct header *headers;
        size_t n_headers;
        size_t cap_headers;
};

struct vio_http_response *vio_http_response_new(void)
{
        struct vio_http_response *r = mem_new(sizeof(*r));
        if (!r)
                return NULL;
        /* A transport that forgets a response must not make it look like an answer. */
        r->failure = VIO_HTTP_MAYBE_SENT;
        text_copy(r->why, sizeof(r->why), "the transport gave no answer");
        return r;
}

struct vio_http_response *vio_http_response_free(struct vio_http_response *r)
{
        if (!r)
                return NULL;
        response_forget_headers(r);
        mem_free(r->headers);
        text_free(&r->body);
        mem_free(r);
        return NULL;
}

void response_freep(struct vio_http_response **r)
{
        *r = vio_http_response_free(*r);
}

void response_forget_headers(struct vio_http_response *r)
{
        for (size_t i = 0; i < r->n_headers; i++) {
                mem_free(r->headers[i].name);
                mem_free(r->headers[i].value);
        }
        r->n_headers = 0;
}

void vio_http_response_fail(struct vio_http_response *r, enum vio_http_failure failure,
                            const char *why)
{
        /* Of two failures the graver stays: what may have been sent cannot become unsent. */
        if (failure == VIO_HTTP_ANSWERED || (r->broken && r->failure >= failure))
                return;
        r->broken = true;
        r->failure = failure;
        text_copy(r->why, sizeof(r->why), why ? why : "");
}

void vio_http_response_status(struct vio_http_response *r, int status)
{
        if (status < 100 || status > 599) {
                vio_http_response_fail(r, VIO_HTTP_MAYBE_SENT, "the status code is none of HTTP");
                return;
        }
        r->status = status;
        if (!r->broken) {
                r->failure = VIO_HTTP_ANSWERED;
                r->why[0] = '\0';
        }
}

static int grow_headers(struct vio_http_response *r)
{
        if (r->n_headers < r->cap_headers)
                return VIO_OK;
        size_t cap = r->cap_headers ? 2 * r->cap_headers : 16;
        struct header *p = mem_resize(r->headers, cap * sizeof(*p));
        if (!p)
                return VIO_E_NOMEM;
        r->headers = p;
        r->cap_headers = cap;
        return VIO_OK;
}

static int add_header(struct vio_http_response *r, const char *name, const char *value)
{
        if (grow_headers(r) < 0)
                return VIO_E_NOMEM;
        _cleanup_mem_ char *n = mem_text(name);
        _cleanup_mem_ char *v = mem_text(value);
        if (!n || !v)
                return VIO_E_NOMEM;
        r->headers[r->n_headers++] = (struct header){steal(n), steal(v)};
        return VIO_OK;
}

void vio_http_response_header(struct vio_http_response *r, const char *name, const char *value)
{
        if (name && value && add_header(r, name, value) < 0)
                vio_http_response_fail(r, VIO_HTTP_MAYBE_SENT, "out of memory");
}

int vio_http_response_write(struct vio_http_response *r, const void *bytes, size_t len)
{
        if (len > RESPONSE_BODY_MAX - r->body.len) {
                vio_http_response_fail(r, VIO_HTTP_MAYBE_SENT, "the answer is too long");
                return VIO_E_INVALID;
        }
        text_add_n(&r->body, bytes, len);
        if (!r->body.failed)
                return VIO_OK;
        vio_http_response_fail(r, VIO_HTTP_MAYBE_SENT, "out of memory");
        return VIO_E_NOMEM;
}

enum vio_http_failure vio_http_response_get_failure(const struct vio_http_response *r)
{
        return r->failure;
}

const char *vio_http_response_get_why(const struct vio_http_response *r)
{
        return r->why;
}

int vio_http_response_get_status(const struct vio_http_response *r)
{
        return r->failure ? 0 : r->status;
}

const char *vio_http_response_get_body(const struct vio_http_response *r, size_t *ret_len)
{
        /* Half a body is no body: nobody shall find meaning in it. */
        bool whole = r->failure == VIO_HTTP_ANSWERED;
        if (ret_len)
                *ret_len = whole ? r->body.len : 0;
        return whole ? text_str(&r->body) : "";
}

const char *vio_http_response_get_header(const struct vio_http_response *r, const char *name)
{
        for (size_t i = 0; i < r->n_headers; i++)
                if (strcasecmp(r->headers[i].name, name) == 0)
                        return r->headers[i].value;
        return NULL;
}
