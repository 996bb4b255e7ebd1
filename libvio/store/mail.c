/* mail.c - tables mail_blocks, mail_routes and mail_events: what became of mails that were sent. */
#include "store/mail.h"

#include "store/ids.h"
#include "store/q.h"

#define ADDRESS_SIZE 255

/* Only letters of ASCII have cases in an address. */
static void fold(const char *email, char ret[ADDRESS_SIZE])
{
        text_copy(ret, ADDRESS_SIZE, email);
        for (char *c = ret; *c; c++) {
                if (*c >= 'A' && *c <= 'Z')
                        *c = (char)(*c - 'A' + 'a');
        }
}

TENANT_SQL(sql_get, "SELECT reason FROM mail_blocks WHERE tenant_id = ?1 AND email = ?2");
int mail_block_get(struct tenant_tx *tx, const char *email, struct text *ret)
{
        char folded[ADDRESS_SIZE];

        fold(email, folded);
        _cleanup_q_ struct q *q = q_open(tx, &sql_get);
        q_text(q, folded);
        if (q_row(q))
                text_add(ret, q_col_text(q, 0));
        if (q_err(q))
                return q_err(q);
        return ret->failed ? VIO_E_NOMEM : VIO_OK;
}

TENANT_SQL(sql_add, "INSERT INTO mail_blocks (tenant_id, email, reason, created_at)"
                    " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (tenant_id, email) DO NOTHING");
int mail_block_add(struct tenant_tx *tx, const char *email, const char *reason, vio_time now,
                   bool *ret_new)
{
        char folded[ADDRESS_SIZE];

        fold(email, folded);
        _cleanup_q_ struct q *q = q_open(tx, &sql_add);
        q_text(q, folded);
        q_text(q, reason);
        q_time(q, now);
        int r = q_done(q);
        if (!r)
                *ret_new = q_changes(q) > 0;
        return r;
}

TENANT_SQL(sql_lift, "DELETE FROM mail_blocks WHERE tenant_id = ?1 AND email = ?2");
int mail_block_lift(struct tenant_tx *tx, const char *email, bool *ret_lifted)
{
        char folded[ADDRESS_SIZE];

        fold(email, folded);
        _cleanup_q_ struct q *q = q_open(tx, &sql_lift);
        q_text(q, folded);
        int r = q_done(q);
        if (!r)
                *ret_lifted = q_changes(q) > 0;
        return r;
}

TENANT_SQL(sql_add_route, "INSERT INTO mail_routes (tenant_id, resend_id) VALUES (?1, ?2)"
                          " ON CONFLICT (resend_id, tenant_id) DO NOTHING");
int mail_route_add(struct tenant_tx *tx, const char *resend_id)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_add_route);
        q_text(q, resend_id);
        return q_done(q);
}

SYSTEM_SQL(sql_routes, "SELECT tenant_id FROM mail_routes WHERE resend_id = ?1 ORDER BY tenant_id"
                       " LIMIT ?2");
int mail_routes(struct system_tx *tx, const char *resend_id, vio_tenant_id *ret, size_t n,
                size_t *ret_count)
{
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_routes);
        q_text(q, resend_id);
        q_int(q, (int64_t)n);
        return ids_read(q, ret, n, ret_count);
}

SYSTEM_SQL(sql_forget, "DELETE FROM mail_events WHERE created_at < ?1");
static int forget_events(struct system_tx *tx, vio_time old)
{
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_forget);
        q_int(q, old);
        return q_done(q);
}

SYSTEM_SQL(sql_add_event, "INSERT INTO mail_events (id, created_at) VALUES (?1, ?2)"
                          " ON CONFLICT (id) DO NOTHING");
int mail_event_add(struct system_tx *tx, const char *id, vio_time now, vio_time old, bool *ret_new)
{
        int r = forget_events(tx, old);
        if (r)
                return r;
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_add_event);
        q_text(q, id);
        q_time(q, now);
        r = q_done(q);
        if (!r)
                *ret_new = q_changes(q) > 0;
        return r;
}
