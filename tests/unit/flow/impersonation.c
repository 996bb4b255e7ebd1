/* impersonation.c - the platform's owner acts as a tenant's administrator, and is seen doing so. */
#include <string.h>

#include "abi/handle.h"
#include "accounts.h"
#include "run.h"

#define OWNER "owner@example.org"
#define BOSS  "boss@example.org"

static struct town town;
static struct business *const acme = &town.acme;
static struct business *const bolt = &town.bolt;
static vio_user_id owner;
static vio_operator *op;
static const vio_tenant_id installation = {0};

static void open_town(void)
{
        town_open(&town);
        owner = given_owner(&town, OWNER);
        given_account(acme, BOSS, VIO_ROLE_CLIENT_ADMIN);
        given_account(bolt, BOSS, VIO_ROLE_CLIENT_ADMIN);
        op = operating_as(&town, owner);
}

static void close_town(void)
{
        vio_operator_free(op);
        town_close(&town);
}

static char token[VIO_TOKEN_SIZE];

static const char *when_impersonating(const struct business *b)
{
        ck_assert_int_eq(vio_impersonate(op, b->id, token), 0);
        return token;
}

START_TEST(the_owner_becomes_the_tenants_administrator)
{
        struct vio_identity who;
        ck_assert_int_eq(token_now(&town, when_impersonating(acme), &who), 0);
        ck_assert(who.impersonating);
        ck_assert_int_eq(who.user.v, owner.v);
        ck_assert_int_eq(who.tenant.v, acme->id.v);
        ck_assert_int_eq(who.role, VIO_ROLE_CLIENT_ADMIN);
        ck_assert_str_eq(who.email, OWNER);
        ck_assert_int_eq(token_now(&town, when_impersonating(bolt), &who), 0);
        ck_assert_int_eq(who.tenant.v, bolt->id.v);
        struct session s = logged_in(&town, OWNER, OLD_PASSWORD);
        ck_assert(!s.who.impersonating);
}
END_TEST

/* As the original system had it, and what ours needs besides. */
START_TEST(the_token_says_what_the_original_said)
{
        char payload[1024] = "";
        _cleanup_text_ struct text text = TEXT_INIT;
        const char *dot = strchr(when_impersonating(acme), '.') + 1;
        ck_assert_int_eq(base64url_decode(dot, strcspn(dot, "."), &text), 0);
        text_copy(payload, sizeof(payload), text_str(&text));
        vio_json *json = NULL;
        int64_t n = 0, iat = 0;
        bool impersonating = false;
        ck_assert_int_eq(vio_json_parse(payload, strlen(payload), &json), 0);
        ck_assert_int_eq(vio_json_int(vio_json_get(json, "userId"), &n), 0);
        ck_assert_int_eq(n, owner.v);
        ck_assert_int_eq(vio_json_int(vio_json_get(json, "tenantId"), &n), 0);
        ck_assert_int_eq(n, acme->id.v);
        ck_assert_str_eq(vio_json_text(vio_json_get(json, "email")), OWNER);
        ck_assert_str_eq(vio_json_text(vio_json_get(json, "role")), "client_admin");
        ck_assert_int_eq(vio_json_bool(vio_json_get(json, "impersonating"), &impersonating), 0);
        ck_assert(impersonating);
        ck_assert_int_eq(vio_json_type(vio_json_get(json, "originalTenantId")), VIO_JSON_NULL);
        ck_assert_int_eq(vio_json_int(vio_json_get(json, "iat"), &iat), 0);
        ck_assert_int_eq(vio_json_int(vio_json_get(json, "exp"), &n), 0);
        ck_assert_int_eq(n - iat, 2 * 60 * 60);
        vio_json_free(json);
}
END_TEST

START_TEST(it_lasts_two_hours)
{
        when_impersonating(acme);
        town.now += 2 * HOURS - 1 * SECONDS;
        ck_assert_int_eq(token_now(&town, token, NULL), 0);
        town.now += 1 * SECONDS;
        ck_assert_int_eq(token_now(&town, token, NULL), VIO_E_AUTH);
        ck_assert_int_eq(vio_impersonation_end(town.v, token, NULL), VIO_E_AUTH);
}
END_TEST

