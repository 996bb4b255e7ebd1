/* random.h - randomness from the hook of the embedding program or from getrandom(2); UUIDs. */
#ifndef VIO_BASE_RANDOM_H
#define VIO_BASE_RANDOM_H

#include <vio/core.h>

/* Fills @buf; 0, or a negative error when there is no randomness. */
struct random_source {
        int (*fill)(void *data, void *buf, size_t len);
        void *data;
};

int random_fill(const struct random_source *r, void *buf, size_t len); /* @r NULL: getrandom(2) */

/* A UUID version 7 (RFC 9562): time-ordered; lower case. */
int random_uuid(const struct random_source *r, vio_time now, char ret[37]);

/* Reads a UUID in its 36-character form of either case, into lower case. */
int uuid_parse(const char *text, char ret[37]);

#endif
