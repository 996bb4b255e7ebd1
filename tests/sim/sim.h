/*
 * sim.h - a simulated world around the real library: clinics in several zones, their patients, the
 * telephone service, the post, the disk and the staff, all driven by one seed on one thread.
 */
#ifndef TESTS_SIM_H
#define TESTS_SIM_H

#include <setjmp.h>
#include <vio.h>

#include "chance.h"
#include "disk.h"
#include "world.h"

#define SECONDS INT64_C(1000)
#define MINUTES (60 * SECONDS)
#define HOURS   (60 * MINUTES)
#define DAYS    (24 * HOURS)

#define CLINICS      3
#define PATIENTS     14 /* of one clinic */
#define MOST_LETTERS 512
#define MOST_RINGS   512
#define MOST_HISTORY 4000
#define MOST_CALLS   32768
#define MOST_TASKS   8192
#define MOST_TOLD    64 /* answers in one step */
#define MOST_KEPT    64 /* acknowledged webhooks that are sent again after a crash */
#define MOST_STUCK   64
#define MOST_CROWD   10000 /* four digits of a number */

#define HASH_OF_NOTHING UINT64_C(0xcbf29ce484222325)

/* What can go wrong, and how often: X(name, permille at worst, what it is). */
#define FAULTS(X)                                                                                  \
        X(answer_lost, 150, "create: the answer is lost after the call was placed")                \
        X(never_arrived, 150, "the request is lost on its way")                                    \
        X(refused, 100, "the connection is refused")                                               \
        X(error_before, 100, "a 5xx, and nothing was done")                                        \
        X(error_after, 100, "a 5xx, though it was done")                                           \
        X(throttled, 80, "a 429")                                                                  \
        X(slow, 100, "an answer takes 30 seconds")                                                 \
        X(letter_lost, 250, "a webhook never comes")                                               \
        X(letter_doubled, 250, "a webhook comes up to five times")                                 \
        X(letter_late, 250, "a webhook comes up to two hours late")                                \
        X(letter_early, 150, "a webhook comes before the answer to the request")                   \
        X(letter_forged, 100, "a webhook is signed with a wrong key")                              \
        X(letter_stale, 80, "a webhook is signed an hour ago")                                     \
        X(letter_rewritten, 80, "a webhook is serialised anew after it was signed")                \
        X(letter_strange, 80, "a webhook is of an unknown type")                                   \
        X(letter_torn, 80, "a webhook lacks what it needs")                                        \
        X(power_cut, 500, "the power fails at some call of the disk")                              \
        X(cut_in_call, 60, "the power fails while a request is on its way")                        \
        X(disk_error, 500, "a call of the disk fails")                                             \
        X(disk_full, 200, "the disk is full for ten minutes")                                      \
        X(disk_busy, 300, "another process holds the database for some minutes")                   \
        X(outage, 60, "the telephone service is away for three hours")                             \
        X(clock_back, 200, "the clock is set back")                                                \
        X(moved_in_call, 60, "an appointment is moved while a request is on its way")              \
        X(decided_in_call, 40, "the staff decides while a request is on its way")                  \
        X(opted_out_in_call, 15, "a patient opts out while a request is on its way")               \
        X(called_twice, 300, "the staff asks for the same call twice")                             \
        X(called_in_call, 80, "the staff asks for a call while it is being placed")                \
        X(stuck, 40, "a call stays ongoing for ever, and no webhook comes")                        \
        X(suspended, 200, "a clinic is suspended for some hours")                                  \
        X(key_rotated, 100, "a clinic gets a new key of the telephone service")                    \
        X(list_lag, 500, "list-calls shows a call minutes late; drawn once")

enum fault_kind {
#define FAULT_X(name, permille, text) FAULT_##name,
        FAULTS(FAULT_X)
#undef FAULT_X
            FAULT_COUNT
};

extern const char *const fault_names[FAULT_COUNT];

/* A clinic. */
struct clinic {
        const char *zone_name;
        vio_zone *zone;
        char key[64];
        bool key_unsure; /* a change of it failed: nobody knows which one is in force */
        const char *number;
        vio_tenant_id id;
        vio_tenant *handle;
        bool suspended;
        bool suspension_unsure;
        vio_time suspended_until;
};

/* A patient, and what the library has promised about him. */
struct patient {
        struct clinic *clinic;
        vio_contact_id id; /* 0: not yet acknowledged, or removed */
        char phone[20];
        bool unsure; /* a change failed: the record tells, as soon as it can be read */
        vio_time added_at;
        vio_time appointment;
        enum vio_appointment_status status; /* as the staff has set it last */
        bool opted_out;
        vio_time opted_out_at;
        vio_contact_id removed; /* the last one that was, 0 for none */
        bool erased;            /* it was even erased */
};

/* A webhook under way. */
struct letter {
        vio_time due;
        uint64_t delivery; /* the world's own number */
        bool tells_world;  /* the world waits to hear how it went */
        bool acknowledged;
        int left; /* how often it will still come */
        char key[64];
        char event[32];
        char call_id[64];
        char *body;
};

/* A webhook that was acknowledged. */
struct kept {
        struct clinic *clinic;
        char *body;
};

/* What was told about a call and taken, and what its record said: it never says less again. */
struct known {
        char call[64];                /* the telephone service's */
        struct vio_evidence evidence; /* owns its texts */
        bool is_final;
};

/* A task that has come to its end. */
struct ended {
        vio_task_id id;
        enum vio_task_status status;
        int reason;
};

