/* summaries.c - the daily summary: when it is sent, that it is sent once, to whom it is not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/handle.h"
#include "base/attr.h"
#include "clinic.h"
#include "post_office.h"
#include "run.h"
#include "store/q.h"
#include "store/summary_runs.h"
#include "store/tenants.h"

static struct town town;
static struct business *const acme = &town.acme;
static struct business *const bolt = &town.bolt;

#define ADA   "ada@acme.example"
#define BERT  "bert@bolt.example"
#define DAILY "[\"Mon\",\"Tue\",\"Wed\",\"Thu\",\"Fri\",\"Sat\",\"Sun\"]"

static void open_town(void)
{
        town_open(&town);
        office_open(&town);
}

static void close_town(void)
{
        town_close(&town);
        office_close();
}

/* Given */

/* Every day at 08:00 in the clinic's own zone. */
static void given_summary(struct business *b, const char *recipient)
{
        struct vio_summary_settings s = VIO_SUMMARY_SETTINGS_INIT;
        s.enabled = 1;
        s.recipient_email = recipient;
        s.days = 0x7f;
        int r = vio_summary_configure(b->handle, &s);
        ck_assert_msg(r == 0, "vio_summary_configure: %s", vio_tenant_error(b->handle));
}

static void given_counter(enum counter counter, int status, const char *body)
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

static void keep(char *ret, size_t size, const char *text)
{
        snprintf(ret, size, "%s", text ? text : "");
}

static int see(void *data, const struct vio_summary_status *s)
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

static struct seen status_of(struct business *b)
{
        struct seen seen;
        int r = vio_summary_status(b->handle, see, &seen);
        ck_assert_msg(r == 0, "vio_summary_status: %s", vio_tenant_error(b->handle));
        return seen;
}

static void then_next_is(struct business *b, const char *rfc3339)
{
        char is[VIO_TIME_TEXT];
        vio_time next = status_of(b).next;
        ck_assert_msg(next == at(rfc3339), "the next summary is at %s, not %s",
                      vio_time_format(next, is), rfc3339);
}

static void then_run_is(struct business *b, const char *day, const char *state, const char *why)
{
        struct seen s = status_of(b);
        ck_assert_msg(!strcmp(s.day, day) && !strcmp(s.state, state) && strstr(s.error, why),
                      "the last run is %s %s (%s), not %s %s (%s)", s.day, s.state, s.error, day,
                      state, why);
        if (!*why)
                ck_assert_str_eq(s.error, "");
}

struct kept_request {
        char day[11];
        size_t len;
};

static int read_request_in(struct tenant_tx *tx, void *arg)
{
        struct kept_request *k = arg;
        _cleanup_summary_run_ struct summary_run run = {0};
        int r = summary_run_load(tx, k->day, &run);
        k->len = r ? 0 : strlen(run.request);
        return r;
}

static size_t kept_request(struct business *b, const char *day)
{
        struct kept_request k = {.len = 0};
        keep(k.day, sizeof(k.day), day);
        ck_assert_int_eq(store_read_tenant(town.v->engine.store, b->id, read_request_in, &k, NULL),
                         0);
        return k.len;
}

/* The opening is on Friday, 2026-11-20, at 10:00 in New York. */

START_TEST(a_summary_goes_out_each_day_at_its_time)
{
        given_summary(acme, ADA);
        then_next_is(acme, "2026-11-21T13:00:00Z"); /* today's 08:00 is over */
        when_it_is(&town, "2026-11-21T12:59:59Z");
        ck_assert_uint_eq(office.n, 0);
        when_it_is(&town, "2026-11-21T13:00:00Z");
        ck_assert_uint_eq(letters_to(ADA), 1);
        then_run_is(acme, "2026-11-21", "sent", "");
        then_next_is(acme, "2026-11-22T13:00:00Z");
        ck_assert_int_eq(status_of(acme).last_sent, at("2026-11-21T13:00:00Z"));
        when_it_is(&town, "2026-11-22T12:59:59Z");
        ck_assert_uint_eq(letters_to(ADA), 1);
        when_it_is(&town, "2026-11-24T13:00:00Z");
        ck_assert_uint_eq(letters_to(ADA), 4);
        ck_assert_int_eq(office.requests, 4);
        ck_assert_str_eq(office.last_key, "summary/1/2026-11-24");
}
END_TEST

START_TEST(each_tenant_has_its_own_time_and_weekday)
{
        struct vio_summary_settings s = VIO_SUMMARY_SETTINGS_INIT;
        given_summary(acme, ADA);
        given_summary(bolt, BERT);
        /* Mondays at 01:00 in Auckland are Sundays at noon in London. */
        s.time_zone = "Pacific/Auckland";
        s.delivery_time = "01:00";
        s.days = 1 << 0;
        ck_assert_int_eq(vio_summary_configure(bolt->handle, &s), 0);
        then_next_is(bolt, "2026-11-22T12:00:00Z");
        then_next_is(acme, "2026-11-21T13:00:00Z");
        when_it_is(&town, "2026-11-22T12:00:00Z");
        ck_assert_uint_eq(letters_to(BERT), 1);
        ck_assert_uint_eq(letters_to(ADA), 1);
        /* The date of the subject is that of the summary's zone. */
        ck_assert_str_eq(letter_part(only_letter_to(BERT), "subject"),
                         "Daily Summary for Bolt Salon - Nov 23, 2026");
        then_run_is(bolt, "2026-11-23", "sent", "");
        then_next_is(bolt, "2026-11-29T12:00:00Z");
}
END_TEST

START_TEST(without_a_zone_of_its_own_it_follows_the_clinics)
{
        given_summary(bolt, BERT);
        then_next_is(bolt, "2026-11-21T08:00:00Z");
        given_setting(bolt, "time_zone", "Asia/Kolkata");
        then_next_is(bolt, "2026-11-21T02:30:00Z");
        given_setting(bolt, "daily_summary_timezone", "Asia/Kathmandu");
        then_next_is(bolt, "2026-11-21T02:15:00Z");
        given_setting(bolt, "daily_summary_time", "00:00");
        then_next_is(bolt, "2026-11-20T18:15:00Z");
        given_setting(bolt, "daily_summary_days", "[\"Tue\"]");
        then_next_is(bolt, "2026-11-23T18:15:00Z");
        given_setting(bolt, "daily_summary_enabled", "false");
        ck_assert_int_eq(status_of(bolt).next, VIO_TIME_NONE);
}
END_TEST

