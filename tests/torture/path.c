/* path.c - the states a scenario goes through when nothing fails; see path.h. */
#include "path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_STATES 64

/* As it began, after each sync, at its end. */
static struct states {
        struct disk_copy *files[MOST_STATES];
        char *rows[MOST_STATES];
        size_t n;
} path;

static void keep_files(void *data)
{
        struct states *s = data;
        ck_assert_uint_lt(s->n, MOST_STATES);
        s->files[s->n++] = disk_copy(disk);
}

void path_forget(void)
{
        for (size_t i = 0; i < path.n; i++)
                free(path.rows[i]);
        path = (struct states){0};
}

static void read_states(void)
{
        for (size_t i = 0; i < path.n; i++) {
                ordeal_reopen_as(path.files[i]);
                path.rows[i] = ordeal_rows();
                path.files[i] = disk_copy_free(path.files[i]);
        }
}

struct effort path_walk(const struct scenario *s)
{
        struct meter m = {.until_failure = -1};
        ordeal_begin(s);
        keep_files(&path);
        disk_watch(disk, keep_files, &path);
        uint64_t before = disk_calls(disk);
        ordeal_meter(&m);
        ck_assert_int_eq(s->when(), 0);
        ordeal_meter(NULL);
        struct effort e = {.calls = (long)(disk_calls(disk) - before), .allocations = m.made};
        disk_watch(disk, NULL, NULL);
        keep_files(&path);
        read_states();
        return e;
}
/* Where the second text leaves the first: that line of both. */
static const char *difference(const char *a, const char *b)
{
        static char said[2000];
        const char *line_a = a, *line_b = b;
        for (; *b && *a == *b; a++, b++) {
                if (*b != '\n')
                        continue;
                line_a = a + 1;
                line_b = b + 1;
        }
        snprintf(said, sizeof(said), "%.*s\ninstead of\n%.*s", (int)strcspn(line_b, "\n"), line_b,
                 (int)strcspn(line_a, "\n"), line_a);
        return said;
}

static void then_state_is_known(const char *where, int r, const char *rows)
{
        size_t first = r == 0 ? path.n - 1 : 0;
        bool known = false;
        for (size_t i = first; i < path.n && !known; i++)
                known = strcmp(path.rows[i], rows) == 0;
        ck_assert_msg(known, "%s, %s: half done: %s", where, r ? vio_strerror(r) : "done",
                      difference(path.rows[first], rows));
}

/* Whoever was refused does it again, and whoever opens the files goes on. */
static void then_life_goes_on(const struct scenario *s, const char *where, int r, const char *rows)
{
        if (s->then) {
                s->then();
        } else if (r && strcmp(rows, path.rows[0]) == 0) {
                ck_assert_int_eq(s->when(), 0);
                char *now = ordeal_rows();
                ck_assert_msg(strcmp(now, path.rows[path.n - 1]) == 0, "%s, and again: %s", where,
                              difference(path.rows[path.n - 1], now));
                free(now);
        }
}

void then_nothing_is_half_done(const struct scenario *s, const char *where, int r)
{
        char *rows = ordeal_rows();
        /* Who could not read another server's answer has done all it could; the rest comes later.
         */
        if (r || !s->then)
                then_state_is_known(where, r, rows);
        then_life_goes_on(s, where, r, rows);
        free(rows);
}
