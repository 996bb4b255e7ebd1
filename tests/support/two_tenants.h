/*
 * two_tenants.h - a database with two tenants that have everything in common but one word: the
 * same contact ids, names, phones, call and task ids. What crosses over shows at once.
 */
#ifndef TESTS_TWO_TENANTS_H
#define TESTS_TWO_TENANTS_H

#include "store/rows.h"
#include "store/store.h"
#include "store/tx.h"

#define NOON    INT64_C(1767268800000) /* 2026-01-01T12:00:00Z */
#define TODAY   "2026-01-01"
#define PHONE   "+14155550101"
#define MINUTES INT64_C(60000)
#define HOURS   (60 * MINUTES)

struct two_tenants {
        char dir[64]; /* removed with all that is in it */
        char path[80];
        uint8_t secret[32];
        struct store *store;
        vio_tenant_id acme, bolt;
        vio_contact_id contact; /* "Ada Byron"; her special_instructions are her tenant's name */
        vio_call_id call;       /* its retell_call_id is "call_1" */
        vio_task_id task;
};

/* A folder of its own and no database yet; two_tenants_open() makes and fills one. */
void two_tenants_folder(struct two_tenants *w);
void two_tenants_open(struct two_tenants *w);
void two_tenants_close(struct two_tenants *w);

/* The options that the database was made with. */
struct store_options two_tenants_options(const struct two_tenants *w);

/* Rows with everything set that must be; ids end in @n. */
vio_call_id call_id(unsigned n);
vio_task_id task_id(unsigned n);
struct vio_contact contact_row(void);
struct vio_call call_row(vio_contact_id contact, unsigned n);
struct vio_task task_row(vio_contact_id contact, unsigned n);
struct attempt attempt_row(unsigned n);

/*
 * A write transaction at the test's own hand, so that a test reads from top to bottom. The store
 * must not write meanwhile. desk_close() commits it.
 */
struct desk {
        struct db *db;
        struct vault vault;
        struct fault fault;
        struct system_tx system;
        struct tenant_tx acme, bolt;
};
void desk_open(struct desk *d, const struct two_tenants *w);
void desk_close(struct desk *d);

/* One number from one SQL query on a connection of its own. */
int64_t number_of(const char *path, const char *sql);
/* Runs SQL as an intruder would: past the store. */
void tamper(const char *path, const char *sql);

#endif
