/* vio/event.h - what Retell told us, kept as it came, and telling it to ourselves again. */
#ifndef VIO_EVENT_H
#define VIO_EVENT_H

#include <vio/core.h>
#include <vio/json.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
}
#endif

#endif
