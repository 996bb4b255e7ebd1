/* people.h - the people who may pick up in the sandbox, one row each. */
#ifndef SANDBOX_PEOPLE_H
#define SANDBOX_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>

/* What goes wrong around a person's call, apart from what is said in it. */
enum person_quirk {
        WEBHOOKS_LOST = 1 << 0,    /* no webhook is ever sent */
        TWICE_UNORDERED = 1 << 1,  /* each webhook twice, analyzed before ended before started */
        ANSWER_LOST = 1 << 2,      /* the call is placed but the HTTP answer never comes */
        NEVER_ANALYZED = 1 << 3,   /* neither call_analyzed nor call_analysis ever appears */
        THROTTLED_FIRST = 1 << 4,  /* the first request gets 429 and places nothing */
        BROKEN_FIRST = 1 << 5,     /* the first request gets 500 and places nothing */
        SAYS_CONFIRMED = 1 << 6,   /* custom_analysis_data.appointment_confirmed */
        SAYS_CANCELLED = 1 << 7,   /* custom_analysis_data.appointment_cancelled */
        SAYS_RESCHEDULED = 1 << 8, /* custom_analysis_data.appointment_rescheduled */
        SAYS_NEVER_AGAIN = 1 << 9, /* custom_analysis_data.do_not_call */
        IS_VOICEMAIL = 1 << 10,    /* call_analysis.in_voicemail */
};

/* One thing said. The agent's role is "agent", the person's is "user", as in transcript_object. */
struct person_line {
        const char *role;
        const char *text;
};

struct person {
        int ending;          /* the last two digits of to_number */
        const char *story;   /* what happens, in a few words, for people to read */
        int ring_ms;         /* at speed 1 */
        int talk_ms;         /* at speed 1; 0: never connected */
        const char *reason;  /* disconnection_reason */
        unsigned quirks;     /* enum person_quirk, or'ed */
        const char *summary; /* call_analysis.call_summary */
        const char *sentiment;
        const struct person_line *lines; /* ends with a row of NULLs; NULL: nothing was said */
};

#define PEOPLE 15

extern const struct person people[PEOPLE];

/* The person of a number, by its last two digits. Every other ending behaves as ..01. */
const struct person *person_of(const char *to_number);

static inline bool person_has(const struct person *p, enum person_quirk quirk)
{
        return p->quirks & quirk;
}

#endif
