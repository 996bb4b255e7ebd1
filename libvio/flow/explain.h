/* explain.h - why a contact was called, or was not, and what comes next. */
#ifndef VIO_FLOW_EXPLAIN_H
#define VIO_FLOW_EXPLAIN_H

#include <vio/explain.h>

#include "flow/acting.h"

int contact_explain(const struct acting *a, vio_contact_id contact,
                    int (*cb)(void *data, const struct vio_explanation *e), void *data);

#endif
