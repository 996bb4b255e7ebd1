/* examine.h - whether the installation is in order: what the doctor asks. */
#ifndef VIO_FLOW_EXAMINE_H
#define VIO_FLOW_EXAMINE_H

#include <vio/system.h>

#include "flow/engine.h"

/* As vio_examine(). */
int examine(struct engine *e, bool network, int (*cb)(void *data, const struct vio_finding *f),
            void *data);

#endif
