/* dials.c - one dial, never two: lost answers, refusals, crashes, leases, and calls that hang. */
#include <string.h>

#include "clinic.h"
#include "run.h"

static struct town town;
static struct business *const acme = &town.acme;

static void open_town(void)
{
        town_open(&town);
}

/* Retell's list shows a call only after twelve minutes: later than we look for it. */
static void open_lagging_town(void)
{
        town_open_with_lag(&town, 12 * MINUTES);
}

static void close_town(void)
{
        town_close(&town);
}

static vio_contact_id ada;

/* Something that others do while our request is on its way. */

static void two_minutes_pass(struct town *t)
{
        t->now += 2 * MINUTES;
}

static void the_appointment_moves(struct town *t)
{
        when_appointment_moves(&t->acme, ada, "2026-11-25T15:00:00Z");
}

static void ada_opts_out(struct town *t)
{
        ck_assert_int_eq(vio_contact_opt_out(t->acme.handle, ada, true, "by mail"), 0);
}

static void the_whole_call_is_told(struct town *t)
{
        when_time_passes(t, 2 * MINUTES);
}

START_TEST(a_lost_answer_is_looked_up_and_never_dialled_again)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        town.post = POST_LOST;
        town.next_dial = MISHAP_ANSWER_LOST;

        ck_assert_int_eq(when_called_now(acme, ada), 0);
        ck_assert_int_eq(call_now_of(acme, acme->last_call).dial, VIO_DIAL_UNKNOWN);
        then_refused_for(acme, when_called_now(acme, ada), VIO_REASON_CALL_LIVE);

        when_time_passes(&town, 10 * SECONDS);
        ck_assert_int_eq(call_now_of(acme, acme->last_call).dial, VIO_DIAL_PLACED);
        ck_assert(timeline_has(acme, acme->last_call, "found"));
        when_time_passes(&town, 30 * MINUTES);
        then_outcome_is(acme, ada, VIO_OUTCOME_CONFIRMED);
        then_rings_are(acme, phone_of(1), 1);
}
END_TEST

START_TEST(a_lost_answer_is_settled_by_the_first_webhook)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        town.next_dial = MISHAP_ANSWER_LOST;
        town.post = POST_HELD;

        ck_assert_int_eq(when_called_now(acme, ada), 0);
        town.every_request = MISHAP_REFUSED;
        when_time_passes(&town, 2 * MINUTES);
        ck_assert_int_eq(call_now_of(acme, acme->last_call).dial, VIO_DIAL_UNKNOWN);
        ck_assert_int_eq(deliver(&town, held_event(&town, "call_analyzed"), NULL), 0);
        ck_assert_int_eq(call_now_of(acme, acme->last_call).dial, VIO_DIAL_PLACED);
        then_outcome_is(acme, ada, VIO_OUTCOME_CONFIRMED);
        then_rings_are(acme, phone_of(1), 1);
}
END_TEST

START_TEST(a_server_error_that_placed_nothing_is_tried_again_later)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        town.next_dial = MISHAP_SERVER_ERROR;

        when_it_is(&town, "2026-11-22T15:09:59Z");
        ck_assert_int_eq(newest_call(acme, ada).dial, VIO_DIAL_UNKNOWN);
        then_rings_are(acme, phone_of(1), 0);
        ck_assert_int_eq(town.dials, 1);

        when_it_is(&town, "2026-11-22T16:00:00Z");
        then_outcome_is(acme, ada, VIO_OUTCOME_CONFIRMED);
        then_rings_are(acme, phone_of(1), 1);
        ck_assert_uint_eq(calls_of(acme, ada), 2);
        ck_assert_int_eq(contact_now(acme, ada).attempts, 1);
}
END_TEST

/* 15:00:00 dial; 500; looked for at 5, 15, 35, 75, 155, 315, 495 and 675 s; then a minute's wait.
 */
