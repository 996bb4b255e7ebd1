/* import.c - contacts in and out as CSV over HTTP. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

#define HEADER                                                                                     \
        "name,phone,email,timeZone,appointmentDate,appointmentTime,appointmentType,"               \
        "specialInstructions,appointmentStatus,optedOut\r\n"

static struct answer post_csv(const char *query, const char *text)
{
        char path[128];
        snprintf(path, sizeof(path), "/api/contacts/import%s", query);
        return ask(&house, .method = "POST", .path = path, .token = house.north.admin,
                   .type = "text/csv", .body = text);
}

static void then_counts_are(const struct answer *a, int rows, int added, int duplicates, int bad)
{
        ck_assert_msg(number_of(a, "rows") == rows && number_of(a, "added") == added &&
                          number_of(a, "duplicates") == duplicates && number_of(a, "bad") == bad,
                      "%s", a->text);
}

static int64_t total_of(const struct clinic *c)
{
        _answer_ a = ask(&house, .path = "/api/contacts/stats", .token = c->admin);
        return number_of(&a, "total");
}

START_TEST(a_file_becomes_contacts_of_its_tenant_only)
{
        int64_t south = total_of(&house.south);
        _answer_ a = post_csv("", "Full name;Mobile;Insurance\r\nAnna;'+14155550111;AOK\r\n"
                                  "Anna;+1 415 555 0111;AOK\r\n");
        expect(&a, 200, NULL);
        then_counts_are(&a, 2, 1, 1, 0);
        ck_assert_ptr_nonnull(strstr(a.text, "\"unknownColumns\":[\"Insurance\"],\"errors\":[],"
                                             "\"truncated\":false,"));
        ck_assert_ptr_nonnull(strstr(a.text, "\"dryRun\":false}"));
        ck_assert_int_eq(total_of(&house.south), south);
        _answer_ list = ask(&house, .path = "/api/contacts", .token = house.north.user);
        ck_assert_ptr_nonnull(strstr(list.text, "\"phone\":\"+14155550111\""));
}
END_TEST

START_TEST(bad_rows_are_told_by_line_and_keep_the_others_out)
{
        static const char file[] = "name,phone\nBea,+14155550121\nCarl,4.4E+11\n,+14155550123\n"
                                   "Dora,\"+1415\n5550124\",Emil\n";
        int64_t before = total_of(&house.north);
        _answer_ a = post_csv("", file);
        expect(&a, 400, "Nothing was added, because some rows are not valid");
        ck_assert_str_eq(text_of(&a, "error"), "INVALID");
        ck_assert_str_eq(text_of(&a, "requestId"), header_of(&a, "X-Request-Id"));
        then_counts_are(&a, 4, 0, 0, 3);
        ck_assert_ptr_nonnull(strstr(
            a.text, "\"errors\":[{\"line\":3,\"field\":\"phone\",\"message\":\"the spreadsheet has "
                    "rounded it; format the column as text and export again\"},"
                    "{\"line\":4,\"field\":\"name\",\"message\":\"is required\"},"
                    "{\"line\":5,\"field\":null,\"message\":\"the row has more cells than"));
        ck_assert_int_eq(total_of(&house.north), before);
        _answer_ b = post_csv("?skipBad=true", file);
        expect(&b, 200, NULL);
        then_counts_are(&b, 4, 1, 0, 3);
        ck_assert_int_eq(total_of(&house.north), before + 1);
}
END_TEST

START_TEST(a_dry_run_writes_nothing)
{
        int64_t before = total_of(&house.north);
        _answer_ good = post_csv("?dryRun=true", "name\nFritz\n");
        expect(&good, 200, NULL);
        then_counts_are(&good, 1, 1, 0, 0);
        ck_assert_ptr_nonnull(strstr(good.text, "\"dryRun\":true"));
        _answer_ bad = post_csv("?dryRun=true", "name,email\nFritz,nobody\n");
        expect(&bad, 200, NULL);
        then_counts_are(&bad, 1, 0, 0, 1);
        ck_assert_int_eq(total_of(&house.north), before);
}
END_TEST

START_TEST(a_thousand_errors_are_told_and_no_more)
{
        char *file = malloc(20000);
        size_t len = (size_t)sprintf(file, "name,email\n");
        for (int i = 0; i < 1001; i++)
                len += (size_t)sprintf(file + len, "x,nobody\n");
        _answer_ a = post_csv("", file);
        expect(&a, 400, NULL);
        then_counts_are(&a, 1001, 0, 0, 1001);
        ck_assert_uint_eq(vio_json_count(vio_json_get(a.json, "errors")), 1000);
        ck_assert_ptr_nonnull(strstr(a.text, "\"truncated\":true"));
        free(file);
}
END_TEST

START_TEST(what_is_no_import_is_refused)
{
        static const struct {
                const char *query, *type, *body;
                int status;
                const char *message;
        } rows[] = {
            {"", "application/json", "{}", 415, "Content-Type must be text/csv"},
            {"", "text/csvx", "name\nx", 415, "Content-Type must be text/csv"},
            {"?dryRun=1", "text/csv", "name\nx", 400, "dryRun must be true or false"},
            {"?skipBad=", "text/csv", "name\nx", 400, "skipBad must be true or false"},
            {"?dates=us", "text/csv", "name\nx", 400, "dates must be month-first or day-first"},
            {"", "text/csv; charset=utf-8", "", 400, "the file is empty"},
            {"", "text/csv", "phone\n1", 400,
             "name: the first row of the file must name its columns, and one of them \"name\""},
            {"", "text/csv", "name\nBj\xf6rn", 400,
             "line 2: the file is not UTF-8, perhaps Windows-1252; save it as \"CSV UTF-8\" and "
             "try again"},
        };
        int64_t before = total_of(&house.north);
        for (size_t i = 0; i < count_of(rows); i++) {
                char path[128];
                snprintf(path, sizeof(path), "/api/contacts/import%s", rows[i].query);
                _answer_ a = ask(&house, .method = "POST", .path = path, .token = house.north.admin,
                                 .type = rows[i].type, .body = rows[i].body);
                expect(&a, rows[i].status, rows[i].message);
        }
        ck_assert_int_eq(total_of(&house.north), before);
}
END_TEST

START_TEST(sixteen_megabytes_are_taken_and_one_byte_more_is_not)
{
        size_t most = (size_t)16 * 1024 * 1024;
        char *body = malloc(most + 1);
        ck_assert_ptr_nonnull(body);
        memset(body, '\n', most + 1);
        memcpy(body, "name", 4);
        for (size_t more = 0; more <= 1; more++) {
                _answer_ a = ask(&house, .method = "POST", .path = "/api/contacts/import",
                                 .token = house.north.admin, .type = "text/csv", .content = body,
                                 .content_len = most + more);
                expect(&a, more ? 413 : 200, NULL);
        }
        free(body);
}
END_TEST

START_TEST(dates_are_read_in_the_order_that_was_asked_for)
{
        _answer_ a = post_csv("?dates=day-first", "name,time\nGabi,3/4/2031 09:30\n");
        expect(&a, 200, NULL);
        _answer_ list = ask(&house, .path = "/api/contacts", .token = house.north.user);
        ck_assert_ptr_nonnull(strstr(list.text, "\"appointmentDate\":\"2031-04-03\""));
        _answer_ b = post_csv("?dates=month-first", "name,time\nGabi,3/4/2031 09:30\n");
        expect(&b, 200, NULL);
        then_counts_are(&b, 1, 1, 0, 0);
}
END_TEST

START_TEST(an_export_is_a_file_without_formulas_that_comes_back_the_same)
{
        _answer_ a = post_csv("", "name,phone,notes\n'=1+1,+14155550131,@SUM(A1)\n");
        expect(&a, 200, NULL);
        _answer_ out = ask(&house, .path = "/api/contacts/export", .token = house.north.admin);
        ck_assert_int_eq(out.status, 200);
        ck_assert_str_eq(header_of(&out, "Content-Type"), "text/csv; charset=utf-8");
        ck_assert_str_eq(header_of(&out, "Content-Disposition"),
                         "attachment; filename=\"contacts.csv\"");
        ck_assert_int_eq(strncmp(out.text, HEADER, strlen(HEADER)), 0);
        ck_assert_ptr_nonnull(
            strstr(out.text, "\r\n'=1+1,'+14155550131,,,,,,'@SUM(A1),pending,no\r\n"));
        _answer_ back = post_csv("", out.text);
        expect(&back, 200, NULL);
        ck_assert_int_eq(number_of(&back, "added"), 0);
        ck_assert_int_eq(number_of(&back, "duplicates"), number_of(&back, "rows"));
        _answer_ marked =
            ask(&house, .path = "/api/contacts/export?bom=true", .token = house.north.admin);
        ck_assert_int_eq(strncmp(marked.text, "\xef\xbb\xbf" HEADER, 3 + strlen(HEADER)), 0);
        _answer_ same = ask(&house, .path = "/api/contacts/export?bom=true",
                            .token = house.north.admin, .etag = header_of(&marked, "ETag"));
        ck_assert_int_eq(same.status, 304);
}
END_TEST

START_TEST(only_an_admin_takes_contacts_in_and_out)
{
        _answer_ in = ask(&house, .method = "POST", .path = "/api/contacts/import",
                          .token = house.north.user, .type = "text/csv", .body = "name\nx\n");
        expect(&in, 403, "Insufficient permissions");
        _answer_ out = ask(&house, .path = "/api/contacts/export", .token = house.north.user);
        expect(&out, 403, "Insufficient permissions");
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("import");
        TCase *tc = shared_case(s, start, stop);
        tcase_add_test(tc, a_file_becomes_contacts_of_its_tenant_only);
        tcase_add_test(tc, bad_rows_are_told_by_line_and_keep_the_others_out);
        tcase_add_test(tc, a_dry_run_writes_nothing);
        tcase_add_test(tc, a_thousand_errors_are_told_and_no_more);
        tcase_add_test(tc, what_is_no_import_is_refused);
        tcase_add_test(tc, sixteen_megabytes_are_taken_and_one_byte_more_is_not);
        tcase_add_test(tc, dates_are_read_in_the_order_that_was_asked_for);
        tcase_add_test(tc, an_export_is_a_file_without_formulas_that_comes_back_the_same);
        tcase_add_test(tc, only_an_admin_takes_contacts_in_and_out);
        return s;
}
