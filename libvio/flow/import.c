/*
 * import.c - contacts come in as CSV: the rows are read and checked before the transaction, which
 * only looks for duplicates and inserts, because every webhook waits for it. For the same reason
 * the reminders of a large file follow in transactions of their own.
 */
#include "flow/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "flow/appointment.h"
#include "flow/import_row.h"
#include "store/contacts.h"

#define REMINDERS_AT_ONCE 1000

struct row {
        int64_t line;
        enum vio_import_verdict verdict;
        char *problem;              /* of a bad one */
        char *key;                  /* of a good one: equal keys are the same contact */
        const struct row *earlier;  /* of a duplicate within the file */
        struct vio_contact contact; /* its id is that of the contact added, or already there */
};

struct import {
        const struct acting *acting;
        const struct vio_import *in;
        struct profile profile;
        struct import_reader reader;
        char *unknown[CSV_COLUMNS]; /* columns that are not read */
        size_t n_unknown;
        int64_t header_line;
        struct row *rows;
        size_t n, room;
        struct row **by_key; /* the good rows, in order of their keys */
        size_t n_good;
        size_t planned; /* rows that have their reminder */
        struct text scratch;
        struct vio_import_report report;
};

static void import_done(struct import *im)
{
        for (size_t i = 0; i < im->n; i++) {
                mem_free(im->rows[i].problem);
                mem_free(im->rows[i].key);
                contact_done(&im->rows[i].contact);
        }
        for (size_t i = 0; i < im->n_unknown; i++)
                mem_free(im->unknown[i]);
        mem_free(im->rows);
        mem_free(im->by_key);
        text_free(&im->scratch);
        profile_done(&im->profile);
}

/* Reading */

static int read_profile(struct tenant_tx *tx, void *arg)
{
        struct import *im = arg;
        return profile_load(im->acting->e, tx, &im->profile);
}

static int keep_unknown(struct import *im, const struct csv_row *header)
{
        for (size_t i = 0; i < header->n; i++) {
                if (im->reader.columns.known[i] || !*header->cells[i])
                        continue;
                char *name = mem_text(header->cells[i]);
                if (!name)
                        return fault_plain(im->acting->fault, VIO_E_NOMEM);
                im->unknown[im->n_unknown++] = name;
        }
        return 0;
}

/* The next row that is not empty: 1, or 0 at the end. */
static int next_row(struct csv *csv, struct csv_row *ret, struct fault *f)
{
        int r;
        do
                r = csv_next(csv, ret, f);
        while (r > 0 && import_row_empty(ret));
        return r;
}

static int read_header(struct import *im, struct csv *csv)
{
        struct fault *f = im->acting->fault;
        struct csv_row header;
        int r = next_row(csv, &header, f);
        if (r <= 0)
                return r ? r : fault_set(f, VIO_E_INVALID, "the file is empty");
        im->header_line = header.line;
        r = import_columns_read(&header, &im->reader.columns, f);
        return r ? r : keep_unknown(im, &header);
}

/* A first walk over the rows: how many there are, and what their dates show together. */
static int survey(struct import *im, struct csv *csv)
{
        struct fault *f = im->acting->fault;
        struct day_orders orders = {0};
        struct csv_row row;
        int r;
        while ((r = next_row(csv, &row, f)) > 0) {
                import_row_see(&im->reader.columns, &row, &orders);
                if (++im->room > VIO_IMPORT_ROWS)
                        return fault_set(f, VIO_E_INVALID,
                                         "the file has more than %d rows; divide it",
                                         VIO_IMPORT_ROWS);
        }
        im->reader.dates = im->in->dates ? im->in->dates : day_orders_tell(&orders);
        return r;
}

/* What must be equal for two contacts to be the same: the phone, or else the name; and the time. */
static int write_key(struct text *t, const struct vio_contact *c)
{
        text_clear(t);
        text_add(t, c->phone ? c->phone : c->name);
        for (char *p = t->p; !c->phone && p && *p; p++) {
                if (*p >= 'A' && *p <= 'Z')
                        *p = (char)(*p - 'A' + 'a');
                else if (p[0] == '\xc3' && p[1] <= '\x9e' && p[1] != '\x97')
                        p[1] = (char)(p[1] + 0x20); /* U+00C0 to U+00DE */
        }
        if (c->appointment_time != VIO_TIME_NONE)
                text_addf(t, "\n%lld", (long long)c->appointment_time);
        else
                text_addf(t, "\n%s", c->appointment_date ? c->appointment_date : "");
        return t->failed ? VIO_E_NOMEM : 0;
}

