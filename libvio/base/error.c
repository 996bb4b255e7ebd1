/* error.c - the texts of the error numbers, the version, and the ids that are UUIDs. */
#include <string.h>

#include <vio/core.h>

#include "random.h"

#define TEXT_OF_(x) #x
#define TEXT_OF(x)  TEXT_OF_(x)

const char *vio_strerror(int err)
{
        switch (err) {
        case VIO_OK: return "success";
#define VIO_X(name, number, text)                                                                  \
        case number: return text;
                VIO_ERRORS(VIO_X)
#undef VIO_X
        }
        return "an unknown error";
}

const char *vio_err_name(int err)
{
        switch (err) {
        case VIO_OK: return "OK";
#define VIO_X(name, number, text)                                                                  \
        case number: return #name;
                VIO_ERRORS(VIO_X)
#undef VIO_X
        }
        return "UNKNOWN";
}

const char *vio_version(void)
{
        return TEXT_OF(VIO_VERSION_MAJOR) "." TEXT_OF(VIO_VERSION_MINOR) "." TEXT_OF(
            VIO_VERSION_PATCH);
}

int vio_call_id_parse(const char *text, vio_call_id *ret)
{
        return uuid_parse(text, ret->s);
}

int vio_task_id_parse(const char *text, vio_task_id *ret)
{
        return uuid_parse(text, ret->s);
}
