/* bookings.c - tests: bookings as Cal.com and Calendly tell them, in webhooks and in answers. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "answers.h"
#include "remote/calendar.h"
#include "run.h"

static struct booking_webhook w;
static vio_json *root;

static const struct booking_form form = {"mobile", "mobile number"};
static const struct booking_form no_form = {NULL, NULL};

static void clear(void)
{
        booking_notices_free(&w.notices);
        root = vio_json_free(root);
}

static void read_file(const char *name, char *ret, size_t size)
{
        char path[512];
        snprintf(path, sizeof(path), "%s/%s", TEST_DATA, name);
        FILE *f = fopen(path, "rb");
        ck_assert_msg(f != NULL, "%s cannot be read", path);
        size_t n = fread(ret, 1, size - 1, f);
        fclose(f);
        ck_assert_uint_lt(n, size - 1);
        ret[n] = '\0';
}

static void read_text(const char *text, const struct booking_form *f)
{
        clear();
        ck_assert_int_eq(vio_json_parse(text, strlen(text), &root), 0);
        int r = vio_json_get(root, "triggerEvent") ? cal_com_webhook_read(root, f, &w)
                                                   : calendly_webhook_read(root, f, &w);
        ck_assert_int_eq(r, 0);
}

static char room[32768];

static const struct booking_notice *read_one(const char *name)
{
        read_file(name, room, sizeof(room));
        read_text(room, &no_form);
        ck_assert_uint_eq(w.notices.n, 1);
        return &w.notices.list[0];
}

/* The file with one piece of its text replaced, which must be there. */
static const struct booking_notice *read_changed(const char *name, const char *from, const char *to)
{
        static char changed[33000];
        read_file(name, room, sizeof(room));
        char *at = strstr(room, from);
        ck_assert_msg(at != NULL, "%s is not in %s", from, name);
        snprintf(changed, sizeof(changed), "%.*s%s%s", (int)(at - room), room, to,
                 at + strlen(from));
        read_text(changed, &form);
        return w.notices.n ? &w.notices.list[0] : NULL;
}

static vio_time at(const char *text)
{
        vio_time t = VIO_TIME_NONE;
        ck_assert_int_eq(vio_time_parse(text, &t), 0);
        return t;
}

/* Cal.com's webhooks */

START_TEST(a_new_booking_is_told_with_everything_about_the_one_who_booked)
{
        const struct booking_notice *n = read_one("cal_com_created.json");
        ck_assert_str_eq(w.event, "BOOKING_CREATED");
        ck_assert_int_eq(n->action, BOOKING_SAYS_STATE);
        ck_assert_int_eq(n->facts.state, BOOKING_BOOKED);
        ck_assert_str_eq(n->uid, "aa11BookingFirst");
        ck_assert_str_eq(n->facts.previous_uid, "");
        ck_assert_int_eq(n->facts.start_at, at("2026-12-01T15:30:00Z"));
        ck_assert_int_eq(n->facts.changed_at, at("2026-11-20T15:00:01.250Z"));
        ck_assert_str_eq(n->service, "Check-up");
        ck_assert_str_eq(n->zone, "America/Chicago");
        ck_assert_str_eq(n->name, "Leo Marsh");
        ck_assert_str_eq(n->email, "leo.marsh@example.net");
}
END_TEST

START_TEST(the_numbers_come_in_their_order_and_never_the_clinics)
{
        const struct booking_notice *n = read_one("cal_com_created.json");
        ck_assert_uint_eq(n->n_phones, 2);
        ck_assert_str_eq(n->phones[0], "+1 312-555-0170");
        ck_assert_str_eq(n->phones[1], "+13125550171");
        read_file("cal_com_created.json", room, sizeof(room));
        read_text(room, &form);
        n = &w.notices.list[0];
        ck_assert_uint_eq(n->n_phones, 3);
        ck_assert_str_eq(n->phones[2], "312 555 0175");
}
END_TEST

