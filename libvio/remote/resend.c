/* resend.c - the request that sends a mail, and what Resend's answers mean. */
#include "resend.h"

#include <stdio.h>
#include <string.h>
#include <vio/json.h>

#include "../base/crypto.h"
#include "../base/mem.h"
#include "../base/text.h"

/* A request that was given up is repeated with the same key, so it need not wait for long. */
#define TIMEOUT_MS 10000
#define KEY_MOST   256
#define WAIT_MOST  86400

struct resend_request_memory {
        struct text url;
        struct text bearer;
        struct text agent;
        struct text key;
        struct vio_http_header headers[5];
};

static void memory_free(struct resend_request_memory *m)
{
        if (!m)
                return;
        if (m->bearer.p)
                crypto_wipe(m->bearer.p, m->bearer.cap);
        text_free(&m->url);
        text_free(&m->bearer);
        text_free(&m->agent);
        text_free(&m->key);
        mem_free(m);
}

static void memory_freep(struct resend_request_memory **m)
{
        memory_free(*m);
}

void resend_request_free(struct resend_request *r)
{
        memory_free(r->memory);
        *r = (struct resend_request){0};
}

static bool write_texts(struct resend_request_memory *m, const char *base_url, const char *api_key,
                        const char *key)
{
        size_t len = strlen(base_url);

        while (len > 0 && base_url[len - 1] == '/')
                len--;
        text_add_n(&m->url, base_url, len);
        text_add(&m->url, "/emails");
        text_addf(&m->bearer, "Bearer %s", api_key);
        text_addf(&m->agent, "libvio/%s", vio_version());
        text_add(&m->key, key);
        return !m->url.failed && !m->bearer.failed && !m->agent.failed && !m->key.failed;
}

int resend_request_send(struct resend_request *r, const char *base_url, const char *api_key,
                        const char *key, const char *body)
{
        if (!api_key || !*api_key || !*key || strlen(key) > KEY_MOST)
                return VIO_E_INVALID;
        _cleanup_(memory_freep) struct resend_request_memory *m = mem_new(sizeof(*m));
        if (!m || !write_texts(m, base_url, api_key, key))
                return VIO_E_NOMEM;
        /* Without a User-Agent, Resend answers 403. */
        const struct vio_http_header headers[] = {{"Authorization", text_str(&m->bearer)},
                                                  {"User-Agent", text_str(&m->agent)},
                                                  {"Accept", "application/json"},
                                                  {"Content-Type", "application/json"},
                                                  {"Idempotency-Key", text_str(&m->key)}};
        memcpy(m->headers, headers, sizeof(headers));
        r->http = (struct vio_http_request){
            .size = sizeof(r->http),
            .method = "POST",
            .url = text_str(&m->url),
            .headers = m->headers,
            .n_headers = count_of(headers),
            .body = body,
            .body_len = strlen(body),
            .timeout_ms = TIMEOUT_MS,
        };
        r->memory = steal(m);
        return VIO_OK;
}

/*
 * What an answer means. The first row that fits counts; a row without a name fits every name, also
 * that of an answer which is no JSON. Repeating what is not clear does no harm: the key is the
 * same.
 */
static const struct {
        int from;
        int to;
        const char *name;
        enum mail_fate fate;
} meanings[] = {
    {200, 299, NULL, MAIL_SENT},
    {408, 408, NULL, MAIL_LATER},
    {409, 409, "invalid_idempotent_request", MAIL_NEVER},
    {409, 409, NULL, MAIL_LATER}, /* concurrent_idempotent_requests */
    {425, 425, NULL, MAIL_LATER},
    {429, 429, "daily_quota_exceeded", MAIL_NEXT_DAY},
    {429, 429, "monthly_quota_exceeded", MAIL_NEXT_MONTH},
    {429, 429, NULL, MAIL_LATER}, /* rate_limit_exceeded */
    {401, 401, NULL, MAIL_ALERT},
    {403, 403, NULL, MAIL_ALERT},
    {451, 451, NULL, MAIL_ALERT},
    {400, 499, NULL, MAIL_NEVER},
    {500, 599, NULL, MAIL_LATER},
    {0, 599, NULL, MAIL_ALERT}, /* a redirection: that is not Resend */
};

static enum mail_fate judge(int status, const char *name)
{
        for (size_t i = 0; i < count_of(meanings); i++) {
                if (status < meanings[i].from || status > meanings[i].to)
                        continue;
                if (!meanings[i].name || strcmp(meanings[i].name, name) == 0)
                        return meanings[i].fate;
        }
        return MAIL_ALERT;
}

/* The error's name goes into logs, so it may be nothing but a name. */
static void take_name(const char *name, char *ret, size_t size)
{
        size_t len = name ? strlen(name) : 0;
        if (len && len < size && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == len)
                text_copy(ret, size, name);
}

static void take_message(const char *message, char *ret, size_t size)
{
        text_copy(ret, size, message ? message : "");
        for (char *c = ret; *c; c++) {
                if ((unsigned char)*c < ' ' || *c == '\x7f')
                        *c = ' ';
        }
}

/* Whole seconds; 0 for a date or anything else. */
static int read_seconds(const char *s)
{
        int n = 0;
        if (!s || !*s)
                return 0;
        for (; *s >= '0' && *s <= '9'; s++)
                n = n < WAIT_MOST ? 10 * n + (*s - '0') : WAIT_MOST;
        return *s ? 0 : n < WAIT_MOST ? n : WAIT_MOST;
}

static int asked_wait(const struct vio_http_response *response)
{
        int wait = read_seconds(vio_http_response_get_header(response, "Retry-After"));
        return wait ? wait
                    : read_seconds(vio_http_response_get_header(response, "RateLimit-Reset"));
}

static bool id_valid(const char *id)
{
        return id && *id && strlen(id) < VIO_MAIL_ID &&
               strspn(id, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") ==
                   strlen(id);
}

static void read_body(const struct vio_http_response *response, struct resend_answer *a)
{
        size_t len;
        vio_json *json = NULL;
        const char *body = vio_http_response_get_body(response, &len);

        if (vio_json_parse(body, len, &json) < 0) {
                take_message(body, a->message, sizeof(a->message));
                return;
        }
        const char *id = vio_json_text(vio_json_get(json, "id"));
        if (id_valid(id))
                text_copy(a->id, sizeof(a->id), id);
        take_name(vio_json_text(vio_json_get(json, "name")), a->name, sizeof(a->name));
        take_message(vio_json_text(vio_json_get(json, "message")), a->message, sizeof(a->message));
        vio_json_free(json);
}

void resend_understand(const struct vio_http_response *response, struct resend_answer *ret)
{
        struct resend_answer a = {.fate = MAIL_LATER};

        a.status = vio_http_response_get_status(response);
        if (vio_http_response_get_failure(response) != VIO_HTTP_ANSWERED) {
                a.outage = true;
                take_message(vio_http_response_get_why(response), a.message, sizeof(a.message));
                *ret = a;
                return;
        }
        read_body(response, &a);
        a.fate = judge(a.status, a.name);
        a.outage = a.status >= 500;
        if (a.fate == MAIL_LATER)
                a.wait_s = asked_wait(response);
        /* Taken, as it seems, but without a receipt: the same key gives that. */
        if (a.fate == MAIL_SENT && !*a.id)
                a.fate = MAIL_LATER;
        *ret = a;
}
