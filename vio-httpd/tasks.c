/* tasks.c - the calls that are planned. */
#include "handlers.h"

int tasks_list(vio_tenant *t, const struct request *q, struct response *r)
{
        (void)t;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int tasks_move(vio_tenant *t, const struct request *q, struct response *r)
{
        (void)t;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int tasks_cancel(vio_tenant *t, const struct request *q, struct response *r)
{
        (void)t;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int tasks_retry(vio_tenant *t, const struct request *q, struct response *r)
{
        (void)t;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}
