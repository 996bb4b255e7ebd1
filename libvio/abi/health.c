/* health.c - how the installation does, over all tenants. */
#include <vio/health.h>

#include <string.h>

#include "abi/handle.h"
#include "base/calendar.h"
#include "store/health.h"
#include "store/tenants.h"

#define LATE_MS  (5 * MS_PER_MINUTE)
#define STUCK_MS (30 * MS_PER_MINUTE)

struct round {
        vio_time now;
        int (*each)(struct tenant_tx *tx, struct round *round);
        int (*cb)(void *data, const struct vio_stuck_call *c);
        void *data;
        struct vio_health health;
};

/* All tenants in one snapshot. */
static int round_in(struct system_tx *tx, void *arg)
{
        struct round *round = arg;
        vio_tenant_id ids[256];
        vio_tenant_id after = {0};
        size_t n;
        int r;

        do {
                n = 0;
                r = tenants_after(tx, after, ids, count_of(ids), &n);
                for (size_t i = 0; !r && i < n; i++) {
                        struct tenant_tx narrow = tx_narrow(tx, ids[i]);
                        after = ids[i];
                        r = round->each(&narrow, round);
                }
        } while (!r && n == count_of(ids));
        return r;
}

static int tell_stuck(struct tenant_tx *tx, struct round *round)
{
        return stuck_calls_each(tx, round->now - STUCK_MS, round->cb, round->data);
}

int vio_stuck_call_each(vio_operator *op, int (*cb)(void *data, const struct vio_stuck_call *c),
                        void *data)
{
        struct acting a = operator_acts(op);
        struct round round = {.now = a.now, .each = tell_stuck, .cb = cb, .data = data};
        return store_read(a.e->store, round_in, &round, a.fault);
}

static int count_stuck(void *data, const struct vio_stuck_call *c)
{
        (void)c;
        ++*(int64_t *)data;
        return 0;
}

static int add_up(struct tenant_tx *tx, struct round *round)
{
        struct vio_health *all = &round->health;
        struct tenant_health one;

        int r = health_of_tenant(tx, round->now - LATE_MS, &one);
        if (r)
                return r;
        all->tenants++;
        all->suspended += one.suspended;
        all->overdue_tasks += one.overdue_tasks;
        all->live_calls += one.live_calls;
        all->unsettled_dials += one.unsettled_dials;
        all->pending_summaries += one.pending_summaries;
        all->alerts += one.alerts;
        int64_t late_s = one.oldest_overdue == VIO_TIME_NONE
                             ? 0
                             : (round->now - one.oldest_overdue) / MS_PER_SECOND;
        if (late_s > all->oldest_overdue_s)
                all->oldest_overdue_s = late_s;
        return stuck_calls_each(tx, round->now - STUCK_MS, count_stuck, &all->stuck_calls);
}

int vio_health(vio_operator *op, struct vio_health *ret)
{
        struct acting a = operator_acts(op);
        struct round round = {.now = a.now, .each = add_up, .health = VIO_HEALTH_INIT};
        struct vio_health *h = &round.health;
        int library;

        if (!ret || ret->size < sizeof(*h))
                return fault_set(a.fault, VIO_E_INVALID, "the struct was not initialised");
        int r = store_read(a.e->store, round_in, &round, a.fault);
        if (!r)
                r = store_schema(a.e->store, &h->schema, &library);
        if (!r)
                r = store_bytes(a.e->store, &h->database_bytes);
        if (r)
                return r;
        h->version = vio_version();
        h->stepped_at = op->system->stepped_at;
        *ret = *h;
        return 0;
}
