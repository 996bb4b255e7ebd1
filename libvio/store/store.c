/* store.c - transactions: a pool of readers, and one writer whose commits are shared. */
#include "store/store.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/migrate.h"
#include "store/tenants.h"
#include "store/tx.h"

/* Beyond this a group only makes its first members wait. */
#define GROUP_LIMIT 256

/* A caller of store_write, waiting on its own stack until somebody has done its work. */
struct item {
        system_fn *fn;
        void *arg;
        struct fault *fault;
        int result;
        bool done;
        pthread_cond_t wake;
        struct item *next;
};

struct store {
        struct vault vault;
        struct log_sink log;
        void (*on_due)(void *data, vio_time at);
        void *on_due_data;
        char *path;

        pthread_mutex_t pool_lock;
        pthread_cond_t pool_wake;
        struct db **idle; /* the first idle_count of them are free to take */
        size_t idle_count;
        size_t reader_count;

        pthread_mutex_t queue_lock;
        struct item *head, **tail;
        bool leading; /* somebody is at work on a group, without the lock */
        vio_time earliest;

        struct db *writer;       /* the leader's */
        struct tenant_set dirty; /* the leader's: tenants written to by the group */
        bool wipes;              /* the leader's: the log is to be emptied */
};

/* A failure always has a text: a function that gave none gets the standard sentence. */
static int settle(int result, struct fault *f)
{
        return result < 0 && f->err != result ? fault_plain(f, result) : result;
}

/* One tenant's function, run by the machinery for all. */
struct narrowed {
        vio_tenant_id tenant;
        tenant_fn *fn;
        void *arg;
};

static int run_narrowed(struct system_tx *tx, void *arg)
{
        const struct narrowed *n = arg;
        struct tenant_tx narrow = tx_narrow(tx, n->tenant);
        return n->fn(&narrow, n->arg);
}

/* Opening */

/*
 * The file holds patients' data, so it is made for its owner alone. mknod() because it opens no
 * descriptor: closing one would drop the locks that other connections of this process hold.
 */
static int make_file(const struct store_options *o, struct fault *f)
{
        if (o->create && mknod(o->path, S_IFREG | 0600, 0) == 0)
                return VIO_OK;
        if (access(o->path, F_OK) == 0)
                return VIO_OK;
        if (!o->create && errno == ENOENT)
                return fault_set(f, VIO_E_NOTFOUND, "there is no database %s", o->path);
        return fault_set(f, VIO_E_STORAGE, "the database %s cannot be opened: %s", o->path,
                         strerror(errno));
}

static int open_writer(struct store *s, struct fault *f)
{
        int r = db_open(s->path, DB_WRITES, &s->writer, f);
        if (r)
                return r;
        struct system_tx tx = {
            .db = s->writer, .vault = &s->vault, .log = &s->log, .fault = f, .writes = true};
        r = migrate(&tx, s->path, &migrations);
        if (!r)
                r = db_use_wal(s->writer, f);
        if (!r)
                r = tenants_next_due(&tx, &s->earliest);
        return settle(r, f);
}

static int open_readers(struct store *s, unsigned n, struct fault *f)
{
        s->idle = mem_new(n * sizeof(struct db *));
        if (!s->idle)
                return fault_plain(f, VIO_E_NOMEM);
        while (s->reader_count < n) {
                int r = db_open(s->path, DB_READS, &s->idle[s->reader_count], f);
                if (r)
                        return r;
                s->idle_count = ++s->reader_count;
        }
        return VIO_OK;
}

static void store_closep(struct store **s)
{
        store_close(*s);
}

static int open_all(struct store *s, const struct store_options *o, struct fault *f)
{
        s->path = mem_text(o->path);
        if (!s->path)
                return fault_plain(f, VIO_E_NOMEM);
        int r = settle(vault_init(&s->vault, o->secret, &o->random), f);
        if (!r)
                r = make_file(o, f);
        if (!r)
                r = open_writer(s, f);
        return r ? r : open_readers(s, o->readers, f);
}

int store_open(const struct store_options *o, struct store **ret, struct fault *f)
{
        struct fault own;
        f = f ? f : &own;
        *f = (struct fault){0};
        if (!o->path || !*o->path || strcmp(o->path, ":memory:") == 0)
                return fault_set(f, VIO_E_INVALID, "the database needs the path of a file");
        if (o->readers < 1 || !o->secret)
                return fault_set(f, VIO_E_INVALID, "the store needs a reader and a secret");

        _cleanup_(store_closep) struct store *s = mem_new(sizeof(*s));
        if (!s)
                return fault_plain(f, VIO_E_NOMEM);
        pthread_mutex_init(&s->pool_lock, NULL);
        pthread_cond_init(&s->pool_wake, NULL);
        pthread_mutex_init(&s->queue_lock, NULL);
        s->tail = &s->head;
        s->earliest = VIO_TIME_NONE;
        s->log = o->log;
        s->on_due = o->on_due;
        s->on_due_data = o->on_due_data;

        int r = open_all(s, o, f);
        if (!r)
                *ret = steal(s);
        return r;
}

