/* display.c - tests: what a contact's state is called, and who needs attention. */
#include "rules/display.h"

#include <string.h>

#include "base/attr.h"
#include "run.h"

#define NOW   INT64_C(1767268800000) /* 2026-01-01T12:00:00Z */
#define HOURS INT64_C(3600000)

START_TEST(a_decided_appointment_shows_its_status_whatever_the_calls_say)
{
        static const char *const names[] = {"pending", "confirmed", "cancelled", "rescheduled"};
        for (int s = VIO_APPOINTMENT_CONFIRMED; s <= (int)VIO_APPOINTMENT_RESCHEDULED; s++)
                for (int o = VIO_OUTCOME_NONE; o <= (int)VIO_OUTCOME_RESCHEDULED; o++)
                        ck_assert_str_eq(vio_display_status_name(vio_display_status(
                                             (enum vio_appointment_status)s, (enum vio_outcome)o)),
                                         names[s]);
}
END_TEST

START_TEST(a_pending_one_shows_how_the_last_call_was_missed)
{
        static const struct {
                enum vio_outcome outcome;
                const char *name;
        } rows[] = {
            {VIO_OUTCOME_NONE, "pending"},        {VIO_OUTCOME_UNKNOWN, "pending"},
            {VIO_OUTCOME_FAILED, "failed"},       {VIO_OUTCOME_ANSWERED, "pending"},
            {VIO_OUTCOME_BUSY, "busy"},           {VIO_OUTCOME_NO_ANSWER, "no_answer"},
            {VIO_OUTCOME_VOICEMAIL, "voicemail"}, {VIO_OUTCOME_CONFIRMED, "pending"},
            {VIO_OUTCOME_CANCELLED, "pending"},   {VIO_OUTCOME_RESCHEDULED, "pending"},
        };
        for (size_t i = 0; i < count_of(rows); i++)
                ck_assert_str_eq(vio_display_status_name(
                                     vio_display_status(VIO_APPOINTMENT_PENDING, rows[i].outcome)),
                                 rows[i].name);
}
END_TEST

START_TEST(what_is_no_status_and_no_attention_has_no_name)
{
        ck_assert_ptr_null(vio_display_status_name((enum vio_display_status)8));
        ck_assert_ptr_null(vio_attention_name(VIO_ATTENTION_NONE));
        ck_assert_ptr_null(vio_attention_name((enum vio_attention)6));
        ck_assert_str_eq(vio_attention_name(VIO_ATTENTION_REVIEW), "review");
}
END_TEST

/* Pending, ahead, with a phone: nobody needs to look. */
static struct attention_facts calm(void)
{
        return (struct attention_facts){.appointment_time = NOW + 24 * HOURS, .has_phone = true};
}

static void needs(struct attention_facts f, const char *name)
{
        ck_assert_pstr_eq(vio_attention_name(attention_of(&f, NOW)), name);
}

START_TEST(each_cause_is_named)
{
        struct attention_facts f = calm();
        needs(f, NULL);
        f.has_phone = false;
        needs(f, "no_phone");
        f = calm();
        f.appointment_status = VIO_APPOINTMENT_RESCHEDULED;
        needs(f, "wants_reschedule");
        f = calm();
        f.last_call_outcome = VIO_OUTCOME_FAILED;
        needs(f, "failed");
        f.has_open_task = true;
        needs(f, NULL);
        f = calm();
        f.opted_out = true;
        needs(f, "opted_out");
        f = calm();
        f.has_note = true;
        needs(f, "review");
        f.appointment_status = VIO_APPOINTMENT_CONFIRMED;
        needs(f, "review");
}
END_TEST

START_TEST(whoever_has_decided_needs_no_phone_and_no_call)
{
        struct attention_facts f = calm();
        f.has_phone = false;
        f.opted_out = true;
        f.last_call_outcome = VIO_OUTCOME_FAILED;
        f.appointment_status = VIO_APPOINTMENT_CONFIRMED;
        needs(f, NULL);
        f.appointment_status = VIO_APPOINTMENT_CANCELLED;
        needs(f, NULL);
}
END_TEST

/* Every combination of the facts, of an appointment whose moment has just come. */
START_TEST(nothing_that_is_past_needs_attention)
{
        for (unsigned bits = 0; bits < 16; bits++) {
                for (int i = 0; i < 40; i++) {
                        struct attention_facts f = {
                            .appointment_status = (enum vio_appointment_status)(i % 4),
                            .last_call_outcome = (enum vio_outcome)(i / 4),
                            .appointment_time = NOW,
                            .has_phone = bits & 1,
                            .opted_out = bits & 2,
                            .has_open_task = bits & 4,
                            .has_note = bits & 8,
                        };
                        needs(f, NULL);
                        f.appointment_time = VIO_TIME_NONE;
                        f.appointment_date = "2025-12-31";
                        needs(f, NULL);
                }
        }
}
END_TEST

START_TEST(a_date_alone_is_past_when_it_is_so_everywhere)
{
        struct attention_facts f = {.appointment_time = VIO_TIME_NONE};
        needs(f, "no_phone");
        f.appointment_date = "2026-01-01";
        needs(f, "no_phone");
        /* At UTC-12 it is still the day before until noon UTC. */
        f.appointment_date = "2025-12-31";
        needs(f, NULL);
        ck_assert_int_eq(attention_of(&f, NOW - 1), VIO_ATTENTION_NO_PHONE);
}
END_TEST

START_TEST(who_opted_out_of_no_appointment_is_left_alone)
{
        struct attention_facts f = {
            .appointment_time = VIO_TIME_NONE, .has_phone = true, .opted_out = true};
        needs(f, NULL);
        f.appointment_date = "2026-01-02";
        needs(f, "opted_out");
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("display");
        add_case(s, a_decided_appointment_shows_its_status_whatever_the_calls_say);
        add_case(s, a_pending_one_shows_how_the_last_call_was_missed);
        add_case(s, what_is_no_status_and_no_attention_has_no_name);
        add_case(s, each_cause_is_named);
        add_case(s, whoever_has_decided_needs_no_phone_and_no_call);
        add_case(s, nothing_that_is_past_needs_attention);
        add_case(s, a_date_alone_is_past_when_it_is_so_everywhere);
        add_case(s, who_opted_out_of_no_appointment_is_left_alone);
        return s;
}