START_TEST(where_clocks_skip_its_time_it_comes_as_much_later)
{
        given_summary(acme, ADA);
        given_setting(acme, "daily_summary_time", "02:30");
        town.now = at("2027-03-13T12:00:00Z");
        when_it_is(&town, "2027-03-13T13:00:00Z");
        then_next_is(acme, "2027-03-14T07:30:00Z");
        when_it_is(&town, "2027-03-15T06:29:59Z");
        ck_assert_uint_eq(letters_to(ADA), 2);
        ck_assert_int_eq(office.letters[1].at, at("2027-03-14T07:30:00Z"));
        then_next_is(acme, "2027-03-15T06:30:00Z");
}
END_TEST

START_TEST(a_time_that_comes_twice_is_used_once)
{
        given_summary(acme, ADA);
        given_setting(acme, "daily_summary_time", "01:30");
        town.now = at("2027-11-06T12:00:00Z");
        when_it_is(&town, "2027-11-08T06:29:59Z");
        ck_assert_uint_eq(letters_to(ADA), 2);
        ck_assert_int_eq(office.letters[1].at, at("2027-11-07T05:30:00Z"));
}
END_TEST

START_TEST(one_that_is_late_on_its_day_is_sent)
{
        given_summary(acme, ADA);
        town.now = at("2026-11-22T04:59:00Z"); /* Saturday, 23:59 in New York */
        ck_assert_int_eq(when_stepped(&town), 0);
        ck_assert_str_eq(letter_part(only_letter_to(ADA), "subject"),
                         "Daily Summary for Acme Dental - Nov 21, 2026");
        then_run_is(acme, "2026-11-21", "sent", "");
        then_next_is(acme, "2026-11-22T13:00:00Z");
}
END_TEST

START_TEST(one_whose_day_is_over_is_left_out)
{
        given_summary(acme, ADA);
        town.now = at("2026-11-22T05:00:00Z"); /* Sunday, 00:00 in New York */
        ck_assert_int_eq(when_stepped(&town), 0);
        ck_assert_uint_eq(office.n, 0);
        then_run_is(acme, "2026-11-21", "skipped", "nothing ran on that day");
        then_next_is(acme, "2026-11-22T13:00:00Z");
        when_it_is(&town, "2026-11-22T13:00:00Z");
        ck_assert_uint_eq(letters_to(ADA), 1);
}
END_TEST

START_TEST(after_days_without_power_todays_is_caught_up_on)
{
        given_summary(acme, ADA);
        town.now = at("2026-12-05T18:00:00Z");
        town.next_step = 0;
        when_time_passes(&town, 1 * MINUTES);
        ck_assert_str_eq(letter_part(only_letter_to(ADA), "subject"),
                         "Daily Summary for Acme Dental - Dec 05, 2026");
        then_run_is(acme, "2026-12-05", "sent", "");
        then_next_is(acme, "2026-12-06T13:00:00Z");
}
END_TEST

START_TEST(a_later_time_brings_no_second_one)
{
        given_summary(acme, ADA);
        when_it_is(&town, "2026-11-21T13:00:00Z");
        given_setting(acme, "daily_summary_time", "12:00");
        then_next_is(acme, "2026-11-22T17:00:00Z");
        when_it_is(&town, "2026-11-22T16:59:59Z");
        ck_assert_uint_eq(letters_to(ADA), 1);
}
END_TEST

START_TEST(a_change_does_not_plan_away_what_is_due)
{
        given_summary(acme, ADA);
        town.now = at("2026-11-21T13:00:05Z");
        given_setting(acme, "daily_summary_recipient_name", "Ada");
        given_setting(acme, "daily_summary_time", "07:00");
        ck_assert_int_eq(when_stepped(&town), 0);
        ck_assert_uint_eq(letters_to(ADA), 1);
        then_next_is(acme, "2026-11-22T12:00:00Z");
}
END_TEST

/* A database from before there were plans. */
TENANT_SQL(sql_unplan, "UPDATE tenant_state SET summary_next_at = NULL WHERE tenant_id = ?1");
static int unplan_in(struct tenant_tx *tx, void *arg)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_unplan);
        (void)arg;
        return q_done(q);
}

START_TEST(a_tenant_without_a_plan_gets_one)
{
        given_summary(acme, ADA);
        ck_assert_int_eq(store_write_tenant(town.v->engine.store, acme->id, unplan_in, NULL, NULL),
                         0);
        ck_assert_int_eq(status_of(acme).next, VIO_TIME_NONE);
        when_time_passes(&town, 10 * MINUTES);
        then_next_is(acme, "2026-11-21T13:00:00Z");
        ck_assert_int_eq(status_of(bolt).next, VIO_TIME_NONE);
        int64_t version = version_of(acme);
        when_time_passes(&town, 1 * HOURS);
        ck_assert_int_eq(version_of(acme), version);
}
END_TEST

/* What it says */

static void given_outcome(struct business *b, const char *name, int person)
{
        vio_contact_id c = given_contact(b, name, person, MONDAY);
        ck_assert_int_eq(when_called_now(b, c), 0);
        when_time_passes(&town, 5 * MINUTES);
}

