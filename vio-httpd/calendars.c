/* calendars.c - the addresses and secrets of the calendars' webhooks. */
#include "handlers.h"

int calendars_list(vio_tenant *t, const struct request *q, struct response *r)
{
        (void)t;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int calendars_renew(vio_tenant *t, const struct request *q, struct response *r)
{
        (void)t;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int calendars_remove(vio_tenant *t, const struct request *q, struct response *r)
{
        (void)t;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}
