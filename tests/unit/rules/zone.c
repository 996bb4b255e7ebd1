/* zone.c - tests: opening zones, the wall and back, and files that lie. */
#include <vio/zone.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "loop.h"
#include "rules/zone_span.h"
#include "run.h"

static const struct {
        const char *zone, *at;
        struct vio_local wall; /* day_number is not compared */
} walls[] = {
    {"UTC", "1970-01-01T00:00:00Z", {1970, 1, 1, 0, 0, 0, 3, 0, 0}},
    {"America/St_Johns", "2026-07-01T12:00:00Z", {2026, 7, 1, 9, 30, 0, 2, -9000, 0}},
    {"America/St_Johns", "2026-01-01T12:00:00Z", {2026, 1, 1, 8, 30, 0, 3, -12600, 0}},
    {"Europe/Dublin", "2026-07-01T12:00:00Z", {2026, 7, 1, 13, 0, 0, 2, 3600, 0}},
    {"Europe/Dublin", "2026-01-01T12:00:00Z", {2026, 1, 1, 12, 0, 0, 3, 0, 0}},
    {"Europe/Dublin", "2095-07-01T12:00:00Z", {2095, 7, 1, 13, 0, 0, 4, 3600, 0}},
    {"Australia/Lord_Howe", "2026-07-01T12:00:00Z", {2026, 7, 1, 22, 30, 0, 2, 37800, 0}},
    {"Australia/Lord_Howe", "2026-01-01T12:00:00Z", {2026, 1, 1, 23, 0, 0, 3, 39600, 0}},
    {"Pacific/Kiritimati", "2026-12-31T12:00:00Z", {2027, 1, 1, 2, 0, 0, 4, 50400, 0}},
    {"America/Sao_Paulo", "2090-12-31T12:00:00Z", {2090, 12, 31, 9, 0, 0, 6, -10800, 0}},
    {"Asia/Kathmandu", "1970-01-01T00:00:00.999Z", {1970, 1, 1, 5, 30, 0, 3, 19800, 0}},
};

START_TEST(the_wall_shows_what_it_should)
{
        vio_zone *z = zone(walls[_i].zone);
        vio_time t = utc(walls[_i].at);
        struct vio_local l;
        vio_zone_local(z, t, &l);
        struct vio_local expected = walls[_i].wall;
        expected.day_number = l.day_number;
        ck_assert_mem_eq(&l, &expected, sizeof l);
        ck_assert_int_eq(vio_zone_offset(z, t), expected.offset_s);
        ck_assert_int_eq((l.day_number % 7 + 10) % 7, l.weekday);
        ck_assert_str_eq(vio_zone_name(z), walls[_i].zone);
        ck_assert_ptr_null(vio_zone_free(z));
}
END_TEST

static const struct {
        const char *zone;
        struct vio_local wall;
        const char *at;
} backs[] = {
    {"Europe/Berlin", {.year = 2026, .month = 7, .day = 1, .hour = 12}, "2026-07-01T10:00:00Z"},
    /* skipped: 02:30 becomes 03:30 */
    {"Europe/Berlin",
     {.year = 2026, .month = 3, .day = 29, .hour = 2, .minute = 30},
     "2026-03-29T01:30:00Z"},
    /* twice: the first */
    {"Europe/Berlin",
     {.year = 2026, .month = 10, .day = 25, .hour = 2, .minute = 30},
     "2026-10-25T00:30:00Z"},
    {"Europe/Dublin",
     {.year = 2026, .month = 3, .day = 29, .hour = 1, .minute = 15},
     "2026-03-29T01:15:00Z"},
    {"Europe/Dublin",
     {.year = 2026, .month = 10, .day = 25, .hour = 1, .minute = 15},
     "2026-10-25T00:15:00Z"},
    {"Australia/Lord_Howe",
     {.year = 2026, .month = 10, .day = 4, .hour = 2, .minute = 10},
     "2026-10-03T15:40:00Z"},
    {"Australia/Lord_Howe",
     {.year = 2026, .month = 4, .day = 5, .hour = 1, .minute = 45},
     "2026-04-04T14:45:00Z"},
    /* the day that Samoa never had becomes the day after */
    {"Pacific/Apia", {.year = 2011, .month = 12, .day = 30, .hour = 12}, "2011-12-30T22:00:00Z"},
    /* the day that Kwajalein never had */
    {"Pacific/Kwajalein",
     {.year = 1993, .month = 8, .day = 21, .hour = 12},
     "1993-08-22T00:00:00Z"},
    /* beyond the end of the table, by the rule */
    {"America/New_York",
     {.year = 2095, .month = 3, .day = 13, .hour = 2, .minute = 30},
     "2095-03-13T07:30:00Z"},
    {"Africa/Casablanca", {.year = 2026, .month = 7, .day = 1, .hour = 12}, "2026-07-01T11:00:00Z"},
    /* fields beyond their ranges */
    {"UTC",
     {.year = 2026, .month = 14, .day = 30, .hour = 25, .minute = 61, .second = -1},
     "2027-03-03T02:00:59Z"},
    {"UTC", {.year = 2026, .month = 0, .day = 0}, "2025-11-30T00:00:00Z"},
    {"UTC", {.year = 2026, .month = -11, .day = 1}, "2025-01-01T00:00:00Z"},
};

