/* fault.h - the text of a failure, on its way from where it arose to the handle that shows it. */
#ifndef VIO_BASE_FAULT_H
#define VIO_BASE_FAULT_H

#include "attr.h"

/* Fixed size: telling of a failure must not fail. */
struct fault {
        int err;        /* enum vio_err */
        int reason;     /* enum vio_reason of a refusal, else 0 */
        char text[240]; /* for a person; no SQL, no secret */
};

/* Notes the failure and returns @err; a NULL @f is allowed. */
_printf_(3, 4) int fault_set(struct fault *f, int err, const char *format, ...);

/* Notes the failure with its standard sentence and returns @err. */
int fault_plain(struct fault *f, int err);

#endif
