/* intake.c - a webhook arrives from Retell. */
#include "flow/intake.h"

#include <stdlib.h>
#include <string.h>
#include <vio/retell.h>

#include "flow/dial.h"
#include "flow/evidence.h"
#include "flow/profile.h"
#include "remote/retell.h"
#include "store/calls.h"
#include "store/events.h"

/* A call id of Retell belongs to one tenant; more can only come from a forgery or a restore. */
#define MOST_OWNERS 4

struct intake {
        struct engine *e;
        const struct vio_webhook *webhook;
        struct retell_webhook parsed;
        vio_time now;
        struct fault *fault;
        vio_tenant_id owners[MOST_OWNERS];
        size_t n_owners;
        vio_tenant_id owner; /* whose signature it is */
        bool is_duplicate;
        enum vio_receipt receipt;
};

static int find_owners_in(struct system_tx *tx, void *arg)
{
        struct intake *in = arg;
        return call_routes(tx, in->parsed.call.call_id, in->owners, MOST_OWNERS, &in->n_owners);
}

/* By the call id; or, when the webhook is quicker than the answer to our own request, by the
 * tenant named in the metadata, which the signature then has to prove. */
static int find_owners(struct intake *in)
{
        int r = store_read(in->e->store, find_owners_in, in, in->fault);
        if (r || in->n_owners || !in->parsed.call.tenant_ref)
                return r;
        char *end;
        long long named = strtoll(in->parsed.call.tenant_ref, &end, 10);
        if (named > 0 && !*end)
                in->owners[in->n_owners++] = (vio_tenant_id){named};
        return 0;
}

/* One snapshot: the tenant's key, and whether the same thing was here before. */
static int check_in(struct tenant_tx *tx, void *arg)
{
        struct intake *in = arg;
        const struct vio_webhook *w = in->webhook;
        _cleanup_profile_ struct profile p = {0};

        int r = profile_load(in->e, tx, &p);
        if (r || !p.webhook_key)
                return r ? r : VIO_E_AUTH;
        r = vio_retell_verify(p.webhook_key, p.accept_bare_signature, w->body, w->body_len,
                              w->signature, in->now);
        if (r)
                return VIO_E_AUTH;
        return event_exists(tx, in->parsed.call.call_id, in->parsed.event_name, in->parsed.digest,
                            &in->is_duplicate);
}

static int authenticate(struct intake *in)
{
        for (size_t i = 0; i < in->n_owners; i++) {
                int r = store_read_tenant(in->e->store, in->owners[i], check_in, in, in->fault);
                if (r && r != VIO_E_AUTH && r != VIO_E_NOTFOUND)
                        return r;
                if (!r) {
                        in->owner = in->owners[i];
                        return 0;
                }
        }
        return fault_set(in->fault, VIO_E_AUTH, "the signature does not fit");
}

/* The session by Retell's id; or by our own reference, and then its dial is adopted. */
static int find_session(const struct acting *a, struct tenant_tx *tx,
                        const struct vio_retell_call *wire, struct vio_call *ret)
{
        bool transcript = wire->transcript != NULL;
        vio_call_id ref;

        int r = call_load_by_retell_id(tx, wire->call_id, transcript, ret);
        if (r != VIO_E_NOTFOUND || vio_call_id_parse(wire->attempt_ref, &ref) < 0)
                return r;
        r = call_load(tx, ref, transcript, ret);
        if (r)
                return r;
        /* Retell has one call for one request: a second id for the same reference is not ours. */
        if (ret->retell_call_id)
                return VIO_E_NOTFOUND;
        return dial_adopt(a, tx, ret, wire->call_id);
}

static int act(struct intake *in, const struct acting *a, struct tenant_tx *tx, int64_t event_id)
{
        const struct vio_retell_call *wire = &in->parsed.call;
        _cleanup_profile_ struct profile p = {0};
        _cleanup_call_ struct vio_call call = {0};
        struct vio_evidence evidence;
        struct evidence_in ev = {&evidence, EVIDENCE_WEBHOOK, event_id, false};

        int r = find_session(a, tx, wire, &call);
        if (r == VIO_E_NOTFOUND) {
                in->receipt = VIO_RECEIPT_IGNORED;
                return 0;
        }
        if (!r)
                r = profile_load(in->e, tx, &p);
        if (r)
                return r;
        vio_retell_evidence(wire, &evidence);
        return evidence_apply(a, tx, &p, &call, &ev);
}

static int store_in(struct tenant_tx *tx, void *arg)
{
        struct intake *in = arg;
        struct acting a = acting_engine(in->e, in->owner, in->now, tx_fault(tx));
        struct event event = {.call_id = in->parsed.call.call_id,
                              .event_type = in->parsed.event_name,
                              .digest = in->parsed.digest,
                              .payload = in->webhook->body,
                              .payload_len = in->webhook->body_len,
                              .processed_at = in->now,
                              .created_at = in->now};
        int64_t event_id = 0;

        int r = event_insert(tx, &event, &event_id);
        if (r)
                return r;
        in->receipt = event_id ? VIO_RECEIPT_STORED : VIO_RECEIPT_DUPLICATE;
        return event_id ? act(in, &a, tx, event_id) : 0;
}

static int take_in(struct intake *in)
{
        int r = find_owners(in);
        if (r)
                return r;
        if (!in->n_owners)
                return fault_set(in->fault, VIO_E_NOTFOUND, "Call not found");
        r = authenticate(in);
        if (r)
                return r;
        if (in->is_duplicate) {
                in->receipt = VIO_RECEIPT_DUPLICATE;
                return 0;
        }
        if (in->parsed.call.event == VIO_RETELL_OTHER) {
                in->receipt = VIO_RECEIPT_IGNORED;
                return 0;
        }
        return store_write_tenant(in->e->store, in->owner, store_in, in, in->fault);
}

int intake_webhook(struct engine *e, const struct vio_webhook *webhook, struct fault *f,
                   enum vio_receipt *ret)
{
        struct intake in = {.e = e, .webhook = webhook, .now = engine_now(e), .fault = f};

        if (!webhook->signature)
                return fault_set(f, VIO_E_AUTH, "the signature is missing");
        int r = retell_webhook_parse(webhook->body, webhook->body_len, &in.parsed);
        if (r)
                return fault_set(f, r, "the body is not a webhook of Retell");
        if (in.parsed.call.call_id)
                r = take_in(&in);
        else
                in.receipt = VIO_RECEIPT_IGNORED;
        retell_webhook_free(&in.parsed);
        if (!r && ret)
                *ret = in.receipt;
        return r;
}
