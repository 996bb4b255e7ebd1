/* tenants.c - whose is what: isolation, settings, accounts, and the examination. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "abi/handle.h"
#include "clinic.h"
#include "run.h"
#include "store/q.h"

static struct town town;
static struct business *const acme = &town.acme;
static struct business *const bolt = &town.bolt;

static void open_town(void)
{
        town_open(&town);
}

static void close_town(void)
{
        town_close(&town);
}

/* Isolation */

static int count_contact(void *data, const vio_contact *c)
{
        (void)c;
        ++*(int *)data;
        return 0;
}

static int count_call(void *data, const vio_call *c)
{
        (void)c;
        ++*(int *)data;
        return 0;
}

static int count_task(void *data, const vio_task *task)
{
        (void)task;
        ++*(int *)data;
        return 0;
}

static int count_moment(void *data, const struct vio_call_moment *m)
{
        (void)m;
        ++*(int *)data;
        return 0;
}

START_TEST(looking_for_missing_reminders_is_no_change_of_the_tenant)
{
        int64_t version = version_of(acme);
        when_time_passes(&town, 60 * MINUTES);
        ck_assert_int_eq(version_of(acme), version);
}
END_TEST

START_TEST(a_tenant_sees_nothing_of_another)
{
        struct vio_contact_filter contacts = VIO_CONTACT_FILTER_INIT;
        struct vio_call_filter calls = VIO_CALL_FILTER_INIT;
        struct vio_task_filter tasks = VIO_TASK_FILTER_INIT;
        struct vio_contact_stats stats;
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        vio_contact *contact = NULL;
        vio_call *call = NULL;
        int seen = 0;

        vio_contact_id ada = given_contact(acme, "Ada", 1, MONDAY);
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        f.name = "Eve";
        vio_tenant *t = bolt->handle;
        ck_assert_int_eq(vio_contact_get(t, ada, &contact), VIO_E_NOTFOUND);
        ck_assert_int_eq(vio_contact_change(t, ada, &f), VIO_E_NOTFOUND);
        ck_assert_int_eq(vio_contact_opt_out(t, ada, true, NULL), VIO_E_NOTFOUND);
        ck_assert_int_eq(vio_call_now(t, ada, &call), VIO_E_NOTFOUND);
        ck_assert_int_eq(vio_call_get(t, acme->last_call, &call), VIO_E_NOTFOUND);
        ck_assert_int_eq(vio_call_timeline(t, acme->last_call, count_moment, &seen),
                         VIO_E_NOTFOUND);
        ck_assert_int_eq(vio_contact_each(t, &contacts, count_contact, &seen), 0);
        ck_assert_int_eq(vio_call_each(t, &calls, count_call, &seen), 0);
        calls.contact = ada;
        ck_assert_int_eq(vio_call_each(t, &calls, count_call, &seen), 0);
        ck_assert_int_eq(vio_task_each(t, &tasks, count_task, &seen), 0);
        ck_assert_int_eq(seen, 0);
        ck_assert_int_eq(vio_contact_stats(t, &stats), 0);
        ck_assert_int_eq(stats.total, 0);
        ck_assert_ptr_null(contact);
        ck_assert_ptr_null(call);
}
END_TEST

START_TEST(the_same_ids_and_numbers_live_apart)
{
        vio_contact_id ada = given_contact(acme, "Ada", 1, MONDAY);
        vio_contact_id twin = given_contact(bolt, "Ada", 1, MONDAY);
        int64_t version = version_of(acme);

        ck_assert_int_eq(ada.v, twin.v);
        ck_assert_int_eq(when_called_now(bolt, twin), 0);
        when_time_passes(&town, 5 * MINUTES);
        then_appointment_is(bolt, twin, VIO_APPOINTMENT_CONFIRMED);
        then_appointment_is(acme, ada, VIO_APPOINTMENT_PENDING);
        then_rings_are(acme, phone_of(1), 0);
        then_rings_are(bolt, phone_of(1), 1);
        ck_assert_uint_eq(calls_of(acme, ada), 0);
        ck_assert_int_eq(version_of(acme), version);

        when_it_is(&town, "2026-11-23T16:00:00Z");
        then_appointment_is(acme, ada, VIO_APPOINTMENT_CONFIRMED);
        then_rings_are(acme, phone_of(1), 1);
        then_rings_are(bolt, phone_of(1), 1);
}
END_TEST

