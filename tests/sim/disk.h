/*
 * disk.h - a disk in memory that loses power, fills up and fails, as an SQLite VFS.
 *
 * What is written stands in the file at once, but is safe only after a sync. When the power is cut,
 * each 512-byte sector that was written since then is kept or lost by itself, and so is the new
 * length of the file.
 */
#ifndef TESTS_SIM_DISK_H
#define TESTS_SIM_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct disk;

/* Makes the one disk of the process and SQLite's default VFS of it. @seed decides what is lost. */
struct disk *disk_mount(uint64_t seed);
void disk_unmount(struct disk *d);

/* An empty file of that name, as somebody made it before SQLite opens it. */
void disk_touch(struct disk *d, const char *name);

/* A file with these bytes, safe on the disk; false when there is no memory or no room for it. */
bool disk_put(struct disk *d, const char *name, const void *bytes, size_t len);

/* All files as they are now, and the disk as it was then; no connection may be open to it. */
struct disk_copy;
struct disk_copy *disk_copy(const struct disk *d);
struct disk_copy *disk_copy_free(struct disk_copy *c);
void disk_become(struct disk *d, const struct disk_copy *c);

/* Called after each sync; NULL: no more. */
void disk_watch(struct disk *d, void (*synced)(void *data), void *data);

/* Cuts the power: every call fails until disk_restore(). */
void disk_cut(struct disk *d);
bool disk_is_cut(const struct disk *d);
/* After all connections are closed: what was not safe is decided, and the disk works again. */
void disk_restore(struct disk *d);

/* The call number @n from now (1: the next) fails with an I/O error, or cuts the power; 0: none. */
void disk_fail_at(struct disk *d, uint64_t n);
void disk_cut_at(struct disk *d, uint64_t n);
/* No call that needs room succeeds while the disk is full. */
void disk_fill(struct disk *d, bool full);
/* Every lock is refused while somebody else is said to hold it. */
void disk_occupy(struct disk *d, bool occupied);

/* While it is held nothing is counted, fails or is refused, but the power stays out if it is: for
 * whoever only looks on. Held twice, it is let go twice. */
void disk_hold(struct disk *d, bool held);

/* How many calls there were that could fail, and how many syncs. */
uint64_t disk_calls(const struct disk *d);
uint64_t disk_syncs(const struct disk *d);
/* How many sectors were lost by disk_restore() so far. */
uint64_t disk_sectors_lost(const struct disk *d);

#endif