START_TEST(the_other_places_of_a_number_are_looked_at_in_order)
{
        const struct booking_notice *n =
            read_changed("cal_com_created.json", "\"customInputs\": {}",
                         "\"customInputs\": {}, \"smsReminderNumber\": \"+13125550180\"");
        ck_assert_uint_eq(n->n_phones, 4);
        ck_assert_str_eq(n->phones[2], "+13125550180");
        ck_assert_str_eq(n->phones[3], "312 555 0175");
        n = read_changed("cal_com_created.json", "\"mobile\":",
                         "\"smsReminderNumber\": {\"value\": \"+13125550181\"},"
                         "\"aiAgentCallPhoneNumber\": {\"value\": \"+13125550182\"},\"mobile\":");
        ck_assert_uint_eq(n->n_phones, 5);
        ck_assert_str_eq(n->phones[2], "+13125550181");
        ck_assert_str_eq(n->phones[3], "+13125550182");
}
END_TEST

/* The place of a booking, and what the form says of it: whether that is a number to call. */
static const struct {
        const char *location;
        const char *answer;
        bool is_number;
} places[] = {
    {"\"+12125550163\"", "{\"value\": \"phone\", \"optionValue\": \"+12125550163\"}", true},
    {"\"+12125550163\"", "{\"value\": \"+12125550163\", \"optionValue\": \"\"}", true},
    {"\"+12125550163\"", "{\"value\": \"userPhone\", \"optionValue\": \"\"}", false},
    {"\"+12125550163\"", "{\"value\": \"+12125550164\", \"optionValue\": \"\"}", false},
    {"\"+12125550163\"", "null", false},
    {"\"2125550163\"", "{\"value\": \"phone\"}", false},
    {"\"+\"", "{\"value\": \"phone\"}", false},
    {"\"integrations:daily\"", "{\"value\": \"phone\"}", false},
    {"null", "{\"value\": \"phone\", \"optionValue\": \"+12125550163\"}", false},
};

START_TEST(a_place_is_a_number_only_if_the_form_says_so)
{
        char text[1024];
        snprintf(text, sizeof(text),
                 "{\"triggerEvent\":\"BOOKING_CREATED\",\"payload\":{\"uid\":\"u\",\"startTime\":"
                 "\"2026-12-01T15:30:00Z\",\"attendees\":[{\"name\":\"Ada\"}],\"location\":%s,"
                 "\"responses\":{\"location\":{\"value\":%s}}}}",
                 places[_i].location, places[_i].answer);
        read_text(text, &no_form);
        ck_assert_uint_eq(w.notices.n, 1);
        ck_assert_uint_eq(w.notices.list[0].n_phones, places[_i].is_number);
}
END_TEST

START_TEST(a_move_names_the_booking_before)
{
        const struct booking_notice *n = read_one("cal_com_rescheduled.json");
        ck_assert_str_eq(n->uid, "bb22BookingSecond");
        ck_assert_str_eq(n->facts.previous_uid, "aa11BookingFirst");
        ck_assert_int_eq(n->facts.state, BOOKING_BOOKED);
        ck_assert_int_eq(n->facts.start_at, at("2026-12-02T19:00:00Z"));
}
END_TEST

START_TEST(a_cancellation_spells_its_time_in_another_way)
{
        const struct booking_notice *n = read_one("cal_com_cancelled.json");
        ck_assert_int_eq(n->facts.state, BOOKING_CANCELLED);
        ck_assert_int_eq(n->facts.start_at, at("2026-12-02T19:00:00Z"));
        ck_assert_int_eq(read_one("cal_com_rejected.json")->facts.state, BOOKING_REJECTED);
}
END_TEST

START_TEST(a_request_may_name_its_person_in_parts)
{
        const struct booking_notice *n = read_one("cal_com_requested.json");
        ck_assert_int_eq(n->facts.state, BOOKING_REQUESTED);
        ck_assert_str_eq(n->name, "Ivo Stern");
        ck_assert_str_eq(n->zone, "");
        ck_assert_str_eq(n->service, "check-up-30");
        ck_assert_uint_eq(n->n_phones, 1);
        ck_assert_str_eq(n->phones[0], "+12125550163");
}
END_TEST

