/* audit.h - table audit_logs: who did what, chained by hashes. */
#ifndef VIO_STORE_AUDIT_H
#define VIO_STORE_AUDIT_H

#include <vio/audit.h>
#include <vio/tenant.h>

#include "store/store.h"

/*
 * Actions are words with a dot: "login", "contact.add", "call.outcome". @detail is short, for
 * people, and holds no secret and no phone number.
 */
struct audit {
        const struct vio_actor *actor;
        const char *action;
        vio_contact_id contact;  /* 0: none */
        const vio_call_id *call; /* NULL: none */
        const char *detail;
        vio_time at;
};

/* hash = SHA-256 hex over the hash before and every field, length-prefixed. */
int audit_add(struct tenant_tx *tx, const struct audit *a);
int audit_add_system(struct system_tx *tx, const struct audit *a); /* tenant 0 */

struct audit_row {
        int64_t id;
        const char *action;
        const char *detail;
        vio_time created_at;
};
/* Rows about one call, oldest first; lent during the callback. */
int audit_each_of_call(struct tenant_tx *tx, vio_call_id call,
                       int (*cb)(void *data, const struct audit_row *r), void *data);
/* The rows of a log that fit the filter (its .tenant is not looked at), newest first; lent. */
int audit_each(struct tenant_tx *tx, const struct vio_audit_filter *filter,
               int (*cb)(void *data, const struct vio_audit_entry *e), void *data);
/* Walks the tenant's chain; @ret_broken gets the first row that does not fit, or 0. */
int audit_verify(struct tenant_tx *tx, int64_t *ret_broken);

#endif
