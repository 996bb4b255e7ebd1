/* migration.c - making a database, recognising one, and bringing an old one up to date. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run.h"
#include "store/migrate.h"
#include "two_tenants.h"

static struct two_tenants w;

static void setup(void)
{
        two_tenants_folder(&w);
}

static void teardown(void)
{
        two_tenants_close(&w);
}

static int open_it(struct fault *f)
{
        struct store_options o = two_tenants_options(&w);
        return store_open(&o, &w.store, f);
}

START_TEST(a_new_file_is_made_for_its_owner_alone)
{
        struct stat st;
        struct fault f;
        umask(0);
        ck_assert_msg(open_it(&f) == 0, "%s", f.text);
        ck_assert_int_eq(stat(w.path, &st), 0);
        ck_assert_int_eq(st.st_mode & 0777, 0600);
        ck_assert_int_eq(number_of(w.path, "PRAGMA application_id"), STORE_APPLICATION_ID);
        ck_assert_int_eq(number_of(w.path, "PRAGMA user_version"), (int64_t)migrations.count);
}
END_TEST

START_TEST(an_empty_file_is_as_good_as_none)
{
        struct fault f;
        fclose(fopen(w.path, "w"));
        ck_assert_msg(open_it(&f) == 0, "%s", f.text);
}
END_TEST

START_TEST(a_missing_file_is_not_made_unasked)
{
        struct store_options o = two_tenants_options(&w);
        struct fault f;
        o.create = false;
        ck_assert_int_eq(store_open(&o, &w.store, &f), VIO_E_NOTFOUND);
        ck_assert_int_eq(access(w.path, F_OK), -1);
}
END_TEST

START_TEST(a_file_that_cannot_be_made_is_a_failure_of_storage)
{
        struct store_options o = two_tenants_options(&w);
        struct fault f;
        o.path = "/nowhere/at/all/vio.db";
        ck_assert_int_eq(store_open(&o, &w.store, &f), VIO_E_STORAGE);
        ck_assert_ptr_nonnull(strstr(f.text, "/nowhere/at/all/vio.db"));
}
END_TEST

START_TEST(the_options_must_make_sense)
{
        struct store_options o = two_tenants_options(&w);
        o.path = ":memory:";
        ck_assert_int_eq(store_open(&o, &w.store, NULL), VIO_E_INVALID);
        o.path = "";
        ck_assert_int_eq(store_open(&o, &w.store, NULL), VIO_E_INVALID);
        o = two_tenants_options(&w);
        o.readers = 0;
        ck_assert_int_eq(store_open(&o, &w.store, NULL), VIO_E_INVALID);
        o = two_tenants_options(&w);
        o.secret = NULL;
        ck_assert_int_eq(store_open(&o, &w.store, NULL), VIO_E_INVALID);
}
END_TEST

START_TEST(a_newer_database_is_refused)
{
        struct fault f;
        ck_assert_int_eq(open_it(&f), 0);
        w.store = store_close(w.store);
        tamper(w.path, "PRAGMA user_version = 99");
        ck_assert_int_eq(open_it(&f), VIO_E_SCHEMA);
        ck_assert_ptr_nonnull(strstr(f.text, "99"));
        ck_assert_int_eq(number_of(w.path, "PRAGMA user_version"), 99);
}
END_TEST

static char *bytes_of(const char *path, size_t *ret_len)
{
        char *bytes = malloc(1 << 20);
        FILE *f = fopen(path, "rb");
        ck_assert_ptr_nonnull(f);
        *ret_len = fread(bytes, 1, 1 << 20, f);
        fclose(f);
        return bytes;
}

/* Files that are somebody else's: refused, and not touched. */
static const char *const foreign[] = {
    "CREATE TABLE bookmarks (url TEXT)",
    "PRAGMA application_id = 77",
    "PRAGMA user_version = 1",
    "CREATE TABLE contacts (id); PRAGMA application_id = 1",
};

START_TEST(a_foreign_database_is_refused_and_left_alone)
{
        struct fault f;
        size_t before, after;
        tamper(w.path, foreign[_i]);
        char *was = bytes_of(w.path, &before);
        ck_assert_int_eq(open_it(&f), VIO_E_SCHEMA);
        ck_assert_ptr_nonnull(strstr(f.text, "is not a VioConcierge database"));
        char *is = bytes_of(w.path, &after);
        ck_assert_uint_eq(before, after);
        ck_assert_int_eq(memcmp(was, is, after), 0);
        free(was);
        free(is);
}
END_TEST

