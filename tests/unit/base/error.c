/* error.c - tests of the error registry, the version and the ids. */
#include <stdio.h>
#include <string.h>
#include <vio/core.h>

#include "base/attr.h"
#include "run.h"

/* A second copy on purpose: a number that a caller's program knows must never move. */
START_TEST(every_error_keeps_its_number_and_name_for_ever)
{
        static const struct {
                int number;
                const char *name;
        } rows[] = {
            {0, "OK"},      {-11, "INVALID"},   {-17, "NOTFOUND"}, {-23, "CONFLICT"},
            {-29, "AUTH"},  {-37, "FORBIDDEN"}, {-41, "REFUSED"},  {-47, "LIMITED"},
            {-53, "BUSY"},  {-61, "UPSTREAM"},  {-71, "STORAGE"},  {-83, "SCHEMA"},
            {-97, "NOMEM"}, {-101, "INTERNAL"},
        };
        int known = 0;
        for (int err = -1000; err <= 1000; err++)
                known += strcmp(vio_err_name(err), "UNKNOWN") != 0;
        ck_assert_int_eq(known, count_of(rows));
        for (size_t i = 0; i < count_of(rows); i++)
                ck_assert_str_eq(vio_err_name(rows[i].number), rows[i].name);
}
END_TEST

START_TEST(every_number_has_a_sentence_even_one_that_is_no_error)
{
        ck_assert_str_eq(vio_strerror(VIO_E_NOTFOUND), "no such object");
        ck_assert_str_eq(vio_strerror(0), "success");
        for (int err = -1000; err <= 1000; err++)
                ck_assert_int_gt(strlen(vio_strerror(err)), 0);
        ck_assert_str_eq(vio_strerror(1), vio_strerror(-1));
}
END_TEST

START_TEST(the_version_is_that_of_the_header)
{
        char expected[32];
        snprintf(expected, sizeof(expected), "%d.%d.%d", VIO_VERSION_MAJOR, VIO_VERSION_MINOR,
                 VIO_VERSION_PATCH);
        ck_assert_str_eq(vio_version(), expected);
}
END_TEST

START_TEST(an_id_is_read_in_either_case_and_kept_in_lower_case)
{
        vio_call_id call;
        vio_task_id task;
        ck_assert_int_eq(vio_call_id_parse("017F22E2-79B0-7CC3-98c4-dc0c0c07398f", &call), 0);
        ck_assert_str_eq(call.s, "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
        ck_assert_int_eq(vio_task_id_parse("017f22e2-79b0-7cc3-98c4-dc0c0c07398f", &task), 0);
        ck_assert_str_eq(task.s, call.s);
}
END_TEST

START_TEST(what_is_no_id_is_refused_and_changes_nothing)
{
        static const char *const rows[] = {
            NULL,
            "",
            "017f22e2",
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398f ",
            " 017f22e2-79b0-7cc3-98c4-dc0c0c07398",
            "{017f22e2-79b0-7cc3-98c4-dc0c0c07398}",
            "017f22e2079b0-7cc3-98c4-dc0c0c07398f",
            "017f22e2-79b007cc3-98c4-dc0c0c07398f",
            "017f22e-279b0-7cc3-98c4-dc0c0c07398f",
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
            "017f22e2-79b0-7cc3-98c4-dc0c0c0739-f",
            "--------------------------------    ",
            "call_4b6f2b7a1c3d4e5f6a7b8c9d0e1f2a3",
        };
        for (size_t i = 0; i < count_of(rows); i++) {
                vio_call_id call = {"untouched"};
                vio_task_id task = {"untouched"};
                ck_assert_msg(vio_call_id_parse(rows[i], &call) == VIO_E_INVALID, "%s", rows[i]);
                ck_assert_msg(vio_task_id_parse(rows[i], &task) == VIO_E_INVALID, "%s", rows[i]);
                ck_assert_str_eq(call.s, "untouched");
                ck_assert_str_eq(task.s, "untouched");
        }
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("error");
        add_case(s, every_error_keeps_its_number_and_name_for_ever);
        add_case(s, every_number_has_a_sentence_even_one_that_is_no_error);
        add_case(s, the_version_is_that_of_the_header);
        add_case(s, an_id_is_read_in_either_case_and_kept_in_lower_case);
        add_case(s, what_is_no_id_is_refused_and_changes_nothing);
        return s;
}
