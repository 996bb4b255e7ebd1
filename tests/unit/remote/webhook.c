/* webhook.c - webhooks of both shapes, good and hostile. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "remote/retell.h"
#include "run.h"

static int parse(const char *body, struct retell_webhook *ret)
{
        return retell_webhook_parse(body, strlen(body), ret);
}

/* The body of a sample; the caller frees it. */
static char *sample(const char *name)
{
        char path[512];
        snprintf(path, sizeof(path), "%s/%s.json", TEST_DATA, name);
        FILE *f = fopen(path, "r");
        ck_assert_msg(f != NULL, "%s cannot be read", path);
        char *body = calloc(1, 65536);
        ck_assert_uint_gt(fread(body, 1, 65535, f), 0);
        fclose(f);
        return body;
}

static const struct {
        const char *name;
        enum vio_retell_event event;
        const char *status;
        const char *reason;
        int64_t start_ms;
        int64_t end_ms;
        int64_t duration_ms;
        bool confirmed;
} samples[] = {
    {"call_started", VIO_RETELL_CALL_STARTED, "ongoing", NULL, 1763800012345, -1, -1, false},
    {"call_ended", VIO_RETELL_CALL_ENDED, "ended", "agent_hangup", 1763800012345, 1763800030595,
     18250, false},
    {"call_analyzed", VIO_RETELL_CALL_ANALYZED, "ended", "agent_hangup", 1763800012345,
     1763800030595, 18250, true},
    {"no_answer", VIO_RETELL_CALL_ENDED, "not_connected", "dial_no_answer", -1, 1763800042345, -1,
     false},
};

START_TEST(the_samples_of_retell_are_read)
{
        char *body = sample(samples[_i].name);
        _cleanup_retell_webhook_ struct retell_webhook w = {0};
        ck_assert_int_eq(parse(body, &w), 0);
        free(body);
        ck_assert_int_eq(w.call.event, samples[_i].event);
        ck_assert_str_eq(w.call.call_id, "call_5c1f0d7e9b2a4c6688d0e1f2a3b");
        ck_assert_str_eq(w.call.attempt_ref, "01JC9Z6W4N8Q2T7V5XKRD3M1HB");
        ck_assert_ptr_null(w.call.tenant_ref);
        ck_assert_str_eq(w.call.from_number, "+14155550100");
        ck_assert_str_eq(w.call.to_number, "+14155550123");
        ck_assert_pstr_eq(w.call.call_status, samples[_i].status);
        ck_assert_pstr_eq(w.call.disconnection_reason, samples[_i].reason);
        ck_assert_int_eq(w.call.start_ms, samples[_i].start_ms);
        ck_assert_int_eq(w.call.end_ms, samples[_i].end_ms);
        ck_assert_int_eq(w.call.duration_ms, samples[_i].duration_ms);
        ck_assert_int_eq(w.call.confirmed, samples[_i].confirmed);
        ck_assert_int_eq(w.call.has_analysis, samples[_i].confirmed);
        ck_assert_uint_eq(strlen(w.digest), 64);
}
END_TEST

START_TEST(the_shape_of_the_system_before_this_one_is_read)
{
        _cleanup_retell_webhook_ struct retell_webhook w = {0};
        ck_assert_int_eq(
            parse("{\"event\":\"call_analyzed\",\"metadata\":{\"tenantId\":12,\"callSessionId\":"
                  "\"550e8400-e29b-41d4-a716-446655440000\"},\"data\":{\"call_id\":\"call_abc\","
                  "\"call_status\":\"ended\",\"call_length\":87,\"transcript\":\"Hi\","
                  "\"call_analysis\":{\"custom_analysis_data\":{\"appointment_confirmed\":\"Yes\","
                  "\"appointment_cancelled\":\"no\",\"appointment_rescheduled\":false}}}}",
                  &w),
            0);
        ck_assert_str_eq(w.call.call_id, "call_abc");
        ck_assert_int_eq(w.call.duration_ms, 87000);
        ck_assert_str_eq(w.call.tenant_ref, "12");
        ck_assert_str_eq(w.call.attempt_ref, "550e8400-e29b-41d4-a716-446655440000");
        ck_assert(w.call.confirmed && !w.call.cancelled && !w.call.rescheduled);
        ck_assert_str_eq(w.event_name, "call_analyzed");
}
END_TEST

