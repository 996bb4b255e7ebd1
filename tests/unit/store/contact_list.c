/* contact_list.c - contacts in lists: who is in them, in what order, page by page. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "run.h"
#include "store/contact_cursor.h"
#include "store/contacts.h"
#include "store/q.h"
#include "store/tasks.h"
#include "two_tenants.h"

#define MOST 200

static struct two_tenants w;
static struct desk d;
static uint64_t state;

static void setup(void)
{
        two_tenants_open(&w);
        desk_open(&d, &w);
        state = UINT64_C(0x9e3779b97f4a7c15);
}

static void teardown(void)
{
        desk_close(&d);
        two_tenants_close(&w);
}

/* xorshift64, as published by Marsaglia. */
static unsigned any(unsigned below)
{
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return (unsigned)(state >> 11) % below;
}

static vio_contact_id add(struct tenant_tx *tx, const struct vio_contact *c)
{
        vio_contact_id id = {0};
        ck_assert_int_eq(contact_insert(tx, c, &id), 0);
        return id;
}

static vio_contact_id add_named(struct tenant_tx *tx, const char *name, const char *phone,
                                const char *email)
{
        struct vio_contact c = contact_row();
        c.name = (char *)name;
        c.phone = (char *)phone;
        c.email = (char *)email;
        return add(tx, &c);
}

/* A contact of whom many things may be so; few different keys, so that many are equal. */
static vio_contact_id add_any(struct tenant_tx *tx)
{
        static const char *const names[] = {"Ada", "ada", "Bert", "\xc3\x84nne", "", "Zoe"};
        static const char *const dates[] = {NULL, "2025-12-31", "2026-01-01", "2026-01-02"};
        static const vio_time times[] = {VIO_TIME_NONE, NOON - HOURS, NOON, NOON + 1,
                                         NOON + 48 * HOURS};
        struct vio_contact c = contact_row();
        c.name = (char *)names[any(count_of(names))];
        c.phone = any(3) ? c.phone : NULL;
        c.appointment_date = (char *)dates[any(count_of(dates))];
        c.appointment_time = times[any(count_of(times))];
        c.appointment_status = (enum vio_appointment_status)(any(2) ? 0 : any(4));
        c.last_call_outcome = (enum vio_outcome)(any(2) ? VIO_OUTCOME_FAILED : any(10));
        c.opted_out = any(4) == 0;
        c.attention_note = any(4) ? NULL : (char *)"look";
        c.deleted_at = any(8) ? 0 : NOON;
        c.updated_at = NOON + any(3);
        vio_contact_id id = add(tx, &c);
        static unsigned tasks = 100;
        struct vio_task task = task_row(id, ++tasks);
        task.status = (enum vio_task_status)any(5);
        bool inserted;
        if (any(2))
                ck_assert_int_eq(task_insert(tx, &task, &inserted), 0);
        return id;
}

struct seen {
        int64_t id[MOST * 2];
        enum vio_attention attention[MOST * 2];
        size_t n;
};

static int see(void *data, const struct vio_contact *c)
{
        struct seen *s = data;
        ck_assert_uint_lt(s->n, count_of(s->id));
        s->attention[s->n] = vio_contact_get_attention(c);
        s->id[s->n++] = c->id.v;
        return 0;
}

static struct seen list(struct tenant_tx *tx, const struct vio_contact_filter *f)
{
        struct seen s = {.n = 0};
        ck_assert_int_eq(contact_list(tx, f, NOON, see, &s, NULL), 0);
        return s;
}

static bool holds(const struct seen *s, vio_contact_id id)
{
        for (size_t i = 0; i < s->n; i++)
                if (s->id[i] == id.v)
                        return true;
        return false;
}

