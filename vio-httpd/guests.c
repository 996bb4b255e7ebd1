/* guests.c - one client must not occupy every thread. */
#include "guests.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct guest {
        char address[INET6_ADDRSTRLEN];
        unsigned n;
};

struct guests {
        pthread_mutex_t lock;
        unsigned limit;
        size_t places;
        struct guest guest[];
};

struct guests *guests_new(size_t places, unsigned limit)
{
        struct guests *g = calloc(1, sizeof(*g) + places * sizeof(g->guest[0]));
        if (!g)
                return NULL;
        pthread_mutex_init(&g->lock, NULL);
        g->places = places;
        g->limit = limit;
        return g;
}

/* A loopback peer is this machine's own reverse proxy or administrator: everybody, or nobody. */
static bool is_counted(const struct guests *g, const char *address)
{
        return g->limit && strncmp(address, "127.", 4) != 0 && strcmp(address, "::1") != 0;
}

/* The place of an address, or a free one. There are as many places as requests at once. */
static struct guest *find(struct guests *g, const char *address)
{
        struct guest *free_place = NULL;
        for (size_t i = 0; i < g->places; i++) {
                if (g->guest[i].n && !strcmp(g->guest[i].address, address))
                        return &g->guest[i];
                if (!g->guest[i].n && !free_place)
                        free_place = &g->guest[i];
        }
        return free_place;
}

bool guests_enter(struct guests *g, const char *address)
{
        if (!is_counted(g, address))
                return true;
        pthread_mutex_lock(&g->lock);
        struct guest *guest = find(g, address);
        bool welcome = guest && guest->n < g->limit;
        if (welcome && !guest->n++)
                snprintf(guest->address, sizeof(guest->address), "%s", address);
        pthread_mutex_unlock(&g->lock);
        return welcome;
}

void guests_leave(struct guests *g, const char *address)
{
        if (!is_counted(g, address))
                return;
        pthread_mutex_lock(&g->lock);
        struct guest *guest = find(g, address);
        if (guest && guest->n)
                guest->n--;
        pthread_mutex_unlock(&g->lock);
}

void guests_free(struct guests *g)
{
        if (!g)
                return;
        pthread_mutex_destroy(&g->lock);
        free(g);
}
