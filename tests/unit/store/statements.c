/* statements.c - every SQL statement of the library, walked as data. */
#include <ctype.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "run.h"
#include "store/q.h"
#include "two_tenants.h"

static struct two_tenants w;
static sqlite3 *db;

static void setup(void)
{
        two_tenants_open(&w);
        ck_assert_int_eq(sqlite3_open(w.path, &db), SQLITE_OK);
}

static void teardown(void)
{
        sqlite3_close(db);
        two_tenants_close(&w);
}

/* The tables, and who may touch them by which authority. The key is the column of the tenant. */
static const struct table {
        const char *name;
        const char *key;
        bool system;       /* may be touched by a statement over all tenants */
        bool one_a_tenant; /* one row a tenant: a walk over all tenants may scan it */
} tables[] = {
    {"tenants", "id", true, true},
    {"tenant_config", "tenant_id", true, true},
    {"tenant_state", "tenant_id", true, true},
    {"installation", NULL, true, false},
    {"users", "tenant_id", true, false},       /* found by address before a tenant is known */
    {"call_routes", "tenant_id", true, false}, /* finds the tenant of a call */
    {"contacts", "tenant_id", false, false},
    {"call_sessions", "tenant_id", false, false},
    {"call_transcripts", "tenant_id", false, false},
    {"attempts", "tenant_id", false, false},
    {"call_tasks", "tenant_id", false, false},
    {"retell_events", "tenant_id", false, false},
    {"day_stats", "tenant_id", false, false},
    {"audit_logs", "tenant_id", false, false},
    {"impersonations", "tenant_id", false, false},
    {"do_not_call", "tenant_id", false, false},
    {"appointment_days", "tenant_id", false, false},
    {"day_parts", "tenant_id", false, false},
    {"summary_runs", "tenant_id", false, false},
    {"mail_blocks", "tenant_id", false, false},
    {"mail_routes", "tenant_id", true, false}, /* finds the tenant of a mail */
    {"mail_events", NULL, true, false},
    {"calendar_hooks", "tenant_id", false, false},
    {"hook_routes", "tenant_id", true, false}, /* finds the tenant of an address */
    {"bookings", "tenant_id", false, false},
    {"calendar_events", "tenant_id", false, false},
    {"calendar_syncs", "tenant_id", false, false},
};

static const struct table *table_named(const char *name)
{
        for (size_t i = 0; i < count_of(tables); i++)
                if (strcmp(tables[i].name, name) == 0)
                        return &tables[i];
        return NULL;
}

/* What SQLite asks leave for while it prepares a statement. */
struct touched {
        bool table[count_of(tables)];    /* read, changed or deleted from */
        bool inserted[count_of(tables)]; /* a new row brings its own tenant */
        bool key[count_of(tables)];      /* its tenant column was read */
        bool other;
};

static int note(void *data, int action, const char *a, const char *b, const char *c, const char *d)
{
        struct touched *t = data;
        (void)c, (void)d;
        if (action != SQLITE_READ && action != SQLITE_UPDATE && action != SQLITE_DELETE &&
            action != SQLITE_INSERT)
                return SQLITE_OK;
        const struct table *table = table_named(a);
        if (!table) {
                t->other = true;
                return SQLITE_OK;
        }
        size_t i = (size_t)(table - tables);
        if (action == SQLITE_INSERT)
                t->inserted[i] = true;
        else
                t->table[i] = true;
        if (action == SQLITE_READ && table->key && strcmp(b, table->key) == 0)
                t->key[i] = true;
        return SQLITE_OK;
}

static char report[1000];

#define DEFECT(...) (snprintf(report, sizeof(report), __VA_ARGS__), report)

static const char *defect_of_touching(const struct sql *sql, const struct touched *t)
{
        for (size_t i = 0; i < count_of(tables); i++) {
                if (!t->table[i] && !t->inserted[i])
                        continue;
                if (!sql->tenant && !tables[i].system)
                        return DEFECT("touches %s with authority over all", tables[i].name);
                if (sql->tenant && !tables[i].key)
                        return DEFECT("touches %s, which is no tenant's", tables[i].name);
                if (sql->tenant && !t->inserted[i] && !t->key[i])
                        return DEFECT("does not look at the tenant in %s", tables[i].name);
        }
        return t->other ? DEFECT("touches an unknown table") : NULL;
}

/* Its ids are the installation's: a look-up by one finds a row, and then checks the tenant. */
static const char *const own_id = "SEARCH retell_events USING INTEGER PRIMARY KEY (rowid=?)";

