/* do_not_call.h - table do_not_call: keyed hashes of numbers that must never be called again. */
#ifndef VIO_STORE_DO_NOT_CALL_H
#define VIO_STORE_DO_NOT_CALL_H

#include "store/store.h"

/* Why a contact with such a number is opted out. */
#define DO_NOT_CALL_REASON "asked earlier never to be called"

int do_not_call_add(struct tenant_tx *tx, const char *phone, vio_time now);
int do_not_call_drop(struct tenant_tx *tx, const char *phone);
int do_not_call_has(struct tenant_tx *tx, const char *phone, bool *ret);

#endif
