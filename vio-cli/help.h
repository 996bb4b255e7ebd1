/* help.h - what --help prints, made from the same tables that the parser reads. */
#ifndef VIO_CLI_HELP_H
#define VIO_CLI_HELP_H

#include <stdio.h>

#include "cli.h"

/* Synopsis, summary, operands and options of one command. */
void help_command(FILE *file, const struct cmd *cmd);

/* All commands with their summaries, and the options that each has. */
void help_overview(FILE *file);

#endif
