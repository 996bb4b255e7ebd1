/* analytics.c - what came of the calls, over HTTP, in the shapes that dashboards know. */
#include "house.h"

#include <stdio.h>
#include <string.h>

static struct house house;

static void start(void)
{
        house_build(&house);
        house_serve(&house, NULL);
}

static void stop(void)
{
        house_leave(&house);
}

static int64_t count_in(const vio_json *object, const char *key)
{
        int64_t n = -1;
        ck_assert_msg(vio_json_int(vio_json_get(object, key), &n) == VIO_OK, "no number %s", key);
        return n;
}

START_TEST(the_activity_of_today_has_the_known_shape)
{
        _answer_ a = ask(&house, .path = "/api/analytics/calls", .token = house.north.user);
        expect(&a, 200, NULL);
        ck_assert_int_eq(number_of(&a, "activeCalls"), 0);
        const vio_json *today = vio_json_get(a.json, "todaysSummary");
        ck_assert_uint_eq(vio_json_count(today), 4);
        ck_assert_int_eq(count_in(today, "callsAttemptedToday"), 3);
        ck_assert_int_eq(count_in(today, "callsCompletedToday"), 3);
        ck_assert_int_eq(count_in(today, "appointmentsConfirmedToday"), 0);
        _answer_ pending =
            ask(&house, .path = "/api/tasks?status=pending", .token = house.north.user);
        ck_assert_uint_ge(vio_json_count(pending.json), 2);
        ck_assert_int_eq(count_in(today, "pendingCalls"), (int64_t)vio_json_count(pending.json));
        ck_assert_ptr_nonnull(strstr(a.text, "\"outcomeBreakdown\":[{\"outcome\":\"busy\","
                                             "\"count\":3,\"percentage\":100.0}]"));
        const vio_json *recent = vio_json_get(a.json, "recentCallActivity");
        ck_assert_uint_eq(vio_json_count(recent), 3);
        const vio_json *newest = vio_json_first(recent);
        ck_assert_uint_eq(vio_json_count(newest), 6);
        ck_assert_str_eq(vio_json_text(vio_json_get(newest, "id")), house.north.call.s);
        ck_assert_str_eq(vio_json_text(vio_json_get(newest, "contactName")), "Jane Smith");
        ck_assert_str_eq(vio_json_text(vio_json_get(newest, "status")), "failed");
        ck_assert_str_eq(vio_json_text(vio_json_get(newest, "outcome")), "busy");
        ck_assert_ptr_nonnull(vio_json_text(vio_json_get(newest, "timestamp")));
        ck_assert_int_ne(vio_json_type(vio_json_get(newest, "duration")), VIO_JSON_MISSING);
}
END_TEST

START_TEST(the_performance_of_thirty_days_has_the_known_shape)
{
        _answer_ a = ask(&house, .path = "/api/analytics/performance", .token = house.north.user);
        expect(&a, 200, NULL);
        ck_assert_ptr_nonnull(strstr(a.text, "\"callSuccessRate\":0.0"));
        ck_assert_ptr_nonnull(strstr(a.text, "\"noShowRate\":0.0"));
        ck_assert_ptr_nonnull(strstr(a.text, "\"confirmationRate\":0.0"));
        ck_assert_int_eq(number_of(&a, "avgCallDuration"), 0);
        const vio_json *series = vio_json_get(a.json, "timeSeries");
        ck_assert_uint_eq(vio_json_count(series), 30);
        const vio_json *last = vio_json_first(series);
        while (vio_json_next(last))
                last = vio_json_next(last);
        ck_assert_int_eq(count_in(last, "calls"), 3);
        ck_assert_int_eq(count_in(last, "confirmed"), 0);
        ck_assert_uint_eq(strlen(vio_json_text(vio_json_get(last, "date"))), 10);
        ck_assert_uint_eq(vio_json_count(vio_json_get(a.json, "dayParts")), 3);
        ck_assert_uint_eq(vio_json_count(vio_json_get(a.json, "outcomes")), 1);
}
END_TEST

static const struct {
        const char *query;
        int status;
        size_t days;
} periods[] = {
    {"?timePeriod=1", 200, 1},   {"?timePeriod=366", 200, 366},
    {"?timePeriod=367", 400, 0}, {"?timePeriod=0", 400, 0},
    {"?timePeriod=-3", 400, 0},  {"?timePeriod=month", 400, 0},
    {"?timePeriod=7.5", 400, 0}, {"?timePeriod=99999999999999999", 400, 0},
};

START_TEST(a_period_has_1_to_366_days)
{
        char where[80];
        snprintf(where, sizeof(where), "/api/analytics/performance%s", periods[_i].query);
        _answer_ a = ask(&house, .path = where, .token = house.north.user);
        expect(&a, periods[_i].status,
               periods[_i].status == 400 ? "timePeriod must be 1 to 366 days" : NULL);
        if (periods[_i].status == 200)
                ck_assert_uint_eq(vio_json_count(vio_json_get(a.json, "timeSeries")),
                                  periods[_i].days);
}
END_TEST

START_TEST(an_empty_shop_has_numbers_too)
{
        struct house empty;
        house_open(&empty);
        house_serve(&empty, NULL);
        _answer_ a = ask(&empty, .path = "/api/analytics/calls", .token = empty.south.user);
        expect(&a, 200, NULL);
        ck_assert_ptr_nonnull(strstr(a.text, "\"outcomeBreakdown\":[]"));
        ck_assert_ptr_nonnull(strstr(a.text, "\"recentCallActivity\":[]"));
        house_leave(&empty);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("http_analytics");
        TCase *tc = shared_case(s, start, stop);
        tcase_add_test(tc, the_activity_of_today_has_the_known_shape);
        tcase_add_test(tc, the_performance_of_thirty_days_has_the_known_shape);
        tcase_add_loop_test(tc, a_period_has_1_to_366_days, 0, count_of(periods));
        tcase_add_test(tc, an_empty_shop_has_numbers_too);
        return s;
}
