/* summary_runs.h - table summary_runs, and what tenants and tenant_state keep of the summary. */
#ifndef VIO_STORE_SUMMARY_RUNS_H
#define VIO_STORE_SUMMARY_RUNS_H

#include <vio/outcome.h>

#include "base/attr.h"
#include "store/store.h"

enum run_state { RUN_PENDING, RUN_SENT, RUN_FAILED, RUN_SKIPPED };
const char *run_state_name(enum run_state state);

/* One summary of one day. Texts are owned. */
struct summary_run {
        char day[11];
        enum run_state state;
        char *request; /* the body to be sent; "" once nothing will be sent any more */
        int64_t attempts;
        vio_time next_at; /* of a pending one: the next attempt, or the end of its lease */
        char *error;
        vio_time created_at;
};
void summary_run_done(struct summary_run *r);
#define _cleanup_summary_run_ _cleanup_(summary_run_done)

/* VIO_E_CONFLICT when the day has one. */
int summary_run_insert(struct tenant_tx *tx, const struct summary_run *r);
int summary_run_exists(struct tenant_tx *tx, const char *day, bool *ret);
/* VIO_E_NOTFOUND when there is none: of that day; of any day, the newest; pending and due. */
int summary_run_load(struct tenant_tx *tx, const char *day, struct summary_run *ret);
int summary_run_newest(struct tenant_tx *tx, struct summary_run *ret);
int summary_run_due(struct tenant_tx *tx, vio_time now, struct summary_run *ret);

/* Writes attempts, next attempt and error of a pending run that had @attempts attempts so far;
 * VIO_E_CONFLICT when somebody else has taken it meanwhile. */
int summary_run_save(struct tenant_tx *tx, const struct summary_run *r, int64_t attempts);
/* Ends a pending run and forgets what it would have sent; @resend_id may be NULL. */
int summary_run_end(struct tenant_tx *tx, const char *day, enum run_state state, const char *error,
                    const char *resend_id, vio_time now);

/* When the next summary falls due; VIO_TIME_NONE for none. */
int summary_next_get(struct tenant_tx *tx, vio_time *ret);
int summary_next_set(struct tenant_tx *tx, vio_time at);
/* Whether summaries are on and none is planned: a database from before there were plans. */
int summary_unplanned(struct tenant_tx *tx, bool *ret);

int summary_sent_get(struct tenant_tx *tx, vio_time *ret);
int summary_sent_set(struct tenant_tx *tx, vio_time at);

/* Notes a test mail at @now unless there was one within @pause_ms: *ret_taken tells. */
int summary_test_take(struct tenant_tx *tx, vio_time now, int64_t pause_ms, bool *ret_taken);

/* A call of a day, for the report; texts are lent during the callback. */
struct reported_call {
        enum vio_outcome outcome;
        bool placed; /* it rang, or may have */
        const char *name;
        vio_time appointment_time;
};
/* Calls made on the tenant's local day, in order; @from, @to: times around the day, for the index.
 */
int summary_calls(struct tenant_tx *tx, const char *day, vio_time from, vio_time to,
                  int (*cb)(void *data, const struct reported_call *c), void *data);

#endif
