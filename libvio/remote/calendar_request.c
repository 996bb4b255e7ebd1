/* calendar_request.c - the questions that Cal.com and Calendly answer, and how they refuse. */
#include <stdlib.h>
#include <string.h>

#include "../base/calendar.h"
#include "../base/crypto.h"
#include "../base/mem.h"
#include "../base/text.h"
#include "calendar.h"
#include "url.h"

#define TIMEOUT_MS  15000
#define WAIT_MOST_S 3600
/* When an account is throttled and nobody says for how long. */
#define WAIT_DEFAULT_S 60

#define BEARER "Bearer "

struct calendar_request_memory {
        struct text url;
        struct text key;
        struct vio_http_header headers[3];
};

static void memory_free(struct calendar_request_memory *m)
{
        if (!m)
                return;
        if (m->key.p)
                crypto_wipe(m->key.p, m->key.cap);
        text_free(&m->key);
        text_free(&m->url);
        mem_free(m);
}

static void memory_freep(struct calendar_request_memory **m)
{
        memory_free(*m);
}

#define _cleanup_memory_ _cleanup_(memory_freep)

void calendar_request_free(struct calendar_request *r)
{
        memory_free(r->memory);
        *r = (struct calendar_request){0};
}

static struct calendar_request_memory *memory_new(const struct calendar_account *a,
                                                  const char *path)
{
        struct calendar_request_memory *m = mem_new(sizeof(*m));
        if (!m)
                return NULL;
        url_add_base(&m->url, a->base_url);
        text_add(&m->url, path);
        text_add(&m->key, BEARER);
        text_add(&m->key, a->key ? a->key : "");
        return m;
}

/* One more parameter of the query; the first one follows the "?" of the path. */
static void put(struct calendar_request_memory *m, const char *name, const char *value)
{
        char last = m->url.len ? m->url.p[m->url.len - 1] : '?';
        text_addf(&m->url, "%s%s=", last == '?' ? "" : "&", name);
        url_add(&m->url, value);
}

static void put_time(struct calendar_request_memory *m, const char *name, vio_time t)
{
        char text[VIO_TIME_TEXT];
        put(m, name, vio_time_format(t, text));
}

static void put_number(struct calendar_request_memory *m, const char *name, int64_t n)
{
        struct text digits = TEXT_INIT;
        text_add_number(&digits, (uint64_t)n, 1);
        put(m, name, text_str(&digits));
        if (digits.failed)
                m->url.failed = true;
        text_free(&digits);
}

/* Gives the memory to a request, or frees it. @version: of Cal.com's interface, or NULL. */
static int finish(struct calendar_request_memory *memory, const char *version,
                  struct calendar_request *ret)
{
        _cleanup_memory_ struct calendar_request_memory *m = memory;
        if (m->url.failed || m->key.failed)
                return VIO_E_NOMEM;
        if (m->key.len == strlen(BEARER))
                return VIO_E_INVALID;
        m->headers[0] = (struct vio_http_header){"Authorization", text_str(&m->key)};
        m->headers[1] = (struct vio_http_header){"Accept", "application/json"};
        m->headers[2] = (struct vio_http_header){"cal-api-version", version};
        ret->http = (struct vio_http_request){
            .size = sizeof(ret->http),
            .method = "GET",
            .url = text_str(&m->url),
            .headers = m->headers,
            .n_headers = version ? 3 : 2,
            .timeout_ms = TIMEOUT_MS,
        };
        ret->memory = steal(m);
        return VIO_OK;
}

int cal_com_request_bookings(struct calendar_request *r, const struct calendar_account *a,
                             const struct cal_com_query *q)
{
        struct calendar_request_memory *m = memory_new(a, "/v2/bookings?");
        if (!m)
                return VIO_E_NOMEM;
        if (q->updated != VIO_TIME_NONE)
                put_time(m, "afterUpdatedAt", q->updated);
        if (q->start != VIO_TIME_NONE)
                put_time(m, "afterStart", q->start);
        put(m, "sortUpdatedAt", "asc");
        put_number(m, q->old_version ? "take" : "limit", CAL_COM_PAGE);
        if (q->old_version)
                put_number(m, "skip", q->skip);
        else if (q->cursor)
                put(m, "cursor", q->cursor);
        return finish(m, q->old_version ? "2024-08-13" : "2026-05-01", r);
}

