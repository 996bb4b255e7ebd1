/* task.c - call tasks: public functions, getters, and their JSON. */
#include <vio/task.h>

#include <vio/window.h>

#include "abi/handle.h"
#include "store/tasks.h"

struct listing {
        const struct vio_task_filter *filter;
        int (*cb)(void *data, const vio_task *task);
        void *data;
};

static int each_in(struct tenant_tx *tx, void *arg)
{
        struct listing *l = arg;
        return task_each(tx, l->filter, l->cb, l->data);
}

int vio_task_each(vio_tenant *t, const struct vio_task_filter *filter,
                  int (*cb)(void *data, const vio_task *task), void *data)
{
        struct acting a = tenant_acts(t);
        struct listing l = {filter, cb, data};

        if (!filter || filter->size != sizeof(*filter))
                return fault_set(a.fault, VIO_E_INVALID, "the filter was not initialised");
        if (filter->limit < 1 || filter->limit > 500)
                return fault_set(a.fault, VIO_E_INVALID, "limit: must be 1 to 500");
        if (filter->status < -1 || filter->status > VIO_TASK_CANCELLED)
                return fault_set(a.fault, VIO_E_INVALID, "status: there is no such status");
        return store_read_tenant(a.e->store, a.tenant, each_in, &l, a.fault);
}

vio_task_id vio_task_get_id(const vio_task *task)
{
        return task->id;
}

vio_contact_id vio_task_get_contact(const vio_task *task)
{
        return task->contact;
}

enum vio_task_type vio_task_get_type(const vio_task *task)
{
        return task->type;
}

enum vio_task_status vio_task_get_status(const vio_task *task)
{
        return task->status;
}

vio_time vio_task_get_scheduled_for(const vio_task *task)
{
        return task->scheduled_for;
}

int vio_task_get_reason(const vio_task *task)
{
        return task->reason;
}

void vio_task_write(const vio_task *task, vio_json_writer *w, const char *key)
{
        enum vio_reason reason = (enum vio_reason)task->reason;

        vio_json_begin_object(w, key);
        vio_json_put_text(w, "id", task->id.s);
        vio_json_put_int(w, "contactId", task->contact.v);
        vio_json_put_text(w, "taskType", vio_task_type_name(task->type));
        vio_json_put_text(w, "status", vio_task_status_name(task->status));
        vio_json_put_time(w, "scheduledFor", task->scheduled_for);
        vio_json_put_int(w, "attempts", task->attempts);
        vio_json_put_time(w, "lastAttemptAt", task->last_attempt_at);
        vio_json_put_text(w, "retellCallId", task->retell_call_id);
        vio_json_put_text(w, "reason", reason == VIO_REASON_NONE ? NULL : vio_reason_name(reason));
        vio_json_put_time(w, "createdAt", task->created_at);
        vio_json_end_object(w);
}
