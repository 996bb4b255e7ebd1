/* import.c - contacts come in and go out as CSV: rows, duplicates, all or nothing, and back again.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/handle.h"
#include "base/attr.h"
#include "base/text.h"
#include "clinic.h"
#include "exhaust.h"
#include "run.h"
#include "store/q.h"

static struct town town;
static struct business *const acme = &town.acme;
static struct business *const bolt = &town.bolt;

static void open_town(void)
{
        town_open(&town);
        given_setting(acme, "country", "1");
        given_setting(bolt, "country", "44");
}

static void close_town(void)
{
        town_close(&town);
}

/* What an import said: a line for each row that was told of. */
struct said {
        struct text rows;
        struct vio_import_report report;
        vio_contact_id last;
};

static void said_free(struct said *s)
{
        text_free(&s->rows);
}

#define _said_ _cleanup_(said_free) struct said

static void hear(void *data, const struct vio_import_row *row)
{
        static const char *const words[] = {"added", "duplicate", "bad", "unknown"};
        struct said *s = data;
        text_addf(&s->rows, "%lld %s", (long long)row->line, words[row->verdict]);
        if (*row->field)
                text_addf(&s->rows, " %s", row->field);
        if (*row->message)
                text_addf(&s->rows, ": %s", row->message);
        text_add(&s->rows, "\n");
        s->last = row->contact;
}

static struct said import_with(struct business *b, struct vio_import in, const char *text)
{
        struct said s = {.report = VIO_IMPORT_REPORT_INIT};
        in.size = sizeof(in);
        in.text = text;
        in.len = strlen(text);
        int r = vio_contact_import(b->handle, &in, hear, &s, &s.report);
        ck_assert_msg(r == 0, "vio_contact_import: %s", vio_tenant_error(b->handle));
        return s;
}

#define import_of(b, text, ...) import_with(b, (struct vio_import){__VA_ARGS__}, text)

static void then_counts_are(const struct said *s, int rows, int added, int duplicates, int bad)
{
        ck_assert_msg(s->report.rows == rows && s->report.added == added &&
                          s->report.duplicates == duplicates && s->report.bad == bad,
                      "%lld rows, %lld added, %lld duplicates, %lld bad:\n%s",
                      (long long)s->report.rows, (long long)s->report.added,
                      (long long)s->report.duplicates, (long long)s->report.bad,
                      text_str(&s->rows));
}

static int64_t total_of(struct business *b)
{
        struct vio_contact_stats stats;
        ck_assert_int_eq(vio_contact_stats(b->handle, &stats), 0);
        return stats.total;
}

static int gather(void *data, const char *bytes, size_t len)
{
        text_add_n(data, bytes, len);
        return 0;
}

static int measure(void *data, const char *bytes, size_t len)
{
        (void)bytes;
        *(size_t *)data += len;
        return 0;
}

/* What is exported now; the caller frees it. */
static struct text export_of(struct business *b, unsigned flags)
{
        struct vio_contact_filter filter = VIO_CONTACT_FILTER_INIT;
        struct text t = TEXT_INIT;
        ck_assert_int_eq(vio_contact_export(b->handle, &filter, flags, gather, &t), 0);
        return t;
}

#define HEADER                                                                                     \
        "name,phone,email,timeZone,appointmentDate,appointmentTime,appointmentType,"               \
        "specialInstructions,appointmentStatus,optedOut\r\n"

static void then_export_is(struct business *b, const char *lines)
{
        _cleanup_text_ struct text t = export_of(b, 0);
        ck_assert_uint_ge(t.len, strlen(HEADER));
        ck_assert_int_eq(strncmp(t.p, HEADER, strlen(HEADER)), 0);
        ck_assert_str_eq(t.p + strlen(HEADER), lines);
}

/* Reading */

