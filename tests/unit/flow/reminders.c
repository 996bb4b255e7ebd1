/* reminders.c - when contacts are called: reminders, follow-ups, windows, limits, changed plans. */
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "clinic.h"
#include "run.h"

static struct town town;
static struct business *const acme = &town.acme;

static void open_town(void)
{
        town_open(&town);
}

static void close_town(void)
{
        town_close(&town);
}

static vio_contact_id given_contact_in(const char *zone, int person, const char *appointment)
{
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        vio_contact_id id = {0};
        f.name = "Ada";
        f.phone = phone_of(person);
        f.time_zone = zone;
        f.appointment_time = at(appointment);
        ck_assert_int_eq(vio_contact_add(acme->handle, &f, &id), 0);
        return id;
}

/* When the reminder of an appointment is planned, seen from Friday, 2026-11-20, 10:00 in New York.
 */
static const struct {
        const char *zone; /* the contact's; NULL: the clinic's */
        const char *appointment;
        const char *reminder; /* NULL: none */
} plans[] = {
    {NULL, MONDAY, "2026-11-22T15:00:00Z"},
    /* An appointment at 07:00: the day before at 07:00 is too early, so the evening before that. */
    {NULL, "2026-11-24T12:00:00Z", "2026-11-23T01:59:00Z"},
    /* At 22:00: the day before at 20:59, the last open minute. */
    {NULL, "2026-11-25T03:00:00Z", "2026-11-24T01:59:00Z"},
    /* In less than a day: at the next open moment, at once. */
    {NULL, "2026-11-20T20:00:00Z", "2026-11-20T15:00:00Z"},
    /* In less than two hours: too late. */
    {NULL, "2026-11-20T16:59:00Z", NULL},
    {NULL, "2026-11-20T17:00:00Z", "2026-11-20T15:00:00Z"},
    /* Past. */
    {NULL, "2026-11-19T15:00:00Z", NULL},
    {NULL, "", NULL},
    /* The contact's own zone decides: 15:00Z is 07:00 in Los Angeles. */
    {"America/Los_Angeles", MONDAY, "2026-11-22T04:59:00Z"},
    /* Clocks go back on 2026-11-01 and forward on 2027-03-14: 24 hours are 24 hours. */
    {NULL, "2027-03-14T15:00:00Z", "2027-03-13T15:00:00Z"},
    {NULL, "2027-03-15T12:30:00Z", "2027-03-14T12:30:00Z"},
    {NULL, "2027-11-08T13:30:00Z", "2027-11-07T13:30:00Z"},
};

START_TEST(a_reminder_is_planned_inside_the_window)
{
        vio_contact_id ada = given_contact_in(plans[_i].zone, 1, plans[_i].appointment);
        if (plans[_i].reminder)
                then_planned_at(acme, ada, VIO_TASK_INITIAL_REMINDER, plans[_i].reminder);
        else
                then_nothing_is_planned(acme, ada);
}
END_TEST

START_TEST(on_the_day_when_clocks_change_the_window_opens_by_the_new_time)
{
        when_it_is(&town, "2027-03-12T15:00:00Z");
        given_setting(acme, "call_window_start", "09:00");
        /* 2027-03-15T12:30Z is 08:30 in New York's summer; a day before it is 08:30, too. */
        vio_contact_id ada = given_contact_in(NULL, 5, "2027-03-15T12:30:00Z");
        then_planned_at(acme, ada, VIO_TASK_INITIAL_REMINDER, "2027-03-14T01:59:00Z");

        /* Missed at 20:59 on Saturday; on Sunday 09:00 is 13:00Z, no longer 14:00Z. */
        when_it_is(&town, "2027-03-14T03:00:00Z");
        then_rings_are(acme, phone_of(5), 1);
        then_planned_at(acme, ada, VIO_TASK_FOLLOW_UP, "2027-03-14T13:00:00Z");
        when_it_is(&town, "2027-03-14T13:01:00Z");
        then_rings_are(acme, phone_of(5), 2);
}
END_TEST

