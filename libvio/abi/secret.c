/* secret.c - the installation's secret in its file. */
#include <vio/system.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/random.h"

#define DIGITS (2 * VIO_SECRET_SIZE)

static void closep(int *fd)
{
        if (*fd >= 0)
                close(*fd);
}

/* Whole or not at all: written beside it first, so that nobody ever reads half a secret. */
static int make(const char *path)
{
        uint8_t secret[VIO_SECRET_SIZE];
        char hex[DIGITS + 2];

        if (random_fill(NULL, secret, sizeof(secret)) < 0)
                return VIO_E_STORAGE;
        hex_encode(secret, sizeof(secret), hex);
        hex[DIGITS] = '\n';
        _cleanup_(closep) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0)
                return errno == EEXIST ? VIO_E_CONFLICT : VIO_E_STORAGE;
        ssize_t written = write(fd, hex, DIGITS + 1);
        bool whole = written == DIGITS + 1 && fsync(fd) == 0;
        crypto_wipe(secret, sizeof(secret));
        crypto_wipe(hex, sizeof(hex));
        if (!whole)
                unlink(path);
        return whole ? 0 : VIO_E_STORAGE;
}

static int read_secret(const char *path, uint8_t ret[VIO_SECRET_SIZE])
{
        char hex[DIGITS + 2];
        struct stat st;

        _cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
                return errno == ENOENT ? VIO_E_NOTFOUND : VIO_E_FORBIDDEN;
        if (fstat(fd, &st) != 0 || (st.st_mode & (S_IRWXG | S_IRWXO) & ~S_IRGRP))
                return VIO_E_FORBIDDEN;
        ssize_t len = read(fd, hex, sizeof(hex));
        if (len == DIGITS + 1 && hex[DIGITS] == '\n')
                len = DIGITS;
        bool good = len == DIGITS && hex_decode(hex, DIGITS, ret);
        crypto_wipe(hex, sizeof(hex));
        return good ? 0 : VIO_E_INVALID;
}

int vio_secret_load(const char *path, bool create, uint8_t ret[VIO_SECRET_SIZE])
{
        int r = read_secret(path, ret);
        if (r != VIO_E_NOTFOUND || !create)
                return r;
        r = make(path);
        /* Another process may have made it in between: then that one holds. */
        return r && r != VIO_E_CONFLICT ? r : read_secret(path, ret);
}
