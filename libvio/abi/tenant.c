/* tenant.c - tenants and their settings. */
#include <vio/tenant.h>

#include <string.h>

#include "abi/handle.h"
#include "base/text.h"
#include "flow/backfill.h"
#include "flow/check_retell.h"
#include "flow/settings.h"
#include "flow/summary_plan.h"
#include "flow/users.h"
#include "store/tenants.h"

struct addition {
        const struct acting *a;
        const char *name;
        const struct vio_setting *settings;
        size_t n;
        struct user *admin; /* NULL: none */
        vio_tenant_id id;
        vio_user_id user;
};

static int change_settings(const struct acting *a, struct tenant_tx *tx,
                           const struct vio_setting *settings, size_t n)
{
        _cleanup_settings_ struct settings s = {0};

        int r = settings_load(tx, &s);
        if (!r)
                r = settings_change(a->e, &s, settings, n, tx_fault(tx));
        if (!r)
                r = settings_save(tx, &s);
        if (!r)
                r = summary_settings_saved(a, tx, settings, n);
        return r ? r : backfill_note_settings(tx, settings, n, a->now);
}

static int add_in(struct system_tx *tx, void *arg)
{
        struct addition *add = arg;
        struct vio_setting name = {"name", add->name};

        int r = tenant_insert(tx, add->name, add->a->now, &add->id);
        if (r)
                return r;
        struct tenant_tx narrow = tx_narrow(tx, add->id);
        r = change_settings(add->a, &narrow, &name, 1);
        if (!r)
                r = change_settings(add->a, &narrow, add->settings, add->n);
        if (!r)
                r = acting_note(add->a, &narrow, "tenant.add", (vio_contact_id){0}, NULL, "");
        if (r || !add->admin)
                return r;
        struct acting of_tenant = *add->a;
        of_tenant.tenant = add->id;
        add->admin->tenant = add->id;
        return account_add_in(tx, &of_tenant, add->admin, &add->user);
}

static int add_tenant(struct addition *add)
{
        if (!add->name || !*add->name)
                return fault_set(add->a->fault, VIO_E_INVALID, "name: is required");
        return store_write(add->a->e->store, add_in, add, add->a->fault);
}

int vio_tenant_add(vio_operator *op, const char *name, const struct vio_setting *settings, size_t n,
                   vio_tenant_id *ret)
{
        struct acting a = operator_acts(op);
        struct addition add = {.a = &a, .name = name, .settings = settings, .n = n};

        int r = add_tenant(&add);
        if (!r)
                *ret = add.id;
        return r;
}

/* Its tenant has no id yet: any stands for it until the transaction knows it. */
static int prepare_admin(const struct acting *a, const struct vio_user_fields *fields,
                         struct user *ret)
{
        struct acting of_tenant = *a;

        if (fields && fields->role != VIO_ROLE_CLIENT_ADMIN)
                return fault_set(a->fault, VIO_E_INVALID, "role: must be client_admin");
        of_tenant.tenant.v = INT64_MAX;
        return account_prepare(&of_tenant, fields, ret);
}

int vio_tenant_add_with_admin(vio_operator *op, const char *name,
                              const struct vio_setting *settings, size_t n,
                              const struct vio_user_fields *admin, vio_tenant_id *ret_tenant,
                              vio_user_id *ret_user)
{
        struct acting a = operator_acts(op);
        struct user user = {0};
        struct addition add = {.a = &a, .name = name, .settings = settings, .n = n, .admin = &user};

        int r = prepare_admin(&a, admin, &user);
        if (!r)
                r = add_tenant(&add);
        crypto_wipe(user.password, sizeof(user.password));
        if (r)
                return r;
        *ret_tenant = add.id;
        *ret_user = add.user;
        return 0;
}

struct suspension {
        const struct acting *a;
        bool suspended;
        const char *reason;
};

static int suspend_in(struct tenant_tx *tx, void *arg)
{
        const struct suspension *s = arg;
        bool changed = false;

        int r = tenant_suspend(tx, s->suspended, s->reason, &changed);
        if (r || !changed)
                return r;
        return acting_note(s->a, tx, s->suspended ? "tenant.suspend" : "tenant.resume",
                           (vio_contact_id){0}, NULL, "");
}

