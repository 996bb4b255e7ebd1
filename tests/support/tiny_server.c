/* tiny_server.c - see tiny_server.h. */
#include "tiny_server.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_STEPS    64
#define MAX_REQUESTS 256
#define MAX_THREADS  256
#define REQUEST_SIZE 65536

struct tiny_server {
        int listener;
        int port;
        char url[64];
        pthread_t acceptor;
        pthread_mutex_t lock;
        pthread_cond_t moved; /* .in_hand or .stopping changed */
        bool stopping;
        struct tiny_step steps[MAX_STEPS];
        size_t n_steps;
        char *requests[MAX_REQUESTS];
        size_t n_requests;
        size_t in_hand;
        size_t most;

        struct connection {
                struct tiny_server *server;
                pthread_t thread;
                int fd;
        } connections[MAX_THREADS];
        size_t n_connections;
};

static void sleep_ms(int ms)
{
        nanosleep(&(struct timespec){ms / 1000, (ms % 1000) * 1000000L}, NULL);
}

static size_t body_length(const char *head)
{
        const char *h = strcasestr(head, "\r\nContent-Length:");
        return h ? strtoul(h + 17, NULL, 10) : 0;
}

/* Reads one request into @buf; false when the client left or sent too much. */
static bool read_request(int fd, char *buf, size_t size)
{
        size_t len = 0;
        for (;;) {
                buf[len] = '\0';
                const char *end = strstr(buf, "\r\n\r\n");
                if (end && len >= (size_t)(end + 4 - buf) + body_length(buf))
                        return true;
                ssize_t n = len + 1 < size ? recv(fd, buf + len, size - 1 - len, 0) : 0;
                if (n <= 0)
                        return false;
                len += (size_t)n;
        }
}

static bool send_all(int fd, const char *p, size_t len, int drip_ms)
{
        while (len > 0) {
                ssize_t n = send(fd, p, drip_ms ? 1 : len, MSG_NOSIGNAL);
                if (n <= 0)
                        return false;
                p += n;
                len -= (size_t)n;
                if (drip_ms)
                        sleep_ms(drip_ms);
        }
        return true;
}

static void reset(int fd)
{
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
}

static void wait_for_client_to_go(int fd)
{
        char byte;
        while (recv(fd, &byte, 1, 0) > 0)
                ;
}

/* Notes the request and gives its step. */
static struct tiny_step take_step(struct tiny_server *s, const char *request)
{
        pthread_mutex_lock(&s->lock);
        size_t i = s->n_requests;
        if (i < MAX_REQUESTS)
                s->requests[s->n_requests++] = strdup(request);
        struct tiny_step step = {0};
        if (s->n_steps)
                step = s->steps[i < s->n_steps ? i : s->n_steps - 1];
        if (++s->in_hand > s->most)
                s->most = s->in_hand;
        pthread_cond_broadcast(&s->moved);

        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 10;
        while (!s->stopping && s->most < (size_t)step.gather)
                if (pthread_cond_timedwait(&s->moved, &s->lock, &until))
                        break;
        pthread_mutex_unlock(&s->lock);
        return step;
}

static void leave_step(struct tiny_server *s)
{
        pthread_mutex_lock(&s->lock);
        s->in_hand--;
        pthread_mutex_unlock(&s->lock);
}

/* Sends the answer; false when the connection is to be closed. */
static bool answer(int fd, const struct tiny_step *step)
{
        if (step->raw) {
                send_all(fd, step->raw, strlen(step->raw), step->drip_ms);
                return false;
        }
        size_t len = step->fill ? step->fill : step->body ? strlen(step->body) : 0;
        char *body = malloc(len + 1);
        char head[4096];
        int n =
            snprintf(head, sizeof(head), "HTTP/1.1 %d Scripted\r\nContent-Length: %zu\r\n%s\r\n",
                     step->status ? step->status : 200, len, step->headers ? step->headers : "");
        if (step->fill)
                memset(body, 'x', len);
        else
                memcpy(body, step->body ? step->body : "", len);

        bool more = false;
        if (step->act == TINY_HALF_HEADER) {
                send_all(fd, head, 25, 0);
        } else if (send_all(fd, head, (size_t)n, step->drip_ms)) {
                size_t part = step->act == TINY_ANSWER ? len : len / 2;
                more = send_all(fd, body, part, step->drip_ms) && part == len && !step->close;
        }
        free(body);
        return more;
}

/* Deals with one request; false when the connection is to be closed. */
static bool serve(struct tiny_server *s, int fd, const char *request)
{
        struct tiny_step step = take_step(s, request);
        bool more = false;
        /* Before the answer: the client's next request may come with its last byte. */
        leave_step(s);
        switch (step.act) {
        case TINY_CLOSE_READ: break;
        case TINY_CLOSE_UNREAD:
        case TINY_RESET_READ: reset(fd); break;
        case TINY_HANG: wait_for_client_to_go(fd); break;
        case TINY_HALF_THEN_HANG:
                answer(fd, &step);
                wait_for_client_to_go(fd);
                break;
        case TINY_ANSWER:
        case TINY_HALF_HEADER:
        case TINY_HALF_BODY: more = answer(fd, &step); break;
        }
        return more;
}