START_TEST(the_same_call_spaced_differently_has_the_same_digest)
{
        _cleanup_retell_webhook_ struct retell_webhook a = {0};
        _cleanup_retell_webhook_ struct retell_webhook b = {0};
        _cleanup_retell_webhook_ struct retell_webhook c = {0};
        ck_assert_int_eq(
            parse("{\"event\":\"call_ended\",\"call\":{\"call_id\":\"c\",\"end_timestamp\":12}}",
                  &a),
            0);
        ck_assert_int_eq(
            parse("{ \"call\": {\n  \"call_id\": \"\\u0063\",\n \"end_timestamp\" : 12\n}"
                  ",\"event\":\"call_ended\"}\n",
                  &b),
            0);
        ck_assert_int_eq(
            parse("{\"event\":\"call_ended\",\"call\":{\"call_id\":\"c\",\"end_timestamp\":13}}",
                  &c),
            0);
        ck_assert_str_eq(a.digest, b.digest);
        ck_assert_str_ne(a.digest, c.digest);
        /* printf '{"call_id":"c","end_timestamp":12}' | sha256sum */
        ck_assert_str_eq(a.digest,
                         "ff5802ff7b986f1bcba99eb60a7a4964f29ac475e29bb77c3a6aef50ca8b678d");
}
END_TEST

START_TEST(unknown_events_are_read_and_called_other)
{
        _cleanup_retell_webhook_ struct retell_webhook w = {0};
        ck_assert_int_eq(parse("{\"event\":\"transfer_bridged\",\"call\":{\"call_id\":\"c\"},"
                               "\"transfer_destination\":{\"type\":\"x\"}}",
                               &w),
                         0);
        ck_assert_int_eq(w.call.event, VIO_RETELL_OTHER);
        ck_assert_str_eq(w.call.call_id, "c");
        ck_assert_str_eq(w.event_name, "transfer_bridged");
}
END_TEST

START_TEST(a_webhook_about_no_call_is_good_but_empty)
{
        _cleanup_retell_webhook_ struct retell_webhook w = {0};
        ck_assert_int_eq(parse("{\"event\":\"chat_started\",\"chat\":{\"chat_id\":\"c\"}}", &w), 0);
        ck_assert_int_eq(w.call.event, VIO_RETELL_OTHER);
        ck_assert_ptr_null(w.call.call_id);
        ck_assert_uint_eq(strlen(w.digest), 64);
}
END_TEST

static const char *const hostile[] = {
    "",
    " ",
    "null",
    "[]",
    "17",
    "{",
    "{}",
    "{\"event\":\"call_ended\"}",
    "{\"event\":\"call_ended\",\"call\":null}",
    "{\"event\":\"call_ended\",\"call\":[]}",
    "{\"event\":\"call_ended\",\"call\":\"call_id\"}",
    "{\"event\":\"call_ended\",\"call\":{}}",
    "{\"event\":\"call_ended\",\"call\":{\"call_id\":null}}",
    "{\"event\":\"call_ended\",\"call\":{\"call_id\":17}}",
    "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"\"}}",
    "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"a\\u0001b\"}}",
    "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"a\\u0000b\"}}",
    "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"a\\u007f\"}}",
    "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"\xff\"}}",
    "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"c\",\"call_id\":\"d\"}}",
    "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"c\"}} x",
    "{\"call\":{\"call_id\":\"c\"}}",
    "{\"event\":null,\"call\":{\"call_id\":\"c\"}}",
    "{\"event\":\"\",\"call\":{\"call_id\":\"c\"}}",
    "{\"event\":1,\"call\":{\"call_id\":\"c\"}}",
    "{\"event\":\"a\\nb\",\"call\":{\"call_id\":\"c\"}}",
    "{\"event\":\"other\",\"call\":null}",
    "{\"event\":\"other\",\"data\":{}}",
};

START_TEST(what_cannot_be_used_is_refused_and_leaves_the_output_alone)
{
        struct retell_webhook w = {.event_name = "before"};
        ck_assert_int_eq(parse(hostile[_i], &w), VIO_E_INVALID);
        ck_assert_str_eq(w.event_name, "before");
        ck_assert_ptr_null(w.memory);
}
END_TEST

