/* accounts.c - who one is, the accounts of a tenant, and acting as somebody else, over HTTP. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "forge.h"
#include "house.h"

static struct house house;

static void start(void)
{
        house_open(&house);
        house_serve(&house, NULL);
}

static void stop(void)
{
        house_leave(&house);
}

/* A text with values in it, one of the last four. */
__attribute__((format(printf, 1, 2))) static const char *text(const char *format, ...)
{
        static char texts[4][4096];
        static unsigned turn;
        char *ret = texts[turn++ % 4];
        va_list args;
        va_start(args, format);
        vsnprintf(ret, sizeof(texts[0]), format, args);
        va_end(args);
        return ret;
}

static struct answer post(const char *path, const char *token, const char *body)
{
        return ask(&house, .method = "POST", .path = path, .token = token, .body = body);
}

static struct answer patch(const char *path, const char *token, const char *body)
{
        return ask(&house, .method = "PATCH", .path = path, .token = token, .body = body);
}

static struct answer login(const char *email, const char *password, vio_tenant_id tenant)
{
        return post("/api/auth/login", NULL,
                    text("{\"email\":\"%s\",\"password\":\"%s\",\"tenantId\":%lld}", email,
                         password, (long long)tenant.v));
}

static int64_t member(const vio_json *object, const char *key)
{
        int64_t n = 0;
        ck_assert_int_eq(vio_json_int(vio_json_get(object, key), &n), VIO_OK);
        return n;
}

static bool flag_of(const vio_json *object, const char *key)
{
        bool flag = false;
        ck_assert_int_eq(vio_json_bool(vio_json_get(object, key), &flag), VIO_OK);
        return flag;
}

/* The id of a clinic's account with this address. */
static int64_t id_of(const struct clinic *c, const char *email)
{
        _answer_ a = ask(&house, .path = "/api/users", .token = c->admin);
        expect(&a, 200, NULL);
        for (const vio_json *u = vio_json_first(a.json); u; u = vio_json_next(u))
                if (!strcmp(vio_json_text(vio_json_get(u, "email")), email))
                        return member(u, "id");
        ck_abort_msg("%s is not in the list", email);
        return 0;
}

static const char *path_of(const struct clinic *c, const char *email, const char *rest)
{
        return text("/api/users/%lld%s", (long long)id_of(c, email), rest);
}

/* Somebody with an account in both clinics, so that a test may do with it what it likes. */
struct person {
        char email[48];
        char north[VIO_TOKEN_SIZE];
        char south[VIO_TOKEN_SIZE];
};

static void given_account(const struct clinic *c, const char *email, char *ret_token)
{
        _answer_ add = post("/api/users", c->admin,
                            text("{\"email\":\"%s\",\"password\":\"%s\","
                                 "\"fullName\":\"Sam Reed\"}",
                                 email, c->password));
        expect(&add, 201, NULL);
        _answer_ in = login(email, c->password, c->id);
        expect(&in, 200, NULL);
        snprintf(ret_token, VIO_TOKEN_SIZE, "%s", text_of(&in, "token"));
}

static struct person given_person(const char *name)
{
        struct person p;
        snprintf(p.email, sizeof(p.email), "%s@example.com", name);
        given_account(&house.north, p.email, p.north);
        given_account(&house.south, p.email, p.south);
        return p;
}

static void then_token_is(const char *token, bool good)
{
        _answer_ a = ask(&house, .path = "/api/auth/me", .token = token);
        expect(&a, good ? 200 : 401, good ? NULL : "Invalid token");
}

/* Who one is */

START_TEST(me_is_the_user_of_the_login_and_whether_he_impersonates)
{
        _answer_ in = login("user@example.com", SOUTH_PASSWORD, house.south.id);
        expect(&in, 200, NULL);
        _answer_ a = ask(&house, .path = "/api/auth/me", .token = text_of(&in, "token"));
        expect(&a, 200, NULL);
        const vio_json *user = vio_json_get(in.json, "user");
        ck_assert_uint_eq(vio_json_count(user), 5);
        ck_assert_uint_eq(vio_json_count(a.json), 6);
        ck_assert_int_eq(number_of(&a, "id"), member(user, "id"));
        ck_assert_int_eq(number_of(&a, "tenantId"), house.south.id.v);
        ck_assert_str_eq(text_of(&a, "email"), "user@example.com");
        ck_assert_str_eq(text_of(&a, "fullName"), "Dana Ortiz");
        ck_assert_str_eq(text_of(&a, "role"), "client_user");
        ck_assert(!flag_of(a.json, "impersonating"));
        _answer_ owner = ask(&house, .path = "/api/auth/me", .token = house.owner);
        ck_assert_int_eq(vio_json_type(vio_json_get(owner.json, "tenantId")), VIO_JSON_NULL);
}
END_TEST

