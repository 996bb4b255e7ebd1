/* engine.h - what every flow works with: the store, the hooks, the zones. */
#ifndef VIO_FLOW_ENGINE_H
#define VIO_FLOW_ENGINE_H

#include <pthread.h>
#include <vio/system.h>
#include <vio/tenant.h>
#include <vio/zone.h>

#include "base/attr.h"
#include "base/crypto.h"
#include "base/log.h"
#include "base/random.h"
#include "store/store.h"

struct throttle;
struct zone_cache;

struct engine {
        struct store *store;
        struct vio_clock clock;
        struct random_source random;
        struct log_sink log;
        struct vio_http_transport http;
        char *retell_url;
        char *resend_url;
        char *resend_api_key;        /* NULL: no mail is sent */
        char *resend_webhook_secret; /* NULL: its webhooks are refused */
        char *mail_from;
        char *cal_com_url;
        char *calendly_url;
        bool sandbox;
        unsigned dial_batch;
        /* Of the one thread that steps: when the next mail may go, and when Resend is asked again.
         */
        vio_time mail_slot;
        vio_time mail_pause_until;
        char owner[37]; /* names this opening of the system on the leases it takes */
        uint8_t token_key[SHA256_SIZE];
        struct zone_cache *zones;
        pthread_mutex_t hashing; /* guards the two below */
        pthread_cond_t hashing_done;
        int hashing_now;
        int hashing_waiting;
        struct throttle *throttle; /* who failed to log in lately */
};

/* Fills what does not depend on the store; engine_done() takes a half-made engine. */
int engine_init(struct engine *e, const struct vio_options *o, struct fault *f);
void engine_done(struct engine *e);

vio_time engine_now(const struct engine *e);
int engine_uuid(const struct engine *e, vio_time now, char ret[37]);

/*
 * The zone of that name, kept for the life of the engine. VIO_E_NOTFOUND when there is no such
 * zone; VIO_E_NOMEM is not the same: nobody may go on by another zone then.
 */
int engine_zone(struct engine *e, const char *name, const vio_zone **ret);

/* Who acts when nobody does: the engine itself. */
extern const struct vio_actor actor_system;

#endif
