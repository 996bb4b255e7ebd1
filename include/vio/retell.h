/*
 * vio/retell.h - what Retell AI says about a call, and what we make of it.
 *
 * The rules follow Retell's documentation of its call object, its disconnection reasons and its
 * webhook signature, as of September 2026, and accept what later deliveries were seen to hold.
 */
#ifndef VIO_RETELL_H
#define VIO_RETELL_H

#include <vio/core.h>
#include <vio/outcome.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Where a call object came from. */
enum vio_retell_event {
        VIO_RETELL_POLL = 0, /* we asked (get-call or list-calls) */
        VIO_RETELL_CALL_STARTED,
        VIO_RETELL_CALL_ENDED,
        VIO_RETELL_CALL_ANALYZED,
        VIO_RETELL_OTHER /* a webhook of another kind, or of one invented later */
};

/** "call_started", "call_ended", "call_analyzed", "poll", "other"; NULL for anything else. Since:
 * 0.1 */
VIO_API const char *vio_retell_event_name(enum vio_retell_event e);

/** The webhook event of that name; VIO_RETELL_OTHER for every other text and for NULL. Since: 0.1
 */
VIO_API enum vio_retell_event vio_retell_event_parse(const char *name);

/**
 * The fields of Retell's call object that matter to us. Start from VIO_RETELL_CALL_INIT.
 *
 * Every field is optional; the texts are borrowed and NULL when absent; numbers are -1 when absent.
 * The four wishes are true when custom_analysis_data says so under "appointment_confirmed" and so
 * on (a JSON true, or a text "true" or "yes"), or when its "appointment_outcome" names the wish.
 */
struct vio_retell_call {
        size_t size; /* sizeof(struct vio_retell_call) */
        enum vio_retell_event event;
        const char *call_id;
        const char *attempt_ref; /* metadata.attempt_ref: our own id of the dial */
        const char *tenant_ref;  /* metadata.tenant_id */
        const char *from_number;
        const char *to_number;
        const char *call_status; /* registered, not_connected, ongoing, ended, error */
        const char *disconnection_reason;
        const char *transcript; /* lines "Agent: ..." and "User: ..." */
        const char *recording_url;
        const char *summary;   /* call_analysis.call_summary */
        const char *sentiment; /* call_analysis.user_sentiment */
        const char *new_time;  /* the wish for another time, in the contact's words */
        int64_t start_ms;      /* since 1970 UTC; -1 when it never connected */
        int64_t end_ms;        /* since 1970 UTC */
        int64_t duration_ms;
        bool has_analysis; /* call_analysis is there and is an object */
        bool in_voicemail; /* call_analysis.in_voicemail */
        bool confirmed;
        bool cancelled;
        bool rescheduled;
        bool opt_out; /* the contact asked never to be called again */
};

/* clang-format off */
#define VIO_RETELL_CALL_INIT \
        { sizeof(struct vio_retell_call), VIO_RETELL_POLL, NULL, NULL, NULL, NULL, NULL, NULL, \
          NULL, NULL, NULL, NULL, NULL, NULL, -1, -1, -1, false, false, false, false, false, false }
/* clang-format on */

/**
 * What a call object proves.
 *
 * The event decides whether the call is over before call_status does, since Retell is known to send
 * an ended call under a stale status. Then the first rule that fits gives the outcome:
 *
 *   0. not over: none yet
 *   1. the reason says busy, 2. no answer, or 3. that no call came about (or call_status is
 *      not_connected): that, at once, and no analysis is awaited
 *   4. a machine answered, by the reason (at once) or by the analysis: voicemail, whatever the
 *      analysis believes to have heard from a greeting
 *   5. rescheduled, cancelled, confirmed, in this order; more than one is also marked ambiguous;
 *      after an error only if the transcript holds a line of the contact
 *   6. an error, or stopped by hand before it connected: failed
 *   7. a reason that says somebody was there: answered; after silence only if the transcript holds
 *      a line of the contact, otherwise unknown
 *   8. a reason we do not know, or none: answered if the call ended and the transcript holds a line
 *      of the contact, otherwise unknown
 *
 * @c: the call; a NULL text is absent. @ret: gets the evidence; its texts are those of @c.
 * Errors: none. Since: 0.1
 */
