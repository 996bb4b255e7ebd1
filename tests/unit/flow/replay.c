/* replay.c - stored events: all of them shown, and told to ourselves again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/handle.h"
#include "base/mem.h"
#include "clinic.h"
#include "run.h"
#include "store/calls.h"
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

struct seen_events {
        int64_t ids[16];
        char types[16][32];
        size_t n;
};

static int see_event(void *data, const struct vio_event *e)
{
        struct seen_events *s = data;
        ck_assert_uint_lt(s->n, 16);
        s->ids[s->n] = e->id;
        snprintf(s->types[s->n++], sizeof(s->types[0]), "%s", e->type);
        ck_assert_uint_eq(e->payload_len, strlen(e->payload));
        return 0;
}

static struct seen_events events_of(struct business *b, vio_call_id call)
{
        struct vio_event_filter f = VIO_EVENT_FILTER_INIT;
        struct seen_events s = {.n = 0};
        f.call = call;
        ck_assert_int_eq(vio_event_each(b->handle, &f, see_event, &s), 0);
        return s;
}

static int64_t event_named(struct business *b, vio_call_id call, const char *type)
{
        struct seen_events s = events_of(b, call);
        for (size_t i = 0; i < s.n; i++)
                if (strcmp(s.types[i], type) == 0)
                        return s.ids[i];
        ck_abort_msg("there is no event %s", type);
        return 0;
}

static vio_call_id given_call(int person)
{
        ada = given_contact(acme, "Ada", person, MONDAY);
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_time_passes(&town, 10 * MINUTES);
        return acme->last_call;
}

/* What a lost write would have left behind. */
static int damage_in(struct tenant_tx *tx, void *arg)
{
        _cleanup_call_ struct vio_call c = {0};
        ck_assert_int_eq(call_load(tx, *(vio_call_id *)arg, true, &c), 0);
        c.status = VIO_CALL_ONGOING;
        c.outcome = VIO_OUTCOME_NONE;
        c.evidence_flags = 0;
        c.is_final = false;
        c.ended_at = VIO_TIME_NONE;
        c.duration = -1;
        c.webhook_verified = false;
        c.source_of_truth = NULL;
        mem_free(c.disconnection_reason);
        c.disconnection_reason = NULL;
        mem_free(c.transcript);
        c.transcript = mem_text("");
        return call_save(tx, &c);
}

static void damage(struct business *b, vio_call_id call)
{
        ck_assert_int_eq(
            store_write_tenant(b->town->v->engine.store, b->id, damage_in, &call, NULL), 0);
}

static enum vio_receipt replayed(struct business *b, int64_t event)
{
        enum vio_receipt receipt = (enum vio_receipt)99;
        int r = vio_event_replay(b->handle, event, &receipt);
        ck_assert_msg(r == 0, "it says: %s", vio_tenant_error(b->handle));
        return receipt;
}

static char before[20000], after[20000];

START_TEST(a_replay_of_what_is_known_changes_nothing)
{
        vio_call_id call = given_call(1 + _i % 13);
        struct seen_events s = events_of(acme, call);
        struct seen_tasks tasks = tasks_of(acme, ada);
        ck_assert_uint_ge(s.n, 1);
        final_story(acme, call, before, sizeof(before));
        for (size_t i = 0; i < 2 * s.n; i++)
                ck_assert_int_eq(replayed(acme, s.ids[i % s.n]), VIO_RECEIPT_DUPLICATE);
        final_story(acme, call, after, sizeof(after));
        ck_assert_str_eq(before, after);
        struct seen_tasks then = tasks_of(acme, ada);
        ck_assert_mem_eq(&tasks, &then, sizeof(tasks));
        ck_assert(audit_has(acme, call, "event.replay"));
}
END_TEST

START_TEST(a_replay_brings_back_what_was_lost)
{
        vio_call_id call = given_call(1);
        final_story(acme, call, before, sizeof(before));
        damage(acme, call);
        ck_assert_int_eq(call_now_of(acme, call).outcome, VIO_OUTCOME_NONE);
        struct seen_events s = events_of(acme, call);
        ck_assert_int_eq(replayed(acme, event_named(acme, call, "call_analyzed")),
                         VIO_RECEIPT_STORED);
        for (size_t i = 0; i < s.n; i++)
                replayed(acme, s.ids[i]);
        final_story(acme, call, after, sizeof(after));
        ck_assert_str_eq(before, after);
        ck_assert_int_eq(replayed(acme, s.ids[0]), VIO_RECEIPT_DUPLICATE);
}
END_TEST

START_TEST(the_answer_to_a_poll_is_replayed_like_a_webhook)
{
        town.post = POST_LOST;
        vio_call_id call = given_call(1);
        ck_assert_str_eq(call_now_of(acme, call).source, "poll");
        final_story(acme, call, before, sizeof(before));
        damage(acme, call);
        struct seen_events s = events_of(acme, call);
        for (size_t i = 0; i < s.n; i++) {
                ck_assert_str_eq(s.types[i], "poll");
                replayed(acme, s.ids[i]);
        }
        final_story(acme, call, after, sizeof(after));
        ck_assert_str_eq(before, after);
}
END_TEST