START_TEST(the_first_retry_waits_a_minute)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        town.next_dial = MISHAP_SERVER_ERROR;

        when_it_is(&town, "2026-11-22T15:11:20Z");
        ck_assert_int_eq(newest_call(acme, ada).dial, VIO_DIAL_NOT_PLACED);
        then_planned_at(acme, ada, VIO_TASK_INITIAL_REMINDER, "2026-11-22T15:12:15Z");
}
END_TEST

START_TEST(a_refused_connection_is_retried_three_times_in_all)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        town.every_request = MISHAP_REFUSED;

        when_it_is(&town, "2026-11-23T16:00:00Z");
        struct seen_tasks tasks = tasks_of(acme, ada);
        const struct seen_task *reminder = last_task(&tasks, VIO_TASK_INITIAL_REMINDER);
        ck_assert_int_eq(reminder->status, VIO_TASK_FAILED);
        ck_assert_int_eq(reminder->reason, VIO_REASON_RETRIES_SPENT);
        ck_assert_int_eq(town.dials, 3);
        ck_assert_int_eq(contact_now(acme, ada).attempts, 0);
}
END_TEST

START_TEST(by_hand_a_refused_connection_is_told_at_once)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        town.every_request = MISHAP_REFUSED;

        ck_assert_int_eq(when_called_now(acme, ada), VIO_E_UPSTREAM);
        ck_assert_int_eq(newest_call(acme, ada).dial, VIO_DIAL_NOT_PLACED);
        ck_assert_int_eq(newest_call(acme, ada).status, VIO_CALL_FAILED);

        town.every_request = MISHAP_NONE;
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        then_rings_are(acme, phone_of(1), 1);
}
END_TEST

START_TEST(a_call_that_shows_only_after_it_was_given_up_is_not_repeated)
{
        ada = given_contact(acme, "Ada", 8, MONDAY);
        town.next_dial = MISHAP_ANSWER_LOST;
        town.post = POST_HELD;

        when_it_is(&town, "2026-11-22T15:11:20Z");
        ck_assert_int_eq(newest_call(acme, ada).dial, VIO_DIAL_NOT_PLACED);
        ck_assert_int_eq(deliver(&town, held_event(&town, "call_analyzed"), NULL), 0);
        ck_assert_int_eq(newest_call(acme, ada).dial, VIO_DIAL_PLACED);
        then_outcome_is(acme, ada, VIO_OUTCOME_ANSWERED);

        when_it_is(&town, "2026-11-23T16:00:00Z");
        then_rings_are(acme, phone_of(8), 1);
        then_nothing_is_planned(acme, ada);
}
END_TEST

START_TEST(a_call_that_shows_late_frees_its_line_when_it_ends)
{
        ada = given_contact(acme, "Ada", 8, MONDAY);
        town.next_dial = MISHAP_ANSWER_LOST;
        town.post = POST_HELD;

        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_time_passes(&town, 12 * MINUTES);
        ck_assert_int_eq(call_now_of(acme, acme->last_call).dial, VIO_DIAL_NOT_PLACED);
        ck_assert_int_eq(deliver(&town, held_event(&town, "call_started"), NULL), 0);
        then_refused_for(acme, when_called_now(acme, ada), VIO_REASON_CALL_LIVE);
        ck_assert_int_eq(deliver(&town, held_event(&town, "call_ended"), NULL), 0);
        ck_assert_int_eq(when_called_now(acme, ada), 0);
}
END_TEST

START_TEST(a_call_that_shows_late_and_is_over_takes_no_line)
{
        ada = given_contact(acme, "Ada", 8, MONDAY);
        town.next_dial = MISHAP_ANSWER_LOST;
        town.post = POST_HELD;

        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_time_passes(&town, 12 * MINUTES);
        ck_assert_int_eq(call_now_of(acme, acme->last_call).dial, VIO_DIAL_NOT_PLACED);
        ck_assert_int_eq(deliver(&town, held_event(&town, "call_analyzed"), NULL), 0);
        ck_assert_int_eq(when_called_now(acme, ada), 0);
}
END_TEST

