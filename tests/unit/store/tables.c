/* tables.c - what is written to a table comes back as it was. */
#include <string.h>

#include "base/text.h"
#include "run.h"
#include "store/attempts.h"
#include "store/audit.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/events.h"
#include "store/q.h"
#include "store/tasks.h"
#include "store/tenants.h"
#include "store/users.h"
#include "two_tenants.h"

static struct two_tenants w;
static struct desk d;

static void setup(void)
{
        two_tenants_open(&w);
        desk_open(&d, &w);
}

static void teardown(void)
{
        desk_close(&d);
        two_tenants_close(&w);
}

static void assert_same_contact(const struct vio_contact *a, const struct vio_contact *b)
{
        ck_assert_str_eq(a->name, b->name);
        ck_assert_pstr_eq(a->phone, b->phone);
        ck_assert_pstr_eq(a->email, b->email);
        ck_assert_pstr_eq(a->time_zone, b->time_zone);
        ck_assert_pstr_eq(a->appointment_date, b->appointment_date);
        ck_assert_int_eq(a->appointment_time, b->appointment_time);
        ck_assert_int_eq(a->appointment_status, b->appointment_status);
        ck_assert_pstr_eq(a->appointment_type, b->appointment_type);
        ck_assert_int_eq(a->appointment_revision, b->appointment_revision);
        ck_assert_int_eq(a->last_call_outcome, b->last_call_outcome);
        ck_assert_int_eq(a->call_attempts, b->call_attempts);
        ck_assert_pstr_eq(a->special_instructions, b->special_instructions);
        ck_assert_int_eq(a->opted_out, b->opted_out);
        ck_assert_int_eq(a->opted_out_at, b->opted_out_at);
        ck_assert_pstr_eq(a->opt_out_reason, b->opt_out_reason);
        ck_assert_int_eq(a->created_at, b->created_at);
        ck_assert_int_eq(a->updated_at, b->updated_at);
        ck_assert_int_eq(a->no_show, b->no_show);
        ck_assert_pstr_eq(a->attention_note, b->attention_note);
        ck_assert_int_eq(a->deleted_at, b->deleted_at);
        ck_assert_int_eq(a->erased_at, b->erased_at);
}

static const struct vio_contact full_contact = {
    .name = (char *)"Grace Hopper",
    .phone = (char *)"+4930123456",
    .email = (char *)"g@example.org",
    .time_zone = (char *)"Europe/Berlin",
    .appointment_date = (char *)"2026-01-02",
    .appointment_time = NOON + 3,
    .appointment_status = VIO_APPOINTMENT_CANCELLED,
    .appointment_type = (char *)"check-up",
    .appointment_revision = 4,
    .last_call_outcome = VIO_OUTCOME_VOICEMAIL,
    .call_attempts = 5,
    .special_instructions = (char *)"ring twice",
    .opted_out = true,
    .opted_out_at = NOON + 6,
    .opt_out_reason = (char *)"asked for it",
    .created_at = NOON + 7,
    .updated_at = NOON + 8,
    .no_show = true,
    .attention_note = (char *)"two bookings at once",
};

START_TEST(a_contact_comes_back_as_it_was_written)
{
        _cleanup_contact_ struct vio_contact c = {0}, e = {0};
        struct vio_contact empty = contact_row();
        vio_contact_id id;
        ck_assert_int_eq(contact_insert(&d.acme, &full_contact, &id), 0);
        ck_assert_int_eq(contact_load(&d.acme, id, &c), 0);
        ck_assert_int_eq(c.id.v, id.v);
        ck_assert_int_eq(c.tenant.v, w.acme.v);
        assert_same_contact(&c, &full_contact);

        empty.phone = NULL;
        empty.appointment_time = VIO_TIME_NONE;
        empty.id = id;
        ck_assert_int_eq(contact_save(&d.acme, &empty), 0);
        ck_assert_int_eq(contact_load(&d.acme, id, &e), 0);
        assert_same_contact(&e, &empty);
}
END_TEST

static int gather_contact(void *data, const struct vio_contact *c)
{
        int64_t *ids = data;
        ids[++ids[0]] = c->id.v;
        return ids[0] == 5 ? 77 : 0;
}

