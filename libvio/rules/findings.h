/* findings.h - what strikes about the calls to a contact, and what can be done about it. */
#ifndef VIO_RULES_FINDINGS_H
#define VIO_RULES_FINDINGS_H

#include <vio/call.h>
#include <vio/window.h>

/* X(name, code, sentence, remedy or NULL) */
#define FINDINGS(X)                                                                                \
        X(DIALLING, "dialling", "The newest call is being placed at this moment.",                 \
          "Look again in a minute.")                                                               \
        X(DIAL_UNKNOWN, "dial_unknown",                                                            \
          "It is not known whether the newest call was placed: no clear answer came.",             \
          "Nothing to do: it is looked for until that is certain, and not placed again "           \
          "meanwhile.")                                                                            \
        X(NEVER_RANG, "never_rang", "The newest call was never placed; nothing rang.",             \
          "Look at the call's timeline; if the telephone service refused it, check its key, agent" \
          " and number in the settings.")                                                          \
        X(WEBHOOK_NOT_SEEN, "webhook_not_seen", "No webhook about the newest call has come in.",   \
          "Check the webhook's address in the telephone service's dashboard, and that the key in"  \
          " the settings is the one that signs.")                                                  \
        X(GOING_ON, "going_on", "The newest call is not over yet, as far as is known.", NULL)      \
        X(POLL_PENDING, "poll_pending",                                                            \
          "The telephone service will be asked how the newest call"                                \
          " ended.",                                                                               \
          "Nothing to do: it is asked at the time given here.")                                    \
        X(ANALYSIS_AWAITED, "analysis_awaited",                                                    \
          "The newest call is over, and its analysis is awaited.",                                 \
          "Nothing to do: it is waited for ten minutes.")                                          \
        X(NO_ANALYSIS, "no_analysis", "The newest call is over, and no analysis of it ever came.", \
          "Check that the agent has its post-call analysis fields.")                               \
        X(GIVEN_UP, "given_up", "The newest call never told its end, and was given up.",           \
          "Look the call up in the telephone service's dashboard.")                                \
        X(OUTCOME_UNKNOWN, "outcome_unknown",                                                      \
          "The newest call was analysed, and still nobody can say how it ended.",                  \
          "Read the transcript, and check the agent's post-call analysis fields.")                 \
        X(AMBIGUOUS, "ambiguous", "The analysis of the newest call contradicts itself.",           \
          "Read the transcript and ask the contact.")                                              \
        X(CALL_PLANNED, "call_planned", "Another call is planned.", NULL)                          \
        X(UNDECIDED_YET, "undecided_yet",                                                          \
          "A follow-up is planned or not as soon as the outcome of the newest call is certain.",   \
          NULL)                                                                                    \
        X(NOT_MISSED, "not_missed",                                                                \
          "No follow-up is planned: the newest call was not a missed one.",                        \
          "If the contact is to be called again, call by hand.")                                   \
        X(NO_FOLLOW_UP, "no_follow_up", "No follow-up is planned, for the reason given here.",     \
          "If the contact is to be called again, call by hand.")                                   \
        X(FOLLOW_UP_LOST, "follow_up_lost",                                                        \
          "No follow-up is planned, though the newest call was a missed one.",                     \
          "Replay the newest call's events.")                                                      \
        X(NOT_CALLED, "not_called",                                                                \
          "No call was made and none is planned, for the reason given"                             \
          " here.",                                                                                \
          "If the contact is to be called, call by hand.")                                         \
        X(STATUS_DECIDED, "status_decided",                                                        \
          "The status shows what was decided about the appointment.", NULL)                        \
        X(STATUS_OUTCOME, "status_outcome",                                                        \
          "The status shows the outcome of the newest call, since the appointment is undecided.",  \
          NULL)                                                                                    \
        X(STATUS_NO_OUTCOME, "status_no_outcome",                                                  \
          "The status shows \"pending\", since no call has an outcome yet.", NULL)                 \
        X(STATUS_NOTHING_DECIDED, "status_nothing_decided",                                        \
          "The status shows \"pending\", since the newest call reached somebody and decided"       \
          " nothing.",                                                                             \
          NULL)                                                                                    \
        X(STATUS_STALE, "status_stale",                                                            \
          "The contact does not show the outcome of its newest call.",                             \
          "Replay that call's events.")

enum finding_name {
#define FINDING_X(name, code, text, remedy) FINDING_##name,
        FINDINGS(FINDING_X)
#undef FINDING_X
            FINDING_COUNT
};

const char *finding_code(enum finding_name name);
const char *finding_text(enum finding_name name);
const char *finding_remedy(enum finding_name name); /* NULL: nothing to do */

/* What can be done about a reason; NULL when there is nothing to do. */
const char *reason_remedy(enum vio_reason reason);

/* The contact's newest call. */
struct newest_call {
        enum vio_dial_state dial;
        enum vio_outcome outcome;
        unsigned flags; /* of enum vio_evidence_flag */
        bool is_final;
        vio_time next_poll_at;
        bool about_this; /* the appointment that the contact has now */
};

struct finding_facts {
        vio_time now;
        vio_time appointment;
        enum vio_appointment_status appointment_status;
        bool opted_out;
        bool has_phone;
        enum vio_outcome shown; /* contacts.last_call_outcome */
        enum vio_outcome known; /* of the newest call that has one */
        bool called;            /* there is a newest call */
        struct newest_call call;
        bool planned; /* there is a pending or processing task */
        vio_time planned_at;
        enum vio_reason planned_reason; /* why it was put off */
        enum vio_reason given_up;       /* why the latest planned call, or the follow-up, was not */
};

struct finding {
        enum finding_name name;
        enum vio_reason reason;
        vio_time next_at; /* VIO_TIME_NONE */
};

/* At most as many as there can be at once. Fills @ret in the order: outcome, what comes next (one),
 * status (one). */
#define MOST_FINDINGS 8
size_t findings(const struct finding_facts *f, struct finding ret[MOST_FINDINGS]);

#endif
