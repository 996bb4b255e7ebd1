/* impersonations.h - table impersonations: super_admins who act as a tenant's client_admin. */
#ifndef VIO_STORE_IMPERSONATIONS_H
#define VIO_STORE_IMPERSONATIONS_H

#include "store/store.h"

struct impersonation {
        char id[37]; /* UUID */
        vio_user_id user;
        vio_time started_at;
        vio_time expires_at;
        vio_time ended_at; /* VIO_TIME_NONE: it was not ended */
};

int impersonation_insert(struct tenant_tx *tx, const struct impersonation *i);
int impersonation_load(struct tenant_tx *tx, const char *id, struct impersonation *ret);
/* VIO_E_NOTFOUND also when it was ended before. */
int impersonation_end(struct tenant_tx *tx, const char *id, vio_time at);

#endif
