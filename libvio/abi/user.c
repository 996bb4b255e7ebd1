/* user.c - accounts, logging in, and tokens. */
#include <vio/user.h>

#include <string.h>

#include "abi/handle.h"
#include "flow/impersonation.h"
#include "flow/login.h"
#include "flow/personal.h"
#include "flow/token.h"
#include "flow/users.h"
#include "rules/sized.h"

static const char *const role_names[] = {
    [VIO_ROLE_CLIENT_USER] = "client_user",
    [VIO_ROLE_CLIENT_ADMIN] = "client_admin",
    [VIO_ROLE_SUPER_ADMIN] = "super_admin",
};

const char *vio_role_name(enum vio_role role)
{
        return (unsigned)role < count_of(role_names) ? role_names[role] : "unknown";
}

int vio_role_parse(const char *name, enum vio_role *ret)
{
        for (size_t i = 0; name && i < count_of(role_names); i++) {
                if (strcmp(name, role_names[i]) == 0) {
                        *ret = (enum vio_role)i;
                        return 0;
                }
        }
        return VIO_E_INVALID;
}

int vio_user_add(vio_tenant *t, const struct vio_user_fields *fields, vio_user_id *ret)
{
        struct acting a = tenant_acts(t);
        return account_add(&a, fields, ret);
}

int vio_operator_user_add(vio_operator *op, const struct vio_user_fields *fields, vio_user_id *ret)
{
        struct acting a = operator_acts(op);
        return account_add(&a, fields, ret);
}

struct listing {
        vio_user_id id;
        int (*cb)(void *data, const struct vio_user_info *i);
        void *data;
};

static int each_in(struct tenant_tx *tx, void *arg)
{
        const struct listing *l = arg;
        return user_each(tx, l->cb, l->data);
}

int vio_user_each(vio_tenant *t, int (*cb)(void *data, const struct vio_user_info *i), void *data)
{
        struct acting a = tenant_acts(t);
        struct listing l = {.cb = cb, .data = data};
        return store_read_tenant(a.e->store, a.tenant, each_in, &l, a.fault);
}

static int show_in(struct tenant_tx *tx, void *arg)
{
        const struct listing *l = arg;
        int r = user_info(tx, l->id, l->cb, l->data);
        return r == VIO_E_NOTFOUND ? fault_set(tx_fault(tx), r, "User not found") : r;
}

int vio_user_show(vio_tenant *t, vio_user_id id,
                  int (*cb)(void *data, const struct vio_user_info *i), void *data)
{
        struct acting a = tenant_acts(t);
        struct listing l = {id, cb, data};
        return store_read_tenant(a.e->store, a.tenant, show_in, &l, a.fault);
}

int vio_user_change(vio_tenant *t, vio_user_id id, const struct vio_user_change *change)
{
        struct acting a = tenant_acts(t);
        return account_change(&a, id, change);
}

int vio_user_password_set(vio_tenant *t, vio_user_id id, const char *password)
{
        struct acting a = tenant_acts(t);
        return account_password_set(&a, id, password);
}

/* An identity was smaller before 0.2; one of a newer program may be larger. */
static bool identity_has_size(const struct vio_identity *who)
{
        return who && who->size >= offsetof(struct vio_identity, impersonating);
}

static void identity_give(const struct vio_identity *who, struct vio_identity *ret)
{
        size_t size = ret->size;
        memcpy(ret, who, size < sizeof(*who) ? size : sizeof(*who));
        ret->size = size;
}

int vio_login(vio *v, const struct vio_login *request, struct vio_identity *ret,
              char ret_token[VIO_TOKEN_SIZE])
{
        struct fault f = {0};
        struct vio_login l = VIO_LOGIN_INIT;
        struct vio_identity who;

        if (!request || request->size < sizeof(l) || !identity_has_size(ret))
                return VIO_E_INVALID;
        sized_read(&l, sizeof(l), request);
        int r = login(&v->engine, &l, &f, &who, ret_token);
        if (!r)
                identity_give(&who, ret);
        return r;
}

int vio_login_wait(vio *v, const struct vio_login *request, int64_t *ret_ms)
{
        struct vio_login l = VIO_LOGIN_INIT;

        if (!request || request->size < sizeof(l) || !ret_ms)
                return VIO_E_INVALID;
        sized_read(&l, sizeof(l), request);
        return login_wait(&v->engine, &l, ret_ms);
}

int vio_token_check(vio *v, const char *token, struct vio_identity *ret)
{
        struct bearer bearer;
        struct vio_identity who;

        if (!identity_has_size(ret))
                return VIO_E_INVALID;
        int r = token_read(&v->engine, token, &bearer);
        if (r)
                return r;
        bearer_identify(&bearer, &who);
        identity_give(&who, ret);
        return 0;
}

int vio_password_change(vio *v, const struct vio_identity *who, const char *old_password,
                        const char *new_password, const char *ip_address,
                        char ret_token[VIO_TOKEN_SIZE])
{
        struct fault f = {0};
        struct vio_identity whole = VIO_IDENTITY_INIT;
        struct password_change change = {&whole, old_password, new_password, ip_address};

        if (!identity_has_size(who))
                return VIO_E_INVALID;
        sized_read(&whole, sizeof(whole), who);
        return password_change(&v->engine, &change, &f, ret_token);
}

int vio_logout(vio *v, const struct vio_identity *who, const char *ip_address, bool everywhere)
{
        struct fault f = {0};
        struct vio_identity whole = VIO_IDENTITY_INIT;

        if (!identity_has_size(who))
                return VIO_E_INVALID;
        sized_read(&whole, sizeof(whole), who);
        return logout(&v->engine, &whole, ip_address, everywhere, &f);
}

int vio_impersonate(vio_operator *op, vio_tenant_id tenant, char ret_token[VIO_TOKEN_SIZE])
{
        struct acting a = operator_acts(op);
        return impersonation_start(&a, tenant, ret_token);
}

int vio_impersonation_end(vio *v, const char *token, const char *ip_address)
{
        struct fault f = {0};
        return impersonation_finish(&v->engine, token, ip_address, &f);
}
