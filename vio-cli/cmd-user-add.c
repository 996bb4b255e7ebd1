/* cmd-user-add.c - vio-cli user add. */
#include <string.h>

#include "access.h"
#include "errors.h"
#include "input.h"
#include "views.h"

struct user_add_args {
        const char *email;
        const char *name;
        const char *role;
        const char *password_file;
        bool password_stdin;
};

static void free_password(char **password)
{
        input_free(*password);
}

static int read_role(const struct user_add_args *args, enum vio_role *ret)
{
        *ret = VIO_ROLE_CLIENT_USER;
        if (!args->role || !vio_role_parse(args->role, ret))
                return EXIT_DONE;
        complain("--role: there is no role '%s'; say client_user, client_admin or super_admin",
                 args->role);
        return EXIT_USAGE;
}

static int read_password(const struct user_add_args *args, char **ret)
{
        if (args->password_file && args->password_stdin) {
                complain("--password-file and --password-stdin exclude each other");
                return EXIT_USAGE;
        }
        if (args->password_file || args->password_stdin)
                return input_file(args->password_stdin ? "-" : args->password_file, ret);
        return input_new_password(ret);
}

static void show(struct cli *cli, vio_user_id id, const struct vio_user_fields *fields)
{
        vio_json_writer *w = out_begin(cli->out);
        vio_json_begin_object(w, "user");
        vio_json_put_int(w, "id", id.v);
        vio_json_put_text(w, "email", fields->email);
        vio_json_put_text(w, "fullName", fields->full_name);
        vio_json_put_text(w, "role", vio_role_name(fields->role));
        if (cli->tenant)
                vio_json_put_int(w, "tenantId", vio_tenant_get_id(cli->tenant).v);
        else
                vio_json_put_null(w, "tenantId");
        vio_json_end_object(w);
        out_show(cli->out, view_user);
}

static int run(struct cli *cli, const void *data)
{
        const struct user_add_args *args = data;
        struct vio_user_fields fields = VIO_USER_FIELDS_INIT;
        int code = read_role(args, &fields.role);
        bool over_all = fields.role == VIO_ROLE_SUPER_ADMIN;
        if (code == EXIT_DONE)
                code = over_all ? access_operator(cli) : access_tenant(cli);

        /* Asked for last, so that nobody types a password for nothing. */
        _cleanup_(free_password) char *password = NULL;
        if (code == EXIT_DONE)
                code = read_password(args, &password);
        if (code != EXIT_DONE)
                return code;

        fields.email = args->email;
        fields.full_name = args->name;
        fields.password = password;
        vio_user_id id;
        int err = over_all ? vio_operator_user_add(cli->op, &fields, &id)
                           : vio_user_add(cli->tenant, &fields, &id);
        if (err < 0)
                return cli_fail(cli, err);
        show(cli, id, &fields);
        return EXIT_DONE;
}

static const struct opt options[] = {
    {'n', "name", VALUE_TEXT, offsetof(struct user_add_args, name), "NAME", "the full name", true,
     NULL},
    {'r', "role", VALUE_TEXT, offsetof(struct user_add_args, role), "ROLE",
     "client_user (default), client_admin or super_admin", false, NULL},
    {0, "password-file", VALUE_PATH, offsetof(struct user_add_args, password_file), "FILE",
     "read the password from a file", false, NULL},
    {0, "password-stdin", VALUE_FLAG, offsetof(struct user_add_args, password_stdin), NULL,
     "read the password from standard input", false, NULL},
    OPT_END,
};

static const struct operand operands[] = {
    {"EMAIL", VALUE_TEXT, offsetof(struct user_add_args, email), "the address to log in with",
     false},
    OPERAND_END,
};

const struct cmd cmd_user_add = {
    .name = "user add",
    .summary = "Add an account of a tenant, or one over all tenants",
    .need = NEED_SYSTEM,
    .options = options,
    .operands = operands,
    .args_size = sizeof(struct user_add_args),
    .run = run,
};