START_TEST(nobody_is_called_before_the_reminder_is_due)
{
        given_contact(acme, "Ada", 1, MONDAY);
        when_it_is(&town, "2026-11-22T14:59:59Z");
        ck_assert_int_eq(town.dials, 0);
        when_time_passes(&town, 1 * SECONDS);
        ck_assert_int_eq(town.dials, 1);
}
END_TEST

/* 15:00:00 dialled; 30 s of ringing; 90 minutes. */
START_TEST(a_missed_call_is_followed_up_after_ninety_minutes)
{
        vio_contact_id ada = given_contact(acme, "Ada", 5, MONDAY);
        when_it_is(&town, "2026-11-22T15:05:00Z");
        then_planned_at(acme, ada, VIO_TASK_FOLLOW_UP, "2026-11-22T16:30:30Z");
        when_it_is(&town, "2026-11-22T16:30:29Z");
        then_rings_are(acme, phone_of(5), 1);
        when_it_is(&town, "2026-11-22T16:30:30Z");
        then_rings_are(acme, phone_of(5), 2);
}
END_TEST

START_TEST(three_calls_a_day_are_the_most_and_the_next_day_goes_on)
{
        vio_contact_id ada = given_contact(acme, "Ada", 5, MONDAY);

        when_it_is(&town, "2026-11-23T04:59:00Z"); /* 23:59 in New York */
        then_rings_are(acme, phone_of(5), 3);
        then_planned_at(acme, ada, VIO_TASK_FOLLOW_UP, "2026-11-23T13:00:00Z");
        struct seen_tasks tasks = tasks_of(acme, ada);
        ck_assert_int_eq(open_task(&tasks, VIO_TASK_FOLLOW_UP)->reason, VIO_REASON_DAILY_LIMIT);
        when_it_is(&town, "2026-11-23T13:00:01Z");
        then_rings_are(acme, phone_of(5), 4);
}
END_TEST

START_TEST(the_daily_limit_holds_for_calls_by_hand_too)
{
        vio_contact_id ada = given_contact(acme, "Ada", 8, MONDAY);
        for (int i = 0; i < 3; i++) {
                ck_assert_int_eq(when_called_now(acme, ada), 0);
                when_time_passes(&town, 5 * MINUTES);
        }
        then_refused_for(acme, when_called_now(acme, ada), VIO_REASON_DAILY_LIMIT);
        then_rings_are(acme, phone_of(8), 3);
        when_it_is(&town, "2026-11-21T13:00:00Z");
        ck_assert_int_eq(when_called_now(acme, ada), 0);
}
END_TEST

START_TEST(a_tenant_may_tighten_the_limits)
{
        vio_contact_id ada = given_contact(acme, "Ada", 8, MONDAY);
        given_setting(acme, "daily_call_limit", "1");
        given_setting(acme, "weekly_call_limit", "2");
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_time_passes(&town, 5 * MINUTES);
        then_refused_for(acme, when_called_now(acme, ada), VIO_REASON_DAILY_LIMIT);
        when_time_passes(&town, 1 * DAYS);
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_time_passes(&town, 5 * MINUTES);
        then_refused_for(acme, when_called_now(acme, ada), VIO_REASON_WEEKLY_LIMIT);
}
END_TEST

