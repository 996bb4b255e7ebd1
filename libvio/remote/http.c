/* http.c - the default transport, and the one door to libcurl. */
#include <vio/http.h>

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "../base/attr.h"
#include "../base/mem.h"
#include "../base/text.h"
#include "response.h"

#define CONNECT_TIMEOUT_MS   10000L
#define CONNECTIONS_PER_HOST 16L
#define HEADER_BYTES_MAX     ((size_t)64 << 10)
#define POLL_MS              1000

/* One request on its way. */
struct exchange {
        const struct vio_http_request *request;
        struct vio_http_response *response;
        CURL *easy;
        struct curl_slist *headers;
        size_t header_bytes;
        bool headers_whole; /* the empty line after the headers of the latest answer came */
        bool in_body;
        bool ended;
};

/* Multi handles that nobody uses just now; each keeps its open connections for the next batch. */
struct pool {
        pthread_once_t once;
        pthread_mutex_t lock;
        CURLM *idle[8];
        size_t n;
        CURLcode started;
};

/* Connections outlive any one opened system, and libcurl's own start is once per process anyway. */
static struct pool pool = {PTHREAD_ONCE_INIT, PTHREAD_MUTEX_INITIALIZER, {NULL}, 0, CURLE_OK};

static void start_curl(void)
{
        pool.started = curl_global_init(CURL_GLOBAL_DEFAULT);
}

static CURLM *pool_take(struct pool *p)
{
        pthread_mutex_lock(&p->lock);
        CURLM *multi = p->n ? p->idle[--p->n] : NULL;
        pthread_mutex_unlock(&p->lock);
        if (multi)
                return multi;

        multi = curl_multi_init();
        if (multi)
                curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, CONNECTIONS_PER_HOST);
        return multi;
}

static void pool_give(struct pool *p, CURLM *multi)
{
        pthread_mutex_lock(&p->lock);
        if (p->n < count_of(p->idle))
                p->idle[p->n++] = steal(multi);
        pthread_mutex_unlock(&p->lock);
        curl_multi_cleanup(multi);
}

/* Adds "Name: value" with its line end; what is no such line is left out. */
static bool add_header_line(struct vio_http_response *r, const char *line, size_t len)
{
        const char *colon = memchr(line, ':', len);
        if (!colon)
                return true;
        const char *value = colon + 1;
        const char *end = line + len;
        while (value < end && (*value == ' ' || *value == '\t'))
                value++;
        while (end > value && strchr(" \t\r\n", end[-1]))
                end--;
        _cleanup_mem_ char *name_text = mem_text_n(line, (size_t)(colon - line));
        _cleanup_mem_ char *value_text = mem_text_n(value, (size_t)(end - value));
        if (!name_text || !value_text)
                return false;
        vio_http_response_header(r, name_text, value_text);
        return true;
}

/* Header lines come one at a time; those of interim answers and trailers come here too. */
static size_t on_header(char *line, size_t size, size_t n, void *data)
{
        struct exchange *x = data;
        size_t len = size * n;
        x->header_bytes += len;
        if (x->header_bytes > HEADER_BYTES_MAX)
                return 0;
        if (x->in_body || len == 0)
                return len;
        if (len >= 5 && memcmp(line, "HTTP/", 5) == 0) {
                response_forget_headers(x->response);
                x->headers_whole = false;
                return len;
        }
        x->headers_whole = line[0] == '\r' || line[0] == '\n';
        return add_header_line(x->response, line, len) ? len : 0;
}

static size_t on_body(char *bytes, size_t size, size_t n, void *data)
{
        struct exchange *x = data;
        x->in_body = true;
        return vio_http_response_write(x->response, bytes, size * n) < 0 ? 0 : size * n;
}

/* Whether the text can stand in a request without becoming a line of its own. */
static bool is_line(const char *s)
{
        return s && !strpbrk(s, "\r\n");
}

static bool is_token(const char *s)
{
        return s && *s && strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(s);
}

static bool is_valid(const struct vio_http_request *r)
{
        if (!is_token(r->method) || !is_line(r->url) || r->timeout_ms <= 0)
                return false;
        for (size_t i = 0; i < r->n_headers; i++) {
                const char *name = r->headers[i].name;
                if (!is_line(name) || !*name || strpbrk(name, ":; \t") ||
                    !is_line(r->headers[i].value))
                        return false;
        }
        return true;
}

static bool has_header(const struct vio_http_request *r, const char *name)
{
        for (size_t i = 0; i < r->n_headers; i++)
                if (strcasecmp(r->headers[i].name, name) == 0)
                        return true;
        return false;
}

static bool add_line(struct curl_slist **list, const char *line)
{
        struct curl_slist *longer = curl_slist_append(*list, line);
        if (longer)
                *list = longer;
        return longer != NULL;
}

