/*
 * resend.h - a simulated Resend: takes mails, sends none.
 *
 * As documented by Resend: POST /emails with its headers, fields, errors and idempotency keys;
 * GET /emails/{id}. Invented: every key that begins with "re_" and every sender's domain is known,
 * nothing is ever limited, and no webhook comes.
 */
#ifndef SANDBOX_RESEND_H
#define SANDBOX_RESEND_H

#include <stdbool.h>
#include <stddef.h>

#include <vio/json.h>

/* The mails that were taken; used by one thread at a time. */
struct resend;

struct resend *resend_new(void); /* NULL when out of memory */
struct resend *resend_free(struct resend *r);

/* Whether a path is Resend's, not Retell's. */
bool resend_serves(const char *path);

/* A request; headers that are absent are NULL. */
struct resend_request {
        const char *method;
        const char *path;
        const char *authorization;
        const char *user_agent;
        const char *idempotency_key;
        const char *body;
        size_t body_len;
};

/* Answers a request into @w, which is empty. Returns the status, or VIO_E_NOMEM. */
int resend_answer(struct resend *r, const struct resend_request *rq, vio_json_writer *w);

#endif
