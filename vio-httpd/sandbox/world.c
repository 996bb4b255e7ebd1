/* world.c - Retell's endpoints over a book of calls and an outbox of webhooks. */
#include "world.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "book.h"
#include "cleanup.h"
#include "criteria.h"
#include "outbox.h"
#include "strict.h"

#define MAX_CALLS   10000
#define CONCURRENCY 20
#define LIST_LIMIT  50

/* A number that had its first refusal (..14, ..15): next time it goes through. */
struct refusal {
        struct refusal *next;
        char *who; /* API key, newline, number */
};

struct world {
        struct world_options options;
        struct book book;
        struct outbox outbox;
        struct refusal *refusals;
        size_t n_refusals;
};

/* One request as its endpoint sees it: authorised, and its path taken apart. */
struct visit {
        vio_time now;
        const char *api_key;
        const char *id; /* what follows the endpoint's path, "" for none */
        const char *body;
        size_t body_len;
        struct world_answer *answer;
};

struct endpoint {
        const char *method;
        const char *path; /* ends with "/" when an id follows */
        int (*serve)(struct world *w, struct visit *v);
};

struct world *world_new(const struct world_options *options)
{
        struct world *w = calloc(1, sizeof(*w));
        if (!w)
                return NULL;
        w->options = *options;
        if (w->options.speed < 1)
                w->options.speed = 1;
        if (!w->options.max_calls)
                w->options.max_calls = MAX_CALLS;
        if (!w->options.concurrency)
                w->options.concurrency = CONCURRENCY;
        w->outbox.speed = w->options.speed;
        if (!book_init(&w->book, w->options.max_calls, w->options.seed))
                return world_free(w);
        return w;
}

struct world *world_free(struct world *w)
{
        if (!w)
                return NULL;
        while (w->refusals) {
                struct refusal *r = w->refusals;
                w->refusals = r->next;
                free(r->who);
                free(r);
        }
        outbox_free(&w->outbox);
        book_free(&w->book);
        free(w);
        return NULL;
}

void world_send_webhooks_to(struct world *w, const char *url)
{
        w->options.webhook_url = url;
}

void world_answer_clear(struct world_answer *a)
{
        vio_json_writer_free(a->body);
        *a = (struct world_answer){0};
}

/* The one form of every error answer. */
static int refuse(struct visit *v, int status, const char *message)
{
        vio_json_writer *w = v->answer->body;
        v->answer->status = status;
        vio_json_begin_object(w, NULL);
        vio_json_put_text(w, "status", "error");
        vio_json_put_text(w, "message", message);
        vio_json_end_object(w);
        return VIO_OK;
}

static int throttle(struct visit *v, const char *limiter)
{
        v->answer->limiter = limiter;
        v->answer->reset_s = 1;
        return refuse(v, 429, "Account rate limited, please throttle your requests.");
}

static bool listed(const char *const *list, const char *value)
{
        for (; list && *list; list++)
                if (!strcmp(*list, value))
                        return true;
        return !list;
}

static int busy_calls(const struct world *w, const struct visit *v)
{
        int n = 0;
        for (uint64_t i = book_begin(&w->book); i < w->book.end; i++) {
                const struct phone_call *c = book_at(&w->book, i);
                n += !strcmp(c->api_key, v->api_key) && v->now < c->ended;
        }
        return n;
}

static bool refused_before(const struct world *w, const char *who)
{
        for (const struct refusal *r = w->refusals; r; r = r->next)
                if (!strcmp(r->who, who))
                        return true;
        return false;
}

/*
 * Whether this number of this workspace is asked for the first time; remembers that it was. A full
 * memory takes everyone for an old acquaintance.
 */
static int first_time(struct world *w, const char *api_key, const char *to_number, bool *ret)
{
        char *who = NULL;
        if (asprintf(&who, "%s\n%s", api_key, to_number) < 0)
                return VIO_E_NOMEM;
        if (w->n_refusals >= w->options.max_calls || refused_before(w, who)) {
                free(who);
                *ret = false;
                return VIO_OK;
        }
        struct refusal *r = calloc(1, sizeof(*r));
        if (!r) {
                free(who);
                return VIO_E_NOMEM;
        }
        *r = (struct refusal){.next = w->refusals, .who = who};
        w->refusals = r;
        w->n_refusals++;
        *ret = true;
        return VIO_OK;
}

