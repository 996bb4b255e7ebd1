/* counters.c - the kept counters equal a recount, whatever was done and undone before. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "run.h"
#include "store/appointment_days.h"
#include "store/attempts.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/days.h"
#include "two_tenants.h"

static struct two_tenants w;
static struct desk d;

static void setup(void)
{
        two_tenants_open(&w);
        desk_open(&d, &w);
}

static void teardown(void)
{
        desk_close(&d);
        two_tenants_close(&w);
}

/* xorshift: the same sequence in every run of the same seed. */
static uint64_t state;
static unsigned any(unsigned below)
{
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return (unsigned)(state % below);
}

static const char *const days[] = {"2026-01-01", "2026-01-02", "2026-01-03"};

static unsigned calls[2]; /* made so far, by tenant; the fixture made the first */

static void add_call(struct tenant_tx *tx, unsigned t)
{
        unsigned n = ++calls[t];
        struct vio_call c = call_row(w.contact, n);
        struct attempt a = attempt_row(n);
        text_copy(c.day, sizeof(c.day), days[any(3)]);
        c.part = (enum vio_day_part)any(4);
        c.outcome = (enum vio_outcome)any(3);
        /* What the caller believes of the dial does not count; the attempt's row does. */
        c.dial_state = (enum vio_dial_state)any(5);
        ck_assert_int_eq(call_insert(tx, &c), 0);
        a.is_open = false;
        a.state = (enum vio_dial_state)any(5);
        if (any(10))
                ck_assert_int_eq(attempt_insert(tx, &a), 0);
}

static void change_call(struct tenant_tx *tx, unsigned t)
{
        _cleanup_call_ struct vio_call c = {0};
        ck_assert_int_eq(call_load(tx, call_id(1 + any(calls[t])), false, &c), 0);
        c.part = (enum vio_day_part)any(4); /* is not written: a call stays in its part */
        c.status = (enum vio_call_status)any(4);
        c.outcome = (enum vio_outcome)any(10);
        c.duration = (int64_t)any(300) - 1;
        c.dial_state = (enum vio_dial_state)any(5);
        ck_assert_int_eq(call_save(tx, &c), 0);
}

static void change_attempt(struct tenant_tx *tx, unsigned t)
{
        _cleanup_attempt_ struct attempt a = {0};
        if (attempt_load(tx, call_id(1 + any(calls[t])), &a) == VIO_E_NOTFOUND)
                return;
        int64_t generation = a.lease_generation++;
        a.state = (enum vio_dial_state)any(5);
        bool lost = any(5) == 0;
        ck_assert_int_eq(attempt_save(tx, &a, lost ? -1 : generation), lost ? VIO_E_CONFLICT : 0);
}

static void shuffle_contact(struct vio_contact *c)
{
        c->appointment_status = (enum vio_appointment_status)any(4);
        c->appointment_date = any(4) ? (char *)days[any(3)] : NULL;
        c->no_show = any(2);
        c->deleted_at = any(3) ? 0 : NOON;
}

static void change_contact(struct tenant_tx *tx)
{
        struct vio_contact c = contact_row();
        vio_contact_id id;
        shuffle_contact(&c);
        ck_assert_int_eq(contact_insert(tx, &c, &id), 0);
        c.id.v = 1 + any((unsigned)id.v);
        shuffle_contact(&c);
        ck_assert_int_eq(contact_save(tx, &c), 0);
}

static void do_something(struct tenant_tx *tx, unsigned t)
{
        switch (any(4)) {
        case 0: add_call(tx, t); break;
        case 1: change_call(tx, t); break;
        case 2: change_attempt(tx, t); break;
        default: change_contact(tx); break;
        }
}

/* Now and then a savepoint is undone, as a failing write would be. */
static void maybe_undo(struct tenant_tx *tx, unsigned t)
{
        unsigned made = calls[t];
        ck_assert_int_eq(db_do(d.db, DB_SAVE, NULL), 0);
        do_something(tx, t);
        if (any(4) == 0) {
                ck_assert_int_eq(db_do(d.db, DB_UNDO, NULL), 0);
                calls[t] = made;
        }
        ck_assert_int_eq(db_do(d.db, DB_KEEP, NULL), 0);
}

static void check_parts(struct tenant_tx *tx, const char *day)
{
        struct part_stats kept[DAY_PARTS], counted[DAY_PARTS];
        ck_assert_int_eq(days_parts(tx, day, day, kept), 0);
        ck_assert_int_eq(day_recount_parts(tx, day, counted), 0);
        for (unsigned p = VIO_DAY_PART_MORNING; p < DAY_PARTS; p++) {
                ck_assert_int_eq(kept[p].calls, counted[p].calls);
                ck_assert_int_eq(kept[p].reached, counted[p].reached);
                ck_assert_int_eq(kept[p].confirmed, counted[p].confirmed);
        }
}

