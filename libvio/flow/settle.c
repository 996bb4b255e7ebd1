/* settle.c - dials whose answer was lost: looked for, never repeated blindly. */
#include "flow/settle.h"

#include <string.h>
#include <vio/window.h>

#include "base/calendar.h"
#include "flow/batch.h"
#include "flow/dial.h"
#include "flow/evidence.h"
#include "flow/profile.h"
#include "store/attempts.h"
#include "store/calls.h"
#include "store/tenants.h"

/* A call that Retell has taken shows in its list within this time. */
#define SETTLE_WINDOW_MS (10 * MS_PER_MINUTE)
#define LEAST_LOOKS      3
#define FIRST_DELAY_MS   (10 * MS_PER_SECOND)
#define MOST_DELAY_MS    (3 * MS_PER_MINUTE)
#define LOST_DELAY_MS    (30 * MS_PER_MINUTE)
/* Retell has not answered for a week: nobody will ever know. */
#define GIVEN_UP_AFTER_MS (7 * MS_PER_DAY)

struct search {
        struct acting a;
        vio_call_id ids[SETTLE_BATCH];
        size_t n;
        struct retell_request request;
        struct retell_page page;
        bool asked;
        bool answered;
};

static int prepare_in(struct tenant_tx *tx, void *arg)
{
        struct search *s = arg;
        _cleanup_profile_ struct profile p = {0};
        const char *refs[SETTLE_BATCH];

        int r = profile_load(s->a.e, tx, &p);
        if (!r)
                r = attempts_due(tx, s->a.now, s->ids, SETTLE_BATCH, &s->n);
        if (r || !s->n || !p.api_key)
                return r;
        for (size_t i = 0; i < s->n; i++)
                refs[i] = s->ids[i].s;
        struct retell_account account = {s->a.e->retell_url, p.api_key};
        r = retell_request_list_by_ref(&s->request, &account, refs, s->n, NULL);
        s->asked = !r;
        return r;
}

static int look(struct search *s)
{
        _cleanup_batch_ struct batch batch = {0};

        if (!s->asked)
                return 0;
        int r = batch_open(&batch, 1);
        if (r)
                return r;
        batch_add(&batch, &s->request);
        batch_perform(s->a.e, &batch);
        s->answered = retell_understand_list(batch.responses[0], &s->page) == 0;
        return 0;
}

static const struct vio_retell_call *find(const struct search *s, const vio_call_id *id)
{
        for (size_t i = 0; i < s->page.n; i++) {
                const struct vio_retell_call *c = &s->page.calls[i];
                if (c->attempt_ref && strcmp(c->attempt_ref, id->s) == 0)
                        return c;
        }
        return NULL;
}

static int found(const struct acting *a, struct tenant_tx *tx, struct vio_call *call,
                 const struct vio_retell_call *wire)
{
        struct vio_evidence evidence;
        struct evidence_in in = {&evidence, EVIDENCE_POLL, 0, false};

        int r = dial_adopt(a, tx, call, wire->call_id);
        if (!r)
                r = acting_note(a, tx, "call.found", call->contact, &call->id, "");
        vio_retell_evidence(wire, &evidence);
        return r ? r : evidence_apply(a, tx, call, &in);
}

static int not_placed(const struct acting *a, struct tenant_tx *tx, struct vio_call *call,
                      struct attempt *attempt)
{
        int64_t generation = attempt->lease_generation++;
        attempt->state = VIO_DIAL_NOT_PLACED;
        attempt->is_open = false;
        attempt->lease_owner[0] = '\0';
        attempt->due_at = VIO_TIME_NONE;
        attempt->finished_at = a->now;
        call->dial_state = VIO_DIAL_NOT_PLACED;

        int r = attempt_save(tx, attempt, generation);
        if (!r)
                r = dial_task_event(a, tx, call, VIO_TASK_RETRY, VIO_REASON_NOT_PLACED,
                                    VIO_TIME_NONE);
        if (!r)
                r = dial_abandon(a, tx, call);
        if (!r)
                r = acting_note(a, tx, "call.not_placed", call->contact, &call->id,
                                vio_reason_name(VIO_REASON_NOT_PLACED));
        return r;
}

/* It may have rung, so it keeps counting as a call, and is taken over if it ever shows. */
static int give_up(const struct acting *a, struct tenant_tx *tx, struct vio_call *call)
{
        int r = dial_task_event(a, tx, call, VIO_TASK_FAIL, VIO_REASON_UNSETTLED, VIO_TIME_NONE);
        if (!r)
                r = dial_abandon(a, tx, call);
        if (!r)
                r = tenant_alert(tx);
        if (!r)
                r = acting_note(a, tx, "call.line_freed", call->contact, &call->id,
                                vio_reason_name(VIO_REASON_UNSETTLED));
        return r;
}

