/* check_retell.c - what is told of a tenant's key, number and agent, by what Retell answers. */
#include <stdio.h>
#include <string.h>

#include "abi/handle.h"
#include "clinic.h"
#include "run.h"
#include "store/q.h"

static struct town town;
static struct business *const acme = &town.acme;

/* What a Retell of our own answers; status 0: it cannot be reached. */
static struct answers {
        int key;
        int number;
        const char *number_body;
        int agent;
} answers;

static int asked;
static char bearer[80]; /* of the latest request */

static void answer(struct vio_http_response *r, int status, const char *body)
{
        if (!status) {
                vio_http_response_fail(r, VIO_HTTP_NOT_SENT, "connection refused");
                return;
        }
        vio_http_response_status(r, status);
        vio_http_response_write(r, body, strlen(body));
}

static void perform(void *data, const struct vio_http_request *requests,
                    struct vio_http_response *const *responses, size_t n)
{
        (void)data;
        for (size_t i = 0; i < n; i++, asked++) {
                const char *path = requests[i].url + strlen("http://retell.test");
                ck_assert_str_eq(requests[i].headers[0].name, "Authorization");
                snprintf(bearer, sizeof(bearer), "%s", requests[i].headers[0].value);
                if (strcmp(path, "/get-api-key-info") == 0)
                        answer(responses[i], answers.key, "{}");
                else if (strcmp(path, "/get-phone-number/%2B14155550100") == 0)
                        answer(responses[i], answers.number,
                               answers.number_body ? answers.number_body : "{}");
                else if (strcmp(path, "/get-agent/agent_7") == 0)
                        answer(responses[i], answers.agent, "{}");
                else
                        ck_abort_msg("asked for %s", path);
        }
}

static void open_town(void)
{
        town_open(&town);
        given_setting(acme, "retell_phone_number", "+14155550100");
        given_setting(acme, "retell_agent_id", "agent_7");
        town.v->engine.http = (struct vio_http_transport){perform, NULL};
        asked = 0;
}

static void close_town(void)
{
        town_close(&town);
}

/* "key+ number- agent+": each check with whether it was good; details and remedies beside it. */
static char told[64];
static char details[1024];

static int note(void *data, const struct vio_finding *f)
{
        (void)data;
        size_t len = strlen(told);
        snprintf(told + len, sizeof(told) - len, "%s%s%c", len ? " " : "", f->check,
                 f->ok ? '+' : '-');
        len = strlen(details);
        snprintf(details + len, sizeof(details) - len, "%s; ", f->detail);
        ck_assert_int_eq(*f->remedy == '\0', f->ok);
        return 0;
}

static const char *test_retell(void)
{
        told[0] = details[0] = '\0';
        ck_assert_int_eq(vio_tenant_test_retell(acme->handle, note, NULL), 0);
        ck_assert_ptr_null(strstr(details, acme->api_key));
        ck_assert_ptr_null(strstr(details, "555"));
        return told;
}

static struct {
        struct answers answers;
        const char *told;
        const char *detail;
} rows[] = {
    {{200, 200, NULL, 200}, "key+ number+ agent+", "Retell knows the key"},
    {{401, 401, NULL, 401}, "key-", "Retell refuses the key"},
    {{403, 200, NULL, 200}, "key-", "Retell refuses the key"},
    {{0, 0, NULL, 0}, "key-", "Retell could not be reached: connection refused"},
    {{500, 500, NULL, 500}, "key-", "Retell answered with status 500"},
    {{404, 404, NULL, 404}, "key-", "Retell answered with status 404"},
    {{429, 200, NULL, 200}, "key-", "Retell is asked too often at the moment"},
    {{200, 404, NULL, 200}, "key+ number- agent+", "the number is not in the account of this key"},
    {{200, 200, NULL, 422}, "key+ number+ agent-", "the agent is not in the account of this key"},
    {{200, 404, NULL, 404}, "key+ number- agent-", "the number is not in"},
    {{200, 0, NULL, 200}, "key+ number- agent+", "Retell could not be reached"},
    {{200, 200, "x", 200}, "key+ number- agent+", "Retell answered with status 200"},
    {{200, 200, NULL, 401}, "key+ number+ agent-", "Retell refuses the key"},
};

