/* call_lists.c - calls in order and in number: pages of them, counts, and what is due. */
#include "store/calls.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "store/call_row.h"
#include "store/ids.h"

/* Above every id: they are written with lower-case hex digits. */
#define ABOVE_ALL "g"

/*
 * An id begins with the time at which its call was made (RFC 9562, version 7): so this bounds the
 * ids of the calls made before @t from above, and those of the others from below.
 */
static void id_bound(vio_time t, char ret[16])
{
        unsigned long long ms = t < 0 ? 0 : (unsigned long long)t;
        snprintf(ret, 16, "%08llx-%04llx", ms >> 16 & 0xffffffff, ms & 0xffff);
}

/* The ids that a page may hold: those from @from on that are below @below. */
struct id_range {
        char from[16];
        char below[37];
};

static struct id_range range_of(const struct vio_call_filter *f)
{
        struct id_range range = {.from = "", .below = ABOVE_ALL};
        vio_call_id last;

        if (f->from != VIO_TIME_NONE)
                id_bound(f->from, range.from);
        if (f->to != VIO_TIME_NONE)
                id_bound(f->to, range.below);
        if (vio_call_id_parse(f->after, &last) == 0 && strcmp(last.s, range.below) < 0)
                text_copy(range.below, sizeof(range.below), last.s);
        return range;
}

static void bind_filter(struct q *q, const struct vio_call_filter *f, const struct id_range *range)
{
        const char *outcome = f->outcome > 0 ? vio_outcome_name((enum vio_outcome)f->outcome) : "";

        q_text(q, range->from);
        q_text(q, range->below);
        q_text(q, f->status < 0 ? NULL : vio_call_status_name((enum vio_call_status)f->status));
        q_text(q, f->outcome < 0 ? NULL : outcome);
        q_text(q, f->type < 0 ? NULL : vio_call_type_name((enum vio_call_type)f->type));
        q_int(q, (int64_t)f->limit);
        if (f->contact.v)
                q_int(q, f->contact.v);
}

#define PAGE                                                                                       \
        "SELECT " CALL_COLS ", c.name" CALL_FROM                                                   \
        " LEFT JOIN contacts c ON c.tenant_id = ?1 AND c.id = s.contact_id"                        \
        " WHERE s.tenant_id = ?1 AND s.id >= ?2 AND s.id < ?3 AND (?4 IS NULL OR s.status = ?4)"   \
        " AND (?5 IS NULL OR coalesce(s.outcome, '') = ?5)"                                        \
        " AND (?6 IS NULL OR s.call_type = ?6)"
TENANT_SQL(sql_each, PAGE " ORDER BY s.id DESC LIMIT ?7");
TENANT_SQL(sql_each_of_contact,
           PAGE " AND s.contact_id = ?8 ORDER BY s.created_at DESC, s.id DESC LIMIT ?7");
int call_each(struct tenant_tx *tx, const struct vio_call_filter *f,
              int (*cb)(void *data, const struct vio_call *c), void *data)
{
        struct id_range range = range_of(f);
        _cleanup_q_ struct q *q = q_open(tx, f->contact.v ? &sql_each_of_contact : &sql_each);

        bind_filter(q, f, &range);
        while (q_row(q)) {
                struct vio_call c;
                int r = call_lend(tx, q, &c);
                c.contact_name = (char *)q_col_text(q, CALL_N_COLS);
                if (!r)
                        r = q_err(q) ? q_err(q) : cb(data, &c);
                if (r)
                        return r;
        }
        return q_err(q);
}

struct paging {
        const struct vio_call_filter *filter;
        int (*cb)(void *data, const struct vio_call *c);
        void *data;
        size_t n;
        vio_call_id last;
        bool more;
};

/* One row more than the page holds tells that there is another page. */
static int turn(void *data, const struct vio_call *c)
{
        struct paging *p = data;

        p->more = p->n == p->filter->limit;
        if (p->more)
                return 0;
        p->n++;
        p->last = c->id;
        return p->cb(p->data, c);
}

int call_page(struct tenant_tx *tx, const struct vio_call_filter *f,
              int (*cb)(void *data, const struct vio_call *c), void *data,
              char ret_cursor[VIO_CALL_CURSOR])
{
        struct paging p = {.filter = f, .cb = cb, .data = data};
        struct vio_call_filter wider = *f;

        wider.limit++;
        int r = call_each(tx, &wider, turn, &p);
        if (!r)
                text_copy(ret_cursor, VIO_CALL_CURSOR, p.more ? p.last.s : "");
        return r;
}

TENANT_SQL(sql_count, "SELECT count(*)" CALL_FROM
                      " WHERE s.tenant_id = ?1 AND s.contact_id = ?2 AND s.day >= ?3"
                      " AND s.day <= ?4"
                      " AND (a.state IS NULL OR a.state NOT IN ('rejected', 'not_placed'))");
int calls_count(struct tenant_tx *tx, vio_contact_id contact, const char *from_day,
                const char *to_day, int64_t *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_count);
        q_int(q, contact.v);
        q_text(q, from_day);
        q_text(q, to_day);
        int64_t count = q_row(q) ? q_col_int(q, 0) : 0;
        int r = q_done(q);
        if (!r)
                *ret = count;
        return r;
}

TENANT_SQL(sql_live, "SELECT count(*) FROM attempts WHERE tenant_id = ?1 AND is_open = 1");
int calls_live(struct tenant_tx *tx, int64_t *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_live);
        int64_t count = q_row(q) ? q_col_int(q, 0) : 0;
        int r = q_done(q);
        if (!r)
                *ret = count;
        return r;
}

static int ids_until(struct tenant_tx *tx, const struct tenant_sql *sql, vio_time now,
                     vio_call_id *ret, size_t n, size_t *ret_count)
{
        _cleanup_q_ struct q *q = q_open(tx, sql);
        q_int(q, now);
        q_int(q, (int64_t)n);
        return uuids_read(q, ret, n, ret_count);
}

TENANT_SQL(sql_due_poll, "SELECT id FROM call_sessions WHERE tenant_id = ?1"
                         " AND next_poll_at <= ?2 ORDER BY next_poll_at LIMIT ?3");
int calls_due_poll(struct tenant_tx *tx, vio_time now, vio_call_id *ret, size_t n,
                   size_t *ret_count)
{
        return ids_until(tx, &sql_due_poll, now, ret, n, ret_count);
}

TENANT_SQL(sql_past_deadline, "SELECT id FROM call_sessions WHERE tenant_id = ?1"
                              " AND deadline_at <= ?2 ORDER BY deadline_at LIMIT ?3");
int calls_past_deadline(struct tenant_tx *tx, vio_time now, vio_call_id *ret, size_t n,
                        size_t *ret_count)
{
        return ids_until(tx, &sql_past_deadline, now, ret, n, ret_count);
}
