/* analytics.c - what came of the calls: public functions. */
#include <vio/analytics.h>

#include <string.h>

#include "abi/handle.h"
#include "flow/analytics.h"

/* Fills the caller's struct as far as it knows the members; its size stays its own. */
static void give(void *dst, size_t dst_size, const void *src, size_t src_size)
{
        memcpy((char *)dst + sizeof(size_t), (const char *)src + sizeof(size_t),
               (dst_size < src_size ? dst_size : src_size) - sizeof(size_t));
}

int vio_call_activity(vio_tenant *t, struct vio_call_activity *ret,
                      int (*recent)(void *data, const vio_call *c), void *data)
{
        struct acting a = tenant_acts(t);
        struct vio_call_activity activity;

        if (!ret || ret->size < sizeof(activity))
                return fault_set(a.fault, VIO_E_INVALID, "the result was not initialised");
        int r = call_activity(&a, &activity, recent, data);
        if (!r)
                give(ret, ret->size, &activity, sizeof(activity));
        return r;
}

int vio_performance(vio_tenant *t, int days, struct vio_performance *ret,
                    int (*each)(void *data, const struct vio_day_figures *day), void *data)
{
        struct acting a = tenant_acts(t);
        struct vio_performance p;

        if (!ret || ret->size < sizeof(p))
                return fault_set(a.fault, VIO_E_INVALID, "the result was not initialised");
        if (days < 1 || days > VIO_PERFORMANCE_DAYS)
                return fault_set(a.fault, VIO_E_INVALID, "timePeriod: must be 1 to %d days",
                                 VIO_PERFORMANCE_DAYS);
        int r = performance(&a, days, &p, each, data);
        if (!r)
                give(ret, ret->size, &p, sizeof(p));
        return r;
}
