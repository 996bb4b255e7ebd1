/*
 * server.h - the simulated Retell on a loopback port, over real HTTP; and a simulated Resend
 * (resend.h) on the same port.
 *
 * What it answers and sends is the world's (world.h says what there is documented and what is
 * invented). What the server adds: a clock, signatures of webhooks under the caller's API key with
 * the time of each attempt, and a wait of ten seconds for the receiver's 2xx. It listens on
 * 127.0.0.1 only and closes every connection after one answer. Webhooks go out one per connection,
 * up to 16 at once; two that are due within a moment may overtake each other, as Retell's may.
 */
#ifndef SANDBOX_SERVER_H
#define SANDBOX_SERVER_H

#include <stddef.h>

#include <vio/http.h>
#include <vio/system.h>

#include "world.h"

struct sandbox;

struct sandbox_options {
        int port;                              /* 0: a free one */
        int speed;                             /* how fast time runs (pacer.h); 0 means 1 */
        const struct vio_http_transport *http; /* sends the webhooks; NULL: vio_http_default() */
        struct world_options world;            /* .seed 0: from the clock; texts are copied */
};

/*
 * Starts the sandbox: its threads run until sandbox_stop(). The lists in @options->world must live
 * as long.
 *
 * @ret: the caller ends it with sandbox_stop(); untouched on failure.
 * Errors: VIO_E_CONFLICT when the port is taken, VIO_E_NOMEM.
 */
int sandbox_start(const struct sandbox_options *options, struct sandbox **ret);

/* Stops listening, drops webhooks not yet sent, and frees. Takes NULL; returns NULL. */
struct sandbox *sandbox_stop(struct sandbox *s);

/* "http://127.0.0.1:PORT": the base URL in place of https://api.retellai.com and of
 * https://api.resend.com. Belongs to @s. */
const char *sandbox_url(const struct sandbox *s);

/*
 * Where webhooks go from now on, for a receiver that learns its port after it needed ours. Copied.
 * Until there is one, every webhook that falls due is lost after its three attempts.
 * Errors: VIO_E_NOMEM.
 */
int sandbox_set_webhook_url(struct sandbox *s, const char *url);

/*
 * The sandbox's clock, for the system that calls it: both must live in the same time. Lives as long
 * as @s.
 */
struct vio_clock sandbox_clock(struct sandbox *s);

/* How often a number was dialled: the length of its ledger, see world_rings(). */
size_t sandbox_rings(struct sandbox *s, const char *to_number);

#endif
