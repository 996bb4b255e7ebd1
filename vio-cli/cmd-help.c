/* cmd-help.c - vio-cli help. */
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "cli.h"
#include "errors.h"
#include "help.h"

struct help_args {
        struct words command;
};

/* Shows a page with man(1). False when man is not there or does not know the page. */
static bool show_page(char *page)
{
        char man[] = "man";
        char *const argv[] = {man, page, NULL};
        posix_spawn_file_actions_t actions;
        pid_t child;
        int status;
        if (posix_spawn_file_actions_init(&actions) != 0)
                return false;
        int error = posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", 1, 0);
        if (!error)
                error = posix_spawnp(&child, man, &actions, NULL, argv, environ);
        posix_spawn_file_actions_destroy(&actions);
        return !error && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
               WEXITSTATUS(status) == 0;
}

static int run(struct cli *cli, const void *data)
{
        const struct help_args *args = data;
        int used = 0;
        if (!args->command.n) {
                help_overview(stdout);
                return EXIT_DONE;
        }
        const struct cmd *cmd = command_find(args->command.v, args->command.n, &used);
        if (!cmd || used < args->command.n) {
                complain("there is no such command; %s", cli->cmd->where);
                return EXIT_USAGE;
        }
        char page[64];
        snprintf(page, sizeof(page), "vio-cli-%s", cmd->name);
        for (char *c = page; *c; c++)
                if (*c == ' ')
                        *c = '-';
        if (!show_page(page))
                help_command(stdout, cmd);
        return EXIT_DONE;
}

static const struct operand operands[] = {
    {"COMMAND", VALUE_WORDS, offsetof(struct help_args, command), "the command, as it is typed",
     true},
    OPERAND_END,
};

const struct cmd cmd_help = {
    .name = "help",
    .summary = "Show the manual page of a command, or the list of all commands",
    .need = NEED_NOTHING,
    .where = "'vio-cli help' lists them",
    .operands = operands,
    .args_size = sizeof(struct help_args),
    .run = run,
};