START_TEST(a_call_lost_in_a_long_outage_frees_its_line_but_still_counts)
{
        ada = given_contact(acme, "Ada", 8, MONDAY);
        town.post = POST_LOST;
        town.next_dial = MISHAP_ANSWER_LOST;
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        vio_call_id lost = acme->last_call;
        town.every_request = MISHAP_REFUSED;

        when_time_passes(&town, 131 * MINUTES);
        ck_assert_int_eq(call_now_of(acme, lost).dial, VIO_DIAL_UNKNOWN);
        ck_assert_int_eq(alerts_of(acme), 1);
        town.every_request = MISHAP_NONE;
        town.post = POST_DELIVERED;
        for (int i = 0; i < 2; i++) {
                ck_assert_int_eq(when_called_now(acme, ada), 0);
                when_time_passes(&town, 2 * MINUTES);
        }
        then_refused_for(acme, when_called_now(acme, ada), VIO_REASON_DAILY_LIMIT);

        when_time_passes(&town, 1 * HOURS);
        ck_assert_int_eq(call_now_of(acme, lost).dial, VIO_DIAL_PLACED);
        ck_assert_int_eq(call_now_of(acme, lost).outcome, VIO_OUTCOME_ANSWERED);
        ck_assert_int_eq(contact_now(acme, ada).attempts, 3);
}
END_TEST

START_TEST(a_lost_call_that_is_never_found_is_given_up_for_good)
{
        ada = given_contact(acme, "Ada", 8, "2026-12-01T15:00:00Z");
        town.next_dial = MISHAP_NEVER_ARRIVED;
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        town.every_request = MISHAP_REFUSED;
        when_time_passes(&town, 7 * DAYS + 1 * HOURS);
        int requests = town.requests;
        when_time_passes(&town, 24 * HOURS);
        ck_assert_int_eq(town.requests, requests);
        ck_assert_int_eq(call_now_of(acme, acme->last_call).dial, VIO_DIAL_UNKNOWN);
        ck_assert_int_eq(call_now_of(acme, acme->last_call).status, VIO_CALL_FAILED);
}
END_TEST

START_TEST(a_crash_after_the_claim_is_settled_after_the_restart)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        town.post = POST_LOST;
        town.next_dial = MISHAP_ANSWER_LOST;
        ck_assert_int_eq(when_called_now(acme, ada), 0);

        town_reopen(&town);
        when_time_passes(&town, 30 * MINUTES);
        then_outcome_is(acme, ada, VIO_OUTCOME_CONFIRMED);
        then_rings_are(acme, phone_of(1), 1);
}
END_TEST

/* The dialler never comes back: what it leaves is what another opener of the file finds. */
static void the_other_process_settles(struct town *t)
{
        vio *other = town_second_process(t);
        for (int i = 0; i < 400; i++) {
                vio_time next = t->now;
                ck_assert_int_eq(vio_step(other, &next), 0);
                t->now = next > t->now ? next : t->now + SECONDS;
        }
        vio_close(other);
}

START_TEST(a_dialler_that_hangs_loses_its_lease_and_its_word)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        town.next_dial = MISHAP_SERVER_ERROR;
        town.during_dial = the_other_process_settles;

        ck_assert_int_eq(when_called_now(acme, ada), 0);
        ck_assert_int_eq(call_now_of(acme, acme->last_call).dial, VIO_DIAL_NOT_PLACED);
        then_rings_are(acme, phone_of(1), 0);
}
END_TEST

START_TEST(a_dialler_that_hangs_on_a_placed_call_finds_it_adopted)
{
        ada = given_contact(acme, "Ada", 8, MONDAY);
        town.during_dial = the_other_process_settles;
        town.post = POST_LOST;

        ck_assert_int_eq(when_called_now(acme, ada), 0);
        ck_assert_int_eq(call_now_of(acme, acme->last_call).dial, VIO_DIAL_PLACED);
        ck_assert(timeline_has(acme, acme->last_call, "found"));
        ck_assert_int_eq(timeline_has(acme, acme->last_call, "ongoing"), 1);
        then_outcome_is(acme, ada, VIO_OUTCOME_ANSWERED);
        then_rings_are(acme, phone_of(8), 1);
}
END_TEST

