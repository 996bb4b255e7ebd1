/* replay.c - an event that was kept is told to ourselves again. */
#include "flow/replay.h"

#include <string.h>

#include "flow/intake.h"
#include "remote/retell.h"
#include "store/calls.h"
#include "store/events.h"

struct replay {
        const struct acting *a;
        int64_t id;
        struct tenant_tx *tx;
        enum vio_receipt receipt;
};

/* What a kept payload says: it is a webhook, or the answer to one of our own questions. */
struct kept {
        struct retell_webhook webhook;
        struct retell_answer answer;
        const struct vio_retell_call *call;
        enum evidence_source source;
};

static void kept_done(struct kept *k)
{
        retell_webhook_free(&k->webhook);
        retell_answer_free(&k->answer);
}

static int read_kept(const struct event *e, struct kept *k)
{
        if (strcmp(e->event_type, "poll") == 0) {
                k->source = EVIDENCE_POLL;
                k->call = &k->answer.call;
                return retell_call_parse(e->payload, e->payload_len, &k->answer);
        }
        k->source = EVIDENCE_WEBHOOK;
        k->call = &k->webhook.call;
        return retell_webhook_parse(e->payload, e->payload_len, &k->webhook);
}

static bool same_knowledge(const struct vio_call *a, const struct vio_call *b)
{
        struct vio_evidence x = evidence_known(a), y = evidence_known(b);
        return vio_evidence_equal(&x, &y) && a->is_final == b->is_final &&
               a->payload_webhook_last == b->payload_webhook_last &&
               a->payload_poll_last == b->payload_poll_last;
}

/* Tells it again, and looks whether the session knows more than before. */
static int act_again(struct replay *p, const struct event *e, const struct kept *k)
{
        _cleanup_call_ struct vio_call before = {0}, after = {0};
        bool ours = false;

        int found = call_load_by_retell_id(p->tx, e->call_id, true, &before);
        if (found && found != VIO_E_NOTFOUND)
                return found;
        int r = intake_act(p->a, p->tx, k->call, k->source, e->id, &ours);
        if (r || !ours) {
                p->receipt = VIO_RECEIPT_IGNORED;
                return r;
        }
        r = call_load_by_retell_id(p->tx, e->call_id, true, &after);
        p->receipt = !found && !r && same_knowledge(&before, &after) ? VIO_RECEIPT_DUPLICATE
                                                                     : VIO_RECEIPT_STORED;
        return r ? r
                 : acting_note(p->a, p->tx, "event.replay", after.contact, &after.id,
                               e->event_type);
}

static int replay_one(void *data, const struct event *e)
{
        struct replay *p = data;
        struct kept k = {0};

        if (event_is_erased(e))
                return fault_set(tx_fault(p->tx), VIO_E_CONFLICT,
                                 "the event's content was erased with its contact");
        int r = read_kept(e, &k);
        if (r == VIO_E_INVALID)
                r = fault_set(tx_fault(p->tx), VIO_E_CONFLICT,
                              "the event's content cannot be read by this version");
        if (!r)
                r = act_again(p, e, &k);
        kept_done(&k);
        return r;
}

static int replay_in(struct tenant_tx *tx, void *arg)
{
        struct replay *p = arg;
        p->tx = tx;
        return event_with(tx, p->id, replay_one, p);
}

int event_replay(const struct acting *a, int64_t id, enum vio_receipt *ret)
{
        struct replay p = {.a = a, .id = id};
        int r = store_write_tenant(a->e->store, a->tenant, replay_in, &p, a->fault);
        if (!r)
                *ret = p.receipt;
        return r;
}
