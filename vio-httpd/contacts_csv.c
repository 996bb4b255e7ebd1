/* contacts_csv.c - contacts in and out as CSV. */
#include "handlers.h"

int contacts_export(vio_tenant *t, const struct request *q, struct response *r)
{
        (void)t;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int contacts_import(vio_tenant *t, const struct request *q, struct response *r)
{
        (void)t;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}
