/* diary.c - the calendars of the two clinics, as tests speak of them. */
#include "diary.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/handle.h"
#include "store/bookings.h"
#include "store/calendar_hooks.h"
#include "store/q.h"

struct diary given_calendar(struct business *b, enum vio_calendar calendar)
{
        struct diary d = {b, calendar, {"", ""}};
        ck_assert_int_eq(vio_calendar_hook_renew(b->handle, calendar, &d.access), 0);
        return d;
}

static const char * or (const char *text, const char *usual)
{
        return text ? text : usual;
}

/* A member whose value is a text or null. */
static const char *quoted(const char *text)
{
        static _Thread_local char rooms[8][300];
        static _Thread_local unsigned turn;
        char *room = rooms[turn++ % 8];
        if (!text || !*text)
                return "null";
        snprintf(room, 300, "\"%s\"", text);
        return room;
}

static const char *cal_com_body(const struct told *t, char *room, size_t size)
{
        snprintf(
            room, size,
            "{\"triggerEvent\":\"%s\",\"createdAt\":\"%s\",\"payload\":{\"uid\":\"%s\","
            "\"startTime\":\"%s\",\"eventTitle\":\"%s\",\"type\":\"slug\",\"rescheduleUid\":%s,"
            "\"attendees\":[{\"name\":%s,\"email\":%s,\"timeZone\":%s,\"phoneNumber\":%s}],"
            "\"seatsPerTimeSlot\":null%s}}",
            or (t->event, "BOOKING_CREATED"), or (t->at, OPENING_DAY), or (t->uid, "b1"),
            or (t->start, MONDAY), or (t->service, "Cleaning"), quoted(t->previous),
            quoted(or (t->name, "Ada Byron")), quoted(or (t->email, "ada@example.net")),
            quoted(t->zone), quoted(or (t->phone, phone_of(1))), or (t->more, ""));
        return room;
}

static const char *calendly_body(const struct told *t, char *room, size_t size)
{
        snprintf(room, size,
                 "{\"event\":\"%s\",\"created_at\":\"%s\",\"payload\":{\"uri\":\"%s\",\"name\":%s,"
                 "\"email\":%s,\"timezone\":%s,\"updated_at\":\"%s\",\"rescheduled\":%s,"
                 "\"old_invitee\":%s,\"new_invitee\":%s,\"text_reminder_number\":%s,"
                 "\"questions_and_answers\":[],\"scheduled_event\":{\"name\":\"%s\","
                 "\"start_time\":\"%s\"}%s}}",
                 or (t->event, "invitee.created"), or (t->at, OPENING_DAY), or (t->uid, "b1"),
                 quoted(or (t->name, "Ada Byron")), quoted(or (t->email, "ada@example.net")),
                 quoted(t->zone), or (t->at, OPENING_DAY), t->next ? "true" : "false",
                 quoted(t->previous), quoted(t->next), quoted(or (t->phone, phone_of(1))),
                 or (t->service, "Cleaning"), or (t->start, MONDAY), or (t->more, ""));
        return room;
}

const char *body_of_told(const struct diary *d, const struct told *t)
{
        static _Thread_local char room[4096];
        return d->calendar == VIO_CALENDAR_CALENDLY ? calendly_body(t, room, sizeof(room))
                                                    : cal_com_body(t, room, sizeof(room));
}

int post_body(const struct diary *d, const char *body, enum vio_receipt *ret)
{
        struct vio_calendar_webhook w = VIO_CALENDAR_WEBHOOK_INIT;
        char header[VIO_CALENDLY_SIGNATURE];
        struct town *town = d->b->town;

        w.calendar = d->calendar;
        w.token = d->access.token;
        w.body = body;
        w.body_len = strlen(body);
        w.signature = header;
        int r = d->calendar == VIO_CALENDAR_CALENDLY
                    ? vio_calendly_sign(d->access.secret, body, w.body_len, town->now, header)
                    : vio_cal_com_sign(d->access.secret, body, w.body_len, header);
        ck_assert_int_eq(r, 0);
        return vio_calendar_webhook(town->v, &w, ret);
}

int post_told(const struct diary *d, const struct told *t, enum vio_receipt *ret)
{
        return post_body(d, body_of_told(d, t), ret);
}

