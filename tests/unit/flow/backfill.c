/* backfill.c - what webhooks did not bring is read through the calendars' own interfaces. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "diary.h"
#include "run.h"

#define TUESDAY "2026-11-24T15:00:00Z"
#define SUNDAY  "2026-11-22T15:00:00Z"
#define KEY     "cal_live_acme_0123456789"
#define TOKEN   "calendly_token_acme_01234"

static struct town town;
static struct business *const acme = &town.acme;
static struct business *const bolt = &town.bolt;
static struct diary cal;
static struct diary cly;

/* What the calendars of the test were asked, and what they answer. */
static struct {
        char urls[64][600];
        char keys[64][64];
        char versions[64][16];
        size_t n;
        bool knows_new_paging;
        struct script refusal; /* .status 0: none */
        size_t refuse_after;   /* so many good answers come first */
        size_t rows;           /* how many bookings Cal.com has */
        const char *status;    /* of each of them */
        const char *updated;
        const char *extra; /* further members of each row */
        const char *invitee_more;
        size_t events; /* how many events Calendly has */
} asked;

static const char *header_of(const struct vio_http_request *rq, const char *name)
{
        for (size_t i = 0; i < rq->n_headers; i++)
                if (strcmp(rq->headers[i].name, name) == 0)
                        return rq->headers[i].value;
        return "";
}

static int64_t number_in(const char *url, const char *name)
{
        const char *at = strstr(url, name);
        return at ? strtoll(at + strlen(name), NULL, 10) : 0;
}

static void add(struct vio_http_response *r, const char *text)
{
        ck_assert_int_eq(vio_http_response_write(r, text, strlen(text)), 0);
}

/* Bookings from @from on, at most a hundred. */
static void add_rows(struct vio_http_response *r, size_t from)
{
        char row[700];
        for (size_t i = from; i < asked.rows && i < from + 100; i++) {
                snprintf(row, sizeof(row),
                         "%s{\"uid\":\"r%zu\",\"status\":\"%s\",\"start\":\"" MONDAY
                         "\",\"updatedAt\":\"%s\",\"eventType\":{\"slug\":\"check-up\"},"
                         "\"attendees\":[{\"name\":\"P %zu\",\"email\":\"p%zu@example.net\","
                         "\"timeZone\":\"America/New_York\",\"phoneNumber\":\"+1415555%04zu\"}]%s}",
                         i > from ? "," : "", i, asked.status, asked.updated, i, i, 200 + i,
                         asked.extra);
                add(r, row);
        }
}

static void answer_cal_com(const struct vio_http_request *rq, struct vio_http_response *r)
{
        bool old = strcmp(header_of(rq, "cal-api-version"), "2026-05-01") != 0;
        char end[200];
        if (!old && !asked.knows_new_paging) {
                vio_http_response_status(r, 400);
                return;
        }
        size_t from = (size_t)number_in(rq->url, old ? "skip=" : "cursor=");
        bool more = asked.rows > from + 100;
        vio_http_response_status(r, 200);
        add(r, "{\"status\":\"success\",\"data\":[");
        add_rows(r, from);
        snprintf(end, sizeof(end), "],\"pagination\":{\"nextCursor\":\"%zu\",\"hasMore\":%s}}",
                 from + 100, more && !old ? "true" : "false");
        add(r, end);
}

#define BASE "https://api.calendly.com"

static void add_events(struct vio_http_response *r, size_t from, bool canceled)
{
        char event[400];
        size_t most = canceled ? 0 : asked.events;
        add(r, "{\"collection\":[");
        for (size_t i = from; i < most && i < from + 20; i++) {
                snprintf(event, sizeof(event),
                         "%s{\"uri\":\"" BASE "/scheduled_events/E%zu\",\"name\":\"Check-up\","
                         "\"status\":\"active\",\"start_time\":\"" MONDAY "\"}",
                         i > from ? "," : "", i);
                add(r, event);
        }
        snprintf(event, sizeof(event), "],\"pagination\":{\"next_page_token\":%s%zu%s}}",
                 most > from + 20 ? "\"" : "null,\"x\":", from + 20, most > from + 20 ? "\"" : "");
        add(r, event);
}

