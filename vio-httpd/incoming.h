/* incoming.h - the head of a request as it came, judged as strictly as RFC 9112 allows. */
#ifndef HTTPD_INCOMING_H
#define HTTPD_INCOMING_H

#include "message.h"

#define INCOMING_HEADERS 64

/* What CivetWeb's parser makes of a head. The texts lie in the buffer that was received. */
struct incoming {
        const char *method;
        const char *target;  /* its last part: the query, or else the path */
        const char *version; /* "1.1" */
        const char *peer;
        struct incoming_header {
                const char *name;
                const char *value;
        } headers[INCOMING_HEADERS];
        size_t n;
};

/* What the head says of the body. */
struct framing {
        bool chunked;
        bool waits; /* for "100 Continue" */
        size_t length;
};

/* Whether the head is one that no proxy before us can read differently. 0, or a refusal's status.
 */
_must_check_ int incoming_check(const struct incoming *in);

/* Takes over into @q what the rest of the program may know. 0, or the status of a refusal. */
_must_check_ int incoming_read(const struct incoming *in, struct request *q);

/* Reads where the body ends. 0, or the status of a refusal. */
_must_check_ int incoming_framing(const struct incoming *in, struct framing *ret);

/* Whether the client would like to keep the connection. */
bool incoming_keeps(const struct incoming *in);

/* Whether the client understands an answer in chunks. */
bool incoming_modern(const struct incoming *in);

#endif