START_TEST(the_wall_is_read_back)
{
        vio_zone *z = zone(backs[_i].zone);
        assert_time(vio_zone_utc(z, &backs[_i].wall), backs[_i].at);
        vio_zone_free(z);
}
END_TEST

START_TEST(times_out_of_all_bounds_do_no_harm)
{
        vio_zone *z = zone("Europe/Berlin");
        static const vio_time times[] = {INT64_MIN, INT64_MIN + 1, INT64_MAX, INT64_MAX - 1};
        struct vio_local l;
        for (size_t i = 0; i < 4; i++)
                vio_zone_local(z, times[i], &l);
        l = (struct vio_local){.year = INT32_MAX,
                               .month = INT32_MAX,
                               .day = INT32_MAX,
                               .hour = INT32_MAX,
                               .minute = INT32_MAX,
                               .second = INT32_MAX};
        vio_zone_utc(z, &l);
        l = (struct vio_local){.year = INT32_MIN,
                               .month = INT32_MIN,
                               .day = INT32_MIN,
                               .hour = INT32_MIN,
                               .minute = INT32_MIN,
                               .second = INT32_MIN};
        vio_zone_utc(z, &l);
        vio_zone_free(z);
}
END_TEST

static const struct {
        const char *name;
        int error;
} names[] = {
    {NULL, VIO_E_INVALID},
    {"", VIO_E_INVALID},
    {"/etc/localtime", VIO_E_INVALID},
    {"../../../etc/passwd", VIO_E_INVALID},
    {"Europe/../UTC", VIO_E_INVALID},
    {"Europe//Berlin", VIO_E_INVALID},
    {"Europe/", VIO_E_INVALID},
    {"./UTC", VIO_E_INVALID},
    {".hidden", VIO_E_INVALID},
    {"Europe/Ber lin", VIO_E_INVALID},
    {"Europe/Berlin\n", VIO_E_INVALID},
    {"tzdata.zi", VIO_E_INVALID},
    {"leapseconds", VIO_E_INVALID},
    {"Europe", VIO_E_NOTFOUND},
    {"Europe/Berlin/Mitte", VIO_E_NOTFOUND},
    {"Europe/Atlantis", VIO_E_NOTFOUND},
    {"AaaaaaaaaaAaaaaaaaaaAaaaaaaaaaAaaaaaaaaaAaaaaaaaaaAaaaaaaaaaAaaaa", VIO_E_INVALID},
};

START_TEST(a_name_that_cannot_be_one_is_refused)
{
        vio_zone *z = (vio_zone *)&z;
        ck_assert_int_eq(vio_zone_open(names[_i].name, &z), names[_i].error);
        ck_assert_ptr_eq(z, (vio_zone *)&z);
}
END_TEST

START_TEST(another_directory_must_be_absolute)
{
        vio_zone *z;
        ck_assert_int_eq(vio_zone_open_in("usr/share/zoneinfo", "UTC", &z), VIO_E_INVALID);
        ck_assert_int_eq(vio_zone_open_in(NULL, "UTC", &z), VIO_E_INVALID);
        ck_assert_int_eq(vio_zone_open_in("/nowhere", "UTC", &z), VIO_E_NOTFOUND);
        ck_assert_int_eq(vio_zone_open_in("/dev", "null", &z), VIO_E_NOTFOUND);
        ck_assert_int_eq(vio_zone_open_in("/usr/share/zoneinfo/Europe", "Berlin", &z), 0);
        vio_zone_free(z);
}
END_TEST

/* The smallest file there is: one type, no steps, and a footer. */
static size_t make_file(uint8_t *out, const char *footer)
{
        uint8_t head[44] = "TZif2";
        head[39] = 1; /* one type */
        head[43] = 4; /* four characters of names */
        static const uint8_t block[] = {0, 0, 0, 0, 0, 0, 'U', 'T', 'C', 0};
        size_t n = 0;
        for (int twice = 0; twice < 2; twice++) {
                memcpy(out + n, head, sizeof head);
                memcpy(out + n + sizeof head, block, sizeof block);
                n += sizeof head + sizeof block;
        }
        out[n++] = '\n';
        memcpy(out + n, footer, strlen(footer));
        n += strlen(footer);
        out[n++] = '\n';
        return n;
}

