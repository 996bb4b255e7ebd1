/* contacts.c - contacts over HTTP: lists, pages, changes, removal, erasure. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

/* A text with values in it; each of a few calls has its own room. */
__attribute__((format(printf, 1, 2))) static const char *text(const char *format, ...)
{
        static char rooms[8][4096];
        static unsigned turn;
        char *room = rooms[turn++ % 8];
        va_list args;
        va_start(args, format);
        vsnprintf(room, sizeof(rooms[0]), format, args);
        va_end(args);
        return room;
}

#define NORTH house.north.admin
#define SOUTH house.south.admin

static struct answer send(const char *method, const char *path, const char *body)
{
        return ask(&house, .method = method, .path = path, .token = NORTH, .body = body);
}

static int64_t add_to(const char *token, const char *body)
{
        _answer_ a =
            ask(&house, .method = "POST", .path = "/api/contacts", .token = token, .body = body);
        expect(&a, 201, NULL);
        return number_of(&a, "id");
}

static int64_t add(const char *body)
{
        return add_to(NORTH, body);
}

static const char *item(int64_t id)
{
        return text("/api/contacts/%lld", (long long)id);
}

/* An RFC 3339 time so many hours from now. */
static const char *hours_ahead(int hours)
{
        time_t t = time(NULL) + hours * 3600;
        struct tm utc;
        char *room = (char *)text("%*s", 24, "");
        gmtime_r(&t, &utc);
        strftime(room, 25, "%Y-%m-%dT%H:%M:%SZ", &utc);
        return room;
}

/* The names in a list, one after the other: "Ada Bob ". */
static const char *names_in(const struct answer *a)
{
        static char names[4096];
        size_t n = 0;
        names[0] = '\0';
        ck_assert_int_eq(vio_json_type(a->json), VIO_JSON_ARRAY);
        for (const vio_json *c = vio_json_first(a->json); c; c = vio_json_next(c))
                n += (size_t)snprintf(names + n, sizeof(names) - n, "%s ",
                                      vio_json_text(vio_json_get(c, "name")));
        return names;
}

static void lists(const char *query, const char *names)
{
        _answer_ a = send("GET", text("/api/contacts?%s", query), NULL);
        expect(&a, 200, NULL);
        ck_assert_msg(!strcmp(names_in(&a), names), "%s: \"%s\", not \"%s\"", query, names_in(&a),
                      names);
}

/* Lists */

/* Ada and ada have equal keys, and the same appointment. */
static void given_people(void)
{
        const char *soon = hours_ahead(48);
        add(text("{\"name\":\"Ada\",\"phone\":\"+14155550111\",\"appointmentTime\":\"%s\"}", soon));
        add(text("{\"name\":\"ada\",\"email\":\"ADA@example.org\",\"appointmentTime\":\"%s\"}",
                 soon));
        int64_t bob = add(text("{\"name\":\"Bob\",\"phone\":\"+14155550122\","
                               "\"appointmentTime\":\"%s\"}",
                               hours_ahead(24)));
        int64_t cid = add("{\"name\":\"Cid\",\"phone\":\"+4930123456\"}");
        int64_t dee = add("{\"name\":\"Dee_100%\",\"phone\":\"+14155550144\"}");
        add_to(SOUTH, "{\"name\":\"Ada South\",\"phone\":\"+14155550111\"}");
        _answer_ confirmed = send("PATCH", item(bob), "{\"appointmentStatus\":\"confirmed\"}");
        expect(&confirmed, 200, NULL);
        _answer_ moved = send("PATCH", item(cid), "{\"appointmentStatus\":\"rescheduled\"}");
        expect(&moved, 200, NULL);
        _answer_ off = send("PATCH", item(dee), "{\"appointmentStatus\":\"cancelled\"}");
        expect(&off, 200, NULL);
}