START_TEST(contacts_are_listed_by_id_status_and_page)
{
        int64_t ids[8] = {0};
        vio_contact_id id;
        for (int i = 0; i < 3; i++)
                ck_assert_int_eq(contact_insert(&d.acme, &full_contact, &id), 0);
        struct vio_contact_filter all = VIO_CONTACT_FILTER_INIT;
        ck_assert_int_eq(contact_each(&d.acme, &all, gather_contact, ids), 0);
        ck_assert_int_eq(ids[0], 4);
        ck_assert(ids[1] == 1 && ids[2] == 2 && ids[3] == 3 && ids[4] == 4);

        struct vio_contact_filter some = {
            .status = VIO_APPOINTMENT_CANCELLED, .after = {2}, .limit = 1};
        ids[0] = 0;
        ck_assert_int_eq(contact_each(&d.acme, &some, gather_contact, ids), 0);
        ck_assert_int_eq(ids[0], 1);
        ck_assert_int_eq(ids[1], 3);

        ck_assert_int_eq(contact_insert(&d.acme, &full_contact, &id), 0);
        ids[0] = 0;
        ck_assert_int_eq(contact_each(&d.acme, &all, gather_contact, ids), 77);
}
END_TEST

START_TEST(contacts_without_a_reminder_are_found)
{
        vio_contact_id ids[4];
        size_t n = 9;
        struct vio_contact c = contact_row();
        vio_contact_id wanted, id;
        ck_assert_int_eq(contact_insert(&d.acme, &c, &wanted), 0);
        c.opted_out = true;
        ck_assert_int_eq(contact_insert(&d.acme, &c, &id), 0);
        c.opted_out = false;
        c.phone = NULL;
        ck_assert_int_eq(contact_insert(&d.acme, &c, &id), 0);
        vio_time from = NOON, to = NOON + 24 * HOURS;
        ck_assert_int_eq(contacts_without_reminder(&d.acme, from, to, ids, 4, &n), 0);
        ck_assert_uint_eq(n, 1);
        ck_assert_int_eq(ids[0].v, wanted.v);
        /* (from, to]: the appointment is at the very end. */
        ck_assert_int_eq(contacts_without_reminder(&d.acme, from, to - 1, ids, 4, &n), 0);
        ck_assert_uint_eq(n, 0);
        ck_assert_int_eq(contacts_without_reminder(&d.acme, to, to + 1, ids, 4, &n), 0);
        ck_assert_uint_eq(n, 0);

        /* The fixture's contact has a task for revision 1: a moved appointment needs a new one. */
        c = contact_row();
        c.id = w.contact;
        c.appointment_revision = 2;
        ck_assert_int_eq(contact_save(&d.acme, &c), 0);
        ck_assert_int_eq(contacts_without_reminder(&d.acme, from, to, ids, 4, &n), 0);
        ck_assert_uint_eq(n, 2);
}
END_TEST

static void fill_call(struct vio_call *c)
{
        c->retell_call_id = (char *)"call_2";
        c->status = VIO_CALL_COMPLETED;
        c->outcome = VIO_OUTCOME_CONFIRMED;
        c->appointment_revision = 3;
        c->started_at = NOON + 1;
        c->ended_at = NOON + 2;
        c->duration = 61;
        c->recording_url = (char *)"https://example.org/r.wav";
        c->disconnection_reason = (char *)"user_hangup";
        c->evidence_flags = 5;
        c->is_final = c->is_counted = c->webhook_verified = true;
        c->poll_attempts = 6;
        c->next_poll_at = NOON + 7;
        c->deadline_at = NOON + 8;
        c->source_of_truth = "poll";
        c->payload_webhook_last = 9;
        c->payload_poll_last = 10;
        c->transcript = (char *)"Agent: hello";
}

static void assert_same_call(const struct vio_call *a, const struct vio_call *b)
{
        ck_assert_str_eq(a->id.s, b->id.s);
        ck_assert_int_eq(a->contact.v, b->contact.v);
        ck_assert_pstr_eq(a->retell_call_id, b->retell_call_id);
        ck_assert_int_eq(a->status, b->status);
        ck_assert_int_eq(a->outcome, b->outcome);
        ck_assert_int_eq(a->type, b->type);
        ck_assert_str_eq(a->task.s, b->task.s);
        ck_assert_int_eq(a->appointment_revision, b->appointment_revision);
        ck_assert_str_eq(a->day, b->day);
        ck_assert_int_eq(a->created_at, b->created_at);
        ck_assert_int_eq(a->started_at, b->started_at);
        ck_assert_int_eq(a->ended_at, b->ended_at);
        ck_assert_int_eq(a->duration, b->duration);
        ck_assert_pstr_eq(a->recording_url, b->recording_url);
        ck_assert_pstr_eq(a->disconnection_reason, b->disconnection_reason);
        ck_assert_uint_eq(a->evidence_flags, b->evidence_flags);
        ck_assert_int_eq(a->is_final, b->is_final);
        ck_assert_int_eq(a->is_counted, b->is_counted);
        ck_assert_int_eq(a->poll_attempts, b->poll_attempts);
        ck_assert_int_eq(a->next_poll_at, b->next_poll_at);
        ck_assert_int_eq(a->deadline_at, b->deadline_at);
        ck_assert_int_eq(a->webhook_verified, b->webhook_verified);
        ck_assert_pstr_eq(a->source_of_truth, b->source_of_truth);
        ck_assert_int_eq(a->payload_webhook_last, b->payload_webhook_last);
        ck_assert_int_eq(a->payload_poll_last, b->payload_poll_last);
        ck_assert_pstr_eq(a->transcript, b->transcript);
}

