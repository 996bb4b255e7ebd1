/* people.c - each of the fifteen people ends as expected, called by hand and by reminder. */
#include "clinic.h"
#include "run.h"

#define FIRST 1
#define LAST  15

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

/* What one call, made by hand and never repeated by hand, leads to within an hour. */
static const struct ending {
        int person;
        int result; /* of the request to call */
        enum vio_outcome outcome;
        enum vio_appointment_status status;
        int attempts;
        int rings;
        bool follow_up; /* planned then */
} manual[] = {
    {1, 0, VIO_OUTCOME_CONFIRMED, VIO_APPOINTMENT_CONFIRMED, 1, 1, false},
    {2, 0, VIO_OUTCOME_CANCELLED, VIO_APPOINTMENT_CANCELLED, 1, 1, false},
    {3, 0, VIO_OUTCOME_RESCHEDULED, VIO_APPOINTMENT_RESCHEDULED, 1, 1, false},
    {4, 0, VIO_OUTCOME_VOICEMAIL, VIO_APPOINTMENT_PENDING, 1, 1, true},
    {5, 0, VIO_OUTCOME_NO_ANSWER, VIO_APPOINTMENT_PENDING, 1, 1, true},
    {6, 0, VIO_OUTCOME_BUSY, VIO_APPOINTMENT_PENDING, 1, 1, true},
    {7, 0, VIO_OUTCOME_FAILED, VIO_APPOINTMENT_PENDING, 1, 1, true},
    {8, 0, VIO_OUTCOME_ANSWERED, VIO_APPOINTMENT_PENDING, 1, 1, false},
    {9, 0, VIO_OUTCOME_ANSWERED, VIO_APPOINTMENT_PENDING, 1, 1, false},
    {10, 0, VIO_OUTCOME_CONFIRMED, VIO_APPOINTMENT_CONFIRMED, 1, 1, false},
    {11, 0, VIO_OUTCOME_CONFIRMED, VIO_APPOINTMENT_CONFIRMED, 1, 1, false},
    {12, 0, VIO_OUTCOME_CONFIRMED, VIO_APPOINTMENT_CONFIRMED, 1, 1, false},
    {13, 0, VIO_OUTCOME_ANSWERED, VIO_APPOINTMENT_PENDING, 1, 1, false},
    {14, VIO_E_REFUSED, VIO_OUTCOME_NONE, VIO_APPOINTMENT_PENDING, 0, 0, false},
    {15, 0, VIO_OUTCOME_NONE, VIO_APPOINTMENT_PENDING, 0, 0, false},
};

static void ends_as(const struct ending *e, vio_contact_id who)
{
        struct seen_tasks tasks = tasks_of(acme, who);

        then_outcome_is(acme, who, e->outcome);
        then_appointment_is(acme, who, e->status);
        then_rings_are(acme, phone_of(e->person), (size_t)e->rings);
        ck_assert_int_eq(contact_now(acme, who).attempts, e->attempts);
        ck_assert_int_eq(open_task(&tasks, VIO_TASK_FOLLOW_UP) != NULL, e->follow_up);
}

START_TEST(a_call_by_hand_ends_as_the_person_does)
{
        const struct ending *e = &manual[_i - FIRST];
        vio_contact_id ada = given_contact(acme, "Ada", e->person, MONDAY);

        ck_assert_int_eq(when_called_now(acme, ada), e->result);
        when_time_passes(&town, 1 * HOURS);
        ends_as(e, ada);
}
END_TEST

START_TEST(whoever_asks_never_to_be_called_is_not)
{
        vio_contact_id ada = given_contact(acme, "Ada", 9, MONDAY);

        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_time_passes(&town, 1 * HOURS);
        ck_assert(contact_now(acme, ada).opted_out);
        then_nothing_is_planned(acme, ada);
        then_refused_for(acme, when_called_now(acme, ada), VIO_REASON_OPTED_OUT);
        when_time_passes(&town, 4 * DAYS);
        then_rings_are(acme, phone_of(9), 1);
}
END_TEST

