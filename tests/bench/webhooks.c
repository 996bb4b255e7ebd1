/*
 * webhooks.c - how many signed webhooks a second become durable: through the library, and over HTTP
 * through vio-httpd, beside a bare loop of grouped commits on the same file system.
 *
 *     webhooks FOLDER VIO-HTTPD [LETTERS]
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vio.h>

#include "abi/handle.h"
#include "store/q.h"

#define KEY          "key_bench_0123456789"
#define MOST_THREADS 64
#define EVENTS       3
/* At most so many lines are in use at once by one tenant's setting up. */
#define SETTERS 16

/* One webhook, ready to be sent. */
struct letter {
        char *body;
        size_t len;
        char signature[VIO_RETELL_SIGNATURE];
};

struct bench {
        const char *folder;
        const char *httpd;
        char database[256];
        char secret_file[256];
        vio *v;
        vio_tenant_id tenant;
        atomic_int calls; /* so many call ids were given out */
        atomic_int phones;
        struct letter *letters;
        size_t n_letters;
        pid_t server;
        int port;
        const char *round; /* makes the bare loop's keys differ from round to round */
};

static void die(const char *what)
{
        fprintf(stderr, "bench: %s failed\n", what);
        exit(EXIT_FAILURE);
}

static vio_time now(void)
{
        struct timespec t;
        clock_gettime(CLOCK_REALTIME, &t);
        return (vio_time)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static double seconds(void)
{
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Work shared by threads: each takes the next item until none is left. */

struct crowd {
        struct bench *b;
        void (*work)(struct crowd *c, size_t item, int *connection);
        size_t n;
        atomic_size_t next;
};

static void *work_on(void *arg)
{
        struct crowd *c = arg;
        int connection = -1;
        for (size_t i = c->next++; i < c->n; i = c->next++)
                c->work(c, i, &connection);
        if (connection >= 0)
                close(connection);
        return NULL;
}

/* Items a second. */
static double run(struct bench *b, int threads, size_t n,
                  void (*work)(struct crowd *c, size_t item, int *connection))
{
        struct crowd c = {.b = b, .work = work, .n = n};
        pthread_t list[MOST_THREADS];
        double begin = seconds();

        for (int i = 0; i < threads; i++) {
                if (pthread_create(&list[i], NULL, work_on, &c) != 0)
                        die("pthread_create");
        }
        for (int i = 0; i < threads; i++)
                pthread_join(list[i], NULL);
        return (double)n / (seconds() - begin);
}

/* Setting up: a tenant where it is noon, and calls that are on their way */

static void pretend_retell(void *data, const struct vio_http_request *requests,
                           struct vio_http_response *const *responses, size_t n)
{
        struct bench *b = data;
        (void)requests;
        for (size_t i = 0; i < n; i++) {
                char body[100];
                snprintf(body, sizeof(body), "{\"call_id\":\"call_bench_%d\"}", b->calls++);
                vio_http_response_status(responses[i], 201);
                if (vio_http_response_write(responses[i], body, strlen(body)) < 0)
                        die("an answer");
        }
}

static void open_system(struct bench *b)
{
        uint8_t secret[VIO_SECRET_SIZE];
        char why[200] = "";
        struct vio_options o = VIO_OPTIONS_INIT;

        snprintf(b->database, sizeof(b->database), "%s/bench.db", b->folder);
        snprintf(b->secret_file, sizeof(b->secret_file), "%s/bench.secret", b->folder);
        if (vio_secret_load(b->secret_file, true, secret) < 0)
                die("the secret");
        o.database = b->database;
        o.secret = secret;
        o.secret_len = sizeof(secret);
        o.http = (struct vio_http_transport){pretend_retell, b};
        o.error = why;
        o.error_size = sizeof(why);
        if (vio_open(&o, &b->v) < 0)
                die(why);
}

static void add_tenant(struct bench *b)
{
        char zone[24];
        vio_operator *op = NULL;
        int hour = (int)(now() / 3600000 % 24);
        struct vio_setting settings[] = {
            {"retell_api_key", KEY}, {"retell_phone_number", "+14155550000"}, {"time_zone", zone}};

        /* POSIX zones count westwards. */
        snprintf(zone, sizeof(zone), "Etc/GMT%+d", hour - 12);
        if (vio_operator_open(b->v, NULL, &op) < 0 ||
            vio_tenant_add(op, "Bench", settings, 3, &b->tenant) < 0)
                die("adding the tenant");
        vio_operator_free(op);
}

static void set_up_call(struct crowd *c, size_t item, int *connection)
{
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        vio_tenant *t = NULL;
        vio_contact_id contact;
        vio_call *call = NULL;
        char phone[20];
        (void)item;
        (void)connection;

        snprintf(phone, sizeof(phone), "+1415%07d", c->b->phones++);
        f.name = "Somebody";
        f.phone = phone;
        if (vio_tenant_open(c->b->v, c->b->tenant, NULL, &t) < 0 ||
            vio_contact_add(t, &f, &contact) < 0 || vio_call_now(t, contact, &call) < 0)
                die(t ? vio_tenant_error(t) : "a handle");
        vio_call_free(call);
        vio_tenant_free(t);
}

/* What Retell sends for one call: about 2 KiB each, like the real ones. */
static void write_letter(struct letter *l, int call, int event)
{
        static const char *const events[EVENTS] = {"call_started", "call_ended", "call_analyzed"};
        static const char transcript[] =
            "Agent: Hello, this is your clinic calling about your appointment.\\n"
            "User: Yes, I'll be there.\\nAgent: Great, you are confirmed. Goodbye.\\n";
        static const char ended[] =
            ",\"call_status\":\"ended\",\"end_timestamp\":1795360046000,\"duration_ms\":40000,"
            "\"disconnection_reason\":\"agent_hangup\"";
        static const char analysis[] = ",\"call_analysis\":{\"call_summary\":\"The patient "
                                       "confirmed.\",\"in_voicemail\":false,"
                                       "\"user_sentiment\":\"Positive\",\"call_successful\":true,"
                                       "\"custom_analysis_data\":{\"appointment_confirmed\":true}}";
        char *body = NULL;

        int len = asprintf(&body,
                           "{\"event\":\"%s\",\"call\":{\"call_id\":\"call_bench_%d\","
                           "\"call_type\":\"phone_call\",\"agent_id\":\"agent_1\","
                           "\"direction\":\"outbound\",\"start_timestamp\":1795360006000,"
                           "\"filler\":\"%01400d\"%s%s%s%s%s}}",
                           events[event], call, call, event ? ended : "",
                           event ? ",\"transcript\":\"" : "", event ? transcript : "",
                           event ? "\"" : "", event == 2 ? analysis : "");
        if (len < 0 || vio_retell_sign(KEY, body, (size_t)len, now(), l->signature) < 0)
                die("a letter");
        l->body = body;
        l->len = (size_t)len;
}

/* Fresh calls, and the letters about them: all that began, then all that ended, and so on. */
static void prepare(struct bench *b, size_t n_letters)
{
        int calls = (int)(n_letters / EVENTS);
        int first = b->calls;

        run(b, SETTERS, (size_t)calls, set_up_call);
        for (size_t i = 0; i < b->n_letters; i++)
                free(b->letters[i].body);
        free(b->letters);
        b->n_letters = (size_t)calls * EVENTS;
        b->letters = calloc(b->n_letters, sizeof(*b->letters));
        if (!b->letters)
                die("memory");
        for (int event = 0; event < EVENTS; event++) {
                for (int i = 0; i < calls; i++)
                        write_letter(&b->letters[event * calls + i], first + i, event);
        }
}

/* The bare loop */

SYSTEM_SQL(sql_bare, "INSERT INTO call_routes (retell_call_id, tenant_id) VALUES (?1, 1)");
static int insert_in(struct system_tx *tx, void *arg)
{
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_bare);
        q_text(q, arg);
        return q_done(q);
}

static void commit_bare(struct crowd *c, size_t item, int *connection)
{
        char key[40];
        (void)connection;
        snprintf(key, sizeof(key), "bare_%s_%zu", c->b->round, item);
        if (store_write(c->b->v->engine.store, insert_in, key, NULL) < 0)
                die("a bare commit");
}

/* The library */

static void hand_in(struct crowd *c, size_t item, int *connection)
{
        const struct letter *l = &c->b->letters[item];
        struct vio_webhook w = VIO_WEBHOOK_INIT;
        enum vio_receipt receipt;
        (void)connection;

        w.body = l->body;
        w.body_len = l->len;
        w.signature = l->signature;
        if (vio_retell_webhook(c->b->v, &w, &receipt) < 0 || receipt != VIO_RECEIPT_STORED)
                die("a webhook");
}

/* The program */

static void start_server(struct bench *b)
{
        char line[300];
        int out[2];

        if (pipe(out) < 0)
                die("pipe");
        b->server = fork();
        if (b->server == 0) {
                dup2(out[1], STDOUT_FILENO);
                if (!freopen("/dev/null", "w", stderr))
                        _exit(127);
                close(out[0]);
                execl(b->httpd, b->httpd, "--db", b->database, "--secret-file", b->secret_file,
                      "--listen", "127.0.0.1:0", "--retell-url", "http://127.0.0.1:9", "--threads",
                      "70", "--per-address", "0", (char *)NULL);
                _exit(127);
        }
        close(out[1]);
        FILE *f = fdopen(out[0], "r");
        while (f && !b->port && fgets(line, sizeof(line), f))
                sscanf(line, "listening on http://127.0.0.1:%d", &b->port);
        if (!b->port)
                die("starting vio-httpd");
}

static void stop_server(struct bench *b)
{
        int status;
        kill(b->server, SIGTERM);
        waitpid(b->server, &status, 0);
}

static int connect_to(const struct bench *b)
{
        struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)b->port)};
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
                die("connect");
        return fd;
}

