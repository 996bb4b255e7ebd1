/* summary.c - the daily summary: its settings, a look at it, a test mail. */
#include "fields.h"
#include "handlers.h"

#include <stdio.h>
#include <string.h>

#define TEST_PAUSE_S 60

static const char *const day_names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

static void write_last_run(vio_json_writer *w, const struct vio_summary_status *s)
{
        if (!s->last_day) {
                vio_json_put_null(w, "lastRun");
                return;
        }
        vio_json_begin_object(w, "lastRun");
        vio_json_put_text(w, "day", s->last_day);
        vio_json_put_text(w, "state", s->last_state);
        vio_json_put_text(w, "error", s->last_error);
        vio_json_end_object(w);
}

static int write_settings(void *data, const struct vio_summary_status *s)
{
        vio_json_writer *w = data;
        vio_json_begin_object(w, NULL);
        vio_json_put_bool(w, "enabled", s->enabled);
        vio_json_put_text(w, "recipientEmail", s->recipient_email);
        vio_json_put_text(w, "recipientName", s->recipient_name);
        vio_json_put_text(w, "deliveryTime", s->delivery_time);
        vio_json_begin_array(w, "deliveryDays");
        for (size_t i = 0; i < count_of(day_names); i++)
                if (s->days & 1U << i)
                        vio_json_put_text(w, NULL, day_names[i]);
        vio_json_end_array(w);
        vio_json_put_text(w, "timezone", s->time_zone);
        vio_json_put_time(w, "lastSentAt", s->last_sent_at);
        vio_json_put_bool(w, "countsOnly", s->counts_only);
        vio_json_put_text(w, "recipientBlocked", s->recipient_blocked);
        write_last_run(w, s);
        vio_json_put_time(w, "nextAt", s->next_at);
        vio_json_end_object(w);
        return 0;
}

int summary_settings(vio_tenant *t, const struct request *q, struct response *r)
{
        (void)q;
        return vio_summary_status(t, write_settings, r->body);
}

/* The body of a PUT, before it is understood. */
struct put {
        struct vio_summary_settings settings;
        const vio_json *enabled;
        const vio_json *counts_only;
        const vio_json *days;
};

#define SETTING(member) offsetof(struct put, settings.member)
static const struct field rows[] = {
    {"enabled", FIELD_VALUE, false, 0, offsetof(struct put, enabled)},
    {"recipientEmail", FIELD_TEXT, false, 254, SETTING(recipient_email)},
    {"recipientName", FIELD_TEXT, false, 200, SETTING(recipient_name)},
    {"deliveryTime", FIELD_TEXT, false, 5, SETTING(delivery_time)},
    {"deliveryDays", FIELD_VALUE, false, 0, offsetof(struct put, days)},
    {"timezone", FIELD_TEXT, false, 64, SETTING(time_zone)},
    {"countsOnly", FIELD_VALUE, false, 0, offsetof(struct put, counts_only)},
};

static int read_switch(const vio_json *value, const char *field, int *ret, struct response *r)
{
        bool on;
        if (!value)
                return VIO_OK;
        if (vio_json_bool(value, &on) < 0)
                return refuse_field(r, field, "%s must be true or false", field);
        *ret = on;
        return VIO_OK;
}

static int day_of(const vio_json *value)
{
        const char *name = vio_json_text(value);
        for (int i = 0; name && i < (int)count_of(day_names); i++)
                if (!strcmp(day_names[i], name))
                        return i;
        return -1;
}

static int read_days(const vio_json *value, uint8_t *ret, struct response *r)
{
        if (!value)
                return VIO_OK;
        uint8_t days = 0;
        bool good = vio_json_type(value) == VIO_JSON_ARRAY;
        for (const vio_json *j = vio_json_first(value); good && j; j = vio_json_next(j)) {
                int day = day_of(j);
                good = day >= 0;
                days = (uint8_t)(days | (good ? 1U << day : 0));
        }
        if (!good || !days)
                return refuse_field(r, "deliveryDays",
                                    "deliveryDays must be days such as [\"Mon\",\"Tue\"], at least "
                                    "one");
        *ret = days;
        return VIO_OK;
}

static int read_put(const vio_json *body, struct put *ret, struct response *r)
{
        int e = fields_read(body, rows, count_of(rows), ret, r);
        if (e == VIO_OK)
                e = read_switch(ret->enabled, "enabled", &ret->settings.enabled, r);
        if (e == VIO_OK)
                e = read_switch(ret->counts_only, "countsOnly", &ret->settings.counts_only, r);
        return e < 0 ? e : read_days(ret->days, &ret->settings.days, r);
}

/* "recipientEmail: must be ..." is about recipientEmail. */
static int refuse_by_name(const vio_tenant *t, struct response *r)
{
        const char *text = vio_tenant_error(t);
        char field[48];
        snprintf(field, sizeof(field), "%.*s", (int)strcspn(text, ":"), text);
        return refuse_field(r, field, "%s", text);
}

int summary_settings_put(vio_tenant *t, const struct request *q, struct response *r)
{
        _cleanup_(free_json) vio_json *body = NULL;
        struct put put = {.settings = VIO_SUMMARY_SETTINGS_INIT};
        int e = request_json(q, r, &body);
        if (e == VIO_OK)
                e = read_put(body, &put, r);
        if (e < 0)
                return e;
        e = vio_summary_configure(t, &put.settings);
        if (e == VIO_E_INVALID)
                return refuse_by_name(t, r);
        return e < 0 ? e : vio_summary_status(t, write_settings, r->body);
}

static int write_mail(void *data, const struct vio_summary_mail *m)
{
        vio_json_writer *w = data;
        vio_json_begin_object(w, NULL);
        vio_json_put_text(w, "subject", m->subject);
        vio_json_put_text(w, "html", m->html);
        vio_json_put_text(w, "text", m->text);
        vio_json_end_object(w);
        return 0;
}

int summary_preview(vio_tenant *t, const struct request *q, struct response *r)
{
        (void)q;
        return vio_summary_preview(t, write_mail, r->body);
}

int summary_test(vio_tenant *t, const struct request *q, struct response *r)
{
        char id[VIO_MAIL_ID];
        (void)q;
        int e = vio_summary_send_test(t, id);
        if (e == VIO_E_LIMITED)
                r->retry_after = TEST_PAUSE_S;
        if (e == VIO_E_LIMITED || e == VIO_E_CONFLICT)
                return refuse(r, e, "%s", vio_tenant_error(t));
        if (e == VIO_E_UPSTREAM)
                return refuse(r, e, "The mail was not sent: %s", vio_tenant_error(t));
        if (e < 0)
                return e;
        vio_json_begin_object(r->body, NULL);
        vio_json_put_text(r->body, "id", id);
        vio_json_end_object(r->body);
        return VIO_OK;
}
