/* users.c - accounts and impersonations: asked by one tenant for another's, and as they go stale.
 */
#include "store/users.h"

#include <string.h>

#include "base/text.h"
#include "run.h"
#include "store/impersonations.h"
#include "two_tenants.h"

static struct two_tenants w;
static struct desk d;
static vio_user_id acmes, bolts, boss; /* the same address and name in both; over all */

static vio_user_id given_user(vio_tenant_id tenant, enum vio_role role)
{
        vio_user_id id = {0};
        struct user u = {.tenant = tenant,
                         .email = "ada@example.org",
                         .password = "$argon2id$x",
                         .full_name = "Ada",
                         .role = role,
                         .is_active = true,
                         .token_version = 3};
        ck_assert_int_eq(user_insert(&d.system, &u, NOON, &id), 0);
        return id;
}

static void setup(void)
{
        two_tenants_open(&w);
        desk_open(&d, &w);
        acmes = given_user(w.acme, VIO_ROLE_CLIENT_ADMIN);
        bolts = given_user(w.bolt, VIO_ROLE_CLIENT_ADMIN);
        boss = given_user((vio_tenant_id){0}, VIO_ROLE_SUPER_ADMIN);
}

static void teardown(void)
{
        desk_close(&d);
        two_tenants_close(&w);
}

static struct user user_now(vio_user_id id)
{
        struct user u = {0};
        ck_assert_int_eq(user_load(&d.system, id, &u), 0);
        return u;
}

static int see(void *data, const struct vio_user_info *i)
{
        vio_user_id *ids = data;
        while (ids->v)
                ids++;
        *ids = i->id;
        return 0;
}

START_TEST(a_tenant_reaches_its_own_accounts_only)
{
        const vio_user_id strangers[] = {bolts, boss, {99}, {0}};
        for (size_t i = 0; i < count_of(strangers); i++) {
                struct user u = {.id = strangers[i], .full_name = "Eve"};
                vio_user_id seen[2] = {{0}};
                ck_assert_int_eq(user_get(&d.acme, strangers[i], &u), VIO_E_NOTFOUND);
                ck_assert_str_eq(u.full_name, "Eve");
                ck_assert_int_eq(user_save(&d.acme, &u), VIO_E_NOTFOUND);
                ck_assert_int_eq(user_password_set(&d.acme, strangers[i], "x"), VIO_E_NOTFOUND);
                ck_assert_int_eq(user_info(&d.acme, strangers[i], see, seen), VIO_E_NOTFOUND);
                ck_assert_int_eq(seen[0].v, 0);
        }
        ck_assert_str_eq(user_now(bolts).full_name, "Ada");
        ck_assert_str_eq(user_now(bolts).password, "$argon2id$x");
        ck_assert_int_eq(user_now(boss).token_version, 3);
        vio_user_id seen[4] = {{0}};
        ck_assert_int_eq(user_each(&d.acme, see, seen), 0);
        ck_assert_int_eq(seen[0].v, acmes.v);
        ck_assert_int_eq(seen[1].v, 0);
}
END_TEST

START_TEST(an_account_comes_back_as_it_was_saved)
{
        struct user u;
        ck_assert_int_eq(user_get(&d.acme, acmes, &u), 0);
        ck_assert_int_eq(u.tenant.v, w.acme.v);
        ck_assert_str_eq(u.email, "ada@example.org");
        text_copy(u.full_name, sizeof(u.full_name), "Ada King");
        u.role = VIO_ROLE_CLIENT_USER;
        u.is_active = false;
        u.token_version = 9;
        ck_assert_int_eq(user_save(&d.acme, &u), 0);
        struct user after = user_now(acmes);
        ck_assert_str_eq(after.full_name, "Ada King");
        ck_assert_int_eq(after.role, VIO_ROLE_CLIENT_USER);
        ck_assert(!after.is_active);
        ck_assert_int_eq(after.token_version, 9);
        ck_assert_str_eq(after.password, "$argon2id$x");
        ck_assert_str_eq(user_now(bolts).full_name, "Ada");
}
END_TEST

START_TEST(another_administrator_must_be_active_and_of_this_tenant)
{
        bool another = true;
        ck_assert_int_eq(users_another_admin(&d.acme, acmes, &another), 0);
        ck_assert(!another);
        ck_assert_int_eq(users_another_admin(&d.acme, bolts, &another), 0);
        ck_assert(another);
        struct user u = user_now(acmes);
        u.is_active = false;
        ck_assert_int_eq(user_save(&d.acme, &u), 0);
        ck_assert_int_eq(users_another_admin(&d.acme, bolts, &another), 0);
        ck_assert(!another);
        u.is_active = true;
        u.role = VIO_ROLE_CLIENT_USER;
        ck_assert_int_eq(user_save(&d.acme, &u), 0);
        ck_assert_int_eq(users_another_admin(&d.acme, bolts, &another), 0);
        ck_assert(!another);
}
END_TEST