int vio_tenant_suspend(vio_operator *op, vio_tenant_id id, bool suspended, const char *reason)
{
        struct acting a = operator_acts(op);
        struct suspension s = {&a, suspended, suspended && reason && *reason ? reason : NULL};

        if (s.reason && !text_is_line(s.reason, 200))
                return fault_set(a.fault, VIO_E_INVALID,
                                 "reason: must be at most 200 bytes in one line");
        return store_write_tenant(a.e->store, id, suspend_in, &s, a.fault);
}

struct listing {
        int (*cb)(void *data, const struct vio_tenant_info *i);
        void *data;
};

static int each_in(struct system_tx *tx, void *arg)
{
        struct listing *l = arg;
        return tenant_each(tx, l->cb, l->data);
}

int vio_tenant_each(vio_operator *op, int (*cb)(void *data, const struct vio_tenant_info *i),
                    void *data)
{
        struct acting a = operator_acts(op);
        struct listing l = {cb, data};
        return store_read(a.e->store, each_in, &l, a.fault);
}

static int show_in(struct tenant_tx *tx, void *arg)
{
        struct listing *l = arg;
        return tenant_info(tx, l->cb, l->data);
}

int vio_tenant_show(vio_tenant *t, int (*cb)(void *data, const struct vio_tenant_info *i),
                    void *data)
{
        struct acting a = tenant_acts(t);
        struct listing l = {cb, data};
        return store_read_tenant(a.e->store, a.tenant, show_in, &l, a.fault);
}

static int set_in(struct tenant_tx *tx, void *arg)
{
        struct addition *change = arg;
        int r = change_settings(change->a, tx, change->settings, change->n);
        for (size_t i = 0; !r && i < change->n; i++)
                r = acting_note(change->a, tx, "tenant.set", (vio_contact_id){0}, NULL,
                                change->settings[i].name);
        return r;
}

int vio_tenant_set(vio_tenant *t, const struct vio_setting *settings, size_t n)
{
        struct acting a = tenant_acts(t);
        struct addition change = {.a = &a, .settings = settings, .n = n};
        return store_write_tenant(a.e->store, a.tenant, set_in, &change, a.fault);
}

struct showing {
        int (*cb)(void *data, const struct vio_setting_info *i);
        void *data;
};

static struct vio_setting_info describe(enum setting which)
{
        struct setting_info known = setting_info(which);
        return (struct vio_setting_info){.name = known.name,
                                         .summary = known.summary,
                                         .is_secret = known.secret,
                                         .value = known.standard,
                                         .kind = known.kind,
                                         .wanted = known.wanted,
                                         .last4 = ""};
}

static int settings_in(struct tenant_tx *tx, void *arg)
{
        struct showing *sh = arg;
        _cleanup_settings_ struct settings s = {0};

        int r = settings_load(tx, &s);
        for (int i = 0; !r && i < SETTING_COUNT; i++) {
                char room[64];
                struct vio_setting_info info = describe((enum setting)i);
                info.is_set = s.value[i] || s.unreadable[i];
                info.value = setting_shown(&s, (enum setting)i, room);
                info.last4 = setting_tail(&s, (enum setting)i);
                r = sh->cb(sh->data, &info);
        }
        return r;
}

int vio_tenant_settings(vio_tenant *t, int (*cb)(void *data, const struct vio_setting_info *i),
                        void *data)
{
        struct acting a = tenant_acts(t);
        struct showing sh = {cb, data};
        return store_read_tenant(a.e->store, a.tenant, settings_in, &sh, a.fault);
}

int vio_setting_each(int (*cb)(void *data, const struct vio_setting_info *i), void *data)
{
        int r = 0;
        for (int i = 0; !r && i < SETTING_COUNT; i++) {
                struct vio_setting_info info = describe((enum setting)i);
                r = cb(data, &info);
        }
        return r;
}

int vio_tenant_test_retell(vio_tenant *t, int (*cb)(void *data, const struct vio_finding *f),
                           void *data)
{
        struct acting a = tenant_acts(t);
        return check_retell(&a, cb, data);
}

static int version_in(struct tenant_tx *tx, void *arg)
{
        return tenant_state_get(tx, arg);
}

int vio_tenant_version(vio_tenant *t, int64_t *ret)
{
        struct acting a = tenant_acts(t);
        struct tenant_state state;
        int r = store_read_tenant(a.e->store, a.tenant, version_in, &state, a.fault);
        if (!r)
                *ret = state.version;
        return r;
}