/* libcurl reads "Name:" as "leave that header out", and "Name;" as a header with an empty value. */
static bool add_headers(struct exchange *x)
{
        const struct vio_http_request *r = x->request;
        for (size_t i = 0; i < r->n_headers; i++) {
                const struct vio_http_header *h = &r->headers[i];
                _cleanup_text_ struct text line = TEXT_INIT;
                text_addf(&line, *h->value ? "%s: %s" : "%s;", h->name, h->value);
                if (line.failed || !add_line(&x->headers, text_str(&line)))
                        return false;
        }
        _cleanup_text_ struct text agent = TEXT_INIT;
        text_addf(&agent, "User-Agent: vio/%s", vio_version());
        if (agent.failed)
                return false;
        return (has_header(r, "User-Agent") || add_line(&x->headers, text_str(&agent))) &&
               (has_header(r, "Content-Type") || add_line(&x->headers, "Content-Type:")) &&
               add_line(&x->headers, "Expect:");
}

static bool is_repeatable(const struct vio_http_request *r)
{
        return strcmp(r->method, "GET") == 0 || strcmp(r->method, "HEAD") == 0;
}

/* The options that are the same for every request. */
static const struct {
        CURLoption option;
        long value;
} fixed_options[] = {
    {CURLOPT_FOLLOWLOCATION, 0},
    {CURLOPT_SSL_VERIFYPEER, 1},
    {CURLOPT_SSL_VERIFYHOST, 2},
    {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
    {CURLOPT_NOSIGNAL, 1},
    {CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS},
    /* HTTP/2 has a silent repetition of its own, for streams that the server refused. */
    {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
};

static bool set_fixed(CURL *e)
{
        for (size_t i = 0; i < count_of(fixed_options); i++)
                if (curl_easy_setopt(e, fixed_options[i].option, fixed_options[i].value))
                        return false;
        return !curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https") &&
               !curl_easy_setopt(e, CURLOPT_PROXY, "");
}

static bool set_body(CURL *e, const struct vio_http_request *r)
{
        curl_off_t len = r->body ? (curl_off_t)r->body_len : 0;
        return !curl_easy_setopt(e, CURLOPT_POST, 1L) &&
               !curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, len) &&
               !curl_easy_setopt(e, CURLOPT_POSTFIELDS, r->body ? r->body : "");
}

static bool set_method(CURL *e, const struct vio_http_request *r)
{
        if (strcmp(r->method, "HEAD") == 0)
                return !curl_easy_setopt(e, CURLOPT_NOBODY, 1L);
        if ((r->body || !is_repeatable(r)) && !set_body(e, r))
                return false;
        /*
         * libcurl silently sends a request again when a kept-alive connection turns out to be dead
         * before any byte of an answer came. The server may have read the first one, and a call
         * must not be placed twice: only what may be repeated travels on a used connection.
         */
        return !curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, r->method) &&
               !curl_easy_setopt(e, CURLOPT_FRESH_CONNECT, is_repeatable(r) ? 0L : 1L);
}

static bool set_exchange(CURL *e, struct exchange *x)
{
        int64_t ms = x->request->timeout_ms;
        return !curl_easy_setopt(e, CURLOPT_URL, x->request->url) &&
               !curl_easy_setopt(e, CURLOPT_HTTPHEADER, x->headers) &&
               !curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, ms < INT32_MAX ? (long)ms : INT32_MAX) &&
               !curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header) &&
               !curl_easy_setopt(e, CURLOPT_HEADERDATA, x) &&
               !curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body) &&
               !curl_easy_setopt(e, CURLOPT_WRITEDATA, x) &&
               !curl_easy_setopt(e, CURLOPT_PRIVATE, x);
}

/* Puts one request on its way; what is wrong before that was certainly not sent. */
static void begin(CURLM *multi, struct exchange *x)
{
        const char *why = "the request is not valid";
        if (is_valid(x->request)) {
                why = "the request could not be prepared";
                x->easy = curl_easy_init();
                if (x->easy && add_headers(x) && set_fixed(x->easy) &&
                    set_method(x->easy, x->request) && set_exchange(x->easy, x) &&
                    curl_multi_add_handle(multi, x->easy) == CURLM_OK)
                        return;
        }
        x->ended = true;
        vio_http_response_fail(x->response, VIO_HTTP_NOT_SENT, why);
}

/* Failures that can come before the request, in the order in which a connection comes about. */
static const CURLcode early_failures[] = {
    CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT,      CURLE_COULDNT_RESOLVE_HOST,
    CURLE_COULDNT_CONNECT,      CURLE_SSL_CONNECT_ERROR,  CURLE_PEER_FAILED_VERIFICATION,
    CURLE_SSL_CACERT_BADFILE,   CURLE_SSL_CIPHER,         CURLE_SSL_CERTPROBLEM,
    CURLE_SSL_ISSUER_ERROR,     CURLE_OPERATION_TIMEDOUT,
};

static bool is_early(CURLcode result)
{
        for (size_t i = 0; i < count_of(early_failures); i++)
                if (early_failures[i] == result)
                        return true;
        return false;
}

static bool is_https(const struct vio_http_request *r)
{
        return strncasecmp(r->url, "https:", 6) == 0;
}