START_TEST(it_tells_the_calls_of_the_day_before)
{
        given_setting(acme, "follow_up_delay_minutes", "1440");
        given_outcome(acme, "Vienna Barnes", 1);
        given_outcome(acme, "Carl Cancel", 2);
        given_outcome(acme, "Rita Later", 3);
        given_outcome(acme, "Vic Voice", 4);
        given_outcome(acme, "Nora Nobody", 5);
        given_outcome(acme, "Bob Busy", 6);
        given_outcome(acme, "Fay Fail", 7);
        given_outcome(acme, "Ann Unclear", 8);
        given_outcome(bolt, "Bolts Own", 1);
        given_summary(acme, ADA);
        given_setting(acme, "daily_summary_recipient_name", "Sarah Johnson");
        when_it_is(&town, "2026-11-21T13:00:00Z");
        const struct letter *l = only_letter_to(ADA);
        const char *text = letter_part(l, "text");
        ck_assert_str_eq(letter_part(l, "subject"), "Daily Summary for Acme Dental - Nov 21, 2026");
        ck_assert_str_eq(text, "Hello Sarah Johnson,\n\n"
                               "the calls of Acme Dental on Friday, Nov 20, 2026:\n\n"
                               "Total calls: 8\n\n"
                               "Confirmed: 1\n"
                               "- Vienna Barnes, Monday, November 23 at 10:00 AM\n\n"
                               "Rescheduled: 1\n"
                               "- Rita Later, Monday, November 23 at 10:00 AM\n\n"
                               "Cancelled: 1\n"
                               "- Carl Cancel, Monday, November 23 at 10:00 AM\n\n"
                               "No answer: 1\n"
                               "- Nora Nobody, Monday, November 23 at 10:00 AM\n\n"
                               "Voicemail: 1\n"
                               "- Vic Voice, Monday, November 23 at 10:00 AM\n\n"
                               "Failed: 1\n"
                               "- Fay Fail, Monday, November 23 at 10:00 AM\n\n"
                               "Busy: 1\n"
                               "- Bob Busy, Monday, November 23 at 10:00 AM\n\n"
                               "Without a clear result: 1\n"
                               "- Ann Unclear, Monday, November 23 at 10:00 AM\n\n"
                               "You get this mail because the daily summary is switched on. It can "
                               "be changed or switched off in the settings.\n");
        const char *html = letter_part(l, "html");
        ck_assert_ptr_nonnull(strstr(html, "<bdi>Vienna Barnes</bdi>, Monday, November 23"));
        ck_assert_ptr_nonnull(strstr(html, "Total calls: 8"));
        ck_assert_ptr_null(strstr(l->body, "555")); /* no telephone number */
        ck_assert_ptr_null(strstr(l->body, "Bolts Own"));
        ck_assert_ptr_nonnull(
            strstr(l->body, "\"from\":\"VioConcierge <noreply@vioconcierge.com>\""));
        ck_assert_ptr_nonnull(strstr(l->body, "\"tags\":[{\"name\":\"kind\",\"value\":"
                                              "\"daily_summary\"},{\"name\":\"tenant\",\"value\":"
                                              "\"1\"}]}"));
}
END_TEST

START_TEST(the_day_before_is_that_of_the_clinic)
{
        /* Friday, 10:00 in New York, is today; at 22:00 in Los Angeles it is yesterday there. */
        given_outcome(acme, "Vienna Barnes", 1);
        given_summary(acme, ADA);
        given_setting(acme, "daily_summary_timezone", "America/Los_Angeles");
        given_setting(acme, "daily_summary_time", "22:00");
        when_it_is(&town, "2026-11-21T06:00:00Z");
        const struct letter *l = only_letter_to(ADA);
        ck_assert_str_eq(letter_part(l, "subject"), "Daily Summary for Acme Dental - Nov 20, 2026");
        ck_assert_ptr_nonnull(strstr(letter_part(l, "text"), "on Friday, Nov 20, 2026:\n\nTotal "
                                                             "calls: 1\n"));
}
END_TEST

START_TEST(a_day_without_calls_says_so)
{
        given_summary(acme, ADA);
        when_it_is(&town, "2026-11-21T13:00:00Z");
        const char *text = letter_part(only_letter_to(ADA), "text");
        ck_assert_ptr_nonnull(strstr(text, "Hello,\n\n"));
        ck_assert_ptr_nonnull(strstr(text, "Total calls: 0\n\nConfirmed: 0\n\nRescheduled: 0\n\n"
                                           "Cancelled: 0\n\nNo answer: 0\n\nVoicemail: 0\n\n"
                                           "Failed: 0\n\nYou get"));
}
END_TEST

START_TEST(ten_names_are_told_and_the_rest_counted)
{
        char name[40];
        for (int i = 0; i < 12; i++) {
                char phone[20];
                snprintf(name, sizeof(name), "Person %c", 'A' + i);
                snprintf(phone, sizeof(phone), "+14155557%d01", i + 10);
                vio_contact_id c = given_contact_with_phone(acme, name, phone, MONDAY);
                ck_assert_int_eq(when_called_now(acme, c), 0);
                when_time_passes(&town, 5 * MINUTES);
        }
        given_summary(acme, ADA);
        when_it_is(&town, "2026-11-21T13:00:00Z");
        const char *text = letter_part(only_letter_to(ADA), "text");
        ck_assert_ptr_nonnull(strstr(text, "Confirmed: 12\n- Person A, "));
        ck_assert_ptr_nonnull(strstr(text, "- Person J, Monday, November 23 at 10:00 AM\n"
                                           "- and 2 more\n\nRescheduled: 0"));
        ck_assert_ptr_null(strstr(text, "Person K"));
        ck_assert_ptr_nonnull(
            strstr(letter_part(only_letter_to(ADA), "html"), "<li>and 2 more</li>"));
}
END_TEST

START_TEST(calls_that_could_not_be_placed_are_told_apart)
{
        vio_contact_id c = given_contact(acme, "Vienna Barnes", 1, MONDAY);
        town.next_dial = MISHAP_SCRIPTED;
        town.script = (struct script){.status = 400, .body = "{}"};
        ck_assert_int_eq(when_called_now(acme, c), VIO_E_UPSTREAM);
        given_summary(acme, ADA);
        when_it_is(&town, "2026-11-21T13:00:00Z");
        const char *text = letter_part(only_letter_to(ADA), "text");
        ck_assert_ptr_nonnull(strstr(text, "Total calls: 0\n"));
        ck_assert_ptr_nonnull(strstr(text, "Could not be placed (not in the total): 1\n- Vienna"));
}
END_TEST

START_TEST(counts_only_means_no_name_at_all)
{
        given_outcome(acme, "Vienna Barnes", 1);
        given_summary(acme, ADA);
        given_setting(acme, "daily_summary_counts_only", "true");
        when_it_is(&town, "2026-11-21T13:00:00Z");
        const struct letter *l = only_letter_to(ADA);
        ck_assert_ptr_nonnull(strstr(letter_part(l, "text"), "Confirmed: 1\n\nRescheduled: 0"));
        ck_assert_ptr_null(strstr(l->body, "Vienna"));
        ck_assert_ptr_null(strstr(l->body, "November 23"));
}
END_TEST

static const char *const hostile[] = {
    "<script>alert('x')</script>",
    "</bdi></li><img src=x onerror=alert(1)>",
    "&lt;b&gt; \"quoted\" 'single'",
    "\xe2\x80\xae"
    "gnirts", /* written from right to left */
    "{\"to\":[\"evil@example.com\"]}\",\"bcc\":\"evil@example.com",
    "A name of more than eighty bytes, with \xc3\xbcmlauts where it is cut, which goes \xc3\xb6n"
    " and \xc3\xb6n and \xc3\xb6n and on and on",
};

