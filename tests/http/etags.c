/* etags.c - what has not changed is not sent again, and no tenant's tag opens another's door. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "house.h"

static struct house house;

struct row {
        char method[16];
        char path[64];
        char scope[16];
        bool timed;
};

static struct row rows[96];
static size_t n_rows;

/* The rows whose answer changes with the time; the table does not print which these are. */
static const char *const timed[] = {"/api/contacts/:id/explain", "/api/analytics/calls",
                                    "/api/analytics/performance", "/api/daily-summary/preview"};

static bool is_timed(const char *path)
{
        for (size_t i = 0; i < count_of(timed); i++)
                if (!strcmp(path, timed[i]))
                        return true;
        return false;
}

/* Keeps the rows of tenants that are for reading. */
static void read_table(void)
{
        static char text[16384];
        ck_assert_int_eq(house_run((const char *[]){"--routes", NULL}, NULL, text, sizeof(text)),
                         0);
        char *rest = text;
        for (char *line; (line = strsep(&rest, "\n")) && *line;) {
                struct row *r = &rows[n_rows];
                ck_assert_uint_lt(n_rows, count_of(rows));
                ck_assert_int_eq(sscanf(line, "%15s %63s %15s", r->method, r->path, r->scope), 3);
                r->timed = is_timed(r->path);
                n_rows += !strcmp(r->method, "GET") && !strcmp(r->scope, "tenant");
        }
        ck_assert_uint_ge(n_rows, 4);
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

/* An answer that need not be JSON: an export is not. */
struct got {
        int status;
        char etag[80];
        char cache[64];
        const char *body;
        char text[65536];
};

static void copy_header(const char *text, const char *name, char *ret, size_t size)
{
        const char *at = strstr(text, name);
        const char *end = strstr(text, "\r\n\r\n");
        *ret = '\0';
        if (at && at < end)
                snprintf(ret, size, "%.*s", (int)strcspn(at + strlen(name), "\r"),
                         at + strlen(name));
}

static void get(const char *path, const char *token, const char *if_none_match, struct got *ret)
{
        char request[2048];
        snprintf(request, sizeof(request),
                 "GET %s HTTP/1.0\r\nAuthorization: Bearer %s\r\n%s%s%s\r\n", path, token,
                 if_none_match ? "If-None-Match: " : "", if_none_match ? if_none_match : "",
                 if_none_match ? "\r\n" : "");
        ret->status = raw_text(&house, request, ret->text, sizeof(ret->text));
        const char *end = strstr(ret->text, "\r\n\r\n");
        ck_assert_ptr_nonnull(end);
        ret->body = end + 4;
        copy_header(ret->text, "\r\nETag: ", ret->etag, sizeof(ret->etag));
        copy_header(ret->text, "\r\nCache-Control: ", ret->cache, sizeof(ret->cache));
}

/* The row's path with something of the tenant in place of ":id". */
static void path_of(const struct row *r, const struct clinic *clinic, char *ret, size_t size)
{
        const char *colon = strchr(r->path, ':');
        const char *rest = colon ? colon + strcspn(colon, "/") : "";
        char item[64] = "";
        if (colon && strstr(r->path, "/calls/"))
                snprintf(item, sizeof(item), "%s", clinic->call.s);
        else if (colon)
                snprintf(item, sizeof(item), "%lld", (long long)clinic->contact.v);
        snprintf(ret, size, "%.*s%s%s", (int)(colon ? colon - r->path : (long)strlen(r->path)),
                 r->path, item, rest);
}

/* Calls @check for each row that answers 200 for this house; there are some at least. */
static void each_row(void (*check)(const struct row *r, const char *path, const struct got *first))
{
        static struct got first;
        size_t walked = 0;
        for (size_t i = 0; i < n_rows; i++) {
                char path[128];
                path_of(&rows[i], &house.north, path, sizeof(path));
                get(path, house.north.admin, NULL, &first);
                if (first.status != 200) {
                        ck_assert_msg(!first.etag[0], "%s: a tag on %d", path, first.status);
                        continue;
                }
                check(&rows[i], path, &first);
                walked++;
        }
        ck_assert_uint_ge(walked, 4);
}

static void check_forms(const struct row *r, const char *path, const struct got *first)
{
        static struct got a;
        char lists[9][400];
        size_t n = 0;
        const char *tag = first->etag;
        ck_assert_msg(tag[0] == '"' && tag[strlen(tag) - 1] == '"', "%s: %s", r->path, tag);
        ck_assert_str_eq(first->cache, "private, no-cache");
        snprintf(lists[n++], sizeof(lists[0]), "%s", tag);
        snprintf(lists[n++], sizeof(lists[0]), "W/%s", tag);
        snprintf(lists[n++], sizeof(lists[0]), "*");
        snprintf(lists[n++], sizeof(lists[0]), "\"x\", %s", tag);
        snprintf(lists[n++], sizeof(lists[0]), "\"x\",W/\"y\",%s,\"z\"", tag);
        snprintf(lists[n++], sizeof(lists[0]), "\"a,b\" , W/%s", tag);
        snprintf(lists[n++], sizeof(lists[0]), ",, %s ,", tag);
        for (size_t i = 0; i < n; i++) {
                get(path, house.north.admin, lists[i], &a);
                ck_assert_msg(a.status == 304, "%s, %s: %d", path, lists[i], a.status);
                ck_assert_msg(!*a.body, "%s: a body: %s", path, a.body);
                ck_assert_str_eq(a.etag, tag);
                ck_assert_ptr_null(strstr(a.text, "\r\nContent-Length:"));
                ck_assert_ptr_nonnull(strstr(a.text, "\r\nVary: Authorization, X-Tenant-Id\r\n"));
        }
}

START_TEST(every_form_of_a_list_of_tags_is_understood_on_every_row)
{
        each_row(check_forms);
}
END_TEST

static void check_strangers(const struct row *r, const char *path, const struct got *first)
{
        static struct got a;
        char bare[80];
        char longer[200];
        char lists[8][400];
        size_t n = 0;
        (void)r;
        snprintf(bare, sizeof(bare), "%.*s", (int)strlen(first->etag) - 2, first->etag + 1);
        snprintf(longer, sizeof(longer), "\"%s-x\"", bare);
        snprintf(lists[n++], sizeof(lists[0]), "%s", bare); /* no quotation marks: no tag */
        snprintf(lists[n++], sizeof(lists[0]), "%s", longer);
        snprintf(lists[n++], sizeof(lists[0]), "\"x%s\"", bare);
        snprintf(lists[n++], sizeof(lists[0]), "w/%s", first->etag);
        snprintf(lists[n++], sizeof(lists[0]), "\"x\"%s", first->etag);
        snprintf(lists[n++], sizeof(lists[0]), "%s\"", first->etag);
        snprintf(lists[n++], sizeof(lists[0]), "\"*\"");
        snprintf(lists[n++], sizeof(lists[0]), "x, *");
        for (size_t i = 0; i < n; i++) {
                get(path, house.north.admin, lists[i], &a);
                ck_assert_msg(a.status == 200, "%s, %s: %d", path, lists[i], a.status);
        }
}

START_TEST(what_only_contains_a_tag_does_not_name_it)
{
        each_row(check_strangers);
}
END_TEST

/* Both tenants have the same rows with the same ids; so their tags must differ. */
static void check_neighbour(const struct row *r, const char *path, const struct got *first)
{
        static struct got theirs;
        char their_path[128];
        (void)path;
        path_of(r, &house.south, their_path, sizeof(their_path));
        get(their_path, house.south.admin, first->etag, &theirs);
        ck_assert_msg(theirs.status == 200, "%s: %d", their_path, theirs.status);
        ck_assert_str_ne(theirs.etag, first->etag);
}

START_TEST(another_tenants_tag_is_never_answered_with_304)
{
        each_row(check_neighbour);
}
END_TEST

START_TEST(a_tag_opens_no_door_that_is_shut)
{
        static struct got a;
        char south[160];
        get("/api/contacts", house.north.admin, NULL, &a);
        get("/api/contacts", "", a.etag, &a);
        ck_assert_int_eq(a.status, 401);
        get("/api/contacts", house.north.admin, "*", &a);
        ck_assert_int_eq(a.status, 304);
        get("/api/contacts", "x", "*", &a);
        ck_assert_int_eq(a.status, 401);
        snprintf(south, sizeof(south), "/api/contacts/%lld", (long long)house.southern.v);
        get(south, house.north.admin, NULL, &a);
        ck_assert_int_eq(a.status, 404);
        ck_assert_str_eq(a.etag, "");
        ck_assert_str_eq(a.cache, "no-store");
}
END_TEST

static void add_contact(const struct clinic *clinic)
{
        _answer_ a = ask(&house, .method = "POST", .path = "/api/contacts", .token = clinic->admin,
                         .body = "{\"name\":\"One More\"}");
        expect(&a, 201, NULL);
        ck_assert_str_eq(header_of(&a, "ETag"), "");
}

static void check_change(const struct row *r, const char *path, const struct got *first)
{
        static struct got a;
        add_contact(&house.south);
        get(path, house.north.admin, first->etag, &a);
        ck_assert_msg(a.status == 304 || r->timed, "%s: %d after a neighbour's change", path,
                      a.status);
        add_contact(&house.north);
        get(path, house.north.admin, first->etag, &a);
        ck_assert_msg(a.status == 200, "%s: %d after a change", path, a.status);
        ck_assert_str_ne(a.etag, first->etag);
}

START_TEST(a_change_of_ones_own_data_changes_the_tag_and_a_neighbours_does_not)
{
        each_row(check_change);
}
END_TEST

START_TEST(head_has_the_tag_of_get)
{
        _answer_ get_it = ask(&house, .path = "/api/contacts", .token = house.north.admin);
        _answer_ head =
            ask(&house, .method = "HEAD", .path = "/api/contacts", .token = house.north.admin);
        ck_assert_str_eq(header_of(&head, "ETag"), header_of(&get_it, "ETag"));
        _answer_ same = ask(&house, .method = "HEAD", .path = "/api/contacts",
                            .token = house.north.admin, .etag = header_of(&get_it, "ETag"));
        ck_assert_int_eq(same.status, 304);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("etags");
        TCase *tc = shared_case(s, start, stop);
        tcase_add_test(tc, every_form_of_a_list_of_tags_is_understood_on_every_row);
        tcase_add_test(tc, what_only_contains_a_tag_does_not_name_it);
        tcase_add_test(tc, another_tenants_tag_is_never_answered_with_304);
        tcase_add_test(tc, a_tag_opens_no_door_that_is_shut);
        tcase_add_test(tc, a_change_of_ones_own_data_changes_the_tag_and_a_neighbours_does_not);
        tcase_add_test(tc, head_has_the_tag_of_get);
        return s;
}