START_TEST(a_new_booking_that_waits_for_the_host_is_a_request)
{
        const struct booking_notice *n =
            read_changed("cal_com_rescheduled.json", "\"ACCEPTED\"", "\"PENDING\"");
        ck_assert_int_eq(n->facts.state, BOOKING_REQUESTED);
}
END_TEST

START_TEST(a_no_show_names_everybody_of_whom_it_speaks)
{
        read_file("cal_com_no_show.json", room, sizeof(room));
        read_text(room, &form);
        ck_assert_uint_eq(w.notices.n, 2);
        const struct booking_notice *n = w.notices.list;
        ck_assert_int_eq(n[0].action, BOOKING_SAYS_NO_SHOW);
        ck_assert_str_eq(n[0].uid, "bb22BookingSecond");
        ck_assert_str_eq(n[0].email, "leo.marsh@example.net");
        ck_assert_int_eq(n[1].action, BOOKING_SAYS_ATTENDED);
        ck_assert_str_ne(n[0].seat_uid, n[1].seat_uid);
}
END_TEST

START_TEST(each_seat_is_a_booking_of_its_own)
{
        read_file("cal_com_seat.json", room, sizeof(room));
        read_text(room, &form);
        ck_assert_uint_eq(w.notices.n, 2);
        const struct booking_notice *n = w.notices.list;
        ck_assert_int_eq(strncmp(n[0].uid, "dd44Class#", 10), 0);
        ck_assert_str_ne(n[0].uid, n[1].uid);
        ck_assert_str_eq(strchr(n[0].uid, '#'), strchr(n[0].facts.previous_uid, '#'));
        ck_assert_str_eq(n[1].name, "Pat Marsh");
        /* The answers of the form are the first one's. */
        ck_assert_uint_eq(n[0].n_phones, 3);
        ck_assert_uint_eq(n[1].n_phones, 1);
        ck_assert_str_eq(n[1].phones[0], "+13125550179");
}
END_TEST

START_TEST(an_address_that_was_made_up_is_none)
{
        const struct booking_notice *n = read_changed(
            "cal_com_created.json", "\"Leo.Marsh@example.net\"", "\"13125550171@sms.cal.com\"");
        ck_assert_str_eq(n->email, "");
        n = read_changed("cal_com_created.json", "\"Leo.Marsh@example.net\"", "\"no address\"");
        ck_assert_str_eq(n->email, "");
}
END_TEST

START_TEST(a_series_says_so)
{
        ck_assert(!read_changed("cal_com_created.json", "\"price\": 0", "\"recurringEvent\": null")
                       ->facts.next_uid[0]);
        ck_assert(!w.notices.series);
        read_changed("cal_com_created.json", "\"price\": 0",
                     "\"recurringEvent\": {\"count\": 4, \"freq\": 2, \"interval\": 1}");
        ck_assert(w.notices.series);
}
END_TEST

/* What says nothing of a booking, or nothing that can be understood. */
static const char *const silent[] = {
    "{\"triggerEvent\":7,\"payload\":{}}",
    "{\"triggerEvent\":\"BOOKING_CREATED\"}",
    "{\"triggerEvent\":\"BOOKING_CREATED\",\"payload\":null}",
    "{\"triggerEvent\":\"BOOKING_CREATED\",\"payload\":{\"uid\":\"u\"}}",
    "{\"triggerEvent\":\"BOOKING_CREATED\",\"payload\":{\"uid\":7,\"startTime\":"
    "\"2026-12-01T15:30:00Z\"}}",
    "{\"triggerEvent\":\"BOOKING_CREATED\",\"payload\":{\"uid\":\"\",\"startTime\":"
    "\"2026-12-01T15:30:00Z\"}}",
    "{\"triggerEvent\":\"BOOKING_CREATED\",\"payload\":{\"uid\":\"u\",\"startTime\":\"soon\"}}",
    "{\"triggerEvent\":\"BOOKING_NO_SHOW_UPDATED\",\"payload\":{\"attendees\":[{\"noShow\":true}]}"
    "}",
    "{\"triggerEvent\":\"FORM_SUBMITTED\",\"payload\":{\"uid\":\"u\",\"startTime\":"
    "\"2026-12-01T15:30:00Z\"}}",
    "{\"event\":\"invitee.created\"}",
    "{\"event\":\"invitee.created\",\"payload\":{\"uri\":\"https://api.calendly.com/x\"}}",
    "{\"event\":\"invitee_no_show.created\",\"payload\":{\"uri\":\"https://api.calendly.com/x\"}}",
    "{\"event\":\"routing_form_submission.created\",\"payload\":{}}",
    "{\"event\":null}",
    "{}",
};

