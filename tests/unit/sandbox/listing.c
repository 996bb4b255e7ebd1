/* listing.c - list-calls: search by metadata, filters, order and pages. */
#include <stdio.h>
#include <string.h>

#include "run.h"
#include "visitor.h"

#define LIST "POST /v3/list-calls"

static struct world *world;
static struct call_name calls[7];

/* Seven calls a second apart: ref-0 to ref-6, to the people ..01 to ..07. */
static void arrive(void)
{
        world = given_world(7);
        for (int i = 0; i < 7; i++) {
                char to[16], ref[8];
                snprintf(to, sizeof(to), "+1415555000%d", i + 1);
                snprintf(ref, sizeof(ref), "ref-%d", i);
                calls[i] = place_call(world, MIDDAY + i * 1000, to, ref);
        }
}

static void leave(void)
{
        world = world_free(world);
}

/* The numbers of the calls listed, as a text such as "630". */
static const char *found(struct world *w, vio_time now, const char *body)
{
        static char digits[16];
        _cleanup_reply_ struct reply r = {0};
        size_t n = 0;
        ask(w, now, LIST, body, &r);
        ck_assert_msg(r.status == 200, "%s", r.text);
        const vio_json *items = vio_json_get(r.json, "items");
        for (const vio_json *i = vio_json_first(items); i; i = vio_json_next(i))
                for (int c = 0; c < 7; c++)
                        if (!strcmp(vio_json_text(vio_json_get(i, "call_id")), calls[c].id))
                                digits[n++] = (char)('0' + c);
        digits[n] = '\0';
        ck_assert_uint_eq(n, vio_json_count(items));
        return digits;
}

#define BY(name, filter) "{\"filter_criteria\":{\"" name "\":{" filter "}}}"
#define BY_METADATA(rest)                                                                          \
        "{\"filter_criteria\":{\"metadata\":[{\"key\":\"attempt_ref\"," rest "}]}}"
#define LATER (MIDDAY + 3600000)

START_TEST(a_call_is_found_by_its_attempt_ref_at_once)
{
        ck_assert_str_eq(
            found(world, MIDDAY + 6000,
                  BY_METADATA("\"type\":\"string\",\"op\":\"eq\",\"value\":\"ref-6\"")),
            "6");
        ck_assert_str_eq(
            found(world, MIDDAY + 6000,
                  BY_METADATA("\"type\":\"enum\",\"op\":\"in\",\"value\":[\"ref-1\",\"ref-4\"]")),
            "41");
        ck_assert_str_eq(
            found(world, MIDDAY + 6000,
                  BY_METADATA("\"type\":\"string\",\"op\":\"eq\",\"value\":\"ref-7\"")),
            "");
}
END_TEST

START_TEST(every_operator_of_a_string_works)
{
        ck_assert_str_eq(
            found(world, LATER,
                  BY_METADATA("\"type\":\"string\",\"op\":\"ne\",\"value\":\"ref-3\"")),
            "654210");
        ck_assert_str_eq(
            found(world, LATER, BY_METADATA("\"type\":\"string\",\"op\":\"sw\",\"value\":\"ref\"")),
            "6543210");
        ck_assert_str_eq(
            found(world, LATER, BY_METADATA("\"type\":\"string\",\"op\":\"ew\",\"value\":\"-2\"")),
            "2");
        ck_assert_str_eq(
            found(world, LATER, BY_METADATA("\"type\":\"string\",\"op\":\"co\",\"value\":\"f-5\"")),
            "5");
        ck_assert_str_eq(found(world, LATER, BY_METADATA("\"type\":\"present\",\"op\":\"np\"")),
                         "");
        ck_assert_str_eq(found(world, LATER, BY_METADATA("\"type\":\"present\",\"op\":\"pr\"")),
                         "6543210");
}
END_TEST

START_TEST(a_value_that_is_absent_meets_no_filter_but_np)
{
        static const char *const meeting_none[] = {
            BY_METADATA("\"type\":\"string\",\"op\":\"ne\",\"value\":\"x\""),
            BY_METADATA("\"type\":\"number\",\"op\":\"ne\",\"value\":1"),
            BY_METADATA("\"type\":\"boolean\",\"op\":\"eq\",\"value\":false"),
            BY_METADATA("\"type\":\"string\",\"op\":\"co\",\"value\":\"\""),
        };
        struct world *other = given_world(8);
        calls[0] = place_call(other, MIDDAY, "+14155550001", NULL);
        for (int i = 0; i < 4; i++)
                ck_assert_str_eq(found(other, LATER, meeting_none[i]), "");
        ck_assert_str_eq(found(other, LATER, BY_METADATA("\"type\":\"present\",\"op\":\"np\"")),
                         "0");
        world_free(other);
}
END_TEST

