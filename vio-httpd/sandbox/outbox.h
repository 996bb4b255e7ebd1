/* outbox.h - the webhooks of a world: which are due when, and which were tried how often. */
#ifndef SANDBOX_OUTBOX_H
#define SANDBOX_OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "phone_call.h"

#define WEBHOOK_ATTEMPTS 3

struct outbox_item {
        struct outbox_item *next;
        uint64_t id; /* also the order of items due at the same time */
        struct phone_call *call;
        enum phone_call_stage stage; /* the event: ONGOING call_started, OVER call_ended, ... */
        vio_time due;
        int attempt; /* of the next or running attempt, from 1 */
};

struct outbox {
        struct outbox_item *waiting; /* by due, then id */
        struct outbox_item *sending;
        uint64_t last_id;
        int speed;
};

void outbox_free(struct outbox *o);

/* Schedules all webhooks of a new call, or none and false when out of memory. */
bool outbox_schedule(struct outbox *o, struct phone_call *c);

/* Drops what is left of a call. */
void outbox_forget(struct outbox *o, const struct phone_call *c);

/* Takes the first item due at @now, or NULL. It counts as being sent until it is settled. */
struct outbox_item *outbox_take(struct outbox *o, vio_time now);

/* Puts an item that was taken back, as if it had not been. */
void outbox_put_back(struct outbox *o, struct outbox_item *item);

/* Ends an attempt: delivered, or due again later, or given up. An unknown @id is ignored. */
void outbox_settle(struct outbox *o, uint64_t id, bool ok, vio_time now);

/* The event name of an item. Static. */
const char *outbox_event(const struct outbox_item *item);

#endif
