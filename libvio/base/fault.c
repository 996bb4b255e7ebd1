/* fault.c - the text of a failure, on its way to the handle that shows it. */
#include "fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <vio/core.h>

#include "text.h"

int fault_set(struct fault *f, int err, const char *format, ...)
{
        if (!f)
                return err;
        char whole[sizeof(f->text) +
                   4]; /* a character more than fits, so that the cut sees its end */
        va_list args;
        va_start(args, format);
        int len = vsnprintf(whole, sizeof(whole), format, args);
        va_end(args);
        f->err = err;
        f->reason = 0;
        text_copy(f->text, sizeof(f->text), len < 0 ? vio_strerror(err) : whole);
        return err;
}

int fault_plain(struct fault *f, int err)
{
        return fault_set(f, err, "%s", vio_strerror(err));
}