static void answer_calendly(const struct vio_http_request *rq, struct vio_http_response *r)
{
        char text[800];
        const char *event = strstr(rq->url, "/scheduled_events/");
        vio_http_response_status(r, 200);
        if (strstr(rq->url, "/users/me")) {
                add(r, "{\"resource\":{\"uri\":\"" BASE "/users/U1\"}}");
        } else if (!event) {
                add_events(r, (size_t)number_in(rq->url, "page_token="),
                           strstr(rq->url, "status=canceled") != NULL);
        } else {
                int64_t n = number_in(event, "/scheduled_events/E");
                snprintf(text, sizeof(text),
                         "{\"collection\":[{\"uri\":\"" BASE "/scheduled_events/E%lld/invitees/I\","
                         "\"name\":\"Q\",\"email\":\"q%lld@example.net\",\"status\":\"active\","
                         "\"updated_at\":\"2026-11-20T10:00:00Z\",\"text_reminder_number\":"
                         "\"+1415555%04lld\"%s}]}",
                         (long long)n, (long long)n, (long long)(200 + n), asked.invitee_more);
                add(r, text);
        }
}

static void answer(struct town *t, const struct vio_http_request *rq, struct vio_http_response *r)
{
        (void)t;
        size_t at = asked.n++ % count_of(asked.urls);
        snprintf(asked.urls[at], sizeof(asked.urls[0]), "%s", rq->url);
        snprintf(asked.keys[at], sizeof(asked.keys[0]), "%s", header_of(rq, "Authorization"));
        snprintf(asked.versions[at], sizeof(asked.versions[0]), "%s",
                 header_of(rq, "cal-api-version"));
        if (asked.refusal.status && asked.n > asked.refuse_after) {
                vio_http_response_status(r, asked.refusal.status);
                if (asked.refusal.header)
                        vio_http_response_header(r, asked.refusal.header, asked.refusal.value);
                return;
        }
        if (strstr(rq->url, "http://cal-com.test") == rq->url)
                answer_cal_com(rq, r);
        else
                answer_calendly(rq, r);
}

static void open_town(void)
{
        town_open(&town);
        memset(&asked, 0, sizeof(asked));
        asked.knows_new_paging = true;
        asked.rows = 1;
        asked.events = 1;
        asked.status = "accepted";
        asked.updated = "2026-11-20T10:00:00.000Z";
        asked.extra = "";
        asked.invitee_more = "";
        town.calendar = answer;
        cal = (struct diary){acme, VIO_CALENDAR_CAL_COM, {"", ""}};
        cly = (struct diary){acme, VIO_CALENDAR_CALENDLY, {"", ""}};
}

static void close_town(void)
{
        town_close(&town);
}

START_TEST(without_a_key_nobody_is_asked)
{
        when_time_passes(&town, 1 * DAYS);
        ck_assert_uint_eq(asked.n, 0);
}
END_TEST

START_TEST(a_key_brings_the_bookings_that_are_ahead)
{
        given_setting(acme, "cal_com_api_key", KEY);
        when_time_passes(&town, 1 * MINUTES);
        ck_assert_uint_eq(asked.n, 1);
        ck_assert_ptr_nonnull(strstr(asked.urls[0], "afterStart=2026-11-20T15%3A00%3A00Z"));
        ck_assert_ptr_null(strstr(asked.urls[0], "afterUpdatedAt"));
        ck_assert_str_eq(asked.keys[0], "Bearer " KEY);
        vio_contact_id p = booking_of(&cal, "r0").contact;
        ck_assert_int_eq(appointment_of(acme, p), at(MONDAY));
        then_planned_at(acme, p, VIO_TASK_INITIAL_REMINDER, SUNDAY);
        ck_assert_uint_eq(contacts_of(bolt), 0);
}
END_TEST

