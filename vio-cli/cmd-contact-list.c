/* cmd-contact-list.c - vio-cli contact list. */
#include "cli.h"
#include "errors.h"
#include "views.h"

struct contact_list_args {
        const char *status;
        int64_t limit;
        int64_t after;
};

static int print_row(void *data, const vio_contact *contact)
{
        struct cli *cli = data;
        vio_contact_write(contact, out_begin(cli->out), "contact");
        out_row(cli->out, &view_contact_row);
        return 0;
}

static int run(struct cli *cli, const void *data)
{
        const struct contact_list_args *args = data;
        enum vio_appointment_status status;
        struct vio_contact_filter filter = VIO_CONTACT_FILTER_INIT;
        if (args->status) {
                if (vio_appointment_status_parse(args->status, &status) < 0) {
                        complain("--status: there is no status '%s'; say pending, confirmed, "
                                 "cancelled or rescheduled",
                                 args->status);
                        return EXIT_USAGE;
                }
                filter.status = (int)status;
        }
        filter.limit = (size_t)args->limit;
        filter.after.v = args->after;
        int err = vio_contact_each(cli->tenant, &filter, print_row, cli);
        return err < 0 ? cli_fail(cli, err) : EXIT_DONE;
}

#define AT(member) offsetof(struct contact_list_args, member)

static const struct opt options[] = {
    {'s', "status", VALUE_TEXT, AT(status), "STATUS",
     "pending, confirmed, cancelled or rescheduled ones", false, NULL},
    {'n', "limit", VALUE_NUMBER, AT(limit), "N", "at most so many", false, NULL},
    {0, "after", VALUE_NUMBER, AT(after), "CONTACT-ID", "only those with a higher id", false, NULL},
    OPT_END,
};

const struct cmd cmd_contact_list = {
    .name = "contact list",
    .summary = "List the contacts of a tenant",
    .need = NEED_TENANT,
    .options = options,
    .args_size = sizeof(struct contact_list_args),
    .run = run,
};
