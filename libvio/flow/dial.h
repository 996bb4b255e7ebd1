/* dial.h - one dial, from the claim to what became of it. One dial, never two. */
#ifndef VIO_FLOW_DIAL_H
#define VIO_FLOW_DIAL_H

#include <vio/window.h>

#include "flow/acting.h"
#include "remote/retell.h"
#include "store/rows.h"

/* How long a dialler may take before others settle its dial: longer than the request's timeout. */
#define DIAL_LEASE_MS INT64_C(90000)
/* No call lasts longer: Retell's limit (max_call_duration_ms, 2 hours), its ringing, some air. */
#define DIAL_LINE_LIMIT_MS INT64_C(7800000)
/* No dials of a tenant whose account refuses them; somebody has to mend it. */
#define DIAL_BREAKER_MS INT64_C(1800000)

struct dial {
        struct acting a;
        vio_contact_id contact; /* set for a manual call; else the task's */
        vio_task_id task;       /* "" for a manual call */
        bool claimed;           /* the dial is on disk and must be performed */
        struct vio_dial_decision decision;
        vio_call_id call;
        int64_t generation;
        struct retell_request request;
        struct retell_created created; /* after dials_perform() */
};

/*
 * Looks at everything again and, if every rule allows it, writes the dial: session, attempt with
 * lease, task in processing, all in one transaction. A task that may not be dialled is put off or
 * ended with its reason. 0 also when it was not claimed: see .claimed and .decision.
 */
int dial_claim(struct dial *d);

/* What dial_claim() would decide now, whether the task is due and pending or not: .decision alone
 * is written, and nothing in the database. */
int dial_consider(struct dial *d, struct tenant_tx *tx);

/* Sends the requests of all claimed dials at once, then writes what became of each. */
int dials_perform(struct dial *dials, size_t n);

void dial_done(struct dial *d);

/* What becomes of the task of a dial; nothing when the dial has none. */
int dial_task_event(const struct acting *a, struct tenant_tx *tx, const struct vio_call *call,
                    enum vio_task_event event, enum vio_reason reason, vio_time again_at);

/*
 * The dial turned out to have been placed: Retell's call id is taken over, unless it is known
 * already. Raises the fence, so that whoever still holds the lease writes nothing more. Changes
 * @call, which the caller saves.
 */
int dial_adopt(const struct acting *a, struct tenant_tx *tx, struct vio_call *call,
               const char *retell_call_id);

/* Nothing rang: the session is closed as failed and does not count as a call. Changes and saves
 * @call. */
int dial_abandon(const struct acting *a, struct tenant_tx *tx, struct vio_call *call);

#endif