START_TEST(a_file_that_is_no_database_is_refused)
{
        struct fault f;
        FILE *file = fopen(w.path, "w");
        for (int i = 0; i < 200; i++)
                fputs("this is a letter, not a database\n", file);
        fclose(file);
        ck_assert_int_eq(open_it(&f), VIO_E_STORAGE);
        ck_assert_ptr_null(strstr(f.text, "PRAGMA"));
}
END_TEST

enum { OPENERS = 6, ROUNDS = 5 };

/* A process that opens the file as soon as @start is closed. */
static pid_t opener(int start[2])
{
        pid_t child = fork();
        if (child == 0) {
                char byte;
                struct fault f;
                close(start[1]);
                if (read(start[0], &byte, 1) != 0)
                        _exit(2);
                int r = open_it(&f);
                if (r)
                        fprintf(stderr, "%s\n", f.text);
                _exit(r ? 1 : 0);
        }
        return child;
}

START_TEST(openers_at_once_all_succeed)
{
        for (int round = 0; round < ROUNDS; round++) {
                pid_t children[OPENERS];
                int start[2], status;
                ck_assert_int_eq(pipe(start), 0);
                for (int i = 0; i < OPENERS; i++)
                        children[i] = opener(start);
                close(start[0]);
                close(start[1]);
                for (int i = 0; i < OPENERS; i++) {
                        waitpid(children[i], &status, 0);
                        ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
                }
                ck_assert_int_eq(number_of(w.path, "SELECT count(*) FROM installation"), 1);
                two_tenants_close(&w);
                two_tenants_folder(&w);
        }
}
END_TEST

static int apply(const struct migrations *m, struct fault *f)
{
        struct desk d = {0};
        static const struct random_source kernel;
        ck_assert_int_eq(vault_init(&d.vault, w.secret, &kernel), 0);
        ck_assert_int_eq(db_open(w.path, DB_WRITES, &d.db, f), 0);
        struct system_tx tx = {.db = d.db, .vault = &d.vault, .fault = f, .writes = true};
        int r = migrate(&tx, w.path, m);
        db_close(d.db);
        return r;
}

/* A further step, as a later release would bring it. */
static int upgrade(const char *next_step, struct fault *f)
{
        const char *scripts[16];
        ck_assert_int_lt(migrations.count, count_of(scripts));
        memcpy(scripts, migrations.scripts, (size_t)migrations.count * sizeof(*scripts));
        scripts[migrations.count] = next_step;
        const struct migrations longer = {scripts, migrations.count + 1};
        return apply(&longer, f);
}

START_TEST(appointments_from_before_they_were_counted_are_counted)
{
        struct fault f;
        const struct migrations first = {migrations.scripts, 1};
        close(creat(w.path, 0600));
        ck_assert_msg(apply(&first, &f) == 0, "%s", f.text);
        tamper(w.path,
               "INSERT INTO tenants (id, name, created_at) VALUES (1, 'Acme', 1), (2, 'Bolt', 1);"
               "INSERT INTO contacts (tenant_id, id, name, appointment_date, appointment_status,"
               " created_at, updated_at) VALUES (1, 1, 'a', '2026-01-02', 'pending', 1, 1),"
               " (1, 2, 'b', '2026-01-02', 'confirmed', 1, 1),"
               " (1, 3, 'c', '2026-01-02', 'cancelled', 1, 1), (1, 4, 'd', NULL, 'pending', 1, 1),"
               " (2, 1, 'a', '2026-01-02', 'pending', 1, 1)");
        ck_assert_msg(apply(&migrations, &f) == 0, "%s", f.text);
        ck_assert_int_eq(number_of(w.path, "SELECT count(*) FROM appointment_days"), 2);
        ck_assert_int_eq(number_of(w.path, "SELECT appointments FROM appointment_days"
                                           " WHERE tenant_id = 1 AND day = '2026-01-02'"),
                         2);
        ck_assert_int_eq(number_of(w.path, "SELECT appointments FROM appointment_days"
                                           " WHERE tenant_id = 2 AND day = '2026-01-02'"),
                         1);
}
END_TEST

