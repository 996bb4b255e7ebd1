/* users.c - table users: accounts. */
#include "store/users.h"

#include "base/text.h"
#include "store/q.h"
#include "store/row_texts.h"

/* In the order of enum vio_role. */
static const char *const roles[] = {"client_user", "client_admin", "super_admin"};

#define COLS "id, tenant_id, email, password, full_name, role, is_active, token_version"
static int read_row(struct q *q, struct user *ret)
{
        struct user u = {
            .id = {q_col_int(q, 0)},
            .tenant = {q_col_int(q, 1)},
            .is_active = q_col_int(q, 6),
            .token_version = q_col_int(q, 7),
        };
        int role = word_find(roles, count_of(roles), q_col_text(q, 5));
        text_copy(u.email, sizeof(u.email), q_col_text(q, 2));
        text_copy(u.password, sizeof(u.password), q_col_text(q, 3));
        text_copy(u.full_name, sizeof(u.full_name), q_col_text(q, 4));
        if (q_err(q) || role < 0)
                return q_err(q) ? q_err(q) : VIO_E_STORAGE;
        u.role = (enum vio_role)role;
        *ret = u;
        return VIO_OK;
}

SYSTEM_SQL(sql_add, "INSERT INTO users"
                    " (tenant_id, email, password, full_name, role, is_active, token_version,"
                    " created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id");
int user_insert(struct system_tx *tx, const struct user *u, vio_time now, vio_user_id *ret)
{
        vio_user_id id = {0};
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_add);
        q_id(q, u->tenant.v);
        q_text(q, u->email);
        q_text(q, u->password);
        q_text(q, u->full_name);
        q_text(q, word_name(roles, count_of(roles), (int)u->role));
        q_int(q, u->is_active);
        q_int(q, u->token_version);
        q_time(q, now);
        if (q_row(q))
                id.v = q_col_int(q, 0);
        int r = q_done(q);
        if (!r)
                *ret = id;
        return r;
}

SYSTEM_SQL(sql_load, "SELECT " COLS " FROM users WHERE id = ?1");
int user_load(struct system_tx *tx, vio_user_id id, struct user *ret)
{
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_load);
        q_int(q, id.v);
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        return read_row(q, ret);
}

SYSTEM_SQL(sql_by_email, "SELECT " COLS " FROM users WHERE email = ?1"
                         " AND (?2 = 0 OR tenant_id = ?2) ORDER BY tenant_id LIMIT ?3");
int users_by_email(struct system_tx *tx, const char *email, vio_tenant_id tenant, struct user *ret,
                   size_t n, size_t *ret_count)
{
        size_t count = 0;
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_by_email);
        q_text(q, email);
        q_int(q, tenant.v);
        q_int(q, (int64_t)n);
        for (; count < n && q_row(q); count++) {
                int r = read_row(q, &ret[count]);
                if (r)
                        return r;
        }
        if (q_err(q))
                return q_err(q);
        *ret_count = count;
        return VIO_OK;
}