START_TEST(what_is_about_oneself_needs_a_token)
{
        static const char *const paths[] = {"/api/auth/logout", "/api/auth/password",
                                            "/api/auth/impersonation/end"};
        for (size_t i = 0; i < count_of(paths); i++) {
                _answer_ none = post(paths[i], NULL, "{}");
                expect(&none, 401, "No token provided");
                _answer_ bad = post(paths[i], "a.b.c", "{}");
                expect(&bad, 401, "Invalid token");
        }
        _answer_ me = ask(&house, .path = "/api/auth/me");
        expect(&me, 401, "No token provided");
}
END_TEST

START_TEST(logging_out_needs_no_body_and_leaves_the_token_good)
{
        _answer_ bare =
            ask(&house, .method = "POST", .path = "/api/auth/logout", .token = house.north.user);
        expect(&bare, 200, "Logged out successfully");
        _answer_ here = post("/api/auth/logout", house.north.user, "{\"everywhere\":false}");
        expect(&here, 200, "Logged out successfully");
        then_token_is(house.north.user, true);
        _answer_ wrong = post("/api/auth/logout", house.north.user, "{\"everywhere\":1}");
        expect(&wrong, 400, "everywhere must be true or false");
}
END_TEST

START_TEST(logging_out_everywhere_voids_the_accounts_tokens)
{
        struct person p = given_person("everywhere");
        _answer_ in = login(p.email, PASSWORD, house.north.id);
        _answer_ a = post("/api/auth/logout", p.north, "{\"everywhere\":true}");
        expect(&a, 200, "Logged out successfully");
        then_token_is(p.north, false);
        then_token_is(text_of(&in, "token"), false);
        then_token_is(house.north.admin, true);
        then_token_is(p.south, true);
}
END_TEST

START_TEST(a_new_password_comes_with_a_new_token)
{
        struct person p = given_person("password");
        _answer_ wrong = post("/api/auth/password", p.north,
                              "{\"currentPassword\":\"guessed it\",\"newPassword\":\"12345678\"}");
        expect(&wrong, 400, "currentPassword is not right");
        ck_assert_str_eq(text_of(&wrong, "field"), "currentPassword");
        _answer_ brief = post("/api/auth/password", p.north,
                              "{\"currentPassword\":\"" PASSWORD "\",\"newPassword\":\"1234567\"}");
        expect(&brief, 400, "newPassword must be 8 to 128 bytes and another than the current one");
        then_token_is(p.north, true);
        _answer_ a = post("/api/auth/password", p.north,
                          "{\"currentPassword\":\"" PASSWORD "\",\"newPassword\":\"12345678\"}");
        expect(&a, 200, "Password changed");
        then_token_is(p.north, false);
        then_token_is(text_of(&a, "token"), true);
        _answer_ old = login(p.email, PASSWORD, house.north.id);
        expect(&old, 401, "Invalid credentials");
        _answer_ in = login(p.email, "12345678", house.north.id);
        expect(&in, 200, NULL);
}
END_TEST

START_TEST(whoever_guesses_is_told_when_to_come_back)
{
        static const char *const names[] = {"admin", "nobody"};
        for (size_t i = 0; i < count_of(names); i++) {
                int refused = 0;
                /* The wait doubles each time, so however slow we are, it is met. */
                for (int n = 0; n < 12 && !refused; n++) {
                        _answer_ a =
                            ask(&house, .method = "POST", .path = "/api/auth/login",
                                .forwarded_for = "203.0.113.5",
                                .body = text("{\"email\":\"%s@example.com\",\"password\":\"no\"}",
                                             names[i]));
                        if (a.status == 401)
                                continue;
                        ck_assert_int_ge(n, 5);
                        ck_assert_int_eq(a.status, 429);
                        ck_assert_str_eq(text_of(&a, "error"), "LIMITED");
                        ck_assert_int_ge(strtol(header_of(&a, "Retry-After"), NULL, 10), 1);
                        ck_assert_ptr_nonnull(strstr(text_of(&a, "message"), "try again in"));
                        refused++;
                }
                ck_assert_int_eq(refused, 1);
        }
}
END_TEST

