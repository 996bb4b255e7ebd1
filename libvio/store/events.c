/* events.c - table retell_events: what Retell told us, each thing once. */
#include "store/events.h"

#include "store/q.h"

TENANT_SQL(sql_add, "INSERT INTO retell_events"
                    " (tenant_id, call_id, event_type, digest, payload, processed_at, created_at)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
                    " ON CONFLICT (tenant_id, call_id, event_type, digest) DO NOTHING");
int event_insert(struct tenant_tx *tx, const struct event *e, int64_t *ret_id)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_add);
        q_text(q, e->call_id);
        q_text(q, e->event_type);
        q_text(q, e->digest);
        q_bytes(q, e->payload, e->payload_len);
        q_time(q, e->processed_at);
        q_time(q, e->created_at);
        int r = q_done(q);
        if (!r)
                *ret_id = q_inserted(q);
        return r;
}

TENANT_SQL(sql_exists, "SELECT 1 FROM retell_events WHERE tenant_id = ?1 AND call_id = ?2"
                       " AND event_type = ?3 AND digest = ?4");
int event_exists(struct tenant_tx *tx, const char *call_id, const char *event_type,
                 const char *digest, bool *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_exists);
        q_text(q, call_id);
        q_text(q, event_type);
        q_text(q, digest);
        bool found = q_row(q);
        if (q_err(q))
                return q_err(q);
        *ret = found;
        return VIO_OK;
}

TENANT_SQL(sql_each, "SELECT id, call_id, event_type, digest, processed_at, created_at"
                     " FROM retell_events WHERE tenant_id = ?1 AND call_id = ?2 ORDER BY id");
int event_each(struct tenant_tx *tx, const char *call_id,
               int (*cb)(void *data, const struct event *e), void *data)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_each);
        q_text(q, call_id);
        while (q_row(q)) {
                struct event e = {
                    .id = q_col_int(q, 0),
                    .call_id = q_col_text(q, 1),
                    .event_type = q_col_text(q, 2),
                    .digest = q_col_text(q, 3),
                    .processed_at = q_col_time(q, 4),
                    .created_at = q_col_time(q, 5),
                };
                int r = q_err(q) ? q_err(q) : cb(data, &e);
                if (r)
                        return r;
        }
        return q_err(q);
}
