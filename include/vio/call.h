/* vio/call.h - call sessions: placing one, what is known of it, and its timeline. */
#ifndef VIO_CALL_H
#define VIO_CALL_H

#include <vio/core.h>
#include <vio/json.h>
#include <vio/outcome.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct vio_call vio_call;

/** How far the dial of a call session got. */
enum vio_dial_state {
        VIO_DIAL_DIALING,   /* the request is on its way */
        VIO_DIAL_PLACED,    /* Retell has taken it and given it a call id */
        VIO_DIAL_REJECTED,  /* Retell refused; nothing rang */
        VIO_DIAL_UNKNOWN,   /* no clear answer; being looked up, never repeated blindly */
        VIO_DIAL_NOT_PLACED /* was looked for and is not there; nothing rang */
};

/** "dialing", "placed", "rejected", "unknown", "not_placed". Static. Since: 0.1 */
VIO_API const char *vio_dial_state_name(enum vio_dial_state state);

/**
 * Calls a contact now, if no calling rule forbids it: at most one live call per number, the daily
 * limit, the calling window, opt-out. Returns when Retell has answered or the answer is overdue.
 *
 * @ret: gets the call session, which the caller frees with vio_call_free(); its dial state is
 *   placed, or unknown when no clear answer came (it is then settled by later steps). Untouched on
 * failure. Errors: VIO_E_NOTFOUND, VIO_E_REFUSED (vio_tenant_refusal() says which rule),
 * VIO_E_UPSTREAM (Retell refused: the session is kept as failed), VIO_E_STORAGE. Since: 0.1
 */
VIO_API int vio_call_now(vio_tenant *t, vio_contact_id contact, vio_call **ret);

/**
 * Reads one call session with its transcript.
 *
 * @ret: gets it; the caller frees it with vio_call_free(); untouched on failure.
 * Errors: VIO_E_NOTFOUND (also when it is another tenant's), VIO_E_STORAGE, VIO_E_NOMEM. Since: 0.1
 */
VIO_API int vio_call_get(vio_tenant *t, vio_call_id id, vio_call **ret);

/** Why a call was made. Since: 0.2 */
enum vio_call_type {
        VIO_CALL_TYPE_MANUAL = 0,    /* a person asked for it */
        VIO_CALL_TYPE_SCHEDULED = 1, /* the reminder */
        VIO_CALL_TYPE_FOLLOW_UP = 2  /* after a missed call */
};

/** "manual", "scheduled", "follow_up"; NULL for anything else. Static. Since: 0.2 */
VIO_API const char *vio_call_type_name(enum vio_call_type type);

/**
 * Reads the name of a call type, exact in case.
 *
 * @name: may be NULL, which is no type. @ret: gets it; untouched on failure.
 * Errors: VIO_E_INVALID. Since: 0.2
 */
VIO_API int vio_call_type_parse(const char *name, enum vio_call_type *ret);

/** Which calls, newest first, and how many. Set it to VIO_CALL_FILTER_INIT first. */
struct vio_call_filter {
        size_t size;
        vio_contact_id contact; /* 0: of every contact */
        size_t limit;           /* 1 to 500 */
        /* Since: 0.2 */
        int status;        /* an enum vio_call_status, or -1 for all */
        int outcome;       /* an enum vio_outcome; VIO_OUTCOME_NONE: those without; -1 for all */
        int type;          /* an enum vio_call_type, or -1 for all */
        vio_time from;     /* made at this time or later; VIO_TIME_NONE: however early */
        vio_time to;       /* made before this time; VIO_TIME_NONE: however late */
        const char *after; /* the cursor of the page before; NULL or "": the first page */
};

#define VIO_CALL_FILTER_INIT                                                                       \
        {                                                                                          \
                .size = sizeof(struct vio_call_filter), .limit = 50, .status = -1, .outcome = -1,  \
                .type = -1, .from = VIO_TIME_NONE, .to = VIO_TIME_NONE                             \
        }

