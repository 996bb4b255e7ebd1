/* logins.c - guessing is slowed down, passwords are changed, people log out. */
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "abi/handle.h"
#include "accounts.h"
#include "flow/throttle.h"
#include "run.h"

#define ADA  "ada@example.org"
#define HERE "192.0.2.1"

static struct town town;
static struct business *const acme = &town.acme;
static struct business *const bolt = &town.bolt;

static void open_town(void)
{
        town_open(&town);
}

static void close_town(void)
{
        town_close(&town);
}

static void when_guessed(const char *email, const char *ip_address, int times)
{
        for (int i = 0; i < times; i++)
                ck_assert_int_eq(
                    logged_in_from(&town, email, "wrong password", ip_address, NULL).result,
                    VIO_E_AUTH);
}

/* As long as the throttle asks for; returns what it asked for. */
static int64_t when_waited(const char *email, const char *ip_address)
{
        int64_t ms = wait_of(&town, email, ip_address);
        town.now += ms;
        ck_assert_int_eq(wait_of(&town, email, ip_address), 0);
        return ms;
}

/* Guessing */

START_TEST(five_wrong_passwords_are_free_and_then_even_the_right_one_waits)
{
        given_account(acme, ADA, VIO_ROLE_CLIENT_USER);
        when_guessed(ADA, NULL, 4);
        ck_assert_int_eq(wait_of(&town, ADA, NULL), 0);
        when_guessed(ADA, NULL, 1);
        ck_assert_int_eq(wait_of(&town, ADA, NULL), 1 * SECONDS);
        ck_assert_int_eq(logged_in(&town, ADA, OLD_PASSWORD).result, VIO_E_LIMITED);
        town.now += 1 * SECONDS - 1;
        ck_assert_int_eq(logged_in(&town, ADA, OLD_PASSWORD).result, VIO_E_LIMITED);
        town.now += 1;
        ck_assert_int_eq(logged_in(&town, ADA, OLD_PASSWORD).result, 0);
}
END_TEST

START_TEST(the_wait_doubles_up_to_a_quarter_of_an_hour_and_asking_does_not_prolong_it)
{
        static const int64_t seconds[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900};
        given_account(acme, ADA, VIO_ROLE_CLIENT_USER);
        when_guessed(ADA, NULL, 5);
        for (size_t i = 0; i < count_of(seconds); i++) {
                for (int k = 0; k < 3; k++)
                        ck_assert_int_eq(logged_in(&town, ADA, "wrong password").result,
                                         VIO_E_LIMITED);
                ck_assert_int_eq(when_waited(ADA, NULL), seconds[i] * SECONDS);
                when_guessed(ADA, NULL, 1);
        }
}
END_TEST

/* An outsider sees the same, step by step, whether the address has an account or not. */
START_TEST(an_address_without_an_account_is_throttled_the_same_way)
{
        given_account(acme, ADA, VIO_ROLE_CLIENT_USER);
        for (int i = 0; i < 40; i++) {
                ck_assert_int_eq(logged_in(&town, ADA, "wrong password").result,
                                 logged_in(&town, "nobody@example.org", "wrong password").result);
                ck_assert_int_eq(wait_of(&town, ADA, NULL),
                                 wait_of(&town, "nobody@example.org", NULL));
                town.now += i % 3 ? 0 : (1 << i / 3) * SECONDS;
        }
}
END_TEST

START_TEST(naming_a_tenant_tells_nothing_and_is_no_way_around)
{
        given_account(acme, ADA, VIO_ROLE_CLIENT_USER);
        for (int i = 0; i < 5; i++)
                ck_assert_int_eq(
                    logged_in_from(&town, ADA, "wrong password", NULL, i % 2 ? acme : bolt).result,
                    VIO_E_AUTH);
        ck_assert_int_eq(logged_in_from(&town, ADA, OLD_PASSWORD, NULL, acme).result,
                         VIO_E_LIMITED);
        ck_assert_int_eq(logged_in_from(&town, ADA, OLD_PASSWORD, NULL, bolt).result,
                         VIO_E_LIMITED);
        ck_assert_int_eq(logged_in(&town, "ADA@example.ORG", OLD_PASSWORD).result, VIO_E_LIMITED);
}
END_TEST

