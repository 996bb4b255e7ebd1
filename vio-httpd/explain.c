/* explain.c - why a contact was called, or not, and what comes next. */
#include "handlers.h"

int contacts_explain(vio_tenant *t, const struct request *q, struct response *r)
{
        (void)t;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}
