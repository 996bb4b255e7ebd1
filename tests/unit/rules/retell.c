/* retell.c - tests: what a call object of Retell's proves. */
#include <vio/retell.h>

#include <string.h>

#include <vio/json.h>

#include "data.h"
#include "loop.h"
#include "run.h"

#define HELLO "Agent: Hello.\nUser: Hello.\n"
#define ALONE "Agent: Hello, is anybody there?\nAgent: I heard no User: line.\n"

#define D VIO_RETELL_DECIDES
#define N (VIO_RETELL_DECIDES | VIO_RETELL_RANG_NOBODY)
#define R VIO_RETELL_RETRYABLE
#define E (VIO_RETELL_ERROR | VIO_RETELL_RETRYABLE)
#define P (N | VIO_RETELL_STOP_DIALLING)

/* Each reason with its call_status, and what a call_ended with it and a talking contact proves. */
static const struct {
        const char *reason, *call_status;
        enum vio_outcome outcome;
        enum vio_call_status status;
        unsigned flags;
} rows[] = {
    {"user_hangup", "ended", VIO_OUTCOME_ANSWERED, VIO_CALL_COMPLETED, 0},
    {"agent_hangup", "ended", VIO_OUTCOME_ANSWERED, VIO_CALL_COMPLETED, 0},
    {"call_transfer", "ended", VIO_OUTCOME_ANSWERED, VIO_CALL_COMPLETED, 0},
    {"voicemail_reached", "ended", VIO_OUTCOME_VOICEMAIL, VIO_CALL_COMPLETED, D},
    {"ivr_reached", "ended", VIO_OUTCOME_VOICEMAIL, VIO_CALL_COMPLETED, D},
    {"inactivity", "ended", VIO_OUTCOME_ANSWERED, VIO_CALL_COMPLETED, VIO_RETELL_NEEDS_SPEECH},
    {"max_duration_reached", "ended", VIO_OUTCOME_ANSWERED, VIO_CALL_COMPLETED, 0},
    {"no_concurrency_fallback", "ended", VIO_OUTCOME_FAILED, VIO_CALL_FAILED, D},
    {"transfer_bridged", "ended", VIO_OUTCOME_ANSWERED, VIO_CALL_COMPLETED, 0},
    {"transfer_cancelled", "ended", VIO_OUTCOME_ANSWERED, VIO_CALL_COMPLETED, 0},
    {"call_take_over", "ended", VIO_OUTCOME_ANSWERED, VIO_CALL_COMPLETED, 0},
    {"manual_stopped", "ended", VIO_OUTCOME_ANSWERED, VIO_CALL_COMPLETED, 0},
    {"dial_busy", "not_connected", VIO_OUTCOME_BUSY, VIO_CALL_FAILED, D},
    {"dial_no_answer", "not_connected", VIO_OUTCOME_NO_ANSWER, VIO_CALL_FAILED, D},
    {"user_declined", "not_connected", VIO_OUTCOME_BUSY, VIO_CALL_FAILED, D},
    {"dial_failed", "not_connected", VIO_OUTCOME_FAILED, VIO_CALL_FAILED, N | R},
    {"invalid_destination", "not_connected", VIO_OUTCOME_FAILED, VIO_CALL_FAILED,
     N | VIO_RETELL_NUMBER_BAD},
    {"telephony_provider_permission_denied", "not_connected", VIO_OUTCOME_FAILED, VIO_CALL_FAILED,
     N},
    {"telephony_provider_unavailable", "not_connected", VIO_OUTCOME_FAILED, VIO_CALL_FAILED, N | R},
    {"sip_routing_error", "not_connected", VIO_OUTCOME_FAILED, VIO_CALL_FAILED, N},
    {"marked_as_spam", "not_connected", VIO_OUTCOME_FAILED, VIO_CALL_FAILED, N},
    {"concurrency_limit_reached", "error", VIO_OUTCOME_FAILED, VIO_CALL_FAILED, N | R},
    {"no_valid_payment", "error", VIO_OUTCOME_FAILED, VIO_CALL_FAILED, P},
    {"scam_detected", "error", VIO_OUTCOME_FAILED, VIO_CALL_FAILED, P},
    {"error_llm_websocket_open", "error", VIO_OUTCOME_FAILED, VIO_CALL_COMPLETED, E},
    {"error_llm_websocket_lost_connection", "error", VIO_OUTCOME_FAILED, VIO_CALL_COMPLETED, E},
    {"error_llm_websocket_runtime", "error", VIO_OUTCOME_FAILED, VIO_CALL_COMPLETED, E},
    {"error_llm_websocket_corrupt_payload", "error", VIO_OUTCOME_FAILED, VIO_CALL_COMPLETED, E},
    {"error_no_audio_received", "error", VIO_OUTCOME_FAILED, VIO_CALL_COMPLETED, E},
    {"error_asr", "error", VIO_OUTCOME_FAILED, VIO_CALL_COMPLETED, E},
    {"error_retell", "error", VIO_OUTCOME_FAILED, VIO_CALL_COMPLETED, E},
    {"error_unknown", "error", VIO_OUTCOME_FAILED, VIO_CALL_COMPLETED, E},
    {"error_user_not_joined", "error", VIO_OUTCOME_FAILED, VIO_CALL_FAILED, N},
    {"registered_call_timeout", "error", VIO_OUTCOME_FAILED, VIO_CALL_FAILED, N | R},
    {"user_requested_dnc", "ended", VIO_OUTCOME_ANSWERED, VIO_CALL_COMPLETED, VIO_RETELL_OPTS_OUT},
    {"user_requested_callback", "ended", VIO_OUTCOME_ANSWERED, VIO_CALL_COMPLETED, 0},
    {"network_blocked", "not_connected", VIO_OUTCOME_FAILED, VIO_CALL_FAILED, N},
    {"credit_exhausted", "error", VIO_OUTCOME_FAILED, VIO_CALL_FAILED, P},
    {"budget_reached", "error", VIO_OUTCOME_FAILED, VIO_CALL_FAILED, P},
};