START_TEST(every_filter_gives_its_own)
{
        given_people();
        lists("filter=pending", "Ada ada ");
        lists("filter=confirmed", "Bob ");
        lists("filter=rescheduled", "Cid ");
        lists("filter=cancelled", "Dee_100% ");
        lists("filter=needs_attention", "ada Cid ");
        lists("", "Ada ada Bob Cid Dee_100% ");
}
END_TEST

START_TEST(a_search_looks_into_name_address_and_number)
{
        given_people();
        lists("search=ADA", "Ada ada ");
        lists("search=example.ORG", "ada ");
        lists("search=%25", "Dee_100% ");
        lists("search=_", "Dee_100% ");
        lists("search=%28415%29%20555-01", "Ada Bob Dee_100% ");
        lists("search=030+123", "Cid ");
        lists("search=ada&filter=needs_attention", "ada ");
        lists("search=South", "");
        lists("search=", "Ada ada Bob Cid Dee_100% ");
}
END_TEST

START_TEST(a_list_is_sorted_both_ways_and_equals_by_id)
{
        given_people();
        lists("sort=name", "Ada ada Bob Cid Dee_100% ");
        lists("sort=-name", "Dee_100% Cid Bob ada Ada ");
        lists("sort=id", "Ada ada Bob Cid Dee_100% ");
        lists("sort=-id", "Dee_100% Cid Bob ada Ada ");
        lists("sort=appointmentTime", "Bob Ada ada Cid Dee_100% ");
        lists("sort=-appointmentTime", "ada Ada Bob Dee_100% Cid ");
        _answer_ a = send("PATCH", "/api/contacts/1", "{\"specialInstructions\":\"x\"}");
        expect(&a, 200, NULL);
        _answer_ latest = send("GET", "/api/contacts?sort=-updatedAt&limit=1", NULL);
        ck_assert_str_eq(names_in(&latest), "Ada ");
        _answer_ first = send("GET", "/api/contacts?sort=updatedAt", NULL);
        ck_assert_str_eq(names_in(&first) + strlen(names_in(&first)) - 4, "Ada ");
}
END_TEST

/* The path in the Link header; "" when there is no next page. */
static const char *next_of(const struct answer *a)
{
        const char *link = header_of(a, "Link");
        if (!*link)
                return "";
        ck_assert_int_eq(link[0], '<');
        const char *end = strchr(link, '>');
        ck_assert_ptr_nonnull(end);
        ck_assert_str_eq(end, ">; rel=\"next\"");
        return text("%.*s", (int)(end - link - 1), link + 1);
}

/* Follows the links to the end; counts how often each id is met. */
static size_t follow(const char *path, int *met, size_t most, bool adding)
{
        char at[2048];
        size_t pages = 0;
        snprintf(at, sizeof(at), "%s", path);
        while (*at) {
                _answer_ a = send("GET", at, NULL);
                expect(&a, 200, NULL);
                for (const vio_json *c = vio_json_first(a.json); c; c = vio_json_next(c)) {
                        int64_t id = 0;
                        ck_assert_int_eq(vio_json_int(vio_json_get(c, "id"), &id), VIO_OK);
                        ck_assert_int_lt(id, (int64_t)most);
                        met[id]++;
                }
                snprintf(at, sizeof(at), "%s", next_of(&a));
                if (adding && ++pages < 6) {
                        add("{\"name\":\"A newcomer\"}");
                        add(text("{\"name\":\"Newcomer\",\"appointmentTime\":\"%s\"}",
                                 hours_ahead(30)));
                } else {
                        pages += !adding;
                }
        }
        return pages;
}