VIO_API void vio_retell_evidence(const struct vio_retell_call *c, struct vio_evidence *ret);

/** The bits of vio_retell_reason.flags. */
enum vio_retell_reason_flag {
        VIO_RETELL_DECIDES = 1 << 0, /* the reason alone is the outcome; no analysis is awaited */
        VIO_RETELL_RANG_NOBODY = 1 << 1, /* no telephone rang: the attempt may be repeated safely */
        VIO_RETELL_RETRYABLE = 1 << 2,   /* a fault that passes: worth another try */
        VIO_RETELL_STOP_DIALLING = 1
                                   << 3,  /* every further call would fail: stop, and tell people */
        VIO_RETELL_NEEDS_SPEECH = 1 << 4, /* somebody was there only if the transcript says so */
        VIO_RETELL_OPTS_OUT = 1 << 5,     /* the contact asked never to be called again */
        VIO_RETELL_ERROR = 1 << 6,        /* broke down; wishes count only if the contact spoke */
        VIO_RETELL_NUMBER_BAD = 1 << 7    /* the number itself is the trouble */
};

/** One disconnection reason. Static; more fields may be added at the end. */
struct vio_retell_reason {
        const char *name;         /* as Retell spells it */
        const char *meaning;      /* one sentence for people */
        enum vio_outcome outcome; /* when nothing stronger is known of the call */
        unsigned flags;           /* of enum vio_retell_reason_flag */
};

/** The row of a disconnection reason, exact in case; NULL for one we do not know or NULL. Since:
 * 0.1 */
VIO_API const struct vio_retell_reason *vio_retell_reason_find(const char *name);

/** The row after @r, the first for NULL, NULL after the last; a fixed order. Since: 0.1 */
VIO_API const struct vio_retell_reason *vio_retell_reason_next(const struct vio_retell_reason *r);

/** The size of a buffer for vio_retell_sign(). */
#define VIO_RETELL_SIGNATURE 96

/** How far the time in a signature may be from ours, both ways, inclusive: 5 minutes. */
#define VIO_RETELL_SIGNATURE_WINDOW_MS INT64_C(300000)

/**
 * Signs a webhook body as Retell does: "v=<ms>,d=<hex>", the HMAC-SHA256 of the body followed by
 * the digits of the time, under the API key that carries the webhook badge.
 *
 * @key: the whole key, with its prefix. @body, @len: the exact bytes; @body may be NULL when @len
 * is 0.
 * @time: not negative. @ret: gets the header's value; untouched on failure.
 * Errors: VIO_E_INVALID for an empty key or a negative time; VIO_E_INTERNAL. Since: 0.1
 */
VIO_API int vio_retell_sign(const char *key, const void *body, size_t len, vio_time time,
                            char ret[VIO_RETELL_SIGNATURE]);

/**
 * Checks the X-Retell-Signature header of a webhook, before a byte of the body is believed.
 *
 * @key: the whole key, with its prefix.
 * @allow_bare: also accept 64 hex digits, the HMAC-SHA256 of the body alone. Such a delivery can be
 *   replayed for ever; Retell itself never sends it.
 * @body, @len: the bytes as they came; @body may be NULL when @len is 0.
 * @header: the header's value, or NULL when there was none. Nothing may stand around it.
 * @now: the time; the signature's may differ by VIO_RETELL_SIGNATURE_WINDOW_MS.
 * Errors: VIO_E_AUTH for every defect of the signature; VIO_E_INVALID for an empty key, which is a
 * defect of our own configuration; VIO_E_INTERNAL. Since: 0.1
 */
VIO_API int vio_retell_verify(const char *key, bool allow_bare, const void *body, size_t len,
                              const char *header, vio_time now);

#ifdef __cplusplus
}
#endif

#endif