/* Partial indexes that hold only what is open or due: these may be walked whole. */
static const char *const short_indexes[] = {"attempts_one_dial",      "attempts_due",
                                            "call_tasks_due",         "call_sessions_poll",
                                            "call_sessions_deadline", "summary_runs_due"};

/* Statements that may walk through a tenant's rows. */
static const char *const walkers[] = {
    "audit.c:sql_chain",          /* verifies them all */
    "days.c:sql_recount",         /* counts them all, to check the kept count */
    "days.c:sql_recount_parts",   /* likewise */
    "contact_list.c:sql_updated", /* an index would be written with every call */
    "contact_list.c:sql_updated_down",
    "users.c:sql_each",          /* the few accounts of a tenant */
    "users.c:sql_another_admin", /* likewise */
};

static bool may_walk(const struct sql *sql, const char *step)
{
        for (size_t i = 0; i < count_of(short_indexes); i++)
                if (strstr(step, short_indexes[i]))
                        return true;
        const char *file = strrchr(sql->name, '/');
        for (size_t i = 0; file && i < count_of(walkers); i++)
                if (strcmp(file + 1, walkers[i]) == 0)
                        return true;
        return false;
}

/* One line of the plan, such as "SEARCH s USING INDEX x (tenant_id=? AND day>?)". */
static const char *defect_of_step(const struct sql *sql, const char *step)
{
        bool search = strncmp(step, "SEARCH ", 7) == 0;
        if (!search && strncmp(step, "SCAN ", 5) != 0)
                return NULL;
        char name[80];
        sscanf(step + (search ? 7 : 5), "%79[^ ]", name);
        const struct table *table = table_named(name);
        if (strcmp(name, "due") == 0) /* the statement's own list of four minima */
                return NULL;
        if (!search) {
                bool all = !sql->tenant && table && table->one_a_tenant;
                return all ? NULL : DEFECT("scans: %s", step);
        }
        if (!sql->tenant || strcmp(step, own_id) == 0)
                return NULL;
        /* Where the tenant is the whole key, it is the rowid of the table. */
        const char *want = table && table->one_a_tenant ? "(rowid=?)" : "(tenant_id=?";
        /* Accounts are numbered over all tenants; their tenant is looked at all the same. */
        bool by_id = strcmp(name, "users") == 0 && strstr(step, "(rowid=?)");
        if (!strstr(step, want) && !by_id)
                return DEFECT("does not search by tenant: %s", step);
        bool whole = strstr(step, "(tenant_id=?)") != NULL;
        return whole && !may_walk(sql, step) ? DEFECT("walks a tenant's history: %s", step) : NULL;
}

static const char *defect_of_plan(const struct sql *sql)
{
        char text[8000];
        sqlite3_stmt *plan;
        const char *defect = NULL;
        snprintf(text, sizeof(text), "EXPLAIN QUERY PLAN %s", sql->text);
        if (sqlite3_prepare_v2(db, text, -1, &plan, NULL) != SQLITE_OK)
                return DEFECT("has no plan: %s", sqlite3_errmsg(db));
        while (!defect && sqlite3_step(plan) == SQLITE_ROW)
                defect = defect_of_step(sql, (const char *)sqlite3_column_text(plan, 3));
        sqlite3_finalize(plan);
        return defect;
}

/* Only ?1 may be compared with a tenant. */
static const char *defect_of_text(const struct sql *sql)
{
        for (const char *at = sql->text; sql->tenant && (at = strstr(at, "tenant_id = ")); at += 12)
                if (at[12] != '?' || at[13] != '1' || isdigit((unsigned char)at[14]))
                        return DEFECT("compares the tenant with something else: %s", at);
        return NULL;
}

static const char *defect_of_parameters(const struct sql *sql, sqlite3_stmt *stmt)
{
        for (int i = 1; i <= sqlite3_bind_parameter_count(stmt); i++)
                if (!sqlite3_bind_parameter_name(stmt, i))
                        return DEFECT("parameter %d has no number", i);
        if (sql->tenant && sqlite3_bind_parameter_count(stmt) < 1)
                return DEFECT("does not mention ?1");
        return NULL;
}

