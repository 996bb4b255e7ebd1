/* accounts.c - a tenant's administrator keeps the tenant's accounts. */
#include <pthread.h>
#include <string.h>

#include "abi/handle.h"
#include "accounts.h"
#include "run.h"

#define ADA  "ada@example.org"
#define BOSS "boss@example.org"

static struct town town;
static struct business *const acme = &town.acme;
static struct business *const bolt = &town.bolt;
static vio_user_id boss; /* client_admin of Acme; Bolt has one with the same address */
static vio_user_id ada;  /* client_user of Acme; likewise */
static vio_user_id their_boss, their_ada;
static vio_tenant *desk; /* Acme, on behalf of its boss */

static void open_town(void)
{
        town_open(&town);
        boss = given_account(acme, BOSS, VIO_ROLE_CLIENT_ADMIN);
        ada = given_account(acme, ADA, VIO_ROLE_CLIENT_USER);
        their_boss = given_account(bolt, BOSS, VIO_ROLE_CLIENT_ADMIN);
        their_ada = given_account(bolt, ADA, VIO_ROLE_CLIENT_USER);
        desk = acting_as(acme, boss);
}

static void close_town(void)
{
        vio_tenant_free(desk);
        town_close(&town);
}

static int set(vio_user_id id, const char *name, int role, int active)
{
        struct vio_user_change c = VIO_USER_CHANGE_INIT;
        c.full_name = name;
        c.role = role;
        c.active = active;
        return vio_user_change(desk, id, &c);
}

static struct session here(const char *email)
{
        return logged_in_from(&town, email, OLD_PASSWORD, NULL, acme);
}

static struct session there(const char *email)
{
        return logged_in_from(&town, email, OLD_PASSWORD, NULL, bolt);
}

/* The list */

struct ids {
        vio_user_id list[8];
        size_t n;
};

static int take_id(void *data, const struct vio_user_info *i)
{
        struct ids *ids = data;
        ids->list[ids->n++] = i->id;
        return 0;
}

START_TEST(the_list_holds_the_tenants_own_accounts_in_order)
{
        struct ids ids = {0};
        ck_assert_int_eq(vio_user_each(desk, take_id, &ids), 0);
        ck_assert_uint_eq(ids.n, 2);
        ck_assert_int_eq(ids.list[0].v, boss.v);
        ck_assert_int_eq(ids.list[1].v, ada.v);
        ck_assert_uint_eq(accounts_of(bolt), 2);
}
END_TEST

static int stop(void *data, const struct vio_user_info *i)
{
        (void)i;
        ++*(int *)data;
        return 42;
}

START_TEST(a_callback_can_end_the_list)
{
        int n = 0;
        ck_assert_int_eq(vio_user_each(desk, stop, &n), 42);
        ck_assert_int_eq(vio_user_show(desk, ada, stop, &n), 42);
        ck_assert_int_eq(n, 2);
}
END_TEST

START_TEST(an_account_is_shown_with_all_that_is_known_of_it)
{
        struct seen_account seen = account_now(acme, ada);
        ck_assert_str_eq(seen.email, ADA);
        ck_assert_str_eq(seen.full_name, "Ada Lovelace");
        ck_assert_int_eq(seen.role, VIO_ROLE_CLIENT_USER);
        ck_assert(seen.active);
        ck_assert_int_eq(seen.created_at, town.now);
        ck_assert_int_eq(seen.last_login_at, VIO_TIME_NONE);
}
END_TEST

START_TEST(an_account_of_another_tenant_is_not_there)
{
        const vio_user_id ids[] = {their_boss, their_ada, given_owner(&town, "o@example.org"),
                                   {0},        {-1},      {99999}};
        for (size_t i = 0; i < count_of(ids); i++) {
                int n = 0;
                ck_assert_int_eq(vio_user_show(desk, ids[i], stop, &n), VIO_E_NOTFOUND);
                ck_assert_int_eq(set(ids[i], "Eve", -1, -1), VIO_E_NOTFOUND);
                ck_assert_int_eq(set(ids[i], NULL, VIO_ROLE_CLIENT_ADMIN, -1), VIO_E_NOTFOUND);
                ck_assert_int_eq(set(ids[i], NULL, -1, 0), VIO_E_NOTFOUND);
                ck_assert_int_eq(vio_user_password_set(desk, ids[i], NEW_PASSWORD), VIO_E_NOTFOUND);
                ck_assert_str_eq(vio_tenant_error(desk), "User not found");
                ck_assert_int_eq(n, 0);
        }
        ck_assert_str_eq(account_now(bolt, their_ada).full_name, "Ada Lovelace");
        ck_assert_int_eq(there(ADA).result, 0);
}
END_TEST

