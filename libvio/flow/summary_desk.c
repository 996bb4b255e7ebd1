/* summary_desk.c - what people do with the summary: settings, status, preview, a test mail. */
#include "flow/summary_desk.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "flow/mail.h"
#include "flow/summary_plan.h"
#include "flow/summary_text.h"
#include "store/mail.h"
#include "store/summary_runs.h"

#define TEST_PAUSE_MS (1 * MS_PER_MINUTE)
#define N_FIELDS      7
#define DAYS_SIZE     48

/* Settings */

struct configuring {
        const struct acting *a;
        struct vio_setting changes[N_FIELDS];
        size_t n;
        char days[DAYS_SIZE];
};

static void change(struct configuring *c, const char *setting, const char *value)
{
        if (value)
                c->changes[c->n++] = (struct vio_setting){setting, value};
}

static const char *switched(int wish)
{
        return wish < 0 ? NULL : wish ? "1" : "0";
}

static const char *list_days(uint8_t days, char ret[DAYS_SIZE])
{
        static const char *const names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
        size_t len = 0;

        for (size_t i = 0; i < count_of(names); i++) {
                if (days & 1U << i)
                        len += (size_t)snprintf(ret + len, DAYS_SIZE - len, "%s\"%s\"",
                                                len ? "," : "[", names[i]);
        }
        snprintf(ret + len, DAYS_SIZE - len, "]");
        return days ? ret : NULL;
}

static void list_changes(struct configuring *c, const struct vio_summary_settings *s)
{
        change(c, "daily_summary_enabled", switched(s->enabled));
        change(c, "daily_summary_recipient_email", s->recipient_email);
        change(c, "daily_summary_recipient_name", s->recipient_name);
        change(c, "daily_summary_time", s->delivery_time);
        change(c, "daily_summary_timezone", s->time_zone);
        change(c, "daily_summary_days", list_days(s->days, c->days));
        change(c, "daily_summary_counts_only", switched(s->counts_only));
}

/* A refusal names the field as the HTTP API calls it. */
static int in_their_words(struct fault *f)
{
        static const char *const names[][2] = {
            {"daily_summary_enabled", "enabled"},
            {"daily_summary_recipient_email", "recipientEmail"},
            {"daily_summary_recipient_name", "recipientName"},
            {"daily_summary_time", "deliveryTime"},
            {"daily_summary_timezone", "timezone"},
            {"daily_summary_days", "deliveryDays"},
            {"daily_summary_counts_only", "countsOnly"},
        };
        struct fault plain = *f;
        size_t len = strcspn(plain.text, ":");

        for (size_t i = 0; i < count_of(names); i++) {
                if (strlen(names[i][0]) == len && strncmp(plain.text, names[i][0], len) == 0)
                        return fault_set(f, plain.err, "%s%s", names[i][1], plain.text + len);
        }
        return plain.err;
}

static int check_settings(const struct vio_summary_settings *s, struct fault *f)
{
        int minute;

        if (s->delivery_time && (!setting_minutes(s->delivery_time, &minute) || minute == 24 * 60))
                return fault_set(f, VIO_E_INVALID,
                                 "deliveryTime: must be a time of day from 00:00 to 23:59");
        if (s->days > 0x7f)
                return fault_set(f, VIO_E_INVALID, "deliveryDays: must be days from Mon to Sun");
        return 0;
}

static int check_whole(const struct settings *s, struct fault *f)
{
        const char *enabled = s->value[SETTING_daily_summary_enabled];

        if (enabled && *enabled == '1' && !s->value[SETTING_daily_summary_recipient_email])
                return fault_set(f, VIO_E_INVALID,
                                 "recipientEmail: is required while the summary is on");
        return 0;
}

static int configure_in(struct tenant_tx *tx, void *arg)
{
        const struct configuring *c = arg;
        _cleanup_settings_ struct settings s = {0};

        int r = settings_load(tx, &s);
        if (r)
                return r;
        r = settings_change(c->a->e, &s, c->changes, c->n, tx_fault(tx));
        if (r)
                return r == VIO_E_INVALID ? in_their_words(tx_fault(tx)) : r;
        r = check_whole(&s, tx_fault(tx));
        if (!r)
                r = settings_save(tx, &s);
        for (size_t i = 0; !r && i < c->n; i++)
                r = acting_note(c->a, tx, "tenant.set", (vio_contact_id){0}, NULL,
                                c->changes[i].name);
        return r ? r : summary_settings_saved(c->a, tx, c->changes, c->n);
}

int summary_configure(const struct acting *a, const struct vio_summary_settings *settings)
{
        struct configuring c = {.a = a};

        int r = check_settings(settings, a->fault);
        if (r)
                return r;
        list_changes(&c, settings);
        return store_write_tenant(a->e->store, a->tenant, configure_in, &c, a->fault);
}

/* Status */

struct telling {
        const struct acting *a;
        int (*cb)(void *data, const struct vio_summary_status *s);
        void *data;
};

static int read_times(struct tenant_tx *tx, const struct summary_plan *plan,
                      struct vio_summary_status *s)
{
        int r = summary_sent_get(tx, &s->last_sent_at);
        if (!r)
                r = summary_next_get(tx, &s->next_at);
        if (!plan->enabled)
                s->next_at = VIO_TIME_NONE;
        return r;
}