START_TEST(there_is_no_handle_for_a_tenant_that_is_not_there)
{
        vio_tenant *t = NULL;
        ck_assert_int_eq(vio_tenant_open(town.v, (vio_tenant_id){99}, NULL, &t), VIO_E_NOTFOUND);
        ck_assert_int_eq(vio_tenant_open(town.v, (vio_tenant_id){0}, NULL, &t), VIO_E_NOTFOUND);
        ck_assert_ptr_null(t);
}
END_TEST

/* Settings */

#define LONG_NAME                                                                                  \
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* Up to three good and three bad values of each. */
static const struct {
        const char *name;
        const char *good[3];
        const char *bad[4];
} settings[] = {
    {"name", {"Acme", "Zahn\xc3\xa4rzte"}, {"", "two\nlines", "\xff", LONG_NAME}},
    {"time_zone",
     {"Europe/Berlin", "UTC"},
     {"Mars/Olympus", "../zone", "EST5EDT,M3", "/etc/passwd"}},
    {"country", {"1", "44", "353"}, {"0", "1234", "+1", "US"}},
    {"business_template", {"medical"}, {"a\tb", LONG_NAME}},
    {"retell_api_key", {"key_12345678"}, {"short", "has a blank", "key_\n12345"}},
    {"retell_agent_id", {"agent_7"}, {"a\nb", LONG_NAME}},
    {"retell_phone_number", {"+14155550100", "+44 20 7946 0000"}, {"4155550100", "x", "+1", "+"}},
    {"retell_webhook_secret", {"key_hooks_12"}, {"short", "has a blank"}},
    {"accept_bare_signature", {"true", "no", "1"}, {"maybe", "TRUE", "2"}},
    {"calendar_type", {"cal_com", "calendly"}, {"outlook", "Cal_com"}},
    {"cal_com_api_key", {"cal_live_123"}, {"short"}},
    {"calendly_token", {"token_12345"}, {"short"}},
    {"daily_summary_enabled", {"false", "yes"}, {"on"}},
    {"daily_summary_recipient_email", {"a@b.c"}, {"a", "a@", "@b", "a@b@c"}},
    {"daily_summary_recipient_name", {"Ada"}, {"a\nb"}},
    {"daily_summary_time", {"07:30", "00:00"}, {"7:30", "24:01", "12:60", "noon"}},
    {"daily_summary_timezone", {"Europe/London"}, {"London"}},
    {"daily_summary_days", {"[\"Mon\"]"}, {"[]", "[\"Monday\"]", "Mon", "{}"}},
    {"daily_summary_counts_only", {"true", "no"}, {"maybe", "2"}},
    {"cal_com_phone_field", {"mobile-number"}, {"a\nb"}},
    {"calendly_phone_question", {"Your number?"}, {"a\nb"}},
    {"business_hours",
     {"{}", "{\"Mon\":{\"open\":\"09:00\",\"close\":\"17:00\"},\"Sun\":null}"},
     {"[]", "{\"mon\":{}}", "9-5", "{\"Mon\":{\"open\":\"17:00\",\"close\":\"09:00\"}}"}},
    {"public_transport_instructions", {"Bus 7\nStop: Market"}, {"\xff"}},
    {"parking_instructions", {"Behind the house"}, {"\xc3"}},
    {"arrival_notes", {"Ring twice"}, {"\xff"}},
    {"voice_agent_prompt", {"Be kind."}, {"\xff"}},
    {"features", {"{\"x\":true}"}, {"[]", "true"}},
    {"call_window_start", {"08:00", "10:30"}, {"07:59", "21:00", "8:00", "x"}},
    {"call_window_end", {"21:00", "12:00"}, {"21:01", "08:00", "24:00", "x"}},
    {"call_days", {"[\"Mon\",\"Sun\"]"}, {"[]", "[1]", "\"Mon\"", "["}},
    {"daily_call_limit", {"1", "3"}, {"0", "4", "-1", "two"}},
    {"weekly_call_limit", {"1", "21"}, {"0", "22", "1.5"}},
    {"follow_up_delay_minutes", {"15", "1440"}, {"14", "1441", "90 min"}},
    {"reminder_lead_minutes", {"120", "10080"}, {"119", "10081", ""}},
};

