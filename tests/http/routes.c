/* routes.c - walks the route table that the program prints, and asks of each row what must hold. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "house.h"

static struct house house;

struct row {
        char method[16];
        char path[64];
        char scope[16];
        char roles[64];
};

static struct row rows[64];
static size_t n_rows;

static void read_table(void)
{
        char text[8192];
        ck_assert_int_eq(house_run((const char *[]){"--routes", NULL}, NULL, text, sizeof(text)),
                         0);
        char *rest = text;
        for (char *line; (line = strsep(&rest, "\n")) && *line; n_rows++) {
                struct row *r = &rows[n_rows];
                ck_assert_uint_lt(n_rows, count_of(rows));
                ck_assert_int_eq(
                    sscanf(line, "%15s %63s %15s %63s", r->method, r->path, r->scope, r->roles), 4);
        }
        ck_assert_uint_ge(n_rows, 11);
}

static void start(void)
{
        read_table();
        house_build(&house);
        house_serve(&house, NULL);
}

static void stop(void)
{
        house_leave(&house);
}

static bool needs_login(const struct row *r)
{
        return !strcmp(r->scope, "tenant") || !strcmp(r->scope, "operator");
}

/* The path with something in place of ":id". */
static const char *path_with(const struct row *r, const char *item, char *ret, size_t size)
{
        const char *colon = strchr(r->path, ':');
        int fixed = (int)(colon ? colon - r->path : (long)strlen(r->path));
        const char *rest = colon ? colon + strcspn(colon, "/") : "";
        snprintf(ret, size, "%.*s%s%s", fixed, r->path, colon ? item : "", rest);
        return ret;
}

static const char *body_for(const struct row *r)
{
        return strcmp(r->method, "POST") ? NULL : "{}";
}

START_TEST(every_row_but_the_public_ones_needs_credentials)
{
        static const char *const tokens[] = {NULL, "", "x", "a.b.c",
                                             "eyJhbGciOiJub25lIn0.eyJ1c2VySWQiOjF9."};
        size_t walked = 0;
        for (size_t i = 0; i < n_rows; i++) {
                char path[128];
                if (!needs_login(&rows[i]))
                        continue;
                for (size_t k = 0; k < count_of(tokens); k++) {
                        _answer_ a = ask(&house, .method = rows[i].method,
                                         .path = path_with(&rows[i], "1", path, sizeof(path)),
                                         .token = tokens[k], .body = body_for(&rows[i]));
                        ck_assert_msg(a.status == 401, "%s %s with token %zu: %d", rows[i].method,
                                      path, k, a.status);
                        ck_assert_str_eq(header_of(&a, "WWW-Authenticate"), "Bearer");
                        ck_assert_str_eq(text_of(&a, "message"),
                                         tokens[k] ? "Invalid token" : "No token provided");
                }
                walked++;
        }
        ck_assert_uint_ge(walked, 7);
}
END_TEST

START_TEST(a_token_whose_last_digit_changed_is_refused)
{
        char token[VIO_TOKEN_SIZE];
        snprintf(token, sizeof(token), "%s", house.north.admin);
        char *middle = token + strlen(token) - 8;
        *middle = *middle == 'A' ? 'B' : 'A';
        _answer_ a = ask(&house, .path = "/api/contacts", .token = token);
        expect(&a, 401, "Invalid token");
}
END_TEST

START_TEST(the_webhook_row_needs_a_signature)
{
        _answer_ a =
            ask(&house, .method = "POST", .path = "/api/retell/webhook",
                .body = "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"call_house_1\"}}");
        expect(&a, 401, "Invalid signature");
}
END_TEST

START_TEST(another_tenants_ids_are_not_there)
{
        size_t walked = 0;
        for (size_t i = 0; i < n_rows; i++) {
                char path[128];
                char contact[32];
                if (!strstr(rows[i].path, "/:id") || strcmp(rows[i].method, "GET") != 0 ||
                    strcmp(rows[i].scope, "tenant") != 0)
                        continue;
                snprintf(contact, sizeof(contact), "%lld", (long long)house.southern.v);
                bool of_call = strstr(rows[i].path, "/calls/");
                path_with(&rows[i], of_call ? house.south.call.s : contact, path, sizeof(path));
                _answer_ mine =
                    ask(&house, .method = rows[i].method, .path = path, .token = house.south.admin);
                ck_assert_msg(mine.status == 200, "%s: %d", path, mine.status);
                _answer_ theirs =
                    ask(&house, .method = rows[i].method, .path = path, .token = house.north.admin);
                ck_assert_msg(theirs.status == 404, "%s: %d", path, theirs.status);
                walked++;
        }
        ck_assert_uint_ge(walked, 2);
}
END_TEST

START_TEST(an_id_that_is_none_is_not_there)
{
        static const char *const ids[] = {"0",
                                          "-1",
                                          "1x",
                                          "99999999999999999999",
                                          "%31",
                                          "1%00",
                                          "00000000-0000-0000-0000-000000000000"};
        for (size_t i = 0; i < n_rows; i++)
                for (size_t k = 0; strstr(rows[i].path, "/:id") && k < count_of(ids); k++) {
                        if (strcmp(rows[i].method, "GET") || strcmp(rows[i].scope, "tenant"))
                                continue;
                        char path[128];
                        _answer_ a =
                            ask(&house, .path = path_with(&rows[i], ids[k], path, sizeof(path)),
                                .token = house.north.admin);
                        ck_assert_msg(a.status == 404, "%s: %d", path, a.status);
                }
}
END_TEST

