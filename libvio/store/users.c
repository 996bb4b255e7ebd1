/* users.c - table users: accounts. */
#include "store/users.h"

#include <string.h>

#include "base/text.h"
#include "store/q.h"
#include "store/row_texts.h"

/* In the order of enum vio_role. */
static const char *const roles[] = {"client_user", "client_admin", "super_admin"};

bool email_fold(const char *email, char *ret, size_t size)
{
        size_t len = email ? strlen(email) : 0;
        if (!len || len >= size)
                return false;
        for (size_t i = 0; i <= len; i++) {
                bool upper = email[i] >= 'A' && email[i] <= 'Z';
                ret[i] = (char)(upper ? email[i] - 'A' + 'a' : email[i]);
        }
        return true;
}

#define COLS       "id, email, password, full_name, role, is_active, token_version"
#define TENANT_COL 7 /* behind COLS, where a tenant is not known already */
static int read_row(struct q *q, vio_tenant_id tenant, struct user *ret)
{
        struct user u = {
            .id = {q_col_int(q, 0)},
            .tenant = tenant,
            .is_active = q_col_int(q, 5),
            .token_version = q_col_int(q, 6),
        };
        int role = word_find(roles, count_of(roles), q_col_text(q, 4));
        text_copy(u.email, sizeof(u.email), q_col_text(q, 1));
        text_copy(u.password, sizeof(u.password), q_col_text(q, 2));
        text_copy(u.full_name, sizeof(u.full_name), q_col_text(q, 3));
        if (q_err(q) || role < 0)
                return q_err(q) ? q_err(q) : VIO_E_STORAGE;
        u.role = (enum vio_role)role;
        *ret = u;
        return VIO_OK;
}

static int read_any(struct q *q, struct user *ret)
{
        return read_row(q, (vio_tenant_id){q_col_int(q, TENANT_COL)}, ret);
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

SYSTEM_SQL(sql_load, "SELECT " COLS ", tenant_id FROM users WHERE id = ?1");
int user_load(struct system_tx *tx, vio_user_id id, struct user *ret)
{
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_load);
        q_int(q, id.v);
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        return read_any(q, ret);
}

SYSTEM_SQL(sql_by_email, "SELECT " COLS ", tenant_id FROM users WHERE email = ?1"
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
                int r = read_any(q, &ret[count]);
                if (r)
                        return r;
        }
        if (q_err(q))
                return q_err(q);
        *ret_count = count;
        return VIO_OK;
}

SYSTEM_SQL(sql_count_email, "SELECT count(*) FROM users WHERE email = ?1");
int users_count_email(struct system_tx *tx, const char *email, size_t *ret)
{
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_count_email);
        q_text(q, email);
        size_t count = q_row(q) ? (size_t)q_col_int(q, 0) : 0;
        int r = q_done(q);
        if (!r)
                *ret = count;
        return r;
}

/* Runs to the end; VIO_E_NOTFOUND when no row was changed. */
static int change_one(struct q *q)
{
        int r = q_done(q);
        return r ? r : q_changes(q) ? VIO_OK : VIO_E_NOTFOUND;
}

SYSTEM_SQL(sql_logged_in, "UPDATE users SET last_login_at = ?3"
                          " WHERE id = ?1 AND token_version = ?2 AND is_active = 1");
int user_logged_in(struct system_tx *tx, const struct user *u, vio_time now)
{
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_logged_in);
        q_int(q, u->id.v);
        q_int(q, u->token_version);
        q_time(q, now);
        return change_one(q);
}

SYSTEM_SQL(sql_replace, "UPDATE users SET password = ?3, token_version = token_version + 1"
                        " WHERE id = ?1 AND token_version = ?2 AND is_active = 1");
int user_password_replace(struct system_tx *tx, const struct user *u)
{
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_replace);
        q_int(q, u->id.v);
        q_int(q, u->token_version);
        q_text(q, u->password);
        return change_one(q);
}

SYSTEM_SQL(sql_revoke, "UPDATE users SET token_version = token_version + 1 WHERE id = ?1");
int user_revoke(struct system_tx *tx, vio_user_id id)
{
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_revoke);
        q_int(q, id.v);
        return change_one(q);
}

TENANT_SQL(sql_get, "SELECT " COLS " FROM users WHERE tenant_id = ?1 AND id = ?2");
int user_get(struct tenant_tx *tx, vio_user_id id, struct user *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_get);
        q_int(q, id.v);
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        return read_row(q, tx->tenant, ret);
}

TENANT_SQL(sql_save, "UPDATE users SET full_name = ?3, role = ?4, is_active = ?5,"
                     " token_version = ?6 WHERE tenant_id = ?1 AND id = ?2");
int user_save(struct tenant_tx *tx, const struct user *u)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_save);
        q_int(q, u->id.v);
        q_text(q, u->full_name);
        q_text(q, word_name(roles, count_of(roles), (int)u->role));
        q_int(q, u->is_active);
        q_int(q, u->token_version);
        return change_one(q);
}

TENANT_SQL(sql_password_set, "UPDATE users SET password = ?3, token_version = token_version + 1"
                             " WHERE tenant_id = ?1 AND id = ?2");
int user_password_set(struct tenant_tx *tx, vio_user_id id, const char *password)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_password_set);
        q_int(q, id.v);
        q_text(q, password);
        return change_one(q);
}

TENANT_SQL(sql_another_admin, "SELECT id FROM users WHERE tenant_id = ?1 AND id <> ?2"
                              " AND role = 'client_admin' AND is_active = 1 LIMIT 1");
int users_another_admin(struct tenant_tx *tx, vio_user_id id, bool *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_another_admin);
        q_int(q, id.v);
        bool found = q_row(q);
        int r = q_err(q);
        if (!r)
                *ret = found;
        return r;
}

#define INFO_COLS "id, email, full_name, role, is_active, created_at, last_login_at"
static int lend_info(struct q *q, int (*cb)(void *data, const struct vio_user_info *i), void *data)
{
        int role = word_find(roles, count_of(roles), q_col_text(q, 3));
        struct vio_user_info info = {
            .id = {q_col_int(q, 0)},
            .email = q_col_text(q, 1),
            .full_name = q_col_text(q, 2),
            .role = (enum vio_role)role,
            .active = q_col_int(q, 4),
            .created_at = q_col_time(q, 5),
            .last_login_at = q_col_time(q, 6),
        };
        if (q_err(q) || role < 0)
                return q_err(q) ? q_err(q) : VIO_E_STORAGE;
        return cb(data, &info);
}

TENANT_SQL(sql_each, "SELECT " INFO_COLS " FROM users WHERE tenant_id = ?1 ORDER BY id");
int user_each(struct tenant_tx *tx, int (*cb)(void *data, const struct vio_user_info *i),
              void *data)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_each);
        while (q_row(q)) {
                int r = lend_info(q, cb, data);
                if (r)
                        return r;
        }
        return q_err(q);
}

TENANT_SQL(sql_info, "SELECT " INFO_COLS " FROM users WHERE tenant_id = ?1 AND id = ?2");
int user_info(struct tenant_tx *tx, vio_user_id id,
              int (*cb)(void *data, const struct vio_user_info *i), void *data)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_info);
        q_int(q, id.v);
        if (q_row(q))
                return lend_info(q, cb, data);
        return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
}