START_TEST(a_closed_window_refuses_by_hand_and_delays_a_task)
{
        vio_contact_id ada = given_contact(acme, "Ada", 1, "2026-11-24T17:00:00Z");
        when_it_is(&town, "2026-11-21T12:59:59Z"); /* 07:59:59 */
        then_refused_for(acme, when_called_now(acme, ada), VIO_REASON_OUTSIDE_WINDOW);
        when_it_is(&town, "2026-11-22T02:00:00Z"); /* 21:00 */
        then_refused_for(acme, when_called_now(acme, ada), VIO_REASON_OUTSIDE_WINDOW);

        /* The reminder is planned for Monday at 12:00; the window is narrowed after that. */
        given_setting(acme, "call_window_start", "13:30");
        when_it_is(&town, "2026-11-23T17:30:00Z");
        then_rings_are(acme, phone_of(1), 0);
        then_planned_at(acme, ada, VIO_TASK_INITIAL_REMINDER, "2026-11-23T18:30:00Z");
        when_it_is(&town, "2026-11-23T18:31:00Z");
        then_rings_are(acme, phone_of(1), 1);
}
END_TEST

START_TEST(the_contacts_own_zone_decides_about_the_window)
{
        vio_contact_id ada = given_contact_in("Asia/Tokyo", 1, MONDAY);
        then_refused_for(acme, when_called_now(acme, ada), VIO_REASON_OUTSIDE_WINDOW);
}
END_TEST

START_TEST(days_without_calls_are_waited_out)
{
        given_setting(acme, "call_days", "[\"Mon\",\"Fri\"]");
        vio_contact_id ada = given_contact(acme, "Ada", 1, "2026-11-23T20:00:00Z");
        /* Sunday is closed: the last open moment before is on this Friday. */
        then_planned_at(acme, ada, VIO_TASK_INITIAL_REMINDER, "2026-11-21T01:59:00Z");
}
END_TEST

START_TEST(an_unconfigured_or_suspended_tenant_calls_nobody)
{
        vio_contact_id ada = given_contact(acme, "Ada", 1, MONDAY);
        given_setting(acme, "retell_phone_number", NULL);
        then_refused_for(acme, when_called_now(acme, ada), VIO_REASON_NOT_CONFIGURED);
        given_setting(acme, "retell_phone_number", "+12125550000");
        suspend(acme, true);
        then_refused_for(acme, when_called_now(acme, ada), VIO_REASON_TENANT_SUSPENDED);
        when_it_is(&town, "2026-11-22T15:10:00Z");
        ck_assert_int_eq(town.dials, 0);
        suspend(acme, false);
        when_it_is(&town, "2026-11-22T16:00:00Z");
        then_rings_are(acme, phone_of(1), 1);
}
END_TEST

/* Plans that change */

START_TEST(a_moved_appointment_is_reminded_at_its_new_time)
{
        vio_contact_id ada = given_contact(acme, "Ada", 1, MONDAY);
        when_appointment_moves(acme, ada, "2026-11-25T15:00:00Z");
        then_planned_at(acme, ada, VIO_TASK_INITIAL_REMINDER, "2026-11-24T15:00:00Z");
        when_it_is(&town, "2026-11-24T14:59:00Z");
        then_rings_are(acme, phone_of(1), 0);
        when_it_is(&town, "2026-11-24T16:00:00Z");
        then_rings_are(acme, phone_of(1), 1);
        then_appointment_is(acme, ada, VIO_APPOINTMENT_CONFIRMED);

        when_appointment_moves(acme, ada, "2026-11-27T15:00:00Z");
        then_appointment_is(acme, ada, VIO_APPOINTMENT_PENDING);
        when_it_is(&town, "2026-11-26T16:00:00Z");
        then_rings_are(acme, phone_of(1), 2);
        then_appointment_is(acme, ada, VIO_APPOINTMENT_CONFIRMED);
}
END_TEST

START_TEST(an_edited_note_does_not_ring_again)
{
        vio_contact_id ada = given_contact(acme, "Ada", 8, MONDAY);
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        when_it_is(&town, "2026-11-22T16:00:00Z");
        then_rings_are(acme, phone_of(8), 1);

        f.special_instructions = "Prefers the red chair.";
        ck_assert_int_eq(vio_contact_change(acme->handle, ada, &f), 0);
        then_nothing_is_planned(acme, ada);
        when_it_is(&town, "2026-11-23T16:00:00Z");
        then_rings_are(acme, phone_of(8), 1);
}
END_TEST

