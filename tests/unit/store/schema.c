/* schema.c - the tables: what must be in them, and that no row can leave its tenant. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "run.h"
#include "two_tenants.h"

static struct two_tenants w;
static sqlite3 *db;

static void setup(void)
{
        two_tenants_open(&w);
        ck_assert_int_eq(sqlite3_open(w.path, &db), SQLITE_OK);
        sqlite3_exec(db, "PRAGMA foreign_keys = 1", NULL, NULL, NULL);
}

static void teardown(void)
{
        sqlite3_close(db);
        two_tenants_close(&w);
}

/* Every column of the original system's documentation, under its name in snake_case. */
static const struct {
        const char *table;
        const char *columns;
} documented[] = {
    {"users", "id, email, password, full_name, role, tenant_id, is_active, created_at"},
    {"tenants", "id, name, retell_api_key, retell_agent_id, retell_webhook_secret, calendar_type,"
                " cal_com_api_key, calendly_token, business_template, daily_summary_enabled,"
                " daily_summary_recipient_email, daily_summary_recipient_name, daily_summary_time,"
                " daily_summary_timezone, daily_summary_days, last_daily_summary_sent_at"},
    {"contacts", "id, tenant_id, name, phone, appointment_date, appointment_time,"
                 " appointment_status, appointment_type, last_call_outcome, call_attempts,"
                 " special_instructions"},
    {"call_sessions_full", "id, tenant_id, contact_id, retell_call_id, status, outcome, call_type,"
                           " created_at, ended_at, duration, recording_url, transcript,"
                           " poll_attempts, next_poll_at, webhook_verified, source_of_truth,"
                           " payload_webhook_last, payload_poll_last"},
    {"call_tasks", "id, tenant_id, contact_id, task_type, status, scheduled_for, retell_call_id,"
                   " last_attempt_at, attempts, created_at"},
    {"retell_events", "id, tenant_id, call_id, event_type, digest, payload, processed_at,"
                      " created_at"},
    {"tenant_config", "id, tenant_id, business_type, business_hours,"
                      " public_transport_instructions, parking_instructions, arrival_notes,"
                      " voice_agent_prompt, features"},
    {"audit_logs", "user_id, tenant_id, action, ip_address, created_at"},
    /* What the real services need besides. */
    {"contacts", "email, time_zone"},
    {"tenants", "time_zone, retell_phone_number"},
};

START_TEST(every_documented_column_is_there)
{
        char sql[600];
        for (size_t i = 0; i < count_of(documented); i++) {
                snprintf(sql, sizeof(sql), "SELECT %s FROM %s", documented[i].columns,
                         documented[i].table);
                ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s",
                              documented[i].table, sqlite3_errmsg(db));
        }
}
END_TEST

START_TEST(the_full_view_joins_what_is_kept_apart)
{
        tamper(w.path,
               "INSERT INTO call_transcripts VALUES (1, (SELECT min(id) FROM call_sessions),"
               " 'hello')");
        tamper(w.path, "INSERT INTO retell_events (tenant_id, call_id, event_type, digest, payload,"
                       " created_at) VALUES (1, 'call_1', 'call_ended', 'd', '{\"a\":1}', 1)");
        tamper(w.path, "UPDATE call_sessions SET payload_webhook_last = 1");
        ck_assert_int_eq(number_of(w.path, "SELECT count(*) FROM call_sessions_full"), 2);
        ck_assert_int_eq(number_of(w.path, "SELECT count(*) FROM call_sessions_full"
                                           " WHERE tenant_id = 1 AND transcript = 'hello'"
                                           " AND webhook_payload = '{\"a\":1}' AND poll_payload IS"
                                           " NULL AND dial_state = 'dialing' AND is_open = 1"),
                         1);
        /* The event is the first tenant's: the other's session may name it and still not see it. */
        ck_assert_int_eq(number_of(w.path, "SELECT count(*) FROM call_sessions_full"
                                           " WHERE tenant_id = 2 AND transcript IS NULL"
                                           " AND webhook_payload IS NULL"),
                         1);
}
END_TEST

/* Indexes of tenant tables that may begin with something else, and why. */
static const char *const reviewed[] = {
    "users_login",                    /* accounts are found by address before a tenant is known */
    "users_operator",                 /* likewise; these have no tenant */
    "tenant_state_due",               /* over all tenants: whose turn is next */
    "sqlite_autoindex_call_routes_1", /* finds the tenant of a call id */
    "sqlite_autoindex_mail_routes_1", /* finds the tenant of a mail */
    "sqlite_autoindex_hook_routes_1", /* finds the tenant of an address */
};

static bool is_reviewed(const char *index)
{
        for (size_t i = 0; i < count_of(reviewed); i++)
                if (strcmp(reviewed[i], index) == 0)
                        return true;
        return false;
}

