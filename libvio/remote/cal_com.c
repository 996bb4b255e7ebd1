/* cal_com.c - bookings as Cal.com tells them, in webhooks and in answers. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "../base/text.h"
#include "call_object.h"
#include "notice.h"

#define WEBHOOK_VERSION "2021-10-20"

bool cal_com_version_known(const char *version)
{
        return !version || !*version || !strcmp(version, WEBHOOK_VERSION);
}

/* Where the parts of a booking stand: webhooks and answers have other names for them. */
struct shape {
        const char *start;
        const char *previous;
        const char *responses;
};
static const struct shape webhook_shape = {"startTime", "rescheduleUid", "responses"};
static const struct shape answer_shape = {"start", "rescheduledFromUid", "bookingFieldsResponses"};

/* A booking, and what of it concerns one attendee. */
struct reading {
        const struct shape *shape;
        const struct booking_form *form;
        const vio_json *booking;
        const vio_json *attendee;
        bool is_booker; /* the answers of the form are this attendee's */
        bool has_seats;
        enum booking_state state;
        vio_time happened_at;
};

/* The answer to a question of the form: {"label", "value"} in webhooks, plain in answers. */
static const vio_json *response(const struct reading *r, const char *slug)
{
        const vio_json *all = vio_json_get(r->booking, r->shape->responses);
        const vio_json *j = slug && r->is_booker ? vio_json_get(all, slug) : NULL;
        bool wrapped = r->shape == &webhook_shape && vio_json_type(j) == VIO_JSON_OBJECT;
        return wrapped ? vio_json_get(j, "value") : j;
}

/*
 * The place is the attendee's number only if the form says that it is one: the same member holds
 * the clinic's own number too, which must never be called.
 */
static const vio_json *phone_of_location(const struct reading *r)
{
        const vio_json *place = vio_json_get(r->booking, "location");
        const char *number = vio_json_text(place);
        const vio_json *answer = response(r, "location");
        const char *kind = vio_json_text(vio_json_get(answer, "value"));

        if (!number || number[0] != '+' || !isdigit((unsigned char)number[1]) || !kind)
                return NULL;
        return !strcmp(kind, "phone") || !strcmp(kind, number) ? place : NULL;
}

static void read_phones(const struct reading *r, struct booking_notice *n)
{
        notice_phone(n, response(r, "attendeePhoneNumber"));
        notice_phone(n, vio_json_get(r->attendee, "phoneNumber"));
        if (!r->is_booker)
                return;
        notice_phone(n, vio_json_get(r->booking, "smsReminderNumber"));
        notice_phone(n, response(r, "smsReminderNumber"));
        notice_phone(n, response(r, "aiAgentCallPhoneNumber"));
        notice_phone(n, phone_of_location(r));
        notice_phone(n, response(r, r->form->cal_com_field));
}

static void read_name(const struct reading *r, struct booking_notice *n)
{
        const vio_json *answer = response(r, "name");

        notice_line(vio_json_text(vio_json_get(r->attendee, "name")), n->name, sizeof(n->name));
        if (!*n->name)
                notice_line(vio_json_text(answer), n->name, sizeof(n->name));
        if (!*n->name)
                notice_name(vio_json_get(answer, "firstName"), vio_json_get(answer, "lastName"),
                            n->name);
}

static void read_service(const struct reading *r, struct booking_notice *n)
{
        const char *title = plain_text(vio_json_get(r->booking, "eventTitle"), 1000);
        const vio_json *type = vio_json_get(r->booking, "eventType");

        if (!title)
                title = vio_json_text(vio_json_get(r->booking, "type"));
        if (!title)
                title = vio_json_text(vio_json_get(type, "title"));
        if (!title)
                title = vio_json_text(vio_json_get(type, "slug"));
        notice_line(title, n->service, sizeof(n->service));
}

static bool is_there(const vio_json *j)
{
        return vio_json_type(j) != VIO_JSON_MISSING && vio_json_type(j) != VIO_JSON_NULL;
}

