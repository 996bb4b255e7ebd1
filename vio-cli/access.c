/* access.c - opening what a command needs: database, secret, operator, tenant. */
#include "access.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "errors.h"

/* The plain path of "vio.db", "sqlite:vio.db" or "sqlite:///srv/vio.db"; NULL for other schemes. */
static const char *database_path(const char *text)
{
        if (!strncmp(text, "sqlite:", 7)) {
                text += 7;
                return strncmp(text, "//", 2) ? text : text + 2;
        }
        return strstr(text, "://") ? NULL : text;
}

/* Which database: the option, or VIO_DB (both are in the globals by now), else DATABASE_URL. */
static int choose_database(const struct cli *cli, const char **ret)
{
        const char *text = cli->globals.database;
        if (!text)
                text = getenv("DATABASE_URL");
        if (!text || !*text)
                text = "vio.db";
        const char *path = database_path(text);
        if (!path || !*path) {
                complain("the database must be the path of a SQLite file, or sqlite:PATH; give it "
                         "with --db");
                return EXIT_USAGE;
        }
        *ret = path;
        return EXIT_DONE;
}

/* Looks at the file first, so that the complaint speaks of the database, not of its secret. */
static int look_at_database(const struct cli *cli, const char *path, bool *ret_missing)
{
        struct stat st;
        *ret_missing = false;
        if (stat(path, &st) == 0) {
                if (S_ISREG(st.st_mode))
                        return EXIT_DONE;
                complain("%s is not a file; name a database with --db", path);
                return EXIT_FAILED;
        }
        if (errno != ENOENT) {
                complain("cannot look at %s: %s; name a database with --db", path, strerror(errno));
                return EXIT_FAILED;
        }
        *ret_missing = true;
        if (cli->cmd->may_create)
                return EXIT_DONE;
        complain("there is no database %s; name it with --db, or make it with 'vio-cli tenant add'",
                 path);
        return EXIT_NOTFOUND;
}

static const char *secret_remedy(int err)
{
        switch (err) {
        case VIO_E_NOTFOUND:
                return "bring it back from where the database was made, or name it "
                       "with --secret-file";
        case VIO_E_FORBIDDEN: return "it must be yours, with mode 0600";
        case VIO_E_INVALID: return "it must hold 64 hexadecimal digits";
        default: return "look whether its directory exists and can be written";
        }
}

/* A secret is made together with its database only: a new one could not open the old seals. */
static int load_secret(const struct cli *cli, const char *path, bool create,
                       uint8_t ret[VIO_SECRET_SIZE])
{
        char *made = NULL;
        const char *file = cli->globals.secret_file;
        if (!file && asprintf(&made, "%s.secret", path) < 0) {
                complain("%s", vio_strerror(VIO_E_NOMEM));
                return EXIT_FAILED;
        }
        if (!file)
                file = made;
        int err = vio_secret_load(file, create, ret);
        if (err < 0)
                complain("the secret file %s cannot be used: %s; %s", file, vio_strerror(err),
                         secret_remedy(err));
        free(made);
        return exit_code_of(err);
}

static int open_system(struct cli *cli, const char *path, const uint8_t secret[VIO_SECRET_SIZE],
                       bool create)
{
        char error[512] = "";
        struct vio_options options = VIO_OPTIONS_INIT;
        options.database = path;
        options.secret = secret;
        options.secret_len = VIO_SECRET_SIZE;
        options.retell_url = cli->globals.retell_url;
        options.create = create;
        options.readers = 1;
        options.error = error;
        options.error_size = sizeof(error);
        int err = vio_open(&options, &cli->system);
        if (err < 0) {
                const char *remedy = err == VIO_E_INVALID ? "look at --secret-file and --retell-url"
                                                          : remedy_of(err);
                complain("cannot open the database %s: %s%s%s", path,
                         *error ? error : vio_strerror(err), *remedy ? "; " : "", remedy);
        }
        return exit_code_of(err);
}

static int access_system(struct cli *cli)
{
        const char *path;
        bool missing;
        uint8_t secret[VIO_SECRET_SIZE];
        int code = choose_database(cli, &path);
        if (code == EXIT_DONE)
                code = look_at_database(cli, path, &missing);
        if (code == EXIT_DONE)
                code = load_secret(cli, path, missing, secret);
        if (code == EXIT_DONE)
                code = open_system(cli, path, secret, missing);
        explicit_bzero(secret, sizeof(secret));
        return code;
}

static const struct vio_actor actor = {VIO_ACTOR_COMMAND, {0}, NULL};

int access_operator(struct cli *cli)
{
        int err = vio_operator_open(cli->system, &actor, &cli->op);
        return err < 0 ? cli_fail(cli, err) : EXIT_DONE;
}

int access_tenant(struct cli *cli)
{
        if (!cli->globals.tenant) {
                complain("which tenant? Say --tenant=ID, or set VIO_TENANT; 'vio-cli tenant list' "
                         "shows them");
                return EXIT_USAGE;
        }
        vio_tenant_id id = {cli->globals.tenant};
        int err = vio_tenant_open(cli->system, id, &actor, &cli->tenant);
        if (err == VIO_E_NOTFOUND)
                complain("there is no tenant %lld; 'vio-cli tenant list' shows them",
                         (long long)id.v);
        else if (err < 0)
                return cli_fail(cli, err);
        return exit_code_of(err);
}

static int use_zone(void *data, const struct vio_tenant_info *info)
{
        struct cli *cli = data;
        if (info->time_zone && vio_zone_open(info->time_zone, &cli->zone) == 0)
                out_set_zone(cli->out, cli->zone);
        return 0;
}

void access_zone(struct cli *cli)
{
        cli->zone = vio_zone_free(cli->zone);
        out_set_zone(cli->out, NULL);
        vio_tenant_show(cli->tenant, use_zone, cli);
}

int access_open(struct cli *cli)
{
        enum need need = cli->cmd->need;
        int code = need == NEED_NOTHING ? EXIT_DONE : access_system(cli);
        if (code == EXIT_DONE && need == NEED_OPERATOR)
                code = access_operator(cli);
        if (code == EXIT_DONE && need == NEED_TENANT)
                code = access_tenant(cli);
        if (code == EXIT_DONE && need == NEED_TENANT)
                access_zone(cli);
        return code;
}

void access_close(struct cli *cli)
{
        cli->zone = vio_zone_free(cli->zone);
        cli->tenant = vio_tenant_free(cli->tenant);
        cli->op = vio_operator_free(cli->op);
        cli->system = vio_close(cli->system);
}
