/* task_rules.c - tests: every move of a task, legal or not. */
#include <vio/task_rules.h>

#include "run.h"

#define NO (-1)

/* Rows: pending to cancelled; columns: claim, done, retry, fail, cancel, release. */
static const int moves[5][6] = {
    {VIO_TASK_PROCESSING, NO, NO, NO, VIO_TASK_CANCELLED, NO},
    {NO, VIO_TASK_COMPLETED, VIO_TASK_PENDING, VIO_TASK_FAILED, VIO_TASK_CANCELLED,
     VIO_TASK_PENDING},
    {NO, NO, NO, NO, NO, NO},
    {NO, NO, NO, NO, NO, NO},
    {NO, NO, NO, NO, NO, NO},
};

START_TEST(every_move_is_as_the_table_has_it)
{
        for (int status = 0; status < 5; status++) {
                for (int event = 0; event < 6; event++) {
                        enum vio_task_status to = (enum vio_task_status)99;
                        int r = vio_task_next((enum vio_task_status)status,
                                              (enum vio_task_event)event, 0, &to);
                        int expected = moves[status][event];
                        ck_assert_int_eq(r, expected == NO ? VIO_E_CONFLICT : 0);
                        ck_assert_int_eq(to, expected == NO ? 99 : expected);
                }
        }
}
END_TEST

START_TEST(the_third_failure_is_the_last)
{
        enum vio_task_status to;
        for (int attempts = -1; attempts < 6; attempts++) {
                ck_assert_int_eq(vio_task_next(VIO_TASK_PROCESSING, VIO_TASK_RETRY, attempts, &to),
                                 0);
                ck_assert_int_eq(to, attempts < 2 ? VIO_TASK_PENDING : VIO_TASK_FAILED);
        }
}
END_TEST

START_TEST(putting_back_does_not_use_up_attempts)
{
        enum vio_task_status to;
        ck_assert_int_eq(vio_task_next(VIO_TASK_PROCESSING, VIO_TASK_RELEASE, 99, &to), 0);
        ck_assert_int_eq(to, VIO_TASK_PENDING);
}
END_TEST

START_TEST(a_pending_task_cannot_run_out_of_attempts)
{
        enum vio_task_status to;
        ck_assert_int_eq(vio_task_next(VIO_TASK_PENDING, VIO_TASK_RETRY, 9, &to), VIO_E_CONFLICT);
}
END_TEST

START_TEST(retries_wait_one_then_five_then_fifteen_minutes)
{
        ck_assert_int_eq(vio_task_backoff_ms(-1), 60000);
        ck_assert_int_eq(vio_task_backoff_ms(0), 60000);
        ck_assert_int_eq(vio_task_backoff_ms(1), 300000);
        ck_assert_int_eq(vio_task_backoff_ms(2), 900000);
        ck_assert_int_eq(vio_task_backoff_ms(1000), 900000);
}
END_TEST

START_TEST(names_are_read_back)
{
        enum vio_task_type t = VIO_TASK_FOLLOW_UP;
        enum vio_task_status s = VIO_TASK_FAILED;
        ck_assert_str_eq(vio_task_type_name(VIO_TASK_INITIAL_REMINDER), "initial_reminder");
        ck_assert_str_eq(vio_task_type_name(VIO_TASK_FOLLOW_UP), "follow_up");
        ck_assert_ptr_null(vio_task_type_name((enum vio_task_type)2));
        ck_assert_int_eq(vio_task_type_parse("initial_reminder", &t), 0);
        ck_assert_int_eq(t, VIO_TASK_INITIAL_REMINDER);
        ck_assert_int_eq(vio_task_type_parse(NULL, &t), VIO_E_INVALID);
        for (int i = 0; i < 5; i++) {
                const char *name = vio_task_status_name((enum vio_task_status)i);
                ck_assert_int_eq(vio_task_status_parse(name, &s), 0);
                ck_assert_int_eq(s, i);
        }
        ck_assert_int_eq(vio_task_status_parse("done", &s), VIO_E_INVALID);
        ck_assert_str_eq(vio_task_event_name(VIO_TASK_RELEASE), "release");
        ck_assert_ptr_null(vio_task_event_name((enum vio_task_event)6));
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("task_rules");
        add_case(s, every_move_is_as_the_table_has_it);
        add_case(s, the_third_failure_is_the_last);
        add_case(s, putting_back_does_not_use_up_attempts);
        add_case(s, a_pending_task_cannot_run_out_of_attempts);
        add_case(s, retries_wait_one_then_five_then_fifteen_minutes);
        add_case(s, names_are_read_back);
        return s;
}
