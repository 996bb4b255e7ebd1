/* examine.c - whether the installation is in order. */
#include "flow/examine.h"

#include "abi/handle.h"

int vio_examine(vio *v, bool network, int (*cb)(void *data, const struct vio_finding *f),
                void *data)
{
        return examine(&v->engine, network, cb, data);
}
