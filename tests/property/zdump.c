/* zdump.c - tests: every zone on this machine shows what zdump(8) says, from 1970 to 2100. */
#include <vio/zone.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/zone_span.h"
#include "run.h"

#define ZONES_MOST 4096
#define BATCH      16

/* 1970-01-01 and 2101-01-01, in seconds. */
#define FIRST 0
#define LAST  INT64_C(4133980800)

struct file {
        char *name; /* below the directory of zones */
        uint8_t *bytes;
        size_t len;
        size_t same_as; /* the first file with the same content, perhaps itself */
};

static struct file files[ZONES_MOST];
static size_t n_files;

/* Keeps what is a zone; the directory also holds tables for people. */
static int collect(const char *path, const struct stat *st, int type, struct FTW *where)
{
        (void)where;
        if (type != FTW_F || st->st_size > 65536 || n_files == ZONES_MOST)
                return 0;
        FILE *f = fopen(path, "rb");
        ck_assert_ptr_nonnull(f);
        uint8_t *bytes = malloc((size_t)st->st_size + 1);
        size_t len = fread(bytes, 1, (size_t)st->st_size, f);
        fclose(f);
        if (len < 4 || memcmp(bytes, "TZif", 4) != 0) {
                free(bytes);
                return 0;
        }
        files[n_files++] =
            (struct file){strdup(path + strlen(VIO_ZONE_DIRECTORY "/")), bytes, len, 0};
        return 0;
}

static int by_name(const void *a, const void *b)
{
        return strcmp(((const struct file *)a)->name, ((const struct file *)b)->name);
}

static void collect_all(void)
{
        ck_assert_int_eq(nftw(VIO_ZONE_DIRECTORY, collect, 32, 0), 0);
        qsort(files, n_files, sizeof files[0], by_name);
        for (size_t i = 0; i < n_files; i++)
                for (files[i].same_as = 0; files[i].same_as < i; files[i].same_as++) {
                        const struct file *other = &files[files[i].same_as];
                        if (other->len == files[i].len &&
                            memcmp(other->bytes, files[i].bytes, files[i].len) == 0)
                                break;
                }
}

static void forget_all(void)
{
        for (size_t i = 0; i < n_files; i++) {
                free(files[i].name);
                free(files[i].bytes);
        }
        n_files = 0;
}

/* Files that count leap seconds are of another time scale, and are refused. */
static bool counts_leaps(const struct file *f)
{
        return strncmp(f->name, "right/", 6) == 0;
}

/* One line of zdump: "Zone  Sun Mar 29 01:00:00 2026 UT = Sun Mar 29 03:00:00 2026 CEST isdst=1
 * gmtoff=7200" */
struct line {
        char name[128];
        struct vio_local utc, wall;
};

static int month(const char *name)
{
        static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
        const char *found = strstr(names, name);
        ck_assert_ptr_nonnull(found);
        return (int)(found - names) / 3 + 1;
}

static bool read_line(const char *text, struct line *ret)
{
        char utc_month[4], wall_month[4];
        *ret = (struct line){0};
        struct vio_local *u = &ret->utc, *w = &ret->wall;
        int n = sscanf(
            text,
            "%127s %*3s %3s %d %d:%d:%d %d UT = %*3s %3s %d %d:%d:%d %d %*s isdst=%*d gmtoff=%d",
            ret->name, utc_month, &u->day, &u->hour, &u->minute, &u->second, &u->year, wall_month,
            &w->day, &w->hour, &w->minute, &w->second, &w->year, &w->offset_s);
        if (n != 14)
                return false;
        u->month = month(utc_month);
        w->month = month(wall_month);
        return true;
}

/* The state of one zone's comparison: up to where its offset is known to agree. */
struct walk {
        vio_zone *zone;
        int64_t until;
        int32_t offset_s;
        unsigned lines;
};

/* Between two lines zdump saw no change, so neither may we. */
static void assert_unchanged(const struct walk *w, int64_t until)
{
        for (int64_t t = w->until; t < until;) {
                struct zone_span s = zone_span_at(w->zone, t);
                ck_assert_msg(s.offset_s == w->offset_s, "%s: a change at %lld that is none",
                              vio_zone_name(w->zone), (long long)t);
                t = s.until;
        }
}

static void begin(struct walk *w, const char *name)
{
        *w = (struct walk){.until = FIRST};
        ck_assert_msg(vio_zone_open(name, &w->zone) == 0, "%s cannot be opened", name);
        w->offset_s = vio_zone_offset(w->zone, FIRST);
}

static void finish(struct walk *w)
{
        assert_unchanged(w, LAST);
        w->zone = vio_zone_free(w->zone);
}

