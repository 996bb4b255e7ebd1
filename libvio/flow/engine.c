/* engine.c - what every flow works with: the hooks with their defaults, and the zones in use. */
#include "flow/engine.h"

#include <string.h>
#include <time.h>

#include "base/calendar.h"
#include "base/fault.h"
#include "base/mem.h"
#include "flow/throttle.h"

#define DEFAULT_DIAL_BATCH 16

const struct vio_actor actor_system = VIO_ACTOR_INIT;

struct zone_entry {
        struct zone_entry *next;
        vio_zone *zone;
};

/* Zones are few, immutable and small: once read, they stay. */
struct zone_cache {
        pthread_mutex_t lock;
        struct zone_entry *first;
};

static vio_time system_now(void *data)
{
        struct timespec ts;
        (void)data;
        clock_gettime(CLOCK_REALTIME, &ts);
        return (vio_time)ts.tv_sec * MS_PER_SECOND + ts.tv_nsec / 1000000;
}

/* The public log hook and ours differ only in the name of the level. */
_Static_assert((int)VIO_LOG_ERROR == (int)LOG_ERROR, "the levels are the same");

struct log_bridge {
        struct vio_log hook;
};

static void log_through_hook(void *data, enum log_level level, const char *message)
{
        struct log_bridge *bridge = data;
        bridge->hook.write(bridge->hook.data, (enum vio_log_level)level, message);
}

static int use_hooks(struct engine *e, const struct vio_options *o)
{
        e->clock = o->clock.now ? o->clock : (struct vio_clock){system_now, NULL};
        e->random = (struct random_source){o->random.fill, o->random.data};
        e->http = o->http;
        if (!e->http.perform) {
                const struct vio_http_transport *standard = NULL;
                int r = vio_http_default(&standard);
                if (r)
                        return r;
                e->http = *standard;
        }
        if (o->log.write) {
                struct log_bridge *bridge = mem_new(sizeof(*bridge));
                if (!bridge)
                        return VIO_E_NOMEM;
                bridge->hook = o->log;
                e->log = (struct log_sink){log_through_hook, bridge};
        }
        return 0;
}

static int derive_keys(struct engine *e, const struct vio_options *o)
{
        if (o->jwt_secret)
                return crypto_sha256(o->jwt_secret, strlen(o->jwt_secret), e->token_key);
        struct bytes master = {o->secret, o->secret_len};
        return crypto_derive(master, "vio login tokens", e->token_key);
}

/* Other people's servers, and what we are there. */
static int take_services(struct engine *e, const struct vio_options *o)
{
        const struct {
                char **to;
                const char *given;
                const char *standard;
        } rows[] = {
            {&e->retell_url, o->retell_url, "https://api.retellai.com"},
            {&e->resend_url, o->resend_url, "https://api.resend.com"},
            {&e->resend_api_key, o->resend_api_key, NULL},
            {&e->resend_webhook_secret, o->resend_webhook_secret, NULL},
            {&e->mail_from, o->mail_from, "VioConcierge <noreply@vioconcierge.com>"},
            {&e->cal_com_url, o->cal_com_url, "https://api.cal.com"},
            {&e->calendly_url, o->calendly_url, "https://api.calendly.com"},
        };
        for (size_t i = 0; i < count_of(rows); i++) {
                const char *value = rows[i].given ? rows[i].given : rows[i].standard;
                *rows[i].to = mem_text(value);
                if (value && !*rows[i].to)
                        return VIO_E_NOMEM;
        }
        return 0;
}

static void forget(char *secret)
{
        if (secret)
                crypto_wipe(secret, strlen(secret));
        mem_free(secret);
}

int engine_init(struct engine *e, const struct vio_options *o, struct fault *f)
{
        pthread_mutex_init(&e->hashing, NULL);
        pthread_cond_init(&e->hashing_done, NULL);
        e->sandbox = o->sandbox;
        e->dial_batch = o->dial_batch ? o->dial_batch : DEFAULT_DIAL_BATCH;
        e->zones = mem_new(sizeof(*e->zones));
        e->throttle = throttle_new();
        if (!e->zones || !e->throttle || take_services(e, o) < 0)
                return fault_plain(f, VIO_E_NOMEM);
        pthread_mutex_init(&e->zones->lock, NULL);

        int r = use_hooks(e, o);
        if (!r)
                r = derive_keys(e, o);
        if (!r)
                r = engine_uuid(e, engine_now(e), e->owner);
        return r ? fault_plain(f, r) : 0;
}

static void zones_free(struct zone_cache *cache)
{
        if (!cache)
                return;
        while (cache->first) {
                struct zone_entry *entry = cache->first;
                cache->first = entry->next;
                vio_zone_free(entry->zone);
                mem_free(entry);
        }
        pthread_mutex_destroy(&cache->lock);
        mem_free(cache);
}

void engine_done(struct engine *e)
{
        e->store = store_close(e->store);
        zones_free(e->zones);
        throttle_free(e->throttle);
        mem_free(e->retell_url);
        mem_free(e->resend_url);
        forget(e->resend_api_key);
        forget(e->resend_webhook_secret);
        mem_free(e->mail_from);
        mem_free(e->cal_com_url);
        mem_free(e->calendly_url);
        mem_free(e->log.data);
        crypto_wipe(e->token_key, sizeof(e->token_key));
        pthread_mutex_destroy(&e->hashing);
        pthread_cond_destroy(&e->hashing_done);
}

vio_time engine_now(const struct engine *e)
{
        return e->clock.now(e->clock.data);
}

int engine_uuid(const struct engine *e, vio_time now, char ret[37])
{
        return random_uuid(e->random.fill ? &e->random : NULL, now, ret);
}

static const vio_zone *find_zone(const struct zone_cache *cache, const char *name)
{
        for (const struct zone_entry *entry = cache->first; entry; entry = entry->next) {
                if (strcmp(vio_zone_name(entry->zone), name) == 0)
                        return entry->zone;
        }
        return NULL;
}

static int read_zone(struct zone_cache *cache, const char *name, const vio_zone **ret)
{
        struct zone_entry *entry = mem_new(sizeof(*entry));
        if (!entry)
                return VIO_E_NOMEM;
        int r = vio_zone_open(name, &entry->zone);
        if (r) {
                mem_free(entry);
                return r == VIO_E_NOMEM ? r : VIO_E_NOTFOUND;
        }
        entry->next = cache->first;
        cache->first = entry;
        *ret = entry->zone;
        return 0;
}

int engine_zone(struct engine *e, const char *name, const vio_zone **ret)
{
        if (!name || !*name)
                return VIO_E_NOTFOUND;
        pthread_mutex_lock(&e->zones->lock);
        const vio_zone *zone = find_zone(e->zones, name);
        int r = zone ? 0 : read_zone(e->zones, name, &zone);
        pthread_mutex_unlock(&e->zones->lock);
        if (!r)
                *ret = zone;
        return r;
}