START_TEST(a_hostile_name_stays_a_name)
{
        given_outcome(acme, hostile[_i], 1);
        given_setting(acme, "name", "R&D <Dental> \"Co\"");
        given_summary(acme, ADA);
        given_setting(acme, "daily_summary_recipient_name", "<b>Sarah</b>");
        when_it_is(&town, "2026-11-21T13:00:00Z");
        const struct letter *l = only_letter_to(ADA);
        const char *html = letter_part(l, "html");
        ck_assert_ptr_null(strstr(html, "<script"));
        ck_assert_ptr_null(strstr(html, "<img"));
        ck_assert_ptr_null(strstr(html, "<b>"));
        ck_assert_ptr_null(strstr(html, "<Dental>"));
        ck_assert_ptr_nonnull(strstr(html, "<bdi>R&amp;D &lt;Dental&gt; &quot;Co&quot;</bdi>"));
        ck_assert_str_eq(letter_part(l, "subject"),
                         "Daily Summary for R&D <Dental> \"Co\" - Nov 21, 2026");
        /* One entry, one line: exactly what stands around it is ours. */
        const char *text = letter_part(l, "text");
        const char *entry = strstr(text, "Confirmed: 1\n- ");
        ck_assert_ptr_nonnull(entry);
        ck_assert_ptr_nonnull(strstr(entry, ", Monday, November 23 at 10:00 AM\n\nRescheduled"));
        ck_assert_int_eq(strncmp(entry + 15, hostile[_i], strnlen(hostile[_i], 70)), 0);
}
END_TEST

/* Once */

START_TEST(a_crash_before_the_mail_arrived_sends_it_once)
{
        given_summary(acme, ADA);
        office.before = snapshot;
        when_it_is(&town, "2026-11-21T13:00:00Z");
        office_forget(); /* after the crash it had not arrived */
        char *first = strdup(office.last_body);
        crash_back(&town);
        then_run_is(acme, "2026-11-21", "pending", "");
        when_it_is(&town, "2026-11-21T13:01:59Z");
        ck_assert_int_eq(office.requests, 1); /* it may be on its way still */
        when_it_is(&town, "2026-11-21T13:02:00Z");
        ck_assert_int_eq(office.requests, 2);
        ck_assert_uint_eq(letters_to(ADA), 1);
        ck_assert_str_eq(office.last_body, first);
        ck_assert_str_eq(office.last_key, "summary/1/2026-11-21");
        then_run_is(acme, "2026-11-21", "sent", "");
        free(first);
}
END_TEST

START_TEST(a_crash_before_the_answer_was_noted_sends_the_same_bytes)
{
        given_summary(acme, ADA);
        given_outcome(acme, "Vienna Barnes", 1);
        office.after = snapshot;
        when_it_is(&town, "2026-11-21T13:00:00Z");
        then_run_is(acme, "2026-11-21", "sent", "");
        crash_back(&town);
        then_run_is(acme, "2026-11-21", "pending", "");
        /* Whatever changes now, the words are those of before: the office checks that. */
        given_setting(acme, "name", "Acme Renamed");
        given_setting(acme, "daily_summary_counts_only", "true");
        when_it_is(&town, "2026-11-21T13:02:00Z");
        ck_assert_int_eq(office.requests, 2);
        ck_assert_uint_eq(letters_to(ADA), 1);
        then_run_is(acme, "2026-11-21", "sent", "");
        when_it_is(&town, "2026-11-22T12:59:00Z");
        ck_assert_int_eq(office.requests, 2);
}
END_TEST

START_TEST(a_restart_before_the_first_attempt_loses_nothing)
{
        given_summary(acme, ADA);
        given_setting(bolt, "daily_summary_timezone", "America/New_York");
        given_summary(bolt, BERT);
        /* Both are written in one step; the second waits for its slot. */
        town.now = at("2026-11-21T13:00:00Z");
        ck_assert_int_eq(when_stepped(&town), 0);
        ck_assert_uint_eq(office.n, 1);
        town_reopen(&town);
        when_time_passes(&town, 10 * SECONDS);
        ck_assert_uint_eq(letters_to(ADA), 1);
        ck_assert_uint_eq(letters_to(BERT), 1);
}
END_TEST

START_TEST(an_answer_that_was_lost_is_asked_for_again)
{
        given_summary(acme, ADA);
        given_counter(COUNTER_ANSWER_LOST, 0, NULL);
        when_it_is(&town, "2026-11-21T13:00:30Z");
        then_run_is(acme, "2026-11-21", "pending", "no answer: timed out");
        office.counter = COUNTER_OPEN;
        when_it_is(&town, "2026-11-21T13:02:00Z");
        ck_assert_int_eq(office.requests, 2);
        ck_assert_uint_eq(letters_to(ADA), 1);
        then_run_is(acme, "2026-11-21", "sent", "");
}
END_TEST

START_TEST(what_is_not_clear_for_too_long_is_not_repeated)
{
        given_summary(acme, ADA);
        office.after = snapshot;
        when_it_is(&town, "2026-11-21T13:00:00Z");
        crash_back(&town);
        town.now = at("2026-11-22T12:30:00Z"); /* the key is forgotten soon */
        when_time_passes(&town, 1 * MINUTES);
        ck_assert_int_eq(office.requests, 1);
        then_run_is(acme, "2026-11-21", "failed", "no clear answer to 1 attempts");
        ck_assert_int_eq(alerts_of(acme), 1);
}
END_TEST

static vio *other;

static void step_other(struct town *t)
{
        (void)t;
        for (int i = 0; i < 3; i++)
                ck_assert_int_eq(vio_step(other, NULL), 0);
}

START_TEST(of_two_processes_one_sends)
{
        other = town_second_process(&town);
        given_summary(acme, ADA);
        office.before = step_other; /* while the mail is on its way */
        when_it_is(&town, "2026-11-21T13:00:00Z");
        step_other(&town);
        ck_assert_int_eq(office.requests, 1);
        then_run_is(acme, "2026-11-21", "sent", "");
        other = vio_close(other);
}
END_TEST

static void let_lease_run_out(struct town *t)
{
        t->now += 3 * MINUTES;
        step_other(t);
}

START_TEST(a_process_that_slept_does_not_undo_what_the_other_noted)
{
        other = town_second_process(&town);
        given_summary(acme, ADA);
        office.before = let_lease_run_out; /* the other sends it meanwhile */
        given_counter(COUNTER_OPEN, 0, NULL);
        when_it_is(&town, "2026-11-21T13:00:00Z");
        ck_assert_int_eq(office.requests, 2);
        ck_assert_uint_eq(letters_to(ADA), 1);
        then_run_is(acme, "2026-11-21", "sent", "");
        other = vio_close(other);
}
END_TEST

