/* visitor.h - what a test does in the simulated Retell: ask, place calls, let time pass. */
#ifndef TESTS_SANDBOX_VISITOR_H
#define TESTS_SANDBOX_VISITOR_H

#include <vio/core.h>
#include <vio/json.h>

#include "world.h"

#define MIDDAY ((vio_time)1763812800000)
#define KEY    "key_clinic"

/* A world with nothing special about it; @seed tells two of them apart. */
struct world *given_world(uint64_t seed);

/* An answer, parsed. Cleared with reply_clear(). */
struct reply {
        int status;
        bool lost;
        const char *limiter;
        int reset_s;
        char text[16384];
        vio_json *json;
};

void reply_clear(struct reply *r);

#define _cleanup_reply_ __attribute__((cleanup(reply_clear)))

/* A request with KEY; fails the test when the world runs out of memory. @body may be NULL. */
void ask(struct world *w, vio_time now, const char *method_and_path, const char *body,
         struct reply *ret);

/* The text of a member of an answer, "" when it is no string. */
const char *reply_text(const struct reply *r, const char *field);

/* Whether the message of an error answer contains a text. */
bool reply_complains(const struct reply *r, const char *about);

struct call_name {
        char id[40];
};

/* Places a call and expects 201. @ref: metadata.attempt_ref, or NULL for no metadata. */
struct call_name place_call(struct world *w, vio_time now, const char *to, const char *ref);

/* get-call. */
void look_at(struct world *w, vio_time now, struct call_name call, struct reply *ret);

/* The webhooks a receiver got. */
struct mailbox {
        struct world *world;
        char events[512]; /* their names, each with a blank behind it */
        char bodies[8][4096];
        uint64_t ids[32];
        vio_time at[32];
        size_t n;
        vio_time now;
};

/* Lets time pass until @until; every webhook is answered at once, with success or without. */
void let_time_pass(struct world *w, vio_time until, bool succeed, struct mailbox *box);

#endif
