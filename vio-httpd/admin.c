/* admin.c - what the platform's owner looks after: stuck calls, health. */
#include "handlers.h"

int admin_stuck_calls(vio_operator *op, const struct request *q, struct response *r)
{
        (void)op;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int admin_health(vio_operator *op, const struct request *q, struct response *r)
{
        (void)op;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}
