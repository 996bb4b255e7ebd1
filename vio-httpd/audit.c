/* audit.c - who did what. */
#include "handlers.h"
#include "link.h"

#include <stdio.h>
#include <string.h>

/* One value of the query that is a number above 0. */
static int read_number(const struct request *q, struct response *r, const char *name, int64_t most,
                       int64_t *ret)
{
        char text[32];
        int64_t n;
        int given = request_query(q, name, text, sizeof(text));
        if (!given)
                return VIO_OK;
        if (given < 0 || number_parse(text, &n) < 0)
                return refuse_field(r, name, "%s must be a whole number above 0", name);
        if (n > most)
                return refuse_field(r, name, "%s must be at most %lld", name, (long long)most);
        *ret = n;
        return VIO_OK;
}

static int read_time(const struct request *q, struct response *r, const char *name, vio_time *ret)
{
        char text[40];
        int given = request_query(q, name, text, sizeof(text));
        if (!given)
                return VIO_OK;
        if (given < 0 || vio_time_parse(text, ret) < 0)
                return refuse_field(
                    r, name, "%s must be a time with its offset, such as 2026-11-24T09:30:00Z",
                    name);
        return VIO_OK;
}

static int read_filter(const struct request *q, struct response *r, char action[64],
                       struct vio_audit_filter *f)
{
        int64_t limit = (int64_t)f->limit;
        int e = read_number(q, r, "userId", INT64_MAX, &f->user.v);
        if (e == VIO_OK)
                e = read_number(q, r, "contactId", INT64_MAX, &f->contact.v);
        if (e == VIO_OK)
                e = read_number(q, r, "before", INT64_MAX, &f->before);
        if (e == VIO_OK)
                e = read_number(q, r, "limit", VIO_AUDIT_LIMIT, &limit);
        if (e == VIO_OK)
                e = read_time(q, r, "from", &f->from);
        if (e == VIO_OK)
                e = read_time(q, r, "to", &f->to);
        if (e < 0)
                return e;
        int given = request_query(q, "action", action, 64);
        if (given < 0)
                return refuse_field(r, "action", "action must be at most 63 bytes in one line");
        f->action = given ? action : NULL;
        f->limit = (size_t)limit;
        return VIO_OK;
}

struct page {
        vio_json_writer *w;
        size_t n;
        int64_t last;
};

/* A number that is 0 for nobody and nothing. */
static void put_id(vio_json_writer *w, const char *name, int64_t id)
{
        if (id)
                vio_json_put_int(w, name, id);
        else
                vio_json_put_null(w, name);
}

static int write_entry(void *data, const struct vio_audit_entry *e)
{
        struct page *page = data;
        vio_json_writer *w = page->w;
        vio_json_begin_object(w, NULL);
        vio_json_put_int(w, "id", e->id);
        put_id(w, "tenantId", e->tenant.v);
        vio_json_put_time(w, "at", e->at);
        vio_json_put_text(w, "actor", e->actor);
        put_id(w, "userId", e->user.v);
        vio_json_put_text(w, "userEmail", e->email);
        vio_json_put_text(w, "actingAs", e->acting_as);
        vio_json_put_text(w, "action", e->action);
        put_id(w, "contactId", e->contact.v);
        vio_json_put_text(w, "callId", e->call);
        vio_json_put_text(w, "detail", e->detail);
        vio_json_put_text(w, "ipAddress", e->ip_address);
        vio_json_end_object(w);
        page->n++;
        page->last = e->id;
        return 0;
}

/* A page has at most 500 entries: it is sent whole, because its link is known at its end. */
static int end_page(const struct request *q, struct response *r, const struct page *page,
                    const struct vio_audit_filter *f)
{
        char before[24] = "";
        vio_json_end_array(r->body);
        if (page->n == f->limit && page->last > 1)
                snprintf(before, sizeof(before), "%lld", (long long)page->last);
        return link_next(q, r, "before", before);
}

int audit_list_all(vio_operator *op, const struct request *q, struct response *r)
{
        struct vio_audit_filter f = VIO_AUDIT_FILTER_INIT;
        struct page page = {.w = r->body};
        char action[64];
        int e = read_filter(q, r, action, &f);
        if (e == VIO_OK)
                e = read_number(q, r, "tenantId", INT64_MAX, &f.tenant.v);
        if (e < 0)
                return e;
        vio_json_begin_array(r->body, NULL);
        e = vio_operator_audit_each(op, &f, write_entry, &page);
        if (e == VIO_E_NOTFOUND)
                return refuse(r, e, "Tenant not found");
        return e < 0 ? e : end_page(q, r, &page, &f);
}

int audit_list(vio_tenant *t, const struct request *q, struct response *r)
{
        struct vio_audit_filter f = VIO_AUDIT_FILTER_INIT;
        struct page page = {.w = r->body};
        char action[64];
        int e = read_filter(q, r, action, &f);
        if (e < 0)
                return e;
        vio_json_begin_array(r->body, NULL);
        e = vio_audit_each(t, &f, write_entry, &page);
        return e < 0 ? e : end_page(q, r, &page, &f);
}
