/* latest.c - what a contact's calls amount to: the newest word counts. */
#include "store/latest.h"

#include "store/q.h"

static int read_outcome(struct q *q, enum vio_outcome *ret)
{
        enum vio_outcome o = VIO_OUTCOME_NONE;

        if (q_row(q)) {
                int r = vio_outcome_parse(q_col_text(q, 0), &o);
                if (r)
                        return r;
        }
        if (q_err(q))
                return q_err(q);
        *ret = o;
        return 0;
}

TENANT_SQL(sql_outcome, "SELECT outcome FROM call_sessions"
                        " WHERE tenant_id = ?1 AND contact_id = ?2 AND outcome IS NOT NULL"
                        " ORDER BY created_at DESC, id DESC LIMIT 1");
int latest_outcome(struct tenant_tx *tx, vio_contact_id contact, enum vio_outcome *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_outcome);
        q_int(q, contact.v);
        return read_outcome(q, ret);
}

TENANT_SQL(sql_decision, "SELECT outcome FROM call_sessions"
                         " WHERE tenant_id = ?1 AND contact_id = ?2 AND appointment_revision = ?3"
                         " AND (outcome = 'confirmed' OR outcome = 'cancelled'"
                         " OR outcome = 'rescheduled')"
                         " ORDER BY created_at DESC, id DESC LIMIT 1");
int latest_decision(struct tenant_tx *tx, vio_contact_id contact, int64_t appointment_revision,
                    enum vio_outcome *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_decision);
        q_int(q, contact.v);
        q_int(q, appointment_revision);
        return read_outcome(q, ret);
}

TENANT_SQL(sql_overtaken, "SELECT 1 FROM call_sessions"
                          " WHERE tenant_id = ?1 AND contact_id = ?2 AND created_at > ?3"
                          " AND outcome IS NOT NULL LIMIT 1");
int latest_overtaken(struct tenant_tx *tx, const struct vio_call *call, bool *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_overtaken);
        q_int(q, call->contact.v);
        q_time(q, call->created_at);
        bool found = q_row(q);
        if (q_err(q))
                return q_err(q);
        *ret = found;
        return VIO_OK;
}