START_TEST(a_telephone_number_that_comes_later_is_reminded)
{
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        vio_contact_id ada = given_contact_with_phone(acme, "Ada", NULL, MONDAY);
        then_nothing_is_planned(acme, ada);
        then_refused_for(acme, when_called_now(acme, ada), VIO_REASON_NO_PHONE);

        f.phone = phone_of(1);
        ck_assert_int_eq(vio_contact_change(acme->handle, ada, &f), 0);
        then_planned_at(acme, ada, VIO_TASK_INITIAL_REMINDER, "2026-11-22T15:00:00Z");
}
END_TEST

START_TEST(a_number_taken_away_and_given_back_is_reminded_once)
{
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        vio_contact_id ada = given_contact(acme, "Ada", 1, MONDAY);
        f.phone = "";
        ck_assert_int_eq(vio_contact_change(acme->handle, ada, &f), 0);
        when_it_is(&town, "2026-11-22T15:30:00Z");
        ck_assert_int_eq(town.dials, 0);
        f.phone = phone_of(1);
        ck_assert_int_eq(vio_contact_change(acme->handle, ada, &f), 0);
        when_it_is(&town, "2026-11-23T16:00:00Z");
        then_rings_are(acme, phone_of(1), 1);
}
END_TEST

START_TEST(opting_out_cancels_and_opting_in_plans_again)
{
        vio_contact_id ada = given_contact(acme, "Ada", 1, MONDAY);
        ck_assert_int_eq(vio_contact_opt_out(acme->handle, ada, true, "by mail"), 0);
        then_nothing_is_planned(acme, ada);
        then_refused_for(acme, when_called_now(acme, ada), VIO_REASON_OPTED_OUT);
        struct seen_tasks tasks = tasks_of(acme, ada);
        ck_assert_int_eq(tasks.list[0].reason, VIO_REASON_OPTED_OUT);

        ck_assert_int_eq(vio_contact_opt_out(acme->handle, ada, false, NULL), 0);
        then_planned_at(acme, ada, VIO_TASK_INITIAL_REMINDER, "2026-11-22T15:00:00Z");
        when_it_is(&town, "2026-11-23T16:00:00Z");
        then_rings_are(acme, phone_of(1), 1);
}
END_TEST

START_TEST(a_decided_appointment_cancels_the_follow_up)
{
        vio_contact_id ada = given_contact(acme, "Ada", 5, "2026-11-27T15:00:00Z");
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_time_passes(&town, 10 * MINUTES);
        struct seen_tasks tasks = tasks_of(acme, ada);
        ck_assert_ptr_nonnull(open_task(&tasks, VIO_TASK_FOLLOW_UP));
        ck_assert_ptr_nonnull(open_task(&tasks, VIO_TASK_INITIAL_REMINDER));

        f.phone = phone_of(1);
        ck_assert_int_eq(vio_contact_change(acme->handle, ada, &f), 0);
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_time_passes(&town, 10 * MINUTES);
        then_appointment_is(acme, ada, VIO_APPOINTMENT_CONFIRMED);
        then_nothing_is_planned(acme, ada);
        tasks = tasks_of(acme, ada);
        ck_assert_int_eq(last_task(&tasks, VIO_TASK_FOLLOW_UP)->reason,
                         VIO_REASON_APPOINTMENT_DECIDED);
}
END_TEST

START_TEST(an_answered_call_cancels_the_follow_up_of_a_missed_one)
{
        vio_contact_id ada = given_contact(acme, "Ada", 5, "2026-11-27T15:00:00Z");
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_time_passes(&town, 10 * MINUTES);
        f.phone = phone_of(8);
        ck_assert_int_eq(vio_contact_change(acme->handle, ada, &f), 0);
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_time_passes(&town, 10 * MINUTES);
        struct seen_tasks tasks = tasks_of(acme, ada);
        ck_assert_ptr_null(open_task(&tasks, VIO_TASK_FOLLOW_UP));
        ck_assert_int_eq(last_task(&tasks, VIO_TASK_FOLLOW_UP)->reason, VIO_REASON_SUPERSEDED);
}
END_TEST

