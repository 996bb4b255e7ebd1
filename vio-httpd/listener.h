/* listener.h - what CivetWeb keeps to itself: its listening socket and its open connections. */
#ifndef HTTPD_LISTENER_H
#define HTTPD_LISTENER_H

#include <stdbool.h>

/*
 * Turns new connections to @port away and leaves those that stand to be served: a filter on the
 * listening socket drops the first packet of every further handshake.
 */
void listener_shut(int port);

/* Ends what can be read from a connection to @port that comes from @address and @peer_port. */
void listener_end_input(int port, const char *address, int peer_port);

/* Whether a connection to @port waits to be taken up, or holds bytes that nobody has read yet. */
bool listener_busy(int port);

#endif
