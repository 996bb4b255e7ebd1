/* vio/explain.h - why a contact was called, or not, and what comes next. */
#ifndef VIO_EXPLAIN_H
#define VIO_EXPLAIN_H

#include <vio/core.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
}
#endif

#endif
