/* store.h - the database as the flows see it: transactions with an authority. */
#ifndef VIO_STORE_STORE_H
#define VIO_STORE_STORE_H

#include <vio/core.h>

#include "base/fault.h"
#include "base/log.h"
#include "base/random.h"

struct store;

/* A transaction with authority over the installation, or over one tenant. */
struct system_tx;
struct tenant_tx {
        struct system_tx *system; /* its connection; only the door looks inside */
        vio_tenant_id tenant;
};

struct store_options {
        const char *path;
        bool create;
        unsigned readers;      /* connections that read; at least 1 */
        const uint8_t *secret; /* 32 bytes */
        struct random_source random;
        struct log_sink log;
        vio_time now; /* of the opening, for the migration's copy and log */
        /* Called after a commit that brought the earliest due time of any tenant to @at. */
        void (*on_due)(void *data, vio_time at);
        void *on_due_data;
};

/* Opens, makes or migrates the database. Several processes may have it open. */
int store_open(const struct store_options *o, struct store **ret, struct fault *f);
struct store *store_close(struct store *s);

typedef int system_fn(struct system_tx *tx, void *arg);
typedef int tenant_fn(struct tenant_tx *tx, void *arg);

/*
 * Runs @fn in a read transaction on one of the reader connections: one consistent snapshot.
 * The result of @fn is returned as it is. A callback of @fn must not open another transaction.
 */
int store_read(struct store *s, system_fn *fn, void *arg, struct fault *f);
int store_read_tenant(struct store *s, vio_tenant_id tenant, tenant_fn *fn, void *arg,
                      struct fault *f);

/*
 * Runs @fn in a write transaction and returns when it is durable. Callers that come at once share
 * one commit (group commit): the first runs everybody's @fn on its own thread, each in a savepoint
 * of its own; a negative result undoes that @fn alone. 0 is returned only for what is on disk.
 * @fn must not wait for anything, and must not open another transaction.
 */
int store_write(struct store *s, system_fn *fn, void *arg, struct fault *f);
int store_write_tenant(struct store *s, vio_tenant_id tenant, tenant_fn *fn, void *arg,
                       struct fault *f);

/* Authority over everything narrows to one tenant; never the other way. */
struct tenant_tx tx_narrow(struct system_tx *tx, vio_tenant_id tenant);

/* Where a failure inside a transaction leaves its text. Never NULL inside store_ functions' @fn. */
struct fault *tx_fault(const struct tenant_tx *tx);
struct fault *system_tx_fault(const struct system_tx *tx);

/*
 * Of what this transaction deletes or overwrites nothing is to stay in the file: the log that still
 * has it is emptied after the commit, or after the next one as long as somebody reads from it.
 */
void tx_wipe(struct tenant_tx *tx);

/* Whether the database answers and takes writes; whether it is whole (slow). */
int store_ping(struct store *s, struct fault *f);
int store_check(struct store *s, struct fault *f);
/* The schema version of the file and the one this library brings it to. */
int store_schema(struct store *s, int *ret_file, int *ret_library);
/* The size of the database's file, without its write-ahead log. */
int store_bytes(struct store *s, int64_t *ret);

#endif
