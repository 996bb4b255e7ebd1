/* head.c - the head of every answer, with what browsers are told about patients' data. */
#include "head.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "errors.h"

/*
 * No answer is a page: a browser that is led to one shows it as text at most, runs nothing, frames
 * nothing, and gives no other site a view of it. There are no CORS headers: no other origin may
 * read.
 */
static const char locked_down[] =
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()\r\n"
    "Referrer-Policy: no-referrer\r\n";

bool status_has_body(int status)
{
        return status != 204 && status != 304;
}

_printf_(2, 3) static void head_put(struct head *h, const char *format, ...)
{
        va_list args;
        va_start(args, format);
        if (h->len < sizeof(h->text))
                h->len +=
                    (size_t)vsnprintf(h->text + h->len, sizeof(h->text) - h->len, format, args);
        va_end(args);
}

/* RFC 9110, 6.6.1: a server with a clock dates its answers. */
static void put_date(struct head *h)
{
        char text[64];
        struct tm utc;
        time_t now = time(NULL);
        gmtime_r(&now, &utc);
        strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &utc);
        head_put(h, "Date: %s\r\n", text);
}

static void put_body(struct head *h, const struct response *r, size_t len)
{
        head_put(h, "Content-Type: %s\r\n", r->type ? r->type : "application/json");
        if (len == HEAD_CHUNKED)
                head_put(h, "Transfer-Encoding: chunked\r\n");
        else
                head_put(h, "Content-Length: %zu\r\n", len);
}

static void put_optional(struct head *h, const struct response *r)
{
        if (r->etag[0])
                head_put(h, "ETag: %s\r\nVary: Authorization, X-Tenant-Id\r\n", r->etag);
        if (r->allow)
                head_put(h, "Allow: %s\r\n", r->allow);
        if (r->authenticate)
                head_put(h, "WWW-Authenticate: %s\r\n", r->authenticate);
        if (r->location[0])
                head_put(h, "Location: %s\r\n", r->location);
        if (r->link[0])
                head_put(h, "Link: %s\r\n", r->link);
        if (r->disposition)
                head_put(h, "Content-Disposition: %s\r\n", r->disposition);
        if (r->retry_after)
                head_put(h, "Retry-After: %d\r\n", r->retry_after);
        if (r->sandbox)
                head_put(h, "X-Vio-Sandbox: 1\r\n");
}

/* A browser must not keep patients' data, but may ask again whether what it shows is still so. */
void head_write(struct head *h, const struct request *q, const struct response *r, size_t body_len,
                bool keep)
{
        h->len = 0;
        head_put(h, "HTTP/1.1 %d %s\r\n", r->status, status_phrase(r->status));
        put_date(h);
        head_put(h, "Connection: %s\r\n", keep ? "keep-alive" : "close");
        if (status_has_body(r->status))
                put_body(h, r, body_len);
        head_put(h, "Cache-Control: %s\r\n%sX-Request-Id: %s\r\n",
                 r->etag[0] ? "private, no-cache" : "no-store", locked_down, q->id);
        put_optional(h, r);
        head_put(h, "\r\n");
}
