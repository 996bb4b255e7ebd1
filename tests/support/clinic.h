/*
 * clinic.h - two clinics, the people they call, and the simulated Retell around them: with virtual
 * time, in one process, so that a test reads as what happened to somebody.
 */
#ifndef TESTS_CLINIC_H
#define TESTS_CLINIC_H

#include <pthread.h>
#include <stdatomic.h>
#include <vio.h>

#include "world.h"

/* How the town is known to its mail service. */
#define RESEND_URL    "http://resend.test"
#define RESEND_KEY    "re_town_0123456789"
#define RESEND_SECRET "whsec_dGhlIHRvd24ncyBvd24gd2ViaG9vayBzZWNyZXQ="

#define SECONDS INT64_C(1000)
#define MINUTES (60 * SECONDS)
#define HOURS   (60 * MINUTES)
#define DAYS    (24 * HOURS)

/* When every test begins: a Friday, 10:00 in New York (Acme) and 15:00 in London (Bolt). */
#define OPENING_DAY "2026-11-20T15:00:00Z"
/* Monday, 10:00 in New York: three days later, so the reminder is due on Sunday at 10:00. */
#define MONDAY "2026-11-23T15:00:00Z"

/* One tenant, as a test speaks of it. */
struct business {
        struct town *town;
        const char *name;
        const char *api_key;
        const char *number;
        const char *zone;
        vio_tenant_id id;
        vio_tenant *handle;
        vio_call_id last_call; /* the session of the latest manual call */
};

/* What goes wrong on the way to Retell. */
enum mishap {
        MISHAP_NONE,
        MISHAP_ANSWER_LOST,   /* Retell acts, its answer never comes */
        MISHAP_NEVER_ARRIVED, /* Retell sees nothing, and we cannot know it */
        MISHAP_REFUSED,       /* the connection is refused: nothing was sent for certain */
        MISHAP_SERVER_ERROR,  /* 500, and nothing was done */
        MISHAP_SCRIPTED       /* the status and body of town.script */
};

/* What becomes of webhooks on their way to us. */
enum post {
        POST_DELIVERED,
        POST_LOST, /* Retell believes them delivered */
        POST_TWICE,
        POST_HELD /* kept in town.held; the test delivers them */
};

/* An answer that a test makes up. */
struct script {
        int status;
        const char *header; /* NULL, or the name of one header, */
        const char *value;  /* and its value */
        const char *body;
};

/* A webhook on its way. */
struct held {
        char event[32];
        char call_id[64];
        const char *api_key;
        char *body;
};

#define MOST_HELD 64

struct town {
        char folder[64];
        char database[96];
        vio *v;
        struct world *world;
        pthread_mutex_t world_lock;
        _Atomic vio_time now;
        _Atomic vio_time next_step;
        atomic_ullong random;
        struct business acme;
        struct business bolt;

        /* Answers what is asked of http://cal-com.test and http://calendly.test; NULL: refuses. */
        void (*calendar)(struct town *town, const struct vio_http_request *request,
                         struct vio_http_response *response);

        enum mishap next_dial; /* of the next create-phone-call only */
        enum mishap every_request;
        struct script script;
        void (*during_dial)(struct town *town); /* runs once, on a thread of its own */
        atomic_int requests;                    /* how many reached the transport */
        atomic_int dials;                       /* how many of them were create-phone-call */

        /* Every request that is not for Retell; NULL: nobody answers it. */
        void (*elsewhere)(struct town *town, const struct vio_http_request *rq,
                          struct vio_http_response *r);
        bool no_mail;                        /* opened without the key of the mail service */
        void (*while_closed)(struct town *); /* what happens to the files in town_reopen() */

        enum post post;
        const char *lost_event; /* webhooks of this event never come; NULL: none is lost */
        struct held held[MOST_HELD];
        size_t n_held;
        char *secrets_in_log; /* the first log message that holds a number or a key; NULL */
};

