/* vio/audit.h - who did what: the audit log and its proof. */
#ifndef VIO_AUDIT_H
#define VIO_AUDIT_H

#include <vio/core.h>
#include <vio/json.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
}
#endif

#endif
