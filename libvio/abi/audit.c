/* audit.c - who did what: the audit log and its proof. */
#include <vio/audit.h>

#include <string.h>

#include "abi/handle.h"
#include "base/text.h"
#include "rules/sized.h"
#include "store/audit.h"
#include "store/tenants.h"

struct reading {
        struct vio_audit_filter filter;
        int (*cb)(void *data, const struct vio_audit_entry *e);
        void *data;
};

static int read_filter(const struct vio_audit_filter *given, struct vio_audit_filter *ret,
                       struct fault *f)
{
        struct vio_audit_filter filter = VIO_AUDIT_FILTER_INIT;

        if (given && given->size < sizeof(filter))
                return fault_set(f, VIO_E_INVALID, "the filter was not initialised");
        if (given)
                sized_read(&filter, sizeof(filter), given);
        if (filter.limit < 1 || filter.limit > VIO_AUDIT_LIMIT)
                return fault_set(f, VIO_E_INVALID, "limit: must be 1 to %d", VIO_AUDIT_LIMIT);
        if (filter.action && !utf8_valid(filter.action, strlen(filter.action)))
                return fault_set(f, VIO_E_INVALID, "action: must be UTF-8");
        if (filter.action && !*filter.action)
                filter.action = NULL;
        *ret = filter;
        return 0;
}

static int each_in(struct tenant_tx *tx, void *arg)
{
        struct reading *r = arg;
        return audit_each(tx, &r->filter, r->cb, r->data);
}

int vio_audit_each(vio_tenant *t, const struct vio_audit_filter *filter,
                   int (*cb)(void *data, const struct vio_audit_entry *e), void *data)
{
        struct acting a = tenant_acts(t);
        struct reading reading = {.cb = cb, .data = data};

        int r = read_filter(filter, &reading.filter, a.fault);
        return r ? r : store_read_tenant(a.e->store, a.tenant, each_in, &reading, a.fault);
}

/* Authority over all narrows to the log that is asked for; 0 is the installation's. */
static int narrow(struct system_tx *tx, vio_tenant_id tenant, struct tenant_tx *ret)
{
        *ret = tx_narrow(tx, tenant);
        return tenant.v ? tenant_exists(ret) : 0;
}

static int operator_each_in(struct system_tx *tx, void *arg)
{
        struct reading *reading = arg;
        struct tenant_tx log;

        int r = narrow(tx, reading->filter.tenant, &log);
        return r ? r : each_in(&log, reading);
}

int vio_operator_audit_each(vio_operator *op, const struct vio_audit_filter *filter,
                            int (*cb)(void *data, const struct vio_audit_entry *e), void *data)
{
        struct acting a = operator_acts(op);
        struct reading reading = {.cb = cb, .data = data};

        int r = read_filter(filter, &reading.filter, a.fault);
        return r ? r : store_read(a.e->store, operator_each_in, &reading, a.fault);
}

struct verifying {
        vio_tenant_id tenant;
        int64_t broken;
};

static int verify_in(struct system_tx *tx, void *arg)
{
        struct verifying *v = arg;
        struct tenant_tx log;

        int r = narrow(tx, v->tenant, &log);
        return r ? r : audit_verify(&log, &v->broken);
}

static int verify(const struct acting *a, vio_tenant_id tenant, int64_t *ret_broken)
{
        struct verifying v = {.tenant = tenant};
        int r = store_read(a->e->store, verify_in, &v, a->fault);
        if (!r)
                *ret_broken = v.broken;
        return r;
}

int vio_audit_verify(vio_tenant *t, int64_t *ret_broken)
{
        struct acting a = tenant_acts(t);
        return verify(&a, a.tenant, ret_broken);
}

int vio_operator_audit_verify(vio_operator *op, vio_tenant_id tenant, int64_t *ret_broken)
{
        struct acting a = operator_acts(op);
        return verify(&a, tenant, ret_broken);
}
