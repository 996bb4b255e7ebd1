/* handlers.h - every handler, by the authority it is given. */
#ifndef HTTPD_HANDLERS_H
#define HTTPD_HANDLERS_H

#include "message.h"

/*
 * A handler writes its answer into @r (status 0 becomes 200) and returns 0, or a negative enum
 * vio_err, with words for the client by refuse() where it knows better ones than the library.
 */
typedef int system_fn(vio *v, const struct request *q, struct response *r);
typedef int operator_fn(vio_operator *op, const struct request *q, struct response *r);
typedef int tenant_fn(vio_tenant *t, const struct request *q, struct response *r);

/* auth.c */
system_fn auth_login;

/* tenants.c */
operator_fn tenants_list;

/* contacts.c */
tenant_fn contacts_list;
tenant_fn contacts_add;
tenant_fn contacts_stats;
tenant_fn contacts_get;

/* calls.c */
tenant_fn calls_now;
tenant_fn calls_get;

/* webhooks.c */
system_fn webhooks_retell;

/* health.c */
system_fn health_live;
system_fn health_ready;

#endif