/* NULL when nothing is wrong with it. */
static const char *defect(const struct sql *sql)
{
        struct touched t = {0};
        sqlite3_stmt *stmt = NULL;
        const char *found = NULL;
        sqlite3_set_authorizer(db, note, &t);
        if (sqlite3_prepare_v2(db, sql->text, -1, &stmt, NULL) != SQLITE_OK)
                found = DEFECT("does not parse: %s", sqlite3_errmsg(db));
        sqlite3_set_authorizer(db, NULL, NULL);
        if (!found)
                found = defect_of_parameters(sql, stmt);
        if (!found)
                found = defect_of_touching(sql, &t);
        if (!found)
                found = defect_of_text(sql);
        if (!found)
                found = defect_of_plan(sql);
        sqlite3_finalize(stmt);
        return found;
}

static int must_be_sound(void *data, const struct sql *sql)
{
        const char *found = defect(sql);
        ck_assert_msg(!found, "%s %s\n%s", sql->name, found, sql->text);
        ++*(size_t *)data;
        return 0;
}

START_TEST(every_statement_parses_and_keeps_to_its_tenant)
{
        size_t n = 0;
        ck_assert_int_eq(q_sql_each(must_be_sound, &n), 0);
        ck_assert_uint_ge(n, 100);
}
END_TEST

/* Takes one filter out of a statement; every such mutant must be noticed. */
static void must_notice_its_loss(const struct sql *sql, const char *filter, size_t *count)
{
        char text[8000];
        for (const char *at = sql->text; (at = strstr(at, filter)); at++) {
                /* "a.tenant_id = ?1" loses its alias too. */
                const char *from = at > sql->text && at[-1] == '.' ? at - 2 : at;
                if (from == at && at > sql->text && at[-1] != ' ')
                        continue;
                snprintf(text, sizeof(text), "%.*s?1 = ?1%s", (int)(from - sql->text), sql->text,
                         at + strlen(filter));
                struct sql mutant = {sql->name, text, true};
                ck_assert_msg(defect(&mutant), "%s could lose its filter unnoticed:\n%s", sql->name,
                              text);
                ++*count;
        }
}

static int must_need_its_filters(void *data, const struct sql *sql)
{
        if (sql->tenant)
                must_notice_its_loss(sql, "tenant_id = ?1", data);
        return 0;
}

START_TEST(a_filter_taken_out_of_any_statement_is_noticed)
{
        size_t n = 0;
        ck_assert_int_eq(q_sql_each(must_need_its_filters, &n), 0);
        ck_assert_uint_ge(n, 50);
}
END_TEST

/* Statements that would be right but slow by another way, and the index that must lead them. */
static const struct {
        const char *name;
        const char *index;
} led[] = {
    {"audit.c:sql_page_of_user", "audit_logs_user (tenant_id=? AND user_id=? AND id<?)"},
    {"audit.c:sql_page_of_contact", "audit_logs_contact (tenant_id=? AND contact_id=? AND id<?)"},
    {"health.c:sql_health", "call_tasks_due (tenant_id=? AND scheduled_for<?)"},
};

static int must_be_led(void *data, const struct sql *sql)
{
        size_t *found = data;
        const char *file = strrchr(sql->name, '/');
        for (size_t i = 0; file && i < count_of(led); i++) {
                char text[8000];
                sqlite3_stmt *plan;
                bool by_index = false;
                if (strcmp(file + 1, led[i].name) != 0)
                        continue;
                snprintf(text, sizeof(text), "EXPLAIN QUERY PLAN %s", sql->text);
                ck_assert_int_eq(sqlite3_prepare_v2(db, text, -1, &plan, NULL), SQLITE_OK);
                while (sqlite3_step(plan) == SQLITE_ROW)
                        by_index |= strstr((const char *)sqlite3_column_text(plan, 3),
                                           led[i].index) != NULL;
                sqlite3_finalize(plan);
                ck_assert_msg(by_index, "%s goes another way", sql->name);
                ++*found;
        }
        return 0;
}

START_TEST(what_has_an_index_of_its_own_goes_by_it)
{
        size_t found = 0;
        ck_assert_int_eq(q_sql_each(must_be_led, &found), 0);
        ck_assert_uint_eq(found, count_of(led));
}
END_TEST

/* How often an instruction stands in the program that SQLite makes of a statement. */
static int count_instructions(const struct sql *sql, const char *name)
{
        char text[8000];
        sqlite3_stmt *program;
        int n = 0;
        snprintf(text, sizeof(text), "EXPLAIN %s", sql->text);
        ck_assert_int_eq(sqlite3_prepare_v2(db, text, -1, &program, NULL), SQLITE_OK);
        while (sqlite3_step(program) == SQLITE_ROW)
                n += strcmp((const char *)sqlite3_column_text(program, 1), name) == 0;
        sqlite3_finalize(program);
        return n;
}