START_TEST(calls_are_found_by_what_became_of_them)
{
        ck_assert_str_eq(
            found(world, LATER,
                  BY("call_status", "\"type\":\"enum\",\"op\":\"in\",\"value\":[\"ended\"]")),
            "3210");
        ck_assert_str_eq(
            found(world, LATER,
                  BY("disconnection_reason",
                     "\"type\":\"enum\",\"op\":\"in\",\"value\":[\"dial_busy\",\"dial_failed\"]")),
            "65");
        ck_assert_str_eq(
            found(world, LATER,
                  BY("in_voicemail", "\"type\":\"boolean\",\"op\":\"eq\",\"value\":true")),
            "3");
        ck_assert_str_eq(
            found(world, MIDDAY + 9000,
                  BY("call_status", "\"type\":\"enum\",\"op\":\"in\",\"value\":[\"ongoing\"]")),
            "210");
        ck_assert_str_eq(
            found(world, LATER,
                  BY("duration_ms", "\"type\":\"number\",\"op\":\"lt\",\"value\":40000")),
            "3");
}
END_TEST

START_TEST(calls_are_found_by_number_and_id_and_all_filters_must_hold)
{
        char body[256];
        ck_assert_str_eq(found(world, LATER,
                               BY("to_number", "\"type\":\"string\",\"op\":\"eq\","
                                               "\"value\":\"+14155550003\"")),
                         "2");
        snprintf(body, sizeof(body),
                 BY("call_id", "\"type\":\"enum\",\"op\":\"in\",\"value\":[\"%s\",\"%s\"]"),
                 calls[1].id, calls[5].id);
        ck_assert_str_eq(found(world, LATER, body), "51");
        snprintf(body, sizeof(body),
                 "{\"filter_criteria\":{"
                 "\"call_id\":{\"type\":\"enum\",\"op\":\"in\",\"value\":[\"%s\",\"%s\"]},"
                 "\"call_status\":{\"type\":\"enum\",\"op\":\"in\",\"value\":[\"ended\"]}}}",
                 calls[1].id, calls[5].id);
        ck_assert_str_eq(found(world, LATER, body), "1");
}
END_TEST

START_TEST(a_registered_call_is_listed_but_has_no_start)
{
        _cleanup_reply_ struct reply r = {0};
        ask(world, MIDDAY + 6000, LIST, "{\"limit\":1}", &r);
        const vio_json *item = vio_json_first(vio_json_get(r.json, "items"));
        ck_assert_str_eq(vio_json_text(vio_json_get(item, "call_status")), "registered");
        ck_assert_ptr_null(vio_json_get(item, "start_timestamp"));
}
END_TEST

START_TEST(items_come_without_transcript_and_recording)
{
        static const char *const omitted[] = {"transcript", "transcript_object",
                                              "transcript_with_tool_calls", "recording_url"};
        _cleanup_reply_ struct reply list = {0}, whole = {0};
        ask(world, LATER, LIST, "{\"sort_order\":\"ascending\",\"limit\":1}", &list);
        look_at(world, LATER, calls[0], &whole);
        const vio_json *item = vio_json_first(vio_json_get(list.json, "items"));
        for (int i = 0; i < 4; i++) {
                ck_assert_ptr_null(vio_json_get(item, omitted[i]));
                ck_assert_ptr_nonnull(vio_json_get(whole.json, omitted[i]));
        }
        ck_assert_ptr_nonnull(vio_json_get(item, "call_analysis"));
        ck_assert_ptr_nonnull(vio_json_get(item, "metadata"));
}
END_TEST

/* Walks all pages; the calls found, in order. */
static const char *walk(const char *order, int limit, int *ret_pages)
{
        static char digits[32];
        char key[40] = "";
        digits[0] = '\0';
        *ret_pages = 0;
        for (bool more = true; more; (*ret_pages)++) {
                _cleanup_reply_ struct reply r = {0};
                char body[160], after[64] = "";
                if (*key)
                        snprintf(after, sizeof(after), ",\"pagination_key\":\"%s\"", key);
                snprintf(body, sizeof(body), "{\"sort_order\":\"%s\",\"limit\":%d%s}", order, limit,
                         after);
                strcat(digits, found(world, LATER, body));
                ask(world, LATER, LIST, body, &r);
                ck_assert_int_eq(vio_json_bool(vio_json_get(r.json, "has_more"), &more), VIO_OK);
                ck_assert_int_eq(more, !!*reply_text(&r, "pagination_key"));
                snprintf(key, sizeof(key), "%s", reply_text(&r, "pagination_key"));
        }
        return digits;
}

