/* sender.c - a short queue and a few threads, so that a slow receiver holds up only itself. */
#include "sender.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <vio/retell.h>

#include "cleanup.h"

#define THREADS    16
#define QUEUE      64
#define TIMEOUT_MS 10000 /* Retell's default webhook_timeout_ms */

/* A delivery of our own: the world's texts do not live long enough. */
struct job {
        uint64_t id;
        char *url;
        char *api_key;
        char *body;
        size_t body_len;
};

struct sender {
        const struct vio_http_transport *http;
        struct pacer *pacer;
        void (*done)(void *data, uint64_t id, bool ok);
        void *data;
        pthread_mutex_t lock;
        pthread_cond_t changed;
        pthread_t threads[THREADS];
        size_t n_threads;
        struct job *queue[QUEUE]; /* a ring */
        size_t first;
        size_t n;
        bool stopping;
};

static struct job *job_free(struct job *j)
{
        if (!j)
                return NULL;
        free(j->url);
        free(j->api_key);
        free(j->body);
        free(j);
        return NULL;
}

static struct job *job_new(const struct world_delivery *d)
{
        struct job *j = calloc(1, sizeof(*j));
        if (!j)
                return NULL;
        *j = (struct job){.id = d->id,
                          .url = strdup(d->url ? d->url : ""),
                          .api_key = strdup(d->api_key),
                          .body = strdup(d->body),
                          .body_len = d->body_len};
        return j->url && j->api_key && j->body ? j : job_free(j);
}

/* Posts one webhook; each attempt gets a signature of its own time. */
static bool post(const struct sender *s, const struct job *j)
{
        char signature[VIO_RETELL_SIGNATURE];
        struct vio_http_response *response = vio_http_response_new();
        if (!response ||
            vio_retell_sign(j->api_key, j->body, j->body_len, pacer_now(s->pacer), signature) < 0) {
                vio_http_response_free(response);
                return false;
        }
        const struct vio_http_header headers[] = {{"Content-Type", "application/json"},
                                                  {"X-Retell-Signature", signature}};
        const struct vio_http_request request = {.size = sizeof(request),
                                                 .method = "POST",
                                                 .url = j->url,
                                                 .headers = headers,
                                                 .n_headers = count_of(headers),
                                                 .body = j->body,
                                                 .body_len = j->body_len,
                                                 .timeout_ms = TIMEOUT_MS};
        struct vio_http_response *const responses[] = {response};
        s->http->perform(s->http->data, &request, responses, 1);
        int status = vio_http_response_get_status(response);
        vio_http_response_free(response);
        return status >= 200 && status <= 299;
}

/* The next job, or NULL when the sender ends. */
static struct job *take(struct sender *s)
{
        struct job *j = NULL;
        pthread_mutex_lock(&s->lock);
        while (!s->n && !s->stopping)
                pthread_cond_wait(&s->changed, &s->lock);
        if (!s->stopping) {
                j = s->queue[s->first];
                s->first = (s->first + 1) % QUEUE;
                s->n--;
        }
        pthread_mutex_unlock(&s->lock);
        return j;
}

static void *work(void *data)
{
        struct sender *s = data;
        struct job *j;
        while ((j = take(s))) {
                s->done(s->data, j->id, *j->url && post(s, j));
                job_free(j);
        }
        return NULL;
}

struct sender *sender_start(const struct vio_http_transport *http, struct pacer *pacer,
                            void (*done)(void *data, uint64_t id, bool ok), void *data)
{
        struct sender *s = calloc(1, sizeof(*s));
        if (!s)
                return NULL;
        s->http = http;
        s->pacer = pacer;
        s->done = done;
        s->data = data;
        pthread_mutex_init(&s->lock, NULL);
        pthread_cond_init(&s->changed, NULL);
        for (; s->n_threads < THREADS; s->n_threads++)
                if (pthread_create(&s->threads[s->n_threads], NULL, work, s) != 0)
                        return sender_stop(s);
        return s;
}

bool sender_push(struct sender *s, const struct world_delivery *d)
{
        struct job *j = job_new(d);
        if (!j)
                return false;
        pthread_mutex_lock(&s->lock);
        bool room = s->n < QUEUE;
        if (room)
                s->queue[(s->first + s->n++) % QUEUE] = j;
        pthread_cond_signal(&s->changed);
        pthread_mutex_unlock(&s->lock);
        if (!room)
                job_free(j);
        return room;
}

struct sender *sender_stop(struct sender *s)
{
        if (!s)
                return NULL;
        pthread_mutex_lock(&s->lock);
        s->stopping = true;
        pthread_cond_broadcast(&s->changed);
        pthread_mutex_unlock(&s->lock);
        for (size_t i = 0; i < s->n_threads; i++)
                pthread_join(s->threads[i], NULL);
        for (size_t i = 0; i < s->n; i++)
                job_free(s->queue[(s->first + i) % QUEUE]);
        pthread_cond_destroy(&s->changed);
        pthread_mutex_destroy(&s->lock);
        free(s);
        return NULL;
}
