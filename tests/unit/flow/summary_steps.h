/* summary_steps.h - what a story about the daily summary is told with: given, what can be seen,
 * then. */
#ifndef TESTS_FLOW_SUMMARY_STEPS_H
#define TESTS_FLOW_SUMMARY_STEPS_H

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "clinic.h"
#include "post_office.h"
#include "run.h"

/* The opening is on Friday, 2026-11-20, at 10:00 in New York. */
static struct town town;
static struct business *const acme = &town.acme;
static struct business *const bolt = &town.bolt;

#define ADA   "ada@acme.example"
#define BERT  "bert@bolt.example"
#define DAILY "[\"Mon\",\"Tue\",\"Wed\",\"Thu\",\"Fri\",\"Sat\",\"Sun\"]"

static inline void open_town(void)
{
        town_open(&town);
        office_open(&town);
}

static inline void close_town(void)
{
        town_close(&town);
        office_close();
}

/* Given */

/* Every day at 08:00 in the clinic's own zone. */
static inline void given_summary(struct business *b, const char *recipient)
{
        struct vio_summary_settings s = VIO_SUMMARY_SETTINGS_INIT;
        s.enabled = 1;
        s.recipient_email = recipient;
        s.days = 0x7f;
        int r = vio_summary_configure(b->handle, &s);
        ck_assert_msg(r == 0, "vio_summary_configure: %s", vio_tenant_error(b->handle));
}

static inline void given_counter(enum counter counter, int status, const char *body)
{
        office.counter = counter;
        office.script = (struct script){.status = status, .body = body};
}

/* What can be seen */

struct seen {
        bool enabled, counts_only;
        char email[64], name[64], time[8], zone[40], blocked[16];
        uint8_t days;
        vio_time last_sent, next;
        char day[16], state[16], error[300];
};

static inline void keep(char *ret, size_t size, const char *text)
{
        snprintf(ret, size, "%s", text ? text : "");
}

static inline int see(void *data, const struct vio_summary_status *s)
{
        struct seen *seen = data;
        *seen = (struct seen){.enabled = s->enabled,
                              .counts_only = s->counts_only,
                              .days = s->days,
                              .last_sent = s->last_sent_at,
                              .next = s->next_at};
        keep(seen->email, sizeof(seen->email), s->recipient_email);
        keep(seen->name, sizeof(seen->name), s->recipient_name);
        keep(seen->time, sizeof(seen->time), s->delivery_time);
        keep(seen->zone, sizeof(seen->zone), s->time_zone);
        keep(seen->blocked, sizeof(seen->blocked), s->recipient_blocked);
        keep(seen->day, sizeof(seen->day), s->last_day);
        keep(seen->state, sizeof(seen->state), s->last_state);
        keep(seen->error, sizeof(seen->error), s->last_error);
        return 0;
}

static inline struct seen status_of(struct business *b)
{
        struct seen seen;
        int r = vio_summary_status(b->handle, see, &seen);
        ck_assert_msg(r == 0, "vio_summary_status: %s", vio_tenant_error(b->handle));
        return seen;
}

static inline void then_next_is(struct business *b, const char *rfc3339)
{
        char is[VIO_TIME_TEXT];
        vio_time next = status_of(b).next;
        ck_assert_msg(next == at(rfc3339), "the next summary is at %s, not %s",
                      vio_time_format(next, is), rfc3339);
}

static inline void then_run_is(struct business *b, const char *day, const char *state,
                               const char *why)
{
        struct seen s = status_of(b);
        ck_assert_msg(!strcmp(s.day, day) && !strcmp(s.state, state) && strstr(s.error, why),
                      "the last run is %s %s (%s), not %s %s (%s)", s.day, s.state, s.error, day,
                      state, why);
        if (!*why)
                ck_assert_str_eq(s.error, "");
}

/* An answer of Resend that refuses. */
#define ERROR(name) "{\"name\":\"" name "\",\"message\":\"the reason\"}"

static inline void given_outcome(struct business *b, const char *name, int person)
{
        vio_contact_id c = given_contact(b, name, person, MONDAY);
        ck_assert_int_eq(when_called_now(b, c), 0);
        when_time_passes(&town, 5 * MINUTES);
}

static inline void add_loop(Suite *s, const char *name, const TTest *test, size_t n)
{
        TCase *tc = tcase_create(name);
        tcase_add_checked_fixture(tc, open_town, close_town);
        tcase_add_loop_test(tc, test, 0, (int)n);
        tcase_set_timeout(tc, 60);
        suite_add_tcase(s, tc);
}

/* For the function that makes the suite, whose name there is s. */
#define CASE(test)       add_fixture_case(s, test, open_town, close_town)
#define LOOP(test, rows) add_loop(s, #test, test, count_of(rows))

#endif
