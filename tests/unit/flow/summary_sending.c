/* summary_sending.c - the daily summary is sent once, whatever happens on the way. */
#include <stdlib.h>

#include "abi/handle.h"
#include "store/summary_runs.h"
#include "summary_steps.h"

struct kept_request {
        char day[11];
        size_t len;
};

static int read_request_in(struct tenant_tx *tx, void *arg)
{
        struct kept_request *k = arg;
        _cleanup_summary_run_ struct summary_run run = {0};
        int r = summary_run_load(tx, k->day, &run);
        k->len = r ? 0 : strlen(run.request);
        return r;
}

static size_t kept_request(struct business *b, const char *day)
{
        struct kept_request k = {.len = 0};
        keep(k.day, sizeof(k.day), day);
        ck_assert_int_eq(store_read_tenant(town.v->engine.store, b->id, read_request_in, &k, NULL),
                         0);
        return k.len;
}

/* Once */

START_TEST(a_crash_before_the_mail_arrived_sends_it_once)
{
        given_summary(acme, ADA);
        office.before = snapshot;
        when_it_is(&town, "2026-11-21T13:00:00Z");
        office_forget(); /* after the crash it had not arrived */
        char *first = strdup(office.last_body);
        crash_back(&town);
        then_run_is(acme, "2026-11-21", "pending", "");
        when_it_is(&town, "2026-11-21T13:01:59Z");
        ck_assert_int_eq(office.requests, 1); /* it may be on its way still */
        when_it_is(&town, "2026-11-21T13:02:00Z");
        ck_assert_int_eq(office.requests, 2);
        ck_assert_uint_eq(letters_to(ADA), 1);
        ck_assert_str_eq(office.last_body, first);
        ck_assert_str_eq(office.last_key, "summary/1/2026-11-21");
        then_run_is(acme, "2026-11-21", "sent", "");
        free(first);
}
END_TEST

START_TEST(a_crash_before_the_answer_was_noted_sends_the_same_bytes)
{
        given_summary(acme, ADA);
        given_outcome(acme, "Vienna Barnes", 1);
        office.after = snapshot;
        when_it_is(&town, "2026-11-21T13:00:00Z");
        then_run_is(acme, "2026-11-21", "sent", "");
        crash_back(&town);
        then_run_is(acme, "2026-11-21", "pending", "");
        /* Whatever changes now, the words are those of before: the office checks that. */
        given_setting(acme, "name", "Acme Renamed");
        given_setting(acme, "daily_summary_counts_only", "true");
        when_it_is(&town, "2026-11-21T13:02:00Z");
        ck_assert_int_eq(office.requests, 2);
        ck_assert_uint_eq(letters_to(ADA), 1);
        then_run_is(acme, "2026-11-21", "sent", "");
        when_it_is(&town, "2026-11-22T12:59:00Z");
        ck_assert_int_eq(office.requests, 2);
}
END_TEST

START_TEST(a_restart_before_the_first_attempt_loses_nothing)
{
        given_summary(acme, ADA);
        given_setting(bolt, "daily_summary_timezone", "America/New_York");
        given_summary(bolt, BERT);
        /* Both are written in one step; the second waits for its slot. */
        town.now = at("2026-11-21T13:00:00Z");
        ck_assert_int_eq(when_stepped(&town), 0);
        ck_assert_uint_eq(office.n, 1);
        town_reopen(&town);
        when_time_passes(&town, 10 * SECONDS);
        ck_assert_uint_eq(letters_to(ADA), 1);
        ck_assert_uint_eq(letters_to(BERT), 1);
}
END_TEST

