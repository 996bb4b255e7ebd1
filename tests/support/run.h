/* run.h - the main program of every Check test: one suite, printed as TAP. */
#ifndef TESTS_RUN_H
#define TESTS_RUN_H

#include <check.h>

/* Each test file defines this one function: its name and its cases. */
Suite *suite(void);

/* Adds one case with its own name to @s, so that a failure names it. */
#define add_case(s, test) add_case_(s, #test, test, 60)
/* The same with a time limit in seconds. */
#define add_slow_case(s, test, seconds) add_case_(s, #test, test, seconds)
void add_case_(Suite *s, const char *name, const TTest *test, double seconds);

/* The same with a fixture that is set up and torn down around it, in the same process. */
#define add_fixture_case(s, test, setup, teardown)                                                 \
        add_fixture_case_(s, #test, test, setup, teardown)
void add_fixture_case_(Suite *s, const char *name, const TTest *test, SFun setup, SFun teardown);

#endif