START_TEST(the_filter_and_the_rule_agree_on_who_needs_attention)
{
        struct vio_contact_filter all = VIO_CONTACT_FILTER_INIT;
        struct vio_contact_filter some = VIO_CONTACT_FILTER_INIT;
        bool met[VIO_ATTENTION_REVIEW + 1] = {false};
        some.needs_attention = true;
        for (int i = 0; i < MOST; i++)
                add_any(i % 2 ? &d.acme : &d.bolt);
        struct seen everybody = list(&d.acme, &all);
        struct seen filtered = list(&d.acme, &some);
        size_t at = 0;
        for (size_t i = 0; i < everybody.n; i++) {
                met[everybody.attention[i]] = true;
                if (everybody.attention[i] == VIO_ATTENTION_NONE)
                        continue;
                ck_assert_msg(at < filtered.n && filtered.id[at] == everybody.id[i],
                              "contact %ld needs attention and is left out", (long)everybody.id[i]);
                ck_assert_int_eq(filtered.attention[at++], everybody.attention[i]);
        }
        ck_assert_uint_eq(at, filtered.n);
        for (size_t i = 0; i < count_of(met); i++)
                ck_assert_msg(met[i], "nobody with attention %zu", i);
}
END_TEST

/* What the list should be in order of, read apart from it. */
struct row {
        int64_t id;
        char name[32];
        int64_t time;
        int64_t updated;
};
static const struct vio_contact_filter *sought;

static int compare_number(int64_t a, int64_t b)
{
        return (a > b) - (a < b);
}

static int compare(const void *a, const void *b)
{
        const struct row *x = a, *y = b;
        int sign = sought->descending ? -1 : 1;
        int order = 0;
        if (sought->sort == VIO_CONTACT_BY_NAME)
                order = strcmp(x->name, y->name);
        if (sought->sort == VIO_CONTACT_BY_UPDATE)
                order = compare_number(x->updated, y->updated);
        if (sought->sort == VIO_CONTACT_BY_APPOINTMENT) {
                bool none = x->time == VIO_TIME_NONE, nor = y->time == VIO_TIME_NONE;
                if (none != nor)
                        return none ? 1 : -1;
                order = compare_number(x->time, y->time);
        }
        return sign * (order ? order : compare_number(x->id, y->id));
}

struct gathering {
        struct row rows[MOST * 2];
        size_t n;
};

static int gather(void *data, const struct vio_contact *c)
{
        struct gathering *g = data;
        struct row *r = &g->rows[g->n++];
        *r = (struct row){c->id.v, "", c->appointment_time, c->updated_at};
        snprintf(r->name, sizeof(r->name), "%s", c->name);
        for (char *p = r->name; *p; p++)
                if (*p >= 'A' && *p <= 'Z')
                        *p += 'a' - 'A';
        return 0;
}

/* Follows the cursors to the end; @between adds what it likes. */
static struct seen follow(struct tenant_tx *tx, struct vio_contact_filter f,
                          void (*between)(struct tenant_tx *tx))
{
        char cursor[VIO_CONTACT_CURSOR] = "";
        struct seen s = {.n = 0};
        f.cursor = cursor;
        do {
                char next[VIO_CONTACT_CURSOR];
                size_t before = s.n;
                ck_assert_int_eq(contact_list(tx, &f, NOON, see, &s, next), 0);
                ck_assert_uint_le(s.n - before, f.limit);
                if (*next)
                        ck_assert_uint_eq(s.n - before, f.limit);
                memcpy(cursor, next, sizeof(cursor));
                if (between)
                        between(tx);
        } while (*cursor);
        return s;
}

START_TEST(every_order_is_kept_and_its_pages_meet_everybody_once)
{
        struct vio_contact_filter all = VIO_CONTACT_FILTER_INIT, f = VIO_CONTACT_FILTER_INIT;
        static struct gathering g;
        g.n = 0;
        for (int i = 0; i < MOST; i++)
                add_any(i % 2 ? &d.acme : &d.bolt);
        ck_assert_int_eq(contact_each(&d.acme, &all, gather, &g), 0);
        f.sort = (enum vio_contact_sort)(_i / 2);
        f.descending = _i % 2;
        sought = &f;
        qsort(g.rows, g.n, sizeof(g.rows[0]), compare);
        struct seen whole = list(&d.acme, &f);
        ck_assert_uint_eq(whole.n, g.n);
        for (size_t i = 0; i < g.n; i++)
                ck_assert_int_eq(whole.id[i], g.rows[i].id);
        for (f.limit = 1; f.limit < 12; f.limit += 3) {
                struct seen pages = follow(&d.acme, f, NULL);
                ck_assert_uint_eq(pages.n, whole.n);
                ck_assert_mem_eq(pages.id, whole.id, whole.n * sizeof(whole.id[0]));
        }
}
END_TEST

