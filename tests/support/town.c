/* town.c - the world around two clinics: time, chance, the way to Retell; opened and closed. */
#include "clinic.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "abi/handle.h"
#include "store/audit.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/days.h"

#define RETELL_URL "http://retell.test"

static const uint8_t secret[VIO_SECRET_SIZE] = "a secret for tests, never a real";

/* The hooks: time, chance, log, and the way to Retell. */

static vio_time town_now(void *data)
{
        struct town *t = data;
        return t->now;
}

/* splitmix64: every test sees the same numbers, in whatever order its threads ask. */
static int town_random(void *data, void *buf, size_t len)
{
        struct town *t = data;
        unsigned char *p = buf;

        for (size_t i = 0; i < len; i++) {
                uint64_t z =
                    (uint64_t)atomic_fetch_add(&t->random, 1) * UINT64_C(0x9e3779b97f4a7c15);
                z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
                z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
                p[i] = (unsigned char)(z >> 56);
        }
        return 0;
}

static void town_log(void *data, enum vio_log_level level, const char *message)
{
        struct town *t = data;
        (void)level;
        if ((strstr(message, "555") || strstr(message, "key_") || strstr(message, "re_town") ||
             strchr(message, '@')) &&
            !t->secrets_in_log)
                t->secrets_in_log = strdup(message);
}

static void town_due(void *data, vio_time due)
{
        struct town *t = data;
        vio_time next = t->next_step;
        while (due < next && !atomic_compare_exchange_weak(&t->next_step, &next, due))
                ;
}

static const char *header_of(const struct vio_http_request *rq, const char *name)
{
        for (size_t i = 0; i < rq->n_headers; i++) {
                if (strcasecmp(rq->headers[i].name, name) == 0)
                        return rq->headers[i].value;
        }
        return NULL;
}

static void answer_with(struct vio_http_response *r, const struct script *s)
{
        vio_http_response_status(r, s->status);
        if (s->header)
                vio_http_response_header(r, s->header, s->value);
        if (s->body)
                vio_http_response_write(r, s->body, strlen(s->body));
}

static void answer_from_world(const struct world_answer *a, struct vio_http_response *r)
{
        const char *text;
        size_t len;
        char seconds[16];

        if (a->lost) {
                vio_http_response_fail(r, VIO_HTTP_MAYBE_SENT, "timed out");
                return;
        }
        vio_http_response_status(r, a->status);
        if (a->limiter) {
                snprintf(seconds, sizeof(seconds), "%d", a->reset_s);
                vio_http_response_header(r, "X-RateLimit-Limiter", a->limiter);
                vio_http_response_header(r, "RateLimit-Reset", seconds);
        }
        if (vio_json_writer_text(a->body, &text, &len) == 0)
                vio_http_response_write(r, text, len);
}

static void ask_world(struct town *t, const struct vio_http_request *rq,
                      struct vio_http_response *r, bool lost)
{
        struct world_answer answer;
        struct world_request wrq = {.method = rq->method,
                                    .path = strchr(strstr(rq->url, "//") + 2, '/'),
                                    .authorization = header_of(rq, "Authorization"),
                                    .body = rq->body,
                                    .body_len = rq->body_len};

        pthread_mutex_lock(&t->world_lock);
        int result = world_request(t->world, t->now, &wrq, &answer);
        pthread_mutex_unlock(&t->world_lock);
        ck_assert_int_eq(result, 0);
        answer.lost = answer.lost || lost;
        answer_from_world(&answer, r);
        world_answer_clear(&answer);
}

static void exchange(struct town *t, const struct vio_http_request *rq, enum mishap mishap,
                     struct vio_http_response *r)
{
        switch (mishap) {
        case MISHAP_NONE: ask_world(t, rq, r, false); break;
        case MISHAP_ANSWER_LOST: ask_world(t, rq, r, true); break;
        case MISHAP_NEVER_ARRIVED:
                vio_http_response_fail(r, VIO_HTTP_MAYBE_SENT, "connection reset");
                break;
        case MISHAP_REFUSED:
                vio_http_response_fail(r, VIO_HTTP_NOT_SENT, "connection refused");
                break;
        case MISHAP_SERVER_ERROR: answer_with(r, &(struct script){.status = 500}); break;
        case MISHAP_SCRIPTED: answer_with(r, &t->script); break;
        }
}

static void *run_during_dial(void *arg)
{
        struct town *t = arg;
        void (*then)(struct town *) = t->during_dial;
        t->during_dial = NULL;
        then(t);
        return NULL;
}

/* Whatever happens while a dial is on its way happens on another thread, as in life. */
static void let_others_act(struct town *t)
{
        pthread_t other;
        ck_assert_int_eq(pthread_create(&other, NULL, run_during_dial, t), 0);
        pthread_join(other, NULL);
}

