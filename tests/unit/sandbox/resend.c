/* resend.c - the simulated Resend takes what the real one would, and refuses the rest. */
#include "resend.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "run.h"

static struct resend *resend;
static char text[4096];

static void setup(void)
{
        resend = resend_new();
        ck_assert_ptr_nonnull(resend);
}

static void teardown(void)
{
        resend = resend_free(resend);
}

#define MAIL                                                                                       \
        "{\"from\":\"Us "                                                                          \
        "<a@b.example>\",\"to\":[\"c@d.example\"],\"subject\":\"S\",\"text\":\"T\"}"

static int ask(const struct resend_request *rq)
{
        _cleanup_writer_ vio_json_writer *w = vio_json_writer_new();
        const char *answer;
        int status = resend_answer(resend, rq, w);
        ck_assert_int_eq(vio_json_writer_text(w, &answer, NULL), VIO_OK);
        snprintf(text, sizeof(text), "%s", answer);
        return status;
}

static struct resend_request mail(const char *key, const char *body)
{
        return (struct resend_request){.method = "POST",
                                       .path = "/emails",
                                       .authorization = "Bearer re_x",
                                       .user_agent = "test",
                                       .idempotency_key = key,
                                       .body = body,
                                       .body_len = strlen(body)};
}

static int post(const char *key, const char *body)
{
        struct resend_request rq = mail(key, body);
        return ask(&rq);
}

START_TEST(a_mail_is_taken_and_can_be_looked_at)
{
        char path[64];
        ck_assert_int_eq(post("k", MAIL), 200);
        ck_assert_int_eq(sscanf(text, "{\"id\":\"%40[^\"]\"}", path + 8), 1);
        memcpy(path, "/emails/", 8);
        struct resend_request rq = mail(NULL, "");
        rq.method = "GET";
        rq.path = path;
        ck_assert_int_eq(ask(&rq), 200);
        ck_assert_ptr_nonnull(strstr(text, "\"to\":[\"c@d.example\"],\"subject\":\"S\""));
        rq.path = "/emails/none";
        ck_assert_int_eq(ask(&rq), 404);
}
END_TEST

START_TEST(a_key_stands_for_one_mail)
{
        char first[4096];
        ck_assert_int_eq(post("k", MAIL), 200);
        memcpy(first, text, sizeof(first));
        ck_assert_int_eq(post("k", MAIL), 200);
        ck_assert_str_eq(text, first);
        ck_assert_int_eq(post("k", MAIL " "), 409);
        ck_assert_ptr_nonnull(strstr(text, "invalid_idempotent_request"));
        ck_assert_int_eq(post("other", MAIL), 200);
        ck_assert_str_ne(text, first);
        /* Without a key each is another mail. */
        ck_assert_int_eq(post(NULL, MAIL), 200);
        memcpy(first, text, sizeof(first));
        ck_assert_int_eq(post(NULL, MAIL), 200);
        ck_assert_str_ne(text, first);
}
END_TEST

START_TEST(wrong_headers_are_refused)
{
        char key[258];
        struct resend_request rq = mail("k", MAIL);
        rq.user_agent = NULL;
        ck_assert_int_eq(ask(&rq), 403);
        ck_assert_ptr_nonnull(strstr(text, "1010"));
        rq = mail("k", MAIL);
        rq.authorization = NULL;
        ck_assert_int_eq(ask(&rq), 401);
        rq.authorization = "Bearer key_x";
        ck_assert_int_eq(ask(&rq), 403);
        ck_assert_int_eq(post("", MAIL), 400);
        memset(key, 'k', 257);
        key[257] = '\0';
        ck_assert_int_eq(post(key, MAIL), 400);
        key[256] = '\0';
        ck_assert_int_eq(post(key, MAIL), 200);
        rq = mail("k", MAIL);
        rq.method = "PUT";
        ck_assert_int_eq(ask(&rq), 405);
        ck_assert(resend_serves("/emails") && resend_serves("/emails/x"));
        ck_assert(!resend_serves("/v2/create-phone-call") && !resend_serves("/emailsx"));
}
END_TEST

static const struct {
        const char *body;
        int status;
} bodies[] = {
    {"", 400},
    {"[]", 400},
    {"{\"to\":[\"c@d\"],\"subject\":\"S\",\"text\":\"T\"}", 422},
    {"{\"from\":\"nobody\",\"to\":[\"c@d\"],\"subject\":\"S\",\"text\":\"T\"}", 422},
    {"{\"from\":\"a@b\",\"to\":[],\"subject\":\"S\",\"text\":\"T\"}", 422},
    {"{\"from\":\"a@b\",\"to\":[\"nobody\"],\"subject\":\"S\",\"text\":\"T\"}", 422},
    {"{\"from\":\"a@b\",\"to\":[\"c@d\"],\"subject\":\"\",\"text\":\"T\"}", 422},
    {"{\"from\":\"a@b\",\"to\":[\"c@d\"],\"subject\":\"S\"}", 422},
    {"{\"from\":\"a@b\",\"to\":[\"c@d\"],\"subject\":\"S\",\"html\":\"H\",\"tags\":{}}", 422},
    {"{\"from\":\"a@b\",\"to\":[\"c@d\"],\"subject\":\"S\",\"html\":\"H\","
     "\"tags\":[{\"name\":\"a\",\"value\":\"b c\"}]}",
     422},
    {"{\"from\":\"a@b\",\"to\":\"c@d\",\"subject\":\"S\",\"html\":\"H\","
     "\"tags\":[{\"name\":\"a\",\"value\":\"b_c-9\"}]}",
     200},
};

START_TEST(a_body_is_checked)
{
        int status = post(NULL, bodies[_i].body);
        ck_assert_msg(status == bodies[_i].status, "%d, not %d: %s %s", status, bodies[_i].status,
                      bodies[_i].body, text);
}
END_TEST

START_TEST(the_oldest_mail_is_forgotten)
{
        char key[16];
        for (int i = 0; i < 1001; i++) {
                snprintf(key, sizeof(key), "k%d", i);
                ck_assert_int_eq(post(key, MAIL), 200);
        }
        ck_assert_int_eq(post("k1", MAIL " "), 409);
        ck_assert_int_eq(post("k0", MAIL " "), 200);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("resend");
        add_fixture_case(s, a_mail_is_taken_and_can_be_looked_at, setup, teardown);
        add_fixture_case(s, a_key_stands_for_one_mail, setup, teardown);
        add_fixture_case(s, wrong_headers_are_refused, setup, teardown);
        add_fixture_case(s, the_oldest_mail_is_forgotten, setup, teardown);
        TCase *tc = tcase_create("bodies");
        tcase_add_checked_fixture(tc, setup, teardown);
        tcase_add_loop_test(tc, a_body_is_checked, 0, (int)count_of(bodies));
        suite_add_tcase(s, tc);
        return s;
}
