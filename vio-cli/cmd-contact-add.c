/* cmd-contact-add.c - vio-cli contact add. */
#include "contacts.h"
#include "errors.h"

struct contact_add_args {
        const char *name;
        const char *phone;
        const char *email;
        vio_time time;
        const char *date;
        const char *type;
        const char *zone;
        const char *note;
};

static int run(struct cli *cli, const void *data)
{
        const struct contact_add_args *args = data;
        struct vio_contact_fields fields = VIO_CONTACT_FIELDS_INIT;
        fields.name = args->name;
        fields.phone = args->phone;
        fields.email = args->email;
        fields.time_zone = args->zone;
        fields.appointment_date = args->date;
        fields.appointment_time = args->time;
        fields.appointment_type = args->type;
        fields.special_instructions = args->note;

        vio_contact_id id;
        int err = vio_contact_add(cli->tenant, &fields, &id);
        return err < 0 ? cli_fail(cli, err) : contact_show(cli, id);
}

#define AT(member) offsetof(struct contact_add_args, member)

static const struct opt options[] = {
    {'p', "phone", VALUE_TEXT, AT(phone), "NUMBER", "the number to call", false, NULL},
    {'e', "email", VALUE_TEXT, AT(email), "ADDRESS", "the mail address", false, NULL},
    {0, "time", VALUE_TIME, AT(time), "TIME", "the appointment, such as 2026-11-24T09:30:00+01:00",
     false, NULL},
    {0, "date", VALUE_TEXT, AT(date), "DATE", "its day, such as 2026-11-24", false, NULL},
    {0, "type", VALUE_TEXT, AT(type), "TYPE", "what the appointment is for", false, NULL},
    {0, "zone", VALUE_TEXT, AT(zone), "ZONE", "the time zone, if it is not the tenant's", false,
     NULL},
    {0, "note", VALUE_TEXT, AT(note), "TEXT", "what the agent should know", false, NULL},
    OPT_END,
};

static const struct operand operands[] = {
    {"NAME", VALUE_TEXT, AT(name), "the name of the contact", false},
    OPERAND_END,
};

const struct cmd cmd_contact_add = {
    .name = "contact add",
    .summary = "Add a contact; the reminder of its appointment is planned with it",
    .need = NEED_TENANT,
    .options = options,
    .operands = operands,
    .args_size = sizeof(struct contact_add_args),
    .run = run,
};