static void add_two(struct tenant_tx *tx)
{
        static int left;
        left = left ? left : 30;
        if (--left > 1) {
                add_any(tx);
                add_any(tx);
        }
}

START_TEST(rows_added_on_the_way_disturb_nobody)
{
        struct vio_contact_filter f = VIO_CONTACT_FILTER_INIT;
        f.sort = (enum vio_contact_sort)(_i / 2);
        f.descending = _i % 2;
        f.limit = 3;
        for (int i = 0; i < 40; i++)
                add_any(&d.acme);
        struct seen before = list(&d.acme, &f);
        f.limit = 0;
        before = list(&d.acme, &f);
        f.limit = 3;
        struct seen met = follow(&d.acme, f, add_two);
        for (size_t i = 0; i < met.n; i++)
                for (size_t k = i + 1; k < met.n; k++)
                        ck_assert_int_ne(met.id[i], met.id[k]);
        for (size_t i = 0; i < before.n; i++)
                ck_assert(holds(&met, (vio_contact_id){before.id[i]}));
}
END_TEST

START_TEST(a_search_finds_name_address_and_number)
{
        vio_contact_id jane = add_named(&d.acme, "Jane O'Neil 100%", "+4930123456", NULL);
        vio_contact_id john = add_named(&d.acme, "John_Doe", NULL, "JOHN@Example.org");
        vio_contact_id back = add_named(&d.acme, "a\\b", NULL, NULL);
        const struct {
                const char *search;
                bool jane, john, back;
        } rows[] = {
            {"jane", true, false, false},    {"EXAMPLE", false, true, false},
            {"%", true, false, false},       {"_", false, true, false},
            {"\\", false, false, true},      {"o'n", true, false, false},
            {"030 12", true, false, false},  {"+49 (30) 12", true, false, false},
            {"0049/30", true, false, false}, {"12 a", false, false, false},
            {"nobody", false, false, false}, {"' OR 1=1 --", false, false, false},
            {"100", true, false, false},
        };
        for (size_t i = 0; i < count_of(rows); i++) {
                struct vio_contact_filter f = VIO_CONTACT_FILTER_INIT;
                f.search = rows[i].search;
                struct seen s = list(&d.acme, &f);
                ck_assert_msg(holds(&s, jane) == rows[i].jane && holds(&s, john) == rows[i].john &&
                                  holds(&s, back) == rows[i].back,
                              "wrong for \"%s\"", rows[i].search);
                ck_assert_uint_eq(list(&d.bolt, &f).n, 0);
        }
}
END_TEST

START_TEST(a_removed_contact_is_in_no_list)
{
        struct vio_contact c = contact_row();
        c.deleted_at = NOON;
        c.attention_note = (char *)"look";
        vio_contact_id gone = add(&d.acme, &c);
        for (int sort = 0; sort <= (int)VIO_CONTACT_BY_UPDATE; sort++) {
                struct vio_contact_filter f = VIO_CONTACT_FILTER_INIT;
                f.sort = (enum vio_contact_sort)sort;
                struct seen s = list(&d.acme, &f);
                ck_assert(!holds(&s, gone));
                f.needs_attention = true;
                s = list(&d.acme, &f);
                ck_assert(!holds(&s, gone));
        }
}
END_TEST

static void refuses(const struct vio_contact_filter *f, const char *cursor)
{
        struct contact_position p;
        ck_assert_msg(contact_cursor_read(f, cursor, &p) == VIO_E_INVALID, "took \"%s\"", cursor);
}

static void refuses_plain(const struct vio_contact_filter *f, const char *plain)
{
        _cleanup_text_ struct text coded = TEXT_INIT;
        base64url_encode(plain, strlen(plain), &coded);
        refuses(f, text_str(&coded));
}

