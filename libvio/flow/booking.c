/* booking.c - a booking of somebody's calendar becomes a contact's appointment. */
#include "flow/booking.h"

#include <string.h>
#include <strings.h>
#include <vio/window.h>

#include "base/text.h"
#include "flow/appointment.h"
#include "flow/booking_contact.h"
#include "flow/contact_fields.h"
#include "store/contacts.h"
#include "store/presence.h"
#include "store/tasks.h"

/* How often one booking is followed to the next: nobody moves one more often. */
#define LONGEST_CHAIN 32

/* What contacts take: anything else is no appointment. */
#define EARLIEST INT64_C(946684800000)  /* 2000-01-01 */
#define LATEST   INT64_C(4102444800000) /* 2100-01-01 */

struct taking {
        const struct acting *a;
        struct tenant_tx *tx;
        const struct profile *p;
        const struct booking_notice *notice;
        struct booking_person person;
        bool was_live; /* before this event */
};

struct booking_form booking_form_of(const struct profile *p)
{
        return (struct booking_form){p->settings.value[SETTING_cal_com_phone_field],
                                     p->settings.value[SETTING_calendly_phone_question]};
}

/* Walks along the bookings that took each other's place, from @b, which is the first. */
static int follow(struct tenant_tx *tx, struct booking *b, bool back,
                  bool (*stop)(const struct booking *))
{
        for (int i = 0; i < LONGEST_CHAIN && !(stop && stop(b)); i++) {
                const char *uid = back ? b->facts.previous_uid : b->facts.next_uid;
                struct booking other;
                if (!*uid || !strcmp(uid, b->uid))
                        return 0;
                int r = booking_load(tx, b->calendar, uid, &other);
                if (r || other.facts.state == BOOKING_UNKNOWN)
                        return r;
                *b = other;
        }
        return 0;
}

static bool has_contact(const struct booking *b)
{
        return b->contact.v != 0;
}

static int is_gone(struct tenant_tx *tx, vio_contact_id contact, bool *ret)
{
        bool present;
        int r = contact_present(tx, contact, &present);
        if (!r)
                *ret = !present;
        return r;
}

/*
 * The contact's appointment is this booking's no more. Whether it was cancelled or lives on is told
 * by the last of the bookings that took its place. The calls planned for it are void either way.
 */
static int release(const struct taking *t, const struct booking *b)
{
        _cleanup_contact_ struct vio_contact c = {0};
        struct booking owner = *b;
        struct booking end = *b;
        bool taken = false;
        bool gone = false;

        int r = follow(t->tx, &owner, true, has_contact);
        if (!r)
                r = follow(t->tx, &end, false, NULL);
        if (r || !owner.contact.v ||
            (booking_is_live(&end.facts) && end.contact.v == owner.contact.v))
                return r;
        r = booking_elsewhere(t->tx, &owner, owner.contact, t->a->now, &taken);
        if (!r && !taken)
                r = is_gone(t->tx, owner.contact, &gone);
        if (!r && !taken && !gone)
                r = contact_load(t->tx, owner.contact, &c);
        /* Who was removed, or has another appointment by now, is left alone. */
        if (r || taken || gone || c.appointment_revision != owner.revision)
                return r;
        bool over = end.facts.state == BOOKING_CANCELLED || end.facts.state == BOOKING_REJECTED;
        c.appointment_status = over ? VIO_APPOINTMENT_CANCELLED : VIO_APPOINTMENT_RESCHEDULED;
        c.updated_at = t->a->now;
        r = tasks_cancel(t->tx, c.id, -1,
                         over ? VIO_REASON_APPOINTMENT_DECIDED : VIO_REASON_APPOINTMENT_MOVED,
                         t->a->now);
        if (!r)
                r = contact_save(t->tx, &c);
        return r ? r
                 : acting_note(t->a, t->tx, over ? "booking.cancelled" : "booking.moved", c.id,
                               NULL, vio_calendar_name(b->calendar));
}

/* What is missing is filled in; what the staff or an earlier booking gave stays. Another number is
 * told of once, when the booking is new to the contact. */
