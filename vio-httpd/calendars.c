/* calendars.c - the addresses and secrets of the calendars' webhooks. */
#include "handlers.h"

#include <stdio.h>
#include <string.h>

static int write_hook(void *data, const struct vio_calendar_hook_info *i)
{
        vio_json_writer *w = data;
        vio_json_begin_object(w, NULL);
        vio_json_put_text(w, "provider", vio_calendar_name(i->calendar));
        vio_json_put_text(w, "tokenHint", i->token_hint);
        vio_json_put_time(w, "createdAt", i->created_at);
        vio_json_put_time(w, "previousUntil", i->previous_until);
        vio_json_end_object(w);
        return 0;
}

int calendars_list(vio_tenant *t, const struct request *q, struct response *r)
{
        (void)q;
        vio_json_begin_array(r->body, NULL);
        int e = vio_calendar_hook_each(t, write_hook, r->body);
        vio_json_end_array(r->body);
        return e;
}

static int read_calendar(const struct request *q, struct response *r, enum vio_calendar *ret)
{
        if (vio_calendar_parse(q->item, ret) < 0)
                return refuse(r, VIO_E_NOTFOUND, "There is no such calendar");
        return VIO_OK;
}

int calendars_renew(vio_tenant *t, const struct request *q, struct response *r)
{
        struct vio_calendar_access access;
        enum vio_calendar calendar;
        char path[128];
        int e = read_calendar(q, r, &calendar);
        if (e == VIO_OK)
                e = vio_calendar_hook_renew(t, calendar, &access);
        if (e < 0)
                return e;
        snprintf(path, sizeof(path), "/api/webhooks/%s/%s", vio_calendar_name(calendar),
                 access.token);
        vio_json_begin_object(r->body, NULL);
        vio_json_put_text(r->body, "provider", vio_calendar_name(calendar));
        vio_json_put_text(r->body, "path", path);
        vio_json_put_text(r->body, "secret", access.secret);
        vio_json_end_object(r->body);
        return VIO_OK;
}

int calendars_remove(vio_tenant *t, const struct request *q, struct response *r)
{
        enum vio_calendar calendar;
        int e = read_calendar(q, r, &calendar);
        if (e == VIO_OK)
                e = vio_calendar_hook_remove(t, calendar);
        if (e == VIO_E_NOTFOUND && !r->message[0])
                return refuse(r, e, "This calendar is not connected");
        if (e == VIO_OK)
                r->status = 204;
        return e;
}
