/* explain.c - why a contact was called, or was not: told from what really happened. */
#include <stdio.h>
#include <string.h>

#include "abi/handle.h"
#include "clinic.h"
#include "run.h"
#include "store/contacts.h"
#include "store/q.h"

static struct town town;
static struct business *const acme = &town.acme;
static struct business *const bolt = &town.bolt;
static vio_contact_id ada;

static void open_town(void)
{
        town_open(&town);
}

static void close_town(void)
{
        town_close(&town);
}

struct story {
        struct vio_explanation pieces[64];
        size_t n;
};
static struct story story;

/* In order: what happened, by time; the findings; one verdict. */
static int hear(void *data, const struct vio_explanation *e)
{
        struct story *s = data;
        ck_assert_uint_lt(s->n, 64);
        ck_assert_ptr_nonnull(e->text);
        if (s->n) {
                const struct vio_explanation *last = &s->pieces[s->n - 1];
                bool happened = e->kind < VIO_EXPLAIN_FINDING;
                ck_assert_int_ne(last->kind, VIO_EXPLAIN_VERDICT);
                ck_assert(!happened || last->kind < VIO_EXPLAIN_FINDING);
                ck_assert(!happened || last->at <= e->at);
        }
        s->pieces[s->n++] = *e;
        return 0;
}

static void explain(struct business *b, vio_contact_id contact)
{
        story.n = 0;
        int r = vio_contact_explain(b->handle, contact, hear, &story);
        ck_assert_msg(r == 0, "it says: %s", vio_tenant_error(b->handle));
        ck_assert_int_eq(story.pieces[story.n - 1].kind, VIO_EXPLAIN_VERDICT);
}

static const struct vio_explanation *verdict(void)
{
        return &story.pieces[story.n - 1];
}

/* The last piece of a kind, or of a kind and code; NULL when there is none. */
static const struct vio_explanation *piece(enum vio_explain_kind kind, const char *code)
{
        for (size_t i = story.n; i-- > 0;) {
                const struct vio_explanation *e = &story.pieces[i];
                if (e->kind == kind && (!code || strcmp(e->code, code) == 0))
                        return e;
        }
        return NULL;
}

static size_t count(enum vio_explain_kind kind)
{
        size_t n = 0;
        for (size_t i = 0; i < story.n; i++)
                n += story.pieces[i].kind == kind;
        return n;
}

#define then_found(code) ck_assert_msg(piece(VIO_EXPLAIN_FINDING, code), "not found: %s", code)

START_TEST(a_planned_call_tells_when_it_comes)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        explain(acme, ada);
        ck_assert_uint_eq(count(VIO_EXPLAIN_PLANNED), 1);
        ck_assert_uint_eq(count(VIO_EXPLAIN_PLACED), 0);
        then_found("call_planned");
        then_found("status_no_outcome");
        ck_assert_str_eq(verdict()->code, "now");
        ck_assert_int_eq(verdict()->next_at, at("2026-11-22T15:00:00Z"));
}
END_TEST

/* Scenario 1: a call was made, and the status does not change. */
START_TEST(a_call_whose_webhooks_never_come_waits_for_a_poll)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        town.post = POST_LOST;
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        explain(acme, ada);
        then_found("webhook_not_seen");
        then_found("going_on");
        ck_assert_int_eq(piece(VIO_EXPLAIN_FINDING, "poll_pending")->next_at,
                         town.now + 90 * SECONDS);
        ck_assert_str_eq(piece(VIO_EXPLAIN_FINDING, "poll_pending")->call.s, acme->last_call.s);
        when_time_passes(&town, 10 * MINUTES);
        explain(acme, ada);
        ck_assert_ptr_null(piece(VIO_EXPLAIN_FINDING, "webhook_not_seen"));
        ck_assert_int_eq(piece(VIO_EXPLAIN_PLACED, NULL)->outcome, VIO_OUTCOME_CONFIRMED);
}
END_TEST

START_TEST(a_call_without_its_analysis_awaits_it_and_then_has_none)
{
        ada = given_contact(acme, "Ada", 13, MONDAY);
        town.lost_event = "call_analyzed";
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        for (int i = 0; i < 60 && !piece(VIO_EXPLAIN_FINDING, "analysis_awaited"); i++) {
                when_time_passes(&town, 10 * SECONDS);
                explain(acme, ada);
        }
        then_found("analysis_awaited");
        ck_assert_ptr_nonnull(piece(VIO_EXPLAIN_FINDING, "poll_pending"));
}
END_TEST

