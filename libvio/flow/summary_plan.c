/* summary_plan.c - when the summaries of a tenant are due, and how that follows the settings. */
#include "flow/summary_plan.h"

#include <string.h>
#include <vio/summary.h>

#include "base/calendar.h"
#include "flow/profile.h"
#include "store/mail.h"
#include "store/summary_runs.h"

#define MINUTES_A_DAY (24 * 60)

static const char *value_of(const struct settings *s, enum setting which)
{
        return s->value[which] ? s->value[which] : setting_info(which).standard;
}

static int zone_of(struct engine *e, const struct settings *s, const vio_zone **ret)
{
        int r = engine_zone(e, s->value[SETTING_daily_summary_timezone], ret);
        return r == VIO_E_NOTFOUND ? profile_zone(e, s, ret) : r;
}

int summary_plan_read(struct engine *e, const struct settings *s, struct fault *f,
                      struct summary_plan *ret)
{
        struct summary_plan p = {
            .enabled = *value_of(s, SETTING_daily_summary_enabled) == '1',
            .counts_only = *value_of(s, SETTING_daily_summary_counts_only) == '1',
            .recipient = s->value[SETTING_daily_summary_recipient_email],
            .time = value_of(s, SETTING_daily_summary_time),
        };

        int r = zone_of(e, s, &p.zone);
        if (r)
                return profile_zone_fault(r, f);
        /* What an older program let in must not stop anything: such a summary is never due. */
        if (!setting_minutes(p.time, &p.minute) ||
            !setting_days(value_of(s, SETTING_daily_summary_days), &p.days))
                p.days = 0;
        p.minute %= MINUTES_A_DAY; /* 24:00, as other times of day allow it */
        *ret = p;
        return 0;
}

void summary_day(const struct summary_plan *p, vio_time t, char ret[11])
{
        struct vio_local local;
        vio_zone_local(p->zone, t, &local);
        calendar_format_date(local.day_number, ret);
}

vio_time summary_day_start(const struct summary_plan *p, vio_time t)
{
        struct vio_local local;
        vio_zone_local(p->zone, t, &local);
        local.hour = local.minute = local.second = 0;
        return vio_zone_utc(p->zone, &local);
}

int summary_plan_next(struct tenant_tx *tx, const struct summary_plan *p, vio_time after)
{
        vio_time at = VIO_TIME_NONE;
        bool taken = p->enabled;
        int r = 0;

        while (!r && taken) {
                char day[11];
                at = vio_summary_next(p->zone, p->minute, p->days, after);
                if (at == VIO_TIME_NONE)
                        break;
                summary_day(p, at, day);
                r = summary_run_exists(tx, day, &taken);
                after = at;
        }
        return r ? r : summary_next_set(tx, at);
}

static int lift_block(const struct acting *a, struct tenant_tx *tx, const char *email)
{
        bool lifted = false;
        int r = mail_block_lift(tx, email, &lifted);
        if (!r && lifted)
                r = acting_note(a, tx, "summary.unblock", (vio_contact_id){0}, NULL, "");
        return r;
}

/* A summary that is due already is not planned away: whoever does it looks at the settings. */
static int plan_anew(const struct acting *a, struct tenant_tx *tx)
{
        _cleanup_settings_ struct settings s = {0};
        struct summary_plan p = {0};
        vio_time planned = VIO_TIME_NONE;

        int r = summary_next_get(tx, &planned);
        if (r || (planned != VIO_TIME_NONE && planned <= a->now))
                return r;
        r = settings_load(tx, &s);
        if (!r)
                r = summary_plan_read(a->e, &s, tx_fault(tx), &p);
        return r ? r : summary_plan_next(tx, &p, a->now);
}

/* Whether a setting of that name has to do with when the summary is sent, or to whom. */
static bool concerns_summary(const char *name)
{
        return name && (strncmp(name, "daily_summary_", 14) == 0 || strcmp(name, "time_zone") == 0);
}

int summary_settings_saved(const struct acting *a, struct tenant_tx *tx,
                           const struct vio_setting *changes, size_t n)
{
        bool concerned = false;
        int r = 0;

        for (size_t i = 0; !r && i < n; i++) {
                const struct vio_setting *c = &changes[i];
                concerned = concerned || concerns_summary(c->name);
                if (c->value && *c->value && strcmp(c->name, "daily_summary_recipient_email") == 0)
                        r = lift_block(a, tx, c->value);
        }
        return r || !concerned ? r : plan_anew(a, tx);
}

static int unplanned_in(struct tenant_tx *tx, void *arg)
{
        return summary_unplanned(tx, arg);
}

static int sweep_in(struct tenant_tx *tx, void *arg)
{
        return plan_anew(arg, tx);
}

int summary_sweep(struct engine *e, vio_tenant_id tenant, vio_time now, struct fault *f)
{
        struct acting a = acting_engine(e, tenant, now, f);
        bool unplanned = false;

        int r = store_read_tenant(e->store, tenant, unplanned_in, &unplanned, f);
        return r || !unplanned ? r : store_write_tenant(e->store, tenant, sweep_in, &a, f);
}
