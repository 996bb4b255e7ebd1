/* minutes.c - a tag of what changes with the time is good for a minute, any other for as long as
 * the data. */
#include <stdio.h>
#include <string.h>

#include "house.h"

static struct house house;

/* A minute of this house passes in a sixteenth of a second. */
static void build(void)
{
        static const char *const fast[] = {"--sandbox", "--sandbox-speed", "1000", NULL};
        house_open(&house);
        house_serve(&house, fast);
}

static void leave(void)
{
        house_leave(&house);
}

/* The part of the tag that counts minutes: "TENANT-VERSION-MINUTE-PROGRAM"; -1 without a tag. */
static long long minute_of(const char *path)
{
        long long minute = -1;
        _answer_ a = ask(&house, .path = path, .token = house.north.admin);
        if (a.status == 200)
                ck_assert_int_eq(sscanf(header_of(&a, "ETag"), "\"%*d-%*d-%lld-", &minute), 1);
        return minute;
}

/* The limit of the case ends a wait without end. */
START_TEST(the_minute_changes_the_tag_of_a_timed_row)
{
        static const char *const timed[] = {"/api/analytics/calls", "/api/analytics/performance",
                                            "/api/daily-summary/preview"};
        for (size_t i = 0; i < count_of(timed); i++) {
                long long first = minute_of(timed[i]);
                while (first >= 0 && minute_of(timed[i]) == first)
                        ;
        }
}
END_TEST

START_TEST(no_minute_changes_the_tag_of_any_other)
{
        static const char *const lasting[] = {"/api/contacts", "/api/contacts/stats"};
        for (size_t i = 0; i < count_of(lasting); i++)
                ck_assert_int_eq(minute_of(lasting[i]), 0);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("minutes");
        add_fixture_case(s, the_minute_changes_the_tag_of_a_timed_row, build, leave);
        add_fixture_case(s, no_minute_changes_the_tag_of_any_other, build, leave);
        return s;
}
