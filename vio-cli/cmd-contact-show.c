/* cmd-contact-show.c - vio-cli contact show. */
#include "contacts.h"

struct contact_show_args {
        int64_t id;
};

static int run(struct cli *cli, const void *data)
{
        const struct contact_show_args *args = data;
        return contact_show(cli, (vio_contact_id){args->id});
}

static const struct operand operands[] = {
    {"CONTACT-ID", VALUE_NUMBER, offsetof(struct contact_show_args, id),
     "the number of the contact", false},
    OPERAND_END,
};

const struct cmd cmd_contact_show = {
    .name = "contact show",
    .summary = "Show a contact with its calls, made and planned",
    .need = NEED_TENANT,
    .where = "'vio-cli contact list' shows the contacts of the tenant",
    .operands = operands,
    .args_size = sizeof(struct contact_show_args),
    .run = run,
};
