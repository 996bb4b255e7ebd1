/* cmd-tenant-list.c - vio-cli tenant list. */
#include "errors.h"
#include "tenants.h"
#include "views.h"

static int print_row(void *data, const struct vio_tenant_info *info)
{
        struct cli *cli = data;
        tenant_write(info, out_begin(cli->out));
        out_row(cli->out, &view_tenant_row);
        return 0;
}

static int run(struct cli *cli, const void *args)
{
        (void)args;
        int err = vio_tenant_each(cli->op, print_row, cli);
        return err < 0 ? cli_fail(cli, err) : EXIT_DONE;
}

const struct cmd cmd_tenant_list = {
    .name = "tenant list",
    .summary = "List all tenants",
    .need = NEED_OPERATOR,
    .run = run,
};
