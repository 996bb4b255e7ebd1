/* network.c - the way to the telephone service, and what happens to requests on it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim.h"

static const char *header_of(const struct vio_http_request *rq, const char *name)
{
        for (size_t i = 0; i < rq->n_headers; i++)
                if (strcasecmp(rq->headers[i].name, name) == 0)
                        return rq->headers[i].value;
        return NULL;
}

static void answer(struct vio_http_response *r, const struct world_answer *a)
{
        const char *text;
        size_t len;
        char seconds[16];

        vio_http_response_status(r, a->status);
        if (a->limiter) {
                snprintf(seconds, sizeof(seconds), "%d", a->reset_s);
                vio_http_response_header(r, "X-RateLimit-Limiter", a->limiter);
                vio_http_response_header(r, "RateLimit-Reset", seconds);
        }
        if (vio_json_writer_text(a->body, &text, &len) == 0)
                (void)vio_http_response_write(r, text, len);
}

/* How an exchange goes wrong, if it does. */
enum fate { FATE_GOOD, FATE_LOST, FATE_NEVER, FATE_REFUSED, FATE_BEFORE, FATE_AFTER, FATE_429 };

static enum fate draw_fate(struct sim *s)
{
        static const struct {
                enum fault_kind kind;
                enum fate fate;
        } rows[] = {
            {FAULT_answer_lost, FATE_LOST},  {FAULT_never_arrived, FATE_NEVER},
            {FAULT_refused, FATE_REFUSED},   {FAULT_error_before, FATE_BEFORE},
            {FAULT_error_after, FATE_AFTER}, {FAULT_throttled, FATE_429},
        };
        if (s->now < s->outage_until)
                return FATE_NEVER;
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
                if (strikes(s, rows[i].kind))
                        return rows[i].fate;
        return FATE_GOOD;
}

/* Calls that stay as they were told first. */

static const struct stuck *stuck_of(const struct sim *s, const char *call_id)
{
        for (size_t i = 0; i < s->n_stuck; i++)
                if (strcmp(s->stuck[i].call, call_id) == 0)
                        return &s->stuck[i];
        return NULL;
}

bool network_stuck(const struct sim *s, const char *call_id)
{
        return stuck_of(s, call_id) != NULL;
}

static void stick(struct sim *s, const char *body)
{
        vio_json *answer = NULL;
        if (s->n_stuck == MOST_STUCK || vio_json_parse(body, strlen(body), &answer) < 0)
                return;
        const char *id = vio_json_text(vio_json_get(answer, "call_id"));
        struct stuck *k = &s->stuck[s->n_stuck];
        if (id && strikes(s, FAULT_stuck)) {
                snprintf(k->call, sizeof(k->call), "%s", id);
                k->body = strdup(body);
                s->n_stuck++;
        }
        vio_json_free(answer);
}

static const char *call_asked_for(const struct world_request *rq)
{
        static const char get_call[] = "/v2/get-call/";
        return strncmp(rq->path, get_call, sizeof(get_call) - 1) == 0
                   ? rq->path + sizeof(get_call) - 1
                   : NULL;
}

/* What is told of a call is remembered; of one that is stuck, what was told first is told again. */
static void answer_whole(struct sim *s, const struct world_request *wrq, struct world_answer *a,
                         struct vio_http_response *r)
{
        const char *text;
        size_t len;
        const char *asked = call_asked_for(wrq);
        const struct stuck *stuck = asked ? stuck_of(s, asked) : NULL;
        if (stuck) {
                vio_http_response_status(r, 200);
                (void)vio_http_response_write(r, stuck->body, strlen(stuck->body));
                return;
        }
        answer(r, a);
        if (asked && a->status == 200 && vio_json_writer_text(a->body, &text, &len) == 0)
                ledger_note_answer(s, text, len);
}

static bool is_dial(const struct world_request *rq)
{
        return strcmp(rq->path, "/v2/create-phone-call") == 0;
}

static void ask_world(struct sim *s, const struct vio_http_request *rq, enum fate fate,
                      struct vio_http_response *r)
{
        struct world_answer a;
        struct world_request wrq = {.method = rq->method,
                                    .path = strchr(strstr(rq->url, "//") + 2, '/'),
                                    .authorization = header_of(rq, "Authorization"),
                                    .body = rq->body,
                                    .body_len = rq->body_len};
        if (is_dial(&wrq))
                witness_dial(s, rq);
        if (world_request(s->world, s->now, &wrq, &a) < 0)
                broken(s, "", "the world has no memory left");
        tell(s, "", "%s %s -> %d%s", rq->method, wrq.path, a.status, a.lost ? ", lost" : "");
        const char *text;
        size_t len;
        if (is_dial(&wrq) && a.status == 201 && vio_json_writer_text(a.body, &text, &len) == 0)
                stick(s, text);
        if (fate == FATE_LOST || a.lost)
                vio_http_response_fail(r, VIO_HTTP_MAYBE_SENT, "timed out");
        else if (fate == FATE_AFTER)
                vio_http_response_status(r, 502);
        else
                answer_whole(s, &wrq, &a, r);
        world_answer_clear(&a);
}

static void refuse_for_now(struct vio_http_response *r)
{
        vio_http_response_status(r, 429);
        vio_http_response_header(r, "X-RateLimit-Limiter", "requests");
        vio_http_response_header(r, "RateLimit-Reset", "20");
}

static void exchange(struct sim *s, const struct vio_http_request *rq, struct vio_http_response *r)
{
        enum fate fate = draw_fate(s);
        switch (fate) {
        case FATE_GOOD:
        case FATE_LOST:
        case FATE_AFTER: ask_world(s, rq, fate, r); break;
        case FATE_NEVER: vio_http_response_fail(r, VIO_HTTP_MAYBE_SENT, "connection reset"); break;
        case FATE_REFUSED:
                vio_http_response_fail(r, VIO_HTTP_NOT_SENT, "connection refused");
                break;
        case FATE_BEFORE: vio_http_response_status(r, 503); break;
        case FATE_429: refuse_for_now(r); break;
        }
}

/* What other people do while a call is being placed; as on another thread, but on this one. */
static void meanwhile(struct sim *s)
{
        struct patient *p = &s->patients[chance_below(&s->chance, CLINICS * PATIENTS)];
        if (strikes(s, FAULT_moved_in_call))
                people_move(s, p);
        if (strikes(s, FAULT_opted_out_in_call))
                people_opt_out(s, p);
        if (s->dialled && strikes(s, FAULT_called_in_call))
                people_call(s, s->dialled);
        if (strikes(s, FAULT_decided_in_call))
                staff_decide(s, p);
}

void network_perform(void *data, const struct vio_http_request *requests,
                     struct vio_http_response *const *responses, size_t n)
{
        struct sim *s = data;
        bool nested = s->in_request;

        s->in_request = true;
        if (strikes(s, FAULT_cut_in_call))
                disk_cut(s->disk);
        for (size_t i = 0; i < n; i++)
                exchange(s, &requests[i], responses[i]);
        if (strikes(s, FAULT_slow))
                s->now += 30 * SECONDS;
        if (!nested && !disk_is_cut(s->disk)) {
                meanwhile(s);
                if (strikes(s, FAULT_letter_early))
                        post_early(s);
        }
        if (strikes(s, FAULT_cut_in_call))
                disk_cut(s->disk);
        s->in_request = nested;
}
