/* commit.c - group commit: many writers share a commit, and none is told before it is durable. */
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run.h"
#include "store/contacts.h"
#include "store/q.h"
#include "store/tasks.h"
#include "store/tenants.h"
#include "store/users.h"
#include "two_tenants.h"

static struct two_tenants w;

static void setup(void)
{
        two_tenants_open(&w);
}

static void teardown(void)
{
        two_tenants_close(&w);
}

static int read_state(struct tenant_tx *tx, void *arg)
{
        return tenant_state_get(tx, arg);
}

static struct tenant_state state_of(vio_tenant_id tenant)
{
        struct tenant_state s = {0};
        ck_assert_int_eq(store_read_tenant(w.store, tenant, read_state, &s, NULL), 0);
        return s;
}

/* One unit of work that can be counted. */
static int count_one(struct tenant_tx *tx, void *arg)
{
        (void)arg;
        return tenant_alert(tx);
}

static int count_one_and_fail(struct tenant_tx *tx, void *arg)
{
        (void)arg;
        int r = tenant_alert(tx);
        return r ? r : fault_set(tx_fault(tx), VIO_E_REFUSED, "changed its mind");
}

static char wrong_result[] = "a write had the wrong result";

enum { THREADS = 8, WRITES = 100 };

static void *write_many(void *arg)
{
        bool *fails_some = arg;
        for (int i = 0; i < WRITES; i++) {
                bool fail = fails_some && i % 4 == 3;
                struct fault f;
                int r = store_write_tenant(w.store, w.acme, fail ? count_one_and_fail : count_one,
                                           NULL, &f);
                if (fail ? r != VIO_E_REFUSED || strcmp(f.text, "changed its mind") != 0 : r != 0)
                        return wrong_result;
        }
        return NULL;
}

static void run_threads(int n, void *(*fn)(void *), void *arg)
{
        pthread_t threads[300];
        void *wrong = NULL;
        pthread_attr_t small;
        pthread_attr_init(&small);
        pthread_attr_setstacksize(&small, 512 * 1024);
        for (int i = 0; i < n; i++)
                ck_assert_int_eq(pthread_create(&threads[i], &small, fn, arg), 0);
        for (int i = 0; i < n; i++) {
                void *said;
                pthread_join(threads[i], &said);
                wrong = said ? said : wrong;
        }
        pthread_attr_destroy(&small);
        ck_assert_msg(!wrong, "%s", (char *)wrong);
}

START_TEST(every_write_of_eight_threads_is_there_in_fewer_commits)
{
        int64_t version = state_of(w.acme).version;
        run_threads(THREADS, write_many, NULL);
        ck_assert_int_eq(state_of(w.acme).alerts, THREADS * WRITES);
        /* The version is raised once in each commit. */
        int64_t commits = state_of(w.acme).version - version;
        ck_assert_int_gt(commits, 0);
        ck_assert_int_lt(commits, THREADS * WRITES);
}
END_TEST

START_TEST(a_write_that_fails_undoes_only_itself)
{
        bool fails_some = true;
        run_threads(THREADS, write_many, &fails_some);
        ck_assert_int_eq(state_of(w.acme).alerts, THREADS * WRITES * 3 / 4);
}
END_TEST

/* Holds the writer until everybody else is about to queue. */
static atomic_int waiting;
static int hold_until_all_wait(struct tenant_tx *tx, void *arg)
{
        while (atomic_load(&waiting) < *(int *)arg)
                sched_yield();
        return tenant_alert(tx);
}

static void *hold(void *arg)
{
        return store_write_tenant(w.store, w.acme, hold_until_all_wait, arg, NULL) ? wrong_result
                                                                                   : NULL;
}

static void *queue_up(void *arg)
{
        (void)arg;
        atomic_fetch_add(&waiting, 1);
        return store_write_tenant(w.store, w.acme, count_one, NULL, NULL) ? wrong_result : NULL;
}

START_TEST(more_writers_than_a_group_holds_are_all_served)
{
        int n = 300;
        pthread_t first;
        pthread_create(&first, NULL, hold, &n);
        run_threads(n, queue_up, NULL);
        pthread_join(first, NULL);
        ck_assert_int_eq(state_of(w.acme).alerts, n + 1);
}
END_TEST

static int count_one_and_say_seven(struct tenant_tx *tx, void *arg)
{
        int r = count_one(tx, arg);
        return r ? r : 7;
}

START_TEST(a_positive_result_is_handed_back_and_kept)
{
        ck_assert_int_eq(store_write_tenant(w.store, w.acme, count_one_and_say_seven, NULL, NULL),
                         7);
        ck_assert_int_eq(state_of(w.acme).alerts, 1);
}
END_TEST

