/* warden.c - a place for each connection whose body is being read, and its deadline. */
#include "warden.h"

#include <pthread.h>
#include <stdio.h>

#include "listener.h"

struct place {
        bool taken;
        char address[48];
        int port;
        int64_t deadline_us;
};

struct warden {
        pthread_mutex_t lock;
        size_t n;
        struct place places[];
};

struct warden *warden_new(size_t places)
{
        struct warden *w = calloc(1, sizeof(*w) + places * sizeof(w->places[0]));
        if (!w)
                return NULL;
        pthread_mutex_init(&w->lock, NULL);
        w->n = places;
        return w;
}

/* There are as many places as threads that read, so one is free. */
size_t warden_enter(struct warden *w, const char *address, int port, int64_t deadline_us)
{
        size_t i = 0;
        pthread_mutex_lock(&w->lock);
        while (i + 1 < w->n && w->places[i].taken)
                i++;
        struct place *place = &w->places[i];
        *place = (struct place){.taken = true, .port = port, .deadline_us = deadline_us};
        snprintf(place->address, sizeof(place->address), "%s", address);
        pthread_mutex_unlock(&w->lock);
        return i;
}

void warden_leave(struct warden *w, size_t place)
{
        pthread_mutex_lock(&w->lock);
        w->places[place].taken = false;
        pthread_mutex_unlock(&w->lock);
}

/* Under the lock, so that the connection cannot end, and its number mean another, in between. */
void warden_look(struct warden *w, int port, int64_t now_us)
{
        pthread_mutex_lock(&w->lock);
        for (size_t i = 0; i < w->n; i++) {
                struct place *place = &w->places[i];
                if (place->taken && now_us > place->deadline_us)
                        listener_end_input(port, place->address, place->port);
        }
        pthread_mutex_unlock(&w->lock);
}

void warden_free(struct warden *w)
{
        if (!w)
                return;
        pthread_mutex_destroy(&w->lock);
        free(w);
}
