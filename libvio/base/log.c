/* log.c - messages for whoever embeds us. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>

#define LONGEST 1024

void log_write(const struct log_sink *s, enum log_level level, const char *format, ...)
{
        if (!s || !s->write)
                return;
        char message[LONGEST];
        va_list args;
        va_start(args, format);
        int len = vsnprintf(message, sizeof(message), format, args);
        va_end(args);
        if (len < 0)
                return;
        /* One message is one line, whatever a peer sent us. */
        for (char *p = message; *p; p++)
                if ((unsigned char)*p < ' ' || *p == 0x7F)
                        *p = ' ';
        s->write(s->data, level, message);
}