/* Reads one answer; whether it is there whole. */
static bool answered(char *answer, size_t len)
{
        char *body;
        char *length;
        answer[len] = '\0';
        body = strstr(answer, "\r\n\r\n");
        length = strcasestr(answer, "\r\nContent-Length:");
        if (!body || !length)
                return false;
        return len >= (size_t)(body + 4 - answer) + strtoul(length + 17, NULL, 10);
}

static void post(struct crowd *c, size_t item, int *connection)
{
        const struct letter *l = &c->b->letters[item];
        char message[8192];
        char answer[2048];
        size_t got = 0;

        if (*connection < 0)
                *connection = connect_to(c->b);
        int len = snprintf(message, sizeof(message),
                           "POST /api/retell/webhook HTTP/1.1\r\nHost: bench\r\n"
                           "Content-Type: application/json\r\nX-Retell-Signature: %s\r\n"
                           "Content-Length: %zu\r\n\r\n%s",
                           l->signature, l->len, l->body);
        if (send(*connection, message, (size_t)len, MSG_NOSIGNAL) != len)
                die("sending");
        do {
                ssize_t n = recv(*connection, answer + got, sizeof(answer) - 1 - got, 0);
                if (n <= 0)
                        die("receiving");
                got += (size_t)n;
        } while (!answered(answer, got));
        if (strncmp(answer, "HTTP/1.1 200", 12) != 0)
                die(answer);
        if (strcasestr(answer, "\r\nConnection: close")) {
                close(*connection);
                *connection = -1;
        }
}

