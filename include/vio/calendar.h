/* vio/calendar.h - bookings that arrive from Cal.com and Calendly. */
#ifndef VIO_CALENDAR_H
#define VIO_CALENDAR_H

#include <vio/core.h>
#include <vio/webhook.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Whose calendar it is. */
enum vio_calendar { VIO_CALENDAR_CAL_COM, VIO_CALENDAR_CALENDLY };

/** The name of a calendar in addresses: "cal-com" or "calendly"; NULL for any other number. Static.
 * Since: 0.2 */
VIO_API const char *vio_calendar_name(enum vio_calendar calendar);

/** Reads what vio_calendar_name() writes. @ret: untouched on failure. Errors: VIO_E_INVALID.
 * Since: 0.2 */
VIO_API int vio_calendar_parse(const char *name, enum vio_calendar *ret);

/** The size of a buffer for a Cal.com signature: 64 hex digits and a NUL. */
#define VIO_CAL_COM_SIGNATURE 65

/**
 * Signs a webhook body as Cal.com does: the HMAC-SHA256 of the body under the secret, in lower-case
 * hex.
 *
 * @key: the secret as it was typed. @body, @len: the exact bytes; @body may be NULL when @len is 0.
 * @ret: gets the header's value; untouched on failure.
 * Errors: VIO_E_INVALID for an empty key; VIO_E_INTERNAL. Since: 0.2
 */
VIO_API int vio_cal_com_sign(const char *key, const void *body, size_t len,
                             char ret[VIO_CAL_COM_SIGNATURE]);

/**
 * Checks the X-Cal-Signature-256 header of a webhook. The signature holds no time: whoever
 * receives must remember what was here before.
 *
 * @header: the header's value, or NULL when there was none. Hex digits of either case.
 * Errors: VIO_E_AUTH for every defect of the signature, "no-secret-provided" among them;
 *   VIO_E_INVALID for an empty key; VIO_E_INTERNAL. Since: 0.2
 */
VIO_API int vio_cal_com_verify(const char *key, const void *body, size_t len, const char *header);

/** The size of a buffer for a Calendly signature. */
#define VIO_CALENDLY_SIGNATURE 96

/** How far the time in a signature may be from ours, both ways, inclusive: 5 minutes. */
#define VIO_CALENDLY_SIGNATURE_WINDOW_MS INT64_C(300000)

/**
 * Signs a webhook body as Calendly does: "t=<seconds>,v1=<hex>", the HMAC-SHA256 of the digits of
 * the time, a dot, and the body.
 *
 * @key: the signing key; a text, even if it looks like hex. @time: not negative; its whole seconds
 *   are signed. @ret: gets the header's value; untouched on failure.
 * Errors: VIO_E_INVALID for an empty key or a negative time; VIO_E_INTERNAL. Since: 0.2
 */
VIO_API int vio_calendly_sign(const char *key, const void *body, size_t len, vio_time time,
                              char ret[VIO_CALENDLY_SIGNATURE]);

/**
 * Checks the Calendly-Webhook-Signature header of a webhook: "t" and "v1" in either order, once
 * each; other keys are ignored.
 *
 * @header: the header's value, or NULL when there was none.
 * @now: the time; the signature's may differ by VIO_CALENDLY_SIGNATURE_WINDOW_MS.
 * Errors: VIO_E_AUTH for every defect of the signature; VIO_E_INVALID for an empty key;
 *   VIO_E_INTERNAL. Since: 0.2
 */
VIO_API int vio_calendly_verify(const char *key, const void *body, size_t len, const char *header,
                                vio_time now);

/** The sizes of buffers for a token (base64url) and a secret (hex digits), with their NUL. */
#define VIO_CALENDAR_TOKEN  44
#define VIO_CALENDAR_SECRET 65

/** What a calendar is given to send its webhooks to us. Only told once. */
struct vio_calendar_access {
        char token[VIO_CALENDAR_TOKEN];   /* the end of the address */
        char secret[VIO_CALENDAR_SECRET]; /* the key of the signatures */
};

/**
 * Makes the token and the secret under which a calendar's webhooks come in, or new ones. Those
 * before them stay good for 24 hours, so that nothing in flight is lost.
 *
 * @ret: gets both; untouched on failure. Neither can be read again: the token is kept as a digest.
 * Errors: VIO_E_INVALID (no such calendar), VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_calendar_hook_renew(vio_tenant *t, enum vio_calendar calendar,
                                    struct vio_calendar_access *ret);

/** Ends the token and the secret of a calendar, the previous ones too. Errors: VIO_E_NOTFOUND,
 * VIO_E_STORAGE. Since: 0.2 */
VIO_API int vio_calendar_hook_remove(vio_tenant *t, enum vio_calendar calendar);

/** What is known of the address of a calendar's webhooks; texts are valid during the callback. */
struct vio_calendar_hook_info {
        enum vio_calendar calendar;
        const char *token_hint; /* the last characters of the token */
        vio_time created_at;
        vio_time previous_until; /* until when those before it are good; VIO_TIME_NONE: not any */
};

/**
 * Calls @cb for each calendar that has an address.
 *
 * A non-zero result of @cb ends the loop and is returned. @cb must not call the library with @t.
 * Errors: VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_calendar_hook_each(vio_tenant *t,
                                   int (*cb)(void *data, const struct vio_calendar_hook_info *i),
                                   void *data);

/** A webhook of a calendar as it came. Set it to VIO_CALENDAR_WEBHOOK_INIT first. */
struct vio_calendar_webhook {
        size_t size;
        enum vio_calendar calendar;
        const char *token; /* the end of the address; NULL: the body names the tenant (Cal.com) */
        const void *body;  /* the bytes exactly as received: the signature is over them */
        size_t body_len;
        const char *signature; /* the value of the header; NULL when absent */
        const char *version;   /* the value of X-Cal-Webhook-Version; NULL when absent */
};

#define VIO_CALENDAR_WEBHOOK_INIT                                                                  \
        {                                                                                          \
                .size = sizeof(struct vio_calendar_webhook)                                        \
        }

/**
 * Takes in one webhook of a calendar. It is durable, with all its consequences, when this returns
 * 0: the contact of the booking, its appointment, the calls that are planned for it.
 *
 * Without a token the tenant is the one that payload.metadata.tenantId names, if the signature is
 * that tenant's.
 *
 * @ret: gets what became of it; untouched on failure. May be NULL.
 * Errors: VIO_E_NOTFOUND (the token), VIO_E_AUTH (the signature), VIO_E_INVALID (no JSON object),
 *   VIO_E_STORAGE, VIO_E_NOMEM. Since: 0.2
 */
VIO_API int vio_calendar_webhook(vio *v, const struct vio_calendar_webhook *webhook,
                                 enum vio_receipt *ret);

#ifdef __cplusplus
}
#endif

#endif
