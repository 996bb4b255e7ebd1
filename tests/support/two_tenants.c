/* two_tenants.c - a database with two tenants that have everything in common but one word. */
#include "two_tenants.h"

#include <check.h>
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/attempts.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/tasks.h"
#include "store/tenants.h"

vio_call_id call_id(unsigned n)
{
        vio_call_id id;
        snprintf(id.s, sizeof(id.s), "019b79a0-0000-7000-8000-%012u", n);
        return id;
}

vio_task_id task_id(unsigned n)
{
        vio_task_id id;
        snprintf(id.s, sizeof(id.s), "019b79a0-0000-7000-9000-%012u", n);
        return id;
}

struct vio_contact contact_row(void)
{
        return (struct vio_contact){
            .name = (char *)"Ada Byron",
            .phone = (char *)PHONE,
            .appointment_time = NOON + 24 * HOURS,
            .appointment_revision = 1,
            .opted_out_at = VIO_TIME_NONE,
            .created_at = NOON,
            .updated_at = NOON,
        };
}

struct vio_call call_row(vio_contact_id contact, unsigned n)
{
        struct vio_call c = {
            .id = call_id(n),
            .contact = contact,
            .status = VIO_CALL_QUEUED,
            .type = VIO_CALL_TYPE_SCHEDULED,
            .appointment_revision = 1,
            .created_at = NOON + n,
            .started_at = VIO_TIME_NONE,
            .ended_at = VIO_TIME_NONE,
            .duration = -1,
            .next_poll_at = VIO_TIME_NONE,
            .deadline_at = VIO_TIME_NONE,
        };
        strcpy(c.day, TODAY);
        return c;
}

struct vio_task task_row(vio_contact_id contact, unsigned n)
{
        return (struct vio_task){
            .id = task_id(n),
            .contact = contact,
            .type = VIO_TASK_INITIAL_REMINDER,
            .status = VIO_TASK_PENDING,
            .scheduled_for = NOON,
            .appointment_revision = 1,
            .last_attempt_at = VIO_TIME_NONE,
            .created_at = NOON,
            .updated_at = NOON,
        };
}

struct attempt attempt_row(unsigned n)
{
        struct attempt a = {
            .call = call_id(n),
            .state = VIO_DIAL_DIALING,
            .is_open = true,
            .lease_owner = "worker",
            .lease_generation = 1,
            .due_at = NOON + 2 * MINUTES,
            .unknown_since = VIO_TIME_NONE,
            .created_at = NOON,
            .finished_at = VIO_TIME_NONE,
        };
        strcpy(a.phone, PHONE);
        return a;
}

void two_tenants_folder(struct two_tenants *w)
{
        const char *tmp = getenv("TMPDIR");
        *w = (struct two_tenants){.secret = "of the fixture"};
        snprintf(w->dir, sizeof(w->dir), "%s/vio-XXXXXX", tmp && strlen(tmp) < 40 ? tmp : "/tmp");
        ck_assert_ptr_nonnull(mkdtemp(w->dir));
        snprintf(w->path, sizeof(w->path), "%s/vio.db", w->dir);
}

struct store_options two_tenants_options(const struct two_tenants *w)
{
        return (struct store_options){
            .path = w->path, .create = true, .readers = 2, .secret = w->secret, .now = NOON};
}

static int furnish_one(struct tenant_tx *tx, struct two_tenants *w, const char *mark)
{
        struct vio_contact contact = contact_row();
        contact.special_instructions = (char *)mark;
        int r = contact_insert(tx, &contact, &w->contact);
        if (r)
                return r;
        struct vio_call call = call_row(w->contact, 1);
        struct vio_task task = task_row(w->contact, 1);
        struct attempt attempt = attempt_row(1);
        bool inserted;
        call.retell_call_id = (char *)"call_1";
        call.disconnection_reason = (char *)mark;
        task.retell_call_id = attempt.detail = (char *)mark;
        w->call = call.id;
        w->task = task.id;
        if ((r = call_insert(tx, &call)) || (r = attempt_insert(tx, &attempt)) ||
            (r = call_route_add(tx, "call_1")) || (r = task_insert(tx, &task, &inserted)))
                return r;
        return inserted ? VIO_OK : VIO_E_INTERNAL;
}

static int furnish(struct system_tx *tx, void *arg)
{
        struct two_tenants *w = arg;
        int r = tenant_insert(tx, "Acme", NOON, &w->acme);
        if (!r)
                r = tenant_insert(tx, "Bolt", NOON, &w->bolt);
        struct tenant_tx acme = tx_narrow(tx, w->acme), bolt = tx_narrow(tx, w->bolt);
        if (!r)
                r = furnish_one(&acme, w, "Acme");
        return r ? r : furnish_one(&bolt, w, "Bolt");
}

void two_tenants_open(struct two_tenants *w)
{
        two_tenants_folder(w);
        struct store_options o = two_tenants_options(w);
        struct fault f;
        ck_assert_msg(store_open(&o, &w->store, &f) == 0, "%s", f.text);
        ck_assert_msg(store_write(w->store, furnish, w, &f) == 0, "%s", f.text);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
        (void)st, (void)flag, (void)ftw;
        return remove(path);
}

void two_tenants_close(struct two_tenants *w)
{
        w->store = store_close(w->store);
        nftw(w->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void desk_open(struct desk *d, const struct two_tenants *w)
{
        static const struct random_source kernel;
        *d = (struct desk){0};
        ck_assert_int_eq(db_open(w->path, DB_WRITES, &d->db, &d->fault), 0);
        ck_assert_int_eq(vault_init(&d->vault, w->secret, &kernel), 0);
        d->system =
            (struct system_tx){.db = d->db, .vault = &d->vault, .fault = &d->fault, .writes = true};
        d->acme = tx_narrow(&d->system, w->acme);
        d->bolt = tx_narrow(&d->system, w->bolt);
        ck_assert_msg(db_do(d->db, DB_BEGIN_WRITE, &d->fault) == 0, "%s", d->fault.text);
}

void desk_close(struct desk *d)
{
        ck_assert_int_eq(db_do(d->db, DB_COMMIT, &d->fault), 0);
        d->db = db_close(d->db);
        tenant_set_done(&d->system.dirty);
}

int64_t number_of(const char *path, const char *sql)
{
        sqlite3 *db;
        sqlite3_stmt *stmt;
        ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
        ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK, "%s: %s", sql,
                      sqlite3_errmsg(db));
        ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
        int64_t n = sqlite3_column_int64(stmt, 0);
        sqlite3_finalize(stmt);
        sqlite3_close(db);
        return n;
}

void tamper(const char *path, const char *sql)
{
        sqlite3 *db;
        ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
        ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", sql,
                      sqlite3_errmsg(db));
        sqlite3_close(db);
}