START_TEST(what_was_written_survives_a_sudden_end)
{
        pid_t child = fork();
        if (child == 0) {
                struct store_options o = two_tenants_options(&w);
                struct store *s;
                if (store_open(&o, &s, NULL) ||
                    store_write_tenant(s, w.acme, count_one, NULL, NULL))
                        _exit(1);
                raise(SIGKILL);
        }
        int status;
        waitpid(child, &status, 0);
        ck_assert(WIFSIGNALED(status));
        ck_assert_int_eq(number_of(w.path, "SELECT alerts FROM tenant_state WHERE tenant_id = 1"),
                         1);
        ck_assert_int_eq(store_check(w.store, NULL), 0);
}
END_TEST

START_TEST(another_connection_sees_a_write_as_soon_as_it_returns)
{
        for (int i = 1; i <= 20; i++) {
                ck_assert_int_eq(store_write_tenant(w.store, w.acme, count_one, NULL, NULL), 0);
                ck_assert_int_eq(
                    number_of(w.path, "SELECT alerts FROM tenant_state WHERE tenant_id = 1"), i);
        }
}
END_TEST

START_TEST(a_write_raises_the_version_of_its_tenant_alone)
{
        int64_t acme = state_of(w.acme).version, bolt = state_of(w.bolt).version;
        ck_assert_int_eq(store_write_tenant(w.store, w.acme, count_one, NULL, NULL), 0);
        ck_assert_int_eq(state_of(w.acme).version, acme + 1);
        ck_assert_int_eq(state_of(w.bolt).version, bolt);
}
END_TEST

static int change_nothing(struct tenant_tx *tx, void *arg)
{
        (void)arg;
        return tasks_cancel(tx, (vio_contact_id){999}, -1, 0, NOON);
}

START_TEST(a_write_that_changes_nothing_or_fails_raises_no_version)
{
        int64_t version = state_of(w.acme).version;
        ck_assert_int_eq(store_write_tenant(w.store, w.acme, change_nothing, NULL, NULL), 0);
        ck_assert_int_eq(store_write_tenant(w.store, w.acme, count_one_and_fail, NULL, NULL),
                         VIO_E_REFUSED);
        ck_assert_int_eq(state_of(w.acme).version, version);
}
END_TEST

static int add_operator(struct system_tx *tx, void *arg)
{
        struct user u = {.email = "a@b", .full_name = "A", .role = VIO_ROLE_SUPER_ADMIN};
        return user_insert(tx, &u, NOON, arg);
}

START_TEST(a_write_by_the_system_raises_no_tenants_version)
{
        int64_t version = state_of(w.acme).version;
        vio_user_id id;
        ck_assert_int_eq(store_write(w.store, add_operator, &id, NULL), 0);
        ck_assert_int_eq(state_of(w.acme).version, version);
}
END_TEST

START_TEST(a_reader_cannot_write)
{
        struct fault f;
        ck_assert_int_eq(store_read_tenant(w.store, w.acme, count_one, NULL, &f), VIO_E_INTERNAL);
        ck_assert_ptr_null(strstr(f.text, "UPDATE"));
        ck_assert_int_eq(state_of(w.acme).alerts, 0);
}
END_TEST

static int look_twice(struct tenant_tx *tx, void *arg)
{
        struct tenant_state a = {0}, b = {0};
        int r = tenant_state_get(tx, &a);
        if (!r && store_write_tenant(w.store, w.acme, count_one, NULL, NULL) != 0)
                r = VIO_E_INTERNAL;
        if (!r)
                r = tenant_state_get(tx, &b);
        *(bool *)arg = a.alerts == b.alerts;
        return r;
}

START_TEST(a_reader_sees_one_moment)
{
        bool same = false;
        /* Allowed in this test only: the writer needs none of the readers' connections. */
        ck_assert_int_eq(store_read_tenant(w.store, w.acme, look_twice, &same, NULL), 0);
        ck_assert(same);
        ck_assert_int_eq(state_of(w.acme).alerts, 1);
}
END_TEST

