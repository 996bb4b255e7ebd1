/* isolation.c - every function of every table, asked by one tenant for what is another's. */
#include <string.h>

#include "base/mem.h"
#include "run.h"
#include "store/attempts.h"
#include "store/audit.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/days.h"
#include "store/events.h"
#include "store/tasks.h"
#include "store/tenants.h"
#include "two_tenants.h"

static struct two_tenants w;
static struct desk d;
static vio_contact_id lone; /* a contact, call and task that only Acme has */
static const unsigned LONE = 77;

/* One of everything that the fixture has not, for Acme alone. */
static void setup(void)
{
        two_tenants_open(&w);
        desk_open(&d, &w);
        static const struct vio_actor system = VIO_ACTOR_INIT;
        struct vio_contact contact = contact_row();
        ck_assert_int_eq(contact_insert(&d.acme, &contact, &lone), 0);
        struct vio_call call = call_row(lone, LONE);
        call.retell_call_id = (char *)"call_lone";
        call.transcript = (char *)"words";
        call.next_poll_at = call.deadline_at = NOON;
        struct vio_task task = task_row(lone, LONE);
        struct attempt attempt = attempt_row(LONE);
        strcpy(attempt.phone, "+14155550199");
        strcpy(attempt.lease_owner, "lone");
        struct event event = {.call_id = "call_lone",
                              .event_type = "call_ended",
                              .digest = "d",
                              .payload = "{}",
                              .payload_len = 2,
                              .processed_at = NOON,
                              .created_at = NOON};
        struct audit audit = {.actor = &system, .action = "x", .call = &call.id, .at = NOON};
        bool inserted;
        int64_t id;
        ck_assert_int_eq(call_insert(&d.acme, &call), 0);
        ck_assert_int_eq(attempt_insert(&d.acme, &attempt), 0);
        ck_assert_int_eq(task_insert(&d.acme, &task, &inserted), 0);
        ck_assert_int_eq(event_insert(&d.acme, &event, &id), 0);
        ck_assert_int_eq(audit_add(&d.acme, &audit), 0);
        ck_assert_int_eq(call_route_add(&d.acme, "call_lone"), 0);
        ck_assert_int_eq(tenant_block(&d.acme, NOON, 3), 0);
}

static void teardown(void)
{
        desk_close(&d);
        two_tenants_close(&w);
}

START_TEST(the_same_ids_lead_each_tenant_to_its_own_rows)
{
        struct tenant_tx *const tenants[] = {&d.acme, &d.bolt};
        static const char *const marks[] = {"Acme", "Bolt"};
        for (size_t i = 0; i < 2; i++) {
                _cleanup_contact_ struct vio_contact contact = {0};
                _cleanup_call_ struct vio_call call = {0}, by_retell_id = {0};
                _cleanup_task_ struct vio_task task = {0}, open = {0};
                _cleanup_attempt_ struct attempt attempt = {0};
                ck_assert_int_eq(contact_load(tenants[i], w.contact, &contact), 0);
                ck_assert_str_eq(contact.special_instructions, marks[i]);
                ck_assert_int_eq(call_load(tenants[i], w.call, true, &call), 0);
                ck_assert_str_eq(call.disconnection_reason, marks[i]);
                ck_assert_int_eq(call_load_by_retell_id(tenants[i], "call_1", true, &by_retell_id),
                                 0);
                ck_assert_str_eq(by_retell_id.disconnection_reason, marks[i]);
                ck_assert_int_eq(task_load(tenants[i], w.task, &task), 0);
                ck_assert_str_eq(task.retell_call_id, marks[i]);
                ck_assert_int_eq(
                    task_load_open(tenants[i], w.contact, VIO_TASK_INITIAL_REMINDER, &open), 0);
                ck_assert_str_eq(open.retell_call_id, marks[i]);
                ck_assert_int_eq(attempt_load(tenants[i], w.call, &attempt), 0);
                ck_assert_str_eq(attempt.detail, marks[i]);
        }
}
END_TEST

