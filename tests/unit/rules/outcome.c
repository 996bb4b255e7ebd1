/* outcome.c - tests: the strength of outcomes, and when evidence is final. */
#include <vio/outcome.h>

#include "loop.h"
#include "run.h"

static const char *const names[] = {NULL,        "unknown",    "failed",    "answered",
                                    "busy",      "no_answer",  "voicemail", "confirmed",
                                    "cancelled", "rescheduled"};

START_TEST(every_outcome_has_its_name_and_is_read_back)
{
        enum vio_outcome o = VIO_OUTCOME_FAILED;
        const char *name = vio_outcome_name((enum vio_outcome)_i);
        ck_assert_pstr_eq(name, names[_i]);
        ck_assert_int_eq(vio_outcome_parse(name, &o), 0);
        ck_assert_int_eq(o, _i);
}
END_TEST

START_TEST(every_status_has_its_name_and_is_read_back)
{
        static const char *const calls[] = {"queued", "ongoing", "failed", "completed"};
        static const char *const appointments[] = {"pending", "confirmed", "cancelled",
                                                   "rescheduled"};
        enum vio_call_status c;
        enum vio_appointment_status a;
        ck_assert_str_eq(vio_call_status_name((enum vio_call_status)_i), calls[_i]);
        ck_assert_int_eq(vio_call_status_parse(calls[_i], &c), 0);
        ck_assert_int_eq(c, _i);
        ck_assert_str_eq(vio_appointment_status_name((enum vio_appointment_status)_i),
                         appointments[_i]);
        ck_assert_int_eq(vio_appointment_status_parse(appointments[_i], &a), 0);
        ck_assert_int_eq(a, _i);
}
END_TEST

START_TEST(other_words_are_refused_and_leave_the_result_alone)
{
        enum vio_outcome o = VIO_OUTCOME_BUSY;
        enum vio_call_status c = VIO_CALL_ONGOING;
        enum vio_appointment_status a = VIO_APPOINTMENT_CANCELLED;
        ck_assert_int_eq(vio_outcome_parse("Busy", &o), VIO_E_INVALID);
        ck_assert_int_eq(vio_outcome_parse("", &o), VIO_E_INVALID);
        ck_assert_int_eq(vio_outcome_parse("none", &o), VIO_E_INVALID);
        ck_assert_int_eq(vio_call_status_parse("ended", &c), VIO_E_INVALID);
        ck_assert_int_eq(vio_call_status_parse(NULL, &c), VIO_E_INVALID);
        ck_assert_int_eq(vio_appointment_status_parse(NULL, &a), VIO_E_INVALID);
        ck_assert_int_eq(o, VIO_OUTCOME_BUSY);
        ck_assert_int_eq(c, VIO_CALL_ONGOING);
        ck_assert_int_eq(a, VIO_APPOINTMENT_CANCELLED);
        ck_assert_ptr_null(vio_outcome_name((enum vio_outcome)10));
        ck_assert_ptr_null(vio_call_status_name((enum vio_call_status)4));
        ck_assert_ptr_null(vio_appointment_status_name((enum vio_appointment_status) - 1));
}
END_TEST

static struct vio_evidence evidence(enum vio_outcome o, unsigned flags)
{
        struct vio_evidence e = VIO_EVIDENCE_INIT;
        e.outcome = o;
        e.flags = flags;
        return e;
}

START_TEST(a_voicemail_beats_a_no_answer_whichever_comes_first)
{
        struct vio_evidence a = evidence(VIO_OUTCOME_VOICEMAIL, 0);
        struct vio_evidence b = evidence(VIO_OUTCOME_NO_ANSWER, 0), r;
        vio_evidence_join(&a, &b, &r);
        ck_assert_int_eq(r.outcome, VIO_OUTCOME_VOICEMAIL);
        vio_evidence_join(&b, &a, &r);
        ck_assert_int_eq(r.outcome, VIO_OUTCOME_VOICEMAIL);
}
END_TEST

START_TEST(a_weaker_outcome_still_brings_what_it_knows)
{
        struct vio_evidence a = evidence(VIO_OUTCOME_CONFIRMED, VIO_EVIDENCE_WEBHOOK_SEEN);
        struct vio_evidence b = evidence(VIO_OUTCOME_ANSWERED, VIO_EVIDENCE_POLL_SEEN);
        a.status = VIO_CALL_ONGOING;
        a.started_at = 2000;
        b.status = VIO_CALL_COMPLETED;
        b.started_at = 1000;
        b.ended_at = 9000;
        b.duration_ms = 8000;
        b.transcript = "User: yes";
        b.recording_url = "https://example.invalid/1.wav";
        b.disconnection_reason = "user_hangup";
        vio_evidence_join(&a, &b, &a);
        ck_assert_int_eq(a.outcome, VIO_OUTCOME_CONFIRMED);
        ck_assert_int_eq(a.status, VIO_CALL_COMPLETED);
        ck_assert_uint_eq(a.flags, VIO_EVIDENCE_WEBHOOK_SEEN | VIO_EVIDENCE_POLL_SEEN);
        ck_assert_int_eq(a.started_at, 1000);
        ck_assert_int_eq(a.ended_at, 9000);
        ck_assert_int_eq(a.duration_ms, 8000);
        ck_assert_str_eq(a.transcript, "User: yes");
        ck_assert_str_eq(a.recording_url, "https://example.invalid/1.wav");
        ck_assert_str_eq(a.disconnection_reason, "user_hangup");
}
END_TEST