START_TEST(a_lock_of_another_process_is_waited_for_and_then_reported)
{
        sqlite3 *other;
        ck_assert_int_eq(sqlite3_open(w.path, &other), SQLITE_OK);
        ck_assert_int_eq(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
        struct fault f;
        ck_assert_int_eq(store_write_tenant(w.store, w.acme, count_one, NULL, &f), VIO_E_BUSY);
        ck_assert_int_eq(f.err, VIO_E_BUSY);
        ck_assert_int_eq(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
        ck_assert_int_eq(store_write_tenant(w.store, w.acme, count_one, NULL, &f), 0);
        sqlite3_close(other);
        ck_assert_int_eq(state_of(w.acme).alerts, 1);
}
END_TEST

static void *expect_storage(void *arg)
{
        (void)arg;
        return store_write_tenant(w.store, w.acme, count_one, NULL, NULL) == VIO_E_STORAGE
                   ? NULL
                   : wrong_result;
}

START_TEST(a_full_disk_fails_the_whole_group_and_passes)
{
        struct rlimit before, none = {0, RLIM_INFINITY};
        signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &before);
        none.rlim_max = before.rlim_max;
        setrlimit(RLIMIT_FSIZE, &none);
        run_threads(THREADS, expect_storage, NULL);
        setrlimit(RLIMIT_FSIZE, &before);
        ck_assert_int_eq(state_of(w.acme).alerts, 0);
        ck_assert_int_eq(store_write_tenant(w.store, w.acme, count_one, NULL, NULL), 0);
        ck_assert_int_eq(state_of(w.acme).alerts, 1);
        ck_assert_int_eq(store_check(w.store, NULL), 0);
}
END_TEST

/* What the callback for due work was told, and how often. */
static struct {
        int calls;
        vio_time at;
        struct store *store;
} told;

static void on_due(void *data, vio_time at)
{
        struct tenant_state s;
        (void)data;
        told.calls++;
        told.at = at;
        /* No lock is held: the store is free to be used. */
        ck_assert_int_eq(store_read_tenant(told.store, w.acme, read_state, &s, NULL), 0);
        ck_assert_int_eq(store_write_tenant(told.store, w.acme, count_one, NULL, NULL), 0);
}

static int plan_at(struct tenant_tx *tx, void *arg)
{
        _cleanup_task_ struct vio_task t = {0};
        int r = task_load(tx, w.task, &t);
        t.scheduled_for = *(vio_time *)arg;
        return r ? r : task_save(tx, &t, VIO_TASK_PENDING);
}

static void plan(vio_tenant_id tenant, vio_time at)
{
        ck_assert_int_eq(store_write_tenant(told.store, tenant, plan_at, &at, NULL), 0);
}

static int read_next_due(struct system_tx *tx, void *arg)
{
        return tenants_next_due(tx, arg);
}

START_TEST(only_what_is_due_sooner_is_told)
{
        struct store_options o = two_tenants_options(&w);
        o.on_due = on_due;
        ck_assert_int_eq(store_open(&o, &told.store, NULL), 0);
        plan(w.acme, NOON + 50 * MINUTES); /* both had NOON before */
        ck_assert_int_eq(told.calls, 0);
        plan(w.bolt, NOON + 60 * MINUTES); /* the dials of the fixture end at NOON + 2 minutes */
        ck_assert_int_eq(told.calls, 0);
        plan(w.bolt, NOON + 1 * MINUTES);
        ck_assert_int_eq(told.calls, 1);
        ck_assert_int_eq(told.at, NOON + 1 * MINUTES);
        plan(w.acme, NOON + 1 * MINUTES); /* no sooner than what is known */
        ck_assert_int_eq(told.calls, 1);
        plan(w.bolt, NOON + 90 * MINUTES);
        plan(w.acme, NOON + 90 * MINUTES); /* later again: NOON + 2 minutes is next */
        plan(w.acme, NOON + 1 * MINUTES);  /* so this is sooner, though it was told once */
        ck_assert_int_eq(told.calls, 2);
        vio_time next;
        ck_assert_int_eq(store_read(told.store, read_next_due, &next, NULL), 0);
        ck_assert_int_eq(next, NOON + 1 * MINUTES);
        store_close(told.store);
}
END_TEST

START_TEST(the_store_answers_when_asked_how_it_is)
{
        int file = 0, library = 0;
        ck_assert_int_eq(store_ping(w.store, NULL), 0);
        ck_assert_int_eq(store_check(w.store, NULL), 0);
        ck_assert_int_eq(store_schema(w.store, &file, &library), 0);
        ck_assert_int_eq(file, library);
        ck_assert_int_ge(file, 1);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("commit");
        add_fixture_case(s, every_write_of_eight_threads_is_there_in_fewer_commits, setup,
                         teardown);
        add_fixture_case(s, a_write_that_fails_undoes_only_itself, setup, teardown);
        add_fixture_case(s, more_writers_than_a_group_holds_are_all_served, setup, teardown);
        add_fixture_case(s, a_positive_result_is_handed_back_and_kept, setup, teardown);
        add_fixture_case(s, what_was_written_survives_a_sudden_end, setup, teardown);
        add_fixture_case(s, another_connection_sees_a_write_as_soon_as_it_returns, setup, teardown);
        add_fixture_case(s, a_write_raises_the_version_of_its_tenant_alone, setup, teardown);
        add_fixture_case(s, a_write_that_changes_nothing_or_fails_raises_no_version, setup,
                         teardown);
        add_fixture_case(s, a_write_by_the_system_raises_no_tenants_version, setup, teardown);
        add_fixture_case(s, a_reader_cannot_write, setup, teardown);
        add_fixture_case(s, a_reader_sees_one_moment, setup, teardown);
        add_fixture_case(s, a_lock_of_another_process_is_waited_for_and_then_reported, setup,
                         teardown);
        add_fixture_case(s, a_full_disk_fails_the_whole_group_and_passes, setup, teardown);
        add_fixture_case(s, only_what_is_due_sooner_is_told, setup, teardown);
        add_fixture_case(s, the_store_answers_when_asked_how_it_is, setup, teardown);
        return s;
}
