/* task_lists.c - call tasks in order of their time, page by page. */
#include "store/tasks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "store/task_row.h"

/* Above every time of a task. */
#define FOR_EVER INT64_C(0x7fffffffffffffff)

/* "1795446000000.01932d0f-7b1e-7c3a-9a51-0f4f5e0c9b11" */
static void cursor_write(const struct task_cursor *c, char ret[VIO_TASK_CURSOR])
{
        snprintf(ret, VIO_TASK_CURSOR, "%" PRId64 ".%s", c->scheduled_for, c->id.s);
}

int task_cursor_parse(const char *text, struct task_cursor *ret)
{
        struct task_cursor c;
        size_t digits = strspn(text, "0123456789");

        if (digits < 1 || digits > 18 || text[digits] != '.')
                return VIO_E_INVALID;
        c.scheduled_for = strtoll(text, NULL, 10);
        int r = vio_task_id_parse(text + digits + 1, &c.id);
        if (!r)
                *ret = c;
        return r;
}

/* The place after which the page begins. No task's id is as small as "". */
static struct task_cursor start_of(const struct vio_task_filter *f)
{
        struct task_cursor start = {f->from, {""}}, after;

        if (f->after && *f->after && task_cursor_parse(f->after, &after) == 0 &&
            after.scheduled_for >= start.scheduled_for)
                start = after;
        return start;
}

static void bind_filter(struct q *q, const struct vio_task_filter *f,
                        const struct task_cursor *start)
{
        q_text(q, f->status < 0 ? NULL : vio_task_status_name((enum vio_task_status)f->status));
        q_int(q, start->scheduled_for);
        q_text(q, start->id.s);
        q_int(q, f->to == VIO_TIME_NONE ? FOR_EVER : f->to);
        q_int(q, (int64_t)f->limit);
        if (f->contact.v)
                q_int(q, f->contact.v);
}

/* The comparison that bounds the search stands apart: not every planner sees it in the pair. */
#define PAGE                                                                                       \
        "SELECT " TASK_COLS_NAMED TASK_FROM_NAMED                                                  \
        " WHERE t.tenant_id = ?1 AND (?2 IS NULL OR t.status = ?2) AND t.scheduled_for >= ?3"      \
        " AND (t.scheduled_for > ?3 OR t.id > ?4) AND t.scheduled_for < ?5"
#define IN_ORDER " ORDER BY t.scheduled_for, t.id LIMIT ?6"
TENANT_SQL(sql_each, PAGE IN_ORDER);
/* What is pending has an index of its own: what is over does not slow its list down. */
TENANT_SQL(sql_each_pending, PAGE " AND t.status = 'pending'" IN_ORDER);
TENANT_SQL(sql_each_of_contact, PAGE " AND t.contact_id = ?7" IN_ORDER);
int task_each(struct tenant_tx *tx, const struct vio_task_filter *f,
              int (*cb)(void *data, const struct vio_task *t), void *data)
{
        struct task_cursor start = start_of(f);
        const struct tenant_sql *sql = f->contact.v                    ? &sql_each_of_contact
                                       : f->status == VIO_TASK_PENDING ? &sql_each_pending
                                                                       : &sql_each;
        _cleanup_q_ struct q *q = q_open(tx, sql);

        bind_filter(q, f, &start);
        while (q_row(q)) {
                struct vio_task t;
                int r = task_lend(tx, q, true, &t);
                if (!r)
                        r = cb(data, &t);
                if (r)
                        return r;
        }
        return q_err(q);
}

struct paging {
        const struct vio_task_filter *filter;
        int (*cb)(void *data, const struct vio_task *t);
        void *data;
        size_t n;
        struct task_cursor last;
        bool more;
};

/* One row more than the page holds tells that there is another page. */
static int turn(void *data, const struct vio_task *t)
{
        struct paging *p = data;

        p->more = p->n == p->filter->limit;
        if (p->more)
                return 0;
        p->n++;
        p->last = (struct task_cursor){t->scheduled_for, t->id};
        return p->cb(p->data, t);
}

int task_page(struct tenant_tx *tx, const struct vio_task_filter *f,
              int (*cb)(void *data, const struct vio_task *t), void *data,
              char ret_cursor[VIO_TASK_CURSOR])
{
        struct paging p = {.filter = f, .cb = cb, .data = data};
        struct vio_task_filter wider = *f;

        wider.limit++;
        int r = task_each(tx, &wider, turn, &p);
        if (!r)
                ret_cursor[0] = '\0';
        if (!r && p.more)
                cursor_write(&p.last, ret_cursor);
        return r;
}

TENANT_SQL(sql_pending,
           "SELECT count(*) FROM call_tasks WHERE tenant_id = ?1 AND status = 'pending'");
int tasks_pending(struct tenant_tx *tx, int64_t *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_pending);
        int64_t count = q_row(q) ? q_col_int(q, 0) : 0;
        int r = q_done(q);
        if (!r)
                *ret = count;
        return r;
}