static void compare(struct bench *b, int threads, const char *round, size_t n_letters)
{
        b->round = round;
        double bare = run(b, threads, n_letters, commit_bare);
        prepare(b, n_letters);
        double library = run(b, threads, b->n_letters, hand_in);
        prepare(b, n_letters);
        double http = run(b, threads, b->n_letters, post);
        printf("%11d %12.0f %12.0f %9.2f %12.0f %9.2f\n", threads, bare, library, library / bare,
               http, http / bare);
        fflush(stdout);
}

static void remove_files(const struct bench *b)
{
        static const char *const endings[] = {"db", "db-wal", "db-shm", "secret"};
        char path[300];
        for (size_t i = 0; i < count_of(endings); i++) {
                snprintf(path, sizeof(path), "%s/bench.%s", b->folder, endings[i]);
                unlink(path);
        }
}

int main(int argc, char **argv)
{
        struct bench b = {.phones = 1000000};

        if (argc < 3) {
                fprintf(stderr, "usage: webhooks FOLDER VIO-HTTPD [LETTERS]\n");
                return 2;
        }
        size_t letters = argc > 3 ? strtoul(argv[3], NULL, 10) : 6000;
        b.folder = argv[1];
        b.httpd = argv[2];
        remove_files(&b);
        open_system(&b);
        add_tenant(&b);
        start_server(&b);
        printf("signed webhooks of 2 KiB made durable, per second; ratio to the bare loop\n");
        printf("%11s %12s %12s %9s %12s %9s\n", "at once", "bare commit", "library", "ratio",
               "vio-httpd", "ratio");
        compare(&b, 1, "one", letters / 4);
        compare(&b, 16, "some", letters);
        compare(&b, 64, "many", letters);
        stop_server(&b);
        for (size_t i = 0; i < b.n_letters; i++)
                free(b.letters[i].body);
        free(b.letters);
        vio_close(b.v);
        remove_files(&b);
        return EXIT_SUCCESS;
}
