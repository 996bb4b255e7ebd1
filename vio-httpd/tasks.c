/* tasks.c - the calls that are planned: listed, moved, cancelled, planned again. */
#include "fields.h"
#include "handlers.h"
#include "link.h"
#include "query.h"

/* In the order of enum vio_task_status. */
static const char *const statuses[] = {"pending", "processing", "completed",
                                       "failed",  "cancelled",  NULL};

static int read_filter(const struct request *q, struct response *r, struct vio_task_filter *ret,
                       char after[VIO_TASK_CURSOR])
{
        int e = query_word(q, r, "status", statuses, &ret->status);
        if (e == VIO_OK)
                e = query_number(q, r, "contactId", &ret->contact.v);
        if (e == VIO_OK)
                e = query_time(q, r, "from", &ret->from);
        if (e == VIO_OK)
                e = query_time(q, r, "to", &ret->to);
        if (e == VIO_OK)
                e = query_limit(q, r, &ret->limit);
        if (e == VIO_OK)
                e = query_after(q, r, after, VIO_TASK_CURSOR);
        ret->after = after;
        return e;
}

static int write_task(void *data, const vio_task *task)
{
        vio_task_write(task, data, NULL);
        return 0;
}

int tasks_list(vio_tenant *t, const struct request *q, struct response *r)
{
        struct vio_task_filter filter = VIO_TASK_FILTER_INIT;
        char after[VIO_TASK_CURSOR], next[VIO_TASK_CURSOR];
        int e = read_filter(q, r, &filter, after);
        if (e < 0)
                return e;
        vio_json_begin_array(r->body, NULL);
        e = vio_task_page(t, &filter, write_task, r->body, next);
        vio_json_end_array(r->body);
        if (e == VIO_OK)
                e = link_next(q, r, "after", next);
        return e;
}

/* The library's words about what cannot be done name the state of the task. */
static int tell(vio_tenant *t, struct response *r, int e)
{
        return e == VIO_E_CONFLICT || e == VIO_E_NOTFOUND ? refuse(r, e, "%s", vio_tenant_error(t))
                                                          : e;
}

static int show(vio_tenant *t, vio_task_id id, struct response *r)
{
        vio_task *task = NULL;
        int e = vio_task_get(t, id, &task);
        if (e < 0)
                return tell(t, r, e);
        vio_task_write(task, r->body, NULL);
        vio_task_free(task);
        return VIO_OK;
}

static int item(const struct request *q, struct response *r, vio_task_id *ret)
{
        return vio_task_id_parse(q->item, ret) < 0 ? refuse(r, VIO_E_NOTFOUND, "Task not found")
                                                   : VIO_OK;
}

/* A body may be left out where the time may. */
static int read_time(const struct request *q, struct response *r, bool required, vio_time *ret)
{
        const struct field row = {"scheduledFor", FIELD_TIME, required, 0, 0};
        _cleanup_(free_json) vio_json *body = NULL;
        if (!required && !q->body_len)
                return VIO_OK;
        int e = request_json(q, r, &body);
        return e < 0 ? e : fields_read(body, &row, 1, ret, r);
}

int tasks_move(vio_tenant *t, const struct request *q, struct response *r)
{
        vio_task_id id;
        vio_time at = VIO_TIME_NONE;
        int e = item(q, r, &id);
        if (e == VIO_OK)
                e = read_time(q, r, true, &at);
        if (e == VIO_OK)
                e = tell(t, r, vio_task_move(t, id, at));
        return e < 0 ? e : show(t, id, r);
}

int tasks_cancel(vio_tenant *t, const struct request *q, struct response *r)
{
        vio_task_id id;
        int e = item(q, r, &id);
        if (e == VIO_OK)
                e = tell(t, r, vio_task_cancel(t, id));
        return e < 0 ? e : show(t, id, r);
}

int tasks_retry(vio_tenant *t, const struct request *q, struct response *r)
{
        vio_task_id id, made;
        vio_time at = VIO_TIME_NONE;
        int e = item(q, r, &id);
        if (e == VIO_OK)
                e = read_time(q, r, false, &at);
        if (e == VIO_OK)
                e = tell(t, r, vio_task_retry(t, id, at, &made));
        if (e == VIO_OK)
                e = show(t, made, r);
        if (e == VIO_OK)
                r->status = 201;
        return e;
}
