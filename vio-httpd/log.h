/* log.h - one line on stderr for each message and each request, as text or as JSON. */
#ifndef HTTPD_LOG_H
#define HTTPD_LOG_H

#include "message.h"

enum log_format { LOG_TEXT, LOG_JSON };

struct log {
        enum log_format format;
};

/* A message. No secret, phone number or name may be in it. */
_printf_(3, 4) void log_say(const struct log *log, enum vio_log_level level, const char *format,
                            ...);

/* The same in the form of the library's hook; @data is a struct log. */
void log_hook(void *data, enum vio_log_level level, const char *message);

/*
 * A request that was answered: by the pattern of its route, so that nothing a client wrote into
 * the path or the query gets into the log.
 */
void log_request(const struct log *log, const struct request *q, int status, int64_t ms);

#endif
