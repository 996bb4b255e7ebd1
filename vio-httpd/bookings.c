/* bookings.c - what calendars tell us. */
#include "handlers.h"

int webhooks_cal_com_named(vio *v, const struct request *q, struct response *r)
{
        (void)v;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int webhooks_cal_com(vio *v, const struct request *q, struct response *r)
{
        (void)v;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int webhooks_calendly(vio *v, const struct request *q, struct response *r)
{
        (void)v;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}
