/* metrics.c - the page for Prometheus: well formed, right in its figures, and of bounded size. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "house.h"

static struct house house;

static void start(void)
{
        static const char *const more[] = {"--metrics-listen", "127.0.0.1:0", NULL};
        house_build(&house);
        house_serve(&house, more);
}

static void stop(void)
{
        house_leave(&house);
}

#define PAGE (256 * 1024)

/* The same house, asked at its other door. */
static int ask_page(const char *request, char *ret, size_t size)
{
        struct house door = house;
        door.port = house.metrics_port;
        return raw_text(&door, request, ret, size);
}

static const char *read_page(void)
{
        static char text[PAGE];
        ck_assert_int_eq(ask_page("GET /metrics HTTP/1.0\r\n\r\n", text, sizeof(text)), 200);
        ck_assert_ptr_nonnull(
            strstr(text, "\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
        return strstr(text, "\r\n\r\n") + 4;
}

/* The value of a series, 0 when it is not there yet. */
static double value_of(const char *page, const char *series)
{
        size_t len = strlen(series);
        for (const char *p = page; (p = strstr(p, series)); p += len)
                if (p > page && p[-1] == '\n' && p[len] == ' ')
                        return strtod(p + len, NULL);
        return 0;
}

static double value(const char *series)
{
        return value_of(read_page(), series);
}

/* A request is counted when its answer is out, so a client may look too early. */
static void comes_to(const char *series, double expected)
{
        double n;
        do
                n = value(series);
        while (n < expected);
        ck_assert_double_eq(n, expected);
}

/* The end of a metric's or label's name, which begins with a letter or "_". */
static const char *name_end(const char *p)
{
        ck_assert_msg(isalpha((unsigned char)*p) || *p == '_', "no name: %.40s", p);
        while (isalnum((unsigned char)*p) || *p == '_' || *p == ':')
                p++;
        return p;
}

static const char *labels_end(const char *p)
{
        while (*p != '}') {
                p = name_end(p);
                ck_assert_msg(p[0] == '=' && p[1] == '"', "no value: %.40s", p);
                for (p += 2; *p != '"'; p++)
                        ck_assert_msg(*p && *p != '\n' && *p != '\\', "no end: %.40s", p);
                p += p[1] == ',' ? 2 : 1;
        }
        return p + 1;
}

static void check_sample(const char *line, const char *metric)
{
        char *end;
        const char *p = name_end(line);
        ck_assert_msg(!strncmp(line, metric, strlen(metric)), "%s under %s", line, metric);
        if (*p == '{')
                p = labels_end(p + 1);
        ck_assert_msg(*p == ' ', "%s", line);
        strtod(p + 1, &end);
        ck_assert_msg(end > p + 1 && *end == '\0', "%s", line);
}

static void check_unique(char **lines, size_t n, const char *line)
{
        size_t len = (size_t)(strrchr(line, ' ') - line) + 1;
        for (size_t i = 0; i < n; i++)
                ck_assert_msg(strncmp(lines[i], line, len) != 0, "twice: %s", line);
}

/* HELP, TYPE, samples: that is the order in which each metric must come, once. */
START_TEST(the_page_is_well_formed)
{
        static char page[PAGE];
        static char *lines[8192];
        char metric[128] = "";
        char type[16] = "";
        size_t n = 0;
        snprintf(page, sizeof(page), "%s", read_page());
        char *rest = page;
        for (char *line; (line = strsep(&rest, "\n")) && *line;) {
                char next[128];
                ck_assert_uint_lt(n, count_of(lines));
                if (sscanf(line, "# HELP %127s", next) == 1) {
                        check_unique(lines, n, line);
                        snprintf(metric, sizeof(metric), "%s", next);
                        type[0] = '\0';
                } else if (sscanf(line, "# TYPE %127s %15s", next, type) == 2) {
                        ck_assert_str_eq(next, metric);
                } else {
                        ck_assert_str_ne(type, "");
                        check_sample(line, metric);
                        check_unique(lines, n, line);
                }
                lines[n++] = line;
        }
        ck_assert_ptr_null(rest && *rest ? rest : NULL);
        ck_assert_uint_gt(n, 30);
}
END_TEST

#define CONTACTS "{route=\"/api/contacts\",method=\"GET\""
#define DURATION "vio_http_request_duration_seconds"

START_TEST(each_request_is_counted_once_under_its_route)
{
        double ok = value("vio_http_requests_total" CONTACTS ",status=\"2xx\"}");
        double bytes = value("vio_http_response_bytes_total" CONTACTS "}");
        double timed = value(DURATION "_count" CONTACTS "}");
        double refused = value("vio_http_requests_total" CONTACTS ",status=\"4xx\"}");
        size_t len = 0;
        for (int i = 0; i < 3; i++) {
                _answer_ a =
                    ask(&house, .path = "/api/contacts?limit=1", .token = house.north.admin);
                expect(&a, 200, NULL);
                len += strlen(a.text);
        }
        _answer_ none = ask(&house, .path = "/api/contacts");
        expect(&none, 401, NULL);
        len += strlen(none.text);
        comes_to("vio_http_requests_total" CONTACTS ",status=\"2xx\"}", ok + 3);
        comes_to("vio_http_requests_total" CONTACTS ",status=\"4xx\"}", refused + 1);
        comes_to("vio_http_response_bytes_total" CONTACTS "}", bytes + (double)len);
        comes_to(DURATION "_count" CONTACTS "}", timed + 4);
}
END_TEST

START_TEST(the_buckets_of_a_histogram_only_grow_and_end_with_all)
{
        _answer_ a = ask(&house, .path = "/api/contacts", .token = house.north.admin);
        expect(&a, 200, NULL);
        while (value(DURATION "_count" CONTACTS "}") < 1)
                ;
        const char *page = read_page();
        static const char prefix[] = DURATION "_bucket" CONTACTS ",le=\"";
        double last = 0;
        int buckets = 0;
        for (const char *p = page; (p = strstr(p, prefix)); p++, buckets++) {
                double n = strtod(strchr(p, '}') + 1, NULL);
                ck_assert_double_ge(n, last);
                last = n;
        }
        ck_assert_int_gt(buckets, 8);
        ck_assert_double_eq(last, value_of(page, DURATION "_count" CONTACTS "}"));
        ck_assert_double_eq(last, value_of(page, DURATION "_bucket" CONTACTS ",le=\"+Inf\"}"));
        ck_assert_double_gt(value_of(page, DURATION "_sum" CONTACTS "}"), 0);
}
END_TEST

/* Whatever a client invents ends in one series. */
START_TEST(no_client_can_make_a_new_series)
{
        static const char *const odd[] = {
            "/x\"} 1", "/api/contacts/7", "/api/contacts/8?phone=14155550101",
            "/a%0ab",  "/secretpath",
        };
        char text[8192];
        for (size_t i = 0; i < count_of(odd); i++) {
                char request[256];
                snprintf(request, sizeof(request), "GET %s HTTP/1.0\r\n\r\n", odd[i]);
                raw_text(&house, request, text, sizeof(text));
        }
        raw_text(&house, "BREW /livez HTTP/1.0\r\n\r\n", text, sizeof(text));
        raw_text(&house, "PROPFIND /livez HTTP/1.0\r\n\r\n", text, sizeof(text));
        while (value("vio_http_requests_total{route=\"other\",method=\"-\",status=\"4xx\"}") < 5 ||
               value("vio_http_requests_total{route=\"/api/contacts/"
                     ":id\",method=\"GET\",status=\"4xx\"}") < 1)
                ;
        const char *page = read_page();
        static const char *const words[] = {"secretpath", "BREW", "PROPFIND", "1415", "/7", "%0a"};
        for (size_t i = 0; i < count_of(words); i++)
                ck_assert_msg(!strstr(page, words[i]), "%s", words[i]);
        ck_assert_ptr_nonnull(strstr(page, "route=\"/api/contacts/:id\""));
        ck_assert_double_ge(
            value_of(page, "vio_http_requests_total{route=\"other\",method=\"-\",status=\"4xx\"}"),
            5);
}
END_TEST

START_TEST(webhooks_are_counted_by_sender_and_result)
{
        static const char body[] = "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"call_x\"}}";
        char signature[VIO_RETELL_SIGNATURE];
        double denied = value("vio_webhooks_total{kind=\"retell\",result=\"denied\"}");
        double refused = value("vio_webhooks_total{kind=\"retell\",result=\"refused\"}");
        double accepted = value("vio_webhooks_total{kind=\"retell\",result=\"accepted\"}");
        _answer_ none = ask(&house, .method = "POST", .path = "/api/retell/webhook", .body = body);
        expect(&none, 401, NULL);
        const char *odd = "{\"event\":7,\"call\":{\"call_id\":\"call_house_1\"}}";
        sign(RETELL_KEY, odd, signature);
        _answer_ bad = ask(&house, .method = "POST", .path = "/api/retell/webhook", .body = odd,
                           .signature = signature);
        expect(&bad, 400, NULL);
        const char *known = "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"call_house_1\"}}";
        sign(RETELL_KEY, known, signature);
        _answer_ good = ask(&house, .method = "POST", .path = "/api/retell/webhook", .body = known,
                            .signature = signature);
        expect(&good, 200, NULL);
        comes_to("vio_webhooks_total{kind=\"retell\",result=\"denied\"}", denied + 1);
        comes_to("vio_webhooks_total{kind=\"retell\",result=\"refused\"}", refused + 1);
        comes_to("vio_webhooks_total{kind=\"retell\",result=\"accepted\"}", accepted + 1);
}
END_TEST

START_TEST(the_program_and_its_engine_tell_how_they_are)
{
        char build[64];
        const char *page = read_page();
        snprintf(build, sizeof(build), "vio_build_info{version=\"%s\"}", vio_version());
        ck_assert_double_eq(value_of(page, build), 1);
        ck_assert_double_eq(value_of(page, "vio_ready"), 1);
        ck_assert_double_eq(value_of(page, "vio_tenants"), 2);
        ck_assert_double_eq(value_of(page, "vio_calls_stuck"), 0);
        ck_assert_double_gt(value_of(page, "process_start_time_seconds"), 1.7e9);
        while (value("vio_step_runs_total") < 1) /* the engine's thread has only just begun */
                ;
        page = read_page();
        ck_assert_double_gt(value_of(page, "vio_step_last_run_timestamp_seconds"), 1.7e9);
        ck_assert_double_gt(value_of(page, "vio_step_due_timestamp_seconds"), 1.7e9);
        ck_assert_double_eq(value_of(page, "vio_step_failures_total"), 0);
}
END_TEST

START_TEST(the_door_has_one_path_for_reading_and_the_other_door_has_it_not)
{
        char text[8192];
        ck_assert_int_eq(ask_page("GET / HTTP/1.0\r\n\r\n", text, sizeof(text)), 404);
        ck_assert_int_eq(ask_page("GET /api/contacts HTTP/1.0\r\n\r\n", text, sizeof(text)), 404);
        ck_assert_int_eq(ask_page("DELETE /metrics HTTP/1.0\r\n\r\n", text, sizeof(text)), 405);
        ck_assert_ptr_nonnull(strstr(text, "\r\nAllow: GET, HEAD\r\n"));
        ck_assert_int_eq(
            ask_page("POST /metrics HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}", text, sizeof(text)),
            413);
        ck_assert_int_eq(raw_text(&house, "GET /metrics HTTP/1.0\r\n\r\n", text, sizeof(text)),
                         404);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("metrics");
        TCase *tc = shared_case(s, start, stop);
        tcase_add_test(tc, the_page_is_well_formed);
        tcase_add_test(tc, each_request_is_counted_once_under_its_route);
        tcase_add_test(tc, the_buckets_of_a_histogram_only_grow_and_end_with_all);
        tcase_add_test(tc, no_client_can_make_a_new_series);
        tcase_add_test(tc, webhooks_are_counted_by_sender_and_result);
        tcase_add_test(tc, the_program_and_its_engine_tell_how_they_are);
        tcase_add_test(tc, the_door_has_one_path_for_reading_and_the_other_door_has_it_not);
        return s;
}