START_TEST(what_says_nothing_of_a_booking_is_no_notice)
{
        read_text(silent[_i], &form);
        ck_assert_uint_eq(w.notices.n, 0);
        ck_assert_ptr_nonnull(w.event);
}
END_TEST

START_TEST(a_test_and_a_meeting_are_no_bookings)
{
        static const char *const files[] = {"cal_com_ping.json", "cal_com_meeting.json"};
        for (size_t i = 0; i < count_of(files); i++) {
                read_file(files[i], room, sizeof(room));
                read_text(room, &form);
                ck_assert_uint_eq(w.notices.n, 0);
        }
}
END_TEST

START_TEST(a_uid_of_256_bytes_is_none)
{
        char text[1024];
        char uid[260];
        memset(uid, 'u', sizeof(uid));
        for (size_t len = 255; len <= 256; len++) {
                uid[len] = '\0';
                snprintf(
                    text, sizeof(text),
                    "{\"triggerEvent\":\"BOOKING_CREATED\",\"payload\":{\"seatsPerTimeSlot\":2,"
                    "\"uid\":\"%s\",\"startTime\":\"2026-12-01T15:30:00Z\",\"attendees\":"
                    "[{\"email\":\"a@b.example\"}]}}",
                    uid);
                read_text(text, &form);
                ck_assert_uint_eq(w.notices.n, len == 255);
                if (w.notices.n)
                        ck_assert_uint_eq(strlen(w.notices.list[0].uid), 255 + 17);
                uid[len] = 'u';
        }
}
END_TEST

static const struct {
        const char *metadata;
        int64_t tenant;
} named[] = {
    {"{\"tenantId\":\"7\"}", 7},
    {"{\"tenantId\":7}", 7},
    {"{\"tenantId\":\"0\"}", 0},
    {"{\"tenantId\":-7}", 0},
    {"{\"tenantId\":\"7x\"}", 0},
    {"{\"tenantId\":\"\"}", 0},
    {"{\"tenantId\":null}", 0},
    {"{}", 0},
    {"null", 0},
    {"{\"tenantId\":\"-7\"}", 0},
    {"{\"tenantId\":\"99999999999999999999\"}", 0},
};

START_TEST(a_webhook_may_name_its_tenant)
{
        char text[200];
        snprintf(text, sizeof(text), "{\"payload\":{\"metadata\":%s}}", named[_i].metadata);
        ck_assert_int_eq(vio_json_parse(text, strlen(text), &root), 0);
        ck_assert_int_eq(cal_com_webhook_tenant(root), named[_i].tenant);
}
END_TEST

START_TEST(one_version_of_the_webhooks_is_known)
{
        ck_assert(cal_com_version_known(NULL));
        ck_assert(cal_com_version_known(""));
        ck_assert(cal_com_version_known("2021-10-20"));
        ck_assert(!cal_com_version_known("2026-07-27"));
}
END_TEST

/* Calendly's webhooks */

