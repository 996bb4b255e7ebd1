/* contacts.c - a contact with its calls and tasks, for the commands that show one. */
#include "contacts.h"

#include "errors.h"
#include "views.h"

/* So many calls and so many tasks are shown with a contact. */
#define SHOWN_MOST 50

static void free_contact(vio_contact **c)
{
        vio_contact_free(*c);
}

static int write_call(void *data, const vio_call *call)
{
        vio_call_write(call, data, NULL);
        return 0;
}

static int write_task(void *data, const vio_task *task)
{
        vio_task_write(task, data, NULL);
        return 0;
}

static int write_calls(struct cli *cli, vio_contact_id id, vio_json_writer *w)
{
        struct vio_call_filter filter = VIO_CALL_FILTER_INIT;
        filter.contact = id;
        filter.limit = SHOWN_MOST;
        vio_json_begin_array(w, "calls");
        int err = vio_call_each(cli->tenant, &filter, write_call, w);
        vio_json_end_array(w);
        return err;
}

static int write_tasks(struct cli *cli, vio_contact_id id, vio_json_writer *w)
{
        struct vio_task_filter filter = VIO_TASK_FILTER_INIT;
        filter.contact = id;
        filter.limit = SHOWN_MOST;
        vio_json_begin_array(w, "tasks");
        int err = vio_task_each(cli->tenant, &filter, write_task, w);
        vio_json_end_array(w);
        return err;
}

int contact_show(struct cli *cli, vio_contact_id id)
{
        _cleanup_(free_contact) vio_contact *contact = NULL;
        int err = vio_contact_get(cli->tenant, id, &contact);
        if (err < 0)
                return cli_fail(cli, err);

        vio_json_writer *w = out_begin(cli->out);
        vio_contact_write(contact, w, "contact");
        err = write_calls(cli, id, w);
        if (!err)
                err = write_tasks(cli, id, w);
        if (err < 0)
                return cli_fail(cli, err);
        out_show(cli->out, view_contact);
        return EXIT_DONE;
}
