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
        vio_tenant_id owner; /* whose signature it is */
        bool is_owned;       /* some tenant may be concerned */
        bool is_duplicate;
        enum vio_receipt receipt;
};

/* By the call id; or, when the webhook is quicker than the answer to our own request, by the
 * tenant named in the metadata, which the signature then has to prove. */
static int find_owners(const struct intake *in, struct system_tx *tx, vio_tenant_id *ret,
                       size_t *ret_n)
{
        const struct vio_retell_call *call = &in->parsed.call;
        char *end;

        int r = call_routes(tx, call->call_id, ret, MOST_OWNERS, ret_n);
        if (r || *ret_n || !call->tenant_ref)
                return r;
        long long named = strtoll(call->tenant_ref, &end, 10);
        if (named > 0 && !*end)
                ret[(*ret_n)++] = (vio_tenant_id){named};
        return 0;
}

/* Whether the signature is this tenant's, and whether the same thing was here before. */
static int check(struct intake *in, struct tenant_tx *tx)
{
        const struct vio_webhook *w = in->webhook;
        _cleanup_profile_ struct profile p = {0};

        int r = profile_load(in->e, tx, &p);
        if (r || !p.webhook_key)
                return r ? r : VIO_E_AUTH;
        r = vio_retell_verify(p.webhook_key, p.accept_bare_signature, w->body, w->body_len,
                              w->signature, in->now);
        if (r)
                return VIO_E_AUTH;
        in->owner = tx->tenant;
        return event_exists(tx, in->parsed.call.call_id, in->parsed.event_name, in->parsed.digest,
                            &in->is_duplicate);
}

/* One snapshot: whose it may be, whose it is. */
static int authenticate_in(struct system_tx *tx, void *arg)
{
        struct intake *in = arg;
        vio_tenant_id owners[MOST_OWNERS];
        size_t n = 0;

        int r = find_owners(in, tx, owners, &n);
        in->is_owned = n > 0;
        for (size_t i = 0; !r && i < n; i++) {
                struct tenant_tx narrow = tx_narrow(tx, owners[i]);
                int checked = check(in, &narrow);
                if (checked != VIO_E_AUTH && checked != VIO_E_NOTFOUND)
                        return checked;
        }
        return r ? r : VIO_E_AUTH;
}

static int authenticate(struct intake *in)
{
        int r = store_read(in->e->store, authenticate_in, in, in->fault);
        if (r == VIO_E_AUTH && !in->is_owned)
                return fault_set(in->fault, VIO_E_NOTFOUND, "Call not found");
        return r == VIO_E_AUTH ? fault_set(in->fault, r, "the signature does not fit") : r;
}

/* The session by Retell's id; or by our own reference, and then its dial is still to be adopted. */
static int find_session(struct tenant_tx *tx, const struct vio_retell_call *wire,
                        struct vio_call *ret)
{
        bool transcript = wire->transcript != NULL;
        vio_call_id ref;

        int r = call_load_by_retell_id(tx, wire->call_id, transcript, ret);
        if (r != VIO_E_NOTFOUND || vio_call_id_parse(wire->attempt_ref, &ref) < 0)
                return r;
        return call_load(tx, ref, transcript, ret);
}

static int apply(const struct acting *a, struct tenant_tx *tx, const struct vio_retell_call *wire,
                 struct vio_call *call, enum evidence_source source, int64_t event_id)
{
        struct vio_evidence evidence;
        struct evidence_in ev = {&evidence, source, event_id, false};

        int r = call->retell_call_id ? 0 : dial_adopt(a, tx, call, wire->call_id);
        if (r)
                return r;
        vio_retell_evidence(wire, &evidence);
        return evidence_apply(a, tx, call, &ev);
}

/* Retell has one call for one request: a second id for the same reference is not ours. */
static bool is_ours(const struct vio_call *call, const struct vio_retell_call *wire)
{
        return !call->retell_call_id || strcmp(call->retell_call_id, wire->call_id) == 0;
}

int intake_act(const struct acting *a, struct tenant_tx *tx, const struct vio_retell_call *wire,
               enum evidence_source source, int64_t event_id, bool *ret_ours)
{
        _cleanup_call_ struct vio_call call = {0};

        int r = find_session(tx, wire, &call);
        if (r && r != VIO_E_NOTFOUND)
                return r;
        *ret_ours = !r && is_ours(&call, wire);
        return *ret_ours ? apply(a, tx, wire, &call, source, event_id) : 0;
}

static int store_in(struct tenant_tx *tx, void *arg)
{
        struct intake *in = arg;
        const struct vio_retell_call *wire = &in->parsed.call;
        struct acting a = acting_engine(in->e, in->owner, in->now, tx_fault(tx));
        _cleanup_call_ struct vio_call call = {0};
        struct event event = {.call_id = wire->call_id,
                              .event_type = in->parsed.event_name,
                              .digest = in->parsed.digest,
                              .payload = in->webhook->body,
                              .payload_len = in->webhook->body_len,
                              .processed_at = in->now,
                              .created_at = in->now};
        int64_t event_id = 0;

        int found = find_session(tx, wire, &call);
        if (found && found != VIO_E_NOTFOUND)
                return found;
        if (call.is_erased) {
                event.payload = "{}";
                event.payload_len = 2;
        }
        int r = event_insert(tx, &event, &event_id);
        if (r)
                return r;
        in->receipt = event_id ? VIO_RECEIPT_STORED : VIO_RECEIPT_DUPLICATE;
        if (!event_id)
                return 0;
        if (!found && is_ours(&call, wire))
                return apply(&a, tx, wire, &call, EVIDENCE_WEBHOOK, event_id);
        in->receipt = VIO_RECEIPT_IGNORED;
        return 0;
}

static int take_in(struct intake *in)
{
        int r = authenticate(in);
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