static int open_footer(const char *footer, vio_zone **ret)
{
        uint8_t file[512];
        return vio_zone_parse("test", file, make_file(file, footer), ret);
}

static const struct {
        const char *footer, *at;
        int32_t offset_s;
} footers[] = {
    {"", "2026-07-01T00:00:00Z", 0},
    {"UTC0", "2026-07-01T00:00:00Z", 0},
    {"<+03>-3", "2026-07-01T00:00:00Z", 10800},
    {"<-0330>3:30", "2026-07-01T00:00:00Z", -12600},
    {"LMT-1:02:03", "2026-07-01T00:00:00Z", 3723},
    {"ABC+24", "2026-07-01T00:00:00Z", -86400},
    /* Central Europe, at the change and a second before it */
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2090-03-26T00:59:59Z", 3600},
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2090-03-26T01:00:00Z", 7200},
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2090-10-29T00:59:59Z", 7200},
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2090-10-29T01:00:00Z", 3600},
    /* Ireland, whose winter time is the exception */
    {"IST-1GMT0,M10.5.0,M3.5.0/1", "2090-07-01T00:00:00Z", 3600},
    {"IST-1GMT0,M10.5.0,M3.5.0/1", "2090-12-01T00:00:00Z", 0},
    /* the southern year, and half an hour */
    {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2090-01-01T00:00:00Z", 39600},
    {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2090-07-01T00:00:00Z", 37800},
    /* before midnight of the day named, and after */
    {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2090-03-26T00:59:59Z", -7200},
    {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2090-03-26T01:00:00Z", -3600},
    {"IST-2IDT,M3.4.4/26,M10.5.0", "2090-03-23T23:59:59Z", 7200},
    {"IST-2IDT,M3.4.4/26,M10.5.0", "2090-03-24T00:00:00Z", 10800},
    /* days counted without and with 29 February; 2092 is a leap year */
    {"AAA0BBB,J60/0,J300/0", "2092-02-29T23:59:59Z", 0},
    {"AAA0BBB,J60/0,J300/0", "2092-03-01T00:00:00Z", 3600},
    {"AAA0BBB,J60/0,J300/0", "2091-03-01T00:00:00Z", 3600},
    {"AAA0BBB,J59/0,J300/0", "2092-02-28T00:00:00Z", 3600},
    {"AAA0BBB,59/0,300/0", "2092-02-28T23:59:59Z", 0},
    {"AAA0BBB,59/0,300/0", "2092-02-29T00:00:00Z", 3600},
    /* summer time all year round, as RFC 9636 3.3.2 has it */
    {"XXX3EDT4,0/0,J365/23", "2090-01-01T04:00:00Z", -14400},
    {"XXX3EDT4,0/0,J365/23", "2090-12-31T23:59:59Z", -14400},
    {"XXX3EDT4,0/0,J365/23", "2091-01-01T03:59:59Z", -14400},
    {"XXX3EDT4,0/0,J365/23", "2090-07-01T00:00:00Z", -14400},
};

START_TEST(the_rule_in_the_footer_is_followed)
{
        vio_zone *z;
        ck_assert_int_eq(open_footer(footers[_i].footer, &z), 0);
        ck_assert_int_eq(vio_zone_offset(z, utc(footers[_i].at)), footers[_i].offset_s);
        vio_zone_free(z);
}
END_TEST

static const char *const bad_footers[] = {
    "X",
    "UT0",
    "UTC",
    "UTC25",
    "UTC0:60",
    "UTC0:0:60",
    "UTC0:",
    "<+03-3",
    "<+3>-3x",
    "UTC0 ",
    "CET-1CEST",
    "CET-1CEST,",
    "CET-1CEST,M3.5.0",
    "CET-1CEST,M13.5.0,M10.5.0",
    "CET-1CEST,M3.6.0,M10.5.0",
    "CET-1CEST,M3.5.7,M10.5.0",
    "CET-1CEST,M3.5,M10.5.0",
    "CET-1CEST,J0,J365",
    "CET-1CEST,J1,J366",
    "CET-1CEST,0,366",
    "CET-1CEST,M3.5.0/168,M10.5.0",
    "CET-1CEST,M3.5.0,M10.5.0/",
    "CET-1CEST,M3.5.0,M10.5.0,",
    "UTC99999999999999999999",
    "<>0",
    "\377\377\3770",
};

START_TEST(a_footer_that_is_no_rule_is_refused)
{
        vio_zone *z;
        ck_assert_int_eq(open_footer(bad_footers[_i], &z), VIO_E_INVALID);
}
END_TEST

static size_t read_zone_file(const char *name, uint8_t *buf, size_t size)
{
        char path[256];
        snprintf(path, sizeof path, VIO_ZONE_DIRECTORY "/%s", name);
        FILE *f = fopen(path, "rb");
        ck_assert_ptr_nonnull(f);
        size_t n = fread(buf, 1, size, f);
        fclose(f);
        return n;
}

START_TEST(a_file_that_was_cut_off_is_refused)
{
        uint8_t file[8192];
        size_t len = read_zone_file("America/New_York", file, sizeof file);
        vio_zone *z;
        for (size_t n = 0; n < len; n++) {
                uint8_t *exact = malloc(n ? n : 1); /* so that a byte too far is noticed */
                memcpy(exact, file, n);
                ck_assert_int_eq(vio_zone_parse("", exact, n, &z), VIO_E_INVALID);
                free(exact);
        }
        ck_assert_int_eq(vio_zone_parse(NULL, file, len, &z), 0);
        ck_assert_str_eq(vio_zone_name(z), "");
        vio_zone_free(z);
}
END_TEST

/* Uses everything there is to use of a zone that may be nonsense. */
static void walk(const vio_zone *z)
{
        struct vio_local l;
        int64_t t = -10000000000;
        for (int i = 0; i < 300 && t < 10000000000; i++) {
                struct zone_span s = zone_span_at(z, t);
                ck_assert_int_le(s.from, t);
                ck_assert_int_gt(s.until, t);
                vio_zone_local(z, t * 1000, &l);
                vio_zone_utc(z, &l);
                t = s.until;
        }
}

START_TEST(a_damaged_file_is_refused_or_at_least_does_no_harm)
{
        static const char *const files[] = {"America/New_York", "Africa/Casablanca",
                                            "Australia/Lord_Howe", "Europe/Dublin"};
        uint8_t file[8192], copy[8192];
        size_t len = read_zone_file(files[_i], file, sizeof file);
        unsigned refused = 0, taken = 0;
        srand(7);
        for (int round = 0; round < 800; round++) {
                memcpy(copy, file, len);
                for (int flips = rand() % 4; flips >= 0; flips--) {
                        /* half of them in the headers and the footer, where it matters most */
                        size_t at = (size_t)rand() % len;
                        if (rand() % 2)
                                at = rand() % 2 ? (size_t)rand() % 44
                                                : len - 1 - (size_t)rand() % 44;
                        copy[at] = (uint8_t)rand();
                }
                vio_zone *z;
                if (vio_zone_parse("", copy, len, &z) < 0) {
                        refused++;
                        continue;
                }
                taken++;
                walk(z);
                vio_zone_free(z);
        }
        ck_assert_uint_gt(refused, 50);
        ck_assert_uint_gt(taken, 50);
}
END_TEST

START_TEST(a_file_must_be_of_the_second_version_and_of_sensible_size)
{
        static uint8_t file[65536 + 1];
        vio_zone *z;
        size_t len = make_file(file, "UTC0");
        ck_assert_int_eq(vio_zone_parse("", file, len, &z), 0);
        vio_zone_free(z);
        ck_assert_int_eq(vio_zone_parse("", file, sizeof file, &z), VIO_E_INVALID);
        file[4] = 0;
        ck_assert_int_eq(vio_zone_parse("", file, len, &z), VIO_E_INVALID);
        file[4] = '3';
        file[44 + 10 + 4] = '3';
        ck_assert_int_eq(vio_zone_parse("", file, len, &z), 0);
        vio_zone_free(z);
        ck_assert_int_eq(vio_zone_parse("", NULL, 0, &z), VIO_E_INVALID);
}
END_TEST

Suite *suite(void)
{
        static const int four[4];
        Suite *s = suite_create("zone");
        add_loop_case(s, the_wall_shows_what_it_should, walls);
        add_loop_case(s, the_wall_is_read_back, backs);
        add_case(s, times_out_of_all_bounds_do_no_harm);
        add_loop_case(s, a_name_that_cannot_be_one_is_refused, names);
        add_case(s, another_directory_must_be_absolute);
        add_loop_case(s, the_rule_in_the_footer_is_followed, footers);
        add_loop_case(s, a_footer_that_is_no_rule_is_refused, bad_footers);
        add_case(s, a_file_that_was_cut_off_is_refused);
        add_loop_case(s, a_damaged_file_is_refused_or_at_least_does_no_harm, four);
        add_case(s, a_file_must_be_of_the_second_version_and_of_sensible_size);
        return s;
}
