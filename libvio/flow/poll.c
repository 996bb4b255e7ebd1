/* poll.c - asking Retell about calls that have not told us their end. */
#include "flow/poll.h"

#include <string.h>
#include <vio/ladder.h>

#include "base/calendar.h"
#include "base/crypto.h"
#include "flow/batch.h"
#include "flow/evidence.h"
#include "flow/housekeeping.h"
#include "flow/profile.h"
#include "store/calls.h"
#include "store/events.h"

struct question {
        vio_call_id id;
        struct retell_request request;
        struct retell_answer answer;
        int result; /* of understanding the answer */
        int wait_s; /* how long Retell asked us to wait; 0 */
        bool asked;
};

struct round {
        struct acting a;
        bool last_chance;
        struct question questions[POLL_BATCH];
        size_t n;
};

static int prepare_one(struct round *round, struct tenant_tx *tx, const struct profile *p,
                       struct question *q)
{
        _cleanup_call_ struct vio_call call = {0};

        int r = call_load(tx, q->id, false, &call);
        if (r || !call.retell_call_id || !p->api_key)
                return r;
        struct retell_account account = {round->a.e->retell_url, p->api_key};
        r = retell_request_get_call(&q->request, &account, call.retell_call_id);
        q->asked = !r;
        return r;
}

static int prepare_in(struct tenant_tx *tx, void *arg)
{
        struct round *round = arg;
        _cleanup_profile_ struct profile p = {0};
        vio_call_id ids[POLL_BATCH];

        int r = profile_load(round->a.e, tx, &p);
        if (!r)
                r = round->last_chance
                        ? calls_past_deadline(tx, round->a.now, ids, POLL_BATCH, &round->n)
                        : calls_due_poll(tx, round->a.now, ids, POLL_BATCH, &round->n);
        for (size_t i = 0; !r && i < round->n; i++) {
                round->questions[i].id = ids[i];
                r = prepare_one(round, tx, &p, &round->questions[i]);
        }
        return r;
}

static int ask(struct round *round)
{
        _cleanup_batch_ struct batch batch = {0};
        size_t at = 0;

        int r = batch_open(&batch, round->n);
        if (r)
                return r;
        for (size_t i = 0; i < round->n; i++) {
                if (round->questions[i].asked)
                        batch_add(&batch, &round->questions[i].request);
        }
        batch_perform(round->a.e, &batch);
        for (size_t i = 0; i < round->n; i++) {
                struct question *q = &round->questions[i];
                if (!q->asked)
                        continue;
                const struct vio_http_response *response = batch.responses[at++];
                q->result = retell_understand_call(response, &q->answer);
                if (q->result == VIO_E_BUSY)
                        q->wait_s = retell_wait_s(response);
        }
        return 0;
}

/* Keeps the answer, unless it says what an earlier one said. */
static int keep_answer(const struct acting *a, struct tenant_tx *tx, const struct vio_call *call,
                       const struct retell_answer *answer, int64_t *ret_event)
{
        uint8_t digest[SHA256_SIZE];
        char hex[2 * SHA256_SIZE + 1];

        int r = crypto_sha256(answer->body, answer->body_len, digest);
        if (r)
                return r;
        hex_encode(digest, sizeof(digest), hex);
        struct event event = {.call_id = call->retell_call_id,
                              .event_type = "poll",
                              .digest = hex,
                              .payload = call->is_erased ? "{}" : answer->body,
                              .payload_len = call->is_erased ? 2 : answer->body_len,
                              .processed_at = a->now,
                              .created_at = a->now};
        return event_insert(tx, &event, ret_event);
}

static void plan_next(const struct acting *a, struct vio_call *call, const struct question *q)
{
        call->poll_attempts += q->asked && !q->wait_s;
        call->next_poll_at = a->now + (q->wait_s ? q->wait_s * MS_PER_SECOND
                                                 : vio_poll_delay_ms((int)call->poll_attempts));
}

/* Without an answer nothing new is known, but time has passed: that alone can make a call final. */
static int join_answer(const struct acting *a, struct tenant_tx *tx, struct vio_call *call,
                       const struct question *q)
{
        struct vio_evidence evidence = VIO_EVIDENCE_INIT;
        struct evidence_in in = {&evidence, EVIDENCE_POLL, 0, false};

        bool about_us =
            q->asked && q->result == 0 && strcmp(q->answer.call.call_id, call->retell_call_id) == 0;
        if (about_us) {
                int r = keep_answer(a, tx, call, &q->answer, &in.event_id);
                if (r)
                        return r;
                vio_retell_evidence(&q->answer.call, &evidence);
        } else {
                in.source = EVIDENCE_ENGINE;
        }
        return evidence_apply(a, tx, call, &in);
}

struct hearing {
        struct round *round;
        struct question *q;
};

static int hear_in(struct tenant_tx *tx, void *arg)
{
        struct hearing *h = arg;
        const struct acting *a = &h->round->a;
        _cleanup_call_ struct vio_call call = {0};

        int r = call_load(tx, h->q->id, true, &call);
        if (r)
                return r;
        if (!call.is_final)
                plan_next(a, &call, h->q);
        r = join_answer(a, tx, &call, h->q);
        if (!r && h->round->last_chance && call.deadline_at != VIO_TIME_NONE &&
            call.deadline_at <= a->now)
                r = deadline_passed(a, tx, &call);
        return r;
}

static int hear(struct round *round)
{
        int r = 0;
        for (size_t i = 0; i < round->n; i++) {
                struct hearing h = {round, &round->questions[i]};
                int one = store_write_tenant(round->a.e->store, round->a.tenant, hear_in, &h,
                                             round->a.fault);
                r = r ? r : one;
        }
        return r;
}

int poll_due(struct engine *e, vio_tenant_id tenant, vio_time now, bool last_chance,
             struct fault *f, size_t *ret_n)
{
        struct round round = {.a = acting_engine(e, tenant, now, f), .last_chance = last_chance};

        int r = store_read_tenant(e->store, tenant, prepare_in, &round, f);
        if (!r && round.n)
                r = ask(&round);
        round.a.now = engine_now(e);
        if (!r)
                r = hear(&round);
        for (size_t i = 0; i < POLL_BATCH; i++) {
                retell_request_free(&round.questions[i].request);
                retell_answer_free(&round.questions[i].answer);
        }
        if (!r)
                *ret_n = round.n;
        return r;
}
