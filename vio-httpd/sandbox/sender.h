/* sender.h - posts the sandbox's webhooks, signed, several at a time. */
#ifndef SANDBOX_SENDER_H
#define SANDBOX_SENDER_H

#include <stdbool.h>
#include <stdint.h>

#include <vio/http.h>

#include "pacer.h"
#include "world.h"

struct sender;

/*
 * Starts the threads of a sender, or NULL.
 *
 * @http: performs the requests, @pacer: the time of the signatures; both outlive the sender. @done:
 * told how each delivery went, from any of the threads, which hold no lock.
 */
struct sender *sender_start(const struct vio_http_transport *http, struct pacer *pacer,
                            void (*done)(void *data, uint64_t id, bool ok), void *data);

/* Takes a copy of a delivery to be sent soon; false when too many wait already. */
bool sender_push(struct sender *s, const struct world_delivery *d);

/*
 * Ends the threads and frees the sender: what is being sent is finished, at worst after Retell's
 * ten seconds; what only waited is dropped. Takes NULL; returns NULL.
 */
struct sender *sender_stop(struct sender *s);

#endif
