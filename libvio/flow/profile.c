/* profile.c - a tenant's settings, understood: what the flows decide and dial by. */
#include "flow/profile.h"

#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "flow/settings.h"

static int64_t number_or(const char *text, int64_t standard)
{
        return text ? strtoll(text, NULL, 10) : standard;
}

int profile_zone(struct engine *e, const struct settings *s, const vio_zone **ret)
{
        int r = engine_zone(e, s->value[SETTING_time_zone], ret);
        return r == VIO_E_NOTFOUND ? engine_zone(e, "UTC", ret) : r;
}

int profile_zone_fault(int r, struct fault *f)
{
        if (r == VIO_E_NOTFOUND)
                return fault_set(f, VIO_E_INTERNAL, "there is no time zone data");
        return fault_plain(f, r);
}

int profile_load(struct engine *e, struct tenant_tx *tx, struct profile *ret)
{
        struct settings *s = &ret->settings;

        *ret = (struct profile){0};
        int r = settings_load(tx, s);
        if (r)
                return r;

        ret->name = s->value[SETTING_name];
        ret->api_key = s->value[SETTING_retell_api_key];
        ret->agent_id = s->value[SETTING_retell_agent_id];
        ret->from_number = s->value[SETTING_retell_phone_number];
        ret->webhook_key = s->value[SETTING_retell_webhook_secret];
        if (!ret->webhook_key)
                ret->webhook_key = ret->api_key;
        ret->accept_bare_signature = number_or(s->value[SETTING_accept_bare_signature], 1) != 0;
        ret->suspended = s->suspended;
        ret->configured = ret->api_key && ret->from_number;
        ret->country = s->value[SETTING_country];
        r = profile_zone(e, s, &ret->zone);
        if (r)
                return profile_zone_fault(r, tx_fault(tx));
        ret->window = (struct vio_window)VIO_WINDOW_INIT;
        settings_window(s, &ret->window);
        ret->daily_limit = (int32_t)number_or(s->value[SETTING_daily_call_limit], VIO_DAILY_LIMIT);
        ret->weekly_limit = (int32_t)number_or(s->value[SETTING_weekly_call_limit], 0);
        ret->lead_ms =
            number_or(s->value[SETTING_reminder_lead_minutes], SETTING_LEAD_MIN) * MS_PER_MINUTE;
        ret->follow_up_delay_ms =
            number_or(s->value[SETTING_follow_up_delay_minutes], SETTING_FOLLOW_UP_MIN) *
            MS_PER_MINUTE;
        return 0;
}

void profile_done(struct profile *p)
{
        settings_done(&p->settings);
}

int profile_zone_of(struct engine *e, const struct profile *p, const struct vio_contact *c,
                    const vio_zone **ret)
{
        int r = engine_zone(e, c->time_zone, ret);
        if (r != VIO_E_NOTFOUND)
                return r;
        *ret = p->zone;
        return 0;
}

int profile_ladder(struct engine *e, const struct profile *p, const struct vio_contact *c,
                   struct vio_ladder *ret)
{
        struct vio_ladder ladder = VIO_LADDER_INIT;
        int r = profile_zone_of(e, p, c, &ladder.zone);
        if (r)
                return r;
        ladder.window = &p->window;
        ladder.lead_ms = p->lead_ms;
        ladder.follow_up_delay_ms = p->follow_up_delay_ms;
        *ret = ladder;
        return 0;
}

void profile_day(const struct profile *p, vio_time t, char ret[11])
{
        struct vio_local local;
        vio_zone_local(p->zone, t, &local);
        calendar_format_date(local.day_number, ret);
}

void profile_monday(const struct profile *p, vio_time t, char ret[11])
{
        struct vio_local local;
        vio_zone_local(p->zone, t, &local);
        calendar_format_date(local.day_number - local.weekday, ret);
}
