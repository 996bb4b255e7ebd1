/* disk_vfs.c - the disk as SQLite sees it: reading, writing, syncing, locking. */
#include <stdlib.h>
#include <string.h>

#include "disk_file.h"

static struct handle *handle_of(sqlite3_file *base)
{
        return (struct handle *)base;
}

static int on_read(sqlite3_file *base, void *to, int n, sqlite3_int64 at)
{
        const struct image *i = &handle_of(base)->file->now;
        if (disk_fails(&the_disk))
                return SQLITE_IOERR_READ;
        size_t have = (size_t)at < i->len ? i->len - (size_t)at : 0;
        size_t take = have < (size_t)n ? have : (size_t)n;
        if (take)
                memcpy(to, i->bytes + at, take);
        memset((char *)to + take, 0, (size_t)n - take);
        return take == (size_t)n ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int on_write(sqlite3_file *base, const void *from, int n, sqlite3_int64 at)
{
        struct file *f = handle_of(base)->file;
        size_t end = (size_t)at + (size_t)n;
        if (disk_fails(&the_disk))
                return SQLITE_IOERR_WRITE;
        if (the_disk.full && !the_disk.held)
                return SQLITE_FULL;
        if ((end > f->now.len && !image_resize(&f->now, end)) ||
            !file_mark_written(f, (size_t)at, end))
                return SQLITE_IOERR_NOMEM;
        memcpy(f->now.bytes + at, from, (size_t)n);
        return SQLITE_OK;
}

static int on_truncate(sqlite3_file *base, sqlite3_int64 size)
{
        struct file *f = handle_of(base)->file;
        if (disk_fails(&the_disk))
                return SQLITE_IOERR_TRUNCATE;
        size_t from = (size_t)size < f->now.len ? (size_t)size : f->now.len;
        if (!file_mark_written(f, from, f->now.len) || !image_resize(&f->now, (size_t)size))
                return SQLITE_IOERR_NOMEM;
        return SQLITE_OK;
}

static int on_sync(sqlite3_file *base, int flags)
{
        (void)flags;
        if (disk_fails(&the_disk))
                return SQLITE_IOERR_FSYNC;
        the_disk.syncs++;
        if (!file_make_safe(handle_of(base)->file))
                return SQLITE_IOERR_NOMEM;
        if (the_disk.synced)
                the_disk.synced(the_disk.synced_data);
        return SQLITE_OK;
}

static int on_size(sqlite3_file *base, sqlite3_int64 *ret)
{
        *ret = (sqlite3_int64)handle_of(base)->file->now.len;
        return SQLITE_OK;
}

/* Locks: as between processes, but there is only this one */

static int take_shared(struct file *f)
{
        if (f->exclusive || disk_refuses_locks(&the_disk))
                return SQLITE_BUSY;
        f->shared++;
        return SQLITE_OK;
}

static int on_lock(sqlite3_file *base, int level)
{
        struct handle *h = handle_of(base);
        struct file *f = h->file;
        if (h->level >= level)
                return SQLITE_OK;
        if (h->level == SQLITE_LOCK_NONE) {
                int code = take_shared(f);
                if (code)
                        return code;
                h->level = SQLITE_LOCK_SHARED;
        }
        if (level == SQLITE_LOCK_SHARED)
                return SQLITE_OK;
        if (f->reserved && f->reserved != h)
                return SQLITE_BUSY;
        f->reserved = h;
        if (level == SQLITE_LOCK_EXCLUSIVE) {
                if (f->shared > 1)
                        return SQLITE_BUSY;
                f->exclusive = h;
        }
        h->level = level;
        return SQLITE_OK;
}

static int on_unlock(sqlite3_file *base, int level)
{
        struct handle *h = handle_of(base);
        struct file *f = h->file;
        if (h->level > SQLITE_LOCK_SHARED || f->reserved == h) {
                f->reserved = f->reserved == h ? NULL : f->reserved;
                f->exclusive = f->exclusive == h ? NULL : f->exclusive;
        }
        if (level == SQLITE_LOCK_NONE && h->level >= SQLITE_LOCK_SHARED)
                f->shared--;
        h->level = level < h->level ? level : h->level;
        return SQLITE_OK;
}

static int on_check_reserved(sqlite3_file *base, int *ret)
{
        *ret = handle_of(base)->file->reserved != NULL;
        return SQLITE_OK;
}

static int on_control(sqlite3_file *base, int op, void *arg)
{
        (void)base, (void)op, (void)arg;
        return SQLITE_NOTFOUND;
}

static int on_sector_size(sqlite3_file *base)
{
        (void)base;
        return SECTOR;
}

/* As SQLite takes it of every disk: a write spoils no bytes beside its own. */
static int on_characteristics(sqlite3_file *base)
{
        (void)base;
        return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int on_shm_map(sqlite3_file *base, int page, int size, int extend, void volatile **ret)
{
        struct file *f = handle_of(base)->file;
        *ret = NULL;
        if (disk_fails(&the_disk))
                return SQLITE_IOERR_SHMMAP;
        if (page >= MOST_SHM || size != SHM_SIZE)
                return SQLITE_IOERR_SHMSIZE;
        if (!f->shm[page] && extend)
                f->shm[page] = calloc(1, SHM_SIZE);
        if (!f->shm[page] && extend)
                return SQLITE_IOERR_NOMEM;
        *ret = f->shm[page];
        return SQLITE_OK;
}

static int shm_take(struct handle *h, int slot, bool exclusive)
{
        struct file *f = h->file;
        int ours = (h->shm_held >> slot) & 1;
        if (f->shm_exclusive[slot] && f->shm_exclusive[slot] != h)
                return SQLITE_BUSY;
        if (exclusive) {
                if (f->shm_shared[slot] - ours > 0)
                        return SQLITE_BUSY;
                f->shm_exclusive[slot] = h;
        } else if (!ours) {
                f->shm_shared[slot]++;
                h->shm_held |= 1u << slot;
        }
        return SQLITE_OK;
}

static void shm_give(struct handle *h, int slot)
{
        struct file *f = h->file;
        if (f->shm_exclusive[slot] == h)
                f->shm_exclusive[slot] = NULL;
        if ((h->shm_held >> slot) & 1) {
                f->shm_shared[slot]--;
                h->shm_held &= ~(1u << slot);
        }
}

static int on_shm_lock(sqlite3_file *base, int first, int n, int flags)
{
        struct handle *h = handle_of(base);
        int code = SQLITE_OK;
        if ((flags & SQLITE_SHM_LOCK) && disk_refuses_locks(&the_disk))
                return SQLITE_BUSY;
        for (int slot = first; slot < first + n && !code; slot++) {
                if (flags & SQLITE_SHM_UNLOCK)
                        shm_give(h, slot);
                else
                        code = shm_take(h, slot, flags & SQLITE_SHM_EXCLUSIVE);
                if (code)
                        while (slot-- > first)
                                shm_give(h, slot);
        }
        return code;
}

static void on_shm_barrier(sqlite3_file *base)
{
        (void)base;
}

static int on_shm_unmap(sqlite3_file *base, int delete)
{
        struct file *f = handle_of(base)->file;
        for (int i = 0; delete &&i < MOST_SHM; i++) {
                free(f->shm[i]);
                f->shm[i] = NULL;
        }
        return SQLITE_OK;
}

static int on_close(sqlite3_file *base)
{
        struct handle *h = handle_of(base);
        struct file *f = h->file;
        on_unlock(base, SQLITE_LOCK_NONE);
        for (int slot = 0; slot < SQLITE_SHM_NLOCK; slot++)
                shm_give(h, slot);
        f->handles--;
        if (!f->handles && (h->is_temporary || !f->exists))
                file_forget(f);
        return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = on_close,
    .xRead = on_read,
    .xWrite = on_write,
    .xTruncate = on_truncate,
    .xSync = on_sync,
    .xFileSize = on_size,
    .xLock = on_lock,
    .xUnlock = on_unlock,
    .xCheckReservedLock = on_check_reserved,
    .xFileControl = on_control,
    .xSectorSize = on_sector_size,
    .xDeviceCharacteristics = on_characteristics,
    .xShmMap = on_shm_map,
    .xShmLock = on_shm_lock,
    .xShmBarrier = on_shm_barrier,
    .xShmUnmap = on_shm_unmap,
};

/* The VFS */

static int on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *ret)
{
        struct handle *h = handle_of(base);
        static unsigned temporaries;
        char own[32];
        (void)vfs;
        *h = (struct handle){.is_temporary = !name};
        if (disk_fails(&the_disk))
                return SQLITE_CANTOPEN;
        if (!name) {
                sqlite3_snprintf(sizeof(own), own, ":temporary %u", ++temporaries);
                name = own;
        }
        h->file = file_find(&the_disk, name);
        if (!h->file && (flags & SQLITE_OPEN_CREATE || h->is_temporary))
                h->file = file_make(&the_disk, name);
        if (!h->file)
                return SQLITE_CANTOPEN;
        h->base.pMethods = &methods;
        h->file->handles++;
        if (ret)
                *ret = flags;
        return SQLITE_OK;
}

static int on_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
        (void)vfs, (void)sync;
        struct file *f = file_find(&the_disk, name);
        if (disk_fails(&the_disk))
                return SQLITE_IOERR_DELETE;
        if (!f)
                return SQLITE_IOERR_DELETE_NOENT;
        f->exists = false;
        if (!f->handles)
                file_forget(f);
        return SQLITE_OK;
}

