/* svix.c - tests: the signature of Standard Webhooks, with vectors made by two other programs. */
#include <vio/summary.h>

#include <stdio.h>
#include <string.h>

#include "loop.h"
#include "run.h"

static const struct vector {
        const char *secret, *id;
        int64_t time_s;
        const char *body, *signature;
} vectors[] = {
    {"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", "msg_2bTestVector0001", 1772463845,
     "{\"type\":\"email.delivered\",\"created_at\":\"2026-03-02T15:04:05.000Z\",\"data\":"
     "{\"email_id\":\"4ef9a417-02e9-4d39-ad75-9611e0fcc33c\"}}",
     "v1,hNQLh9t/dELfeCy3P1DhLYOeZwGEBx1Rm1Jdjosg5lo="},
    {"whsec_Y2xpbmljLXJlbWluZGVyLXRlc3Qta2V5LTMyYnl0ZXM=", "msg_2bTestVector0002", 1772467445,
     "{\"type\":\"email.bounced\",\"data\":{\"subject\":\"Recordatorio \u2013 ma\u00f1ana\"}}",
     "v1,zpX0I3y8XqfK/Od2a1h7izganeO0cOKBOQam2/8ENW0="},
};

static int verify_at(const struct vector *v, const char *signature, int64_t now_s)
{
        char time[24];
        snprintf(time, sizeof(time), "%lld", (long long)v->time_s);
        return vio_svix_verify(v->secret, v->id, time, signature, v->body, strlen(v->body),
                               now_s * 1000);
}

static int verify(const char *signature)
{
        return verify_at(&vectors[0], signature, vectors[0].time_s);
}

START_TEST(each_vector_is_signed_and_verified)
{
        const struct vector *v = &vectors[_i];
        char signature[VIO_SVIX_SIGNATURE];
        ck_assert_int_eq(
            vio_svix_sign(v->secret, v->id, v->time_s, v->body, strlen(v->body), signature), 0);
        ck_assert_str_eq(signature, v->signature);
        ck_assert_int_eq(verify_at(v, v->signature, v->time_s), 0);
}
END_TEST

START_TEST(the_secret_is_read_without_its_prefix_and_padding_too)
{
        const struct vector *v = &vectors[1];
        char signature[VIO_SVIX_SIGNATURE];
        const char *const forms[] = {"Y2xpbmljLXJlbWluZGVyLXRlc3Qta2V5LTMyYnl0ZXM=",
                                     "Y2xpbmljLXJlbWluZGVyLXRlc3Qta2V5LTMyYnl0ZXM"};
        for (size_t i = 0; i < 2; i++) {
                ck_assert_int_eq(
                    vio_svix_sign(forms[i], v->id, v->time_s, v->body, strlen(v->body), signature),
                    0);
                ck_assert_str_eq(signature, v->signature);
        }
}
END_TEST

START_TEST(every_bit_of_the_message_is_signed)
{
        const struct vector *v = &vectors[0];
        char body[256];
        size_t len = strlen(v->body);
        for (size_t bit = 0; bit < 8 * len; bit++) {
                memcpy(body, v->body, len);
                body[bit / 8] = (char)(body[bit / 8] ^ 1 << bit % 8);
                ck_assert_int_eq(vio_svix_verify(v->secret, v->id, "1772463845", v->signature, body,
                                                 len, v->time_s * 1000),
                                 VIO_E_AUTH);
        }
        ck_assert_int_eq(vio_svix_verify(v->secret, v->id, "1772463845", v->signature, v->body,
                                         len - 1, v->time_s * 1000),
                         VIO_E_AUTH);
        ck_assert_int_eq(vio_svix_verify(v->secret, "msg_2bTestVector0002", "1772463845",
                                         v->signature, v->body, len, v->time_s * 1000),
                         VIO_E_AUTH);
        ck_assert_int_eq(vio_svix_verify(v->secret, v->id, "1772463846", v->signature, v->body, len,
                                         v->time_s * 1000),
                         VIO_E_AUTH);
        ck_assert_int_eq(vio_svix_verify(vectors[1].secret, v->id, "1772463845", v->signature,
                                         v->body, len, v->time_s * 1000),
                         VIO_E_AUTH);
}
END_TEST

START_TEST(five_minutes_apart_are_accepted_and_a_second_more_is_not)
{
        const struct vector *v = &vectors[0];
        ck_assert_int_eq(verify_at(v, v->signature, v->time_s + 300), 0);
        ck_assert_int_eq(verify_at(v, v->signature, v->time_s - 300), 0);
        ck_assert_int_eq(verify_at(v, v->signature, v->time_s + 301), VIO_E_AUTH);
        ck_assert_int_eq(verify_at(v, v->signature, v->time_s - 301), VIO_E_AUTH);
}
END_TEST

