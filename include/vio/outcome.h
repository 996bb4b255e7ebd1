/* vio/outcome.h - what is known of a call, and how two pieces of knowledge become one. */
#ifndef VIO_OUTCOME_H
#define VIO_OUTCOME_H

#include <vio/core.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a call ended, in order of strength: the stronger of two outcomes is the truth. */
enum vio_outcome {
        VIO_OUTCOME_NONE = 0,       /* nothing is known yet */
        VIO_OUTCOME_UNKNOWN = 1,    /* over, and nobody can say how */
        VIO_OUTCOME_FAILED = 2,     /* no conversation came about */
        VIO_OUTCOME_ANSWERED = 3,   /* somebody answered and decided nothing */
        VIO_OUTCOME_BUSY = 4,       /* the line was busy or the call was declined */
        VIO_OUTCOME_NO_ANSWER = 5,  /* it rang out */
        VIO_OUTCOME_VOICEMAIL = 6,  /* a machine answered */
        VIO_OUTCOME_CONFIRMED = 7,  /* the appointment stands */
        VIO_OUTCOME_CANCELLED = 8,  /* the contact will not come */
        VIO_OUTCOME_RESCHEDULED = 9 /* the contact wants another time */
};

/** How far a call has come; the later of two is the truth. */
enum vio_call_status {
        VIO_CALL_QUEUED = 0,
        VIO_CALL_ONGOING = 1,
        VIO_CALL_FAILED = 2,   /* over without ever having connected */
        VIO_CALL_COMPLETED = 3 /* over; a call seen to have connected did not fail */
};

/** What is known of the appointment that a call is about. */
enum vio_appointment_status {
        VIO_APPOINTMENT_PENDING = 0,
        VIO_APPOINTMENT_CONFIRMED = 1,
        VIO_APPOINTMENT_CANCELLED = 2,
        VIO_APPOINTMENT_RESCHEDULED = 3
};

/** "no_answer" and the like; NULL for VIO_OUTCOME_NONE and for no outcome at all. Since: 0.1 */
VIO_API const char *vio_outcome_name(enum vio_outcome o);

/** "queued", "ongoing", "failed", "completed"; NULL for anything else. Since: 0.1 */
VIO_API const char *vio_call_status_name(enum vio_call_status s);

/** "pending", "confirmed", "cancelled", "rescheduled"; NULL for anything else. Since: 0.1 */
VIO_API const char *vio_appointment_status_name(enum vio_appointment_status s);

/**
 * Reads the name of an outcome, exact in case.
 *
 * @name: the name; NULL reads as VIO_OUTCOME_NONE, whose name is NULL.
 * @ret: gets the outcome; untouched on failure.
 * Errors: VIO_E_INVALID. Since: 0.1
 */
VIO_API int vio_outcome_parse(const char *name, enum vio_outcome *ret);

/**
 * Reads the name of a call's status, exact in case.
 *
 * @name: may be NULL, which is no status. @ret: gets it; untouched on failure.
 * Errors: VIO_E_INVALID. Since: 0.1
 */
VIO_API int vio_call_status_parse(const char *name, enum vio_call_status *ret);

/**
 * Reads the name of an appointment's status, exact in case.
 *
 * @name: may be NULL, which is no status. @ret: gets it; untouched on failure.
 * Errors: VIO_E_INVALID. Since: 0.1
 */
VIO_API int vio_appointment_status_parse(const char *name, enum vio_appointment_status *ret);

/** Whether a call that ended so is tried once more: no_answer, voicemail, busy, failed. Since: 0.1
 */
VIO_API bool vio_outcome_wants_follow_up(enum vio_outcome o);

/**
 * What an outcome says about the appointment: confirmed, cancelled and rescheduled speak for
 * themselves, every other outcome leaves it pending. Since: 0.1
 */
VIO_API enum vio_appointment_status vio_outcome_appointment(enum vio_outcome o);

/** What a screen shows as the status of a contact. Since: 0.2 */
enum vio_display_status {
        VIO_DISPLAY_PENDING = 0,
        VIO_DISPLAY_CONFIRMED = 1,
        VIO_DISPLAY_CANCELLED = 2,
        VIO_DISPLAY_RESCHEDULED = 3,
        VIO_DISPLAY_VOICEMAIL = 4, /* pending, and the last call met a machine */
        VIO_DISPLAY_NO_ANSWER = 5,
        VIO_DISPLAY_BUSY = 6,
        VIO_DISPLAY_FAILED = 7
};

