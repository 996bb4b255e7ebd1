/* outgoing.h - how an answer leaves: at once with its length, or in chunks when it is long. */
#ifndef HTTPD_OUTGOING_H
#define HTTPD_OUTGOING_H

#include "message.h"

/* One answer on its way. The first part is filled by the server, the rest by outgoing_begin(). */
struct outgoing {
        const struct request *q;
        void *conn;
        int (*write)(void *conn, const void *bytes, size_t len); /* returns how many went out */
        bool keep;   /* the connection may stay open after the answer */
        bool chunks; /* the client understands an answer in chunks */

        bool passed; /* a part was passed on before the whole was there */
        bool failed; /* the client is gone, or too slow */
        int64_t waited_us;
        uint64_t bytes;      /* of the body, so far */
        uint64_t bytes_sent; /* all that went out */
};

/* Lets @r pass its parts on through @o while it is being made. */
void outgoing_begin(struct outgoing *o, struct response *r);

/*
 * Sends @r, or what is left of it. Returns whether the connection may be kept; if not, it must be
 * closed, and where the answer broke off, its client can tell: it never reads the last chunk.
 */
bool outgoing_end(struct outgoing *o, struct response *r);

/* A clock for durations, in microseconds. */
int64_t monotonic_us(void);

#endif