START_TEST(every_hour_what_changed_is_asked_for)
{
        given_setting(acme, "cal_com_api_key", KEY);
        when_time_passes(&town, 1 * MINUTES);
        asked.n = 0;
        when_time_passes(&town, 58 * MINUTES);
        ck_assert_uint_eq(asked.n, 0);
        asked.updated = "2026-11-20T15:55:00.000Z";
        asked.status = "cancelled";
        when_time_passes(&town, 2 * MINUTES);
        ck_assert_uint_eq(asked.n, 1);
        /* Ten minutes before what is known, which after the first round is when that began. */
        ck_assert_ptr_nonnull(strstr(asked.urls[0], "afterUpdatedAt=2026-11-20T14%3A50%3A00Z"));
        ck_assert_ptr_nonnull(strstr(asked.urls[0], "sortUpdatedAt=asc"));
        then_appointment_is(acme, booking_of(&cal, "r0").contact, VIO_APPOINTMENT_CANCELLED);
        then_nothing_is_planned(acme, booking_of(&cal, "r0").contact);
        asked.n = 0;
        when_time_passes(&town, 1 * HOURS);
        ck_assert_ptr_nonnull(strstr(asked.urls[0], "afterUpdatedAt=2026-11-20T15%3A45%3A00Z"));
}
END_TEST

START_TEST(what_a_webhook_brought_before_is_nothing_new)
{
        cal = given_calendar(acme, VIO_CALENDAR_CAL_COM);
        tell(&cal, .uid = "r0", .email = "p0@example.net", .at = "2026-11-20T10:00:01Z");
        given_setting(acme, "cal_com_api_key", KEY);
        when_time_passes(&town, 1 * MINUTES);
        ck_assert_uint_eq(contacts_of(acme), 1);
        then_planned_at(acme, booking_of(&cal, "r0").contact, VIO_TASK_INITIAL_REMINDER, SUNDAY);
        when_it_is(&town, MONDAY);
        then_rings_are(acme, phone_of(1), 1);
}
END_TEST

START_TEST(a_move_read_in_two_rows_is_one_appointment)
{
        given_setting(acme, "cal_com_api_key", KEY);
        when_time_passes(&town, 1 * MINUTES);
        vio_contact_id p = booking_of(&cal, "r0").contact;
        asked.status = "cancelled";
        asked.updated = "2026-11-20T15:30:00.000Z";
        asked.extra = ",\"rescheduledToUid\":\"n0\"";
        when_time_passes(&town, 1 * HOURS);
        then_appointment_is(acme, p, VIO_APPOINTMENT_RESCHEDULED);
        then_nothing_is_planned(acme, p);
        cal = given_calendar(acme, VIO_CALENDAR_CAL_COM);
        tell(&cal, .uid = "n0", .event = "BOOKING_RESCHEDULED", .previous = "r0", .start = TUESDAY,
             .at = "2026-11-20T15:30:01Z", .email = "p0@example.net");
        ck_assert_int_eq(booking_of(&cal, "n0").contact.v, p.v);
        then_appointment_is(acme, p, VIO_APPOINTMENT_PENDING);
        ck_assert_uint_eq(contacts_of(acme), 1);
}
END_TEST

START_TEST(many_pages_are_read_a_few_at_a_time)
{
        asked.rows = 730;
        given_setting(acme, "cal_com_api_key", KEY);
        ck_assert_int_eq(when_stepped(&town), 0);
        ck_assert_uint_eq(asked.n, 3);
        when_time_passes(&town, 1 * MINUTES);
        ck_assert_uint_eq(asked.n, 8);
        ck_assert_ptr_nonnull(strstr(asked.urls[7], "cursor=700"));
        ck_assert_uint_eq(contacts_of(acme), 730);
        when_time_passes(&town, 50 * MINUTES);
        ck_assert_uint_eq(asked.n, 8);
}
END_TEST

START_TEST(an_older_server_is_asked_in_its_own_way)
{
        asked.rows = 150;
        asked.knows_new_paging = false;
        given_setting(acme, "cal_com_api_key", KEY);
        when_time_passes(&town, 1 * MINUTES);
        ck_assert_uint_eq(asked.n, 3);
        ck_assert_str_eq(asked.versions[0], "2026-05-01");
        ck_assert_str_eq(asked.versions[1], "2024-08-13");
        ck_assert_ptr_nonnull(strstr(asked.urls[1], "take=100&skip=0"));
        ck_assert_ptr_nonnull(strstr(asked.urls[2], "take=100&skip=100"));
        ck_assert_uint_eq(contacts_of(acme), 150);
}
END_TEST

