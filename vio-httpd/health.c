/* health.c - whether the process lives, and whether it can do its work. */
#include "handlers.h"

static void write_status(struct response *r, const char *status)
{
        vio_json_begin_object(r->body, NULL);
        vio_json_put_text(r->body, "status", status);
        vio_json_end_object(r->body);
}

int health_live(vio *v, const struct request *q, struct response *r)
{
        (void)v;
        (void)q;
        write_status(r, "ok");
        return VIO_OK;
}

int health_ready(vio *v, const struct request *q, struct response *r)
{
        bool ready = !q->stopping && vio_ready(v) == VIO_OK;
        r->status = ready ? 200 : 503;
        r->retry_after = ready ? 0 : 5;
        write_status(r, ready         ? "ready"
                        : q->stopping ? "stopping"
                                      : "the database does not answer");
        return VIO_OK;
}
