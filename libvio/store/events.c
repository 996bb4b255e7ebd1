/* events.c - table retell_events: what Retell told us, each thing once. */
#include "store/events.h"

#include <string.h>

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

bool event_is_erased(const struct event *e)
{
        return e->payload_len == 2 && memcmp(e->payload, "{}", 2) == 0;
}

#define WHOLE "id, call_id, event_type, digest, processed_at, created_at, payload"

static int lend_whole(struct q *q, int (*cb)(void *data, const struct event *e), void *data)
{
        struct event e = {
            .id = q_col_int(q, 0),
            .call_id = q_col_text(q, 1),
            .event_type = q_col_text(q, 2),
            .digest = q_col_text(q, 3),
            .processed_at = q_col_time(q, 4),
            .created_at = q_col_time(q, 5),
            .payload = q_col_text(q, 6),
            .payload_len = q_col_size(q, 6),
        };
        return q_err(q) ? q_err(q) : cb(data, &e);
}

TENANT_SQL(sql_each_whole, "SELECT " WHOLE " FROM retell_events WHERE tenant_id = ?1"
                           " AND call_id = ?2 AND id > ?3 ORDER BY id LIMIT ?4");
int event_each_whole(struct tenant_tx *tx, const char *call_id, int64_t after, int64_t limit,
                     int (*cb)(void *data, const struct event *e), void *data)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_each_whole);
        q_text(q, call_id);
        q_int(q, after);
        q_int(q, limit);
        while (q_row(q)) {
                int r = lend_whole(q, cb, data);
                if (r)
                        return r;
        }
        return q_err(q);
}

TENANT_SQL(sql_with, "SELECT " WHOLE " FROM retell_events WHERE tenant_id = ?1 AND id = ?2");
int event_with(struct tenant_tx *tx, int64_t id, int (*cb)(void *data, const struct event *e),
               void *data)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_with);
        q_int(q, id);
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        return lend_whole(q, cb, data);
}
