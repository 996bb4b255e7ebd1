/* mail.c - one mail to Resend, and why none may go to somebody. */
#include "flow/mail.h"

#include <stdio.h>

#include "remote/response.h"
#include "store/mail.h"

void mail_send(const struct acting *a, const char *key, const char *body, struct resend_answer *ret)
{
        _cleanup_resend_request_ struct resend_request request = {0};
        _cleanup_response_ struct vio_http_response *response = vio_http_response_new();

        *ret = (struct resend_answer){.fate = MAIL_LATER, .message = "out of memory"};
        if (!response ||
            resend_request_send(&request, a->e->resend_url, a->e->resend_api_key, key, body))
                return;
        a->e->http.perform(a->e->http.data, &request.http, &response, 1);
        resend_understand(response, ret);
}

int mail_obstacle(const struct acting *a, struct tenant_tx *tx, const char *recipient,
                  struct text *ret)
{
        _cleanup_text_ struct text reason = TEXT_INIT;

        if (!a->e->resend_api_key) {
                text_add(ret, "no mail service is set up (RESEND_API_KEY)");
                return ret->failed ? VIO_E_NOMEM : 0;
        }
        if (!recipient) {
                text_add(ret, "there is no recipient");
                return ret->failed ? VIO_E_NOMEM : 0;
        }
        int r = mail_block_get(tx, recipient, &reason);
        if (!r && reason.len)
                text_addf(ret,
                          "mail to the recipient is blocked (%s); name a recipient anew to "
                          "try again",
                          text_str(&reason));
        return r ? r : ret->failed ? VIO_E_NOMEM : 0;
}

void mail_story(const struct resend_answer *answer, char *ret, size_t size)
{
        if (!answer->status)
                snprintf(ret, size, "no answer: %s", answer->message);
        else
                snprintf(ret, size, "HTTP %d%s%s%s%s", answer->status, *answer->name ? " " : "",
                         answer->name, *answer->message ? ": " : "", answer->message);
}
