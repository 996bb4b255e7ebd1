/* calendar_signature.c - tests: the signatures of Cal.com and Calendly, with vectors made by
 * another program. */
#include <vio/calendar.h>

#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "run.h"

/* Cal.com */

static const char ping[] =
    "{\"triggerEvent\":\"PING\",\"createdAt\":\"2026-03-02T15:04:05.000Z\",\"payload\":{\"type\":"
    "\"Test\"}}";
#define PING_KEY "cal_test_secret_0001"
#define PING_HEX "c6c61f1440fd55257e89d446405d1f4a2336cca76b7c02bc4223fea1827c12da"

static const struct {
        const char *key, *body, *header;
} cal_com[] = {
    {PING_KEY, ping, PING_HEX},
    {"k\u00e9y-with-utf8-\u2713",
     "{\"triggerEvent\":\"BOOKING_CREATED\",\"createdAt\":\"2026-03-02T15:04:05.000Z\",\"payload\":"
     "{\"uid\":\"qJ5zTnM2sVb8Hk3wXy1LpD\",\"title\":\"Cleaning between Dr. Nu\u00f1ez and "
     "Zo\u00eb\"}}",
     "b312ab0eaa6fda1458e07dc683b3f9e37b31ffce9e2cd509933920a0dbdd61f9"},
};

START_TEST(each_vector_of_cal_com_is_signed_and_verified)
{
        char header[VIO_CAL_COM_SIGNATURE];
        size_t len = strlen(cal_com[_i].body);
        ck_assert_int_eq(vio_cal_com_sign(cal_com[_i].key, cal_com[_i].body, len, header), 0);
        ck_assert_str_eq(header, cal_com[_i].header);
        ck_assert_int_eq(vio_cal_com_verify(cal_com[_i].key, cal_com[_i].body, len, header), 0);
}
END_TEST

static const struct {
        const char *header;
        int result;
} cal_com_headers[] = {
    {PING_HEX, 0},
    {"C6C61F1440FD55257E89D446405D1F4A2336CCA76B7C02BC4223FEA1827C12DA", 0},
    {NULL, VIO_E_AUTH},
    {"", VIO_E_AUTH},
    {"no-secret-provided", VIO_E_AUTH},
    {"c6c61f1440fd55257e89d446405d1f4a2336cca76b7c02bc4223fea1827c12d", VIO_E_AUTH},
    {PING_HEX "0", VIO_E_AUTH},
    {" " PING_HEX, VIO_E_AUTH},
    {"sha256=" PING_HEX, VIO_E_AUTH},
    {"d6c61f1440fd55257e89d446405d1f4a2336cca76b7c02bc4223fea1827c12da", VIO_E_AUTH},
    {"c6c61f1440fd55257e89d446405d1f4a2336cca76b7c02bc4223fea1827c12db", VIO_E_AUTH},
    {"g6c61f1440fd55257e89d446405d1f4a2336cca76b7c02bc4223fea1827c12da", VIO_E_AUTH},
    {PING_HEX "," PING_HEX, VIO_E_AUTH},
};

START_TEST(a_header_of_cal_com_is_64_hex_digits_and_nothing_else)
{
        ck_assert_int_eq(
            vio_cal_com_verify(PING_KEY, ping, strlen(ping), cal_com_headers[_i].header),
            cal_com_headers[_i].result);
}
END_TEST

START_TEST(every_byte_of_the_body_and_the_key_counts)
{
        char body[sizeof(ping)];
        for (size_t i = 0; i < strlen(ping); i++) {
                memcpy(body, ping, sizeof(ping));
                body[i] ^= 1;
                ck_assert_int_eq(vio_cal_com_verify(PING_KEY, body, strlen(ping), PING_HEX),
                                 VIO_E_AUTH);
        }
        ck_assert_int_eq(vio_cal_com_verify(PING_KEY, ping, strlen(ping) - 1, PING_HEX),
                         VIO_E_AUTH);
        ck_assert_int_eq(vio_cal_com_verify("cal_test_secret_0002", ping, strlen(ping), PING_HEX),
                         VIO_E_AUTH);
}
END_TEST

