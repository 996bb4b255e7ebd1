/* fault.c - tests of the text of a failure. */
#include "base/fault.h"

#include <string.h>
#include <vio/core.h>

#include "base/text.h"
#include "run.h"

START_TEST(a_fault_keeps_its_number_and_text_and_hands_the_number_back)
{
        struct fault f = {.err = 1, .reason = 5, .text = "old"};
        ck_assert_int_eq(fault_set(&f, VIO_E_CONFLICT, "contact %d is %s", 7, "there"),
                         VIO_E_CONFLICT);
        ck_assert_int_eq(f.err, VIO_E_CONFLICT);
        ck_assert_int_eq(f.reason, 0);
        ck_assert_str_eq(f.text, "contact 7 is there");
        ck_assert_int_eq(fault_plain(&f, VIO_E_BUSY), VIO_E_BUSY);
        ck_assert_str_eq(f.text, vio_strerror(VIO_E_BUSY));
}
END_TEST

START_TEST(nobody_need_listen)
{
        ck_assert_int_eq(fault_set(NULL, VIO_E_AUTH, "%s", "unheard"), VIO_E_AUTH);
        ck_assert_int_eq(fault_plain(NULL, VIO_E_AUTH), VIO_E_AUTH);
}
END_TEST

START_TEST(a_text_too_long_is_cut_between_characters)
{
        for (size_t lead = 0; lead < 4; lead++) {
                struct fault f;
                _cleanup_text_ struct text t = TEXT_INIT;
                text_add_n(&t, "abc", lead);
                for (int i = 0; i < 100; i++)
                        text_add(&t, "\U0001F600");
                fault_set(&f, VIO_E_INVALID, "%s", text_str(&t));
                ck_assert(utf8_valid(f.text, strlen(f.text)));
                ck_assert_int_ge(strlen(f.text), sizeof(f.text) - 4);
        }
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("fault");
        add_case(s, a_fault_keeps_its_number_and_text_and_hands_the_number_back);
        add_case(s, nobody_need_listen);
        add_case(s, a_text_too_long_is_cut_between_characters);
        return s;
}
