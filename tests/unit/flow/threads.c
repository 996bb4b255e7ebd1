/* threads.c - many at once: threads of one process, and processes on one file. */
#include <stdio.h>
#include <string.h>

#include "abi/handle.h"
#include "clinic.h"
#include "run.h"
#include "store/q.h"

#define THREADS 8

static struct town town;
static struct business *const acme = &town.acme;
static vio_contact_id ada;

static void open_town(void)
{
        town_open(&town);
}

static void close_town(void)
{
        town_close(&town);
}

/* Runs @work on so many threads, which all begin at the same moment. Each has its own handle. */
struct worker {
        pthread_t thread;
        int number;
        vio_tenant *acme;
        pthread_barrier_t *start;
        void (*work)(struct worker *w);
        int result;
        enum vio_receipt receipt;
};

static void *run_worker(void *arg)
{
        struct worker *w = arg;
        pthread_barrier_wait(w->start);
        w->work(w);
        return NULL;
}

static void together(void (*work)(struct worker *w), struct worker workers[THREADS])
{
        pthread_barrier_t start;

        pthread_barrier_init(&start, NULL, THREADS);
        for (int i = 0; i < THREADS; i++) {
                workers[i] = (struct worker){.number = i, .start = &start, .work = work};
                ck_assert_int_eq(vio_tenant_open(town.v, acme->id, NULL, &workers[i].acme), 0);
        }
        for (int i = 0; i < THREADS; i++)
                ck_assert_int_eq(pthread_create(&workers[i].thread, NULL, run_worker, &workers[i]),
                                 0);
        for (int i = 0; i < THREADS; i++) {
                pthread_join(workers[i].thread, NULL);
                vio_tenant_free(workers[i].acme);
        }
        pthread_barrier_destroy(&start);
}

static int how_many(const struct worker workers[THREADS], int result)
{
        int n = 0;
        for (int i = 0; i < THREADS; i++)
                n += workers[i].result == result;
        return n;
}

/* One dial */

static void call_ada(struct worker *w)
{
        vio_call *call = NULL;
        w->result = vio_call_now(w->acme, ada, &call);
        vio_call_free(call);
}

START_TEST(eight_who_call_at_once_make_one_call)
{
        struct worker workers[THREADS];
        ada = given_contact(acme, "Ada", 1, MONDAY);

        together(call_ada, workers);
        ck_assert_int_eq(how_many(workers, 0), 1);
        ck_assert_int_eq(how_many(workers, VIO_E_REFUSED), THREADS - 1);
        then_rings_are(acme, phone_of(1), 1);
}
END_TEST

static void call_or_step(struct worker *w)
{
        if (w->number % 2)
                call_ada(w);
        else
                w->result = vio_step(town.v, NULL);
}

START_TEST(a_reminder_that_is_due_and_eight_threads_make_one_call)
{
        struct worker workers[THREADS];
        ada = given_contact(acme, "Ada", 1, MONDAY);
        town.now = at("2026-11-22T15:00:00Z");

        together(call_or_step, workers);
        then_rings_are(acme, phone_of(1), 1);
        when_time_passes(&town, 1 * DAYS);
        then_appointment_is(acme, ada, VIO_APPOINTMENT_CONFIRMED);
        then_rings_are(acme, phone_of(1), 1);
}
END_TEST

/* Each calls until the limit forbids it, and says at once that nobody answered, which frees the
 * line for the others. */
static void call_and_miss(struct worker *w)
{
        while (vio_tenant_refusal(w->acme) != VIO_REASON_DAILY_LIMIT) {
                char body[300];
                vio_call *call = NULL;
                if (vio_call_now(w->acme, ada, &call) != 0)
                        continue;
                snprintf(body, sizeof(body),
                         "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"%s\","
                         "\"disconnection_reason\":\"dial_no_answer\"}}",
                         vio_call_get_retell_call_id(call));
                w->result += post_signed(&town, acme->api_key, town.now, body);
                vio_call_free(call);
        }
}

START_TEST(the_daily_limit_holds_for_eight_threads)
{
        struct worker workers[THREADS];
        ada = given_contact(acme, "Ada", 5, MONDAY);

        together(call_and_miss, workers);
        ck_assert_int_eq(how_many(workers, 0), THREADS);
        then_rings_are(acme, phone_of(5), 3);
        ck_assert_int_eq(contact_now(acme, ada).attempts, 3);
        then_refused_for(acme, when_called_now(acme, ada), VIO_REASON_DAILY_LIMIT);
}
END_TEST

/* Webhooks */

static void deliver_the_analysis(struct worker *w)
{
        w->result = deliver(&town, held_event(&town, "call_analyzed"), &w->receipt);
}