/* What the planned calls lead to until the appointment, with nobody lifting a hand. Whoever misses
 * is called at 10:00, 11:30 and 13:00 on Sunday, and from 08:00 on Monday. */
static const struct ending planned[] = {
    {1, 0, VIO_OUTCOME_CONFIRMED, VIO_APPOINTMENT_CONFIRMED, 1, 1, false},
    {2, 0, VIO_OUTCOME_CANCELLED, VIO_APPOINTMENT_CANCELLED, 1, 1, false},
    {3, 0, VIO_OUTCOME_RESCHEDULED, VIO_APPOINTMENT_RESCHEDULED, 1, 1, false},
    {4, 0, VIO_OUTCOME_VOICEMAIL, VIO_APPOINTMENT_PENDING, 5, 5, false},
    {5, 0, VIO_OUTCOME_NO_ANSWER, VIO_APPOINTMENT_PENDING, 5, 5, false},
    {6, 0, VIO_OUTCOME_BUSY, VIO_APPOINTMENT_PENDING, 5, 5, false},
    {7, 0, VIO_OUTCOME_FAILED, VIO_APPOINTMENT_PENDING, 5, 5, false},
    {8, 0, VIO_OUTCOME_ANSWERED, VIO_APPOINTMENT_PENDING, 1, 1, false},
    {9, 0, VIO_OUTCOME_ANSWERED, VIO_APPOINTMENT_PENDING, 1, 1, false},
    {10, 0, VIO_OUTCOME_CONFIRMED, VIO_APPOINTMENT_CONFIRMED, 1, 1, false},
    {11, 0, VIO_OUTCOME_CONFIRMED, VIO_APPOINTMENT_CONFIRMED, 1, 1, false},
    {12, 0, VIO_OUTCOME_CONFIRMED, VIO_APPOINTMENT_CONFIRMED, 1, 1, false},
    {13, 0, VIO_OUTCOME_ANSWERED, VIO_APPOINTMENT_PENDING, 1, 1, false},
    {14, 0, VIO_OUTCOME_CONFIRMED, VIO_APPOINTMENT_CONFIRMED, 1, 1, false},
    {15, 0, VIO_OUTCOME_CONFIRMED, VIO_APPOINTMENT_CONFIRMED, 1, 1, false},
};

START_TEST(a_reminder_ends_as_the_person_does)
{
        const struct ending *e = &planned[_i - FIRST];
        vio_contact_id ada = given_contact(acme, "Ada", e->person, MONDAY);

        when_it_is(&town, "2026-11-22T14:59:59Z");
        then_rings_are(acme, phone_of(e->person), 0);
        when_it_is(&town, "2026-11-23T16:00:00Z");
        ends_as(e, ada);
        then_nothing_is_planned(acme, ada);
}
END_TEST

START_TEST(all_fifteen_at_once_end_as_each_alone)
{
        vio_contact_id who[LAST];

        for (int i = 0; i < LAST; i++)
                who[i] = given_contact(acme, "Somebody", planned[i].person, MONDAY);
        when_it_is(&town, "2026-11-23T16:00:00Z");
        for (int i = 0; i < LAST; i++)
                ends_as(&planned[i], who[i]);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("people");
        TCase *each = tcase_create("each person");
        tcase_add_checked_fixture(each, open_town, close_town);
        tcase_add_loop_test(each, a_call_by_hand_ends_as_the_person_does, FIRST, LAST + 1);
        tcase_add_loop_test(each, a_reminder_ends_as_the_person_does, FIRST, LAST + 1);
        tcase_set_timeout(each, 60);
        suite_add_tcase(s, each);
        add_fixture_case(s, whoever_asks_never_to_be_called_is_not, open_town, close_town);
        add_fixture_case(s, all_fifteen_at_once_end_as_each_alone, open_town, close_town);
        return s;
}
