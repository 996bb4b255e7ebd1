/* log.h - messages for whoever embeds us. Never a secret, never a phone number, never a name. */
#ifndef VIO_BASE_LOG_H
#define VIO_BASE_LOG_H

#include "attr.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

struct log_sink {
        void (*write)(void *data, enum log_level level, const char *message); /* NULL: silence */
        void *data;
};

_printf_(3, 4) void log_write(const struct log_sink *s, enum log_level level, const char *format,
                              ...);

#endif
