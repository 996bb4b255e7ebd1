/* outgoing.c - sending an answer, whole or in chunks (RFC 9112, 7.1), to a client that reads it. */
#include "outgoing.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "errors.h"
#include "head.h"

#define PASS_FROM ((size_t)256 * 1024)
#define PIECE     ((size_t)64 * 1024)
/* A client gets this long, and a second more for each 16 KiB it takes in. */
#define PATIENCE_US  10000000
#define US_PER_BYTE  61
#define CHUNK_HEADER 24

int64_t monotonic_us(void)
{
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* In pieces, so that a client that takes a byte at a time cannot hold its thread for ever. */
static void put(struct outgoing *o, const char *bytes, size_t len)
{
        while (len && !o->failed) {
                size_t piece = len < PIECE ? len : PIECE;
                int64_t begun = monotonic_us();
                o->failed = o->write(o->conn, bytes, piece) != (int)piece;
                o->waited_us += monotonic_us() - begun;
                o->bytes_sent += piece;
                if (o->waited_us > PATIENCE_US + (int64_t)o->bytes_sent * US_PER_BYTE)
                        o->failed = true;
                bytes += piece;
                len -= piece;
        }
}

static bool is_head(const struct outgoing *o)
{
        return !strcmp(o->q->method, "HEAD");
}

/* Head and body in one write: in two, the second waits for the client's acknowledgement. */
static void put_whole(struct outgoing *o, const struct response *r, const char *body, size_t len)
{
        struct head h;
        head_write(&h, o->q, r, o->passed ? HEAD_CHUNKED : len, o->keep);
        size_t sent = is_head(o) || !status_has_body(r->status) ? 0 : len;
        _cleanup_(free_text) char *whole = malloc(h.len + sent);
        if (!whole || h.len >= sizeof(h.text)) {
                o->failed = true;
                return;
        }
        memcpy(whole, h.text, h.len);
        if (sent)
                memcpy(whole + h.len, body, sent);
        o->bytes += sent;
        put(o, whole, h.len + sent);
}

/* What stands before a chunk; the end of the one before it goes along. */
static void put_chunk(struct outgoing *o, struct response *r, const char *bytes, size_t len)
{
        char line[HEAD_SIZE + CHUNK_HEADER];
        size_t n = 0;
        struct head h = {.len = 0};
        if (!r->begun) {
                head_write(&h, o->q, r, HEAD_CHUNKED, o->keep);
                o->failed = h.len >= sizeof(h.text);
                r->begun = true;
        }
        if (o->failed)
                return;
        memcpy(line, h.text, h.len);
        n = h.len +
            (size_t)snprintf(line + h.len, CHUNK_HEADER, "%s%zx\r\n", h.len ? "" : "\r\n", len);
        put(o, line, n);
        put(o, bytes, len);
        o->bytes += len;
}

/* What was gathered, once it is @least bytes; no bytes while it is less. */
static int take(struct response *r, size_t least, const char **ret, size_t *ret_len)
{
        if (!r->type)
                return vio_json_writer_take(r->body, least, ret, ret_len);
        *ret = r->raw;
        *ret_len = r->raw_len >= least ? r->raw_len : 0;
        if (*ret_len)
                r->raw_len = 0;
        return VIO_OK;
}

/*
 * A client of HTTP/1.0 gets the whole with its length: it could not tell an answer that broke off
 * from one that ended. To HEAD nothing of a body is sent, but it must not lie in memory either.
 */
static int pass(struct response *r)
{
        struct outgoing *o = r->flush_data;
        const char *bytes = NULL;
        size_t len = 0;
        if (!o->chunks)
                return VIO_OK;
        int e = take(r, PASS_FROM, &bytes, &len);
        if (e < 0 || !len)
                return e;
        o->passed = true;
        if (!r->status)
                r->status = 200;
        if (!is_head(o))
                put_chunk(o, r, bytes, len);
        r->gone = o->failed;
        return o->failed ? VIO_E_UPSTREAM : VIO_OK;
}

void outgoing_begin(struct outgoing *o, struct response *r)
{
        r->flush = pass;
        r->flush_data = o;
}

/* The whole answer, or what is left of it: its text, or the text of the error that it became. */
static void finished_text(const struct outgoing *o, struct response *r, const char **ret,
                          size_t *ret_len)
{
        *ret = "";
        *ret_len = 0;
        if (r->type) {
                *ret = r->raw;
                *ret_len = r->raw_len;
                return;
        }
        if (!status_has_body(r->status) || vio_json_writer_text(r->body, ret, ret_len) == VIO_OK)
                return;
        r->broken = true;
        if (r->begun)
                return;
        r->status = 0;
        answer_error(r, o->q->id, VIO_E_INTERNAL, NULL);
        if (vio_json_writer_text(r->body, ret, ret_len) < 0)
                *ret_len = 0;
}

static void end_chunks(struct outgoing *o, struct response *r, const char *rest, size_t len)
{
        static const char last[] = "\r\n0\r\n\r\n";
        if (r->broken || o->failed)
                return;
        if (len)
                put_chunk(o, r, rest, len);
        put(o, last, sizeof(last) - 1);
}

bool outgoing_end(struct outgoing *o, struct response *r)
{
        const char *rest;
        size_t len;
        finished_text(o, r, &rest, &len);
        o->keep = o->keep && !r->close;
        if (r->begun)
                end_chunks(o, r, rest, len);
        else
                put_whole(o, r, rest, len);
        return o->keep && !o->failed && !(r->begun && r->broken);
}