static int fill_in(const struct taking *t, bool is_new, struct vio_contact *c)
{
        const struct booking_person *person = &t->person;
        struct vio_contact_fields fields = VIO_CONTACT_FIELDS_INIT;
        const char *note = person->trouble;
        bool had_phone = c->phone != NULL;
        bool moved;
        bool another =
            is_new && had_phone && *person->phone && strcmp(c->phone, person->phone) != 0;

        if (!had_phone && *person->phone)
                fields.phone = person->phone;
        if (!c->email)
                fields.email = person->email;
        if (another)
                note = "A booking gives another phone number";
        if (!had_phone || another)
                fields.attention_note = note ? note : "";
        int r = contact_fields_take(t->a->e, t->p, &fields, c, &moved, tx_fault(t->tx));
        if (!r && fields.phone)
                r = booking_contact_silence(t->a, t->tx, c);
        return r;
}

static int set_appointment(const struct taking *t, const struct booking *b, struct vio_contact *c)
{
        struct vio_contact_fields fields = VIO_CONTACT_FIELDS_INIT;
        bool moved;

        fields.appointment_time = b->facts.start_at;
        fields.appointment_type = t->person.service;
        fields.time_zone = t->person.zone;
        int r = contact_fields_take(t->a->e, t->p, &fields, c, &moved, tx_fault(t->tx));
        c->no_show = false;
        return r ? r : appointment_move(t->a, t->tx, c);
}

/* Whether the contact's appointment must be set to the booking's. */
static bool differs(const struct taking *t, const struct booking *b, const struct vio_contact *c)
{
        bool closed = c->appointment_status == VIO_APPOINTMENT_CANCELLED ||
                      c->appointment_status == VIO_APPOINTMENT_RESCHEDULED;
        return c->appointment_time != b->facts.start_at || (closed && !t->was_live);
}

/* @ours: the contact's appointment is still as a booking of this chain left it, or it has none. */
static int give_to(const struct taking *t, struct booking *b, struct vio_contact *c, bool ours)
{
        bool change = differs(t, b, c);
        bool allowed = booking_may_change(ours, b->facts.changed_at, c->updated_at);
        int r = fill_in(t, b->contact.v != c->id.v, c);

        if (!r && change && allowed)
                r = set_appointment(t, b, c);
        if (!r && change && allowed)
                r = acting_note(t->a, t->tx, "booking.booked", c->id, NULL,
                                vio_calendar_name(b->calendar));
        c->updated_at = t->a->now;
        if (!r)
                r = contact_save(t->tx, c);
        if (!r)
                r = reminder_plan(t->a, t->tx, t->p, c);
        b->contact = c->id;
        /* An appointment that was left alone is not ours to cancel later. */
        b->revision = !change || allowed ? c->appointment_revision : 0;
        return r;
}

/* The booking that the contact comes from: itself, or the nearest that it took the place of. */
static int find_owner(const struct taking *t, const struct booking *b, struct booking *ret)
{
        bool taken = false;

        *ret = *b;
        int r = follow(t->tx, ret, true, has_contact);
        if (r || !ret->contact.v || ret->contact.v == b->contact.v)
                return r;
        r = booking_elsewhere(t->tx, b, ret->contact, t->a->now, &taken);
        if (taken)
                ret->contact.v = 0;
        return r;
}

static int give_to_owner(const struct taking *t, const struct booking *owner, struct booking *b)
{
        _cleanup_contact_ struct vio_contact c = {0};
        bool gone = false;

        int r = is_gone(t->tx, owner->contact, &gone);
        if (!r && !gone)
                r = contact_load(t->tx, owner->contact, &c);
        if (r || gone)
                return r;
        return give_to(t, b, &c, c.appointment_revision == owner->revision);
}

static int give_to_somebody(const struct taking *t, struct booking *b)
{
        _cleanup_contact_ struct vio_contact c = {0};
        bool ended = false;
        vio_contact_id id;

        /* What is over already needs nobody's attention. */
        if (b->facts.start_at <= t->a->now)
                return 0;
        int r = booking_contact_find(t->a, t->tx, b, &t->person, &id);
        if (r == VIO_E_NOTFOUND)
                return booking_contact_add(t->a, t->tx, t->p, &t->person, b);
        if (!r)
                r = contact_load(t->tx, id, &c);
        if (!r)
                r = booking_ended_by(t->tx, id, c.appointment_revision, &ended);
        if (r)
                return r;
        /* The very appointment stays as people and calls left it, unless a calendar ended it. */
        return give_to(t, b, &c, ended || c.appointment_time != b->facts.start_at);
}

static int attach(const struct taking *t, struct booking *b)
{
        struct booking owner;
        int r = find_owner(t, b, &owner);
        if (r)
                return r;
        return owner.contact.v ? give_to_owner(t, &owner, b) : give_to_somebody(t, b);
}

