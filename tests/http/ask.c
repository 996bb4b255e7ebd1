/* ask.c - asking the server: whole requests by libvio's own transport, bytes by a bare socket. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "house.h"

static size_t gather_headers(const struct question *q, struct vio_http_header *ret, char *bearer,
                             size_t size)
{
        size_t n = 0;
        const struct {
                const char *name;
                const char *value;
        } rows[] = {
            {"Content-Type", q->type   ? q->type
                             : q->body ? "application/json"
                                       : NULL},
            {"X-Tenant-Id", q->tenant},
            {"If-None-Match", q->etag},
            {"X-Retell-Signature", q->signature},
            {"X-Forwarded-For", q->forwarded_for},
        };
        for (size_t i = 0; i < count_of(rows); i++)
                if (rows[i].value)
                        ret[n++] = (struct vio_http_header){rows[i].name, rows[i].value};
        for (size_t i = 0; i < q->n_more; i++)
                ret[n++] = q->more[i];
        if (q->token) {
                snprintf(bearer, size, "Bearer %s", q->token);
                ret[n++] = (struct vio_http_header){"Authorization", bearer};
        }
        return n;
}

struct answer ask_question(const struct house *h, const struct question *q)
{
        const struct vio_http_transport *transport = NULL;
        struct vio_http_header headers[10];
        char bearer[VIO_TOKEN_SIZE + 8];
        char url[8192];
        ck_assert_int_eq(vio_http_default(&transport), VIO_OK);
        snprintf(url, sizeof(url), "%s%s", h->url, q->path);
        struct vio_http_request request = {
            .size = sizeof(request),
            .method = q->method ? q->method : "GET",
            .url = url,
            .headers = headers,
            .n_headers = gather_headers(q, headers, bearer, sizeof(bearer)),
            .body = q->content ? q->content : q->body,
            .body_len = q->content ? q->content_len
                        : q->body  ? strlen(q->body)
                                   : 0,
            .timeout_ms = 40000,
        };
        struct answer a = {.response = vio_http_response_new()};
        transport->perform(transport->data, &request, &a.response, 1);
        ck_assert_msg(vio_http_response_get_failure(a.response) == VIO_HTTP_ANSWERED,
                      "no answer to %s %s: %s", request.method, q->path,
                      vio_http_response_get_why(a.response));
        size_t len;
        a.status = vio_http_response_get_status(a.response);
        a.text = vio_http_response_get_body(a.response, &len);
        if (len && strcmp(header_of(&a, "Content-Type"), "text/csv; charset=utf-8") != 0)
                ck_assert_msg(vio_json_parse(a.text, len, &a.json) == VIO_OK, "no JSON: %s",
                              a.text);
        return a;
}

void answer_clear(struct answer *a)
{
        vio_json_free(a->json);
        vio_http_response_free(a->response);
}

const char *header_of(const struct answer *a, const char *name)
{
        const char *value = vio_http_response_get_header(a->response, name);
        return value ? value : "";
}

const char *text_of(const struct answer *a, const char *key)
{
        const char *text = vio_json_text(vio_json_get(a->json, key));
        ck_assert_msg(text, "no text \"%s\" in %s", key, a->text);
        return text;
}

int64_t number_of(const struct answer *a, const char *key)
{
        int64_t n = 0;
        int e = vio_json_int(vio_json_get(a->json, key), &n);
        ck_assert_msg(e == VIO_OK, "no number \"%s\" in %s", key, a->text);
        return n;
}

void expect(const struct answer *a, int status, const char *message)
{
        ck_assert_msg(a->status == status, "%d, not %d: %s", a->status, status, a->text);
        if (message)
                ck_assert_str_eq(text_of(a, "message"), message);
}

static struct sockaddr_in address_of(const struct house *h)
{
        struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)h->port)};
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return to;
}

bool raw_reaches(const struct house *h)
{
        struct sockaddr_in to = address_of(h);
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        ck_assert_int_ge(fd, 0);
        struct pollfd p = {.fd = fd, .events = POLLOUT};
        bool refused = connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0 && errno != EINPROGRESS;
        bool reached = !refused && poll(&p, 1, 200) == 1 && !(p.revents & (POLLERR | POLLHUP));
        close(fd);
        return reached;
}

static int open_with(const struct house *h, int room)
{
        struct sockaddr_in to = address_of(h);
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        ck_assert_int_ge(fd, 0);
        if (room)
                ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room)), 0);
        ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
        return fd;
}

int raw_open(const struct house *h)
{
        return open_with(h, 0);
}

int raw_open_small(const struct house *h)
{
        return open_with(h, 4096);
}

size_t raw_read(int fd, char *ret, size_t size, int ms)
{
        struct pollfd p = {.fd = fd, .events = POLLIN};
        size_t len = 0;
        while (len + 1 < size && poll(&p, 1, ms) == 1) {
                ssize_t n = recv(fd, ret + len, size - len - 1, 0);
                if (n <= 0)
                        break;
                len += (size_t)n;
        }
        ret[len] = '\0';
        return len;
}

int raw(const struct house *h, const void *bytes, size_t len, char *ret, size_t size)
{
        int fd = raw_open(h);
        int status = 0;
        for (size_t sent = 0; sent < len;) {
                ssize_t n = send(fd, (const char *)bytes + sent, len - sent, MSG_NOSIGNAL);
                if (n <= 0)
                        break; /* refused in the middle: the answer is there to be read */
                sent += (size_t)n;
        }
        shutdown(fd, SHUT_WR);
        raw_read(fd, ret, size, 15000);
        close(fd);
        if (!strncmp(ret, "HTTP/1.1 ", 9))
                status = (int)strtol(ret + 9, NULL, 10);
        return status;
}

int raw_text(const struct house *h, const char *text, char *ret, size_t size)
{
        return raw(h, text, strlen(text), ret, size);
}
