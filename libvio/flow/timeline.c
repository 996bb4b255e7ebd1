/* timeline.c - what happened to a call, in order: gathered from its dial, its events, the audit
 * log. */
#include "flow/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/attempts.h"
#include "store/calls.h"
#include "store/events.h"

/* A call has a dozen moments; a flood of odd events must not cost more than this. */
#define MOST_MOMENTS 500

struct moment {
        vio_time at;
        int order; /* the sequence in which the moments were gathered settles equal times */
        char kind[16];
        char detail[64];
};

struct gathering {
        const struct acting *a;
        vio_call_id id;
        struct moment *list;
        size_t n;
        bool failed;
};

static void add(struct gathering *g, vio_time at, const char *kind, const char *detail)
{
        if (g->n == MOST_MOMENTS || at == VIO_TIME_NONE || g->failed)
                return;
        struct moment *more = mem_resize(g->list, (g->n + 1) * sizeof(*more));
        if (!more) {
                g->failed = true;
                return;
        }
        g->list = more;
        struct moment *m = &more[g->n];
        *m = (struct moment){.at = at, .order = (int)g->n};
        text_copy(m->kind, sizeof(m->kind), kind);
        text_copy(m->detail, sizeof(m->detail), detail ? detail : "");
        g->n++;
}

static int add_event(void *data, const struct event *e)
{
        bool poll = strcmp(e->event_type, "poll") == 0;
        add(data, e->created_at, poll ? "poll" : "webhook", poll ? "" : e->event_type);
        return 0;
}

/* The audit log's rows about a call that people want to see in its timeline, by our short names. */
static int add_audit(void *data, const struct audit_row *row)
{
        static const struct {
                const char *action;
                const char *kind;
        } shown[] = {
            {"call.dial", "dialing"},
            {"call.placed", "ongoing"},
            {"call.found", "found"},
            {"call.not_placed", "not_placed"},
            {"call.status", "status"},
            {"call.outcome", "outcome"},
            {"call.stuck", "stuck"},
            {"call.line_freed", "line_freed"},
            {"follow_up.skip", "no_follow_up"},
        };
        for (size_t i = 0; i < count_of(shown); i++) {
                if (strcmp(row->action, shown[i].action) == 0)
                        add(data, row->created_at, shown[i].kind, row->detail);
        }
        return 0;
}

static int gather_in(struct tenant_tx *tx, void *arg)
{
        struct gathering *g = arg;
        _cleanup_call_ struct vio_call call = {0};

        int r = call_load(tx, g->id, false, &call);
        if (r)
                return r;
        add(g, call.created_at, "queued", vio_call_type_name(call.type));
        if (call.retell_call_id)
                r = event_each(tx, call.retell_call_id, add_event, g);
        if (!r)
                r = audit_each_of_call(tx, call.id, add_audit, g);
        return r ? r : g->failed ? VIO_E_NOMEM : 0;
}

static int by_time(const void *a, const void *b)
{
        const struct moment *x = a;
        const struct moment *y = b;
        if (x->at != y->at)
                return x->at < y->at ? -1 : 1;
        return x->order - y->order;
}

int call_timeline(const struct acting *a, vio_call_id id,
                  int (*cb)(void *data, const struct vio_call_moment *m), void *data)
{
        struct gathering g = {.a = a, .id = id};

        int r = store_read_tenant(a->e->store, a->tenant, gather_in, &g, a->fault);
        if (!r && g.n)
                qsort(g.list, g.n, sizeof(*g.list), by_time);
        for (size_t i = 0; !r && i < g.n; i++) {
                struct vio_call_moment m = {g.list[i].at, g.list[i].kind, g.list[i].detail};
                r = cb(data, &m);
        }
        mem_free(g.list);
        return r;
}
