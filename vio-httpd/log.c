/* log.c - lines for people or for machines; each goes out in one write. */
#include "log.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define LONGEST_MESSAGE 768
#define LEAST_DIGITS    7 /* of a phone number that somebody could dial */

static const char *level_name(enum vio_log_level level)
{
        switch (level) {
        case VIO_LOG_DEBUG: return "debug";
        case VIO_LOG_INFO: return "info";
        case VIO_LOG_WARNING: return "warning";
        case VIO_LOG_ERROR: return "error";
        }
        return "error";
}

static const char *stamp(char ret[VIO_TIME_TEXT])
{
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        return vio_time_format((vio_time)now.tv_sec * 1000 + now.tv_nsec / 1000000, ret);
}

/* Several threads write at once; one writev(2) keeps their lines apart. */
static void put_line(const char *text, size_t len)
{
        char end = '\n';
        struct iovec parts[] = {{(char *)text, len}, {&end, 1}};
        ssize_t written = writev(STDERR_FILENO, parts, count_of(parts));
        (void)written; /* nobody is left to tell when stderr is gone */
}

/* The end of a run of digits and the signs that people write between them; counts the digits. */
static size_t number_run(const char *text, size_t *ret_digits)
{
        size_t end = 0;
        *ret_digits = 0;
        for (size_t i = 0; text[i] && strchr("0123456789+-./()*_ ", text[i]); i++)
                if (isdigit((unsigned char)text[i])) {
                        ++*ret_digits;
                        end = i + 1;
                }
        return end;
}

/* Whether a whole word stands here of this shape: x a hexadecimal digit, all else itself. */
static bool has_shape(const char *text, const char *shape)
{
        bool letter = false;
        for (; *shape; shape++, text++) {
                unsigned char c = (unsigned char)*text;
                if (*shape == 'x' ? !isxdigit(c) : c != (unsigned char)*shape)
                        return false;
                letter = letter || isalpha(c);
        }
        return letter && !isalnum((unsigned char)*text);
}

/* The number that the first @n bytes are, -1 when they are no digits. */
static int digits_at(const char *text, size_t n)
{
        int number = 0;
        for (size_t i = 0; i < n; i++) {
                if (!isdigit((unsigned char)text[i]))
                        return -1;
                number = number * 10 + (text[i] - '0');
        }
        return number;
}

/* "2026-11-24", whatever time follows it. */
static bool is_date(const char *text)
{
        int year = digits_at(text, 4);
        if (year < 1900 || year > 2099 || text[4] != '-')
                return false;
        int month = digits_at(text + 5, 2);
        if (month < 1 || month > 12 || text[7] != '-')
                return false;
        int day = digits_at(text + 8, 2);
        return day >= 1 && day <= 31 && !isdigit((unsigned char)text[10]);
}

/* The length of what may stand though it has many digits: an id of ours, or a date. */
static size_t harmless(const char *text)
{
        static const char *const ids[] = {"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
                                          "xxxxxxxxxxxxxxxx"};
        for (size_t i = 0; i < count_of(ids); i++)
                if (has_shape(text, ids[i]))
                        return strlen(ids[i]);
        return is_date(text) ? 10 : 0;
}

/* "192.0.2.17:5000": where somebody listens, or could not be reached. */
static bool is_endpoint(const char *text, size_t len)
{
        char quad[INET_ADDRSTRLEN];
        struct in_addr binary;
        if (len >= sizeof(quad) || text[len] != ':' || !isdigit((unsigned char)text[len + 1]))
                return false;
        memcpy(quad, text, len);
        quad[len] = '\0';
        return inet_pton(AF_INET, quad, &binary) == 1;
}

/* All digits but the last two become stars. */
static void mask_run(char *text, size_t len, size_t digits)
{
        for (size_t i = 0, seen = 0; i < len; i++)
                if (isdigit((unsigned char)text[i]) && ++seen + 2 <= digits)
                        text[i] = '*';
}

static size_t mask_number(char *text)
{
        size_t digits;
        size_t len = number_run(text, &digits);
        if (digits >= LEAST_DIGITS && !is_endpoint(text, len))
                mask_run(text, len, digits);
        return len;
}

static void mask_digits(char *text)
{
        bool in_word = false;
        for (char *p = text; *p;) {
                size_t skip = in_word ? 0 : harmless(p);
                if (!skip)
                        skip = isdigit((unsigned char)*p) ? mask_number(p) : 1;
                p += skip;
                in_word = isalnum((unsigned char)p[-1]);
        }
}

void log_clean(char *text)
{
        for (char *p = text; *p; p++)
                if (*p < ' ' || *p > '~')
                        *p = ' '; /* one message, one line, and nothing for a terminal to obey */
        mask_digits(text);
}

