/* vio/event.h - what Retell told us, kept as it came, and telling it to ourselves again. */
#ifndef VIO_EVENT_H
#define VIO_EVENT_H

#include <vio/core.h>
#include <vio/json.h>
#include <vio/webhook.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One thing that Retell told us of a call. Its texts are valid during the callback. */
struct vio_event {
        int64_t id; /* in order of arrival */
        vio_call_id call;
        const char *retell_call_id;
        const char *type; /* a webhook's event, such as "call_ended"; "poll" for an answer */
        vio_time received_at;
        const char *payload; /* JSON as it came; "{}" when it was erased */
        size_t payload_len;
        bool erased; /* its contact was, and the content with it */
};

/** Which events, oldest first. Set it to VIO_EVENT_FILTER_INIT first. */
struct vio_event_filter {
        size_t size;
        vio_call_id call; /* required */
        int64_t after;    /* only ids above this one */
        size_t limit;     /* 0: all */
};

#define VIO_EVENT_FILTER_INIT                                                                      \
        {                                                                                          \
                .size = sizeof(struct vio_event_filter)                                            \
        }

/**
 * Calls @cb for each stored event of a call, oldest first; rows are read one by one.
 *
 * @cb: a non-zero result ends the loop and is returned. It must not call the library with @t.
 * Errors: VIO_E_INVALID, VIO_E_NOTFOUND (no such call of this tenant), VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_event_each(vio_tenant *t, const struct vio_event_filter *filter,
                           int (*cb)(void *data, const struct vio_event *e), void *data);

/**
 * Tells a stored event to ourselves again, on the same path as when it came. As long as nothing was
 * lost nothing changes; what was lost of the call comes back, with its consequences.
 *
 * @ret: gets VIO_RECEIPT_STORED when something came back, VIO_RECEIPT_DUPLICATE when all was known,
 *   VIO_RECEIPT_IGNORED when there is no such call; untouched on failure. May be NULL.
 * Errors: VIO_E_NOTFOUND, VIO_E_CONFLICT (its content was erased), VIO_E_STORAGE, VIO_E_NOMEM.
 * Since: 0.2
 */
VIO_API int vio_event_replay(vio_tenant *t, int64_t id, enum vio_receipt *ret);

/**
 * Writes an event as a JSON object with the names of the HTTP API (id, callId, retellCallId, type,
 * receivedAt, erased, payload: the JSON that came, not a text of it). Since: 0.2
 */
VIO_API void vio_event_write(const struct vio_event *e, vio_json_writer *w, const char *key);

#ifdef __cplusplus
}
#endif

#endif