static int take_id(void *data, const vio_task *task)
{
        *(vio_task_id *)data = vio_task_get_id(task);
        return 0;
}

/* A voicemail; its follow-up was made already, and the staff wants no third call. */
START_TEST(a_replay_of_an_old_missed_call_plans_no_further_call)
{
        struct vio_task_filter pending = VIO_TASK_FILTER_INIT;
        vio_task_id third = {""};
        vio_call_id call = given_call(4);
        pending.status = VIO_TASK_PENDING;
        when_time_passes(&town, 100 * MINUTES);
        ck_assert_uint_eq(calls_of(acme, ada), 2);
        for (int i = 0; i < 2; i++) {
                third.s[0] = '\0';
                ck_assert_int_eq(vio_task_each(acme->handle, &pending, take_id, &third), 0);
                if (third.s[0])
                        ck_assert_int_eq(vio_task_cancel(acme->handle, third), 0);
        }
        then_nothing_is_planned(acme, ada);
        damage(acme, call);
        ck_assert_int_eq(replayed(acme, event_named(acme, call, "call_analyzed")),
                         VIO_RECEIPT_STORED);
        ck_assert_int_eq(call_now_of(acme, call).outcome, VIO_OUTCOME_VOICEMAIL);
        then_nothing_is_planned(acme, ada);
}
END_TEST

START_TEST(another_tenants_event_and_no_event_are_the_same)
{
        vio_call_id call = given_call(1);
        struct vio_event_filter f = VIO_EVENT_FILTER_INIT;
        struct seen_events none = {.n = 0};
        int64_t id = events_of(acme, call).ids[0];
        ck_assert_int_eq(vio_event_replay(bolt->handle, id, NULL), VIO_E_NOTFOUND);
        ck_assert_str_eq(vio_tenant_error(bolt->handle), "Event not found");
        ck_assert_int_eq(vio_event_replay(acme->handle, 999999, NULL), VIO_E_NOTFOUND);
        f.call = call;
        ck_assert_int_eq(vio_event_each(bolt->handle, &f, see_event, &none), VIO_E_NOTFOUND);
        ck_assert_uint_eq(none.n, 0);
}
END_TEST

TENANT_SQL(sql_erase, "UPDATE retell_events SET payload = '{}' WHERE tenant_id = ?1"
                      " AND call_id = ?2");
static int erase_in(struct tenant_tx *tx, void *arg)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_erase);
        q_text(q, arg);
        return q_done(q);
}

START_TEST(an_erased_event_cannot_be_replayed_and_says_so)
{
        vio_call_id call = given_call(1);
        struct seen_call seen = call_now_of(acme, call);
        ck_assert_int_eq(
            store_write_tenant(town.v->engine.store, acme->id, erase_in, seen.retell_id, NULL), 0);
        ck_assert_int_eq(vio_event_replay(acme->handle, events_of(acme, call).ids[0], NULL),
                         VIO_E_CONFLICT);
        ck_assert_ptr_nonnull(strstr(vio_tenant_error(acme->handle), "erased"));
}
END_TEST

static int write_event(void *data, const struct vio_event *e)
{
        vio_event_write(e, data, NULL);
        return 0;
}

START_TEST(a_payload_is_written_as_the_json_that_it_is)
{
        struct vio_event_filter f = VIO_EVENT_FILTER_INIT;
        vio_json_writer *w = vio_json_writer_new();
        const char *text;
        f.call = given_call(1);
        f.limit = 2;
        vio_json_begin_array(w, NULL);
        ck_assert_int_eq(vio_event_each(acme->handle, &f, write_event, w), 0);
        vio_json_end_array(w);
        ck_assert_int_eq(vio_json_writer_text(w, &text, NULL), 0);
        ck_assert_ptr_nonnull(strstr(text, "\"payload\":{\"event\":\"call_started\",\"call\":{"));
        ck_assert_ptr_null(strstr(text, "\\\""));
        vio_json_writer_free(w);
}
END_TEST

#define add(test) add_fixture_case(s, test, open_town, close_town)

Suite *suite(void)
{
        Suite *s = suite_create("replay");
        add(a_replay_brings_back_what_was_lost);
        add(the_answer_to_a_poll_is_replayed_like_a_webhook);
        add(a_replay_of_an_old_missed_call_plans_no_further_call);
        add(another_tenants_event_and_no_event_are_the_same);
        add(an_erased_event_cannot_be_replayed_and_says_so);
        add(a_payload_is_written_as_the_json_that_it_is);
        TCase *tc = tcase_create("people");
        tcase_add_checked_fixture(tc, open_town, close_town);
        tcase_add_loop_test(tc, a_replay_of_what_is_known_changes_nothing, 0, 13);
        tcase_set_timeout(tc, 60);
        suite_add_tcase(s, tc);
        return s;
}
