/* phone_call.h - one simulated call: when what happens in it, and how it looks on the wire. */
#ifndef SANDBOX_PHONE_CALL_H
#define SANDBOX_PHONE_CALL_H

#include <vio/core.h>
#include <vio/json.h>

#include "people.h"

/* How far a call has come. */
enum phone_call_stage {
        CALL_REGISTERED,
        CALL_ONGOING,
        CALL_OVER,
        CALL_ANALYZED,
};

/* "call_" and 24 hexadecimal digits. */
#define PHONE_CALL_ID 30

/*
 * A call is decided when it is placed: all its times are known, so how it looks is a function of
 * the time one looks. Times that never come are VIO_TIME_NONE.
 */
struct phone_call {
        uint64_t serial; /* calls of a world count from 0 */
        char id[PHONE_CALL_ID];
        char *api_key;
        vio_json *request; /* the body of create-phone-call: metadata and variables are echoed */
        const struct person *person;
        vio_time placed;
        vio_time started;
        vio_time ended;
        vio_time analyzed;
};

/*
 * A new call placed at @now, or NULL when out of memory. Takes @request over on success.
 * @request: passed strict_create_call(). @speed: a divisor of all durations, at least 1.
 */
struct phone_call *phone_call_new(vio_json *request, const char *api_key, vio_time now, int speed);
struct phone_call *phone_call_free(struct phone_call *c);

/* A member of the request that is a string, or NULL. Belongs to @c. */
const char *phone_call_asked(const struct phone_call *c, const char *field);

/* metadata.attempt_ref, or NULL. Belongs to @c. */
const char *phone_call_attempt_ref(const struct phone_call *c);

enum phone_call_stage phone_call_stage_at(const struct phone_call *c, vio_time now);

/* The call_status of a call in a stage. Static. */
const char *phone_call_status(const struct phone_call *c, enum phone_call_stage stage);

enum phone_call_detail {
        CALL_WHOLE,
        CALL_LISTED, /* without transcript and recording, as the items of list-calls come */
};

/* Writes the call object as it looks in @stage. */
void phone_call_write(vio_json_writer *w, const char *key, const struct phone_call *c,
                      enum phone_call_stage stage, enum phone_call_detail detail);

#endif
