/* zone_rule.h - the rule in the footer of a TZif file: when the clocks change in any year. */
#ifndef VIO_RULES_ZONE_RULE_H
#define VIO_RULES_ZONE_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One of the three ways to name a day, and a time on it. */
struct zone_date {
        char form; /* 'J': day 1 to 365 without 29 February; 'n': day 0 to 365; 'M': month, week,
                      weekday */
        int month, week, day;
        int32_t time_s; /* -167 to 167 hours, by the clock that is in force until then */
};

struct zone_rule {
        int32_t standard_s, summer_s; /* east of UTC */
        bool changes;                 /* otherwise standard time all year */
        struct zone_date summer_begins, summer_ends;
};

/* A stretch of time with one offset: seconds since 1970, from (included) until (not). */
struct zone_span {
        int64_t from, until;
        int32_t offset_s;
};

/* Reads a POSIX TZ string, with what RFC 9636 3.3.2 adds to it; false when it is not one. */
bool zone_rule_parse(const char *text, size_t len, struct zone_rule *ret);

/* The stretch around @t; it may be shorter than it could be, never wrong. */
struct zone_span zone_rule_span(const struct zone_rule *r, int64_t t);

#endif
