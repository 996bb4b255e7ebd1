/* tiny_server.h - a real HTTP server on a loopback socket that misbehaves as told. */
#ifndef TESTS_TINY_SERVER_H
#define TESTS_TINY_SERVER_H

#include <stdbool.h>
#include <stddef.h>

/* What the server does with one request. */
enum tiny_act {
        TINY_ANSWER = 0,
        TINY_CLOSE_UNREAD,  /* closes the connection when the first byte arrives, which resets it */
        TINY_CLOSE_READ,    /* reads the request, then closes without a word */
        TINY_RESET_READ,    /* reads the request, then resets the connection */
        TINY_HANG,          /* reads the request and says nothing until the client goes */
        TINY_HALF_HEADER,   /* stops in the middle of a header line and closes */
        TINY_HALF_BODY,     /* promises the whole body, sends half of it and closes */
        TINY_HALF_THEN_HANG /* the same, but keeps the connection open and silent */
};

struct tiny_step {
        enum tiny_act act;
        int status;          /* 0: 200 */
        const char *headers; /* further header lines, each with its "\r\n"; NULL: none */
        const char *body;    /* NULL: none */
        const char *raw;     /* instead of an answer: these bytes, then close */
        size_t fill;         /* instead of .body: that many bytes 'x' */
        int drip_ms;         /* pause between the bytes of the answer; 0: all at once */
        int gather;          /* wait until so many requests are here at once (at most 10 s) */
        bool close;          /* after the answer, close without having said so */
};

struct tiny_server;

/* Listens on a free port of 127.0.0.1; ends the test when it cannot. */
struct tiny_server *tiny_start(void);

/* Ends every connection and frees the server. */
void tiny_stop(struct tiny_server *s);

/* Request number i gets step number i, and those beyond the last step get the last one. Copied. */
void tiny_script(struct tiny_server *s, const struct tiny_step *steps, size_t n);

/* "http://127.0.0.1:PORT"; belongs to the server. */
const char *tiny_url(const struct tiny_server *s);
int tiny_port(const struct tiny_server *s);

/* How many requests began with @start, such as "POST /"; "" counts all. */
size_t tiny_count(struct tiny_server *s, const char *start);

/* Request number @i as it came, NUL-terminated; belongs to the server. NULL when there is none. */
const char *tiny_request(struct tiny_server *s, size_t i);

size_t tiny_connections(struct tiny_server *s); /* accepted in all */
size_t
tiny_most_at_once(struct tiny_server *s); /* requests read and not yet being answered, at most */

/* A port of 127.0.0.1 on which nobody listens. */
int tiny_dead_port(void);

#endif
