/* manners.c - what every answer carries, whoever made it and however it went. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "house.h"

static struct house house;

static void start(void)
{
        house_build(&house);
        house_serve(&house, (const char *[]){"--sandbox", NULL});
}

static void stop(void)
{
        house_leave(&house);
}

/* Answers of every kind: of handlers, of the dispatcher, of the server, of CivetWeb. */
static const struct {
        const char *request;
        int status;
} kinds[] = {
    {"GET /livez HTTP/1.0\r\n\r\n", 200},
    {"HEAD /livez HTTP/1.0\r\n\r\n", 200},
    {"OPTIONS /api/contacts HTTP/1.0\r\n\r\n", 204},
    {"GET /api/contacts HTTP/1.0\r\n\r\n", 401},
    {"GET /nowhere HTTP/1.0\r\n\r\n", 404},
    {"DELETE /livez HTTP/1.0\r\n\r\n", 405},
    {"POST /api/auth/login HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}", 400},
    {"POST /api/auth/login HTTP/1.0\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\n{}",
     415},
    {"POST /api/auth/login HTTP/1.0\r\nContent-Length: -2\r\n\r\n{}", 411},
    {"POST /api/auth/login HTTP/1.0\r\nContent-Length: 999999\r\n\r\n{}", 413},
    {"GET /livez HTTP/1.1\r\n\r\n", 400},
    {"GET /livez HTTP/1.1\r\nHost: x\r\nExpect: y\r\n\r\n", 417},
    {"GET /livez HTTP/3.0\r\n\r\n", 505},
    {"BREW /livez HTTP/1.0\r\n\r\n", 400},
    {"nonsense\r\n\r\n", 400},
};

static const char *const always[] = {
    "\r\nDate: ",
    "\r\nX-Request-Id: ",
    "\r\nCache-Control: no-store\r\n",
    "\r\nX-Content-Type-Options: nosniff\r\n",
    "\r\nX-Frame-Options: DENY\r\n",
    "\r\nContent-Security-Policy: default-src 'none'; ",
    "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n",
    "\r\nCross-Origin-Opener-Policy: same-origin\r\n",
    "\r\nCross-Origin-Resource-Policy: same-origin\r\n",
    "\r\nPermissions-Policy: camera=(), ",
    "\r\nReferrer-Policy: no-referrer\r\n",
};

static const char *const never[] = {"\r\nServer:", "\r\nX-Powered-By:", "\r\nAccess-Control-",
                                    "\r\nSet-Cookie:", "text/html"};

static void check_head(const char *text, int status)
{
        ck_assert_msg(!strncmp(text, "HTTP/1.1 ", 9), "%s", text);
        for (size_t i = 0; i < count_of(always); i++)
                ck_assert_msg(strstr(text, always[i]), "%d without %s: %s", status, always[i] + 2,
                              text);
        for (size_t i = 0; i < count_of(never); i++)
                ck_assert_msg(!strcasestr(text, never[i]), "%d with %s", status, never[i]);
}

START_TEST(every_answer_tells_a_browser_to_keep_and_run_nothing)
{
        char text[8192];
        for (size_t i = 0; i < count_of(kinds); i++) {
                int status = raw_text(&house, kinds[i].request, text, sizeof(text));
                ck_assert_msg(status == kinds[i].status, "%s: %d", kinds[i].request, status);
                check_head(text, status);
        }
}
END_TEST

/* Another site gets no leave, whatever its browser asks for. */
START_TEST(no_other_origin_is_let_in)
{
        char text[8192];
        char request[4096];
        int status = raw_text(&house,
                              "OPTIONS /api/contacts HTTP/1.1\r\nHost: x\r\n"
                              "Origin: https://evil.example\r\nConnection: close\r\n"
                              "Access-Control-Request-Method: GET\r\n"
                              "Access-Control-Request-Headers: authorization\r\n\r\n",
                              text, sizeof(text));
        ck_assert_int_eq(status, 204);
        ck_assert_ptr_null(strcasestr(text, "Access-Control-"));
        snprintf(request, sizeof(request),
                 "GET /api/contacts HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\n"
                 "Connection: close\r\nAuthorization: Bearer %s\r\n\r\n",
                 house.north.admin);
        status = raw_text(&house, request, text, sizeof(text));
        ck_assert_int_eq(status, 200);
        ck_assert_ptr_null(strcasestr(text, "Access-Control-"));
}
END_TEST

START_TEST(every_refusal_has_the_same_shape)
{
        char text[8192];
        for (size_t i = 0; i < count_of(kinds); i++) {
                int status = raw_text(&house, kinds[i].request, text, sizeof(text));
                if (status < 400)
                        continue;
                vio_json *json = NULL;
                const char *body = strstr(text, "\r\n\r\n") + 4;
                const char *id = strstr(text, "\r\nX-Request-Id: ") + strlen("\r\nX-Request-Id: ");
                ck_assert_ptr_nonnull(strstr(text, "\r\nContent-Type: application/json\r\n"));
                ck_assert_msg(vio_json_parse(body, strlen(body), &json) == 0, "%s", body);
                const char *request_id = vio_json_text(vio_json_get(json, "requestId"));
                ck_assert_ptr_nonnull(vio_json_text(vio_json_get(json, "message")));
                ck_assert_ptr_nonnull(vio_json_text(vio_json_get(json, "error")));
                ck_assert_str_ne(vio_json_text(vio_json_get(json, "error")), "INTERNAL");
                ck_assert_uint_eq(strlen(request_id), 16);
                ck_assert_int_eq(strncmp(request_id, id, 16), 0);
                vio_json_free(json);
        }
}
END_TEST