static int64_t next_delay(int64_t looks)
{
        int64_t delay = FIRST_DELAY_MS;
        for (int64_t i = 1; i < looks && delay < MOST_DELAY_MS; i++)
                delay *= 2;
        return delay < MOST_DELAY_MS ? delay : MOST_DELAY_MS;
}

static vio_time next_look(const struct search *s, const struct attempt *attempt)
{
        if (s->a.now >= attempt->created_at + GIVEN_UP_AFTER_MS)
                return VIO_TIME_NONE;
        bool lost = s->a.now >= attempt->created_at + DIAL_LINE_LIMIT_MS;
        return s->a.now + (lost && !s->answered ? LOST_DELAY_MS : next_delay(attempt->looks));
}

/* Not there yet: look again later. A look that got no answer does not count as one. */
static int look_again(const struct search *s, struct tenant_tx *tx, struct vio_call *call,
                      struct attempt *attempt)
{
        int64_t generation = attempt->lease_generation++;
        bool lost = attempt->is_open && s->a.now >= attempt->created_at + DIAL_LINE_LIMIT_MS;

        if (attempt->state == VIO_DIAL_DIALING)
                attempt->unknown_since = s->a.now;
        attempt->state = VIO_DIAL_UNKNOWN;
        attempt->is_open = attempt->is_open && !lost;
        attempt->lease_owner[0] = '\0';
        attempt->looks += s->answered;
        attempt->due_at = next_look(s, attempt);
        int r = attempt_save(tx, attempt, generation);
        return r || !lost ? r : give_up(&s->a, tx, call);
}

struct one {
        struct search *s;
        const vio_call_id *id;
};

static bool waited_enough(const struct search *s, const struct attempt *attempt)
{
        return s->answered && attempt->state == VIO_DIAL_UNKNOWN &&
               attempt->looks + 1 >= LEAST_LOOKS &&
               s->a.now >= attempt->unknown_since + SETTLE_WINDOW_MS;
}

static int settle_in(struct tenant_tx *tx, void *arg)
{
        struct one *one = arg;
        const struct acting *a = &one->s->a;
        _cleanup_call_ struct vio_call call = {0};
        _cleanup_attempt_ struct attempt attempt = {0};

        int r = call_load(tx, *one->id, true, &call);
        if (!r)
                r = attempt_load(tx, *one->id, &attempt);
        /* Somebody else settled it while we were asking. */
        if (r || attempt.due_at == VIO_TIME_NONE || attempt.due_at > a->now)
                return r;
        const struct vio_retell_call *wire = find(one->s, one->id);
        if (wire)
                return found(a, tx, &call, wire);
        if (waited_enough(one->s, &attempt))
                return not_placed(a, tx, &call, &attempt);
        return look_again(one->s, tx, &call, &attempt);
}

int settle_due(struct engine *e, vio_tenant_id tenant, vio_time now, struct fault *f, size_t *ret_n)
{
        struct search s = {.a = acting_engine(e, tenant, now, f)};

        int r = store_read_tenant(e->store, tenant, prepare_in, &s, f);
        if (!r && s.n)
                r = look(&s);
        s.a.now = engine_now(e);
        for (size_t i = 0; !r && i < s.n; i++) {
                struct one one = {&s, &s.ids[i]};
                r = store_write_tenant(e->store, tenant, settle_in, &one, f);
        }
        retell_request_free(&s.request);
        retell_page_free(&s.page);
        if (!r)
                *ret_n = s.n;
        return r;
}

static int release_one(const struct acting *a, struct tenant_tx *tx, vio_call_id id)
{
        _cleanup_attempt_ struct attempt attempt = {0};

        int r = attempt_load(tx, id, &attempt);
        if (r)
                return r;
        int64_t generation = attempt.lease_generation++;
        attempt.state = VIO_DIAL_UNKNOWN;
        attempt.unknown_since = a->now;
        attempt.due_at = a->now;
        attempt.lease_owner[0] = '\0';
        return attempt_save(tx, &attempt, generation);
}

/* A released dial is nobody's, so each round finds others until there are none. */
static int release_in(struct tenant_tx *tx, void *arg)
{
        const struct acting *a = arg;
        vio_call_id ids[SETTLE_BATCH];
        size_t n = 0;
        int r;

        do {
                r = attempts_owned(tx, a->e->owner, ids, SETTLE_BATCH, &n);
                for (size_t i = 0; !r && i < n; i++)
                        r = release_one(a, tx, ids[i]);
        } while (!r && n == SETTLE_BATCH);
        return r;
}

int settle_release(struct engine *e, vio_tenant_id tenant, vio_time now, struct fault *f)
{
        struct acting a = acting_engine(e, tenant, now, f);
        return store_write_tenant(e->store, tenant, release_in, &a, f);
}
