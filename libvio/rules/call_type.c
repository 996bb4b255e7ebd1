/* call_type.c - why a call was made, as words. */
#include <vio/call.h>

#include "base/attr.h"
#include "names.h"

static const char *const types[] = {
    [VIO_CALL_TYPE_MANUAL] = "manual",
    [VIO_CALL_TYPE_SCHEDULED] = "scheduled",
    [VIO_CALL_TYPE_FOLLOW_UP] = "follow_up",
};

const char *vio_call_type_name(enum vio_call_type type)
{
        return names_at(types, count_of(types), type);
}

int vio_call_type_parse(const char *name, enum vio_call_type *ret)
{
        int found = names_find(types, count_of(types), name);
        if (found < 0)
                return VIO_E_INVALID;
        *ret = (enum vio_call_type)found;
        return 0;
}