START_TEST(a_slow_answer_after_the_lease_still_ends_in_one_call)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        town.during_dial = two_minutes_pass;

        when_it_is(&town, "2026-11-23T16:00:00Z");
        then_outcome_is(acme, ada, VIO_OUTCOME_CONFIRMED);
        then_rings_are(acme, phone_of(1), 1);
}
END_TEST

START_TEST(an_appointment_that_moves_while_it_is_dialled_is_asked_about_again)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        town.during_dial = the_appointment_moves;

        when_it_is(&town, "2026-11-22T16:00:00Z");
        then_outcome_is(acme, ada, VIO_OUTCOME_CONFIRMED);
        then_appointment_is(acme, ada, VIO_APPOINTMENT_PENDING);
        then_planned_at(acme, ada, VIO_TASK_INITIAL_REMINDER, "2026-11-24T15:00:00Z");

        when_it_is(&town, "2026-11-24T16:00:00Z");
        then_appointment_is(acme, ada, VIO_APPOINTMENT_CONFIRMED);
        then_rings_are(acme, phone_of(1), 2);
}
END_TEST

START_TEST(whoever_opts_out_while_dialled_is_not_called_again)
{
        ada = given_contact(acme, "Ada", 5, MONDAY);
        town.during_dial = ada_opts_out;

        when_it_is(&town, "2026-11-23T16:00:00Z");
        then_rings_are(acme, phone_of(5), 1);
        then_nothing_is_planned(acme, ada);
}
END_TEST

START_TEST(a_webhook_may_be_quicker_than_the_answer)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        town.during_dial = the_whole_call_is_told;

        ck_assert_int_eq(when_called_now(acme, ada), 0);
        then_outcome_is(acme, ada, VIO_OUTCOME_CONFIRMED);
        ck_assert(call_now_of(acme, acme->last_call).is_final);
        ck_assert_int_eq(contact_now(acme, ada).attempts, 1);
        when_time_passes(&town, 1 * HOURS);
        then_rings_are(acme, phone_of(1), 1);
}
END_TEST

START_TEST(refused_payment_stops_all_dialling_for_a_while)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        vio_contact_id bob = given_contact(acme, "Bob", 2, "2026-11-23T15:05:00Z");
        town.script = (struct script){402, NULL, NULL, "{\"message\":\"No payment method.\"}"};
        town.next_dial = MISHAP_SCRIPTED;

        when_it_is(&town, "2026-11-22T15:29:00Z");
        ck_assert_int_eq(town.dials, 1);
        struct seen_tasks tasks = tasks_of(acme, bob);
        ck_assert_int_eq(open_task(&tasks, VIO_TASK_INITIAL_REMINDER)->reason,
                         VIO_REASON_BREAKER_OPEN);
        then_refused_for(acme, when_called_now(acme, bob), VIO_REASON_BREAKER_OPEN);
        then_planned_at(acme, ada, VIO_TASK_INITIAL_REMINDER, "2026-11-22T15:30:00Z");

        when_it_is(&town, "2026-11-22T16:00:00Z");
        then_outcome_is(acme, ada, VIO_OUTCOME_CONFIRMED);
        then_outcome_is(acme, bob, VIO_OUTCOME_CANCELLED);
        then_rings_are(acme, phone_of(1), 1);
}
END_TEST

START_TEST(a_breaker_stops_one_tenant_only)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        vio_contact_id other = given_contact(&town.bolt, "Ada", 1, MONDAY);
        town.script = (struct script){402, NULL, NULL, "{\"message\":\"No payment method.\"}"};
        town.next_dial = MISHAP_SCRIPTED;

        ck_assert_int_eq(when_called_now(acme, ada), VIO_E_UPSTREAM);
        ck_assert_int_eq(when_called_now(&town.bolt, other), 0);
        then_refused_for(acme, when_called_now(acme, ada), VIO_REASON_BREAKER_OPEN);
}
END_TEST

