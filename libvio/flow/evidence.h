/* evidence.h - the one place where evidence is joined and its consequences are written. */
#ifndef VIO_FLOW_EVIDENCE_H
#define VIO_FLOW_EVIDENCE_H

#include "flow/acting.h"
#include "store/rows.h"

/* Where a piece of evidence comes from. */
enum evidence_source { EVIDENCE_WEBHOOK, EVIDENCE_POLL, EVIDENCE_ENGINE };

struct evidence_in {
        const struct vio_evidence *evidence;
        enum evidence_source source;
        int64_t event_id; /* the row of retell_events that holds it; 0 when nothing new came */
        bool gives_up;    /* no more is expected: the call is final whatever is known */
};

/* What a call session says so far; its texts are the session's. */
struct vio_evidence evidence_known(const struct vio_call *call);

/*
 * Joins evidence into a call session and writes everything that follows: session, line, contact,
 * appointment, follow-up, opt-out, audit. Joining the same evidence again changes nothing.
 * @call: as loaded in this transaction, with its transcript if the evidence has one; changed and
 * saved.
 */
int evidence_apply(const struct acting *a, struct tenant_tx *tx, struct vio_call *call,
                   const struct evidence_in *in);

#endif