/* Opens the town with its two clinics; closing it checks what must hold after every story. */
void town_open(struct town *t);
void town_open_with_lag(struct town *t, int64_t list_lag_ms);
void town_close(struct town *t);
/* As after a crash or a restart: everything in memory is gone, the file and the world stay. */
void town_reopen(struct town *t);
/* Another process on the same file. */
vio *town_second_process(struct town *t);

/* Given */
const char *phone_of(int person);
/* An appointment of "" is none. */
vio_contact_id given_contact(struct business *b, const char *name, int person,
                             const char *appointment);
vio_contact_id given_contact_with_phone(struct business *b, const char *name, const char *phone,
                                        const char *appointment);
void given_setting(struct business *b, const char *name, const char *value);
vio_time at(const char *rfc3339);

/* When */
int when_called_now(struct business *b, vio_contact_id contact);
void when_time_passes(struct town *t, int64_t ms);
void when_it_is(struct town *t, const char *rfc3339);
void when_appointment_moves(struct business *b, vio_contact_id contact, const char *appointment);
/* One step now; returns its result. */
int when_stepped(struct town *t);

/* Webhooks by hand. Each returns the result of vio_retell_webhook(). */
int deliver(struct town *t, const struct held *h, enum vio_receipt *ret);
int post_signed(struct town *t, const char *key, vio_time signed_at, const char *body);
int post_with(struct town *t, const char *body, size_t len, const char *signature);
const struct held *held_event(const struct town *t, const char *event);
void forget_held(struct town *t);

/* What can be seen */
struct seen_contact {
        enum vio_outcome outcome;
        enum vio_appointment_status status;
        int64_t attempts;
        bool opted_out;
};
struct seen_contact contact_now(struct business *b, vio_contact_id contact);

struct seen_call {
        enum vio_outcome outcome;
        enum vio_call_status status;
        enum vio_dial_state dial;
        bool is_final;
        bool webhook_verified;
        int64_t duration_s;
        int64_t polls;
        char retell_id[64];
        char source[16];
};
struct seen_call call_now_of(struct business *b, vio_call_id id);
/* The session of the contact's newest call; fails the test when there is none. */
struct seen_call newest_call(struct business *b, vio_contact_id contact);
vio_call_id newest_call_id(struct business *b, vio_contact_id contact);
size_t calls_of(struct business *b, vio_contact_id contact);
/* Everything that is told of a call and of its contact but how often it was polled and when. */
void final_story(struct business *b, vio_call_id id, char *ret, size_t size);

struct seen_task {
        enum vio_task_type type;
        enum vio_task_status status;
        vio_time scheduled_for;
        int reason;
};
#define MOST_TASKS 32
struct seen_tasks {
        struct seen_task list[MOST_TASKS];
        size_t n;
};
struct seen_tasks tasks_of(struct business *b, vio_contact_id contact);
/* The pending or processing task of a type, or NULL. */
const struct seen_task *open_task(const struct seen_tasks *tasks, enum vio_task_type type);
/* The latest task of a type, or NULL. */
const struct seen_task *last_task(const struct seen_tasks *tasks, enum vio_task_type type);

size_t rings(struct business *b, const char *phone);
int64_t version_of(struct business *b);
int timeline_has(struct business *b, vio_call_id id, const char *kind); /* how often */
/* Behind the public interface: what only the operator's screens show. */
int64_t alerts_of(struct business *b);
bool audit_has(struct business *b, vio_call_id call, const char *action);
void suspend(struct business *b, bool suspended);

/* Then */
void then_outcome_is(struct business *b, vio_contact_id contact, enum vio_outcome outcome);
void then_appointment_is(struct business *b, vio_contact_id contact,
                         enum vio_appointment_status status);
void then_rings_are(struct business *b, const char *phone, size_t n);
void then_refused_for(struct business *b, int result, enum vio_reason reason);
/* The contact has no call planned. */
void then_nothing_is_planned(struct business *b, vio_contact_id contact);
/* A task of this type is pending for that time. */
void then_planned_at(struct business *b, vio_contact_id contact, enum vio_task_type type,
                     const char *rfc3339);

#endif