static struct vio_retell_call ended(const char *reason, const char *status, const char *transcript)
{
        struct vio_retell_call c = VIO_RETELL_CALL_INIT;
        c.event = VIO_RETELL_CALL_ENDED;
        c.disconnection_reason = reason;
        c.call_status = status;
        c.transcript = transcript;
        c.start_ms = transcript ? 1000 : -1;
        c.end_ms = 9000;
        return c;
}

static struct vio_evidence prove(struct vio_retell_call c)
{
        struct vio_evidence e = VIO_EVIDENCE_INIT;
        vio_retell_evidence(&c, &e);
        return e;
}

static bool has(struct vio_evidence e, unsigned flag)
{
        return e.flags & flag;
}

START_TEST(each_reason_has_its_row)
{
        const struct vio_retell_reason *r = vio_retell_reason_find(rows[_i].reason);
        ck_assert_ptr_nonnull(r);
        ck_assert_str_eq(r->name, rows[_i].reason);
        ck_assert_int_eq(r->outcome, rows[_i].outcome);
        ck_assert_uint_eq(r->flags, rows[_i].flags);
        ck_assert_uint_gt(strlen(r->meaning), 10);
}
END_TEST

START_TEST(each_reason_proves_its_outcome)
{
        struct vio_evidence e = prove(ended(rows[_i].reason, rows[_i].call_status, HELLO));
        ck_assert_int_eq(e.outcome, rows[_i].outcome);
        ck_assert_int_eq(e.status, rows[_i].status);
        ck_assert(has(e, VIO_EVIDENCE_OVER));
        ck_assert_int_eq(has(e, VIO_EVIDENCE_DECIDED), (rows[_i].flags & D) != 0);
        ck_assert_int_eq(has(e, VIO_EVIDENCE_OPT_OUT), (rows[_i].flags & VIO_RETELL_OPTS_OUT) != 0);
        ck_assert_int_eq(vio_evidence_is_final(&e, 9000), (rows[_i].flags & D) != 0);
        ck_assert_str_eq(e.disconnection_reason, rows[_i].reason);
}
END_TEST

START_TEST(a_wish_counts_only_where_the_reason_leaves_it_open)
{
        struct vio_retell_call c = ended(rows[_i].reason, rows[_i].call_status, HELLO);
        c.event = VIO_RETELL_CALL_ANALYZED;
        c.has_analysis = c.confirmed = true;
        ck_assert_int_eq(prove(c).outcome,
                         rows[_i].flags & D ? rows[_i].outcome : VIO_OUTCOME_CONFIRMED);
}
END_TEST

START_TEST(after_an_error_a_wish_needs_a_line_of_the_contact)
{
        struct vio_retell_call c = ended(rows[_i].reason, rows[_i].call_status, ALONE);
        c.event = VIO_RETELL_CALL_ANALYZED;
        c.has_analysis = c.cancelled = true;
        enum vio_outcome stays =
            rows[_i].flags & (D | VIO_RETELL_ERROR) ? rows[_i].outcome : VIO_OUTCOME_CANCELLED;
        ck_assert_int_eq(prove(c).outcome, stays);
}
END_TEST