START_TEST(the_links_lead_past_everybody_once_while_others_come)
{
        static const char *const sorts[] = {"id",  "name",  "appointmentTime",  "updatedAt",
                                            "-id", "-name", "-appointmentTime", "-updatedAt"};
        for (int i = 0; i < 10; i++)
                add(text("{\"name\":\"Person %d\",\"appointmentTime\":%s%s%s}", i % 3,
                         i % 2 ? "\"" : "", i % 2 ? hours_ahead(i % 4) : "null",
                         i % 2 ? "\"" : ""));
        int64_t last = 10;
        for (size_t i = 0; i < count_of(sorts); i++) {
                int met[400] = {0};
                follow(text("/api/contacts?sort=%s&limit=3", sorts[i]), met, count_of(met), true);
                for (int64_t id = 1; id <= last; id++)
                        ck_assert_msg(met[id] == 1, "%s: %lld was met %d times", sorts[i],
                                      (long long)id, met[id]);
                for (size_t id = 0; id < count_of(met); id++)
                        ck_assert_int_le(met[id], 1);
                last = add("{\"name\":\"The last\"}");
        }
}
END_TEST

START_TEST(a_link_keeps_the_other_members_of_the_query)
{
        given_people();
        _answer_ a =
            send("GET", "/api/contacts?filter=pending&search=%41da&sort=-name&limit=1", NULL);
        ck_assert_str_eq(names_in(&a), "ada ");
        const char *next = next_of(&a);
        ck_assert_ptr_eq(strstr(next, "/api/contacts?filter=pending&search=%41da&sort=-name&"
                                      "limit=1&after="),
                         next);
        _answer_ b = send("GET", next, NULL);
        ck_assert_str_eq(names_in(&b), "Ada ");
        ck_assert_str_eq(header_of(&b, "Link"), "");
        int met[10] = {0};
        ck_assert_uint_eq(follow("/api/contacts?limit=2", met, count_of(met), false), 3);
        _answer_ all = send("GET", "/api/contacts", NULL);
        ck_assert_str_eq(header_of(&all, "Link"), "");
}
END_TEST

START_TEST(a_long_list_comes_whole)
{
        for (int i = 0; i < 1001; i++)
                add(text("{\"name\":\"Person %d\"}", i));
        _answer_ all = send("GET", "/api/contacts?sort=-name", NULL);
        expect(&all, 200, NULL);
        ck_assert_uint_eq(vio_json_count(all.json), 1001);
        _answer_ page = send("GET", "/api/contacts?limit=500", NULL);
        ck_assert_uint_eq(vio_json_count(page.json), 500);
}
END_TEST

START_TEST(a_query_that_makes_no_sense_names_its_member)
{
        static const struct {
                const char *query, *field;
        } rows[] = {
            {"filter=asleep", "filter"},
            {"filter=", "filter"},
            {"sort=phone", "sort"},
            {"sort=--name", "sort"},
            {"sort=", "sort"},
            {"limit=0", "limit"},
            {"limit=501", "limit"},
            {"limit=many", "limit"},
            {"after=5", "after"},
            {"after=%zz", "after"},
            {"after=aWExOg&sort=name", "after"},
            {"search=%ff", "search"},
            {"search=%zz", "search"},
        };
        for (size_t i = 0; i < count_of(rows); i++) {
                _answer_ a = send("GET", text("/api/contacts?%s", rows[i].query), NULL);
                expect(&a, 400, NULL);
                ck_assert_str_eq(text_of(&a, "field"), rows[i].field);
        }
        char longest[VIO_CONTACT_SEARCH_MAX + 2];
        memset(longest, 'x', sizeof(longest) - 1);
        longest[sizeof(longest) - 1] = '\0';
        _answer_ a = send("GET", text("/api/contacts?search=%s", longest), NULL);
        expect(&a, 400, NULL);
        ck_assert_str_eq(text_of(&a, "field"), "search");
}
END_TEST

/* Changes */

