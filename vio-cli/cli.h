/* cli.h - what a command is, and what it is given when it runs. */
#ifndef VIO_CLI_H
#define VIO_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <vio.h>

#include "options.h"
#include "out.h"

/* Runs @fn on the address of the variable when it goes out of scope. */
#define _cleanup_(fn) __attribute__((cleanup(fn)))

/* What main opens before a command runs, and closes after it; each includes the one before. */
enum need {
        NEED_NOTHING,
        NEED_SYSTEM,   /* the database */
        NEED_OPERATOR, /* the authority over all tenants */
        NEED_TENANT    /* the authority over the tenant of --tenant */
};

struct cli;

/* One command: the only thing its file shows to the others. */
struct cmd {
        const char *name;    /* as typed: "tenant add" */
        const char *summary; /* one line in the imperative, without a full stop */
        enum need need;
        bool may_create;           /* makes the database, and its secret, when there is none */
        const char *where;         /* where to look for what was not found; NULL when nothing is */
        const struct opt *options; /* ended by OPT_END; NULL for none */
        const struct operand *operands; /* ended by OPERAND_END; NULL for none */
        size_t args_size;               /* of the struct that options and operands fill */
        int (*run)(struct cli *cli, const void *args); /* returns an enum exit_code */
};

/* The options that every command has. */
struct globals {
        const char *database;
        const char *secret_file;
        const char *retell_url;
        int64_t tenant; /* 0: not given */
        bool json;
        bool quiet;
        bool help;
        bool version;
};

extern const struct opt global_options[];

/* Everything a running command has. The handles are NULL unless its need opened them. */
struct cli {
        const struct cmd *cmd;
        struct globals globals;
        struct out *out;
        vio *system;
        vio_operator *op;
        vio_tenant *tenant;
        vio_zone *zone; /* the tenant's; NULL means UTC */
};

/* All commands, in the order of the list in meson.build; ended by NULL. */
extern const struct cmd *const commands[];

/*
 * Finds the command that the first words of @words name. Returns NULL when there is none; else
 * *ret_used is the number of words that its name took.
 */
const struct cmd *command_find(char *const *words, int n, int *ret_used);

#endif