struct look_up {
        const char *name;
        char value[300];
        char last4[5];
        bool is_set;
        bool found;
};

static int look_up(void *data, const struct vio_setting_info *i)
{
        struct look_up *l = data;
        if (strcmp(i->name, l->name) == 0) {
                snprintf(l->value, sizeof(l->value), "%s", i->value ? i->value : "");
                snprintf(l->last4, sizeof(l->last4), "%s", i->last4);
                l->is_set = i->is_set;
                l->found = true;
        }
        return 0;
}

static struct look_up setting(const char *name)
{
        struct look_up l = {.name = name};
        ck_assert_int_eq(vio_tenant_settings(acme->handle, look_up, &l), 0);
        ck_assert_msg(l.found, "there is no %s", name);
        return l;
}

START_TEST(each_setting_takes_what_is_right)
{
        const char *name = settings[_i].name;
        for (int i = 0; i < 3 && settings[_i].good[i]; i++) {
                struct vio_setting s = {name, settings[_i].good[i]};
                int64_t version = version_of(acme);
                int r = vio_tenant_set(acme->handle, &s, 1);
                ck_assert_msg(r == 0, "%s: %s", s.value, vio_tenant_error(acme->handle));
                ck_assert_int_gt(version_of(acme), version);
                ck_assert(setting(name).is_set);
        }
}
END_TEST

START_TEST(each_setting_refuses_what_is_wrong_and_says_its_name)
{
        const char *name = settings[_i].name;
        for (int i = 0; i < 4 && settings[_i].bad[i]; i++) {
                /* "" clears a setting, and only the name must be there. */
                if (!*settings[_i].bad[i] && strcmp(name, "name") != 0)
                        continue;
                struct look_up before = setting(name);
                int64_t version = version_of(acme);
                const struct vio_setting both[] = {{"arrival_notes", "changed"},
                                                   {name, settings[_i].bad[i]}};
                int r = vio_tenant_set(acme->handle, both, 2);
                const char *error = vio_tenant_error(acme->handle);
                ck_assert_msg(r == VIO_E_INVALID, "%s = %s: %d", name, settings[_i].bad[i], r);
                ck_assert_msg(strstr(error, name), "%s: %s", name, error);
                ck_assert_str_eq(setting(name).value, before.value);
                ck_assert_str_eq(setting("arrival_notes").value, "");
                ck_assert_int_eq(version_of(acme), version);
        }
}
END_TEST

START_TEST(a_cleared_setting_has_its_default_again)
{
        static const struct {
                const char *name, *value, *standard;
        } rows[] = {
            {"time_zone", "Europe/Berlin", "UTC"}, {"call_window_start", "10:00", "08:00"},
            {"daily_call_limit", "1", "3"},        {"accept_bare_signature", "false", "true"},
            {"parking_instructions", "here", ""},  {"retell_agent_id", "agent_9", ""},
        };
        for (size_t i = 0; i < count_of(rows); i++) {
                given_setting(acme, rows[i].name, rows[i].value);
                ck_assert_str_eq(setting(rows[i].name).value, rows[i].value);
                given_setting(acme, rows[i].name, i % 2 ? NULL : "");
                ck_assert_str_eq(setting(rows[i].name).value, rows[i].standard);
        }
}
END_TEST

START_TEST(a_secret_is_only_hinted_at)
{
        given_setting(acme, "retell_api_key", "key_abcdefghijklmnop");
        ck_assert_str_eq(setting("retell_api_key").value, "set, ends in ...mnop");
        ck_assert_str_eq(setting("retell_api_key").last4, "mnop");
        given_setting(acme, "retell_api_key", "key_12345678");
        ck_assert_str_eq(setting("retell_api_key").last4, "5678");
        given_setting(acme, "retell_api_key", "key_1234567");
        ck_assert_str_eq(setting("retell_api_key").last4, "");
        given_setting(acme, "retell_api_key", "key_abcd");
        ck_assert(!strstr(setting("retell_api_key").value, "abcd"));
        ck_assert_str_eq(setting("retell_api_key").last4, "");
        given_setting(acme, "retell_api_key", NULL);
        ck_assert_str_eq(setting("retell_api_key").value, "");
}
END_TEST

