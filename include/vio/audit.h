/* vio/audit.h - who did what: the audit log and its proof. */
#ifndef VIO_AUDIT_H
#define VIO_AUDIT_H

#include <vio/core.h>
#include <vio/json.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The most entries that one reading gives. */
#define VIO_AUDIT_LIMIT 500

/** Which entries are wanted. Set it to VIO_AUDIT_FILTER_INIT first; what is 0 or NULL does not
 * matter. */
struct vio_audit_filter {
        size_t size;
        vio_tenant_id tenant;   /* for the operator: whose log; 0: the installation's own */
        vio_user_id user;       /* only what this account did */
        const char *action;     /* only actions that begin so, such as "contact." */
        vio_contact_id contact; /* only what concerns this contact */
        vio_time from;          /* not before this; VIO_TIME_NONE: from the beginning */
        vio_time to;            /* before this; VIO_TIME_NONE: up to now */
        int64_t before;         /* only ids below this: the last id of the page before */
        size_t limit;           /* 1 to VIO_AUDIT_LIMIT */
};

#define VIO_AUDIT_FILTER_INIT                                                                      \
        {                                                                                          \
                .size = sizeof(struct vio_audit_filter), .from = VIO_TIME_NONE,                    \
                .to = VIO_TIME_NONE, .limit = 100                                                  \
        }

/** One entry; the texts are valid during the callback. */
struct vio_audit_entry {
        vio_tenant_id tenant;   /* 0: the installation */
        int64_t id;             /* counts 1, 2, 3 ... within its log */
        const char *actor;      /* "system", "user", "command" or "impersonator" */
        vio_user_id user;       /* 0: no account; of an impersonator the super_admin's */
        const char *email;      /* of that account; NULL when there is none any more */
        const char *acting_as;  /* "client_admin" for an impersonator, else NULL */
        const char *action;     /* such as "contact.add" */
        vio_contact_id contact; /* 0: none */
        const char *call;       /* a call's id, or NULL */
        const char *detail;     /* never NULL; holds no secret, no number and no name */
        const char *ip_address; /* NULL: none */
        vio_time at;
};

/**
 * Calls @cb for the entries of the tenant's log that fit @filter, newest first.
 *
 * The next page: the same filter with .before set to the id seen last. With .user or .contact an
 * index leads to them; otherwise the log is read backwards until the page is full.
 *
 * @filter: NULL for the newest 100. @cb must not call the library; a non-zero result ends the loop
 * and is returned. Errors: VIO_E_INVALID (limit), VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_audit_each(vio_tenant *t, const struct vio_audit_filter *filter,
                           int (*cb)(void *data, const struct vio_audit_entry *e), void *data);

/**
 * The same for one log of the operator's choice: .tenant's, or the installation's own.
 *
 * One log at a time: each is a chain with a numbering of its own, found by its tenant. All of them
 * in order of time would need either an index that every entry of every tenant pays for, or a look
 * into every tenant's log for each page.
 *
 * Errors: VIO_E_NOTFOUND (no such tenant), VIO_E_INVALID (limit), VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_operator_audit_each(vio_operator *op, const struct vio_audit_filter *filter,
                                    int (*cb)(void *data, const struct vio_audit_entry *e),
                                    void *data);

/**
 * Checks that nothing was changed in the tenant's log, taken out of it or cut off its end: every
 * entry carries a hash over itself and the hash of the entry before. Reads the whole log.
 *
 * @ret_broken: gets 0, or the id of the first entry that does not fit; untouched on failure.
 * Errors: VIO_E_STORAGE, VIO_E_NOMEM. Since: 0.2
 */
VIO_API int vio_audit_verify(vio_tenant *t, int64_t *ret_broken);

/**
 * The same for the log of @tenant, or, with 0, of the installation.
 *
 * Errors: VIO_E_NOTFOUND (no such tenant), VIO_E_STORAGE, VIO_E_NOMEM. Since: 0.2
 */
VIO_API int vio_operator_audit_verify(vio_operator *op, vio_tenant_id tenant, int64_t *ret_broken);

#ifdef __cplusplus
}
#endif

#endif