START_TEST(a_dial_without_an_answer_is_told_as_not_known)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        town.next_dial = MISHAP_ANSWER_LOST;
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        explain(acme, ada);
        then_found("dial_unknown");
        ck_assert_int_eq(piece(VIO_EXPLAIN_PLACED, NULL)->reason, VIO_REASON_UNSETTLED);
        ck_assert_str_eq(verdict()->code, "wait");
        ck_assert_int_eq(verdict()->reason, VIO_REASON_CALL_LIVE);
}
END_TEST

/* Scenario 3: the first call was missed; where is the follow-up? */
START_TEST(a_missed_call_shows_its_follow_up)
{
        ada = given_contact(acme, "Ada", 4, MONDAY);
        when_it_is(&town, "2026-11-22T15:10:00Z");
        struct seen_tasks tasks = tasks_of(acme, ada);
        vio_time due = open_task(&tasks, VIO_TASK_FOLLOW_UP)->scheduled_for;
        explain(acme, ada);
        ck_assert_int_eq(piece(VIO_EXPLAIN_FINDING, "call_planned")->next_at, due);
        ck_assert_int_eq(verdict()->next_at, due);
        then_found("status_outcome");
        ck_assert_uint_eq(count(VIO_EXPLAIN_PLANNED), 2);
        ck_assert_uint_eq(count(VIO_EXPLAIN_PLACED), 1);
}
END_TEST

START_TEST(a_missed_call_shortly_before_the_appointment_tells_that_it_is_too_late)
{
        ada = given_contact(acme, "Ada", 4, "2026-11-20T16:00:00Z");
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_time_passes(&town, 10 * MINUTES);
        explain(acme, ada);
        ck_assert_int_eq(piece(VIO_EXPLAIN_FINDING, "no_follow_up")->reason, VIO_REASON_TOO_LATE);
        ck_assert_int_eq(piece(VIO_EXPLAIN_SKIPPED, NULL)->reason, VIO_REASON_TOO_LATE);
}
END_TEST

START_TEST(a_call_that_somebody_answered_needs_no_follow_up)
{
        ada = given_contact(acme, "Ada", 8, MONDAY);
        when_it_is(&town, "2026-11-22T15:30:00Z");
        explain(acme, ada);
        then_found("not_missed");
        then_found("status_nothing_decided");
        ck_assert_int_eq(verdict()->next_at, VIO_TIME_NONE);
}
END_TEST

START_TEST(what_a_person_cancelled_tells_so)
{
        ada = given_contact(acme, "Ada", 4, MONDAY);
        when_it_is(&town, "2026-11-22T15:10:00Z");
        explain(acme, ada);
        ck_assert_int_eq(vio_task_cancel(acme->handle, verdict()->task), 0);
        explain(acme, ada);
        ck_assert_int_eq(piece(VIO_EXPLAIN_FINDING, "no_follow_up")->reason, VIO_REASON_BY_STAFF);
        ck_assert_int_eq(piece(VIO_EXPLAIN_SKIPPED, NULL)->reason, VIO_REASON_BY_STAFF);
        ck_assert_ptr_nonnull(piece(VIO_EXPLAIN_SKIPPED, NULL)->remedy);
}
END_TEST

START_TEST(a_call_that_was_put_off_tells_until_when)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        suspend(acme, true);
        when_it_is(&town, "2026-11-22T15:05:00Z");
        explain(acme, ada);
        const struct vio_explanation *put_off = piece(VIO_EXPLAIN_PUT_OFF, NULL);
        ck_assert_ptr_nonnull(put_off);
        ck_assert_int_eq(put_off->reason, VIO_REASON_TENANT_SUSPENDED);
        ck_assert_int_eq(put_off->next_at, at("2026-11-22T15:15:00Z"));
        ck_assert_int_eq(verdict()->reason, VIO_REASON_TENANT_SUSPENDED);
        ck_assert_ptr_nonnull(verdict()->remedy);
}
END_TEST