START_TEST(a_clinics_list_becomes_contacts_with_their_reminders)
{
        _said_ s = import_of(acme, "Patient;Mobile;E-Mail;Date;Time;Service;Notes;Insurance\r\n"
                                   "Ada Byron;(415) 555-0101;ada@example.com;2026-11-23;10:00;"
                                   "Cleaning;\"Window seat;\nnot the left one\";AOK\r\n"
                                   ";;;;;;;\r\n"
                                   "Bo;14155550102;;11/24/2026;2:30 PM;;;\r\n");
        then_counts_are(&s, 2, 2, 0, 0);
        ck_assert_str_eq(text_str(&s.rows), "1 unknown Insurance: this column is not read\n"
                                            "2 added\n5 added\n");
        then_export_is(acme,
                       "Ada Byron,'+14155550101,ada@example.com,,2026-11-23,"
                       "2026-11-23T10:00:00-05:00,Cleaning,\"Window seat;\nnot the left one\","
                       "pending,no\r\n"
                       "Bo,'+14155550102,,,2026-11-24,2026-11-24T14:30:00-05:00,,,pending,no\r\n");
        then_planned_at(acme, (vio_contact_id){1}, VIO_TASK_INITIAL_REMINDER,
                        "2026-11-22T15:00:00Z");
        then_planned_at(acme, s.last, VIO_TASK_INITIAL_REMINDER, "2026-11-23T19:30:00Z");
        ck_assert_int_eq(total_of(bolt), 0);
}
END_TEST

/* What a file of one row says of the appointment's day and time, by the export. */
static const struct {
        const char *columns, *cells;
        const char *told;     /* the row's verdict */
        const char *exported; /* its part of the export; NULL for none */
} moments[] = {
    {"date,time", "2026-11-24,09:30", "added", ",2026-11-24,2026-11-24T09:30:00-05:00,"},
    {"date,time", "11/24/2026,9:30 AM", "added", ",2026-11-24,2026-11-24T09:30:00-05:00,"},
    {"date,time", "11/24/2026 0:00,9:30 AM", "added", ",2026-11-24,2026-11-24T09:30:00-05:00,"},
    {"time", "2026-11-24 09:30", "added", ",2026-11-24,2026-11-24T09:30:00-05:00,"},
    {"date", "2026-11-24 09:30", "added", ",2026-11-24,2026-11-24T09:30:00-05:00,"},
    {"appointment time", "2026-11-24T14:30:00Z", "added", ",2026-11-24,2026-11-24T09:30:00-05:00,"},
    {"date,time", "2026-11-24,2026-11-24T14:30:00Z", "added",
     ",2026-11-24,2026-11-24T09:30:00-05:00,"},
    {"time,tz", "2026-11-24 09:30,Asia/Kolkata", "added",
     ",Asia/Kolkata,2026-11-24,2026-11-24T09:30:00+05:30,"},
    {"time", "2026-07-01 09:30", "added", ",2026-07-01,2026-07-01T09:30:00-04:00,"},
    {"date", "2026-11-24", "added", ",2026-11-24,,"},
    {"date,time", ",", "added", ",,,,"},
    {"date,time", ",09:30", "bad appointmentTime: has no date", NULL},
    {"date", "09:30", "bad appointmentTime: has no date", NULL},
    {"date,time", "2026-11-24,noon", "bad appointmentTime: must be a date such as 2026-11-24",
     NULL},
    {"date,time", "2026-11-24 08:00,09:30", "bad appointmentDate: must be a date alone", NULL},
    {"date,time", "2026-11-24T08:00:00Z,09:30", "bad appointmentDate: must be a date alone", NULL},
    {"date,time", "2026-11-25,2026-11-24 09:30",
     "bad appointmentDate: is not the day of appointmentTime", NULL},
    {"date,time", "2026-11-25,2026-11-24T14:30:00Z",
     "bad appointmentDate: is not the local day of appointmentTime (2026-11-24)", NULL},
    {"time", "3/4/2026 9:30",
     "bad appointmentTime: the day and the month cannot be told apart; write the date as "
     "YYYY-MM-DD, or say which comes first",
     NULL},
    {"time", "1/1/1026 9:30", "bad appointmentTime: must be in 2000 to 2099", NULL},
};

START_TEST(an_appointment_is_read_from_one_column_or_two)
{
        for (size_t i = 0; i < count_of(moments); i++) {
                char file[256], told[256];
                town_open(&town);
                snprintf(file, sizeof file, "name,%s\nAda,%s", moments[i].columns,
                         moments[i].cells);
                {
                        _said_ s = import_of(acme, file);
                        snprintf(told, sizeof told, "2 %s\n", moments[i].told);
                        ck_assert_str_eq(text_str(&s.rows), told);
                        _cleanup_text_ struct text t = export_of(acme, 0);
                        if (moments[i].exported)
                                ck_assert_msg(strstr(t.p, moments[i].exported), "%s", t.p);
                        else
                                ck_assert_str_eq(t.p, HEADER);
                }
                town_close(&town);
        }
}
END_TEST

