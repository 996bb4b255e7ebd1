/* ordeal.c - the town over the simulated disk; see ordeal.h. */
#include "ordeal.h"

#include <ctype.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/handle.h"
#include "base/text.h"

struct town town;
struct disk *disk;

static struct disk_copy *beginning;
static struct disk_copy *wanted;
static struct meter *meter;
static struct vio_http_transport transport;

/* The files move */

static void move_to_disk(struct town *t)
{
        FILE *f = fopen(t->database, "rb");
        ck_assert_ptr_nonnull(f);
        ck_assert_int_eq(fseek(f, 0, SEEK_END), 0);
        size_t len = (size_t)ftell(f);
        char *bytes = malloc(len);
        rewind(f);
        ck_assert_uint_eq(fread(bytes, 1, len, f), len);
        fclose(f);
        disk = disk_mount(1);
        ck_assert(disk_put(disk, t->database, bytes, len));
        free(bytes);
        beginning = disk_copy(disk);
}

static void begin_again(struct town *t)
{
        struct world_options wo = {.seed = 1};
        disk_become(disk, beginning);
        t->world = (world_free(t->world), world_new(&wo));
        t->now = at(OPENING_DAY);
        t->random = 1000000;
        t->requests = t->dials = 0;
        t->post = POST_DELIVERED;
        forget_held(t);
        office_forget();
}

static void lose_power(struct town *t)
{
        (void)t;
        if (disk_is_cut(disk))
                disk_restore(disk);
}

static void become_wanted(struct town *t)
{
        (void)t;
        disk_become(disk, wanted);
}

/* The transport stands for other machines, which have memory of their own. */
static void perform_apart(void *data, const struct vio_http_request *requests,
                          struct vio_http_response *const *responses, size_t n)
{
        meter_install(NULL);
        transport.perform(data, requests, responses, n);
        meter_install(meter);
}

static void reopen(void (*meanwhile)(struct town *t))
{
        town.while_closed = meanwhile;
        town_reopen(&town);
        transport = town.v->engine.http;
        town.v->engine.http.perform = perform_apart;
}

void ordeal_meter(struct meter *m)
{
        meter = m;
        meter_install(m);
}

void ordeal_begin(const struct scenario *s)
{
        reopen(begin_again);
        s->given();
        /* Nothing has been read yet: each page that is needed is a place to fail at. */
        reopen(lose_power);
}

void ordeal_reopen(void)
{
        reopen(lose_power);
}

void ordeal_reopen_as(struct disk_copy *files)
{
        wanted = files;
        reopen(become_wanted);
}

void ordeal_open(void)
{
        town_open(&town);
        office_open(&town);
        given_setting(&town.acme, "country", "1");
        given_setting(&town.acme, "call_days", "[\"Mon\",\"Tue\",\"Wed\",\"Thu\",\"Fri\",\"Sun\"]");
        given_account(&town.acme, "dana@acme.example", VIO_ROLE_CLIENT_ADMIN);
        struct business *all[] = {&town.acme, &town.bolt};
        for (size_t i = 0; i < 2; i++)
                given_contact(all[i], "Ada Byron", 1, "");
        reopen(move_to_disk);
}

void ordeal_close(void)
{
        town_close(&town);
        office_close();
        disk_unmount(disk);
        beginning = disk_copy_free(beginning);
}

/* What the database holds */

static bool is_uuid(const char *p)
{
        for (int i = 0; i < 36; i++) {
                bool dash = i == 8 || i == 13 || i == 18 || i == 23;
                if (dash ? p[i] != '-' : !isxdigit((unsigned char)p[i]))
                        return false;
        }
        return true;
}

static size_t hex_run(const char *p)
{
        size_t n = 0;
        while (isxdigit((unsigned char)p[n]))
                n++;
        return n;
}

/* Ids, hashes and seals differ from one time to the next: only that they are there counts. */
static void add_value(struct text *t, const char *value)
{
        if (!value || strncmp(value, "$argon2", 7) == 0 || strncmp(value, "v1:", 3) == 0) {
                text_add(t, value ? "(sealed)" : "(null)");
                return;
        }
        while (*value) {
                size_t hex = hex_run(value);
                if (hex == 8 && strlen(value) >= 36 && is_uuid(value)) {
                        text_add(t, "(id)");
                        value += 36;
                } else if (hex >= 24) {
                        text_add(t, "(hash)");
                        value += hex;
                } else {
                        text_addf(t, "%.*s", (int)(hex ? hex : 1), value);
                        value += hex ? hex : 1;
                }
        }
}

static int by_text(const void *a, const void *b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

struct rows {
        char **list;
        size_t n;
};

static int add_row(void *data, int n, char **values, char **names)
{
        struct rows *rows = data;
        struct text t = {0};
        for (int i = 0; i < n; i++) {
                text_addf(&t, "%s%s=", i ? " | " : "", names[i]);
                add_value(&t, values[i]);
        }
        rows->list = realloc(rows->list, (rows->n + 1) * sizeof(*rows->list));
        rows->list[rows->n++] = strdup(text_str(&t));
        text_free(&t);
        return 0;
}

static int add_table(void *data, int n, char **values, char **names)
{
        struct rows *all = data;
        (void)n, (void)names;
        all->list = realloc(all->list, (all->n + 1) * sizeof(*all->list));
        all->list[all->n++] = strdup(values[0]);
        return 0;
}

static void ask(sqlite3 *db, const char *sql, int (*cb)(void *, int, char **, char **), void *data)
{
        char *why = NULL;
        int code = sqlite3_exec(db, sql, cb, data, &why);
        ck_assert_msg(code == SQLITE_OK, "%s: %s", sql, why);
}

static void write_table(sqlite3 *db, const char *table, struct text *ret)
{
        struct rows rows = {0};
        char sql[128];
        snprintf(sql, sizeof(sql), "SELECT * FROM \"%s\"", table);
        ask(db, sql, add_row, &rows);
        if (rows.n)
                qsort(rows.list, rows.n, sizeof(*rows.list), by_text);
        for (size_t i = 0; i < rows.n; i++) {
                text_addf(ret, "%s: %s\n", table, rows.list[i]);
                free(rows.list[i]);
        }
        free(rows.list);
}

char *ordeal_rows(void)
{
        struct rows tables = {0};
        struct text t = {0};
        sqlite3 *db = NULL;
        ck_assert_int_eq(sqlite3_open_v2(town.database, &db, SQLITE_OPEN_READWRITE, NULL),
                         SQLITE_OK);
        ask(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", add_table,
            &tables);
        for (size_t i = 0; i < tables.n; i++) {
                write_table(db, tables.list[i], &t);
                free(tables.list[i]);
        }
        free(tables.list);
        sqlite3_close(db);
        char *rows = strdup(text_str(&t));
        text_free(&t);
        return rows;
}

void ordeal_check(void)
{
        struct fault f = {0};
        int r = store_check(town.v->engine.store, &f);
        ck_assert_msg(r == 0, "the database is damaged: %s", f.text);
}

long ordeal_stride(long n, long most)
{
        return getenv("VIO_TEST_ALL") || n <= most ? 1 : (n + most - 1) / most;
}

Suite *ordeal_suite(const char *name, const TTest *test)
{
        Suite *s = suite_create(name);
        for (size_t i = 0; i < n_scenarios; i++) {
                TCase *tc = tcase_create(scenarios[i].name);
                tcase_add_checked_fixture(tc, ordeal_open, ordeal_close);
                tcase_add_loop_test(tc, test, (int)i, (int)i + 1);
                tcase_set_timeout(tc, 600);
                suite_add_tcase(s, tc);
        }
        return s;
}
