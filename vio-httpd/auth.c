/* auth.c - logging in and out, and who one is. */
#include "fields.h"
#include "handlers.h"

struct credentials {
        const char *email;
        const char *password;
        int64_t tenant;
};

static const struct field login_rows[] = {
    {"email", FIELD_TEXT, true, 254, offsetof(struct credentials, email)},
    {"password", FIELD_TEXT, true, 128, offsetof(struct credentials, password)},
    {"tenantId", FIELD_NUMBER, false, 0, offsetof(struct credentials, tenant)},
};

static void write_message(vio_json_writer *w, const char *message, const char *token)
{
        vio_json_begin_object(w, NULL);
        vio_json_put_text(w, "message", message);
        if (token)
                vio_json_put_text(w, "token", token);
        vio_json_end_object(w);
}

/* The members of a person, in an object that the caller begins and ends. */
static void write_person(vio_json_writer *w, const struct vio_identity *who)
{
        vio_json_put_int(w, "id", who->user.v);
        vio_json_put_text(w, "email", who->email);
        vio_json_put_text(w, "fullName", who->full_name);
        vio_json_put_text(w, "role", vio_role_name(who->role));
        if (who->tenant.v)
                vio_json_put_int(w, "tenantId", who->tenant.v);
        else
                vio_json_put_null(w, "tenantId");
}

static void write_login(vio_json_writer *w, const struct vio_identity *who, const char *token)
{
        vio_json_begin_object(w, NULL);
        vio_json_put_text(w, "token", token);
        vio_json_begin_object(w, "user");
        write_person(w, who);
        vio_json_end_object(w);
        vio_json_end_object(w);
}

static int refuse_for_now(vio *v, const struct vio_login *login, struct response *r)
{
        int64_t ms = 0;
        int e = vio_login_wait(v, login, &ms);
        if (e < 0)
                return e;
        r->retry_after = ms > 1000 ? (int)((ms + 999) / 1000) : 1;
        return refuse(r, VIO_E_LIMITED, "Too many attempts; try again in %d seconds",
                      r->retry_after);
}

static int explain(vio *v, const struct vio_login *login, struct response *r, int e)
{
        if (e == VIO_E_AUTH)
                return refuse(r, e, "Invalid credentials");
        if (e == VIO_E_FORBIDDEN)
                return refuse(r, e, "Account deactivated");
        if (e == VIO_E_CONFLICT)
                return refuse(r, e, "These credentials fit several tenants: add tenantId");
        return e == VIO_E_LIMITED ? refuse_for_now(v, login, r) : e;
}

int auth_login(vio *v, const struct request *q, struct response *r)
{
        _cleanup_(free_json) vio_json *body = NULL;
        struct credentials c = {0};
        int e = request_json(q, r, &body);
        if (e == VIO_OK)
                e = fields_read(body, login_rows, count_of(login_rows), &c, r);
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
                return explain(v, &login, r, e);
        write_login(r->body, &who, token);
        return VIO_OK;
}

struct leave {
        int everywhere;
};

static const struct field leave_rows[] = {
    {"everywhere", FIELD_BOOL, false, 0, offsetof(struct leave, everywhere)},
};

/* The body may be left out. */
static int read_leave(const struct request *q, struct leave *ret, struct response *r)
{
        _cleanup_(free_json) vio_json *body = NULL;
        if (!q->body_len)
                return VIO_OK;
        int e = request_json(q, r, &body);
        return e < 0 ? e : fields_read(body, leave_rows, count_of(leave_rows), ret, r);
}

/* Of an impersonation more can be done than to note it: its token is void afterwards. */
static int leave(vio *v, const struct request *q, bool everywhere, struct response *r)
{
        if (!q->who.impersonating)
                return vio_logout(v, &q->who, q->remote, everywhere);
        if (everywhere)
                return refuse(r, VIO_E_FORBIDDEN, "End the impersonation first");
        return vio_impersonation_end(v, q->token, q->remote);
}

int auth_logout(vio *v, const struct request *q, struct response *r)
{
        struct leave l = {0};
        int e = read_leave(q, &l, r);
        if (e == VIO_OK)
                e = leave(v, q, l.everywhere, r);
        if (e == VIO_OK)
                write_message(r->body, "Logged out successfully", NULL);
        return e;
}

int auth_me(vio *v, const struct request *q, struct response *r)
{
        (void)v;
        vio_json_begin_object(r->body, NULL);
        write_person(r->body, &q->who);
        vio_json_put_bool(r->body, "impersonating", q->who.impersonating);
        vio_json_end_object(r->body);
        return VIO_OK;
}

struct passwords {
        const char *current;
        const char *wanted;
};

static const struct field password_rows[] = {
    {"currentPassword", FIELD_TEXT, true, 128, offsetof(struct passwords, current)},
    {"newPassword", FIELD_TEXT, true, 128, offsetof(struct passwords, wanted)},
};

/* A wrong password is no 401 here: the token is good, and must not be thrown away for it. */
static int explain_change(vio *v, const struct request *q, struct response *r, int e)
{
        struct vio_login login = VIO_LOGIN_INIT;
        login.email = q->who.email;
        login.ip_address = q->remote;
        switch (e) {
        case VIO_E_AUTH: return refuse_field(r, "currentPassword", "currentPassword is not right");
        case VIO_E_INVALID:
                return refuse_field(
                    r, "newPassword",
                    "newPassword must be 8 to 128 bytes and another than the current one");
        case VIO_E_FORBIDDEN: return refuse(r, e, "End the impersonation first");
        case VIO_E_NOTFOUND: return refuse(r, VIO_E_AUTH, "Invalid token");
        case VIO_E_LIMITED: return refuse_for_now(v, &login, r);
        default: return e;
        }
}

int auth_password(vio *v, const struct request *q, struct response *r)
{
        _cleanup_(free_json) vio_json *body = NULL;
        struct passwords p = {0};
        char token[VIO_TOKEN_SIZE];
        int e = request_json(q, r, &body);
        if (e == VIO_OK)
                e = fields_read(body, password_rows, count_of(password_rows), &p, r);
        if (e < 0)
                return e;
        e = vio_password_change(v, &q->who, p.current, p.wanted, q->remote, token);
        if (e < 0)
                return explain_change(v, q, r, e);
        write_message(r->body, "Password changed", token);
        return VIO_OK;
}
