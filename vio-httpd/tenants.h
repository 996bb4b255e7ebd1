/* tenants.h - a tenant as the platform's owner is shown it. */
#ifndef HTTPD_TENANTS_H
#define HTTPD_TENANTS_H

#include "attr.h"

/* Writes one tenant, as in the list of all. */
void tenant_write(const struct vio_tenant_info *i, vio_json_writer *w, const char *key);

#endif