START_TEST(its_end_voids_that_token_alone)
{
        char other[VIO_TOKEN_SIZE];
        ck_assert_int_eq(vio_impersonate(op, acme->id, other), 0);
        when_impersonating(acme);
        ck_assert_int_eq(vio_impersonation_end(town.v, token, "192.0.2.7"), 0);
        ck_assert_int_eq(token_now(&town, token, NULL), VIO_E_AUTH);
        ck_assert_int_eq(vio_impersonation_end(town.v, token, "192.0.2.7"), VIO_E_AUTH);
        ck_assert_int_eq(token_now(&town, other, NULL), 0);
}
END_TEST

START_TEST(its_start_and_end_are_in_both_logs)
{
        when_impersonating(acme);
        ck_assert_int_eq(noted(&town, acme->id, "impersonation.start", "impersonator", owner), 1);
        ck_assert_int_eq(noted(&town, installation, "impersonation.start", "user", owner), 1);
        ck_assert_int_eq(vio_impersonation_end(town.v, token, NULL), 0);
        ck_assert_int_eq(noted(&town, acme->id, "impersonation.end", "impersonator", owner), 1);
        ck_assert_int_eq(noted(&town, installation, "impersonation.end", "user", owner), 1);
        ck_assert_int_eq(noted(&town, bolt->id, "impersonation.start", "impersonator", owner), 0);
}
END_TEST

/* What the owner does there carries his own account and the word. */
START_TEST(what_an_impersonator_does_is_noted_as_his)
{
        struct vio_actor actor = {VIO_ACTOR_IMPERSONATOR, owner, NULL};
        struct vio_user_change c = VIO_USER_CHANGE_INIT;
        vio_user_id ada = given_account(acme, "ada@example.org", VIO_ROLE_CLIENT_USER);
        vio_tenant *t = NULL;
        c.full_name = "Ada King";
        ck_assert_int_eq(vio_tenant_open(town.v, acme->id, &actor, &t), 0);
        ck_assert_int_eq(vio_user_change(t, ada, &c), 0);
        ck_assert_int_eq(noted(&town, acme->id, "user.change", "impersonator", owner), 1);
        ck_assert_int_eq(vio_user_password_set(t, owner, NEW_PASSWORD), VIO_E_NOTFOUND);
        vio_tenant_free(t);
}
END_TEST

START_TEST(it_ends_with_the_owners_own_tokens)
{
        struct session s = logged_in(&town, OWNER, OLD_PASSWORD);
        char fresh[VIO_TOKEN_SIZE];
        when_impersonating(acme);
        ck_assert_int_eq(vio_logout(town.v, &s.who, NULL, true), 0);
        ck_assert_int_eq(token_now(&town, token, NULL), VIO_E_AUTH);
        when_impersonating(acme);
        ck_assert_int_eq(
            vio_password_change(town.v, &s.who, OLD_PASSWORD, NEW_PASSWORD, NULL, fresh), 0);
        ck_assert_int_eq(token_now(&town, token, NULL), VIO_E_AUTH);
}
END_TEST

START_TEST(an_impersonator_changes_no_password_of_his_own_and_logs_nobody_out)
{
        struct vio_identity who;
        char fresh[VIO_TOKEN_SIZE] = "";
        struct session s = logged_in(&town, OWNER, OLD_PASSWORD);
        ck_assert_int_eq(token_now(&town, when_impersonating(acme), &who), 0);
        ck_assert_int_eq(vio_password_change(town.v, &who, OLD_PASSWORD, NEW_PASSWORD, NULL, fresh),
                         VIO_E_FORBIDDEN);
        ck_assert_int_eq(vio_logout(town.v, &who, NULL, true), VIO_E_FORBIDDEN);
        ck_assert_int_eq(vio_logout(town.v, &who, NULL, false), VIO_E_FORBIDDEN);
        ck_assert_str_eq(fresh, "");
        ck_assert_int_eq(token_now(&town, s.token, NULL), 0);
        ck_assert_int_eq(token_now(&town, token, NULL), 0);
}
END_TEST