START_TEST(what_is_anothers_is_not_there)
{
        struct vio_contact contact;
        struct vio_call call;
        struct vio_task task;
        struct attempt attempt;
        bool found = true;
        ck_assert_int_eq(contact_load(&d.bolt, lone, &contact), VIO_E_NOTFOUND);
        ck_assert_int_eq(call_load(&d.bolt, call_id(LONE), true, &call), VIO_E_NOTFOUND);
        ck_assert_int_eq(call_load_brief(&d.bolt, call_id(LONE), &call), VIO_E_NOTFOUND);
        ck_assert_int_eq(call_load_by_retell_id(&d.bolt, "call_lone", true, &call), VIO_E_NOTFOUND);
        ck_assert_int_eq(task_load(&d.bolt, task_id(LONE), &task), VIO_E_NOTFOUND);
        ck_assert_int_eq(task_load_open(&d.bolt, lone, VIO_TASK_INITIAL_REMINDER, &task),
                         VIO_E_NOTFOUND);
        ck_assert_int_eq(attempt_load(&d.bolt, call_id(LONE), &attempt), VIO_E_NOTFOUND);
        ck_assert_int_eq(attempt_open_for(&d.bolt, "+14155550199", &found), 0);
        ck_assert(!found);
        found = true;
        ck_assert_int_eq(event_exists(&d.bolt, "call_lone", "call_ended", "d", &found), 0);
        ck_assert(!found);
}
END_TEST

static int count_contact(void *data, const struct vio_contact *c)
{
        ck_assert_int_eq(c->tenant.v, w.bolt.v);
        ++*(int *)data;
        return 0;
}

static int count_call(void *data, const struct vio_call *c)
{
        ck_assert_int_eq(c->tenant.v, w.bolt.v);
        ++*(int *)data;
        return 0;
}

static int count_task(void *data, const struct vio_task *t)
{
        ck_assert_int_eq(t->tenant.v, w.bolt.v);
        ++*(int *)data;
        return 0;
}

static int count_event(void *data, const struct event *e)
{
        (void)e;
        ++*(int *)data;
        return 0;
}

static int count_audit(void *data, const struct audit_row *r)
{
        (void)r;
        ++*(int *)data;
        return 0;
}

START_TEST(a_list_holds_only_ones_own)
{
        int n = 0;
        struct vio_contact_filter contacts = VIO_CONTACT_FILTER_INIT;
        struct vio_call_filter calls = VIO_CALL_FILTER_INIT, calls_of = VIO_CALL_FILTER_INIT;
        struct vio_task_filter tasks = VIO_TASK_FILTER_INIT, tasks_of = VIO_TASK_FILTER_INIT;
        calls_of.contact = tasks_of.contact = lone;
        ck_assert_int_eq(contact_each(&d.bolt, &contacts, count_contact, &n), 0);
        ck_assert_int_eq(n, 1);
        ck_assert_int_eq(call_each(&d.bolt, &calls, count_call, &n), 0);
        ck_assert_int_eq(n, 2);
        ck_assert_int_eq(task_each(&d.bolt, &tasks, count_task, &n), 0);
        ck_assert_int_eq(n, 3);
        ck_assert_int_eq(call_each(&d.bolt, &calls_of, count_call, &n), 0);
        ck_assert_int_eq(task_each(&d.bolt, &tasks_of, count_task, &n), 0);
        ck_assert_int_eq(event_each(&d.bolt, "call_lone", count_event, &n), 0);
        ck_assert_int_eq(audit_each_of_call(&d.bolt, call_id(LONE), count_audit, &n), 0);
        ck_assert_int_eq(n, 3);
}
END_TEST

