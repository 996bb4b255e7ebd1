/* tenants.c - the platform owner's list of tenants. */
#include "tenants.h"

#include "handlers.h"

void tenant_write(const struct vio_tenant_info *i, vio_json_writer *w, const char *key)
{
        vio_json_begin_object(w, key);
        vio_json_put_int(w, "id", i->id.v);
        vio_json_put_text(w, "name", i->name);
        vio_json_put_text(w, "timeZone", i->time_zone);
        vio_json_put_bool(w, "suspended", i->suspended);
        vio_json_put_bool(w, "configured", i->configured);
        vio_json_put_time(w, "createdAt", i->created_at);
        vio_json_end_object(w);
}

static int write_tenant(void *data, const struct vio_tenant_info *i)
{
        tenant_write(i, data, NULL);
        return 0;
}

int tenants_list(vio_operator *op, const struct request *q, struct response *r)
{
        (void)q;
        vio_json_begin_array(r->body, NULL);
        int e = vio_tenant_each(op, write_tenant, r->body);
        vio_json_end_array(r->body);
        return e;
}

int tenants_add(vio_operator *op, const struct request *q, struct response *r)
{
        (void)op;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int tenants_get(vio_operator *op, const struct request *q, struct response *r)
{
        (void)op;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int tenants_change(vio_operator *op, const struct request *q, struct response *r)
{
        (void)op;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int tenants_suspend(vio_operator *op, const struct request *q, struct response *r)
{
        (void)op;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int tenants_resume(vio_operator *op, const struct request *q, struct response *r)
{
        (void)op;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}
