/* scenarios.c - what is done in the town while its disk or its memory fails. */
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "ordeal.h"

#define SUNDAY_TEN     "2026-11-22T15:00:00Z" /* New York's; the reminder of MONDAY is due */
#define SATURDAY_EIGHT "2026-11-21T13:00:00Z" /* New York's; a summary is due */
#define ROWS_OF_IMPORT 20

static struct business *const acme = &town.acme;
static vio_contact_id vienna;
static char signature[VIO_RETELL_SIGNATURE];
static const struct held *letter;

/* Given */

static void nothing(void)
{
}

static void a_contact(void)
{
        vienna = given_contact(acme, "Vienna Barnes", 1, MONDAY);
}

static void a_call_that_was_made(void)
{
        a_contact();
        ck_assert_int_eq(when_called_now(acme, vienna), 0);
        when_time_passes(&town, 85 * SECONDS);
}

/* Its last webhook is here and waits to be delivered. */
static void a_webhook(void)
{
        town.post = POST_HELD;
        a_call_that_was_made();
        letter = held_event(&town, "call_analyzed");
        ck_assert_int_eq(vio_retell_sign(letter->api_key, letter->body, strlen(letter->body),
                                         town.now, signature),
                         0);
}

static void a_call_nobody_told_of(void)
{
        town.post = POST_LOST;
        a_call_that_was_made();
        town.now += 10 * SECONDS;
}

static void a_due_reminder(void)
{
        a_contact();
        town.now = at(SUNDAY_TEN);
}

static void a_due_summary(void)
{
        struct vio_summary_settings s = VIO_SUMMARY_SETTINGS_INIT;
        a_contact();
        s.enabled = 1;
        s.recipient_email = "ada@acme.example";
        s.days = 0x7f;
        ck_assert_int_eq(vio_summary_configure(acme->handle, &s), 0);
        town.now = at(SATURDAY_EIGHT);
}

static void a_call_and_its_outcome(void)
{
        a_contact();
        ck_assert_int_eq(when_called_now(acme, vienna), 0);
        when_time_passes(&town, 10 * MINUTES);
}

/* When */

static int add(void)
{
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        vio_contact_id id;
        f.name = "Jane Smith";
        f.phone = "+14155550108";
        f.email = "jane@example.com";
        f.time_zone = "America/Los_Angeles";
        f.appointment_time = at("2026-11-29T18:00:00Z"); /* the day before is no day for calls */
        f.special_instructions = "First-time client";
        return vio_contact_add(acme->handle, &f, &id);
}

static int change(void)
{
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        f.appointment_time = at("2026-11-25T15:00:00Z");
        f.phone = "+14155550104";
        return vio_contact_change(acme->handle, vienna, &f);
}

static int decide(void)
{
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        f.appointment_status = VIO_APPOINTMENT_CONFIRMED;
        return vio_contact_change(acme->handle, vienna, &f);
}

static int opt_out(void)
{
        return vio_contact_opt_out(acme->handle, vienna, true, "asked for it");
}

static int take_away(void)
{
        return vio_contact_remove(acme->handle, vienna, false);
}

static int erase(void)
{
        return vio_contact_remove(acme->handle, vienna, true);
}

static int call(void)
{
        return when_called_now(acme, vienna);
}

static int receive(void)
{
        return post_with(&town, letter->body, strlen(letter->body), signature);
}

static int step(void)
{
        return when_stepped(&town);
}

static int import(void)
{
        char text[4096] = "name,phone,email,appointment time\n";
        struct vio_import in = VIO_IMPORT_INIT;
        struct vio_import_report report = VIO_IMPORT_REPORT_INIT;
        for (int i = 0; i < ROWS_OF_IMPORT; i++) {
                size_t at = strlen(text);
                snprintf(text + at, sizeof(text) - at,
                         "Guest %d,+141555502%02d,guest%d@example.com,2026-11-24T15:%02d:00Z\n", i,
                         i, i, i);
        }
        in.text = text;
        in.len = strlen(text);
        int r = vio_contact_import(acme->handle, &in, NULL, NULL, &report);
        if (r == 0)
                ck_assert_int_eq(report.added, ROWS_OF_IMPORT);
        return r;
}

