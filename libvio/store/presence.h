/* presence.h - whether a contact is still one that people see. */
#ifndef VIO_STORE_PRESENCE_H
#define VIO_STORE_PRESENCE_H

#include "store/store.h"

/* False for one that was removed or erased, and for one that never was. */
int contact_present(struct tenant_tx *tx, vio_contact_id id, bool *ret);

#endif
