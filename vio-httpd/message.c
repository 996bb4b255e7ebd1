/* message.c - reading a request's query, body and item; saying no. */
#include "message.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static int hex_digit(char c)
{
        if (c >= '0' && c <= '9')
                return c - '0';
        c = (char)tolower((unsigned char)c);
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_control(char c)
{
        return (unsigned char)c < ' ' || c == 0x7f;
}

/* Decodes one value of a query: "%41" and "+" (WHATWG URL, urlencoded parsing). No filter needs
 * a control character; NUL would cut it off. */
static int decode(const char *from, size_t len, char *ret, size_t size)
{
        size_t n = 0;
        for (size_t i = 0; i < len; i++) {
                char c = from[i] == '+' ? ' ' : from[i];
                if (c == '%') {
                        int high = i + 2 < len ? hex_digit(from[i + 1]) : -1;
                        int low = i + 2 < len ? hex_digit(from[i + 2]) : -1;
                        if (high < 0 || low < 0)
                                return VIO_E_INVALID;
                        c = (char)(high * 16 + low);
                        i += 2;
                }
                if (is_control(c) || n + 1 >= size)
                        return VIO_E_INVALID;
                ret[n++] = c;
        }
        ret[n] = '\0';
        return 1;
}

int request_query(const struct request *q, const char *name, char *ret, size_t size)
{
        size_t name_len = strlen(name);
        for (const char *p = q->query; *p;) {
                size_t len = strcspn(p, "&");
                size_t before = strcspn(p, "=&");
                size_t value = before + (p[before] == '=');
                if (before == name_len && !strncmp(p, name, name_len))
                        return decode(p + value, len - value, ret, size);
                p += len + (p[len] == '&');
        }
        return 0;
}

int refuse(struct response *r, int err, const char *format, ...)
{
        va_list args;
        va_start(args, format);
        vsnprintf(r->message, sizeof(r->message), format, args);
        va_end(args);
        return err;
}

int refuse_field(struct response *r, const char *field, const char *format, ...)
{
        va_list args;
        va_start(args, format);
        vsnprintf(r->message, sizeof(r->message), format, args);
        va_end(args);
        snprintf(r->field, sizeof(r->field), "%s", field);
        return VIO_E_INVALID;
}

int response_put(struct response *r, const void *bytes, size_t len)
{
        size_t wanted = r->raw_len + len;
        if (wanted > r->raw_size) {
                size_t size = wanted < 4096 ? 8192 : wanted * 2;
                char *moved = realloc(r->raw, size);
                if (!moved)
                        return VIO_E_NOMEM;
                r->raw = moved;
                r->raw_size = size;
        }
        memcpy(r->raw + r->raw_len, bytes, len);
        r->raw_len = wanted;
        return VIO_OK;
}

int response_pass(struct response *r)
{
        return r->flush ? r->flush(r) : VIO_OK;
}

/* The end of the tag that begins at @p, with its quotation marks; NULL when none does. */
static const char *tag_end(const char *p)
{
        if (*p != '"')
                return NULL;
        const char *end = strchr(p + 1, '"');
        return end ? end + 1 : NULL;
}

/* Weak comparison: "W/" in front of a tag does not matter (RFC 9110, 8.8.3.2). */
bool etag_matches(const char *list, const char *etag)
{
        size_t len = strlen(etag);
        if (!list)
                return false;
        if (!strcmp(list, "*"))
                return true;
        for (const char *p = list + strspn(list, ", \t"); *p; p += strspn(p, ", \t")) {
                p += strncmp(p, "W/", 2) ? 0 : 2;
                const char *end = tag_end(p);
                if (!end || !strchr(", \t", *end))
                        return false;
                if ((size_t)(end - p) == len && !memcmp(p, etag, len))
                        return true;
                p = end;
        }
        return false;
}

/* "application/json", with or without parameters. */
static bool is_json(const char *content_type)
{
        static const char json[] = "application/json";
        size_t len = sizeof(json) - 1;
        return !strncasecmp(content_type, json, len) &&
               (content_type[len] == '\0' || strchr("; \t", content_type[len]));
}

int request_json(const struct request *q, struct response *r, vio_json **ret)
{
        if (q->content_type && !is_json(q->content_type)) {
                r->status = 415;
                return refuse(r, VIO_E_INVALID, "Content-Type must be application/json");
        }
        if (!q->body_len)
                return refuse(r, VIO_E_INVALID, "A JSON object is needed in the body");
        _cleanup_(free_json) vio_json *root = NULL;
        int e = vio_json_parse(q->body, q->body_len, &root);
        if (e == VIO_E_INVALID)
                return refuse(r, e, "The body is not valid JSON");
        if (e < 0)
                return e;
        if (vio_json_type(root) != VIO_JSON_OBJECT)
                return refuse(r, VIO_E_INVALID, "The body must be a JSON object");
        *ret = root;
        root = NULL;
        return VIO_OK;
}

int number_parse(const char *text, int64_t *ret)
{
        size_t len = strlen(text);
        if (len < 1 || len > 18 || strspn(text, "0123456789") != len)
                return VIO_E_INVALID;
        int64_t n = strtoll(text, NULL, 10);
        if (n < 1)
                return VIO_E_INVALID;
        *ret = n;
        return VIO_OK;
}

int request_item_number(const struct request *q, int64_t *ret)
{
        return number_parse(q->item, ret) < 0 ? VIO_E_NOTFOUND : VIO_OK;
}
