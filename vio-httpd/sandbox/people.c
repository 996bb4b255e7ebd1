/* people.c - the table of people. Whoever wants another kind of person adds a row. */
#include "people.h"

#include <ctype.h>
#include <string.h>

#define GREETING                                                                                   \
        {                                                                                          \
                "agent",                                                                           \
                    "Hello, this is your clinic calling about your appointment. Can you make it?"  \
        }
#define END_OF_CALL                                                                                \
        {                                                                                          \
                NULL, NULL                                                                         \
        }

static const struct person_line confirms[] = {
    GREETING,
    {"user", "Yes, I'll be there."},
    {"agent", "Great, you are confirmed. Goodbye."},
    END_OF_CALL,
};

static const struct person_line cancels[] = {
    GREETING,
    {"user", "No, please cancel it."},
    {"agent", "I have cancelled your appointment. Goodbye."},
    END_OF_CALL,
};

static const struct person_line reschedules[] = {
    GREETING,
    {"user", "Not that day. Can we find another time?"},
    {"agent", "Of course. The clinic will offer you a new time. Goodbye."},
    END_OF_CALL,
};

static const struct person_line voicemail[] = {
    {"user", "You have reached my mailbox. Please leave a message after the tone."},
    {"agent", "Hello, this is your clinic calling about your appointment. Please call us back."},
    END_OF_CALL,
};

static const struct person_line mumbles[] = {
    GREETING,
    {"user", "Hm? I am on a bus, I can hardly hear you."},
    {"agent", "Shall I note that you are coming?"},
    {"user", "What? It is very loud here."},
    END_OF_CALL,
};

static const struct person_line never_again[] = {
    GREETING,
    {"user", "Stop calling me. Never call this number again."},
    {"agent", "I am sorry. We will not call you again. Goodbye."},
    END_OF_CALL,
};

/* A call that goes as well as ..01's; what differs is in the quirks. */
#define CONFIRMS(ending_, story_, quirks_)                                                         \
        {                                                                                          \
                .ending = ending_, .story = story_, .ring_ms = 6000, .talk_ms = 40000,             \
                .reason = "agent_hangup", .quirks = SAYS_CONFIRMED | (quirks_),                    \
                .summary = "The patient confirmed the appointment.", .sentiment = "Positive",      \
                .lines = confirms,                                                                 \
        }

/* A call that nobody picked up: there is nothing to analyse, but it is analysed all the same. */
#define UNCONNECTED(ending_, story_, ring_ms_, reason_)                                            \
        {                                                                                          \
                .ending = ending_, .story = story_, .ring_ms = ring_ms_, .reason = reason_,        \
                .summary = "The call was not connected.", .sentiment = "Unknown",                  \
        }

const struct person people[PEOPLE] = {
    CONFIRMS(1, "confirms", 0),
    {
        .ending = 2,
        .story = "cancels",
        .ring_ms = 6000,
        .talk_ms = 40000,
        .reason = "agent_hangup",
        .quirks = SAYS_CANCELLED,
        .summary = "The patient cancelled the appointment.",
        .sentiment = "Neutral",
        .lines = cancels,
    },
    {
        .ending = 3,
        .story = "asks to reschedule",
        .ring_ms = 6000,
        .talk_ms = 40000,
        .reason = "agent_hangup",
        .quirks = SAYS_RESCHEDULED,
        .summary = "The patient asked for another time.",
        .sentiment = "Neutral",
        .lines = reschedules,
    },
    {
        .ending = 4,
        .story = "voicemail",
        .ring_ms = 20000,
        .talk_ms = 15000,
        .reason = "voicemail_reached",
        .quirks = IS_VOICEMAIL,
        .summary = "The call reached a voicemail; a message was left.",
        .sentiment = "Unknown",
        .lines = voicemail,
    },
    UNCONNECTED(5, "no answer", 30000, "dial_no_answer"),
    UNCONNECTED(6, "busy", 2000, "dial_busy"),
    UNCONNECTED(7, "dial fails", 1000, "dial_failed"),
    {
        .ending = 8,
        .story = "answers and says nothing clear",
        .ring_ms = 6000,
        .talk_ms = 40000,
        .reason = "user_hangup",
        .summary = "The patient answered, but the line was noisy and nothing was agreed.",
        .sentiment = "Neutral",
        .lines = mumbles,
    },
    {
        .ending = 9,
        .story = "asks never to be called again",
        .ring_ms = 6000,
        .talk_ms = 15000,
        .reason = "user_requested_dnc",
        .quirks = SAYS_NEVER_AGAIN,
        .summary = "The patient asked not to be called again.",
        .sentiment = "Negative",
        .lines = never_again,
    },
    CONFIRMS(10, "confirms, but the webhooks are lost", WEBHOOKS_LOST),
    CONFIRMS(11, "confirms; webhooks come twice and out of order", TWICE_UNORDERED),
    CONFIRMS(12, "confirms, but the answer to the request is lost", ANSWER_LOST),
    CONFIRMS(13, "confirms, but is never analysed", NEVER_ANALYZED),
    CONFIRMS(14, "is throttled first (429), then confirms", THROTTLED_FIRST),
    CONFIRMS(15, "meets a server error first (500), then confirms", BROKEN_FIRST),
};

const struct person *person_of(const char *to_number)
{
        size_t len = strlen(to_number);
        const char *tail = to_number + len - 2;
        if (len < 2 || !isdigit((unsigned char)tail[0]) || !isdigit((unsigned char)tail[1]))
                return &people[0];
        int ending = (tail[0] - '0') * 10 + tail[1] - '0';
        for (size_t i = 0; i < PEOPLE; i++)
                if (people[i].ending == ending)
                        return &people[i];
        return &people[0];
}
