/* cmd-tenant-add.c - vio-cli tenant add. */
#include "cli.h"
#include "errors.h"
#include "settings.h"
#include "views.h"

struct tenant_add_args {
        const char *name;
        struct words settings;
};

static int run(struct cli *cli, const void *data)
{
        const struct tenant_add_args *args = data;
        _cleanup_(settings_free) struct settings settings = {NULL, 0};
        int code = settings_parse(&args->settings, &settings);
        if (code != EXIT_DONE)
                return code;

        vio_tenant_id id;
        int err = vio_tenant_add(cli->op, args->name, settings.v, settings.n, &id);
        if (err < 0)
                return cli_fail(cli, err);

        vio_json_writer *w = out_begin(cli->out);
        vio_json_begin_object(w, "tenant");
        vio_json_put_int(w, "id", id.v);
        vio_json_put_text(w, "name", args->name);
        vio_json_end_object(w);
        out_show(cli->out, view_tenant_added);
        return EXIT_DONE;
}

static const struct operand operands[] = {
    {"NAME", VALUE_TEXT, offsetof(struct tenant_add_args, name), "what the clinic is called",
     false},
    {"SETTING", VALUE_WORDS, offsetof(struct tenant_add_args, settings),
     "first settings, as for 'tenant set'", true},
    OPERAND_END,
};

const struct cmd cmd_tenant_add = {
    .name = "tenant add",
    .summary = "Add a tenant, and make the database if there is none",
    .need = NEED_OPERATOR,
    .may_create = true,
    .operands = operands,
    .args_size = sizeof(struct tenant_add_args),
    .run = run,
};
