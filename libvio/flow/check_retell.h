/* check_retell.h - whether calls could be made with what a tenant has set: Retell is asked. */
#ifndef VIO_FLOW_CHECK_RETELL_H
#define VIO_FLOW_CHECK_RETELL_H

#include <vio/system.h>

#include "flow/acting.h"

/* As vio_tenant_test_retell(). */
int check_retell(const struct acting *a, int (*cb)(void *data, const struct vio_finding *f),
                 void *data);

#endif