/* The accounts of a tenant */

START_TEST(the_list_of_accounts_holds_no_hash_and_nobody_else)
{
        _answer_ a = ask(&house, .path = "/api/users", .token = house.north.admin);
        expect(&a, 200, NULL);
        ck_assert_uint_ge(vio_json_count(a.json), 3);
        ck_assert_ptr_null(strstr(a.text, "argon2"));
        for (const vio_json *u = vio_json_first(a.json); u; u = vio_json_next(u)) {
                ck_assert_uint_eq(vio_json_count(u), 8);
                ck_assert_int_eq(member(u, "tenantId"), house.north.id.v);
                ck_assert(flag_of(u, "isActive"));
                ck_assert_ptr_nonnull(vio_json_text(vio_json_get(u, "createdAt")));
        }
        const vio_json *first = vio_json_first(a.json);
        ck_assert_str_eq(vio_json_text(vio_json_get(first, "email")), "admin@example.com");
        ck_assert_str_eq(vio_json_text(vio_json_get(first, "fullName")), "Dana Ortiz");
        ck_assert_str_eq(vio_json_text(vio_json_get(first, "role")), "client_admin");
        ck_assert_ptr_nonnull(vio_json_text(vio_json_get(first, "lastLoginAt")));
        const vio_json *last = vio_json_next(vio_json_next(first));
        ck_assert_int_eq(vio_json_type(vio_json_get(last, "lastLoginAt")), VIO_JSON_NULL);
}
END_TEST

START_TEST(an_account_is_added_and_can_log_in)
{
        _answer_ a = post("/api/users", house.north.admin,
                          "{\"email\":\"New@Example.com\",\"password\":\"12345678\","
                          "\"fullName\":\"New Person\",\"role\":\"client_user\"}");
        expect(&a, 201, NULL);
        ck_assert_str_eq(text_of(&a, "email"), "new@example.com");
        ck_assert_str_eq(text_of(&a, "role"), "client_user");
        ck_assert_int_eq(number_of(&a, "tenantId"), house.north.id.v);
        ck_assert_ptr_null(strstr(a.text, "assword"));
        _answer_ in = login("new@example.com", "12345678", house.north.id);
        expect(&in, 200, NULL);
        _answer_ plain = post("/api/users", house.north.admin,
                              "{\"email\":\"b@example.com\",\"password\":\"12345678\","
                              "\"fullName\":\"B\"}");
        expect(&plain, 201, NULL);
        ck_assert_str_eq(text_of(&plain, "role"), "client_user");
        _answer_ again = post("/api/users", house.north.admin,
                              "{\"email\":\"b@example.com\",\"password\":\"12345678\","
                              "\"fullName\":\"B\"}");
        expect(&again, 409, "email: has an account already");
        _answer_ elsewhere = post("/api/users", house.south.admin,
                                  "{\"email\":\"b@example.com\",\"password\":\"12345678\","
                                  "\"fullName\":\"B\"}");
        expect(&elsewhere, 201, NULL);
}
END_TEST

START_TEST(a_bad_account_is_refused_by_the_name_of_its_field)
{
        static const struct {
                const char *body;
                const char *message;
        } rows[] = {
            {"{}", "email is required"},
            {"{\"email\":\"x\",\"password\":\"12345678\",\"fullName\":\"X\"}",
             "email: must be a mail address"},
            {"{\"email\":\"x@y.z\",\"password\":\"1234567\",\"fullName\":\"X\"}",
             "password: must be 8 to 128 bytes"},
            {"{\"email\":\"x@y.z\",\"password\":\"12345678\",\"fullName\":\"\"}",
             "fullName must not be empty"},
            {"{\"email\":\"x@y.z\",\"password\":\"12345678\",\"fullName\":\"X\","
             "\"role\":\"super_admin\"}",
             "role must be client_user or client_admin"},
            {"{\"email\":\"x@y.z\",\"password\":\"12345678\",\"fullName\":\"X\",\"role\":\"boss\"}",
             "role must be client_user or client_admin"},
            {"{\"email\":\"x@y.z\",\"password\":\"12345678\",\"fullName\":\"X\",\"tenantId\":2}",
             "Unknown field \"tenantId\""},
        };
        _answer_ before = ask(&house, .path = "/api/users", .token = house.north.admin);
        for (size_t i = 0; i < count_of(rows); i++) {
                _answer_ a = post("/api/users", house.north.admin, rows[i].body);
                expect(&a, 400, rows[i].message);
        }
        _answer_ list = ask(&house, .path = "/api/users", .token = house.north.admin);
        ck_assert_str_eq(list.text, before.text);
}
END_TEST