START_TEST(a_setting_that_is_none_is_named)
{
        const struct vio_setting none[] = {{"colour", "red"}, {"suspended", "1"}, {NULL, "x"}};
        for (int i = 0; i < 3; i++)
                ck_assert_int_eq(vio_tenant_set(acme->handle, &none[i], 1), VIO_E_INVALID);
        ck_assert_int_eq(vio_tenant_set(acme->handle, none, 1), VIO_E_INVALID);
        ck_assert_ptr_nonnull(strstr(vio_tenant_error(acme->handle), "colour"));
}
END_TEST

static int count_setting(void *data, const struct vio_setting_info *i)
{
        int *n = data;
        ck_assert_uint_lt((size_t)*n, count_of(settings));
        ck_assert_str_eq(i->name, settings[*n].name);
        ck_assert_uint_gt(strlen(i->summary), 10);
        ++*n;
        return 0;
}

START_TEST(the_table_here_holds_every_setting)
{
        int n = 0;
        ck_assert_int_eq(vio_setting_each(count_setting, &n), 0);
        ck_assert_int_eq(n, (int)count_of(settings));
}
END_TEST

START_TEST(a_tenant_is_added_with_all_its_settings_or_not_at_all)
{
        const struct vio_setting wrong[] = {{"time_zone", "UTC"}, {"country", "XX"}};
        vio_operator *op = NULL;
        vio_tenant_id id = {0};

        ck_assert_int_eq(vio_operator_open(town.v, NULL, &op), 0);
        ck_assert_int_eq(vio_tenant_add(op, "New", wrong, 2, &id), VIO_E_INVALID);
        ck_assert_ptr_nonnull(strstr(vio_operator_error(op), "country"));
        ck_assert_int_eq(vio_tenant_add(op, "", NULL, 0, &id), VIO_E_INVALID);
        ck_assert_int_eq(vio_tenant_add(op, "a\nb", NULL, 0, &id), VIO_E_INVALID);
        ck_assert_int_eq(id.v, 0);
        ck_assert_int_eq(vio_tenant_add(op, "New", wrong, 1, &id), 0);
        ck_assert_int_eq(id.v, 3);
        vio_operator_free(op);
}
END_TEST

static int see_configured(void *data, const struct vio_tenant_info *i)
{
        *(bool *)data = i->configured;
        return 0;
}

START_TEST(configured_means_that_calls_can_be_made)
{
        bool configured = false;
        vio_contact_id ada = given_contact(acme, "Ada", 1, MONDAY);

        ck_assert_int_eq(vio_tenant_show(acme->handle, see_configured, &configured), 0);
        ck_assert(configured);
        given_setting(acme, "retell_phone_number", NULL);
        ck_assert_int_eq(vio_tenant_show(acme->handle, see_configured, &configured), 0);
        then_refused_for(acme, when_called_now(acme, ada), VIO_REASON_NOT_CONFIGURED);
        ck_assert(!configured);
        given_setting(acme, "retell_phone_number", "+12125550000");
        given_setting(acme, "retell_agent_id", NULL); /* the one bound to the number calls */
        ck_assert_int_eq(vio_tenant_show(acme->handle, see_configured, &configured), 0);
        ck_assert(configured);
        ck_assert_int_eq(when_called_now(acme, ada), 0);
}
END_TEST

/* Accounts */

static vio_user_id given_user(struct business *b, const char *email, const char *password)
{
        struct vio_user_fields f = VIO_USER_FIELDS_INIT;
        vio_user_id id = {0};
        f.email = email;
        f.password = password;
        f.full_name = "Ada Lovelace";
        int r = vio_user_add(b->handle, &f, &id);
        ck_assert_msg(r == 0, "vio_user_add: %s", vio_tenant_error(b->handle));
        return id;
}

static struct vio_identity identity;
static char token[VIO_TOKEN_SIZE];

static int log_in(const char *email, const char *password, vio_tenant_id tenant)
{
        struct vio_login l = VIO_LOGIN_INIT;
        identity = (struct vio_identity)VIO_IDENTITY_INIT;
        token[0] = '\0';
        l.email = email;
        l.password = password;
        l.tenant = tenant;
        l.ip_address = "192.0.2.1";
        return vio_login(town.v, &l, &identity, token);
}