/* A row that cannot be read is bad; only a lack of memory ends the import. */
static int take_row(struct import *im, struct csv_row *from, struct row *ret)
{
        struct fault f = {0};
        int r = import_row_read(&im->reader, from, &ret->contact, &f);
        if (r == VIO_E_INVALID) {
                ret->verdict = VIO_IMPORT_BAD;
                ret->problem = mem_text(f.text);
                return ret->problem ? 0 : fault_plain(im->acting->fault, VIO_E_NOMEM);
        }
        if (!r)
                r = write_key(&im->scratch, &ret->contact);
        if (!r && !(ret->key = mem_text(im->scratch.p)))
                r = VIO_E_NOMEM;
        if (r)
                return fault_set(im->acting->fault, r, "%s", f.err ? f.text : vio_strerror(r));
        im->by_key[im->n_good++] = ret;
        return 0;
}

static int take_rows(struct import *im, struct csv *csv)
{
        struct fault *f = im->acting->fault;
        struct csv_row from;
        int r;
        im->rows = mem_new((im->room + 1) * sizeof(*im->rows));
        im->by_key = mem_new((im->room + 1) * sizeof(*im->by_key));
        if (!im->rows || !im->by_key)
                return fault_plain(f, VIO_E_NOMEM);
        while ((r = next_row(csv, &from, f)) > 0) {
                struct row *row = &im->rows[im->n++];
                row->line = from.line;
                int taken = take_row(im, &from, row);
                if (taken)
                        return taken;
        }
        return r;
}

static int read_file(struct import *im)
{
        _cleanup_csv_ struct csv csv = {0};
        int r = csv_open(&csv, im->in->text, im->in->len, im->acting->fault);
        if (!r)
                r = read_header(im, &csv);
        if (r)
                return r;
        const char *first = csv.at;
        int64_t line = csv.line;
        r = survey(im, &csv);
        csv.at = first;
        csv.line = line;
        return r ? r : take_rows(im, &csv);
}

/* Duplicates */

/* The order of the file among equals, so that the first of them is the original. */
static int compare_keys(const void *a, const void *b)
{
        const struct row *const *x = a, *const *y = b;
        int order = strcmp((*x)->key, (*y)->key);
        return order ? order : (*x)->line < (*y)->line ? -1 : (*x)->line > (*y)->line;
}

static void find_repeated(struct import *im)
{
        qsort(im->by_key, im->n_good, sizeof(*im->by_key), compare_keys);
        for (size_t i = 1; i < im->n_good; i++) {
                struct row *before = im->by_key[i - 1], *row = im->by_key[i];
                if (strcmp(before->key, row->key) != 0)
                        continue;
                row->earlier = before->earlier ? before->earlier : before;
                row->verdict = VIO_IMPORT_DUPLICATE;
        }
}

