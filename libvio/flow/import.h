/* import.h - contacts in and out as CSV. */
#ifndef VIO_FLOW_IMPORT_H
#define VIO_FLOW_IMPORT_H

#include <vio/import.h>

#include "flow/acting.h"

int contact_import(const struct acting *a, const struct vio_import *in,
                   void (*cb)(void *data, const struct vio_import_row *row), void *data,
                   struct vio_import_report *ret);

int contact_export(const struct acting *a, const struct vio_contact_filter *filter, unsigned flags,
                   int (*write)(void *data, const char *bytes, size_t len), void *data);

#endif
