/* tenants.h - tables tenants, tenant_config and tenant_state. */
#ifndef VIO_STORE_TENANTS_H
#define VIO_STORE_TENANTS_H

#include <vio/tenant.h>

#include "store/store.h"

/*
 * Every setting that people may change, in the order in which it is shown: X(name, table, secret).
 * The columns have these names. Secrets are sealed on the way in and opened on the way out.
 */
#define SETTINGS(X)                                                                                \
        X(name, tenants, false)                                                                    \
        X(time_zone, tenants, false)                                                               \
        X(country, tenants, false)                                                                 \
        X(business_template, tenants, false)                                                       \
        X(retell_api_key, tenants, true)                                                           \
        X(retell_agent_id, tenants, false)                                                         \
        X(retell_phone_number, tenants, false)                                                     \
        X(retell_webhook_secret, tenants, true)                                                    \
        X(accept_bare_signature, tenants, false)                                                   \
        X(calendar_type, tenants, false)                                                           \
        X(cal_com_api_key, tenants, true)                                                          \
        X(calendly_token, tenants, true)                                                           \
        X(daily_summary_enabled, tenants, false)                                                   \
        X(daily_summary_recipient_email, tenants, false)                                           \
        X(daily_summary_recipient_name, tenants, false)                                            \
        X(daily_summary_time, tenants, false)                                                      \
        X(daily_summary_timezone, tenants, false)                                                  \
        X(daily_summary_days, tenants, false)                                                      \
        X(daily_summary_counts_only, tenants, false)                                               \
        X(cal_com_phone_field, tenants, false)                                                     \
        X(calendly_phone_question, tenants, false)                                                 \
        X(business_hours, tenant_config, false)                                                    \
        X(public_transport_instructions, tenant_config, false)                                     \
        X(parking_instructions, tenant_config, false)                                              \
        X(arrival_notes, tenant_config, false)                                                     \
        X(voice_agent_prompt, tenant_config, false)                                                \
        X(features, tenant_config, false)                                                          \
        X(call_window_start, tenant_config, false)                                                 \
        X(call_window_end, tenant_config, false)                                                   \
        X(call_days, tenant_config, false)                                                         \
        X(daily_call_limit, tenant_config, false)                                                  \
        X(weekly_call_limit, tenant_config, false)                                                 \
        X(follow_up_delay_minutes, tenant_config, false)                                           \
        X(reminder_lead_minutes, tenant_config, false)

enum setting {
#define SETTING_X(name, table, secret) SETTING_##name,
        SETTINGS(SETTING_X)
#undef SETTING_X
            SETTING_COUNT
};

/* All settings of a tenant as texts; NULL where nothing is set. Booleans are "0" or "1". */
struct settings {
        char *value[SETTING_COUNT];
        bool unreadable[SETTING_COUNT]; /* a secret that cannot be opened with this installation's
                                           key */
        bool suspended;
        vio_time created_at;
};
void settings_done(struct settings *s);
#define _cleanup_settings_ _cleanup_(settings_done)

/* VIO_E_NOTFOUND when there is no such tenant. */
int settings_load(struct tenant_tx *tx, struct settings *ret);
/* Writes the settings that differ from the stored ones. NULL: back to the default; but an
 * unreadable secret that is still NULL stays as it is. .suspended is not a setting. */
int settings_save(struct tenant_tx *tx, const struct settings *s);

/* Adds a tenant with its config and state rows. */
int tenant_insert(struct system_tx *tx, const char *name, vio_time now, vio_tenant_id *ret);
int tenant_each(struct system_tx *tx, int (*cb)(void *data, const struct vio_tenant_info *i),
                void *data);
int tenant_info(struct tenant_tx *tx, int (*cb)(void *data, const struct vio_tenant_info *i),
                void *data);

int tenant_exists(struct tenant_tx *tx); /* or VIO_E_NOTFOUND */
/* Whether calling is stopped; @reason may be NULL. @ret_changed: whether anything was different. */
int tenant_suspend(struct tenant_tx *tx, bool suspended, const char *reason, bool *ret_changed);

struct tenant_state {
        int64_t version;
        vio_time swept_at;
        vio_time blocked_until;
        int blocked_reason;
        int64_t alerts;
};
int tenant_state_get(struct tenant_tx *tx, struct tenant_state *ret);
int tenant_block(struct tenant_tx *tx, vio_time until, int reason); /* VIO_TIME_NONE lifts it */
int tenant_swept(struct tenant_tx *tx, vio_time at);
int tenant_alert(struct tenant_tx *tx); /* counts one call or mail that had to be given up */

/* Raises the version and looks up anew when something is due. The store does this itself at each
 * commit, for every tenant written to. */
int tenant_touch(struct tenant_tx *tx);

/* Ids of all tenants above @after, in order; fills at most @n. */
int tenants_after(struct system_tx *tx, vio_tenant_id after, vio_tenant_id *ret, size_t n,
                  size_t *ret_count);

/* Tenants with work at or before @now, earliest first; fills at most @n ids. */
int tenants_due(struct system_tx *tx, vio_time now, vio_tenant_id *ret, size_t n,
                size_t *ret_count);
/* The earliest due time of all tenants; VIO_TIME_NONE when there is none. */
int tenants_next_due(struct system_tx *tx, vio_time *ret);
/* Tenants not swept since @before; fills at most @n ids. */
int tenants_unswept(struct system_tx *tx, vio_time before, vio_tenant_id *ret, size_t n,
                    size_t *ret_count);

#endif