START_TEST(of_two_known_values_the_documented_one_wins)
{
        struct vio_evidence a = VIO_EVIDENCE_INIT, b = VIO_EVIDENCE_INIT, r;
        a.started_at = 1, b.started_at = 2;
        a.ended_at = 1, b.ended_at = 2;
        a.duration_ms = 1, b.duration_ms = 2;
        a.transcript = "zz", b.transcript = "aaa";
        a.recording_url = "ab", b.recording_url = "ac";
        a.disconnection_reason = "user_hangup", b.disconnection_reason = "agent_hangup_long";
        for (int turn = 0; turn < 2; turn++) {
                vio_evidence_join(turn ? &a : &b, turn ? &b : &a, &r);
                ck_assert_int_eq(r.started_at, 1);
                ck_assert_int_eq(r.ended_at, 2);
                ck_assert_int_eq(r.duration_ms, 2);
                ck_assert_str_eq(r.transcript, "aaa");
                ck_assert_str_eq(r.recording_url, "ac");
                ck_assert_str_eq(r.disconnection_reason, "user_hangup");
        }
}
END_TEST

START_TEST(a_time_of_zero_is_known_and_an_empty_text_is_not)
{
        struct vio_evidence a = VIO_EVIDENCE_INIT, b = VIO_EVIDENCE_INIT, r;
        a.started_at = 0;
        a.transcript = "";
        ck_assert(!vio_evidence_equal(&a, &b));
        vio_evidence_join(&a, &b, &r);
        ck_assert_int_eq(r.started_at, 0);
        ck_assert_ptr_null(r.transcript);
        b.started_at = 0;
        b.duration_ms = -7;
        ck_assert(vio_evidence_equal(&a, &b));
}
END_TEST

START_TEST(a_call_that_goes_on_is_never_final)
{
        struct vio_evidence e =
            evidence(VIO_OUTCOME_CONFIRMED,
                     VIO_EVIDENCE_ANALYSED | VIO_EVIDENCE_DECIDED | VIO_EVIDENCE_WEBHOOK_SEEN);
        e.ended_at = 0;
        ck_assert(!vio_evidence_is_final(&e, INT64_MAX));
}
END_TEST

START_TEST(analysis_or_a_deciding_reason_end_the_wait_at_once)
{
        struct vio_evidence e = evidence(VIO_OUTCOME_ANSWERED, VIO_EVIDENCE_OVER);
        ck_assert(!vio_evidence_is_final(&e, INT64_MAX));
        e.flags = VIO_EVIDENCE_OVER | VIO_EVIDENCE_ANALYSED;
        ck_assert(vio_evidence_is_final(&e, 0));
        e.flags = VIO_EVIDENCE_OVER | VIO_EVIDENCE_DECIDED;
        ck_assert(vio_evidence_is_final(&e, 0));
}
END_TEST

START_TEST(the_wait_for_an_analysis_ends_after_ten_minutes)
{
        struct vio_evidence e = evidence(VIO_OUTCOME_ANSWERED, VIO_EVIDENCE_OVER);
        e.ended_at = 5000;
        ck_assert(!vio_evidence_is_final(&e, 5000 + 599999));
        ck_assert(vio_evidence_is_final(&e, 5000 + 600000));
        ck_assert(!vio_evidence_is_final(&e, VIO_TIME_NONE));
        e.ended_at = INT64_MAX;
        ck_assert(!vio_evidence_is_final(&e, 5000));
}
END_TEST

START_TEST(missed_calls_want_a_follow_up_and_no_others)
{
        bool missed = _i == VIO_OUTCOME_FAILED || _i == VIO_OUTCOME_BUSY ||
                      _i == VIO_OUTCOME_NO_ANSWER || _i == VIO_OUTCOME_VOICEMAIL;
        ck_assert_int_eq(vio_outcome_wants_follow_up((enum vio_outcome)_i), missed);
}
END_TEST

START_TEST(only_a_decision_changes_the_appointment)
{
        enum vio_appointment_status expected =
            _i < VIO_OUTCOME_CONFIRMED
                ? VIO_APPOINTMENT_PENDING
                : (enum vio_appointment_status)(_i - VIO_OUTCOME_CONFIRMED + 1);
        ck_assert_int_eq(vio_outcome_appointment((enum vio_outcome)_i), expected);
}
END_TEST

Suite *suite(void)
{
        static const int four[4];
        Suite *s = suite_create("outcome");
        add_loop_case(s, every_outcome_has_its_name_and_is_read_back, names);
        add_loop_case(s, every_status_has_its_name_and_is_read_back, four);
        add_case(s, other_words_are_refused_and_leave_the_result_alone);
        add_case(s, a_voicemail_beats_a_no_answer_whichever_comes_first);
        add_case(s, a_weaker_outcome_still_brings_what_it_knows);
        add_case(s, of_two_known_values_the_documented_one_wins);
        add_case(s, a_time_of_zero_is_known_and_an_empty_text_is_not);
        add_case(s, a_call_that_goes_on_is_never_final);
        add_case(s, analysis_or_a_deciding_reason_end_the_wait_at_once);
        add_case(s, the_wait_for_an_analysis_ends_after_ten_minutes);
        add_loop_case(s, missed_calls_want_a_follow_up_and_no_others, names);
        add_loop_case(s, only_a_decision_changes_the_appointment, names);
        return s;
}
