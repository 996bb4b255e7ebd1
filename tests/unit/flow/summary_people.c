/* summary_people.c - who gets the daily summary: settings, test mails, blocked recipients. */
#include "summary_steps.h"

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

Suite *suite(void)
{
        Suite *s = suite_create("summary_people");
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