START_TEST(a_call_id_of_129_bytes_is_refused_and_an_event_of_65)
{
        char body[300];
        for (int len = 128; len <= 129; len++) {
                _cleanup_retell_webhook_ struct retell_webhook w = {0};
                snprintf(body, sizeof(body), "{\"event\":\"e\",\"call\":{\"call_id\":\"%0*d\"}}",
                         len, 1);
                ck_assert_int_eq(parse(body, &w), len == 128 ? 0 : VIO_E_INVALID);
        }
        for (int len = 64; len <= 65; len++) {
                _cleanup_retell_webhook_ struct retell_webhook w = {0};
                snprintf(body, sizeof(body), "{\"event\":\"%0*d\",\"call\":{\"call_id\":\"c\"}}",
                         len, 1);
                ck_assert_int_eq(parse(body, &w), len == 64 ? 0 : VIO_E_INVALID);
        }
}
END_TEST

/* Members that are wrong in a harmless way. */
static const char *const harmless[] = {
    "\"call_status\":7,\"transcript\":[],\"recording_url\":{},\"disconnection_reason\":false",
    "\"from_number\":14155550100,\"to_number\":null",
    "\"start_timestamp\":\"1763800012345\",\"end_timestamp\":true,\"duration_ms\":[]",
    "\"start_timestamp\":-1,\"end_timestamp\":-9007199254740992,\"duration_ms\":-5",
    "\"start_timestamp\":1e150,\"end_timestamp\":9007199254740993,\"duration_ms\":1e17",
    "\"start_timestamp\":253402300800000,\"end_timestamp\":1.5,\"duration_ms\":0.1",
    "\"call_length\":-3",
    "\"call_length\":1e30",
    "\"call_length\":\"87\"",
    "\"metadata\":\"attempt_ref\"",
    "\"metadata\":[\"attempt_ref\"]",
    "\"metadata\":{\"attempt_ref\":{},\"tenant_id\":1.5}",
    "\"metadata\":{\"attempt_ref\":\"\",\"tenant_id\":\"a\\tb\"}",
    "\"call_analysis\":\"none\"",
    "\"call_analysis\":[true]",
    "\"recording_url\":\"javascript:alert(1)\"",
    "\"recording_url\":\"file:///etc/passwd\"",
};

START_TEST(a_field_of_a_wrong_type_or_size_counts_as_absent)
{
        char body[500];
        _cleanup_retell_webhook_ struct retell_webhook w = {0};
        snprintf(body, sizeof(body), "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"c\",%s}}",
                 harmless[_i]);
        ck_assert_int_eq(parse(body, &w), 0);
        ck_assert_str_eq(w.call.call_id, "c");
        const struct vio_retell_call *c = &w.call;
        const char *const texts[] = {c->attempt_ref, c->tenant_ref,    c->from_number,
                                     c->to_number,   c->call_status,   c->disconnection_reason,
                                     c->transcript,  c->recording_url, c->summary,
                                     c->sentiment,   c->new_time};
        for (size_t i = 0; i < count_of(texts); i++)
                ck_assert_ptr_null(texts[i]);
        ck_assert(c->start_ms == -1 && c->end_ms == -1 && c->duration_ms == -1);
        ck_assert(!c->has_analysis && !c->in_voicemail && !c->opt_out);
}
END_TEST

static const struct {
        const char *custom;
        const char *wishes; /* of "c" confirmed, "x" cancelled, "r" rescheduled, "o" opted out */
} wishes[] = {
    {"{}", ""},
    {"{\"appointment_confirmed\":true}", "c"},
    {"{\"appointment_confirmed\":\"TRUE\"}", "c"},
    {"{\"appointment_confirmed\":\"yes\"}", "c"},
    {"{\"appointment_confirmed\":\"yes, gladly\"}", ""},
    {"{\"appointment_confirmed\":1}", ""},
    {"{\"appointment_confirmed\":false,\"appointment_cancelled\":true}", "x"},
    {"{\"appointment_rescheduled\":true,\"appointment_confirmed\":true}", "cr"},
    {"{\"appointment_outcome\":\"confirmed\"}", "c"},
    {"{\"appointment_outcome\":\"Cancelled\"}", "x"},
    {"{\"appointment_outcome\":\"rescheduled\"}", "r"},
    {"{\"appointment_outcome\":\"none\"}", ""},
    {"{\"appointment_outcome\":true}", ""},
    {"{\"do_not_call\":true}", "o"},
    {"{\"opt_out\":\"yes\",\"do_not_call\":false}", "o"},
    {"{\"opt_out\":false,\"do_not_call\":null}", ""},
    {"[true]", ""},
    {"null", ""},
};

