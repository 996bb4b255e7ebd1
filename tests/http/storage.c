/* storage.c - a database that fails under a running server: said plainly, to everybody alike. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "house.h"

static struct house house;

static void build(void)
{
        house_build(&house);
        house_serve(&house, NULL);
}

static void leave(void)
{
        house_leave(&house);
}

static void is_down(const struct answer *a, const char *error)
{
        ck_assert_msg(a->status == 503, "%d: %s", a->status, a->text);
        ck_assert_str_ne(header_of(a, "Retry-After"), "");
        if (error)
                ck_assert_str_eq(text_of(a, "error"), error);
}

static void ready_is(int status)
{
        _answer_ ready = ask(&house, .path = "/readyz");
        ck_assert_msg(ready.status == status, "%d: %s", ready.status, ready.text);
        if (status == 503)
                ck_assert_str_ne(header_of(&ready, "Retry-After"), "");
        _answer_ live = ask(&house, .path = "/livez");
        expect(&live, 200, NULL);
}

START_TEST(a_database_that_cannot_be_read_is_503_and_says_nothing_of_itself)
{
        ck_assert_int_eq(house_stop(&house), 0);
        house_serve(&house, NULL); /* one that has nothing of the tables in its memory */
        ck_assert_int_eq(truncate(house.db, 0), 0);
        _answer_ live = ask(&house, .path = "/livez");
        expect(&live, 200, NULL);
        _answer_ add = ask(&house, .method = "POST", .path = "/api/contacts",
                           .token = house.north.admin, .body = "{\"name\":\"Nobody\"}");
        is_down(&add, "STORAGE");
        ck_assert_str_eq(text_of(&add, "message"), "The database does not answer; try again");
        _answer_ list = ask(&house, .path = "/api/contacts", .token = house.north.admin);
        is_down(&list, "STORAGE");
        ck_assert_str_eq(header_of(&list, "ETag"), "");
        ck_assert_str_eq(header_of(&list, "Cache-Control"), "no-store");
        ck_assert_ptr_null(strcasestr(list.text, "sqlite"));
        ck_assert_ptr_null(strstr(list.text, house.folder));
}
END_TEST

START_TEST(a_database_that_was_taken_away_is_not_ready)
{
        char away[128];
        ready_is(200);
        snprintf(away, sizeof(away), "%s.away", house.db);
        ck_assert_int_eq(rename(house.db, away), 0);
        ready_is(503);
        ck_assert_int_eq(rename(away, house.db), 0);
        ready_is(200);
}
END_TEST

/* The lock that SQLite takes for writing in WAL mode, as another program would hold it. */
static int hold_write_lock(void)
{
        char path[128];
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 120, .l_len = 1};
        snprintf(path, sizeof(path), "%s-shm", house.db);
        int fd = open(path, O_RDWR | O_CLOEXEC);
        ck_assert_int_ge(fd, 0);
        int held = -1;
        for (int i = 0; held < 0 && i < 1000; i++) { /* a write of the server may be under way */
                const struct timespec pause = {0, 1000000};
                held = fcntl(fd, F_SETLK, &lock);
                nanosleep(&pause, NULL);
        }
        ck_assert_int_eq(held, 0);
        return fd;
}

START_TEST(a_database_that_cannot_be_written_is_read_and_comes_back)
{
        int lock = hold_write_lock();
        _answer_ list = ask(&house, .path = "/api/contacts", .token = house.north.admin);
        expect(&list, 200, NULL);
        _answer_ add = ask(&house, .method = "POST", .path = "/api/contacts",
                           .token = house.north.admin, .body = "{\"name\":\"Later\"}");
        is_down(&add, "BUSY");
        ready_is(503);
        close(lock);
        ready_is(200);
        _answer_ again = ask(&house, .method = "POST", .path = "/api/contacts",
                             .token = house.north.admin, .body = "{\"name\":\"Later\"}");
        expect(&again, 201, NULL);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("storage");
        add_fixture_case(s, a_database_that_cannot_be_read_is_503_and_says_nothing_of_itself, build,
                         leave);
        add_fixture_case(s, a_database_that_was_taken_away_is_not_ready, build, leave);
        add_fixture_case(s, a_database_that_cannot_be_written_is_read_and_comes_back, build, leave);
        return s;
}