struct store *store_close(struct store *s)
{
        if (!s)
                return NULL;
        for (size_t i = 0; i < s->reader_count; i++)
                db_close(s->idle[i]);
        db_close(s->writer);
        tenant_set_done(&s->dirty);
        pthread_mutex_destroy(&s->queue_lock);
        pthread_cond_destroy(&s->pool_wake);
        pthread_mutex_destroy(&s->pool_lock);
        vault_done(&s->vault);
        mem_free(s->idle);
        mem_free(s->path);
        mem_free(s);
        return NULL;
}

/* Reading */

static struct db *take_reader(struct store *s)
{
        pthread_mutex_lock(&s->pool_lock);
        while (s->idle_count == 0)
                pthread_cond_wait(&s->pool_wake, &s->pool_lock);
        struct db *db = s->idle[--s->idle_count];
        pthread_mutex_unlock(&s->pool_lock);
        return db;
}

static void give_reader(struct store *s, struct db *db)
{
        pthread_mutex_lock(&s->pool_lock);
        s->idle[s->idle_count++] = db;
        pthread_cond_signal(&s->pool_wake);
        pthread_mutex_unlock(&s->pool_lock);
}

int store_read(struct store *s, system_fn *fn, void *arg, struct fault *f)
{
        struct fault own;
        f = f ? f : &own;
        *f = (struct fault){0};

        struct db *db = take_reader(s);
        struct system_tx tx = {.db = db, .vault = &s->vault, .log = &s->log, .fault = f};
        int r = db_do(db, DB_BEGIN_READ, f);
        if (!r)
                r = fn(&tx, arg);
        if (db_in_transaction(db))
                db_do(db, DB_ROLLBACK, NULL);
        give_reader(s, db);
        tenant_set_done(&tx.dirty);
        return settle(r, f);
}

int store_read_tenant(struct store *s, vio_tenant_id tenant, tenant_fn *fn, void *arg,
                      struct fault *f)
{
        struct narrowed n = {tenant, fn, arg};
        return store_read(s, run_narrowed, &n, f);
}

/* Writing: the group, on the leader's thread */

static int remember_dirty(struct store *s, const struct tenant_set *of_item)
{
        int r = VIO_OK;
        for (size_t i = 0; i < of_item->count && !r; i++)
                r = tenant_set_add(&s->dirty, of_item->ids[i]);
        return r;
}

/* Runs one caller's function. A negative result means that the group's transaction is lost. */
static int run_item(struct store *s, struct item *item, struct fault *f)
{
        struct system_tx tx = {.db = s->writer,
                               .vault = &s->vault,
                               .log = &s->log,
                               .fault = item->fault,
                               .writes = true};
        int64_t changes = db_total_changes(s->writer);
        int r = db_do(s->writer, DB_SAVE, f);
        if (r)
                return r;

        item->result = settle(item->fn(&tx, item->arg), item->fault);
        if (!db_in_transaction(s->writer))
                r = fault_plain(f, item->result < 0 ? item->result : VIO_E_STORAGE);
        else if (item->result < 0)
                r = db_do(s->writer, DB_UNDO, f);
        else if (db_total_changes(s->writer) != changes)
                r = remember_dirty(s, &tx.dirty);
        if (!r)
                r = db_do(s->writer, DB_KEEP, f);
        s->wipes = s->wipes || (tx.wipes && item->result >= 0);
        tenant_set_done(&tx.dirty);
        return r;
}

/* Raises the versions of the tenants written to, and reads what is due next. */
static int touch_dirty(struct store *s, struct fault *f, vio_time *ret_earliest)
{
        struct system_tx tx = {
            .db = s->writer, .vault = &s->vault, .log = &s->log, .fault = f, .writes = true};
        int r = VIO_OK;
        for (size_t i = 0; i < s->dirty.count && !r; i++) {
                struct tenant_tx narrow = tx_narrow(&tx, s->dirty.ids[i]);
                r = tenant_touch(&narrow);
        }
        if (!r && s->dirty.count)
                r = tenants_next_due(&tx, ret_earliest);
        tenant_set_done(&tx.dirty);
        return r;
}