START_TEST(the_order_of_day_and_month_is_the_files_or_the_callers)
{
        static const char file[] = "name,time\nAda,3/4/2027 9:30\nBo,3/14/2027 9:30\n";
        _said_ by_file = import_of(acme, file);
        then_counts_are(&by_file, 2, 2, 0, 0);
        _said_ by_us =
            import_of(acme, "name,time\nAda,3/4/2027 9:30\n", .dates = VIO_DATES_MONTH_FIRST);
        then_counts_are(&by_us, 1, 0, 1, 0);
        _said_ by_caller =
            import_of(acme, "name,time\nAda,3/4/2027 9:30\n", .dates = VIO_DATES_DAY_FIRST);
        then_counts_are(&by_caller, 1, 1, 0, 0);
}
END_TEST

START_TEST(every_bad_row_is_told_with_its_line_and_nothing_is_added)
{
        _said_ s = import_of(acme, "name,phone,email,time zone,status,opt out,Appointment Status\n"
                                   "Ada,4155550101,,,,,\n"
                                   ",4155550102,,,,,\n"
                                   "Bo,4.4E+11,,,,,\n"
                                   "\"Cy\nrus\",,,,,,\n"
                                   "Di,,nobody,,,,\n"
                                   "Ed,,,Mars/Olympus,,,\n"
                                   "Flo,447911123456,,,,,\n"
                                   "Gus,,,,,perhaps,\n"
                                   "Hal,,,,,,gone\n"
                                   "Ivo,,,,,,,too much\n"
                                   "\"Jo\"x,,,,,,\n");
        then_counts_are(&s, 11, 0, 0, 10);
        ck_assert(s.report.refused);
        ck_assert_str_eq(
            text_str(&s.rows),
            "1 unknown status: this column is not read\n"
            "3 bad name: is required\n"
            "4 bad phone: the spreadsheet has rounded it; format the column as text and export "
            "again\n"
            "5 bad name: must be UTF-8 without control characters\n"
            "7 bad email: is not a mail address\n"
            "8 bad timeZone: must be an IANA time zone such as America/New_York\n"
            "9 bad phone: it may have lost its \"+\"; begin it with \"+\" and the country code, in "
            "a column formatted as text\n"
            "10 bad optedOut: must be yes or no\n"
            "11 bad appointmentStatus: must be pending, confirmed, cancelled or rescheduled\n"
            "12 bad: the row has more cells than the header; a text with the separator in it "
            "needs quotes\n"
            "13 bad: text stands behind a closing quote\n");
        ck_assert_int_eq(total_of(acme), 0);
}
END_TEST

START_TEST(the_good_rows_are_added_when_bad_ones_are_to_be_skipped)
{
        _said_ s =
            import_of(acme, "name,phone\nAda,4155550101\nBo,12\nCy,4155550103\n", .skip_bad = true);
        then_counts_are(&s, 3, 2, 0, 1);
        ck_assert(!s.report.refused);
        then_export_is(acme, "Ada,'+14155550101,,,,,,,pending,no\r\n"
                             "Cy,'+14155550103,,,,,,,pending,no\r\n");
}
END_TEST

START_TEST(a_dry_run_reports_the_same_and_writes_nothing)
{
        static const char file[] = "name,phone\nAda,4155550101\nBo,12\nADA,415-555-0101\n";
        int64_t version = version_of(acme);
        for (int skip = 0; skip <= 1; skip++) {
                _said_ dry = import_of(acme, file, .dry_run = true, .skip_bad = skip);
                then_counts_are(&dry, 3, skip, 1, 1);
                ck_assert_int_eq(dry.report.refused, !skip);
        }
        ck_assert_int_eq(version_of(acme), version);
        ck_assert_int_eq(total_of(acme), 0);
        _said_ dry = import_of(acme, file, .dry_run = true, .skip_bad = true);
        _said_ real = import_of(acme, file, .skip_bad = true);
        ck_assert_str_eq(text_str(&dry.rows), text_str(&real.rows));
}
END_TEST

