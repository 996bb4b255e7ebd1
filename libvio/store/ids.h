/* ids.h - reads the one column of a statement that lists ids. */
#ifndef VIO_STORE_IDS_H
#define VIO_STORE_IDS_H

#include "store/q.h"

/* @ret: an array of @n numeric ids (vio_tenant_id, vio_contact_id); @ret_count is set at the end.
 */
int ids_read(struct q *q, void *ret, size_t n, size_t *ret_count);
/* The same for ids that are UUIDs (vio_call_id, vio_task_id). */
int uuids_read(struct q *q, void *ret, size_t n, size_t *ret_count);

#endif
