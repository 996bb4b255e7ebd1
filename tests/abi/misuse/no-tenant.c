/* a call that leaves its tenant out: too few arguments */
#include <vio.h>

int misuse(vio_tenant *t, vio_call_id call, vio_call **ret)
{
#ifdef RIGHT
        return vio_call_get(t, call, ret);
#else
        return vio_call_get(call, ret);
#endif
}
