/* throttle.c - who failed to log in lately: by account and by address, in memory only. */
#include "flow/throttle.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "base/mem.h"
#include "rules/throttle.h"

/* A place without failures is free. */
struct place {
        uint8_t hash[THROTTLE_KEY_SIZE];
        vio_time last;
        unsigned failures;
};

struct table {
        unsigned free; /* failures that cost nothing */
        struct place places[THROTTLE_PLACES];
};

struct throttle {
        pthread_mutex_t lock;
        struct table accounts;
        struct table addresses;
};

struct throttle *throttle_new(void)
{
        struct throttle *t = mem_new(sizeof(*t));
        if (!t)
                return NULL;
        pthread_mutex_init(&t->lock, NULL);
        t->accounts.free = THROTTLE_FREE_ACCOUNT;
        t->addresses.free = THROTTLE_FREE_ADDRESS;
        return t;
}

void throttle_free(struct throttle *t)
{
        if (!t)
                return;
        pthread_mutex_destroy(&t->lock);
        mem_free(t);
}

static int make_key(const struct engine *e, const char *purpose, struct bytes value,
                    struct throttle_key *ret)
{
        uint8_t mac[SHA256_SIZE];
        struct bytes parts[] = {{purpose, strlen(purpose) + 1}, value};
        int r = crypto_hmac((struct bytes){e->token_key, SHA256_SIZE}, parts, 2, mac);
        if (!r)
                memcpy(ret->hash, mac, THROTTLE_KEY_SIZE);
        return r;
}

/* The part of an address that its owner cannot choose; nothing for an address of this machine. */
static struct bytes significant(const char *ip_address, struct in6_addr *room)
{
        struct in_addr four;
        const uint8_t *p = room->s6_addr;

        if (inet_pton(AF_INET, ip_address, &four) == 1) {
                memcpy(room->s6_addr, &four, sizeof(four));
                return (struct bytes){p, p[0] == 127 ? 0 : sizeof(four)};
        }
        if (inet_pton(AF_INET6, ip_address, room) != 1)
                return (struct bytes){ip_address, strlen(ip_address)};
        if (IN6_IS_ADDR_LOOPBACK(room))
                return (struct bytes){p, 0};
        if (IN6_IS_ADDR_V4MAPPED(room))
                return (struct bytes){p + 12, p[12] == 127 ? 0 : sizeof(four)};
        return (struct bytes){p, sizeof(*room) / 2};
}

int throttle_keys(const struct engine *e, const char *email, const char *ip_address,
                  struct throttle_keys *ret)
{
        struct throttle_keys k = {0};
        struct in6_addr room = {0};
        struct bytes address = {0};

        if (ip_address)
                address = significant(ip_address, &room);
        k.has_address = address.len > 0;
        int r = make_key(e, "login account", (struct bytes){email, strlen(email)}, &k.account);
        if (!r && k.has_address)
                r = make_key(e, "login address", address, &k.address);
        if (!r)
                *ret = k;
        return r;
}

static struct place *find(struct table *t, const struct throttle_key *key)
{
        for (size_t i = 0; i < THROTTLE_PLACES; i++) {
                struct place *p = &t->places[i];
                if (p->failures && memcmp(p->hash, key->hash, THROTTLE_KEY_SIZE) == 0)
                        return p;
        }
        return NULL;
}

/* A free place, or that of the oldest failure. */
static struct place *make_room(struct table *t)
{
        struct place *oldest = &t->places[0];
        for (size_t i = 0; i < THROTTLE_PLACES; i++) {
                struct place *p = &t->places[i];
                if (!p->failures)
                        return p;
                if (p->last < oldest->last)
                        oldest = p;
        }
        return oldest;
}

static int64_t wait_in(struct table *t, const struct throttle_key *key, vio_time now)
{
        struct place *p = find(t, key);
        if (!p)
                return 0;
        if (p->last > now) /* the clock was set back: nobody waits until it is where it was */
                p->last = now;
        if (throttle_is_forgotten(p->last, now))
                p->failures = 0;
        return throttle_wait_ms(t->free, p->failures, p->last, now);
}

static void count_in(struct table *t, struct throttle_key *key, vio_time now)
{
        struct place *p = find(t, key);
        if (!p) {
                p = make_room(t);
                *p = (struct place){.last = now};
                memcpy(p->hash, key->hash, THROTTLE_KEY_SIZE);
        }
        key->failures = ++p->failures;
        key->before = p->last;
        p->last = now;
}

/* Nor does the wait after the last failure begin anew, unless there was another one meanwhile. */
static void undo_in(struct table *t, const struct throttle_key *key)
{
        struct place *p = find(t, key);
        if (!p)
                return;
        if (p->failures == key->failures)
                p->last = key->before;
        p->failures--;
}

static int64_t longest_wait(struct throttle *t, const struct throttle_keys *k, vio_time now)
{
        int64_t account = wait_in(&t->accounts, &k->account, now);
        int64_t address = k->has_address ? wait_in(&t->addresses, &k->address, now) : 0;
        return account > address ? account : address;
}

int64_t throttle_wait(struct throttle *t, const struct throttle_keys *k, vio_time now)
{
        pthread_mutex_lock(&t->lock);
        int64_t wait = longest_wait(t, k, now);
        pthread_mutex_unlock(&t->lock);
        return wait;
}

int64_t throttle_enter(struct throttle *t, struct throttle_keys *k, vio_time now)
{
        pthread_mutex_lock(&t->lock);
        int64_t wait = longest_wait(t, k, now);
        if (!wait) {
                count_in(&t->accounts, &k->account, now);
                if (k->has_address)
                        count_in(&t->addresses, &k->address, now);
        }
        pthread_mutex_unlock(&t->lock);
        return wait;
}

void throttle_undo(struct throttle *t, const struct throttle_keys *k)
{
        pthread_mutex_lock(&t->lock);
        undo_in(&t->accounts, &k->account);
        if (k->has_address)
                undo_in(&t->addresses, &k->address);
        pthread_mutex_unlock(&t->lock);
}

void throttle_forgive(struct throttle *t, const struct throttle_keys *k)
{
        pthread_mutex_lock(&t->lock);
        struct place *p = find(&t->accounts, &k->account);
        if (p)
                p->failures = 0;
        if (k->has_address)
                undo_in(&t->addresses, &k->address);
        pthread_mutex_unlock(&t->lock);
}
