/* summaries.c - runs of the daily summary, the calls that it reports, and mails and their fate. */
#include <stdio.h>
#include <string.h>

#include "run.h"
#include "store/attempts.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/mail.h"
#include "store/summary_runs.h"
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

static struct summary_run run_on(const char *day, vio_time next_at)
{
        struct summary_run r = {.state = RUN_PENDING,
                                .request = (char *)"{\"to\":[\"a@b\"]}",
                                .next_at = next_at,
                                .created_at = NOON};
        snprintf(r.day, sizeof(r.day), "%s", day);
        return r;
}

static void given_run(struct tenant_tx *tx, const char *day, vio_time next_at)
{
        struct summary_run r = run_on(day, next_at);
        ck_assert_int_eq(summary_run_insert(tx, &r), 0);
}

START_TEST(a_day_has_one_run_in_each_tenant)
{
        struct summary_run again = run_on("2026-01-01", NOON);
        bool there = true;
        given_run(&d.acme, "2026-01-01", NOON);
        ck_assert_int_eq(summary_run_insert(&d.acme, &again), VIO_E_CONFLICT);
        ck_assert_int_eq(summary_run_exists(&d.bolt, "2026-01-01", &there), 0);
        ck_assert(!there);
        given_run(&d.bolt, "2026-01-01", NOON);
        ck_assert_int_eq(summary_run_exists(&d.bolt, "2026-01-01", &there), 0);
        ck_assert(there);
}
END_TEST

START_TEST(a_run_is_found_by_day_by_age_and_when_due)
{
        _cleanup_summary_run_ struct summary_run by_day = {0}, newest = {0}, due = {0};
        struct summary_run none = {0};
        given_run(&d.bolt, "2026-02-01", NOON - 9);
        ck_assert_int_eq(summary_run_newest(&d.acme, &none), VIO_E_NOTFOUND);
        given_run(&d.acme, "2026-01-02", NOON + 1);
        given_run(&d.acme, "2026-01-01", NOON + 2);
        ck_assert_int_eq(summary_run_due(&d.acme, NOON, &none), VIO_E_NOTFOUND);
        ck_assert_int_eq(summary_run_due(&d.acme, NOON + 2, &due), 0);
        ck_assert_str_eq(due.day, "2026-01-02");
        ck_assert_int_eq(summary_run_newest(&d.acme, &newest), 0);
        ck_assert_str_eq(newest.day, "2026-01-02");
        ck_assert_int_eq(summary_run_load(&d.acme, "2026-01-01", &by_day), 0);
        ck_assert_str_eq(by_day.request, "{\"to\":[\"a@b\"]}");
        ck_assert_int_eq(by_day.next_at, NOON + 2);
        ck_assert_int_eq(by_day.attempts, 0);
        ck_assert_int_eq(by_day.created_at, NOON);
        ck_assert_ptr_null(by_day.error);
}
END_TEST

START_TEST(who_comes_second_does_not_get_the_run)
{
        struct summary_run r = run_on("2026-01-01", NOON + MINUTES);
        given_run(&d.acme, "2026-01-01", NOON);
        r.attempts = 1;
        ck_assert_int_eq(summary_run_save(&d.bolt, &r, 0), VIO_E_CONFLICT);
        ck_assert_int_eq(summary_run_save(&d.acme, &r, 0), 0);
        ck_assert_int_eq(summary_run_save(&d.acme, &r, 0), VIO_E_CONFLICT);
        ck_assert_int_eq(summary_run_save(&d.acme, &r, 1), 0);
}
END_TEST

START_TEST(a_run_that_ended_has_forgotten_its_words_and_stays_ended)
{
        _cleanup_summary_run_ struct summary_run is = {0};
        struct summary_run r = run_on("2026-01-01", NOON);
        given_run(&d.acme, "2026-01-01", NOON);
        ck_assert_int_eq(summary_run_end(&d.acme, "2026-01-01", RUN_SENT, NULL, "id-1", NOON), 0);
        ck_assert_int_eq(summary_run_end(&d.acme, "2026-01-01", RUN_FAILED, "x", NULL, NOON), 0);
        ck_assert_int_eq(summary_run_save(&d.acme, &r, 0), VIO_E_CONFLICT);
        ck_assert_int_eq(summary_run_load(&d.acme, "2026-01-01", &is), 0);
        ck_assert_int_eq(is.state, RUN_SENT);
        ck_assert_str_eq(is.request, "");
        ck_assert_int_eq(is.next_at, VIO_TIME_NONE);
        ck_assert_ptr_null(is.error);
}
END_TEST

