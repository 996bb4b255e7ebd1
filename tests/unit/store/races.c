/* races.c - what the schema promises, with eight threads asking for the same thing at once. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "run.h"
#include "store/attempts.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/events.h"
#include "store/tasks.h"
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

enum { THREADS = 8, ROUNDS = 20 };

/* How often each answer was given, over all threads. */
static atomic_int won, lost, broken;
static tenant_fn *racing;
static pthread_barrier_t line;

struct runner {
        unsigned thread, round;
        bool won;
};

static void *run(void *arg)
{
        struct runner *me = arg;
        for (me->round = 0; me->round < ROUNDS; me->round++) {
                me->won = false;
                pthread_barrier_wait(&line);
                int r = store_write_tenant(w.store, w.acme, racing, me, NULL);
                if (r == 0 && me->won)
                        atomic_fetch_add(&won, 1);
                else if (r == 0 || r == VIO_E_CONFLICT)
                        atomic_fetch_add(&lost, 1);
                else
                        atomic_fetch_add(&broken, 1);
        }
        return NULL;
}

/* Lets all threads do the same thing, round by round; exactly one may win each round. */
static void race(tenant_fn *fn)
{
        pthread_t threads[THREADS];
        struct runner runners[THREADS];
        racing = fn;
        atomic_store(&won, 0);
        atomic_store(&lost, 0);
        atomic_store(&broken, 0);
        pthread_barrier_init(&line, NULL, THREADS);
        for (unsigned i = 0; i < THREADS; i++) {
                runners[i] = (struct runner){.thread = i};
                ck_assert_int_eq(pthread_create(&threads[i], NULL, run, &runners[i]), 0);
        }
        for (unsigned i = 0; i < THREADS; i++)
                pthread_join(threads[i], NULL);
        pthread_barrier_destroy(&line);
        ck_assert_int_eq(atomic_load(&broken), 0);
        ck_assert_int_eq(atomic_load(&won), ROUNDS);
        ck_assert_int_eq(atomic_load(&lost), ROUNDS * (THREADS - 1));
}

static void number_to_dial(const struct runner *me, char ret[17])
{
        snprintf(ret, 17, "+1415555%04u", 200 + me->round);
}

static int dial(struct tenant_tx *tx, void *arg)
{
        struct runner *me = arg;
        unsigned n = 1000 + me->round * THREADS + me->thread;
        struct vio_call c = call_row(w.contact, n);
        struct attempt a = attempt_row(n);
        number_to_dial(me, a.phone);
        int r = call_insert(tx, &c);
        if (!r)
                r = attempt_insert(tx, &a);
        me->won = !r;
        return r;
}

START_TEST(one_number_is_dialled_by_one_thread_alone)
{
        race(dial);
        /* The losers' sessions were undone with their attempts. */
        ck_assert_int_eq(
            number_of(w.path, "SELECT count(*) FROM call_sessions WHERE tenant_id = 1"),
            1 + ROUNDS);
        ck_assert_int_eq(
            number_of(w.path, "SELECT count(*) FROM attempts WHERE tenant_id = 1 AND is_open = 1"),
            1 + ROUNDS);
}
END_TEST

START_TEST(the_same_number_may_be_dialled_for_another_tenant)
{
        bool open = true;
        struct desk d;
        desk_open(&d, &w);
        ck_assert_int_eq(attempt_close(&d.acme, w.call), 0);
        ck_assert_int_eq(attempt_open_for(&d.acme, PHONE, &open), 0);
        ck_assert(!open);
        ck_assert_int_eq(attempt_open_for(&d.bolt, PHONE, &open), 0);
        ck_assert(open);
        desk_close(&d);
}
END_TEST

static int plan(struct tenant_tx *tx, void *arg)
{
        struct runner *me = arg;
        unsigned n = 1000 + me->round * THREADS + me->thread;
        struct vio_task t = task_row(w.contact, n);
        t.type = VIO_TASK_FOLLOW_UP;
        /* The first round's open task would block every later round. */
        if (me->round) {
                _cleanup_task_ struct vio_task open = {0};
                int r = task_load_open(tx, w.contact, VIO_TASK_FOLLOW_UP, &open);
                if (!r && open.attempts < me->round) {
                        open.status = VIO_TASK_CANCELLED;
                        r = task_save(tx, &open, VIO_TASK_PENDING);
                }
                if (r && r != VIO_E_NOTFOUND)
                        return r;
        }
        t.attempts = me->round;
        return task_insert(tx, &t, &me->won);
}

START_TEST(one_open_task_of_a_type_is_made_by_one_thread_alone)
{
        race(plan);
        ck_assert_int_eq(number_of(w.path, "SELECT count(*) FROM call_tasks WHERE tenant_id = 1"
                                           " AND task_type = 'follow_up' AND status = 'pending'"),
                         1);
}
END_TEST

