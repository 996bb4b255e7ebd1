/* ids.c - reads the one column of a statement that lists ids. */
#include "store/ids.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"

static_assert(sizeof(vio_tenant_id) == sizeof(int64_t) && sizeof(vio_contact_id) == sizeof(int64_t),
              "numeric ids are one number");
static_assert(sizeof(vio_call_id) == 37 && sizeof(vio_task_id) == 37, "UUIDs are one text");

int ids_read(struct q *q, void *ret, size_t n, size_t *ret_count)
{
        size_t count = 0;
        for (; count < n && q_row(q); count++) {
                int64_t id = q_col_int(q, 0);
                memcpy((char *)ret + count * sizeof(id), &id, sizeof(id));
        }
        if (q_err(q))
                return q_err(q);
        *ret_count = count;
        return VIO_OK;
}

int uuids_read(struct q *q, void *ret, size_t n, size_t *ret_count)
{
        size_t count = 0;
        for (; count < n && q_row(q); count++)
                text_copy((char *)ret + count * 37, 37, q_col_text(q, 0));
        if (q_err(q))
                return q_err(q);
        *ret_count = count;
        return VIO_OK;
}