START_TEST(while_it_waits_no_password_is_hashed)
{
        struct engine *e = &town.v->engine;
        given_account(acme, ADA, VIO_ROLE_CLIENT_USER);
        when_guessed(ADA, NULL, 5);
        /* With every place taken, whoever wanted to hash would be told BUSY. */
        e->hashing_waiting = 1000;
        ck_assert_int_eq(logged_in(&town, ADA, OLD_PASSWORD).result, VIO_E_LIMITED);
        town.now += 1 * SECONDS;
        ck_assert_int_eq(logged_in(&town, ADA, OLD_PASSWORD).result, VIO_E_BUSY);
        e->hashing_waiting = 0;
}
END_TEST

START_TEST(what_was_no_wrong_password_does_not_count)
{
        vio_user_id ada = given_account(acme, ADA, VIO_ROLE_CLIENT_USER);
        struct vio_user_change off = VIO_USER_CHANGE_INIT;
        off.active = 0;
        ck_assert_int_eq(vio_user_change(acme->handle, ada, &off), 0);
        for (int i = 0; i < 8; i++)
                ck_assert_int_eq(logged_in_from(&town, ADA, OLD_PASSWORD, HERE, NULL).result,
                                 VIO_E_FORBIDDEN);
        town.v->engine.hashing_waiting = 1000;
        for (int i = 0; i < 8; i++)
                ck_assert_int_eq(logged_in_from(&town, ADA, "x", HERE, NULL).result, VIO_E_BUSY);
        town.v->engine.hashing_waiting = 0;
        when_guessed(ADA, HERE, 5);
}
END_TEST

START_TEST(the_right_password_clears_the_count)
{
        given_account(acme, ADA, VIO_ROLE_CLIENT_USER);
        for (int i = 0; i < 4; i++) {
                when_guessed(ADA, NULL, 4);
                ck_assert_int_eq(logged_in(&town, ADA, OLD_PASSWORD).result, 0);
        }
        when_guessed(ADA, NULL, 5);
}
END_TEST

/* The same address in two tenants: the owner of the one account must not be able to guess the
 * password of the other for ever by logging in with his own in between. */
START_TEST(an_account_elsewhere_does_not_clear_the_way_for_guessing)
{
        given_account(acme, ADA, VIO_ROLE_CLIENT_ADMIN);
        vio_user_id mine = given_account(bolt, ADA, VIO_ROLE_CLIENT_USER);
        ck_assert_int_eq(vio_user_password_set(bolt->handle, mine, NEW_PASSWORD), 0);
        when_guessed(ADA, NULL, 3);
        ck_assert_int_eq(logged_in(&town, ADA, NEW_PASSWORD).who.user.v, mine.v);
        ck_assert_int_eq(logged_in_from(&town, ADA, NEW_PASSWORD, NULL, bolt).result, 0);
        when_guessed(ADA, NULL, 2);
        ck_assert_int_eq(logged_in(&town, ADA, NEW_PASSWORD).result, VIO_E_LIMITED);
        town.now += 1 * HOURS;
        when_guessed(ADA, NULL, 5);
}
END_TEST

START_TEST(credentials_that_fit_two_tenants_neither_count_nor_clear)
{
        given_account(acme, ADA, VIO_ROLE_CLIENT_USER);
        given_account(bolt, ADA, VIO_ROLE_CLIENT_USER);
        when_guessed(ADA, NULL, 4);
        for (int i = 0; i < 4; i++)
                ck_assert_int_eq(logged_in(&town, ADA, OLD_PASSWORD).result, VIO_E_CONFLICT);
        when_guessed(ADA, NULL, 1);
        ck_assert_int_eq(logged_in(&town, ADA, OLD_PASSWORD).result, VIO_E_LIMITED);
}
END_TEST