/* Takes @request over in any case. */
static int place(struct world *w, struct visit *v, vio_json *request)
{
        struct phone_call *c = phone_call_new(request, v->api_key, v->now, w->options.speed);
        if (!c) {
                vio_json_free(request);
                return VIO_E_NOMEM;
        }
        if (!outbox_schedule(&w->outbox, c)) {
                phone_call_free(c);
                return VIO_E_NOMEM;
        }
        struct phone_call *forgotten = book_oldest_if_full(&w->book);
        if (forgotten)
                outbox_forget(&w->outbox, forgotten);
        book_add(&w->book, c);
        v->answer->status = 201;
        v->answer->lost = person_has(c->person, ANSWER_LOST);
        phone_call_write(v->answer->body, NULL, c, CALL_REGISTERED, CALL_WHOLE);
        return VIO_OK;
}

/* What may stand against a well-formed request; true when an answer was given. */
static int object(struct world *w, struct visit *v, const vio_json *request, bool *ret)
{
        const char *from = vio_json_text(vio_json_get(request, "from_number"));
        const char *to = vio_json_text(vio_json_get(request, "to_number"));
        const struct person *p = person_of(to);
        char message[80];
        bool first = false;
        *ret = true;
        if (!listed(w->options.numbers, from)) {
                snprintf(message, sizeof(message), "Item %.20s not found from phone-number", from);
                return refuse(v, 404, message);
        }
        if (busy_calls(w, v) >= w->options.concurrency)
                return throttle(v, "call");
        if (p->quirks & (THROTTLED_FIRST | BROKEN_FIRST)) {
                int r = first_time(w, v->api_key, to, &first);
                if (r < 0)
                        return r;
        }
        if (first && person_has(p, THROTTLED_FIRST))
                return throttle(v, "call");
        if (first)
                return refuse(v, 500, "An unexpected server error occurred.");
        *ret = false;
        return VIO_OK;
}

/* Parses the body; a body that is no JSON is answered with 400 and gives NULL. */
static int parse_body(struct visit *v, vio_json **ret)
{
        int r = vio_json_parse(v->body ? v->body : "", v->body_len, ret);
        if (r != VIO_E_INVALID)
                return r;
        return refuse(v, 400, "Invalid request format, please check API reference.");
}

static int create_call(struct world *w, struct visit *v)
{
        _cleanup_json_ vio_json *request = NULL;
        struct strict_fault fault;
        bool objected = false;
        int r = parse_body(v, &request);
        if (r < 0 || !request)
                return r;
        if (!strict_create_call(request, &fault))
                return refuse(v, 400, fault.message);
        r = object(w, v, request, &objected);
        if (r < 0 || objected)
                return r;
        vio_json *taken = request;
        request = NULL;
        return place(w, v, taken);
}

static int get_call(struct world *w, struct visit *v)
{
        const struct phone_call *c = book_find(&w->book, v->id);
        if (!c || strcmp(c->api_key, v->api_key) != 0)
                return refuse(v, 422, "Cannot find requested asset under given api key.");
        v->answer->status = 200;
        phone_call_write(v->answer->body, NULL, c, phone_call_stage_at(c, v->now), CALL_WHOLE);
        return VIO_OK;
}

/* What POST /v3/list-calls asks for. */
struct listing {
        const vio_json *criteria;
        bool ascending;
        bool with_total;
        int64_t limit;
        int64_t skip;
        bool has_key; /* go on behind the call with this serial */
        uint64_t key;
};

static bool read_key(const char *text, uint64_t *ret)
{
        char *end = NULL;
        errno = 0;
        *ret = strtoull(text, &end, 10);
        return !errno && *end == '\0' && *text != '-';
}

static bool read_listing(const vio_json *body, struct listing *ret, struct strict_fault *fault)
{
        const char *order = vio_json_text(vio_json_get(body, "sort_order"));
        const char *key = vio_json_text(vio_json_get(body, "pagination_key"));
        *ret = (struct listing){.limit = LIST_LIMIT,
                                .criteria = vio_json_get(body, "filter_criteria"),
                                .ascending = order && !strcmp(order, "ascending")};
        /* Absent ones keep their defaults; strict_list_calls() saw to the types. */
        (void)vio_json_int(vio_json_get(body, "limit"), &ret->limit);
        (void)vio_json_int(vio_json_get(body, "skip"), &ret->skip);
        (void)vio_json_bool(vio_json_get(body, "include_total"), &ret->with_total);
        ret->has_key = key;
        return !key || read_key(key, &ret->key) ||
               strict_refuse(fault, "pagination_key", "is not one of ours");
}

static bool behind_key(const struct listing *l, uint64_t serial)
{
        if (!l->has_key)
                return true;
        return l->ascending ? serial > l->key : serial < l->key;
}

static bool visible(const struct world *w, const struct visit *v, const struct phone_call *c)
{
        return !strcmp(c->api_key, v->api_key) && v->now >= c->placed + w->options.list_lag_ms;
}