START_TEST(the_table_is_walked_from_end_to_end)
{
        size_t n = 0;
        for (const struct vio_retell_reason *r = NULL; (r = vio_retell_reason_next(r));) {
                ck_assert_ptr_eq(vio_retell_reason_find(r->name), r);
                n++;
        }
        ck_assert_uint_eq(n, sizeof rows / sizeof rows[0]);
        ck_assert_uint_eq(n, 34 + 5);
        ck_assert_ptr_null(vio_retell_reason_find("Dial_Busy"));
        ck_assert_ptr_null(vio_retell_reason_find(NULL));
}
END_TEST

START_TEST(a_call_that_is_not_over_has_no_outcome)
{
        struct vio_retell_call c = VIO_RETELL_CALL_INIT;
        c.call_status = "registered";
        ck_assert_int_eq(prove(c).outcome, VIO_OUTCOME_NONE);
        ck_assert_int_eq(prove(c).status, VIO_CALL_QUEUED);
        ck_assert_uint_eq(prove(c).flags, VIO_EVIDENCE_POLL_SEEN);
        c.call_status = "ongoing";
        ck_assert_int_eq(prove(c).status, VIO_CALL_ONGOING);
        c.call_status = NULL;
        c.event = VIO_RETELL_CALL_STARTED;
        ck_assert_int_eq(prove(c).status, VIO_CALL_ONGOING);
        ck_assert_uint_eq(prove(c).flags, VIO_EVIDENCE_WEBHOOK_SEEN);
        c.event = VIO_RETELL_OTHER;
        c.transcript = HELLO;
        ck_assert_int_eq(prove(c).status, VIO_CALL_ONGOING);
        ck_assert_int_eq(prove(c).outcome, VIO_OUTCOME_NONE);
}
END_TEST

START_TEST(the_event_says_that_it_is_over_even_under_a_stale_status)
{
        struct vio_evidence e = prove(ended(NULL, "registered", HELLO));
        ck_assert(has(e, VIO_EVIDENCE_OVER));
        ck_assert_int_eq(e.outcome, VIO_OUTCOME_ANSWERED);
        ck_assert_int_eq(e.status, VIO_CALL_COMPLETED);
}
END_TEST

START_TEST(any_one_sign_of_the_end_is_enough_in_a_poll)
{
        struct vio_retell_call c = VIO_RETELL_CALL_INIT;
        c.call_status = "ended";
        ck_assert(has(prove(c), VIO_EVIDENCE_OVER));
        c.call_status = "completed";
        ck_assert(has(prove(c), VIO_EVIDENCE_OVER));
        c.call_status = "error";
        ck_assert(has(prove(c), VIO_EVIDENCE_OVER));
        ck_assert_int_eq(prove(c).outcome, VIO_OUTCOME_FAILED);
        ck_assert_int_eq(prove(c).status, VIO_CALL_FAILED);
        c.call_status = "not_connected";
        ck_assert(has(prove(c), VIO_EVIDENCE_OVER));
        c.call_status = NULL;
        c.end_ms = 0;
        ck_assert(has(prove(c), VIO_EVIDENCE_OVER));
        c.end_ms = -1;
        c.disconnection_reason = "";
        ck_assert(!has(prove(c), VIO_EVIDENCE_OVER));
}
END_TEST

START_TEST(not_connected_means_failed_whatever_else_is_said)
{
        static const char *const reasons[] = {NULL, "", "user_hangup", "voicemail_reached",
                                              "reason_of_next_year"};
        struct vio_evidence e = prove(ended(reasons[_i], "not_connected", NULL));
        ck_assert_int_eq(e.outcome, VIO_OUTCOME_FAILED);
        ck_assert_int_eq(e.status, VIO_CALL_FAILED);
        ck_assert(has(e, VIO_EVIDENCE_DECIDED));
}
END_TEST

START_TEST(a_machine_beats_what_the_analysis_believes_to_have_heard)
{
        struct vio_retell_call c = ended("agent_hangup", "ended", HELLO);
        c.event = VIO_RETELL_CALL_ANALYZED;
        c.has_analysis = c.in_voicemail = c.confirmed = true;
        ck_assert_int_eq(prove(c).outcome, VIO_OUTCOME_VOICEMAIL);
        ck_assert(!has(prove(c), VIO_EVIDENCE_DECIDED));
        ck_assert(has(prove(c), VIO_EVIDENCE_ANALYSED));
}
END_TEST

