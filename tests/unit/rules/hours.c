/* hours.c - tests: opening hours read and said. */
#include "rules/hours.h"

#include <stdio.h>
#include <string.h>

#include "loop.h"
#include "run.h"

static struct {
        const char *json;
        const char *said;
} good[] = {
    {"{\"Mon\":{\"open\":\"09:00\",\"close\":\"17:00\"}}",
     "Monday 9:00 AM to 5:00 PM, closed on Tuesday to Sunday"},
    {"{\"Mon\":{\"open\":\"09:00\",\"close\":\"17:00\"},\"Tue\":{\"open\":\"09:00\",\"close\":"
     "\"17:00\"},\"Wed\":{\"open\":\"09:00\",\"close\":\"17:00\"},\"Thu\":{\"open\":\"09:00\","
     "\"close\":\"17:00\"},\"Fri\":{\"close\":\"12:30\",\"open\":\"08:05\"},\"Sat\":null}",
     "Monday to Thursday 9:00 AM to 5:00 PM, Friday 8:05 AM to 12:30 PM,"
     " closed on Saturday and Sunday"},
    {"{\"Sun\":{\"open\":\"00:00\",\"close\":\"24:00\"}}",
     "closed on Monday to Saturday, Sunday 12:00 AM to midnight"},
    {"{}", "closed on Monday to Sunday"},
};

START_TEST(hours_are_said_in_words)
{
        struct hours h;
        char mistake[HOURS_MISTAKE] = "";
        char said[HOURS_WORDS];
        ck_assert_msg(hours_read(good[_i].json, &h, mistake), "%s", mistake);
        hours_say(&h, said);
        ck_assert_str_eq(said, good[_i].said);
}
END_TEST

static struct {
        const char *json;
        const char *mistake;
} bad[] = {
    {"9-5", "must be JSON"},
    {"[]", "must be an object of days"},
    {"null", "must be an object of days"},
    {"{\"mon\":null}", "days are Mon, Tue, Wed, Thu, Fri, Sat and Sun"},
    {"{\"Monday\":null}", "days are Mon, Tue, Wed, Thu, Fri, Sat and Sun"},
    {"{\"Tue\":[\"09:00\",\"17:00\"]}", "Tue: must be an object with open and close, or null"},
    {"{\"Tue\":{\"close\":\"17:00\"}}", "Tue: open must be a time of day such as 09:00"},
    {"{\"Tue\":{\"open\":9,\"close\":\"17:00\"}}", "Tue: open must be a time of day such as 09:00"},
    {"{\"Tue\":{\"open\":\"09:00\",\"close\":\"5 pm\"}}",
     "Tue: close must be a time of day such as 17:00"},
    {"{\"Tue\":{\"open\":\"09:00\",\"close\":\"24:01\"}}",
     "Tue: close must be a time of day such as 17:00"},
    {"{\"Wed\":{\"open\":\"17:00\",\"close\":\"09:00\"}}", "Wed: must close after it opens"},
    {"{\"Wed\":{\"open\":\"09:00\",\"close\":\"09:00\"}}", "Wed: must close after it opens"},
    {"{\"Wed\":{\"open\":\"09:00\",\"close\":\"17:00\",\"rest\":\"12:00\"}}",
     "Wed: has other members than open and close"},
};

START_TEST(what_is_wrong_with_hours_is_said_with_its_day)
{
        struct hours h = {{{7, 8}}};
        char mistake[HOURS_MISTAKE] = "";
        ck_assert(!hours_read(bad[_i].json, &h, mistake));
        ck_assert_str_eq(mistake, bad[_i].mistake);
        ck_assert_int_eq(h.days[0].open, 7);
}
END_TEST

/* Seven days that all differ are the most there is to say. */
START_TEST(there_is_room_for_the_longest_week)
{
        struct hours h;
        char said[HOURS_WORDS];
        for (int i = 0; i < 7; i++) {
                h.days[i].open = 10 * 60 + i;
                h.days[i].close = 22 * 60 + i;
        }
        hours_say(&h, said);
        ck_assert_ptr_nonnull(strstr(said, "Sunday 10:06 AM to 10:06 PM"));
        ck_assert_uint_lt(strlen(said), HOURS_WORDS - 100);
}
END_TEST

/* Every pair of minutes of a day. */
START_TEST(a_day_is_open_only_when_it_closes_after_it_opens)
{
        for (int open = 0; open <= 24 * 60; open += 15)
                for (int close = 0; close <= 24 * 60; close += 15) {
                        char json[80];
                        char mistake[HOURS_MISTAKE];
                        struct hours h = {0};
                        snprintf(json, sizeof(json),
                                 "{\"Thu\":{\"open\":\"%02d:%02d\",\"close\":\"%02d:%02d\"}}",
                                 open / 60, open % 60, close / 60, close % 60);
                        ck_assert_int_eq(hours_read(json, &h, mistake), close > open);
                        ck_assert_int_eq(h.days[3].close, close > open ? close : 0);
                }
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("hours");
        add_loop_case(s, hours_are_said_in_words, good);
        add_loop_case(s, what_is_wrong_with_hours_is_said_with_its_day, bad);
        add_case(s, there_is_room_for_the_longest_week);
        add_case(s, a_day_is_open_only_when_it_closes_after_it_opens);
        return s;
}
