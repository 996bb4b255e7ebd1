/* calendar_hooks.c - who may tell of bookings: addresses, secrets, and what is no booking at all.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "diary.h"
#include "run.h"

#define TUESDAY "2026-11-24T15:00:00Z"

static struct town town;
static struct business *const acme = &town.acme;
static struct business *const bolt = &town.bolt;
static struct diary cal;
static struct diary cly;

static void open_town(void)
{
        town_open(&town);
        cal = given_calendar(acme, VIO_CALENDAR_CAL_COM);
        cly = given_calendar(acme, VIO_CALENDAR_CALENDLY);
}

static void close_town(void)
{
        town_close(&town);
}

static int post_signed_with(const struct diary *d, const char *token, const char *secret)
{
        struct diary other = *d;
        snprintf(other.access.token, sizeof(other.access.token), "%s", token);
        snprintf(other.access.secret, sizeof(other.access.secret), "%s", secret);
        return post_told(&other, &(struct told){0}, NULL);
}

START_TEST(only_the_tokens_own_secret_counts)
{
        struct diary theirs = given_calendar(bolt, VIO_CALENDAR_CAL_COM);
        int64_t version = version_of(acme);
        int64_t other = version_of(bolt);
        ck_assert_int_eq(post_signed_with(&cal, "unknown", cal.access.secret), VIO_E_NOTFOUND);
        ck_assert_int_eq(post_signed_with(&cal, "", cal.access.secret), VIO_E_NOTFOUND);
        ck_assert_int_eq(post_signed_with(&cal, cly.access.token, cal.access.secret),
                         VIO_E_NOTFOUND);
        ck_assert_int_eq(post_signed_with(&cal, cal.access.token, theirs.access.secret),
                         VIO_E_AUTH);
        ck_assert_int_eq(post_signed_with(&cal, theirs.access.token, cal.access.secret),
                         VIO_E_AUTH);
        ck_assert_int_eq(post_signed_with(&cal, cal.access.token, cly.access.secret), VIO_E_AUTH);
        ck_assert_int_eq(version_of(acme), version);
        ck_assert_int_eq(version_of(bolt), other);
}
END_TEST

START_TEST(the_same_uids_of_two_clinics_do_not_meet)
{
        struct diary theirs = given_calendar(bolt, VIO_CALENDAR_CAL_COM);
        tell(&cal, .uid = "b1");
        tell(&theirs, .uid = "b1");
        int64_t version = version_of(bolt);
        tell(&cal, .event = "BOOKING_RESCHEDULED", .uid = "b2", .previous = "b1", .start = TUESDAY);
        tell(&cal, .event = "BOOKING_CANCELLED", .uid = "b2", .start = TUESDAY);
        ck_assert_int_eq(version_of(bolt), version);
        ck_assert_str_eq(booking_of(&theirs, "b1").state, "booked");
        ck_assert_uint_eq(live_appointments(acme), 0);
        ck_assert_uint_eq(live_appointments(bolt), 1);
        /* And the same uid of another calendar is another booking. */
        ck_assert_str_eq(booking_of(&cly, "b1").state, "");
}
END_TEST

START_TEST(a_new_secret_leaves_the_old_one_good_for_a_day)
{
        struct diary old = cal;
        cal = given_calendar(acme, VIO_CALENDAR_CAL_COM);
        ck_assert_str_ne(cal.access.token, old.access.token);
        ck_assert_str_ne(cal.access.secret, old.access.secret);
        ck_assert_int_eq(post_signed_with(&cal, old.access.token, old.access.secret), 0);
        ck_assert_int_eq(post_signed_with(&cal, cal.access.token, cal.access.secret), 0);
        when_time_passes(&town, 1 * DAYS);
        ck_assert_int_eq(post_signed_with(&cal, old.access.token, old.access.secret),
                         VIO_E_NOTFOUND);
        ck_assert_int_eq(post_signed_with(&cal, cal.access.token, old.access.secret), VIO_E_AUTH);
        ck_assert_int_eq(post_signed_with(&cal, cal.access.token, cal.access.secret), 0);
}
END_TEST

START_TEST(what_is_removed_is_gone_at_once)
{
        ck_assert_int_eq(vio_calendar_hook_remove(acme->handle, VIO_CALENDAR_CAL_COM), 0);
        ck_assert_int_eq(post_told(&cal, &(struct told){0}, NULL), VIO_E_NOTFOUND);
        ck_assert_int_eq(vio_calendar_hook_remove(acme->handle, VIO_CALENDAR_CAL_COM),
                         VIO_E_NOTFOUND);
        ck_assert_int_eq(post_told(&cly, &(struct told){0}, NULL), 0);
}
END_TEST

static int note_hook(void *data, const struct vio_calendar_hook_info *i)
{
        int64_t *seen = data;
        seen[i->calendar] = i->previous_until;
        ck_assert_str_eq(i->token_hint, cal.access.token + strlen(cal.access.token) - 4);
        return 0;
}

START_TEST(of_a_token_only_its_end_is_shown)
{
        int64_t seen[2] = {-2, -2};
        ck_assert_int_eq(vio_calendar_hook_remove(acme->handle, VIO_CALENDAR_CALENDLY), 0);
        ck_assert_int_eq(vio_calendar_hook_each(acme->handle, note_hook, seen), 0);
        ck_assert_int_eq(seen[VIO_CALENDAR_CAL_COM], VIO_TIME_NONE);
        ck_assert_int_eq(seen[VIO_CALENDAR_CALENDLY], -2);
        cal = given_calendar(acme, VIO_CALENDAR_CAL_COM);
        ck_assert_int_eq(vio_calendar_hook_each(acme->handle, note_hook, seen), 0);
        ck_assert_int_eq(seen[VIO_CALENDAR_CAL_COM], town.now + 1 * DAYS);
}
END_TEST