/* Three missed calls on Friday put the follow-up off to Saturday at 08:00, when the reminder is
 * due, too. */
START_TEST(a_reminder_and_a_follow_up_due_at_once_make_one_call)
{
        vio_contact_id ada = given_contact(acme, "Ada", 5, "2026-11-22T13:00:00Z");
        for (int i = 0; i < 3; i++) {
                ck_assert_int_eq(when_called_now(acme, ada), 0);
                when_time_passes(&town, 2 * MINUTES);
        }
        when_it_is(&town, "2026-11-21T12:59:59Z");
        then_rings_are(acme, phone_of(5), 3);
        then_planned_at(acme, ada, VIO_TASK_FOLLOW_UP, "2026-11-21T13:00:00Z");
        then_planned_at(acme, ada, VIO_TASK_INITIAL_REMINDER, "2026-11-21T13:00:00Z");

        when_it_is(&town, "2026-11-21T14:29:00Z");
        then_rings_are(acme, phone_of(5), 4);
        when_it_is(&town, "2026-11-21T14:32:00Z");
        then_rings_are(acme, phone_of(5), 5);
        when_it_is(&town, "2026-11-21T15:30:00Z");
        then_rings_are(acme, phone_of(5), 5);
}
END_TEST

START_TEST(a_missed_call_by_hand_puts_a_reminder_off_that_would_come_at_once)
{
        vio_contact_id ada = given_contact(acme, "Ada", 5, MONDAY);
        when_it_is(&town, "2026-11-22T14:59:00Z");
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_it_is(&town, "2026-11-22T16:29:29Z");
        then_rings_are(acme, phone_of(5), 1);
        then_planned_at(acme, ada, VIO_TASK_INITIAL_REMINDER, "2026-11-22T16:29:30Z");
        struct seen_tasks tasks = tasks_of(acme, ada);
        ck_assert_ptr_null(open_task(&tasks, VIO_TASK_FOLLOW_UP));
}
END_TEST

START_TEST(two_contacts_with_one_number_are_not_rung_at_once)
{
        vio_contact_id ada = given_contact(acme, "Ada", 1, MONDAY);
        vio_contact_id bob = given_contact(acme, "Bob", 1, MONDAY);
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        then_refused_for(acme, when_called_now(acme, bob), VIO_REASON_CALL_LIVE);
        when_time_passes(&town, 2 * MINUTES);
        ck_assert_int_eq(when_called_now(acme, bob), 0);
}
END_TEST

START_TEST(many_reminders_at_once_are_all_made)
{
        for (int i = 0; i < 40; i++) {
                char phone[20];
                char name[20];
                snprintf(phone, sizeof(phone), "+1415556%02d01", i);
                snprintf(name, sizeof(name), "Patient %d", i);
                given_contact_with_phone(acme, name, phone, MONDAY);
        }
        when_it_is(&town, "2026-11-22T15:15:00Z");
        struct vio_contact_stats stats;
        ck_assert_int_eq(vio_contact_stats(acme->handle, &stats), 0);
        ck_assert_int_eq(stats.confirmed, 40);
        ck_assert_int_eq(town.dials, 40);
}
END_TEST

START_TEST(reminders_planned_by_the_sweep_are_made)
{
        /* Too far ahead for nothing: planned at once all the same; the sweep then adds no second.
         */
        vio_contact_id ada = given_contact(acme, "Ada", 1, "2026-12-18T15:00:00Z");
        when_it_is(&town, "2026-12-18T16:00:00Z");
        then_rings_are(acme, phone_of(1), 1);
        struct seen_tasks tasks = tasks_of(acme, ada);
        ck_assert_uint_eq(tasks.n, 1);
}
END_TEST

