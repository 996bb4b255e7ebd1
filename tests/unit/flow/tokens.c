/* tokens.c - forged tokens: every attack of the table, and impersonations that are not one's own.
 */
#include <stdio.h>
#include <string.h>

#include "abi/handle.h"
#include "accounts.h"
#include "forge.h"
#include "run.h"
#include "store/impersonations.h"

#define ADA    "ada@example.org"
#define OWNER  "owner@example.org"
#define HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"

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

static struct victim victim_of(const struct session *s, int64_t version)
{
        struct victim v = {.user = s->who.user.v,
                           .tenant = s->who.tenant.v,
                           .other_tenant = s->who.tenant.v == acme->id.v ? bolt->id.v : acme->id.v,
                           .version = version,
                           .role = vio_role_name(s->who.role),
                           .now = town.now};
        memcpy(v.key, town.v->engine.token_key, sizeof(v.key));
        return v;
}

static void refused(void *data, const char *what, const char *token)
{
        struct vio_identity who = VIO_IDENTITY_INIT;
        int r = vio_token_check(town.v, token, &who);
        ck_assert_msg(r == VIO_E_AUTH, "%s: %d\n%s", what, r, token);
        ck_assert_int_eq(who.user.v, 0);
        ++*(int *)data;
}

/* Version 2, so that an older one exists. */
static struct session at_the_second_version(const char *email)
{
        struct session s = logged_in(&town, email, OLD_PASSWORD);
        ck_assert_int_eq(vio_logout(town.v, &s.who, NULL, true), 0);
        return logged_in(&town, email, OLD_PASSWORD);
}

START_TEST(every_attack_on_an_administrators_token_is_refused_alike)
{
        char good[VIO_TOKEN_SIZE];
        int n = 0;
        given_account(acme, ADA, VIO_ROLE_CLIENT_ADMIN);
        struct session s = at_the_second_version(ADA);
        struct victim v = victim_of(&s, 2);
        forge_good(&v, good, sizeof(good));
        ck_assert_int_eq(token_now(&town, good, NULL), 0);
        attacks_each(&v, refused, &n);
        ck_assert_int_ge(n, 300);
        ck_assert_int_eq(token_now(&town, good, NULL), 0);
}
END_TEST

START_TEST(white_space_is_no_part_of_a_token)
{
        char token[VIO_TOKEN_SIZE + 8];
        int n = 0;
        given_account(acme, ADA, VIO_ROLE_CLIENT_ADMIN);
        struct session s = logged_in(&town, ADA, OLD_PASSWORD);
        for (const char *c = " \t\r\n"; *c; c++) {
                snprintf(token, sizeof(token), "%c%s", *c, s.token);
                refused(&n, "white space before", token);
                snprintf(token, sizeof(token), "%s%c", s.token, *c);
                refused(&n, "white space behind", token);
        }
}
END_TEST

/* Tokens that the installation's key signs for an impersonation, as the tests would have them. */
static void forge_impersonation(const struct victim *v, const char *id, const char *role, char *ret)
{
        char payload[512];
        snprintf(payload, sizeof(payload),
                 "{\"userId\":$user,\"email\":\"x@example.org\",\"role\":\"%s\","
                 "\"tenantId\":$tenant,\"impersonating\":true,\"originalTenantId\":null,"
                 "\"impersonationId\":\"%s\",\"version\":$version,\"iat\":$now,\"exp\":$later}",
                 role, id);
        forge(v, HEADER, payload, ret, VIO_TOKEN_SIZE);
}

/* The id of the impersonation that a token names. */
static void read_id(const char *token, char ret[37])
{
        _cleanup_text_ struct text text = TEXT_INIT;
        const char *payload = strchr(token, '.') + 1;
        ck_assert_int_eq(base64url_decode(payload, strcspn(payload, "."), &text), 0);
        const char *at = strstr(text_str(&text), "\"impersonationId\":\"");
        ck_assert_ptr_nonnull(at);
        snprintf(ret, 37, "%s", at + strlen("\"impersonationId\":\""));
}

