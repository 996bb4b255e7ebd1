/* vio/window.h - when a contact may be called, and the decision to dial: now, later or never. */
#ifndef VIO_WINDOW_H
#define VIO_WINDOW_H

#include <vio/core.h>
#include <vio/outcome.h>
#include <vio/zone.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The earliest and the latest minute of the local day at which anybody may be called. */
#define VIO_WINDOW_EARLIEST 480  /* 08:00 */
#define VIO_WINDOW_LATEST   1260 /* 21:00, not itself included */

/** Every day of the week. */
#define VIO_WINDOW_ALL_DAYS 0x7f

/**
 * A calling window, in minutes of the contact's local day. Start from VIO_WINDOW_INIT.
 *
 * A minute is open when its day is, it lies from start_min (included) to end_min (not), and not
 * from quiet_start_min (included) to quiet_end_min (not).
 */
struct vio_window {
        int32_t start_min;
        int32_t end_min;
        int32_t quiet_start_min; /* such as a midday rest; -1 for none, both together */
        int32_t quiet_end_min;
        uint8_t days; /* bit 0 is Monday, bit 6 Sunday */
};

/* clang-format off */
#define VIO_WINDOW_INIT { VIO_WINDOW_EARLIEST, VIO_WINDOW_LATEST, -1, -1, VIO_WINDOW_ALL_DAYS }
/* clang-format on */

/**
 * Whether a window is one a tenant may have: within 08:00 to 21:00, never wider, and open for at
 * least one minute of a week.
 *
 * @w: the window. Errors: VIO_E_INVALID. Since: 0.1
 */
VIO_API int vio_window_check(const struct vio_window *w);

/**
 * Whether the window is open.
 *
 * @w: the window; NULL is the widest. @zone: the contact's zone; with NULL nothing is ever open,
 *   since nobody knows what the clock shows there. @t: the time.
 * Errors: none. Since: 0.1
 */
VIO_API bool vio_window_open_at(const struct vio_window *w, const vio_zone *zone, vio_time t);

/**
 * The first open moment at or after a time: that time itself, or the beginning of an open minute.
 *
 * @w, @zone: as for vio_window_open_at(). @t: the time.
 * Returns VIO_TIME_NONE when none of the next 15 days has one. Errors: none. Since: 0.1
 */
VIO_API vio_time vio_window_next_open(const struct vio_window *w, const vio_zone *zone, vio_time t);

/**
 * The last open moment at or before a time: that time itself, or the beginning of the last open
 * minute before it.
 *
 * @w, @zone: as for vio_window_open_at(). @not_after: the time.
 * Returns VIO_TIME_NONE when none of the 15 days before has one. Errors: none. Since: 0.1
 */
VIO_API vio_time vio_window_last_open(const struct vio_window *w, const vio_zone *zone,
                                      vio_time not_after);

/*
 * Every reason for not calling now. A number keeps its meaning for ever and is never used again.
 * X(name, number, text in lower case, sentence)
 */
#define VIO_REASONS(X)                                                                             \
        X(NONE, 0, "none", "Nothing stands in the way.")                                           \
        X(CONTACT_GONE, 1, "contact_gone", "The contact no longer exists.")                        \
        X(OPTED_OUT, 2, "opted_out", "The contact asked never to be called again.")                \
        X(NO_PHONE, 3, "no_phone", "The contact has no valid telephone number.")                   \
        X(NO_APPOINTMENT, 4, "no_appointment", "The contact has no appointment.")                  \
        X(APPOINTMENT_PAST, 5, "appointment_past", "The appointment is in the past.")              \
        X(APPOINTMENT_DECIDED, 6, "appointment_decided",                                           \
          "The appointment is already confirmed, cancelled or rescheduled.")                       \
        X(APPOINTMENT_MOVED, 7, "appointment_moved",                                               \
          "The appointment was moved after this call was planned.")                                \
        X(TOO_LATE, 8, "too_late", "No permitted calling time is left before the appointment.")    \
        X(TENANT_SUSPENDED, 20, "tenant_suspended", "The account is suspended.")                   \
        X(NOT_CONFIGURED, 21, "not_configured",                                                    \
          "The telephone service is not set up: its key, agent or number is missing.")             \
        X(CALL_LIVE, 22, "call_live", "A call to this number may still be going on.")              \
        X(DAILY_LIMIT, 23, "daily_limit", "The contact was called often enough today.")            \
        X(WEEKLY_LIMIT, 24, "weekly_limit", "The contact was called often enough this week.")      \
        X(OUTSIDE_WINDOW, 25, "outside_window", "It is outside the permitted calling hours.")      \
        X(BREAKER_OPEN, 26, "breaker_open",                                                        \
          "Calling was stopped because the telephone service refused payment or access.")          \
        X(CONCURRENCY, 27, "concurrency", "All telephone lines are in use.")                       \
        X(RATE_LIMITED, 28, "rate_limited", "The telephone service asked us to slow down.")        \
        X(BACKOFF, 29, "backoff", "The last attempt failed; the next one waits a little.")         \
        X(REJECTED, 40, "rejected", "The telephone service refused the call.")                     \
        X(NOT_PLACED, 41, "not_placed", "The call turned out never to have been placed.")          \
        X(UNSETTLED, 42, "unsettled", "It is not known yet whether the call was placed.")          \
        X(RETRIES_SPENT, 43, "retries_spent", "Every attempt failed.")                             \
        X(SUPERSEDED, 44, "superseded", "Another call took its place.")                            \
        X(BY_STAFF, 45, "by_staff", "A member of staff decided so.")