START_TEST(an_invitee_is_a_booking)
{
        const struct booking_notice *n = read_one("calendly_created.json");
        ck_assert_int_eq(n->facts.state, BOOKING_BOOKED);
        ck_assert_str_eq(n->uid, "https://api.calendly.com/scheduled_events/EV2/invitees/IN2");
        ck_assert_str_eq(n->facts.previous_uid,
                         "https://api.calendly.com/scheduled_events/EV1/invitees/IN1");
        ck_assert_int_eq(n->facts.start_at, at("2026-12-02T19:00:00Z"));
        ck_assert_int_eq(n->facts.changed_at, at("2026-11-20T15:00:00.318Z"));
        ck_assert_str_eq(n->service, "Check-up");
        ck_assert_str_eq(n->zone, "America/Chicago");
        ck_assert_uint_eq(n->n_phones, 2);
        ck_assert_str_eq(n->phones[0], "+1 312-555-0170");
        ck_assert_str_eq(n->phones[1], "+1 312-555-0171");
}
END_TEST

START_TEST(the_question_is_known_by_its_text_but_for_case_and_blanks)
{
        read_file("calendly_created.json", room, sizeof(room));
        read_text(room, &form);
        ck_assert_uint_eq(w.notices.list[0].n_phones, 3);
        ck_assert_str_eq(w.notices.list[0].phones[2], "312 555 0175");
        read_text(room, &(struct booking_form){NULL, "Mobile"});
        ck_assert_uint_eq(w.notices.list[0].n_phones, 2);
}
END_TEST

START_TEST(an_invitee_who_moved_names_the_next_and_the_clinics_number_is_not_his)
{
        const struct booking_notice *n = read_one("calendly_moved.json");
        ck_assert_int_eq(n->facts.state, BOOKING_MOVED);
        ck_assert_str_eq(n->facts.next_uid,
                         "https://api.calendly.com/scheduled_events/EV2/invitees/IN2");
        ck_assert_str_eq(n->name, "Leo Marsh");
        ck_assert_uint_eq(n->n_phones, 0);
        ck_assert_int_eq(read_one("calendly_canceled.json")->facts.state, BOOKING_CANCELLED);
}
END_TEST

START_TEST(an_invitee_who_did_not_come_is_named_in_one_of_two_places)
{
        const struct booking_notice *n = read_one("calendly_no_show.json");
        ck_assert_int_eq(n->action, BOOKING_SAYS_NO_SHOW);
        ck_assert_str_eq(n->uid, "https://api.calendly.com/scheduled_events/EV3/invitees/IN3");
        read_text("{\"event\":\"invitee_no_show.deleted\",\"payload\":{\"uri\":"
                  "\"https://api.calendly.com/scheduled_events/EV3/invitees/IN3\"}}",
                  &form);
        ck_assert_uint_eq(w.notices.n, 1);
        ck_assert_int_eq(w.notices.list[0].action, BOOKING_SAYS_ATTENDED);
}
END_TEST

/* Answers */

static struct vio_http_response *answer(int status, const char *header, const char *value)
{
        struct vio_http_response *r = vio_http_response_new();
        vio_http_response_status(r, status);
        if (header)
                vio_http_response_header(r, header, value);
        return r;
}

static struct vio_http_response *answer_file(const char *name)
{
        struct vio_http_response *r = answer(200, NULL, NULL);
        read_file(name, room, sizeof(room));
        ck_assert_int_eq(vio_http_response_write(r, room, strlen(room)), 0);
        return r;
}