START_TEST(each_new_password_and_revocation_raises_the_version)
{
        struct user u = user_now(acmes);
        text_copy(u.password, sizeof(u.password), "$argon2id$y");
        ck_assert_int_eq(user_password_replace(&d.system, &u), 0);
        ck_assert_str_eq(user_now(acmes).password, "$argon2id$y");
        ck_assert_int_eq(user_now(acmes).token_version, 4);
        ck_assert_int_eq(user_password_set(&d.acme, acmes, "$argon2id$z"), 0);
        ck_assert_str_eq(user_now(acmes).password, "$argon2id$z");
        ck_assert_int_eq(user_now(acmes).token_version, 5);
        ck_assert_int_eq(user_revoke(&d.system, acmes), 0);
        ck_assert_int_eq(user_now(acmes).token_version, 6);
        ck_assert_int_eq(user_revoke(&d.system, (vio_user_id){99}), VIO_E_NOTFOUND);
        ck_assert_int_eq(user_now(bolts).token_version, 3);
}
END_TEST

/* What was read before the password was hashed may be over. */
START_TEST(a_stale_account_neither_logs_in_nor_changes_its_password)
{
        struct user stale = user_now(acmes), u = stale;
        ck_assert_int_eq(user_logged_in(&d.system, &stale, NOON + 1), 0);
        ck_assert_int_eq(user_revoke(&d.system, acmes), 0);
        ck_assert_int_eq(user_logged_in(&d.system, &stale, NOON + 2), VIO_E_NOTFOUND);
        ck_assert_int_eq(user_password_replace(&d.system, &stale), VIO_E_NOTFOUND);
        u = user_now(acmes);
        u.is_active = false;
        ck_assert_int_eq(user_save(&d.acme, &u), 0);
        ck_assert_int_eq(user_logged_in(&d.system, &u, NOON + 3), VIO_E_NOTFOUND);
        ck_assert_int_eq(user_password_replace(&d.system, &u), VIO_E_NOTFOUND);
}
END_TEST

START_TEST(an_address_is_counted_over_all_tenants)
{
        size_t n = 9;
        ck_assert_int_eq(users_count_email(&d.system, "ada@example.org", &n), 0);
        ck_assert_uint_eq(n, 3);
        ck_assert_int_eq(users_count_email(&d.system, "eve@example.org", &n), 0);
        ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(an_address_is_folded_by_its_ascii_letters_alone)
{
        char email[12] = "untouched";
        ck_assert(!email_fold(NULL, email, sizeof(email)));
        ck_assert(!email_fold("", email, sizeof(email)));
        ck_assert(!email_fold("123456789012", email, sizeof(email)));
        ck_assert_str_eq(email, "untouched");
        ck_assert(email_fold("A@Z[`{.\xc3\x84", email, sizeof(email)));
        ck_assert_str_eq(email, "a@z[`{.\xc3\x84");
        ck_assert(email_fold("12345678901", email, sizeof(email)));
}
END_TEST

#define ID "01932d0f-7b1e-7c3a-9a51-0f4f5e0c9b11"

START_TEST(an_impersonation_comes_back_in_its_tenant_and_ends_once)
{
        const struct impersonation i = {ID, boss, NOON, NOON + 5, VIO_TIME_NONE};
        struct impersonation seen = {0};
        ck_assert_int_eq(impersonation_insert(&d.acme, &i), 0);
        ck_assert_int_eq(impersonation_load(&d.bolt, ID, &seen), VIO_E_NOTFOUND);
        ck_assert_int_eq(impersonation_end(&d.bolt, ID, NOON + 1), VIO_E_NOTFOUND);
        ck_assert_int_eq(impersonation_load(&d.acme, "x", &seen), VIO_E_NOTFOUND);
        ck_assert_int_eq(seen.user.v, 0);
        ck_assert_int_eq(impersonation_load(&d.acme, ID, &seen), 0);
        ck_assert_str_eq(seen.id, ID);
        ck_assert_int_eq(seen.user.v, boss.v);
        ck_assert_int_eq(seen.started_at, NOON);
        ck_assert_int_eq(seen.expires_at, NOON + 5);
        ck_assert_int_eq(seen.ended_at, VIO_TIME_NONE);
        ck_assert_int_eq(impersonation_end(&d.acme, ID, NOON + 1), 0);
        ck_assert_int_eq(impersonation_end(&d.acme, ID, NOON + 2), VIO_E_NOTFOUND);
        ck_assert_int_eq(impersonation_load(&d.acme, ID, &seen), 0);
        ck_assert_int_eq(seen.ended_at, NOON + 1);
        ck_assert_int_eq(impersonation_insert(&d.bolt, &i), 0); /* the same id lives apart */
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("users");
#define CASE(test) add_fixture_case(s, test, setup, teardown)
        CASE(a_tenant_reaches_its_own_accounts_only);
        CASE(an_account_comes_back_as_it_was_saved);
        CASE(another_administrator_must_be_active_and_of_this_tenant);
        CASE(each_new_password_and_revocation_raises_the_version);
        CASE(a_stale_account_neither_logs_in_nor_changes_its_password);
        CASE(an_address_is_counted_over_all_tenants);
        CASE(an_address_is_folded_by_its_ascii_letters_alone);
        CASE(an_impersonation_comes_back_in_its_tenant_and_ends_once);
#undef CASE
        return s;
}
