/* retell.h - Retell AI: its requests are built and its answers and webhooks understood here. */
#ifndef VIO_REMOTE_RETELL_H
#define VIO_REMOTE_RETELL_H

#include <vio/http.h>
#include <vio/json.h>
#include <vio/retell.h>

#include "../base/attr.h"

/* Who pays for a request. Every request without a key is VIO_E_INVALID. */
struct retell_account {
        const char *base_url; /* "https://api.retellai.com", with or without a slash at its end */
        const char *api_key;
};

/*
 * One request, ready for a transport. It owns what .http points to and may be moved in memory; a
 * batch is an array of copies of .http. Zeroed, it is empty; free it with retell_request_free().
 *
 * The functions that fill one overwrite @r without looking and leave it alone when they fail.
 */
struct retell_request {
        struct vio_http_request http;
        struct retell_request_memory *memory;
};

void retell_request_free(struct retell_request *r);

#define _cleanup_retell_request_ _cleanup_(retell_request_free)

/* A dynamic variable of the conversation. */
struct retell_variable {
        const char *name;
        const char *value; /* NULL leaves the variable out: the agent's own default is spoken */
};

/* A call to be placed. Texts that are NULL are left out of the request. */
struct retell_dial {
        const char *from_number; /* E.164 */
        const char *to_number;   /* E.164 */
        const char *agent_id;    /* NULL: the agent bound to @from_number */
        const char *attempt_ref; /* metadata, by which the call is found again */
        const char *tenant_ref;
        const char *contact_ref;
        const struct retell_variable *variables;
        size_t n_variables;
};

/* How many attempts one list request may ask for. */
#define RETELL_LIST_REFS 100

/* POST /v2/create-phone-call. Never sent twice: Retell knows no idempotency key.
 * Errors: VIO_E_INVALID (no number, no attempt_ref), VIO_E_NOMEM. */
int retell_request_create(struct retell_request *r, const struct retell_account *account,
                          const struct retell_dial *dial);

/* GET /v2/get-call/{call_id}. Errors: VIO_E_INVALID (an empty id), VIO_E_NOMEM. */
int retell_request_get_call(struct retell_request *r, const struct retell_account *account,
                            const char *call_id);

/* POST /v3/list-calls: the calls whose metadata.attempt_ref is one of @attempt_refs.
 * @pagination_key: the last page's, NULL for the first page.
 * Errors: VIO_E_INVALID (none or more than RETELL_LIST_REFS), VIO_E_NOMEM. */
int retell_request_list_by_ref(struct retell_request *r, const struct retell_account *account,
                               const char *const *attempt_refs, size_t n,
                               const char *pagination_key);

/* GET /get-concurrency. Errors: VIO_E_NOMEM. */
int retell_request_concurrency(struct retell_request *r, const struct retell_account *account);

/* GET /get-api-key-info: the cheapest question that proves the key. Errors: VIO_E_NOMEM. */
int retell_request_key_info(struct retell_request *r, const struct retell_account *account);

/* GET /get-phone-number/{number}: whether the account has it, and who speaks on it.
 * Errors: VIO_E_INVALID (an empty number), VIO_E_NOMEM. */
int retell_request_number(struct retell_request *r, const struct retell_account *account,
                          const char *number);

/* GET /get-agent/{agent_id}. Errors: VIO_E_INVALID (an empty id), VIO_E_NOMEM. */
int retell_request_agent(struct retell_request *r, const struct retell_account *account,
                         const char *agent_id);

/* What became of a request to place a call. */
enum retell_result {
        RETELL_PLACED,    /* the call exists: .call_id */
        RETELL_REJECTED,  /* refused for good, no telephone rang: .refusal */
        RETELL_THROTTLED, /* refused for now, no telephone rang: .wait_s */
        RETELL_NOT_SENT,  /* Retell never saw the request; it may be sent again */
        RETELL_UNCLEAR    /* a telephone may be ringing: look before anything else */
};

/* Why a call was refused, by what has to be done about it. */
enum retell_refusal {
        RETELL_REFUSAL_NONE = 0,
        RETELL_REFUSAL_BAD_REQUEST, /* this call will always be refused */
        RETELL_REFUSAL_CREDENTIALS, /* so will every call: the key is wrong */
        RETELL_REFUSAL_PAYMENT,     /* so will every call: the account is not paid for */
        RETELL_REFUSAL_NOT_FOUND    /* the from-number or the agent is not in the account */
};

