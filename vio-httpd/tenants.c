/* tenants.c - the platform owner's tenants: listed, added, changed, suspended. */
#include "tenants.h"

#include <stdio.h>
#include <string.h>

#include "fields.h"
#include "handlers.h"
#include "setting_json.h"

/* The members of a tenant but its settings. */
static void put_tenant(vio_json_writer *w, const struct vio_tenant_info *i)
{
        vio_json_put_int(w, "id", i->id.v);
        vio_json_put_text(w, "name", i->name);
        vio_json_put_text(w, "timeZone", i->time_zone);
        vio_json_put_bool(w, "suspended", i->suspended);
        vio_json_put_text(w, "suspendedReason", i->suspended_reason);
        vio_json_put_bool(w, "configured", i->configured);
        vio_json_put_int(w, "contacts", i->contacts);
        vio_json_put_time(w, "lastActivityAt", i->last_activity);
        vio_json_put_time(w, "createdAt", i->created_at);
}

void tenant_write(const struct vio_tenant_info *i, vio_json_writer *w, const char *key)
{
        vio_json_begin_object(w, key);
        put_tenant(w, i);
        vio_json_end_object(w);
}

static int write_tenant(void *data, const struct vio_tenant_info *i)
{
        struct response *r = data;
        tenant_write(i, r->body, NULL);
        return response_pass(r);
}

int tenants_list(vio_operator *op, const struct request *q, struct response *r)
{
        (void)q;
        vio_json_begin_array(r->body, NULL);
        int e = vio_tenant_each(op, write_tenant, r);
        vio_json_end_array(r->body);
        return e;
}

static int open_tenant(vio_operator *op, vio_tenant_id id, struct response *r, vio_tenant **ret)
{
        int e = vio_operator_tenant_open(op, id, ret);
        return e == VIO_E_NOTFOUND ? refuse(r, e, "Tenant not found") : e;
}

/* The tenant that the path names. */
static int open_item(vio_operator *op, const struct request *q, struct response *r,
                     vio_tenant **ret)
{
        vio_tenant_id id;
        if (request_item_number(q, &id.v) < 0)
                return refuse(r, VIO_E_NOTFOUND, "Tenant not found");
        return open_tenant(op, id, r, ret);
}

static int begin_tenant(void *data, const struct vio_tenant_info *i)
{
        put_tenant(data, i);
        return 0;
}

/* The tenant with its settings. @admin: its first account, if it was added just now. */
static int show(vio_tenant *t, struct response *r, vio_user_id admin)
{
        vio_json_begin_object(r->body, NULL);
        int e = vio_tenant_show(t, begin_tenant, r->body);
        if (admin.v)
                vio_json_put_int(r->body, "adminUserId", admin.v);
        vio_json_begin_object(r->body, "settings");
        if (e == VIO_OK)
                e = settings_write(t, r->body);
        vio_json_end_object(r->body);
        vio_json_end_object(r->body);
        return e;
}

static void free_tenant(vio_tenant **t)
{
        vio_tenant_free(*t);
}

int tenants_get(vio_operator *op, const struct request *q, struct response *r)
{
        _cleanup_(free_tenant) vio_tenant *t = NULL;
        int e = open_item(op, q, r, &t);
        return e < 0 ? e : show(t, r, (vio_user_id){0});
}

int tenants_change(vio_operator *op, const struct request *q, struct response *r)
{
        _cleanup_(free_json) vio_json *body = NULL;
        _cleanup_(setting_patch_clear) struct setting_patch patch = {.n = 0};
        _cleanup_(free_tenant) vio_tenant *t = NULL;
        int e = open_item(op, q, r, &t);
        if (e == VIO_OK)
                e = request_json(q, r, &body);
        if (e == VIO_OK)
                e = setting_patch_read(body, NULL, &patch, r);
        if (e < 0)
                return e;
        e = vio_tenant_set(t, patch.list, patch.n);
        if (e == VIO_E_INVALID)
                return setting_refuse(r, vio_tenant_error(t), body, NULL);
        return e < 0 ? e : show(t, r, (vio_user_id){0});
}