START_TEST(a_throttled_dial_waits_as_long_as_told_and_is_not_counted)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        town.script =
            (struct script){429, "RateLimit-Reset", "77", "{\"message\":\"Too many requests.\"}"};
        town.next_dial = MISHAP_SCRIPTED;

        when_it_is(&town, "2026-11-22T15:00:30Z");
        then_planned_at(acme, ada, VIO_TASK_INITIAL_REMINDER, "2026-11-22T15:01:17Z");
        struct seen_tasks tasks = tasks_of(acme, ada);
        ck_assert_int_eq(open_task(&tasks, VIO_TASK_INITIAL_REMINDER)->reason,
                         VIO_REASON_RATE_LIMITED);
        ck_assert_int_eq(contact_now(acme, ada).attempts, 0);
        then_refused_for(acme, when_called_now(acme, ada), VIO_REASON_RATE_LIMITED);

        when_it_is(&town, "2026-11-22T16:00:00Z");
        then_outcome_is(acme, ada, VIO_OUTCOME_CONFIRMED);
        ck_assert_int_eq(town.dials, 2);
}
END_TEST

START_TEST(throttling_is_never_counted_as_an_attempt)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        town.script = (struct script){429, "RateLimit-Reset", "60", "{}"};

        when_it_is(&town, "2026-11-22T14:59:00Z");
        town.every_request = MISHAP_SCRIPTED;
        when_it_is(&town, "2026-11-22T15:30:00Z");
        ck_assert_int_gt(town.dials, 20);
        town.every_request = MISHAP_NONE;
        when_it_is(&town, "2026-11-22T16:00:00Z");
        then_outcome_is(acme, ada, VIO_OUTCOME_CONFIRMED);
        then_rings_are(acme, phone_of(1), 1);
}
END_TEST

START_TEST(a_dial_that_is_refused_fails_its_task_with_the_reason)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        town.script = (struct script){
            400, NULL, NULL, "{\"message\":\"to_number +14155550101 is wrong, says key_acme_01\"}"};
        town.next_dial = MISHAP_SCRIPTED;

        when_it_is(&town, "2026-11-23T16:00:00Z");
        struct seen_tasks tasks = tasks_of(acme, ada);
        ck_assert_int_eq(last_task(&tasks, VIO_TASK_INITIAL_REMINDER)->status, VIO_TASK_FAILED);
        ck_assert_int_eq(last_task(&tasks, VIO_TASK_INITIAL_REMINDER)->reason, VIO_REASON_REJECTED);
        ck_assert_int_eq(town.dials, 1);

        town.next_dial = MISHAP_SCRIPTED;
        ck_assert_int_eq(when_called_now(acme, ada), VIO_E_UPSTREAM);
        const char *error = vio_tenant_error(acme->handle);
        ck_assert_msg(strstr(error, "is wrong"), "%s", error);
        ck_assert_msg(!strstr(error, "555") && !strstr(error, "key_"), "%s", error);
        then_outcome_is(acme, ada, VIO_OUTCOME_NONE);
}
END_TEST

/* Calls that never say how they ended */

static void given_a_call_that_hangs(const char *told)
{
        ada = given_contact(acme, "Ada", 5, MONDAY);
        town.post = POST_HELD;
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_time_passes(&town, 5 * SECONDS);
        town.script = (struct script){500, NULL, NULL, "{}"};
        town.every_request = MISHAP_SCRIPTED;
        if (told)
                ck_assert_int_eq(deliver(&town, held_event(&town, told), NULL), 0);
}

