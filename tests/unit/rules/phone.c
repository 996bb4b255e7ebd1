/* phone.c - tests: telephone numbers as people type them. */
#include <vio/phone.h>

#include <string.h>

#include "loop.h"
#include "run.h"

static const struct {
        const char *typed, *country, *number;
} good[] = {
    {"+14155550123", NULL, "+14155550123"},
    {" +1 (415) 555-0123 ", NULL, "+14155550123"},
    {"(415) 555-0123", "1", "+14155550123"},
    {"415.555.0123", "1", "+14155550123"},
    {"1-415-555-0123", "1", "+14155550123"},
    {"011 44 20 7946 0958", "1", "+442079460958"},
    {"0044 20 7946 0958", NULL, "+442079460958"},
    {"00 49/30/901820", "44", "+4930901820"},
    {"+44 (0)20 7946 0958", NULL, "+442079460958"},
    {"0044 (0) 20 7946 0958", NULL, "+442079460958"},
    {"0044 (0)20 7946 0958", NULL, "+442079460958"},
    {"020 7946 0958", "44", "+442079460958"},
    {"(0)20 7946 0958", "44", "+442079460958"},
    {"(020) 7946 0958", "44", "+442079460958"},
    {"06 6982 0000", "39", "+390669820000"},
    {"+39 (0)6 6982 0000", NULL, "+390669820000"},
    {"tel:+1-415-555-0123", NULL, "+14155550123"},
    {"TEL:+14155550123", NULL, "+14155550123"},
    {"(+49) 170 1234567", NULL, "+491701234567"},
    {"+49\u00a0170\u20111234\u2013567", NULL, "+491701234567"},
    {"\u202a+49 170 1234567\u202c", NULL, "+491701234567"},
    {"+12345678", NULL, "+12345678"},
    {"+123456789012345", NULL, "+123456789012345"},
    {"030.123456", "49", "+4930123456"},
    {"\uff0b\uff11\uff14\uff11\uff15\u3000\uff15\uff15\uff15\uff0d\uff10\uff11\uff12\uff19", NULL,
     "+14155550129"},
    {"\uff08\uff14\uff11\uff15\uff09 555 0123", "1", "+14155550123"},
};

static const struct {
        const char *typed, *country;
        enum vio_phone_problem problem;
} bad[] = {
    {NULL, NULL, VIO_PHONE_EMPTY},
    {"", "1", VIO_PHONE_EMPTY},
    {"  \t", "1", VIO_PHONE_EMPTY},
    {"+", NULL, VIO_PHONE_EMPTY},
    {"()-", NULL, VIO_PHONE_EMPTY},
    {"tel:", NULL, VIO_PHONE_EMPTY},
    {"unknown", "1", VIO_PHONE_LETTERS},
    {"1-800-FLOWERS", "1", VIO_PHONE_LETTERS},
    {"x4155550123", "1", VIO_PHONE_LETTERS},
    {"4155550123 x12", "1", VIO_PHONE_EXTENSION},
    {"4155550123 ext. 12", "1", VIO_PHONE_EXTENSION},
    {"4155550123#12", "1", VIO_PHONE_EXTENSION},
    {"tel:+14155550123;ext=12", NULL, VIO_PHONE_EXTENSION},
    {"4155550123,,12", "1", VIO_PHONE_EXTENSION},
    {"4.4E+11", "44", VIO_PHONE_SPREADSHEET},
    {"4,42E+11", "44", VIO_PHONE_SPREADSHEET},
    {"4e11", NULL, VIO_PHONE_SPREADSHEET},
    {"+4.4E+11", NULL, VIO_PHONE_SPREADSHEET},
    {"14155550123.0", NULL, VIO_PHONE_SPREADSHEET},
    {"4155550123", NULL, VIO_PHONE_NO_COUNTRY},
    {"4155550123", "", VIO_PHONE_NO_COUNTRY},
    {"4155550123", "01", VIO_PHONE_COUNTRY},
    {"4155550123", "1a", VIO_PHONE_COUNTRY},
    {"4155550123", "+1", VIO_PHONE_COUNTRY},
    {"4155550123", "1234", VIO_PHONE_COUNTRY},
    {"+04155550123", NULL, VIO_PHONE_COUNTRY},
    {"000 4155550123", NULL, VIO_PHONE_COUNTRY},
    {"+1234567", NULL, VIO_PHONE_SHORT},
    {"911", "1", VIO_PHONE_SHORT},
    {"0", "44", VIO_PHONE_SHORT},
    {"00", NULL, VIO_PHONE_SHORT},
    {"+1234567890123456", NULL, VIO_PHONE_LONG},
    {"123456789012345678901234567890123456789", "1", VIO_PHONE_LONG},
    {"++14155550123", NULL, VIO_PHONE_CHARACTER},
    {"+1415+5550123", NULL, VIO_PHONE_CHARACTER},
    {"\xef\xbc\x91\xef\xbc\x92", "1", VIO_PHONE_SHORT},
    {"\xef\xbc\x8f\xef\xbc\x9a", "1", VIO_PHONE_CHARACTER},
    {"\xef\xbc", "1", VIO_PHONE_CHARACTER},
    {"415_555_0123", "1", VIO_PHONE_CHARACTER},
    {"+1415\xff", NULL, VIO_PHONE_CHARACTER},
    {"'; DROP", "1", VIO_PHONE_CHARACTER},
};

START_TEST(a_number_becomes_e164)
{
        char number[VIO_PHONE_SIZE] = "";
        ck_assert_int_eq(vio_phone_check(good[_i].typed, good[_i].country), VIO_PHONE_NONE);
        ck_assert_int_eq(vio_phone_normalise(good[_i].typed, good[_i].country, number), 0);
        ck_assert_str_eq(number, good[_i].number);
        ck_assert_int_eq(vio_phone_normalise(number, "44", number), 0);
        ck_assert_str_eq(number, good[_i].number);
}
END_TEST

START_TEST(what_is_no_number_is_refused_with_its_reason)
{
        char number[VIO_PHONE_SIZE] = "untouched";
        ck_assert_str_eq(vio_phone_problem_text(vio_phone_check(bad[_i].typed, bad[_i].country)),
                         vio_phone_problem_text(bad[_i].problem));
        ck_assert_int_eq(vio_phone_normalise(bad[_i].typed, bad[_i].country, number),
                         VIO_E_INVALID);
        ck_assert_str_eq(number, "untouched");
}
END_TEST

START_TEST(every_problem_has_a_sentence)
{
        for (int p = -1; p <= VIO_PHONE_LONG + 1; p++)
                ck_assert_uint_gt(strlen(vio_phone_problem_text((enum vio_phone_problem)p)), 10);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("phone");
        add_loop_case(s, a_number_becomes_e164, good);
        add_loop_case(s, what_is_no_number_is_refused_with_its_reason, bad);
        add_case(s, every_problem_has_a_sentence);
        return s;
}
