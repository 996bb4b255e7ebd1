/* booking_contact.c - whose appointment a booking is: the contact is found or made. */
#include "flow/booking_contact.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "flow/appointment.h"
#include "flow/contact_fields.h"
#include "store/contacts.h"

/* So many people may share an address or a number before we stop looking. */
#define MOST_NAMESAKES 32

static const char *const titles[] = {
    [VIO_CALENDAR_CAL_COM] = "Cal.com",
    [VIO_CALENDAR_CALENDLY] = "Calendly",
};

static const char *or_null(const char *text)
{
        return *text ? text : NULL;
}

/* The first number that can be one, of those that the calendar offers. */
static void choose_phone(const struct profile *p, enum vio_calendar calendar,
                         const struct booking_notice *n, struct booking_person *ret)
{
        for (size_t i = 0; i < n->n_phones && !*ret->phone; i++)
                vio_phone_normalise(n->phones[i], p->country, ret->phone);
        if (*ret->phone)
                return;
        snprintf(ret->trouble_room, sizeof(ret->trouble_room),
                 n->n_phones ? "The phone number of the booking from %s cannot be read"
                             : "The booking from %s has no phone number",
                 titles[calendar]);
        ret->trouble = ret->trouble_room;
}

int booking_person_read(struct engine *e, const struct profile *p, enum vio_calendar calendar,
                        const struct booking_notice *notice, struct booking_person *ret)
{
        const vio_zone *zone;
        int r = engine_zone(e, notice->zone, &zone);
        if (r && r != VIO_E_NOTFOUND)
                return r;
        *ret = (struct booking_person){
            .name = *notice->name    ? notice->name
                    : *notice->email ? notice->email
                                     : "Unnamed",
            .email = or_null(notice->email),
            .zone = r == 0 ? notice->zone : NULL,
            .service = or_null(notice->service),
        };
        choose_phone(p, calendar, notice, ret);
        return 0;
}

/* An appointment ahead that somebody entered after the booking was made is not overwritten by it.
 */
static bool would_be_lost(const struct acting *a, const struct booking *b,
                          const struct vio_contact *c)
{
        bool open = c->appointment_status == VIO_APPOINTMENT_PENDING ||
                    c->appointment_status == VIO_APPOINTMENT_CONFIRMED;
        return open && c->appointment_time > a->now && c->appointment_time != b->facts.start_at &&
               b->facts.changed_at <= c->updated_at;
}

struct search {
        const struct acting *a;
        struct tenant_tx *tx;
        const struct booking *booking;
        const char *name; /* NULL: whatever it is */
        vio_contact_id found;
        bool exact; /* has the very appointment already */
};

static int consider(struct search *s, vio_contact_id id)
{
        _cleanup_contact_ struct vio_contact c = {0};
        bool taken = false;

        int r = contact_load(s->tx, id, &c);
        if (r)
                return r == VIO_E_NOTFOUND ? 0 : r;
        if (s->name && strcasecmp(s->name, c.name) != 0)
                return 0;
        r = booking_elsewhere(s->tx, s->booking, id, s->a->now, &taken);
        if (r || taken || would_be_lost(s->a, s->booking, &c))
                return r;
        bool exact = c.appointment_time == s->booking->facts.start_at;
        if (!s->found.v || (exact && !s->exact))
                s->found = id;
        s->exact = s->exact || exact;
        return 0;
}

static int consider_all(struct search *s, const vio_contact_id *ids, size_t n)
{
        int r = 0;
        for (size_t i = 0; !r && i < n; i++)
                r = consider(s, ids[i]);
        return r;
}

int booking_contact_find(const struct acting *a, struct tenant_tx *tx, const struct booking *b,
                         const struct booking_person *person, vio_contact_id *ret)
{
        struct search s = {.a = a, .tx = tx, .booking = b};
        vio_contact_id ids[MOST_NAMESAKES];
        size_t n = 0;
        int r = 0;

        if (person->email)
                r = contacts_by_email(tx, person->email, ids, MOST_NAMESAKES, &n);
        if (!r)
                r = consider_all(&s, ids, n);
        if (!r && !s.found.v && *person->phone) {
                /* A family may share one telephone. */
                s.name = person->name;
                n = 0;
                r = contacts_by_phone(tx, person->phone, ids, MOST_NAMESAKES, &n);
                if (!r)
                        r = consider_all(&s, ids, n);
        }
        if (r || !s.found.v)
                return r ? r : VIO_E_NOTFOUND;
        *ret = s.found;
        return 0;
}

/* Whether somebody at this number asked never to be called. */
static int asked_for_silence(struct tenant_tx *tx, const char *phone, bool *ret)
{
        vio_contact_id ids[MOST_NAMESAKES];
        size_t n = 0;

        *ret = false;
        int r = contacts_by_phone(tx, phone, ids, MOST_NAMESAKES, &n);
        for (size_t i = 0; !r && !*ret && i < n; i++) {
                _cleanup_contact_ struct vio_contact c = {0};
                r = contact_load(tx, ids[i], &c);
                *ret = !r && c.opted_out;
        }
        return r;
}

int booking_contact_silence(const struct acting *a, struct tenant_tx *tx, struct vio_contact *c)
{
        bool silent = false;
        int r = c->phone && !c->opted_out ? asked_for_silence(tx, c->phone, &silent) : 0;
        if (r || !silent)
                return r;
        c->opted_out = true;
        c->opted_out_at = a->now;
        mem_free(c->opt_out_reason);
        c->opt_out_reason = mem_text("Asked for under the same phone number before");
        return c->opt_out_reason ? 0 : VIO_E_NOMEM;
}

int booking_contact_add(const struct acting *a, struct tenant_tx *tx, const struct profile *p,
                        const struct booking_person *person, struct booking *b)
{
        struct vio_contact_fields fields = VIO_CONTACT_FIELDS_INIT;
        _cleanup_contact_ struct vio_contact c = {.appointment_time = VIO_TIME_NONE,
                                                  .opted_out_at = VIO_TIME_NONE,
                                                  .appointment_revision = 1,
                                                  .created_at = a->now,
                                                  .updated_at = a->now};
        bool moved;

        fields.name = person->name;
        fields.phone = person->phone;
        fields.email = person->email;
        fields.time_zone = person->zone;
        fields.appointment_time = b->facts.start_at;
        fields.appointment_type = person->service;
        fields.attention_note = person->trouble;
        int r = contact_fields_take(a->e, p, &fields, &c, &moved, tx_fault(tx));
        if (!r)
                r = booking_contact_silence(a, tx, &c);
        if (!r)
                r = contact_insert(tx, &c, &c.id);
        if (!r)
                r = reminder_plan(a, tx, p, &c);
        if (!r)
                r = acting_note(a, tx, "contact.add", c.id, NULL, vio_calendar_name(b->calendar));
        b->contact = c.id;
        b->revision = c.appointment_revision;
        return r;
}