/* An IN over three words or more, in the statement or in a CHECK, and RETURNING cost one each. */
static int must_build_no_table(void *data, const struct sql *sql)
{
        if (strncmp(sql->text, "SELECT", 6) == 0 || strstr(sql->text, " RETURNING "))
                return 0;
        ck_assert_msg(count_instructions(sql, "OpenEphemeral") == 0, "%s builds a table:\n%s",
                      sql->name, sql->text);
        ++*(size_t *)data;
        return 0;
}

START_TEST(no_write_builds_a_table_for_itself)
{
        static const struct sql in = {"in", "UPDATE contacts SET name = ?1 WHERE id IN (1, 2, 3)",
                                      false};
        size_t n = 0;
        ck_assert_int_eq(q_sql_each(must_build_no_table, &n), 0);
        ck_assert_uint_ge(n, 40);
        ck_assert_int_eq(count_instructions(&in, "OpenEphemeral"), 1);
}
END_TEST

static int must_leave_indexes_alone(void *data, const struct sql *sql)
{
        if (!strstr(sql->name, ":sql_save_record"))
                return 0;
        ck_assert_msg(count_instructions(sql, "IdxDelete") == 0, "%s writes an index:\n%s",
                      sql->name, sql->text);
        ++*(size_t *)data;
        return 0;
}

START_TEST(a_save_of_a_record_writes_no_index)
{
        size_t n = 0;
        ck_assert_int_eq(q_sql_each(must_leave_indexes_alone, &n), 0);
        ck_assert_uint_eq(n, 2);
}
END_TEST

static const struct sql bad[] = {
    {"no filter", "SELECT name FROM contacts WHERE id = ?2 AND ?1 = ?1", true},
    {"no ?1", "SELECT name FROM contacts WHERE tenant_id = 1", true},
    {"no such column", "SELECT surname FROM contacts WHERE tenant_id = ?1", true},
    {"the second table without one",
     "SELECT s.id FROM call_sessions s JOIN contacts c ON c.id = s.contact_id"
     " WHERE s.tenant_id = ?1",
     true},
    {"a filter that can be got around", "SELECT id FROM contacts WHERE tenant_id = ?1 OR id = ?2",
     true},
    {"a tenant of the caller's choice", "SELECT id FROM contacts WHERE tenant_id = ?2 AND id = ?1",
     true},
    {"a write without one", "UPDATE contacts SET name = ?2 WHERE id = ?1", true},
    {"a deletion without one", "DELETE FROM attempts WHERE call_id = ?2 AND ?1 = ?1", true},
    {"a bare parameter", "SELECT id FROM contacts WHERE tenant_id = ?", true},
    {"over all", "SELECT count(*) FROM contacts WHERE ?1 = ?1", false},
    {"over all, by key", "SELECT name FROM contacts WHERE tenant_id = ?1 AND id = ?2", false},
    {"a scan of accounts", "SELECT id FROM users WHERE full_name = ?1", false},
    {"the installation by a tenant", "SELECT audit_seq FROM installation WHERE one = ?1", true},
    {"a walk through history", "SELECT id FROM call_sessions WHERE tenant_id = ?1 AND day = ?2",
     true},
    {"an event by its id alone", "SELECT payload FROM retell_events WHERE id = ?2 AND ?1 = ?1",
     true},
    {"an unknown table", "SELECT name FROM sqlite_schema WHERE name = ?1", false},
};

START_TEST(a_bad_statement_is_reported)
{
        ck_assert_msg(defect(&bad[_i]), "%s: not reported", bad[_i].name);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("statements");
        add_fixture_case(s, every_statement_parses_and_keeps_to_its_tenant, setup, teardown);
        add_fixture_case(s, a_filter_taken_out_of_any_statement_is_noticed, setup, teardown);
        add_fixture_case(s, no_write_builds_a_table_for_itself, setup, teardown);
        add_fixture_case(s, a_save_of_a_record_writes_no_index, setup, teardown);
        add_fixture_case(s, what_has_an_index_of_its_own_goes_by_it, setup, teardown);
        TCase *tc = tcase_create("bad");
        tcase_add_checked_fixture(tc, setup, teardown);
        tcase_add_loop_test(tc, a_bad_statement_is_reported, 0, (int)count_of(bad));
        suite_add_tcase(s, tc);
        return s;
}
