/* sqlite.c - the one door to SQLite: connections, kept statements, values in and out. */
#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/db.h"
#include "store/q.h"
#include "store/tx.h"

#define BUSY_TIMEOUT_MS 5000
#define WIPE_TIMEOUT_MS 100

/* The linker gathers every statement of the library into one array. */
extern const struct sql __start_vio_sql[] __attribute__((visibility("hidden")));
extern const struct sql __stop_vio_sql[] __attribute__((visibility("hidden")));

static_assert(sizeof(struct tenant_sql) == sizeof(struct sql) &&
                  sizeof(struct system_sql) == sizeof(struct sql),
              "the section is read as an array");

struct q {
        sqlite3_stmt *stmt;
        const struct sql *sql;
        struct system_tx *tx;
        int err;
        int bound; /* parameters bound so far */
        int64_t changes;
        bool is_open;
        bool is_temporary;
        bool has_row;
        bool is_done;
};

enum { VERBS = DB_KEEP + 1 };

struct db {
        sqlite3 *handle;
        sqlite3_stmt *verbs[VERBS];
        struct q *kept; /* one for each registered statement, in the order of the section */
};

static size_t statement_count(void)
{
        return (size_t)(__stop_vio_sql - __start_vio_sql);
}

int q_sql_each(int (*cb)(void *data, const struct sql *sql), void *data)
{
        for (const struct sql *sql = __start_vio_sql; sql < __stop_vio_sql; sql++) {
                int r = cb(data, sql);
                if (r)
                        return r;
        }
        return VIO_OK;
}

/* What a result code means to a caller: the first row that has the code, extended before plain. */
static const struct meaning {
        int code;
        int err;
} meanings[] = {
    {SQLITE_OK, VIO_OK},
    {SQLITE_ROW, VIO_OK},
    {SQLITE_DONE, VIO_OK},
    {SQLITE_CONSTRAINT_UNIQUE, VIO_E_CONFLICT},
    {SQLITE_CONSTRAINT_PRIMARYKEY, VIO_E_CONFLICT},
    {SQLITE_CONSTRAINT_FOREIGNKEY, VIO_E_CONFLICT},
    {SQLITE_CONSTRAINT, VIO_E_INVALID},
    {SQLITE_TOOBIG, VIO_E_INVALID},
    {SQLITE_BUSY, VIO_E_BUSY},
    {SQLITE_LOCKED, VIO_E_BUSY},
    {SQLITE_PROTOCOL, VIO_E_BUSY},
    {SQLITE_FULL, VIO_E_STORAGE},
    {SQLITE_IOERR_NOMEM, VIO_E_NOMEM},
    {SQLITE_IOERR, VIO_E_STORAGE},
    {SQLITE_CORRUPT, VIO_E_STORAGE},
    {SQLITE_NOTADB, VIO_E_STORAGE},
    {SQLITE_READONLY, VIO_E_STORAGE},
    {SQLITE_CANTOPEN, VIO_E_STORAGE},
    {SQLITE_PERM, VIO_E_STORAGE},
    {SQLITE_NOLFS, VIO_E_STORAGE},
    {SQLITE_NOMEM, VIO_E_NOMEM},
};

static int from_sqlite(int code)
{
        for (size_t i = 0; i < count_of(meanings); i++)
                if (meanings[i].code == code)
                        return meanings[i].err;
        return code > 0xff ? from_sqlite(code & 0xff) : VIO_E_INTERNAL;
}

/* The text says what happened to the file, and never what was asked of it. */
static int fail(int code, struct fault *f)
{
        int err = from_sqlite(code);
        if (err == VIO_E_STORAGE)
                return fault_set(f, err, "%s: %s", vio_strerror(err), sqlite3_errstr(code));
        return err ? fault_plain(f, err) : VIO_OK;
}

/* Connections */