START_TEST(whoever_is_asked_to_wait_waits)
{
        asked.rows = 250;
        asked.refusal = (struct script){429, "Retry-After", "90", NULL};
        asked.refuse_after = 1;
        given_setting(acme, "cal_com_api_key", KEY);
        when_time_passes(&town, 85 * SECONDS);
        ck_assert_uint_eq(asked.n, 2);
        ck_assert_uint_eq(contacts_of(acme), 100);
        asked.refusal.status = 0;
        when_time_passes(&town, 20 * SECONDS);
        ck_assert_uint_eq(asked.n, 4);
        ck_assert_ptr_nonnull(strstr(asked.urls[2], "cursor=100"));
        ck_assert_uint_eq(contacts_of(acme), 250);
}
END_TEST

START_TEST(a_failure_is_tried_again_later_and_later)
{
        asked.refusal = (struct script){500, NULL, NULL, NULL};
        given_setting(acme, "cal_com_api_key", KEY);
        when_time_passes(&town, 4 * MINUTES);
        ck_assert_uint_eq(asked.n, 1);
        when_time_passes(&town, 2 * MINUTES);
        ck_assert_uint_eq(asked.n, 2);
        when_time_passes(&town, 8 * MINUTES);
        ck_assert_uint_eq(asked.n, 2);
        when_time_passes(&town, 2 * MINUTES);
        ck_assert_uint_eq(asked.n, 3);
        when_time_passes(&town, 2 * DAYS);
        ck_assert_uint_lt(asked.n, 20);
        asked.refusal.status = 0;
        when_time_passes(&town, 6 * HOURS);
        ck_assert_int_ne(booking_of(&cal, "r0").contact.v, 0);
}
END_TEST

START_TEST(one_clinics_trouble_is_not_the_others)
{
        given_setting(acme, "cal_com_api_key", KEY);
        given_setting(bolt, "cal_com_api_key", "cal_live_bolt_0123456789");
        when_time_passes(&town, 1 * MINUTES);
        ck_assert_uint_eq(contacts_of(acme), 1);
        ck_assert_uint_eq(contacts_of(bolt), 1);
        ck_assert_str_ne(asked.keys[0], asked.keys[1]);
}
END_TEST

START_TEST(without_its_key_a_calendar_is_left_alone)
{
        given_setting(acme, "cal_com_api_key", KEY);
        when_time_passes(&town, 1 * MINUTES);
        given_setting(acme, "cal_com_api_key", NULL);
        asked.n = 0;
        when_time_passes(&town, 5 * HOURS);
        ck_assert_uint_eq(asked.n, 0);
        /* And with another one everything is read anew. */
        given_setting(acme, "cal_com_api_key", "cal_live_other_0123456789");
        when_time_passes(&town, 1 * MINUTES);
        ck_assert_uint_eq(asked.n, 1);
        ck_assert_ptr_nonnull(strstr(asked.urls[0], "afterStart="));
}
END_TEST

START_TEST(the_events_of_calendly_are_read_with_their_invitees)
{
        given_setting(acme, "calendly_token", TOKEN);
        when_time_passes(&town, 5 * MINUTES);
        ck_assert_uint_eq(asked.n, 4);
        ck_assert_str_eq(asked.urls[0], "http://calendly.test/users/me");
        ck_assert_ptr_nonnull(strstr(asked.urls[1], "user=https%3A%2F%2Fapi.calendly.com"));
        ck_assert_ptr_nonnull(strstr(asked.urls[1], "min_start_time=2026-11-20T15%3A00%3A00Z"));
        ck_assert_ptr_nonnull(strstr(asked.urls[1], "max_start_time=2026-12-20T15%3A00%3A00Z"));
        ck_assert_str_eq(asked.urls[2],
                         "http://calendly.test/scheduled_events/E0/invitees?count=100");
        ck_assert_ptr_nonnull(strstr(asked.urls[3], "status=canceled"));
        vio_contact_id q = booking_of(&cly, BASE "/scheduled_events/E0/invitees/I").contact;
        then_planned_at(acme, q, VIO_TASK_INITIAL_REMINDER, SUNDAY);
        /* Who we are there is asked once. */
        asked.n = 0;
        when_time_passes(&town, 1 * HOURS);
        ck_assert_uint_eq(asked.n, 3);
        ck_assert_ptr_nonnull(strstr(asked.urls[0], "status=active"));
}
END_TEST

