#include "run.h"

#include <stdlib.h>

void add_case_(Suite *s, const char *name, const TTest *test, double seconds)
{
        TCase *tc = tcase_create(name);
        tcase_add_test(tc, test);
        tcase_set_timeout(tc, seconds);
        suite_add_tcase(s, tc);
}

void add_fixture_case_(Suite *s, const char *name, const TTest *test, SFun setup, SFun teardown)
{
        TCase *tc = tcase_create(name);
        tcase_add_checked_fixture(tc, setup, teardown);
        tcase_add_test(tc, test);
        tcase_set_timeout(tc, 60);
        suite_add_tcase(s, tc);
}

int main(void)
{
        SRunner *runner = srunner_create(suite());
        srunner_set_tap(runner, "-");
        srunner_run_all(runner, CK_SILENT);
        int failed = srunner_ntests_failed(runner);
        srunner_free(runner);
        return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
