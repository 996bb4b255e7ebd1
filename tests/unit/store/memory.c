/* memory.c - allocations fail one by one, SQLite's own and ours, while a store is at work.
 */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "run.h"
#include "store/attempts.h"
#include "store/audit.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/days.h"
#include "store/events.h"
#include "store/tenants.h"
#include "two_tenants.h"

/* Counts the allocations of one kind and fails the one with number fail_at; 0: none. */
static struct counter {
        long count, fail_at;
} ours, sqlites;

static bool fails(struct counter *c)
{
        return ++c->count == c->fail_at;
}

static void *may_alloc(void *data, size_t size)
{
        (void)data;
        return fails(&ours) ? NULL : malloc(size);
}

static void *may_resize(void *data, void *p, size_t size)
{
        (void)data;
        return fails(&ours) ? NULL : realloc(p, size);
}

static void release(void *data, void *p)
{
        (void)data;
        free(p);
}

static sqlite3_mem_methods real;

static void *sqlite_alloc(int size)
{
        return fails(&sqlites) ? NULL : real.xMalloc(size);
}

static void *sqlite_resize(void *p, int size)
{
        return fails(&sqlites) ? NULL : real.xRealloc(p, size);
}

static struct two_tenants w;

static void setup(void)
{
        static const struct vio_alloc failing_alloc = {may_alloc, may_resize, release, NULL};
        sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real);
        sqlite3_mem_methods failing = real;
        failing.xMalloc = sqlite_alloc;
        failing.xRealloc = sqlite_resize;
        ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_MALLOC, &failing), SQLITE_OK);
        mem_use(&failing_alloc);
        two_tenants_open(&w);
        w.store = store_close(w.store);
}

static void teardown(void)
{
        two_tenants_close(&w);
}

/* Writes something into most tables; ends undone, so that every round finds the same. */
static int write_much(struct tenant_tx *tx, void *arg)
{
        static const struct vio_actor system = VIO_ACTOR_INIT;
        _cleanup_settings_ struct settings s = {0};
        struct vio_contact contact = contact_row();
        struct event event = {.call_id = "c",
                              .event_type = "call_ended",
                              .digest = "d",
                              .payload = "{}",
                              .payload_len = 2,
                              .processed_at = NOON,
                              .created_at = NOON};
        struct vio_call call = call_row(w.contact, 2);
        struct attempt attempt = attempt_row(2);
        struct audit audit = {.actor = &system, .action = "x", .call = &call.id, .at = NOON};
        int64_t id;
        int r = settings_load(tx, &s);
        if (r)
                return r;
        mem_free(s.value[SETTING_retell_api_key]);
        s.value[SETTING_retell_api_key] = mem_text("key");
        if (!s.value[SETTING_retell_api_key])
                return VIO_E_NOMEM;
        call.transcript = (char *)"words";
        attempt.is_open = false;
        if ((r = settings_save(tx, &s)) || (r = contact_insert(tx, &contact, &contact.id)) ||
            (r = call_insert(tx, &call)) || (r = attempt_insert(tx, &attempt)) ||
            (r = call_save(tx, &call)) || (r = event_insert(tx, &event, &id)) ||
            (r = audit_add(tx, &audit)))
                return r;
        *(bool *)arg = true;
        return VIO_E_REFUSED;
}

static int write_little(struct tenant_tx *tx, void *arg)
{
        (void)arg;
        return tenant_alert(tx);
}

static int look(void *data, const struct vio_contact *c)
{
        (void)data;
        return strcmp(c->name, "Ada Byron") == 0 ? 0 : VIO_E_INTERNAL;
}

static int read_much(struct tenant_tx *tx, void *arg)
{
        _cleanup_contact_ struct vio_contact contact = {0};
        _cleanup_call_ struct vio_call call = {0};
        _cleanup_attempt_ struct attempt attempt = {0};
        struct vio_contact_filter f = VIO_CONTACT_FILTER_INIT;
        struct day_stats day;
        int64_t broken;
        (void)arg;
        int r = contact_load(tx, w.contact, &contact);
        if (!r)
                r = call_load(tx, w.call, true, &call);
        if (!r)
                r = attempt_load(tx, w.call, &attempt);
        if (!r)
                r = contact_each(tx, &f, look, NULL);
        if (!r)
                r = day_load(tx, TODAY, &day);
        return r ? r : audit_verify(tx, &broken);
}

