/* clinic.c - what happens in two clinics, and what can be seen of it: given, when, then. */
#include "clinic.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/handle.h"
#include "store/audit.h"
#include "store/q.h"
#include "store/tenants.h"

/* Given */

const char *phone_of(int person)
{
        static _Thread_local char phones[4][16];
        static _Thread_local unsigned turn;
        char *phone = phones[turn++ % 4];
        snprintf(phone, 16, "+141555501%02u", (unsigned)person % 100);
        return phone;
}

vio_time at(const char *rfc3339)
{
        vio_time t = VIO_TIME_NONE;
        if (*rfc3339)
                ck_assert_int_eq(vio_time_parse(rfc3339, &t), 0);
        return t;
}

vio_contact_id given_contact_with_phone(struct business *b, const char *name, const char *phone,
                                        const char *appointment)
{
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        vio_contact_id id = {0};

        f.name = name;
        f.phone = phone;
        f.appointment_time = at(appointment);
        int r = vio_contact_add(b->handle, &f, &id);
        ck_assert_msg(r == 0, "vio_contact_add: %s", vio_tenant_error(b->handle));
        return id;
}

vio_contact_id given_contact(struct business *b, const char *name, int person,
                             const char *appointment)
{
        return given_contact_with_phone(b, name, phone_of(person), appointment);
}

void given_setting(struct business *b, const char *name, const char *value)
{
        struct vio_setting s = {name, value};
        int r = vio_tenant_set(b->handle, &s, 1);
        ck_assert_msg(r == 0, "vio_tenant_set: %s", vio_tenant_error(b->handle));
}

/* When */

int when_called_now(struct business *b, vio_contact_id contact)
{
        vio_call *call = NULL;
        int r = vio_call_now(b->handle, contact, &call);
        if (r == 0)
                b->last_call = vio_call_get_id(call);
        vio_call_free(call);
        return r;
}

int post_with(struct town *t, const char *body, size_t len, const char *signature)
{
        struct vio_webhook w = VIO_WEBHOOK_INIT;
        w.body = body;
        w.body_len = len;
        w.signature = signature;
        return vio_retell_webhook(t->v, &w, NULL);
}

int post_signed(struct town *t, const char *key, vio_time signed_at, const char *body)
{
        char signature[VIO_RETELL_SIGNATURE];
        ck_assert_int_eq(vio_retell_sign(key, body, strlen(body), signed_at, signature), 0);
        return post_with(t, body, strlen(body), signature);
}

int deliver(struct town *t, const struct held *h, enum vio_receipt *ret)
{
        char signature[VIO_RETELL_SIGNATURE];
        struct vio_webhook w = VIO_WEBHOOK_INIT;
        w.body = h->body;
        w.body_len = strlen(h->body);
        w.signature = signature;
        ck_assert_int_eq(vio_retell_sign(h->api_key, h->body, w.body_len, t->now, signature), 0);
        return vio_retell_webhook(t->v, &w, ret);
}

static void hold(struct town *t, const struct world_delivery *d)
{
        ck_assert_uint_lt(t->n_held, MOST_HELD);
        struct held *h = &t->held[t->n_held++];
        snprintf(h->event, sizeof(h->event), "%s", d->event);
        snprintf(h->call_id, sizeof(h->call_id), "%s", d->call_id);
        h->api_key = strcmp(d->api_key, t->acme.api_key) == 0 ? t->acme.api_key : t->bolt.api_key;
        h->body = strndup(d->body, d->body_len);
}

struct posting {
        struct town *town;
        struct {
                uint64_t id;
                bool ok;
        } done[256];
        size_t n;
};

static int emit(void *data, const struct world_delivery *d)
{
        struct posting *p = data;
        struct town *t = p->town;
        bool lost = t->lost_event && strcmp(t->lost_event, d->event) == 0;
        int times = lost || t->post == POST_LOST || t->post == POST_HELD ? 0
                    : t->post == POST_TWICE                              ? 2
                                                                         : 1;
        int r = 0;

        if (t->post == POST_HELD && !lost)
                hold(t, d);
        for (int i = 0; i < times && !r; i++)
                r = post_signed(t, d->api_key, t->now, d->body);
        ck_assert_uint_lt(p->n, count_of(p->done));
        p->done[p->n].id = d->id;
        p->done[p->n++].ok = r == 0;
        return 0;
}

