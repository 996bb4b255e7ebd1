/* a call id in place of a contact id: incompatible type */
#include <vio.h>

int misuse(vio_tenant *t, vio_contact_id contact, vio_call_id call, vio_call **ret)
{
#ifdef RIGHT
        return vio_call_now(t, contact, ret);
#else
        return vio_call_now(t, call, ret);
#endif
}