START_TEST(an_impersonation_is_good_for_its_owner_tenant_and_role_only)
{
        char token[VIO_TOKEN_SIZE], id[37];
        int n = 0;
        vio_user_id owner = given_owner(&town, OWNER);
        vio_user_id second = given_owner(&town, "second@example.org");
        vio_user_id ada = given_account(acme, ADA, VIO_ROLE_CLIENT_ADMIN);
        vio_operator *op = operating_as(&town, owner);
        ck_assert_int_eq(vio_impersonate(op, acme->id, token), 0);
        vio_operator_free(op);
        read_id(token, id);
        struct session s = logged_in(&town, OWNER, OLD_PASSWORD);
        struct victim v = victim_of(&s, 1);
        v.tenant = acme->id.v;
        forge_impersonation(&v, id, "client_admin", token);
        ck_assert_int_eq(token_now(&town, token, NULL), 0);

        forge_impersonation(&v, id, "super_admin", token);
        refused(&n, "another role", token);
        forge_impersonation(&v, id, "client_user", token);
        refused(&n, "a lesser role", token);
        forge_impersonation(&v, "01932d0f-7b1e-7c3a-9a51-0f4f5e0c9b11", "client_admin", token);
        refused(&n, "another impersonation", token);
        v.tenant = bolt->id.v;
        forge_impersonation(&v, id, "client_admin", token);
        refused(&n, "another tenant", token);
        v.tenant = acme->id.v;
        v.user = second.v;
        forge_impersonation(&v, id, "client_admin", token);
        refused(&n, "another owner", token);
        v.user = ada.v;
        forge_impersonation(&v, id, "client_admin", token);
        refused(&n, "no owner", token);
        v.user = owner.v;
        v.version = 2;
        forge_impersonation(&v, id, "client_admin", token);
        refused(&n, "another version", token);
}
END_TEST

static int insert_in(struct tenant_tx *tx, void *arg)
{
        return impersonation_insert(tx, arg);
}

/* Whatever a row says: only the platform's owners act elsewhere. */
START_TEST(an_impersonation_by_somebody_else_is_none)
{
        char token[VIO_TOKEN_SIZE];
        int n = 0;
        vio_user_id ada = given_account(bolt, ADA, VIO_ROLE_CLIENT_ADMIN);
        struct impersonation row = {"01932d0f-7b1e-7c3a-9a51-0f4f5e0c9b11", ada, town.now,
                                    town.now + 2 * HOURS, VIO_TIME_NONE};
        struct store *store = town.v->engine.store;
        ck_assert_int_eq(store_write_tenant(store, acme->id, insert_in, &row, NULL), 0);
        struct session s = logged_in(&town, ADA, OLD_PASSWORD);
        struct victim v = victim_of(&s, 1);
        v.tenant = acme->id.v;
        forge_impersonation(&v, row.id, "client_admin", token);
        refused(&n, "an impersonation by a client_admin", token);
}
END_TEST

/* The row ends it even when the token itself says that it lasts. */
START_TEST(an_impersonation_does_not_outlive_its_row)
{
        char token[VIO_TOKEN_SIZE], id[37];
        int n = 0;
        vio_user_id owner = given_owner(&town, OWNER);
        vio_operator *op = operating_as(&town, owner);
        ck_assert_int_eq(vio_impersonate(op, acme->id, token), 0);
        vio_operator_free(op);
        read_id(token, id);
        struct session s = logged_in(&town, OWNER, OLD_PASSWORD);
        town.now += 2 * HOURS;
        struct victim v = victim_of(&s, 1);
        v.tenant = acme->id.v;
        forge_impersonation(&v, id, "client_admin", token);
        refused(&n, "longer than two hours", token);
        town.now -= 1 * SECONDS;
        ck_assert_int_eq(token_now(&town, token, NULL), 0);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("tokens");
#define CASE(test) add_fixture_case(s, test, open_town, close_town)
        CASE(every_attack_on_an_administrators_token_is_refused_alike);
        CASE(white_space_is_no_part_of_a_token);
        CASE(an_impersonation_is_good_for_its_owner_tenant_and_role_only);
        CASE(an_impersonation_by_somebody_else_is_none);
        CASE(an_impersonation_does_not_outlive_its_row);
#undef CASE
        return s;
}
