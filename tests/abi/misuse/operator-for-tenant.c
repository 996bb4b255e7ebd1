/* an operator in place of a tenant: incompatible pointer type */
#include <vio.h>

int misuse(vio_operator *op, vio_tenant *t, vio_contact_id contact, vio_contact **ret)
{
#ifdef RIGHT
        return vio_contact_get(t, contact, ret);
#else
        return vio_contact_get(op, contact, ret);
#endif
}
