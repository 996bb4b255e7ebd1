/* operator.c - whoever runs the installation: tenants added and suspended, health, stuck calls. */
#include <stdio.h>
#include <string.h>

#include "abi/handle.h"
#include "clinic.h"
#include "run.h"

static struct town town;
static struct business *const acme = &town.acme;
static struct business *const bolt = &town.bolt;
static vio_operator *op;

static void open_town(void)
{
        town_open(&town);
        struct vio_actor owner = {VIO_ACTOR_COMMAND, {0}, "192.0.2.9"};
        ck_assert_int_eq(vio_operator_open(town.v, &owner, &op), 0);
}

static void close_town(void)
{
        op = vio_operator_free(op);
        town_close(&town);
}

/* The tenants with their first accounts */

static struct vio_user_fields admin_of(const char *email)
{
        struct vio_user_fields f = VIO_USER_FIELDS_INIT;
        f.email = email;
        f.password = "right password";
        f.full_name = "Ada Lovelace";
        f.role = VIO_ROLE_CLIENT_ADMIN;
        return f;
}

static int count_tenant(void *data, const struct vio_tenant_info *i)
{
        (void)i;
        ++*(int *)data;
        return 0;
}

static int count_tenants(void)
{
        int n = 0;
        ck_assert_int_eq(vio_tenant_each(op, count_tenant, &n), 0);
        return n;
}

static int log_in(const char *email, const char *password, struct vio_identity *ret)
{
        struct vio_login l = VIO_LOGIN_INIT;
        char token[VIO_TOKEN_SIZE];
        l.email = email;
        l.password = password;
        return vio_login(town.v, &l, ret, token);
}

START_TEST(a_tenant_and_its_first_account_come_together)
{
        const struct vio_setting zone = {"time_zone", "Europe/Berlin"};
        struct vio_user_fields admin = admin_of("Admin@Cove.org");
        struct vio_identity who = VIO_IDENTITY_INIT;
        vio_tenant_id id = {0};
        vio_user_id user = {0};

        int r = vio_tenant_add_with_admin(op, "Cove", &zone, 1, &admin, &id, &user);
        ck_assert_msg(r == 0, "%s", vio_operator_error(op));
        ck_assert_int_eq(id.v, 3);
        ck_assert_int_eq(log_in("admin@cove.org", "right password", &who), 0);
        ck_assert_int_eq(who.tenant.v, id.v);
        ck_assert_int_eq(who.user.v, user.v);
        ck_assert_int_eq(who.role, VIO_ROLE_CLIENT_ADMIN);
}
END_TEST

START_TEST(neither_the_tenant_nor_the_account_comes_alone)
{
        static const struct {
                const char *name, *zone, *email, *password, *full_name, *wrong;
                enum vio_role role;
        } rows[] = {
            {"", "UTC", "a@b.c", "12345678", "Ada", "name:", VIO_ROLE_CLIENT_ADMIN},
            {"a\nb", "UTC", "a@b.c", "12345678", "Ada", "name:", VIO_ROLE_CLIENT_ADMIN},
            {"Cove", "Mars", "a@b.c", "12345678", "Ada", "time_zone:", VIO_ROLE_CLIENT_ADMIN},
            {"Cove", "UTC", "a", "12345678", "Ada", "email:", VIO_ROLE_CLIENT_ADMIN},
            {"Cove", "UTC", "a@b.c", "1234567", "Ada", "password:", VIO_ROLE_CLIENT_ADMIN},
            {"Cove", "UTC", "a@b.c", "12345678", "", "fullName:", VIO_ROLE_CLIENT_ADMIN},
            {"Cove", "UTC", "a@b.c", "12345678", "Ada", "role:", VIO_ROLE_CLIENT_USER},
            {"Cove", "UTC", "a@b.c", "12345678", "Ada", "role:", VIO_ROLE_SUPER_ADMIN},
        };
        for (size_t i = 0; i < count_of(rows); i++) {
                const struct vio_setting zone = {"time_zone", rows[i].zone};
                struct vio_identity who = VIO_IDENTITY_INIT;
                struct vio_user_fields f = admin_of(rows[i].email);
                vio_tenant_id id = {0};
                vio_user_id user = {0};
                f.password = rows[i].password;
                f.full_name = rows[i].full_name;
                f.role = rows[i].role;
                int r = vio_tenant_add_with_admin(op, rows[i].name, &zone, 1, &f, &id, &user);
                ck_assert_int_eq(r, VIO_E_INVALID);
                ck_assert_ptr_eq(strstr(vio_operator_error(op), rows[i].wrong),
                                 vio_operator_error(op));
                ck_assert_int_eq(id.v + user.v, 0);
                ck_assert_int_eq(count_tenants(), 2);
                when_time_passes(&town, 1 * HOURS); /* wrong passwords make the next one wait */
                ck_assert_int_eq(log_in(rows[i].email, rows[i].password, &who), VIO_E_AUTH);
        }
}
END_TEST

