/* log.h - one line on stderr for each message and each request, as logfmt or as JSON. */
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
 * the path or the query gets into the log, and without the last part of the client's address.
 */
void log_request(const struct log *log, const struct request *q, const struct exchange *x);

/*
 * The last resort against what must not be in a log, in place: seven or more digits, whatever signs
 * people write between them, become stars but for the last two; a byte that is no printable ASCII
 * becomes a blank, so that a message stays one line. Our ids, dates, and an address with its port
 * stay as they are.
 */
void log_clean(char *text);

/* An address without what tells one machine from its neighbours: "203.0.113.x", "2001:db8:7::x". */
void log_mask_address(const char *address, char *ret, size_t size);

#endif
