/* response.h - what a transport of our own may do to a response beyond vio/http.h. */
#ifndef VIO_REMOTE_RESPONSE_H
#define VIO_REMOTE_RESPONSE_H

#include <vio/http.h>

/* The most bytes of a body that we take. */
#define RESPONSE_BODY_MAX ((size_t)8 << 20)

/* Forgets the headers: what came so far was an interim answer (RFC 9110, 15.2). */
void response_forget_headers(struct vio_http_response *r);

/* For _cleanup_. */
void response_freep(struct vio_http_response **r);

#define _cleanup_response_ _cleanup_(response_freep)

#endif
