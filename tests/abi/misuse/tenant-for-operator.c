/* a tenant in place of the operator: incompatible pointer type */
#include <vio.h>

int misuse(vio_operator *op, vio_tenant *t, vio_tenant_id *ret)
{
#ifdef RIGHT
        return vio_tenant_add(op, "Northside Dental", NULL, 0, ret);
#else
        return vio_tenant_add(t, "Northside Dental", NULL, 0, ret);
#endif
}
