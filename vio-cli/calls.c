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

static void free_json(vio_json **j)
{
        vio_json_free(*j);
}

static void free_writer(vio_json_writer **w)
{
        vio_json_writer_free(*w);
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

/* Reads from the call's JSON whether it is final; nothing else of the ABI tells. */
static int read_final(struct cli *cli, vio_call_id id, bool *ret)
{
        _cleanup_(free_call) vio_call *call = NULL;
        _cleanup_(free_writer) vio_json_writer *w = vio_json_writer_new();
        _cleanup_(free_json) vio_json *json = NULL;
        const char *text;
        size_t len;
        int err = w ? vio_call_get(cli->tenant, id, &call) : VIO_E_NOMEM;
        if (err < 0)
                return err;
        vio_call_write(call, w, NULL);
        err = vio_json_writer_text(w, &text, &len);
        if (!err)
                err = vio_json_parse(text, len, &json);
        return err < 0 ? err : vio_json_bool(vio_json_get(json, "final"), ret);
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