START_TEST(an_empty_key_is_our_own_defect)
{
        char header[VIO_CALENDLY_SIGNATURE] = "untouched";
        ck_assert_int_eq(vio_cal_com_verify("", ping, 1, PING_HEX), VIO_E_INVALID);
        ck_assert_int_eq(vio_cal_com_verify(NULL, ping, 1, PING_HEX), VIO_E_INVALID);
        ck_assert_int_eq(vio_cal_com_sign("", ping, 1, header), VIO_E_INVALID);
        ck_assert_int_eq(vio_calendly_verify("", ping, 1, "t=1,v1=" PING_HEX, 1000), VIO_E_INVALID);
        ck_assert_int_eq(vio_calendly_sign("", ping, 1, 1000, header), VIO_E_INVALID);
        ck_assert_int_eq(vio_calendly_sign("key", ping, 1, -1, header), VIO_E_INVALID);
        ck_assert_str_eq(header, "untouched");
}
END_TEST

/* Calendly */

#define T1 INT64_C(1772463845)
static const char created[] =
    "{\"event\":\"invitee.created\",\"created_at\":\"2026-03-02T15:04:05.000000Z\"}";
#define CREATED_KEY "calendly_test_signing_key_0001"
#define CREATED_HEX "e9629e225a0bfefd79b283b48d64d444e90416662c8a653020f3102e05abac08"

static const struct {
        const char *key, *body;
        vio_time seconds;
        const char *header;
} calendly[] = {
    {CREATED_KEY, created, T1, "t=1772463845,v1=" CREATED_HEX},
    {"5f2e8a17c0b94d3e",
     "{\"event\":\"invitee.canceled\",\"payload\":{\"name\":\"Zo\u00eb Q\",\"rescheduled\":true}}",
     1772467445,
     "t=1772467445,v1=7f732318151745784efc557188d449dbbda4daae288849bea84917d364c173ca"},
};

START_TEST(each_vector_of_calendly_is_signed_and_verified)
{
        char header[VIO_CALENDLY_SIGNATURE];
        size_t len = strlen(calendly[_i].body);
        vio_time now = calendly[_i].seconds * 1000 + 999;
        ck_assert_int_eq(vio_calendly_sign(calendly[_i].key, calendly[_i].body, len, now, header),
                         0);
        ck_assert_str_eq(header, calendly[_i].header);
        ck_assert_int_eq(vio_calendly_verify(calendly[_i].key, calendly[_i].body, len, header, now),
                         0);
}
END_TEST

static const struct {
        const char *header;
        int64_t seconds_later;
        int result;
} calendly_headers[] = {
    {"t=1772463845,v1=" CREATED_HEX, 0, 0},
    {"v1=" CREATED_HEX ",t=1772463845", 0, 0},
    {"v0=abc,t=1772463845,x,v1=" CREATED_HEX ",v2=", 0, 0},
    {"t=1772463845, v1=" CREATED_HEX, 0, 0},
    {"t=1772463845,v1=E9629E225A0BFEFD79B283B48D64D444E90416662C8A653020F3102E05ABAC08", 0, 0},
    {"t=1772463845,v1=" CREATED_HEX, 300, 0},
    {"t=1772463845,v1=" CREATED_HEX, -300, 0},
    {"t=1772463845,v1=" CREATED_HEX, 301, VIO_E_AUTH},
    {"t=1772463845,v1=" CREATED_HEX, -301, VIO_E_AUTH},
    {"t=1772463846,v1=" CREATED_HEX, 0, VIO_E_AUTH},
    {"t=01772463845,v1=" CREATED_HEX, 0, VIO_E_AUTH},
    {"t=1772463845,v2=" CREATED_HEX, 0, VIO_E_AUTH},
    {"t=1772463845", 0, VIO_E_AUTH},
    {"v1=" CREATED_HEX, 0, VIO_E_AUTH},
    {"t=,v1=" CREATED_HEX, 0, VIO_E_AUTH},
    {"t=-1772463845,v1=" CREATED_HEX, 0, VIO_E_AUTH},
    {"t=1772463845.0,v1=" CREATED_HEX, 0, VIO_E_AUTH},
    {"t=9999999999999999999999,v1=" CREATED_HEX, 0, VIO_E_AUTH},
    {"t=1772463845,t=1772463845,v1=" CREATED_HEX, 0, VIO_E_AUTH},
    {"t=1772463845,v1=" CREATED_HEX ",v1=" CREATED_HEX, 0, VIO_E_AUTH},
    {"t=1772463845,v1=e9629e225a0bfefd79b283b48d64d444e90416662c8a653020f3102e05abac0", 0,
     VIO_E_AUTH},
    {"t=1772463845,v1=f9629e225a0bfefd79b283b48d64d444e90416662c8a653020f3102e05abac08", 0,
     VIO_E_AUTH},
    {CREATED_HEX, 0, VIO_E_AUTH},
    {"", 0, VIO_E_AUTH},
    {NULL, 0, VIO_E_AUTH},
};