START_TEST(at_night_the_verdict_names_the_morning)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        when_it_is(&town, "2026-11-21T05:00:00Z");
        explain(acme, ada);
        ck_assert_str_eq(verdict()->code, "wait");
        ck_assert_int_eq(verdict()->reason, VIO_REASON_OUTSIDE_WINDOW);
        ck_assert_int_eq(verdict()->at, at("2026-11-21T13:00:00Z"));
        ck_assert_int_eq(verdict()->next_at, at("2026-11-22T15:00:00Z"));
}
END_TEST

START_TEST(who_must_not_be_called_never_is)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        ck_assert_int_eq(vio_contact_opt_out(acme->handle, ada, true, NULL), 0);
        explain(acme, ada);
        ck_assert_str_eq(verdict()->code, "never");
        ck_assert_int_eq(verdict()->at, VIO_TIME_NONE);
        ck_assert_int_eq(piece(VIO_EXPLAIN_FINDING, "not_called")->reason, VIO_REASON_OPTED_OUT);
}
END_TEST

/* Scenario 5: the call went to voicemail, and the status says "pending". */
static int forget_outcome_in(struct tenant_tx *tx, void *arg)
{
        _cleanup_contact_ struct vio_contact c = {0};
        ck_assert_int_eq(contact_load(tx, *(vio_contact_id *)arg, &c), 0);
        c.last_call_outcome = VIO_OUTCOME_NONE;
        return contact_save(tx, &c);
}

START_TEST(a_contact_that_does_not_show_its_newest_outcome_is_found_out)
{
        ada = given_contact(acme, "Ada", 4, MONDAY);
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_time_passes(&town, 10 * MINUTES);
        ck_assert_int_eq(
            store_write_tenant(town.v->engine.store, acme->id, forget_outcome_in, &ada, NULL), 0);
        explain(acme, ada);
        then_found("status_stale");
}
END_TEST

static int never_called(void *data, const struct vio_explanation *e)
{
        (void)data, (void)e;
        ck_abort_msg("something was told");
        return 0;
}

START_TEST(who_is_not_there_any_more_or_is_somebody_elses_is_not_found)
{
        given_contact(acme, "Bea", 2, MONDAY);
        ada = given_contact(acme, "Ada", 1, MONDAY);
        ck_assert_int_eq(vio_contact_explain(bolt->handle, ada, never_called, NULL),
                         VIO_E_NOTFOUND);
        ck_assert_str_eq(vio_tenant_error(bolt->handle), "Contact not found");
        ck_assert_int_eq(vio_contact_remove(acme->handle, ada, false), 0);
        ck_assert_int_eq(vio_contact_explain(acme->handle, ada, never_called, NULL),
                         VIO_E_NOTFOUND);
}
END_TEST

START_TEST(two_tenants_are_told_their_own_stories)
{
        ada = given_contact(acme, "Ada", 4, MONDAY);
        vio_contact_id other = given_contact(bolt, "Ada", 4, MONDAY);
        ck_assert_int_eq(ada.v, other.v);
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_time_passes(&town, 10 * MINUTES);
        explain(bolt, other);
        ck_assert_uint_eq(count(VIO_EXPLAIN_PLACED), 0);
        then_found("status_no_outcome");
        explain(acme, ada);
        ck_assert_uint_eq(count(VIO_EXPLAIN_PLACED), 1);
}
END_TEST

#define add(test) add_fixture_case(s, test, open_town, close_town)

Suite *suite(void)
{
        Suite *s = suite_create("explain");
        add(a_planned_call_tells_when_it_comes);
        add(a_call_whose_webhooks_never_come_waits_for_a_poll);
        add(a_call_without_its_analysis_awaits_it_and_then_has_none);
        add(a_dial_without_an_answer_is_told_as_not_known);
        add(a_missed_call_shows_its_follow_up);
        add(a_missed_call_shortly_before_the_appointment_tells_that_it_is_too_late);
        add(a_call_that_somebody_answered_needs_no_follow_up);
        add(what_a_person_cancelled_tells_so);
        add(a_call_that_was_put_off_tells_until_when);
        add(at_night_the_verdict_names_the_morning);
        add(who_must_not_be_called_never_is);
        add(a_contact_that_does_not_show_its_newest_outcome_is_found_out);
        add(who_is_not_there_any_more_or_is_somebody_elses_is_not_found);
        add(two_tenants_are_told_their_own_stories);
        return s;
}