START_TEST(an_account_is_renamed_and_stays_logged_in)
{
        struct person p = given_person("renamed");
        _answer_ a = patch(path_of(&house.north, p.email, ""), house.north.admin,
                           "{\"fullName\":\"Sam King\"}");
        expect(&a, 200, NULL);
        ck_assert_str_eq(text_of(&a, "fullName"), "Sam King");
        _answer_ me = ask(&house, .path = "/api/auth/me", .token = p.north);
        ck_assert_str_eq(text_of(&me, "fullName"), "Sam King");
        _answer_ twin = ask(&house, .path = "/api/auth/me", .token = p.south);
        ck_assert_str_eq(text_of(&twin, "fullName"), "Sam Reed");
}
END_TEST

START_TEST(a_token_is_dead_right_after_the_account_is_deactivated)
{
        struct person p = given_person("inactive");
        _answer_ a =
            patch(path_of(&house.north, p.email, ""), house.north.admin, "{\"isActive\":false}");
        expect(&a, 200, NULL);
        ck_assert(!flag_of(a.json, "isActive"));
        then_token_is(p.north, false);
        then_token_is(p.south, true);
        _answer_ in = login(p.email, PASSWORD, house.north.id);
        expect(&in, 403, "Account deactivated");
        _answer_ on =
            patch(path_of(&house.north, p.email, ""), house.north.admin, "{\"isActive\":true}");
        expect(&on, 200, NULL);
        then_token_is(p.north, false);
        _answer_ again = login(p.email, PASSWORD, house.north.id);
        expect(&again, 200, NULL);
}
END_TEST

START_TEST(a_token_is_dead_right_after_the_role_changed)
{
        struct person p = given_person("role");
        _answer_ a = patch(path_of(&house.north, p.email, ""), house.north.admin,
                           "{\"role\":\"client_admin\"}");
        expect(&a, 200, NULL);
        ck_assert_str_eq(text_of(&a, "role"), "client_admin");
        then_token_is(p.north, false);
        then_token_is(p.south, true);
        _answer_ back = patch(path_of(&house.north, p.email, ""), house.north.admin,
                              "{\"role\":\"client_user\"}");
        expect(&back, 200, NULL);
}
END_TEST

START_TEST(a_token_is_dead_right_after_the_password_was_set)
{
        struct person p = given_person("reset");
        _answer_ a = post(path_of(&house.north, p.email, "/password"), house.north.admin,
                          "{\"newPassword\":\"12345678\"}");
        expect(&a, 200, "Password changed");
        then_token_is(p.north, false);
        then_token_is(p.south, true);
        _answer_ in = login(p.email, "12345678", house.north.id);
        expect(&in, 200, NULL);
        _answer_ brief = post(path_of(&house.north, p.email, "/password"), house.north.admin,
                              "{\"newPassword\":\"1234567\"}");
        expect(&brief, 400, "newPassword: must be 8 to 128 bytes");
}
END_TEST

START_TEST(the_last_administrator_and_oneself_are_protected)
{
        const char *self = path_of(&house.north, "admin@example.com", "");
        _answer_ off = patch(self, house.north.admin, "{\"isActive\":false}");
        expect(&off, 403, "Nobody can deactivate or demote himself");
        _answer_ down = patch(self, house.north.admin, "{\"role\":\"client_user\"}");
        expect(&down, 403, "Nobody can deactivate or demote himself");
        _answer_ password = post(path_of(&house.north, "admin@example.com", "/password"),
                                 house.north.admin, "{\"newPassword\":\"12345678\"}");
        expect(&password, 403, "Your own password is changed with the old one");
        _answer_ by_owner = ask(&house, .method = "PATCH", .path = self, .token = house.owner,
                                .tenant = "1", .body = "{\"isActive\":false}");
        expect(&by_owner, 409, "This is the tenant's last active client_admin");
        then_token_is(house.north.admin, true);
}
END_TEST

