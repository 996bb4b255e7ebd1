/* contacts.h - a contact with its calls and tasks, for the commands that show one. */
#ifndef VIO_CLI_CONTACTS_H
#define VIO_CLI_CONTACTS_H

#include "cli.h"

/* Shows a contact of the open tenant. Returns an enum exit_code, after complaining. */
int contact_show(struct cli *cli, vio_contact_id id);

#endif