/* Whether it is a question to a calendar, which is then answered. */
static bool ask_calendar(struct town *t, const struct vio_http_request *rq,
                         struct vio_http_response *r)
{
        if (strncmp(rq->url, "http://cal", 10) != 0)
                return false;
        if (t->calendar)
                t->calendar(t, rq, r);
        else
                vio_http_response_fail(r, VIO_HTTP_NOT_SENT, "connection refused");
        return true;
}

static void town_perform(void *data, const struct vio_http_request *requests,
                         struct vio_http_response *const *responses, size_t n)
{
        struct town *t = data;

        for (size_t i = 0; i < n; i++) {
                if (ask_calendar(t, &requests[i], responses[i]))
                        continue;
                if (strncmp(requests[i].url, RETELL_URL, strlen(RETELL_URL)) != 0) {
                        if (t->elsewhere)
                                t->elsewhere(t, &requests[i], responses[i]);
                        continue;
                }
                bool dial = strstr(requests[i].url, "/v2/create-phone-call") != NULL;
                enum mishap mishap = t->every_request;
                t->requests++;
                if (dial) {
                        t->dials++;
                        if (t->next_dial != MISHAP_NONE)
                                mishap = t->next_dial;
                        if (mishap == t->next_dial && mishap != MISHAP_NONE)
                                t->next_dial = MISHAP_NONE;
                }
                exchange(t, &requests[i], mishap, responses[i]);
                if (dial && t->during_dial)
                        let_others_act(t);
        }
}

/* Opening and closing */

static vio *open_vio(struct town *t)
{
        char why[200] = "";
        vio *v = NULL;
        struct vio_options o = VIO_OPTIONS_INIT;

        o.database = t->database;
        o.secret = secret;
        o.secret_len = sizeof(secret);
        o.retell_url = RETELL_URL;
        o.resend_url = RESEND_URL;
        o.resend_api_key = t->no_mail ? NULL : RESEND_KEY;
        o.resend_webhook_secret = t->no_mail ? NULL : RESEND_SECRET;
        o.cal_com_url = "http://cal-com.test";
        o.calendly_url = "http://calendly.test";
        o.readers = 4;
        o.clock = (struct vio_clock){town_now, t};
        o.random = (struct vio_random){town_random, t};
        o.log = (struct vio_log){town_log, t};
        o.http = (struct vio_http_transport){town_perform, t};
        o.on_due = town_due;
        o.on_due_data = t;
        o.error = why;
        o.error_size = sizeof(why);
        int r = vio_open(&o, &v);
        ck_assert_msg(r == 0, "vio_open: %d, %s", r, why);
        return v;
}

static void add_business(struct town *t, vio_operator *op, struct business *b)
{
        const struct vio_setting settings[] = {
            {"retell_api_key", b->api_key},
            {"retell_agent_id", "agent_1"},
            {"retell_phone_number", b->number},
            {"time_zone", b->zone},
        };
        b->town = t;
        int r = vio_tenant_add(op, b->name, settings, 4, &b->id);
        ck_assert_msg(r == 0, "vio_tenant_add: %s", vio_operator_error(op));
}

static void open_handles(struct town *t)
{
        struct business *all[] = {&t->acme, &t->bolt};
        for (size_t i = 0; i < 2; i++)
                ck_assert_int_eq(vio_tenant_open(t->v, all[i]->id, NULL, &all[i]->handle), 0);
}

