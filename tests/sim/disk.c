/* disk.c - files in memory, what of them is safe, and what happens to them. */
#include <stdlib.h>
#include <string.h>

#include "disk_file.h"

struct disk the_disk;

uint64_t disk_draw(struct disk *d)
{
        uint64_t x = d->random += 0x9e3779b97f4a7c15ULL;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
        return x ^ (x >> 31);
}

/* Counts a call; whether it fails. */
bool disk_fails(struct disk *d)
{
        if (d->held)
                return d->cut;
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

bool image_resize(struct image *i, size_t len)
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

bool file_mark_written(struct file *f, size_t from, size_t to)
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

bool file_make_safe(struct file *f)
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
        size_t len = longer && disk_draw(d) % 2 ? f->now.len : f->safe.len;
        if (!image_resize(&f->safe, len))
                abort();
        for (size_t s = 0; s < f->n_written; s++) {
                size_t at = s * SECTOR;
                if (!f->written[s] || at >= len)
                        continue;
                if (at < f->now.len && disk_draw(d) % 2)
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

void file_forget(struct file *f)
{
        for (int i = 0; i < MOST_SHM; i++)
                free(f->shm[i]);
        free(f->now.bytes);
        free(f->safe.bytes);
        free(f->written);
        *f = (struct file){0};
}

/* Files */

struct file *file_find(struct disk *d, const char *name)
{
        for (int i = 0; i < MOST_FILES; i++)
                if (d->files[i].exists && strcmp(d->files[i].name, name) == 0)
                        return &d->files[i];
        return NULL;
}

struct file *file_make(struct disk *d, const char *name)
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

bool disk_refuses_locks(const struct disk *d)
{
        return d->occupied && !d->held;
}

/* What tests do with it */

struct disk *disk_mount(uint64_t seed)
{
        the_disk = (struct disk){.random = seed};
        sqlite3_vfs_register(disk_vfs(), 1);
        return &the_disk;
}

void disk_unmount(struct disk *d)
{
        sqlite3_vfs_unregister(disk_vfs());
        for (int i = 0; i < MOST_FILES; i++)
                file_forget(&d->files[i]);
}

void disk_touch(struct disk *d, const char *name)
{
        if (!file_find(d, name))
                file_make(d, name);
}

bool disk_put(struct disk *d, const char *name, const void *bytes, size_t len)
{
        disk_touch(d, name);
        struct file *f = file_find(d, name);
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
                file_forget(&d->files[i]);
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

void disk_hold(struct disk *d, bool held)
{
        d->held += held ? 1 : -1;
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
