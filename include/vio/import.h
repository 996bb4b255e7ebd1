/* vio/import.h - contacts in and out as CSV. */
#ifndef VIO_IMPORT_H
#define VIO_IMPORT_H

#include <vio/core.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
}
#endif

#endif