/* Whether the next request's step wants it unread. */
static bool unread_is_next(struct tiny_server *s)
{
        pthread_mutex_lock(&s->lock);
        size_t i = s->n_requests < s->n_steps ? s->n_requests : s->n_steps - 1;
        bool unread = s->n_steps && s->steps[i].act == TINY_CLOSE_UNREAD;
        pthread_mutex_unlock(&s->lock);
        return unread;
}

static void *serve_connection(void *data)
{
        struct connection *c = data;
        char *buf = malloc(REQUEST_SIZE);
        for (bool more = true; more;) {
                char first;
                if (recv(c->fd, &first, 1, MSG_PEEK) != 1)
                        break;
                bool unread = unread_is_next(c->server);
                more = (unread || read_request(c->fd, buf, REQUEST_SIZE)) &&
                       serve(c->server, c->fd, unread ? "" : buf);
        }
        free(buf);
        pthread_mutex_lock(&c->server->lock);
        close(c->fd);
        c->fd = -1;
        pthread_mutex_unlock(&c->server->lock);
        return NULL;
}

static void *accept_connections(void *data)
{
        struct tiny_server *s = data;
        for (;;) {
                int fd = accept(s->listener, NULL, NULL);
                pthread_mutex_lock(&s->lock);
                if (fd < 0 || s->stopping || s->n_connections == MAX_THREADS) {
                        pthread_mutex_unlock(&s->lock);
                        if (fd >= 0)
                                close(fd);
                        return NULL;
                }
                struct connection *c = &s->connections[s->n_connections++];
                c->server = s;
                c->fd = fd;
                ck_assert(pthread_create(&c->thread, NULL, serve_connection, c) == 0);
                pthread_mutex_unlock(&s->lock);
        }
}

static int bind_any(int *ret_port)
{
        struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        socklen_t len = sizeof(a);
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, len), 0);
        ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&a, &len), 0);
        *ret_port = ntohs(a.sin_port);
        return fd;
}

struct tiny_server *tiny_start(void)
{
        struct tiny_server *s = calloc(1, sizeof(*s));
        ck_assert_ptr_nonnull(s);
        s->listener = bind_any(&s->port);
        ck_assert_int_eq(listen(s->listener, 128), 0);
        snprintf(s->url, sizeof(s->url), "http://127.0.0.1:%d", s->port);
        pthread_mutex_init(&s->lock, NULL);
        pthread_cond_init(&s->moved, NULL);
        ck_assert(pthread_create(&s->acceptor, NULL, accept_connections, s) == 0);
        return s;
}

void tiny_stop(struct tiny_server *s)
{
        pthread_mutex_lock(&s->lock);
        s->stopping = true;
        pthread_cond_broadcast(&s->moved);
        pthread_mutex_unlock(&s->lock);
        shutdown(s->listener, SHUT_RDWR);
        pthread_join(s->acceptor, NULL);
        close(s->listener);

        for (size_t i = 0; i < s->n_connections; i++) {
                pthread_mutex_lock(&s->lock);
                if (s->connections[i].fd >= 0)
                        shutdown(s->connections[i].fd, SHUT_RDWR);
                pthread_mutex_unlock(&s->lock);
                pthread_join(s->connections[i].thread, NULL);
        }
        for (size_t i = 0; i < s->n_requests; i++)
                free(s->requests[i]);
        pthread_cond_destroy(&s->moved);
        pthread_mutex_destroy(&s->lock);
        free(s);
}

void tiny_script(struct tiny_server *s, const struct tiny_step *steps, size_t n)
{
        ck_assert_uint_le(n, MAX_STEPS);
        pthread_mutex_lock(&s->lock);
        memcpy(s->steps, steps, n * sizeof(*steps));
        s->n_steps = n;
        pthread_mutex_unlock(&s->lock);
}

const char *tiny_url(const struct tiny_server *s)
{
        return s->url;
}

int tiny_port(const struct tiny_server *s)
{
        return s->port;
}

size_t tiny_count(struct tiny_server *s, const char *start)
{
        size_t n = 0;
        pthread_mutex_lock(&s->lock);
        for (size_t i = 0; i < s->n_requests; i++)
                n += strncmp(s->requests[i], start, strlen(start)) == 0;
        pthread_mutex_unlock(&s->lock);
        return n;
}

const char *tiny_request(struct tiny_server *s, size_t i)
{
        pthread_mutex_lock(&s->lock);
        const char *text = i < s->n_requests ? s->requests[i] : NULL;
        pthread_mutex_unlock(&s->lock);
        return text;
}

size_t tiny_connections(struct tiny_server *s)
{
        pthread_mutex_lock(&s->lock);
        size_t n = s->n_connections;
        pthread_mutex_unlock(&s->lock);
        return n;
}

size_t tiny_most_at_once(struct tiny_server *s)
{
        pthread_mutex_lock(&s->lock);
        size_t n = s->most;
        pthread_mutex_unlock(&s->lock);
        return n;
}

int tiny_dead_port(void)
{
        int port;
        int fd = bind_any(&port);
        close(fd);
        return port;
}
