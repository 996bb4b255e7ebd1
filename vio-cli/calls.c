/* calls.c - a call with its timeline, and waiting for its end. */
#include "calls.h"

#include <time.h>

#include "errors.h"
#include "views.h"

/* How often a waiting command looks; another process may be the one that learns the outcome. */
#define LOOK_MS 500

static void free_call(vio_call **c)
{
        vio_call_free(*c);
}

static int write_moment(void *data, const struct vio_call_moment *m)
{
        vio_json_writer *w = data;
        vio_json_begin_object(w, NULL);
        vio_json_put_time(w, "at", m->at);
        vio_json_put_text(w, "kind", m->kind);
        vio_json_put_text(w, "detail", m->detail);
        vio_json_end_object(w);
        return 0;
}

int call_show(struct cli *cli, vio_call_id id)
{
        _cleanup_(free_call) vio_call *call = NULL;
        int err = vio_call_get(cli->tenant, id, &call);
        if (err < 0)
                return cli_fail(cli, err);

        vio_json_writer *w = out_begin(cli->out);
        vio_call_write(call, w, "call");
        vio_json_begin_array(w, "timeline");
        err = vio_call_timeline(cli->tenant, id, write_moment, w);
        vio_json_end_array(w);
        if (err < 0)
                return cli_fail(cli, err);
        out_show(cli->out, view_call);
        return EXIT_DONE;
}

static int read_final(struct cli *cli, vio_call_id id, bool *ret)
{
        _cleanup_(free_call) vio_call *call = NULL;
        int err = vio_call_get(cli->tenant, id, &call);
        if (!err)
                *ret = vio_call_get_final(call);
        return err;
}

/* One look: does what is due, unless another process is at it, and reads how far the call is. */
static int look(struct cli *cli, vio_call_id id, bool *ret_final)
{
        int err = vio_step(cli->system, NULL);
        return err < 0 && err != VIO_E_BUSY ? err : read_final(cli, id, ret_final);
}

int call_wait(struct cli *cli, vio_call_id id)
{
        const struct timespec pause = {0, LOOK_MS * 1000000L};
        bool final = false;
        int err = look(cli, id, &final);
        while (!err && !final) {
                nanosleep(&pause, NULL);
                err = look(cli, id, &final);
        }
        vio_release(cli->system);
        return err < 0 ? cli_fail(cli, err) : EXIT_DONE;
}
