/* import_row.c - a row of a CSV file becomes a contact, checked but not written yet. */
#include "flow/import_row.h"

#include <string.h>
#include <strings.h>

#include "base/calendar.h"
#include "base/mem.h"
#include "flow/contact_fields.h"
#include "rules/phone_cell.h"

/* The header */

/* A column by its own name is preferred to one by another name, and the first of its kind wins. */
static bool is_exact(const char *header, enum column column)
{
        return strcasecmp(header, column_name(column)) == 0;
}

static void place(const struct csv_row *header, int cell, struct import_columns *columns)
{
        enum column column;
        if (column_find(header->cells[cell], &column) < 0)
                return;
        int *at = &columns->at[column];
        if (*at < 0 ||
            (is_exact(header->cells[cell], column) && !is_exact(header->cells[*at], column)))
                *at = cell;
}

int import_columns_read(const struct csv_row *header, struct import_columns *ret, struct fault *f)
{
        struct import_columns c = {.width = header->n};
        for (size_t i = 0; i < COLUMN_COUNT; i++)
                c.at[i] = -1;
        if (header->problem)
                return fault_set(f, VIO_E_INVALID, "line %lld: %s", (long long)header->line,
                                 header->problem);
        for (size_t i = 0; i < header->n; i++)
                place(header, (int)i, &c);
        if (c.at[COLUMN_NAME] >= 0)
                c.at[COLUMN_FIRST_NAME] = c.at[COLUMN_LAST_NAME] = -1;
        else if (c.at[COLUMN_FIRST_NAME] < 0 && c.at[COLUMN_LAST_NAME] < 0)
                return fault_set(f, VIO_E_INVALID,
                                 "name: the first row of the file must name its columns, and one "
                                 "of them \"name\"");
        for (size_t i = 0; i < COLUMN_COUNT; i++)
                if (c.at[i] >= 0)
                        c.known[c.at[i]] = true;
        *ret = c;
        return 0;
}

/* The cells of a row */

bool import_row_empty(const struct csv_row *row)
{
        for (size_t i = 0; i < row->n; i++)
                if (*row->cells[i])
                        return false;
        return !row->problem;
}

/* The text in a column; "" where there is none. */
static const char *cell(const struct import_columns *columns, const struct csv_row *row,
                        enum column column)
{
        int at = columns->at[column];
        return at >= 0 && (size_t)at < row->n ? csv_bare(row->cells[at]) : "";
}

/* Only a name and a text may have blanks around them. */
static void trim_cells(const struct import_columns *columns, struct csv_row *row)
{
        for (int column = 0; column < COLUMN_COUNT; column++) {
                int at = columns->at[column];
                if (column == COLUMN_NAME || column == COLUMN_TYPE ||
                    column == COLUMN_INSTRUCTIONS || at < 0 || (size_t)at >= row->n)
                        continue;
                char *text = row->cells[at] += strspn(row->cells[at], " \t");
                size_t len = strlen(text);
                while (len && strchr(" \t", text[len - 1]))
                        text[--len] = '\0';
        }
}

void import_row_see(const struct import_columns *columns, const struct csv_row *row,
                    struct day_orders *orders)
{
        day_orders_see(orders, cell(columns, row, COLUMN_DATE));
        day_orders_see(orders, cell(columns, row, COLUMN_TIME));
}

static int check_shape(const struct import_columns *columns, const struct csv_row *row,
                       struct fault *f)
{
        if (row->problem)
                return fault_set(f, VIO_E_INVALID, "%s", row->problem);
        for (size_t i = columns->width; i < row->n; i++)
                if (*row->cells[i])
                        return fault_set(f, VIO_E_INVALID,
                                         "the row has more cells than the header; a text with the "
                                         "separator in it needs quotes");
        return 0;
}

/* One field of a contact after the other */

struct making {
        const struct import_reader *reader;
        const struct csv_row *row;
        struct vio_contact_fields fields;
        struct text name; /* where its parts are joined */
        char phone[VIO_PHONE_SIZE];
        char date[11];
        enum vio_appointment_status status;
        bool opted_out;
};

static const char *text_in(const struct making *m, enum column column)
{
        return cell(&m->reader->columns, m->row, column);
}

static const char *text_or_null(const struct making *m, enum column column)
{
        const char *text = text_in(m, column);
        return *text ? text : NULL;
}

static int make_name(struct making *m, struct fault *f)
{
        m->fields.name = text_or_null(m, COLUMN_NAME);
        if (m->reader->columns.at[COLUMN_NAME] >= 0)
                return 0;
        const char *first = text_in(m, COLUMN_FIRST_NAME), *last = text_in(m, COLUMN_LAST_NAME);
        text_add(&m->name, first);
        text_add(&m->name, *first && *last ? " " : "");
        text_add(&m->name, last);
        if (m->name.failed)
                return fault_plain(f, VIO_E_NOMEM);
        m->fields.name = m->name.len ? m->name.p : NULL;
        return 0;
}

static int make_phone(struct making *m, struct fault *f)
{
        const char *problem;
        if (!*text_in(m, COLUMN_PHONE))
                return 0;
        if (phone_cell_read(text_in(m, COLUMN_PHONE), m->reader->profile->country, m->phone,
                            &problem) < 0)
                return fault_set(f, VIO_E_INVALID, "phone: %s", problem);
        m->fields.phone = m->phone;
        return 0;
}