START_TEST(each_answer_has_its_finding)
{
        answers = rows[_i].answers;
        ck_assert_str_eq(test_retell(), rows[_i].told);
        ck_assert_msg(strstr(details, rows[_i].detail), "%s", details);
        ck_assert_int_eq(asked, 3);
}
END_TEST

START_TEST(without_a_key_nobody_is_asked)
{
        given_setting(acme, "retell_api_key", NULL);
        ck_assert_str_eq(test_retell(), "key-");
        ck_assert_str_eq(details, "no API key is set; ");
        ck_assert_int_eq(asked, 0);
}
END_TEST

START_TEST(without_a_number_there_is_nothing_to_call_from)
{
        answers = (struct answers){200, 200, NULL, 200};
        given_setting(acme, "retell_phone_number", NULL);
        ck_assert_str_eq(test_retell(), "key+ number- agent+");
        given_setting(acme, "retell_agent_id", NULL);
        ck_assert_str_eq(test_retell(), "key+ number-");
}
END_TEST

START_TEST(without_an_agent_the_numbers_own_must_be_there)
{
        given_setting(acme, "retell_agent_id", NULL);
        answers = (struct answers){200, 200, "{\"outbound_agents\":[]}", 0};
        ck_assert_str_eq(test_retell(), "key+ number+ agent-");
        answers.number_body = "{\"outbound_agents\":[{\"agent_id\":\"agent_1\"}]}";
        ck_assert_str_eq(test_retell(), "key+ number+ agent+");
        answers.number = 404;
        ck_assert_str_eq(test_retell(), "key+ number-");
}
END_TEST

START_TEST(each_tenant_is_tested_with_its_own_key)
{
        char expected[80];
        answers = (struct answers){200, 200, NULL, 200};
        given_setting(&town.bolt, "retell_phone_number", "+14155550100");
        given_setting(&town.bolt, "retell_agent_id", "agent_7");
        test_retell();
        snprintf(expected, sizeof(expected), "Bearer %s", acme->api_key);
        ck_assert_str_eq(bearer, expected);
        ck_assert_int_eq(vio_tenant_test_retell(town.bolt.handle, note, NULL), 0);
        snprintf(expected, sizeof(expected), "Bearer %s", town.bolt.api_key);
        ck_assert_str_eq(bearer, expected);
}
END_TEST

TENANT_SQL(sql_garble, "UPDATE tenants SET retell_api_key = 'sealed by another' WHERE id = ?1");
static int garble_in(struct tenant_tx *tx, void *arg)
{
        (void)arg;
        _cleanup_q_ struct q *q = q_open(tx, &sql_garble);
        return q_done(q);
}

START_TEST(a_key_that_cannot_be_read_is_told_as_such)
{
        ck_assert_int_eq(store_write_tenant(town.v->engine.store, acme->id, garble_in, NULL, NULL),
                         0);
        ck_assert_str_eq(test_retell(), "key-");
        ck_assert_ptr_nonnull(strstr(details, "cannot be read with this installation's secret"));
        ck_assert_int_eq(asked, 0);
}
END_TEST

static int stop(void *data, const struct vio_finding *f)
{
        (void)f;
        ++*(int *)data;
        return 7;
}

START_TEST(the_listener_can_end_it)
{
        int n = 0;
        answers = (struct answers){200, 200, NULL, 200};
        ck_assert_int_eq(vio_tenant_test_retell(acme->handle, stop, &n), 7);
        ck_assert_int_eq(n, 1);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("check_retell");
        TCase *tc = tcase_create("each_answer_has_its_finding");
        tcase_add_checked_fixture(tc, open_town, close_town);
        tcase_add_loop_test(tc, each_answer_has_its_finding, 0, (int)count_of(rows));
        suite_add_tcase(s, tc);
#define CASE(test) add_fixture_case(s, test, open_town, close_town)
        CASE(without_a_key_nobody_is_asked);
        CASE(without_a_number_there_is_nothing_to_call_from);
        CASE(without_an_agent_the_numbers_own_must_be_there);
        CASE(each_tenant_is_tested_with_its_own_key);
        CASE(a_key_that_cannot_be_read_is_told_as_such);
        CASE(the_listener_can_end_it);
        return s;
}