START_TEST(what_is_due_is_only_ones_own)
{
        vio_call_id calls[4];
        vio_task_id tasks[4];
        vio_contact_id contacts[4];
        vio_tenant_id routes[4];
        size_t n;
        vio_time later = NOON + 100 * HOURS;
        ck_assert_int_eq(calls_due_poll(&d.bolt, later, calls, 4, &n), 0);
        ck_assert_uint_eq(n, 0);
        ck_assert_int_eq(calls_past_deadline(&d.bolt, later, calls, 4, &n), 0);
        ck_assert_uint_eq(n, 0);
        ck_assert_int_eq(attempts_due(&d.bolt, later, calls, 4, &n), 0);
        ck_assert_uint_eq(n, 1);
        ck_assert_int_eq(attempts_owned(&d.bolt, "lone", calls, 4, &n), 0);
        ck_assert_uint_eq(n, 0);
        ck_assert_int_eq(tasks_due(&d.bolt, later, tasks, 4, &n), 0);
        ck_assert_uint_eq(n, 1);
        ck_assert_int_eq(contacts_without_reminder(&d.bolt, 0, later, contacts, 4, &n), 0);
        ck_assert_uint_eq(n, 0);
        ck_assert_int_eq(call_routes(&d.system, "call_lone", routes, 4, &n), 0);
        ck_assert_uint_eq(n, 1);
        ck_assert_int_eq(routes[0].v, w.acme.v);
        ck_assert_int_eq(call_routes(&d.system, "call_1", routes, 4, &n), 0);
        ck_assert_uint_eq(n, 2);
}
END_TEST

START_TEST(what_is_counted_is_only_ones_own)
{
        int64_t n;
        struct day_stats day;
        struct vio_contact_stats stats;
        struct tenant_state state;
        ck_assert_int_eq(calls_count(&d.bolt, lone, TODAY, TODAY, &n), 0);
        ck_assert_int_eq(n, 0);
        ck_assert_int_eq(calls_live(&d.bolt, &n), 0);
        ck_assert_int_eq(n, 1);
        ck_assert_int_eq(day_load(&d.bolt, TODAY, &day), 0);
        ck_assert_int_eq(day.calls, 1);
        ck_assert_int_eq(day_recount(&d.bolt, TODAY, &day), 0);
        ck_assert_int_eq(day.calls, 1);
        ck_assert_int_eq(contact_stats(&d.bolt, &stats), 0);
        ck_assert_int_eq(stats.total, 1);
        ck_assert_int_eq(tenant_state_get(&d.bolt, &state), 0);
        ck_assert_int_eq(state.blocked_until, VIO_TIME_NONE);
}
END_TEST

START_TEST(what_is_anothers_cannot_be_written)
{
        struct vio_contact contact = contact_row();
        struct vio_call call = call_row(lone, LONE);
        struct vio_task task = task_row(lone, LONE);
        struct attempt attempt = attempt_row(LONE), after;
        bool inserted;
        contact.id = lone;
        task.id = task_id(LONE + 1);
        ck_assert_int_eq(contact_save(&d.bolt, &contact), VIO_E_NOTFOUND);
        ck_assert_int_eq(call_save(&d.bolt, &call), VIO_E_NOTFOUND);
        ck_assert_int_eq(attempt_save(&d.bolt, &attempt, 1), VIO_E_CONFLICT);
        ck_assert_int_eq(attempt_close(&d.bolt, call_id(LONE)), 0);
        ck_assert_int_eq(attempt_load(&d.acme, call_id(LONE), &after), 0);
        ck_assert(after.is_open);
        attempt_done(&after);
        /* Nothing of one's own may hang on a row of another: its contact is not there. */
        call.id = call_id(LONE + 1);
        ck_assert_int_eq(call_insert(&d.bolt, &call), VIO_E_CONFLICT);
        ck_assert_int_eq(task_insert(&d.bolt, &task, &inserted), VIO_E_CONFLICT);
        ck_assert_int_eq(attempt_insert(&d.bolt, &attempt), VIO_E_CONFLICT);
        task.id = task_id(LONE);
        task.status = VIO_TASK_CANCELLED;
        ck_assert_int_eq(task_save(&d.bolt, &task, VIO_TASK_PENDING), VIO_E_CONFLICT);
}
END_TEST

