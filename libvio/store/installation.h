/* installation.h - table installation: its one row. */
#ifndef VIO_STORE_INSTALLATION_H
#define VIO_STORE_INSTALLATION_H

#include "store/store.h"

/* Makes the row, once, with a constant sealed by the secret. */
int installation_add(struct system_tx *tx);
/* VIO_E_INVALID when the row was made with another secret. */
int installation_check(struct system_tx *tx);

#endif
