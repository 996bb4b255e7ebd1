/* retell_request.c - the requests to Retell, byte by byte. */
#include <string.h>

#include "base/attr.h"
#include "remote/retell.h"
#include "run.h"

static const struct retell_account account = {"https://api.example/", "key_abc"};

static void must_be(const struct retell_request *r, const char *method, const char *url,
                    const char *body)
{
        ck_assert_uint_eq(r->http.size, sizeof(struct vio_http_request));
        ck_assert_str_eq(r->http.method, method);
        ck_assert_str_eq(r->http.url, url);
        ck_assert_int_gt(r->http.timeout_ms, 0);
        ck_assert_str_eq(r->http.headers[0].name, "Authorization");
        ck_assert_str_eq(r->http.headers[0].value, "Bearer key_abc");
        ck_assert_str_eq(r->http.headers[1].name, "Accept");
        ck_assert_uint_eq(r->http.n_headers, body ? 3 : 2);
        if (!body) {
                ck_assert_ptr_null(r->http.body);
                return;
        }
        ck_assert_str_eq(r->http.headers[2].name, "Content-Type");
        ck_assert_str_eq(r->http.headers[2].value, "application/json");
        ck_assert_str_eq(r->http.body, body);
        ck_assert_uint_eq(r->http.body_len, strlen(body));
}

START_TEST(a_call_is_ordered_with_our_references_and_its_variables)
{
        struct retell_variable variables[] = {
            {"name", "Ana \"A\" José"}, {"absent", NULL}, {"clinic", ""}};
        struct retell_dial dial = {"+14155550100", "+14155550123", "agent_x", "ref-1", "7",
                                   "12",           variables,      3};
        _cleanup_retell_request_ struct retell_request r = {0};
        ck_assert_int_eq(retell_request_create(&r, &account, &dial), 0);
        must_be(&r, "POST", "https://api.example/v2/create-phone-call",
                "{\"from_number\":\"+14155550100\",\"to_number\":\"+14155550123\","
                "\"override_agent_id\":\"agent_x\",\"metadata\":{\"attempt_ref\":\"ref-1\","
                "\"tenant_id\":\"7\",\"contact_id\":\"12\"},\"retell_llm_dynamic_variables\":"
                "{\"name\":\"Ana \\\"A\\\" José\",\"clinic\":\"\"}}");
        ck_assert_int_eq(r.http.timeout_ms, 30000);
}
END_TEST

START_TEST(what_is_not_known_is_left_out_and_never_null)
{
        struct retell_dial dial = {.from_number = "+1", .to_number = "+2", .attempt_ref = "r"};
        _cleanup_retell_request_ struct retell_request r = {0};
        ck_assert_int_eq(retell_request_create(&r, &account, &dial), 0);
        must_be(
            &r, "POST", "https://api.example/v2/create-phone-call",
            "{\"from_number\":\"+1\",\"to_number\":\"+2\",\"metadata\":{\"attempt_ref\":\"r\"}}");
}
END_TEST

START_TEST(a_call_without_numbers_or_reference_is_refused)
{
        struct retell_dial dials[] = {
            {.to_number = "+2", .attempt_ref = "r"},
            {.from_number = "", .to_number = "+2", .attempt_ref = "r"},
            {.from_number = "+1", .attempt_ref = "r"},
            {.from_number = "+1", .to_number = "", .attempt_ref = "r"},
            {.from_number = "+1", .to_number = "+2"},
            {.from_number = "+1", .to_number = "+2", .attempt_ref = ""},
            {.from_number = "+1", .to_number = "+2", .attempt_ref = "r", .agent_id = ""},
        };
        for (size_t i = 0; i < count_of(dials); i++) {
                struct retell_request r = {0};
                ck_assert_int_eq(retell_request_create(&r, &account, &dials[i]), VIO_E_INVALID);
                ck_assert_ptr_null(r.memory);
        }
}
END_TEST

START_TEST(a_call_id_stays_inside_its_path_segment)
{
        static const struct {
                const char *id;
                const char *url;
        } rows[] = {
            {"call_5c1f-0.~", "https://api.example/v2/get-call/call_5c1f-0.~"},
            {"../../x?a=b#c", "https://api.example/v2/get-call/..%2F..%2Fx%3Fa%3Db%23c"},
            {"a b%\r\n\xc3\xa9", "https://api.example/v2/get-call/a%20b%25%0D%0A%C3%A9"},
        };
        for (size_t i = 0; i < count_of(rows); i++) {
                _cleanup_retell_request_ struct retell_request r = {0};
                ck_assert_int_eq(retell_request_get_call(&r, &account, rows[i].id), 0);
                must_be(&r, "GET", rows[i].url, NULL);
        }
        struct retell_request none = {0};
        ck_assert_int_eq(retell_request_get_call(&none, &account, NULL), VIO_E_INVALID);
        ck_assert_int_eq(retell_request_get_call(&none, &account, ""), VIO_E_INVALID);
        ck_assert_int_eq(retell_request_get_call(&none, &account, ".."), VIO_E_INVALID);
}
END_TEST