/* Retell's call ids are opaque; longer ones are refused. */
#define RETELL_CALL_ID_MAX 128

struct retell_created {
        enum retell_result result;
        enum retell_refusal refusal;
        int status;        /* HTTP; 0 when there was no answer */
        int wait_s;        /* of RETELL_THROTTLED: 1 to 600 seconds, else 0 */
        char limiter[32];  /* of RETELL_THROTTLED: which limit, "" when not told */
        char message[201]; /* for people; holds no long number; "" when there is none */
        char call_id[RETELL_CALL_ID_MAX + 1];
};

/* Understands the answer to retell_request_create(). Always fills @ret, and returns its .result:
 * an answer that cannot be read, for want of memory too, is RETELL_UNCLEAR. */
enum retell_result retell_understand_create(const struct vio_http_response *response,
                                            struct retell_created *ret);

/*
 * The functions below understand the answers to questions. Their errors: VIO_E_NOTFOUND (no such
 * call), VIO_E_AUTH (the key), VIO_E_BUSY (throttled: ask again after retell_wait_s()),
 * VIO_E_UPSTREAM (anything else that is no answer), VIO_E_NOMEM.
 */

/* How long a throttled account shall wait: 1 to 600 seconds; 10 when the answer does not say. */
int retell_wait_s(const struct vio_http_response *response);

/* One call, as get-call tells it. .call.event is VIO_RETELL_POLL. Zeroed, it is empty. */
struct retell_answer {
        struct vio_retell_call call; /* its texts belong to this answer; .call_id is never NULL */
        const char *body;            /* the bytes as they came; belongs to this answer */
        size_t body_len;
        struct retell_memory *memory;
};

int retell_understand_call(const struct vio_http_response *response, struct retell_answer *ret);
/* Reads an answer's body again that was kept. VIO_E_INVALID when it is none. */
int retell_call_parse(const void *body, size_t len, struct retell_answer *ret);
void retell_answer_free(struct retell_answer *a);

#define _cleanup_retell_answer_ _cleanup_(retell_answer_free)

/* One page of calls, as list-calls tells it, without transcripts. Zeroed, it is empty. Look at each
 * call's .attempt_ref before believing the filter. */
struct retell_page {
        const struct vio_retell_call *calls; /* .call_id is never NULL; belong to this page */
        size_t n;
        bool has_more;              /* never true without a .pagination_key */
        const char *pagination_key; /* for the next request; NULL at the end */
        struct retell_memory *memory;
};

int retell_understand_list(const struct vio_http_response *response, struct retell_page *ret);
void retell_page_free(struct retell_page *p);

#define _cleanup_retell_page_ _cleanup_(retell_page_free)

/* How many calls are under way, and how many the account may have at once without those that it
 * keeps free for calls coming in. */
struct retell_concurrency {
        int64_t current;
        int64_t limit;
};

int retell_understand_concurrency(const struct vio_http_response *response,
                                  struct retell_concurrency *ret);

/* Whether the answer to retell_request_key_info() proves the key: 0 or an error as above. */
int retell_understand_key_info(const struct vio_http_response *response);

/* Whether the account has the number; @ret_agent: whether an agent is bound to it for calls out. */
int retell_understand_number(const struct vio_http_response *response, bool *ret_agent);

/* Whether the account has the agent. */
int retell_understand_agent(const struct vio_http_response *response);

/* A webhook whose signature was already found good. Zeroed, it is empty. */
struct retell_webhook {
        /* .call.event is the event. .call_id is NULL only when .event is VIO_RETELL_OTHER and the
         * webhook speaks of no call at all, such as Retell's of chats: acknowledge and ignore. */
        struct vio_retell_call call;
        const char *event_name; /* as sent, at most 64 bytes; belongs to this webhook */
        char digest[65]; /* SHA-256, hex, of the call object however it was spaced or indented */
        struct retell_memory *memory;
};

/*
 * Reads a webhook: {"event":..., "call":{...}} as Retell sends it, or "data" in place of "call",
 * with a "call_length" in seconds, as the system before this one had it. A field of a wrong type or
 * an absurd value is ignored; the event and the call's id are not.
 *
 * Errors: VIO_E_INVALID (not JSON, no event, no usable call_id), VIO_E_NOMEM.
 */
int retell_webhook_parse(const void *body, size_t len, struct retell_webhook *ret);
void retell_webhook_free(struct retell_webhook *w);

#define _cleanup_retell_webhook_ _cleanup_(retell_webhook_free)

#endif