/* Refusals */

#define ERROR(name) "{\"name\":\"" name "\",\"message\":\"the reason\"}"

static const struct {
        int status;
        const char *body;
        const char *state;
        const char *why;
        vio_time after; /* when it was tried again, after the first attempt; 0: never */
        int64_t alerts;
} refusals[] = {
    {400, ERROR("validation_error"), "failed", "HTTP 400 validation_error: the reason", 0, 1},
    {400, ERROR("invalid_idempotency_key"), "failed", "HTTP 400", 0, 1},
    {401, ERROR("missing_api_key"), "failed", "HTTP 401", 0, 1},
    {403, ERROR("invalid_api_key"), "failed", "HTTP 403", 0, 1},
    {403, "error code: 1010", "failed", "HTTP 403: error code: 1010", 0, 1},
    {404, ERROR("not_found"), "failed", "HTTP 404", 0, 1},
    {409, ERROR("concurrent_idempotent_requests"), "pending", "HTTP 409", 1 * MINUTES, 0},
    {409, ERROR("invalid_idempotent_request"), "failed", "HTTP 409", 0, 1},
    {422, ERROR("invalid_from_address"), "failed", "HTTP 422", 0, 1},
    {429, ERROR("rate_limit_exceeded"), "pending", "HTTP 429", 1 * MINUTES, 0},
    {429, ERROR("daily_quota_exceeded"), "pending", "HTTP 429", 11 * HOURS, 0},
    {429, ERROR("monthly_quota_exceeded"), "failed", "HTTP 429 monthly_quota_exceeded", 0, 1},
    {451, ERROR("security_error"), "failed", "HTTP 451", 0, 1},
    {500, ERROR("application_error"), "pending", "HTTP 500", 1 * MINUTES, 0},
    {503, "<html>", "pending", "HTTP 503: <html>", 1 * MINUTES, 0},
    {200, "{}", "pending", "HTTP 200", 1 * MINUTES, 0},
};

START_TEST(each_refusal_has_its_consequence)
{
        given_summary(acme, ADA);
        given_counter(COUNTER_SCRIPTED, refusals[_i].status, refusals[_i].body);
        when_it_is(&town, "2026-11-21T13:00:00Z");
        ck_assert_int_eq(office.requests, 1);
        then_run_is(acme, "2026-11-21", refusals[_i].state, refusals[_i].why);
        ck_assert_int_eq(alerts_of(acme), refusals[_i].alerts);
        ck_assert_int_eq(kept_request(acme, "2026-11-21") > 0, refusals[_i].after != 0);
        office.counter = COUNTER_OPEN;
        if (refusals[_i].after) {
                when_time_passes(&town, refusals[_i].after - 1);
                ck_assert_int_eq(office.requests, 1);
                when_time_passes(&town, 1);
                ck_assert_int_eq(office.requests, 2);
                then_run_is(acme, "2026-11-21", "sent", "");
        } else {
                when_it_is(&town, "2026-11-22T12:59:00Z");
                ck_assert_int_eq(office.requests, 1);
        }
        ck_assert_uint_eq(kept_request(acme, "2026-11-21"), 0);
        ck_assert_uint_eq(letters_to(ADA), refusals[_i].after ? 1 : 0);
        /* The next day is another day. */
        when_it_is(&town, "2026-11-22T13:00:00Z");
        then_run_is(acme, "2026-11-22", "sent", "");
}
END_TEST

START_TEST(the_wait_that_was_asked_for_is_kept)
{
        given_summary(acme, ADA);
        given_counter(COUNTER_SCRIPTED, 429, ERROR("rate_limit_exceeded"));
        office.script.header = "retry-after";
        office.script.value = "600";
        when_it_is(&town, "2026-11-21T13:09:59Z");
        ck_assert_int_eq(office.requests, 1);
        when_it_is(&town, "2026-11-21T13:10:00Z");
        ck_assert_int_eq(office.requests, 2);
}
END_TEST

START_TEST(a_trouble_that_lasts_ends_the_attempts)
{
        given_summary(acme, ADA);
        given_counter(COUNTER_NEVER_REACHED, 0, NULL);
        when_it_is(&town, "2026-11-22T12:59:59Z");
        ck_assert_int_eq(office.requests, 8);
        then_run_is(acme, "2026-11-21", "failed", "no answer: timed out");
        office.counter = COUNTER_OPEN;
        when_it_is(&town, "2026-11-22T13:00:00Z");
        then_run_is(acme, "2026-11-22", "sent", "");
}
END_TEST

START_TEST(while_resend_is_down_it_is_asked_once_a_minute_for_everybody)
{
        given_setting(bolt, "daily_summary_timezone", "America/New_York");
        given_summary(acme, ADA);
        given_summary(bolt, BERT);
        given_counter(COUNTER_NEVER_REACHED, 0, NULL);
        when_it_is(&town, "2026-11-21T13:00:59Z");
        ck_assert_int_eq(office.requests, 1);
        when_it_is(&town, "2026-11-21T13:01:59Z");
        ck_assert_int_eq(office.requests, 2);
        office.counter = COUNTER_OPEN;
        when_it_is(&town, "2026-11-21T13:10:00Z");
        ck_assert_uint_eq(letters_to(ADA), 1);
        ck_assert_uint_eq(letters_to(BERT), 1);
}
END_TEST

START_TEST(without_a_mail_service_it_is_left_out_with_the_reason)
{
        town.no_mail = true;
        town_reopen(&town);
        given_summary(acme, ADA);
        when_it_is(&town, "2026-11-21T14:00:00Z");
        then_run_is(acme, "2026-11-21", "skipped", "no mail service is set up");
        ck_assert_int_eq(office.requests, 0);
        ck_assert_int_eq(alerts_of(acme), 0);
        ck_assert_int_eq(vio_summary_send_test(acme->handle, NULL), VIO_E_CONFLICT);
        ck_assert_int_eq(resend_says(&town, "msg_1", "{\"type\":\"email.sent\"}"), VIO_E_AUTH);
}
END_TEST

START_TEST(a_suspended_tenant_gets_none)
{
        given_summary(acme, ADA);
        suspend(acme, true);
        when_it_is(&town, "2026-11-21T14:00:00Z");
        then_run_is(acme, "2026-11-21", "skipped", "suspended");
        suspend(acme, false);
        when_it_is(&town, "2026-11-22T14:00:00Z");
        then_run_is(acme, "2026-11-22", "sent", "");
}
END_TEST