/* What can be said of an attendee; nothing when the booking has no usable uid or no time. */
static int read_attendee(const struct reading *r, struct booking_notices *to)
{
        struct booking_notice *n = notice_add(to);
        if (!n)
                return VIO_E_NOMEM;
        const char *zone = plain_text(vio_json_get(r->attendee, "timeZone"), sizeof(n->zone) - 1);

        n->facts.state = r->state;
        n->facts.changed_at = r->happened_at;
        n->facts.start_at = notice_time(vio_json_get(r->booking, r->shape->start));
        bool needs_start = r->state == BOOKING_BOOKED || r->state == BOOKING_REQUESTED;
        if (!notice_uid(vio_json_get(r->booking, "uid"), n->uid) ||
            (needs_start && n->facts.start_at == VIO_TIME_NONE)) {
                to->n--;
                return VIO_OK;
        }
        notice_uid(vio_json_get(r->booking, r->shape->previous), n->facts.previous_uid);
        notice_uid(vio_json_get(r->booking, "rescheduledToUid"), n->facts.next_uid);
        notice_email(vio_json_get(r->attendee, "email"), n->email);
        if (r->has_seats) {
                notice_seat(n->uid, n->email);
                notice_seat(n->facts.previous_uid, n->email);
                notice_seat(n->facts.next_uid, n->email);
        }
        text_copy(n->zone, sizeof(n->zone), zone ? zone : "");
        read_name(r, n);
        read_service(r, n);
        read_phones(r, n);
        return VIO_OK;
}

/* Without seats the first attendee is who booked; the others are guests, who are not called. */
static int read_attendees(struct reading *r, struct booking_notices *to)
{
        const vio_json *a = vio_json_first(vio_json_get(r->booking, "attendees"));
        r->is_booker = true;
        r->attendee = a;
        int e = read_attendee(r, to);
        for (a = vio_json_next(a); !e && r->has_seats && a; a = vio_json_next(a)) {
                r->is_booker = false;
                r->attendee = a;
                e = read_attendee(r, to);
        }
        return e;
}

static const struct {
        const char *word;
        enum booking_state state;
} statuses[] = {
    {"accepted", BOOKING_BOOKED},         {"pending", BOOKING_REQUESTED},
    {"awaiting_host", BOOKING_REQUESTED}, {"cancelled", BOOKING_CANCELLED},
    {"rejected", BOOKING_REJECTED},
};

static enum booking_state state_of(const vio_json *booking, enum booking_state otherwise)
{
        const char *status = vio_json_text(vio_json_get(booking, "status"));
        for (size_t i = 0; status && i < count_of(statuses); i++) {
                if (!strcasecmp(status, statuses[i].word))
                        return statuses[i].state;
        }
        return otherwise;
}

static int read_no_show(const vio_json *booking, const vio_json *attendee, const char *uid,
                        bool came, vio_time happened_at, struct booking_notices *to)
{
        struct booking_notice *n = notice_add(to);
        if (!n)
                return VIO_E_NOMEM;
        n->action = came ? BOOKING_SAYS_ATTENDED : BOOKING_SAYS_NO_SHOW;
        n->facts.changed_at = happened_at;
        notice_email(vio_json_get(attendee, "email"), n->email);
        if (!notice_uid(vio_json_get(booking, uid), n->uid)) {
                to->n--;
                return VIO_OK;
        }
        text_copy(n->seat_uid, sizeof(n->seat_uid), n->uid);
        notice_seat(n->seat_uid, n->email);
        return VIO_OK;
}

static int read_no_shows(const vio_json *payload, vio_time happened_at, struct booking_notices *to)
{
        int e = VIO_OK;
        const vio_json *a = vio_json_first(vio_json_get(payload, "attendees"));
        for (; !e && a; a = vio_json_next(a)) {
                bool no_show;
                if (vio_json_bool(vio_json_get(a, "noShow"), &no_show) == 0)
                        e = read_no_show(payload, a, "bookingUid", !no_show, happened_at, to);
        }
        return e;
}

/* The events that mean something here. BOOKING_UNKNOWN: who came. */
static const struct {
        const char *name;
        enum booking_state state;
} events[] = {
    {"BOOKING_CREATED", BOOKING_BOOKED},      {"BOOKING_RESCHEDULED", BOOKING_BOOKED},
    {"BOOKING_PAID", BOOKING_BOOKED},         {"BOOKING_LOCATION_UPDATED", BOOKING_BOOKED},
    {"BOOKING_REQUESTED", BOOKING_REQUESTED}, {"BOOKING_CANCELLED", BOOKING_CANCELLED},
    {"BOOKING_REJECTED", BOOKING_REJECTED},   {"BOOKING_NO_SHOW_UPDATED", BOOKING_UNKNOWN},
};