/**
 * The status to show: the appointment's when it is decided; else how the last call was missed.
 * Since: 0.2
 */
VIO_API enum vio_display_status vio_display_status(enum vio_appointment_status status,
                                                   enum vio_outcome last_call);

/** "pending", "no_answer" and the like; NULL for anything else. Since: 0.2 */
VIO_API const char *vio_display_status_name(enum vio_display_status s);

/** The bits of vio_evidence.flags; each is a fact, and a fact once seen stays. */
enum vio_evidence_flag {
        VIO_EVIDENCE_ANALYSED = 1 << 0,     /* the conversation was analysed */
        VIO_EVIDENCE_WEBHOOK_SEEN = 1 << 1, /* a webhook spoke of the call */
        VIO_EVIDENCE_POLL_SEEN = 1 << 2,    /* an answer to our own question spoke of the call */
        VIO_EVIDENCE_OPT_OUT = 1 << 3,      /* the contact asked never to be called again */
        VIO_EVIDENCE_OVER = 1 << 4,         /* the call has ended */
        VIO_EVIDENCE_DECIDED = 1 << 5,      /* the reason alone decides; no analysis is awaited */
        VIO_EVIDENCE_AMBIGUOUS = 1 << 6     /* the analysis contradicts itself: for a human */
};

/**
 * What one source knows of one call, or all sources joined. Start from VIO_EVIDENCE_INIT.
 *
 * The texts are borrowed: whoever fills the struct keeps them alive while it is used. A text that
 * is empty counts as unknown.
 */
struct vio_evidence {
        enum vio_outcome outcome;
        enum vio_call_status status;
        unsigned flags;         /* of enum vio_evidence_flag */
        vio_time started_at;    /* VIO_TIME_NONE: unknown */
        vio_time ended_at;      /* VIO_TIME_NONE: unknown */
        int64_t duration_ms;    /* -1: unknown */
        const char *transcript; /* NULL: unknown, as below */
        const char *recording_url;
        const char *disconnection_reason; /* as the other side spelled it */
};

/* clang-format off */
#define VIO_EVIDENCE_INIT \
        { VIO_OUTCOME_NONE, VIO_CALL_QUEUED, 0, VIO_TIME_NONE, VIO_TIME_NONE, -1, NULL, NULL, NULL }
/* clang-format on */

/** How long after its end a call may still be analysed before we stop waiting: 10 minutes. */
#define VIO_ANALYSIS_WAIT_MS INT64_C(600000)

/**
 * Joins two pieces of evidence about the same call.
 *
 * The join is commutative, associative and idempotent, so the order, number and origin of
 * deliveries cannot change the result. Field by field, "known" beats "unknown", and of two known
 * values the greater wins in an order that is fixed for ever:
 *
 *   outcome, status       the greater number
 *   flags                 the union
 *   started_at            the earlier
 *   ended_at              the later
 *   duration_ms           the longer
 *   transcript            the longer in bytes; of equal length the greater by strcmp()
 *   recording_url         the same order
 *   disconnection_reason  the greater by strcmp()
 *
 * @a, @b: the two. @ret: gets the join and may be @a or @b; its texts are those of @a or @b.
 * Errors: none. Since: 0.1
 */
VIO_API void vio_evidence_join(const struct vio_evidence *a, const struct vio_evidence *b,
                               struct vio_evidence *ret);

/** Whether two pieces of evidence say the same, texts compared by content. Since: 0.1 */
VIO_API bool vio_evidence_equal(const struct vio_evidence *a, const struct vio_evidence *b);

/**
 * Whether nothing more is worth asking for: the call is over, and it was analysed, or its reason
 * alone decides, or VIO_ANALYSIS_WAIT_MS have passed since its end.
 *
 * A call that is over with an unknown end waits for its analysis without limit: fill in ended_at
 * with the time at which the end was learned. Later evidence is still joined to a final one.
 *
 * @e: the evidence; @now: the time. Errors: none. Since: 0.1
 */
VIO_API bool vio_evidence_is_final(const struct vio_evidence *e, vio_time now);

#ifdef __cplusplus
}
#endif

#endif