static void switch_off(void)
{
        given_setting(acme, "daily_summary_enabled", "false");
}

static void change_recipient(void)
{
        given_setting(acme, "daily_summary_recipient_email", "new@acme.example");
}

static void remove_recipient(void)
{
        given_setting(acme, "daily_summary_recipient_email", NULL);
}

static const struct {
        void (*happens)(void);
        const char *why;
} changes[] = {
    {switch_off, "it was switched off"},
    {change_recipient, "the recipient was changed"},
    {remove_recipient, "the recipient was changed"},
};

START_TEST(what_waits_is_dropped_when_it_is_not_wanted_any_more)
{
        given_summary(acme, ADA);
        given_counter(COUNTER_SCRIPTED, 500, "");
        when_it_is(&town, "2026-11-21T13:00:00Z");
        office.counter = COUNTER_OPEN;
        changes[_i].happens();
        when_it_is(&town, "2026-11-22T12:00:00Z");
        ck_assert_int_eq(office.requests, 1);
        then_run_is(acme, "2026-11-21", "skipped", changes[_i].why);
}
END_TEST

/* Blocked recipients */

#define EVENT(type, more)                                                                          \
        "{\"type\":\"" type "\",\"created_at\":\"2026-11-21T13:00:05Z\",\"data\":{\"email_id\":"   \
        "\"mail-1\",\"to\":[\"Ada "                                                                \
        "<Ada@ACME.example>\"],\"tags\":{\"kind\":\"daily_summary\"}" more "}}"
#define PERMANENT ",\"bounce\":{\"type\":\"Permanent\",\"subType\":\"NoEmail\"}"

static const struct {
        const char *body;
        const char *blocked;
} events[] = {
    {EVENT("email.bounced", PERMANENT), "bounced"},
    {EVENT("email.complained", ""), "complained"},
    {EVENT("email.suppressed", ",\"suppressed\":{\"reason\":\"previous_bounce\"}"), "suppressed"},
    {EVENT("email.bounced", ",\"bounce\":{\"type\":\"Transient\"}"), ""},
    {EVENT("email.bounced", ",\"bounce\":{\"type\":\"Undetermined\"}"), ""},
    {EVENT("email.bounced", ""), ""},
    {EVENT("email.delivered", ""), ""},
    {EVENT("email.delivery_delayed", ""), ""},
    {EVENT("email.invented_later", PERMANENT), ""},
    {"{\"type\":\"email.complained\"}", ""},
    {"{\"type\":\"email.complained\",\"data\":{\"email_id\":7,\"to\":\"x\",\"tags\":[]}}", ""},
    {"{\"type\":\"email.complained\",\"data\":{\"email_id\":\"mail-1\",\"to\":[7,\"x\",null]}}",
     ""},
    {"{\"type\":\"email.complained\",\"data\":{\"email_id\":\"mail-9\",\"to\":[\"" ADA "\"]}}", ""},
};

START_TEST(an_event_blocks_or_does_not)
{
        given_summary(acme, ADA);
        when_it_is(&town, "2026-11-21T13:00:10Z");
        given_summary(bolt, ADA);
        ck_assert_int_eq(resend_says(&town, "msg_1", events[_i].body), 0);
        ck_assert_str_eq(status_of(acme).blocked, events[_i].blocked);
        ck_assert_str_eq(status_of(bolt).blocked, "");
        when_it_is(&town, "2026-11-22T13:00:00Z");
        if (*events[_i].blocked)
                then_run_is(acme, "2026-11-22", "skipped", "blocked");
        else
                then_run_is(acme, "2026-11-22", "sent", "");
        then_run_is(bolt, "2026-11-22", "sent", "");
}
END_TEST

START_TEST(naming_the_recipient_again_lifts_the_block)
{
        struct vio_summary_settings s = VIO_SUMMARY_SETTINGS_INIT;
        given_summary(acme, ADA);
        when_it_is(&town, "2026-11-21T13:00:10Z");
        ck_assert_int_eq(resend_says(&town, "msg_1", EVENT("email.complained", "")), 0);
        ck_assert_int_eq(vio_summary_send_test(acme->handle, NULL), VIO_E_CONFLICT);
        ck_assert_ptr_nonnull(strstr(vio_tenant_error(acme->handle), "complained"));
        s.counts_only = 0; /* says nothing about the recipient */
        ck_assert_int_eq(vio_summary_configure(acme->handle, &s), 0);
        ck_assert_str_eq(status_of(acme).blocked, "complained");
        given_summary(acme, ADA);
        ck_assert_str_eq(status_of(acme).blocked, "");
        /* The same webhook, delivered once more, does not bring it back. */
        ck_assert_int_eq(resend_says(&town, "msg_1", EVENT("email.complained", "")), 0);
        ck_assert_str_eq(status_of(acme).blocked, "");
        ck_assert_int_eq(resend_says(&town, "msg_2", EVENT("email.complained", "")), 0);
        ck_assert_str_eq(status_of(acme).blocked, "complained");
        given_setting(acme, "daily_summary_recipient_email", "Ada@acme.example");
        ck_assert_str_eq(status_of(acme).blocked, "");
}
END_TEST

START_TEST(a_webhook_may_be_quicker_than_the_answer)
{
        static const char by_tag[] = "{\"type\":\"email.suppressed\",\"data\":{\"email_id\":"
                                     "\"mail-77\",\"to\":[\"%s\"],\"tags\":{\"tenant\":\"%d\"}}}";
        char body[300];
        given_summary(acme, ADA);
        given_summary(bolt, BERT);
        /* Another installation may share the account: only our own recipient counts. */
        snprintf(body, sizeof(body), by_tag, "somebody@else.example", 1);
        ck_assert_int_eq(resend_says(&town, "msg_1", body), 0);
        snprintf(body, sizeof(body), by_tag, ADA, 2);
        ck_assert_int_eq(resend_says(&town, "msg_2", body), 0);
        snprintf(body, sizeof(body), by_tag, ADA, 99);
        ck_assert_int_eq(resend_says(&town, "msg_3", body), 0);
        ck_assert_str_eq(status_of(acme).blocked, "");
        ck_assert_str_eq(status_of(bolt).blocked, "");
        snprintf(body, sizeof(body), by_tag, ADA, 1);
        ck_assert_int_eq(resend_says(&town, "msg_4", body), 0);
        ck_assert_str_eq(status_of(acme).blocked, "suppressed");
        ck_assert_str_eq(status_of(bolt).blocked, "");
}
END_TEST

