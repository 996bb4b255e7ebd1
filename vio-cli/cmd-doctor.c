/* cmd-doctor.c - vio-cli doctor. */
#include "cli.h"
#include "errors.h"
#include "views.h"

struct doctor_args {
        bool offline;
};

struct examination {
        struct out *out;
        int ailments;
};

static int print_finding(void *data, const struct vio_finding *f)
{
        struct examination *e = data;
        vio_json_writer *w = out_begin(e->out);
        vio_json_begin_object(w, "finding");
        vio_json_put_text(w, "check", f->check);
        vio_json_put_bool(w, "ok", f->ok);
        vio_json_put_text(w, "detail", f->detail);
        vio_json_put_text(w, "remedy", f->remedy);
        vio_json_end_object(w);
        out_row(e->out, &view_finding_row);
        e->ailments += !f->ok;
        return 0;
}

static int run(struct cli *cli, const void *data)
{
        const struct doctor_args *args = data;
        struct examination e = {cli->out, 0};
        int err = vio_examine(cli->system, !args->offline, print_finding, &e);
        if (err < 0)
                return cli_fail(cli, err);
        return e.ailments ? EXIT_NOTREADY : EXIT_DONE;
}

static const struct opt options[] = {
    {0, "offline", VALUE_FLAG, offsetof(struct doctor_args, offline), NULL,
     "do not look whether Retell answers", false, NULL},
    OPT_END,
};

const struct cmd cmd_doctor = {
    .name = "doctor",
    .summary = "Examine the installation, and say what to do about each finding",
    .need = NEED_SYSTEM,
    .options = options,
    .args_size = sizeof(struct doctor_args),
    .run = run,
};