START_TEST(a_name_may_come_in_two_parts)
{
        _said_ s = import_of(acme, "Last name,First name\nByron,Ada\n,Bo\nCyrus,\n");
        then_counts_are(&s, 3, 3, 0, 0);
        then_export_is(acme, "Ada Byron,,,,,,,,pending,no\r\nBo,,,,,,,,pending,no\r\n"
                             "Cyrus,,,,,,,,pending,no\r\n");
}
END_TEST

START_TEST(the_column_with_the_plain_name_wins_and_the_other_is_told)
{
        _said_ s = import_of(acme, "name,mobile,phone,cell\nAda,4155550101,4155550102,\n");
        ck_assert_str_eq(text_str(&s.rows), "1 unknown mobile: this column is not read\n"
                                            "1 unknown cell: this column is not read\n2 added\n");
        then_export_is(acme, "Ada,'+14155550102,,,,,,,pending,no\r\n");
}
END_TEST

START_TEST(a_file_that_is_none_is_refused_as_a_whole)
{
        static const struct {
                const char *text;
                const char *told;
        } files[] = {
            {"", "the file is empty"},
            {"\r\n,,\r\n", "the file is empty"},
            {"phone,email\n4155550101,a@example.com\n",
             "name: the first row of the file must name its columns, and one of them \"name\""},
            {"name\n\xff\n", "line 2: the file is not UTF-8, perhaps Windows-1252; save it as "
                             "\"CSV UTF-8\" and try again"},
            {"name\nAda\n\"Bo\n", "line 3: a quote is opened and never closed"},
            {"\"name\"x,y\nAda\n", "line 1: text stands behind a closing quote"},
        };
        for (size_t i = 0; i < count_of(files); i++) {
                struct vio_import in = VIO_IMPORT_INIT;
                struct vio_import_report report = VIO_IMPORT_REPORT_INIT;
                report.rows = 77;
                in.text = files[i].text;
                in.len = strlen(files[i].text);
                in.skip_bad = true;
                ck_assert_int_eq(vio_contact_import(acme->handle, &in, NULL, NULL, &report),
                                 VIO_E_INVALID);
                ck_assert_str_eq(vio_tenant_error(acme->handle), files[i].told);
                ck_assert_int_eq(report.rows, 77);
        }
        ck_assert_int_eq(total_of(acme), 0);
}
END_TEST

START_TEST(a_struct_that_was_not_initialised_is_refused)
{
        struct vio_import in = {0};
        struct vio_import_report report = VIO_IMPORT_REPORT_INIT;
        struct vio_contact_filter filter = {0};
        ck_assert_int_eq(vio_contact_import(acme->handle, &in, NULL, NULL, &report), VIO_E_INVALID);
        in = (struct vio_import)VIO_IMPORT_INIT;
        in.dates = 3;
        ck_assert_int_eq(vio_contact_import(acme->handle, &in, NULL, NULL, &report), VIO_E_INVALID);
        ck_assert_int_eq(vio_contact_export(acme->handle, &filter, 0, gather, NULL), VIO_E_INVALID);
        filter = (struct vio_contact_filter)VIO_CONTACT_FILTER_INIT;
        ck_assert_int_eq(vio_contact_export(acme->handle, &filter, 2, gather, NULL), VIO_E_INVALID);
}
END_TEST

/* Duplicates */

START_TEST(the_same_appointment_is_never_added_twice)
{
        given_contact_with_phone(acme, "Ada", "+14155550101", MONDAY);
        _said_ s = import_of(acme, "name,phone,time\n"
                                   "Somebody,415-555-0101,2026-11-23 10:00\n"
                                   "Ada,4155550101,2026-11-23 10:30\n"
                                   "Bo,,2026-11-23 11:00\n"
                                   "BO,,2026-11-23T16:00:00Z\n"
                                   "Bj\u00d6rn,,\n"
                                   "bj\u00f6rn,,\n"
                                   "Bo,4155550102,2026-11-23 11:00\n"
                                   "Bo,,2026-11-23 11:00\n");
        then_counts_are(&s, 8, 4, 4, 0);
        ck_assert_str_eq(text_str(&s.rows), "2 duplicate: the same as contact 1\n3 added\n4 added\n"
                                            "5 duplicate: the same as line 4\n6 added\n"
                                            "7 duplicate: the same as line 6\n8 added\n"
                                            "9 duplicate: the same as line 4\n");
        ck_assert_int_eq(s.last.v, 3);
        ck_assert_int_eq(total_of(acme), 5);
}
END_TEST

