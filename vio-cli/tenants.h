/* tenants.h - tenants and their settings as JSON, for the commands that show them. */
#ifndef VIO_CLI_TENANTS_H
#define VIO_CLI_TENANTS_H

#include "cli.h"

/* Writes the member "tenant". */
void tenant_write(const struct vio_tenant_info *info, vio_json_writer *w);

/* Shows the open tenant with all its settings. Returns an enum exit_code, after complaining. */
int tenant_show(struct cli *cli);

#endif