START_TEST(a_page_of_bookings_is_read_row_by_row)
{
        static const struct {
                const char *uid;
                enum booking_action action;
                enum booking_state state;
        } rows[] = {
            {"ee55Row", BOOKING_SAYS_STATE, BOOKING_BOOKED},
            {"ee56Old", BOOKING_SAYS_STATE, BOOKING_MOVED},
            {"ee57Off", BOOKING_SAYS_STATE, BOOKING_CANCELLED},
            {"ee58Asked", BOOKING_SAYS_STATE, BOOKING_REQUESTED},
            {"ee59Absent", BOOKING_SAYS_STATE, BOOKING_BOOKED},
            {"ee59Absent", BOOKING_SAYS_NO_SHOW, BOOKING_UNKNOWN},
            {"ee60Class#", BOOKING_SAYS_STATE, BOOKING_BOOKED},
            {"ee60Class#", BOOKING_SAYS_STATE, BOOKING_BOOKED},
        };
        struct vio_http_response *r = answer_file("cal_com_page.json");
        struct cal_com_page page;
        ck_assert_int_eq(cal_com_read_page(r, &form, &page), 0);
        ck_assert_uint_eq(page.rows, 8);
        ck_assert_str_eq(page.next_cursor, "eyJpZCI6OX0=");
        ck_assert_int_eq(page.updated, at("2026-11-19T11:00:00Z"));
        ck_assert_uint_eq(page.notices.n, count_of(rows));
        for (size_t i = 0; i < count_of(rows); i++) {
                const struct booking_notice *n = &page.notices.list[i];
                ck_assert_int_eq(strncmp(n->uid, rows[i].uid, strlen(rows[i].uid)), 0);
                ck_assert_int_eq(n->action, rows[i].action);
                ck_assert_int_eq(n->facts.state, rows[i].state);
        }
        const struct booking_notice *first = &page.notices.list[0];
        ck_assert_int_eq(first->facts.start_at, at("2026-12-03T15:00:00Z"));
        ck_assert_str_eq(first->phones[0], "+13125550170");
        ck_assert_str_eq(first->service, "check-up-30");
        ck_assert_str_eq(page.notices.list[1].facts.next_uid, "ee55Row");
        booking_notices_free(&page.notices);
        vio_http_response_free(r);
}
END_TEST

START_TEST(a_page_that_is_no_list_is_no_answer)
{
        static const char *const bodies[] = {"", "{", "[]", "{\"data\":{}}", "{\"data\":null}"};
        for (size_t i = 0; i < count_of(bodies); i++) {
                struct vio_http_response *r = answer(200, NULL, NULL);
                struct cal_com_page page;
                struct calendly_page events;
                vio_http_response_write(r, bodies[i], strlen(bodies[i]));
                ck_assert_int_eq(cal_com_read_page(r, &form, &page), VIO_E_UPSTREAM);
                ck_assert_int_eq(calendly_read_events(r, &events), VIO_E_UPSTREAM);
                vio_http_response_free(r);
        }
}
END_TEST

START_TEST(the_events_of_calendly_are_read_with_their_invitees)
{
        struct calendly_page page = {0};
        struct booking_notices notices = {0};
        char user[BOOKING_UID_SIZE];
        struct vio_http_response *me = answer_file("calendly_me.json");
        struct vio_http_response *events = answer_file("calendly_events.json");
        struct vio_http_response *invitees = answer_file("calendly_invitees.json");

        ck_assert_int_eq(calendly_read_me(me, user), 0);
        ck_assert_str_eq(user, "https://api.calendly.com/users/U1");
        ck_assert_int_eq(calendly_read_events(events, &page), 0);
        ck_assert_uint_eq(page.n, 3);
        ck_assert_str_eq(page.next_page, "t0k/en==");
        ck_assert_ptr_null(calendly_event_uri(page.events[2]));
        ck_assert_int_eq(calendly_read_invitees(invitees, page.events[0], &form, &notices), 0);
        ck_assert_uint_eq(notices.n, 3);
        ck_assert_int_eq(notices.list[0].facts.start_at, at("2026-12-01T15:30:00Z"));
        ck_assert_int_eq(notices.list[2].action, BOOKING_SAYS_NO_SHOW);
        ck_assert_str_eq(notices.list[2].uid, notices.list[1].uid);
        booking_notices_free(&notices);
        calendly_page_free(&page);
        vio_http_response_free(me);
        vio_http_response_free(events);
        vio_http_response_free(invitees);
}
END_TEST

/* Requests */

static const struct calendar_account account = {"https://api.cal.test/", "cal_live_0123456789"};

static const char *header_of(const struct calendar_request *r, const char *name)
{
        for (size_t i = 0; i < r->http.n_headers; i++)
                if (!strcmp(r->http.headers[i].name, name))
                        return r->http.headers[i].value;
        return "";
}

