/* rows.h - what the tables' rows look like in memory. Texts are owned by the row unless a function
 * says otherwise. */
#ifndef VIO_STORE_ROWS_H
#define VIO_STORE_ROWS_H

#include <vio/analytics.h>
#include <vio/call.h>
#include <vio/contact.h>
#include <vio/core.h>
#include <vio/outcome.h>
#include <vio/task.h>
#include <vio/task_rules.h>
#include <vio/user.h>

struct vio_contact {
        vio_tenant_id tenant;
        vio_contact_id id;
        char *name;
        char *phone;
        char *email;
        char *time_zone;
        char *appointment_date;
        vio_time appointment_time;
        enum vio_appointment_status appointment_status;
        char *appointment_type;
        int64_t appointment_revision;
        enum vio_outcome last_call_outcome;
        int64_t call_attempts;
        char *special_instructions;
        bool opted_out;
        vio_time opted_out_at;
        char *opt_out_reason;
        vio_time created_at;
        vio_time updated_at;
        bool no_show;
        char *attention_note;
        vio_time deleted_at; /* 0: it is not */
        vio_time erased_at;  /* 0: it is not */
        bool has_open_task;  /* read where the last call about a pending appointment failed */
        vio_time as_of;      /* what vio_contact_get_attention() goes by; not in the row */
};

/* The words of the column; the same as vio_dial_state_name(). */
const char *dial_state_name(enum vio_dial_state state);
int dial_state_parse(const char *name, enum vio_dial_state *ret);
/* Not when Retell refused it, or it was looked for and is not there. */
bool dial_may_have_rung(enum vio_dial_state state);

struct vio_call {
        vio_tenant_id tenant;
        vio_call_id id;
        vio_contact_id contact;
        char *retell_call_id;
        enum vio_call_status status;
        enum vio_outcome outcome;
        enum vio_call_type type;
        vio_task_id task; /* "" when no task made it */
        int64_t appointment_revision;
        char day[11];
        enum vio_day_part part; /* of that day; read by call_load_brief() only */
        vio_time created_at;
        vio_time started_at;
        vio_time ended_at;
        int64_t duration; /* seconds; -1 unknown */
        char *recording_url;
        char *disconnection_reason;
        uint32_t evidence_flags;
        bool is_final;
        bool is_counted;
        int64_t poll_attempts;
        vio_time next_poll_at;
        vio_time deadline_at;
        bool webhook_verified;
        const char *source_of_truth;  /* static: "webhook", "poll", "engine" or NULL */
        int64_t payload_webhook_last; /* ids of retell_events; 0 none */
        int64_t payload_poll_last;
        char *transcript;               /* only where it was asked for */
        char *contact_name;             /* only where it was asked for */
        enum vio_dial_state dial_state; /* of its attempt */
        bool is_open;
        bool is_erased; /* its contact is; neither transcript, recording nor payload is kept */
};

struct vio_task {
        vio_tenant_id tenant;
        vio_task_id id;
        vio_contact_id contact;
        enum vio_task_type type;
        enum vio_task_status status;
        vio_time scheduled_for;
        int64_t appointment_revision;
        vio_call_id call; /* "" when none */
        char *retell_call_id;
        int reason;
        int64_t attempts;
        vio_time last_attempt_at;
        vio_time created_at;
        vio_time updated_at;
        char *contact_name; /* only where it was asked for */
};

struct attempt {
        vio_tenant_id tenant;
        vio_call_id call;
        char phone[17];
        enum vio_dial_state state;
        bool is_open;
        char lease_owner[37]; /* "" when nobody holds it */
        int64_t lease_generation;
        vio_time due_at;
        int64_t looks;
        vio_time unknown_since;
        int64_t http_status;
        char *detail;
        vio_time created_at;
        vio_time finished_at;
};

/* Frees what the rows own; all take a zeroed row. */
void contact_done(struct vio_contact *c);
void call_done(struct vio_call *c);
void task_done(struct vio_task *t);
void attempt_done(struct attempt *a);

#define _cleanup_contact_ _cleanup_(contact_done)
#define _cleanup_call_    _cleanup_(call_done)
#define _cleanup_task_    _cleanup_(task_done)
#define _cleanup_attempt_ _cleanup_(attempt_done)

#endif
