/* summary.c - the daily summary. */
#include "handlers.h"

int summary_settings(vio_tenant *t, const struct request *q, struct response *r)
{
        (void)t;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int summary_settings_put(vio_tenant *t, const struct request *q, struct response *r)
{
        (void)t;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int summary_preview(vio_tenant *t, const struct request *q, struct response *r)
{
        (void)t;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int summary_test(vio_tenant *t, const struct request *q, struct response *r)
{
        (void)t;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}