START_TEST(a_call_without_an_end_is_given_up_after_half_an_hour)
{
        given_a_call_that_hangs(NULL);
        int requests = town.requests;

        when_time_passes(&town, 29 * MINUTES);
        ck_assert(!call_now_of(acme, acme->last_call).is_final);
        ck_assert_int_gt(town.requests, requests);
        ck_assert_int_eq(alerts_of(acme), 0);

        requests = town.requests;
        when_time_passes(&town, 2 * MINUTES);
        ck_assert_int_gt(town.requests, requests);
        struct seen_call call = call_now_of(acme, acme->last_call);
        ck_assert(call.is_final);
        ck_assert_int_eq(call.outcome, VIO_OUTCOME_FAILED);
        ck_assert_int_eq(alerts_of(acme), 1);
        ck_assert(timeline_has(acme, acme->last_call, "stuck"));
        ck_assert(audit_has(acme, acme->last_call, "call.stuck"));
        ck_assert_int_eq(contact_now(acme, ada).attempts, 1);
}
END_TEST

START_TEST(the_follow_up_of_a_lost_call_waits_while_the_line_may_be_live)
{
        given_a_call_that_hangs(NULL);
        when_time_passes(&town, 31 * MINUTES);
        struct seen_tasks tasks = tasks_of(acme, ada);
        ck_assert_ptr_nonnull(open_task(&tasks, VIO_TASK_FOLLOW_UP));
        then_refused_for(acme, when_called_now(acme, ada), VIO_REASON_CALL_LIVE);

        when_time_passes(&town, 98 * MINUTES); /* 129 after the call was made */
        then_rings_are(acme, phone_of(5), 1);
        town.every_request = MISHAP_NONE;
        town.post = POST_DELIVERED;
        when_time_passes(&town, 10 * MINUTES);
        then_rings_are(acme, phone_of(5), 2);
        ck_assert_int_eq(alerts_of(acme), 1);
}
END_TEST

START_TEST(a_line_nobody_speaks_of_is_free_again_after_the_longest_call)
{
        given_a_call_that_hangs(NULL);
        when_time_passes(&town, 129 * MINUTES);
        ck_assert_int_eq(town.dials, 1);
        when_time_passes(&town, 5 * MINUTES);
        ck_assert(timeline_has(acme, acme->last_call, "line_freed"));
        ck_assert_int_eq(town.dials, 2);
}
END_TEST

START_TEST(a_webhook_that_comes_after_all_improves_a_call_given_up)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        town.post = POST_HELD;
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_time_passes(&town, 1 * MINUTES);
        town.every_request = MISHAP_SERVER_ERROR;
        when_time_passes(&town, 35 * MINUTES);
        then_outcome_is(acme, ada, VIO_OUTCOME_FAILED);
        struct seen_tasks tasks = tasks_of(acme, ada);
        ck_assert_ptr_nonnull(open_task(&tasks, VIO_TASK_FOLLOW_UP));

        ck_assert_int_eq(deliver(&town, held_event(&town, "call_analyzed"), NULL), 0);
        then_outcome_is(acme, ada, VIO_OUTCOME_CONFIRMED);
        then_appointment_is(acme, ada, VIO_APPOINTMENT_CONFIRMED);
        then_nothing_is_planned(acme, ada);
        ck_assert_int_eq(contact_now(acme, ada).attempts, 1);
        when_time_passes(&town, 4 * DAYS);
        then_rings_are(acme, phone_of(1), 1);
}
END_TEST

START_TEST(an_analysis_that_never_comes_is_awaited_ten_minutes)
{
        ada = given_contact(acme, "Ada", 13, MONDAY);
        ck_assert_int_eq(when_called_now(acme, ada), 0);

        when_time_passes(&town, 10 * MINUTES);
        ck_assert(!call_now_of(acme, acme->last_call).is_final);
        when_time_passes(&town, 1 * MINUTES);
        struct seen_call call = call_now_of(acme, acme->last_call);
        ck_assert(call.is_final);
        ck_assert_int_eq(call.outcome, VIO_OUTCOME_ANSWERED);
        ck_assert_int_eq(alerts_of(acme), 0);
}
END_TEST