START_TEST(what_a_change_leaves_out_stays_and_null_clears)
{
        int64_t id = add(text("{\"name\":\"Ada\",\"phone\":\"+14155550111\",\"email\":\"a@b.org\","
                              "\"appointmentTime\":\"%s\",\"specialInstructions\":\"x\"}",
                              hours_ahead(48)));
        _answer_ a = send("PATCH", item(id), "{\"name\":\"Eve\",\"attentionNote\":\"look\"}");
        expect(&a, 200, NULL);
        ck_assert_str_eq(text_of(&a, "name"), "Eve");
        ck_assert_str_eq(text_of(&a, "phone"), "+14155550111");
        ck_assert_str_eq(text_of(&a, "attention"), "review");
        ck_assert_str_eq(text_of(&a, "displayStatus"), "pending");
        _answer_ b = send("PATCH", item(id),
                          "{\"phone\":null,\"email\":null,\"appointmentTime\":null,"
                          "\"appointmentDate\":null,\"specialInstructions\":null,"
                          "\"attentionNote\":null,\"appointmentStatus\":null,\"noShow\":null}");
        expect(&b, 200, NULL);
        static const char *const cleared[] = {"phone",           "email",
                                              "appointmentTime", "appointmentDate",
                                              "attentionNote",   "specialInstructions"};
        for (size_t i = 0; i < count_of(cleared); i++)
                ck_assert_int_eq(vio_json_type(vio_json_get(b.json, cleared[i])), VIO_JSON_NULL);
        ck_assert_str_eq(text_of(&b, "name"), "Eve");
        ck_assert_str_eq(text_of(&b, "attention"), "no_phone");
}
END_TEST

START_TEST(the_staff_may_decide_and_note_who_did_not_come)
{
        int64_t id = add(text("{\"name\":\"Ada\",\"phone\":\"+14155550111\","
                              "\"appointmentTime\":\"%s\"}",
                              hours_ahead(-2)));
        _answer_ a =
            send("PATCH", item(id), "{\"appointmentStatus\":\"confirmed\",\"noShow\":true}");
        expect(&a, 200, NULL);
        ck_assert_str_eq(text_of(&a, "displayStatus"), "confirmed");
        bool no_show = false;
        ck_assert_int_eq(vio_json_bool(vio_json_get(a.json, "noShow"), &no_show), VIO_OK);
        ck_assert(no_show);
        _answer_ stats = send("GET", "/api/contacts/stats", NULL);
        ck_assert_int_eq(number_of(&stats, "confirmed"), 1);
        ck_assert_int_eq(number_of(&stats, "pending"), 0);
}
END_TEST

START_TEST(a_wrong_change_names_its_member)
{
        int64_t id = add(text("{\"name\":\"Ada\",\"appointmentTime\":\"%s\"}", hours_ahead(48)));
        static const struct {
                const char *body, *field;
        } rows[] = {
            {"{\"name\":null}", "name"},
            {"{\"name\":\"\"}", "name"},
            {"{\"name\":7}", "name"},
            {"{\"phone\":\"12\"}", "phone"},
            {"{\"email\":\"nobody\"}", "email"},
            {"{\"timeZone\":\"Mars\"}", "timeZone"},
            {"{\"appointmentTime\":\"soon\"}", "appointmentTime"},
            {"{\"appointmentDate\":\"2026-02-30\"}", "appointmentDate"},
            {"{\"appointmentStatus\":\"maybe\"}", "appointmentStatus"},
            {"{\"appointmentStatus\":1}", "appointmentStatus"},
            {"{\"noShow\":\"yes\"}", "noShow"},
            {"{\"noShow\":true}", "noShow"},
            {"{\"attentionNote\":5}", "attentionNote"},
            {"{\"color\":\"red\"}", "color"},
        };
        for (size_t i = 0; i < count_of(rows); i++) {
                _answer_ a = send("PATCH", item(id), rows[i].body);
                expect(&a, 400, NULL);
                ck_assert_msg(!strcmp(text_of(&a, "field"), rows[i].field), "%s: %s", rows[i].body,
                              a.text);
        }
        _answer_ none = send("PATCH", "/api/contacts/99", "{\"name\":\"X\"}");
        expect(&none, 404, "Contact not found");
}
END_TEST

