/* log.c - lines for people or for machines; each goes out in one write. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

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

static void put_json(vio_json_writer *w)
{
        const char *text;
        size_t len;
        vio_json_end_object(w);
        if (vio_json_writer_text(w, &text, &len) == VIO_OK)
                put_line(text, len);
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

static void put_text(enum vio_log_level level, const char *message)
{
        char now[VIO_TIME_TEXT];
        char line[1024];
        snprintf(line, sizeof(line), "%s %s %s", stamp(now), level_name(level), message);
        for (char *p = line; *p; p++)
                if ((unsigned char)*p < ' ')
                        *p = ' '; /* one message, one line */
        put_line(line, strlen(line));
}

void log_hook(void *data, enum vio_log_level level, const char *message)
{
        const struct log *log = data;
        if (log->format == LOG_TEXT) {
                put_text(level, message);
                return;
        }
        _cleanup_(free_writer) vio_json_writer *w = begin_json(level);
        if (!w)
                return;
        vio_json_put_text(w, "message", message);
        put_json(w);
}

void log_say(const struct log *log, enum vio_log_level level, const char *format, ...)
{
        char message[768];
        va_list args;
        va_start(args, format);
        vsnprintf(message, sizeof(message), format, args);
        va_end(args);
        log_hook((void *)log, level, message);
}

void log_request(const struct log *log, const struct request *q, int status, int64_t ms)
{
        enum vio_log_level level = status < 500 ? VIO_LOG_INFO : VIO_LOG_ERROR;
        const char *route = q->route ? q->route : "-";
        /* A method that no route has is the client's own text. */
        const char *method = q->route ? q->method : "-";
        if (log->format == LOG_TEXT) {
                log_say(log, level, "request %s %s %s %d %lldms", q->id, method, route, status,
                        (long long)ms);
                return;
        }
        _cleanup_(free_writer) vio_json_writer *w = begin_json(level);
        if (!w)
                return;
        vio_json_put_text(w, "message", "request");
        vio_json_put_text(w, "requestId", q->id);
        vio_json_put_text(w, "method", method);
        vio_json_put_text(w, "route", route);
        vio_json_put_int(w, "status", status);
        vio_json_put_int(w, "ms", ms);
        if (q->who.tenant.v)
                vio_json_put_int(w, "tenantId", q->who.tenant.v);
        put_json(w);
}
