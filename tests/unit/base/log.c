/* log.c - tests of the log messages. */
#include "base/log.h"

#include <string.h>

#include "run.h"

struct seen {
        int n;
        enum log_level level;
        char message[2048];
};

static void keep(void *data, enum log_level level, const char *message)
{
        struct seen *seen = data;
        seen->n++;
        seen->level = level;
        strncpy(seen->message, message, sizeof(seen->message) - 1);
}

START_TEST(a_message_reaches_the_sink_with_its_level)
{
        struct seen seen = {0};
        log_write(&(struct log_sink){keep, &seen}, LOG_WARNING, "lease %d lost", 3);
        ck_assert_int_eq(seen.n, 1);
        ck_assert_int_eq(seen.level, LOG_WARNING);
        ck_assert_str_eq(seen.message, "lease 3 lost");
}
END_TEST

START_TEST(a_message_is_one_line_whatever_a_peer_sent)
{
        struct seen seen = {0};
        log_write(&(struct log_sink){keep, &seen}, LOG_INFO, "server said %s",
                  "no\r\nERROR forged\x1B[31m\x7F\t\u00E9");
        ck_assert_str_eq(seen.message, "server said no  ERROR forged [31m  \u00E9");
}
END_TEST

START_TEST(silence_is_a_sink_too)
{
        log_write(NULL, LOG_ERROR, "unheard %d", 1);
        log_write(&(struct log_sink){NULL, NULL}, LOG_ERROR, "unheard %d", 1);
}
END_TEST

START_TEST(a_message_too_long_is_cut)
{
        struct seen seen = {0};
        log_write(&(struct log_sink){keep, &seen}, LOG_DEBUG, "%*s", 5000, "x");
        ck_assert_int_eq(seen.n, 1);
        ck_assert_int_eq(strlen(seen.message), 1023);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("log");
        add_case(s, a_message_reaches_the_sink_with_its_level);
        add_case(s, a_message_is_one_line_whatever_a_peer_sent);
        add_case(s, silence_is_a_sink_too);
        add_case(s, a_message_too_long_is_cut);
        return s;
}
