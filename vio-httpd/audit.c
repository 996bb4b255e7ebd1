/* audit.c - who did what. */
#include "handlers.h"

int audit_list_all(vio_operator *op, const struct request *q, struct response *r)
{
        (void)op;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int audit_list(vio_tenant *t, const struct request *q, struct response *r)
{
        (void)t;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}