START_TEST(pages_show_every_call_once_in_both_orders)
{
        int pages;
        ck_assert_str_eq(walk("descending", 3, &pages), "6543210");
        ck_assert_int_eq(pages, 3);
        ck_assert_str_eq(walk("ascending", 2, &pages), "0123456");
        ck_assert_int_eq(pages, 4);
        ck_assert_str_eq(walk("ascending", 7, &pages), "0123456");
        ck_assert_int_eq(pages, 1);
}
END_TEST

START_TEST(a_call_placed_meanwhile_does_not_shift_the_pages)
{
        _cleanup_reply_ struct reply r = {0};
        char body[80];
        ask(world, LATER, LIST, "{\"limit\":3}", &r);
        snprintf(body, sizeof(body), "{\"limit\":3,\"pagination_key\":\"%s\"}",
                 reply_text(&r, "pagination_key"));
        place_call(world, LATER, "+14155550001", NULL);
        ck_assert_str_eq(found(world, LATER, body), "321");
}
END_TEST

START_TEST(calls_can_be_skipped_and_counted)
{
        _cleanup_reply_ struct reply r = {0};
        int64_t total = 0;
        ck_assert_str_eq(found(world, LATER, "{\"skip\":5}"), "10");
        ck_assert_str_eq(found(world, LATER, "{\"skip\":9}"), "");
        ask(world, LATER, LIST, "{\"limit\":2,\"include_total\":true}", &r);
        ck_assert_int_eq(vio_json_int(vio_json_get(r.json, "total"), &total), VIO_OK);
        ck_assert_int_eq(total, 7);
        ck_assert_uint_eq(vio_json_count(vio_json_get(r.json, "items")), 2);
}
END_TEST

START_TEST(calls_of_another_workspace_are_not_listed)
{
        struct world_request rq = {.method = "POST",
                                   .path = "/v3/list-calls",
                                   .authorization = "Bearer key_other",
                                   .body = "{}",
                                   .body_len = 2};
        struct world_answer a;
        const char *text;
        ck_assert_int_eq(world_request(world, LATER, &rq, &a), VIO_OK);
        ck_assert_int_eq(vio_json_writer_text(a.body, &text, NULL), VIO_OK);
        ck_assert_str_eq(text, "{\"items\":[],\"has_more\":false}");
        world_answer_clear(&a);
}
END_TEST

START_TEST(a_list_that_lags_behind_shows_a_call_only_later)
{
        struct world_options options = {.list_lag_ms = 30000};
        struct world *slow = world_new(&options);
        calls[0] = place_call(slow, MIDDAY, "+14155550001", NULL);
        ck_assert_str_eq(found(slow, MIDDAY + 29999, "{}"), "");
        ck_assert_str_eq(found(slow, MIDDAY + 30000, "{}"), "0");
        world_free(slow);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("list-calls");
        add_fixture_case(s, a_call_is_found_by_its_attempt_ref_at_once, arrive, leave);
        add_fixture_case(s, every_operator_of_a_string_works, arrive, leave);
        add_fixture_case(s, calls_are_found_by_what_became_of_them, arrive, leave);
        add_fixture_case(s, calls_are_found_by_number_and_id_and_all_filters_must_hold, arrive,
                         leave);
        add_fixture_case(s, a_registered_call_is_listed_but_has_no_start, arrive, leave);
        add_fixture_case(s, items_come_without_transcript_and_recording, arrive, leave);
        add_fixture_case(s, pages_show_every_call_once_in_both_orders, arrive, leave);
        add_fixture_case(s, a_call_placed_meanwhile_does_not_shift_the_pages, arrive, leave);
        add_fixture_case(s, calls_can_be_skipped_and_counted, arrive, leave);
        add_fixture_case(s, calls_of_another_workspace_are_not_listed, arrive, leave);
        add_case(s, a_value_that_is_absent_meets_no_filter_but_np);
        add_case(s, a_list_that_lags_behind_shows_a_call_only_later);
        return s;
}