static void post_webhooks(struct town *t)
{
        struct posting p = {.town = t};
        ck_assert_int_eq(world_advance(t->world, t->now, emit, &p), 0);
        for (size_t i = 0; i < p.n; i++)
                world_delivered(t->world, p.done[i].id, p.done[i].ok, t->now);
}

int when_stepped(struct town *t)
{
        vio_time next = t->now;
        int r = vio_step(t->v, &next);
        if (r == 0)
                t->next_step = next;
        return r;
}

static void pass_until(struct town *t, vio_time until)
{
        int turns = 0;

        for (;;) {
                vio_time due = world_next_due(t->world);
                if (due == VIO_TIME_NONE || t->next_step < due)
                        due = t->next_step;
                if (due > until)
                        break;
                turns = due > t->now ? 0 : turns + 1;
                ck_assert_msg(turns < 200, "the step spins");
                if (due > t->now)
                        t->now = due;
                post_webhooks(t);
                if (t->next_step <= t->now)
                        ck_assert_int_eq(when_stepped(t), 0);
        }
        t->now = until;
}

void when_time_passes(struct town *t, int64_t ms)
{
        pass_until(t, t->now + ms);
}

void when_it_is(struct town *t, const char *rfc3339)
{
        vio_time until = at(rfc3339);
        ck_assert_int_le(t->now, until);
        pass_until(t, until);
}

void when_appointment_moves(struct business *b, vio_contact_id contact, const char *appointment)
{
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        f.appointment_time = at(appointment);
        int r = vio_contact_change(b->handle, contact, &f);
        ck_assert_msg(r == 0, "vio_contact_change: %s", vio_tenant_error(b->handle));
}

const struct held *held_event(const struct town *t, const char *event)
{
        for (size_t i = 0; i < t->n_held; i++) {
                if (strcmp(t->held[i].event, event) == 0)
                        return &t->held[i];
        }
        ck_abort_msg("no webhook %s was sent", event);
        return NULL;
}

/* What can be seen */

struct seen_contact contact_now(struct business *b, vio_contact_id contact)
{
        vio_contact *c = NULL;
        ck_assert_int_eq(vio_contact_get(b->handle, contact, &c), 0);
        struct seen_contact seen = {vio_contact_get_last_call_outcome(c),
                                    vio_contact_get_appointment_status(c),
                                    vio_contact_get_call_attempts(c), vio_contact_get_opted_out(c)};
        vio_contact_free(c);
        return seen;
}

static vio_json *call_json(const vio_call *c)
{
        vio_json_writer *w = vio_json_writer_new();
        const char *text;
        size_t len;
        vio_json *json = NULL;
        vio_call_write(c, w, NULL);
        ck_assert_int_eq(vio_json_writer_text(w, &text, &len), 0);
        ck_assert_int_eq(vio_json_parse(text, len, &json), 0);
        vio_json_writer_free(w);
        return json;
}

static struct seen_call see_call(const vio_call *c)
{
        struct seen_call seen = {.outcome = vio_call_get_outcome(c),
                                 .status = vio_call_get_status(c),
                                 .dial = vio_call_get_dial_state(c),
                                 .duration_s = -1};
        const char *id = vio_call_get_retell_call_id(c);
        vio_json *json = call_json(c);
        const char *source = vio_json_text(vio_json_get(json, "sourceOfTruth"));

        vio_json_bool(vio_json_get(json, "final"), &seen.is_final);
        vio_json_bool(vio_json_get(json, "webhookVerified"), &seen.webhook_verified);
        vio_json_int(vio_json_get(json, "duration"), &seen.duration_s);
        vio_json_int(vio_json_get(json, "pollAttempts"), &seen.polls);
        snprintf(seen.retell_id, sizeof(seen.retell_id), "%s", id ? id : "");
        snprintf(seen.source, sizeof(seen.source), "%s", source ? source : "");
        vio_json_free(json);
        return seen;
}

struct seen_call call_now_of(struct business *b, vio_call_id id)
{
        vio_call *c = NULL;
        ck_assert_int_eq(vio_call_get(b->handle, id, &c), 0);
        struct seen_call seen = see_call(c);
        vio_call_free(c);
        return seen;
}