/* Whole lives: what a contact's fields must be */

static const struct {
        const char *field; /* what the error names; NULL: it is good */
        struct vio_contact_fields fields;
} contacts[] = {
#define F(...)                                                                                     \
        {                                                                                          \
                .size = sizeof(struct vio_contact_fields), .appointment_time = VIO_TIME_NONE,      \
                __VA_ARGS__                                                                        \
        }
    {NULL, F(.name = "Ada")},
    {NULL, F(.name = "Ada", .phone = "(415) 555-0101")},
    {NULL, F(.name = "Ada", .phone = "+44 20 7946 0000")},
    {NULL, F(.name = "Ada", .email = "ada@example.org")},
    {NULL, F(.name = "Ada", .time_zone = "Europe/Dublin")},
    {NULL, F(.name = "Ada", .appointment_date = "2026-12-01")},
    {NULL, F(.name = "Ada", .special_instructions = "One line\nand another")},
    {NULL, F(.name = "J\xc3\xb8rgen")},
    {"name", F(.name = NULL)},
    {"name", F(.name = "")},
    {"name", F(.name = "   ")},
    {"name", F(.name = "Ada\nEve")},
    {"name", F(.name = "\xff")},
    {"phone", F(.name = "Ada", .phone = "12")},
    {"phone", F(.name = "Ada", .phone = "call me")},
    {"phone", F(.name = "Ada", .phone = "+1234567890123456789")},
    {"email", F(.name = "Ada", .email = "ada")},
    {"email", F(.name = "Ada", .email = "@example.org")},
    {"email", F(.name = "Ada", .email = "ada@")},
    {"email", F(.name = "Ada", .email = "a da@example.org")},
    {"email", F(.name = "Ada", .email = "a\nda@example.org")},
    {"timeZone", F(.name = "Ada", .time_zone = "Mars/Olympus")},
    {"timeZone", F(.name = "Ada", .time_zone = "../../etc/passwd")},
    {"appointmentDate", F(.name = "Ada", .appointment_date = "2026-02-30")},
    {"appointmentDate", F(.name = "Ada", .appointment_date = "tomorrow")},
    {"appointmentTime", {sizeof(struct vio_contact_fields), "Ada", .appointment_time = 1}},
    {"appointmentTime",
     {sizeof(struct vio_contact_fields), "Ada", .appointment_time = INT64_C(4102444800001)}},
    /* 2026-11-24T03:00Z is still the 23rd in New York. */
    {NULL,
     {sizeof(struct vio_contact_fields), "Ada", .appointment_date = "2026-11-23",
      .appointment_time = INT64_C(1795489200000)}},
    {"appointmentDate",
     {sizeof(struct vio_contact_fields), "Ada", .appointment_date = "2026-11-24",
      .appointment_time = INT64_C(1795489200000)}},
#undef F
};

START_TEST(contact_fields_are_checked_one_by_one)
{
        vio_contact_id id = {0};
        char begin[40];

        given_setting(acme, "country", "1");
        int64_t version = version_of(acme);
        int r = vio_contact_add(acme->handle, &contacts[_i].fields, &id);
        const char *error = vio_tenant_error(acme->handle);
        if (!contacts[_i].field) {
                ck_assert_msg(r == 0, "%d: %s", r, error);
                return;
        }
        snprintf(begin, sizeof(begin), "%s:", contacts[_i].field);
        ck_assert_msg(r == VIO_E_INVALID, "%d: %s", r, error);
        ck_assert_msg(strncmp(error, begin, strlen(begin)) == 0, "%s: %s", begin, error);
        ck_assert_msg(!contacts[_i].fields.phone || !strstr(error, contacts[_i].fields.phone), "%s",
                      error);
        ck_assert_int_eq(id.v, 0);
        ck_assert_int_eq(version_of(acme), version);
}
END_TEST

