/*
 * q.h - the statement door. A statement stands above its only function and registers itself, so
 * that tests can walk all of them and every connection can keep each prepared.
 */
#ifndef VIO_STORE_Q_H
#define VIO_STORE_Q_H

#include "base/attr.h"
#include "store/store.h"

struct sql {
        const char *name;
        const char *text;
        bool tenant; /* ?1 is the tenant, bound by the opener */
};
/* Two types, so that a statement over everything cannot be run with a tenant's authority only. */
struct tenant_sql {
        struct sql sql;
};
struct system_sql {
        struct sql sql;
};

#define SQL_SECTION_ __attribute__((used, retain, section("vio_sql"), aligned(sizeof(void *))))
/* ?1 is the tenant; the caller's values begin at ?2. */
#define TENANT_SQL(name_, ...)                                                                     \
        SQL_SECTION_ static const struct tenant_sql name_ = {                                      \
            {__FILE__ ":" #name_, __VA_ARGS__, true}}
/* Over all tenants, or over tables that belong to none. The caller's values begin at ?1. */
#define SYSTEM_SQL(name_, ...)                                                                     \
        SQL_SECTION_ static const struct system_sql name_ = {                                      \
            {__FILE__ ":" #name_, __VA_ARGS__, false}}

/* An open statement. Every failure sticks: later calls do nothing, q_done() tells. */
struct q;
struct q *q_open(struct tenant_tx *tx, const struct tenant_sql *sql);
struct q *q_open_system(struct system_tx *tx, const struct system_sql *sql);

void q_int(struct q *q, int64_t v);      /* binds the next parameter */
void q_text(struct q *q, const char *v); /* NULL binds NULL; the bytes live until q_close */
void q_bytes(struct q *q, const char *v, size_t len); /* as text */
void q_time(struct q *q, vio_time v);                 /* VIO_TIME_NONE binds NULL */
void q_id(struct q *q, int64_t v);                    /* 0 binds NULL */
void q_null(struct q *q);

bool q_row(struct q *q); /* true while there is a row */
int q_done(struct q *q); /* runs to the end; 0 or a negative error */
int q_err(const struct q *q);
int64_t q_changes(const struct q *q); /* rows changed by the statement that just ran */
/* The rowid of the row that the statement which just ran inserted, or 0; RETURNING costs more. */
int64_t q_inserted(const struct q *q);

int64_t q_col_int(struct q *q, int col);      /* 0 for NULL */
vio_time q_col_time(struct q *q, int col);    /* VIO_TIME_NONE for NULL */
const char *q_col_text(struct q *q, int col); /* NULL for NULL; valid until the next row */
size_t q_col_size(struct q *q, int col);

void q_closep(struct q **pointer);
#define _cleanup_q_ _cleanup_(q_closep)

/* For the tests: each registered statement. */
int q_sql_each(int (*cb)(void *data, const struct sql *sql), void *data);

#endif
