/* auth.c - logging in. */
#include "fields.h"
#include "handlers.h"

struct credentials {
        const char *email;
        const char *password;
        int64_t tenant;
};

static const struct field rows[] = {
    {"email", FIELD_TEXT, true, 254, offsetof(struct credentials, email)},
    {"password", FIELD_TEXT, true, 128, offsetof(struct credentials, password)},
    {"tenantId", FIELD_NUMBER, false, 0, offsetof(struct credentials, tenant)},
};

static void write_login(vio_json_writer *w, const struct vio_identity *who, const char *token)
{
        vio_json_begin_object(w, NULL);
        vio_json_put_text(w, "token", token);
        vio_json_begin_object(w, "user");
        vio_json_put_int(w, "id", who->user.v);
        vio_json_put_text(w, "email", who->email);
        vio_json_put_text(w, "fullName", who->full_name);
        vio_json_put_text(w, "role", vio_role_name(who->role));
        if (who->tenant.v)
                vio_json_put_int(w, "tenantId", who->tenant.v);
        else
                vio_json_put_null(w, "tenantId");
        vio_json_end_object(w);
        vio_json_end_object(w);
}

static int explain(struct response *r, int e)
{
        if (e == VIO_E_AUTH)
                return refuse(r, e, "Invalid credentials");
        if (e == VIO_E_FORBIDDEN)
                return refuse(r, e, "Account deactivated");
        if (e == VIO_E_CONFLICT)
                return refuse(r, e, "These credentials fit several tenants: add tenantId");
        return e;
}

int auth_login(vio *v, const struct request *q, struct response *r)
{
        _cleanup_(free_json) vio_json *body = NULL;
        struct credentials c = {0};
        int e = request_json(q, r, &body);
        if (e == VIO_OK)
                e = fields_read(body, rows, count_of(rows), &c, r);
        if (e < 0)
                return e;
        struct vio_login login = VIO_LOGIN_INIT;
        login.email = c.email;
        login.password = c.password;
        login.tenant.v = c.tenant;
        login.ip_address = q->remote;
        struct vio_identity who = VIO_IDENTITY_INIT;
        char token[VIO_TOKEN_SIZE];
        e = vio_login(v, &login, &who, token);
        if (e < 0)
                return explain(r, e);
        write_login(r->body, &who, token);
        return VIO_OK;
}

int auth_logout(vio *v, const struct request *q, struct response *r)
{
        (void)v;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int auth_me(vio *v, const struct request *q, struct response *r)
{
        (void)v;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int auth_password(vio *v, const struct request *q, struct response *r)
{
        (void)v;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}

int auth_impersonation_end(vio *v, const struct request *q, struct response *r)
{
        (void)v;
        (void)q;
        return refuse(r, VIO_E_INTERNAL, "Not yet");
}