/* What is told of a tenant */

struct seen {
        char reason[201];
        bool suspended;
        int64_t contacts;
        vio_time last_activity;
};

static int see(void *data, const struct vio_tenant_info *i)
{
        struct seen *s = data;
        snprintf(s->reason, sizeof(s->reason), "%s",
                 i->suspended_reason ? i->suspended_reason : "-");
        s->suspended = i->suspended;
        s->contacts = i->contacts;
        s->last_activity = i->last_activity;
        return 0;
}

static struct seen seen_of(struct business *b)
{
        struct seen s;
        ck_assert_int_eq(vio_tenant_show(b->handle, see, &s), 0);
        return s;
}

START_TEST(a_tenant_tells_its_contacts_and_its_last_activity)
{
        vio_time before = seen_of(bolt).last_activity;
        town.now += 5 * MINUTES;
        given_contact(acme, "Ada", 1, MONDAY);
        given_contact(acme, "Ben", 2, MONDAY);
        ck_assert_int_eq(seen_of(acme).contacts, 2);
        ck_assert_int_eq(seen_of(acme).last_activity, town.now);
        ck_assert_int_eq(seen_of(bolt).contacts, 0);
        ck_assert_int_eq(seen_of(bolt).last_activity, before);
}
END_TEST

/* Suspension */

struct counting {
        const char *action;
        int n;
        char detail[80];
};

static int count_action(void *data, const struct vio_audit_entry *e)
{
        struct counting *c = data;
        if (strcmp(e->action, c->action) == 0) {
                c->n++;
                snprintf(c->detail, sizeof(c->detail), "%s", e->detail);
        }
        return 0;
}

static struct counting entries(struct business *b, const char *action)
{
        struct counting c = {.action = action};
        ck_assert_int_eq(vio_audit_each(b->handle, NULL, count_action, &c), 0);
        return c;
}

START_TEST(a_suspended_tenant_calls_nobody_until_it_is_resumed)
{
        vio_contact_id ada = given_contact(acme, "Ada", 1, MONDAY);
        vio_contact_id twin = given_contact(bolt, "Ada", 1, MONDAY);

        ck_assert_int_eq(vio_tenant_suspend(op, acme->id, true, "Unpaid"), 0);
        then_refused_for(acme, when_called_now(acme, ada), VIO_REASON_TENANT_SUSPENDED);
        when_it_is(&town, "2026-11-22T18:00:00Z");
        then_rings_are(acme, phone_of(1), 0);
        then_appointment_is(acme, ada, VIO_APPOINTMENT_PENDING);
        then_appointment_is(bolt, twin, VIO_APPOINTMENT_CONFIRMED);
        ck_assert_str_eq(seen_of(acme).reason, "Unpaid");
        ck_assert_int_eq(seen_of(acme).contacts, 1);

        ck_assert_int_eq(vio_tenant_suspend(op, acme->id, false, "ignored"), 0);
        when_it_is(&town, "2026-11-22T21:00:00Z");
        then_rings_are(acme, phone_of(1), 1);
        then_appointment_is(acme, ada, VIO_APPOINTMENT_CONFIRMED);
        ck_assert(!seen_of(acme).suspended);
        ck_assert_str_eq(seen_of(acme).reason, "-");
}
END_TEST

START_TEST(suspending_twice_is_suspending_once)
{
        ck_assert_int_eq(vio_tenant_suspend(op, acme->id, false, NULL), 0);
        ck_assert_int_eq(entries(acme, "tenant.resume").n, 0);
        ck_assert_int_eq(vio_tenant_suspend(op, acme->id, true, "Unpaid"), 0);
        int64_t version = version_of(acme);
        ck_assert_int_eq(vio_tenant_suspend(op, acme->id, true, "Unpaid"), 0);
        ck_assert_int_eq(version_of(acme), version);
        ck_assert_int_eq(entries(acme, "tenant.suspend").n, 1);
        ck_assert_str_eq(entries(acme, "tenant.suspend").detail, "");
        ck_assert_int_eq(vio_tenant_suspend(op, acme->id, true, "Closed"), 0);
        ck_assert_str_eq(seen_of(acme).reason, "Closed");
        ck_assert_int_eq(entries(acme, "tenant.suspend").n, 2);
        ck_assert_int_eq(entries(bolt, "tenant.suspend").n, 0);
        ck_assert(!seen_of(bolt).suspended);
}
END_TEST