struct call_list {
        vio_call_id newest;
        size_t n;
};

static int list_call(void *data, const vio_call *c)
{
        struct call_list *l = data;
        if (l->n++ == 0)
                l->newest = vio_call_get_id(c);
        return 0;
}

static struct call_list list_calls(struct business *b, vio_contact_id contact)
{
        struct vio_call_filter f = VIO_CALL_FILTER_INIT;
        struct call_list l = {.n = 0};
        f.contact = contact;
        f.limit = 500;
        ck_assert_int_eq(vio_call_each(b->handle, &f, list_call, &l), 0);
        return l;
}

size_t calls_of(struct business *b, vio_contact_id contact)
{
        return list_calls(b, contact).n;
}

vio_call_id newest_call_id(struct business *b, vio_contact_id contact)
{
        struct call_list l = list_calls(b, contact);
        ck_assert_msg(l.n > 0, "there was no call");
        return l.newest;
}

struct seen_call newest_call(struct business *b, vio_contact_id contact)
{
        return call_now_of(b, newest_call_id(b, contact));
}

void final_story(struct business *b, vio_call_id id, char *ret, size_t size)
{
        static const char *const untold[] = {"pollAttempts", "nextPollAt", "optedOutAt",
                                             "updatedAt"};
        vio_json_writer *w = vio_json_writer_new();
        vio_call *c = NULL;
        vio_contact *contact = NULL;
        const char *text;

        ck_assert_int_eq(vio_call_get(b->handle, id, &c), 0);
        ck_assert_int_eq(vio_contact_get(b->handle, vio_call_get_contact(c), &contact), 0);
        vio_json_begin_object(w, NULL);
        vio_call_write(c, w, "call");
        vio_contact_write(contact, w, "contact");
        vio_json_end_object(w);
        ck_assert_int_eq(vio_json_writer_text(w, &text, NULL), 0);
        ck_assert_int_lt(snprintf(ret, size, "%s", text), (int)size);
        for (size_t i = 0; i < count_of(untold); i++) {
                char *from = strstr(ret, untold[i]);
                if (from)
                        memset(from, '.', strcspn(from, ",}"));
        }
        vio_json_writer_free(w);
        vio_call_free(c);
        vio_contact_free(contact);
}

static int see_task(void *data, const vio_task *task)
{
        struct seen_tasks *s = data;
        ck_assert_uint_lt(s->n, MOST_TASKS);
        s->list[s->n++] =
            (struct seen_task){vio_task_get_type(task), vio_task_get_status(task),
                               vio_task_get_scheduled_for(task), vio_task_get_reason(task)};
        return 0;
}

struct seen_tasks tasks_of(struct business *b, vio_contact_id contact)
{
        struct vio_task_filter f = VIO_TASK_FILTER_INIT;
        struct seen_tasks s = {.n = 0};
        f.contact = contact;
        ck_assert_int_eq(vio_task_each(b->handle, &f, see_task, &s), 0);
        return s;
}

const struct seen_task *open_task(const struct seen_tasks *tasks, enum vio_task_type type)
{
        for (size_t i = 0; i < tasks->n; i++) {
                const struct seen_task *t = &tasks->list[i];
                if (t->type == type &&
                    (t->status == VIO_TASK_PENDING || t->status == VIO_TASK_PROCESSING))
                        return t;
        }
        return NULL;
}

const struct seen_task *last_task(const struct seen_tasks *tasks, enum vio_task_type type)
{
        const struct seen_task *last = NULL;
        for (size_t i = 0; i < tasks->n; i++) {
                if (tasks->list[i].type == type)
                        last = &tasks->list[i];
        }
        return last;
}

size_t rings(struct business *b, const char *phone)
{
        struct world_ring list[256];
        size_t n = 0;

        pthread_mutex_lock(&b->town->world_lock);
        size_t all = world_rings(b->town->world, phone, list, count_of(list));
        for (size_t i = 0; i < all && i < count_of(list); i++)
                n += strcmp(list[i].api_key, b->api_key) == 0;
        pthread_mutex_unlock(&b->town->world_lock);
        return n;
}

int64_t version_of(struct business *b)
{
        int64_t version = 0;
        ck_assert_int_eq(vio_tenant_version(b->handle, &version), 0);
        return version;
}

