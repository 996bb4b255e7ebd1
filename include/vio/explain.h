/* vio/explain.h - why a contact was called, or not, and what comes next. */
#ifndef VIO_EXPLAIN_H
#define VIO_EXPLAIN_H

#include <vio/core.h>
#include <vio/json.h>
#include <vio/outcome.h>
#include <vio/window.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What one piece of an explanation is. */
enum vio_explain_kind {
        VIO_EXPLAIN_PLANNED = 0, /* a call was planned for .next_at */
        VIO_EXPLAIN_PLACED = 1,  /* a call was made, or may have been */
        VIO_EXPLAIN_SKIPPED = 2, /* a planned call was given up, or a call never rang: .reason */
        VIO_EXPLAIN_PUT_OFF = 3, /* a planned call waits until .next_at: .reason */
        VIO_EXPLAIN_FINDING = 4, /* what strikes in all of this, and what can be done about it */
        VIO_EXPLAIN_VERDICT = 5  /* whether the contact may be called at this moment */
};

/** "planned", "placed", "skipped", "put_off", "finding", "verdict"; NULL for anything else. Static.
 * Since: 0.2 */
VIO_API const char *vio_explain_kind_name(enum vio_explain_kind kind);

/** One piece of an explanation. Its texts are static. */
struct vio_explanation {
        enum vio_explain_kind kind;
        vio_time at;      /* when it happened; of a verdict: when the contact may be called */
        const char *code; /* of a finding: its name, such as "webhook_not_seen"; of a verdict:
                             "now", "wait" or "never"; else NULL */
        vio_task_id task; /* "" for none */
        vio_call_id call; /* "" for none */
        enum vio_outcome outcome; /* of a call */
        enum vio_reason reason;   /* VIO_REASON_NONE for none */
        const char *text;         /* one sentence for people */
        const char *remedy;       /* what can be done about it; NULL when there is nothing to do */
        vio_time next_at; /* when it goes on; of a verdict: when the next planned call is due */
};

/**
 * Tells why a contact was called, or was not, and what comes next: first every planned, placed and
 * skipped call in order of time; then what strikes about them (why a call has no outcome, why no
 * follow-up is planned, why the status shows what it shows); and last the verdict, which is that of
 * the next planned call, or of a call by hand when none is planned.
 *
 * @cb: a non-zero result ends the loop and is returned.
 * Errors: VIO_E_NOTFOUND (also when the contact was removed or erased), VIO_E_STORAGE, VIO_E_NOMEM.
 * Since: 0.2
 */
VIO_API int vio_contact_explain(vio_tenant *t, vio_contact_id contact,
                                int (*cb)(void *data, const struct vio_explanation *e), void *data);

/**
 * Writes a piece of an explanation as a JSON object with the names of the HTTP API (at, kind, code,
 * taskId, callId, outcome, reason, reasonText, text, remedy, nextAt). Since: 0.2
 */
VIO_API void vio_explanation_write(const struct vio_explanation *e, vio_json_writer *w,
                                   const char *key);

#ifdef __cplusplus
}
#endif

#endif
