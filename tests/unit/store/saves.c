/* saves.c - a save writes what changed, all of it, and nothing else. */
#include <string.h>

#include "run.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/tenants.h"
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

/* A field of a row, to be exchanged or compared alone. */
struct field {
        const char *name;
        size_t offset, size;
        bool is_text;
};
#define VALUE(row, name)                                                                           \
        {                                                                                          \
#name, offsetof(struct row, name), sizeof(((struct row *)0)->name), false          \
        }
#define TEXT(row, name)                                                                            \
        {                                                                                          \
#name, offsetof(struct row, name), sizeof(char *), true                            \
        }

static bool same_field(const struct field *f, const void *a, const void *b)
{
        const char *left = (const char *)a + f->offset, *right = (const char *)b + f->offset;
        if (!f->is_text)
                return memcmp(left, right, f->size) == 0;
        const char *x = *(char *const *)left, *y = *(char *const *)right;
        return x && y ? strcmp(x, y) == 0 : x == y;
}

static void assert_same(const struct field *fields, size_t n, const void *a, const void *b)
{
        for (size_t i = 0; i < n; i++)
                ck_assert_msg(same_field(&fields[i], a, b), "%s is another", fields[i].name);
}

static void take_field(const struct field *f, void *row, const void *from)
{
        memcpy((char *)row + f->offset, (const char *)from + f->offset, f->size);
}

/* Calls */

static const struct field call_fields[] = {
    TEXT(vio_call, retell_call_id),
    VALUE(vio_call, status),
    VALUE(vio_call, outcome),
    VALUE(vio_call, appointment_revision),
    VALUE(vio_call, started_at),
    VALUE(vio_call, ended_at),
    VALUE(vio_call, duration),
    TEXT(vio_call, recording_url),
    TEXT(vio_call, disconnection_reason),
    VALUE(vio_call, evidence_flags),
    VALUE(vio_call, is_final),
    VALUE(vio_call, is_counted),
    VALUE(vio_call, poll_attempts),
    VALUE(vio_call, next_poll_at),
    VALUE(vio_call, deadline_at),
    VALUE(vio_call, webhook_verified),
    TEXT(vio_call, source_of_truth),
    VALUE(vio_call, payload_webhook_last),
    VALUE(vio_call, payload_poll_last),
    TEXT(vio_call, transcript),
};

static struct vio_call full_call(void)
{
        struct vio_call c = call_row(w.contact, 2);
        c.retell_call_id = (char *)"call_2";
        c.status = VIO_CALL_COMPLETED;
        c.outcome = VIO_OUTCOME_CONFIRMED;
        c.started_at = NOON + 1;
        c.ended_at = NOON + 2;
        c.duration = 61;
        c.recording_url = (char *)"https://example.org/r.wav";
        c.disconnection_reason = (char *)"user_hangup";
        c.evidence_flags = 5;
        c.poll_attempts = 6;
        c.next_poll_at = NOON + 7;
        c.deadline_at = NOON + 8;
        c.source_of_truth = "poll";
        c.payload_webhook_last = 9;
        c.payload_poll_last = 10;
        c.transcript = (char *)"Agent: hello";
        return c;
}

/* Differs from full_call() in every field that a save writes. */
static struct vio_call other_call(void)
{
        struct vio_call c = call_row(w.contact, 2);
        c.status = VIO_CALL_ONGOING;
        c.appointment_revision = 2;
        c.is_final = c.is_counted = c.webhook_verified = true;
        c.transcript = (char *)"Agent: hellO";
        return c;
}

static int64_t changes_of_call(const struct vio_call *c)
{
        int64_t before = db_total_changes(d.db);
        ck_assert_int_eq(call_save(&d.acme, c), 0);
        return db_total_changes(d.db) - before;
}

START_TEST(a_call_saved_as_it_was_writes_nothing)
{
        struct vio_call full = full_call(), bare = call_row(w.contact, 3);
        ck_assert_int_eq(call_insert(&d.acme, &full), 0);
        ck_assert_int_eq(call_insert(&d.acme, &bare), 0);
        ck_assert_int_eq(changes_of_call(&full), 0);
        ck_assert_int_eq(changes_of_call(&bare), 0);
}
END_TEST

/* What day_stats counts by moves a second row. */
static bool is_counted_by_day(const struct field *f)
{
        static const char *const counted[] = {"status", "outcome", "duration"};
        for (size_t i = 0; i < count_of(counted); i++)
                if (strcmp(f->name, counted[i]) == 0)
                        return true;
        return false;
}