/* The booking that this one took the place of is over, even if it was never heard of. */
static int move_previous(const struct taking *t, const struct booking *b, bool *ret_changed,
                         struct booking *ret)
{
        struct booking_facts moved;

        *ret_changed = false;
        if (!*t->notice->facts.previous_uid || !strcmp(t->notice->facts.previous_uid, b->uid))
                return 0;
        int r = booking_load(t->tx, b->calendar, t->notice->facts.previous_uid, ret);
        if (r)
                return r;
        booking_moved_to(b->uid, b->facts.changed_at, &moved);
        *ret_changed = booking_join(&ret->facts, &moved);
        return *ret_changed ? booking_save(t->tx, ret, t->a->now) : 0;
}

/* Everything that follows from what is known now; the same whatever became known last. */
static int settle(const struct taking *t, struct booking *b)
{
        struct booking previous;
        bool moved = false;

        int r = move_previous(t, b, &moved, &previous);
        if (!r && booking_is_live(&b->facts))
                r = attach(t, b);
        if (!r)
                r = booking_save(t->tx, b, t->a->now);
        if (!r && !booking_is_live(&b->facts))
                r = release(t, b);
        if (!r && moved)
                r = release(t, &previous);
        return r;
}

static int take_state(struct taking *t, enum vio_calendar calendar, const char **ret_result)
{
        const struct booking_notice *n = t->notice;
        struct booking_facts said = n->facts;
        struct booking b;

        int r = booking_load(t->tx, calendar, n->uid, &b);
        if (r)
                return r;
        /* A clock ahead of ours must not make an event win for ever. */
        if (said.changed_at == VIO_TIME_NONE || said.changed_at > t->a->now)
                said.changed_at = t->a->now;
        t->was_live = booking_is_live(&b.facts);
        *ret_result = "late";
        if (!booking_join(&b.facts, &said))
                return 0;
        *ret_result = booking_state_name(b.facts.state);
        r = booking_person_read(t->a->e, t->p, calendar, n, &t->person);
        return r ? r : settle(t, &b);
}

/* The row of the whole booking, or of the one seat. */
static int load_attended(const struct taking *t, enum vio_calendar calendar, struct booking *ret)
{
        int r = booking_load(t->tx, calendar, t->notice->uid, ret);
        if (!r && ret->facts.state == BOOKING_UNKNOWN && *t->notice->seat_uid)
                r = booking_load(t->tx, calendar, t->notice->seat_uid, ret);
        return r;
}

/* A guest may have stayed away while the one who booked came. */
static bool is_guest(const struct booking_notice *n, const struct vio_contact *c)
{
        return *n->email && c->email && strcasecmp(n->email, c->email) != 0;
}

static int take_attendance(const struct taking *t, enum vio_calendar calendar,
                           const char **ret_result)
{
        const struct booking_notice *n = t->notice;
        _cleanup_contact_ struct vio_contact c = {0};
        bool absent = n->action == BOOKING_SAYS_NO_SHOW;
        bool gone = false;
        struct booking b;

        *ret_result = "unknown";
        int r = load_attended(t, calendar, &b);
        if (!r)
                r = is_gone(t->tx, b.contact, &gone);
        if (!r && !gone)
                r = contact_load(t->tx, b.contact, &c);
        if (r || gone)
                return r;
        *ret_result = "late";
        if (n->facts.changed_at <= b.attended_at || is_guest(n, &c))
                return 0;
        *ret_result = absent ? "no_show" : "attended";
        b.attended_at = n->facts.changed_at;
        r = booking_save(t->tx, &b, t->a->now);
        if (!r && c.appointment_revision == b.revision) {
                c.no_show = absent;
                r = contact_save(t->tx, &c);
        }
        return r ? r
                 : acting_note(t->a, t->tx, absent ? "booking.no_show" : "booking.attended", c.id,
                               NULL, vio_calendar_name(calendar));
}

int booking_take(const struct acting *a, struct tenant_tx *tx, const struct profile *p,
                 enum vio_calendar calendar, const struct booking_notice *notice,
                 const char **ret_result)
{
        struct taking t = {.a = a, .tx = tx, .p = p, .notice = notice};
        const struct booking_facts *said = &notice->facts;

        if (notice->action != BOOKING_SAYS_STATE)
                return take_attendance(&t, calendar, ret_result);
        if (said->start_at != VIO_TIME_NONE &&
            (said->start_at < EARLIEST || said->start_at > LATEST)) {
                *ret_result = "unreadable";
                return 0;
        }
        return take_state(&t, calendar, ret_result);
}
