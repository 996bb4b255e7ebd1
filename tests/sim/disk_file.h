/* disk_file.h - what the disk is made of: files, their images and locks; between disk.c and
 * disk_vfs.c. */
#ifndef TESTS_SIM_DISK_FILE_H
#define TESTS_SIM_DISK_FILE_H

#include <sqlite3.h>
#include <stddef.h>

#include "disk.h"

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
        int held;
        void (*synced)(void *data);
        void *synced_data;
};

extern struct disk the_disk;

uint64_t disk_draw(struct disk *d);
/* Counts a call; whether it fails. */
bool disk_fails(struct disk *d);
bool disk_refuses_locks(const struct disk *d);

bool image_resize(struct image *i, size_t len);
bool file_mark_written(struct file *f, size_t from, size_t to);
bool file_make_safe(struct file *f);
struct file *file_find(struct disk *d, const char *name);
struct file *file_make(struct disk *d, const char *name);
void file_forget(struct file *f);

/* disk_vfs.c: the VFS over the disk. */
sqlite3_vfs *disk_vfs(void);

#endif
