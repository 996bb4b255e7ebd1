/* bookings.c - table bookings: what is known of a booking in somebody's calendar. */
#include "store/bookings.h"

#include "base/text.h"
#include "store/calendar_hooks.h"
#include "store/q.h"

TENANT_SQL(sql_load, "SELECT contact_id, appointment_revision, state, start_at, previous_uid,"
                     " next_uid, changed_at, attended_at"
                     " FROM bookings WHERE tenant_id = ?1 AND provider = ?2 AND uid = ?3");
int booking_load(struct tenant_tx *tx, enum vio_calendar calendar, const char *uid,
                 struct booking *ret)
{
        struct booking b = {
            .calendar = calendar, .facts = BOOKING_FACTS_INIT, .attended_at = VIO_TIME_NONE};
        _cleanup_q_ struct q *q = q_open(tx, &sql_load);
        q_text(q, calendar_word(calendar));
        q_text(q, uid);
        text_copy(b.uid, sizeof(b.uid), uid);
        if (q_row(q)) {
                b.contact.v = q_col_int(q, 0);
                b.revision = q_col_int(q, 1);
                b.facts.start_at = q_col_time(q, 3);
                text_copy(b.facts.previous_uid, BOOKING_UID_SIZE, q_col_text(q, 4));
                text_copy(b.facts.next_uid, BOOKING_UID_SIZE, q_col_text(q, 5));
                b.facts.changed_at = q_col_time(q, 6);
                b.attended_at = q_col_time(q, 7);
                if (booking_state_parse(q_col_text(q, 2), &b.facts.state))
                        return q_err(q) ? q_err(q) : VIO_E_STORAGE;
        }
        if (!q_err(q))
                *ret = b;
        return q_err(q);
}

static const char *text_or_null(const char *text)
{
        return *text ? text : NULL;
}

TENANT_SQL(sql_save, "INSERT INTO bookings (tenant_id, provider, uid, contact_id,"
                     " appointment_revision, state, start_at, previous_uid, next_uid, changed_at,"
                     " attended_at, created_at, updated_at)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)"
                     " ON CONFLICT (tenant_id, provider, uid) DO UPDATE SET contact_id = ?4,"
                     " appointment_revision = ?5, state = ?6, start_at = ?7, previous_uid = ?8,"
                     " next_uid = ?9, changed_at = ?10, attended_at = ?11, updated_at = ?12");
int booking_save(struct tenant_tx *tx, const struct booking *b, vio_time now)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_save);
        q_text(q, calendar_word(b->calendar));
        q_text(q, b->uid);
        q_id(q, b->contact.v);
        q_id(q, b->revision);
        q_text(q, booking_state_name(b->facts.state));
        q_time(q, b->facts.start_at);
        q_text(q, text_or_null(b->facts.previous_uid));
        q_text(q, text_or_null(b->facts.next_uid));
        q_time(q, b->facts.changed_at);
        q_time(q, b->attended_at);
        q_time(q, now);
        return q_done(q);
}

TENANT_SQL(sql_elsewhere, "SELECT 1 FROM bookings WHERE tenant_id = ?1 AND contact_id = ?2"
                          " AND state = 'booked' AND start_at > ?3"
                          " AND NOT (provider = ?4 AND uid = ?5) LIMIT 1");
int booking_elsewhere(struct tenant_tx *tx, const struct booking *b, vio_contact_id contact,
                      vio_time now, bool *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_elsewhere);
        q_int(q, contact.v);
        q_time(q, now);
        q_text(q, calendar_word(b->calendar));
        q_text(q, b->uid);
        bool found = q_row(q);
        if (!q_err(q))
                *ret = found;
        return q_err(q);
}

TENANT_SQL(sql_ended, "SELECT 1 FROM bookings WHERE tenant_id = ?1 AND contact_id = ?2"
                      " AND appointment_revision = ?3 AND state <> 'booked' LIMIT 1");
int booking_ended_by(struct tenant_tx *tx, vio_contact_id contact, int64_t revision, bool *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_ended);
        q_int(q, contact.v);
        q_int(q, revision);
        bool found = q_row(q);
        if (!q_err(q))
                *ret = found;
        return q_err(q);
}