static int on_access(sqlite3_vfs *vfs, const char *name, int flags, int *ret)
{
        (void)vfs, (void)flags;
        if (disk_fails(&the_disk))
                return SQLITE_IOERR_ACCESS;
        const struct file *f = file_find(&the_disk, name);
        *ret = f && (flags != SQLITE_ACCESS_EXISTS || f->now.len > 0);
        return SQLITE_OK;
}

static int on_full_name(sqlite3_vfs *vfs, const char *name, int size, char *ret)
{
        (void)vfs;
        sqlite3_snprintf(size, ret, "%s", name);
        return SQLITE_OK;
}

static int on_randomness(sqlite3_vfs *vfs, int n, char *ret)
{
        (void)vfs;
        for (int i = 0; i < n; i++)
                ret[i] = (char)disk_draw(&the_disk);
        return n;
}

static int on_sleep(sqlite3_vfs *vfs, int microseconds)
{
        (void)vfs;
        return microseconds;
}

static int on_time(sqlite3_vfs *vfs, double *ret)
{
        (void)vfs;
        *ret = 2461366.5; /* no date of ours comes from SQLite */
        return SQLITE_OK;
}

static int on_last_error(sqlite3_vfs *vfs, int n, char *ret)
{
        (void)vfs, (void)n, (void)ret;
        return 0;
}

static sqlite3_vfs vfs = {
    .iVersion = 1,
    .szOsFile = sizeof(struct handle),
    .mxPathname = 200,
    .zName = "simulated",
    .xOpen = on_open,
    .xDelete = on_delete,
    .xAccess = on_access,
    .xFullPathname = on_full_name,
    .xRandomness = on_randomness,
    .xSleep = on_sleep,
    .xCurrentTime = on_time,
    .xGetLastError = on_last_error,
};

sqlite3_vfs *disk_vfs(void)
{
        return &vfs;
}
