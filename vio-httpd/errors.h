/* errors.h - the one place where an error of the library becomes an HTTP answer. */
#ifndef HTTPD_ERRORS_H
#define HTTPD_ERRORS_H

#include "message.h"

/* The status code of an error; 200 for VIO_OK. */
int error_status(enum vio_err err);

/* "Not Found" and so on, for the status line. */
const char *status_phrase(int status);

/* What to tell a client about a refusal of the server itself, before any handler was asked. */
const char *status_sentence(int status);

/*
 * Writes the body {"message", "error", "field", "requestId"} of a refusal that is not an error of
 * the library: no such path, no such method, too large.
 */
void answer_status(struct response *r, const char *request_id, int status, const char *message);

/*
 * Turns @err into the answer. What the handler noted with refuse() is told, else @detail if the
 * error is one that a client can mend, else a sentence that tells nothing of our inside. A sentence
 * of the form "name: what is wrong" names its field, in camelCase, unless the handler did.
 */
void answer_error(struct response *r, const char *request_id, int err, const char *detail);

/* The same for VIO_E_REFUSED, with the calling rule that said no. */
void answer_refusal(struct response *r, const char *request_id, int reason, const char *detail);

/* Whether the error is ours, not the client's: its detail belongs into the log, not the answer. */
bool error_is_ours(int err);

#endif