START_TEST(a_waiting_summary_is_dropped_when_its_recipient_is_blocked)
{
        static const char body[] = "{\"type\":\"email.suppressed\",\"data\":{\"email_id\":\"x\","
                                   "\"to\":[\"" ADA "\"],\"tags\":{\"tenant\":\"1\"}}}";
        given_summary(acme, ADA);
        given_counter(COUNTER_SCRIPTED, 500, "");
        when_it_is(&town, "2026-11-21T13:00:00Z");
        office.counter = COUNTER_OPEN;
        ck_assert_int_eq(resend_says(&town, "msg_1", body), 0);
        when_it_is(&town, "2026-11-21T14:00:00Z");
        ck_assert_int_eq(office.requests, 1);
        then_run_is(acme, "2026-11-21", "skipped", "blocked (suppressed)");
}
END_TEST

START_TEST(a_webhook_that_is_not_resends_is_refused)
{
        char signature[VIO_SVIX_SIGNATURE];
        struct vio_resend_webhook w = VIO_RESEND_WEBHOOK_INIT;
        const char *body = EVENT("email.complained", "");
        w.body = body;
        w.body_len = strlen(body);
        ck_assert_int_eq(vio_resend_webhook(town.v, &w), VIO_E_AUTH);
        w.id = "msg_1";
        w.timestamp = "1795186800"; /* 2026-11-20T15:00:00Z */
        ck_assert_int_eq(vio_svix_sign("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", w.id, 1795186800,
                                       body, strlen(body), signature),
                         0);
        w.signature = signature;
        ck_assert_int_eq(vio_resend_webhook(town.v, &w), VIO_E_AUTH);
        ck_assert_int_eq(
            vio_svix_sign(RESEND_SECRET, w.id, 1795186800, body, strlen(body), signature), 0);
        ck_assert_int_eq(vio_resend_webhook(town.v, &w), 0);
        town.now += 301 * SECONDS;
        ck_assert_int_eq(vio_resend_webhook(town.v, &w), VIO_E_AUTH);
        ck_assert_int_eq(resend_says(&town, "msg_2", "no json"), VIO_E_INVALID);
        ck_assert_int_eq(resend_says(&town, "msg_2", "[]"), VIO_E_INVALID);
        ck_assert_int_eq(resend_says(&town, "msg_2", "{\"type\":7}"), VIO_E_INVALID);
        w.size = 1;
        ck_assert_int_eq(vio_resend_webhook(town.v, &w), VIO_E_INVALID);
}
END_TEST

/* What people do */

START_TEST(a_test_mail_goes_out_at_once_and_once_a_minute)
{
        char id[VIO_MAIL_ID] = "", first[80];
        given_outcome(acme, "Vienna Barnes", 1);
        struct vio_summary_settings s = VIO_SUMMARY_SETTINGS_INIT;
        ck_assert_int_eq(vio_summary_send_test(acme->handle, id), VIO_E_CONFLICT);
        ck_assert_str_eq(vio_tenant_error(acme->handle), "there is no recipient");
        s.recipient_email = ADA; /* it need not be switched on */
        ck_assert_int_eq(vio_summary_configure(acme->handle, &s), 0);
        ck_assert_int_eq(vio_summary_send_test(acme->handle, id), 0);
        ck_assert_str_eq(id, "mail-1");
        const struct letter *l = only_letter_to(ADA);
        ck_assert_str_eq(letter_part(l, "subject"),
                         "[Test] Daily Summary for Acme Dental - Nov 20, 2026");
        ck_assert_ptr_nonnull(strstr(letter_part(l, "text"), "on Thursday, Nov 19, 2026"));
        keep(first, sizeof(first), office.last_key);
        ck_assert_int_eq(strncmp(first, "summary-test/1/", 15), 0);
        ck_assert_int_eq(vio_summary_send_test(acme->handle, NULL), VIO_E_LIMITED);
        when_time_passes(&town, 1 * MINUTES);
        ck_assert_int_eq(vio_summary_send_test(acme->handle, NULL), 0);
        ck_assert_str_ne(first, office.last_key);
        ck_assert_int_eq(office.requests, 2);
        /* Nothing of it counts as the summary of the day. */
        ck_assert_str_eq(status_of(acme).day, "");
        ck_assert_int_eq(status_of(acme).last_sent, VIO_TIME_NONE);
        /* A bounce of it counts. */
        ck_assert_int_eq(resend_says(&town, "msg_1", EVENT("email.bounced", PERMANENT)), 0);
        ck_assert_str_eq(status_of(acme).blocked, "bounced");
}
END_TEST

START_TEST(a_refused_test_mail_says_why)
{
        given_summary(acme, ADA);
        given_counter(COUNTER_SCRIPTED, 403, ERROR("validation_error"));
        ck_assert_int_eq(vio_summary_send_test(acme->handle, NULL), VIO_E_UPSTREAM);
        ck_assert_str_eq(vio_tenant_error(acme->handle), "HTTP 403 validation_error: the reason");
}
END_TEST

static int see_mail(void *data, const struct vio_summary_mail *m)
{
        char *ret = data;
        snprintf(ret, 400, "%s|%s", m->subject, strstr(m->text, "Total") ? "total" : "");
        return strstr(m->html, "<bdi>Acme Dental</bdi>") ? 42 : 0;
}

START_TEST(the_preview_shows_and_changes_nothing)
{
        char told[400];
        int64_t version = version_of(acme);
        ck_assert_int_eq(vio_summary_preview(acme->handle, see_mail, told), 42);
        ck_assert_str_eq(told, "Daily Summary for Acme Dental - Nov 20, 2026|total");
        ck_assert_int_eq(version_of(acme), version);
        ck_assert_int_eq(office.requests, 0);
}
END_TEST

