/* loop.h - one case for each row of a table. */
#ifndef TESTS_RULES_LOOP_H
#define TESTS_RULES_LOOP_H

#include <check.h>

#define add_loop_case(s, test, rows) add_loop_fixture_case(s, test, rows, NULL, NULL)

/* The same with a fixture around each. */
#define add_loop_fixture_case(s, test, rows, setup, teardown)                                      \
        add_loop_case_(s, #test, test, (int)(sizeof(rows) / sizeof((rows)[0])), setup, teardown)

static inline void add_loop_case_(Suite *s, const char *name, const TTest *test, int n, SFun setup,
                                  SFun teardown)
{
        TCase *tc = tcase_create(name);
        if (setup)
                tcase_add_checked_fixture(tc, setup, teardown);
        tcase_add_loop_test(tc, test, 0, n);
        tcase_set_timeout(tc, 60);
        suite_add_tcase(s, tc);
}

#endif