/* Changing */

START_TEST(a_name_changes_and_the_token_stays_good)
{
        struct vio_identity who;
        struct session s = here(ADA);
        ck_assert_int_eq(set(ada, "Ada King", -1, -1), 0);
        ck_assert_str_eq(account_now(acme, ada).full_name, "Ada King");
        ck_assert_str_eq(account_now(bolt, their_ada).full_name, "Ada Lovelace");
        ck_assert_int_eq(token_now(&town, s.token, &who), 0);
        ck_assert_str_eq(who.full_name, "Ada King");
}
END_TEST

START_TEST(with_a_role_the_tokens_are_void_at_once)
{
        struct vio_identity who;
        struct session mine = here(ADA), twin = there(ADA);
        ck_assert_int_eq(set(ada, NULL, VIO_ROLE_CLIENT_ADMIN, -1), 0);
        ck_assert_int_eq(token_now(&town, mine.token, NULL), VIO_E_AUTH);
        ck_assert_int_eq(token_now(&town, twin.token, NULL), 0);
        struct session again = here(ADA);
        ck_assert_int_eq(token_now(&town, again.token, &who), 0);
        ck_assert_int_eq(who.role, VIO_ROLE_CLIENT_ADMIN);
        ck_assert_int_eq(account_now(bolt, their_ada).role, VIO_ROLE_CLIENT_USER);
        ck_assert_int_eq(set(ada, NULL, VIO_ROLE_CLIENT_USER, -1), 0);
        ck_assert_int_eq(token_now(&town, again.token, NULL), VIO_E_AUTH);
}
END_TEST

START_TEST(a_deactivated_account_is_out_until_it_is_activated_and_its_old_tokens_for_ever)
{
        struct session s = here(ADA);
        ck_assert_int_eq(set(ada, NULL, -1, 0), 0);
        ck_assert_int_eq(token_now(&town, s.token, NULL), VIO_E_AUTH);
        ck_assert_int_eq(here(ADA).result, VIO_E_FORBIDDEN);
        ck_assert(!account_now(acme, ada).active);
        ck_assert_int_eq(set(ada, NULL, -1, 1), 0);
        ck_assert_int_eq(token_now(&town, s.token, NULL), VIO_E_AUTH);
        ck_assert_int_eq(here(ADA).result, 0);
        ck_assert_int_eq(there(ADA).result, 0);
}
END_TEST

START_TEST(a_password_by_the_administrator_voids_the_tokens_too)
{
        struct session s = here(ADA), twin = there(ADA);
        ck_assert_int_eq(vio_user_password_set(desk, ada, NEW_PASSWORD), 0);
        ck_assert_int_eq(token_now(&town, s.token, NULL), VIO_E_AUTH);
        ck_assert_int_eq(token_now(&town, twin.token, NULL), 0);
        ck_assert_int_eq(here(ADA).result, VIO_E_AUTH);
        ck_assert_int_eq(logged_in(&town, ADA, NEW_PASSWORD).who.user.v, ada.v);
        ck_assert_int_eq(vio_user_password_set(desk, ada, "1234567"), VIO_E_INVALID);
        ck_assert_str_eq(vio_tenant_error(desk), "newPassword: must be 8 to 128 bytes");
        ck_assert_int_eq(vio_user_password_set(desk, ada, NULL), VIO_E_INVALID);
}
END_TEST

