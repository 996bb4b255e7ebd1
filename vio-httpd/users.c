/* users.c - the accounts of a tenant. */
#include <stdio.h>

#include "fields.h"
#include "handlers.h"

struct user_rows {
        vio_tenant_id tenant;
        struct response *r;
};

static int write_user(void *data, const struct vio_user_info *i)
{
        const struct user_rows *rows = data;
        vio_json_writer *w = rows->r->body;
        vio_json_begin_object(w, NULL);
        vio_json_put_int(w, "id", i->id.v);
        vio_json_put_text(w, "email", i->email);
        vio_json_put_text(w, "fullName", i->full_name);
        vio_json_put_text(w, "role", vio_role_name(i->role));
        vio_json_put_int(w, "tenantId", rows->tenant.v);
        vio_json_put_bool(w, "isActive", i->active);
        vio_json_put_time(w, "createdAt", i->created_at);
        vio_json_put_time(w, "lastLoginAt", i->last_login_at);
        vio_json_end_object(w);
        return response_pass(rows->r);
}

int users_list(vio_tenant *t, const struct request *q, struct response *r)
{
        struct user_rows rows = {vio_tenant_get_id(t), r};
        (void)q;
        vio_json_begin_array(r->body, NULL);
        int e = vio_user_each(t, write_user, &rows);
        vio_json_end_array(r->body);
        return e;
}

/* What the library says of these is for people, and says nothing of our inside. */
static int explain(const vio_tenant *t, struct response *r, int e)
{
        bool has_words = e == VIO_E_CONFLICT || e == VIO_E_FORBIDDEN || e == VIO_E_NOTFOUND;
        return has_words ? refuse(r, e, "%s", vio_tenant_error(t)) : e;
}

static int show(vio_tenant *t, vio_user_id id, struct response *r)
{
        struct user_rows rows = {vio_tenant_get_id(t), r};
        return explain(t, r, vio_user_show(t, id, write_user, &rows));
}

struct user_body {
        const char *email;
        const char *password;
        const char *full_name;
        const char *role;
        int active;
};

static const struct field add_rows[] = {
    {"email", FIELD_TEXT, true, 254, offsetof(struct user_body, email)},
    {"password", FIELD_TEXT, true, 128, offsetof(struct user_body, password)},
    {"fullName", FIELD_TEXT, true, 200, offsetof(struct user_body, full_name)},
    {"role", FIELD_TEXT, false, 16, offsetof(struct user_body, role)},
};

static const struct field change_rows[] = {
    {"fullName", FIELD_TEXT, false, 200, offsetof(struct user_body, full_name)},
    {"role", FIELD_TEXT, false, 16, offsetof(struct user_body, role)},
    {"isActive", FIELD_BOOL, false, 0, offsetof(struct user_body, active)},
};

static const struct field password_rows[] = {
    {"newPassword", FIELD_TEXT, true, 128, offsetof(struct user_body, password)},
};

static int read_body(const struct request *q, const struct field *rows, size_t n,
                     struct response *r, vio_json **ret_json, struct user_body *ret)
{
        int e = request_json(q, r, ret_json);
        return e < 0 ? e : fields_read(*ret_json, rows, n, ret, r);
}

/* The platform's owners are not made here, whoever asks. */
static int read_role(const char *name, struct response *r, enum vio_role *ret)
{
        enum vio_role role;
        if (vio_role_parse(name, &role) < 0 || role == VIO_ROLE_SUPER_ADMIN)
                return refuse_field(r, "role", "role must be client_user or client_admin");
        *ret = role;
        return VIO_OK;
}

int users_add(vio_tenant *t, const struct request *q, struct response *r)
{
        _cleanup_(free_json) vio_json *json = NULL;
        struct user_body body = {.role = "client_user"};
        struct vio_user_fields fields = VIO_USER_FIELDS_INIT;
        vio_user_id id;
        int e = read_body(q, add_rows, count_of(add_rows), r, &json, &body);
        if (e == VIO_OK)
                e = read_role(body.role, r, &fields.role);
        if (e < 0)
                return e;
        fields.email = body.email;
        fields.password = body.password;
        fields.full_name = body.full_name;
        e = vio_user_add(t, &fields, &id);
        if (e < 0)
                return explain(t, r, e);
        r->status = 201;
        return show(t, id, r);
}

static int read_id(const struct request *q, struct response *r, vio_user_id *ret)
{
        int e = request_item_number(q, &ret->v);
        return e < 0 ? refuse(r, e, "User not found") : VIO_OK;
}

static int read_change(const struct request *q, struct response *r, vio_json **ret_json,
                       struct vio_user_change *ret)
{
        struct user_body body = {0};
        enum vio_role role = VIO_ROLE_CLIENT_USER;
        int e = read_body(q, change_rows, count_of(change_rows), r, ret_json, &body);
        if (e == VIO_OK && body.role)
                e = read_role(body.role, r, &role);
        if (e < 0)
                return e;
        ret->full_name = body.full_name;
        if (body.role)
                ret->role = (int)role;
        if (vio_json_type(vio_json_get(*ret_json, "isActive")) == VIO_JSON_BOOL)
                ret->active = body.active;
        return VIO_OK;
}

int users_change(vio_tenant *t, const struct request *q, struct response *r)
{
        _cleanup_(free_json) vio_json *json = NULL;
        struct vio_user_change change = VIO_USER_CHANGE_INIT;
        vio_user_id id;
        int e = read_id(q, r, &id);
        if (e == VIO_OK)
                e = read_change(q, r, &json, &change);
        if (e < 0)
                return e;
        e = vio_user_change(t, id, &change);
        return e < 0 ? explain(t, r, e) : show(t, id, r);
}

int users_password(vio_tenant *t, const struct request *q, struct response *r)
{
        _cleanup_(free_json) vio_json *json = NULL;
        struct user_body body = {0};
        vio_user_id id;
        int e = read_id(q, r, &id);
        if (e == VIO_OK)
                e = read_body(q, password_rows, count_of(password_rows), r, &json, &body);
        if (e == VIO_OK)
                e = explain(t, r, vio_user_password_set(t, id, body.password));
        if (e < 0)
                return e;
        vio_json_begin_object(r->body, NULL);
        vio_json_put_text(r->body, "message", "Password changed");
        vio_json_end_object(r->body);
        return VIO_OK;
}
