/*
 * vio/summary.h - the daily summary of a tenant, by mail: when it is sent, what it says, what
 * became of it; and what the mail service (Resend) tells about mails on its own.
 */
#ifndef VIO_SUMMARY_H
#define VIO_SUMMARY_H

#include <vio/core.h>
#include <vio/zone.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * When a summary is sent next: at a time of day, on some days of the week.
 *
 * A time that the clocks skip on a day is moved forward by as much as they skip; where that would
 * be another day, the last minute of the day is meant. Of a time that comes twice, the first.
 *
 * @zone: whose days they are. @minute: of the day, 0 to 1439. @days: bit 0 is Monday, bit 6 Sunday.
 * @after: the result is later than this.
 * Returns VIO_TIME_NONE for no days, and for a minute that no day has. Errors: none. Since: 0.2
 */
VIO_API vio_time vio_summary_next(const vio_zone *zone, int minute, uint8_t days, vio_time after);

/** What may be set of the summary. Set it to VIO_SUMMARY_SETTINGS_INIT first: nothing changes. */
struct vio_summary_settings {
        size_t size;
        int enabled;                 /* 1, 0, or -1 to leave it */
        int counts_only;             /* leaves out every name: 1, 0, or -1 to leave it */
        const char *recipient_email; /* NULL leaves it, "" clears it; likewise the texts below */
        const char *recipient_name;
        const char *delivery_time; /* "HH:MM"; not "" */
        const char *time_zone;     /* IANA; "": the clinic's own */
        uint8_t days;              /* bit 0 is Monday; 0 leaves them */
};

#define VIO_SUMMARY_SETTINGS_INIT                                                                  \
        {                                                                                          \
                .size = sizeof(struct vio_summary_settings), .enabled = -1, .counts_only = -1      \
        }

/**
 * Changes the settings of the summary; all of them or none. The first summary after a change is the
 * next one whose time is still to come, and there is at most one a day.
 *
 * Naming a recipient, even the same again, lifts a block of that address: mail is tried again.
 *
 * Errors: VIO_E_INVALID (the text begins with the field, as the HTTP API calls it: enabled,
 * recipientEmail, recipientName, deliveryTime, deliveryDays, timezone), VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_summary_configure(vio_tenant *t, const struct vio_summary_settings *settings);

/** The settings in force and what became of the last summary. Texts are valid in the callback. */
struct vio_summary_status {
        bool enabled;
        bool counts_only;
        const char *recipient_email; /* NULL: nobody */
        const char *recipient_name;  /* NULL: none */
        const char *delivery_time;
        const char *time_zone;
        uint8_t days;                  /* bit 0 is Monday */
        const char *recipient_blocked; /* "bounced", "complained" or "suppressed"; NULL: not */
        vio_time last_sent_at;         /* VIO_TIME_NONE: never */
        vio_time next_at;              /* VIO_TIME_NONE: none is planned */
        const char *last_day;          /* of the newest run, "YYYY-MM-DD"; NULL: none yet */
        const char *last_state;        /* "pending", "sent", "failed" or "skipped" */
        const char *last_error;        /* why, for people; NULL when there is nothing to tell */
};

/** Tells the status by one call of @cb, whose result is returned. Errors: VIO_E_STORAGE,
 * VIO_E_NOMEM. Since: 0.2 */
VIO_API int vio_summary_status(vio_tenant *t,
                               int (*cb)(void *data, const struct vio_summary_status *s),
                               void *data);

/** A summary as it is mailed. Texts are valid during the callback. */
struct vio_summary_mail {
        const char *subject;
        const char *html;
        const char *text;
};

/**
 * Shows the summary as it would be sent now, by one call of @cb, whose result is returned. It
 * reports the calls of the clinic's day before today. Nothing is sent or changed.
 *
 * Errors: VIO_E_STORAGE, VIO_E_NOMEM. Since: 0.2
 */
VIO_API int vio_summary_preview(vio_tenant *t,
                                int (*cb)(void *data, const struct vio_summary_mail *m),
                                void *data);

/** Room for the id that Resend gives a mail, with its NUL. */
#define VIO_MAIL_ID 65

/**
 * Sends the summary of now to the recipient, with "[Test]" before its subject; waits for Resend's
 * answer. Once a minute for each tenant. The planned summaries are not touched by it.
 *
 * @ret: gets Resend's id of the mail; untouched on failure. May be NULL.
 * Errors: VIO_E_CONFLICT (no recipient, a blocked one, no mail service set up), VIO_E_LIMITED,
 * VIO_E_UPSTREAM (Resend refused or did not answer; the handle's text says why), VIO_E_STORAGE.
 * Since: 0.2
 */
VIO_API int vio_summary_send_test(vio_tenant *t, char ret[VIO_MAIL_ID]);

/** A webhook of Resend as it came. Set it to VIO_RESEND_WEBHOOK_INIT first. */
struct vio_resend_webhook {
        size_t size;
        const void *body; /* the bytes exactly as received: the signature is over them */
        size_t body_len;
        const char *id;        /* the header svix-id, or webhook-id; NULL when absent */
        const char *timestamp; /* svix-timestamp, or webhook-timestamp */
        const char *signature; /* svix-signature, or webhook-signature */
};

#define VIO_RESEND_WEBHOOK_INIT                                                                    \
        {                                                                                          \
                .size = sizeof(struct vio_resend_webhook)                                          \
        }

/**
 * Takes in one webhook from Resend. It is durable when this returns 0. Where mail bounced for good,
 * was complained about or is suppressed, no more of it goes to that address; every other event is
 * accepted and means nothing. The same one again changes nothing.
 *
 * Errors: VIO_E_AUTH (the signature; or the system was opened without .resend_webhook_secret),
 * VIO_E_INVALID (no such JSON), VIO_E_STORAGE, VIO_E_NOMEM. Since: 0.2
 */
VIO_API int vio_resend_webhook(vio *v, const struct vio_resend_webhook *webhook);

/** How far the time of a signature may be from ours, either way, in seconds. */
#define VIO_SVIX_WINDOW_S 300

/** Room for a signature as it stands in the header, with its NUL. */
#define VIO_SVIX_SIGNATURE 48

/**
 * Signs a webhook as Svix and Standard Webhooks do: base64 of the HMAC-SHA256 over "id.time.body".
 *
 * @secret: "whsec_" and the key in base64, or the base64 alone. @id: of the message. @time_s:
 * seconds since 1970. @body, @len: the bytes as they go out.
 * @ret: gets "v1,<base64>"; untouched on failure.
 * Errors: VIO_E_INVALID (no such secret, an empty id, a negative time), VIO_E_INTERNAL. Since: 0.2
 */
VIO_API int vio_svix_sign(const char *secret, const char *id, int64_t time_s, const void *body,
                          size_t len, char ret[VIO_SVIX_SIGNATURE]);

/**
 * Checks the signature of a webhook, in constant time.
 *
 * @secret, @body, @len: as for vio_svix_sign(). @id, @timestamp, @signature: the three headers;
 * NULL when absent. @signature: a list with blanks between; one good "v1," is enough, other
 * versions are passed over. @now: the time, in milliseconds.
 * Errors: VIO_E_AUTH, VIO_E_INVALID (the secret is none), VIO_E_INTERNAL. Since: 0.2
 */
VIO_API int vio_svix_verify(const char *secret, const char *id, const char *timestamp,
                            const char *signature, const void *body, size_t len, vio_time now);

#ifdef __cplusplus
}
#endif

#endif
