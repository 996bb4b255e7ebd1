/* head.c - the head of every answer, with what browsers are told about patients' data. */
#include "head.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "errors.h"

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
                head_put(h, "Content-Type: %s\r\nContent-Length: %zu\r\n",
                         r->type ? r->type : "application/json", body_len);
        head_put(h,
                 "Cache-Control: %s\r\n"
                 "X-Content-Type-Options: nosniff\r\n"
                 "X-Frame-Options: DENY\r\n"
                 "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
                 "Referrer-Policy: no-referrer\r\n"
                 "X-Request-Id: %s\r\n",
                 r->etag[0] ? "private, no-cache" : "no-store", q->id);
        put_optional(h, r);
        head_put(h, "\r\n");
}
