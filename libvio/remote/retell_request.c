/* retell_request.c - the requests that Retell understands. */
#include <string.h>

#include "../base/crypto.h"
#include "../base/mem.h"
#include "../base/text.h"
#include "retell.h"
#include "url.h"

/* A create that is given up too early is settled by looking it up, so it need not wait for long. */
#define CREATE_TIMEOUT_MS   30000
#define QUESTION_TIMEOUT_MS 15000
#define LIST_TIMEOUT_MS     30000

/* The most that Retell gives on one page. */
#define LIST_LIMIT 1000

#define BEARER "Bearer "

struct retell_request_memory {
        struct text url;
        struct text key;
        vio_json_writer *body; /* NULL: none */
        struct vio_http_header headers[3];
};

static void memory_free(struct retell_request_memory *m)
{
        if (!m)
                return;
        if (m->key.p)
                crypto_wipe(m->key.p, m->key.cap);
        text_free(&m->key);
        text_free(&m->url);
        vio_json_writer_free(m->body);
        mem_free(m);
}

static void memory_freep(struct retell_request_memory **m)
{
        memory_free(*m);
}

#define _cleanup_memory_ _cleanup_(memory_freep)

void retell_request_free(struct retell_request *r)
{
        memory_free(r->memory);
        *r = (struct retell_request){0};
}

static struct retell_request_memory *memory_new(const struct retell_account *a, const char *path)
{
        struct retell_request_memory *m = mem_new(sizeof(*m));
        if (!m)
                return NULL;
        url_add_base(&m->url, a->base_url);
        text_add(&m->url, path);
        text_add(&m->key, BEARER);
        text_add(&m->key, a->api_key ? a->api_key : "");
        return m;
}

static struct retell_request_memory *memory_new_with_body(const struct retell_account *a,
                                                          const char *path)
{
        _cleanup_memory_ struct retell_request_memory *m = memory_new(a, path);
        if (!m)
                return NULL;
        m->body = vio_json_writer_new();
        return m->body ? steal(m) : NULL;
}

/* Gives the memory to a request, which now has all its parts, or frees it. */
static int finish(struct retell_request_memory *memory, int64_t timeout_ms,
                  struct retell_request *ret)
{
        _cleanup_memory_ struct retell_request_memory *m = memory;
        const char *body = NULL;
        size_t len = 0;
        if (m->url.failed || m->key.failed)
                return VIO_E_NOMEM;
        if (m->key.len == strlen(BEARER))
                return VIO_E_INVALID;
        if (m->body) {
                int r = vio_json_writer_text(m->body, &body, &len);
                if (r < 0)
                        return r;
        }
        m->headers[0] = (struct vio_http_header){"Authorization", text_str(&m->key)};
        m->headers[1] = (struct vio_http_header){"Accept", "application/json"};
        m->headers[2] = (struct vio_http_header){"Content-Type", "application/json"};
        ret->http = (struct vio_http_request){
            .size = sizeof(ret->http),
            .method = body ? "POST" : "GET",
            .url = text_str(&m->url),
            .headers = m->headers,
            .n_headers = body ? 3 : 2,
            .body = body,
            .body_len = len,
            .timeout_ms = timeout_ms,
        };
        ret->memory = steal(m);
        return VIO_OK;
}

/* Writes a member unless it has no value: Retell refuses a null. */
static void put(vio_json_writer *w, const char *key, const char *value)
{
        if (value)
                vio_json_put_text(w, key, value);
}

static void put_dial(vio_json_writer *w, const struct retell_dial *d)
{
        vio_json_begin_object(w, NULL);
        put(w, "from_number", d->from_number);
        put(w, "to_number", d->to_number);
        put(w, "override_agent_id", d->agent_id);
        vio_json_begin_object(w, "metadata");
        put(w, "attempt_ref", d->attempt_ref);
        put(w, "tenant_id", d->tenant_ref);
        put(w, "contact_id", d->contact_ref);
        vio_json_end_object(w);
        if (d->n_variables > 0) {
                vio_json_begin_object(w, "retell_llm_dynamic_variables");
                for (size_t i = 0; i < d->n_variables; i++)
                        put(w, d->variables[i].name, d->variables[i].value);
                vio_json_end_object(w);
        }
        vio_json_end_object(w);
}

