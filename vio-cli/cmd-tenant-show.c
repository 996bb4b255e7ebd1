/* cmd-tenant-show.c - vio-cli tenant show. */
#include "tenants.h"

static int run(struct cli *cli, const void *args)
{
        (void)args;
        return tenant_show(cli);
}

const struct cmd cmd_tenant_show = {
    .name = "tenant show",
    .summary = "Show a tenant and its settings",
    .need = NEED_TENANT,
    .run = run,
};