static void given_a_finished_call(int person)
{
        ada = given_contact(acme, "Ada", person, MONDAY);
        town.post = POST_HELD;
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        town.next_step = town.now + 1 * HOURS;
        when_time_passes(&town, 70 * SECONDS);
}

START_TEST(one_webhook_from_eight_threads_is_taken_in_once)
{
        struct worker workers[THREADS];
        int stored = 0;
        given_a_finished_call(1);

        together(deliver_the_analysis, workers);
        ck_assert_int_eq(how_many(workers, 0), THREADS);
        for (int i = 0; i < THREADS; i++)
                stored += workers[i].receipt == VIO_RECEIPT_STORED;
        ck_assert_int_eq(stored, 1);
        ck_assert_int_eq(contact_now(acme, ada).attempts, 1);
        then_appointment_is(acme, ada, VIO_APPOINTMENT_CONFIRMED);
}
END_TEST

static void deliver_all_or_poll(struct worker *w)
{
        if (w->number == 0) {
                w->result = vio_step(town.v, NULL);
                return;
        }
        for (size_t i = 0; i < town.n_held; i++)
                w->result |=
                    deliver(&town, &town.held[(i + (size_t)w->number) % town.n_held], NULL);
}

START_TEST(webhooks_and_polls_at_once_tell_one_story)
{
        struct worker workers[THREADS];
        given_a_finished_call(2);
        town.now += 30 * SECONDS; /* the first poll is due */

        together(deliver_all_or_poll, workers);
        ck_assert_int_eq(how_many(workers, 0), THREADS);
        ck_assert_int_eq(contact_now(acme, ada).attempts, 1);
        then_appointment_is(acme, ada, VIO_APPOINTMENT_CANCELLED);
        ck_assert(newest_call(acme, ada).is_final);
}
END_TEST

static void add_a_contact(struct worker *w)
{
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        vio_contact_id id;
        f.name = "Somebody";
        for (int i = 0; i < 20; i++)
                w->result |= vio_contact_add(w->acme, &f, &id);
}

START_TEST(contacts_from_eight_threads_are_all_counted)
{
        struct worker workers[THREADS];
        struct vio_contact_stats stats;
        together(add_a_contact, workers);
        ck_assert_int_eq(how_many(workers, 0), THREADS);
        ck_assert_int_eq(vio_contact_stats(acme->handle, &stats), 0);
        ck_assert_int_eq(stats.total, THREADS * 20);
}
END_TEST

/* Steps, leases, processes */

static int second_step;
static void somebody_else_steps(struct town *t)
{
        vio_time next = 4711;
        second_step = vio_step(t->v, &next);
        ck_assert_int_eq(next, 4711);
}

START_TEST(the_second_who_steps_is_told_to_wait)
{
        given_contact(acme, "Ada", 1, MONDAY);
        town.now = at("2026-11-22T15:00:00Z");
        town.during_dial = somebody_else_steps;
        ck_assert_int_eq(when_stepped(&town), 0);
        ck_assert_int_eq(second_step, VIO_E_BUSY);
        ck_assert_int_eq(when_stepped(&town), 0);
}
END_TEST

TENANT_SQL(sql_leases, "SELECT count(*) FROM attempts WHERE tenant_id = ?1"
                       " AND lease_owner IS NOT NULL AND due_at IS NOT NULL");
static int count_leases_in(struct tenant_tx *tx, void *arg)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_leases);
        *(int64_t *)arg = q_row(q) ? q_col_int(q, 0) : -1;
        return q_done(q);
}

static int64_t leases(void)
{
        int64_t n = -1;
        ck_assert_int_eq(
            store_read_tenant(town.v->engine.store, acme->id, count_leases_in, &n, NULL), 0);
        return n;
}

static void the_process_is_stopped(struct town *t)
{
        ck_assert_int_eq(leases(), 1);
        ck_assert_int_eq(vio_release(t->v), 0);
        ck_assert_int_eq(leases(), 0);
}

START_TEST(a_release_leaves_no_lease)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        town.during_dial = the_process_is_stopped;
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        ck_assert_int_eq(leases(), 0);
        ck_assert_int_eq(vio_release(town.v), 0);

        /* The next process finds the call without waiting for a lease to end. */
        town.post = POST_LOST;
        town_reopen(&town);
        ck_assert_int_eq(when_stepped(&town), 0);
        ck_assert_int_eq(newest_call(acme, ada).dial, VIO_DIAL_PLACED);
        when_time_passes(&town, 1 * HOURS);
        then_rings_are(acme, phone_of(1), 1);
        then_appointment_is(acme, ada, VIO_APPOINTMENT_CONFIRMED);
}
END_TEST

#define PATIENTS 20

static const char *patient_phone(int i)
{
        static char phone[20];
        snprintf(phone, sizeof(phone), "+1415557%02d01", i);
        return phone;
}