START_TEST(of_several_wishes_the_strongest_counts_and_people_are_told)
{
        struct vio_retell_call c = ended("user_hangup", "ended", HELLO);
        c.confirmed = true;
        ck_assert_int_eq(prove(c).outcome, VIO_OUTCOME_CONFIRMED);
        ck_assert(!has(prove(c), VIO_EVIDENCE_AMBIGUOUS));
        c.cancelled = true;
        ck_assert_int_eq(prove(c).outcome, VIO_OUTCOME_CANCELLED);
        ck_assert(has(prove(c), VIO_EVIDENCE_AMBIGUOUS));
        c.rescheduled = true;
        ck_assert_int_eq(prove(c).outcome, VIO_OUTCOME_RESCHEDULED);
}
END_TEST

START_TEST(silence_proves_nobody)
{
        ck_assert_int_eq(prove(ended("inactivity", "ended", ALONE)).outcome, VIO_OUTCOME_UNKNOWN);
        ck_assert_int_eq(prove(ended("inactivity", "ended", NULL)).outcome, VIO_OUTCOME_UNKNOWN);
        ck_assert_int_eq(prove(ended("user_hangup", "ended", ALONE)).outcome, VIO_OUTCOME_ANSWERED);
}
END_TEST

START_TEST(stopped_by_hand_before_it_connected_is_failed)
{
        struct vio_evidence e = prove(ended("manual_stopped", "ended", NULL));
        ck_assert_int_eq(e.outcome, VIO_OUTCOME_FAILED);
        ck_assert_int_eq(e.status, VIO_CALL_FAILED);
}
END_TEST

START_TEST(a_reason_that_we_do_not_know_is_judged_by_the_conversation)
{
        ck_assert_int_eq(prove(ended("reason_of_next_year", "ended", HELLO)).outcome,
                         VIO_OUTCOME_ANSWERED);
        ck_assert_int_eq(prove(ended("reason_of_next_year", "ended", ALONE)).outcome,
                         VIO_OUTCOME_UNKNOWN);
        ck_assert_int_eq(prove(ended(NULL, "ended", NULL)).outcome, VIO_OUTCOME_UNKNOWN);
        ck_assert_int_eq(prove(ended("error_of_next_year", "ended", HELLO)).outcome,
                         VIO_OUTCOME_FAILED);
        ck_assert_int_eq(prove(ended("reason_of_next_year", "error", HELLO)).outcome,
                         VIO_OUTCOME_FAILED);
        struct vio_retell_call c = ended("reason_of_next_year", "ended", HELLO);
        c.confirmed = true;
        ck_assert_int_eq(prove(c).outcome, VIO_OUTCOME_CONFIRMED);
}
END_TEST

START_TEST(a_caller_older_than_the_library_is_read_as_far_as_it_goes)
{
        struct vio_retell_call c = ended("user_hangup", "ended", HELLO);
        c.rescheduled = true;
        c.size = offsetof(struct vio_retell_call, has_analysis);
        ck_assert_int_eq(prove(c).outcome, VIO_OUTCOME_ANSWERED);
}
END_TEST

START_TEST(events_are_known_by_their_names)
{
        for (int e = VIO_RETELL_CALL_STARTED; e <= VIO_RETELL_OTHER; e++) {
                const char *name = vio_retell_event_name((enum vio_retell_event)e);
                ck_assert_int_eq(vio_retell_event_parse(name), e);
        }
        ck_assert_int_eq(vio_retell_event_parse("transcript_updated"), VIO_RETELL_OTHER);
        ck_assert_int_eq(vio_retell_event_parse("poll"), VIO_RETELL_OTHER);
        ck_assert_int_eq(vio_retell_event_parse(NULL), VIO_RETELL_OTHER);
        ck_assert_ptr_null(vio_retell_event_name((enum vio_retell_event)5));
}
END_TEST

static int64_t number(const vio_json *j, const char *key)
{
        int64_t n = -1;
        vio_json_int(vio_json_get(j, key), &n);
        return n;
}

static bool truth(const vio_json *j, const char *key)
{
        bool b = false;
        vio_json_bool(vio_json_get(j, key), &b);
        return b;
}

