/* attr.h - the GNU attributes we use, as short words. */
#ifndef HTTPD_ATTR_H
#define HTTPD_ATTR_H

#include <stdlib.h>
#include <vio.h>

/* Runs @fn on the address of the variable when it goes out of scope. */
#define _cleanup_(fn)     __attribute__((cleanup(fn)))
#define _must_check_      __attribute__((warn_unused_result))
#define _printf_(fmt, at) __attribute__((format(printf, fmt, at)))

#define count_of(array) (sizeof(array) / sizeof((array)[0]))

static inline void free_text(char **p)
{
        free(*p);
}

static inline void free_json(vio_json **p)
{
        vio_json_free(*p);
}

static inline void free_writer(vio_json_writer **p)
{
        vio_json_writer_free(*p);
}

#endif
