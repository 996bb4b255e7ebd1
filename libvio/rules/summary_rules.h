/* summary_rules.h - when a mail that was not taken is tried again. */
#ifndef VIO_RULES_SUMMARY_RULES_H
#define VIO_RULES_SUMMARY_RULES_H

#include <vio/summary.h>

/* What the answer to a mail means for what is done next. */
enum mail_fate {
        MAIL_SENT,
        MAIL_LATER,      /* the same bytes with the same key, after a while */
        MAIL_NEXT_DAY,   /* the daily quota is used up: not before the next day of UTC */
        MAIL_NEXT_MONTH, /* the monthly one: not before the next month of UTC */
        MAIL_NEVER,      /* this mail will always be refused */
        MAIL_ALERT       /* so will every mail: somebody has to look at the set-up */
};

/* A key is remembered for 24 hours: after 20 the same mail is not sent again. */
#define MAIL_REPEAT_MS     INT64_C(72000000)
#define MAIL_MOST_ATTEMPTS 8

/*
 * When a mail is tried again after @attempts attempts, the last of which met @fate; @wait_s: how
 * long we were asked to wait, or 0. @begun: when it was written. VIO_TIME_NONE: never.
 */
vio_time mail_retry_at(enum mail_fate fate, int64_t attempts, int wait_s, vio_time begun,
                       vio_time now);

#endif
