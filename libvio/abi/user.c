/* user.c - accounts, logging in, and tokens. */
#include <vio/user.h>

#include <string.h>

#include "abi/handle.h"
#include "flow/login.h"

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
        return user_create(&a, fields, ret);
}

int vio_operator_user_add(vio_operator *op, const struct vio_user_fields *fields, vio_user_id *ret)
{
        struct acting a = operator_acts(op);
        return user_create(&a, fields, ret);
}

int vio_login(vio *v, const struct vio_login *request, struct vio_identity *ret,
              char ret_token[VIO_TOKEN_SIZE])
{
        struct fault f = {0};

        if (!request || request->size != sizeof(*request) || !ret || ret->size != sizeof(*ret))
                return VIO_E_INVALID;
        return login(&v->engine, request, &f, ret, ret_token);
}

int vio_token_check(vio *v, const char *token, struct vio_identity *ret)
{
        if (!ret || ret->size != sizeof(*ret))
                return VIO_E_INVALID;
        return token_check(&v->engine, token, ret);
}
