/* disk.c - files in memory, what of them is safe, and the VFS over them. */
#include "disk.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define SECTOR     512
#define MOST_FILES 16
#define MOST_SHM   64
#define SHM_SIZE   32768

/* One image of a file: its bytes, grown in whole sectors. */
struct image {
        uint8_t *bytes;
        size_t len;
        size_t room;
};

/* A file, the memory that its connections share, and their locks. */
struct file {
        char name[256];
        bool exists;
        struct image now;
        struct image safe;
        uint8_t *written; /* one flag a sector: differs, or may differ, from .safe */
        size_t n_written;
        int handles;
        int shared; /* holders of a shared lock */
        const struct handle *reserved;
        const struct handle *exclusive;
        void *shm[MOST_SHM];
        int shm_shared[SQLITE_SHM_NLOCK];
        const struct handle *shm_exclusive[SQLITE_SHM_NLOCK];
};

struct handle {
        sqlite3_file base;
        struct file *file;
        int level;
        unsigned shm_held; /* bit by bit: shared locks of shared memory that are ours */
        bool is_temporary;
};

struct disk {
        struct file files[MOST_FILES];
        uint64_t random;
        uint64_t calls;
        uint64_t fail_at;
        uint64_t cut_at;
        uint64_t syncs;
        uint64_t lost;
        bool cut;
        bool full;
        bool occupied;
        void (*synced)(void *data);
        void *synced_data;
};

static struct disk the_disk;

static uint64_t draw(struct disk *d)
{
        uint64_t x = d->random += 0x9e3779b97f4a7c15ULL;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
        return x ^ (x >> 31);
}

/* Counts a call; whether it fails. */
static bool fails(struct disk *d)
{
        d->calls++;
        if (d->cut_at && d->calls >= d->cut_at) {
                d->cut_at = 0;
                d->cut = true;
        }
        if (d->fail_at && d->calls >= d->fail_at) {
                d->fail_at = 0;
                return true;
        }
        return d->cut;
}

/* Images */

static bool image_resize(struct image *i, size_t len)
{
        if (len > i->room) {
                size_t room = (len + 65535) / 65536 * 65536;
                uint8_t *moved = realloc(i->bytes, room);
                if (!moved)
                        return false;
                memset(moved + i->room, 0, room - i->room);
                i->bytes = moved;
                i->room = room;
        }
        if (len < i->len)
                memset(i->bytes + len, 0, i->len - len);
        i->len = len;
        return true;
}

static bool mark_written(struct file *f, size_t from, size_t to)
{
        size_t sectors = (to + SECTOR - 1) / SECTOR;
        if (sectors > f->n_written) {
                uint8_t *moved = realloc(f->written, sectors);
                if (!moved)
                        return false;
                memset(moved + f->n_written, 0, sectors - f->n_written);
                f->written = moved;
                f->n_written = sectors;
        }
        for (size_t s = from / SECTOR; s < sectors; s++)
                f->written[s] = 1;
        return true;
}

static void forget_writes(struct file *f)
{
        if (f->n_written)
                memset(f->written, 0, f->n_written);
}

static bool make_safe(struct file *f)
{
        if (!image_resize(&f->safe, f->now.len))
                return false;
        for (size_t s = 0; s < f->n_written; s++) {
                size_t at = s * SECTOR;
                if (f->written[s] && at < f->now.len)
                        memcpy(f->safe.bytes + at, f->now.bytes + at, SECTOR);
        }
        forget_writes(f);
        return true;
}

/* Sector by sector, what was written last reached the disk or did not. */
static void lose_power(struct disk *d, struct file *f)
{
        bool longer = f->now.len > f->safe.len;
        size_t len = longer && draw(d) % 2 ? f->now.len : f->safe.len;
        if (!image_resize(&f->safe, len))
                abort();
        for (size_t s = 0; s < f->n_written; s++) {
                size_t at = s * SECTOR;
                if (!f->written[s] || at >= len)
                        continue;
                if (at < f->now.len && draw(d) % 2)
                        memcpy(f->safe.bytes + at, f->now.bytes + at, SECTOR);
                else
                        d->lost++;
        }
        forget_writes(f);
        if (!image_resize(&f->now, len))
                abort();
        if (len)
                memcpy(f->now.bytes, f->safe.bytes, len);
}

static void forget_file(struct file *f)
{
        for (int i = 0; i < MOST_SHM; i++)
                free(f->shm[i]);
        free(f->now.bytes);
        free(f->safe.bytes);
        free(f->written);
        *f = (struct file){0};
}

/* Files */

static struct file *find_file(struct disk *d, const char *name)
{
        for (int i = 0; i < MOST_FILES; i++)
                if (d->files[i].exists && strcmp(d->files[i].name, name) == 0)
                        return &d->files[i];
        return NULL;
}

static struct file *make_file(struct disk *d, const char *name)
{
        for (int i = 0; i < MOST_FILES; i++) {
                struct file *f = &d->files[i];
                if (f->exists || f->handles || strlen(name) >= sizeof(f->name))
                        continue;
                strcpy(f->name, name);
                f->exists = true;
                return f;
        }
        return NULL;
}

static struct handle *handle_of(sqlite3_file *base)
{
        return (struct handle *)base;
}

static int on_read(sqlite3_file *base, void *to, int n, sqlite3_int64 at)
{
        const struct image *i = &handle_of(base)->file->now;
        if (fails(&the_disk))
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
        if (fails(&the_disk))
                return SQLITE_IOERR_WRITE;
        if (the_disk.full)
                return SQLITE_FULL;
        if ((end > f->now.len && !image_resize(&f->now, end)) || !mark_written(f, (size_t)at, end))
                return SQLITE_IOERR_NOMEM;
        memcpy(f->now.bytes + at, from, (size_t)n);
        return SQLITE_OK;
}