static int open_write_and_read(void)
{
        struct store_options o = two_tenants_options(&w);
        struct fault f = {0};
        bool wrote = false;
        int r = store_open(&o, &w.store, &f);
        if (r) {
                ck_assert_int_eq(f.err, r);
                return r;
        }
        r = store_write_tenant(w.store, w.acme, write_much, &wrote, &f);
        ck_assert_int_eq(f.err, r);
        if (r == VIO_E_REFUSED && wrote)
                r = store_write_tenant(w.store, w.acme, write_little, NULL, &f);
        if (!r)
                r = store_read_tenant(w.store, w.bolt, read_much, NULL, &f);
        w.store = store_close(w.store);
        return r;
}

static int make_new(void)
{
        unlink(w.path);
        struct store_options o = two_tenants_options(&w);
        int r = store_open(&o, &w.store, NULL);
        w.store = store_close(w.store);
        return r;
}

/*
 * Fails an allocation, then one @stride further on, until the scenario needs no more of them. All
 * of ours are tried. Of SQLite's, many of which belong to one call of ours, every twenty-third is:
 * its own tests fail each, and so does this one where VIO_TEST_ALL is set (two minutes).
 */
static long fail_each(int (*scenario)(void), struct counter *c, long stride)
{
        for (long n = 1;; n += stride) {
                c->count = 0;
                c->fail_at = n;
                int r = scenario();
                bool reached = c->count >= n;
                c->fail_at = 0;
                ck_assert_msg(r == 0 || r == VIO_E_NOMEM, "allocation %ld: %s", n, vio_strerror(r));
                if (!reached) {
                        ck_assert_int_eq(r, 0);
                        return n;
                }
        }
}

static long stride(void)
{
        return getenv("VIO_TEST_ALL") ? 1 : 23;
}

/* Reads numbers as texts, then writes; all of it is undone. */
static int read_settings_then_write(struct tenant_tx *tx, void *arg)
{
        _cleanup_settings_ struct settings s = {0};
        struct vio_contact contact = contact_row();
        (void)arg;
        int r = settings_load(tx, &s);
        if (!r && !s.value[SETTING_accept_bare_signature])
                return VIO_E_INTERNAL;
        if (!r)
                r = contact_insert(tx, &contact, &contact.id);
        return r ? r : VIO_E_REFUSED;
}

static int read_and_write(void)
{
        int r = store_write_tenant(w.store, w.acme, read_settings_then_write, NULL, NULL);
        return r == VIO_E_REFUSED ? 0 : r;
}

START_TEST(a_transaction_that_sqlite_gave_up_writes_nothing_more)
{
        struct store_options o = two_tenants_options(&w);
        ck_assert_int_eq(store_open(&o, &w.store, NULL), 0);
        ck_assert_int_eq(read_and_write(), 0);
        fail_each(read_and_write, &sqlites, 1);
        ck_assert_int_eq(number_of(w.path, "SELECT count(*) FROM contacts"), 2);
}
END_TEST

START_TEST(any_allocation_may_fail_while_a_store_is_at_work)
{
        ck_assert_int_gt(fail_each(open_write_and_read, &ours, 1), 30);
        ck_assert_int_gt(fail_each(open_write_and_read, &sqlites, stride()), 1000);
        /* No failure left a half-written group behind. */
        ck_assert_int_eq(number_of(w.path, "SELECT count(*) FROM contacts"), 2);
        ck_assert_int_eq(number_of(w.path, "SELECT count(*) FROM audit_logs"), 0);
        struct store_options o = two_tenants_options(&w);
        ck_assert_int_eq(store_open(&o, &w.store, NULL), 0);
        ck_assert_int_eq(store_check(w.store, NULL), 0);
}
END_TEST

START_TEST(any_allocation_may_fail_while_a_database_is_made)
{
        ck_assert_int_gt(fail_each(make_new, &ours, 1), 5);
        ck_assert_int_gt(fail_each(make_new, &sqlites, stride()), 1000);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("memory");
        const TTest *const cases[] = {a_transaction_that_sqlite_gave_up_writes_nothing_more,
                                      any_allocation_may_fail_while_a_store_is_at_work,
                                      any_allocation_may_fail_while_a_database_is_made};
        for (size_t i = 0; i < count_of(cases); i++) {
                TCase *tc = tcase_create(cases[i]->name);
                tcase_add_checked_fixture(tc, setup, teardown);
                tcase_set_timeout(tc, 240);
                tcase_add_test(tc, cases[i]);
                suite_add_tcase(s, tc);
        }
        return s;
}