static const char *const verb_texts[VERBS] = {
    [DB_BEGIN_READ] = "BEGIN",    [DB_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [DB_COMMIT] = "COMMIT",       [DB_ROLLBACK] = "ROLLBACK",
    [DB_SAVE] = "SAVEPOINT item", [DB_UNDO] = "ROLLBACK TO item",
    [DB_KEEP] = "RELEASE item",
};

static int prepare(struct db *db, const char *text, unsigned flags, sqlite3_stmt **ret)
{
        return sqlite3_prepare_v3(db->handle, text, -1, flags, ret, NULL);
}

/* Prepared ahead, so that ending a transaction does not depend on memory being there. */
static int prepare_verbs(struct db *db)
{
        int code = SQLITE_OK;
        for (size_t i = 0; i < VERBS && code == SQLITE_OK; i++)
                code = prepare(db, verb_texts[i], SQLITE_PREPARE_PERSISTENT, &db->verbs[i]);
        return code;
}

static const struct setting_row {
        int option;
        int value;
} connection_settings[] = {
    {SQLITE_DBCONFIG_ENABLE_FKEY, 1}, {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    {SQLITE_DBCONFIG_DEFENSIVE, 1},   {SQLITE_DBCONFIG_DQS_DML, 0},
    {SQLITE_DBCONFIG_DQS_DDL, 0},
};

static int configure(struct db *db, enum db_mode mode)
{
        sqlite3_extended_result_codes(db->handle, 1);
        int code = sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
        for (size_t i = 0; i < count_of(connection_settings) && code == SQLITE_OK; i++)
                code = sqlite3_db_config(db->handle, connection_settings[i].option,
                                         connection_settings[i].value, NULL);
        if (code == SQLITE_OK)
                code = sqlite3_wal_autocheckpoint(db->handle, 1000);
        if (code == SQLITE_OK)
                code = sqlite3_exec(db->handle,
                                    mode == DB_READS
                                        ? "PRAGMA mmap_size = 0; PRAGMA query_only = 1"
                                        : "PRAGMA mmap_size = 0; PRAGMA synchronous = FULL;"
                                          " PRAGMA secure_delete = 1", /* erased is erased */
                                    NULL, NULL, NULL);
        return code;
}

int db_open(const char *path, enum db_mode mode, struct db **ret, struct fault *f)
{
        _cleanup_db_ struct db *db = mem_new(sizeof(*db));
        if (!db || !(db->kept = mem_new(statement_count() * sizeof(*db->kept))))
                return fault_plain(f, VIO_E_NOMEM);
        /* One thread at a time uses a connection, so SQLite's own mutex is not needed. */
        int code =
            sqlite3_open_v2(path, &db->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
        if (code == SQLITE_OK)
                code = configure(db, mode);
        if (code == SQLITE_OK)
                code = prepare_verbs(db);
        if (code != SQLITE_OK)
                return fail(code, f);
        *ret = steal(db);
        return VIO_OK;
}

struct db *db_close(struct db *db)
{
        if (!db)
                return NULL;
        for (size_t i = 0; i < VERBS; i++)
                sqlite3_finalize(db->verbs[i]);
        for (size_t i = 0; db->kept && i < statement_count(); i++)
                sqlite3_finalize(db->kept[i].stmt);
        sqlite3_close_v2(db->handle);
        mem_free(db->kept);
        mem_free(db);
        return NULL;
}

void db_closep(struct db **db)
{
        db_close(*db);
}

int db_do(struct db *db, enum db_verb verb, struct fault *f)
{
        int code = sqlite3_step(db->verbs[verb]);
        sqlite3_reset(db->verbs[verb]);
        return fail(code, f);
}

bool db_in_transaction(const struct db *db)
{
        return !sqlite3_get_autocommit(db->handle);
}

int64_t db_total_changes(const struct db *db)
{
        return sqlite3_total_changes64(db->handle);
}

/* SQLite does not wait for the lock that this change needs, so the waiting is done here. */
int db_use_wal(struct db *db, struct fault *f)
{
        const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
        int code = SQLITE_BUSY;
        for (int waited = 0; waited <= BUSY_TIMEOUT_MS; waited += 10) {
                code = sqlite3_exec(db->handle, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
                if ((code & 0xff) != SQLITE_BUSY)
                        break;
                nanosleep(&pause, NULL);
        }
        return fail(code, f);
}

/* Does not wait long for those who still read from the log: the next commit tries again. */
int db_wipe_log(struct db *db)
{
        sqlite3_busy_timeout(db->handle, WIPE_TIMEOUT_MS);
        int code =
            sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
        sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
        return from_sqlite(code);
}

static int one_number(struct db *db, const char *text, int64_t *ret)
{
        sqlite3_stmt *stmt = NULL;
        int code = prepare(db, text, 0, &stmt);
        if (code == SQLITE_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW)
                *ret = sqlite3_column_int64(stmt, 0);
        sqlite3_finalize(stmt);
        return code;
}

int db_stamp_get(struct db *db, struct db_stamp *ret, struct fault *f)
{
        struct db_stamp stamp = {0};
        int64_t tables = 0;
        int code = one_number(db, "PRAGMA application_id", &stamp.application);
        if (code == SQLITE_ROW)
                code = one_number(db, "PRAGMA user_version", &stamp.version);
        if (code == SQLITE_ROW)
                code = one_number(db, "SELECT count(*) FROM sqlite_schema", &tables);
        if (code != SQLITE_ROW)
                return fail(code, f);
        stamp.empty = tables == 0;
        *ret = stamp;
        return VIO_OK;
}

int db_stamp_set(struct db *db, const struct db_stamp *stamp, struct fault *f)
{
        char script[96];
        snprintf(script, sizeof(script), "PRAGMA application_id = %lld; PRAGMA user_version = %lld",
                 (long long)stamp->application, (long long)stamp->version);
        return db_script(db, script, f);
}

int db_bytes_get(struct db *db, int64_t *ret, struct fault *f)
{
        int64_t pages = 0;
        int64_t size = 0;
        int code = one_number(db, "PRAGMA page_count", &pages);
        if (code == SQLITE_ROW)
                code = one_number(db, "PRAGMA page_size", &size);
        if (code != SQLITE_ROW)
                return fail(code, f);
        *ret = pages * size;
        return VIO_OK;
}

int db_script(struct db *db, const char *script, struct fault *f)
{
        return fail(sqlite3_exec(db->handle, script, NULL, NULL, NULL), f);
}

/*
 * How the tables of a busy installation are filled: without this SQLite takes a tenant to have ten
 * rows in each, and walks all of them where an index would do. Fixed figures, because measured ones
 * (ANALYZE) depend on whose data comes first; the first number of a row is its count, the others
 * are the rows for each further column of the index. See "sqlite_stat1" in SQLite's file format.
 */
static const char shapes[] =
    "ANALYZE installation;" /* makes the table of figures */
    "DELETE FROM sqlite_stat1;"
    "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES"
    " ('users', 'users_login', '10000 1 1'), ('users', 'users_tenant', '10000 10 1'),"
    " ('contacts', 'contacts', '1000000 5000 1'),"
    " ('contacts', 'contacts_appointment', '1000000 5000 2 1'),"
    " ('contacts', 'contacts_name', '1000000 5000 2 1'),"
    " ('contacts', 'contacts_email', '500000 2500 2'),"
    " ('contacts', 'contacts_phone', '900000 4500 2'),"
    " ('bookings', 'bookings', '900000 4500 2250 1'),"
    " ('bookings', 'bookings_contact', '900000 4500 3 1'),"
    " ('call_sessions', 'call_sessions', '9000000 45000 1'),"
    " ('call_sessions', 'call_sessions_contact', '9000000 45000 9 1'),"
    " ('call_sessions', 'call_sessions_retell', '9000000 45000 1'),"
    " ('call_sessions', 'call_sessions_poll', '1000 5 2'),"
    " ('call_sessions', 'call_sessions_deadline', '1000 5 2'),"
    " ('call_transcripts', 'sqlite_autoindex_call_transcripts_1', '9000000 45000 1'),"
    " ('attempts', 'attempts', '9000000 45000 1'),"
    " ('attempts', 'attempts_one_dial', '1000 5 1'), ('attempts', 'attempts_due', '1000 5 2'),"
    " ('call_tasks', 'call_tasks', '9000000 45000 1'),"
    " ('call_tasks', 'call_tasks_one_open', '200000 1000 2 1'),"
    " ('call_tasks', 'call_tasks_due', '200000 1000 2'),"
    " ('call_tasks', 'call_tasks_contact', '9000000 45000 9 1'),"
    " ('call_tasks', 'call_tasks_scheduled', '9000000 45000 2'),"
    " ('retell_events', 'sqlite_autoindex_retell_events_1', '30000000 150000 4 2 1'),"
    " ('call_routes', 'call_routes', '9000000 1 1'),"
    " ('day_stats', 'day_stats', '200000 1000 1'), ('day_parts', 'day_parts', '600000 3000 3 1'),"
    " ('appointment_days', 'appointment_days', '200000 1000 1'),"
    " ('summary_runs', 'summary_runs', '100000 500 1'),"
    " ('summary_runs', 'summary_runs_due', '100 1 1'),"
    " ('calendar_events', 'calendar_events', '2000000 10000 5000 1'),"
    " ('audit_logs', 'audit_logs', '60000000 300000 1'),"
    " ('audit_logs', 'audit_logs_contact', '40000000 200000 40 1'),"
    " ('audit_logs', 'audit_logs_call', '30000000 150000 4 1');"
    "ANALYZE sqlite_schema"; /* reads them */

int db_teach(struct db *db, struct fault *f)
{
        return db_script(db, shapes, f);
}

static int copy_pages(sqlite3 *from, sqlite3 *to)
{
        sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
        if (!backup)
                return sqlite3_extended_errcode(to);
        int code = sqlite3_backup_step(backup, -1);
        int end = sqlite3_backup_finish(backup);
        return code == SQLITE_DONE ? end : code;
}

int db_copy(struct db *db, const char *path, struct fault *f)
{
        sqlite3 *from = NULL, *to = NULL;
        if ((unlink(path) < 0 && errno != ENOENT) || mknod(path, S_IFREG | 0600, 0) < 0)
                return fault_set(f, VIO_E_STORAGE, "%s cannot be made: %s", path, strerror(errno));
        /* A connection of its own reads what is committed: @db may be amid a transaction. */
        int code = sqlite3_open_v2(sqlite3_db_filename(db->handle, "main"), &from,
                                   SQLITE_OPEN_READWRITE, NULL);
        if (code == SQLITE_OK)
                code = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL);
        if (code == SQLITE_OK)
                code = copy_pages(from, to);
        sqlite3_close_v2(from);
        sqlite3_close_v2(to);
        return fail(code, f);
}

/* Notes the first thing that a check finds; @whole: what it says when there is nothing. */
static int check_with(struct db *db, const char *text, const char *whole, struct fault *f)
{
        sqlite3_stmt *stmt = NULL;
        int r = VIO_OK, code = prepare(db, text, 0, &stmt);
        if (code == SQLITE_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
                const char *finding = (const char *)sqlite3_column_text(stmt, 0);
                if (!finding || !whole || strcmp(finding, whole) != 0)
                        r = fault_set(f, VIO_E_STORAGE, "the database is damaged: %s",
                                      finding ? finding : "unreadable");
        }
        sqlite3_finalize(stmt);
        return r ? r : fail(code, f);
}

int db_in_place(struct db *db, struct fault *f)
{
        int moved = 0;
        int code = sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
        if (code != SQLITE_OK)
                return fail(code, f);
        return moved ? fault_set(f, VIO_E_STORAGE, "the database is not where it was opened") : 0;
}

int db_check(struct db *db, struct fault *f)
{
        int r = check_with(db, "PRAGMA integrity_check(1)", "ok", f);
        return r ? r : check_with(db, "PRAGMA foreign_key_check", NULL, f);
}

/* Statements */

/* A failure of a statement: its name goes to the log, for whoever repairs the program. */
static void q_fail(struct q *q, int code)
{
        q->err = from_sqlite(code);
        if (q->err == VIO_E_INTERNAL)
                fault_set(q->tx->fault, q->err, "%s (%s)", vio_strerror(q->err), q->sql->name);
        else
                fail(code, q->tx->fault);
        if (q->err == VIO_E_INTERNAL || q->err == VIO_E_STORAGE)
                log_write(q->tx->log, LOG_ERROR, "%s: %s (%d)", q->sql->name, sqlite3_errstr(code),
                          code);
}

static void q_check(struct q *q, int code)
{
        if (code != SQLITE_OK)
                q_fail(q, code);
}

/* The kept statement, or one for this time only when a caller further up is amid its rows. */
static struct q *q_find(struct db *db, const struct sql *sql)
{
        assert(sql >= __start_vio_sql && sql < __stop_vio_sql);
        struct q *q = &db->kept[sql - __start_vio_sql];
        if (!q->is_open)
                return q;
        q = mem_new(sizeof(*q));
        if (q)
                q->is_temporary = true;
        return q;
}

static struct q *q_begin(struct system_tx *tx, const struct sql *sql)
{
        struct q *q = q_find(tx->db, sql);
        if (!q)
                return NULL;
        *q = (struct q){.stmt = q->stmt,
                        .sql = sql,
                        .tx = tx,
                        .is_open = true,
                        .is_temporary = q->is_temporary};
        if (!q->stmt) {
                int code = prepare(tx->db, sql->text,
                                   q->is_temporary ? 0 : SQLITE_PREPARE_PERSISTENT, &q->stmt);
                /* Every statement fits the schema: a file that it does not fit is not ours now. */
                q_check(q, code == SQLITE_ERROR ? SQLITE_CORRUPT : code);
        }
        if (!q->err && !sqlite3_stmt_readonly(q->stmt)) {
                if (!tx->writes)
                        q_fail(q, SQLITE_MISUSE);
                /* SQLite gave the transaction up: what came now would be kept by itself. */
                else if (!db_in_transaction(tx->db))
                        q_fail(q, SQLITE_NOMEM);
        }
        return q;
}

struct q *q_open(struct tenant_tx *tx, const struct tenant_sql *sql)
{
        struct q *q = q_begin(tx->system, &sql->sql);
        q_int(q, tx->tenant.v);
        /* Tenant 0 is the installation, which has no version to raise. */
        if (!q_err(q) && tx->tenant.v && !sqlite3_stmt_readonly(q->stmt) &&
            tenant_set_add(&tx->system->dirty, tx->tenant) < 0)
                q_fail(q, SQLITE_NOMEM);
        return q;
}

struct q *q_open_system(struct system_tx *tx, const struct system_sql *sql)
{
        return q_begin(tx, &sql->sql);
}

void q_int(struct q *q, int64_t v)
{
        if (!q_err(q))
                q_check(q, sqlite3_bind_int64(q->stmt, ++q->bound, v));
}

void q_text(struct q *q, const char *v)
{
        if (!q_err(q))
                q_check(q, sqlite3_bind_text(q->stmt, ++q->bound, v, -1, SQLITE_STATIC));
}

void q_bytes(struct q *q, const char *v, size_t len)
{
        if (!q_err(q))
                q_check(q, sqlite3_bind_text64(q->stmt, ++q->bound, v, len, SQLITE_STATIC,
                                               SQLITE_UTF8));
}

void q_null(struct q *q)
{
        if (!q_err(q))
                q_check(q, sqlite3_bind_null(q->stmt, ++q->bound));
}

void q_time(struct q *q, vio_time v)
{
        v == VIO_TIME_NONE ? q_null(q) : q_int(q, v);
}

void q_id(struct q *q, int64_t v)
{
        v == 0 ? q_null(q) : q_int(q, v);
}

bool q_row(struct q *q)
{
        if (q_err(q) || q->is_done)
                return false;
        if (!q->has_row && sqlite3_bind_parameter_count(q->stmt) != q->bound) {
                q_fail(q, SQLITE_RANGE);
                return false;
        }
        int code = sqlite3_step(q->stmt);
        q->has_row = code == SQLITE_ROW;
        q->is_done = !q->has_row;
        if (code == SQLITE_DONE)
                q->changes = sqlite3_changes64(q->tx->db->handle);
        else if (code != SQLITE_ROW)
                q_fail(q, code);
        return q->has_row;
}

int q_done(struct q *q)
{
        while (q_row(q))
                ;
        return q_err(q);
}

int q_err(const struct q *q)
{
        return q ? q->err : VIO_E_NOMEM;
}

int64_t q_changes(const struct q *q)
{
        return q ? q->changes : 0;
}

int64_t q_inserted(const struct q *q)
{
        return q_changes(q) ? sqlite3_last_insert_rowid(q->tx->db->handle) : 0;
}

static bool has_row(const struct q *q)
{
        return !q_err(q) && q->has_row;
}

static bool is_null(const struct q *q, int col)
{
        return sqlite3_column_type(q->stmt, col) == SQLITE_NULL;
}

/* SQLite reads NULL as 0. */
int64_t q_col_int(struct q *q, int col)
{
        return has_row(q) ? sqlite3_column_int64(q->stmt, col) : 0;
}

vio_time q_col_time(struct q *q, int col)
{
        return has_row(q) && !is_null(q, col) ? sqlite3_column_int64(q->stmt, col) : VIO_TIME_NONE;
}

const char *q_col_text(struct q *q, int col)
{
        if (!has_row(q))
                return NULL;
        const char *text = (const char *)sqlite3_column_text(q->stmt, col);
        /* A number that could not be made a text has become NULL, and only the code tells. */
        if (!text && (!is_null(q, col) || sqlite3_errcode(q->tx->db->handle) == SQLITE_NOMEM))
                q_fail(q, SQLITE_NOMEM);
        return text;
}

size_t q_col_size(struct q *q, int col)
{
        return has_row(q) ? (size_t)sqlite3_column_bytes(q->stmt, col) : 0;
}

void q_closep(struct q **pointer)
{
        struct q *q = *pointer;
        if (!q)
                return;
        if (q->is_temporary) {
                sqlite3_finalize(q->stmt);
                mem_free(q);
                return;
        }
        if (q->stmt) {
                sqlite3_reset(q->stmt);
                sqlite3_clear_bindings(q->stmt); /* they point at the caller's texts */
        }
        q->is_open = false;
}