START_TEST(what_is_due_next_and_was_sent_last_is_kept_by_tenant)
{
        vio_time at = 0;
        ck_assert_int_eq(summary_next_set(&d.acme, NOON), 0);
        ck_assert_int_eq(summary_sent_set(&d.acme, NOON + 1), 0);
        ck_assert_int_eq(summary_next_get(&d.acme, &at), 0);
        ck_assert_int_eq(at, NOON);
        ck_assert_int_eq(summary_sent_get(&d.acme, &at), 0);
        ck_assert_int_eq(at, NOON + 1);
        ck_assert_int_eq(summary_next_get(&d.bolt, &at), 0);
        ck_assert_int_eq(at, VIO_TIME_NONE);
        ck_assert_int_eq(summary_sent_get(&d.bolt, &at), 0);
        ck_assert_int_eq(at, VIO_TIME_NONE);
}
END_TEST

START_TEST(a_test_mail_is_allowed_once_a_pause)
{
        bool taken = false;
        const struct {
                vio_time now;
                bool taken;
        } rows[] = {{NOON, true},
                    {NOON + MINUTES - 1, false},
                    {NOON + MINUTES, true},
                    {NOON + MINUTES + 1, false},
                    {NOON, true}}; /* the clock was set back */
        for (size_t i = 0; i < count_of(rows); i++) {
                ck_assert_int_eq(summary_test_take(&d.acme, rows[i].now, MINUTES, &taken), 0);
                ck_assert_msg(taken == rows[i].taken, "row %zu", i);
        }
        ck_assert_int_eq(summary_test_take(&d.bolt, NOON + 1, MINUTES, &taken), 0);
        ck_assert(taken);
}
END_TEST

START_TEST(an_address_is_blocked_in_its_tenant_whatever_its_case)
{
        _cleanup_text_ struct text reason = TEXT_INIT;
        bool changed = false;
        ck_assert_int_eq(mail_block_add(&d.acme, "Ada@Example.COM", "bounced", NOON, &changed), 0);
        ck_assert(changed);
        ck_assert_int_eq(mail_block_add(&d.acme, "ada@example.com", "complained", NOON, &changed),
                         0);
        ck_assert(!changed);
        ck_assert_int_eq(mail_block_get(&d.bolt, "ada@example.com", &reason), 0);
        ck_assert_str_eq(text_str(&reason), "");
        ck_assert_int_eq(mail_block_get(&d.acme, "ADA@example.com", &reason), 0);
        ck_assert_str_eq(text_str(&reason), "bounced");
        ck_assert_int_eq(mail_block_lift(&d.bolt, "ada@example.com", &changed), 0);
        ck_assert(!changed);
        ck_assert_int_eq(mail_block_lift(&d.acme, "aDa@example.com", &changed), 0);
        ck_assert(changed);
}
END_TEST

