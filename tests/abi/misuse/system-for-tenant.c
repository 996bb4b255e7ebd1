/* the whole system in place of a tenant: incompatible pointer type */
#include <vio.h>

int misuse(vio *v, vio_tenant *t, vio_contact_id contact, vio_call **ret)
{
#ifdef RIGHT
        return vio_call_now(t, contact, ret);
#else
        return vio_call_now(v, contact, ret);
#endif
}