static void given_patients(void)
{
        for (int i = 0; i < PATIENTS; i++)
                given_contact_with_phone(acme, "Patient", patient_phone(i), MONDAY);
}

static void then_each_patient_confirmed_after_one_call(void)
{
        struct vio_contact_stats stats;
        for (int i = 0; i < PATIENTS; i++)
                then_rings_are(acme, patient_phone(i), 1);
        ck_assert_int_eq(vio_contact_stats(acme->handle, &stats), 0);
        ck_assert_int_eq(stats.confirmed, PATIENTS);
}

START_TEST(two_processes_that_take_turns_never_ring_twice)
{
        given_patients();
        vio *other = town_second_process(&town);
        town.now = at("2026-11-22T15:00:00Z");
        for (int i = 0; i < 90; i++) {
                ck_assert_int_eq(vio_step(i % 2 ? other : town.v, NULL), 0);
                ck_assert_int_eq(vio_step(i % 2 ? town.v : other, NULL), 0);
                town.now += 500;
        }
        when_time_passes(&town, 1 * HOURS);
        vio_close(other);
        then_each_patient_confirmed_after_one_call();
}
END_TEST

static void *step_on(void *arg)
{
        for (int i = 0; i < 60; i++) {
                ck_assert_int_eq(vio_step(arg, NULL), 0);
                town.now += 400;
        }
        return NULL;
}

START_TEST(two_processes_at_the_same_time_never_ring_twice)
{
        pthread_t thread;
        given_patients();
        vio *other = town_second_process(&town);
        town.now = at("2026-11-22T15:00:00Z");
        ck_assert_int_eq(pthread_create(&thread, NULL, step_on, other), 0);
        step_on(town.v);
        pthread_join(thread, NULL);
        when_time_passes(&town, 1 * HOURS);
        vio_close(other);
        then_each_patient_confirmed_after_one_call();
}
END_TEST

/* Logging in */

/* Everybody has an account of his own: one account would be throttled. */
static const char *address_of(int number, char *ret, size_t size)
{
        snprintf(ret, size, "ada%d@example.org", number);
        return ret;
}

static void given_accounts(void)
{
        for (int i = 0; i < THREADS; i++) {
                struct vio_user_fields f = VIO_USER_FIELDS_INIT;
                vio_user_id id;
                char email[32];
                f.email = address_of(i, email, sizeof(email));
                f.password = "right password";
                f.full_name = "Ada";
                ck_assert_int_eq(vio_user_add(acme->handle, &f, &id), 0);
        }
}

static void log_in(struct worker *w)
{
        struct vio_login l = VIO_LOGIN_INIT;
        struct vio_identity who = VIO_IDENTITY_INIT;
        char token[VIO_TOKEN_SIZE];
        char email[32];
        l.email = address_of(w->number, email, sizeof(email));
        l.password = w->number % 2 ? "right password" : "wrong password";
        w->result = vio_login(town.v, &l, &who, token);
}

static atomic_bool watching;
static void *watch_hashing(void *arg)
{
        struct engine *e = &town.v->engine;
        int *most = arg;
        while (watching) {
                pthread_mutex_lock(&e->hashing);
                *most = e->hashing_now > *most ? e->hashing_now : *most;
                pthread_mutex_unlock(&e->hashing);
        }
        return NULL;
}

START_TEST(at_most_two_passwords_are_hashed_at_once)
{
        struct worker workers[THREADS];
        pthread_t watcher;
        int most = 0;

        given_accounts();
        watching = true;
        pthread_create(&watcher, NULL, watch_hashing, &most);
        together(log_in, workers);
        watching = false;
        pthread_join(watcher, NULL);
        ck_assert_int_eq(how_many(workers, 0), THREADS / 2);
        ck_assert_int_eq(how_many(workers, VIO_E_AUTH), THREADS / 2);
        ck_assert_int_le(most, 2);
        ck_assert_int_ge(most, 1);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("threads");
#define CASE(test) add_fixture_case(s, test, open_town, close_town)
        CASE(eight_who_call_at_once_make_one_call);
        CASE(a_reminder_that_is_due_and_eight_threads_make_one_call);
        CASE(the_daily_limit_holds_for_eight_threads);
        CASE(one_webhook_from_eight_threads_is_taken_in_once);
        CASE(webhooks_and_polls_at_once_tell_one_story);
        CASE(contacts_from_eight_threads_are_all_counted);
        CASE(the_second_who_steps_is_told_to_wait);
        CASE(a_release_leaves_no_lease);
        CASE(two_processes_that_take_turns_never_ring_twice);
        CASE(two_processes_at_the_same_time_never_ring_twice);
        CASE(at_most_two_passwords_are_hashed_at_once);
#undef CASE
        return s;
}