static const char *numbered(int n)
{
        static char email[40];
        snprintf(email, sizeof(email), "person%d@example.org", n);
        return email;
}

START_TEST(twenty_failures_of_one_address_stop_it_for_all_accounts)
{
        given_account(acme, ADA, VIO_ROLE_CLIENT_USER);
        for (int i = 0; i < 20; i++)
                when_guessed(numbered(i), HERE, 1);
        ck_assert_int_eq(wait_of(&town, ADA, HERE), 1 * SECONDS);
        ck_assert_int_eq(logged_in_from(&town, ADA, OLD_PASSWORD, HERE, NULL).result,
                         VIO_E_LIMITED);
        ck_assert_int_eq(logged_in_from(&town, ADA, OLD_PASSWORD, "192.0.2.2", NULL).result, 0);
        town.now += 1 * SECONDS;
        /* Who logs in clears his own count, not that of the address. */
        ck_assert_int_eq(logged_in_from(&town, ADA, OLD_PASSWORD, HERE, NULL).result, 0);
        when_guessed(numbered(20), HERE, 1);
        ck_assert_int_eq(wait_of(&town, ADA, HERE), 2 * SECONDS);
}
END_TEST

/* Twenty failures of the one, and then how long the other has to wait. */
static void then_they_are(const char *a, const char *b, bool the_same)
{
        struct throttle *t = throttle_new();
        struct throttle_keys k, other;
        ck_assert_int_eq(throttle_keys(&town.v->engine, "b@example.org", b, &other), 0);
        for (int i = 0; i < 20; i++) {
                ck_assert_int_eq(throttle_keys(&town.v->engine, numbered(i), a, &k), 0);
                ck_assert_int_eq(throttle_enter(t, &k, town.now), 0);
        }
        ck_assert_msg((throttle_wait(t, &other, town.now) > 0) == the_same, "%s and %s", a, b);
        throttle_free(t);
}