START_TEST(cal_com_is_asked_for_what_changed)
{
        struct calendar_request r;
        struct cal_com_query q = {
            .updated = at("2026-11-20T14:50:00Z"), .start = VIO_TIME_NONE, .cursor = "a+b/c=&d"};
        ck_assert_int_eq(cal_com_request_bookings(&r, &account, &q), 0);
        ck_assert_str_eq(r.http.method, "GET");
        ck_assert_str_eq(r.http.url,
                         "https://api.cal.test/v2/bookings?afterUpdatedAt=2026-11-20T14%3A50%3A00Z"
                         "&sortUpdatedAt=asc&limit=100&cursor=a%2Bb%2Fc%3D%26d");
        ck_assert_str_eq(header_of(&r, "Authorization"), "Bearer cal_live_0123456789");
        ck_assert_str_eq(header_of(&r, "cal-api-version"), "2026-05-01");
        calendar_request_free(&r);
}
END_TEST

START_TEST(an_older_cal_com_is_asked_in_its_own_way)
{
        struct calendar_request r;
        struct cal_com_query q = {.old_version = true,
                                  .updated = VIO_TIME_NONE,
                                  .start = at("2026-11-20T15:00:00Z"),
                                  .skip = 200};
        ck_assert_int_eq(cal_com_request_bookings(&r, &account, &q), 0);
        ck_assert_str_eq(r.http.url,
                         "https://api.cal.test/v2/bookings?afterStart=2026-11-20T15%3A00%3A00Z"
                         "&sortUpdatedAt=asc&take=100&skip=200");
        ck_assert_str_eq(header_of(&r, "cal-api-version"), "2024-08-13");
        calendar_request_free(&r);
}
END_TEST

START_TEST(calendly_is_asked_at_its_own_address_only)
{
        static const char *const strange[] = {NULL,
                                              "",
                                              "https://evil.example/x",
                                              "https://api.calendly.com/scheduled_events/",
                                              "https://api.calendly.com/scheduled_events/..",
                                              "https://api.calendly.com/scheduled_events/a/b",
                                              "https://api.calendly.com/scheduled_events/a?b"};
        struct calendar_request r;
        for (size_t i = 0; i < count_of(strange); i++)
                ck_assert_int_eq(calendly_request_invitees(&r, &account, strange[i]),
                                 VIO_E_INVALID);
        ck_assert_int_eq(
            calendly_request_invitees(&r, &account, "https://evil.example/scheduled_events/E%1"),
            0);
        ck_assert_str_eq(r.http.url,
                         "https://api.cal.test/scheduled_events/E%251/invitees?count=100");
        calendar_request_free(&r);
        ck_assert_int_eq(calendly_request_events(&r, &account, "https://api.calendly.com/users/U1",
                                                 true, at("2026-11-20T15:00:00Z"),
                                                 at("2026-12-20T15:00:00Z"), "t="),
                         0);
        ck_assert_str_eq(r.http.url,
                         "https://api.cal.test/scheduled_events?user=https%3A%2F%2Fapi.calendly.com"
                         "%2Fusers%2FU1&min_start_time=2026-11-20T15%3A00%3A00Z&max_start_time="
                         "2026-12-20T15%3A00%3A00Z&status=canceled&sort=start_time%3Aasc&count=20"
                         "&page_token=t%3D");
        calendar_request_free(&r);
}
END_TEST

START_TEST(without_a_key_nothing_is_asked)
{
        struct calendar_request r;
        struct calendar_account nobody = {"https://api.cal.test", ""};
        ck_assert_int_eq(calendly_request_me(&r, &nobody), VIO_E_INVALID);
}
END_TEST

static const struct {
        int status;
        int result;
} statuses[] = {
    {200, 0},
    {204, 0},
    {302, VIO_E_UPSTREAM},
    {400, VIO_E_INVALID},
    {401, VIO_E_AUTH},
    {403, VIO_E_AUTH},
    {404, VIO_E_NOTFOUND},
    {429, VIO_E_BUSY},
    {418, VIO_E_UPSTREAM},
    {500, VIO_E_UPSTREAM},
};