START_TEST(the_same_bytes_again_are_a_duplicate)
{
        enum vio_receipt receipt = VIO_RECEIPT_IGNORED;
        ck_assert_int_eq(post_told(&cal, &(struct told){0}, &receipt), 0);
        ck_assert_int_eq(receipt, VIO_RECEIPT_STORED);
        int64_t version = version_of(acme);
        ck_assert_int_eq(post_told(&cal, &(struct told){0}, &receipt), 0);
        ck_assert_int_eq(receipt, VIO_RECEIPT_DUPLICATE);
        ck_assert_int_eq(version_of(acme), version);
}
END_TEST

START_TEST(another_version_is_kept_and_ignored)
{
        struct vio_calendar_webhook w = VIO_CALENDAR_WEBHOOK_INIT;
        enum vio_receipt receipt = VIO_RECEIPT_STORED;
        char header[VIO_CAL_COM_SIGNATURE];
        w.calendar = VIO_CALENDAR_CAL_COM;
        w.token = cal.access.token;
        w.body = body_of_told(&cal, &(struct told){0});
        w.body_len = strlen(w.body);
        w.signature = header;
        w.version = "2026-07-27";
        ck_assert_int_eq(vio_cal_com_sign(cal.access.secret, w.body, w.body_len, header), 0);
        ck_assert_int_eq(vio_calendar_webhook(town.v, &w, &receipt), 0);
        ck_assert_int_eq(receipt, VIO_RECEIPT_IGNORED);
        ck_assert_uint_eq(contacts_of(acme), 0);
        char *result = result_of(&cal, "");
        ck_assert_str_eq(result, "version");
        free(result);
}
END_TEST

START_TEST(what_means_nothing_is_kept_and_ignored)
{
        enum vio_receipt receipt = VIO_RECEIPT_STORED;
        ck_assert_int_eq(post_told(&cal, &(struct told){.event = "MEETING_ENDED"}, &receipt), 0);
        ck_assert_int_eq(receipt, VIO_RECEIPT_IGNORED);
        ck_assert_uint_eq(contacts_of(acme), 0);
        char *result = result_of(&cal, "MEETING_ENDED");
        ck_assert_str_eq(result, "ignored");
        free(result);
        /* An appointment in another century is a slip, not a reason to send it again. */
        ck_assert_int_eq(post_told(&cal, &(struct told){.start = "1999-01-01T00:00:00Z"}, &receipt),
                         0);
        ck_assert_uint_eq(contacts_of(acme), 0);
}
END_TEST

static const char *const malformed[] = {"", "null", "false", "[]", "\"x\"", "{", "{} {}"};

START_TEST(a_body_that_is_no_object_is_refused)
{
        int64_t version = version_of(acme);
        ck_assert_int_eq(post_body(&cal, malformed[_i], NULL), VIO_E_INVALID);
        ck_assert_int_eq(version_of(acme), version);
}
END_TEST

/* The original system's address: the body names the tenant. */

static int post_named(const char *tenant, const char *secret)
{
        struct vio_calendar_webhook w = VIO_CALENDAR_WEBHOOK_INIT;
        char header[VIO_CAL_COM_SIGNATURE];
        char more[80];
        snprintf(more, sizeof(more), ",\"metadata\":{\"tenantId\":%s}", tenant);
        w.calendar = VIO_CALENDAR_CAL_COM;
        w.body = body_of_told(&cal, &(struct told){.more = more});
        w.body_len = strlen(w.body);
        w.signature = header;
        ck_assert_int_eq(vio_cal_com_sign(secret, w.body, w.body_len, header), 0);
        return vio_calendar_webhook(town.v, &w, NULL);
}

START_TEST(a_named_tenant_needs_its_own_signature)
{
        struct diary theirs = given_calendar(bolt, VIO_CALENDAR_CAL_COM);
        char id[24];
        ck_assert_int_eq(post_named("4711", cal.access.secret), VIO_E_AUTH);
        ck_assert_int_eq(post_named("null", cal.access.secret), VIO_E_AUTH);
        snprintf(id, sizeof(id), "\"%lld\"", (long long)acme->id.v);
        ck_assert_int_eq(post_named(id, theirs.access.secret), VIO_E_AUTH);
        ck_assert_int_eq(post_named(id, cly.access.secret), VIO_E_AUTH);
        ck_assert_uint_eq(contacts_of(acme), 0);
        ck_assert_int_eq(post_named(id, cal.access.secret), 0);
        ck_assert_uint_eq(contacts_of(acme), 1);
        ck_assert_uint_eq(contacts_of(bolt), 0);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("calendar_hooks");
#define CASE(test) add_fixture_case(s, test, open_town, close_town)
        CASE(only_the_tokens_own_secret_counts);
        CASE(the_same_uids_of_two_clinics_do_not_meet);
        CASE(a_new_secret_leaves_the_old_one_good_for_a_day);
        CASE(what_is_removed_is_gone_at_once);
        CASE(of_a_token_only_its_end_is_shown);
        CASE(the_same_bytes_again_are_a_duplicate);
        CASE(another_version_is_kept_and_ignored);
        CASE(what_means_nothing_is_kept_and_ignored);
        CASE(a_named_tenant_needs_its_own_signature);
#undef CASE
        TCase *rows = tcase_create("rows");
        tcase_add_checked_fixture(rows, open_town, close_town);
        tcase_add_loop_test(rows, a_body_that_is_no_object_is_refused, 0, count_of(malformed));
        suite_add_tcase(s, rows);
        return s;
}
