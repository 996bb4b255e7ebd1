/* out_of_memory.c - each allocation of each story fails once; none may crash, leak or lie. */
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "base/attr.h"
#include "exhaust.h"
#include "remote/calendar.h"
#include "remote/response.h"
#include "remote/retell.h"
#include "run.h"

static const struct retell_account account = {"https://api.example", "key_abc"};
static const char call[] =
    "{\"call_id\":\"c\",\"metadata\":{\"attempt_ref\":\"r\",\"tenant_id\":7}}";

static int order_a_call(void)
{
        struct retell_variable variable = {"name", "Ana"};
        struct retell_dial dial = {"+1", "+2", "agent", "ref", "7", "8", &variable, 1};
        _cleanup_retell_request_ struct retell_request r = {0};
        return retell_request_create(&r, &account, &dial);
}

static int ask_for_a_call(void)
{
        _cleanup_retell_request_ struct retell_request r = {0};
        return retell_request_get_call(&r, &account, "call_1");
}

static int ask_for_a_page(void)
{
        const char *refs[] = {"a", "b"};
        _cleanup_retell_request_ struct retell_request r = {0};
        return retell_request_list_by_ref(&r, &account, refs, 2, "key");
}

static int answer_with_a_call(void)
{
        _cleanup_response_ struct vio_http_response *r = answered(200, call);
        _cleanup_retell_answer_ struct retell_answer a = {0};
        if (!r || vio_http_response_get_failure(r))
                return VIO_E_NOMEM;
        return retell_understand_call(r, &a);
}

static int answer_with_a_page(void)
{
        _cleanup_response_ struct vio_http_response *r =
            answered(200, "{\"items\":[{\"call_id\":\"c\"},{\"call_id\":\"d\"}]}");
        _cleanup_retell_page_ struct retell_page p = {0};
        if (!r || vio_http_response_get_failure(r))
                return VIO_E_NOMEM;
        return retell_understand_list(r, &p);
}

/* A call that was placed must not look like one that was not, whatever memory lacks. */
static int answer_with_a_placed_call(void)
{
        _cleanup_response_ struct vio_http_response *r = answered(201, call);
        if (!r)
                return VIO_E_NOMEM;
        vio_http_response_header(r, "Content-Type", "application/json");
        struct retell_created c;
        enum retell_result result = retell_understand_create(r, &c);
        ck_assert(result == RETELL_PLACED || result == RETELL_UNCLEAR);
        return result == RETELL_PLACED ? VIO_OK : VIO_E_NOMEM;
}

static int read_a_webhook(void)
{
        static const char body[] = "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"c\"}}";
        _cleanup_retell_webhook_ struct retell_webhook w = {0};
        return retell_webhook_parse(body, strlen(body), &w);
}

static const struct booking_form form = {"mobile", "Mobile?"};

static int ask_for_bookings(void)
{
        static const struct calendar_account calendar = {"https://api.example", "cal_live"};
        struct cal_com_query q = {.updated = 1000, .start = VIO_TIME_NONE, .cursor = "c"};
        _cleanup_calendar_request_ struct calendar_request r = {0};
        return cal_com_request_bookings(&r, &calendar, &q);
}

static int read_a_booking(void)
{
        static const char body[] =
            "{\"triggerEvent\":\"BOOKING_CREATED\",\"payload\":{\"uid\":\"u\",\"startTime\":"
            "\"2026-12-01T15:30:00Z\",\"seatsPerTimeSlot\":2,\"attendees\":[{\"name\":\"A\"},"
            "{\"name\":\"B\"}]}}";
        struct booking_webhook w = {0};
        vio_json *root = NULL;
        int r = vio_json_parse(body, strlen(body), &root);
        if (r == 0)
                r = cal_com_webhook_read(root, &form, &w);
        booking_notices_free(&w.notices);
        vio_json_free(root);
        return r;
}

static int answer_with_bookings(void)
{
        _cleanup_response_ struct vio_http_response *r =
            answered(200, "{\"data\":[{\"uid\":\"u\",\"status\":\"accepted\",\"start\":"
                          "\"2026-12-01T15:30:00Z\"},{\"uid\":\"v\",\"status\":\"cancelled\"}]}");
        struct cal_com_page page = {0};
        if (!r || vio_http_response_get_failure(r))
                return VIO_E_NOMEM;
        int e = cal_com_read_page(r, &form, &page);
        booking_notices_free(&page.notices);
        return e;
}

static int answer_with_invitees(void)
{
        static const char event[] = "{\"start_time\":\"2026-12-01T15:30:00Z\"}";
        _cleanup_response_ struct vio_http_response *r =
            answered(200, "{\"collection\":[{\"uri\":\"i\",\"no_show\":{}},{\"uri\":\"j\"}]}");
        struct booking_notices notices = {0};
        vio_json *root = NULL;
        if (!r || vio_http_response_get_failure(r))
                return VIO_E_NOMEM;
        int e = vio_json_parse(event, strlen(event), &root);
        if (e == 0)
                e = calendly_read_invitees(r, root, &form, &notices);
        booking_notices_free(&notices);
        vio_json_free(root);
        return e;
}

static int (*const stories[])(void) = {
    ask_for_bookings,
    read_a_booking,
    answer_with_bookings,
    answer_with_invitees,
    order_a_call,
    ask_for_a_call,
    ask_for_a_page,
    read_a_webhook,
    answer_with_a_call,
    answer_with_a_page,
    answer_with_a_placed_call,
};

START_TEST(every_lack_of_memory_is_told_and_nothing_leaks)
{
        exhaust(stories[_i], 3);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("out_of_memory");
        TCase *rows = tcase_create("rows");
        tcase_add_loop_test(rows, every_lack_of_memory_is_told_and_nothing_leaks, 0,
                            (int)count_of(stories));
        suite_add_tcase(s, rows);
        return s;
}
