/* server.h - HTTP for the rest of the program, which knows nothing of CivetWeb. */
#ifndef HTTPD_SERVER_H
#define HTTPD_SERVER_H

#include "log.h"
#include "message.h"
#include "metrics.h"

struct server;

struct server_options {
        const char *listen;   /* ADDR:PORT, the address in figures; port 0: any */
        unsigned threads;     /* connections served at once */
        unsigned per_address; /* requests at once of one client's address; 0: no limit */
        const struct log *log;
        struct metrics *metrics; /* counts every request; NULL: nobody counts */
        /* How many bytes of body a request may have. Called on the connection's thread. */
        size_t (*body_limit)(const char *method, const char *path);
        /* Fills the answer. Called on the connection's thread, several at a time. */
        void (*answer)(void *data, struct request *q, struct response *r);
        void *data;
        char *error; /* gets a sentence when the start fails */
        size_t error_size;
};

/* Starts to serve. @ret: gets the server, freed by server_stop(); untouched on failure. */
_must_check_ int server_start(const struct server_options *options, struct server **ret);

/* "http://ADDR:PORT" with the port that is really listened on. Belongs to @s. */
const char *server_url(const struct server *s);

/* Takes no new connections; what the others still ask is answered, and they are then closed. */
void server_shut(struct server *s);

/* To be called about every second: ends the reading of bodies that take too long. */
void server_look(struct server *s);

/* How many connections are being served now, and how many requests. */
unsigned server_connections(const struct server *s);
unsigned server_requests(const struct server *s);

/* Whether a request is being answered or waits to be read. */
bool server_busy(const struct server *s);

/* Breaks off what is left and frees @s. Takes NULL. */
void server_stop(struct server *s);

#endif