static int read_day_text(const struct making *m, enum column column, struct day_text *ret,
                         struct fault *f)
{
        const char *problem;
        *ret = (struct day_text){.absolute = VIO_TIME_NONE};
        if (!*text_in(m, column) ||
            day_text_read(text_in(m, column), m->reader->dates, ret, &problem) == 0)
                return 0;
        return fault_set(f, VIO_E_INVALID, "%s: %s", column_name(column), problem);
}

static int local_to_time(const struct making *m, int64_t day, int32_t second, vio_time *ret)
{
        struct vio_local local = {.second = second};
        struct vio_contact c = {.time_zone = (char *)m->fields.time_zone};
        int64_t year;
        calendar_date(day, &year, &local.month, &local.day);
        local.year = (int32_t)year;
        const vio_zone *zone;
        int r = profile_zone_of(m->reader->acting->e, m->reader->profile, &c, &zone);
        if (!r)
                *ret = vio_zone_utc(zone, &local);
        return r;
}

/* Two columns may say the same twice, but not two things. A date's midnight is a spreadsheet's. */
static int join(const struct day_text *date, const struct day_text *time, struct day_text *ret,
                struct fault *f)
{
        struct day_text j = *time;
        if (date->absolute != VIO_TIME_NONE && time->absolute == VIO_TIME_NONE) {
                if (time->has_clock || time->has_day)
                        return fault_set(f, VIO_E_INVALID, "appointmentDate: must be a date alone");
                j.absolute = date->absolute;
        }
        if (date->has_clock && date->second && (time->has_clock || time->absolute != VIO_TIME_NONE))
                return fault_set(f, VIO_E_INVALID, "appointmentDate: must be a date alone");
        if (date->has_clock && !time->has_clock) {
                j.has_clock = true;
                j.second = date->second;
        }
        if (date->has_day && time->has_day && date->day != time->day)
                return fault_set(f, VIO_E_INVALID,
                                 "appointmentDate: is not the day of appointmentTime");
        if (date->has_day) {
                j.has_day = true;
                j.day = date->day;
        }
        if (j.has_clock && !j.has_day)
                return fault_set(f, VIO_E_INVALID, "appointmentTime: has no date");
        *ret = j;
        return 0;
}

static int make_appointment(struct making *m, struct fault *f)
{
        struct day_text date, time, both = {.absolute = VIO_TIME_NONE};
        int r = read_day_text(m, COLUMN_DATE, &date, f);
        if (!r)
                r = read_day_text(m, COLUMN_TIME, &time, f);
        if (!r)
                r = join(&date, &time, &both, f);
        if (r)
                return r;
        if (both.has_day) {
                calendar_format_date(both.day, m->date);
                m->fields.appointment_date = m->date;
        }
        if (both.absolute != VIO_TIME_NONE)
                m->fields.appointment_time = both.absolute;
        else if (both.has_clock)
                r = local_to_time(m, both.day, both.second, &m->fields.appointment_time);
        return r ? fault_plain(f, r) : 0;
}

static int make_state(struct making *m, struct fault *f)
{
        const char *status = text_in(m, COLUMN_STATUS), *opted_out = text_in(m, COLUMN_OPTED_OUT);
        if (*status && vio_appointment_status_parse(status, &m->status) < 0)
                return fault_set(f, VIO_E_INVALID,
                                 "appointmentStatus: must be pending, confirmed, cancelled or "
                                 "rescheduled");
        if (*opted_out && column_flag(opted_out, &m->opted_out) < 0)
                return fault_set(f, VIO_E_INVALID, "optedOut: must be yes or no");
        return 0;
}

static int make_fields(struct making *m, struct fault *f)
{
        m->fields.email = text_or_null(m, COLUMN_EMAIL);
        m->fields.time_zone = text_or_null(m, COLUMN_TIME_ZONE);
        m->fields.appointment_type = text_or_null(m, COLUMN_TYPE);
        m->fields.special_instructions = text_or_null(m, COLUMN_INSTRUCTIONS);
        int r = make_name(m, f);
        if (!r)
                r = make_phone(m, f);
        if (!r)
                r = make_appointment(m, f);
        return r ? r : make_state(m, f);
}

static int make_contact(const struct making *m, struct vio_contact *c, struct fault *f)
{
        const struct acting *a = m->reader->acting;
        bool moved;

        *c = (struct vio_contact){.tenant = a->tenant,
                                  .appointment_time = VIO_TIME_NONE,
                                  .appointment_status = m->status,
                                  .appointment_revision = 1,
                                  .opted_out = m->opted_out,
                                  .opted_out_at = m->opted_out ? a->now : VIO_TIME_NONE,
                                  .created_at = a->now,
                                  .updated_at = a->now};
        if (m->opted_out && !(c->opt_out_reason = mem_text("imported so")))
                return fault_plain(f, VIO_E_NOMEM);
        return contact_fields_take(a->e, m->reader->profile, &m->fields, c, &moved, f);
}

int import_row_read(const struct import_reader *reader, struct csv_row *row,
                    struct vio_contact *ret, struct fault *f)
{
        struct making m = {.reader = reader, .row = row, .fields = VIO_CONTACT_FIELDS_INIT};
        _cleanup_contact_ struct vio_contact c = {0};

        trim_cells(&reader->columns, row);
        int r = check_shape(&reader->columns, row, f);
        if (!r)
                r = make_fields(&m, f);
        if (!r)
                r = make_contact(&m, &c, f);
        text_free(&m.name);
        if (r)
                return r;
        *ret = c;
        c = (struct vio_contact){0};
        return 0;
}