START_TEST(what_changes_nothing_leaves_no_trace)
{
        struct session s = here(ADA);
        int64_t version = version_of(acme);
        ck_assert_int_eq(set(ada, NULL, -1, -1), 0);
        ck_assert_int_eq(set(ada, "Ada Lovelace", VIO_ROLE_CLIENT_USER, 1), 0);
        ck_assert_int_eq(version_of(acme), version);
        ck_assert_int_eq(token_now(&town, s.token, NULL), 0);
        ck_assert_int_eq(noted(&town, acme->id, "user.change", "user", boss), 0);
}
END_TEST

START_TEST(every_change_is_noted_with_who_made_it)
{
        struct vio_user_fields f = VIO_USER_FIELDS_INIT;
        vio_user_id eve;
        f.email = "eve@example.org";
        f.password = OLD_PASSWORD;
        f.full_name = "Eve";
        int64_t version = version_of(acme);
        ck_assert_int_eq(vio_user_add(desk, &f, &eve), 0);
        ck_assert_int_eq(set(eve, "Eve Moneypenny", VIO_ROLE_CLIENT_ADMIN, 0), 0);
        ck_assert_int_eq(vio_user_password_set(desk, eve, NEW_PASSWORD), 0);
        ck_assert_int_eq(noted(&town, acme->id, "user.add", "user", boss), 1);
        ck_assert_int_eq(noted(&town, acme->id, "user.change", "user", boss), 1);
        ck_assert_int_eq(noted(&town, acme->id, "user.password", "user", boss), 1);
        ck_assert_int_ge(version_of(acme), version + 3);
}
END_TEST

/* What must not be */

START_TEST(nobody_deactivates_or_demotes_himself)
{
        given_account(acme, "second@example.org", VIO_ROLE_CLIENT_ADMIN);
        struct session s = here(BOSS);
        ck_assert_int_eq(set(boss, NULL, -1, 0), VIO_E_FORBIDDEN);
        ck_assert_int_eq(set(boss, NULL, VIO_ROLE_CLIENT_USER, -1), VIO_E_FORBIDDEN);
        ck_assert_str_eq(vio_tenant_error(desk), "Nobody can deactivate or demote himself");
        ck_assert_int_eq(vio_user_password_set(desk, boss, NEW_PASSWORD), VIO_E_FORBIDDEN);
        ck_assert_int_eq(set(boss, "The Boss", VIO_ROLE_CLIENT_ADMIN, 1), 0);
        ck_assert_int_eq(token_now(&town, s.token, NULL), 0);
}
END_TEST

/* Whoever else asks, the system included. */
START_TEST(the_last_active_administrator_stays)
{
        vio_tenant_free(desk);
        desk = NULL;
        ck_assert_int_eq(vio_tenant_open(town.v, acme->id, NULL, &desk), 0);
        vio_user_id second = given_account(acme, "second@example.org", VIO_ROLE_CLIENT_ADMIN);
        ck_assert_int_eq(set(second, NULL, -1, 0), 0);
        for (int role = -1; role <= VIO_ROLE_CLIENT_USER; role++) {
                ck_assert_int_eq(set(boss, NULL, role, role < 0 ? 0 : -1), VIO_E_CONFLICT);
                ck_assert_str_eq(vio_tenant_error(desk),
                                 "This is the tenant's last active client_admin");
        }
        ck_assert(account_now(acme, boss).active);
        ck_assert_int_eq(set(second, NULL, VIO_ROLE_CLIENT_USER, -1), 0);
        ck_assert_int_eq(set(second, NULL, VIO_ROLE_CLIENT_ADMIN, 1), 0);
        ck_assert_int_eq(set(boss, NULL, VIO_ROLE_CLIENT_USER, 0), 0);
        ck_assert_int_eq(set(second, NULL, VIO_ROLE_CLIENT_USER, -1), VIO_E_CONFLICT);
        ck_assert_int_eq(account_now(bolt, their_boss).role, VIO_ROLE_CLIENT_ADMIN);
}
END_TEST

static void *deactivate(void *id)
{
        struct vio_user_change c = VIO_USER_CHANGE_INIT;
        vio_tenant *t = NULL;
        c.active = 0;
        ck_assert_int_eq(vio_tenant_open(town.v, acme->id, NULL, &t), 0);
        vio_user_change(t, *(vio_user_id *)id, &c);
        vio_tenant_free(t);
        return NULL;
}

