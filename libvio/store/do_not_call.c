/* do_not_call.c - table do_not_call: keyed hashes of numbers that must never be called again. */
#include "store/do_not_call.h"

#include "store/q.h"
#include "store/vault.h"

static int digest_of(const struct tenant_tx *tx, const char *phone, char ret[VAULT_DIGEST_SIZE])
{
        return tx_digest(tx, "do_not_call.phone", phone, ret);
}

TENANT_SQL(sql_add, "INSERT INTO do_not_call (tenant_id, phone_digest, created_at)"
                    " VALUES (?1, ?2, ?3) ON CONFLICT (tenant_id, phone_digest) DO NOTHING");
int do_not_call_add(struct tenant_tx *tx, const char *phone, vio_time now)
{
        char digest[VAULT_DIGEST_SIZE];
        int r = digest_of(tx, phone, digest);
        if (r)
                return r;
        _cleanup_q_ struct q *q = q_open(tx, &sql_add);
        q_text(q, digest);
        q_time(q, now);
        return q_done(q);
}

TENANT_SQL(sql_drop, "DELETE FROM do_not_call WHERE tenant_id = ?1 AND phone_digest = ?2");
int do_not_call_drop(struct tenant_tx *tx, const char *phone)
{
        char digest[VAULT_DIGEST_SIZE];
        int r = digest_of(tx, phone, digest);
        if (r)
                return r;
        _cleanup_q_ struct q *q = q_open(tx, &sql_drop);
        q_text(q, digest);
        return q_done(q);
}

TENANT_SQL(sql_has, "SELECT 1 FROM do_not_call WHERE tenant_id = ?1 AND phone_digest = ?2");
int do_not_call_has(struct tenant_tx *tx, const char *phone, bool *ret)
{
        char digest[VAULT_DIGEST_SIZE];
        int r = digest_of(tx, phone, digest);
        if (r)
                return r;
        _cleanup_q_ struct q *q = q_open(tx, &sql_has);
        q_text(q, digest);
        bool found = q_row(q);
        if (q_err(q))
                return q_err(q);
        *ret = found;
        return VIO_OK;
}
