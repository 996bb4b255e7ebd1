/* cmd-tenant-set.c - vio-cli tenant set. */
#include "access.h"
#include "errors.h"
#include "settings.h"
#include "tenants.h"

struct tenant_set_args {
        struct words settings;
};

static int run(struct cli *cli, const void *data)
{
        const struct tenant_set_args *args = data;
        _cleanup_(settings_free) struct settings settings = {NULL, 0};
        int code = settings_parse(&args->settings, &settings);
        if (code != EXIT_DONE)
                return code;

        int err = vio_tenant_set(cli->tenant, settings.v, settings.n);
        if (err < 0)
                return cli_fail(cli, err);
        access_zone(cli);
        return tenant_show(cli);
}

static const struct operand operands[] = {
    {"SETTING", VALUE_WORDS, offsetof(struct tenant_set_args, settings),
     "NAME=VALUE, NAME@FILE, NAME@- (standard input), or NAME= to clear it", false},
    OPERAND_END,
};

const struct cmd cmd_tenant_set = {
    .name = "tenant set",
    .summary = "Change settings of a tenant, all of them or none",
    .need = NEED_TENANT,
    .operands = operands,
    .args_size = sizeof(struct tenant_set_args),
    .run = run,
};