START_TEST(a_file_imported_again_adds_nothing_and_the_neighbour_has_his_own)
{
        static const char file[] = "name,phone,time\nAda,+14155550101,2026-11-23 10:00\n"
                                   "Bo,,2026-11-23\nCy,+14155550103,\n";
        _said_ first = import_of(acme, file);
        then_counts_are(&first, 3, 3, 0, 0);
        _said_ again = import_of(acme, file);
        then_counts_are(&again, 3, 0, 3, 0);
        _said_ neighbour = import_of(bolt, file);
        then_counts_are(&neighbour, 3, 3, 0, 0);
        ck_assert_int_eq(total_of(acme), 3);
        ck_assert_int_eq(total_of(bolt), 3);
}
END_TEST

START_TEST(a_bad_row_does_not_make_the_good_one_a_duplicate)
{
        _said_ s = import_of(acme,
                             "name,phone,email\nAda,4155550101,nobody\n"
                             "Ada,4155550101,ada@example.com\n",
                             .skip_bad = true);
        then_counts_are(&s, 2, 1, 0, 1);
}
END_TEST

/* All or nothing */

static void run_sql(const char *sql)
{
        sqlite3 *db;
        char *problem = NULL;
        ck_assert_int_eq(sqlite3_open(town.database, &db), SQLITE_OK);
        sqlite3_exec(db, sql, NULL, NULL, &problem);
        ck_assert_msg(!problem, "%s", problem);
        sqlite3_close(db);
}

START_TEST(a_failure_in_the_middle_leaves_nothing_behind)
{
        static const char file[] = "name,phone,time\nAda,+14155550101,2026-11-24 10:00\n"
                                   "Doomed,+14155550102,2026-11-24 11:00\n"
                                   "Cy,+14155550103,2026-11-24 12:00\n";
        struct vio_import in = VIO_IMPORT_INIT;
        struct vio_import_report report = VIO_IMPORT_REPORT_INIT;
        int64_t version = version_of(acme);

        in.text = file;
        in.len = strlen(file);
        run_sql("CREATE TRIGGER doom BEFORE INSERT ON contacts WHEN NEW.name = 'Doomed'"
                " BEGIN SELECT RAISE(ABORT, 'doomed'); END");
        ck_assert_int_lt(vio_contact_import(acme->handle, &in, NULL, NULL, &report), 0);
        ck_assert_int_eq(total_of(acme), 0);
        ck_assert_int_eq(version_of(acme), version);
        ck_assert(!audit_has(acme, (vio_call_id){""}, "contact.import"));
        then_export_is(acme, "");
        run_sql("DROP TRIGGER doom");
        _said_ s = import_of(acme, file);
        then_counts_are(&s, 3, 3, 0, 0);
        ck_assert_int_eq(s.last.v, 3);
}
END_TEST

/* Each allocation of the import and of the export fails, that one and all after it. */
START_TEST(a_lack_of_memory_is_told_and_leaves_nothing_behind)
{
        static const char file[] =
            "name,phone,email,time,notes,other\n"
            "Ada,+14155550101,ada@example.com,2026-11-24 10:00,Window seat,\n"
            "Bo,12,,,,\nAda,+14155550101,,2026-11-24 10:00,,\nCy,,,,,\n";
        struct vio_contact_filter filter = VIO_CONTACT_FILTER_INIT;
        struct vio_import in = VIO_IMPORT_INIT;
        struct vio_import_report report = VIO_IMPORT_REPORT_INIT;
        struct meter m = {.until_failure = -1};
        int64_t version = version_of(acme);
        size_t written = 0;
        int r = VIO_E_NOMEM;

        in.text = file;
        in.len = strlen(file);
        in.skip_bad = true;
        for (long n = 0; r; n++) {
                m = (struct meter){.until_failure = n};
                meter_install(&m);
                r = vio_contact_import(acme->handle, &in, NULL, NULL, &report);
                meter_install(NULL);
                ck_assert_int_eq(r, r ? VIO_E_NOMEM : 0);
                ck_assert(!r || (total_of(acme) == 0 && version_of(acme) == version));
        }
        ck_assert_int_gt(m.made, 20);
        ck_assert_int_eq(report.added, 2);
        r = VIO_E_NOMEM;
        for (long n = 0; r; n++) {
                m = (struct meter){.until_failure = n};
                meter_install(&m);
                r = vio_contact_export(acme->handle, &filter, 0, measure, &written);
                meter_install(NULL);
                ck_assert_int_eq(r, r ? VIO_E_NOMEM : 0);
                ck_assert(!r || written == 0);
        }
        ck_assert_uint_gt(written, strlen(HEADER));
}
END_TEST