/* What can be seen */

struct look {
        const struct diary *d;
        const char *key;
        vio_contact_id contact;
        struct seen_booking seen;
        char *text;
        bool flag;
};

static int see_booking(struct tenant_tx *tx, void *arg)
{
        struct look *l = arg;
        struct booking b;
        int r = booking_load(tx, l->d->calendar, l->key, &b);
        if (r)
                return r;
        const char *state = booking_state_name(b.facts.state);
        snprintf(l->seen.state, sizeof(l->seen.state), "%s", state ? state : "");
        l->seen.contact = b.contact;
        l->seen.start = b.facts.start_at;
        return 0;
}

static void look(struct business *b, tenant_fn *fn, struct look *l)
{
        struct fault f = {0};
        ck_assert_int_eq(store_read_tenant(b->town->v->engine.store, b->id, fn, l, &f), 0);
}

struct seen_booking booking_of(const struct diary *d, const char *uid)
{
        struct look l = {.d = d, .key = uid};
        look(d->b, see_booking, &l);
        return l.seen;
}

TENANT_SQL(sql_marks, "SELECT attention_note, no_show FROM contacts WHERE tenant_id = ?1"
                      " AND id = ?2");
static int see_marks(struct tenant_tx *tx, void *arg)
{
        struct look *l = arg;
        _cleanup_q_ struct q *q = q_open(tx, &sql_marks);
        q_int(q, l->contact.v);
        ck_assert(q_row(q));
        const char *note = q_col_text(q, 0);
        l->text = note ? strdup(note) : NULL;
        l->flag = q_col_int(q, 1);
        return q_err(q);
}

char *note_of(struct business *b, vio_contact_id contact)
{
        struct look l = {.contact = contact};
        look(b, see_marks, &l);
        return l.text;
}

bool no_show_of(struct business *b, vio_contact_id contact)
{
        struct look l = {.contact = contact};
        look(b, see_marks, &l);
        free(l.text);
        return l.flag;
}

TENANT_SQL(sql_result, "SELECT result FROM calendar_events WHERE tenant_id = ?1 AND provider = ?2"
                       " AND event_type = ?3 ORDER BY created_at DESC LIMIT 1");
static int see_result(struct tenant_tx *tx, void *arg)
{
        struct look *l = arg;
        _cleanup_q_ struct q *q = q_open(tx, &sql_result);
        q_text(q, calendar_word(l->d->calendar));
        q_text(q, l->key);
        ck_assert_msg(q_row(q), "no event %s was kept", l->key);
        l->text = strdup(q_col_text(q, 0));
        return q_err(q);
}

char *result_of(const struct diary *d, const char *event)
{
        struct look l = {.d = d, .key = event};
        look(d->b, see_result, &l);
        return l.text;
}

void remove_contact(struct business *b, vio_contact_id contact)
{
        ck_assert_int_eq(vio_contact_remove(b->handle, contact, false), 0);
}

struct count {
        vio_time now;
        size_t all;
        size_t live;
};

static int count_contact(void *data, const vio_contact *c)
{
        struct count *n = data;
        enum vio_appointment_status status = vio_contact_get_appointment_status(c);
        bool open = status == VIO_APPOINTMENT_PENDING || status == VIO_APPOINTMENT_CONFIRMED;
        n->all++;
        n->live += open && vio_contact_get_appointment_time(c) > n->now;
        return 0;
}

static struct count count(struct business *b)
{
        struct count n = {.now = b->town->now};
        struct vio_contact_filter all = VIO_CONTACT_FILTER_INIT;
        ck_assert_int_eq(vio_contact_each(b->handle, &all, count_contact, &n), 0);
        return n;
}

size_t contacts_of(struct business *b)
{
        return count(b).all;
}

size_t live_appointments(struct business *b)
{
        return count(b).live;
}

vio_time appointment_of(struct business *b, vio_contact_id contact)
{
        vio_contact *c = NULL;
        ck_assert_int_eq(vio_contact_get(b->handle, contact, &c), 0);
        vio_time t = vio_contact_get_appointment_time(c);
        vio_contact_free(c);
        return t;
}