#define GOOD "v1,hNQLh9t/dELfeCy3P1DhLYOeZwGEBx1Rm1Jdjosg5lo="

static const struct {
        const char *signature;
        int result;
} lists[] = {
    {GOOD " v1,AAAA", 0},
    {"v1,AAAA " GOOD, 0},
    {"v1a,AAAA v2,BBBB " GOOD, 0},
    {"  " GOOD "  ", 0},
    {"v1,zpX0I3y8XqfK/Od2a1h7izganeO0cOKBOQam2/8ENW0= " GOOD, 0},
    {"v2,hNQLh9t/dELfeCy3P1DhLYOeZwGEBx1Rm1Jdjosg5lo=", VIO_E_AUTH},
    {"v1a,hNQLh9t/dELfeCy3P1DhLYOeZwGEBx1Rm1Jdjosg5lo=", VIO_E_AUTH},
    {"hNQLh9t/dELfeCy3P1DhLYOeZwGEBx1Rm1Jdjosg5lo=", VIO_E_AUTH},
    {"v1,hNQLh9t_dELfeCy3P1DhLYOeZwGEBx1Rm1Jdjosg5lo=", VIO_E_AUTH}, /* the other alphabet */
    {"v1,hNQLh9t/dELfeCy3P1DhLYOeZwGEBx1Rm1Jdjosg5lp=", VIO_E_AUTH}, /* stray bits */
    {"v1,hNQLh9t/dELfeCy3P1DhLYOeZwGEBx1Rm1Jdjosg5lo", VIO_E_AUTH},
    {"v1,hNQLh9t/dELfeCy3P1DhLYOeZwGEBx1Rm1Jdjosg5lo==", VIO_E_AUTH},
    {GOOD "," GOOD, VIO_E_AUTH},
    {"v1,", VIO_E_AUTH},
    {"v1", VIO_E_AUTH},
    {" ", VIO_E_AUTH},
    {"", VIO_E_AUTH},
    {NULL, VIO_E_AUTH},
};

START_TEST(one_good_signature_of_the_list_is_enough_and_needed)
{
        ck_assert_msg(verify(lists[_i].signature) == lists[_i].result, "%s", lists[_i].signature);
}
END_TEST

static const char *const bad_times[] = {NULL,          "",
                                        "x",           "-1772463845",
                                        "+1772463845", " 1772463845",
                                        "1772463845 ", "1772463845.0",
                                        "01772463845", "99999999999999999999999"};

START_TEST(a_time_that_is_none_is_refused)
{
        const struct vector *v = &vectors[0];
        ck_assert_int_eq(vio_svix_verify(v->secret, v->id, bad_times[_i], v->signature, v->body,
                                         strlen(v->body), v->time_s * 1000),
                         VIO_E_AUTH);
}
END_TEST

START_TEST(what_is_missing_is_refused)
{
        const struct vector *v = &vectors[0];
        size_t len = strlen(v->body);
        vio_time now = v->time_s * 1000;
        char kept[VIO_SVIX_SIGNATURE] = "untouched";
        ck_assert_int_eq(
            vio_svix_verify(v->secret, NULL, "1772463845", v->signature, v->body, len, now),
            VIO_E_AUTH);
        ck_assert_int_eq(
            vio_svix_verify(v->secret, "", "1772463845", v->signature, v->body, len, now),
            VIO_E_AUTH);
        static const char *const no_secrets[] = {NULL,         "",        "whsec_",
                                                 "whsec_!!!!", "whsec_A", "whsec_AAE_"};
        for (size_t i = 0; i < 6; i++) {
                ck_assert_int_eq(vio_svix_verify(no_secrets[i], v->id, "1772463845", v->signature,
                                                 v->body, len, now),
                                 VIO_E_INVALID);
                ck_assert_int_eq(vio_svix_sign(no_secrets[i], v->id, 1, v->body, len, kept),
                                 VIO_E_INVALID);
        }
        ck_assert_int_eq(vio_svix_sign(v->secret, "", 1, v->body, len, kept), VIO_E_INVALID);
        ck_assert_int_eq(vio_svix_sign(v->secret, v->id, -1, v->body, len, kept), VIO_E_INVALID);
        ck_assert_str_eq(kept, "untouched");
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("svix");
        add_loop_case(s, each_vector_is_signed_and_verified, vectors);
        add_case(s, the_secret_is_read_without_its_prefix_and_padding_too);
        add_case(s, every_bit_of_the_message_is_signed);
        add_case(s, five_minutes_apart_are_accepted_and_a_second_more_is_not);
        add_loop_case(s, one_good_signature_of_the_list_is_enough_and_needed, lists);
        add_loop_case(s, a_time_that_is_none_is_refused, bad_times);
        add_case(s, what_is_missing_is_refused);
        return s;
}