/* Whoever is not in the row's list of roles is refused, whatever else the request says. */
static void check_role(const struct row *r, const char *role, const char *token, const char *tenant)
{
        char path[128];
        if (strstr(r->roles, role))
                return;
        _answer_ a = ask(&house, .method = r->method, .path = path_with(r, "1", path, sizeof(path)),
                         .token = token, .tenant = tenant, .body = body_for(r));
        ck_assert_msg(a.status == 403, "%s %s as %s: %d", r->method, path, role, a.status);
        ck_assert_str_eq(text_of(&a, "message"), "Insufficient permissions");
}

START_TEST(a_role_that_a_row_does_not_name_is_refused)
{
        for (size_t i = 0; i < n_rows; i++) {
                if (!needs_login(&rows[i]))
                        continue;
                check_role(&rows[i], "client_user", house.north.user, NULL);
                check_role(&rows[i], "client_admin", house.north.admin, NULL);
                check_role(&rows[i], "super_admin", house.owner, "1");
        }
}
END_TEST

START_TEST(adding_a_contact_is_not_for_users_and_calling_not_for_the_owner)
{
        _answer_ add = ask(&house, .method = "POST", .path = "/api/contacts",
                           .token = house.north.user, .body = "{\"name\":\"X\"}");
        expect(&add, 403, "Insufficient permissions");
        _answer_ call = ask(&house, .method = "POST", .path = "/api/calls/manual",
                            .token = house.owner, .tenant = "1", .body = "{\"contactId\":1}");
        expect(&call, 403, "Insufficient permissions");
}
END_TEST

/* A method that no row of this path has. */
static const char *strange_method(const char *path)
{
        for (size_t i = 0; i < n_rows; i++)
                if (!strcmp(rows[i].path, path) && !strcmp(rows[i].method, "DELETE"))
                        return "PUT";
        return "DELETE";
}

START_TEST(an_unknown_path_is_404_and_a_wrong_method_405_with_the_right_ones)
{
        for (size_t i = 0; i < n_rows; i++) {
                char path[128];
                char slashed[130];
                path_with(&rows[i], "1", path, sizeof(path));
                snprintf(slashed, sizeof(slashed), "%s/", path);
                const char *method = strange_method(rows[i].path);
                _answer_ a =
                    ask(&house, .method = method, .path = path, .token = house.north.admin);
                ck_assert_msg(a.status == 405, "%s %s: %d", method, path, a.status);
                ck_assert_ptr_nonnull(strstr(header_of(&a, "Allow"), rows[i].method));
                _answer_ slash = ask(&house, .method = rows[i].method, .path = slashed,
                                     .token = house.north.admin, .body = body_for(&rows[i]));
                ck_assert_msg(slash.status == 404, "%s: %d", path, slash.status);
        }
}
END_TEST

START_TEST(options_tells_the_methods_without_credentials)
{
        _answer_ a = ask(&house, .method = "OPTIONS", .path = "/api/contacts");
        ck_assert_int_eq(a.status, 204);
        ck_assert_str_eq(header_of(&a, "Allow"), "GET, HEAD, POST, OPTIONS");
}
END_TEST

START_TEST(the_owner_names_the_tenant_and_nobody_else_may)
{
        char south[32];
        snprintf(south, sizeof(south), "%lld", (long long)house.south.id.v);
        _answer_ named =
            ask(&house, .path = "/api/contacts", .token = house.owner, .tenant = south);
        expect(&named, 200, NULL);
        ck_assert_ptr_nonnull(strstr(named.text, "Only South"));
        _answer_ none = ask(&house, .path = "/api/contacts", .token = house.owner);
        expect(&none, 400, "Name the tenant in the header X-Tenant-Id");
        _answer_ wrong = ask(&house, .path = "/api/contacts", .token = house.owner, .tenant = "x");
        expect(&wrong, 400, "X-Tenant-Id must be the number of a tenant");
        _answer_ nobody =
            ask(&house, .path = "/api/contacts", .token = house.owner, .tenant = "99");
        expect(&nobody, 404, "Tenant not found");
        _answer_ cheat =
            ask(&house, .path = "/api/contacts", .token = house.north.admin, .tenant = south);
        expect(&cheat, 403, "Only a super_admin may send X-Tenant-Id");
}
END_TEST

START_TEST(every_row_is_in_the_manual)
{
        static char manual[256 * 1024];
        FILE *f = fopen(getenv("HTTP_API"), "re");
        ck_assert_ptr_nonnull(f);
        manual[fread(manual, 1, sizeof(manual) - 1, f)] = '\0';
        fclose(f);
        for (size_t i = 0; i < n_rows; i++) {
                char heading[128];
                snprintf(heading, sizeof(heading), "\n## %.15s %.63s\n", rows[i].method,
                         rows[i].path);
                ck_assert_msg(strstr(manual, heading), "not in http-api.md: %s", heading + 1);
        }
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("routes");
        TCase *tc = shared_case(s, start, stop);
        tcase_add_test(tc, every_row_but_the_public_ones_needs_credentials);
        tcase_add_test(tc, a_token_whose_last_digit_changed_is_refused);
        tcase_add_test(tc, the_webhook_row_needs_a_signature);
        tcase_add_test(tc, another_tenants_ids_are_not_there);
        tcase_add_test(tc, an_id_that_is_none_is_not_there);
        tcase_add_test(tc, a_role_that_a_row_does_not_name_is_refused);
        tcase_add_test(tc, adding_a_contact_is_not_for_users_and_calling_not_for_the_owner);
        tcase_add_test(tc, an_unknown_path_is_404_and_a_wrong_method_405_with_the_right_ones);
        tcase_add_test(tc, options_tells_the_methods_without_credentials);
        tcase_add_test(tc, the_owner_names_the_tenant_and_nobody_else_may);
        tcase_add_test(tc, every_row_is_in_the_manual);
        return s;
}
