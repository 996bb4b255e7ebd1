/* vio/webhook.h - what arrives from Retell on its own. */
#ifndef VIO_WEBHOOK_H
#define VIO_WEBHOOK_H

#include <vio/core.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A webhook as it came. Set it to VIO_WEBHOOK_INIT first. */
struct vio_webhook {
        size_t size;
        const void *body; /* the bytes exactly as received: the signature is over them */
        size_t body_len;
        const char *signature; /* the value of X-Retell-Signature; NULL when absent */
};

#define VIO_WEBHOOK_INIT                                                                           \
        {                                                                                          \
                .size = sizeof(struct vio_webhook)                                                 \
        }

/** What became of a webhook that was accepted. */
enum vio_receipt {
        VIO_RECEIPT_STORED,    /* kept and acted upon */
        VIO_RECEIPT_DUPLICATE, /* was here before; nothing changed */
        VIO_RECEIPT_IGNORED    /* of a kind that has no meaning for us, or about a call that is not
                                  ours */
};

/**
 * Takes in one webhook from Retell. It is durable, with all its consequences, when this returns 0.
 *
 * The envelope is {"event", "call"} as Retell sends it, or {"event", "data"} as the original
 * system's documentation has it; the signature is "v=<ms>,d=<hex>" (5-minute window) or, where the
 * tenant allows it, the bare hex of the body's HMAC-SHA256.
 *
 * @ret: gets what became of it; untouched on failure. May be NULL.
 * Errors: VIO_E_INVALID (no such JSON), VIO_E_NOTFOUND (no call of ours and no tenant named),
 *   VIO_E_AUTH (the signature), VIO_E_STORAGE, VIO_E_NOMEM. Since: 0.1
 */
VIO_API int vio_retell_webhook(vio *v, const struct vio_webhook *webhook, enum vio_receipt *ret);

#ifdef __cplusplus
}
#endif

#endif