START_TEST(every_index_of_a_tenants_table_begins_with_the_tenant)
{
        sqlite3_stmt *q;
        size_t seen = 0, excused = 0;
        /* pragma_index_list tells primary keys too, but for those that are the rowid itself. */
        ck_assert_int_eq(
            sqlite3_prepare_v2(db,
                               "SELECT t.name, l.name, c.name FROM pragma_table_list t"
                               " JOIN pragma_table_info(t.name) k ON k.name = 'tenant_id'"
                               " JOIN pragma_index_list(t.name) l"
                               " JOIN pragma_index_info(l.name) c ON c.seqno = 0"
                               " WHERE t.type = 'table'",
                               -1, &q, NULL),
            SQLITE_OK);
        while (sqlite3_step(q) == SQLITE_ROW) {
                const char *table = (const char *)sqlite3_column_text(q, 0);
                const char *index = (const char *)sqlite3_column_text(q, 1);
                const char *first = (const char *)sqlite3_column_text(q, 2);
                bool excuse = is_reviewed(index);
                ck_assert_msg(excuse || strcmp(first, "tenant_id") == 0, "%s of %s begins with %s",
                              index, table, first);
                excused += excuse;
                seen++;
        }
        sqlite3_finalize(q);
        ck_assert_uint_ge(seen, 20);
        ck_assert_uint_eq(excused, count_of(reviewed));
}
END_TEST

START_TEST(every_primary_key_of_a_tenants_table_begins_with_the_tenant)
{
        /* users: found by their own id in a token. retell_events: the id is the order of arrival.
         * call_routes, mail_routes, hook_routes: find the tenant. */
        ck_assert_int_eq(number_of(w.path,
                                   "SELECT count(*) FROM pragma_table_list t"
                                   " JOIN pragma_table_info(t.name) k ON k.name = 'tenant_id'"
                                   " WHERE t.type = 'table' AND k.pk <> 1"
                                   " AND t.name NOT IN ('users', 'retell_events', 'call_routes',"
                                   " 'mail_routes', 'hook_routes')"),
                         0);
}
END_TEST

START_TEST(every_table_is_strict)
{
        ck_assert_int_eq(number_of(w.path, "SELECT count(*) FROM pragma_table_list WHERE type ="
                                           " 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'"),
                         0);
        ck_assert_int_ge(number_of(w.path, "SELECT count(*) FROM pragma_table_list WHERE strict"),
                         14);
}
END_TEST

/* Each of these would tie a row of one tenant to one of another. */
static const char *const crossings[] = {
    "INSERT INTO contacts (tenant_id, id, name, created_at, updated_at) VALUES (1, 7, 'x', 1, 1);"
    "UPDATE call_sessions SET contact_id = 7 WHERE tenant_id = 2",
    "INSERT INTO contacts (tenant_id, id, name, created_at, updated_at) VALUES (1, 7, 'x', 1, 1);"
    "UPDATE call_tasks SET contact_id = 7 WHERE tenant_id = 2",
    "INSERT INTO call_transcripts VALUES (2, 'only-in-one', 'x')",
    "UPDATE attempts SET tenant_id = 3 WHERE tenant_id = 2",
    "INSERT INTO retell_events (tenant_id, call_id, event_type, digest, payload, created_at)"
    " VALUES (3, 'a', 'b', 'c', '', 1)",
};

START_TEST(no_row_can_point_into_another_tenant)
{
        sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
        sqlite3_exec(db, "SAVEPOINT s", NULL, NULL, NULL);
        ck_assert_int_eq(sqlite3_exec(db, crossings[_i], NULL, NULL, NULL), SQLITE_CONSTRAINT);
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
}
END_TEST

static int add_user(const char *tenant, const char *role)
{
        char sql[200];
        snprintf(sql, sizeof(sql),
                 "INSERT INTO users (tenant_id, email, password, full_name, role, created_at)"
                 " VALUES (%s, 'a@b', '', '', '%s', 1)",
                 tenant, role);
        return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

START_TEST(an_operator_has_no_tenant_and_everybody_else_has_one)
{
        ck_assert_int_eq(add_user("1", "super_admin"), SQLITE_CONSTRAINT);
        ck_assert_int_eq(add_user("NULL", "client_admin"), SQLITE_CONSTRAINT);
        ck_assert_int_eq(add_user("NULL", "super_admin"), SQLITE_OK);
        ck_assert_int_eq(add_user("NULL", "super_admin"), SQLITE_CONSTRAINT);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("schema");
        add_fixture_case(s, every_documented_column_is_there, setup, teardown);
        add_fixture_case(s, the_full_view_joins_what_is_kept_apart, setup, teardown);
        add_fixture_case(s, every_index_of_a_tenants_table_begins_with_the_tenant, setup, teardown);
        add_fixture_case(s, every_primary_key_of_a_tenants_table_begins_with_the_tenant, setup,
                         teardown);
        add_fixture_case(s, every_table_is_strict, setup, teardown);
        add_fixture_case(s, an_operator_has_no_tenant_and_everybody_else_has_one, setup, teardown);
        TCase *tc = tcase_create("crossings");
        tcase_add_checked_fixture(tc, setup, teardown);
        tcase_add_loop_test(tc, no_row_can_point_into_another_tenant, 0, (int)count_of(crossings));
        suite_add_tcase(s, tc);
        return s;
}
