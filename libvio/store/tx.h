/* tx.h - what a transaction carries; for the door and the store, not for the tables. */
#ifndef VIO_STORE_TX_H
#define VIO_STORE_TX_H

#include "store/db.h"
#include "store/store.h"
#include "store/vault.h"

/* A set of tenants, small. */
struct tenant_set {
        vio_tenant_id *ids;
        size_t count;
        size_t room;
};
int tenant_set_add(struct tenant_set *set, vio_tenant_id id);
void tenant_set_done(struct tenant_set *set);

struct system_tx {
        struct db *db;
        const struct vault *vault;
        const struct log_sink *log;
        struct fault *fault;
        bool writes;
        struct tenant_set dirty; /* whose data was written to */
        bool wipes;              /* what it took away must not stay in the log either */
};

#endif