static int on_truncate(sqlite3_file *base, sqlite3_int64 size)
{
        struct file *f = handle_of(base)->file;
        if (fails(&the_disk))
                return SQLITE_IOERR_TRUNCATE;
        size_t from = (size_t)size < f->now.len ? (size_t)size : f->now.len;
        if (!mark_written(f, from, f->now.len) || !image_resize(&f->now, (size_t)size))
                return SQLITE_IOERR_NOMEM;
        return SQLITE_OK;
}

static int on_sync(sqlite3_file *base, int flags)
{
        (void)flags;
        if (fails(&the_disk))
                return SQLITE_IOERR_FSYNC;
        the_disk.syncs++;
        if (!make_safe(handle_of(base)->file))
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
        if (f->exclusive || the_disk.occupied)
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
        if (fails(&the_disk))
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
        if ((flags & SQLITE_SHM_LOCK) && the_disk.occupied)
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
                forget_file(f);
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
        if (fails(&the_disk))
                return SQLITE_CANTOPEN;
        if (!name) {
                sqlite3_snprintf(sizeof(own), own, ":temporary %u", ++temporaries);
                name = own;
        }
        h->file = find_file(&the_disk, name);
        if (!h->file && (flags & SQLITE_OPEN_CREATE || h->is_temporary))
                h->file = make_file(&the_disk, name);
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
        struct file *f = find_file(&the_disk, name);
        if (fails(&the_disk))
                return SQLITE_IOERR_DELETE;
        if (!f)
                return SQLITE_IOERR_DELETE_NOENT;
        f->exists = false;
        if (!f->handles)
                forget_file(f);
        return SQLITE_OK;
}

static int on_access(sqlite3_vfs *vfs, const char *name, int flags, int *ret)
{
        (void)vfs, (void)flags;
        if (fails(&the_disk))
                return SQLITE_IOERR_ACCESS;
        const struct file *f = find_file(&the_disk, name);
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
                ret[i] = (char)draw(&the_disk);
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

/* What tests do with it */

struct disk *disk_mount(uint64_t seed)
{
        the_disk = (struct disk){.random = seed};
        sqlite3_vfs_register(&vfs, 1);
        return &the_disk;
}

void disk_unmount(struct disk *d)
{
        sqlite3_vfs_unregister(&vfs);
        for (int i = 0; i < MOST_FILES; i++)
                forget_file(&d->files[i]);
}

void disk_touch(struct disk *d, const char *name)
{
        if (!find_file(d, name))
                make_file(d, name);
}

bool disk_put(struct disk *d, const char *name, const void *bytes, size_t len)
{
        disk_touch(d, name);
        struct file *f = find_file(d, name);
        if (!f || !image_resize(&f->now, len) || !image_resize(&f->safe, len))
                return false;
        if (len) {
                memcpy(f->now.bytes, bytes, len);
                memcpy(f->safe.bytes, bytes, len);
        }
        return true;
}

struct disk_copy {
        struct {
                char name[256];
                uint8_t *bytes;
                size_t len;
        } files[MOST_FILES];
        size_t n;
};

struct disk_copy *disk_copy(const struct disk *d)
{
        struct disk_copy *c = calloc(1, sizeof(*c));
        for (int i = 0; c && i < MOST_FILES; i++) {
                const struct file *f = &d->files[i];
                if (!f->exists)
                        continue;
                uint8_t *bytes = malloc(f->now.len + 1);
                if (!bytes)
                        return disk_copy_free(c);
                if (f->now.len)
                        memcpy(bytes, f->now.bytes, f->now.len);
                strcpy(c->files[c->n].name, f->name);
                c->files[c->n].bytes = bytes;
                c->files[c->n++].len = f->now.len;
        }
        return c;
}

struct disk_copy *disk_copy_free(struct disk_copy *c)
{
        for (size_t i = 0; c && i < c->n; i++)
                free(c->files[i].bytes);
        free(c);
        return NULL;
}

void disk_become(struct disk *d, const struct disk_copy *c)
{
        for (int i = 0; i < MOST_FILES; i++)
                forget_file(&d->files[i]);
        for (size_t i = 0; i < c->n; i++)
                if (!disk_put(d, c->files[i].name, c->files[i].bytes, c->files[i].len))
                        abort();
        d->cut = false;
        d->cut_at = d->fail_at = 0;
}

void disk_watch(struct disk *d, void (*synced)(void *data), void *data)
{
        d->synced = synced;
        d->synced_data = data;
}

void disk_cut(struct disk *d)
{
        d->cut = true;
}

bool disk_is_cut(const struct disk *d)
{
        return d->cut;
}

void disk_restore(struct disk *d)
{
        for (int i = 0; i < MOST_FILES; i++)
                if (d->files[i].exists)
                        lose_power(d, &d->files[i]);
        d->cut = false;
        d->cut_at = d->fail_at = 0;
}

void disk_fail_at(struct disk *d, uint64_t n)
{
        d->fail_at = n ? d->calls + n : 0;
}

void disk_cut_at(struct disk *d, uint64_t n)
{
        d->cut_at = n ? d->calls + n : 0;
}

void disk_fill(struct disk *d, bool full)
{
        d->full = full;
}

void disk_occupy(struct disk *d, bool occupied)
{
        d->occupied = occupied;
}

uint64_t disk_calls(const struct disk *d)
{
        return d->calls;
}

uint64_t disk_syncs(const struct disk *d)
{
        return d->syncs;
}

uint64_t disk_sectors_lost(const struct disk *d)
{
        return d->lost;
}
