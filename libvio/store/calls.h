/* calls.h - tables call_sessions, call_transcripts and call_routes. day_stats moves with them. */
#ifndef VIO_STORE_CALLS_H
#define VIO_STORE_CALLS_H

#include "store/rows.h"
#include "store/store.h"

int call_insert(struct tenant_tx *tx, const struct vio_call *c);
/* @transcript: whether to read it too. VIO_E_NOTFOUND. */
int call_load(struct tenant_tx *tx, vio_call_id id, bool transcript, struct vio_call *ret);
int call_load_by_retell_id(struct tenant_tx *tx, const char *retell_call_id, bool transcript,
                           struct vio_call *ret);
/* What day_stats counts by: id, day, status, outcome, duration and dial state. Owns no text. */
int call_load_brief(struct tenant_tx *tx, vio_call_id id, struct vio_call *ret);

/*
 * Writes what may change in a session (all but id, contact, type, task, day, created_at), its
 * transcript when .transcript is set, and moves day_stats by the difference to the row before.
 * VIO_E_CONFLICT when the retell_call_id belongs to another session. The number of an erased person
 * leaves the dial once the call is final and the line is free.
 */
int call_save(struct tenant_tx *tx, const struct vio_call *c);

/* Newest first; lent during the callback, with the contact's name and without transcript. */
int call_each(struct tenant_tx *tx, const struct vio_call_filter *f,
              int (*cb)(void *data, const struct vio_call *c), void *data);
/* The same, as a page; @ret_cursor gets the .after of the next one, "" when there is none. */
int call_page(struct tenant_tx *tx, const struct vio_call_filter *f,
              int (*cb)(void *data, const struct vio_call *c), void *data,
              char ret_cursor[VIO_CALL_CURSOR]);
/* Reads the contact's name into a call that was loaded. */
int call_load_contact_name(struct tenant_tx *tx, struct vio_call *c);

/* Calls of a contact on local days in [from_day, to_day] that rang or may have rung. */
int calls_count(struct tenant_tx *tx, vio_contact_id contact, const char *from_day,
                const char *to_day, int64_t *ret);
/* Calls of the tenant that may be live now (open attempts). */
int calls_live(struct tenant_tx *tx, int64_t *ret);

/* Ids whose poll, or whose deadline, is due at or before @now, earliest first; at most @n. */
int calls_due_poll(struct tenant_tx *tx, vio_time now, vio_call_id *ret, size_t n,
                   size_t *ret_count);
int calls_past_deadline(struct tenant_tx *tx, vio_time now, vio_call_id *ret, size_t n,
                        size_t *ret_count);

/* Which tenants may own a call id of Retell (normally one); at most @n. */
int call_route_add(struct tenant_tx *tx, const char *retell_call_id);
int call_routes(struct system_tx *tx, const char *retell_call_id, vio_tenant_id *ret, size_t n,
                size_t *ret_count);

#endif
