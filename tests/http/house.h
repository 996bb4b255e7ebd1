/* house.h - two clinics in one database, a running vio-httpd over it, and verbs to ask it. */
#ifndef TESTS_HTTP_HOUSE_H
#define TESTS_HTTP_HOUSE_H

#include <check.h>
#include <run.h>
#include <sys/types.h>
#include <vio.h>

#define _cleanup_(fn)   __attribute__((cleanup(fn)))
#define count_of(array) (sizeof(array) / sizeof((array)[0]))

#define PASSWORD       "correct horse battery"
#define SOUTH_PASSWORD "another horse battery"
#define RETELL_KEY     "key_test_0123456789abcdef"
#define SOUTH_KEY      "key_test_fedcba9876543210"

/*
 * One of the two. Both have the same accounts, names, phones and contact ids, and differ in
 * passwords and keys; only the south has a contact beyond those. The call is over and was answered
 * by nobody.
 */
struct clinic {
        const char *name;
        const char *password;
        const char *key;
        vio_tenant_id id;
        vio_contact_id contact;
        vio_contact_id tired; /* was called three times today */
        vio_call_id call;
        char admin[VIO_TOKEN_SIZE];
        char user[VIO_TOKEN_SIZE];
};

struct house {
        char folder[64];
        char db[96];
        struct clinic north;
        struct clinic south;
        vio_contact_id southern; /* a contact id that only the south knows */
        char owner[VIO_TOKEN_SIZE];
        pid_t pid;
        int port;
        char url[64];
        int metrics_port; /* 0 when nobody may ask for metrics */
        char sandbox[64]; /* where the simulated Retell is, "" when there is none */
};

/* Makes the folder and the database with everything above. Nothing runs yet. */
void house_build(struct house *h);

/* The same without any contact or call, for tests that want an empty shop: only the accounts. */
void house_open(struct house *h);

/* Starts vio-httpd over it on a free port, with these further arguments (NULL at the end). */
void house_serve(struct house *h, const char *const *more);

/* Starts vio-httpd, if need be, without waiting for it to listen; for runs that fail. */
int house_run(const char *const *args, const char *const *env, char *ret_out, size_t size);

/* Waits for the end and returns the exit status. */
int house_wait(struct house *h);

/* The same after a SIGTERM. */
int house_stop(struct house *h);

/* A case of a suite whose server runs for all its cases: start and stop are done once. */
TCase *shared_case(Suite *s, SFun start, SFun stop);

/* Stops the server if it runs, checks its end, removes the folder. */
void house_leave(struct house *h);

/* A zone in which it is about noon now, so that calls are allowed. */
const char *noon_zone(void);

/* A request to the server; what is NULL is not sent. */
struct question {
        const char *method; /* NULL: GET */
        const char *path;
        const char *token;
        const char *body; /* sent as application/json */
        const char *type; /* another Content-Type */
        const char *tenant;
        const char *etag;
        const char *signature;
        const char *forwarded_for;
        const struct vio_http_header *more; /* further headers, at most 4 */
        size_t n_more;
        const char *content; /* a body with its own length */
        size_t content_len;
};

struct answer {
        struct vio_http_response *response;
        int status;
        const char *text;
        vio_json *json;
};

/* Asks and waits for the answer; fails the test when none comes. Free it with answer_clear(). */
struct answer ask_question(const struct house *h, const struct question *q);
void answer_clear(struct answer *a);

#define ask(h, ...) ask_question(h, &(struct question){__VA_ARGS__})
#define _answer_    _cleanup_(answer_clear) struct answer

/* A header of an answer, "" when it is not there. */
const char *header_of(const struct answer *a, const char *name);

/* A member of the JSON answer: its text or number; fails the test when it is neither. */
const char *text_of(const struct answer *a, const char *key);
int64_t number_of(const struct answer *a, const char *key);

/* Checks status, and message if it is not NULL. */
void expect(const struct answer *a, int status, const char *message);

/* Bytes on a bare connection: sends them, reads to the end, returns the status (0: no answer). */
int raw(const struct house *h, const void *bytes, size_t len, char *ret, size_t size);

/* The same for a text. */
int raw_text(const struct house *h, const char *text, char *ret, size_t size);

/* A connection for tests that send in pieces. */
int raw_open(const struct house *h);

/* A connection whose client has room for a few kilobytes only. */
int raw_open_small(const struct house *h);

/* Whether a new connection comes about at once. */
bool raw_reaches(const struct house *h);

/* Reads what comes until the other end closes or @ms pass without a byte. */
size_t raw_read(int fd, char *ret, size_t size, int ms);

/* Signs a webhook as Retell does, now, with one of the keys. */
void sign(const char *key, const char *body, char ret[VIO_RETELL_SIGNATURE]);

#endif
