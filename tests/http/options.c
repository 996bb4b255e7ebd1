/* options.c - where options come from, which is stronger, and what a wrong one says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "house.h"

#define MANY 8192

/* A run that must end with status 2 and one line that holds @words. */
static void expect_wrong(const char *const *args, const char *const *env, const char *words)
{
        char out[MANY];
        int status = house_run(args, env, out, sizeof(out));
        ck_assert_msg(status == 2, "%d: %s", status, out);
        ck_assert_msg(strstr(out, words), "%s", out);
        ck_assert_ptr_eq(strchr(out, '\n'), out + strlen(out) - 1);
        ck_assert_int_eq(strncmp(out, "vio-httpd: ", 11), 0);
}

#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NONE      ((const char *const[]){NULL})

START_TEST(a_wrong_flag_is_named_with_what_would_be_right)
{
        static const struct {
                const char *flag;
                const char *value;
                const char *words;
        } rows[] = {
            {"--listen", "nonsense", "--listen: \"nonsense\" is not ADDR:PORT"},
            {"--listen", "localhost:80", "--listen: \"localhost:80\" is not ADDR:PORT"},
            {"--listen", "127.0.0.1:99999", "--listen:"},
            {"--listen", "", "--listen:"},
            {"--metrics-listen", "nonsense", "--metrics-listen: \"nonsense\" is not ADDR:PORT"},
            {"--threads", "0", "--threads: \"0\" is not a whole number from 2"},
            {"--threads", "many", "--threads: \"many\" is not"},
            {"--sandbox-speed", "-3", "--sandbox-speed:"},
            {"--sandbox-port", "70000", "--sandbox-port:"},
            {"--log-format", "xml", "--log-format: \"xml\" is not text or json"},
            {"--retell-url", "ftp://x", "--retell-url: \"ftp://x\" is not an address"},
            {"--public-url", "example.com", "--public-url:"},
            {"--db", "postgres://u:p@h/x", "--db: must be the path of a SQLite file"},
            {"--mail-from", "nobody", "--mail-from: \"nobody\" is not an address"},
            {"--mail-from", "Us <us@x>\nBcc: y", "--mail-from: must be an address"},
            {"--config", "/nowhere/at/all", "cannot read /nowhere/at/all"},
            {"--colour", "red", "--colour: no such option"},
            {"--jwt-secret", "x", "--jwt-secret: no such option"},
            {"--resend-webhook-secret", "x", "--resend-webhook-secret: no such option"},
            {"serve", "", "serve: no such argument"},
        };
        for (size_t i = 0; i < count_of(rows); i++)
                expect_wrong(ARGS(rows[i].flag, rows[i].value), NULL, rows[i].words);
}
END_TEST

START_TEST(a_flag_without_its_value_or_given_twice_is_named)
{
        expect_wrong(ARGS("--listen"), NULL, "--listen: a value is missing");
        expect_wrong(ARGS("--db", "a", "--db=b"), NULL, "--db: given twice");
        expect_wrong(ARGS("--sandbox", "--retell-url", "http://x"), NULL,
                     "--sandbox and --retell-url exclude each other");
}
END_TEST

START_TEST(a_wrong_variable_is_named)
{
        expect_wrong(NONE, ARGS("PORT=http"), "PORT: \"http\" is not ADDR:PORT");
        expect_wrong(NONE, ARGS("VIO_LISTEN=x"), "VIO_LISTEN: \"x\" is not ADDR:PORT");
        expect_wrong(NONE, ARGS("VIO_SANDBOX=maybe"),
                     "VIO_SANDBOX: \"maybe\" is not true or false");
}
END_TEST

START_TEST(a_secret_is_never_shown)
{
        char out[MANY];
        const char *const env[] = {"JWT_SECRET=tooshort", NULL};
        expect_wrong(NONE, env, "JWT_SECRET: must be at least 32 characters");
        house_run(NONE, env, out, sizeof(out));
        ck_assert_ptr_null(strstr(out, "tooshort"));
        const char *const hook[] = {"RESEND_WEBHOOK_SECRET=whsec_!hunter2!", NULL};
        expect_wrong(NONE, hook, "RESEND_WEBHOOK_SECRET: must be the signing secret");
        house_run(NONE, hook, out, sizeof(out));
        ck_assert_ptr_null(strstr(out, "hunter2"));
        const char *const url[] = {"DATABASE_URL=postgres://joe:hunter2@db/x", NULL};
        expect_wrong(NONE, url, "DATABASE_URL: must be the path of a SQLite file");
        house_run(NONE, url, out, sizeof(out));
        ck_assert_ptr_null(strstr(out, "hunter2"));
}
END_TEST

START_TEST(help_and_version_go_to_stdout_whatever_else_is_wrong)
{
        char out[MANY];
        const char *const wrong[] = {"PORT=http", NULL};
        ck_assert_int_eq(house_run(ARGS("--help"), wrong, out, sizeof(out)), 0);
        ck_assert_ptr_nonnull(strstr(out, "--sandbox-speed N"));
        ck_assert_int_eq(house_run(ARGS("--version"), wrong, out, sizeof(out)), 0);
        ck_assert_ptr_nonnull(strstr(out, vio_version()));
}
END_TEST

static struct house house;

static void build(void)
{
        house_open(&house);
}

static void leave(void)
{
        house_leave(&house);
}