void town_open_with_lag(struct town *t, int64_t list_lag_ms)
{
        struct world_options wo = {.seed = 1, .list_lag_ms = list_lag_ms};
        vio_operator *op = NULL;

        *t = (struct town){.now = at(OPENING_DAY)};
        t->acme = (struct business){.name = "Acme Dental",
                                    .api_key = "key_acme_0123456789",
                                    .number = "+12125550000",
                                    .zone = "America/New_York"};
        t->bolt = (struct business){.name = "Bolt Salon",
                                    .api_key = "key_bolt_9876543210",
                                    .number = "+442075550000",
                                    .zone = "Europe/London"};
        pthread_mutex_init(&t->world_lock, NULL);
        snprintf(t->folder, sizeof(t->folder), "%s",
                 access("/dev/shm", W_OK) == 0 ? "/dev/shm/vio-XXXXXX" : "/tmp/vio-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(t->folder));
        snprintf(t->database, sizeof(t->database), "%s/vio.db", t->folder);
        t->world = world_new(&wo);
        ck_assert_ptr_nonnull(t->world);
        t->v = open_vio(t);
        ck_assert_int_eq(vio_operator_open(t->v, NULL, &op), 0);
        add_business(t, op, &t->acme);
        add_business(t, op, &t->bolt);
        vio_operator_free(op);
        open_handles(t);
}

void town_open(struct town *t)
{
        town_open_with_lag(t, 0);
}

static void close_vio(struct town *t)
{
        t->acme.handle = vio_tenant_free(t->acme.handle);
        t->bolt.handle = vio_tenant_free(t->bolt.handle);
        t->v = vio_close(t->v);
}

void town_reopen(struct town *t)
{
        close_vio(t);
        if (t->while_closed)
                t->while_closed(t);
        t->next_step = 0;
        t->v = open_vio(t);
        open_handles(t);
}

vio *town_second_process(struct town *t)
{
        return open_vio(t);
}

void forget_held(struct town *t)
{
        for (size_t i = 0; i < t->n_held; i++)
                free(t->held[i].body);
        t->n_held = 0;
}

/* What must hold after every story, whatever it was. */

struct recount {
        struct vio_contact_stats contacts;
        char days[32][11];
        size_t n_days;
};

static int count_contact(void *data, const vio_contact *c)
{
        struct vio_contact_stats *s = data;
        s->total++;
        switch (vio_contact_get_appointment_status(c)) {
        case VIO_APPOINTMENT_PENDING: s->pending++; break;
        case VIO_APPOINTMENT_CONFIRMED: s->confirmed++; break;
        case VIO_APPOINTMENT_CANCELLED: s->cancelled++; break;
        case VIO_APPOINTMENT_RESCHEDULED: s->rescheduled++; break;
        }
        return 0;
}

static void check_contact_counts(struct business *b)
{
        struct vio_contact_filter all = VIO_CONTACT_FILTER_INIT;
        struct vio_contact_stats kept;
        struct vio_contact_stats counted = {0};

        ck_assert_int_eq(vio_contact_stats(b->handle, &kept), 0);
        ck_assert_int_eq(vio_contact_each(b->handle, &all, count_contact, &counted), 0);
        ck_assert_int_eq(kept.total, counted.total);
        ck_assert_int_eq(kept.pending, counted.pending);
        ck_assert_int_eq(kept.confirmed, counted.confirmed);
        ck_assert_int_eq(kept.cancelled, counted.cancelled);
        ck_assert_int_eq(kept.rescheduled, counted.rescheduled);
}

static int note_day(void *data, const struct vio_call *c)
{
        struct recount *r = data;
        for (size_t i = 0; i < r->n_days; i++) {
                if (strcmp(r->days[i], c->day) == 0)
                        return 0;
        }
        if (r->n_days < 32)
                snprintf(r->days[r->n_days++], sizeof(r->days[0]), "%s", c->day);
        return 0;
}

static void check_parts(struct tenant_tx *tx, const char *day)
{
        struct part_stats kept[DAY_PARTS], counted[DAY_PARTS];
        ck_assert_int_eq(days_parts(tx, day, day, kept), 0);
        ck_assert_int_eq(day_recount_parts(tx, day, counted), 0);
        ck_assert_mem_eq(kept, counted, sizeof(kept));
}

static int check_days_in(struct tenant_tx *tx, void *arg)
{
        struct recount r = {0};
        struct vio_call_filter f = VIO_CALL_FILTER_INIT;
        int64_t broken = -1;
        (void)arg;

        f.limit = 500;
        ck_assert_int_eq(call_each(tx, &f, note_day, &r), 0);
        for (size_t i = 0; i < r.n_days; i++) {
                struct day_stats kept;
                struct day_stats counted;
                ck_assert_int_eq(day_load(tx, r.days[i], &kept), 0);
                ck_assert_int_eq(day_recount(tx, r.days[i], &counted), 0);
                ck_assert_mem_eq(&kept, &counted, sizeof(kept));
                check_parts(tx, r.days[i]);
        }
        ck_assert_int_eq(audit_verify(tx, &broken), 0);
        ck_assert_msg(broken <= 0, "the audit chain breaks at row %lld", (long long)broken);
        return 0;
}

static void check_business(struct business *b)
{
        struct fault f = {0};
        check_contact_counts(b);
        ck_assert_int_eq(
            store_read_tenant(b->town->v->engine.store, b->id, check_days_in, NULL, &f), 0);
}

void town_close(struct town *t)
{
        static const char *const files[] = {"vio.db", "vio.db-wal", "vio.db-shm"};
        char path[128];

        check_business(&t->acme);
        check_business(&t->bolt);
        ck_assert_msg(!t->secrets_in_log, "the log tells: %s", t->secrets_in_log);
        close_vio(t);
        forget_held(t);
        world_free(t->world);
        pthread_mutex_destroy(&t->world_lock);
        for (size_t i = 0; i < count_of(files); i++) {
                snprintf(path, sizeof(path), "%s/%s", t->folder, files[i]);
                unlink(path);
        }
        rmdir(t->folder);
}
