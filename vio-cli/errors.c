/* errors.c - the one place where the library's errors become words and exit codes. */
#include "errors.h"

#include <stdarg.h>
#include <stdio.h>

void complain(const char *format, ...)
{
        char line[1024];
        va_list args;
        va_start(args, format);
        vsnprintf(line, sizeof(line), format, args);
        va_end(args);

        for (char *c = line; *c; c++)
                if ((unsigned char)*c < 0x20 || *c == 0x7f)
                        *c = '?';
        fprintf(stderr, "vio-cli: %s\n", line);
}

enum exit_code exit_code_of(int err)
{
        switch ((enum vio_err)err) {
        case VIO_OK: return EXIT_DONE;
        case VIO_E_INVALID: return EXIT_USAGE;
        case VIO_E_NOTFOUND: return EXIT_NOTFOUND;
        case VIO_E_CONFLICT: return EXIT_CONFLICT;
        case VIO_E_REFUSED: return EXIT_CONFLICT;
        case VIO_E_LIMITED:
        case VIO_E_BUSY: return EXIT_NOTREADY;
        case VIO_E_SCHEMA: return EXIT_NOTREADY;
        case VIO_E_AUTH:
        case VIO_E_FORBIDDEN:
        case VIO_E_UPSTREAM:
        case VIO_E_STORAGE:
        case VIO_E_NOMEM:
        case VIO_E_INTERNAL: return EXIT_FAILED;
        }
        return EXIT_FAILED;
}

const char *remedy_of(int err)
{
        switch ((enum vio_err)err) {
        case VIO_OK:
        case VIO_E_NOTFOUND:
        case VIO_E_INVALID:
        case VIO_E_CONFLICT:
        case VIO_E_AUTH: return "";
        case VIO_E_REFUSED: return "vio-cli contact show tells more";
        case VIO_E_FORBIDDEN: return "run it as the user who owns the database";
        case VIO_E_LIMITED:
        case VIO_E_BUSY: return "try again in a moment";
        case VIO_E_UPSTREAM: return "vio-cli doctor looks whether Retell answers";
        case VIO_E_STORAGE:
                return "look whether the file and its directory can be written and the disk has "
                       "room";
        case VIO_E_SCHEMA: return "use the vio-cli that is as new as the database";
        case VIO_E_NOMEM: return "free some memory and try again";
        case VIO_E_INTERNAL: return "please report it";
        }
        return "";
}

static const char *handle_error(const struct cli *cli)
{
        if (cli->tenant)
                return vio_tenant_error(cli->tenant);
        return cli->op ? vio_operator_error(cli->op) : "";
}

static const char *hint(const struct cli *cli, int err)
{
        return err == VIO_E_NOTFOUND && cli->cmd->where ? cli->cmd->where : remedy_of(err);
}

int cli_fail(const struct cli *cli, int err)
{
        const char *detail = handle_error(cli);
        if (!*detail)
                detail = vio_strerror(err);
        const char *what_to_do = hint(cli, err);
        complain("%s%s%s", detail, *what_to_do ? "; " : "", what_to_do);
        return exit_code_of(err);
}