START_TEST(a_call_comes_back_as_it_was_written)
{
        _cleanup_call_ struct vio_call bare = {0}, inserted = {0}, saved = {0};
        struct vio_call c = call_row(w.contact, 2);
        c.type = VIO_CALL_TYPE_FOLLOW_UP;
        c.task = w.task;
        ck_assert_int_eq(call_insert(&d.acme, &c), 0);
        ck_assert_int_eq(call_load(&d.acme, c.id, true, &bare), 0);
        assert_same_call(&bare, &c);

        fill_call(&c);
        ck_assert_int_eq(call_save(&d.acme, &c), 0);
        ck_assert_int_eq(call_load_by_retell_id(&d.acme, "call_2", true, &saved), 0);
        assert_same_call(&saved, &c);

        c.id = call_id(3);
        c.retell_call_id = (char *)"call_3";
        ck_assert_int_eq(call_insert(&d.acme, &c), 0);
        ck_assert_int_eq(call_load(&d.acme, c.id, true, &inserted), 0);
        assert_same_call(&inserted, &c);
}
END_TEST

START_TEST(a_call_saved_without_a_transcript_keeps_the_one_it_has)
{
        _cleanup_call_ struct vio_call without = {0}, with = {0};
        struct vio_call c = call_row(w.contact, 2);
        fill_call(&c);
        ck_assert_int_eq(call_insert(&d.acme, &c), 0);
        ck_assert_int_eq(call_load(&d.acme, c.id, false, &without), 0);
        ck_assert_ptr_null(without.transcript);
        ck_assert_int_eq(call_save(&d.acme, &without), 0);
        ck_assert_int_eq(call_load(&d.acme, c.id, true, &with), 0);
        ck_assert_str_eq(with.transcript, "Agent: hello");
}
END_TEST

START_TEST(a_call_shows_how_its_dial_stands)
{
        _cleanup_call_ struct vio_call c = {0}, closed = {0};
        struct attempt a = attempt_row(1);
        a.state = VIO_DIAL_UNKNOWN;
        ck_assert_int_eq(attempt_save(&d.acme, &a, 1), 0);
        ck_assert_int_eq(call_load(&d.acme, w.call, false, &c), 0);
        ck_assert_int_eq(c.dial_state, VIO_DIAL_UNKNOWN);
        ck_assert(c.is_open);
        ck_assert_int_eq(attempt_close(&d.acme, w.call), 0);
        ck_assert_int_eq(call_load(&d.acme, w.call, false, &closed), 0);
        ck_assert(!closed.is_open);
}
END_TEST

START_TEST(one_retell_call_cannot_belong_to_two_sessions)
{
        struct vio_call c = call_row(w.contact, 2);
        ck_assert_int_eq(call_insert(&d.acme, &c), 0);
        c.retell_call_id = (char *)"call_1";
        ck_assert_int_eq(call_save(&d.acme, &c), VIO_E_CONFLICT);
        c.id = call_id(3);
        ck_assert_int_eq(call_insert(&d.acme, &c), VIO_E_CONFLICT);
        c.retell_call_id = NULL;
        c.contact.v = 999;
        ck_assert_int_eq(call_insert(&d.acme, &c), VIO_E_CONFLICT);
        ck_assert_int_eq(call_save(&d.acme, &c), VIO_E_NOTFOUND);
}
END_TEST

static int gather_call(void *data, const struct vio_call *c)
{
        char *seen = data;
        size_t n = strlen(seen);
        seen[n] = c->id.s[35];
        seen[n + 1] = '\0';
        return 0;
}

