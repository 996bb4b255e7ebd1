/* out_of_memory.c - each allocation of each story fails once; none may crash, leak or lie. */
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "base/attr.h"
#include "exhaust.h"
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

static int (*const stories[])(void) = {
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