START_TEST(the_wishes_of_the_contact_are_read_as_flags_or_words)
{
        char body[500];
        const char *w_text = wishes[_i].wishes;
        _cleanup_retell_webhook_ struct retell_webhook w = {0};
        snprintf(body, sizeof(body),
                 "{\"event\":\"call_analyzed\",\"call\":{\"call_id\":\"c\",\"call_analysis\":"
                 "{\"in_voicemail\":\"true\",\"custom_analysis_data\":%s}}}",
                 wishes[_i].custom);
        ck_assert_int_eq(parse(body, &w), 0);
        ck_assert_int_eq(w.call.confirmed, strchr(w_text, 'c') != NULL);
        ck_assert_int_eq(w.call.cancelled, strchr(w_text, 'x') != NULL);
        ck_assert_int_eq(w.call.rescheduled, strchr(w_text, 'r') != NULL);
        ck_assert_int_eq(w.call.opt_out, strchr(w_text, 'o') != NULL);
        ck_assert(w.call.has_analysis && w.call.in_voicemail);
}
END_TEST

START_TEST(references_may_be_text_or_number_and_our_own_names_go_first)
{
        _cleanup_retell_webhook_ struct retell_webhook w = {0};
        ck_assert_int_eq(
            parse("{\"event\":\"call_ended\",\"metadata\":{\"tenant_id\":\"outer\"},\"call\":{"
                  "\"call_id\":\"c\",\"call_length\":87.25,\"recording_url\":\"https://x/y\","
                  "\"metadata\":{\"callSessionId\":\"old\",\"attempt_ref\":9007199254740992,"
                  "\"tenantId\":5,\"tenant_id\":\"6\"}}}",
                  &w),
            0);
        ck_assert_str_eq(w.call.attempt_ref, "9007199254740992");
        ck_assert_str_eq(w.call.tenant_ref, "6");
        ck_assert_int_eq(w.call.duration_ms, 87250);
        ck_assert_str_eq(w.call.recording_url, "https://x/y");
}
END_TEST

START_TEST(every_truncation_of_a_webhook_is_refused)
{
        char *body = sample("call_analyzed");
        size_t len = strlen(body);
        for (size_t n = 0; n < len; n++) {
                struct retell_webhook w = {0};
                ck_assert_int_eq(retell_webhook_parse(body, n, &w), VIO_E_INVALID);
        }
        free(body);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("webhook");
        TCase *rows = tcase_create("rows");
        tcase_add_loop_test(rows, the_samples_of_retell_are_read, 0, (int)count_of(samples));
        tcase_add_loop_test(rows, what_cannot_be_used_is_refused_and_leaves_the_output_alone, 0,
                            (int)count_of(hostile));
        tcase_add_loop_test(rows, a_field_of_a_wrong_type_or_size_counts_as_absent, 0,
                            (int)count_of(harmless));
        tcase_add_loop_test(rows, the_wishes_of_the_contact_are_read_as_flags_or_words, 0,
                            (int)count_of(wishes));
        suite_add_tcase(s, rows);
        add_case(s, the_shape_of_the_system_before_this_one_is_read);
        add_case(s, the_same_call_spaced_differently_has_the_same_digest);
        add_case(s, unknown_events_are_read_and_called_other);
        add_case(s, a_webhook_about_no_call_is_good_but_empty);
        add_case(s, a_call_id_of_129_bytes_is_refused_and_an_event_of_65);
        add_case(s, references_may_be_text_or_number_and_our_own_names_go_first);
        add_case(s, every_truncation_of_a_webhook_is_refused);
        return s;
}