/* What a whole body proves; the texts belong to @ret_root. */
static struct vio_evidence prove_body(const char *file, vio_json **ret_root)
{
        struct body b;
        read_body(file, &b);
        ck_assert_int_eq(vio_json_parse(b.bytes, b.len, ret_root), 0);
        const vio_json *call = vio_json_get(*ret_root, "call");
        const vio_json *analysis = vio_json_get(call, "call_analysis");
        const vio_json *custom = vio_json_get(analysis, "custom_analysis_data");
        struct vio_retell_call c = VIO_RETELL_CALL_INIT;
        c.event = vio_retell_event_parse(vio_json_text(vio_json_get(*ret_root, "event")));
        c.call_status = vio_json_text(vio_json_get(call, "call_status"));
        c.disconnection_reason = vio_json_text(vio_json_get(call, "disconnection_reason"));
        c.transcript = vio_json_text(vio_json_get(call, "transcript"));
        c.recording_url = vio_json_text(vio_json_get(call, "recording_url"));
        c.start_ms = number(call, "start_timestamp");
        c.end_ms = number(call, "end_timestamp");
        c.duration_ms = number(call, "duration_ms");
        c.has_analysis = analysis != NULL;
        c.in_voicemail = truth(analysis, "in_voicemail");
        c.confirmed = truth(custom, "appointment_confirmed");
        c.cancelled = truth(custom, "appointment_cancelled");
        c.rescheduled = truth(custom, "appointment_rescheduled");
        return prove(c);
}

START_TEST(a_whole_call_goes_from_started_to_confirmed)
{
        vio_json *first, *second, *third;
        struct vio_evidence a = prove_body("started.json", &first);
        struct vio_evidence b = prove_body("ended.json", &second);
        struct vio_evidence c = prove_body("analyzed.json", &third);
        ck_assert_int_eq(a.status, VIO_CALL_ONGOING);
        ck_assert_int_eq(a.started_at, INT64_C(1763800012345));
        ck_assert(!has(a, VIO_EVIDENCE_OVER));
        ck_assert_int_eq(b.status, VIO_CALL_COMPLETED);
        ck_assert_int_eq(b.outcome, VIO_OUTCOME_ANSWERED);
        ck_assert_int_eq(b.duration_ms, 18250);
        ck_assert_int_eq(b.ended_at, INT64_C(1763800030595));
        ck_assert(!vio_evidence_is_final(&b, b.ended_at));
        ck_assert_int_eq(c.outcome, VIO_OUTCOME_CONFIRMED);
        vio_evidence_join(&c, &a, &c);
        vio_evidence_join(&c, &b, &c);
        ck_assert_int_eq(c.outcome, VIO_OUTCOME_CONFIRMED);
        ck_assert_int_eq(c.status, VIO_CALL_COMPLETED);
        ck_assert(vio_evidence_is_final(&c, c.ended_at));
        vio_json_free(first);
        vio_json_free(second);
        vio_json_free(third);
}
END_TEST

START_TEST(a_call_that_rang_out_is_final_at_once)
{
        vio_json *root;
        struct vio_evidence e = prove_body("unanswered.json", &root);
        ck_assert_int_eq(e.outcome, VIO_OUTCOME_NO_ANSWER);
        ck_assert_int_eq(e.status, VIO_CALL_FAILED);
        ck_assert_int_eq(e.started_at, VIO_TIME_NONE);
        ck_assert(vio_evidence_is_final(&e, 0));
        vio_json_free(root);
}
END_TEST

Suite *suite(void)
{
        static const int five[5];
        Suite *s = suite_create("retell");
        add_loop_case(s, each_reason_has_its_row, rows);
        add_loop_case(s, each_reason_proves_its_outcome, rows);
        add_loop_case(s, a_wish_counts_only_where_the_reason_leaves_it_open, rows);
        add_loop_case(s, after_an_error_a_wish_needs_a_line_of_the_contact, rows);
        add_case(s, the_table_is_walked_from_end_to_end);
        add_case(s, a_call_that_is_not_over_has_no_outcome);
        add_case(s, the_event_says_that_it_is_over_even_under_a_stale_status);
        add_case(s, any_one_sign_of_the_end_is_enough_in_a_poll);
        add_loop_case(s, not_connected_means_failed_whatever_else_is_said, five);
        add_case(s, a_machine_beats_what_the_analysis_believes_to_have_heard);
        add_case(s, of_several_wishes_the_strongest_counts_and_people_are_told);
        add_case(s, silence_proves_nobody);
        add_case(s, stopped_by_hand_before_it_connected_is_failed);
        add_case(s, a_reason_that_we_do_not_know_is_judged_by_the_conversation);
        add_case(s, a_caller_older_than_the_library_is_read_as_far_as_it_goes);
        add_case(s, events_are_known_by_their_names);
        add_case(s, a_whole_call_goes_from_started_to_confirmed);
        add_case(s, a_call_that_rang_out_is_final_at_once);
        return s;
}
