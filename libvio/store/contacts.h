/* contacts.h - table contacts. The counts per status in tenant_state move with every write. */
#ifndef VIO_STORE_CONTACTS_H
#define VIO_STORE_CONTACTS_H

#include "store/rows.h"
#include "store/store.h"

/* Takes the next id of the tenant; .tenant and .id of @c are not looked at. */
int contact_insert(struct tenant_tx *tx, const struct vio_contact *c, vio_contact_id *ret);
int contact_load(struct tenant_tx *tx, vio_contact_id id, struct vio_contact *ret);
/* Writes the whole row. VIO_E_NOTFOUND when it is gone. */
int contact_save(struct tenant_tx *tx, const struct vio_contact *c);

/* The contact is lent during the callback: texts point into the row. */
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
