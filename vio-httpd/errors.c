/* errors.c - from enum vio_err to a status code and a body that leaks nothing. */
#include "errors.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* No default: a new error does not compile until it has a status here. */
int error_status(enum vio_err err)
{
        switch (err) {
        case VIO_OK: return 200;
        case VIO_E_INVALID: return 400;
        case VIO_E_NOTFOUND: return 404;
        case VIO_E_CONFLICT: return 409;
        case VIO_E_AUTH: return 401;
        case VIO_E_FORBIDDEN: return 403;
        case VIO_E_REFUSED: return 400;
        case VIO_E_LIMITED: return 429;
        case VIO_E_BUSY: return 503;
        case VIO_E_UPSTREAM: return 502;
        case VIO_E_STORAGE: return 503;
        case VIO_E_SCHEMA: return 500;
        case VIO_E_NOMEM: return 500;
        case VIO_E_INTERNAL: return 500;
        }
        return 500;
}

static const struct {
        int status;
        const char *phrase;
        const char *sentence; /* NULL where a handler always has better words */
} phrases[] = {
    {200, "OK", NULL},
    {201, "Created", NULL},
    {202, "Accepted", NULL},
    {204, "No Content", NULL},
    {304, "Not Modified", NULL},
    {400, "Bad Request", "This is not a valid HTTP request"},
    {401, "Unauthorized", NULL},
    {403, "Forbidden", NULL},
    {404, "Not Found", NULL},
    {405, "Method Not Allowed", NULL},
    {408, "Request Timeout", "The request came too slowly"},
    {409, "Conflict", NULL},
    {411, "Length Required", "The length of the body is missing or is not a number"},
    {413, "Content Too Large", "The body is larger than this path takes"},
    {414, "URI Too Long", "The path is too long"},
    {415, "Unsupported Media Type", NULL},
    {417, "Expectation Failed", "The only expectation understood is 100-continue"},
    {429, "Too Many Requests", "Too many requests at once from this address"},
    {431, "Request Header Fields Too Large", "The request has too many headers"},
    {500, "Internal Server Error", NULL},
    {501, "Not Implemented", "The only transfer encoding understood is chunked"},
    {502, "Bad Gateway", NULL},
    {503, "Service Unavailable", "Too much at once; try again"},
    {505, "HTTP Version Not Supported", "HTTP/1.1 is spoken here"},
};

const char *status_phrase(int status)
{
        for (size_t i = 0; i < count_of(phrases); i++)
                if (phrases[i].status == status)
                        return phrases[i].phrase;
        return "Error";
}

const char *status_sentence(int status)
{
        for (size_t i = 0; i < count_of(phrases); i++)
                if (phrases[i].status == status && phrases[i].sentence)
                        return phrases[i].sentence;
        return status_phrase(status);
}

/* The short names of refusals that the library knows nothing of. */
static const char *status_name(int status)
{
        switch (status) {
        case 401: return "AUTH";
        case 403: return "FORBIDDEN";
        case 404: return "NOTFOUND";
        case 405: return "METHOD";
        case 413: return "TOOLARGE";
        case 429:
        case 503: return "BUSY";
        case 501:
        case 505: return "INVALID";
        default: return status < 500 ? "INVALID" : "INTERNAL";
        }
}

static void write_body(struct response *r, const char *request_id, const char *name,
                       const char *message, const char *reason)
{
        vio_json_writer_reset(r->body);
        vio_json_begin_object(r->body, NULL);
        vio_json_put_text(r->body, "message", message);
        vio_json_put_text(r->body, "error", name);
        if (r->field[0])
                vio_json_put_text(r->body, "field", r->field);
        if (reason)
                vio_json_put_text(r->body, "reason", reason);
        vio_json_put_text(r->body, "requestId", request_id);
        vio_json_end_object(r->body);
        r->etag[0] = '\0';
        r->link[0] = '\0';
        r->location[0] = '\0';
        r->disposition = NULL;
        r->type = NULL;
}

void answer_status(struct response *r, const char *request_id, int status, const char *message)
{
        r->status = status;
        write_body(r, request_id, status_name(status), message, NULL);
}

bool error_is_ours(int err)
{
        return err == VIO_E_STORAGE || error_status((enum vio_err)err) == 500;
}

/* What a client may read of an error when nobody chose better words. */
static const char *public_sentence(int err, const char *detail)
{
        if (err == VIO_E_STORAGE)
                return "The database does not answer; try again";
        if (error_is_ours(err))
                return "Something went wrong here; the request id tells the administrator what";
        if (err == VIO_E_INVALID && detail && *detail)
                return detail;
        return vio_strerror(err);
}

/* The length of the name at the start of "name: what is wrong with it", or 0. */
static size_t field_length(const char *text)
{
        size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
        bool begins_well = islower((unsigned char)text[0]);
        return begins_well && text[n] == ':' && text[n + 1] == ' ' ? n : 0;
}

/* The library begins its sentence with the name of a setting or member: "time_zone: ...". */
static void derive_field(struct response *r, const char *text)
{
        size_t n = 0;
        size_t len = field_length(text);
        if (r->field[0] || len >= sizeof(r->field))
                return;
        for (size_t i = 0; i < len; i++) {
                bool joint = text[i] == '_' && i + 1 < len;
                r->field[n++] = joint ? (char)toupper((unsigned char)text[++i]) : text[i];
        }
        r->field[n] = '\0';
}

/* When to come back, for errors that pass. */
static int retry_after(int err)
{
        switch (err) {
        case VIO_E_BUSY: return 1;
        case VIO_E_STORAGE: return 5;
        case VIO_E_LIMITED: return 60;
        default: return 0;
        }
}

void answer_error(struct response *r, const char *request_id, int err, const char *detail)
{
        if (!r->status)
                r->status = error_status((enum vio_err)err);
        if (!r->retry_after)
                r->retry_after = retry_after(err);
        if (err == VIO_E_AUTH && !r->authenticate)
                r->authenticate = "Bearer";
        char message[sizeof(r->message)];
        snprintf(message, sizeof(message), "%s",
                 r->message[0] ? r->message : public_sentence(err, detail));
        if (err == VIO_E_INVALID || err == VIO_E_CONFLICT)
                derive_field(r, message);
        write_body(r, request_id, vio_err_name(err), message, NULL);
}

void answer_refusal(struct response *r, const char *request_id, int reason, const char *detail)
{
        const char *message = detail && *detail ? detail : vio_strerror(VIO_E_REFUSED);
        if (reason == VIO_REASON_DAILY_LIMIT)
                message = "Daily call limit reached"; /* the original system's very words */
        r->status = error_status(VIO_E_REFUSED);
        write_body(r, request_id, vio_err_name(VIO_E_REFUSED), message,
                   vio_reason_name((enum vio_reason)reason));
}