START_TEST(an_answer_that_was_lost_is_asked_for_again)
{
        given_summary(acme, ADA);
        given_counter(COUNTER_ANSWER_LOST, 0, NULL);
        when_it_is(&town, "2026-11-21T13:00:30Z");
        then_run_is(acme, "2026-11-21", "pending", "no answer: timed out");
        office.counter = COUNTER_OPEN;
        when_it_is(&town, "2026-11-21T13:02:00Z");
        ck_assert_int_eq(office.requests, 2);
        ck_assert_uint_eq(letters_to(ADA), 1);
        then_run_is(acme, "2026-11-21", "sent", "");
}
END_TEST

START_TEST(what_is_not_clear_for_too_long_is_not_repeated)
{
        given_summary(acme, ADA);
        office.after = snapshot;
        when_it_is(&town, "2026-11-21T13:00:00Z");
        crash_back(&town);
        town.now = at("2026-11-22T12:30:00Z"); /* the key is forgotten soon */
        when_time_passes(&town, 1 * MINUTES);
        ck_assert_int_eq(office.requests, 1);
        then_run_is(acme, "2026-11-21", "failed", "no clear answer to 1 attempts");
        ck_assert_int_eq(alerts_of(acme), 1);
}
END_TEST

static vio *other;

static void step_other(struct town *t)
{
        (void)t;
        for (int i = 0; i < 3; i++)
                ck_assert_int_eq(vio_step(other, NULL), 0);
}

START_TEST(of_two_processes_one_sends)
{
        other = town_second_process(&town);
        given_summary(acme, ADA);
        office.before = step_other; /* while the mail is on its way */
        when_it_is(&town, "2026-11-21T13:00:00Z");
        step_other(&town);
        ck_assert_int_eq(office.requests, 1);
        then_run_is(acme, "2026-11-21", "sent", "");
        other = vio_close(other);
}
END_TEST

static void let_lease_run_out(struct town *t)
{
        t->now += 3 * MINUTES;
        step_other(t);
}

START_TEST(a_process_that_slept_does_not_undo_what_the_other_noted)
{
        other = town_second_process(&town);
        given_summary(acme, ADA);
        office.before = let_lease_run_out; /* the other sends it meanwhile */
        given_counter(COUNTER_OPEN, 0, NULL);
        when_it_is(&town, "2026-11-21T13:00:00Z");
        ck_assert_int_eq(office.requests, 2);
        ck_assert_uint_eq(letters_to(ADA), 1);
        then_run_is(acme, "2026-11-21", "sent", "");
        other = vio_close(other);
}
END_TEST

static void other_hears_of_an_outage(struct town *t)
{
        given_counter(COUNTER_SCRIPTED, 500, "");
        let_lease_run_out(t);
        given_counter(COUNTER_SCRIPTED, 403, "");
}

START_TEST(a_refusal_that_comes_too_late_counts_for_nothing)
{
        other = town_second_process(&town);
        given_summary(acme, ADA);
        office.before = other_hears_of_an_outage;
        town.now = at("2026-11-21T13:00:00Z");
        ck_assert_int_eq(when_stepped(&town), 0);
        ck_assert_int_eq(office.requests, 2);
        then_run_is(acme, "2026-11-21", "pending", "HTTP 500");
        other = vio_close(other);
}
END_TEST

/* Refusals */

