/* cmd-call-show.c - vio-cli call show. */
#include "calls.h"
#include "errors.h"

struct call_show_args {
        const char *id;
};

static int run(struct cli *cli, const void *data)
{
        const struct call_show_args *args = data;
        vio_call_id id;
        if (vio_call_id_parse(args->id, &id) < 0) {
                complain("'%s' is not the id of a call; 'vio-cli contact show' lists the calls of "
                         "a contact",
                         args->id);
                return EXIT_USAGE;
        }
        return call_show(cli, id);
}

static const struct operand operands[] = {
    {"CALL-ID", VALUE_TEXT, offsetof(struct call_show_args, id), "the id of the call", false},
    OPERAND_END,
};

const struct cmd cmd_call_show = {
    .name = "call show",
    .summary = "Show a call and everything that happened to it",
    .need = NEED_TENANT,
    .where = "'vio-cli contact show' lists the calls of a contact",
    .operands = operands,
    .args_size = sizeof(struct call_show_args),
    .run = run,
};