START_TEST(opting_out_tells_why_and_since_when)
{
        int64_t id = add("{\"name\":\"Ada\",\"phone\":\"+14155550111\"}");
        const char *path = text("/api/contacts/%lld/opt-out", (long long)id);
        _answer_ a = send("PUT", path, "{\"optedOut\":true,\"reason\":\"by mail\"}");
        expect(&a, 200, NULL);
        ck_assert_str_eq(text_of(&a, "optOutReason"), "by mail");
        ck_assert_str_ne(text_of(&a, "optedOutAt"), "");
        _answer_ b = send("PUT", path, "{\"optedOut\":false}");
        expect(&b, 200, NULL);
        ck_assert_int_eq(vio_json_type(vio_json_get(b.json, "optOutReason")), VIO_JSON_NULL);
        ck_assert_int_eq(vio_json_type(vio_json_get(b.json, "optedOutAt")), VIO_JSON_NULL);
        _answer_ c = send("PUT", path, "{\"reason\":\"x\"}");
        expect(&c, 400, "optedOut is required");
        _answer_ none = send("PUT", "/api/contacts/99/opt-out", "{\"optedOut\":true}");
        expect(&none, 404, "Contact not found");
}
END_TEST

/* Removal */

START_TEST(a_removed_contact_is_gone_and_only_in_its_own_tenant)
{
        int64_t id = add("{\"name\":\"Ada\",\"phone\":\"+14155550111\"}");
        int64_t theirs = add_to(SOUTH, "{\"name\":\"Ada\",\"phone\":\"+14155550111\"}");
        ck_assert_int_eq(id, theirs);
        int64_t only = add_to(SOUTH, "{\"name\":\"Only South\"}");
        _answer_ wrong = send("DELETE", text("%s?erase=perhaps", item(id)), NULL);
        expect(&wrong, 400, NULL);
        ck_assert_str_eq(text_of(&wrong, "field"), "erase");
        _answer_ not_ours = send("DELETE", text("%s?erase=true", item(only)), NULL);
        expect(&not_ours, 404, "Contact not found");
        _answer_ a = send("DELETE", item(id), NULL);
        expect(&a, 204, NULL);
        ck_assert_str_eq(a.text, "");
        _answer_ again = send("DELETE", text("%s?erase=false", item(id)), NULL);
        expect(&again, 404, "Contact not found");
        _answer_ get = send("GET", item(id), NULL);
        expect(&get, 404, "Contact not found");
        lists("", "");
        _answer_ stats = send("GET", "/api/contacts/stats", NULL);
        ck_assert_int_eq(number_of(&stats, "total"), 0);
        _answer_ erased = send("DELETE", text("%s?erase=true", item(id)), NULL);
        expect(&erased, 204, NULL);
        _answer_ other = ask(&house, .path = item(theirs), .token = SOUTH);
        expect(&other, 200, NULL);
}
END_TEST

/* Erasure, in a house with calls: what is left of Vienna Barnes? */

static void start_with_calls(void)
{
        house_build(&house);
        house_serve(&house, NULL);
}

static bool file_holds(const char *path, const char *needle)
{
        FILE *file = fopen(path, "rb");
        if (!file)
                return false;
        static char bytes[16 << 20];
        size_t len = fread(bytes, 1, sizeof(bytes), file);
        ck_assert_uint_lt(len, sizeof(bytes));
        fclose(file);
        return memmem(bytes, len, needle, strlen(needle)) != NULL;
}

static bool database_holds(const char *needle)
{
        return file_holds(house.db, needle) || file_holds(text("%s-wal", house.db), needle);
}