/*
 * Whether it is certain that no byte of the request reached the server. libcurl must have counted
 * none as sent; and a timeout must have struck before the connection was ready, since a byte on its
 * way is counted only once the system has taken it.
 */
static bool was_not_sent(const struct exchange *x, CURLcode result)
{
        long sent = 1;
        curl_off_t ready = 1;
        CURLINFO when = is_https(x->request) ? CURLINFO_APPCONNECT_TIME_T : CURLINFO_CONNECT_TIME_T;
        if (!is_early(result) ||
            curl_easy_getinfo(x->easy, CURLINFO_REQUEST_SIZE, &sent) != CURLE_OK ||
            curl_easy_getinfo(x->easy, when, &ready) != CURLE_OK)
                return false;
        return sent == 0 && (ready == 0 || result != CURLE_OPERATION_TIMEDOUT);
}

static void end(struct exchange *x, CURLcode result)
{
        x->ended = true;
        if (result != CURLE_OK) {
                vio_http_response_fail(
                    x->response, was_not_sent(x, result) ? VIO_HTTP_NOT_SENT : VIO_HTTP_MAYBE_SENT,
                    curl_easy_strerror(result));
                return;
        }
        if (!x->headers_whole) {
                /* libcurl takes a connection that closes amid the headers for the end of them. */
                vio_http_response_fail(x->response, VIO_HTTP_MAYBE_SENT, "half an answer");
                return;
        }
        long status = 0;
        curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
        vio_http_response_status(x->response, (int)status);
}

static void collect(CURLM *multi)
{
        int left;
        for (CURLMsg *m; (m = curl_multi_info_read(multi, &left));) {
                struct exchange *x = NULL;
                if (m->msg != CURLMSG_DONE)
                        continue;
                curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&x);
                end(x, m->data.result);
        }
}

/* Runs until all is ended; false when libcurl itself is broken. */
static bool run(CURLM *multi)
{
        for (int running = 1; running > 0;) {
                if (curl_multi_perform(multi, &running) != CURLM_OK)
                        return false;
                collect(multi);
                if (running > 0 && curl_multi_poll(multi, NULL, 0, POLL_MS, NULL) != CURLM_OK)
                        return false;
        }
        return true;
}

static void finish(CURLM *multi, struct exchange *x)
{
        if (!x->ended)
                vio_http_response_fail(x->response, VIO_HTTP_MAYBE_SENT,
                                       "the exchange was abandoned");
        if (x->easy) {
                curl_multi_remove_handle(multi, x->easy);
                curl_easy_cleanup(x->easy);
        }
        curl_slist_free_all(x->headers);
}

static void perform_all(struct pool *p, struct exchange *exchanges, size_t n)
{
        CURLM *multi = pool_take(p);
        if (!multi) {
                for (size_t i = 0; i < n; i++)
                        vio_http_response_fail(exchanges[i].response, VIO_HTTP_NOT_SENT,
                                               "out of memory");
                return;
        }
        for (size_t i = 0; i < n; i++)
                begin(multi, &exchanges[i]);
        bool healthy = run(multi);
        for (size_t i = 0; i < n; i++)
                finish(multi, &exchanges[i]);
        if (healthy)
                pool_give(p, multi);
        else
                curl_multi_cleanup(multi);
}

/* A TLS library may write to a connection that is gone; the program shall not die of it, nor find
 * its own handling of the signal changed. */
struct sigpipe {
        sigset_t before;
        bool pending;
};

static void sigpipe_hold(struct sigpipe *s)
{
        sigset_t only;
        sigset_t pending;
        sigemptyset(&only);
        sigaddset(&only, SIGPIPE);
        sigpending(&pending);
        s->pending = sigismember(&pending, SIGPIPE) == 1;
        pthread_sigmask(SIG_BLOCK, &only, &s->before);
}

static void sigpipe_release(const struct sigpipe *s)
{
        sigset_t only;
        sigemptyset(&only);
        sigaddset(&only, SIGPIPE);
        if (!s->pending)
                sigtimedwait(&only, NULL, &(struct timespec){0});
        pthread_sigmask(SIG_SETMASK, &s->before, NULL);
}

static void perform(void *data, const struct vio_http_request *requests,
                    struct vio_http_response *const *responses, size_t n)
{
        _cleanup_mem_ struct exchange *exchanges = mem_new(n * sizeof(*exchanges));
        if (!exchanges) {
                for (size_t i = 0; i < n; i++)
                        vio_http_response_fail(responses[i], VIO_HTTP_NOT_SENT, "out of memory");
                return;
        }
        for (size_t i = 0; i < n; i++) {
                exchanges[i].request = &requests[i];
                exchanges[i].response = responses[i];
        }
        struct sigpipe held;
        sigpipe_hold(&held);
        perform_all(data, exchanges, n);
        sigpipe_release(&held);
}

int vio_http_default(const struct vio_http_transport **ret)
{
        static const struct vio_http_transport transport = {perform, &pool};
        pthread_once(&pool.once, start_curl);
        if (pool.started != CURLE_OK)
                return VIO_E_NOMEM;
        *ret = &transport;
        return VIO_OK;
}
