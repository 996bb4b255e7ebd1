/* incoming.c - judging the head of a request before anybody believes it. */
#include "incoming.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

/* How often a header stands in the request; the last value goes to @ret. */
static int header(const struct incoming *in, const char *name, const char **ret)
{
        int n = 0;
        for (size_t i = 0; i < in->n; i++)
                if (!strcasecmp(in->headers[i].name, name)) {
                        *ret = in->headers[i].value;
                        n++;
                }
        return n;
}

bool incoming_modern(const struct incoming *in)
{
        return !strcmp(in->version, "1.1");
}

/*
 * CivetWeb's parser forgives what RFC 9112 tells to refuse: a bare line feed, a blank before the
 * colon, a line that begins with a blank. The last makes it overlook all headers below, such as a
 * length that a proxy before us has obeyed. It ends each part of the head with a NUL in place, the
 * line feed of the empty line included, so a strict head leaves no gap: each part begins right
 * where the one before it and its CRLF end.
 */
static const char *end_of_line(const char *text)
{
        const char *end = text + strlen(text);
        return end[1] == '\0' ? end + 2 : NULL;
}

/* The line of a header at @line. Returns the next one, NULL when it is not strict. */
static const char *check_line(const struct incoming_header *h, const char *line)
{
        const char *gap = h->name + strlen(h->name) + 1;
        if (h->name != line || !*line)
                return NULL;
        if (h->value < gap || strspn(gap, " \t") < (size_t)(h->value - gap))
                return NULL;
        return end_of_line(h->value);
}

static bool is_strict(const struct incoming *in)
{
        if (in->method[strlen(in->method) + 1] == '\0' ||
            in->target + strlen(in->target) + 1 + strlen("HTTP/") != in->version)
                return false; /* more than one blank before or behind the target */
        const char *line = end_of_line(in->version);
        for (size_t i = 0; line && i < in->n; i++)
                line = check_line(&in->headers[i], line);
        if (in->n == 0)
                return line && line[0] == '\0'; /* HTTP/1.0 may have no header at all */
        return line && line[0] == '\r' && line[1] == '\0';
}

/* RFC 9112, 3.2: one Host in HTTP/1.1. CivetWeb forgets headers beyond its room for them. */
int incoming_check(const struct incoming *in)
{
        const char *host = NULL;
        if (in->n >= INCOMING_HEADERS)
                return 431;
        if (!is_strict(in))
                return 400;
        int hosts = header(in, "Host", &host);
        return hosts > 1 || (incoming_modern(in) && hosts == 0) ? 400 : 0;
}

static bool is_local(const char *address)
{
        return !strncmp(address, "127.", 4) || !strcmp(address, "::1");
}

/*
 * The client's address. A peer on this machine may be a reverse proxy: then the last address it
 * wrote into X-Forwarded-For, be it in a line of its own, is the client's, if it is one.
 */
static const char *client_address(const struct incoming *in)
{
        const char *list = NULL;
        if (!is_local(in->peer) || !header(in, "X-Forwarded-For", &list))
                return in->peer;
        const char *comma = strrchr(list, ',');
        const char *last = comma ? comma + 1 : list;
        last += strspn(last, " ");
        unsigned char binary[sizeof(struct in6_addr)];
        bool valid =
            inet_pton(AF_INET, last, binary) == 1 || inet_pton(AF_INET6, last, binary) == 1;
        return valid ? last : in->peer;
}

int incoming_read(const struct incoming *in, struct request *q)
{
        q->method = in->method;
        q->remote = client_address(in);
        int most = 0;
#define X(field, name)                                                                             \
        {                                                                                          \
                int n = header(in, name, &q->field);                                               \
                most = n > most ? n : most;                                                        \
        }
        REQUEST_HEADERS(X)
#undef X
        return most > 1 ? 400 : 0; /* which of two values would be meant? */
}

/* curl and others wait for an interim answer before they send a large body (RFC 9110, 10.1.1). */
static int read_expectation(const struct incoming *in, struct framing *ret)
{
        const char *expect = NULL;
        int n = header(in, "Expect", &expect);
        if (!n || !incoming_modern(in))
                return 0;
        if (n > 1 || strcasecmp(expect, "100-continue") != 0)
                return 417;
        ret->waits = true;
        return 0;
}

/* RFC 9112, 6.3, without what it tolerates: no proxy may see another end of the body than we do. */
int incoming_framing(const struct incoming *in, struct framing *ret)
{
        const char *length = NULL;
        const char *encoding = NULL;
        int lengths = header(in, "Content-Length", &length);
        int encodings = header(in, "Transfer-Encoding", &encoding);
        if (lengths + encodings > 1 || (encodings && !incoming_modern(in)))
                return 400;
        if (encodings && strcasecmp(encoding, "chunked") != 0)
                return 501;
        if (lengths) {
                size_t digits = strlen(length);
                if (!digits || strspn(length, "0123456789") != digits)
                        return 400;
                ret->length = digits > 18 ? SIZE_MAX : strtoull(length, NULL, 10);
        }
        ret->chunked = encodings;
        return read_expectation(in, ret);
}

bool incoming_keeps(const struct incoming *in)
{
        const char *wish = NULL;
        if (header(in, "Connection", &wish))
                return !strcasecmp(wish, "keep-alive");
        return incoming_modern(in);
}