static void webhook(const char *event, const char *words)
{
        char signature[VIO_RETELL_SIGNATURE];
        const char *body =
            text("{\"event\":\"%s\",\"call\":{\"call_id\":\"call_house_1\","
                 "\"call_type\":\"phone_call\",\"call_status\":\"ended\","
                 "\"to_number\":\"+14155550198\",\"transcript\":\"%s\","
                 "\"recording_url\":\"https://r.example/%s.wav\",\"disconnection_reason\":"
                 "\"user_hangup\"}}",
                 event, words, event);
        sign(house.north.key, body, signature);
        _answer_ a = ask(&house, .method = "POST", .path = "/api/retell/webhook", .body = body,
                         .signature = signature);
        ck_assert_int_lt(a.status, 300);
}

/* No answer that the tenant's admin can get may hold one of the words. */
static void no_answer_holds(const char *const *words, size_t n, const char *call)
{
        const char *paths[] = {"/api/contacts", "/api/calls", "/api/tasks", "/api/contacts/stats",
                               text("/api/calls/%s", call)};
        for (size_t i = 0; i < count_of(paths); i++) {
                _answer_ a = send("GET", paths[i], NULL);
                for (size_t k = 0; k < n; k++)
                        ck_assert_msg(!strstr(a.text, words[k]), "%s holds %s", paths[i], words[k]);
        }
}

START_TEST(of_an_erased_person_no_byte_is_left)
{
        static const char *const words[] = {
            "Ermintrude",       "ermintrude@quimby.example", "4155550198",
            "in the west wing", "I am the mother of Paul",   "call_analyzed.wav"};
        static const char *const later[] = {"a late word of hers", "call_ended.wav"};
        _answer_ change = send("PATCH", item(house.north.tired.v),
                               "{\"name\":\"Ermintrude Quimby\",\"phone\":\"+14155550198\","
                               "\"email\":\"ermintrude@quimby.example\","
                               "\"specialInstructions\":\"in the west wing\"}");
        expect(&change, 200, NULL);
        webhook("call_analyzed", "I am the mother of Paul");
        for (size_t i = 0; i < count_of(words); i++)
                ck_assert_msg(database_holds(words[i]), "\"%s\" never was there", words[i]);
        _answer_ gone = send("DELETE", text("%s?erase=true", item(house.north.tired.v)), NULL);
        expect(&gone, 204, NULL);
        for (size_t i = 0; i < count_of(words); i++)
                ck_assert_msg(!database_holds(words[i]), "\"%s\" is still there", words[i]);
        no_answer_holds(words, count_of(words), house.north.call.s);
        webhook("call_ended", later[0]);
        for (size_t i = 0; i < count_of(later); i++)
                ck_assert_msg(!database_holds(later[i]), "\"%s\" was kept", later[i]);
        no_answer_holds(later, count_of(later), house.north.call.s);
        /* The other tenant's person of the same id is untouched. */
        _answer_ other = ask(&house, .path = item(house.south.tired.v), .token = SOUTH);
        expect(&other, 200, NULL);
        ck_assert_str_eq(text_of(&other, "name"), "Jane Smith");
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("contacts");
        const TTest *const tests[] = {
            every_filter_gives_its_own,
            a_search_looks_into_name_address_and_number,
            a_list_is_sorted_both_ways_and_equals_by_id,
            the_links_lead_past_everybody_once_while_others_come,
            a_link_keeps_the_other_members_of_the_query,
            a_long_list_comes_whole,
            a_query_that_makes_no_sense_names_its_member,
            what_a_change_leaves_out_stays_and_null_clears,
            the_staff_may_decide_and_note_who_did_not_come,
            a_wrong_change_names_its_member,
            opting_out_tells_why_and_since_when,
            a_removed_contact_is_gone_and_only_in_its_own_tenant,
        };
        for (size_t i = 0; i < count_of(tests); i++)
                add_fixture_case_(s, tests[i]->name, tests[i], start, stop);
        add_fixture_case(s, of_an_erased_person_no_byte_is_left, start_with_calls, stop);
        return s;
}