static int attempt(const struct vio_actor *actor, vio_tenant_id tenant)
{
        char none[VIO_TOKEN_SIZE] = "";
        vio_operator *as = NULL;
        ck_assert_int_eq(vio_operator_open(town.v, actor, &as), 0);
        int r = vio_impersonate(as, tenant, none);
        ck_assert_str_eq(none, "");
        vio_operator_free(as);
        return r;
}

START_TEST(only_a_super_admin_who_logged_in_can_start_one)
{
        vio_user_id boss = logged_in_from(&town, BOSS, OLD_PASSWORD, NULL, acme).who.user;
        const struct vio_actor actors[] = {
            {VIO_ACTOR_SYSTEM, {0}, NULL},    {VIO_ACTOR_COMMAND, {0}, NULL},
            {VIO_ACTOR_COMMAND, owner, NULL}, {VIO_ACTOR_IMPERSONATOR, owner, NULL},
            {VIO_ACTOR_USER, {0}, NULL},      {VIO_ACTOR_USER, boss, NULL},
            {VIO_ACTOR_USER, {4711}, NULL},
        };
        for (size_t i = 0; i < count_of(actors); i++)
                ck_assert_int_eq(attempt(&actors[i], acme->id), VIO_E_FORBIDDEN);
        ck_assert_int_eq(noted(&town, installation, "impersonation.start", "user", owner), 0);
}
END_TEST

START_TEST(a_tenant_that_is_not_there_cannot_be_impersonated)
{
        const int64_t ids[] = {0, -1, 99};
        for (size_t i = 0; i < count_of(ids); i++) {
                token[0] = '\0';
                ck_assert_int_eq(vio_impersonate(op, (vio_tenant_id){ids[i]}, token),
                                 VIO_E_NOTFOUND);
                ck_assert_str_eq(vio_operator_error(op), "Tenant not found");
                ck_assert_str_eq(token, "");
        }
        ck_assert_int_eq(noted(&town, installation, "impersonation.start", "user", owner), 0);
}
END_TEST

START_TEST(the_token_of_a_login_ends_no_impersonation)
{
        struct session s = logged_in(&town, OWNER, OLD_PASSWORD);
        ck_assert_int_eq(vio_impersonation_end(town.v, s.token, NULL), VIO_E_INVALID);
        ck_assert_int_eq(vio_impersonation_end(town.v, "x.y.z", NULL), VIO_E_AUTH);
        ck_assert_int_eq(vio_impersonation_end(town.v, NULL, NULL), VIO_E_AUTH);
        ck_assert_int_eq(token_now(&town, s.token, NULL), 0);
}
END_TEST

START_TEST(it_outlives_a_restart)
{
        when_impersonating(acme);
        vio_operator_free(op);
        op = NULL;
        town_reopen(&town);
        ck_assert_int_eq(token_now(&town, token, NULL), 0);
        ck_assert_int_eq(vio_impersonation_end(town.v, token, NULL), 0);
        town_reopen(&town);
        ck_assert_int_eq(token_now(&town, token, NULL), VIO_E_AUTH);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("impersonation");
#define CASE(test) add_fixture_case(s, test, open_town, close_town)
        CASE(the_owner_becomes_the_tenants_administrator);
        CASE(the_token_says_what_the_original_said);
        CASE(it_lasts_two_hours);
        CASE(its_end_voids_that_token_alone);
        CASE(its_start_and_end_are_in_both_logs);
        CASE(what_an_impersonator_does_is_noted_as_his);
        CASE(it_ends_with_the_owners_own_tokens);
        CASE(an_impersonator_changes_no_password_of_his_own_and_logs_nobody_out);
        CASE(only_a_super_admin_who_logged_in_can_start_one);
        CASE(a_tenant_that_is_not_there_cannot_be_impersonated);
        CASE(the_token_of_a_login_ends_no_impersonation);
        CASE(it_outlives_a_restart);
#undef CASE
        return s;
}
