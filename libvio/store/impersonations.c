/* impersonations.c - table impersonations: super_admins who act as a tenant's client_admin. */
#include "store/impersonations.h"

#include "base/text.h"
#include "store/q.h"

TENANT_SQL(sql_add, "INSERT INTO impersonations (tenant_id, id, user_id, started_at, expires_at,"
                    " ended_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
int impersonation_insert(struct tenant_tx *tx, const struct impersonation *i)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_add);
        q_text(q, i->id);
        q_int(q, i->user.v);
        q_time(q, i->started_at);
        q_time(q, i->expires_at);
        q_time(q, i->ended_at);
        return q_done(q);
}

TENANT_SQL(sql_load, "SELECT id, user_id, started_at, expires_at, ended_at FROM impersonations"
                     " WHERE tenant_id = ?1 AND id = ?2");
int impersonation_load(struct tenant_tx *tx, const char *id, struct impersonation *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_load);
        q_text(q, id);
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        struct impersonation i = {
            .user = {q_col_int(q, 1)},
            .started_at = q_col_time(q, 2),
            .expires_at = q_col_time(q, 3),
            .ended_at = q_col_time(q, 4),
        };
        text_copy(i.id, sizeof(i.id), q_col_text(q, 0));
        if (!q_err(q))
                *ret = i;
        return q_err(q);
}

TENANT_SQL(sql_end, "UPDATE impersonations SET ended_at = ?3"
                    " WHERE tenant_id = ?1 AND id = ?2 AND ended_at IS NULL");
int impersonation_end(struct tenant_tx *tx, const char *id, vio_time at)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_end);
        q_text(q, id);
        q_time(q, at);
        int r = q_done(q);
        return r ? r : q_changes(q) ? 0 : VIO_E_NOTFOUND;
}
