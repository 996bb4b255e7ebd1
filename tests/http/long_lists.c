/*
 * long_lists.c - a list that leaves in chunks while it is made: whole for every client, never a
 * torso that looks whole, and cut off for a client that does not read.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "house.h"

#define CONTACTS 1300 /* three pages of the store; 3 MB as JSON */
#define ROOM     (8 * 1024 * 1024)

static struct house house;
static char text[ROOM];
static char body[ROOM];

static void build(void)
{
        static char fields[2300];
        house_open(&house);
        house_serve(&house, NULL);
        for (int i = 0; i < CONTACTS; i++) {
                int n = snprintf(fields, sizeof(fields),
                                 "{\"name\":\"Guest %d\",\"specialInstructions\":\"", i);
                memset(fields + n, 'x', 2000);
                snprintf(fields + n + 2000, sizeof(fields) - (size_t)n - 2000, "\"}");
                _answer_ a = ask(&house, .method = "POST", .path = "/api/contacts",
                                 .token = house.north.admin, .body = fields);
                expect(&a, 201, NULL);
        }
}

static void leave(void)
{
        house_leave(&house);
}

static size_t write_question(char *ret, size_t size, const char *method, const char *version,
                             const char *more)
{
        return (size_t)snprintf(ret, size,
                                "%s /api/contacts HTTP/%s\r\nHost: x\r\n%sAuthorization: Bearer "
                                "%s\r\n\r\n",
                                method, version, more, house.north.admin);
}

static int ask_list(const char *method, const char *version, const char *more)
{
        char request[VIO_TOKEN_SIZE + 256];
        write_question(request, sizeof(request), method, version, more);
        return raw_text(&house, request, text, sizeof(text));
}

static const char *body_of(const char *answer)
{
        const char *end = strstr(answer, "\r\n\r\n");
        ck_assert_ptr_nonnull(end);
        return end + 4;
}

/*
 * Puts the chunks together in @body. Returns what follows the last one, or NULL when the answer
 * ends before it.
 */
static const char *decode(const char *p, const char *end, size_t *ret_len)
{
        *ret_len = 0;
        for (;;) {
                char *after;
                size_t size = strtoul(p, &after, 16);
                if (after == p || after + 4 > end || strncmp(after, "\r\n", 2) != 0)
                        return NULL;
                p = after + 2;
                if (size == 0)
                        return strncmp(p, "\r\n", 2) ? NULL : p + 2;
                if ((size_t)(end - p) < size + 2)
                        return NULL;
                memcpy(body + *ret_len, p, size);
                *ret_len += size;
                ck_assert_int_eq(strncmp(p + size, "\r\n", 2), 0);
                p += size + 2;
        }
}

static void is_whole(const char *json, size_t len)
{
        vio_json *list = NULL;
        int64_t last = 0;
        ck_assert_int_eq(vio_json_parse(json, len, &list), 0);
        ck_assert_uint_eq(vio_json_count(list), CONTACTS);
        for (const vio_json *c = vio_json_first(list); c; c = vio_json_next(c)) {
                int64_t id = 0;
                ck_assert_int_eq(vio_json_int(vio_json_get(c, "id"), &id), 0);
                ck_assert_int_gt(id, last);
                last = id;
        }
        vio_json_free(list);
}

static const char *read_log(void)
{
        static char log[4 << 20];
        char path[128];
        snprintf(path, sizeof(path), "%s/log", house.folder);
        FILE *f = fopen(path, "re");
        ck_assert_ptr_nonnull(f);
        log[fread(log, 1, sizeof(log) - 1, f)] = '\0';
        fclose(f);
        return log;
}

/* Waits for words in the log; the limit of the case ends a wait without end. */
static void wait_for_log_times(const char *words, size_t times)
{
        const struct timespec pause = {0, 20000000};
        for (size_t seen = 0; seen < times; nanosleep(&pause, NULL)) {
                seen = 0;
                for (const char *at = read_log(); (at = strstr(at, words)); at++)
                        seen++;
        }
}

static void wait_for_log(const char *words)
{
        wait_for_log_times(words, 1);
}

START_TEST(a_long_list_comes_in_chunks_and_the_connection_goes_on)
{
        char request[2048];
        size_t len;
        size_t n = write_question(request, sizeof(request), "GET", "1.1", "");
        snprintf(request + n, sizeof(request) - n, "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n");
        ck_assert_int_eq(raw_text(&house, request, text, sizeof(text)), 200);
        ck_assert_ptr_nonnull(strstr(text, "\r\nTransfer-Encoding: chunked\r\n"));
        ck_assert_ptr_nonnull(strstr(text, "\r\nETag: \""));
        ck_assert(!strstr(text, "\r\nContent-Length:") ||
                  strstr(text, "\r\nContent-Length:") > strstr(text, "\r\n\r\n"));
        const char *next = decode(body_of(text), text + strlen(text), &len);
        ck_assert_ptr_nonnull(next);
        is_whole(body, len);
        ck_assert_msg(!strncmp(next, "HTTP/1.1 200 OK\r\n", 17), "%.40s", next);
        ck_assert_ptr_nonnull(strstr(next, "{\"status\":\"ok\"}"));
        char words[64];
        snprintf(words, sizeof(words), " bytes=%zu ", len);
        wait_for_log(words);
}
END_TEST

