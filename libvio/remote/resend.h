/* resend.h - Resend, which sends mail: its request is built and its answers are understood here. */
#ifndef VIO_REMOTE_RESEND_H
#define VIO_REMOTE_RESEND_H

#include <vio/http.h>
#include <vio/summary.h>

#include "../base/attr.h"
#include "../rules/summary_rules.h"

/* One request, ready for a transport; it owns what .http points to, but for the body. */
struct resend_request {
        struct vio_http_request http;
        struct resend_request_memory *memory;
};

void resend_request_free(struct resend_request *r);

#define _cleanup_resend_request_ _cleanup_(resend_request_free)

/*
 * POST /emails. The same @key with the same @body sends one mail, however often it is repeated
 * within 24 hours. The body is lent and must outlive the request.
 * Errors: VIO_E_INVALID (no API key, a key of none or more than 256 bytes), VIO_E_NOMEM.
 */
int resend_request_send(struct resend_request *r, const char *base_url, const char *api_key,
                        const char *key, const char *body);

/* What became of a mail. */
struct resend_answer {
        enum mail_fate fate;
        bool outage;          /* Resend itself is in trouble: other mails would fare the same */
        int status;           /* HTTP; 0 when there was no answer */
        int wait_s;           /* how long we were asked to wait; 0 when not */
        char id[VIO_MAIL_ID]; /* of MAIL_SENT */
        char name[48];        /* the error's name, "" when there is none; letters, digits and _ */
        char message[201];    /* for people; "" when there is none */
};

/* Understands the answer to resend_request_send(). Always fills @ret. */
void resend_understand(const struct vio_http_response *response, struct resend_answer *ret);

#endif
