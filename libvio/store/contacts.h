/* contacts.h - table contacts. The counts per status in tenant_state move with every write. */
#ifndef VIO_STORE_CONTACTS_H
#define VIO_STORE_CONTACTS_H

#include "store/rows.h"
#include "store/store.h"

/*
 * Takes the next id of the tenant; .tenant and .id of @c are not looked at. In the row (not in @c)
 * a contact whose number is in do_not_call is opted out; so it is when contact_save() changes the
 * number.
 */
int contact_insert(struct tenant_tx *tx, const struct vio_contact *c, vio_contact_id *ret);
/* A removed contact is NOTFOUND; contact_load_any() is for what its calls still bring, and for
 * history. */
int contact_load(struct tenant_tx *tx, vio_contact_id id, struct vio_contact *ret);
int contact_load_any(struct tenant_tx *tx, vio_contact_id id, struct vio_contact *ret);
/* Writes the whole row. VIO_E_NOTFOUND when there is none. */
int contact_save(struct tenant_tx *tx, const struct vio_contact *c);

/*
 * The filter's contacts in its order, at most .limit. The contact is lent during the callback:
 * texts point into the row. @now: what attention goes by.
 * @ret_cursor: gets where the list goes on, or ""; NULL when nobody wants to know.
 * VIO_E_INVALID when the filter's cursor belongs to no list of this order.
 */
int contact_list(struct tenant_tx *tx, const struct vio_contact_filter *f, vio_time now,
                 int (*cb)(void *data, const struct vio_contact *c), void *data,
                 char ret_cursor[VIO_CONTACT_CURSOR]);
/* The same where neither attention nor a cursor matter. */
int contact_each(struct tenant_tx *tx, const struct vio_contact_filter *f,
                 int (*cb)(void *data, const struct vio_contact *c), void *data);
int contact_stats(struct tenant_tx *tx, struct vio_contact_stats *ret);

/* Ids of the contacts with this address or number that were not removed, lowest first; at most
 * @n. */
int contacts_by_email(struct tenant_tx *tx, const char *email, vio_contact_id *ret, size_t n,
                      size_t *ret_count);
int contacts_by_phone(struct tenant_tx *tx, const char *phone, vio_contact_id *ret, size_t n,
                      size_t *ret_count);

/*
 * Ids of pending contacts with a phone, not opted out, whose appointment is in (from, to] and which
 * have no task of any status for this appointment; fills at most @n.
 */
int contacts_without_reminder(struct tenant_tx *tx, vio_time from, vio_time to, vio_contact_id *ret,
                              size_t n, size_t *ret_count);

#endif