static int check_token(const char *text)
{
        struct vio_identity who = VIO_IDENTITY_INIT;
        int r = vio_token_check(town.v, text, &who);
        if (r)
                ck_assert_int_eq(who.user.v, 0);
        return r;
}

static const vio_tenant_id ANY = {0};

START_TEST(the_right_password_opens_and_nothing_else)
{
        vio_user_id ada = given_user(acme, "Ada@Example.org", "right password");

        ck_assert_int_eq(log_in("ada@example.ORG", "right password", ANY), 0);
        ck_assert_int_eq(identity.user.v, ada.v);
        ck_assert_int_eq(identity.tenant.v, acme->id.v);
        ck_assert_int_eq(identity.role, VIO_ROLE_CLIENT_USER);
        ck_assert_str_eq(identity.email, "ada@example.org");
        ck_assert_str_eq(identity.full_name, "Ada Lovelace");
        ck_assert_int_eq(check_token(token), 0);

        ck_assert_int_eq(log_in("ada@example.org", "Right password", ANY), VIO_E_AUTH);
        ck_assert_str_eq(token, "");
        ck_assert_int_eq(log_in("ada@example.org", "", ANY), VIO_E_AUTH);
        ck_assert_int_eq(log_in("ada@example.org", NULL, ANY), VIO_E_AUTH);
        ck_assert_int_eq(log_in("eve@example.org", "right password", ANY), VIO_E_AUTH);
        ck_assert_int_eq(log_in(NULL, "right password", ANY), VIO_E_AUTH);
        ck_assert_int_eq(log_in("ada@example.org", "right password", bolt->id), VIO_E_AUTH);
}
END_TEST

START_TEST(a_password_that_fits_two_tenants_needs_the_tenant)
{
        vio_user_id here = given_user(acme, "ada@example.org", "right password");
        vio_user_id there = given_user(bolt, "ada@example.org", "right password");
        ck_assert_int_eq(log_in("ada@example.org", "right password", ANY), VIO_E_CONFLICT);
        ck_assert_int_eq(log_in("ada@example.org", "right password", acme->id), 0);
        ck_assert_int_eq(identity.user.v, here.v);
        ck_assert_int_eq(log_in("ada@example.org", "right password", bolt->id), 0);
        ck_assert_int_eq(identity.user.v, there.v);
}
END_TEST

START_TEST(two_passwords_tell_two_accounts_of_one_address_apart)
{
        given_user(acme, "ada@example.org", "right password");
        vio_user_id there = given_user(bolt, "ada@example.org", "other password");
        ck_assert_int_eq(log_in("ada@example.org", "other password", ANY), 0);
        ck_assert_int_eq(identity.user.v, there.v);
}
END_TEST

SYSTEM_SQL(sql_activate, "UPDATE users SET is_active = ?2 WHERE id = ?1");
SYSTEM_SQL(sql_revoke, "UPDATE users SET token_version = token_version + 1 WHERE id = ?1");

static int deactivate_in(struct system_tx *tx, void *arg)
{
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_activate);
        q_int(q, *(int64_t *)arg);
        q_int(q, 0);
        return q_done(q);
}

static int revoke_in(struct system_tx *tx, void *arg)
{
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_revoke);
        q_int(q, *(int64_t *)arg);
        return q_done(q);
}

START_TEST(a_deactivated_account_is_told_so_only_with_its_password)
{
        vio_user_id ada = given_user(acme, "ada@example.org", "right password");
        ck_assert_int_eq(log_in("ada@example.org", "right password", ANY), 0);
        ck_assert_int_eq(store_write(town.v->engine.store, deactivate_in, &ada.v, NULL), 0);
        ck_assert_int_eq(check_token(token), VIO_E_AUTH);
        ck_assert_int_eq(log_in("ada@example.org", "wrong password", ANY), VIO_E_AUTH);
        ck_assert_int_eq(log_in("ada@example.org", "right password", ANY), VIO_E_FORBIDDEN);
        ck_assert_str_eq(token, "");
}
END_TEST

START_TEST(a_deactivated_account_does_not_stand_in_the_way_of_another)
{
        vio_user_id old = given_user(acme, "ada@example.org", "right password");
        vio_user_id there = given_user(bolt, "ada@example.org", "right password");
        ck_assert_int_eq(store_write(town.v->engine.store, deactivate_in, &old.v, NULL), 0);
        ck_assert_int_eq(log_in("ada@example.org", "right password", ANY), 0);
        ck_assert_int_eq(identity.user.v, there.v);
}
END_TEST

