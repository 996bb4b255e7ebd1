/* contact_remove.h - a contact is removed, or erased as if it had never had a name. */
#ifndef VIO_FLOW_CONTACT_REMOVE_H
#define VIO_FLOW_CONTACT_REMOVE_H

#include "flow/acting.h"

int contact_remove(const struct acting *a, vio_contact_id id, bool erase);

#endif