START_TEST(the_settings_come_back_as_they_were_put)
{
        struct vio_summary_settings s = VIO_SUMMARY_SETTINGS_INIT;
        struct seen is = status_of(acme);
        ck_assert(!is.enabled && !is.counts_only);
        ck_assert_str_eq(is.email, "");
        ck_assert_str_eq(is.time, "08:00");
        ck_assert_str_eq(is.zone, "America/New_York");
        ck_assert_uint_eq(is.days, 0x1f);
        ck_assert_int_eq(is.next, VIO_TIME_NONE);
        s.enabled = s.counts_only = 1;
        s.recipient_email = ADA;
        s.recipient_name = "Mike Davis";
        s.delivery_time = "09:30";
        s.time_zone = "America/Los_Angeles";
        s.days = 0x61;
        ck_assert_int_eq(vio_summary_configure(acme->handle, &s), 0);
        struct vio_summary_settings nothing = VIO_SUMMARY_SETTINGS_INIT;
        ck_assert_int_eq(vio_summary_configure(acme->handle, &nothing), 0);
        is = status_of(acme);
        ck_assert(is.enabled && is.counts_only);
        ck_assert_str_eq(is.email, ADA);
        ck_assert_str_eq(is.name, "Mike Davis");
        ck_assert_str_eq(is.time, "09:30");
        ck_assert_str_eq(is.zone, "America/Los_Angeles");
        ck_assert_uint_eq(is.days, 0x61);
        ck_assert_int_eq(is.next, at("2026-11-21T17:30:00Z"));
        struct vio_summary_settings clear = VIO_SUMMARY_SETTINGS_INIT;
        clear.enabled = 0;
        clear.recipient_email = clear.recipient_name = clear.time_zone = "";
        ck_assert_int_eq(vio_summary_configure(acme->handle, &clear), 0);
        is = status_of(acme);
        ck_assert_str_eq(is.email, "");
        ck_assert_str_eq(is.name, "");
        ck_assert_str_eq(is.zone, "America/New_York");
        ck_assert_str_eq(status_of(bolt).email, "");
}
END_TEST

static const struct {
        struct vio_summary_settings s;
        const char *error;
} wrong[] = {
    {{.enabled = 1, .counts_only = -1}, "recipientEmail: is required"},
    {{.enabled = 1, .counts_only = -1, .recipient_email = ""}, "recipientEmail: is required"},
    {{.enabled = -1, .counts_only = -1, .recipient_email = "nobody"}, "recipientEmail: must be a"},
    {{.enabled = -1, .counts_only = -1, .recipient_email = "a@b\r\nBcc: c@d"}, "recipientEmail: "},
    {{.enabled = -1, .counts_only = -1, .recipient_name = "a\nb"}, "recipientName: must be"},
    {{.enabled = -1, .counts_only = -1, .delivery_time = "8:00"}, "deliveryTime: must be"},
    {{.enabled = -1, .counts_only = -1, .delivery_time = "24:00"}, "deliveryTime: must be"},
    {{.enabled = -1, .counts_only = -1, .delivery_time = ""}, "deliveryTime: must be"},
    {{.enabled = -1, .counts_only = -1, .time_zone = "Mars/Olympus"}, "timezone: must be an IANA"},
    {{.enabled = -1, .counts_only = -1, .days = 0x80}, "deliveryDays: must be"},
};

START_TEST(a_wrong_setting_is_refused_by_its_name)
{
        struct vio_summary_settings s = wrong[_i].s;
        s.size = sizeof(s);
        ck_assert_int_eq(vio_summary_configure(acme->handle, &s), VIO_E_INVALID);
        ck_assert_msg(strstr(vio_tenant_error(acme->handle), wrong[_i].error) ==
                          vio_tenant_error(acme->handle),
                      "%s", vio_tenant_error(acme->handle));
        s.size = 1;
        ck_assert_int_eq(vio_summary_configure(acme->handle, &s), VIO_E_INVALID);
}
END_TEST

static void add_loop(Suite *s, const char *name, const TTest *test, size_t n)
{
        TCase *tc = tcase_create(name);
        tcase_add_checked_fixture(tc, open_town, close_town);
        tcase_add_loop_test(tc, test, 0, (int)n);
        tcase_set_timeout(tc, 60);
        suite_add_tcase(s, tc);
}

#define CASE(test)       add_fixture_case(s, test, open_town, close_town)
#define LOOP(test, rows) add_loop(s, #test, test, count_of(rows))

Suite *suite(void)
{
        Suite *s = suite_create("summaries");
        CASE(a_summary_goes_out_each_day_at_its_time);
        CASE(each_tenant_has_its_own_time_and_weekday);
        CASE(without_a_zone_of_its_own_it_follows_the_clinics);
        CASE(where_clocks_skip_its_time_it_comes_as_much_later);
        CASE(a_time_that_comes_twice_is_used_once);
        CASE(one_that_is_late_on_its_day_is_sent);
        CASE(one_whose_day_is_over_is_left_out);
        CASE(after_days_without_power_todays_is_caught_up_on);
        CASE(a_later_time_brings_no_second_one);
        CASE(a_change_does_not_plan_away_what_is_due);
        CASE(a_tenant_without_a_plan_gets_one);
        CASE(it_tells_the_calls_of_the_day_before);
        CASE(the_day_before_is_that_of_the_clinic);
        CASE(a_day_without_calls_says_so);
        CASE(ten_names_are_told_and_the_rest_counted);
        CASE(calls_that_could_not_be_placed_are_told_apart);
        CASE(counts_only_means_no_name_at_all);
        LOOP(a_hostile_name_stays_a_name, hostile);
        CASE(a_crash_before_the_mail_arrived_sends_it_once);
        CASE(a_crash_before_the_answer_was_noted_sends_the_same_bytes);
        CASE(a_restart_before_the_first_attempt_loses_nothing);
        CASE(an_answer_that_was_lost_is_asked_for_again);
        CASE(what_is_not_clear_for_too_long_is_not_repeated);
        CASE(of_two_processes_one_sends);
        CASE(a_process_that_slept_does_not_undo_what_the_other_noted);
        LOOP(each_refusal_has_its_consequence, refusals);
        CASE(the_wait_that_was_asked_for_is_kept);
        CASE(a_trouble_that_lasts_ends_the_attempts);
        CASE(while_resend_is_down_it_is_asked_once_a_minute_for_everybody);
        CASE(without_a_mail_service_it_is_left_out_with_the_reason);
        CASE(a_suspended_tenant_gets_none);
        LOOP(what_waits_is_dropped_when_it_is_not_wanted_any_more, changes);
        LOOP(an_event_blocks_or_does_not, events);
        CASE(naming_the_recipient_again_lifts_the_block);
        CASE(a_webhook_may_be_quicker_than_the_answer);
        CASE(a_waiting_summary_is_dropped_when_its_recipient_is_blocked);
        CASE(a_webhook_that_is_not_resends_is_refused);
        CASE(a_test_mail_goes_out_at_once_and_once_a_minute);
        CASE(a_refused_test_mail_says_why);
        CASE(the_preview_shows_and_changes_nothing);
        CASE(the_settings_come_back_as_they_were_put);
        LOOP(a_wrong_setting_is_refused_by_its_name, wrong);
        return s;
}
