/* impersonation.c - the platform's owner acts as a tenant's administrator, and stops doing so. */
#include "handlers.h"
#include "tenants.h"

struct wanted {
        vio_tenant_id id;
        vio_json_writer *w;
};

static int write_wanted(void *data, const struct vio_tenant_info *i)
{
        const struct wanted *wanted = data;
        if (i->id.v == wanted->id.v)
                tenant_write(i, wanted->w, "tenant");
        return 0;
}

static int write_answer(vio_operator *op, vio_tenant_id id, const char *token, vio_json_writer *w)
{
        struct wanted wanted = {id, w};
        vio_json_begin_object(w, NULL);
        vio_json_put_text(w, "token", token);
        int e = vio_tenant_each(op, write_wanted, &wanted);
        vio_json_end_object(w);
        return e;
}

int tenants_impersonate(vio_operator *op, const struct request *q, struct response *r)
{
        vio_tenant_id id;
        char token[VIO_TOKEN_SIZE];
        int e = request_item_number(q, &id.v);
        if (e == VIO_OK)
                e = vio_impersonate(op, id, token);
        if (e == VIO_E_NOTFOUND)
                return refuse(r, e, "Tenant not found");
        return e < 0 ? e : write_answer(op, id, token, r->body);
}

int auth_impersonation_end(vio *v, const struct request *q, struct response *r)
{
        int e = vio_impersonation_end(v, q->token, q->remote);
        if (e == VIO_E_INVALID)
                return refuse(r, e, "This token is no impersonation's");
        if (e < 0)
                return e == VIO_E_AUTH ? refuse(r, e, "Invalid token") : e;
        vio_json_begin_object(r->body, NULL);
        vio_json_put_text(r->body, "message", "Impersonation ended");
        vio_json_end_object(r->body);
        return VIO_OK;
}
