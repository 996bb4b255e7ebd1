/* cmd-call-now.c - vio-cli call now. */
#include "calls.h"
#include "errors.h"

struct call_now_args {
        int64_t contact;
        bool wait;
};

static int fail(struct cli *cli, int err)
{
        if (err != VIO_E_REFUSED)
                return cli_fail(cli, err);
        enum vio_reason reason = (enum vio_reason)vio_tenant_refusal(cli->tenant);
        const char *name = vio_reason_name(reason);
        complain("no call was placed (%s): %s", name ? name : "?", vio_reason_text(reason));
        return exit_code_of(err);
}

static int run(struct cli *cli, const void *data)
{
        const struct call_now_args *args = data;
        vio_call *call;
        int err = vio_call_now(cli->tenant, (vio_contact_id){args->contact}, &call);
        if (err < 0)
                return fail(cli, err);

        vio_call_id id = vio_call_get_id(call);
        vio_call_free(call);
        int code = args->wait ? call_wait(cli, id) : EXIT_DONE;
        return code == EXIT_DONE ? call_show(cli, id) : code;
}

static const struct opt options[] = {
    {'w', "wait", VALUE_FLAG, offsetof(struct call_now_args, wait), NULL,
     "do what falls due until the call is over and its outcome known", false, NULL},
    OPT_END,
};

static const struct operand operands[] = {
    {"CONTACT-ID", VALUE_NUMBER, offsetof(struct call_now_args, contact), "whom to call", false},
    OPERAND_END,
};

const struct cmd cmd_call_now = {
    .name = "call now",
    .summary = "Call a contact, if no calling rule forbids it",
    .need = NEED_TENANT,
    .where = "'vio-cli contact list' shows the contacts of the tenant",
    .options = options,
    .operands = operands,
    .args_size = sizeof(struct call_now_args),
    .run = run,
};