static const struct {
        int status;
        const char *body;
        const char *state;
        const char *why;
        vio_time after; /* when it was tried again, after the first attempt; 0: never */
        int64_t alerts;
} refusals[] = {
    {400, ERROR("validation_error"), "failed", "HTTP 400 validation_error: the reason", 0, 1},
    {400, ERROR("invalid_idempotency_key"), "failed", "HTTP 400", 0, 1},
    {401, ERROR("missing_api_key"), "failed", "HTTP 401", 0, 1},
    {403, ERROR("invalid_api_key"), "failed", "HTTP 403", 0, 1},
    {403, "error code: 1010", "failed", "HTTP 403: error code: 1010", 0, 1},
    {404, ERROR("not_found"), "failed", "HTTP 404", 0, 1},
    {409, ERROR("concurrent_idempotent_requests"), "pending", "HTTP 409", 1 * MINUTES, 0},
    {409, ERROR("invalid_idempotent_request"), "failed", "HTTP 409", 0, 1},
    {422, ERROR("invalid_from_address"), "failed", "HTTP 422", 0, 1},
    {429, ERROR("rate_limit_exceeded"), "pending", "HTTP 429", 1 * MINUTES, 0},
    {429, ERROR("daily_quota_exceeded"), "pending", "HTTP 429", 11 * HOURS, 0},
    {429, ERROR("monthly_quota_exceeded"), "failed", "HTTP 429 monthly_quota_exceeded", 0, 1},
    {451, ERROR("security_error"), "failed", "HTTP 451", 0, 1},
    {500, ERROR("application_error"), "pending", "HTTP 500", 1 * MINUTES, 0},
    {503, "<html>", "pending", "HTTP 503: <html>", 1 * MINUTES, 0},
    {200, "{}", "pending", "HTTP 200", 1 * MINUTES, 0},
};

START_TEST(each_refusal_has_its_consequence)
{
        given_summary(acme, ADA);
        given_counter(COUNTER_SCRIPTED, refusals[_i].status, refusals[_i].body);
        when_it_is(&town, "2026-11-21T13:00:00Z");
        ck_assert_int_eq(office.requests, 1);
        then_run_is(acme, "2026-11-21", refusals[_i].state, refusals[_i].why);
        ck_assert_int_eq(alerts_of(acme), refusals[_i].alerts);
        ck_assert_int_eq(kept_request(acme, "2026-11-21") > 0, refusals[_i].after != 0);
        office.counter = COUNTER_OPEN;
        if (refusals[_i].after) {
                when_time_passes(&town, refusals[_i].after - 1);
                ck_assert_int_eq(office.requests, 1);
                when_time_passes(&town, 1);
                ck_assert_int_eq(office.requests, 2);
                then_run_is(acme, "2026-11-21", "sent", "");
        } else {
                when_it_is(&town, "2026-11-22T12:59:00Z");
                ck_assert_int_eq(office.requests, 1);
        }
        ck_assert_uint_eq(kept_request(acme, "2026-11-21"), 0);
        ck_assert_uint_eq(letters_to(ADA), refusals[_i].after ? 1 : 0);
        /* The next day is another day. */
        when_it_is(&town, "2026-11-22T13:00:00Z");
        then_run_is(acme, "2026-11-22", "sent", "");
}
END_TEST

START_TEST(the_wait_that_was_asked_for_is_kept)
{
        given_summary(acme, ADA);
        given_counter(COUNTER_SCRIPTED, 429, ERROR("rate_limit_exceeded"));
        office.script.header = "retry-after";
        office.script.value = "600";
        when_it_is(&town, "2026-11-21T13:09:59Z");
        ck_assert_int_eq(office.requests, 1);
        when_it_is(&town, "2026-11-21T13:10:00Z");
        ck_assert_int_eq(office.requests, 2);
}
END_TEST

START_TEST(a_trouble_that_lasts_ends_the_attempts)
{
        given_summary(acme, ADA);
        given_counter(COUNTER_NEVER_REACHED, 0, NULL);
        when_it_is(&town, "2026-11-22T12:59:59Z");
        ck_assert_int_eq(office.requests, 8);
        then_run_is(acme, "2026-11-21", "failed", "no answer: timed out");
        office.counter = COUNTER_OPEN;
        when_it_is(&town, "2026-11-22T13:00:00Z");
        then_run_is(acme, "2026-11-22", "sent", "");
}
END_TEST

