/* export.c - contacts go out as CSV, page by page, so that no reader of the database is held long.
 */
#include <stdio.h>

#include "base/calendar.h"
#include "base/csv.h"
#include "flow/import.h"
#include "flow/profile.h"
#include "rules/columns.h"
#include "store/contacts.h"

#define PAGE 500

struct export
{
        const struct acting *acting;
        struct vio_contact_filter page;
        const struct profile *profile; /* of the page */
        struct text lines;
        size_t n;
};

static void put_header(struct text *out)
{
        for (int i = COLUMN_NAME; i <= COLUMN_OPTED_OUT; i++) {
                text_add(out, i ? "," : "");
                text_add(out, column_name((enum column)i));
        }
        text_add(out, "\r\n");
}

/* RFC 3339 by the clock on the contact's wall. */
static int local_time(struct export *x, const struct vio_contact *c, char ret[40])
{
        const vio_zone *zone;
        int r = profile_zone_of(x->acting->e, x->profile, c, &zone);
        if (r)
                return r;
        int32_t minutes = vio_zone_offset(zone, c->appointment_time) / 60;
        int32_t size = minutes < 0 ? -minutes : minutes;
        char text[VIO_TIME_TEXT];

        vio_time_format(c->appointment_time + minutes * MS_PER_MINUTE, text);
        text[strcspn(text, "Z")] = '\0';
        snprintf(ret, 40, "%s%c%02d:%02d", text, minutes < 0 ? '-' : '+', size / 60, size % 60);
        return 0;
}

static int put_contact(void *data, const struct vio_contact *c)
{
        struct export *x = data;
        char time[40] = "";
        int r = c->appointment_time != VIO_TIME_NONE ? local_time(x, c, time) : 0;
        if (r)
                return r;
        const char *const cells[] = {
            [COLUMN_NAME] = c->name,
            [COLUMN_PHONE] = c->phone,
            [COLUMN_EMAIL] = c->email,
            [COLUMN_TIME_ZONE] = c->time_zone,
            [COLUMN_DATE] = c->appointment_date,
            [COLUMN_TIME] = time,
            [COLUMN_TYPE] = c->appointment_type,
            [COLUMN_INSTRUCTIONS] = c->special_instructions,
            [COLUMN_STATUS] = vio_appointment_status_name(c->appointment_status),
            [COLUMN_OPTED_OUT] = c->opted_out ? "yes" : "no",
        };
        for (size_t i = 0; i < count_of(cells); i++) {
                text_add(&x->lines, i ? "," : "");
                csv_put(&x->lines, cells[i] ? cells[i] : "");
        }
        text_add(&x->lines, "\r\n");
        x->page.after = c->id;
        x->n++;
        return x->lines.failed ? VIO_E_NOMEM : 0;
}

static int read_page(struct tenant_tx *tx, void *arg)
{
        struct export *x = arg;
        _cleanup_profile_ struct profile p = {0};
        int r = profile_load(x->acting->e, tx, &p);
        x->profile = &p;
        return r ? r : contact_each(tx, &x->page, put_contact, x);
}

static int export_pages(struct export *x, size_t limit,
                        int (*write)(void *data, const char *bytes, size_t len), void *data)
{
        const struct acting *a = x->acting;
        size_t asked;
        do {
                size_t left = limit ? limit : SIZE_MAX;
                asked = left < PAGE ? left : PAGE;
                x->page.limit = asked;
                x->n = 0;
                int r = store_read_tenant(a->e->store, a->tenant, read_page, x, a->fault);
                if (!r && x->lines.len)
                        r = write(data, x->lines.p, x->lines.len);
                if (r)
                        return r;
                text_clear(&x->lines);
                if (limit && !(limit -= x->n))
                        return 0;
        } while (x->n == asked);
        return 0;
}

int contact_export(const struct acting *a, const struct vio_contact_filter *filter, unsigned flags,
                   int (*write)(void *data, const char *bytes, size_t len), void *data)
{
        struct export x = {.acting = a, .page = *filter};
        if (flags & VIO_EXPORT_BOM)
                text_add(&x.lines, "\xef\xbb\xbf");
        put_header(&x.lines);
        int r = export_pages(&x, filter->limit, write, data);
        text_free(&x.lines);
        return r;
}