START_TEST(one_lost_attempt_is_looked_up_by_its_reference)
{
        const char *refs[] = {"ref-1"};
        _cleanup_retell_request_ struct retell_request r = {0};
        ck_assert_int_eq(retell_request_list_by_ref(&r, &account, refs, 1, NULL), 0);
        must_be(&r, "POST", "https://api.example/v3/list-calls",
                "{\"filter_criteria\":{\"metadata\":[{\"type\":\"string\",\"op\":\"eq\","
                "\"key\":\"attempt_ref\",\"value\":\"ref-1\"}]},\"limit\":1000}");
}
END_TEST

START_TEST(several_lost_attempts_are_looked_up_at_once_page_by_page)
{
        const char *refs[] = {"ref-1", "ref-2"};
        _cleanup_retell_request_ struct retell_request r = {0};
        ck_assert_int_eq(retell_request_list_by_ref(&r, &account, refs, 2, "page\"2"), 0);
        must_be(&r, "POST", "https://api.example/v3/list-calls",
                "{\"filter_criteria\":{\"metadata\":[{\"type\":\"enum\",\"op\":\"in\","
                "\"key\":\"attempt_ref\",\"value\":[\"ref-1\",\"ref-2\"]}]},\"limit\":1000,"
                "\"pagination_key\":\"page\\\"2\"}");
        struct retell_request none = {0};
        ck_assert_int_eq(retell_request_list_by_ref(&none, &account, refs, 0, NULL), VIO_E_INVALID);
        ck_assert_int_eq(
            retell_request_list_by_ref(&none, &account, refs, RETELL_LIST_REFS + 1, NULL),
            VIO_E_INVALID);
}
END_TEST

START_TEST(the_account_is_asked_about_itself)
{
        struct retell_account bare = {"http://127.0.0.1:9", "key_abc"};
        _cleanup_retell_request_ struct retell_request a = {0};
        _cleanup_retell_request_ struct retell_request b = {0};
        ck_assert_int_eq(retell_request_concurrency(&a, &account), 0);
        must_be(&a, "GET", "https://api.example/get-concurrency", NULL);
        ck_assert_int_eq(retell_request_key_info(&b, &bare), 0);
        must_be(&b, "GET", "http://127.0.0.1:9/get-api-key-info", NULL);
        _cleanup_retell_request_ struct retell_request c = {0};
        _cleanup_retell_request_ struct retell_request d = {0};
        ck_assert_int_eq(retell_request_number(&c, &account, "+14155550100"), 0);
        must_be(&c, "GET", "https://api.example/get-phone-number/%2B14155550100", NULL);
        ck_assert_int_eq(retell_request_agent(&d, &account, "agent/1"), 0);
        must_be(&d, "GET", "https://api.example/get-agent/agent%2F1", NULL);
}
END_TEST

START_TEST(without_a_key_there_is_no_request)
{
        const char *keys[] = {NULL, ""};
        for (size_t i = 0; i < count_of(keys); i++) {
                struct retell_account poor = {"https://api.example", keys[i]};
                struct retell_request r = {0};
                ck_assert_int_eq(retell_request_concurrency(&r, &poor), VIO_E_INVALID);
                ck_assert_ptr_null(r.memory);
        }
}
END_TEST

START_TEST(a_request_may_be_moved_and_freed_twice)
{
        struct retell_request r = {0};
        ck_assert_int_eq(retell_request_concurrency(&r, &account), 0);
        struct retell_request moved = r;
        memset(&r, 0, sizeof(r));
        must_be(&moved, "GET", "https://api.example/get-concurrency", NULL);
        retell_request_free(&moved);
        retell_request_free(&moved);
        ck_assert_ptr_null(moved.http.url);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("retell_request");
        add_case(s, a_call_is_ordered_with_our_references_and_its_variables);
        add_case(s, what_is_not_known_is_left_out_and_never_null);
        add_case(s, a_call_without_numbers_or_reference_is_refused);
        add_case(s, a_call_id_stays_inside_its_path_segment);
        add_case(s, one_lost_attempt_is_looked_up_by_its_reference);
        add_case(s, several_lost_attempts_are_looked_up_at_once_page_by_page);
        add_case(s, the_account_is_asked_about_itself);
        add_case(s, without_a_key_there_is_no_request);
        add_case(s, a_request_may_be_moved_and_freed_twice);
        return s;
}
