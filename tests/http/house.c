/* house.c - builds the two clinics through libvio's public API and runs the real program. */
#include "house.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static vio_time now(void)
{
        struct timespec t;
        clock_gettime(CLOCK_REALTIME, &t);
        return (vio_time)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

const char *noon_zone(void)
{
        static char zone[32];
        time_t t = time(NULL);
        struct tm utc;
        gmtime_r(&t, &utc);
        int east = 12 - utc.tm_hour; /* POSIX zones count westwards */
        snprintf(zone, sizeof(zone), "Etc/GMT%+d", -east);
        return zone;
}

/* Answers every create-phone-call with a new call id, and everything else with nothing found. */
static void pretend_retell(void *data, const struct vio_http_request *requests,
                           struct vio_http_response *const *responses, size_t n)
{
        int *count = data;
        for (size_t i = 0; i < n; i++) {
                char body[256];
                bool create = strstr(requests[i].url, "create-phone-call");
                bool concurrency = strstr(requests[i].url, "concurrency");
                snprintf(body, sizeof(body),
                         create ? "{\"call_id\":\"call_house_%d\",\"call_status\":\"registered\","
                                  "\"agent_id\":\"agent_1\",\"agent_version\":0}"
                         : concurrency ? "{\"current_concurrency\":0,\"concurrency_limit\":20}"
                                       : "{\"items\":[]}",
                         create ? ++*count : 0);
                vio_http_response_status(responses[i], create ? 201 : 200);
                vio_http_response_header(responses[i], "Content-Type", "application/json");
                (void)vio_http_response_write(responses[i], body, strlen(body));
        }
}

void sign(const char *key, const char *body, char ret[VIO_RETELL_SIGNATURE])
{
        ck_assert_int_eq(vio_retell_sign(key, body, strlen(body), now(), ret), VIO_OK);
}

static void given_end(vio *v, const char *key, const char *call_id, const char *attempt_ref)
{
        char body[512];
        char signature[VIO_RETELL_SIGNATURE];
        snprintf(
            body, sizeof(body),
            "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"%s\",\"call_type\":\"phone_call\","
            "\"call_status\":\"not_connected\",\"disconnection_reason\":\"dial_busy\","
            "\"metadata\":{\"attempt_ref\":\"%s\"},\"end_timestamp\":%lld}}",
            call_id, attempt_ref, (long long)now());
        sign(key, body, signature);
        struct vio_webhook w = VIO_WEBHOOK_INIT;
        w.body = body;
        w.body_len = strlen(body);
        w.signature = signature;
        ck_assert_int_eq(vio_retell_webhook(v, &w, NULL), VIO_OK);
}

/* A call that was placed and found the line busy. */
static vio_call_id given_busy_call(vio *v, vio_tenant *t, const char *key, vio_contact_id contact)
{
        vio_call *c = NULL;
        int e = vio_call_now(t, contact, &c);
        ck_assert_msg(e == VIO_OK, "no call: %s: %s", vio_strerror(e), vio_tenant_error(t));
        vio_call_id id = vio_call_get_id(c);
        given_end(v, key, vio_call_get_retell_call_id(c), id.s);
        vio_call_free(c);
        return id;
}

static vio_contact_id given_contact(vio_tenant *t, const char *name, const char *phone)
{
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        vio_contact_id id = {0};
        f.name = name;
        f.phone = phone;
        f.appointment_time = now() + 3LL * 24 * 3600 * 1000;
        f.appointment_type = "Check-up";
        int e = vio_contact_add(t, &f, &id);
        ck_assert_msg(e == VIO_OK, "no contact: %s", vio_tenant_error(t));
        return id;
}

static void given_user(vio_tenant *t, const char *email, const char *password, enum vio_role role)
{
        struct vio_user_fields f = VIO_USER_FIELDS_INIT;
        vio_user_id id;
        f.email = email;
        f.password = password;
        f.full_name = "Dana Ortiz";
        f.role = role;
        ck_assert_int_eq(vio_user_add(t, &f, &id), VIO_OK);
}

static void given_owner(vio_operator *op)
{
        struct vio_user_fields f = VIO_USER_FIELDS_INIT;
        vio_user_id id;
        f.email = "owner@example.com";
        f.password = PASSWORD;
        f.full_name = "Robin Platt";
        f.role = VIO_ROLE_SUPER_ADMIN;
        ck_assert_int_eq(vio_operator_user_add(op, &f, &id), VIO_OK);
}

static void given_token(vio *v, const char *email, const char *password, vio_tenant_id tenant,
                        char ret[VIO_TOKEN_SIZE])
{
        struct vio_login login = VIO_LOGIN_INIT;
        struct vio_identity who = VIO_IDENTITY_INIT;
        login.email = email;
        login.password = password;
        login.tenant = tenant;
        ck_assert_int_eq(vio_login(v, &login, &who, ret), VIO_OK);
}

static vio_tenant *given_clinic(vio *v, vio_operator *op, struct clinic *clinic)
{
        const struct vio_setting settings[] = {
            {"time_zone", noon_zone()},         {"retell_api_key", clinic->key},
            {"retell_agent_id", "agent_1"},     {"retell_phone_number", "+14155550100"},
            {"accept_bare_signature", "false"},
        };
        vio_tenant *t = NULL;
        int e = vio_tenant_add(op, clinic->name, settings, count_of(settings), &clinic->id);
        ck_assert_msg(e == VIO_OK, "no tenant: %s", vio_operator_error(op));
        ck_assert_int_eq(vio_tenant_open(v, clinic->id, NULL, &t), VIO_OK);
        given_user(t, "admin@example.com", clinic->password, VIO_ROLE_CLIENT_ADMIN);
        given_user(t, "user@example.com", clinic->password, VIO_ROLE_CLIENT_USER);
        given_user(t, "both@example.com", "the same in both", VIO_ROLE_CLIENT_USER);
        given_token(v, "admin@example.com", clinic->password, clinic->id, clinic->admin);
        given_token(v, "user@example.com", clinic->password, clinic->id, clinic->user);
        return t;
}

static void given_calls(vio *v, vio_tenant *t, struct clinic *clinic)
{
        clinic->contact = given_contact(t, "Vienna Barnes", "+14155550101");
        clinic->tired = given_contact(t, "Jane Smith", "+14155550106");
        for (int i = 0; i < 3; i++)
                clinic->call = given_busy_call(v, t, clinic->key, clinic->tired);
}

static vio *open_system(struct house *h, int *calls)
{
        char error[256] = "";
        char secret_file[128];
        uint8_t secret[VIO_SECRET_SIZE];
        struct vio_options o = VIO_OPTIONS_INIT;
        vio *v = NULL;
        snprintf(secret_file, sizeof(secret_file), "%s.secret", h->db);
        ck_assert_int_eq(vio_secret_load(secret_file, true, secret), VIO_OK);
        o.database = h->db;
        o.secret = secret;
        o.secret_len = sizeof(secret);
        o.http = (struct vio_http_transport){pretend_retell, calls};
        o.error = error;
        o.error_size = sizeof(error);
        int e = vio_open(&o, &v);
        ck_assert_msg(e == VIO_OK, "cannot open: %s: %s", vio_strerror(e), error);
        return v;
}

static void build(struct house *h, bool with_calls)
{
        int calls = 0;
        vio_operator *op = NULL;
        *h = (struct house){
            .folder = "/tmp/vio-http-XXXXXX",
            .north = {.name = "North Clinic", .password = PASSWORD, .key = RETELL_KEY},
            .south = {.name = "South Clinic", .password = SOUTH_PASSWORD, .key = SOUTH_KEY},
        };
        ck_assert_ptr_nonnull(mkdtemp(h->folder));
        snprintf(h->db, sizeof(h->db), "%s/vio.db", h->folder);
        vio *v = open_system(h, &calls);
        ck_assert_int_eq(vio_operator_open(v, NULL, &op), VIO_OK);
        vio_tenant *north = given_clinic(v, op, &h->north);
        vio_tenant *south = given_clinic(v, op, &h->south);
        if (with_calls) {
                given_calls(v, north, &h->north);
                given_calls(v, south, &h->south);
                h->southern = given_contact(south, "Only South", "+14155550102");
        }
        given_owner(op);
        given_token(v, "owner@example.com", PASSWORD, (vio_tenant_id){0}, h->owner);
        vio_tenant_free(north);
        vio_tenant_free(south);
        vio_operator_free(op);
        vio_close(v);
}

void house_build(struct house *h)
{
        build(h, true);
}

void house_open(struct house *h)
{
        build(h, false);
}

/* The child's environment: ours, but for what would configure the program. */
static void clean_environment(const char *const *env)
{
        static const char *const names[] = {
            "VIO_RETELL_URL",       "VIO_DB",         "VIO_LISTEN",         "VIO_CONFIG",
            "VIO_SANDBOX",          "VIO_LOG_FORMAT", "VIO_METRICS_LISTEN", "DATABASE_URL",
            "JWT_SECRET",           "PORT",           "RESEND_API_KEY",     "VIO_MAIL_FROM",
            "RESEND_WEBHOOK_SECRET"};
        for (size_t i = 0; i < count_of(names); i++)
                unsetenv(names[i]);
        for (size_t i = 0; env && env[i]; i++)
                putenv((char *)env[i]);
}

static pid_t start(const char *const *args, const char *const *env, int out, int err)
{
        const char *argv[32] = {getenv("VIO_HTTPD")};
        ck_assert_ptr_nonnull(argv[0]);
        for (size_t i = 0; args[i]; i++)
                argv[i + 1] = args[i];
        pid_t pid = fork();
        ck_assert_int_ge(pid, 0);
        if (pid > 0)
                return pid;
        dup2(out, STDOUT_FILENO);
        dup2(err, STDERR_FILENO);
        clean_environment(env);
        execv(argv[0], (char *const *)argv);
        _exit(127);
}

/* Reads a line; an empty text when the program has ended. */
static void read_line(int fd, char *ret, size_t size)
{
        size_t n = 0;
        while (n + 1 < size && read(fd, ret + n, 1) == 1 && ret[n] != '\n')
                n++;
        ret[n] = '\0';
}

void house_serve(struct house *h, const char *const *more)
{
        const char *args[24] = {"--db", h->db, "--listen", "127.0.0.1:0"};
        char log[128];
        int out[2];
        size_t n = 4;
        bool sandbox = false;
        for (size_t i = 0; more && more[i]; i++) {
                args[n++] = more[i];
                sandbox = sandbox || !strcmp(more[i], "--sandbox");
        }
        if (!sandbox) { /* nobody listens there; least of all Retell */
                args[n++] = "--retell-url";
                args[n++] = "http://127.0.0.1:1";
        }
        snprintf(log, sizeof(log), "%s/log", h->folder);
        int err = open(log, O_CREAT | O_WRONLY | O_APPEND, 0600);
        ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
        h->pid = start(args, NULL, out[1], err);
        close(err);
        close(out[1]);
        char line[256] = "-";
        while (line[0] && sscanf(line, "listening on %63s", h->url) != 1) {
                read_line(out[0], line, sizeof(line));
                sscanf(line, "metrics at http://127.0.0.1:%d", &h->metrics_port);
                sscanf(line, "sandbox on %63[^ ]", h->sandbox);
        }
        close(out[0]);
        ck_assert_msg(line[0], "vio-httpd did not start; see %s", log);
        h->sandbox[strcspn(h->sandbox, " ")] = '\0';
        h->port = (int)strtol(strrchr(h->url, ':') + 1, NULL, 10);
}

int house_run(const char *const *args, const char *const *env, char *ret_out, size_t size)
{
        int pipes[2];
        int status = 0;
        ck_assert_int_eq(pipe2(pipes, O_CLOEXEC), 0);
        pid_t pid = start(args, env, pipes[1], pipes[1]);
        close(pipes[1]);
        size_t len = 0;
        for (ssize_t n; len + 1 < size && (n = read(pipes[0], ret_out + len, size - len - 1)) > 0;)
                len += (size_t)n;
        ret_out[len] = '\0';
        close(pipes[0]);
        ck_assert_int_eq(waitpid(pid, &status, 0), pid);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int house_wait(struct house *h)
{
        int status = 0;
        ck_assert_int_eq(waitpid(h->pid, &status, 0), h->pid);
        h->pid = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int house_stop(struct house *h)
{
        kill(h->pid, SIGTERM);
        return house_wait(h);
}

TCase *shared_case(Suite *s, SFun start_once, SFun stop_once)
{
        TCase *tc = tcase_create("shared");
        tcase_add_unchecked_fixture(tc, start_once, stop_once);
        tcase_set_timeout(tc, 120);
        suite_add_tcase(s, tc);
        return tc;
}

static void remove_folder(const char *path)
{
        DIR *folder = opendir(path);
        for (const struct dirent *entry; folder && (entry = readdir(folder));)
                unlinkat(dirfd(folder), entry->d_name, 0); /* "." and ".." resist */
        if (folder)
                closedir(folder);
        rmdir(path);
}

/* Runs outside of any case, so a bad end is told by the program's own end. */
void house_leave(struct house *h)
{
        int status = h->pid ? house_stop(h) : 0;
        if (status != 0) {
                fprintf(stderr, "vio-httpd ended with %d; its log is in %s\n", status, h->folder);
                exit(EXIT_FAILURE);
        }
        remove_folder(h->folder);
}