/* A call of which the telephone service tells for ever what it told first. */
struct stuck {
        char call[64];
        char *body;
};

struct history_line {
        vio_time at;
        char call[64]; /* the call or patient concerned, "" for the world */
        char text[120];
};

struct sim {
        uint64_t seed;
        int crowd; /* so many more contacts of the first clinic, due at once */
        struct chance chance;
        vio_time now;
        vio_time end;
        int64_t skew; /* of the library's clock against the world's */
        bool calm;    /* no more faults */
        int permille[FAULT_COUNT];
        uint64_t injected[FAULT_COUNT];

        struct disk *disk;
        char folder[64];
        char database[96];
        struct world *world;
        vio *v;
        uint64_t random; /* of the library */
        vio_time next_step;
        vio_time next_action;
        vio_time outage_until;
        vio_time full_until;
        vio_time busy_until;
        vio_time calm_since;
        bool in_request;
        struct patient *dialled; /* the last one */

        struct clinic clinics[CLINICS];
        struct patient patients[CLINICS * PATIENTS];
        struct letter letters[MOST_LETTERS];
        size_t n_letters;

        struct kept kept[MOST_KEPT];
        size_t n_kept; /* so many were kept, the last of them still are */
        struct stuck stuck[MOST_STUCK];
        size_t n_stuck;
        struct known known[MOST_CALLS];
        size_t n_known;
        struct ended ended[MOST_TASKS];
        size_t n_ended;
        char *told[MOST_TOLD]; /* answers of the step under way */
        size_t n_told;

        struct history_line history[MOST_HISTORY];
        size_t n_history;
        uint64_t hash; /* of the whole history */
        uint64_t steps;
        uint64_t checks;
        uint64_t crashes;
        uint64_t calls;
        bool failed;
        jmp_buf broken; /* where a broken invariant leads */
        char what[400]; /* the invariant that broke */
};

/* Runs one seed for so many virtual days, with a crowd of so many (0: none). Returns whether every
 * invariant held. */
bool sim_run(struct sim *s, uint64_t seed, int days, int crowd);

/* history.c */
__attribute__((format(printf, 3, 4))) void tell(struct sim *s, const char *about,
                                                const char *format, ...);
/* Tells it and ends the simulation as failed. */
__attribute__((format(printf, 3, 4), noreturn)) void broken(struct sim *s, const char *about,
                                                            const char *format, ...);
void history_print(const struct sim *s);

/* Whether this fault strikes now; counted when it does. */
bool strikes(struct sim *s, enum fault_kind kind);

/* life.c: opening, crashing, opening again; the hooks. */
void life_begin(struct sim *s);
void life_end(struct sim *s);
/* After any call of the library: if the power is out, everything is opened anew. Returns whether it
 * was. */
bool life_goes_on(struct sim *s);

/* network.c: the way to the telephone service. */
void network_perform(void *data, const struct vio_http_request *requests,
                     struct vio_http_response *const *responses, size_t n);
bool network_stuck(const struct sim *s, const char *call_id);

/* post.c: the webhooks. */
void post_collect(struct sim *s);
vio_time post_next(const struct sim *s);
void post_deliver(struct sim *s);
void post_early(struct sim *s);
/* What was acknowledged before the power failed is still there. */
void post_again(struct sim *s);
void post_end(struct sim *s);

/* people.c: what patients do, and what is remembered of it. */
void people_arrive(struct sim *s);
void people_act(struct sim *s);
void people_move(struct sim *s, struct patient *p);
void people_opt_out(struct sim *s, struct patient *p);
void people_call(struct sim *s, struct patient *p);
/* What may be answered to anybody when the disk, the network or another process is at fault.
 * Returns whether it was done. */
bool people_accept(struct sim *s, const char *about, const char *deed, int r);
/* Reads from the record what a failed change has left open. */
void people_learn(struct sim *s, struct patient *p);
vio_time people_draw_appointment(struct sim *s);

/* staff.c: what the staff and the operator do. */
void staff_decide(struct sim *s, struct patient *p);
void staff_remove(struct sim *s, struct patient *p);
void staff_import(struct sim *s, struct patient *p);
void staff_suspend(struct sim *s, struct patient *p);
void staff_rotate_key(struct sim *s, struct patient *p);
/* A suspension whose time is over is lifted. */
void staff_resume(struct sim *s);

/* ledger.c: what was told of each call, and what its record must say since. */
void ledger_hear(struct sim *s, const struct vio_retell_call *wire);
/* An answer to the library: counts as told once its step has succeeded. */
void ledger_note_answer(struct sim *s, const char *body, size_t len);
void ledger_end_step(struct sim *s, bool succeeded);
void ledger_check(struct sim *s, struct clinic *c);
/* Against what the world knows. */
void ledger_check_truth(struct sim *s, const struct world_ring *ring, struct clinic *c);
void ledger_end(struct sim *s);

/* witness.c: looks at each dial in the moment it is placed. */
void witness_dial(struct sim *s, const struct vio_http_request *rq);

/* recount.c: kept counters, and what rows must have to do with each other. */
void recount_clinic(struct sim *s, struct clinic *c);

/* crowd.c: thousands of calls that are due at once. */
void crowd_arrive(struct sim *s);
void crowd_check(struct sim *s);

/* care.c: who should be called is called; once all is calm. */
void care_check(struct sim *s, const struct patient *p);

/* checks.c: what must hold. */
void checks_often(struct sim *s);
void checks_whole(struct sim *s);
void checks_at_end(struct sim *s);

#endif