START_TEST(calls_are_listed_newest_first)
{
        char seen[10] = "";
        vio_contact_id other;
        struct vio_contact contact = contact_row();
        ck_assert_int_eq(contact_insert(&d.acme, &contact, &other), 0);
        for (unsigned n = 2; n <= 4; n++) {
                struct vio_call c = call_row(n == 3 ? other : w.contact, n);
                ck_assert_int_eq(call_insert(&d.acme, &c), 0);
        }
        struct vio_call_filter f = VIO_CALL_FILTER_INIT;
        ck_assert_int_eq(call_each(&d.acme, &f, gather_call, seen), 0);
        ck_assert_str_eq(seen, "4321");
        f.limit = 2;
        f.contact = w.contact;
        *seen = '\0';
        ck_assert_int_eq(call_each(&d.acme, &f, gather_call, seen), 0);
        ck_assert_str_eq(seen, "42");
}
END_TEST

START_TEST(calls_are_counted_by_day_if_they_may_have_rung)
{
        int64_t n;
        for (unsigned i = 2; i <= 4; i++) {
                struct vio_call c = call_row(w.contact, i);
                struct attempt a = attempt_row(i);
                text_copy(c.day, sizeof(c.day), i == 4 ? "2026-01-02" : TODAY);
                a.is_open = false;
                a.state = i == 2 ? VIO_DIAL_REJECTED : VIO_DIAL_UNKNOWN;
                ck_assert_int_eq(call_insert(&d.acme, &c), 0);
                ck_assert_int_eq(attempt_insert(&d.acme, &a), 0);
        }
        ck_assert_int_eq(calls_count(&d.acme, w.contact, TODAY, TODAY, &n), 0);
        ck_assert_int_eq(n, 2);
        ck_assert_int_eq(calls_count(&d.acme, w.contact, "2025-12-29", "2026-01-04", &n), 0);
        ck_assert_int_eq(n, 3);
        ck_assert_int_eq(calls_count(&d.acme, w.contact, "2026-01-03", "2026-01-04", &n), 0);
        ck_assert_int_eq(n, 0);
        ck_assert_int_eq(calls_live(&d.acme, &n), 0);
        ck_assert_int_eq(n, 1);
}
END_TEST

START_TEST(what_is_due_comes_earliest_first_and_no_more_than_asked)
{
        vio_call_id ids[2];
        vio_task_id task;
        size_t n;
        for (unsigned i = 2; i <= 5; i++) {
                struct vio_call c = call_row(w.contact, i);
                c.next_poll_at = NOON + 10 - i;
                c.deadline_at = NOON + i;
                ck_assert_int_eq(call_insert(&d.acme, &c), 0);
        }
        ck_assert_int_eq(calls_due_poll(&d.acme, NOON + 8, ids, 2, &n), 0);
        ck_assert_uint_eq(n, 2);
        ck_assert_str_eq(ids[0].s, call_id(5).s);
        ck_assert_str_eq(ids[1].s, call_id(4).s);
        ck_assert_int_eq(calls_past_deadline(&d.acme, NOON + 2, ids, 2, &n), 0);
        ck_assert_uint_eq(n, 1);
        ck_assert_str_eq(ids[0].s, call_id(2).s);
        ck_assert_int_eq(attempts_due(&d.acme, NOON + 2 * MINUTES - 1, ids, 2, &n), 0);
        ck_assert_uint_eq(n, 0);
        ck_assert_int_eq(attempts_due(&d.acme, NOON + 2 * MINUTES, ids, 2, &n), 0);
        ck_assert_uint_eq(n, 1);
        ck_assert_int_eq(attempts_owned(&d.acme, "worker", ids, 2, &n), 0);
        ck_assert_uint_eq(n, 1);
        ck_assert_int_eq(attempts_owned(&d.acme, "somebody", ids, 2, &n), 0);
        ck_assert_uint_eq(n, 0);
        ck_assert_int_eq(tasks_due(&d.acme, NOON - 1, &task, 1, &n), 0);
        ck_assert_uint_eq(n, 0);
        ck_assert_int_eq(tasks_due(&d.acme, NOON, &task, 1, &n), 0);
        ck_assert_uint_eq(n, 1);
        ck_assert_str_eq(task.s, w.task.s);
}
END_TEST

START_TEST(an_attempt_comes_back_as_it_was_written)
{
        _cleanup_attempt_ struct attempt got = {0};
        struct attempt a = attempt_row(1);
        a.state = VIO_DIAL_UNKNOWN;
        a.is_open = false;
        strcpy(a.lease_owner, "");
        a.lease_generation = 2;
        a.due_at = VIO_TIME_NONE;
        a.looks = 3;
        a.unknown_since = NOON + 4;
        a.http_status = 504;
        a.detail = (char *)"gateway";
        a.finished_at = NOON + 5;
        ck_assert_int_eq(attempt_save(&d.acme, &a, 1), 0);
        ck_assert_int_eq(attempt_load(&d.acme, w.call, &got), 0);
        ck_assert_str_eq(got.phone, PHONE);
        ck_assert_int_eq(got.state, a.state);
        ck_assert_int_eq(got.is_open, false);
        ck_assert_str_eq(got.lease_owner, "");
        ck_assert_int_eq(got.lease_generation, 2);
        ck_assert_int_eq(got.due_at, VIO_TIME_NONE);
        ck_assert_int_eq(got.looks, 3);
        ck_assert_int_eq(got.unknown_since, NOON + 4);
        ck_assert_int_eq(got.http_status, 504);
        ck_assert_str_eq(got.detail, "gateway");
        ck_assert_int_eq(got.created_at, NOON);
        ck_assert_int_eq(got.finished_at, NOON + 5);
}
END_TEST