START_TEST(a_token_lasts_a_day_and_not_longer)
{
        given_user(acme, "ada@example.org", "right password");
        ck_assert_int_eq(log_in("ada@example.org", "right password", ANY), 0);
        town.now += 1 * DAYS - 1 * SECONDS;
        ck_assert_int_eq(check_token(token), 0);
        town.now += 1 * SECONDS;
        ck_assert_int_eq(check_token(token), VIO_E_AUTH);
}
END_TEST

START_TEST(a_token_that_was_touched_or_is_revoked_is_none)
{
        char forged[VIO_TOKEN_SIZE];
        vio_user_id ada = given_user(acme, "ada@example.org", "right password");
        ck_assert_int_eq(log_in("ada@example.org", "right password", ANY), 0);
        size_t len = strlen(token);
        for (size_t i = 0; i < len; i += 7) {
                memcpy(forged, token, len + 1);
                forged[i] = forged[i] == 'A' ? 'B' : 'A';
                ck_assert_int_eq(check_token(forged), VIO_E_AUTH);
        }
        memcpy(forged, token, len + 1);
        forged[len - 1] = '\0';
        ck_assert_int_eq(check_token(forged), VIO_E_AUTH);
        ck_assert_int_eq(check_token(""), VIO_E_AUTH);
        ck_assert_int_eq(check_token(NULL), VIO_E_AUTH);
        ck_assert_int_eq(store_write(town.v->engine.store, revoke_in, &ada.v, NULL), 0);
        ck_assert_int_eq(check_token(token), VIO_E_AUTH);
}
END_TEST

/* The same account and time, but another installation's secret. */
START_TEST(a_token_of_another_secret_is_none)
{
        given_user(acme, "ada@example.org", "right password");
        ck_assert_int_eq(log_in("ada@example.org", "right password", ANY), 0);
        town.v->engine.token_key[0] ^= 1;
        ck_assert_int_eq(check_token(token), VIO_E_AUTH);
        town.v->engine.token_key[0] ^= 1;
        ck_assert_int_eq(check_token(token), 0);
        town_reopen(&town);
        ck_assert_int_eq(check_token(token), 0);
}
END_TEST

START_TEST(accounts_are_checked_field_by_field)
{
        static const struct {
                const char *email, *password, *full_name, *wrong;
                enum vio_role role;
        } rows[] = {
            {NULL, "12345678", "Ada", "email", VIO_ROLE_CLIENT_USER},
            {"ada", "12345678", "Ada", "email", VIO_ROLE_CLIENT_USER},
            {"@b.c", "12345678", "Ada", "email", VIO_ROLE_CLIENT_USER},
            {"a b@c.d", "12345678", "Ada", "email", VIO_ROLE_CLIENT_USER},
            {"a@b.c", "1234567", "Ada", "password", VIO_ROLE_CLIENT_USER},
            {"a@b.c", NULL, "Ada", "password", VIO_ROLE_CLIENT_USER},
            {"a@b.c", "12345678", "", "fullName", VIO_ROLE_CLIENT_USER},
            {"a@b.c", "12345678", "\xff", "fullName", VIO_ROLE_CLIENT_USER},
            {"a@b.c", "12345678", "Ada", "role", VIO_ROLE_SUPER_ADMIN},
        };
        vio_user_id id = {0};
        for (size_t i = 0; i < count_of(rows); i++) {
                struct vio_user_fields f = VIO_USER_FIELDS_INIT;
                f.email = rows[i].email;
                f.password = rows[i].password;
                f.full_name = rows[i].full_name;
                f.role = rows[i].role;
                ck_assert_int_eq(vio_user_add(acme->handle, &f, &id), VIO_E_INVALID);
                const char *error = vio_tenant_error(acme->handle);
                ck_assert_msg(strncmp(error, rows[i].wrong, strlen(rows[i].wrong)) == 0, "%s",
                              error);
        }
        given_user(acme, "a@b.c", "12345678");
        struct vio_user_fields again = VIO_USER_FIELDS_INIT;
        again.email = "A@b.c";
        again.password = "12345678";
        again.full_name = "Ada";
        ck_assert_int_eq(vio_user_add(acme->handle, &again, &id), VIO_E_CONFLICT);
        ck_assert_int_eq(id.v, 0);
}
END_TEST

