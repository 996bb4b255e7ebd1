/* tenants.c - tenants and their settings as JSON, for the commands that show them. */
#include "tenants.h"

#include "errors.h"
#include "views.h"

void tenant_write(const struct vio_tenant_info *info, vio_json_writer *w)
{
        vio_json_begin_object(w, "tenant");
        vio_json_put_int(w, "id", info->id.v);
        vio_json_put_text(w, "name", info->name);
        vio_json_put_text(w, "timeZone", info->time_zone);
        vio_json_put_bool(w, "suspended", info->suspended);
        vio_json_put_bool(w, "configured", info->configured);
        vio_json_put_time(w, "createdAt", info->created_at);
        vio_json_end_object(w);
}

static int write_tenant(void *data, const struct vio_tenant_info *info)
{
        tenant_write(info, data);
        return 0;
}

static int write_setting(void *data, const struct vio_setting_info *info)
{
        vio_json_writer *w = data;
        vio_json_begin_object(w, NULL);
        vio_json_put_text(w, "name", info->name);
        vio_json_put_bool(w, "isSet", info->is_set);
        vio_json_put_bool(w, "isSecret", info->is_secret);
        vio_json_put_text(w, "value", info->value);
        vio_json_put_text(w, "summary", info->summary);
        vio_json_end_object(w);
        return 0;
}

int tenant_show(struct cli *cli)
{
        vio_json_writer *w = out_begin(cli->out);
        int err = vio_tenant_show(cli->tenant, write_tenant, w);
        vio_json_begin_array(w, "settings");
        if (!err)
                err = vio_tenant_settings(cli->tenant, write_setting, w);
        vio_json_end_array(w);
        if (err < 0)
                return cli_fail(cli, err);
        out_show(cli->out, view_tenant);
        return EXIT_DONE;
}
