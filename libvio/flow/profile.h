/* profile.h - a tenant's settings, understood: what the flows decide and dial by. */
#ifndef VIO_FLOW_PROFILE_H
#define VIO_FLOW_PROFILE_H

#include <vio/ladder.h>
#include <vio/window.h>

#include "flow/engine.h"
#include "store/rows.h"
#include "store/tenants.h"

struct profile {
        struct settings settings; /* owns the texts below */
        const char *name;
        const char *api_key;
        const char *agent_id;
        const char *from_number;
        const char *webhook_key; /* the separate one if there is one, else the API key */
        bool accept_bare_signature;
        bool suspended;
        bool configured; /* has what a call needs */
        const char *country;
        const vio_zone *zone;
        struct vio_window window;
        int32_t daily_limit;
        int32_t weekly_limit;
        int64_t lead_ms;
        int64_t follow_up_delay_ms;
};

int profile_load(struct engine *e, struct tenant_tx *tx, struct profile *ret);
void profile_done(struct profile *p);
#define _cleanup_profile_ _cleanup_(profile_done)

/* The tenant's zone; UTC where there is none of that name. VIO_E_NOMEM, VIO_E_NOTFOUND: no data. */
int profile_zone(struct engine *e, const struct settings *s, const vio_zone **ret);
/* Says why there is no zone. Returns what the caller returns. */
int profile_zone_fault(int r, struct fault *f);

/* The contact's own zone if it has one that exists, else the tenant's. VIO_E_NOMEM. */
int profile_zone_of(struct engine *e, const struct profile *p, const struct vio_contact *c,
                    const vio_zone **ret);

/* The rules of planning as they hold for this contact. VIO_E_NOMEM. */
int profile_ladder(struct engine *e, const struct profile *p, const struct vio_contact *c,
                   struct vio_ladder *ret);

/* The tenant's local day of a time, 'YYYY-MM-DD'; and that of its week's Monday. */
void profile_day(const struct profile *p, vio_time t, char ret[11]);
void profile_monday(const struct profile *p, vio_time t, char ret[11]);

#endif