START_TEST(a_super_admin_belongs_to_no_tenant)
{
        struct vio_user_fields f = VIO_USER_FIELDS_INIT;
        vio_operator *op = NULL;
        vio_user_id id = {0};
        f.email = "root@example.org";
        f.password = "12345678";
        f.full_name = "Root";
        ck_assert_int_eq(vio_operator_open(town.v, NULL, &op), 0);
        ck_assert_int_eq(vio_operator_user_add(op, &f, &id), VIO_E_INVALID);
        f.role = VIO_ROLE_SUPER_ADMIN;
        ck_assert_int_eq(vio_operator_user_add(op, &f, &id), 0);
        ck_assert_int_eq(vio_operator_user_add(op, &f, &id), VIO_E_CONFLICT);
        vio_operator_free(op);
        ck_assert_int_eq(log_in("root@example.org", "12345678", ANY), 0);
        ck_assert_int_eq(identity.tenant.v, 0);
        ck_assert_int_eq(identity.role, VIO_ROLE_SUPER_ADMIN);
        ck_assert_int_eq(check_token(token), 0);
}
END_TEST

/* The examination */

struct findings {
        char good[400];
        char bad[400];
};

static int note_finding(void *data, const struct vio_finding *f)
{
        struct findings *all = data;
        char *list = f->ok ? all->good : all->bad;
        size_t len = strlen(list);
        snprintf(list + len, sizeof(all->good) - len, "%s ", f->check);
        ck_assert_uint_gt(strlen(f->detail), 0);
        ck_assert_int_eq(f->ok, strcmp(f->remedy, "") == 0);
        ck_assert(!strstr(f->detail, "key_"));
        return 0;
}

static struct findings examine(bool network)
{
        struct findings all = {"", ""};
        ck_assert_int_eq(vio_examine(town.v, network, note_finding, &all), 0);
        return all;
}

START_TEST(a_sound_installation_is_found_sound)
{
        struct findings f = examine(false);
        ck_assert_str_eq(f.bad, "");
        ck_assert_str_eq(f.good, "database writing schema zones secrets secrets ");
        ck_assert_int_eq(town.requests, 0);
        f = examine(true);
        ck_assert_str_eq(f.bad, "");
        ck_assert_str_eq(f.good, "database writing schema zones secrets retell secrets retell ");
}
END_TEST

START_TEST(what_is_wrong_is_found)
{
        town.every_request = MISHAP_REFUSED;
        given_setting(bolt, "retell_api_key", NULL);
        struct findings f = examine(true);
        ck_assert_str_eq(f.bad, "retell retell ");
        town.script = (struct script){401, NULL, NULL, "{}"};
        town.every_request = MISHAP_SCRIPTED;
        f = examine(true);
        ck_assert_str_eq(f.bad, "retell retell ");
}
END_TEST

static int stop_at_once(void *data, const struct vio_finding *f)
{
        (void)f;
        ++*(int *)data;
        return 42;
}

START_TEST(an_examination_can_be_ended)
{
        int n = 0;
        ck_assert_int_eq(vio_examine(town.v, true, stop_at_once, &n), 42);
        ck_assert_int_eq(n, 1);
}
END_TEST

START_TEST(a_secret_sealed_by_another_key_is_found_or_refused)
{
        char why[200] = "";
        vio *other = NULL;
        uint8_t wrong[VIO_SECRET_SIZE] = "another secret altogether";
        struct vio_options o = VIO_OPTIONS_INIT;
        o.database = town.database;
        o.secret = wrong;
        o.secret_len = sizeof(wrong);
        o.error = why;
        o.error_size = sizeof(why);
        int r = vio_open(&o, &other);
        ck_assert_int_ne(r, 0);
        ck_assert_ptr_null(other);
        ck_assert_uint_gt(strlen(why), 0);
}
END_TEST

