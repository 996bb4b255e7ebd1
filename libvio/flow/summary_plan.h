/* summary_plan.h - when the summaries of a tenant are due, and how that follows the settings. */
#ifndef VIO_FLOW_SUMMARY_PLAN_H
#define VIO_FLOW_SUMMARY_PLAN_H

#include "flow/acting.h"
#include "flow/settings.h"

/* The settings of the summary, understood. Texts are the settings'. */
struct summary_plan {
        bool enabled;
        bool counts_only;
        const char *recipient; /* NULL: nobody */
        const char *time;
        const vio_zone *zone; /* its own, else the clinic's */
        int minute;
        uint8_t days;
};
int summary_plan_read(struct engine *e, const struct settings *s, struct fault *f,
                      struct summary_plan *ret);

/* The local day of a time in the zone of the plan. */
void summary_day(const struct summary_plan *p, vio_time t, char ret[11]);
vio_time summary_day_start(const struct summary_plan *p, vio_time t);

/* Notes when the next summary is due: after @after, and on a day that has none yet. */
int summary_plan_next(struct tenant_tx *tx, const struct summary_plan *p, vio_time after);

/*
 * To be called in the transaction that saved settings, with what was asked for: plans anew, and
 * where a recipient was named, lifts a block of that address.
 */
int summary_settings_saved(const struct acting *a, struct tenant_tx *tx,
                           const struct vio_setting *changes, size_t n);

/* Plans for a tenant whose database is from before there were plans. */
int summary_sweep(struct engine *e, vio_tenant_id tenant, vio_time now, struct fault *f);

#endif