/**
 * Calls @cb for each call session, newest first, without transcripts.
 *
 * @cb: its call is valid during the call and must not be freed; a non-zero result ends the loop and
 * is returned. It must not call the library with @t. Errors: VIO_E_INVALID, VIO_E_STORAGE. Since:
 * 0.1
 */
VIO_API int vio_call_each(vio_tenant *t, const struct vio_call_filter *filter,
                          int (*cb)(void *data, const vio_call *c), void *data);

/** The size of a cursor of vio_call_page(), with its NUL. */
#define VIO_CALL_CURSOR 40

/**
 * Calls @cb for each call session of one page, newest first, without transcripts.
 *
 * @cb: as for vio_call_each().
 * @ret_cursor: gets what the filter's .after is for the next page, or "" when this was the last;
 *   untouched on failure.
 * Errors: VIO_E_INVALID, VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_call_page(vio_tenant *t, const struct vio_call_filter *filter,
                          int (*cb)(void *data, const vio_call *c), void *data,
                          char ret_cursor[VIO_CALL_CURSOR]);

/** One thing that happened to a call. Texts are valid during the callback. */
struct vio_call_moment {
        vio_time at;
        const char
            *kind; /* "queued", "dialing", "ongoing", "webhook", "poll", "status", "outcome", ... */
        const char
            *detail; /* such as "call_ended" or "confirmed"; "" when there is nothing to add */
};

/**
 * Calls @cb for each thing that happened to a call, oldest first.
 *
 * A non-zero result of @cb ends the loop and is returned. Errors: VIO_E_NOTFOUND, VIO_E_STORAGE.
 * Since: 0.1
 */
VIO_API int vio_call_timeline(vio_tenant *t, vio_call_id id,
                              int (*cb)(void *data, const struct vio_call_moment *m), void *data);

/** Frees a call session. Takes NULL; returns NULL. Since: 0.1 */
VIO_API vio_call *vio_call_free(vio_call *c);

/** The id of the session; also the attempt_ref that Retell keeps for us. Since: 0.1 */
VIO_API vio_call_id vio_call_get_id(const vio_call *c);

/** Whom it calls. Since: 0.1 */
VIO_API vio_contact_id vio_call_get_contact(const vio_call *c);

/** The name of whom it calls. Belongs to @c and dies with it. Since: 0.2 */
VIO_API const char *vio_call_get_contact_name(const vio_call *c);

/** When it was made. Since: 0.2 */
VIO_API vio_time vio_call_get_created_at(const vio_call *c);

/** How long it took in seconds, or -1 when that is not known. Since: 0.2 */
VIO_API int64_t vio_call_get_duration(const vio_call *c);

/** Retell's id of the call, or NULL while it is not known. Belongs to @c and dies with it. Since:
 * 0.1 */
VIO_API const char *vio_call_get_retell_call_id(const vio_call *c);

/** Queued, ongoing, failed or completed. Since: 0.1 */
VIO_API enum vio_call_status vio_call_get_status(const vio_call *c);

/** What came of it; VIO_OUTCOME_NONE while nothing is known. Since: 0.1 */
VIO_API enum vio_outcome vio_call_get_outcome(const vio_call *c);

/** Whether all is known of it that is to be known; later evidence may still improve it. Since: 0.1
 */
VIO_API bool vio_call_get_final(const vio_call *c);

/** How far its dial got. Since: 0.1 */
VIO_API enum vio_dial_state vio_call_get_dial_state(const vio_call *c);

/**
 * Writes a call session as a JSON object with the names of the HTTP API (id, contactId,
 * contactName, retellCallId, status, outcome, callType, dialState, createdAt, startedAt, endedAt,
 * duration (seconds), disconnectionReason, recordingUrl, transcript (when read by vio_call_get()),
 * pollAttempts, nextPollAt, webhookVerified, sourceOfTruth, final). Since: 0.1
 */
VIO_API void vio_call_write(const vio_call *c, vio_json_writer *w, const char *key);

#ifdef __cplusplus
}
#endif

#endif