static bool is_there(const char *s)
{
        return s && *s;
}

int retell_request_create(struct retell_request *r, const struct retell_account *account,
                          const struct retell_dial *dial)
{
        if (!is_there(dial->from_number) || !is_there(dial->to_number) ||
            !is_there(dial->attempt_ref) || (dial->agent_id && !*dial->agent_id))
                return VIO_E_INVALID;
        struct retell_request_memory *m = memory_new_with_body(account, "/v2/create-phone-call");
        if (!m)
                return VIO_E_NOMEM;
        put_dial(m->body, dial);
        return finish(m, CREATE_TIMEOUT_MS, r);
}

/* Asks for one thing by its id, which stands at the end of the path. */
static int request_item(struct retell_request *r, const struct retell_account *account,
                        const char *path, const char *id)
{
        /* A segment of dots would be another path. */
        if (!is_there(id) || strspn(id, ".") == strlen(id))
                return VIO_E_INVALID;
        struct retell_request_memory *m = memory_new(account, path);
        if (!m)
                return VIO_E_NOMEM;
        url_add(&m->url, id);
        return finish(m, QUESTION_TIMEOUT_MS, r);
}

int retell_request_get_call(struct retell_request *r, const struct retell_account *account,
                            const char *call_id)
{
        return request_item(r, account, "/v2/get-call/", call_id);
}

int retell_request_number(struct retell_request *r, const struct retell_account *account,
                          const char *number)
{
        return request_item(r, account, "/get-phone-number/", number);
}

int retell_request_agent(struct retell_request *r, const struct retell_account *account,
                         const char *agent_id)
{
        return request_item(r, account, "/get-agent/", agent_id);
}

/* One filter on metadata.attempt_ref: equal to the one reference, or among the several. */
static void put_filter(vio_json_writer *w, const char *const *refs, size_t n)
{
        vio_json_begin_object(w, NULL);
        vio_json_put_text(w, "type", n == 1 ? "string" : "enum");
        vio_json_put_text(w, "op", n == 1 ? "eq" : "in");
        vio_json_put_text(w, "key", "attempt_ref");
        if (n == 1) {
                vio_json_put_text(w, "value", refs[0]);
        } else {
                vio_json_begin_array(w, "value");
                for (size_t i = 0; i < n; i++)
                        vio_json_put_text(w, NULL, refs[i]);
                vio_json_end_array(w);
        }
        vio_json_end_object(w);
}

int retell_request_list_by_ref(struct retell_request *r, const struct retell_account *account,
                               const char *const *attempt_refs, size_t n,
                               const char *pagination_key)
{
        if (n == 0 || n > RETELL_LIST_REFS)
                return VIO_E_INVALID;
        struct retell_request_memory *m = memory_new_with_body(account, "/v3/list-calls");
        if (!m)
                return VIO_E_NOMEM;
        /* No filter on times: a call that did not connect has none. */
        vio_json_begin_object(m->body, NULL);
        vio_json_begin_object(m->body, "filter_criteria");
        vio_json_begin_array(m->body, "metadata");
        put_filter(m->body, attempt_refs, n);
        vio_json_end_array(m->body);
        vio_json_end_object(m->body);
        vio_json_put_int(m->body, "limit", LIST_LIMIT);
        put(m->body, "pagination_key", pagination_key);
        vio_json_end_object(m->body);
        return finish(m, LIST_TIMEOUT_MS, r);
}

static int request_get(const struct retell_account *account, const char *path,
                       struct retell_request *ret)
{
        struct retell_request_memory *m = memory_new(account, path);
        return m ? finish(m, QUESTION_TIMEOUT_MS, ret) : VIO_E_NOMEM;
}

int retell_request_concurrency(struct retell_request *r, const struct retell_account *account)
{
        return request_get(account, "/get-concurrency", r);
}

int retell_request_key_info(struct retell_request *r, const struct retell_account *account)
{
        return request_get(account, "/get-api-key-info", r);
}
