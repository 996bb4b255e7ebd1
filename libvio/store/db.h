/* db.h - one connection to the database, as the door (sqlite.c) offers it to the store alone. */
#ifndef VIO_STORE_DB_H
#define VIO_STORE_DB_H

#include <vio/core.h>

#include "base/attr.h"
#include "base/fault.h"

/* Used by one thread at a time. */
struct db;

enum db_mode { DB_READS, DB_WRITES };

int db_open(const char *path, enum db_mode mode, struct db **ret, struct fault *f);
struct db *db_close(struct db *db);
void db_closep(struct db **db);
#define _cleanup_db_ _cleanup_(db_closep)

/* The bounds of transactions; DB_UNDO and DB_KEEP end the savepoint that DB_SAVE began. */
enum db_verb { DB_BEGIN_READ, DB_BEGIN_WRITE, DB_COMMIT, DB_ROLLBACK, DB_SAVE, DB_UNDO, DB_KEEP };
int db_do(struct db *db, enum db_verb verb, struct fault *f);

/* SQLite ends a transaction by itself after some failures; a savepoint is then gone with it. */
bool db_in_transaction(const struct db *db);
/* Rows changed since the connection was opened. */
int64_t db_total_changes(const struct db *db);

/* Moves the file to the write-ahead log; waits for other processes that do the same. */
int db_use_wal(struct db *db, struct fault *f);

/* Empties the write-ahead log, in which pages stand as they were. VIO_E_BUSY: somebody reads. */
int db_wipe_log(struct db *db);

/* What the head of the file says about itself. */
struct db_stamp {
        int64_t application;
        int64_t version;
        bool empty; /* holds no table at all */
};
int db_stamp_get(struct db *db, struct db_stamp *ret, struct fault *f);
int db_stamp_set(struct db *db, const struct db_stamp *stamp, struct fault *f);

/* How large the file is. */
int db_bytes_get(struct db *db, int64_t *ret, struct fault *f);

/* Runs a script of several statements, none of which has parameters. */
int db_script(struct db *db, const char *script, struct fault *f);
/* Tells the planner how full the tables get. */
int db_teach(struct db *db, struct fault *f);
/* Copies the committed state of the whole database into another file, which is made anew. */
int db_copy(struct db *db, const char *path, struct fault *f);
/* Whether the file is whole: pages, indexes, types, foreign keys. Reads everything. */
int db_check(struct db *db, struct fault *f);

/*
 * VIO_E_STORAGE when the file is no longer where it was opened: removed, or another put in its
 * place. What is written then goes into a file that nobody will find again.
 */
int db_in_place(struct db *db, struct fault *f);

#endif