START_TEST(a_status_says_what_an_answer_is_worth)
{
        struct vio_http_response *r = answer(statuses[_i].status, NULL, NULL);
        ck_assert_int_eq(calendar_answer(r), statuses[_i].result);
        vio_http_response_free(r);
}
END_TEST

static const struct {
        int status;
        const char *header;
        const char *value;
        int seconds;
} waits[] = {
    {429, "Retry-After", "17", 17},
    {429, "X-RateLimit-Reset", "30", 30},
    {429, "x-ratelimit-reset-default", "12", 12},
    {429, "X-RateLimit-Reset-Default", "1763650845", 45},
    {429, "X-RateLimit-Reset-Default", "1763650845000", 45},
    {429, "Retry-After", "0", 1},
    {429, "Retry-After", "999999", 3600},
    {429, "Retry-After", "Fri, 20 Nov 2026 15:00:00 GMT", 60},
    {429, NULL, NULL, 60},
    {200, NULL, NULL, 0},
    {200, "X-RateLimit-Remaining", "3", 0},
    {200, "X-RateLimit-Remaining-Default", "0", 60},
    {200, "X-RateLimit-Remaining", "0", 60},
    {200, "Retry-After", "17", 0},
};

START_TEST(an_answer_says_how_long_to_wait)
{
        struct vio_http_response *r = answer(waits[_i].status, waits[_i].header, waits[_i].value);
        ck_assert_int_eq(calendar_wait_s(r, INT64_C(1763650800000)), waits[_i].seconds);
        vio_http_response_free(r);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("bookings");
#define CASE(test) add_fixture_case(s, test, NULL, clear)
        CASE(a_new_booking_is_told_with_everything_about_the_one_who_booked);
        CASE(the_numbers_come_in_their_order_and_never_the_clinics);
        CASE(the_other_places_of_a_number_are_looked_at_in_order);
        CASE(a_move_names_the_booking_before);
        CASE(a_cancellation_spells_its_time_in_another_way);
        CASE(a_request_may_name_its_person_in_parts);
        CASE(a_new_booking_that_waits_for_the_host_is_a_request);
        CASE(a_no_show_names_everybody_of_whom_it_speaks);
        CASE(each_seat_is_a_booking_of_its_own);
        CASE(an_address_that_was_made_up_is_none);
        CASE(a_series_says_so);
        CASE(a_test_and_a_meeting_are_no_bookings);
        CASE(a_uid_of_256_bytes_is_none);
        CASE(one_version_of_the_webhooks_is_known);
        CASE(an_invitee_is_a_booking);
        CASE(the_question_is_known_by_its_text_but_for_case_and_blanks);
        CASE(an_invitee_who_moved_names_the_next_and_the_clinics_number_is_not_his);
        CASE(an_invitee_who_did_not_come_is_named_in_one_of_two_places);
        CASE(a_page_of_bookings_is_read_row_by_row);
        CASE(a_page_that_is_no_list_is_no_answer);
        CASE(the_events_of_calendly_are_read_with_their_invitees);
        CASE(cal_com_is_asked_for_what_changed);
        CASE(an_older_cal_com_is_asked_in_its_own_way);
        CASE(calendly_is_asked_at_its_own_address_only);
        CASE(without_a_key_nothing_is_asked);
#undef CASE
        TCase *rows = tcase_create("rows");
        tcase_add_checked_fixture(rows, NULL, clear);
        tcase_add_loop_test(rows, a_place_is_a_number_only_if_the_form_says_so, 0,
                            count_of(places));
        tcase_add_loop_test(rows, what_says_nothing_of_a_booking_is_no_notice, 0, count_of(silent));
        tcase_add_loop_test(rows, a_webhook_may_name_its_tenant, 0, count_of(named));
        tcase_add_loop_test(rows, a_status_says_what_an_answer_is_worth, 0, count_of(statuses));
        tcase_add_loop_test(rows, an_answer_says_how_long_to_wait, 0, count_of(waits));
        suite_add_tcase(s, rows);
        return s;
}