START_TEST(calendly_is_asked_no_faster_than_it_allows)
{
        asked.events = 45;
        given_setting(acme, "calendly_token", TOKEN);
        when_time_passes(&town, 25 * SECONDS);
        ck_assert_uint_eq(asked.n, 22);
        when_time_passes(&town, 30 * SECONDS);
        ck_assert_uint_eq(asked.n, 43);
        asked.n = 0;
        when_time_passes(&town, 5 * MINUTES);
        ck_assert_uint_eq(asked.n, 7);
        ck_assert_uint_eq(contacts_of(acme), 45);
}
END_TEST

START_TEST(a_page_whose_invitees_cannot_be_read_is_read_again)
{
        asked.events = 3;
        asked.refusal = (struct script){503, NULL, NULL, NULL};
        asked.refuse_after = 3;
        given_setting(acme, "calendly_token", TOKEN);
        when_time_passes(&town, 1 * MINUTES);
        ck_assert_uint_eq(contacts_of(acme), 0);
        asked.refusal.status = 0;
        when_time_passes(&town, 6 * MINUTES);
        ck_assert_uint_eq(contacts_of(acme), 3);
}
END_TEST

START_TEST(a_restart_goes_on_where_it_was)
{
        asked.rows = 450;
        given_setting(acme, "cal_com_api_key", KEY);
        ck_assert_int_eq(when_stepped(&town), 0);
        town_reopen(&town);
        when_time_passes(&town, 1 * MINUTES);
        ck_assert_uint_eq(asked.n, 5);
        ck_assert_ptr_nonnull(strstr(asked.urls[3], "cursor=300"));
        ck_assert_uint_eq(contacts_of(acme), 450);
}
END_TEST

START_TEST(a_series_is_read_at_once)
{
        given_setting(acme, "cal_com_api_key", KEY);
        cal = given_calendar(acme, VIO_CALENDAR_CAL_COM);
        when_time_passes(&town, 1 * MINUTES);
        asked.n = 0;
        tell(&cal, .uid = "s1", .more = ",\"recurringEvent\":{\"count\":3}");
        when_time_passes(&town, 10 * SECONDS);
        ck_assert_uint_eq(asked.n, 1);
}
END_TEST

START_TEST(nobody_who_did_not_come_is_missed)
{
        cal = given_calendar(acme, VIO_CALENDAR_CAL_COM);
        asked.invitee_more = ",\"no_show\":{\"created_at\":\"2026-11-20T14:00:00Z\"}";
        given_setting(acme, "calendly_token", TOKEN);
        when_time_passes(&town, 1 * MINUTES);
        ck_assert(
            no_show_of(acme, booking_of(&cly, BASE "/scheduled_events/E0/invitees/I").contact));
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("backfill");
#define CASE(test) add_fixture_case(s, test, open_town, close_town)
        CASE(without_a_key_nobody_is_asked);
        CASE(a_key_brings_the_bookings_that_are_ahead);
        CASE(every_hour_what_changed_is_asked_for);
        CASE(what_a_webhook_brought_before_is_nothing_new);
        CASE(a_move_read_in_two_rows_is_one_appointment);
        CASE(many_pages_are_read_a_few_at_a_time);
        CASE(an_older_server_is_asked_in_its_own_way);
        CASE(whoever_is_asked_to_wait_waits);
        CASE(a_failure_is_tried_again_later_and_later);
        CASE(one_clinics_trouble_is_not_the_others);
        CASE(without_its_key_a_calendar_is_left_alone);
        CASE(the_events_of_calendly_are_read_with_their_invitees);
        CASE(calendly_is_asked_no_faster_than_it_allows);
        CASE(a_page_whose_invitees_cannot_be_read_is_read_again);
        CASE(a_restart_goes_on_where_it_was);
        CASE(a_series_is_read_at_once);
        CASE(nobody_who_did_not_come_is_missed);
#undef CASE
        return s;
}
