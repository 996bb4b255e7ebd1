/*
 * world.h - a simulated Retell without network, threads, clock or chance.
 *
 * The world is a state machine over virtual time: every function is given the time, and the same
 * calls with the same times give the same bytes. The sandbox server, the tests and the simulation
 * put their own clock and their own transport around it.
 *
 * What is as documented by Retell: paths, fields and their types, status codes, error bodies, the
 * order and content of webhooks, three attempts per webhook, filters and paging of list-calls.
 *
 * What is invented, because Retell does not say or a sandbox need not: who picks up (people.h), the
 * wait between two attempts of a webhook, 429 beyond the concurrency limit, prices, empty word
 * timings, list-calls ordered by the time of placing, every well-formed from_number being bought,
 * every agent being there, every API key being a workspace. agent_override and custom_sip_headers
 * are checked as objects and otherwise ignored. Rate limits and the budget of 4xx answers are not
 * simulated.
 */
#ifndef SANDBOX_WORLD_H
#define SANDBOX_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vio/core.h>
#include <vio/json.h>

struct world;

struct world_options {
        uint64_t seed;              /* makes call ids differ between two worlds */
        int speed;                  /* divides ringing, talking, analysing, retrying; 0 means 1 */
        size_t max_calls;           /* the oldest call is forgotten beyond it; 0 means 10000 */
        int concurrency;            /* calls at once per API key; 0 means 20 */
        int64_t list_lag_ms;        /* list-calls does not see a call before it is so old */
        const char *webhook_url;    /* given back with every delivery; may be NULL */
        const char *const *numbers; /* from_numbers bought, NULL at the end; NULL: every one */
        const char *const *agents;  /* agents made, NULL at the end; NULL: every one */
        const char *const *keys;    /* API keys known, NULL at the end; NULL: every one */
};

/* A new world, or NULL when out of memory. The options are copied, texts and lists are not. */
struct world *world_new(const struct world_options *options);
struct world *world_free(struct world *w);

/* Where webhooks go from now on. The text is not copied. */
void world_send_webhooks_to(struct world *w, const char *url);

/* What Retell would answer. */
struct world_answer {
        int status;
        bool lost;             /* the world acted, but this answer must never reach the client */
        const char *limiter;   /* X-RateLimit-Limiter of a 429, or NULL */
        int reset_s;           /* RateLimit-Reset of a 429: seconds to wait */
        vio_json_writer *body; /* the caller frees it with world_answer_clear() */
};

void world_answer_clear(struct world_answer *a);

/*
 * One request to Retell's API at @now: routing, authorisation, validation, answer.
 *
 * @authorization: the header's value, or NULL. @path: without query. @body: any bytes.
 * Errors: VIO_E_NOMEM; what the client then gets is as open as after a 500: a call may be placed.
 */
struct world_request {
        const char *method;
        const char *path;
        const char *authorization;
        const char *body;
        size_t body_len;
};
int world_request(struct world *w, vio_time now, const struct world_request *rq,
                  struct world_answer *ret);

/* A webhook to be posted now. Everything it points to lives until the callback returns. */
struct world_delivery {
        uint64_t id;
        int attempt; /* 1 to 3 */
        const char *event;
        const char *call_id;
        const char *api_key; /* signs the body */
        const char *url;
        const char *body;
        size_t body_len;
};

/* When world_advance() has something to do next, or VIO_TIME_NONE. */
vio_time world_next_due(const struct world *w);

/*
 * Emits every webhook due at @now, in order of their times. The callback must not call the world.
 *
 * Each delivery is to be answered by world_delivered(); until then it is not sent again.
 * Errors: VIO_E_NOMEM (what was not emitted stays due); what the callback returns unless 0, whose
 * delivery stays due, too.
 */
int world_advance(struct world *w, vio_time now,
                  int (*emit)(void *data, const struct world_delivery *d), void *data);

/* How a delivery went: @ok for any 2xx in time. Otherwise it is due again, at most 3 times in all.
 */
void world_delivered(struct world *w, uint64_t id, bool ok, vio_time now);

/* One entry of the ledger: a number was dialled. */
struct world_ring {
        vio_time at;
        const char *call_id;
        const char *api_key;
        const char *attempt_ref; /* from metadata, or NULL */
};

/*
 * How often a number was dialled, of the calls the world still remembers; the first @max of them,
 * oldest first, are put into @ret. The texts belong to the world and live until its next request.
 */
size_t world_rings(const struct world *w, const char *to_number, struct world_ring *ret,
                   size_t max);

#endif