static void change_call(const struct field *f, const struct vio_call *from,
                        const struct vio_call *to)
{
        _cleanup_call_ struct vio_call got = {0};
        struct vio_call c = *from;
        ck_assert_msg(!same_field(f, from, to), "%s does not differ", f->name);
        take_field(f, &c, to);
        ck_assert_msg(changes_of_call(&c) == 1 + is_counted_by_day(f), "%s", f->name);
        ck_assert_int_eq(call_load(&d.acme, c.id, true, &got), 0);
        assert_same(call_fields, count_of(call_fields), &got, &c);
}

START_TEST(a_field_of_a_call_may_change_alone)
{
        const struct field *f = &call_fields[_i];
        struct vio_call full = full_call(), other = other_call();
        ck_assert_int_eq(call_insert(&d.acme, &full), 0);
        change_call(f, &full, &other);
        ck_assert_int_eq(call_save(&d.acme, &other), 0);
        change_call(f, &other, &full);
        /* The indexes have followed. */
        ck_assert_msg(db_check(d.db, &d.fault) == 0, "%s", d.fault.text);
}
END_TEST

START_TEST(a_call_is_found_by_what_changed)
{
        _cleanup_call_ struct vio_call got = {0};
        struct vio_call c = call_row(w.contact, 2);
        vio_call_id id;
        size_t n;
        ck_assert_int_eq(call_insert(&d.acme, &c), 0);
        c.next_poll_at = NOON;
        ck_assert_int_eq(call_save(&d.acme, &c), 0);
        ck_assert_int_eq(calls_due_poll(&d.acme, NOON, &id, 1, &n), 0);
        ck_assert_uint_eq(n, 1);
        c.deadline_at = NOON;
        ck_assert_int_eq(call_save(&d.acme, &c), 0);
        ck_assert_int_eq(calls_past_deadline(&d.acme, NOON, &id, 1, &n), 0);
        ck_assert_uint_eq(n, 1);
        c.retell_call_id = (char *)"call_2";
        ck_assert_int_eq(call_save(&d.acme, &c), 0);
        ck_assert_int_eq(call_load_by_retell_id(&d.acme, "call_2", false, &got), 0);
        c.next_poll_at = VIO_TIME_NONE;
        ck_assert_int_eq(call_save(&d.acme, &c), 0);
        ck_assert_int_eq(calls_due_poll(&d.acme, NOON, &id, 1, &n), 0);
        ck_assert_uint_eq(n, 0);
}
END_TEST

/* Contacts */

static const struct field contact_fields[] = {
    TEXT(vio_contact, name),
    TEXT(vio_contact, phone),
    TEXT(vio_contact, email),
    TEXT(vio_contact, time_zone),
    TEXT(vio_contact, appointment_date),
    VALUE(vio_contact, appointment_time),
    VALUE(vio_contact, appointment_status),
    TEXT(vio_contact, appointment_type),
    VALUE(vio_contact, appointment_revision),
    VALUE(vio_contact, last_call_outcome),
    VALUE(vio_contact, call_attempts),
    TEXT(vio_contact, special_instructions),
    VALUE(vio_contact, opted_out),
    VALUE(vio_contact, opted_out_at),
    TEXT(vio_contact, opt_out_reason),
    VALUE(vio_contact, created_at),
    VALUE(vio_contact, updated_at),
    VALUE(vio_contact, no_show),
    TEXT(vio_contact, attention_note),
    VALUE(vio_contact, deleted_at),
    VALUE(vio_contact, erased_at),
};

static const struct vio_contact full_contact = {
    .name = (char *)"Grace Hopper",
    .phone = (char *)"+4930123456",
    .email = (char *)"g@example.org",
    .time_zone = (char *)"Europe/Berlin",
    .appointment_date = (char *)"2026-01-02",
    .appointment_time = NOON + 3,
    .appointment_type = (char *)"check-up",
    .appointment_revision = 4,
    .last_call_outcome = VIO_OUTCOME_VOICEMAIL,
    .call_attempts = 5,
    .special_instructions = (char *)"ring twice",
    .opted_out_at = NOON + 6,
    .opt_out_reason = (char *)"asked for it",
    .created_at = NOON + 7,
    .updated_at = NOON + 8,
    .no_show = true,
    .attention_note = (char *)"two bookings at once",
};

/* Differs from the other in every field that a save writes. */
static const struct vio_contact bare_contact = {
    .name = (char *)"Ada Byron",
    .appointment_time = VIO_TIME_NONE,
    .appointment_status = VIO_APPOINTMENT_CONFIRMED,
    .appointment_revision = 1,
    .opted_out = true,
    .opted_out_at = VIO_TIME_NONE,
    .created_at = NOON,
    .updated_at = NOON,
    .deleted_at = NOON + 9,
    .erased_at = NOON + 10,
};

