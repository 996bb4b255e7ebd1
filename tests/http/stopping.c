/* stopping.c - the end of the program under load, and its limits for one address. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "house.h"

static struct house house;

static void build(void)
{
        house_build(&house);
}

static void leave(void)
{
        house_leave(&house);
}

/* A login hashes a password: it takes long enough to be under way when the signal comes. */
#define LOGIN_BODY "{\"email\":\"admin@example.com\",\"password\":\"" PASSWORD "\"}"
#define LOGINS     5 /* as many as one account may try at once */

static size_t write_login(char *ret, size_t size, const char *header)
{
        return (size_t)snprintf(ret, size,
                                "POST /api/auth/login HTTP/1.1\r\nHost: x\r\n%s"
                                "Content-Length: %zu\r\n\r\n%s",
                                header, strlen(LOGIN_BODY), LOGIN_BODY);
}

static size_t write_addition(char *ret, size_t size, size_t number)
{
        char body[64];
        snprintf(body, sizeof(body), "{\"name\":\"Late Guest %zu\"}", number);
        return (size_t)snprintf(ret, size,
                                "POST /api/contacts HTTP/1.1\r\nHost: x\r\n"
                                "Authorization: Bearer %s\r\nContent-Length: %zu\r\n\r\n%s",
                                house.north.admin, strlen(body), body);
}

START_TEST(every_request_under_way_at_sigterm_is_answered_and_none_is_lost)
{
        static const char *const few[] = {"--threads", "64", NULL};
        int fds[90]; /* more than there are threads: some wait in the queue */
        char text[8192];
        house_serve(&house, few);
        for (size_t i = 0; i < count_of(fds); i++) {
                size_t len = i < LOGINS ? write_login(text, sizeof(text), "")
                                        : write_addition(text, sizeof(text), i);
                fds[i] = raw_open(&house);
                ck_assert_int_eq(send(fds[i], text, len, 0), (ssize_t)len);
        }
        ck_assert_int_eq(kill(house.pid, SIGTERM), 0);
        for (size_t i = 0; i < count_of(fds); i++) {
                raw_read(fds[i], text, sizeof(text), 30000);
                close(fds[i]);
                const char *status = i < LOGINS ? "HTTP/1.1 200 " : "HTTP/1.1 201 ";
                ck_assert_msg(!strncmp(text, status, 13), "connection %zu: \"%s\"", i, text);
        }
        ck_assert_int_eq(house_wait(&house), 0);
        house_serve(&house, NULL);
        _answer_ stats = ask(&house, .path = "/api/contacts/stats", .token = house.north.user);
        ck_assert_int_eq(number_of(&stats, "total"), 2 + (int64_t)count_of(fds) - LOGINS);
}
END_TEST

/* Waits for a line of the server's log. */
static void wait_for_log(const char *words)
{
        const struct timespec pause = {0, 2000000};
        char path[128];
        static char log[1 << 20];
        snprintf(path, sizeof(path), "%s/log", house.folder);
        for (;;) {
                FILE *f = fopen(path, "re");
                ck_assert_ptr_nonnull(f);
                log[fread(log, 1, sizeof(log) - 1, f)] = '\0';
                fclose(f);
                if (strstr(log, words))
                        return;
                nanosleep(&pause, NULL);
        }
}

START_TEST(whoever_comes_after_the_signal_is_not_let_in)
{
        char request[512];
        char text[8192];
        size_t len = write_login(request, sizeof(request), "");
        house_serve(&house, NULL);
        int inside = raw_open(&house);
        ck_assert_int_eq(send(inside, request, len - 1, 0), (ssize_t)len - 1);
        ck_assert_int_eq(kill(house.pid, SIGTERM), 0);
        wait_for_log("stopping");
        ck_assert(!raw_reaches(&house));
        ck_assert_int_eq(send(inside, request + len - 1, 1, 0), 1);
        raw_read(inside, text, sizeof(text), 30000);
        close(inside);
        ck_assert_msg(strstr(text, "HTTP/1.1 200 "), "%s", text);
}
END_TEST

START_TEST(an_idle_connection_does_not_hold_up_the_end)
{
        house_serve(&house, NULL);
        int idle = raw_open(&house);
        ck_assert_int_eq(house_stop(&house), 0);
        close(idle);
}
END_TEST

START_TEST(the_next_program_finds_the_database_as_it_was_left)
{
        house_serve(&house, NULL);
        _answer_ add = ask(&house, .method = "POST", .path = "/api/contacts",
                           .token = house.north.admin, .body = "{\"name\":\"Kept Person\"}");
        expect(&add, 201, NULL);
        ck_assert_int_eq(house_stop(&house), 0);
        house_serve(&house, NULL);
        _answer_ list = ask(&house, .path = "/api/contacts", .token = house.north.admin);
        ck_assert_ptr_nonnull(strstr(list.text, "Kept Person"));
}
END_TEST

START_TEST(two_signals_end_it_too)
{
        house_serve(&house, NULL);
        kill(house.pid, SIGINT);
        ck_assert_int_eq(house_stop(&house), 0);
}
END_TEST