START_TEST(an_address_is_counted_by_the_part_that_its_owner_cannot_choose)
{
        then_they_are("192.0.2.1", "192.0.2.1", true);
        then_they_are("192.0.2.1", "192.0.2.2", false);
        then_they_are("192.0.2.1", "::ffff:192.0.2.1", true);
        then_they_are("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true);
        then_they_are("2001:db8:1:2::1", "2001:db8:1:3::1", false);
        then_they_are("a name", "a name", true);
        then_they_are("a name", "another", false);
}
END_TEST

START_TEST(this_machine_is_a_proxy_and_not_counted)
{
        then_they_are("127.0.0.1", "127.0.0.1", false);
        then_they_are("127.8.9.1", "127.8.9.1", false);
        then_they_are("::1", "::1", false);
        then_they_are("::ffff:127.0.0.1", "::ffff:127.0.0.1", false);
        then_they_are("", "", false);
}
END_TEST

START_TEST(a_clock_that_is_set_back_locks_nobody_out)
{
        given_account(acme, ADA, VIO_ROLE_CLIENT_USER);
        when_guessed(ADA, NULL, 5);
        town.now -= 30 * DAYS;
        ck_assert_int_eq(wait_of(&town, ADA, NULL), 1 * SECONDS);
        town.now += 1 * SECONDS;
        ck_assert_int_eq(logged_in(&town, ADA, OLD_PASSWORD).result, 0);
        town.now += 30 * DAYS;
}
END_TEST

START_TEST(when_the_table_is_full_the_oldest_failure_goes)
{
        struct throttle *t = throttle_new();
        struct throttle_keys first, k;
        const struct engine *e = &town.v->engine;
        ck_assert_int_eq(throttle_keys(e, ADA, NULL, &first), 0);
        for (int i = 0; i < 5; i++)
                ck_assert_int_eq(throttle_enter(t, &first, town.now), 0);
        for (int i = 0; i < THROTTLE_PLACES - 1; i++) {
                ck_assert_int_eq(throttle_keys(e, numbered(i), NULL, &k), 0);
                ck_assert_int_eq(throttle_enter(t, &k, town.now + 1 + i % 2), 0);
        }
        ck_assert_int_gt(throttle_wait(t, &first, town.now), 0);
        ck_assert_int_eq(throttle_keys(e, "last@example.org", NULL, &k), 0);
        ck_assert_int_eq(throttle_enter(t, &k, town.now + 9), 0);
        ck_assert_int_eq(throttle_wait(t, &first, town.now), 0);
        throttle_free(t);
}
END_TEST

#define THREADS 16

struct guess {
        pthread_barrier_t *start;
        int result;
};

static void *guess(void *arg)
{
        struct guess *g = arg;
        pthread_barrier_wait(g->start);
        g->result = logged_in(&town, ADA, "wrong password").result;
        return NULL;
}

START_TEST(many_guesses_at_once_are_no_way_around_the_count)
{
        pthread_t threads[THREADS];
        struct guess guesses[THREADS];
        pthread_barrier_t start;
        int looked_at = 0;
        given_account(acme, ADA, VIO_ROLE_CLIENT_USER);
        pthread_barrier_init(&start, NULL, THREADS);
        for (int i = 0; i < THREADS; i++) {
                guesses[i] = (struct guess){&start, 1};
                ck_assert_int_eq(pthread_create(&threads[i], NULL, guess, &guesses[i]), 0);
        }
        for (int i = 0; i < THREADS; i++) {
                pthread_join(threads[i], NULL);
                ck_assert(guesses[i].result == VIO_E_AUTH || guesses[i].result == VIO_E_LIMITED);
                looked_at += guesses[i].result == VIO_E_AUTH;
        }
        pthread_barrier_destroy(&start);
        ck_assert_int_eq(looked_at, 5);
}
END_TEST

/* Logging in and out */

static void *log_in(void *session)
{
        *(struct session *)session = logged_in(&town, ADA, OLD_PASSWORD);
        return NULL;
}

static void occupy_hashing(struct engine *e, int places)
{
        pthread_mutex_lock(&e->hashing);
        e->hashing_now = places;
        pthread_cond_broadcast(&e->hashing_done);
        pthread_mutex_unlock(&e->hashing);
}

static void wait_until_somebody_waits(struct engine *e)
{
        for (int waiting = 0; !waiting; sched_yield()) {
                pthread_mutex_lock(&e->hashing);
                waiting = e->hashing_waiting;
                pthread_mutex_unlock(&e->hashing);
        }
}

START_TEST(whoever_is_deactivated_while_his_password_is_hashed_is_not_let_in)
{
        struct engine *e = &town.v->engine;
        struct vio_user_change off = VIO_USER_CHANGE_INIT;
        vio_user_id ada = given_account(acme, ADA, VIO_ROLE_CLIENT_USER);
        struct session s = {0};
        pthread_t thread;
        off.active = 0;
        occupy_hashing(e, 2);
        ck_assert_int_eq(pthread_create(&thread, NULL, log_in, &s), 0);
        wait_until_somebody_waits(e);
        ck_assert_int_eq(vio_user_change(acme->handle, ada, &off), 0);
        occupy_hashing(e, 0);
        pthread_join(thread, NULL);
        ck_assert_int_eq(s.result, VIO_E_AUTH);
        ck_assert_int_eq(account_now(acme, ada).last_login_at, VIO_TIME_NONE);
        ck_assert_int_eq(noted(&town, acme->id, "login", "user", ada), 0);
}
END_TEST

START_TEST(a_login_leaves_its_time_at_the_account)
{
        vio_user_id ada = given_account(acme, ADA, VIO_ROLE_CLIENT_USER);
        vio_user_id twin = given_account(bolt, "twin@example.org", VIO_ROLE_CLIENT_USER);
        ck_assert_int_eq(account_now(acme, ada).last_login_at, VIO_TIME_NONE);
        when_guessed(ADA, NULL, 1);
        ck_assert_int_eq(account_now(acme, ada).last_login_at, VIO_TIME_NONE);
        town.now += 5 * SECONDS;
        ck_assert_int_eq(logged_in(&town, ADA, OLD_PASSWORD).result, 0);
        ck_assert_int_eq(account_now(acme, ada).last_login_at, town.now);
        ck_assert_int_eq(account_now(bolt, twin).last_login_at, VIO_TIME_NONE);
        ck_assert_int_eq(noted(&town, acme->id, "login", "user", ada), 1);
}
END_TEST

START_TEST(logging_out_is_noted_and_leaves_the_token_alone)
{
        vio_user_id ada = given_account(acme, ADA, VIO_ROLE_CLIENT_USER);
        struct session s = logged_in(&town, ADA, OLD_PASSWORD);
        ck_assert_int_eq(vio_logout(town.v, &s.who, HERE, false), 0);
        ck_assert_int_eq(noted(&town, acme->id, "logout", "user", ada), 1);
        ck_assert_int_eq(token_now(&town, s.token, NULL), 0);
}
END_TEST

START_TEST(logging_out_everywhere_voids_every_token_of_that_account_only)
{
        given_account(acme, ADA, VIO_ROLE_CLIENT_USER);
        given_account(bolt, "twin@example.org", VIO_ROLE_CLIENT_USER);
        given_owner(&town, "owner@example.org");
        struct session one = logged_in(&town, ADA, OLD_PASSWORD);
        struct session two = logged_in(&town, ADA, OLD_PASSWORD);
        struct session twin = logged_in(&town, "twin@example.org", OLD_PASSWORD);
        struct session owner = logged_in(&town, "owner@example.org", OLD_PASSWORD);
        ck_assert_int_eq(vio_logout(town.v, &one.who, HERE, true), 0);
        ck_assert_int_eq(token_now(&town, one.token, NULL), VIO_E_AUTH);
        ck_assert_int_eq(token_now(&town, two.token, NULL), VIO_E_AUTH);
        ck_assert_int_eq(token_now(&town, twin.token, NULL), 0);
        ck_assert_int_eq(token_now(&town, owner.token, NULL), 0);
        ck_assert_int_eq(vio_logout(town.v, &owner.who, NULL, true), 0);
        ck_assert_int_eq(token_now(&town, owner.token, NULL), VIO_E_AUTH);
        ck_assert_int_eq(noted(&town, (vio_tenant_id){0}, "logout", "user", owner.who.user), 1);
        ck_assert_int_eq(logged_in(&town, ADA, OLD_PASSWORD).result, 0);
}
END_TEST

/* One's own password */

static int change(const struct session *s, const char *from, const char *to, char *ret)
{
        return vio_password_change(town.v, &s->who, from, to, HERE, ret);
}

START_TEST(whoever_knows_the_old_password_gets_another_and_a_new_token)
{
        char token[VIO_TOKEN_SIZE] = "";
        vio_user_id ada = given_account(acme, ADA, VIO_ROLE_CLIENT_USER);
        struct session one = logged_in(&town, ADA, OLD_PASSWORD);
        struct session two = logged_in(&town, ADA, OLD_PASSWORD);
        ck_assert_int_eq(change(&one, OLD_PASSWORD, NEW_PASSWORD, token), 0);
        ck_assert_int_eq(token_now(&town, one.token, NULL), VIO_E_AUTH);
        ck_assert_int_eq(token_now(&town, two.token, NULL), VIO_E_AUTH);
        ck_assert_int_eq(token_now(&town, token, NULL), 0);
        ck_assert_int_eq(logged_in(&town, ADA, OLD_PASSWORD).result, VIO_E_AUTH);
        ck_assert_int_eq(logged_in(&town, ADA, NEW_PASSWORD).result, 0);
        ck_assert_int_eq(noted(&town, acme->id, "password.change", "user", ada), 1);
}
END_TEST

START_TEST(a_new_password_must_be_new_and_neither_short_nor_long)
{
        char token[VIO_TOKEN_SIZE] = "";
        char longest[130];
        memset(longest, 'x', sizeof(longest));
        longest[129] = '\0';
        given_account(acme, ADA, VIO_ROLE_CLIENT_USER);
        struct session s = logged_in(&town, ADA, OLD_PASSWORD);
        ck_assert_int_eq(change(&s, OLD_PASSWORD, "1234567", token), VIO_E_INVALID);
        ck_assert_int_eq(change(&s, OLD_PASSWORD, NULL, token), VIO_E_INVALID);
        ck_assert_int_eq(change(&s, OLD_PASSWORD, longest, token), VIO_E_INVALID);
        ck_assert_int_eq(change(&s, OLD_PASSWORD, OLD_PASSWORD, token), VIO_E_INVALID);
        ck_assert_int_eq(change(&s, NULL, NEW_PASSWORD, token), VIO_E_AUTH);
        ck_assert_str_eq(token, "");
        longest[128] = '\0';
        ck_assert_int_eq(change(&s, OLD_PASSWORD, longest, token), 0);
}
END_TEST

START_TEST(a_token_alone_is_not_enough_to_guess_the_password)
{
        char token[VIO_TOKEN_SIZE] = "";
        given_account(acme, ADA, VIO_ROLE_CLIENT_USER);
        struct session s = logged_in(&town, ADA, OLD_PASSWORD);
        for (int i = 0; i < 5; i++)
                ck_assert_int_eq(change(&s, "wrong password", NEW_PASSWORD, token), VIO_E_AUTH);
        ck_assert_int_eq(change(&s, OLD_PASSWORD, NEW_PASSWORD, token), VIO_E_LIMITED);
        ck_assert_int_eq(wait_of(&town, ADA, HERE), 1 * SECONDS);
        ck_assert_int_eq(logged_in(&town, ADA, OLD_PASSWORD).result, VIO_E_LIMITED);
        ck_assert_str_eq(token, "");
        ck_assert_int_eq(token_now(&town, s.token, NULL), 0);
        town.now += 1 * SECONDS;
        ck_assert_int_eq(change(&s, OLD_PASSWORD, NEW_PASSWORD, token), 0);
}
END_TEST

START_TEST(whoever_was_deactivated_changes_nothing_any_more)
{
        char token[VIO_TOKEN_SIZE] = "";
        struct vio_user_change off = VIO_USER_CHANGE_INIT;
        vio_user_id ada = given_account(acme, ADA, VIO_ROLE_CLIENT_USER);
        struct session s = logged_in(&town, ADA, OLD_PASSWORD);
        off.active = 0;
        ck_assert_int_eq(vio_user_change(acme->handle, ada, &off), 0);
        ck_assert_int_eq(change(&s, OLD_PASSWORD, NEW_PASSWORD, token), VIO_E_NOTFOUND);
        s.who.user.v = 4711;
        ck_assert_int_eq(change(&s, OLD_PASSWORD, NEW_PASSWORD, token), VIO_E_NOTFOUND);
        ck_assert_int_eq(vio_logout(town.v, &s.who, NULL, true), VIO_E_NOTFOUND);
        ck_assert_str_eq(token, "");
}
END_TEST

/* The interface */

/* A program built against 0.1 knows no .impersonating, and what lies behind is its own. */
START_TEST(an_identity_of_the_first_release_is_filled_and_not_overrun)
{
        struct vio_login l = VIO_LOGIN_INIT;
        char token[VIO_TOKEN_SIZE];
        struct {
                struct vio_identity who;
                char behind[16];
        } old;
        memset(&old, 0x5a, sizeof(old));
        vio_user_id ada = given_account(acme, ADA, VIO_ROLE_CLIENT_USER);
        l.email = ADA;
        l.password = OLD_PASSWORD;
        old.who.size = offsetof(struct vio_identity, impersonating);
        ck_assert_int_eq(vio_login(town.v, &l, &old.who, token), 0);
        ck_assert_int_eq(old.who.user.v, ada.v);
        ck_assert_str_eq(old.who.full_name, "Ada Lovelace");
        old.who.user.v = 0;
        ck_assert_int_eq(vio_token_check(town.v, token, &old.who), 0);
        ck_assert_int_eq(old.who.user.v, ada.v);
        ck_assert_uint_eq(old.who.size, offsetof(struct vio_identity, impersonating));
        const char *flag = (const char *)&old.who.impersonating;
        for (const char *p = flag; p < old.behind + sizeof(old.behind); p++)
                ck_assert_int_eq(*p, 0x5a);
        old.who.size = sizeof(old);
        ck_assert_int_eq(vio_token_check(town.v, token, &old.who), 0);
        ck_assert_uint_eq(old.who.size, sizeof(old));
        for (size_t i = 0; i < sizeof(old.behind); i++)
                ck_assert_int_eq(old.behind[i], 0x5a);
        old.who.size = 8;
        ck_assert_int_eq(vio_token_check(town.v, token, &old.who), VIO_E_INVALID);
        ck_assert_int_eq(vio_login(town.v, &l, &old.who, token), VIO_E_INVALID);
        ck_assert_int_eq(vio_logout(town.v, &old.who, NULL, false), VIO_E_INVALID);
        ck_assert_int_eq(
            vio_password_change(town.v, &old.who, OLD_PASSWORD, NEW_PASSWORD, NULL, token),
            VIO_E_INVALID);
}
END_TEST

START_TEST(a_request_that_was_not_initialised_is_refused)
{
        struct vio_login l = {0};
        int64_t ms = 7;
        l.email = ADA;
        ck_assert_int_eq(vio_login_wait(town.v, &l, &ms), VIO_E_INVALID);
        ck_assert_int_eq(vio_login_wait(town.v, NULL, &ms), VIO_E_INVALID);
        ck_assert_int_eq(ms, 7);
        l.size = sizeof(l);
        l.email = NULL;
        ck_assert_int_eq(vio_login_wait(town.v, &l, &ms), 0);
        ck_assert_int_eq(ms, 0);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("logins");
#define CASE(test) add_fixture_case(s, test, open_town, close_town)
        CASE(five_wrong_passwords_are_free_and_then_even_the_right_one_waits);
        CASE(the_wait_doubles_up_to_a_quarter_of_an_hour_and_asking_does_not_prolong_it);
        CASE(an_address_without_an_account_is_throttled_the_same_way);
        CASE(naming_a_tenant_tells_nothing_and_is_no_way_around);
        CASE(while_it_waits_no_password_is_hashed);
        CASE(what_was_no_wrong_password_does_not_count);
        CASE(the_right_password_clears_the_count);
        CASE(an_account_elsewhere_does_not_clear_the_way_for_guessing);
        CASE(credentials_that_fit_two_tenants_neither_count_nor_clear);
        CASE(twenty_failures_of_one_address_stop_it_for_all_accounts);
        CASE(an_address_is_counted_by_the_part_that_its_owner_cannot_choose);
        CASE(this_machine_is_a_proxy_and_not_counted);
        CASE(a_clock_that_is_set_back_locks_nobody_out);
        CASE(when_the_table_is_full_the_oldest_failure_goes);
        CASE(many_guesses_at_once_are_no_way_around_the_count);
        CASE(whoever_is_deactivated_while_his_password_is_hashed_is_not_let_in);
        CASE(a_login_leaves_its_time_at_the_account);
        CASE(logging_out_is_noted_and_leaves_the_token_alone);
        CASE(logging_out_everywhere_voids_every_token_of_that_account_only);
        CASE(whoever_knows_the_old_password_gets_another_and_a_new_token);
        CASE(a_new_password_must_be_new_and_neither_short_nor_long);
        CASE(a_token_alone_is_not_enough_to_guess_the_password);
        CASE(whoever_was_deactivated_changes_nothing_any_more);
        CASE(an_identity_of_the_first_release_is_filled_and_not_overrun);
        CASE(a_request_that_was_not_initialised_is_refused);
#undef CASE
        return s;
}
