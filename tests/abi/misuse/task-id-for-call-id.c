/* a task id in place of a call id: incompatible type */
#include <vio.h>

int misuse(vio_tenant *t, vio_call_id call, vio_task_id task, vio_call **ret)
{
#ifdef RIGHT
        return vio_call_get(t, call, ret);
#else
        return vio_call_get(t, task, ret);
#endif
}
