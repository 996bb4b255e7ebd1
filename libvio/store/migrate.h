/* migrate.h - brings a database file to the schema that this library knows. */
#ifndef VIO_STORE_MIGRATE_H
#define VIO_STORE_MIGRATE_H

#include "store/tx.h"

/* "VioC": in the head of the file, where file(1) and we look for it. */
#define STORE_APPLICATION_ID INT64_C(0x56696f43)

/* The steps in order; step i brings version i to version i + 1. */
struct migrations {
        const char *const *scripts;
        size_t count;
};
extern const struct migrations migrations;

/*
 * Applies the steps that the file lacks, all in the transaction of one writer: of several openers
 * at once one does the work and the others wait for it. An existing database is copied to
 * "<path>.before-<version>" first. Afterwards the secret is known to be the right one.
 *
 * @tx: its connection, vault, log and fault; no transaction is under way.
 * VIO_E_SCHEMA: the file is somebody else's, or newer than this library. VIO_E_INVALID: the secret.
 */
int migrate(struct system_tx *tx, const char *path, const struct migrations *m);

#endif
