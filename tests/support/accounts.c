/* accounts.c - people with accounts in the two clinics: given, when, then. */
#include "accounts.h"

#include <check.h>
#include <stdio.h>

#include "abi/handle.h"
#include "store/q.h"

static struct vio_user_fields fields_of(const char *email, enum vio_role role)
{
        struct vio_user_fields f = VIO_USER_FIELDS_INIT;
        f.email = email;
        f.password = OLD_PASSWORD;
        f.full_name = "Ada Lovelace";
        f.role = role;
        return f;
}

vio_user_id given_account(struct business *b, const char *email, enum vio_role role)
{
        struct vio_user_fields f = fields_of(email, role);
        vio_user_id id = {0};
        int r = vio_user_add(b->handle, &f, &id);
        ck_assert_msg(r == 0, "vio_user_add: %s", vio_tenant_error(b->handle));
        return id;
}

vio_user_id given_owner(struct town *t, const char *email)
{
        struct vio_user_fields f = fields_of(email, VIO_ROLE_SUPER_ADMIN);
        vio_operator *op = NULL;
        vio_user_id id = {0};
        ck_assert_int_eq(vio_operator_open(t->v, NULL, &op), 0);
        int r = vio_operator_user_add(op, &f, &id);
        ck_assert_msg(r == 0, "vio_operator_user_add: %s", vio_operator_error(op));
        vio_operator_free(op);
        return id;
}

struct session logged_in_from(struct town *t, const char *email, const char *password,
                              const char *ip_address, const struct business *b)
{
        struct vio_login l = VIO_LOGIN_INIT;
        struct session s = {.who = VIO_IDENTITY_INIT};
        l.email = email;
        l.password = password;
        l.ip_address = ip_address;
        l.tenant.v = b ? b->id.v : 0;
        s.result = vio_login(t->v, &l, &s.who, s.token);
        if (s.result)
                ck_assert_str_eq(s.token, "");
        return s;
}

struct session logged_in(struct town *t, const char *email, const char *password)
{
        return logged_in_from(t, email, password, NULL, NULL);
}

int64_t wait_of(struct town *t, const char *email, const char *ip_address)
{
        struct vio_login l = VIO_LOGIN_INIT;
        int64_t ms = -1;
        l.email = email;
        l.ip_address = ip_address;
        ck_assert_int_eq(vio_login_wait(t->v, &l, &ms), 0);
        return ms;
}

int token_now(struct town *t, const char *token, struct vio_identity *ret)
{
        struct vio_identity who = VIO_IDENTITY_INIT;
        int r = vio_token_check(t->v, token, &who);
        if (r)
                ck_assert_int_eq(who.user.v, 0);
        if (ret)
                *ret = who;
        return r;
}

vio_tenant *acting_as(struct business *b, vio_user_id user)
{
        struct vio_actor actor = {VIO_ACTOR_USER, user, "192.0.2.7"};
        vio_tenant *t = NULL;
        ck_assert_int_eq(vio_tenant_open(b->town->v, b->id, &actor, &t), 0);
        return t;
}

vio_operator *operating_as(struct town *t, vio_user_id user)
{
        struct vio_actor actor = {VIO_ACTOR_USER, user, "192.0.2.7"};
        vio_operator *op = NULL;
        ck_assert_int_eq(vio_operator_open(t->v, &actor, &op), 0);
        return op;
}

struct note {
        const char *action;
        const char *actor;
        vio_user_id user;
        vio_tenant_id tenant;
        int n;
};

TENANT_SQL(sql_noted, "SELECT count(*) FROM audit_logs WHERE tenant_id = ?1 AND action = ?2"
                      " AND actor = ?3 AND user_id = ?4");
static int count_in(struct system_tx *tx, void *arg)
{
        struct note *n = arg;
        struct tenant_tx narrow = tx_narrow(tx, n->tenant);
        _cleanup_q_ struct q *q = q_open(&narrow, &sql_noted);
        q_text(q, n->action);
        q_text(q, n->actor);
        q_int(q, n->user.v);
        n->n = q_row(q) ? (int)q_col_int(q, 0) : -1;
        return q_done(q);
}

int noted(struct town *t, vio_tenant_id tenant, const char *action, const char *actor,
          vio_user_id user)
{
        struct note n = {action, actor, user, tenant, 0};
        ck_assert_int_eq(store_read(t->v->engine.store, count_in, &n, NULL), 0);
        return n.n;
}

static int see(void *data, const struct vio_user_info *i)
{
        struct seen_account *seen = data;
        seen->role = i->role;
        seen->active = i->active;
        seen->created_at = i->created_at;
        seen->last_login_at = i->last_login_at;
        snprintf(seen->email, sizeof(seen->email), "%s", i->email);
        snprintf(seen->full_name, sizeof(seen->full_name), "%s", i->full_name);
        return 0;
}

struct seen_account account_now(struct business *b, vio_user_id id)
{
        struct seen_account seen = {0};
        ck_assert_int_eq(vio_user_show(b->handle, id, see, &seen), 0);
        return seen;
}

static int count_account(void *data, const struct vio_user_info *i)
{
        (void)i;
        ++*(size_t *)data;
        return 0;
}

size_t accounts_of(struct business *b)
{
        size_t n = 0;
        ck_assert_int_eq(vio_user_each(b->handle, count_account, &n), 0);
        return n;
}