START_TEST(a_mail_leads_to_its_tenant)
{
        vio_tenant_id owners[4];
        size_t n = 9;
        ck_assert_int_eq(mail_route_add(&d.bolt, "id-1"), 0);
        ck_assert_int_eq(mail_route_add(&d.bolt, "id-1"), 0);
        ck_assert_int_eq(mail_routes(&d.system, "id-1", owners, 4, &n), 0);
        ck_assert_uint_eq(n, 1);
        ck_assert_int_eq(owners[0].v, w.bolt.v);
        ck_assert_int_eq(mail_routes(&d.system, "id-2", owners, 4, &n), 0);
        ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(an_event_is_new_once_until_it_is_forgotten)
{
        bool is_new = false;
        ck_assert_int_eq(mail_event_add(&d.system, "msg_1", NOON, NOON - 1, &is_new), 0);
        ck_assert(is_new);
        ck_assert_int_eq(mail_event_add(&d.system, "msg_1", NOON + 9, NOON, &is_new), 0);
        ck_assert(!is_new);
        ck_assert_int_eq(mail_event_add(&d.system, "msg_1", NOON + 9, NOON + 1, &is_new), 0);
        ck_assert(is_new);
}
END_TEST

static void given_call(struct tenant_tx *tx, const char *id, const char *day,
                       enum vio_outcome outcome, enum vio_dial_state state)
{
        struct vio_contact contact = contact_row();
        struct attempt attempt = attempt_row(1);
        vio_contact_id who;
        contact.phone = NULL;
        ck_assert_int_eq(contact_insert(tx, &contact, &who), 0);
        struct vio_call call = call_row(who, 1);
        snprintf(call.id.s, sizeof(call.id.s), "%s-7000-8000-000000000000", id);
        snprintf(call.day, sizeof(call.day), "%s", day);
        call.outcome = outcome;
        attempt.call = call.id;
        attempt.state = state;
        attempt.is_open = false;
        ck_assert_int_eq(call_insert(tx, &call), 0);
        ck_assert_int_eq(attempt_insert(tx, &attempt), 0);
}

static int note_call(void *data, const struct reported_call *c)
{
        char *told = data;
        size_t len = strlen(told);
        const char *outcome = vio_outcome_name(c->outcome);
        ck_assert_str_eq(c->name, "Ada Byron");
        snprintf(told + len, 200 - len, "%s%s ", outcome ? outcome : "none", c->placed ? "" : "!");
        return 0;
}

/* 2026-01-01T12:00Z is 019b796dd600 in milliseconds. */
START_TEST(the_calls_of_a_day_are_reported_in_order)
{
        char told[200] = "";
        given_call(&d.acme, "019b796d-d602", TODAY, VIO_OUTCOME_CANCELLED, VIO_DIAL_PLACED);
        given_call(&d.acme, "019b796d-d601", TODAY, VIO_OUTCOME_CONFIRMED, VIO_DIAL_UNKNOWN);
        given_call(&d.acme, "019b796d-d603", TODAY, VIO_OUTCOME_FAILED, VIO_DIAL_REJECTED);
        given_call(&d.acme, "019b796d-d604", "2026-01-02", VIO_OUTCOME_BUSY, VIO_DIAL_PLACED);
        given_call(&d.acme, "019b796d-d605", TODAY, VIO_OUTCOME_NONE, VIO_DIAL_NOT_PLACED);
        given_call(&d.acme, "019b796e-d605", TODAY, VIO_OUTCOME_BUSY, VIO_DIAL_PLACED);
        given_call(&d.bolt, "019b796d-d602", TODAY, VIO_OUTCOME_VOICEMAIL, VIO_DIAL_PLACED);
        ck_assert_int_eq(summary_calls(&d.acme, TODAY, NOON, NOON + 1000, note_call, told), 0);
        ck_assert_str_eq(told, "confirmed cancelled failed! none! ");
        told[0] = '\0';
        ck_assert_int_eq(summary_calls(&d.acme, TODAY, NOON + 2, NOON + 3, note_call, told), 0);
        ck_assert_str_eq(told, "cancelled ");
        told[0] = '\0';
        ck_assert_int_eq(summary_calls(&d.bolt, TODAY, NOON, NOON + 1000, note_call, told), 0);
        ck_assert_str_eq(told, "voicemail ");
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("summaries");
        add_fixture_case(s, a_day_has_one_run_in_each_tenant, setup, teardown);
        add_fixture_case(s, a_run_is_found_by_day_by_age_and_when_due, setup, teardown);
        add_fixture_case(s, who_comes_second_does_not_get_the_run, setup, teardown);
        add_fixture_case(s, a_run_that_ended_has_forgotten_its_words_and_stays_ended, setup,
                         teardown);
        add_fixture_case(s, what_is_due_next_and_was_sent_last_is_kept_by_tenant, setup, teardown);
        add_fixture_case(s, a_test_mail_is_allowed_once_a_pause, setup, teardown);
        add_fixture_case(s, an_address_is_blocked_in_its_tenant_whatever_its_case, setup, teardown);
        add_fixture_case(s, a_mail_leads_to_its_tenant, setup, teardown);
        add_fixture_case(s, an_event_is_new_once_until_it_is_forgotten, setup, teardown);
        add_fixture_case(s, the_calls_of_a_day_are_reported_in_order, setup, teardown);
        return s;
}