START_TEST(a_field_that_is_too_long_is_named)
{
        static char text[2102];
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        vio_contact_id id;

        memset(text, 'a', 2100);
        f.name = text;
        ck_assert_int_eq(vio_contact_add(acme->handle, &f, &id), VIO_E_INVALID);
        ck_assert_ptr_nonnull(strstr(vio_tenant_error(acme->handle), "200"));
        f.name = "Ada";
        f.special_instructions = text;
        ck_assert_int_eq(vio_contact_add(acme->handle, &f, &id), VIO_E_INVALID);
        ck_assert_ptr_nonnull(strstr(vio_tenant_error(acme->handle), "2000"));
        f.size = 1;
        ck_assert_int_eq(vio_contact_add(acme->handle, &f, &id), VIO_E_INVALID);
        ck_assert_int_eq(vio_contact_opt_out(acme->handle, (vio_contact_id){1}, true, text),
                         VIO_E_INVALID);
}
END_TEST

START_TEST(a_date_alone_cannot_contradict_the_time)
{
        vio_contact_id ada = given_contact(acme, "Ada", 1, MONDAY);
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        f.appointment_date = "2026-11-30";
        ck_assert_int_eq(vio_contact_change(acme->handle, ada, &f), VIO_E_INVALID);
        ck_assert_int_eq(strncmp(vio_tenant_error(acme->handle), "appointmentDate:", 16), 0);
        f.appointment_date = "2026-11-23";
        ck_assert_int_eq(vio_contact_change(acme->handle, ada, &f), 0);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("reminders");
#define CASE(test) add_fixture_case(s, test, open_town, close_town)
        CASE(on_the_day_when_clocks_change_the_window_opens_by_the_new_time);
        CASE(nobody_is_called_before_the_reminder_is_due);
        CASE(a_missed_call_is_followed_up_after_ninety_minutes);
        CASE(three_calls_a_day_are_the_most_and_the_next_day_goes_on);
        CASE(the_daily_limit_holds_for_calls_by_hand_too);
        CASE(a_tenant_may_tighten_the_limits);
        CASE(a_closed_window_refuses_by_hand_and_delays_a_task);
        CASE(the_contacts_own_zone_decides_about_the_window);
        CASE(days_without_calls_are_waited_out);
        CASE(an_unconfigured_or_suspended_tenant_calls_nobody);
        CASE(a_moved_appointment_is_reminded_at_its_new_time);
        CASE(an_edited_note_does_not_ring_again);
        CASE(a_telephone_number_that_comes_later_is_reminded);
        CASE(a_number_taken_away_and_given_back_is_reminded_once);
        CASE(opting_out_cancels_and_opting_in_plans_again);
        CASE(a_decided_appointment_cancels_the_follow_up);
        CASE(an_answered_call_cancels_the_follow_up_of_a_missed_one);
        CASE(a_reminder_and_a_follow_up_due_at_once_make_one_call);
        CASE(a_missed_call_by_hand_puts_a_reminder_off_that_would_come_at_once);
        CASE(two_contacts_with_one_number_are_not_rung_at_once);
        CASE(many_reminders_at_once_are_all_made);
        CASE(reminders_planned_by_the_sweep_are_made);
        CASE(a_field_that_is_too_long_is_named);
        CASE(a_date_alone_cannot_contradict_the_time);
#undef CASE
        TCase *rows = tcase_create("rows");
        tcase_add_checked_fixture(rows, open_town, close_town);
        tcase_add_loop_test(rows, a_reminder_is_planned_inside_the_window, 0, count_of(plans));
        tcase_add_loop_test(rows, contact_fields_are_checked_one_by_one, 0, count_of(contacts));
        suite_add_tcase(s, rows);
        return s;
}
