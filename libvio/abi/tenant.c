/* tenant.c - tenants and their settings. */
#include <vio/tenant.h>

#include <string.h>

#include "abi/handle.h"
#include "flow/backfill.h"
#include "flow/settings.h"
#include "store/tenants.h"

struct addition {
        const struct acting *a;
        const char *name;
        const struct vio_setting *settings;
        size_t n;
        vio_tenant_id id;
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
        return r;
}

int vio_tenant_add(vio_operator *op, const char *name, const struct vio_setting *settings, size_t n,
                   vio_tenant_id *ret)
{
        struct acting a = operator_acts(op);
        struct addition add = {&a, name, settings, n, {0}};

        if (!name || !*name)
                return fault_set(a.fault, VIO_E_INVALID, "name: is required");
        int r = store_write(a.e->store, add_in, &add, a.fault);
        if (!r)
                *ret = add.id;
        return r;
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
        struct addition change = {&a, NULL, settings, n, t->id};
        return store_write_tenant(a.e->store, a.tenant, set_in, &change, a.fault);
}

struct showing {
        int (*cb)(void *data, const struct vio_setting_info *i);
        void *data;
};

static int settings_in(struct tenant_tx *tx, void *arg)
{
        struct showing *sh = arg;
        _cleanup_settings_ struct settings s = {0};

        int r = settings_load(tx, &s);
        for (int i = 0; !r && i < SETTING_COUNT; i++) {
                char room[64];
                struct setting_info known = setting_info((enum setting)i);
                struct vio_setting_info info = {.name = known.name,
                                                .summary = known.summary,
                                                .is_secret = known.secret,
                                                .is_set = s.value[i] || s.unreadable[i],
                                                .value = setting_shown(&s, (enum setting)i, room)};
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
                struct setting_info known = setting_info((enum setting)i);
                struct vio_setting_info info = {.name = known.name,
                                                .summary = known.summary,
                                                .is_secret = known.secret,
                                                .value = known.standard};
                r = cb(data, &info);
        }
        return r;
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