TENANT_SQL(sql_audit, "SELECT action, detail, contact_id FROM audit_logs WHERE tenant_id = ?1"
                      " ORDER BY id DESC LIMIT 1");
static int last_audit_in(struct tenant_tx *tx, void *arg)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_audit);
        ck_assert(q_row(q));
        snprintf(arg, 256, "%s %lld %s", q_col_text(q, 0), (long long)q_col_int(q, 2),
                 q_col_text(q, 1));
        return q_err(q);
}

START_TEST(an_import_is_one_row_of_the_audit_log_without_names)
{
        char row[256];
        _said_ s = import_of(acme, "name,phone\nAda,4155550101\nBo,12\nAda,4155550101\n",
                             .skip_bad = true);
        then_counts_are(&s, 3, 1, 1, 1);
        ck_assert_int_eq(
            store_read_tenant(town.v->engine.store, acme->id, last_audit_in, row, NULL), 0);
        ck_assert_str_eq(row, "contact.import 0 3 rows: 1 added, 1 duplicates, 1 bad");
}
END_TEST

TENANT_SQL(sql_reminders, "SELECT count(*) FROM call_tasks WHERE tenant_id = ?1"
                          " AND task_type = 'initial_reminder' AND status = 'pending'");
static int count_reminders_in(struct tenant_tx *tx, void *arg)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_reminders);
        ck_assert(q_row(q));
        *(int64_t *)arg = q_col_int(q, 0);
        return q_err(q);
}

static int64_t reminders_of(struct business *b)
{
        int64_t n = -1;
        ck_assert_int_eq(
            store_read_tenant(town.v->engine.store, b->id, count_reminders_in, &n, NULL), 0);
        return n;
}

START_TEST(reminders_that_could_not_be_planned_with_the_rows_are_planned_by_the_sweep)
{
        _cleanup_text_ struct text file = TEXT_INIT;
        text_add(&file, "name,phone,time\n");
        for (int i = 0; i < 2500; i++)
                text_addf(&file, "Person %d,+1415%07d,2026-11-25 %02d:%02d\n", i, i, 9 + i % 8,
                          i % 60);
        run_sql("CREATE TRIGGER doom BEFORE INSERT ON call_tasks WHEN NEW.contact_id = 1500"
                " BEGIN SELECT RAISE(ABORT, 'doomed'); END");
        _said_ s = import_of(acme, file.p);
        then_counts_are(&s, 2500, 2500, 0, 0);
        ck_assert_int_eq(reminders_of(acme), 1000);
        run_sql("DROP TRIGGER doom");
        for (int i = 0; i < 12 && reminders_of(acme) < 2500; i++)
                when_time_passes(&town, 60 * MINUTES);
        ck_assert_int_eq(reminders_of(acme), 2500);
}
END_TEST

static struct text large_file(int rows)
{
        struct text t = TEXT_INIT;
        text_add(&t, "name,phone,appointment time,notes\n");
        for (int i = 0; i < rows; i++)
                text_addf(&t, "Person %d,+1415%07d,2026-12-%02d %02d:00,Window seat\n", i, i,
                          1 + i % 28, 9 + i % 8);
        return t;
}