START_TEST(while_resend_is_down_it_is_asked_once_a_minute_for_everybody)
{
        given_setting(bolt, "daily_summary_timezone", "America/New_York");
        given_summary(acme, ADA);
        given_summary(bolt, BERT);
        given_counter(COUNTER_NEVER_REACHED, 0, NULL);
        when_it_is(&town, "2026-11-21T13:00:59Z");
        ck_assert_int_eq(office.requests, 1);
        when_it_is(&town, "2026-11-21T13:01:59Z");
        ck_assert_int_eq(office.requests, 2);
        office.counter = COUNTER_OPEN;
        when_it_is(&town, "2026-11-21T13:10:00Z");
        ck_assert_uint_eq(letters_to(ADA), 1);
        ck_assert_uint_eq(letters_to(BERT), 1);
}
END_TEST

START_TEST(without_a_mail_service_it_is_left_out_with_the_reason)
{
        town.no_mail = true;
        town_reopen(&town);
        given_summary(acme, ADA);
        when_it_is(&town, "2026-11-21T14:00:00Z");
        then_run_is(acme, "2026-11-21", "skipped", "no mail service is set up");
        ck_assert_int_eq(office.requests, 0);
        ck_assert_int_eq(alerts_of(acme), 0);
        ck_assert_int_eq(vio_summary_send_test(acme->handle, NULL), VIO_E_CONFLICT);
        ck_assert_int_eq(resend_says(&town, "msg_1", "{\"type\":\"email.sent\"}"), VIO_E_AUTH);
}
END_TEST

START_TEST(a_suspended_tenant_gets_none)
{
        given_summary(acme, ADA);
        suspend(acme, true);
        when_it_is(&town, "2026-11-21T14:00:00Z");
        then_run_is(acme, "2026-11-21", "skipped", "suspended");
        suspend(acme, false);
        when_it_is(&town, "2026-11-22T14:00:00Z");
        then_run_is(acme, "2026-11-22", "sent", "");
}
END_TEST

static void switch_off(void)
{
        given_setting(acme, "daily_summary_enabled", "false");
}

static void change_recipient(void)
{
        given_setting(acme, "daily_summary_recipient_email", "new@acme.example");
}

static void remove_recipient(void)
{
        given_setting(acme, "daily_summary_recipient_email", NULL);
}

static const struct {
        void (*happens)(void);
        const char *why;
} changes[] = {
    {switch_off, "it was switched off"},
    {change_recipient, "the recipient was changed"},
    {remove_recipient, "the recipient was changed"},
};

START_TEST(what_waits_is_dropped_when_it_is_not_wanted_any_more)
{
        given_summary(acme, ADA);
        given_counter(COUNTER_SCRIPTED, 500, "");
        when_it_is(&town, "2026-11-21T13:00:00Z");
        office.counter = COUNTER_OPEN;
        changes[_i].happens();
        when_it_is(&town, "2026-11-22T12:00:00Z");
        ck_assert_int_eq(office.requests, 1);
        then_run_is(acme, "2026-11-21", "skipped", changes[_i].why);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("summary_sending");
        CASE(a_crash_before_the_mail_arrived_sends_it_once);
        CASE(a_crash_before_the_answer_was_noted_sends_the_same_bytes);
        CASE(a_restart_before_the_first_attempt_loses_nothing);
        CASE(an_answer_that_was_lost_is_asked_for_again);
        CASE(what_is_not_clear_for_too_long_is_not_repeated);
        CASE(of_two_processes_one_sends);
        CASE(a_process_that_slept_does_not_undo_what_the_other_noted);
        CASE(a_refusal_that_comes_too_late_counts_for_nothing);
        LOOP(each_refusal_has_its_consequence, refusals);
        CASE(the_wait_that_was_asked_for_is_kept);
        CASE(a_trouble_that_lasts_ends_the_attempts);
        CASE(while_resend_is_down_it_is_asked_once_a_minute_for_everybody);
        CASE(without_a_mail_service_it_is_left_out_with_the_reason);
        CASE(a_suspended_tenant_gets_none);
        LOOP(what_waits_is_dropped_when_it_is_not_wanted_any_more, changes);
        return s;
}