START_TEST(two_at_once_do_not_remove_the_last_two_administrators)
{
        vio_user_id second = given_account(acme, "second@example.org", VIO_ROLE_CLIENT_ADMIN);
        pthread_t threads[2];
        ck_assert_int_eq(pthread_create(&threads[0], NULL, deactivate, &boss), 0);
        ck_assert_int_eq(pthread_create(&threads[1], NULL, deactivate, &second), 0);
        pthread_join(threads[0], NULL);
        pthread_join(threads[1], NULL);
        ck_assert_int_eq(account_now(acme, boss).active + account_now(acme, second).active, 1);
}
END_TEST

START_TEST(no_tenants_administrator_makes_a_super_admin)
{
        struct vio_user_fields f = VIO_USER_FIELDS_INIT;
        vio_user_id id = {0};
        f.email = "eve@example.org";
        f.password = OLD_PASSWORD;
        f.full_name = "Eve";
        f.role = VIO_ROLE_SUPER_ADMIN;
        ck_assert_int_eq(vio_user_add(desk, &f, &id), VIO_E_INVALID);
        f.role = (enum vio_role)7;
        ck_assert_int_eq(vio_user_add(desk, &f, &id), VIO_E_INVALID);
        ck_assert_int_eq(id.v, 0);
        ck_assert_int_eq(set(ada, NULL, VIO_ROLE_SUPER_ADMIN, -1), VIO_E_INVALID);
        ck_assert_str_eq(vio_tenant_error(desk), "role: must be client_user or client_admin");
        ck_assert_int_eq(set(ada, NULL, 7, -1), VIO_E_INVALID);
        ck_assert_int_eq(account_now(acme, ada).role, VIO_ROLE_CLIENT_USER);
}
END_TEST

START_TEST(a_change_is_checked_before_anything_is_written)
{
        char name[202];
        struct vio_user_change c = {0};
        memset(name, 'x', sizeof(name));
        name[201] = '\0';
        ck_assert_int_eq(set(ada, "", VIO_ROLE_CLIENT_ADMIN, -1), VIO_E_INVALID);
        ck_assert_int_eq(set(ada, name, VIO_ROLE_CLIENT_ADMIN, -1), VIO_E_INVALID);
        ck_assert_int_eq(set(ada, "\xff", VIO_ROLE_CLIENT_ADMIN, -1), VIO_E_INVALID);
        ck_assert_int_eq(set(ada, "Ada\nBcc: all", VIO_ROLE_CLIENT_ADMIN, -1), VIO_E_INVALID);
        ck_assert_str_eq(vio_tenant_error(desk), "fullName: must be 1 to 200 bytes in one line");
        ck_assert_int_eq(account_now(acme, ada).role, VIO_ROLE_CLIENT_USER);
        ck_assert_int_eq(vio_user_change(desk, ada, &c), VIO_E_INVALID);
        ck_assert_int_eq(vio_user_change(desk, ada, NULL), VIO_E_INVALID);
        name[200] = '\0';
        ck_assert_int_eq(set(ada, name, -1, -1), 0);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("accounts");
#define CASE(test) add_fixture_case(s, test, open_town, close_town)
        CASE(the_list_holds_the_tenants_own_accounts_in_order);
        CASE(a_callback_can_end_the_list);
        CASE(an_account_is_shown_with_all_that_is_known_of_it);
        CASE(an_account_of_another_tenant_is_not_there);
        CASE(a_name_changes_and_the_token_stays_good);
        CASE(with_a_role_the_tokens_are_void_at_once);
        CASE(a_deactivated_account_is_out_until_it_is_activated_and_its_old_tokens_for_ever);
        CASE(a_password_by_the_administrator_voids_the_tokens_too);
        CASE(what_changes_nothing_leaves_no_trace);
        CASE(every_change_is_noted_with_who_made_it);
        CASE(nobody_deactivates_or_demotes_himself);
        CASE(the_last_active_administrator_stays);
        CASE(two_at_once_do_not_remove_the_last_two_administrators);
        CASE(no_tenants_administrator_makes_a_super_admin);
        CASE(a_change_is_checked_before_anything_is_written);
#undef CASE
        return s;
}