void log_mask_address(const char *address, char *ret, size_t size)
{
        unsigned char b[sizeof(struct in6_addr)];
        static const char mapped[] = "::ffff:";
        if (!strncasecmp(address, mapped, sizeof(mapped) - 1) && strchr(address, '.'))
                address += sizeof(mapped) - 1;
        if (inet_pton(AF_INET, address, b) == 1)
                snprintf(ret, size, "%d.%d.%d.x", b[0], b[1], b[2]);
        else if (inet_pton(AF_INET6, address, b) == 1)
                snprintf(ret, size, "%x:%x:%x::x", b[0] << 8 | b[1], b[2] << 8 | b[3],
                         b[4] << 8 | b[5]);
        else
                snprintf(ret, size, "-");
}

static vio_json_writer *begin_json(enum vio_log_level level)
{
        char now[VIO_TIME_TEXT];
        vio_json_writer *w = vio_json_writer_new();
        if (!w)
                return NULL;
        vio_json_begin_object(w, NULL);
        vio_json_put_text(w, "time", stamp(now));
        vio_json_put_text(w, "level", level_name(level));
        return w;
}

static void put_json(vio_json_writer *w)
{
        const char *text;
        size_t len;
        vio_json_end_object(w);
        if (vio_json_writer_text(w, &text, &len) == VIO_OK)
                put_line(text, len);
}

/* A message as the value of a logfmt pair: between quotation marks, its own ones escaped. */
static void put_text(enum vio_log_level level, const char *message)
{
        char now[VIO_TIME_TEXT];
        char line[2 * LONGEST_MESSAGE + 64];
        size_t n = (size_t)snprintf(line, sizeof(line), "time=%s level=%s msg=\"", stamp(now),
                                    level_name(level));
        for (const char *p = message; *p; p++) {
                if (*p == '"' || *p == '\\')
                        line[n++] = '\\';
                line[n++] = *p;
        }
        line[n++] = '"';
        put_line(line, n);
}

void log_hook(void *data, enum vio_log_level level, const char *message)
{
        const struct log *log = data;
        char clean[LONGEST_MESSAGE];
        snprintf(clean, sizeof(clean), "%s", message);
        log_clean(clean);
        if (log->format == LOG_TEXT) {
                put_text(level, clean);
                return;
        }
        _cleanup_(free_writer) vio_json_writer *w = begin_json(level);
        if (!w)
                return;
        vio_json_put_text(w, "message", clean);
        put_json(w);
}

void log_say(const struct log *log, enum vio_log_level level, const char *format, ...)
{
        char message[LONGEST_MESSAGE];
        va_list args;
        va_start(args, format);
        /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): it is, one line above. */
        vsnprintf(message, sizeof(message), format, args);
        va_end(args);
        log_hook((void *)log, level, message);
}

/* 501 and 505 are the client's doing. */
static enum vio_log_level level_of(int status)
{
        return status < 500 || status == 501 || status == 505 ? VIO_LOG_INFO : VIO_LOG_ERROR;
}

/* A method that no route has is the client's own text. */
static const char *method_of(const struct request *q)
{
        return q->route ? q->method : "-";
}

static void put_request_text(const struct request *q, const struct exchange *x, const char *remote)
{
        char now[VIO_TIME_TEXT];
        char line[512];
        int n = snprintf(line, sizeof(line),
                         "time=%s level=%s request=%s method=%s route=%s status=%d ms=%lld "
                         "bytes=%llu remote=%s",
                         stamp(now), level_name(level_of(x->status)), q->id, method_of(q),
                         q->route ? q->route : "-", x->status, (long long)x->us / 1000,
                         (unsigned long long)x->bytes, remote);
        if (q->who.tenant.v)
                n += snprintf(line + n, sizeof(line) - (size_t)n, " tenant=%lld",
                              (long long)q->who.tenant.v);
        if (q->who.user.v)
                n += snprintf(line + n, sizeof(line) - (size_t)n, " user=%lld",
                              (long long)q->who.user.v);
        if (x->cut)
                n += snprintf(line + n, sizeof(line) - (size_t)n, " cut=true");
        put_line(line, (size_t)n);
}

static void put_request_json(const struct request *q, const struct exchange *x, const char *remote)
{
        _cleanup_(free_writer) vio_json_writer *w = begin_json(level_of(x->status));
        if (!w)
                return;
        vio_json_put_text(w, "message", "request");
        vio_json_put_text(w, "requestId", q->id);
        vio_json_put_text(w, "method", method_of(q));
        vio_json_put_text(w, "route", q->route ? q->route : "-");
        vio_json_put_int(w, "status", x->status);
        vio_json_put_int(w, "ms", x->us / 1000);
        vio_json_put_int(w, "bytes", (int64_t)x->bytes);
        vio_json_put_text(w, "remote", remote);
        if (q->who.tenant.v)
                vio_json_put_int(w, "tenantId", q->who.tenant.v);
        if (q->who.user.v)
                vio_json_put_int(w, "userId", q->who.user.v);
        if (x->cut)
                vio_json_put_bool(w, "cut", true);
        put_json(w);
}

void log_request(const struct log *log, const struct request *q, const struct exchange *x)
{
        char remote[INET6_ADDRSTRLEN];
        log_mask_address(q->remote, remote, sizeof(remote));
        if (log->format == LOG_TEXT)
                put_request_text(q, x, remote);
        else
                put_request_json(q, x, remote);
}
