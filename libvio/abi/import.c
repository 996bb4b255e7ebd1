/* import.c - contacts in and out as CSV. */
#include <vio/import.h>

#include "abi/handle.h"
#include "flow/import.h"
#include "rules/sized.h"

int vio_contact_import(vio_tenant *t, const struct vio_import *in,
                       void (*cb)(void *data, const struct vio_import_row *row), void *data,
                       struct vio_import_report *ret)
{
        struct acting a = tenant_acts(t);

        if (!in || in->size != sizeof(*in) || !ret || ret->size != sizeof(*ret))
                return fault_set(a.fault, VIO_E_INVALID,
                                 "the import and its report were not initialised");
        if (!in->text && in->len)
                return fault_set(a.fault, VIO_E_INVALID, "text: must not be NULL");
        if ((unsigned)in->dates > VIO_DATES_DAY_FIRST)
                return fault_set(a.fault, VIO_E_INVALID, "dates: there is no such order");
        return contact_import(&a, in, cb, data, ret);
}

int vio_contact_export(vio_tenant *t, const struct vio_contact_filter *filter, unsigned flags,
                       int (*write)(void *data, const char *bytes, size_t len), void *data)
{
        struct vio_contact_filter all = VIO_CONTACT_FILTER_INIT;
        struct acting a = tenant_acts(t);
        size_t least = offsetof(struct vio_contact_filter, limit) + sizeof(all.limit);

        if (!filter || filter->size < least || filter->size > sizeof(all))
                return fault_set(a.fault, VIO_E_INVALID, "the filter was not initialised");
        if (filter->status < -1 || filter->status > VIO_APPOINTMENT_RESCHEDULED)
                return fault_set(a.fault, VIO_E_INVALID, "status: there is no such status");
        if (flags & ~VIO_EXPORT_BOM)
                return fault_set(a.fault, VIO_E_INVALID, "flags: there are no such flags");
        sized_read(&all, sizeof(all), filter);
        all.size = sizeof(all);
        return contact_export(&a, &all, flags, write, data);
}
