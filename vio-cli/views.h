/* views.h - which members of which object are shown as text, and under which label. */
#ifndef VIO_CLI_VIEWS_H
#define VIO_CLI_VIEWS_H

#include "out.h"

extern const struct section view_tenant[];       /* "tenant", "settings" */
extern const struct section view_tenant_added[]; /* "tenant" */
extern const struct section view_tenant_row;     /* "tenant" */
extern const struct section view_user[];         /* "user" */
extern const struct section view_contact[];      /* "contact", "calls", "tasks" */
extern const struct section view_contact_row;    /* "contact" */
extern const struct section view_call[];         /* "call", "timeline" */
extern const struct section view_step[];         /* "step" */
extern const struct section view_finding_row;    /* "finding" */
extern const struct section view_version[];      /* "program" */

#endif