START_TEST(fifty_thousand_rows_are_added_and_one_more_is_too_many)
{
        struct vio_import in = VIO_IMPORT_INIT;
        struct vio_import_report report = VIO_IMPORT_REPORT_INIT;
        _cleanup_text_ struct text most = large_file(VIO_IMPORT_ROWS);
        _cleanup_text_ struct text more = large_file(VIO_IMPORT_ROWS + 1);

        in.text = more.p;
        in.len = more.len;
        ck_assert_int_eq(vio_contact_import(acme->handle, &in, NULL, NULL, &report), VIO_E_INVALID);
        ck_assert_str_eq(vio_tenant_error(acme->handle),
                         "the file has more than 50000 rows; divide it");
        in.text = most.p;
        in.len = most.len;
        ck_assert_int_eq(vio_contact_import(acme->handle, &in, NULL, NULL, &report), 0);
        ck_assert_int_eq(report.added, VIO_IMPORT_ROWS);
        ck_assert_int_eq(reminders_of(acme), VIO_IMPORT_ROWS);
        ck_assert_int_eq(vio_contact_import(acme->handle, &in, NULL, NULL, &report), 0);
        ck_assert_int_eq(report.duplicates, VIO_IMPORT_ROWS);
        ck_assert_int_eq(total_of(acme), VIO_IMPORT_ROWS);
        _cleanup_text_ struct text out = export_of(acme, 0);
        _said_ s = import_of(acme, out.p, .dry_run = true);
        then_counts_are(&s, VIO_IMPORT_ROWS, 0, VIO_IMPORT_ROWS, 0);
}
END_TEST

/* Out, and back in */

START_TEST(an_opted_out_contact_stays_opted_out_and_is_not_called)
{
        _said_ s =
            import_of(acme, "name,phone,time,opted out\nAda,4155550101,2026-11-23 10:00,yes\n");
        then_counts_are(&s, 1, 1, 0, 0);
        ck_assert(contact_now(acme, s.last).opted_out);
        then_nothing_is_planned(acme, s.last);
}
END_TEST

START_TEST(a_decided_appointment_stays_decided_and_is_not_called)
{
        _said_ s = import_of(acme, "name,phone,time,appointment status\n"
                                   "Ada,4155550101,2026-11-23 10:00,confirmed\n");
        then_counts_are(&s, 1, 1, 0, 0);
        then_appointment_is(acme, s.last, VIO_APPOINTMENT_CONFIRMED);
        then_nothing_is_planned(acme, s.last);
}
END_TEST

START_TEST(what_is_exported_is_the_same_contacts_when_it_is_imported)
{
        static const char *const names[] = {"Ada",
                                            "=cmd|' /C calc'!A0",
                                            "+1",
                                            "-x",
                                            "@y",
                                            "'=1",
                                            "''",
                                            "'s Hertogenbosch",
                                            " with blanks ",
                                            "comma, semicolon; \"quotes\"",
                                            "Bj\u00f6rn \U0001f600",
                                            "\uff1dwide"};
        for (size_t i = 0; i < count_of(names); i++) {
                struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
                vio_contact_id id;
                f.name = names[i];
                f.phone = phone_of((int)i + 1);
                f.email = i % 2 ? "a@example.com" : NULL;
                f.time_zone = i % 3 ? NULL : "Europe/London";
                f.appointment_time =
                    i % 4 ? at("2026-11-01T05:30:00Z") + (vio_time)i * DAYS + 250 : VIO_TIME_NONE;
                f.appointment_date = i % 4 || i % 8 ? NULL : "2026-12-01";
                f.appointment_type = names[(i + 1) % count_of(names)];
                f.special_instructions = i % 2 ? "\r\n=two\nlines\t" : names[(i + 2) % 7];
                ck_assert_int_eq(vio_contact_add(acme->handle, &f, &id), 0);
        }
        ck_assert_int_eq(vio_contact_opt_out(acme->handle, (vio_contact_id){3}, true, "asked"), 0);
        _cleanup_text_ struct text out = export_of(acme, 0);
        _said_ s = import_of(bolt, out.p);
        then_counts_are(&s, count_of(names), count_of(names), 0, 0);
        _said_ again = import_of(acme, out.p);
        then_counts_are(&again, count_of(names), 0, count_of(names), 0);
        given_setting(bolt, "time_zone", acme->zone);
        then_export_is(bolt, out.p + strlen(HEADER));
}
END_TEST

