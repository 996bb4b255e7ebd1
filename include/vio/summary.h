/* vio/summary.h - the daily summary of a tenant, by mail. */
#ifndef VIO_SUMMARY_H
#define VIO_SUMMARY_H

#include <vio/core.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
}
#endif

#endif
