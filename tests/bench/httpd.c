/* httpd.c - the real vio-httpd as a child, and the plainest client for it. */
#include "httpd.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static void run(const struct world *w, const char *program, int out)
{
        char log[192];
        snprintf(log, sizeof(log), "%s/log", w->folder);
        dup2(out, STDOUT_FILENO);
        dup2(open(log, O_CREAT | O_WRONLY | O_APPEND, 0600), STDERR_FILENO);
        execl(program, program, "--db", w->db, "--listen", "127.0.0.1:0", "--threads", "72",
              "--per-address", "0", "--retell-url", "http://127.0.0.1:1", (char *)NULL);
        _exit(127);
}

void httpd_start(struct httpd *h, const struct world *w)
{
        const char *program = getenv("VIO_HTTPD");
        char line[256];
        int out[2];
        need(program, "VIO_HTTPD must name the program");
        need(pipe2(out, O_CLOEXEC) == 0, "no pipe");
        h->pid = fork();
        need(h->pid >= 0, "no child");
        if (h->pid == 0)
                run(w, program, out[1]);
        close(out[1]);
        FILE *lines = fdopen(out[0], "r");
        for (h->port = 0; !h->port;) {
                need(fgets(line, sizeof(line), lines), "%s did not start", program);
                sscanf(line, "listening on http://127.0.0.1:%d", &h->port);
        }
        fclose(lines);
}

void httpd_stop(struct httpd *h)
{
        int status = 0;
        kill(h->pid, SIGTERM);
        need(waitpid(h->pid, &status, 0) == h->pid && status == 0, "vio-httpd ended badly");
        h->pid = 0;
}

int httpd_connect(const struct httpd *h)
{
        const struct sockaddr_in to = {
            .sin_family = AF_INET,
            .sin_port = htons((uint16_t)h->port),
            .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
        };
        int on = 1;
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        need(fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0,
             "cannot connect");
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        return fd;
}

static void send_all(int fd, const struct message *m)
{
        char head[512];
        int len = snprintf(head, sizeof(head),
                           "POST /api/retell/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                           "Content-Type: application/json\r\nX-Retell-Signature: %s\r\n"
                           "Content-Length: %zu\r\n\r\n",
                           m->signature, m->len);
        struct iovec parts[2] = {{head, (size_t)len}, {m->body, m->len}};
        ssize_t sent = writev(fd, parts, 2);
        need(sent == (ssize_t)(m->len + (size_t)len), "a request was cut short");
}

/* The bytes of a whole answer, 0 while its head is not there. */
static size_t answer_size(const char *text)
{
        const char *end = strstr(text, "\r\n\r\n");
        const char *length = end ? strcasestr(text, "\r\nContent-Length:") : NULL;
        if (!end)
                return 0;
        need(length && length < end, "an answer has no length");
        return (size_t)(end + 4 - text) + strtoul(length + 17, NULL, 10);
}

int httpd_post(int fd, const struct message *m)
{
        char text[4096];
        size_t len = 0, size = 0;
        send_all(fd, m);
        while (!size || len < size) {
                ssize_t n = recv(fd, text + len, sizeof(text) - 1 - len, 0);
                need(n > 0, "the connection was lost");
                len += (size_t)n;
                text[len] = '\0';
                size = size ? size : answer_size(text);
        }
        int status = 0;
        sscanf(text, "HTTP/1.1 %d", &status);
        return status;
}
