/* cmd-version.c - vio-cli version. */
#include "cli.h"
#include "errors.h"
#include "views.h"

#define TEXT_OF_(x) #x
#define TEXT_OF(x)  TEXT_OF_(x)

static const char built_with[] =
    TEXT_OF(VIO_VERSION_MAJOR) "." TEXT_OF(VIO_VERSION_MINOR) "." TEXT_OF(VIO_VERSION_PATCH);

static int run(struct cli *cli, const void *args)
{
        (void)args;
        vio_json_writer *w = out_begin(cli->out);
        vio_json_begin_object(w, "program");
        vio_json_put_text(w, "vio-cli", built_with);
        vio_json_put_text(w, "libvio", vio_version());
        vio_json_end_object(w);
        out_show(cli->out, view_version);
        return EXIT_DONE;
}

const struct cmd cmd_version = {
    .name = "version",
    .summary = "Print the versions of this program and of the library",
    .need = NEED_NOTHING,
    .run = run,
};