START_TEST(opening_wrongly_is_explained)
{
        char why[200];
        vio *other = NULL;
        uint8_t secret[VIO_SECRET_SIZE] = {1};
        struct vio_options o = VIO_OPTIONS_INIT;
        o.error = why;
        o.error_size = sizeof(why);
        ck_assert_int_eq(vio_open(&o, &other), VIO_E_INVALID);
        ck_assert_ptr_nonnull(strstr(why, "database"));
        o.database = "/nowhere/at/all.db";
        ck_assert_int_eq(vio_open(&o, &other), VIO_E_INVALID);
        ck_assert_ptr_nonnull(strstr(why, "secret"));
        o.secret = secret;
        o.secret_len = sizeof(secret);
        o.create = false;
        ck_assert_int_eq(vio_open(&o, &other), VIO_E_NOTFOUND);
        o.create = true;
        ck_assert_int_eq(vio_open(&o, &other), VIO_E_STORAGE);
        o.readers = 65;
        ck_assert_int_eq(vio_open(&o, &other), VIO_E_INVALID);
        o.readers = 0;
        o.dial_batch = 65;
        ck_assert_int_eq(vio_open(&o, &other), VIO_E_INVALID);
        o.size = 1;
        ck_assert_int_eq(vio_open(&o, &other), VIO_E_INVALID);
        ck_assert_int_eq(vio_open(NULL, &other), VIO_E_INVALID);
        ck_assert_ptr_null(other);
}
END_TEST

START_TEST(filters_are_checked)
{
        struct vio_contact_filter contacts = VIO_CONTACT_FILTER_INIT;
        struct vio_call_filter calls = VIO_CALL_FILTER_INIT;
        struct vio_task_filter tasks = VIO_TASK_FILTER_INIT;
        int n = 0;
        contacts.status = 4;
        calls.limit = 0;
        tasks.limit = 501;
        ck_assert_int_eq(vio_contact_each(acme->handle, &contacts, count_contact, &n),
                         VIO_E_INVALID);
        ck_assert_int_eq(vio_call_each(acme->handle, &calls, count_call, &n), VIO_E_INVALID);
        ck_assert_int_eq(vio_task_each(acme->handle, &tasks, count_task, &n), VIO_E_INVALID);
        ck_assert_int_eq(vio_ready(town.v), 0);
        ck_assert(!vio_is_sandbox(town.v));
        ck_assert_int_eq(vio_now(town.v), town.now);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("tenants");
#define CASE(test) add_fixture_case(s, test, open_town, close_town)
        CASE(looking_for_missing_reminders_is_no_change_of_the_tenant);
        CASE(a_tenant_sees_nothing_of_another);
        CASE(the_same_ids_and_numbers_live_apart);
        CASE(there_is_no_handle_for_a_tenant_that_is_not_there);
        CASE(a_cleared_setting_has_its_default_again);
        CASE(a_secret_is_only_hinted_at);
        CASE(a_setting_that_is_none_is_named);
        CASE(the_table_here_holds_every_setting);
        CASE(a_tenant_is_added_with_all_its_settings_or_not_at_all);
        CASE(configured_means_that_calls_can_be_made);
        CASE(the_right_password_opens_and_nothing_else);
        CASE(a_password_that_fits_two_tenants_needs_the_tenant);
        CASE(two_passwords_tell_two_accounts_of_one_address_apart);
        CASE(a_deactivated_account_is_told_so_only_with_its_password);
        CASE(a_deactivated_account_does_not_stand_in_the_way_of_another);
        CASE(a_token_lasts_a_day_and_not_longer);
        CASE(a_token_that_was_touched_or_is_revoked_is_none);
        CASE(a_token_of_another_secret_is_none);
        CASE(accounts_are_checked_field_by_field);
        CASE(a_super_admin_belongs_to_no_tenant);
        CASE(a_sound_installation_is_found_sound);
        CASE(what_is_wrong_is_found);
        CASE(an_examination_can_be_ended);
        CASE(a_secret_sealed_by_another_key_is_found_or_refused);
        CASE(opening_wrongly_is_explained);
        CASE(filters_are_checked);
#undef CASE
        TCase *rows = tcase_create("rows");
        tcase_add_checked_fixture(rows, open_town, close_town);
        tcase_add_loop_test(rows, each_setting_takes_what_is_right, 0, count_of(settings));
        tcase_add_loop_test(rows, each_setting_refuses_what_is_wrong_and_says_its_name, 0,
                            count_of(settings));
        suite_add_tcase(s, rows);
        return s;
}
