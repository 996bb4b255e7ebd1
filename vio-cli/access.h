/* access.h - opening what a command needs, and closing it again. */
#ifndef VIO_CLI_ACCESS_H
#define VIO_CLI_ACCESS_H

#include "cli.h"

/* Opens what the command's need says. Returns an enum exit_code, after complaining. */
int access_open(struct cli *cli);

/* Opens one authority more, for a command that learns only from its options which it needs. */
int access_operator(struct cli *cli);
int access_tenant(struct cli *cli);

/* Shows times in the zone of the tenant that is open; without zone data they stay in UTC. */
void access_zone(struct cli *cli);

/* Closes whatever is open. */
void access_close(struct cli *cli);

#endif
