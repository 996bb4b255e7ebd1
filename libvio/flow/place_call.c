/* place_call.c - a person asks for a call now. */
#include "flow/place_call.h"

#include <vio/window.h>

#include "flow/dial.h"

static int refuse(struct fault *f, enum vio_reason reason)
{
        int r = fault_set(f, VIO_E_REFUSED, "%s", vio_reason_text(reason));
        f->reason = (int)reason;
        return r;
}

/* Only what is certain to have rung nobody is a failure; everything else has a session to watch. */
static int judge(const struct dial *d)
{
        const struct retell_created *c = &d->created;

        switch (c->result) {
        case RETELL_PLACED:
        case RETELL_UNCLEAR: return 0;
        case RETELL_THROTTLED: return refuse(d->a.fault, VIO_REASON_RATE_LIMITED);
        case RETELL_REJECTED:
                return fault_set(d->a.fault, VIO_E_UPSTREAM, "Retell refused the call: %s",
                                 c->message);
        case RETELL_NOT_SENT:
                return fault_set(d->a.fault, VIO_E_UPSTREAM, "Retell could not be reached: %s",
                                 c->message);
        }
        return VIO_E_INTERNAL;
}

int call_now(const struct acting *a, vio_contact_id contact, vio_call_id *ret_call)
{
        struct dial d = {.a = *a, .contact = contact};

        int r = dial_claim(&d);
        if (!r && !d.claimed)
                r = refuse(a->fault, d.decision.reason);
        if (!r)
                r = dials_perform(&d, 1);
        if (!r)
                r = judge(&d);
        if (!r)
                *ret_call = d.call;
        dial_done(&d);
        return r;
}