struct wanted {
        const char *what;
        vio_call_id call;
        int found;
};

static int find_moment(void *data, const struct vio_call_moment *m)
{
        struct wanted *w = data;
        w->found += strcmp(m->kind, w->what) == 0;
        return 0;
}

int timeline_has(struct business *b, vio_call_id id, const char *kind)
{
        struct wanted w = {.what = kind};
        ck_assert_int_eq(vio_call_timeline(b->handle, id, find_moment, &w), 0);
        return w.found;
}

/* Behind the public interface */

static int read_state_in(struct tenant_tx *tx, void *arg)
{
        return tenant_state_get(tx, arg);
}

int64_t alerts_of(struct business *b)
{
        struct tenant_state state;
        ck_assert_int_eq(
            store_read_tenant(b->town->v->engine.store, b->id, read_state_in, &state, NULL), 0);
        return state.alerts;
}

static int find_audit(void *data, const struct audit_row *row)
{
        struct wanted *w = data;
        w->found += strcmp(row->action, w->what) == 0;
        return 0;
}

static int find_audit_in(struct tenant_tx *tx, void *arg)
{
        struct wanted *w = arg;
        return audit_each_of_call(tx, w->call, find_audit, w);
}

bool audit_has(struct business *b, vio_call_id call, const char *action)
{
        struct wanted w = {.what = action, .call = call};
        ck_assert_int_eq(
            store_read_tenant(b->town->v->engine.store, b->id, find_audit_in, &w, NULL), 0);
        return w.found;
}

TENANT_SQL(sql_suspend, "UPDATE tenants SET suspended = ?2 WHERE id = ?1");
static int suspend_in(struct tenant_tx *tx, void *arg)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_suspend);
        q_int(q, *(bool *)arg);
        return q_done(q);
}

void suspend(struct business *b, bool suspended)
{
        ck_assert_int_eq(
            store_write_tenant(b->town->v->engine.store, b->id, suspend_in, &suspended, NULL), 0);
}

/* Then */

void then_outcome_is(struct business *b, vio_contact_id contact, enum vio_outcome outcome)
{
        enum vio_outcome is = contact_now(b, contact).outcome;
        ck_assert_msg(is == outcome, "the outcome is %s, not %s",
                      is ? vio_outcome_name(is) : "none",
                      outcome ? vio_outcome_name(outcome) : "none");
}

void then_appointment_is(struct business *b, vio_contact_id contact,
                         enum vio_appointment_status status)
{
        enum vio_appointment_status is = contact_now(b, contact).status;
        ck_assert_msg(is == status, "the appointment is %s, not %s",
                      vio_appointment_status_name(is), vio_appointment_status_name(status));
}

void then_rings_are(struct business *b, const char *phone, size_t n)
{
        size_t rang = rings(b, phone);
        ck_assert_msg(rang == n, "it rang %zu times, not %zu", rang, n);
}

void then_refused_for(struct business *b, int result, enum vio_reason reason)
{
        ck_assert_int_eq(result, VIO_E_REFUSED);
        ck_assert_str_eq(vio_reason_name((enum vio_reason)vio_tenant_refusal(b->handle)),
                         vio_reason_name(reason));
        ck_assert_str_eq(vio_tenant_error(b->handle), vio_reason_text(reason));
}

void then_nothing_is_planned(struct business *b, vio_contact_id contact)
{
        struct seen_tasks tasks = tasks_of(b, contact);
        ck_assert_msg(!open_task(&tasks, VIO_TASK_INITIAL_REMINDER), "a reminder is planned");
        ck_assert_msg(!open_task(&tasks, VIO_TASK_FOLLOW_UP), "a follow-up is planned");
}

void then_planned_at(struct business *b, vio_contact_id contact, enum vio_task_type type,
                     const char *rfc3339)
{
        char is[VIO_TIME_TEXT];
        struct seen_tasks tasks = tasks_of(b, contact);
        const struct seen_task *task = open_task(&tasks, type);
        ck_assert_msg(task, "no %s is planned", vio_task_type_name(type));
        ck_assert_msg(task->scheduled_for == at(rfc3339), "the %s is planned for %s, not %s",
                      vio_task_type_name(type), vio_time_format(task->scheduled_for, is), rfc3339);
}
