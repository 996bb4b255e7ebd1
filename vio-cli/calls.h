/* calls.h - a call with its timeline, for the commands that show one. */
#ifndef VIO_CLI_CALLS_H
#define VIO_CLI_CALLS_H

#include "cli.h"

/* Shows a call of the open tenant. Returns an enum exit_code, after complaining. */
int call_show(struct cli *cli, vio_call_id id);

/* Steps the system until nothing more is worth waiting for in a call. Same result. */
int call_wait(struct cli *cli, vio_call_id id);

#endif