static int set(void)
{
        const struct vio_setting settings[] = {{"parking_instructions", "Behind the house"},
                                               {"call_window_start", "09:00"},
                                               {"time_zone", "America/Chicago"},
                                               {"features", "{\"waitingList\": true}"},
                                               {"call_days", "[\"Mon\", \"Tue\"]"},
                                               {"retell_agent_id", "agent_2"}};
        return vio_tenant_set(acme->handle, settings, count_of(settings));
}

static int add_user(void)
{
        struct vio_user_fields f = VIO_USER_FIELDS_INIT;
        vio_user_id id;
        f.email = "new@acme.example";
        f.password = NEW_PASSWORD;
        f.full_name = "New Person";
        f.role = VIO_ROLE_CLIENT_USER;
        return vio_user_add(acme->handle, &f, &id);
}

static int login(void)
{
        return logged_in(&town, "dana@acme.example", OLD_PASSWORD).result;
}

/* Then: what began is brought to its end, by whoever opens the files next. */

static void the_call_is_known(void)
{
        when_time_passes(&town, 40 * MINUTES);
        struct seen_call seen = newest_call(acme, vienna);
        ck_assert_uint_eq(calls_of(acme, vienna), 1);
        ck_assert_int_eq(seen.dial, VIO_DIAL_PLACED);
        ck_assert(seen.is_final);
        then_outcome_is(acme, vienna, VIO_OUTCOME_CONFIRMED);
        then_rings_are(acme, phone_of(1), 1);
}

/* A call by hand that never was one may be asked for again; one that rang may not be lost. */
static void the_call_is_settled(void)
{
        when_time_passes(&town, 40 * MINUTES);
        size_t rung = rings(acme, phone_of(1));
        ck_assert_uint_le(rung, 1);
        if (rung)
                the_call_is_known();
        else if (calls_of(acme, vienna))
                ck_assert_int_eq(newest_call(acme, vienna).dial, VIO_DIAL_NOT_PLACED);
}

/* A dial of which nobody can know whether it went out may be tried again later. */
static void the_reminder_is_made(void)
{
        when_time_passes(&town, 60 * MINUTES);
        then_outcome_is(acme, vienna, VIO_OUTCOME_CONFIRMED);
        then_rings_are(acme, phone_of(1), 1);
        then_nothing_is_planned(acme, vienna);
}

static void the_summary_is_sent_once(void)
{
        when_time_passes(&town, 30 * MINUTES);
        ck_assert_uint_eq(letters_to("ada@acme.example"), 1);
}

const struct scenario scenarios[] = {
    {"a_contact_is_added", nothing, add, NULL},
    {"a_contact_is_changed", a_contact, change, NULL},
    {"an_appointment_is_decided", a_contact, decide, NULL},
    {"a_contact_opts_out", a_contact, opt_out, NULL},
    {"a_contact_is_removed", a_contact, take_away, NULL},
    {"a_contact_is_erased", a_call_and_its_outcome, erase, NULL},
    {"settings_are_changed", nothing, set, NULL},
    {"an_account_is_added", nothing, add_user, NULL},
    {"a_person_logs_in", nothing, login, NULL},
    {"twenty_rows_are_imported", nothing, import, NULL},
    {"a_webhook_comes", a_webhook, receive, NULL},
    {"a_contact_is_called_now", a_contact, call, the_call_is_settled},
    {"a_reminder_falls_due", a_due_reminder, step, the_reminder_is_made},
    {"a_call_is_looked_up", a_call_nobody_told_of, step, the_call_is_known},
    {"a_summary_falls_due", a_due_summary, step, the_summary_is_sent_once},
};
const size_t n_scenarios = count_of(scenarios);