START_TEST(a_lost_analysis_is_found_by_asking)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        town.lost_event = "call_analyzed";
        ck_assert_int_eq(when_called_now(acme, ada), 0);

        when_time_passes(&town, 5 * MINUTES);
        struct seen_call call = call_now_of(acme, acme->last_call);
        ck_assert_int_eq(call.outcome, VIO_OUTCOME_CONFIRMED);
        ck_assert(call.is_final);
        ck_assert_int_gt(call.polls, 0);
        int requests = town.requests;
        when_time_passes(&town, 2 * HOURS);
        ck_assert_int_eq(town.requests, requests);
}
END_TEST

START_TEST(a_throttled_question_waits_as_long_as_told)
{
        ada = given_contact(acme, "Ada", 10, MONDAY);
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        town.script = (struct script){429, "RateLimit-Reset", "300", "{}"};
        town.every_request = MISHAP_SCRIPTED;

        int before = town.requests;
        when_time_passes(&town, 6 * MINUTES); /* the first poll at 90 s, then 300 s of silence */
        ck_assert_int_eq(town.requests, before + 1);
        ck_assert_int_eq(call_now_of(acme, acme->last_call).polls, 0);
        town.every_request = MISHAP_NONE;
        when_time_passes(&town, 1 * MINUTES);
        then_outcome_is(acme, ada, VIO_OUTCOME_CONFIRMED);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("dials");
#define CASE(test) add_fixture_case(s, test, open_town, close_town)
        CASE(a_lost_answer_is_looked_up_and_never_dialled_again);
        CASE(a_lost_answer_is_settled_by_the_first_webhook);
        CASE(a_server_error_that_placed_nothing_is_tried_again_later);
        CASE(the_first_retry_waits_a_minute);
        CASE(a_refused_connection_is_retried_three_times_in_all);
        CASE(by_hand_a_refused_connection_is_told_at_once);
        CASE(a_call_lost_in_a_long_outage_frees_its_line_but_still_counts);
        CASE(a_lost_call_that_is_never_found_is_given_up_for_good);
        CASE(a_crash_after_the_claim_is_settled_after_the_restart);
        CASE(a_dialler_that_hangs_loses_its_lease_and_its_word);
        CASE(a_dialler_that_hangs_on_a_placed_call_finds_it_adopted);
        CASE(a_slow_answer_after_the_lease_still_ends_in_one_call);
        CASE(an_appointment_that_moves_while_it_is_dialled_is_asked_about_again);
        CASE(whoever_opts_out_while_dialled_is_not_called_again);
        CASE(a_webhook_may_be_quicker_than_the_answer);
        CASE(refused_payment_stops_all_dialling_for_a_while);
        CASE(a_breaker_stops_one_tenant_only);
        CASE(a_throttled_dial_waits_as_long_as_told_and_is_not_counted);
        CASE(throttling_is_never_counted_as_an_attempt);
        CASE(a_dial_that_is_refused_fails_its_task_with_the_reason);
        CASE(a_call_without_an_end_is_given_up_after_half_an_hour);
        CASE(the_follow_up_of_a_lost_call_waits_while_the_line_may_be_live);
        CASE(a_line_nobody_speaks_of_is_free_again_after_the_longest_call);
        CASE(a_webhook_that_comes_after_all_improves_a_call_given_up);
        CASE(an_analysis_that_never_comes_is_awaited_ten_minutes);
        CASE(a_lost_analysis_is_found_by_asking);
        CASE(a_throttled_question_waits_as_long_as_told);
#undef CASE
        add_fixture_case(s, a_call_that_shows_only_after_it_was_given_up_is_not_repeated,
                         open_lagging_town, close_town);
        add_fixture_case(s, a_call_that_shows_late_frees_its_line_when_it_ends, open_lagging_town,
                         close_town);
        add_fixture_case(s, a_call_that_shows_late_and_is_over_takes_no_line, open_lagging_town,
                         close_town);
        return s;
}