enum vio_reason {
#define VIO_X(name, number, text, sentence) VIO_REASON_##name = number,
        VIO_REASONS(VIO_X)
#undef VIO_X
};

/** "too_late" and the like; NULL for a number that is no reason. Static. Since: 0.1 */
VIO_API const char *vio_reason_name(enum vio_reason r);

/** One sentence for people; for a number that is no reason it says so. Static, never NULL. Since:
 * 0.1 */
VIO_API const char *vio_reason_text(enum vio_reason r);

/**
 * Reads the name of a reason, exact in case.
 *
 * @name: may be NULL, which is no reason. @ret: gets it; untouched on failure.
 * Errors: VIO_E_INVALID. Since: 0.1
 */
VIO_API int vio_reason_parse(const char *name, enum vio_reason *ret);

/** How often a contact may be called in one local day. Tenants may only lower it. */
#define VIO_DAILY_LIMIT 3

/** After how long a hindrance without a known end is looked at again: 15 minutes. */
#define VIO_DIAL_RECHECK_MS INT64_C(900000)

/** After how long a call that may still be live is looked at again: 2 minutes. */
#define VIO_DIAL_LIVE_RECHECK_MS INT64_C(120000)

/** Everything the decision to dial looks at. Start from VIO_DIAL_FACTS_INIT, which permits nothing.
 */
struct vio_dial_facts {
        size_t size; /* sizeof(struct vio_dial_facts) */
        vio_time now;
        const vio_zone *zone;            /* the contact's, else the tenant's; borrowed */
        const struct vio_window *window; /* NULL is the widest; borrowed */
        vio_time appointment;            /* the contact's appointment; VIO_TIME_NONE for none */
        vio_time task_appointment;       /* the one the task was made for */
        enum vio_appointment_status appointment_status;
        bool manual; /* a person asks for the call; there is no task */
        bool contact_gone;
        bool opted_out;
        bool phone_ok;           /* there is a number and it is E.164 */
        bool configured;         /* key, agent and from-number are there */
        bool suspended;          /* the tenant is */
        bool live_call;          /* a call to this number may be live or unsettled */
        int32_t calls_today;     /* to this contact, in its local day */
        int32_t calls_this_week; /* to this contact, in its local week from Monday */
        int32_t daily_limit;     /* 1 to VIO_DAILY_LIMIT; anything else is VIO_DAILY_LIMIT */
        int32_t weekly_limit;    /* 0 or less: none */
        vio_time blocked_until;  /* breaker, rate limit, concurrency; VIO_TIME_NONE: not */
        enum vio_reason blocked_reason;
};

/* clang-format off */
#define VIO_DIAL_FACTS_INIT \
        { sizeof(struct vio_dial_facts), VIO_TIME_NONE, NULL, NULL, VIO_TIME_NONE, VIO_TIME_NONE, \
          VIO_APPOINTMENT_PENDING, false, false, false, false, false, false, false, \
          0, 0, VIO_DAILY_LIMIT, 0, VIO_TIME_NONE, VIO_REASON_NONE }
/* clang-format on */

enum vio_dial_verdict {
        VIO_DIAL_NOW = 0,
        VIO_DIAL_WAIT = 1, /* look again at .at */
        VIO_DIAL_NEVER = 2 /* for this task; for a manual call: not as things are */
};

struct vio_dial_decision {
        enum vio_dial_verdict verdict;
        vio_time at;            /* NOW: now; WAIT: when to look again; NEVER: VIO_TIME_NONE */
        enum vio_reason reason; /* NOW: VIO_REASON_NONE */
};

/**
 * Decides whether to dial.
 *
 * "Never" comes before "wait". Never, in this order: contact gone, opted out, no phone; and for a
 * task: no appointment, decided, moved, past. Then wait, in this order: suspended and not
 * configured (looked at again after VIO_DIAL_RECHECK_MS); of the others, the one that lasts
 * longest: daily limit (next local day), weekly limit (next Monday), outside the window, blocked,
 * live call (VIO_DIAL_LIVE_RECHECK_MS). A wait always ends inside the window. If a task's wait
 * does not end before the appointment, it is never, VIO_REASON_TOO_LATE.
 *
 * A manual call needs no appointment, and one that is past, decided or moved does not forbid it;
 * everything else holds for it too. Whoever asked is told of a wait as a refusal.
 *
 * @facts: a field beyond its size counts as VIO_DIAL_FACTS_INIT has it. @ret: gets the decision.
 * Errors: none. Since: 0.1
 */
VIO_API void vio_dial_decide(const struct vio_dial_facts *facts, struct vio_dial_decision *ret);

#ifdef __cplusplus
}
#endif

#endif
