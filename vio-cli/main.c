/* main.c - finds the command, reads its words, opens what it needs, runs it, closes. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "cli.h"
#include "errors.h"
#include "help.h"

const struct opt global_options[] = {
    {'d', "db", VALUE_PATH, offsetof(struct globals, database), "PATH",
     "the database; else DATABASE_URL, else vio.db", false, "VIO_DB"},
    {0, "secret-file", VALUE_PATH, offsetof(struct globals, secret_file), "FILE",
     "the file with its secret; else PATH.secret", false, "VIO_SECRET_FILE"},
    {0, "retell-url", VALUE_PATH, offsetof(struct globals, retell_url), "URL", "where Retell is",
     false, "VIO_RETELL_URL"},
    {'t', "tenant", VALUE_NUMBER, offsetof(struct globals, tenant), "ID",
     "the tenant that is meant", false, "VIO_TENANT"},
    {'j', "json", VALUE_FLAG, offsetof(struct globals, json), NULL,
     "print JSON, one object per line", false, NULL},
    {'q', "quiet", VALUE_FLAG, offsetof(struct globals, quiet), NULL, "print nothing but ids",
     false, NULL},
    {'h', "help", VALUE_FLAG, offsetof(struct globals, help), NULL, "print this and stop", false,
     NULL},
    {'V', "version", VALUE_FLAG, offsetof(struct globals, version), NULL,
     "print the version and stop", false, NULL},
    OPT_END,
};

/* Says which commands begin with the word, or that none does. */
static int complain_about_command(char *const *words, int n)
{
        if (!n) {
                complain("which command? 'vio-cli --help' lists them");
                return EXIT_USAGE;
        }
        char group[256] = "";
        size_t len = strlen(words[0]), used = 0;
        for (const struct cmd *const *c = commands; *c && used < sizeof(group); c++)
                if (!strncmp((*c)->name, words[0], len) && (*c)->name[len] == ' ')
                        used += (size_t)snprintf(group + used, sizeof(group) - used, "%s%s",
                                                 used ? ", " : "", (*c)->name + len + 1);
        if (used)
                complain("%s what? It knows: %s", words[0], group);
        else
                complain("there is no command '%s'; 'vio-cli --help' lists them", words[0]);
        return EXIT_USAGE;
}

static int run_open(struct cli *cli, const void *args)
{
        int code = access_open(cli);
        if (code == EXIT_DONE)
                code = cli->cmd->run(cli, args);
        access_close(cli);
        return code;
}

/* Runs the command with its printer; a failure of the printer counts when nothing else failed. */
static int run_printing(struct cli *cli, const void *args)
{
        enum out_mode mode = cli->globals.json ? OUT_JSON : OUT_TEXT;
        if (cli->globals.quiet)
                mode = OUT_QUIET;
        cli->out = out_new(stdout, mode);
        if (!cli->out) {
                complain("%s", vio_strerror(VIO_E_NOMEM));
                return EXIT_FAILED;
        }
        int code = run_open(cli, args);
        int printed = out_finish(cli->out);
        return code == EXIT_DONE ? printed : code;
}

/* Reads the words after the command's name into @args and runs it. */
static int run_with_args(struct cli *cli, char **words, int n, void *args)
{
        const struct cmd *cmd = cli->cmd;
        const struct opt_set sets[] = {
            {global_options, &cli->globals}, {cmd->options, args}, {NULL, NULL}};
        int n_operands;
        options_clear(cmd->options, args);
        operands_clear(cmd->operands, args);
        int code = options_parse(sets, words, n, true, &n_operands);
        if (code == EXIT_DONE && cli->globals.help) {
                help_command(stdout, cmd);
                return EXIT_DONE;
        }
        if (code == EXIT_DONE)
                code = operands_parse(cmd->operands, words, n_operands, args);
        if (code == EXIT_DONE)
                code = options_check(cmd->options, args);
        if (code == EXIT_DONE)
                code = options_from_env(global_options, &cli->globals);
        if (code == EXIT_DONE && cli->globals.json && cli->globals.quiet) {
                complain("--json and --quiet exclude each other");
                code = EXIT_USAGE;
        }
        return code == EXIT_DONE ? run_printing(cli, args) : code;
}

static int run_command(struct cli *cli, char **words, int n)
{
        void *args = calloc(1, cli->cmd->args_size + 1);
        if (!args) {
                complain("%s", vio_strerror(VIO_E_NOMEM));
                return EXIT_FAILED;
        }
        int code = run_with_args(cli, words, n, args);
        free(args);
        return code;
}

/* Finds the command behind the options in front, and runs it. */
static int run_words(char **words, int n)
{
        static char version_word[] = "version";
        char *version_words[] = {version_word};
        struct cli cli = {0};
        const struct opt_set sets[] = {{global_options, &cli.globals}, {NULL, NULL}};
        int used;
        options_clear(global_options, &cli.globals);
        int code = options_parse(sets, words, n, false, &used);
        if (code != EXIT_DONE)
                return code;
        words += used;
        n -= used;
        if (cli.globals.version) {
                words = version_words;
                n = 1;
        } else if (cli.globals.help && !n) {
                help_overview(stdout);
                return EXIT_DONE;
        }
        cli.cmd = command_find(words, n, &used);
        return cli.cmd ? run_command(&cli, words + used, n - used)
                       : complain_about_command(words, n);
}

int main(int argc, char **argv)
{
        /* What is kept is UTF-8, whatever the terminal's language is. */
        setlocale(LC_CTYPE, "C.UTF-8");
        signal(SIGPIPE, SIG_IGN);

        int code = run_words(argv + (argc > 0), argc > 0 ? argc - 1 : 0);
        return fflush(stdout) && code == EXIT_DONE ? EXIT_FAILED : code;
}
