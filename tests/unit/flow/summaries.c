/* summaries.c - the daily summary: when it is sent, and what it says. */
#include "abi/handle.h"
#include "store/q.h"
#include "summary_steps.h"

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
        return s;
}
