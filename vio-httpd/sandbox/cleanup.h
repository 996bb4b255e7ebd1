/* cleanup.h - what the sandbox's files free at the end of a scope, and small words they share. */
#ifndef SANDBOX_CLEANUP_H
#define SANDBOX_CLEANUP_H

#include <stdlib.h>

#include <vio/json.h>

static inline void cleanup_json(vio_json **j)
{
        vio_json_free(*j);
}

static inline void cleanup_writer(vio_json_writer **w)
{
        vio_json_writer_free(*w);
}

#define _cleanup_json_   __attribute__((cleanup(cleanup_json)))
#define _cleanup_writer_ __attribute__((cleanup(cleanup_writer)))

#define count_of(array) (sizeof(array) / sizeof((array)[0]))

#endif