static void compare(struct walk *w, const struct line *l, const vio_zone *utc)
{
        vio_time t = vio_zone_utc(utc, &l->utc);
        assert_unchanged(w, t / 1000);
        struct vio_local ours;
        vio_zone_local(w->zone, t, &ours);
        bool same = ours.year == l->wall.year && ours.month == l->wall.month &&
                    ours.day == l->wall.day && ours.hour == l->wall.hour &&
                    ours.minute == l->wall.minute && ours.second == l->wall.second &&
                    ours.offset_s == l->wall.offset_s;
        ck_assert_msg(same, "%s differs at %lld: %d not %d", l->name, (long long)t / 1000,
                      ours.offset_s, l->wall.offset_s);
        w->until = t / 1000;
        w->offset_s = ours.offset_s;
        w->lines++;
}

struct batch {
        size_t members[BATCH];
        size_t n;
        FILE *output;
};

static void start_zdump(struct batch *b)
{
        char command[BATCH * 64 + 64] = "zdump -v -c 1970,2101";
        for (size_t i = 0; i < b->n; i++) {
                strcat(command, " ");
                strcat(command, files[b->members[i]].name);
        }
        b->output = popen(command, "r");
        ck_assert_ptr_nonnull(b->output);
}

/* zdump tells of the zones in the order in which it was asked. */
static unsigned check_output(struct batch *b, const vio_zone *utc)
{
        char text[512];
        size_t next = 0;
        struct walk w = {0};
        struct line l;
        unsigned lines = 0;
        while (fgets(text, sizeof text, b->output)) {
                char name[128];
                ck_assert_int_eq(sscanf(text, "%127s", name), 1);
                if (!w.zone || strcmp(vio_zone_name(w.zone), name) != 0) {
                        if (w.zone)
                                finish(&w);
                        ck_assert_uint_lt(next, b->n);
                        ck_assert_str_eq(name, files[b->members[next]].name);
                        begin(&w, files[b->members[next++]].name);
                }
                if (read_line(text, &l)) {
                        compare(&w, &l, utc);
                        lines++;
                }
        }
        if (w.zone)
                finish(&w);
        ck_assert_int_eq(pclose(b->output), 0);
        ck_assert_uint_eq(next, b->n);
        return lines;
}

/* Two at a time, so that one runs while the other is read. */
static unsigned check_all(size_t *members, size_t n, const vio_zone *utc)
{
        struct batch batches[2] = {{.n = 0}, {.n = 0}};
        unsigned lines = 0;
        size_t at = 0;
        for (unsigned turn = 0; at < n || batches[turn % 2].output; turn++) {
                struct batch *b = &batches[turn % 2];
                if (b->output)
                        lines += check_output(b, utc);
                *b = (struct batch){.n = 0};
                while (at < n && b->n < BATCH)
                        b->members[b->n++] = members[at++];
                if (b->n > 0)
                        start_zdump(b);
                else if (batches[(turn + 1) % 2].output == NULL)
                        break;
        }
        return lines;
}

START_TEST(every_zone_agrees_with_zdump_from_1970_to_2100)
{
        static size_t members[ZONES_MOST];
        size_t n = 0;
        vio_zone *utc;
        ck_assert_int_eq(vio_zone_open("UTC", &utc), 0);
        for (size_t i = 0; i < n_files; i++)
                if (files[i].same_as == i && !counts_leaps(&files[i]))
                        members[n++] = i;
        unsigned lines = check_all(members, n, utc);
        ck_assert_uint_gt(n, 300);
        ck_assert_uint_gt(lines, 50000);
        vio_zone_free(utc);
}
END_TEST

START_TEST(every_file_that_counts_leap_seconds_is_refused)
{
        for (size_t i = 0; i < n_files; i++) {
                vio_zone *z;
                if (counts_leaps(&files[i]))
                        ck_assert_int_eq(vio_zone_open(files[i].name, &z), VIO_E_INVALID);
        }
}
END_TEST

START_TEST(every_other_zone_is_opened_by_its_name)
{
        for (size_t i = 0; i < n_files; i++) {
                vio_zone *z;
                if (counts_leaps(&files[i]))
                        continue;
                ck_assert_msg(vio_zone_open(files[i].name, &z) == 0, "%s", files[i].name);
                ck_assert_str_eq(vio_zone_name(z), files[i].name);
                vio_zone_free(z);
        }
        ck_assert_uint_gt(n_files, 500);
}
END_TEST

static void add_slow_fixture_case(Suite *s, const char *name, const TTest *test)
{
        TCase *tc = tcase_create(name);
        tcase_add_checked_fixture(tc, collect_all, forget_all);
        tcase_add_test(tc, test);
        tcase_set_timeout(tc, 500);
        suite_add_tcase(s, tc);
}

Suite *suite(void)
{
        Suite *s = suite_create("zdump");
#define ADD(test) add_slow_fixture_case(s, #test, test)
        ADD(every_zone_agrees_with_zdump_from_1970_to_2100);
        ADD(every_file_that_counts_leap_seconds_is_refused);
        ADD(every_other_zone_is_opened_by_its_name);
#undef ADD
        return s;
}