START_TEST(a_cursor_is_good_for_its_order_only)
{
        struct vio_contact_filter f = VIO_CONTACT_FILTER_INIT;
        struct contact_position p = {.id = 7}, got;
        char cursor[VIO_CONTACT_CURSOR], longest[400];
        strcpy(p.key, "ada");
        f.sort = VIO_CONTACT_BY_NAME;
        ck_assert_int_eq(contact_cursor_write(&f, &p, cursor), 0);
        ck_assert_int_eq(contact_cursor_read(&f, cursor, &got), 0);
        ck_assert_int_eq(got.id, 7);
        ck_assert_str_eq(got.key, "ada");
        f.descending = true;
        refuses(&f, cursor);
        f.sort = VIO_CONTACT_BY_ID;
        refuses(&f, cursor);
        memset(p.key, 'x', 200);
        p.id = 999999999999999999;
        ck_assert_int_eq(contact_cursor_write(&f, &p, cursor), 0);
        memset(longest, 'A', sizeof(longest) - 1);
        longest[sizeof(longest) - 1] = '\0';
        refuses(&f, longest);
}
END_TEST

START_TEST(no_made_up_cursor_is_taken)
{
        struct vio_contact_filter f = VIO_CONTACT_FILTER_INIT;
        static const char *const plain[] = {
            "",      "i",    "ia",   "ia:",  "ia0:",  "ia-1:", "ia1",
            "ia1:x", "za1:", "xa1:", "id1:", "ia 1:", "ia1x:", "ia99999999999999999999:"};
        for (size_t i = 0; i < count_of(plain); i++)
                refuses_plain(&f, plain[i]);
        refuses(&f, "!!");
        refuses(&f, "5");
        f.sort = VIO_CONTACT_BY_APPOINTMENT;
        refuses_plain(&f, "ta1:noon");
        refuses_plain(&f, "ta1:");
        refuses_plain(&f, "za1:5");
        f.sort = VIO_CONTACT_BY_NAME;
        refuses_plain(&f, "na1:\xff");
}
END_TEST

/* The plan of every order but the one that no index holds. */
static int look_for_sorting(void *data, const struct sql *sql)
{
        char text[8000];
        sqlite3_stmt *plan;
        if (!strstr(sql->name, "contact_list.c:sql_") || strstr(sql->name, "updated"))
                return 0;
        snprintf(text, sizeof(text), "EXPLAIN QUERY PLAN %s", sql->text);
        ck_assert_int_eq(sqlite3_prepare_v2(data, text, -1, &plan, NULL), SQLITE_OK);
        while (sqlite3_step(plan) == SQLITE_ROW) {
                const char *step = (const char *)sqlite3_column_text(plan, 3);
                ck_assert_msg(!strstr(step, "TEMP B-TREE"), "%s: %s", sql->name, step);
        }
        sqlite3_finalize(plan);
        return 0;
}

START_TEST(a_page_is_read_in_its_order_and_not_sorted)
{
        sqlite3 *db;
        ck_assert_int_eq(sqlite3_open(w.path, &db), SQLITE_OK);
        ck_assert_int_eq(q_sql_each(look_for_sorting, db), 0);
        sqlite3_close(db);
}
END_TEST

static void add_orders(Suite *s, const TTest *test)
{
        TCase *tc = tcase_create(test->name);
        tcase_add_checked_fixture(tc, setup, teardown);
        tcase_add_loop_test(tc, test, 0, 8);
        suite_add_tcase(s, tc);
}

Suite *suite(void)
{
        Suite *s = suite_create("contact_list");
        add_fixture_case(s, the_filter_and_the_rule_agree_on_who_needs_attention, setup, teardown);
        add_orders(s, every_order_is_kept_and_its_pages_meet_everybody_once);
        add_orders(s, rows_added_on_the_way_disturb_nobody);
        add_fixture_case(s, a_search_finds_name_address_and_number, setup, teardown);
        add_fixture_case(s, a_removed_contact_is_in_no_list, setup, teardown);
        add_fixture_case(s, a_cursor_is_good_for_its_order_only, setup, teardown);
        add_fixture_case(s, no_made_up_cursor_is_taken, setup, teardown);
        add_fixture_case(s, a_page_is_read_in_its_order_and_not_sorted, setup, teardown);
        return s;
}