/* Writes the items of one page; walks on to count all when asked to. */
static void write_page(const struct world *w, const struct visit *v, const struct listing *l)
{
        vio_json_writer *out = v->answer->body;
        uint64_t begin = book_begin(&w->book), last = 0;
        int64_t total = 0, skipped = 0, written = 0;
        bool more = false;
        vio_json_begin_array(out, "items");
        for (uint64_t i = begin; i < w->book.end && (!more || l->with_total); i++) {
                uint64_t serial = l->ascending ? i : begin + w->book.end - 1 - i;
                const struct phone_call *c = book_at(&w->book, serial);
                if (!visible(w, v, c) || !criteria_match(l->criteria, c, v->now))
                        continue;
                total++;
                if (!behind_key(l, serial) || skipped++ < l->skip)
                        continue;
                more = written >= l->limit;
                if (more)
                        continue;
                phone_call_write(out, NULL, c, phone_call_stage_at(c, v->now), CALL_LISTED);
                written++;
                last = serial;
        }
        vio_json_end_array(out);
        vio_json_put_bool(out, "has_more", more);
        if (more) {
                char key[24];
                snprintf(key, sizeof(key), "%" PRIu64, last);
                vio_json_put_text(out, "pagination_key", key);
        }
        if (l->with_total)
                vio_json_put_int(out, "total", total);
}

static int list_calls(struct world *w, struct visit *v)
{
        _cleanup_json_ vio_json *body = NULL;
        struct strict_fault fault;
        struct listing l;
        int r = parse_body(v, &body);
        if (r < 0 || !body)
                return r;
        if (!strict_list_calls(body, &fault) || !read_listing(body, &l, &fault) ||
            !criteria_check(l.criteria, &fault))
                return refuse(v, 400, fault.message);
        v->answer->status = 200;
        vio_json_begin_object(v->answer->body, NULL);
        write_page(w, v, &l);
        vio_json_end_object(v->answer->body);
        return VIO_OK;
}

static int get_concurrency(struct world *w, struct visit *v)
{
        vio_json_writer *out = v->answer->body;
        v->answer->status = 200;
        vio_json_begin_object(out, NULL);
        vio_json_put_int(out, "current_concurrency", busy_calls(w, v));
        vio_json_put_int(out, "concurrency_limit", w->options.concurrency);
        vio_json_put_int(out, "base_concurrency", w->options.concurrency);
        vio_json_put_int(out, "purchased_concurrency", 0);
        vio_json_put_int(out, "reserved_inbound_concurrency", 0);
        vio_json_put_bool(out, "concurrency_burst_enabled", false);
        vio_json_put_int(out, "concurrency_burst_limit", 0);
        vio_json_end_object(out);
        return VIO_OK;
}

static int get_key_info(struct world *w, struct visit *v)
{
        (void)w;
        v->answer->status = 200;
        vio_json_begin_object(v->answer->body, NULL);
        vio_json_put_text(v->answer->body, "api_key_name", "Sandbox key");
        vio_json_put_text(v->answer->body, "org_name", "Sandbox");
        vio_json_end_object(v->answer->body);
        return VIO_OK;
}

/* The number that stands in a path, where its "+" may be "%2B". */
static void number_of(const char *id, char ret[32])
{
        bool encoded = !strncasecmp(id, "%2b", 3);
        snprintf(ret, 32, "%s%s", encoded ? "+" : "", id + (encoded ? 3 : 0));
}

static int get_number(struct world *w, struct visit *v)
{
        char number[32];
        number_of(v->id, number);
        if (number[0] != '+' || !listed(w->options.numbers, number))
                return refuse(v, 404, "Item not found from phone-number");
        v->answer->status = 200;
        vio_json_begin_object(v->answer->body, NULL);
        vio_json_put_text(v->answer->body, "phone_number", number);
        vio_json_put_text(v->answer->body, "phone_number_type", "retell-twilio");
        vio_json_begin_array(v->answer->body, "outbound_agents");
        vio_json_begin_object(v->answer->body, NULL);
        vio_json_put_text(v->answer->body, "agent_id", "agent_sandbox");
        vio_json_put_int(v->answer->body, "weight", 1);
        vio_json_end_object(v->answer->body);
        vio_json_end_array(v->answer->body);
        vio_json_end_object(v->answer->body);
        return VIO_OK;
}

static int get_agent(struct world *w, struct visit *v)
{
        if (!listed(w->options.agents, v->id))
                return refuse(v, 404, "Item not found from agent");
        v->answer->status = 200;
        vio_json_begin_object(v->answer->body, NULL);
        vio_json_put_text(v->answer->body, "agent_id", v->id);
        vio_json_put_text(v->answer->body, "agent_name", "Sandbox agent");
        vio_json_end_object(v->answer->body);
        return VIO_OK;
}

