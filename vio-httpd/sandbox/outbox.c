/* outbox.c - two lists of webhooks: waiting, ordered by time, and being sent. */
#include "outbox.h"

#include <stdlib.h>

#include "cleanup.h"

/* Retell documents three attempts but no spacing; these are ours. */
#define RETRY_MS 2000
#define GAP_MS   500

static bool before(const struct outbox_item *a, const struct outbox_item *b)
{
        return a->due != b->due ? a->due < b->due : a->id < b->id;
}

static void wait_in_order(struct outbox *o, struct outbox_item *item)
{
        struct outbox_item **at = &o->waiting;
        while (*at && before(*at, item))
                at = &(*at)->next;
        item->next = *at;
        *at = item;
}

static void drop_from(struct outbox_item **at, const struct phone_call *c)
{
        while (*at) {
                struct outbox_item *item = *at;
                if (c && item->call != c) {
                        at = &item->next;
                        continue;
                }
                *at = item->next;
                free(item);
        }
}

void outbox_free(struct outbox *o)
{
        drop_from(&o->waiting, NULL);
        drop_from(&o->sending, NULL);
}

void outbox_forget(struct outbox *o, const struct phone_call *c)
{
        drop_from(&o->waiting, c);
        drop_from(&o->sending, c);
}

static int scaled(const struct outbox *o, int ms)
{
        return ms / o->speed > 0 ? ms / o->speed : 1;
}

static bool add(struct outbox *o, struct phone_call *c, enum phone_call_stage stage, vio_time due)
{
        struct outbox_item *item = calloc(1, sizeof(*item));
        if (!item)
                return false;
        *item = (struct outbox_item){
            .id = ++o->last_id, .call = c, .stage = stage, .due = due, .attempt = 1};
        wait_in_order(o, item);
        return true;
}

/* As a healthy Retell sends them; call_started is not sent for a call that never connected. */
static bool schedule_in_order(struct outbox *o, struct phone_call *c)
{
        if (c->started != VIO_TIME_NONE && !add(o, c, CALL_ONGOING, c->started))
                return false;
        if (!add(o, c, CALL_OVER, c->ended))
                return false;
        return c->analyzed == VIO_TIME_NONE || add(o, c, CALL_ANALYZED, c->analyzed);
}

/* Nothing during the call, then everything twice and backwards. */
static bool schedule_unordered(struct outbox *o, struct phone_call *c)
{
        static const enum phone_call_stage order[] = {CALL_ANALYZED, CALL_ANALYZED, CALL_OVER,
                                                      CALL_OVER,     CALL_ONGOING,  CALL_ONGOING};
        for (size_t i = 0; i < count_of(order); i++)
                if (!add(o, c, order[i], c->analyzed + (vio_time)i * scaled(o, GAP_MS)))
                        return false;
        return true;
}

bool outbox_schedule(struct outbox *o, struct phone_call *c)
{
        bool ok = true;
        if (person_has(c->person, TWICE_UNORDERED))
                ok = schedule_unordered(o, c);
        else if (!person_has(c->person, WEBHOOKS_LOST))
                ok = schedule_in_order(o, c);
        if (!ok)
                outbox_forget(o, c);
        return ok;
}

struct outbox_item *outbox_take(struct outbox *o, vio_time now)
{
        struct outbox_item *item = o->waiting;
        if (!item || item->due > now)
                return NULL;
        o->waiting = item->next;
        item->next = o->sending;
        o->sending = item;
        return item;
}

static struct outbox_item *take_sending(struct outbox *o, uint64_t id)
{
        for (struct outbox_item **at = &o->sending; *at; at = &(*at)->next) {
                struct outbox_item *item = *at;
                if (item->id != id)
                        continue;
                *at = item->next;
                return item;
        }
        return NULL;
}

void outbox_put_back(struct outbox *o, struct outbox_item *item)
{
        wait_in_order(o, take_sending(o, item->id));
}

void outbox_settle(struct outbox *o, uint64_t id, bool ok, vio_time now)
{
        struct outbox_item *item = take_sending(o, id);
        if (!item)
                return;
        if (ok || item->attempt >= WEBHOOK_ATTEMPTS) {
                free(item);
                return;
        }
        item->due = now + scaled(o, RETRY_MS * item->attempt);
        item->attempt++;
        wait_in_order(o, item);
}

const char *outbox_event(const struct outbox_item *item)
{
        switch (item->stage) {
        case CALL_ONGOING: return "call_started";
        case CALL_ANALYZED: return "call_analyzed";
        case CALL_REGISTERED:
        case CALL_OVER: break;
        }
        return "call_ended";
}