START_TEST(an_old_database_is_copied_and_then_brought_up_to_date)
{
        struct fault f;
        struct stat st;
        char copy[120];
        snprintf(copy, sizeof(copy), "%s.before-%d", w.path, (int)migrations.count + 1);
        two_tenants_close(&w);
        two_tenants_open(&w);
        snprintf(copy, sizeof(copy), "%s.before-%d", w.path, (int)migrations.count + 1);
        ck_assert_msg(upgrade("CREATE TABLE extra (a INTEGER) STRICT", &f) == 0, "%s", f.text);
        ck_assert_int_eq(number_of(w.path, "PRAGMA user_version"), (int64_t)migrations.count + 1);
        ck_assert_int_eq(number_of(w.path, "SELECT count(*) FROM extra"), 0);
        ck_assert_int_eq(number_of(copy, "PRAGMA user_version"), (int64_t)migrations.count);
        ck_assert_int_eq(number_of(copy, "SELECT count(*) FROM contacts"), 2);
        ck_assert_int_eq(number_of(copy, "SELECT count(*) FROM sqlite_schema"
                                         " WHERE name = 'extra'"),
                         0);
        ck_assert_int_eq(stat(copy, &st), 0);
        ck_assert_int_eq(st.st_mode & 0777, 0600);
        /* Once is enough. */
        unlink(copy);
        ck_assert_int_eq(upgrade("not looked at", &f), 0);
        ck_assert_int_eq(access(copy, F_OK), -1);
}
END_TEST

START_TEST(a_step_that_fails_leaves_the_database_as_it_was)
{
        struct fault f;
        two_tenants_close(&w);
        two_tenants_open(&w);
        ck_assert_int_lt(
            upgrade("CREATE TABLE extra (a INTEGER) STRICT; CREATE TABLE extra (b);", &f), 0);
        ck_assert_int_eq(number_of(w.path, "PRAGMA user_version"), (int64_t)migrations.count);
        ck_assert_int_eq(number_of(w.path, "SELECT count(*) FROM sqlite_schema"
                                           " WHERE name = 'extra'"),
                         0);
        ck_assert_int_eq(upgrade("CREATE TABLE extra (a INTEGER) STRICT", &f), 0);
}
END_TEST

START_TEST(an_old_database_is_not_changed_with_the_wrong_secret)
{
        struct fault f;
        char copy[120];
        two_tenants_close(&w);
        two_tenants_open(&w);
        snprintf(copy, sizeof(copy), "%s.before-%d", w.path, (int)migrations.count + 1);
        w.secret[0] ^= 1;
        ck_assert_int_eq(upgrade("CREATE TABLE extra (a INTEGER) STRICT", &f), VIO_E_INVALID);
        ck_assert_int_eq(number_of(w.path, "PRAGMA user_version"), (int64_t)migrations.count);
        ck_assert_int_eq(access(copy, F_OK), -1);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("migration");
        add_fixture_case(s, a_new_file_is_made_for_its_owner_alone, setup, teardown);
        add_fixture_case(s, an_empty_file_is_as_good_as_none, setup, teardown);
        add_fixture_case(s, a_missing_file_is_not_made_unasked, setup, teardown);
        add_fixture_case(s, a_file_that_cannot_be_made_is_a_failure_of_storage, setup, teardown);
        add_fixture_case(s, the_options_must_make_sense, setup, teardown);
        add_fixture_case(s, a_newer_database_is_refused, setup, teardown);
        add_fixture_case(s, a_file_that_is_no_database_is_refused, setup, teardown);
        add_fixture_case(s, openers_at_once_all_succeed, setup, teardown);
        add_fixture_case(s, appointments_from_before_they_were_counted_are_counted, setup,
                         teardown);
        add_fixture_case(s, an_old_database_is_copied_and_then_brought_up_to_date, setup, teardown);
        add_fixture_case(s, a_step_that_fails_leaves_the_database_as_it_was, setup, teardown);
        add_fixture_case(s, an_old_database_is_not_changed_with_the_wrong_secret, setup, teardown);
        TCase *tc = tcase_create("foreign");
        tcase_add_checked_fixture(tc, setup, teardown);
        tcase_add_loop_test(tc, a_foreign_database_is_refused_and_left_alone, 0,
                            (int)count_of(foreign));
        suite_add_tcase(s, tc);
        return s;
}