static int run_group(struct store *s, struct item *group, struct fault *f, vio_time *ret_earliest)
{
        int r = db_do(s->writer, DB_BEGIN_WRITE, f);
        for (struct item *i = group; i && !r; i = i->next)
                r = run_item(s, i, f);
        if (!r)
                r = touch_dirty(s, f, ret_earliest);
        if (!r)
                r = db_do(s->writer, DB_COMMIT, f);
        if (r && db_in_transaction(s->writer))
                db_do(s->writer, DB_ROLLBACK, NULL);
        if (!r && s->wipes)
                s->wipes = db_wipe_log(s->writer) != VIO_OK;
        s->dirty.count = 0;
        return settle(r, f);
}

/* Nothing of the group is on disk, so nobody may believe that it is. */
static void fail_group(struct store *s, struct item *group, int err, const struct fault *f)
{
        log_write(&s->log, LOG_ERROR, "a group of writes was lost: %s", f->text);
        for (struct item *i = group; i; i = i->next)
                if (i->result >= 0) {
                        i->result = err;
                        *i->fault = *f;
                }
}

/* Writing: the queue */

static struct item *take_group(struct store *s)
{
        struct item *group = s->head, **end = &s->head;
        for (size_t n = 0; *end && n < GROUP_LIMIT; n++)
                end = &(*end)->next;
        s->head = *end;
        *end = NULL;
        if (!s->head)
                s->tail = &s->head;
        return group;
}

/* Takes everybody's work, does it without the lock, and hands on. Returns whether to tell of it. */
static bool lead(struct store *s, vio_time *ret_earliest)
{
        struct item *group = take_group(s);
        struct fault f = {0};
        vio_time earliest = s->earliest;
        s->leading = true;
        pthread_mutex_unlock(&s->queue_lock);
        int r = run_group(s, group, &f, &earliest);
        if (r)
                fail_group(s, group, r, &f);
        pthread_mutex_lock(&s->queue_lock);

        s->leading = false;
        for (struct item *i = group, *next; i; i = next) {
                next = i->next;
                i->done = true;
                pthread_cond_signal(&i->wake);
        }
        if (s->head)
                pthread_cond_signal(&s->head->wake);
        if (r)
                return false;
        bool sooner =
            earliest != VIO_TIME_NONE && (s->earliest == VIO_TIME_NONE || earliest < s->earliest);
        *ret_earliest = s->earliest = earliest;
        return sooner;
}

int store_write(struct store *s, system_fn *fn, void *arg, struct fault *f)
{
        struct fault own;
        f = f ? f : &own;
        *f = (struct fault){0};
        struct item item = {.fn = fn, .arg = arg, .fault = f, .wake = PTHREAD_COND_INITIALIZER};

        pthread_mutex_lock(&s->queue_lock);
        *s->tail = &item;
        s->tail = &item.next;
        while (!item.done) {
                vio_time at = VIO_TIME_NONE;
                if (s->leading) {
                        pthread_cond_wait(&item.wake, &s->queue_lock);
                } else if (lead(s, &at) && s->on_due) {
                        pthread_mutex_unlock(&s->queue_lock);
                        s->on_due(s->on_due_data, at);
                        pthread_mutex_lock(&s->queue_lock);
                }
        }
        pthread_mutex_unlock(&s->queue_lock);
        pthread_cond_destroy(&item.wake);
        return item.result;
}

int store_write_tenant(struct store *s, vio_tenant_id tenant, tenant_fn *fn, void *arg,
                       struct fault *f)
{
        struct narrowed n = {tenant, fn, arg};
        return store_write(s, run_narrowed, &n, f);
}

/* Examining */

static int do_nothing(struct system_tx *tx, void *arg)
{
        (void)tx;
        (void)arg;
        return VIO_OK;
}

static int read_something(struct system_tx *tx, void *arg)
{
        int r = db_in_place(tx->db, system_tx_fault(tx));
        return r ? r : tenants_next_due(tx, arg);
}

int store_ping(struct store *s, struct fault *f)
{
        vio_time at;
        int r = store_read(s, read_something, &at, f);
        return r ? r : store_write(s, do_nothing, NULL, f);
}

static int check_all(struct system_tx *tx, void *arg)
{
        (void)arg;
        return db_check(tx->db, tx->fault);
}

int store_check(struct store *s, struct fault *f)
{
        return store_read(s, check_all, NULL, f);
}

static int read_version(struct system_tx *tx, void *arg)
{
        struct db_stamp stamp;
        int r = db_stamp_get(tx->db, &stamp, tx->fault);
        if (!r)
                *(int *)arg = (int)stamp.version;
        return r;
}

int store_schema(struct store *s, int *ret_file, int *ret_library)
{
        int r = store_read(s, read_version, ret_file, NULL);
        if (!r)
                *ret_library = (int)migrations.count;
        return r;
}

static int read_bytes(struct system_tx *tx, void *arg)
{
        return db_bytes_get(tx->db, arg, tx->fault);
}

int store_bytes(struct store *s, int64_t *ret)
{
        return store_read(s, read_bytes, ret, NULL);
}