START_TEST(a_suspension_needs_a_tenant_and_a_reason_that_is_a_line)
{
        char lengthy[202] = "";
        memset(lengthy, 'x', 201);
        ck_assert_int_eq(vio_tenant_suspend(op, (vio_tenant_id){9}, true, NULL), VIO_E_NOTFOUND);
        ck_assert_int_eq(vio_tenant_suspend(op, (vio_tenant_id){0}, true, NULL), VIO_E_NOTFOUND);
        ck_assert_int_eq(vio_tenant_suspend(op, acme->id, true, "a\nb"), VIO_E_INVALID);
        ck_assert_int_eq(vio_tenant_suspend(op, acme->id, true, "\xff"), VIO_E_INVALID);
        ck_assert_int_eq(vio_tenant_suspend(op, acme->id, true, lengthy), VIO_E_INVALID);
        ck_assert_ptr_nonnull(strstr(vio_operator_error(op), "reason:"));
        ck_assert(!seen_of(acme).suspended);
}
END_TEST

/* Health and stuck calls */

static struct vio_health health(void)
{
        struct vio_health h = VIO_HEALTH_INIT;
        int r = vio_health(op, &h);
        ck_assert_msg(r == 0, "%s", vio_operator_error(op));
        return h;
}

START_TEST(a_fresh_installation_is_healthy)
{
        struct vio_health h = health();
        ck_assert_str_eq(h.version, vio_version());
        ck_assert_int_ge(h.schema, 2);
        ck_assert_int_eq(h.tenants, 2);
        ck_assert_int_eq(h.suspended + h.overdue_tasks + h.oldest_overdue_s + h.live_calls +
                             h.stuck_calls + h.alerts + h.unsettled_dials + h.pending_summaries,
                         0);
        ck_assert_int_eq(h.stepped_at, VIO_TIME_NONE);
        ck_assert_int_gt(h.database_bytes, 4096);
        ck_assert_int_eq(when_stepped(&town), 0);
        ck_assert_int_eq(health().stepped_at, town.now);
        struct vio_health old = {.size = 8};
        ck_assert_int_eq(vio_health(op, &old), VIO_E_INVALID);
}
END_TEST

START_TEST(health_counts_what_nobody_did_in_time)
{
        given_contact(acme, "Ada", 1, MONDAY);
        given_contact(acme, "Ben", 2, "2026-11-23T15:10:00Z");
        given_contact(bolt, "Ada", 1, MONDAY);
        ck_assert_int_eq(vio_tenant_suspend(op, bolt->id, true, NULL), 0);
        town.now = at("2026-11-22T15:05:00Z"); /* exactly 5 minutes is not yet late */
        ck_assert_int_eq(health().overdue_tasks, 0);
        town.now += 1 * SECONDS;
        ck_assert_int_eq(health().overdue_tasks, 2);
        ck_assert_int_eq(health().oldest_overdue_s, 301);
        town.now = at("2026-11-22T16:00:00Z");
        ck_assert_int_eq(health().overdue_tasks, 3);
        ck_assert_int_eq(health().oldest_overdue_s, 3600);
        ck_assert_int_eq(health().suspended, 1);
}
END_TEST

struct stuck {
        struct vio_stuck_call list[8];
        size_t n;
};

static int note_stuck(void *data, const struct vio_stuck_call *c)
{
        struct stuck *s = data;
        ck_assert_uint_lt(s->n, count_of(s->list));
        s->list[s->n++] = *c;
        return 0;
}

static struct stuck stuck_calls(void)
{
        struct stuck s = {.n = 0};
        ck_assert_int_eq(vio_stuck_call_each(op, note_stuck, &s), 0);
        ck_assert_int_eq(health().stuck_calls, (int64_t)s.n);
        return s;
}