START_TEST(one_address_gets_no_more_than_its_share)
{
        static const char *const few[] = {"--per-address", "2", NULL};
        int fds[12];
        int refused = 0;
        char request[512];
        char text[8192];
        house_serve(&house, few);
        size_t len =
            write_login(request, sizeof(request), "X-Forwarded-For: 198.51.100.9, 203.0.113.7\r\n");
        for (size_t i = 0; i < count_of(fds); i++) {
                fds[i] = raw_open(&house);
                ck_assert_int_eq(send(fds[i], request, len, 0), (ssize_t)len);
        }
        _answer_ other = ask(&house, .path = "/livez", .forwarded_for = "203.0.113.8");
        expect(&other, 200, NULL);
        for (size_t i = 0; i < count_of(fds); i++) {
                raw_read(fds[i], text, sizeof(text), 30000);
                close(fds[i]);
                if (strstr(text, "HTTP/1.1 429 ") && strstr(text, "Retry-After: 1\r\n"))
                        refused++;
        }
        ck_assert_int_gt(refused, 0);
        ck_assert_int_lt(refused, (int)count_of(fds));
        _answer_ later = ask(&house, .path = "/livez", .forwarded_for = "203.0.113.7");
        expect(&later, 200, NULL);
}
END_TEST

static const char *read_log(void)
{
        static char log[1 << 20];
        char path[128];
        snprintf(path, sizeof(path), "%s/log", house.folder);
        FILE *f = fopen(path, "re");
        ck_assert_ptr_nonnull(f);
        log[fread(log, 1, sizeof(log) - 1, f)] = '\0';
        fclose(f);
        return log;
}

/* Says what must not be told in every place where a client can say something; returns the log. */
static const char *log_of_secrets(const char *format)
{
        char text[8192];
        const char *const more[] = {"--log-format", format, NULL};
        house_serve(&house, more);
        _answer_ list =
            ask(&house, .path = "/api/contacts?filter=secretquery", .token = house.north.admin);
        expect(&list, 400, NULL);
        _answer_ add =
            ask(&house, .method = "POST", .path = "/api/contacts", .token = house.north.admin,
                .body = "{\"name\":\"Vienna Barnes\",\"phone\":\"+14155550131\"}");
        expect(&add, 201, NULL);
        _answer_ none = ask(&house, .path = "/secretpath");
        expect(&none, 404, NULL);
        _answer_ token = ask(&house, .path = "/api/contacts", .token = "secrettoken");
        expect(&token, 401, NULL);
        raw_text(&house, "BREW /secretpath%0d%0alevel=error HTTP/1.0\r\n\r\n", text, sizeof(text));
        raw_text(&house, "secretline\x1b[2J 4155550131\r\n\r\n", text, sizeof(text));
        raw_text(&house,
                 "GET /livez HTTP/1.0\r\nX-Forwarded-For: 203.0.113.77\r\nUser-Agent: "
                 "secretagent\r\n\r\n",
                 text, sizeof(text));
        ck_assert_int_eq(house_stop(&house), 0);
        return read_log();
}

static void tells_no_secret(const char *log)
{
        static const char *const words[] = {"secret", "Vienna", "Barnes", "4155550", "113.77",
                                            "BREW",   "\x1b",   "Bearer", RETELL_KEY};
        for (size_t i = 0; i < count_of(words); i++)
                ck_assert_msg(!strstr(log, words[i]), "%s is in the log", words[i]);
        ck_assert_ptr_null(strstr(log, house.north.admin));
}

START_TEST(a_log_for_machines_tells_each_request_and_no_secret)
{
        char who[64];
        const char *log = log_of_secrets("json");
        tells_no_secret(log);
        ck_assert_ptr_nonnull(strstr(log, "\"route\":\"/api/contacts\",\"status\":201,\"ms\":"));
        ck_assert_ptr_nonnull(strstr(log, "\"remote\":\"203.0.113.x\""));
        snprintf(who, sizeof(who), "\"tenantId\":%lld,\"userId\":", (long long)house.north.id.v);
        ck_assert_ptr_nonnull(strstr(log, who));
        char *copy = strdup(log);
        char *rest = copy;
        for (char *line; (line = strsep(&rest, "\n")) && *line;) {
                vio_json *json = NULL;
                ck_assert_msg(vio_json_parse(line, strlen(line), &json) == 0, "%s", line);
                ck_assert_ptr_nonnull(vio_json_get(json, "time"));
                vio_json_free(json);
        }
        free(copy);
}
END_TEST

START_TEST(a_log_for_people_tells_each_request_and_no_secret)
{
        long long tenant = 0;
        int end = 0;
        const char *log = log_of_secrets("text");
        tells_no_secret(log);
        const char *at = strstr(log, " method=POST route=/api/contacts status=201 ");
        ck_assert_ptr_nonnull(at);
        sscanf(at,
               " method=POST route=/api/contacts status=201 ms=%*d bytes=%*d remote=127.0.0.x "
               "tenant=%lld user=%*d%n",
               &tenant, &end);
        ck_assert_msg(end > 0 && at[end] == '\n', "%.200s", at);
        ck_assert_int_eq(tenant, house.north.id.v);
        for (const char *p = log; *p; p += strcspn(p, "\n") + 1)
                ck_assert_msg(!strncmp(p, "time=20", 7), "%.200s", p);
        ck_assert_ptr_nonnull(strstr(log, " level=info msg=\"stopped\"\n"));
        ck_assert_ptr_nonnull(strstr(log, "method=- route=- status=404 "));
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("stopping");
        add_fixture_case(s, every_request_under_way_at_sigterm_is_answered_and_none_is_lost, build,
                         leave);
        add_fixture_case(s, whoever_comes_after_the_signal_is_not_let_in, build, leave);
        add_fixture_case(s, an_idle_connection_does_not_hold_up_the_end, build, leave);
        add_fixture_case(s, the_next_program_finds_the_database_as_it_was_left, build, leave);
        add_fixture_case(s, two_signals_end_it_too, build, leave);
        add_fixture_case(s, one_address_gets_no_more_than_its_share, build, leave);
        add_fixture_case(s, a_log_for_machines_tells_each_request_and_no_secret, build, leave);
        add_fixture_case(s, a_log_for_people_tells_each_request_and_no_secret, build, leave);
        return s;
}