int calendly_request_me(struct calendar_request *r, const struct calendar_account *a)
{
        struct calendar_request_memory *m = memory_new(a, "/users/me");
        return m ? finish(m, NULL, r) : VIO_E_NOMEM;
}

int calendly_request_events(struct calendar_request *r, const struct calendar_account *a,
                            const char *user, bool canceled, vio_time from, vio_time to,
                            const char *page)
{
        struct calendar_request_memory *m = memory_new(a, "/scheduled_events?");
        if (!m)
                return VIO_E_NOMEM;
        put(m, "user", user);
        put_time(m, "min_start_time", from);
        put_time(m, "max_start_time", to);
        put(m, "status", canceled ? "canceled" : "active");
        put(m, "sort", "start_time:asc");
        put_number(m, "count", CALENDLY_PAGE);
        if (page)
                put(m, "page_token", page);
        return finish(m, NULL, r);
}

/* An answer names events by their addresses. Only the last part of it is taken: the server that
 * is asked is the one that was set up, never one that an answer names. */
static const char *event_id(const char *event)
{
        static const char collection[] = "/scheduled_events/";
        const char *at = event ? strstr(event, collection) : NULL;
        const char *id = at ? at + strlen(collection) : "";
        bool good = *id && !strpbrk(id, "/?#") && strspn(id, ".") != strlen(id);
        return good ? id : NULL;
}

int calendly_request_invitees(struct calendar_request *r, const struct calendar_account *a,
                              const char *event)
{
        const char *id = event_id(event);
        if (!id)
                return VIO_E_INVALID;
        struct calendar_request_memory *m = memory_new(a, "/scheduled_events/");
        if (!m)
                return VIO_E_NOMEM;
        url_add(&m->url, id);
        text_add(&m->url, "/invitees?");
        put_number(m, "count", 100);
        return finish(m, NULL, r);
}

static const struct {
        int from;
        int to;
        int err;
} statuses[] = {
    {200, 299, VIO_OK},     {400, 400, VIO_E_INVALID},  {401, 401, VIO_E_AUTH},
    {403, 403, VIO_E_AUTH}, {404, 404, VIO_E_NOTFOUND}, {429, 429, VIO_E_BUSY},
};

int calendar_answer(const struct vio_http_response *response)
{
        int status = vio_http_response_get_status(response);
        for (size_t i = 0; i < count_of(statuses); i++) {
                if (status >= statuses[i].from && status <= statuses[i].to)
                        return statuses[i].err;
        }
        return VIO_E_UPSTREAM;
}

/* A whole number in the first of these headers that has one; -1 when none has. */
static int64_t header_number(const struct vio_http_response *response, const char *const *names,
                             size_t n)
{
        for (size_t i = 0; i < n; i++) {
                const char *text = vio_http_response_get_header(response, names[i]);
                size_t len = text ? strlen(text) : 0;
                if (len && len < 15 && strspn(text, "0123456789") == len)
                        return strtoll(text, NULL, 10);
        }
        return -1;
}

/* Some tell seconds from now, others a moment in seconds or milliseconds. */
static int64_t seconds_from(int64_t n, vio_time now)
{
        if (n > INT64_C(100000000000))
                n /= 1000;
        return n > 1000000000 ? n - now / MS_PER_SECOND : n;
}

int calendar_wait_s(const struct vio_http_response *response, vio_time now)
{
        static const char *const waits[] = {"Retry-After", "X-RateLimit-Reset",
                                            "X-RateLimit-Reset-Default"};
        static const char *const rests[] = {"X-RateLimit-Remaining",
                                            "X-RateLimit-Remaining-Default"};
        bool refused = vio_http_response_get_status(response) == 429;

        if (!refused && header_number(response, rests, count_of(rests)) != 0)
                return 0;
        int64_t told = header_number(response, waits, count_of(waits));
        int64_t wait = told < 0 ? WAIT_DEFAULT_S : seconds_from(told, now);
        if (wait < 1)
                wait = refused ? 1 : 0;
        return (int)(wait > WAIT_MOST_S ? WAIT_MOST_S : wait);
}