START_TEST(a_task_comes_back_as_it_was_written)
{
        _cleanup_task_ struct vio_task got = {0};
        struct vio_task t = task_row(w.contact, 1);
        t.status = VIO_TASK_PROCESSING;
        t.scheduled_for = NOON + 1;
        t.appointment_revision = 2;
        t.call = w.call;
        t.retell_call_id = (char *)"call_1";
        t.reason = 3;
        t.attempts = 4;
        t.last_attempt_at = NOON + 5;
        t.updated_at = NOON + 6;
        ck_assert_int_eq(task_save(&d.acme, &t, VIO_TASK_PENDING), 0);
        ck_assert_int_eq(task_save(&d.acme, &t, VIO_TASK_PENDING), VIO_E_CONFLICT);
        ck_assert_int_eq(task_load_open(&d.acme, w.contact, t.type, &got), 0);
        ck_assert_str_eq(got.id.s, t.id.s);
        ck_assert_int_eq(got.contact.v, w.contact.v);
        ck_assert_int_eq(got.type, t.type);
        ck_assert_int_eq(got.status, VIO_TASK_PROCESSING);
        ck_assert_int_eq(got.scheduled_for, NOON + 1);
        ck_assert_int_eq(got.appointment_revision, 2);
        ck_assert_str_eq(got.call.s, w.call.s);
        ck_assert_str_eq(got.retell_call_id, "call_1");
        ck_assert_int_eq(got.reason, 3);
        ck_assert_int_eq(got.attempts, 4);
        ck_assert_int_eq(got.last_attempt_at, NOON + 5);
        ck_assert_int_eq(got.created_at, NOON);
        ck_assert_int_eq(got.updated_at, NOON + 6);
}
END_TEST

static int count_tasks(void *data, const struct vio_task *t)
{
        (void)t;
        ++*(int *)data;
        return 0;
}

static int tasks_with(vio_contact_id contact, int status)
{
        int n = 0;
        struct vio_task_filter f = VIO_TASK_FILTER_INIT;
        f.contact = contact;
        f.status = status;
        ck_assert_int_eq(task_each(&d.acme, &f, count_tasks, &n), 0);
        return n;
}

START_TEST(pending_tasks_are_cancelled_by_type_or_all)
{
        bool inserted;
        _cleanup_task_ struct vio_task got = {0};
        struct vio_task t = task_row(w.contact, 2);
        t.type = VIO_TASK_FOLLOW_UP;
        ck_assert_int_eq(task_insert(&d.acme, &t, &inserted), 0);
        ck_assert(inserted);
        ck_assert_int_eq(tasks_with(w.contact, VIO_TASK_PENDING), 2);
        ck_assert_int_eq(tasks_cancel(&d.acme, w.contact, VIO_TASK_FOLLOW_UP, 7, NOON + 9), 0);
        ck_assert_int_eq(tasks_with(w.contact, VIO_TASK_PENDING), 1);
        ck_assert_int_eq(task_load(&d.acme, t.id, &got), 0);
        ck_assert_int_eq(got.status, VIO_TASK_CANCELLED);
        ck_assert_int_eq(got.reason, 7);
        ck_assert_int_eq(got.updated_at, NOON + 9);
        ck_assert_int_eq(tasks_cancel(&d.acme, w.contact, -1, 7, NOON), 0);
        ck_assert_int_eq(tasks_with((vio_contact_id){0}, VIO_TASK_PENDING), 0);
        ck_assert_int_eq(tasks_with((vio_contact_id){0}, -1), 2);
}
END_TEST

static int see_event(void *data, const struct event *e)
{
        ck_assert_str_eq(e->call_id, "call_1");
        ck_assert_str_eq(e->event_type, "call_ended");
        ck_assert_int_eq(e->processed_at, VIO_TIME_NONE);
        ck_assert_int_eq(e->created_at, NOON);
        *(int64_t *)data = e->id;
        return 0;
}