static const struct field admin_rows[] = {
    {"email", FIELD_TEXT, true, 254, offsetof(struct vio_user_fields, email)},
    {"password", FIELD_TEXT, true, 128, offsetof(struct vio_user_fields, password)},
    {"fullName", FIELD_TEXT, true, 200, offsetof(struct vio_user_fields, full_name)},
};

static int read_admin(const vio_json *body, struct response *r, struct vio_user_fields *ret)
{
        const vio_json *admin = vio_json_get(body, "admin");
        if (vio_json_type(admin) != VIO_JSON_OBJECT)
                return refuse_field(r, "admin",
                                    "admin must be an object with email, password and fullName");
        ret->role = VIO_ROLE_CLIENT_ADMIN;
        int e = fields_read(admin, admin_rows, count_of(admin_rows), ret, r);
        if (e < 0) {
                char field[sizeof(r->field)];
                snprintf(field, sizeof(field), "%s", r->field);
                snprintf(r->field, sizeof(r->field), "admin%s%.40s", *field ? "." : "", field);
        }
        return e;
}

/* What is to be added: the settings beside the name, which stands apart in the library. */
struct addition {
        const char *name;
        struct setting_patch patch;
        struct vio_user_fields admin;
};

static int read_addition(const vio_json *body, struct response *r, struct addition *ret)
{
        static const char *const others[] = {"name", "admin", NULL};
        ret->name = vio_json_text(vio_json_get(body, "name"));
        if (!ret->name || !*ret->name)
                return refuse_field(r, "name", "name is required");
        int e = read_admin(body, r, &ret->admin);
        return e < 0 ? e : setting_patch_read(body, others, &ret->patch, r);
}

static void addition_clear(struct addition *a)
{
        setting_patch_clear(&a->patch);
}

int tenants_add(vio_operator *op, const struct request *q, struct response *r)
{
        _cleanup_(free_json) vio_json *body = NULL;
        _cleanup_(addition_clear) struct addition add = {.admin = VIO_USER_FIELDS_INIT};
        _cleanup_(free_tenant) vio_tenant *t = NULL;
        vio_tenant_id id = {0};
        vio_user_id user = {0};
        int e = request_json(q, r, &body);
        if (e == VIO_OK)
                e = read_addition(body, r, &add);
        if (e < 0)
                return e;
        e = vio_tenant_add_with_admin(op, add.name, add.patch.list, add.patch.n, &add.admin, &id,
                                      &user);
        if (e == VIO_E_INVALID)
                return setting_refuse(r, vio_operator_error(op), body, "admin");
        if (e == VIO_OK)
                e = open_tenant(op, id, r, &t);
        if (e < 0)
                return e;
        r->status = 201;
        snprintf(r->location, sizeof(r->location), "/api/admin/tenants/%lld", (long long)id.v);
        return show(t, r, user);
}

struct suspension {
        const char *reason;
};

static const struct field suspension_rows[] = {
    {"reason", FIELD_TEXT, false, 200, offsetof(struct suspension, reason)},
};

/* A body is not needed. */
static int read_suspension(const struct request *q, struct response *r, vio_json **ret_body,
                           struct suspension *ret)
{
        if (!q->body_len)
                return VIO_OK;
        int e = request_json(q, r, ret_body);
        return e < 0 ? e
                     : fields_read(*ret_body, suspension_rows, count_of(suspension_rows), ret, r);
}

static int set_suspended(vio_operator *op, const struct request *q, struct response *r,
                         bool suspended, const char *reason)
{
        _cleanup_(free_tenant) vio_tenant *t = NULL;
        int e = open_item(op, q, r, &t);
        if (e == VIO_OK)
                e = vio_tenant_suspend(op, vio_tenant_get_id(t), suspended, reason);
        return e < 0 ? e : show(t, r, (vio_user_id){0});
}

int tenants_suspend(vio_operator *op, const struct request *q, struct response *r)
{
        _cleanup_(free_json) vio_json *body = NULL;
        struct suspension s = {NULL};
        int e = read_suspension(q, r, &body, &s);
        if (e == VIO_OK)
                e = set_suspended(op, q, r, true, s.reason);
        if (e == VIO_E_INVALID && !r->message[0])
                return refuse_field(r, "reason", "%s", vio_operator_error(op));
        return e;
}

int tenants_resume(vio_operator *op, const struct request *q, struct response *r)
{
        return set_suspended(op, q, r, false, NULL);
}