static int64_t changes_of_contact(const struct vio_contact *c)
{
        int64_t before = db_total_changes(d.db);
        ck_assert_int_eq(contact_save(&d.acme, c), 0);
        return db_total_changes(d.db) - before;
}

START_TEST(a_contact_saved_as_it_was_writes_nothing)
{
        struct vio_contact full = full_contact, bare = bare_contact;
        ck_assert_int_eq(contact_insert(&d.acme, &full, &full.id), 0);
        ck_assert_int_eq(contact_insert(&d.acme, &bare, &bare.id), 0);
        ck_assert_int_eq(changes_of_contact(&full), 0);
        ck_assert_int_eq(changes_of_contact(&bare), 0);
        bare.id.v = 999;
        ck_assert_int_eq(contact_save(&d.acme, &bare), VIO_E_NOTFOUND);
}
END_TEST

/* Rows of counters that move with a change of a contact; the dates of the two rows differ by being
 * there or not, and neither is cancelled. */
static int64_t counters_moved(const struct vio_contact *from, const struct vio_contact *to)
{
        bool was = !from->deleted_at, is = !to->deleted_at;
        bool had_day = was && from->appointment_date, has_day = is && to->appointment_date;
        bool counts = was != is || (is && from->appointment_status != to->appointment_status);
        return counts + (had_day != has_day || (has_day && from->no_show != to->no_show));
}

static void change_contact(const struct field *f, const struct vio_contact *from,
                           const struct vio_contact *to)
{
        _cleanup_contact_ struct vio_contact got = {0};
        struct vio_contact c = *from;
        ck_assert_msg(!same_field(f, from, to), "%s does not differ", f->name);
        take_field(f, &c, to);
        ck_assert_msg(changes_of_contact(&c) == 1 + counters_moved(from, &c), "%s", f->name);
        ck_assert_int_eq(contact_load_any(&d.acme, c.id, &got), 0);
        assert_same(contact_fields, count_of(contact_fields), &got, &c);
}

START_TEST(a_field_of_a_contact_may_change_alone)
{
        const struct field *f = &contact_fields[_i];
        struct vio_contact full = full_contact, bare = bare_contact;
        ck_assert_int_eq(contact_insert(&d.acme, &full, &full.id), 0);
        bare.id = full.id;
        change_contact(f, &full, &bare);
        ck_assert_int_eq(contact_save(&d.acme, &bare), 0);
        change_contact(f, &bare, &full);
        ck_assert_msg(db_check(d.db, &d.fault) == 0, "%s", d.fault.text);
}
END_TEST

/* Versions */

static int64_t version_of_acme(void)
{
        return number_of(w.path, "SELECT version FROM tenant_state WHERE tenant_id = 1");
}

static int save_both(struct tenant_tx *tx, void *arg)
{
        _cleanup_call_ struct vio_call call = {0};
        _cleanup_contact_ struct vio_contact contact = {0};
        int r = call_load(tx, w.call, true, &call);
        if (!r)
                r = contact_load(tx, w.contact, &contact);
        contact.updated_at += *(const int *)arg;
        if (!r)
                r = call_save(tx, &call);
        return r ? r : contact_save(tx, &contact);
}

START_TEST(a_save_of_nothing_new_does_not_raise_the_version)
{
        int later = 0;
        two_tenants_open(&w);
        int64_t version = version_of_acme();
        ck_assert_int_eq(store_write_tenant(w.store, w.acme, save_both, &later, NULL), 0);
        ck_assert_int_eq(version_of_acme(), version);
        later = 1;
        ck_assert_int_eq(store_write_tenant(w.store, w.acme, save_both, &later, NULL), 0);
        ck_assert_int_eq(version_of_acme(), version + 1);
        two_tenants_close(&w);
}
END_TEST

static void add_loop_case(Suite *s, const TTest *test, size_t n)
{
        TCase *tc = tcase_create(test->name);
        tcase_add_checked_fixture(tc, setup, teardown);
        tcase_add_loop_test(tc, test, 0, (int)n);
        suite_add_tcase(s, tc);
}

Suite *suite(void)
{
        Suite *s = suite_create("saves");
        add_fixture_case(s, a_call_saved_as_it_was_writes_nothing, setup, teardown);
        add_fixture_case(s, a_call_is_found_by_what_changed, setup, teardown);
        add_fixture_case(s, a_contact_saved_as_it_was_writes_nothing, setup, teardown);
        add_loop_case(s, a_field_of_a_call_may_change_alone, count_of(call_fields));
        add_loop_case(s, a_field_of_a_contact_may_change_alone, count_of(contact_fields));
        add_case(s, a_save_of_nothing_new_does_not_raise_the_version);
        return s;
}