START_TEST(an_event_is_kept_once_and_byte_by_byte)
{
        const char payload[] = "{\"a\": \"\xc3\xa4\"}";
        struct event e = {.call_id = "call_1",
                          .event_type = "call_ended",
                          .digest = "d1",
                          .payload = payload,
                          .payload_len = sizeof(payload) - 1,
                          .processed_at = VIO_TIME_NONE,
                          .created_at = NOON};
        int64_t first, again, seen = 0;
        bool exists = true;
        ck_assert_int_eq(event_exists(&d.acme, "call_1", "call_ended", "d1", &exists), 0);
        ck_assert(!exists);
        ck_assert_int_eq(event_insert(&d.acme, &e, &first), 0);
        ck_assert_int_gt(first, 0);
        ck_assert_int_eq(event_insert(&d.acme, &e, &again), 0);
        ck_assert_int_eq(again, 0);
        ck_assert_int_eq(event_exists(&d.acme, "call_1", "call_ended", "d1", &exists), 0);
        ck_assert(exists);
        ck_assert_int_eq(event_each(&d.acme, "call_1", see_event, &seen), 0);
        ck_assert_int_eq(seen, first);
}
END_TEST

static const struct user ada = {.email = "ada@example.org",
                                .password = "$argon2id$x",
                                .full_name = "Ada",
                                .role = VIO_ROLE_CLIENT_ADMIN,
                                .is_active = true,
                                .token_version = 3};

