/*
 * crowd.c - two hundred clients at once on kept-alive connections: nobody is refused or lost, what
 * was acknowledged is there, and memory does not grow. $CROWD_SECONDS makes it a soak of any
 * length.
 */
#include <crowd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "house.h"

#define CLIENTS     200
#define MOST_WRITES 200000
/* KiB; a leak of 100 bytes a request would be more in a minute. */
#ifdef __SANITIZE_THREAD__
#define MOST_GROWTH (512 * 1024) /* the sanitizer remembers much of each thread */
#else
#define MOST_GROWTH (16 * 1024)
#endif

static struct house house;

static void build(void)
{
        house_open(&house);
}

static void leave(void)
{
        house_leave(&house);
}

static int seconds(void)
{
        const char *text = getenv("CROWD_SECONDS");
        return text ? (int)strtol(text, NULL, 10) : 3;
}

/* The server's resident memory, in KiB. */
static long memory(void)
{
        char path[64];
        char line[256];
        long kib = 0;
        snprintf(path, sizeof(path), "/proc/%d/status", (int)house.pid);
        FILE *f = fopen(path, "re");
        ck_assert_ptr_nonnull(f);
        while (fgets(line, sizeof(line), f))
                sscanf(line, "VmRSS: %ld", &kib);
        fclose(f);
        return kib;
}

/* Where the Link header says that the list goes on; false at its end. */
static bool next_page(const struct answer *a, char *ret, size_t size)
{
        const char *link = header_of(a, "Link");
        if (!*link)
                return false;
        size_t len = strcspn(link + 1, ">");
        ck_assert_uint_lt(len, size);
        snprintf(ret, size, "%.*s", (int)len, link + 1);
        return true;
}

/* The whole list of contacts, page by page; freed by the caller. */
static char *read_list(void)
{
        size_t len = 0;
        char path[512] = "/api/contacts?limit=500";
        char *list = calloc(1, 1);
        for (bool more = true; more;) {
                _answer_ a = ask(&house, .path = path, .token = house.north.admin);
                expect(&a, 200, NULL);
                more = next_page(&a, path, sizeof(path));
                list = realloc(list, len + strlen(a.text) + 1);
                ck_assert_ptr_nonnull(list);
                len += (size_t)sprintf(list + len, "%s", a.text);
        }
        return list;
}

static struct crowd_report run_crowd(const struct crowd_plan *plan)
{
        struct crowd_report r;
        ck_assert_int_eq(crowd_run(plan, &r), 0);
        printf("# %zu clients, %d s: %zu answers (%.0f a second), %zu contacts added, %zu "
               "connections, slowest %d ms, wrong %zu, lost %zu\n",
               plan->clients, plan->seconds, r.answers,
               (double)r.answers / (plan->seconds ? plan->seconds : 1), r.writes, r.opened,
               r.slowest_ms, r.wrong, r.lost);
        return r;
}

static void nobody_was_refused(const struct crowd_plan *plan, const struct crowd_report *r)
{
        ck_assert_msg(r->wrong == 0, "%zu answers were wrong, the first %d", r->wrong,
                      r->first_wrong);
        ck_assert_uint_eq(r->lost, 0);
        ck_assert_uint_ge(r->answers, plan->clients);
}

START_TEST(two_hundred_clients_behind_a_proxy_are_served_and_every_write_is_kept)
{
        house_serve(&house, NULL);
        struct crowd_plan plan = {
            .port = house.port,
            .token = house.north.admin,
            .name = "Early Guest",
            .forwarded = "203.0.113.9",
            .clients = CLIENTS,
            .seconds = seconds() / 6 + 1,
            .most_writes = MOST_WRITES,
        };
        struct crowd_report warm = run_crowd(&plan);
        nobody_was_refused(&plan, &warm);
        crowd_done(&warm);
        long before = memory();
        plan.seconds = seconds();
        plan.name = "Late Guest";
        struct crowd_report r = run_crowd(&plan);
        long after = memory();
        printf("# resident memory: %ld KiB before, %ld KiB after\n", before, after);
        nobody_was_refused(&plan, &r);
        ck_assert_uint_gt(r.writes, 0);
        char *list = read_list();
        ck_assert_uint_eq(crowd_unaccounted(&plan, &r, list), 0);
        free(list);
        crowd_done(&r);
#ifndef __SANITIZE_ADDRESS__ /* it keeps what is freed */
        ck_assert_int_lt(after - before, MOST_GROWTH);
#endif
}
END_TEST

START_TEST(more_clients_than_threads_take_turns)
{
        static const char *const few[] = {"--threads", "16", "--per-address", "0", NULL};
        house_serve(&house, few);
        struct crowd_plan plan = {
            .port = house.port,
            .token = house.north.admin,
            .clients = 60,
            .seconds = 2,
        };
        struct crowd_report r = run_crowd(&plan);
        nobody_was_refused(&plan, &r);
        ck_assert_uint_gt(r.opened, plan.clients); /* they were asked to come again */
        crowd_done(&r);
}
END_TEST

static void add(Suite *s, const char *name, const TTest *test)
{
        TCase *tc = tcase_create(name);
        tcase_add_checked_fixture(tc, build, leave);
        tcase_add_test(tc, test);
        tcase_set_timeout(tc, 120 + 3 * seconds());
        suite_add_tcase(s, tc);
}

Suite *suite(void)
{
        Suite *s = suite_create("crowd");
        add(s, "two hundred",
            two_hundred_clients_behind_a_proxy_are_served_and_every_write_is_kept);
        add(s, "turns", more_clients_than_threads_take_turns);
        return s;
}