static void check_days(struct tenant_tx *tx)
{
        for (size_t i = 0; i < count_of(days); i++) {
                struct day_stats kept, counted;
                ck_assert_int_eq(day_load(tx, days[i], &kept), 0);
                ck_assert_int_eq(day_recount(tx, days[i], &counted), 0);
                ck_assert_msg(memcmp(&kept, &counted, sizeof(kept)) == 0,
                              "%s: kept %ld calls, counted %ld", days[i], (long)kept.calls,
                              (long)counted.calls);
                check_parts(tx, days[i]);
        }
}

static int64_t count_status(vio_tenant_id tenant, int status)
{
        char sql[200];
        snprintf(sql, sizeof(sql),
                 "SELECT count(*) FROM contacts WHERE tenant_id = %ld AND deleted_at IS NULL"
                 " AND appointment_status = '%s'",
                 (long)tenant.v, vio_appointment_status_name((enum vio_appointment_status)status));
        return number_of(w.path, sql);
}

/* Appointments that somebody should come to, and those to which nobody came. */
static int64_t count_day(vio_tenant_id tenant, const char *day, const char *more)
{
        char sql[300];
        snprintf(sql, sizeof(sql),
                 "SELECT count(*) FROM contacts WHERE tenant_id = %ld AND deleted_at IS NULL"
                 " AND appointment_date = '%s' AND appointment_status <> 'cancelled'%s",
                 (long)tenant.v, day, more);
        return number_of(w.path, sql);
}

static void check_appointments(struct tenant_tx *tx)
{
        for (size_t i = 0; i < count_of(days); i++) {
                struct appointment_weight kept;
                ck_assert_int_eq(appointment_day_load(tx, days[i], &kept), 0);
                ck_assert_int_eq(kept.appointments, count_day(tx->tenant, days[i], ""));
                ck_assert_int_eq(kept.no_shows, count_day(tx->tenant, days[i], " AND no_show = 1"));
        }
}

static void check_contacts(struct tenant_tx *tx)
{
        struct vio_contact_stats s;
        ck_assert_int_eq(contact_stats(tx, &s), 0);
        ck_assert_int_eq(s.pending, count_status(tx->tenant, VIO_APPOINTMENT_PENDING));
        ck_assert_int_eq(s.confirmed, count_status(tx->tenant, VIO_APPOINTMENT_CONFIRMED));
        ck_assert_int_eq(s.cancelled, count_status(tx->tenant, VIO_APPOINTMENT_CANCELLED));
        ck_assert_int_eq(s.rescheduled, count_status(tx->tenant, VIO_APPOINTMENT_RESCHEDULED));
        ck_assert_int_eq(s.total, s.pending + s.confirmed + s.cancelled + s.rescheduled);
}

START_TEST(kept_counters_equal_a_recount_after_anything)
{
        state = UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)_i;
        calls[0] = calls[1] = 1;
        for (int i = 0; i < 400; i++) {
                unsigned t = any(2);
                maybe_undo(t ? &d.bolt : &d.acme, t);
                if (i % 50 == 0)
                        check_days(t ? &d.bolt : &d.acme);
        }
        check_days(&d.acme);
        check_days(&d.bolt);
        ck_assert_int_eq(db_do(d.db, DB_COMMIT, NULL), 0);
        check_contacts(&d.acme);
        check_contacts(&d.bolt);
        check_appointments(&d.acme);
        check_appointments(&d.bolt);
        ck_assert_int_eq(db_do(d.db, DB_BEGIN_WRITE, NULL), 0);
}
END_TEST

START_TEST(a_call_that_never_rang_is_taken_out_of_every_counter)
{
        struct day_stats s, nothing = {0};
        _cleanup_call_ struct vio_call c = {0};
        ck_assert_int_eq(call_load(&d.acme, w.call, false, &c), 0);
        c.status = VIO_CALL_FAILED;
        c.outcome = VIO_OUTCOME_FAILED;
        c.duration = 30;
        ck_assert_int_eq(call_save(&d.acme, &c), 0);
        ck_assert_int_eq(day_load(&d.acme, TODAY, &s), 0);
        ck_assert_int_eq(s.calls, 1);
        ck_assert_int_eq(s.completed, 1);
        ck_assert_int_eq(s.outcome[VIO_OUTCOME_FAILED], 1);
        ck_assert_int_eq(s.duration, 30);
        ck_assert_int_eq(s.timed_calls, 1);

        struct attempt a = attempt_row(1);
        a.state = VIO_DIAL_REJECTED;
        a.is_open = false;
        ck_assert_int_eq(attempt_save(&d.acme, &a, 1), 0);
        ck_assert_int_eq(day_load(&d.acme, TODAY, &s), 0);
        ck_assert_int_eq(memcmp(&s, &nothing, sizeof(s)), 0);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("counters");
        add_fixture_case(s, a_call_that_never_rang_is_taken_out_of_every_counter, setup, teardown);
        TCase *tc = tcase_create("random");
        tcase_add_checked_fixture(tc, setup, teardown);
        tcase_set_timeout(tc, 60);
        tcase_add_loop_test(tc, kept_counters_equal_a_recount_after_anything, 0, 8);
        suite_add_tcase(s, tc);
        return s;
}