static const struct endpoint endpoints[] = {
    {"POST", "/v2/create-phone-call", create_call},
    {"GET", "/v2/get-call/", get_call},
    {"POST", "/v3/list-calls", list_calls},
    {"GET", "/get-concurrency", get_concurrency},
    {"GET", "/get-api-key-info", get_key_info},
    {"GET", "/get-phone-number/", get_number},
    {"GET", "/get-agent/", get_agent},
};

/* The endpoint of a request; what follows a path that ends with "/" is the id. */
static const struct endpoint *endpoint_of(const struct world_request *rq, const char **ret_id)
{
        for (size_t i = 0; i < count_of(endpoints); i++) {
                const struct endpoint *e = &endpoints[i];
                size_t len = strlen(e->path);
                bool takes_id = e->path[len - 1] == '/';
                if (strcmp(rq->method, e->method) != 0 || strncmp(rq->path, e->path, len) != 0 ||
                    takes_id == (rq->path[len] == '\0'))
                        continue;
                *ret_id = rq->path + len;
                return e;
        }
        return NULL;
}

/* The token of "Bearer <token>", or NULL. */
static const char *bearer(const char *authorization)
{
        static const char scheme[] = "Bearer ";
        const size_t len = sizeof(scheme) - 1;
        if (!authorization || strncasecmp(authorization, scheme, len) != 0 || !authorization[len])
                return NULL;
        return authorization + len;
}

static int serve(struct world *w, const struct world_request *rq, struct visit *v)
{
        if (!v->api_key || !listed(w->options.keys, v->api_key))
                return refuse(v, 401, "API key is missing or invalid.");
        const struct endpoint *e = endpoint_of(rq, &v->id);
        if (!e)
                return refuse(v, 404, "Not found.");
        return e->serve(w, v);
}

int world_request(struct world *w, vio_time now, const struct world_request *rq,
                  struct world_answer *ret)
{
        struct world_answer answer = {.body = vio_json_writer_new()};
        struct visit v = {.now = now,
                          .api_key = bearer(rq->authorization),
                          .body = rq->body,
                          .body_len = rq->body_len,
                          .answer = &answer};
        const char *text;
        int r = answer.body ? serve(w, rq, &v) : VIO_E_NOMEM;
        if (r == VIO_OK)
                r = vio_json_writer_text(answer.body, &text, NULL);
        if (r < 0) {
                world_answer_clear(&answer);
                return r;
        }
        *ret = answer;
        return VIO_OK;
}

vio_time world_next_due(const struct world *w)
{
        return w->outbox.waiting ? w->outbox.waiting->due : VIO_TIME_NONE;
}

/* Retell's envelope: {"event":...,"call":{...}}. */
static int write_webhook(vio_json_writer *w, const struct outbox_item *item,
                         struct world_delivery *ret)
{
        vio_json_writer_reset(w);
        vio_json_begin_object(w, NULL);
        vio_json_put_text(w, "event", ret->event);
        phone_call_write(w, "call", item->call, item->stage, CALL_WHOLE);
        vio_json_end_object(w);
        return vio_json_writer_text(w, &ret->body, &ret->body_len);
}

int world_advance(struct world *w, vio_time now,
                  int (*emit)(void *data, const struct world_delivery *d), void *data)
{
        _cleanup_writer_ vio_json_writer *body = vio_json_writer_new();
        struct outbox_item *item;
        if (!body)
                return VIO_E_NOMEM;
        while ((item = outbox_take(&w->outbox, now))) {
                struct world_delivery d = {.id = item->id,
                                           .attempt = item->attempt,
                                           .event = outbox_event(item),
                                           .call_id = item->call->id,
                                           .api_key = item->call->api_key,
                                           .url = w->options.webhook_url};
                int r = write_webhook(body, item, &d);
                if (r == VIO_OK)
                        r = emit(data, &d);
                if (r) {
                        outbox_put_back(&w->outbox, item);
                        return r;
                }
        }
        return VIO_OK;
}

void world_delivered(struct world *w, uint64_t id, bool ok, vio_time now)
{
        outbox_settle(&w->outbox, id, ok, now);
}

size_t world_rings(const struct world *w, const char *to_number, struct world_ring *ret, size_t max)
{
        size_t n = 0;
        for (uint64_t i = book_begin(&w->book); i < w->book.end; i++) {
                const struct phone_call *c = book_at(&w->book, i);
                if (strcmp(phone_call_asked(c, "to_number"), to_number) != 0)
                        continue;
                if (n++ < max)
                        ret[n - 1] = (struct world_ring){.at = c->placed,
                                                         .call_id = c->id,
                                                         .api_key = c->api_key,
                                                         .attempt_ref = phone_call_attempt_ref(c)};
        }
        return n;
}