static void write_file(const char *text, char *ret_path, size_t size)
{
        snprintf(ret_path, size, "%s/vio.conf", house.folder);
        FILE *f = fopen(ret_path, "we");
        ck_assert_ptr_nonnull(f);
        fputs(text, f);
        ck_assert_int_eq(fclose(f), 0);
}

START_TEST(a_wrong_line_of_the_file_is_named_by_its_number)
{
        char path[128];
        char words[256];
        write_file("# a comment\n\n  listen =  nonsense \n", path, sizeof(path));
        snprintf(words, sizeof(words), "%s:3: listen: \"nonsense\" is not ADDR:PORT", path);
        expect_wrong(ARGS("--config", path), NULL, words);
        write_file("colour = red\n", path, sizeof(path));
        expect_wrong(ARGS("--config", path), NULL, ":1: colour: no such option");
        write_file("listen\n", path, sizeof(path));
        expect_wrong(ARGS("--config", path), NULL, ":1: a line must be `name = value`");
        write_file("threads = 8\nthreads = 9\n", path, sizeof(path));
        expect_wrong(ARGS("--config", path), NULL, ":2: threads: given twice");
}
END_TEST

/* Which of several values was taken is seen by the complaint about the one that is left wrong. */
START_TEST(a_flag_beats_the_environment_and_that_the_file)
{
        char path[128];
        write_file("listen = from-file\nthreads = none\n", path, sizeof(path));
        expect_wrong(ARGS("--config", path), ARGS("PORT=from-port"), "PORT: \"from-port\"");
        expect_wrong(ARGS("--config", path), ARGS("PORT=from-port", "VIO_LISTEN=from-vio"),
                     "VIO_LISTEN: \"from-vio\"");
        expect_wrong(ARGS("--config", path, "--listen", "from-flag"), ARGS("PORT=from-port"),
                     "--listen: \"from-flag\"");
        expect_wrong(ARGS("--config", path, "--listen", "127.0.0.1:0"), ARGS("PORT=from-port"),
                     "threads: \"none\"");
}
END_TEST

START_TEST(the_original_systems_variables_work)
{
        char url[128];
        char words[256];
        snprintf(url, sizeof(url), "DATABASE_URL=sqlite:%s/no/such/folder.db", house.folder);
        snprintf(words, sizeof(words), "%s/no/such/folder.db", house.folder);
        char out[MANY];
        const char *const env[] = {url, "PORT=0", "RESEND_API_KEY=re_x",
                                   "JWT_SECRET=0123456789012345678901234567890123456789", NULL};
        ck_assert_int_eq(house_run(NONE, env, out, sizeof(out)), 1);
        ck_assert_msg(strstr(out, words), "%s", out);
}
END_TEST

START_TEST(a_port_that_is_taken_ends_with_a_clear_word)
{
        char listen[64];
        char out[MANY];
        char db[128];
        house_serve(&house, NULL);
        snprintf(listen, sizeof(listen), "127.0.0.1:%d", house.port);
        snprintf(db, sizeof(db), "%s/other.db", house.folder);
        int status = house_run(ARGS("--db", db, "--listen", listen), NULL, out, sizeof(out));
        ck_assert_int_eq(status, 1);
        ck_assert_msg(strstr(out, "cannot listen on 127.0.0.1:"), "%s", out);
        ck_assert_int_eq(house_stop(&house), 0);
}
END_TEST

START_TEST(a_secret_that_others_can_read_is_refused)
{
        char secret[256];
        char out[MANY];
        snprintf(secret, sizeof(secret), "%s.secret", house.db);
        ck_assert_int_eq(chmod(secret, 0644), 0);
        int status = house_run(ARGS("--db", house.db, "--listen", "0"), NULL, out, sizeof(out));
        ck_assert_int_eq(status, 1);
        ck_assert_msg(strstr(out, ".secret"), "%s", out);
}
END_TEST

START_TEST(a_database_is_made_with_its_secret_when_it_is_missing)
{
        snprintf(house.db, sizeof(house.db), "%s/new.db", house.folder);
        house_serve(&house, NULL);
        char secret[128];
        snprintf(secret, sizeof(secret), "%s.secret", house.db);
        ck_assert_int_eq(access(secret, R_OK), 0);
        ck_assert_int_eq(house_stop(&house), 0);
        ck_assert_int_eq(unlink(secret), 0);
        char out[MANY];
        int status = house_run(ARGS("--db", house.db, "--listen", "0"), NULL, out, sizeof(out));
        ck_assert_int_eq(status, 1); /* a new secret could not open the old seals */
        ck_assert_int_ne(access(secret, R_OK), 0);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("options");
        add_case(s, a_wrong_flag_is_named_with_what_would_be_right);
        add_case(s, a_flag_without_its_value_or_given_twice_is_named);
        add_case(s, a_wrong_variable_is_named);
        add_case(s, a_secret_is_never_shown);
        add_case(s, help_and_version_go_to_stdout_whatever_else_is_wrong);
        add_fixture_case(s, a_wrong_line_of_the_file_is_named_by_its_number, build, leave);
        add_fixture_case(s, a_flag_beats_the_environment_and_that_the_file, build, leave);
        add_fixture_case(s, the_original_systems_variables_work, build, leave);
        add_fixture_case(s, a_port_that_is_taken_ends_with_a_clear_word, build, leave);
        add_fixture_case(s, a_secret_that_others_can_read_is_refused, build, leave);
        add_fixture_case(s, a_database_is_made_with_its_secret_when_it_is_missing, build, leave);
        return s;
}