START_TEST(a_header_of_calendly_has_a_time_that_is_near_and_a_digest_that_fits)
{
        vio_time now = (T1 + calendly_headers[_i].seconds_later) * 1000;
        ck_assert_int_eq(vio_calendly_verify(CREATED_KEY, created, strlen(created),
                                             calendly_headers[_i].header, now),
                         calendly_headers[_i].result);
}
END_TEST

START_TEST(the_digits_of_the_time_are_signed)
{
        char header[VIO_CALENDLY_SIGNATURE];
        char later[VIO_CALENDLY_SIGNATURE];
        ck_assert_int_eq(vio_calendly_sign(CREATED_KEY, created, 5, T1 * 1000, header), 0);
        snprintf(later, sizeof(later), "t=%lld,%s", (long long)T1 + 1, strchr(header, ',') + 1);
        ck_assert_int_eq(vio_calendly_verify(CREATED_KEY, created, 5, header, T1 * 1000), 0);
        ck_assert_int_eq(vio_calendly_verify(CREATED_KEY, created, 5, later, T1 * 1000),
                         VIO_E_AUTH);
}
END_TEST

START_TEST(a_calendar_is_known_by_its_name)
{
        enum vio_calendar c = VIO_CALENDAR_CAL_COM;
        ck_assert_str_eq(vio_calendar_name(VIO_CALENDAR_CAL_COM), "cal-com");
        ck_assert_str_eq(vio_calendar_name(VIO_CALENDAR_CALENDLY), "calendly");
        ck_assert_ptr_null(vio_calendar_name((enum vio_calendar)2));
        ck_assert_int_eq(vio_calendar_parse("calendly", &c), 0);
        ck_assert_int_eq(c, VIO_CALENDAR_CALENDLY);
        ck_assert_int_eq(vio_calendar_parse("outlook", &c), VIO_E_INVALID);
        ck_assert_int_eq(vio_calendar_parse(NULL, &c), VIO_E_INVALID);
        ck_assert_int_eq(c, VIO_CALENDAR_CALENDLY);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("calendar_signature");
        TCase *rows = tcase_create("rows");
        tcase_add_loop_test(rows, each_vector_of_cal_com_is_signed_and_verified, 0,
                            count_of(cal_com));
        tcase_add_loop_test(rows, a_header_of_cal_com_is_64_hex_digits_and_nothing_else, 0,
                            count_of(cal_com_headers));
        tcase_add_loop_test(rows, each_vector_of_calendly_is_signed_and_verified, 0,
                            count_of(calendly));
        tcase_add_loop_test(rows,
                            a_header_of_calendly_has_a_time_that_is_near_and_a_digest_that_fits, 0,
                            count_of(calendly_headers));
        suite_add_tcase(s, rows);
        add_case(s, every_byte_of_the_body_and_the_key_counts);
        add_case(s, an_empty_key_is_our_own_defect);
        add_case(s, the_digits_of_the_time_are_signed);
        add_case(s, a_calendar_is_known_by_its_name);
        return s;
}