START_TEST(a_user_comes_back_and_an_address_is_taken_once_a_tenant)
{
        struct user u = ada, found[3];
        vio_user_id acme, bolt, boss, none;
        size_t n;
        u.tenant = w.acme;
        ck_assert_int_eq(user_insert(&d.system, &u, NOON, &acme), 0);
        ck_assert_int_eq(user_insert(&d.system, &u, NOON, &none), VIO_E_CONFLICT);
        u.tenant = w.bolt;
        ck_assert_int_eq(user_insert(&d.system, &u, NOON, &bolt), 0);
        u.tenant.v = 0;
        u.role = VIO_ROLE_SUPER_ADMIN;
        ck_assert_int_eq(user_insert(&d.system, &u, NOON, &boss), 0);
        ck_assert_int_eq(user_insert(&d.system, &u, NOON, &none), VIO_E_CONFLICT);
        ck_assert_int_eq(users_by_email(&d.system, ada.email, (vio_tenant_id){0}, found, 3, &n), 0);
        ck_assert_uint_eq(n, 3);
        ck_assert_int_eq(users_by_email(&d.system, ada.email, w.bolt, found, 3, &n), 0);
        ck_assert_uint_eq(n, 1);
        ck_assert_int_eq(found[0].id.v, bolt.v);
        ck_assert_int_eq(user_load(&d.system, acme, &u), 0);
        ck_assert_int_eq(u.tenant.v, w.acme.v);
        ck_assert_str_eq(u.email, ada.email);
        ck_assert_str_eq(u.password, ada.password);
        ck_assert_str_eq(u.full_name, ada.full_name);
        ck_assert_int_eq(u.role, VIO_ROLE_CLIENT_ADMIN);
        ck_assert(u.is_active);
        ck_assert_int_eq(u.token_version, 3);
        ck_assert_int_eq(user_load(&d.system, (vio_user_id){99}, &u), VIO_E_NOTFOUND);
        ck_assert_int_eq(users_by_email(&d.system, "x", (vio_tenant_id){0}, found, 3, &n), 0);
        ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(a_tenants_state_is_kept)
{
        struct tenant_state s;
        vio_tenant_id ids[3];
        size_t n;
        ck_assert_int_eq(tenant_block(&d.acme, NOON, 4), 0);
        ck_assert_int_eq(tenant_swept(&d.acme, NOON + 1), 0);
        ck_assert_int_eq(tenant_alert(&d.acme), 0);
        ck_assert_int_eq(tenant_state_get(&d.acme, &s), 0);
        ck_assert_int_eq(s.blocked_until, NOON);
        ck_assert_int_eq(s.blocked_reason, 4);
        ck_assert_int_eq(s.swept_at, NOON + 1);
        ck_assert_int_eq(s.alerts, 1);
        ck_assert_int_eq(tenant_block(&d.acme, VIO_TIME_NONE, 4), 0);
        ck_assert_int_eq(tenant_state_get(&d.acme, &s), 0);
        ck_assert_int_eq(s.blocked_until, VIO_TIME_NONE);
        ck_assert_int_eq(s.blocked_reason, 0);
        ck_assert_int_eq(tenants_unswept(&d.system, NOON + 1, ids, 3, &n), 0);
        ck_assert_uint_eq(n, 1);
        ck_assert_int_eq(ids[0].v, w.bolt.v);
        ck_assert_int_eq(tenants_due(&d.system, NOON, ids, 3, &n), 0);
        ck_assert_uint_eq(n, 2);
        ck_assert_int_eq(tenants_due(&d.system, NOON - 1, ids, 3, &n), 0);
        ck_assert_uint_eq(n, 0);
}
END_TEST

/* The earliest of the four kinds of work decides. */
START_TEST(a_touch_finds_the_earliest_of_all_that_is_due)
{
        vio_time at;
        struct vio_call c = call_row(w.contact, 2);
        struct attempt a = attempt_row(1);
        struct vio_task t = task_row(w.contact, 1);
        t.scheduled_for = NOON + 40;
        c.next_poll_at = NOON + 30;
        c.deadline_at = NOON + 20;
        a.due_at = NOON + 10;
        ck_assert_int_eq(tasks_cancel(&d.bolt, w.contact, -1, 0, NOON), 0);
        struct attempt none = attempt_row(1);
        none.due_at = VIO_TIME_NONE;
        ck_assert_int_eq(attempt_save(&d.bolt, &none, 1), 0);
        ck_assert_int_eq(tenant_touch(&d.bolt), 0);
        ck_assert_int_eq(task_save(&d.acme, &t, VIO_TASK_PENDING), 0);
        ck_assert_int_eq(call_insert(&d.acme, &c), 0);
        ck_assert_int_eq(attempt_save(&d.acme, &a, 1), 0);
        for (int i = 1; i <= 4; i++) {
                ck_assert_int_eq(tenant_touch(&d.acme), 0);
                ck_assert_int_eq(tenants_next_due(&d.system, &at), 0);
                ck_assert_int_eq(at, NOON + 10 * i);
                a.due_at = VIO_TIME_NONE;
                c.deadline_at = i >= 2 ? VIO_TIME_NONE : c.deadline_at;
                c.next_poll_at = i >= 3 ? VIO_TIME_NONE : c.next_poll_at;
                ck_assert_int_eq(attempt_save(&d.acme, &a, 1), 0);
                ck_assert_int_eq(call_save(&d.acme, &c), 0);
        }
        ck_assert_int_eq(tasks_cancel(&d.acme, w.contact, -1, 0, NOON), 0);
        ck_assert_int_eq(tenant_touch(&d.acme), 0);
        ck_assert_int_eq(tenants_next_due(&d.system, &at), 0);
        ck_assert_int_eq(at, VIO_TIME_NONE);
}
END_TEST

static const struct vio_actor person = {VIO_ACTOR_USER, {7}, "192.0.2.1"};

static void log_three(void)
{
        for (int i = 0; i < 3; i++) {
                struct audit a = {.actor = &person,
                                  .action = "call.outcome",
                                  .contact = w.contact,
                                  .call = i ? &w.call : NULL,
                                  .detail = "confirmed",
                                  .at = NOON + i};
                ck_assert_int_eq(audit_add(&d.acme, &a), 0);
                ck_assert_int_eq(audit_add_system(&d.system, &a), 0);
        }
}

static int count_audit(void *data, const struct audit_row *r)
{
        ck_assert_str_eq(r->action, "call.outcome");
        ck_assert_str_eq(r->detail, "confirmed");
        ck_assert_int_eq(r->created_at, NOON + r->id - 1);
        ++*(int *)data;
        return 0;
}

START_TEST(the_audit_log_is_a_chain_that_holds)
{
        int64_t broken = -1;
        int n = 0;
        struct tenant_tx installation = tx_narrow(&d.system, (vio_tenant_id){0});
        ck_assert_int_eq(audit_verify(&d.acme, &broken), 0);
        ck_assert_int_eq(broken, 0);
        log_three();
        ck_assert_int_eq(audit_verify(&d.acme, &broken), 0);
        ck_assert_int_eq(broken, 0);
        ck_assert_int_eq(audit_verify(&installation, &broken), 0);
        ck_assert_int_eq(broken, 0);
        ck_assert_int_eq(audit_verify(&d.bolt, &broken), 0);
        ck_assert_int_eq(broken, 0);
        ck_assert_int_eq(audit_each_of_call(&d.acme, w.call, count_audit, &n), 0);
        ck_assert_int_eq(n, 2);
}
END_TEST

/* What somebody might do to the log, and the first row that then does not fit. */
static const struct {
        const char *sql;
        int64_t broken;
} forgeries[] = {
    {"UPDATE audit_logs SET detail = 'cancelled' WHERE tenant_id = 1 AND id = 2", 2},
    {"UPDATE audit_logs SET user_id = 8 WHERE tenant_id = 1 AND id = 1", 1},
    {"UPDATE audit_logs SET created_at = created_at + 1 WHERE tenant_id = 1 AND id = 3", 3},
    {"UPDATE audit_logs SET ip_address = NULL WHERE tenant_id = 1 AND id = 2", 2},
    {"DELETE FROM audit_logs WHERE tenant_id = 1 AND id = 1", 1},
    {"DELETE FROM audit_logs WHERE tenant_id = 1 AND id = 2", 2},
    {"DELETE FROM audit_logs WHERE tenant_id = 1 AND id = 3", 3},
    {"DELETE FROM audit_logs WHERE tenant_id = 1", 1},
    {"UPDATE tenant_state SET audit_head = 'x' WHERE tenant_id = 1", 4},
};

START_TEST(a_forged_audit_log_is_noticed)
{
        int64_t broken = -1;
        log_three();
        ck_assert_int_eq(db_script(d.db, forgeries[_i].sql, NULL), 0);
        ck_assert_int_eq(audit_verify(&d.acme, &broken), 0);
        ck_assert_int_eq(broken, forgeries[_i].broken);
}
END_TEST

/* Two statements of the same text at once: a callback may list what its caller lists. */
static int list_again(void *data, const struct vio_contact *c)
{
        (void)c;
        struct vio_contact_filter f = VIO_CONTACT_FILTER_INIT;
        int64_t ids[8] = {0};
        int r = contact_each(&d.acme, &f, gather_contact, ids);
        ck_assert_int_eq(ids[0], 2);
        ++*(int *)data;
        return r;
}

START_TEST(a_list_may_be_read_inside_itself)
{
        int outer = 0;
        vio_contact_id id;
        struct vio_contact_filter f = VIO_CONTACT_FILTER_INIT;
        ck_assert_int_eq(contact_insert(&d.acme, &full_contact, &id), 0);
        ck_assert_int_eq(contact_each(&d.acme, &f, list_again, &outer), 0);
        ck_assert_int_eq(outer, 2);
}
END_TEST

TENANT_SQL(sql_two_values, "SELECT name FROM contacts WHERE tenant_id = ?1 AND id = ?2");

START_TEST(a_statement_with_a_value_too_few_or_too_many_does_not_run)
{
        _cleanup_q_ struct q *few = q_open(&d.acme, &sql_two_values);
        ck_assert(!q_row(few));
        ck_assert_int_eq(q_err(few), VIO_E_INTERNAL);
        _cleanup_q_ struct q *many = q_open(&d.acme, &sql_two_values);
        q_int(many, 1);
        q_int(many, 2);
        ck_assert(!q_row(many));
        ck_assert_int_eq(q_done(many), VIO_E_INTERNAL);
        ck_assert_ptr_null(q_col_text(many, 0));
}
END_TEST

Suite *suite(void)
{
        const TTest *const cases[] = {
            a_contact_comes_back_as_it_was_written,
            contacts_are_listed_by_id_status_and_page,
            contacts_without_a_reminder_are_found,
            a_call_comes_back_as_it_was_written,
            a_call_saved_without_a_transcript_keeps_the_one_it_has,
            a_call_shows_how_its_dial_stands,
            one_retell_call_cannot_belong_to_two_sessions,
            calls_are_listed_newest_first,
            calls_are_counted_by_day_if_they_may_have_rung,
            what_is_due_comes_earliest_first_and_no_more_than_asked,
            an_attempt_comes_back_as_it_was_written,
            a_task_comes_back_as_it_was_written,
            pending_tasks_are_cancelled_by_type_or_all,
            an_event_is_kept_once_and_byte_by_byte,
            a_user_comes_back_and_an_address_is_taken_once_a_tenant,
            a_tenants_state_is_kept,
            a_touch_finds_the_earliest_of_all_that_is_due,
            the_audit_log_is_a_chain_that_holds,
            a_list_may_be_read_inside_itself,
            a_statement_with_a_value_too_few_or_too_many_does_not_run,
        };
        Suite *s = suite_create("tables");
        for (size_t i = 0; i < count_of(cases); i++)
                add_fixture_case_(s, cases[i]->name, cases[i], setup, teardown);
        TCase *tc = tcase_create("forgeries");
        tcase_add_checked_fixture(tc, setup, teardown);
        tcase_add_loop_test(tc, a_forged_audit_log_is_noticed, 0, (int)count_of(forgeries));
        suite_add_tcase(s, tc);
        return s;
}
