/* mail.h - one mail to Resend, and why none may go to somebody. */
#ifndef VIO_FLOW_MAIL_H
#define VIO_FLOW_MAIL_H

#include "base/text.h"
#include "flow/acting.h"
#include "remote/resend.h"

/* Sends one mail and waits for the answer; never inside a transaction. Always fills @ret. */
void mail_send(const struct acting *a, const char *key, const char *body,
               struct resend_answer *ret);

/* Appends why no mail may go to @recipient (NULL: nobody), for people; nothing when it may. */
int mail_obstacle(const struct acting *a, struct tenant_tx *tx, const char *recipient,
                  struct text *ret);

/* What became of a mail, for people: "HTTP 422 invalid_parameter: ...". */
void mail_story(const struct resend_answer *answer, char *ret, size_t size);

#endif
