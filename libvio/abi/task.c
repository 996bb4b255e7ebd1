/* task.c - call tasks: public functions, getters, and their JSON. */
#include <vio/task.h>

#include <string.h>
#include <vio/window.h>

#include "abi/handle.h"
#include "base/mem.h"
#include "flow/task_edit.h"
#include "rules/sized.h"
#include "store/tasks.h"

struct listing {
        const struct vio_task_filter *filter;
        int (*cb)(void *data, const vio_task *task);
        void *data;
        char *cursor; /* gets the cursor of the next page; NULL: nobody asks */
};

static int list_in(struct tenant_tx *tx, void *arg)
{
        struct listing *l = arg;
        if (!l->cursor)
                return task_each(tx, l->filter, l->cb, l->data);
        return task_page(tx, l->filter, l->cb, l->data, l->cursor);
}

/* Programs built against 0.1 know the members up to .limit only. */
static int read_filter(const struct vio_task_filter *given, struct vio_task_filter *ret,
                       struct fault *fault)
{
        struct vio_task_filter f = VIO_TASK_FILTER_INIT;
        struct task_cursor after;

        if (!given || given->size < offsetof(struct vio_task_filter, from))
                return fault_set(fault, VIO_E_INVALID, "the filter was not initialised");
        sized_read(&f, sizeof(f), given);
        if (f.limit < 1 || f.limit > 500)
                return fault_set(fault, VIO_E_INVALID, "limit: must be 1 to 500");
        if (f.status < -1 || f.status > VIO_TASK_CANCELLED)
                return fault_set(fault, VIO_E_INVALID, "status: there is no such status");
        if (f.after && *f.after && task_cursor_parse(f.after, &after) < 0)
                return fault_set(fault, VIO_E_INVALID, "after: must be a cursor of this list");
        *ret = f;
        return 0;
}

int vio_task_each(vio_tenant *t, const struct vio_task_filter *filter,
                  int (*cb)(void *data, const vio_task *task), void *data)
{
        struct acting a = tenant_acts(t);
        struct vio_task_filter f;
        struct listing l = {&f, cb, data, NULL};

        int r = read_filter(filter, &f, a.fault);
        return r ? r : store_read_tenant(a.e->store, a.tenant, list_in, &l, a.fault);
}

int vio_task_page(vio_tenant *t, const struct vio_task_filter *filter,
                  int (*cb)(void *data, const vio_task *task), void *data,
                  char ret_cursor[VIO_TASK_CURSOR])
{
        struct acting a = tenant_acts(t);
        struct vio_task_filter f;
        char cursor[VIO_TASK_CURSOR];
        struct listing l = {&f, cb, data, cursor};

        int r = read_filter(filter, &f, a.fault);
        if (!r)
                r = store_read_tenant(a.e->store, a.tenant, list_in, &l, a.fault);
        if (!r)
                memcpy(ret_cursor, cursor, sizeof(cursor));
        return r;
}

struct reading {
        vio_task_id id;
        vio_task *task;
};

static int get_in(struct tenant_tx *tx, void *arg)
{
        struct reading *read = arg;
        return task_load(tx, read->id, read->task);
}

int vio_task_get(vio_tenant *t, vio_task_id id, vio_task **ret)
{
        struct acting a = tenant_acts(t);
        struct reading read = {id, mem_new(sizeof(vio_task))};

        if (!read.task)
                return fault_plain(a.fault, VIO_E_NOMEM);
        int r = store_read_tenant(a.e->store, a.tenant, get_in, &read, a.fault);
        if (r) {
                vio_task_free(read.task);
                return r == VIO_E_NOTFOUND ? fault_set(a.fault, r, "Task not found") : r;
        }
        *ret = read.task;
        return 0;
}

vio_task *vio_task_free(vio_task *task)
{
        if (task) {
                task_done(task);
                mem_free(task);
        }
        return NULL;
}

static int told(const struct acting *a, int r)
{
        return r == VIO_E_NOTFOUND ? fault_set(a->fault, r, "Task not found") : r;
}

int vio_task_cancel(vio_tenant *t, vio_task_id id)
{
        struct acting a = tenant_acts(t);
        return told(&a, task_cancel(&a, id));
}

int vio_task_move(vio_tenant *t, vio_task_id id, vio_time at)
{
        struct acting a = tenant_acts(t);
        return told(&a, task_move(&a, id, at));
}

int vio_task_retry(vio_tenant *t, vio_task_id id, vio_time at, vio_task_id *ret)
{
        struct acting a = tenant_acts(t);
        vio_task_id made;

        int r = told(&a, task_retry(&a, id, at, &made));
        if (!r && ret)
                *ret = made;
        return r;
}

vio_task_id vio_task_get_id(const vio_task *task)
{
        return task->id;
}

vio_contact_id vio_task_get_contact(const vio_task *task)
{
        return task->contact;
}

const char *vio_task_get_contact_name(const vio_task *task)
{
        return task->contact_name;
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
        vio_json_put_text(w, "contactName", task->contact_name);
        vio_json_put_text(w, "taskType", vio_task_type_name(task->type));
        vio_json_put_text(w, "status", vio_task_status_name(task->status));
        vio_json_put_time(w, "scheduledFor", task->scheduled_for);
        vio_json_put_int(w, "attempts", task->attempts);
        vio_json_put_time(w, "lastAttemptAt", task->last_attempt_at);
        vio_json_put_text(w, "retellCallId", task->retell_call_id);
        vio_json_put_text(w, "reason", reason == VIO_REASON_NONE ? NULL : vio_reason_name(reason));
        vio_json_put_text(w, "reasonText",
                          reason == VIO_REASON_NONE ? NULL : vio_reason_text(reason));
        vio_json_put_time(w, "createdAt", task->created_at);
        vio_json_end_object(w);
}