static int take_event(struct tenant_tx *tx, void *arg)
{
        struct runner *me = arg;
        char digest[65];
        int64_t id;
        snprintf(digest, sizeof(digest), "%064u", me->round);
        struct event e = {.call_id = "call_1",
                          .event_type = "call_ended",
                          .digest = digest,
                          .payload = "{}",
                          .payload_len = 2,
                          .processed_at = NOON,
                          .created_at = NOON};
        int r = event_insert(tx, &e, &id);
        me->won = !r && id != 0;
        return r;
}

START_TEST(one_event_is_taken_in_by_one_thread_alone)
{
        race(take_event);
        ck_assert_int_eq(number_of(w.path, "SELECT count(*) FROM retell_events"), ROUNDS);
}
END_TEST

/* Each thread has loaded the same generation; the first to write takes the lease from the rest. */
static int finish(struct tenant_tx *tx, void *arg)
{
        struct runner *me = arg;
        struct attempt a = attempt_row(1);
        a.lease_generation = me->round + 2;
        a.state = VIO_DIAL_UNKNOWN;
        a.looks = me->thread;
        int r = attempt_save(tx, &a, me->round + 1);
        me->won = !r;
        return r;
}

START_TEST(one_thread_alone_writes_with_a_lease)
{
        race(finish);
        ck_assert_int_eq(number_of(w.path, "SELECT lease_generation FROM attempts"
                                           " WHERE tenant_id = 1"),
                         ROUNDS + 1);
        ck_assert_int_eq(number_of(w.path, "SELECT lease_generation FROM attempts"
                                           " WHERE tenant_id = 2"),
                         1);
}
END_TEST

START_TEST(a_lost_lease_writes_nothing)
{
        struct desk d;
        struct attempt a = attempt_row(1), now;
        desk_open(&d, &w);
        a.lease_generation = 2;
        ck_assert_int_eq(attempt_save(&d.acme, &a, 1), 0);
        a.state = VIO_DIAL_REJECTED;
        a.is_open = false;
        ck_assert_int_eq(attempt_save(&d.acme, &a, 1), VIO_E_CONFLICT);
        ck_assert_int_eq(attempt_load(&d.acme, w.call, &now), 0);
        ck_assert_int_eq(now.state, VIO_DIAL_DIALING);
        ck_assert(now.is_open);
        attempt_done(&now);
        desk_close(&d);
}
END_TEST

static int claim(struct tenant_tx *tx, void *arg)
{
        struct runner *me = arg;
        _cleanup_task_ struct vio_task t = {0};
        int r = task_load(tx, w.task, &t);
        if (r)
                return r;
        /* Odd rounds hand back what even rounds took. */
        enum vio_task_status from = me->round % 2 ? VIO_TASK_PROCESSING : VIO_TASK_PENDING;
        t.status = me->round % 2 ? VIO_TASK_PENDING : VIO_TASK_PROCESSING;
        r = task_save(tx, &t, from);
        me->won = !r;
        return r;
}

START_TEST(one_task_is_claimed_by_one_thread_alone)
{
        race(claim);
}
END_TEST

static int add_contact(struct tenant_tx *tx, void *arg)
{
        struct runner *me = arg;
        struct vio_contact c = contact_row();
        vio_contact_id id;
        me->won = me->thread == 0;
        return contact_insert(tx, &c, &id);
}

START_TEST(every_contact_gets_an_id_of_its_own)
{
        race(add_contact);
        ck_assert_int_eq(number_of(w.path, "SELECT count(*) FROM contacts WHERE tenant_id = 1"),
                         1 + THREADS * ROUNDS);
        ck_assert_int_eq(number_of(w.path, "SELECT max(id) FROM contacts WHERE tenant_id = 1"),
                         1 + THREADS * ROUNDS);
        ck_assert_int_eq(number_of(w.path, "SELECT max(id) FROM contacts WHERE tenant_id = 2"), 1);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("races");
        add_fixture_case(s, one_number_is_dialled_by_one_thread_alone, setup, teardown);
        add_fixture_case(s, the_same_number_may_be_dialled_for_another_tenant, setup, teardown);
        add_fixture_case(s, one_open_task_of_a_type_is_made_by_one_thread_alone, setup, teardown);
        add_fixture_case(s, one_event_is_taken_in_by_one_thread_alone, setup, teardown);
        add_fixture_case(s, one_thread_alone_writes_with_a_lease, setup, teardown);
        add_fixture_case(s, a_lost_lease_writes_nothing, setup, teardown);
        add_fixture_case(s, one_task_is_claimed_by_one_thread_alone, setup, teardown);
        add_fixture_case(s, every_contact_gets_an_id_of_its_own, setup, teardown);
        return s;
}