START_TEST(a_client_of_http_1_0_gets_the_whole_with_its_length)
{
        size_t len;
        char length[64];
        ck_assert_int_eq(ask_list("GET", "1.1", "Connection: close\r\n"), 200);
        ck_assert_ptr_nonnull(decode(body_of(text), text + strlen(text), &len));
        ck_assert_int_eq(ask_list("GET", "1.0", ""), 200);
        snprintf(length, sizeof(length), "\r\nContent-Length: %zu\r\n", len);
        ck_assert_ptr_nonnull(strstr(text, length));
        ck_assert_ptr_null(strstr(text, "Transfer-Encoding"));
        ck_assert_uint_eq(strlen(body_of(text)), len);
        ck_assert_int_eq(memcmp(body_of(text), body, len), 0);
}
END_TEST

START_TEST(head_of_a_long_list_has_no_body)
{
        ck_assert_int_eq(ask_list("HEAD", "1.1", "Connection: close\r\n"), 200);
        ck_assert_str_eq(body_of(text), "");
        ck_assert_ptr_nonnull(strstr(text, "\r\nTransfer-Encoding: chunked\r\n"));
        ck_assert_int_eq(ask_list("HEAD", "1.0", ""), 200);
        ck_assert_str_eq(body_of(text), "");
}
END_TEST

START_TEST(an_unchanged_long_list_is_not_sent)
{
        ck_assert_int_eq(ask_list("GET", "1.1", "If-None-Match: *\r\nConnection: close\r\n"), 304);
        ck_assert_str_eq(body_of(text), "");
        ck_assert_ptr_null(strstr(text, "Transfer-Encoding"));
}
END_TEST

/* Asks for the list on a connection that takes in very little, and reads only its beginning. */
static int ask_and_stop_reading(void)
{
        char request[VIO_TOKEN_SIZE + 256];
        char begun[64];
        int fd = raw_open_small(&house);
        size_t n = write_question(request, sizeof(request), "GET", "1.1", "");
        ck_assert_int_eq(send(fd, request, n, 0), (ssize_t)n);
        ck_assert_int_eq(recv(fd, begun, 15, MSG_WAITALL), 15);
        ck_assert_int_eq(strncmp(begun, "HTTP/1.1 200 OK", 15), 0);
        return fd;
}

/* The rest of an answer that must not look whole. */
static void expect_torso(int fd)
{
        size_t len;
        strcpy(text, "HTTP/1.1 200 OK");
        raw_read(fd, text + 15, sizeof(text) - 15, 15000);
        close(fd);
        ck_assert_ptr_null(decode(body_of(text), text + strlen(text), &len));
        ck_assert_uint_gt(strlen(text), 1000);
}

START_TEST(a_client_that_does_not_read_is_cut_off_and_keeps_nobody_waiting)
{
        int slow[8]; /* more than the store has readers */
        for (size_t i = 0; i < count_of(slow); i++)
                slow[i] = ask_and_stop_reading();
        for (int i = 0; i < 5; i++) {
                ck_assert_int_eq(ask_list("GET", "1.0", ""), 200);
                is_whole(body_of(text), strlen(body_of(text)));
        }
        wait_for_log_times("cut=true", count_of(slow));
        for (size_t i = 0; i < count_of(slow); i++)
                expect_torso(slow[i]);
}
END_TEST

START_TEST(the_end_of_the_program_waits_for_a_list_that_is_being_read)
{
        size_t len;
        int fd = ask_and_stop_reading();
        ck_assert_int_eq(kill(house.pid, SIGTERM), 0);
        wait_for_log("stopping");
        strcpy(text, "HTTP/1.1 200 OK");
        raw_read(fd, text + 15, sizeof(text) - 15, 15000);
        close(fd);
        ck_assert_ptr_nonnull(decode(body_of(text), text + strlen(text), &len));
        is_whole(body, len);
}
END_TEST

START_TEST(a_list_that_cannot_be_read_to_its_end_does_not_look_whole)
{
        int fd = ask_and_stop_reading();
        ck_assert_int_eq(truncate(house.db, 0), 0);
        expect_torso(fd);
        wait_for_log("cut=true");
        ck_assert_ptr_nonnull(strstr(read_log(), "STORAGE"));
}
END_TEST

static void run_on(void)
{
}

/* A server that has nothing of the list in its memory. */
static void restart(void)
{
        if (house_stop(&house) != 0)
                exit(EXIT_FAILURE);
        house_serve(&house, NULL);
}

Suite *suite(void)
{
        Suite *s = suite_create("long lists");
        TCase *tc = shared_case(s, build, run_on);
        tcase_add_test(tc, a_long_list_comes_in_chunks_and_the_connection_goes_on);
        tcase_add_test(tc, a_client_of_http_1_0_gets_the_whole_with_its_length);
        tcase_add_test(tc, head_of_a_long_list_has_no_body);
        tcase_add_test(tc, an_unchanged_long_list_is_not_sent);
        tcase_add_test(tc, a_client_that_does_not_read_is_cut_off_and_keeps_nobody_waiting);
        TCase *ending = shared_case(s, restart, run_on);
        tcase_add_test(ending, the_end_of_the_program_waits_for_a_list_that_is_being_read);
        TCase *broken = shared_case(s, restart, leave);
        tcase_add_test(broken, a_list_that_cannot_be_read_to_its_end_does_not_look_whole);
        return s;
}
