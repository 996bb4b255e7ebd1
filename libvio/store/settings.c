/* settings.c - what people set for a tenant: columns of tenants and tenant_config. */
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "store/q.h"
#include "store/tenants.h"
#include "store/vault.h"

void settings_done(struct settings *s)
{
        for (size_t i = 0; i < SETTING_COUNT; i++) {
                if (s->value[i])
                        crypto_wipe(s->value[i], strlen(s->value[i]));
                mem_free(s->value[i]);
                s->value[i] = NULL;
        }
}

#define IS_SECRET(name, table, secret) [SETTING_##name] = secret,
static const bool is_secret[SETTING_COUNT] = {SETTINGS(IS_SECRET)};

#define COLUMN(name, table, secret) [SETTING_##name] = #name,
static const char *const columns[SETTING_COUNT] = {SETTINGS(COLUMN)};

/* A column of secrets is bound to its name. A secret that does not open is no failure of loading:
 * everything else of the tenant must stay within reach. */
static int load_one(struct tenant_tx *tx, enum setting i, const char *stored, struct settings *ret)
{
        if (!stored)
                return VIO_OK;
        if (!is_secret[i]) {
                ret->value[i] = mem_text(stored);
                return ret->value[i] ? VIO_OK : VIO_E_NOMEM;
        }
        struct text plain = TEXT_INIT;
        int r = tx_unseal(tx, columns[i], stored, &plain);
        if (!r)
                ret->value[i] = text_take(&plain);
        ret->unreadable[i] = r == VIO_E_AUTH;
        return r == VIO_E_AUTH || ret->value[i] ? VIO_OK : VIO_E_NOMEM;
}

#define SELECTED(name, table, secret) #table "." #name ", "
TENANT_SQL(
    sql_load,
    "SELECT " SETTINGS(SELECTED) "tenants.suspended, tenants.created_at"
                                 " FROM tenants JOIN tenant_config ON tenant_config.tenant_id = ?1"
                                 " WHERE tenants.id = ?1");
int settings_load(struct tenant_tx *tx, struct settings *ret)
{
        _cleanup_settings_ struct settings s = {0};
        _cleanup_q_ struct q *q = q_open(tx, &sql_load);
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        for (int i = 0; i < SETTING_COUNT; i++) {
                int r = load_one(tx, i, q_col_text(q, i), &s);
                if (r)
                        return r;
        }
        s.suspended = q_col_int(q, SETTING_COUNT);
        s.created_at = q_col_time(q, SETTING_COUNT + 1);
        if (q_err(q))
                return q_err(q);
        *ret = s;
        s = (struct settings){0};
        return VIO_OK;
}

/* One statement for each setting: only what differs is written, and they are changed rarely. */
#define KEY_tenants       "id"
#define KEY_tenant_config "tenant_id"
#define SAVED(name, table, secret)                                                                 \
        TENANT_SQL(sql_save_##name,                                                                \
                   "UPDATE " #table " SET " #name " = ?2 WHERE " KEY_##table " = ?1");
SETTINGS(SAVED)

#define SAVING(name, table, secret) [SETTING_##name] = &sql_save_##name,
static const struct tenant_sql *const saving[SETTING_COUNT] = {SETTINGS(SAVING)};

/* What the columns that are never NULL hold when nothing is set; as in the schema. */
static const char *const otherwise[SETTING_COUNT] = {
    [SETTING_time_zone] = "UTC",
    [SETTING_accept_bare_signature] = "1",
    [SETTING_daily_summary_enabled] = "0",
    [SETTING_daily_summary_counts_only] = "0",
};

static int save_one(struct tenant_tx *tx, enum setting i, const char *value)
{
        _cleanup_text_ struct text sealed = TEXT_INIT;
        if (value && is_secret[i]) {
                int r = tx_seal(tx, columns[i], value, &sealed);
                if (r)
                        return r;
                value = text_str(&sealed);
        }
        _cleanup_q_ struct q *q = q_open(tx, saving[i]);
        q_text(q, value);
        return q_done(q);
}

static bool same(const char *a, const char *b)
{
        return a && b ? strcmp(a, b) == 0 : a == b;
}

int settings_save(struct tenant_tx *tx, const struct settings *s)
{
        _cleanup_settings_ struct settings before = {0};
        int r = settings_load(tx, &before);
        for (int i = 0; i < SETTING_COUNT && !r; i++) {
                const char *value = s->value[i] ? s->value[i] : otherwise[i];
                if (!same(value, before.value[i]))
                        r = save_one(tx, i, value);
        }
        return r;
}