START_TEST(an_account_of_another_tenant_is_not_found)
{
        struct person p = given_person("stranger");
        const char *path = path_of(&house.south, p.email, "");
        _answer_ a = patch(path, house.north.admin, "{\"isActive\":false}");
        expect(&a, 404, "User not found");
        _answer_ b =
            post(text("%s/password", path), house.north.admin, "{\"newPassword\":\"12345678\"}");
        expect(&b, 404, "User not found");
        _answer_ none = patch("/api/users/99999", house.north.admin, "{\"isActive\":false}");
        expect(&none, 404, "User not found");
        then_token_is(p.south, true);
}
END_TEST

START_TEST(the_list_of_accounts_changes_its_tag_with_them)
{
        struct person p = given_person("tag");
        _answer_ a = ask(&house, .path = "/api/users", .token = house.north.admin);
        const char *etag = header_of(&a, "ETag");
        _answer_ same = ask(&house, .path = "/api/users", .token = house.north.admin, .etag = etag);
        ck_assert_int_eq(same.status, 304);
        _answer_ change = patch(path_of(&house.north, p.email, ""), house.north.admin,
                                "{\"fullName\":\"Sam King\"}");
        expect(&change, 200, NULL);
        _answer_ other =
            ask(&house, .path = "/api/users", .token = house.north.admin, .etag = etag);
        ck_assert_int_eq(other.status, 200);
}
END_TEST

/* Acting as somebody else */

static struct answer impersonation(const struct clinic *c)
{
        struct answer a =
            post(text("/api/admin/impersonate/%lld", (long long)c->id.v), house.owner, NULL);
        expect(&a, 200, NULL);
        return a;
}

START_TEST(the_owner_gets_a_token_and_the_tenant_as_in_the_list)
{
        _answer_ a = impersonation(&house.south);
        ck_assert_uint_eq(vio_json_count(a.json), 2);
        _answer_ list = ask(&house, .path = "/api/admin/tenants", .token = house.owner);
        const char *tenant = strstr(a.text, "\"tenant\":") + strlen("\"tenant\":");
        ck_assert_ptr_nonnull(strstr(list.text, text("%.*s", (int)strlen(tenant) - 1, tenant)));
        ck_assert_int_eq(member(vio_json_get(a.json, "tenant"), "id"), house.south.id.v);

        _answer_ me = ask(&house, .path = "/api/auth/me", .token = text_of(&a, "token"));
        expect(&me, 200, NULL);
        ck_assert(flag_of(me.json, "impersonating"));
        ck_assert_int_eq(number_of(&me, "tenantId"), house.south.id.v);
        ck_assert_str_eq(text_of(&me, "role"), "client_admin");
        ck_assert_str_eq(text_of(&me, "email"), "owner@example.com");
}
END_TEST

START_TEST(an_impersonator_acts_in_that_tenant_and_nowhere_else)
{
        _answer_ a = impersonation(&house.south);
        const char *token = text_of(&a, "token");
        _answer_ add = post("/api/contacts", token, "{\"name\":\"Seen There\"}");
        expect(&add, 201, NULL);
        ck_assert_int_eq(number_of(&add, "tenantId"), house.south.id.v);
        _answer_ north = ask(&house, .path = "/api/contacts", .token = house.north.admin);
        ck_assert_ptr_null(strstr(north.text, "Seen There"));
        _answer_ named = ask(&house, .path = "/api/contacts", .token = token, .tenant = "1");
        expect(&named, 403, "Only a super_admin may send X-Tenant-Id");
        _answer_ tenants = ask(&house, .path = "/api/admin/tenants", .token = token);
        expect(&tenants, 403, "Insufficient permissions");
        _answer_ further = post("/api/admin/impersonate/1", token, NULL);
        expect(&further, 403, "Insufficient permissions");
        _answer_ password =
            post("/api/auth/password", token,
                 "{\"currentPassword\":\"" PASSWORD "\",\"newPassword\":\"12345678\"}");
        expect(&password, 403, "End the impersonation first");
        _answer_ everywhere = post("/api/auth/logout", token, "{\"everywhere\":true}");
        expect(&everywhere, 403, "End the impersonation first");
        then_token_is(token, true);
}
END_TEST