START_TEST(changes_of_one_tenant_leave_the_other_as_it_was)
{
        _cleanup_contact_ struct vio_contact contact = {0};
        _cleanup_call_ struct vio_call call = {0};
        _cleanup_task_ struct vio_task task = {0};
        struct vio_contact other = contact_row();
        struct vio_call other_call = call_row(w.contact, 1);
        struct settings s = {0}, theirs = {0};
        other.id = w.contact;
        other.name = (char *)"Somebody Else";
        other_call.transcript = (char *)"not yours";
        ck_assert_int_eq(contact_save(&d.bolt, &other), 0);
        ck_assert_int_eq(call_save(&d.bolt, &other_call), 0);
        ck_assert_int_eq(tasks_cancel(&d.bolt, w.contact, -1, 1, NOON), 0);
        ck_assert_int_eq(settings_load(&d.bolt, &s), 0);
        s.value[SETTING_country] = mem_text("1");
        ck_assert_int_eq(settings_save(&d.bolt, &s), 0);

        ck_assert_int_eq(contact_load(&d.acme, w.contact, &contact), 0);
        ck_assert_str_eq(contact.name, "Ada Byron");
        ck_assert_int_eq(call_load(&d.acme, w.call, true, &call), 0);
        ck_assert_ptr_null(call.transcript);
        ck_assert_str_eq(call.retell_call_id, "call_1");
        ck_assert_int_eq(task_load(&d.acme, w.task, &task), 0);
        ck_assert_int_eq(task.status, VIO_TASK_PENDING);
        ck_assert_int_eq(settings_load(&d.acme, &theirs), 0);
        ck_assert_ptr_null(theirs.value[SETTING_country]);
        settings_done(&s);
        settings_done(&theirs);
}
END_TEST

static int see_bolt(void *data, const struct vio_tenant_info *i)
{
        ck_assert_str_eq(i->name, "Bolt");
        ck_assert(!i->configured);
        ck_assert_str_eq(i->time_zone, "UTC");
        ck_assert_int_eq(i->created_at, NOON);
        ++*(int *)data;
        return 0;
}

static int count_tenant(void *data, const struct vio_tenant_info *i)
{
        (void)i;
        ++*(int *)data;
        return 0;
}

START_TEST(a_tenant_sees_itself_and_the_system_sees_all)
{
        int n = 0;
        ck_assert_int_eq(tenant_info(&d.bolt, see_bolt, &n), 0);
        ck_assert_int_eq(n, 1);
        ck_assert_int_eq(tenant_each(&d.system, count_tenant, &n), 0);
        ck_assert_int_eq(n, 3);
}
END_TEST

START_TEST(a_tenant_that_does_not_exist_has_and_gets_nothing)
{
        struct tenant_tx nobody = tx_narrow(&d.system, (vio_tenant_id){99});
        struct vio_contact contact = contact_row();
        struct tenant_state state;
        struct settings s;
        vio_contact_id id;
        int64_t broken;
        int n = 0;
        ck_assert_int_eq(contact_insert(&nobody, &contact, &id), VIO_E_NOTFOUND);
        ck_assert_int_eq(tenant_state_get(&nobody, &state), VIO_E_NOTFOUND);
        ck_assert_int_eq(settings_load(&nobody, &s), VIO_E_NOTFOUND);
        ck_assert_int_eq(tenant_info(&nobody, count_tenant, &n), VIO_E_NOTFOUND);
        ck_assert_int_eq(audit_verify(&nobody, &broken), VIO_E_NOTFOUND);
        ck_assert_int_eq(call_route_add(&nobody, "call_x"), VIO_E_CONFLICT);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("isolation");
        add_fixture_case(s, the_same_ids_lead_each_tenant_to_its_own_rows, setup, teardown);
        add_fixture_case(s, what_is_anothers_is_not_there, setup, teardown);
        add_fixture_case(s, a_list_holds_only_ones_own, setup, teardown);
        add_fixture_case(s, what_is_due_is_only_ones_own, setup, teardown);
        add_fixture_case(s, what_is_counted_is_only_ones_own, setup, teardown);
        add_fixture_case(s, what_is_anothers_cannot_be_written, setup, teardown);
        add_fixture_case(s, changes_of_one_tenant_leave_the_other_as_it_was, setup, teardown);
        add_fixture_case(s, a_tenant_sees_itself_and_the_system_sees_all, setup, teardown);
        add_fixture_case(s, a_tenant_that_does_not_exist_has_and_gets_nothing, setup, teardown);
        return s;
}
