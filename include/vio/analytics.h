/* vio/analytics.h - what came of the calls, from counters that are kept. */
#ifndef VIO_ANALYTICS_H
#define VIO_ANALYTICS_H

#include <vio/core.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
}
#endif

#endif