static int read_newest(struct tenant_tx *tx, struct summary_run *run, struct vio_summary_status *s)
{
        int r = summary_run_newest(tx, run);
        if (r)
                return r == VIO_E_NOTFOUND ? 0 : r;
        s->last_day = run->day;
        s->last_state = run_state_name(run->state);
        s->last_error = run->error;
        return 0;
}

static int tell_in(struct tenant_tx *tx, void *arg)
{
        const struct telling *t = arg;
        _cleanup_settings_ struct settings settings = {0};
        _cleanup_summary_run_ struct summary_run run = {0};
        _cleanup_text_ struct text blocked = TEXT_INIT;
        struct summary_plan plan = {0};

        int r = settings_load(tx, &settings);
        if (!r)
                r = summary_plan_read(t->a->e, &settings, tx_fault(tx), &plan);
        if (r)
                return r;
        struct vio_summary_status s = {
            .enabled = plan.enabled,
            .counts_only = plan.counts_only,
            .recipient_email = plan.recipient,
            .recipient_name = settings.value[SETTING_daily_summary_recipient_name],
            .delivery_time = plan.time,
            .time_zone = vio_zone_name(plan.zone),
            .days = plan.days,
        };
        r = read_times(tx, &plan, &s);
        if (!r)
                r = read_newest(tx, &run, &s);
        if (!r && plan.recipient)
                r = mail_block_get(tx, plan.recipient, &blocked);
        s.recipient_blocked = blocked.len ? text_str(&blocked) : NULL;
        return r ? r : t->cb(t->data, &s);
}

int summary_status(const struct acting *a,
                   int (*cb)(void *data, const struct vio_summary_status *s), void *data)
{
        struct telling t = {a, cb, data};
        return store_read_tenant(a->e->store, a->tenant, tell_in, &t, a->fault);
}

/* Preview */

struct drafting {
        const struct acting *a;
        struct paper paper;
        struct text request; /* of a test mail only */
};

static int draft(struct drafting *d, struct tenant_tx *tx, struct profile *p,
                 struct summary_plan *plan)
{
        const struct acting *a = d->a;
        int r = profile_load(a->e, tx, p);
        if (!r)
                r = summary_plan_read(a->e, &p->settings, tx_fault(tx), plan);
        return r ? r : paper_write(p, tx, plan->zone, a->now, &d->paper);
}

static int preview_in(struct tenant_tx *tx, void *arg)
{
        _cleanup_profile_ struct profile p = {0};
        struct summary_plan plan = {0};
        return draft(arg, tx, &p, &plan);
}

int summary_preview(const struct acting *a, int (*cb)(void *data, const struct vio_summary_mail *m),
                    void *data)
{
        struct drafting d = {.a = a};

        int r = store_read_tenant(a->e->store, a->tenant, preview_in, &d, a->fault);
        if (!r) {
                struct vio_summary_mail mail = {text_str(&d.paper.subject), text_str(&d.paper.html),
                                                text_str(&d.paper.text)};
                r = cb(data, &mail);
        }
        paper_done(&d.paper);
        return r;
}

/* A test mail */

static int may_test(const struct acting *a, struct tenant_tx *tx, const char *recipient)
{
        _cleanup_text_ struct text obstacle = TEXT_INIT;
        bool taken = false;

        int r = mail_obstacle(a, tx, recipient, &obstacle);
        if (r)
                return r;
        if (obstacle.len)
                return fault_set(tx_fault(tx), VIO_E_CONFLICT, "%s", text_str(&obstacle));
        r = summary_test_take(tx, a->now, TEST_PAUSE_MS, &taken);
        if (!r && !taken)
                return fault_set(tx_fault(tx), VIO_E_LIMITED,
                                 "a test mail was asked for less than a minute ago");
        return r;
}

static int prepare_test_in(struct tenant_tx *tx, void *arg)
{
        struct drafting *d = arg;
        _cleanup_profile_ struct profile p = {0};
        struct summary_plan plan = {0};

        int r = draft(d, tx, &p, &plan);
        if (!r)
                r = may_test(d->a, tx, plan.recipient);
        if (!r)
                r = paper_request(d->a, &p, &d->paper, "[Test] ", &d->request);
        return r ? r : acting_note(d->a, tx, "summary.test", (vio_contact_id){0}, NULL, "");
}

static int keep_route_in(struct tenant_tx *tx, void *arg)
{
        return mail_route_add(tx, arg);
}

static int post_test(const struct acting *a, const char *request, struct resend_answer *ret)
{
        char uuid[37], key[96], why[220];

        int r = engine_uuid(a->e, a->now, uuid);
        if (r)
                return fault_plain(a->fault, r);
        snprintf(key, sizeof(key), "summary-test/%lld/%s", (long long)a->tenant.v, uuid);
        mail_send(a, key, request, ret);
        if (ret->fate == MAIL_SENT)
                return store_write_tenant(a->e->store, a->tenant, keep_route_in, ret->id, a->fault);
        mail_story(ret, why, sizeof(why));
        return fault_set(a->fault, VIO_E_UPSTREAM, "%s", why);
}

int summary_send_test(struct acting *a, char ret[VIO_MAIL_ID])
{
        struct drafting d = {.a = a};
        struct resend_answer answer;

        int r = store_write_tenant(a->e->store, a->tenant, prepare_test_in, &d, a->fault);
        if (!r)
                r = post_test(a, text_str(&d.request), &answer);
        if (!r && ret)
                snprintf(ret, VIO_MAIL_ID, "%s", answer.id);
        paper_done(&d.paper);
        text_free(&d.request);
        return r;
}