START_TEST(what_is_foreign_and_what_is_absent_look_alike)
{
        char foreign[64];
        snprintf(foreign, sizeof(foreign), "/api/contacts/%lld", (long long)house.southern.v);
        _answer_ theirs = ask(&house, .path = foreign, .token = house.north.admin);
        _answer_ absent = ask(&house, .path = "/api/contacts/987654", .token = house.north.admin);
        expect(&theirs, 404, NULL);
        expect(&absent, 404, text_of(&theirs, "message"));
        ck_assert_str_eq(text_of(&theirs, "error"), text_of(&absent, "error"));
        ck_assert_uint_eq(strlen(theirs.text), strlen(absent.text));
}
END_TEST

/* The field is named by the table of the body, by the handler, or by the library's own sentence. */
START_TEST(an_error_names_its_field_in_camel_case)
{
        static const struct {
                const char *body;
                const char *field;
        } rows[] = {
            {"{}", "name"},
            {"{\"name\":7}", "name"},
            {"{\"name\":\"a\",\"appointmentTime\":\"tomorrow\"}", "appointmentTime"},
            {"{\"name\":\"a\",\"color\":\"red\"}", "color"},
            {"{\"name\":\"a\",\"phone\":\"12\"}", "phone"},
            {"{\"name\":\"a\",\"email\":\"nobody\"}", "email"},
            {"{\"name\":\"a\",\"timeZone\":\"Mars/Olympus\"}", "timeZone"},
            {"{\"name\":\"a\",\"appointmentDate\":\"2031-13-45\"}", "appointmentDate"},
        };
        for (size_t i = 0; i < count_of(rows); i++) {
                _answer_ a = ask(&house, .method = "POST", .path = "/api/contacts",
                                 .token = house.north.admin, .body = rows[i].body);
                expect(&a, 400, NULL);
                ck_assert_msg(vio_json_text(vio_json_get(a.json, "field")), "%s: %s", rows[i].body,
                              a.text);
                ck_assert_str_eq(text_of(&a, "field"), rows[i].field);
        }
        _answer_ list = ask(&house, .path = "/api/contacts?limit=x", .token = house.north.admin);
        expect(&list, 400, NULL);
        ck_assert_str_eq(text_of(&list, "field"), "limit");
        _answer_ json = ask(&house, .method = "POST", .path = "/api/contacts",
                            .token = house.north.admin, .body = "{");
        ck_assert_ptr_null(vio_json_get(json.json, "field"));
}
END_TEST

/* The tenant's data may be asked about again, but not kept; nothing else is even that. */
START_TEST(a_tenants_data_is_kept_by_nobody)
{
        _answer_ list = ask(&house, .path = "/api/contacts", .token = house.north.admin);
        ck_assert_str_eq(header_of(&list, "Cache-Control"), "private, no-cache");
        _answer_ owner = ask(&house, .path = "/api/admin/tenants", .token = house.owner);
        expect(&owner, 200, NULL);
        ck_assert_str_eq(header_of(&owner, "Cache-Control"), "no-store");
        _answer_ refused = ask(&house, .path = "/api/contacts/987654", .token = house.north.admin);
        ck_assert_str_eq(header_of(&refused, "Cache-Control"), "no-store");
}
END_TEST

static void nest(char *ret, size_t depth)
{
        char *p = ret + sprintf(ret, "{\"name\":");
        memset(p, '[', depth);
        memset(p + depth, ']', depth);
        strcpy(p + 2 * depth, "}");
}

START_TEST(json_may_be_thirty_two_levels_deep)
{
        char body[256];
        nest(body, 31);
        _answer_ deep = ask(&house, .method = "POST", .path = "/api/contacts",
                            .token = house.north.admin, .body = body);
        expect(&deep, 400, "name must be a text");
        nest(body, 32);
        _answer_ deeper = ask(&house, .method = "POST", .path = "/api/contacts",
                              .token = house.north.admin, .body = body);
        expect(&deeper, 400, "The body is not valid JSON");
}
END_TEST

static const char *read_log(void)
{
        static char lines[1 << 20];
        char path[128];
        snprintf(path, sizeof(path), "%s/log", house.folder);
        FILE *f = fopen(path, "re");
        ck_assert_ptr_nonnull(f);
        lines[fread(lines, 1, sizeof(lines) - 1, f)] = '\0';
        fclose(f);
        return lines;
}

/* The last address is the one that the proxy itself saw, be it in a line of its own. */
START_TEST(a_client_cannot_choose_its_address)
{
        char text[8192];
        raw_text(&house,
                 "GET /one HTTP/1.0\r\nX-Forwarded-For: 198.51.100.1\r\n"
                 "X-Forwarded-For: 203.0.113.9\r\n\r\n",
                 text, sizeof(text));
        while (!strstr(read_log(), "remote=203.0.113.x")) /* written when the answer is out */
                ;
        ck_assert_ptr_null(strstr(read_log(), "remote=198.51.100.x"));
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("manners");
        TCase *tc = shared_case(s, start, stop);
        tcase_add_test(tc, every_answer_tells_a_browser_to_keep_and_run_nothing);
        tcase_add_test(tc, no_other_origin_is_let_in);
        tcase_add_test(tc, every_refusal_has_the_same_shape);
        tcase_add_test(tc, what_is_foreign_and_what_is_absent_look_alike);
        tcase_add_test(tc, an_error_names_its_field_in_camel_case);
        tcase_add_test(tc, a_tenants_data_is_kept_by_nobody);
        tcase_add_test(tc, json_may_be_thirty_two_levels_deep);
        tcase_add_test(tc, a_client_cannot_choose_its_address);
        return s;
}
