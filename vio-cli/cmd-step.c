/* cmd-step.c - vio-cli step. */
#include "cli.h"
#include "errors.h"
#include "views.h"

struct step_args {
        bool until_idle;
};

static int run(struct cli *cli, const void *data)
{
        const struct step_args *args = data;
        int64_t rounds = 0;
        vio_time next = VIO_TIME_NONE;
        int err;
        do {
                err = vio_step(cli->system, &next);
                rounds++;
        } while (!err && args->until_idle && next <= vio_now(cli->system));
        vio_release(cli->system);
        if (err < 0)
                return cli_fail(cli, err);

        vio_json_writer *w = out_begin(cli->out);
        vio_json_begin_object(w, "step");
        vio_json_put_int(w, "rounds", rounds);
        vio_json_put_time(w, "next", next);
        vio_json_end_object(w);
        out_show(cli->out, view_step);
        return EXIT_DONE;
}

static const struct opt options[] = {
    {0, "until-idle", VALUE_FLAG, offsetof(struct step_args, until_idle), NULL,
     "go on until nothing is due any more", false, NULL},
    OPT_END,
};

const struct cmd cmd_step = {
    .name = "step",
    .summary = "Do what is due: reminders, dialling, polling, housekeeping",
    .need = NEED_SYSTEM,
    .options = options,
    .args_size = sizeof(struct step_args),
    .run = run,
};
