/* contacts_csv.c - contacts in and out as CSV. */
#include "handlers.h"

#include <string.h>
#include <strings.h>

/* Rows that are told of in one answer; who has more bad ones has seen enough. */
#define MOST_ERRORS 1000

static int read_flag(const struct request *q, struct response *r, const char *name, bool *ret)
{
        char text[8];
        int given = request_query(q, name, text, sizeof(text));
        if (given < 0 || (given && strcmp(text, "true") != 0 && strcmp(text, "false") != 0))
                return refuse_field(r, name, "%s must be true or false", name);
        if (given)
                *ret = !strcmp(text, "true");
        return VIO_OK;
}

static int read_order(const struct request *q, struct response *r, enum vio_date_order *ret)
{
        char text[16];
        int given = request_query(q, "dates", text, sizeof(text));
        bool month = given > 0 && !strcmp(text, "month-first");
        if (given < 0 || (given && !month && strcmp(text, "day-first") != 0))
                return refuse_field(r, "dates", "dates must be month-first or day-first");
        if (given)
                *ret = month ? VIO_DATES_MONTH_FIRST : VIO_DATES_DAY_FIRST;
        return VIO_OK;
}

/* "text/csv", with or without parameters. */
static bool is_csv(const char *content_type)
{
        static const char csv[] = "text/csv";
        size_t len = sizeof(csv) - 1;
        return content_type && !strncasecmp(content_type, csv, len) &&
               (content_type[len] == '\0' || strchr("; \t", content_type[len]));
}

static int read_import(const struct request *q, struct response *r, struct vio_import *ret)
{
        if (!is_csv(q->content_type)) {
                r->status = 415;
                return refuse(r, VIO_E_INVALID, "Content-Type must be text/csv");
        }
        ret->text = q->body;
        ret->len = q->body_len;
        int e = read_flag(q, r, "dryRun", &ret->dry_run);
        if (e == VIO_OK)
                e = read_flag(q, r, "skipBad", &ret->skip_bad);
        return e == VIO_OK ? read_order(q, r, &ret->dates) : e;
}

/* The columns come first, then the rows: two arrays, one after the other. */
struct telling {
        vio_json_writer *body;
        bool in_errors;
        size_t errors;
        bool truncated;
};

static void begin_errors(struct telling *t)
{
        if (t->in_errors)
                return;
        vio_json_end_array(t->body);
        vio_json_begin_array(t->body, "errors");
        t->in_errors = true;
}

static void tell(void *data, const struct vio_import_row *row)
{
        struct telling *t = data;
        if (row->verdict == VIO_IMPORT_UNKNOWN_COLUMN) {
                vio_json_put_text(t->body, NULL, row->field);
                return;
        }
        begin_errors(t);
        if (row->verdict != VIO_IMPORT_BAD)
                return;
        if (t->errors == MOST_ERRORS) {
                t->truncated = true;
                return;
        }
        t->errors++;
        vio_json_begin_object(t->body, NULL);
        vio_json_put_int(t->body, "line", row->line);
        vio_json_put_text(t->body, "field", *row->field ? row->field : NULL);
        vio_json_put_text(t->body, "message", row->message);
        vio_json_end_object(t->body);
}

static void put_report(const struct telling *t, const struct vio_import *in,
                       const struct vio_import_report *report)
{
        vio_json_put_bool(t->body, "truncated", t->truncated);
        vio_json_put_int(t->body, "rows", report->rows);
        vio_json_put_int(t->body, "added", report->added);
        vio_json_put_int(t->body, "duplicates", report->duplicates);
        vio_json_put_int(t->body, "bad", report->bad);
        vio_json_put_bool(t->body, "dryRun", in->dry_run);
}

int contacts_import(vio_tenant *t, const struct request *q, struct response *r)
{
        struct vio_import in = VIO_IMPORT_INIT;
        struct vio_import_report report = VIO_IMPORT_REPORT_INIT;
        struct telling telling = {.body = r->body};
        int e = read_import(q, r, &in);
        if (e < 0)
                return e;
        vio_json_begin_object(r->body, NULL);
        vio_json_begin_array(r->body, "unknownColumns");
        e = vio_contact_import(t, &in, tell, &telling, &report);
        if (e < 0)
                return e;
        begin_errors(&telling);
        vio_json_end_array(r->body);
        put_report(&telling, &in, &report);
        if (report.refused && !in.dry_run) {
                r->status = 400;
                vio_json_put_text(r->body, "message",
                                  "Nothing was added, because some rows are not valid");
                vio_json_put_text(r->body, "error", vio_err_name(VIO_E_INVALID));
                vio_json_put_text(r->body, "requestId", q->id);
        }
        vio_json_end_object(r->body);
        return VIO_OK;
}

static int send_lines(void *data, const char *bytes, size_t len)
{
        struct response *r = data;
        int e = response_put(r, bytes, len);
        return e < 0 ? e : response_pass(r);
}

int contacts_export(vio_tenant *t, const struct request *q, struct response *r)
{
        struct vio_contact_filter filter = VIO_CONTACT_FILTER_INIT;
        bool bom = false;
        int e = read_flag(q, r, "bom", &bom);
        if (e < 0)
                return e;
        r->type = "text/csv; charset=utf-8";
        r->disposition = "attachment; filename=\"contacts.csv\"";
        return vio_contact_export(t, &filter, bom ? VIO_EXPORT_BOM : 0, send_lines, r);
}
