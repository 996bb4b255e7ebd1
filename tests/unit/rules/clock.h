/* clock.h - times as people write them, in zones of the system. */
#ifndef TESTS_RULES_CLOCK_H
#define TESTS_RULES_CLOCK_H

#include <check.h>

#include <vio/zone.h>

#define MINUTES(n) ((n)*INT64_C(60000))
#define HOURS(n)   ((n)*INT64_C(3600000))

static inline vio_time utc(const char *text)
{
        vio_time t = VIO_TIME_NONE;
        ck_assert_msg(vio_time_parse(text, &t) == 0, "%s is no time", text);
        return t;
}

static inline vio_zone *zone(const char *name)
{
        vio_zone *z = NULL;
        ck_assert_msg(vio_zone_open(name, &z) == 0, "there is no zone %s", name);
        return z;
}

#define assert_time(t, text)                                                                       \
        do {                                                                                       \
                char assert_time_text_[VIO_TIME_TEXT];                                             \
                ck_assert_str_eq(vio_time_format(t, assert_time_text_), text);                     \
        } while (0)

#endif
