/* installation.c - table installation: its one row. */
#include "store/installation.h"

#include "store/q.h"
#include "store/tx.h"

SYSTEM_SQL(sql_add, "INSERT INTO installation (one, secret_check) VALUES (1, ?1)");
int installation_add(struct system_tx *tx)
{
        _cleanup_text_ struct text check = TEXT_INIT;
        int r = vault_make_check(tx->vault, &check);
        if (r)
                return r;
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_add);
        q_text(q, text_str(&check));
        return q_done(q);
}

SYSTEM_SQL(sql_check, "SELECT secret_check FROM installation WHERE one = 1");
int installation_check(struct system_tx *tx)
{
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_check);
        bool found = q_row(q);
        const char *check = q_col_text(q, 0);
        if (q_err(q))
                return q_err(q);
        int r = found ? vault_check(tx->vault, check) : VIO_E_AUTH;
        return r == VIO_E_AUTH ? fault_set(tx->fault, VIO_E_INVALID,
                                           "the secret does not belong to this database")
                               : r;
}
