/* handle.c - the three authorities: opened, freed, and what went wrong last on them. */
#include "abi/handle.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "store/tenants.h"

void actor_take(struct actor_copy *copy, const struct vio_actor *actor)
{
        copy->actor = actor ? *actor : actor_system;
        if (!copy->actor.ip_address)
                return;
        text_copy(copy->ip_address, sizeof(copy->ip_address), copy->actor.ip_address);
        copy->actor.ip_address = copy->ip_address;
}

static struct acting begin(vio *v, vio_tenant_id tenant, const struct actor_copy *who,
                           struct fault *f)
{
        *f = (struct fault){0};
        return (struct acting){.e = &v->engine,
                               .tenant = tenant,
                               .actor = &who->actor,
                               .fault = f,
                               .now = engine_now(&v->engine)};
}

struct acting operator_acts(vio_operator *op)
{
        return begin(op->system, (vio_tenant_id){0}, &op->who, &op->fault);
}

struct acting tenant_acts(vio_tenant *t)
{
        return begin(t->system, t->id, &t->who, &t->fault);
}

int vio_operator_open(vio *v, const struct vio_actor *actor, vio_operator **ret)
{
        vio_operator *op = mem_new(sizeof(*op));
        if (!op)
                return VIO_E_NOMEM;
        op->system = v;
        actor_take(&op->who, actor);
        *ret = op;
        return 0;
}

vio_operator *vio_operator_free(vio_operator *op)
{
        mem_free(op);
        return NULL;
}

const char *vio_operator_error(const vio_operator *op)
{
        return op->fault.text;
}

static int exists_in(struct tenant_tx *tx, void *arg)
{
        (void)arg;
        return tenant_exists(tx);
}

int vio_tenant_open(vio *v, vio_tenant_id id, const struct vio_actor *actor, vio_tenant **ret)
{
        struct fault f = {0};
        int r = store_read_tenant(v->engine.store, id, exists_in, NULL, &f);
        if (r)
                return r;
        vio_tenant *t = mem_new(sizeof(*t));
        if (!t)
                return VIO_E_NOMEM;
        t->system = v;
        t->id = id;
        actor_take(&t->who, actor);
        *ret = t;
        return 0;
}

int vio_operator_tenant_open(vio_operator *op, vio_tenant_id id, vio_tenant **ret)
{
        return vio_tenant_open(op->system, id, &op->who.actor, ret);
}

vio_tenant *vio_tenant_free(vio_tenant *t)
{
        mem_free(t);
        return NULL;
}

const char *vio_tenant_error(const vio_tenant *t)
{
        return t->fault.text;
}

int vio_tenant_refusal(const vio_tenant *t)
{
        return t->fault.err == VIO_E_REFUSED ? t->fault.reason : 0;
}

vio_tenant_id vio_tenant_get_id(const vio_tenant *t)
{
        return t->id;
}