/* The first good row whose key is not below this one. */
static size_t find_key(const struct import *im, const char *key)
{
        size_t low = 0, high = im->n_good;
        while (low < high) {
                size_t middle = low + (high - low) / 2;
                if (strcmp(im->by_key[middle]->key, key) < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

static int compare_with(void *data, const struct vio_contact *c)
{
        struct import *im = data;
        int r = write_key(&im->scratch, c);
        if (r)
                return r;
        const char *key = im->scratch.p;
        for (size_t i = find_key(im, key); i < im->n_good; i++) {
                struct row *row = im->by_key[i];
                if (strcmp(row->key, key) != 0)
                        break;
                row->verdict = VIO_IMPORT_DUPLICATE;
                row->earlier = NULL;
                row->contact.id = c->id;
        }
        return 0;
}

static int compare_in(struct tenant_tx *tx, void *arg)
{
        struct vio_contact_filter all = VIO_CONTACT_FILTER_INIT;
        return contact_each(tx, &all, compare_with, arg);
}

/* Writing */

static void count(struct import *im)
{
        struct vio_import_report *r = &im->report;
        for (size_t i = 0; i < im->n; i++) {
                r->rows++;
                r->added += im->rows[i].verdict == VIO_IMPORT_ADDED;
                r->duplicates += im->rows[i].verdict == VIO_IMPORT_DUPLICATE;
                r->bad += im->rows[i].verdict == VIO_IMPORT_BAD;
        }
        r->refused = r->bad && !im->in->skip_bad;
        if (r->refused)
                r->added = 0;
}

static int insert_rows(struct import *im, struct tenant_tx *tx)
{
        int r = 0;
        for (size_t i = 0; !r && i < im->n; i++) {
                struct row *row = &im->rows[i];
                if (row->verdict == VIO_IMPORT_ADDED)
                        r = contact_insert(tx, &row->contact, &row->contact.id);
        }
        return r;
}

/* By the contact as it is now: somebody may have changed it since its row was added. */
static int plan_one(struct import *im, struct tenant_tx *tx, const struct profile *p,
                    vio_contact_id id)
{
        _cleanup_contact_ struct vio_contact c = {0};
        int r = contact_load(tx, id, &c);
        if (r)
                return r == VIO_E_NOTFOUND ? 0 : r;
        return reminder_plan(im->acting, tx, p, &c);
}

static int plan_in(struct tenant_tx *tx, void *arg)
{
        struct import *im = arg;
        _cleanup_profile_ struct profile p = {0};
        size_t to =
            im->planned + REMINDERS_AT_ONCE < im->n ? im->planned + REMINDERS_AT_ONCE : im->n;
        int r = profile_load(im->acting->e, tx, &p);
        for (size_t i = im->planned; !r && i < to; i++)
                if (im->rows[i].verdict == VIO_IMPORT_ADDED)
                        r = plan_one(im, tx, &p, im->rows[i].contact.id);
        if (!r)
                im->planned = to;
        return r;
}

/* The contacts are on disk: a reminder that cannot be planned now is found missing by the sweep. */
static void plan_rest(struct import *im)
{
        const struct acting *a = im->acting;
        while (im->planned < im->n) {
                struct fault f = {0};
                int r = store_write_tenant(a->e->store, a->tenant, plan_in, im, &f);
                if (!r)
                        continue;
                log_write(&a->e->log, LOG_WARNING,
                          "reminders of imported contacts are left to the sweep: %s", f.text);
                return;
        }
}

static int note_import(const struct import *im, struct tenant_tx *tx)
{
        char detail[128];
        snprintf(detail, sizeof detail, "%lld rows: %lld added, %lld duplicates, %lld bad",
                 (long long)im->report.rows, (long long)im->report.added,
                 (long long)im->report.duplicates, (long long)im->report.bad);
        return acting_note(im->acting, tx, "contact.import", (vio_contact_id){0}, NULL, detail);
}

static int write_in(struct tenant_tx *tx, void *arg)
{
        struct import *im = arg;
        int r = compare_in(tx, im);
        if (r)
                return r;
        count(im);
        r = insert_rows(im, tx);
        if (!r)
                r = plan_in(tx, im);
        return r ? r : note_import(im, tx);
}

static int look_in(struct tenant_tx *tx, void *arg)
{
        int r = compare_in(tx, arg);
        if (!r)
                count(arg);
        return r;
}

static bool keeps_out(const struct import *im)
{
        bool bad = im->n_good < im->n;
        return im->in->dry_run || (bad && !im->in->skip_bad);
}

/* Telling */

/* Parts "phone: The number is too short." where it begins with the name of a column. */
static const char *part_problem(const char *problem, struct vio_import_row *ret)
{
        for (int i = 0; i < COLUMN_COUNT; i++) {
                const char *name = column_name((enum column)i);
                size_t len = strlen(name);
                if (!strncmp(problem, name, len) && !strncmp(problem + len, ": ", 2)) {
                        ret->field = name;
                        return problem + len + 2;
                }
        }
        return problem;
}

static void tell_row(const struct row *row,
                     void (*cb)(void *data, const struct vio_import_row *row), void *data)
{
        struct vio_import_row told = {.line = row->line,
                                      .verdict = row->verdict,
                                      .field = "",
                                      .message = "",
                                      .contact = row->contact.id};
        char same[64];
        if (row->verdict == VIO_IMPORT_BAD)
                told.message = part_problem(row->problem, &told);
        if (row->verdict == VIO_IMPORT_DUPLICATE) {
                if (row->earlier) {
                        snprintf(same, sizeof same, "the same as line %lld",
                                 (long long)row->earlier->line);
                        told.contact = row->earlier->contact.id;
                } else {
                        snprintf(same, sizeof same, "the same as contact %lld",
                                 (long long)row->contact.id.v);
                }
                told.message = same;
        }
        cb(data, &told);
}

static void tell(const struct import *im, void (*cb)(void *data, const struct vio_import_row *row),
                 void *data)
{
        for (size_t i = 0; i < im->n_unknown; i++) {
                struct vio_import_row told = {.line = im->header_line,
                                              .verdict = VIO_IMPORT_UNKNOWN_COLUMN,
                                              .field = im->unknown[i],
                                              .message = "this column is not read"};
                cb(data, &told);
        }
        for (size_t i = 0; i < im->n; i++)
                if (!im->report.refused || im->rows[i].verdict != VIO_IMPORT_ADDED)
                        tell_row(&im->rows[i], cb, data);
}

int contact_import(const struct acting *a, const struct vio_import *in,
                   void (*cb)(void *data, const struct vio_import_row *row), void *data,
                   struct vio_import_report *ret)
{
        _cleanup_(import_done) struct import im = {
            .acting = a, .in = in, .report = VIO_IMPORT_REPORT_INIT};
        struct store *store = a->e->store;

        im.reader.acting = a;
        im.reader.profile = &im.profile;
        int r = store_read_tenant(store, a->tenant, read_profile, &im, a->fault);
        if (!r)
                r = read_file(&im);
        if (r)
                return r;
        find_repeated(&im);
        if (keeps_out(&im))
                r = store_read_tenant(store, a->tenant, look_in, &im, a->fault);
        else
                r = store_write_tenant(store, a->tenant, write_in, &im, a->fault);
        if (r)
                return r;
        if (!keeps_out(&im))
                plan_rest(&im);
        if (cb)
                tell(&im, cb, data);
        *ret = im.report;
        return 0;
}