START_TEST(an_export_can_begin_with_a_mark_and_ends_where_the_filter_says)
{
        struct vio_contact_filter filter = VIO_CONTACT_FILTER_INIT;
        _cleanup_text_ struct text large = large_file(1203);
        _said_ s = import_of(acme, large.p);
        then_counts_are(&s, 1203, 1203, 0, 0);
        _cleanup_text_ struct text all = export_of(acme, VIO_EXPORT_BOM);
        ck_assert_int_eq(strncmp(all.p, "\xef\xbb\xbf" HEADER, 3 + strlen(HEADER)), 0);
        _said_ back = import_of(acme, all.p, .dry_run = true);
        then_counts_are(&back, 1203, 0, 1203, 0);

        static const size_t limits[] = {1, 499, 500, 501, 1000, 1203, 9999};
        for (size_t i = 0; i < count_of(limits); i++) {
                _cleanup_text_ struct text t = TEXT_INIT;
                filter.limit = limits[i];
                ck_assert_int_eq(vio_contact_export(acme->handle, &filter, 0, gather, &t), 0);
                _said_ some = import_of(acme, t.p, .dry_run = true);
                then_counts_are(&some, limits[i] < 1203 ? (int)limits[i] : 1203, 0,
                                limits[i] < 1203 ? (int)limits[i] : 1203, 0);
        }
        filter = (struct vio_contact_filter)VIO_CONTACT_FILTER_INIT;
        filter.after.v = 1202;
        _cleanup_text_ struct text last = TEXT_INIT;
        ck_assert_int_eq(vio_contact_export(acme->handle, &filter, 0, gather, &last), 0);
        ck_assert_ptr_nonnull(strstr(last.p, "\r\nPerson 1202,"));
        filter.status = VIO_APPOINTMENT_CONFIRMED;
        _cleanup_text_ struct text none = TEXT_INIT;
        ck_assert_int_eq(vio_contact_export(acme->handle, &filter, 0, gather, &none), 0);
        ck_assert_str_eq(none.p, HEADER);
}
END_TEST

static int write_refused(void *data, const char *bytes, size_t len)
{
        (void)bytes;
        (void)len;
        ++*(int *)data;
        return 42;
}

START_TEST(an_export_that_nobody_takes_ends)
{
        struct vio_contact_filter filter = VIO_CONTACT_FILTER_INIT;
        int times = 0;
        given_contact(acme, "Ada", 1, MONDAY);
        ck_assert_int_eq(vio_contact_export(acme->handle, &filter, 0, write_refused, &times), 42);
        ck_assert_int_eq(times, 1);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("import");
        add_case(s, an_appointment_is_read_from_one_column_or_two);
#define CASE(test) add_fixture_case(s, test, open_town, close_town)
        CASE(a_clinics_list_becomes_contacts_with_their_reminders);
        CASE(the_order_of_day_and_month_is_the_files_or_the_callers);
        CASE(every_bad_row_is_told_with_its_line_and_nothing_is_added);
        CASE(the_good_rows_are_added_when_bad_ones_are_to_be_skipped);
        CASE(a_dry_run_reports_the_same_and_writes_nothing);
        CASE(a_name_may_come_in_two_parts);
        CASE(the_column_with_the_plain_name_wins_and_the_other_is_told);
        CASE(a_file_that_is_none_is_refused_as_a_whole);
        CASE(a_struct_that_was_not_initialised_is_refused);
        CASE(the_same_appointment_is_never_added_twice);
        CASE(a_file_imported_again_adds_nothing_and_the_neighbour_has_his_own);
        CASE(a_bad_row_does_not_make_the_good_one_a_duplicate);
        CASE(a_failure_in_the_middle_leaves_nothing_behind);
        CASE(a_lack_of_memory_is_told_and_leaves_nothing_behind);
        CASE(an_import_is_one_row_of_the_audit_log_without_names);
        CASE(reminders_that_could_not_be_planned_with_the_rows_are_planned_by_the_sweep);
        CASE(an_opted_out_contact_stays_opted_out_and_is_not_called);
        CASE(a_decided_appointment_stays_decided_and_is_not_called);
        CASE(what_is_exported_is_the_same_contacts_when_it_is_imported);
        CASE(an_export_can_begin_with_a_mark_and_ends_where_the_filter_says);
        CASE(an_export_that_nobody_takes_ends);
#undef CASE
        TCase *tc = tcase_create("fifty thousand");
        tcase_add_checked_fixture(tc, open_town, close_town);
        tcase_add_test(tc, fifty_thousand_rows_are_added_and_one_more_is_too_many);
        tcase_set_timeout(tc, 250);
        suite_add_tcase(s, tc);
        return s;
}