/* Nobody steps: as when the program that should do so is not there. */
START_TEST(a_call_that_nobody_looks_after_is_stuck_after_half_an_hour)
{
        vio_contact_id ada = given_contact(acme, "Ada", 1, MONDAY);
        vio_contact_id twin = given_contact(bolt, "Ada", 1, MONDAY);
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        town.now += 1 * MINUTES;
        town.next_dial = MISHAP_ANSWER_LOST;
        ck_assert_int_eq(when_called_now(bolt, twin), 0);
        ck_assert_int_eq(health().live_calls, 2);
        ck_assert_int_eq(health().unsettled_dials, 1);
        town.now += 29 * MINUTES;
        ck_assert_uint_eq(stuck_calls().n, 0);
        town.now += 1;
        struct stuck s = stuck_calls();
        ck_assert_uint_eq(s.n, 1);
        ck_assert_int_eq(s.list[0].tenant.v, acme->id.v);
        ck_assert_int_eq(s.list[0].contact.v, ada.v);
        ck_assert_str_eq(s.list[0].call.s, acme->last_call.s);
        ck_assert_int_eq(s.list[0].status, VIO_CALL_ONGOING);
        ck_assert_int_eq(s.list[0].dial, VIO_DIAL_PLACED);
        ck_assert_int_eq(s.list[0].created_at, at(OPENING_DAY));
        ck_assert_int_gt(s.list[0].next_look, s.list[0].created_at);
        town.now += 1 * MINUTES;
        s = stuck_calls();
        ck_assert_uint_eq(s.n, 2);
        ck_assert_int_eq(s.list[1].tenant.v, bolt->id.v);
        ck_assert_int_eq(s.list[1].status, VIO_CALL_QUEUED);
        ck_assert_int_eq(s.list[1].dial, VIO_DIAL_UNKNOWN);
        ck_assert_int_eq(s.list[1].next_look, at(OPENING_DAY) + 1 * MINUTES + 5 * SECONDS);
}
END_TEST

START_TEST(a_call_that_ended_or_was_given_up_is_not_stuck)
{
        vio_contact_id ada = given_contact(acme, "Ada", 1, MONDAY);
        vio_contact_id ben = given_contact(acme, "Ben", 2, MONDAY);
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_time_passes(&town, 5 * MINUTES);
        town.every_request = MISHAP_NEVER_ARRIVED;
        town.post = POST_LOST;
        ck_assert_int_eq(when_called_now(acme, ben), 0);
        town.every_request = MISHAP_NONE;
        when_time_passes(&town, 60 * MINUTES);
        ck_assert_uint_eq(stuck_calls().n, 0);
        ck_assert_int_eq(health().unsettled_dials, 0);
}
END_TEST

START_TEST(calls_that_were_given_up_are_alerts)
{
        vio_contact_id ada = given_contact(acme, "Ada", 1, MONDAY);
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        town.every_request = MISHAP_SERVER_ERROR;
        town.post = POST_LOST;
        when_time_passes(&town, 60 * MINUTES);
        ck_assert_int_eq(health().alerts, alerts_of(acme));
        ck_assert_int_gt(health().alerts, 0);
        ck_assert_uint_eq(stuck_calls().n, 0);
}
END_TEST

START_TEST(an_operator_opens_a_tenant_as_itself)
{
        const struct vio_setting notes = {"arrival_notes", "Ring twice"};
        vio_tenant *t = NULL;
        ck_assert_int_eq(vio_operator_tenant_open(op, (vio_tenant_id){9}, &t), VIO_E_NOTFOUND);
        ck_assert_ptr_null(t);
        ck_assert_int_eq(vio_operator_tenant_open(op, acme->id, &t), 0);
        ck_assert_int_eq(vio_tenant_set(t, &notes, 1), 0);
        vio_tenant_free(t);
        struct counting c = entries(acme, "tenant.set");
        ck_assert_str_eq(c.detail, "arrival_notes");
        ck_assert_int_eq(c.n, 1);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("operator");
#define CASE(test) add_fixture_case(s, test, open_town, close_town)
        CASE(a_tenant_and_its_first_account_come_together);
        CASE(neither_the_tenant_nor_the_account_comes_alone);
        CASE(a_tenant_tells_its_contacts_and_its_last_activity);
        CASE(a_suspended_tenant_calls_nobody_until_it_is_resumed);
        CASE(suspending_twice_is_suspending_once);
        CASE(a_suspension_needs_a_tenant_and_a_reason_that_is_a_line);
        CASE(a_fresh_installation_is_healthy);
        CASE(health_counts_what_nobody_did_in_time);
        CASE(a_call_that_nobody_looks_after_is_stuck_after_half_an_hour);
        CASE(a_call_that_ended_or_was_given_up_is_not_stuck);
        CASE(calls_that_were_given_up_are_alerts);
        CASE(an_operator_opens_a_tenant_as_itself);
        return s;
}
