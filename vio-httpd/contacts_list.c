/* contacts_list.c - the contacts of a tenant: filtered, searched, sorted, page by page. */
#include "handlers.h"
#include "link.h"

#include <string.h>

struct listing {
        struct vio_contact_filter filter;
        char search[VIO_CONTACT_SEARCH_MAX + 1];
        char cursor[VIO_CONTACT_CURSOR];
};

static int read_status(const struct request *q, struct response *r, struct listing *l)
{
        char text[32];
        enum vio_appointment_status status;
        int given = request_query(q, "filter", text, sizeof(text));
        if (!given)
                return VIO_OK;
        if (given > 0 && !strcmp(text, "needs_attention")) {
                l->filter.needs_attention = true;
                return VIO_OK;
        }
        if (given < 0 || vio_appointment_status_parse(text, &status) < 0)
                return refuse_field(r, "filter",
                                    "filter must be pending, confirmed, cancelled, rescheduled "
                                    "or needs_attention");
        l->filter.status = (int)status;
        return VIO_OK;
}

static int read_search(const struct request *q, struct response *r, struct listing *l)
{
        int given = request_query(q, "search", l->search, sizeof(l->search));
        if (given < 0)
                return refuse_field(r, "search",
                                    "search must be UTF-8 of at most %d bytes in one line",
                                    VIO_CONTACT_SEARCH_MAX);
        l->filter.search = given ? l->search : NULL;
        return VIO_OK;
}

/* "name", or "-name" for the other way round. */
static int read_sort(const struct request *q, struct response *r, struct listing *l)
{
        static const char *const names[] = {
            [VIO_CONTACT_BY_ID] = "id",
            [VIO_CONTACT_BY_NAME] = "name",
            [VIO_CONTACT_BY_APPOINTMENT] = "appointmentTime",
            [VIO_CONTACT_BY_UPDATE] = "updatedAt",
        };
        char text[32];
        int given = request_query(q, "sort", text, sizeof(text));
        if (!given)
                return VIO_OK;
        bool down = given > 0 && text[0] == '-';
        for (size_t i = 0; given > 0 && i < count_of(names); i++) {
                if (strcmp(names[i], text + down) != 0)
                        continue;
                l->filter.sort = (enum vio_contact_sort)i;
                l->filter.descending = down;
                return VIO_OK;
        }
        return refuse_field(r, "sort",
                            "sort must be id, name, appointmentTime or updatedAt, with a \"-\" "
                            "before it for descending order");
}

static int read_page(const struct request *q, struct response *r, struct listing *l)
{
        char text[32];
        int64_t n = 0;
        int given = request_query(q, "limit", text, sizeof(text));
        if (given && (given < 0 || number_parse(text, &n) < 0 || n > VIO_CONTACT_PAGE_MAX))
                return refuse_field(r, "limit", "limit must be a whole number from 1 to %d",
                                    VIO_CONTACT_PAGE_MAX);
        l->filter.limit = (size_t)n;
        given = request_query(q, "after", l->cursor, sizeof(l->cursor));
        if (given < 0)
                return refuse_field(r, "after", "after must be the cursor of a page before");
        l->filter.cursor = l->cursor;
        return VIO_OK;
}

static int write_contact(void *data, const vio_contact *c)
{
        vio_contact_write(c, data, NULL);
        return 0;
}

/* Without a limit everything is given: in pages, so that nothing is held while the client reads. */
static int write_all(vio_tenant *t, struct listing *l, struct response *r)
{
        int e = VIO_OK;
        l->filter.limit = VIO_CONTACT_PAGE_MAX;
        do {
                e = vio_contact_page(t, &l->filter, write_contact, r->body, l->cursor);
                if (e == VIO_OK)
                        e = response_pass(r);
        } while (e == VIO_OK && l->cursor[0]);
        return e;
}

int contacts_list(vio_tenant *t, const struct request *q, struct response *r)
{
        struct listing l = {.filter = VIO_CONTACT_FILTER_INIT};
        char next[VIO_CONTACT_CURSOR];
        int e = read_status(q, r, &l);
        if (e == VIO_OK)
                e = read_search(q, r, &l);
        if (e == VIO_OK)
                e = read_sort(q, r, &l);
        if (e == VIO_OK)
                e = read_page(q, r, &l);
        if (e < 0)
                return e;
        vio_json_begin_array(r->body, NULL);
        if (!l.filter.limit) {
                e = write_all(t, &l, r);
        } else {
                e = vio_contact_page(t, &l.filter, write_contact, r->body, next);
                if (e == VIO_OK)
                        e = link_next(q, r, "after", next);
        }
        vio_json_end_array(r->body);
        return e;
}