/* What creates a booking may find it waiting for the host; what ends it, ends it. */
static int read_booking(const vio_json *payload, enum booking_state state, vio_time happened_at,
                        const struct booking_form *form, struct booking_notices *to)
{
        struct reading r = {
            .shape = &webhook_shape,
            .form = form,
            .booking = payload,
            .has_seats =
                vio_json_type(vio_json_get(payload, "seatsPerTimeSlot")) == VIO_JSON_NUMBER,
            .state = state == BOOKING_BOOKED ? state_of(payload, state) : state,
            .happened_at = happened_at,
        };
        to->series = is_there(vio_json_get(payload, "recurringEvent"));
        return read_attendees(&r, to);
}

int cal_com_webhook_read(const vio_json *root, const struct booking_form *form,
                         struct booking_webhook *ret)
{
        _cleanup_notices_ struct booking_notices notices = {0};
        const vio_json *payload = vio_json_get(root, "payload");
        vio_time happened_at = notice_time(vio_json_get(root, "createdAt"));
        const char *event = plain_text(vio_json_get(root, "triggerEvent"), 64);
        int e = VIO_OK;

        for (size_t i = 0; !e && event && i < count_of(events); i++) {
                if (strcmp(event, events[i].name) != 0)
                        continue;
                e = events[i].state == BOOKING_UNKNOWN
                        ? read_no_shows(payload, happened_at, &notices)
                        : read_booking(payload, events[i].state, happened_at, form, &notices);
        }
        if (e)
                return e;
        *ret = (struct booking_webhook){event ? event : "", notices};
        notices = (struct booking_notices){0};
        return VIO_OK;
}

int64_t cal_com_webhook_tenant(const vio_json *root)
{
        const vio_json *metadata = vio_json_get(vio_json_get(root, "payload"), "metadata");
        const vio_json *named = vio_json_get(metadata, "tenantId");
        const char *text = vio_json_text(named);
        int64_t id = 0;

        if (vio_json_int(named, &id) == 0)
                return id > 0 ? id : 0;
        if (!text || strlen(text) > 15)
                return 0;
        for (; isdigit((unsigned char)*text); text++)
                id = id * 10 + (*text - '0');
        return *text ? 0 : id;
}

/* A row of an answer. Only there an attendee's seat has a name, and a no-show stands in the row. */
static int read_row(const vio_json *row, const struct booking_form *form, struct cal_com_page *page)
{
        const vio_json *first = vio_json_first(vio_json_get(row, "attendees"));
        bool absent = false;
        struct reading r = {
            .shape = &answer_shape,
            .form = form,
            .booking = row,
            .has_seats = is_there(vio_json_get(first, "seatUid")),
            .state = state_of(row, BOOKING_UNKNOWN),
            .happened_at = notice_time(vio_json_get(row, "updatedAt")),
        };
        if (r.happened_at > page->updated)
                page->updated = r.happened_at;
        if (r.state == BOOKING_UNKNOWN)
                return VIO_OK;
        if (r.state == BOOKING_CANCELLED && is_there(vio_json_get(row, "rescheduledToUid")))
                r.state = BOOKING_MOVED;
        int e = read_attendees(&r, &page->notices);
        vio_json_bool(vio_json_get(first, "absent"), &absent);
        if (!e && absent && r.state == BOOKING_BOOKED)
                e = read_no_show(row, first, "uid", false, r.happened_at, &page->notices);
        return e;
}

int cal_com_read_page(const struct vio_http_response *response, const struct booking_form *form,
                      struct cal_com_page *ret)
{
        struct cal_com_page page = {.updated = VIO_TIME_NONE};
        vio_json *root = NULL;
        size_t len;
        const char *body = vio_http_response_get_body(response, &len);
        int e = vio_json_parse(body, len, &root);
        if (e)
                return e == VIO_E_NOMEM ? e : VIO_E_UPSTREAM;

        const vio_json *data = vio_json_get(root, "data");
        const vio_json *paging = vio_json_get(root, "pagination");
        const char *cursor =
            plain_text(vio_json_get(paging, "nextCursor"), sizeof(page.next_cursor) - 1);
        bool more = cursor != NULL;
        vio_json_bool(vio_json_get(paging, "hasMore"), &more);
        if (vio_json_type(data) != VIO_JSON_ARRAY)
                e = VIO_E_UPSTREAM;
        page.rows = vio_json_count(data);
        for (const vio_json *row = vio_json_first(data); !e && row; row = vio_json_next(row))
                e = read_row(row, form, &page);
        text_copy(page.next_cursor, sizeof(page.next_cursor), cursor && more ? cursor : "");
        vio_json_free(root);
        if (e)
                booking_notices_free(&page.notices);
        else
                *ret = page;
        return e;
}
