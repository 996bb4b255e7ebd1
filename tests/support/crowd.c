/* crowd.c - one poll loop over all clients: a thread for each would measure the threads. */
#include "crowd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 30000

struct client {
        int fd;
        bool asking;
        size_t turn;
        size_t number; /* of the contact that is being added */
        bool writing;
        int64_t asked_at;
        size_t len;
        char text[16384];
};

struct crowd {
        const struct crowd_plan *plan;
        struct crowd_report *report;
        struct client *clients;
        struct pollfd *polls;
        size_t next_number;
        int64_t end;
};

static int64_t now_ms(void)
{
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void hang_up(struct client *c)
{
        if (c->fd >= 0)
                close(c->fd);
        c->fd = -1;
        c->asking = false;
}

static bool dial(struct crowd *w, struct client *c)
{
        const struct sockaddr_in to = {
            .sin_family = AF_INET,
            .sin_port = htons((uint16_t)w->plan->port),
            .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
        };
        int on = 1;
        c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (c->fd < 0 || connect(c->fd, (const struct sockaddr *)&to, sizeof(to)) < 0) {
                hang_up(c);
                return false;
        }
        setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        w->report->opened++;
        return true;
}

/* One question in four adds a contact, as long as the plan allows. */
static int write_question(struct crowd *w, struct client *c, char *ret, size_t size)
{
        static const char *const paths[] = {"/api/contacts/stats", "/livez",
                                            "/api/contacts?limit=5"};
        char forwarded[80] = "";
        char body[64];
        if (w->plan->forwarded)
                snprintf(forwarded, sizeof(forwarded), "X-Forwarded-For: %s\r\n",
                         w->plan->forwarded);
        c->writing = c->turn++ % 4 == 0 && w->next_number < w->plan->most_writes;
        if (!c->writing)
                return snprintf(ret, size,
                                "GET %s HTTP/1.1\r\nHost: x\r\n%sAuthorization: Bearer %s\r\n\r\n",
                                paths[c->turn % 3], forwarded, w->plan->token);
        c->number = w->next_number++;
        int len = snprintf(body, sizeof(body), "{\"name\":\"%s %zu\"}", w->plan->name, c->number);
        return snprintf(ret, size,
                        "POST /api/contacts HTTP/1.1\r\nHost: x\r\n%sAuthorization: Bearer %s\r\n"
                        "Content-Length: %d\r\n\r\n%s",
                        forwarded, w->plan->token, len, body);
}

static void question(struct crowd *w, struct client *c)
{
        char text[2048];
        if (c->fd < 0 && !dial(w, c)) {
                w->report->lost++;
                return;
        }
        int len = write_question(w, c, text, sizeof(text));
        c->len = 0;
        c->asked_at = now_ms();
        c->asking = true;
        if (send(c->fd, text, (size_t)len, MSG_NOSIGNAL) != len) {
                w->report->lost++;
                hang_up(c);
        }
}

/* The bytes of a whole answer, 0 while its head is not there. */
static size_t answer_size(const struct client *c)
{
        const char *end = strstr(c->text, "\r\n\r\n");
        const char *length = end ? strcasestr(c->text, "\r\nContent-Length:") : NULL;
        if (!end || !length || length > end)
                return 0;
        return (size_t)(end + 4 - c->text) + strtoul(length + 17, NULL, 10);
}

static void judge(struct crowd *w, struct client *c)
{
        struct crowd_report *r = w->report;
        int status = (int)strtol(c->text + strlen("HTTP/1.1 "), NULL, 10);
        int ms = (int)(now_ms() - c->asked_at);
        r->slowest_ms = ms > r->slowest_ms ? ms : r->slowest_ms;
        if (status == (c->writing ? 201 : 200)) {
                r->answers++;
        } else {
                r->first_wrong = r->wrong++ ? r->first_wrong : status;
                return;
        }
        if (c->writing) {
                r->written[c->number] = true;
                r->writes++;
        }
}

static void hear(struct crowd *w, struct client *c)
{
        ssize_t n = recv(c->fd, c->text + c->len, sizeof(c->text) - 1 - c->len, 0);
        if (n <= 0) {
                w->report->lost += c->asking;
                hang_up(c);
                return;
        }
        c->len += (size_t)n;
        c->text[c->len] = '\0';
        size_t size = answer_size(c);
        if (!size || c->len < size)
                return;
        c->asking = false;
        judge(w, c);
        if (strcasestr(c->text, "\r\nConnection: close"))
                hang_up(c);
}

/* Whether anybody still waits for an answer, or the time is not over. */
static bool round_of(struct crowd *w)
{
        bool open = now_ms() < w->end;
        bool any = open;
        for (size_t i = 0; i < w->plan->clients; i++) {
                struct client *c = &w->clients[i];
                if (!c->asking && open)
                        question(w, c);
                any = any || c->asking;
                w->polls[i] = (struct pollfd){.fd = c->fd, .events = POLLIN};
        }
        if (any && poll(w->polls, w->plan->clients, 100) < 0 && errno != EINTR)
                return false;
        for (size_t i = 0; i < w->plan->clients; i++)
                if (w->polls[i].fd >= 0 && w->polls[i].revents)
                        hear(w, &w->clients[i]);
        return any && now_ms() < w->end + PATIENCE_MS;
}

int crowd_run(const struct crowd_plan *plan, struct crowd_report *ret)
{
        struct crowd w = {.plan = plan, .report = ret};
        *ret = (struct crowd_report){.written = calloc(plan->most_writes + 1, sizeof(bool))};
        w.clients = calloc(plan->clients, sizeof(*w.clients));
        w.polls = calloc(plan->clients, sizeof(*w.polls));
        bool ready = ret->written && w.clients && w.polls;
        for (size_t i = 0; ready && i < plan->clients; i++) {
                w.clients[i].fd = -1;
                w.clients[i].turn = i;
        }
        w.end = now_ms() + plan->seconds * 1000;
        while (ready && round_of(&w))
                ;
        for (size_t i = 0; ready && i < plan->clients; i++) {
                ret->lost += w.clients[i].asking;
                hang_up(&w.clients[i]);
        }
        free(w.clients);
        free(w.polls);
        return ready ? 0 : -1;
}

size_t crowd_unaccounted(const struct crowd_plan *plan, const struct crowd_report *report,
                         const char *list)
{
        size_t bad = 0;
        char words[64];
        unsigned char *seen = calloc(plan->most_writes + 1, 1);
        size_t len = (size_t)snprintf(words, sizeof(words), "\"%s ", plan->name);
        for (const char *p = list; seen && (p = strstr(p, words)); p++) {
                size_t number = strtoul(p + len, NULL, 10);
                if (number < plan->most_writes && seen[number] < 2)
                        seen[number]++;
        }
        for (size_t i = 0; seen && i < plan->most_writes; i++)
                bad += report->written[i] ? seen[i] != 1 : seen[i] > 1;
        free(seen);
        return seen ? bad : plan->most_writes;
}

void crowd_done(struct crowd_report *report)
{
        free(report->written);
        report->written = NULL;
}