START_TEST(an_impersonation_is_ended_once_and_the_owner_goes_on)
{
        _answer_ a = impersonation(&house.south);
        _answer_ end = post("/api/auth/impersonation/end", text_of(&a, "token"), NULL);
        expect(&end, 200, "Impersonation ended");
        then_token_is(text_of(&a, "token"), false);
        _answer_ again = post("/api/auth/impersonation/end", text_of(&a, "token"), NULL);
        expect(&again, 401, "Invalid token");
        _answer_ login_token = post("/api/auth/impersonation/end", house.owner, NULL);
        expect(&login_token, 400, "This token is no impersonation's");
        then_token_is(house.owner, true);
}
END_TEST

START_TEST(logging_out_of_an_impersonation_ends_it)
{
        _answer_ a = impersonation(&house.north);
        _answer_ out = post("/api/auth/logout", text_of(&a, "token"), NULL);
        expect(&out, 200, "Logged out successfully");
        then_token_is(text_of(&a, "token"), false);
        then_token_is(house.owner, true);
}
END_TEST

START_TEST(a_tenant_that_is_not_there_is_not_impersonated)
{
        static const char *const ids[] = {"0", "-1", "99", "x", "1x"};
        for (size_t i = 0; i < count_of(ids); i++) {
                _answer_ a = post(text("/api/admin/impersonate/%s", ids[i]), house.owner, NULL);
                expect(&a, 404, "Tenant not found");
        }
        _answer_ admin = post("/api/admin/impersonate/1", house.north.admin, NULL);
        expect(&admin, 403, "Insufficient permissions");
}
END_TEST

/* Forged tokens */

static void refused(void *data, const char *what, const char *token)
{
        static char request[8192], answer[8192];
        snprintf(request, sizeof(request),
                 "GET /api/users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                 "Connection: close\r\n\r\n",
                 token);
        int status = raw_text(&house, request, answer, sizeof(answer));
        ck_assert_msg(status == 401, "%s: %d\n%s", what, status, token);
        ck_assert_ptr_nonnull(strstr(answer, "WWW-Authenticate: Bearer\r\n"));
        ck_assert_ptr_nonnull(strstr(answer, "{\"message\":\"Invalid token\",\"error\":\"AUTH\","));
        ++*(int *)data;
}

START_TEST(every_forged_token_gets_the_same_401)
{
        uint8_t secret[VIO_SECRET_SIZE];
        char good[VIO_TOKEN_SIZE];
        int n = 0;
        struct victim v = {.user = id_of(&house.north, "admin@example.com"),
                           .tenant = house.north.id.v,
                           .other_tenant = house.south.id.v,
                           .version = 1,
                           .role = "client_admin",
                           .now = (vio_time)time(NULL) * 1000};
        ck_assert_int_eq(vio_secret_load(text("%s.secret", house.db), false, secret), VIO_OK);
        forge_key(secret, v.key);
        forge_good(&v, good, sizeof(good));
        then_token_is(good, true);
        attacks_each(&v, refused, &n);
        ck_assert_int_ge(n, 300);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("accounts");
        TCase *tc = shared_case(s, start, stop);
#define CASE(test) tcase_add_test(tc, test)
        CASE(me_is_the_user_of_the_login_and_whether_he_impersonates);
        CASE(what_is_about_oneself_needs_a_token);
        CASE(logging_out_needs_no_body_and_leaves_the_token_good);
        CASE(logging_out_everywhere_voids_the_accounts_tokens);
        CASE(a_new_password_comes_with_a_new_token);
        CASE(whoever_guesses_is_told_when_to_come_back);
        CASE(the_list_of_accounts_holds_no_hash_and_nobody_else);
        CASE(an_account_is_added_and_can_log_in);
        CASE(a_bad_account_is_refused_by_the_name_of_its_field);
        CASE(an_account_is_renamed_and_stays_logged_in);
        CASE(a_token_is_dead_right_after_the_account_is_deactivated);
        CASE(a_token_is_dead_right_after_the_role_changed);
        CASE(a_token_is_dead_right_after_the_password_was_set);
        CASE(the_last_administrator_and_oneself_are_protected);
        CASE(an_account_of_another_tenant_is_not_found);
        CASE(the_list_of_accounts_changes_its_tag_with_them);
        CASE(the_owner_gets_a_token_and_the_tenant_as_in_the_list);
        CASE(an_impersonator_acts_in_that_tenant_and_nowhere_else);
        CASE(an_impersonation_is_ended_once_and_the_owner_goes_on);
        CASE(logging_out_of_an_impersonation_ends_it);
        CASE(a_tenant_that_is_not_there_is_not_impersonated);
        CASE(every_forged_token_gets_the_same_401);
#undef CASE
        return s;
}
