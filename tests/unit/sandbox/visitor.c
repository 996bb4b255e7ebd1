/* visitor.c - see visitor.h. */
#include "visitor.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

struct world *given_world(uint64_t seed)
{
        struct world_options options = {.seed = seed, .webhook_url = "http://127.0.0.1:1/hook"};
        struct world *w = world_new(&options);
        ck_assert_ptr_nonnull(w);
        return w;
}

void reply_clear(struct reply *r)
{
        r->json = vio_json_free(r->json);
}

void ask(struct world *w, vio_time now, const char *method_and_path, const char *body,
         struct reply *ret)
{
        char method[8];
        struct world_request rq = {.method = method,
                                   .path = strchr(method_and_path, ' ') + 1,
                                   .authorization = "Bearer " KEY,
                                   .body = body,
                                   .body_len = body ? strlen(body) : 0};
        struct world_answer a;
        const char *text;
        snprintf(method, sizeof(method), "%.*s", (int)strcspn(method_and_path, " "),
                 method_and_path);
        ck_assert_int_eq(world_request(w, now, &rq, &a), VIO_OK);
        ck_assert_int_eq(vio_json_writer_text(a.body, &text, NULL), VIO_OK);
        reply_clear(ret);
        *ret = (struct reply){
            .status = a.status, .lost = a.lost, .limiter = a.limiter, .reset_s = a.reset_s};
        ck_assert_uint_lt(strlen(text), sizeof(ret->text));
        strcpy(ret->text, text);
        ck_assert_int_eq(vio_json_parse(text, strlen(text), &ret->json), VIO_OK);
        world_answer_clear(&a);
}

const char *reply_text(const struct reply *r, const char *field)
{
        const char *text = vio_json_text(vio_json_get(r->json, field));
        return text ? text : "";
}

bool reply_complains(const struct reply *r, const char *about)
{
        return !strcmp(reply_text(r, "status"), "error") && strstr(reply_text(r, "message"), about);
}

struct call_name place_call(struct world *w, vio_time now, const char *to, const char *ref)
{
        _cleanup_reply_ struct reply r = {0};
        struct call_name name;
        char body[256], metadata[96] = "";
        if (ref)
                snprintf(metadata, sizeof(metadata), ",\"metadata\":{\"attempt_ref\":\"%s\"}", ref);
        snprintf(body, sizeof(body), "{\"from_number\":\"+14155550100\",\"to_number\":\"%s\"%s}",
                 to, metadata);
        ask(w, now, "POST /v2/create-phone-call", body, &r);
        ck_assert_int_eq(r.status, 201);
        snprintf(name.id, sizeof(name.id), "%s", reply_text(&r, "call_id"));
        return name;
}

void look_at(struct world *w, vio_time now, struct call_name call, struct reply *ret)
{
        char path[80];
        snprintf(path, sizeof(path), "GET /v2/get-call/%s", call.id);
        ask(w, now, path, NULL, ret);
        ck_assert_int_eq(ret->status, 200);
}

static int receive(void *data, const struct world_delivery *d)
{
        struct mailbox *box = data;
        size_t at = strlen(box->events);
        snprintf(box->events + at, sizeof(box->events) - at, "%s ", d->event);
        ck_assert_uint_lt(box->n, 32);
        if (box->n < 8) {
                ck_assert_uint_lt(d->body_len, sizeof(box->bodies[0]));
                memcpy(box->bodies[box->n], d->body, d->body_len + 1);
        }
        box->at[box->n] = box->now;
        box->ids[box->n++] = d->id;
        return 0;
}

void let_time_pass(struct world *w, vio_time until, bool succeed, struct mailbox *box)
{
        vio_time due;
        while ((due = world_next_due(w)) != VIO_TIME_NONE && due <= until) {
                size_t first = box->n;
                box->now = due;
                ck_assert_int_eq(world_advance(w, due, receive, box), VIO_OK);
                for (size_t i = first; i < box->n; i++)
                        world_delivered(w, box->ids[i], succeed, due);
        }
}
