/* errors.h - exit codes, and the one line on stderr that goes with them. */
#ifndef VIO_CLI_ERRORS_H
#define VIO_CLI_ERRORS_H

#include "cli.h"

/* The same in every command. */
enum exit_code {
        EXIT_DONE = 0,
        EXIT_FAILED = 1,
        EXIT_USAGE = 2,
        EXIT_NOTFOUND = 3,
        EXIT_CONFLICT = 4,
        EXIT_NOTREADY = 5
};

/* Prints "vio-cli: ..." as one line on stderr; control characters are made harmless. */
__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);

/* The exit code for an error of the library; 0 for 0. */
enum exit_code exit_code_of(int err);

/* What to do about an error; "" when its text says it all. Static. */
const char *remedy_of(int err);

/* Says what failed, from the handle that the command works with, and gives the exit code. */
int cli_fail(const struct cli *cli, int err);

#endif
