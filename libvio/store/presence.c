/* presence.c - whether a contact is still one that people see. */
#include "store/presence.h"

#include "store/q.h"

TENANT_SQL(sql_present, "SELECT 1 FROM contacts WHERE tenant_id = ?1 AND id = ?2"
                        " AND deleted_at IS NULL AND erased_at IS NULL");
int contact_present(struct tenant_tx *tx, vio_contact_id id, bool *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_present);
        q_int(q, id.v);
        bool found = q_row(q);
        if (q_err(q))
                return q_err(q);
        *ret = found;
        return VIO_OK;
}
