/* a contact id in place of a tenant id: incompatible type */
#include <vio.h>

int misuse(vio *v, vio_tenant_id tenant, vio_contact_id contact, vio_tenant **ret)
{
#ifdef RIGHT
        return vio_tenant_open(v, tenant, NULL, ret);
#else
        return vio_tenant_open(v, contact, NULL, ret);
#endif
}
