/* contacts.c - table contacts: the people a tenant has appointments with. */
#include "store/contacts.h"

#include "store/ids.h"
#include "store/q.h"
#include "store/row_texts.h"

static const size_t texts[] = {
    offsetof(struct vio_contact, name),
    offsetof(struct vio_contact, phone),
    offsetof(struct vio_contact, email),
    offsetof(struct vio_contact, time_zone),
    offsetof(struct vio_contact, appointment_date),
    offsetof(struct vio_contact, appointment_type),
    offsetof(struct vio_contact, special_instructions),
    offsetof(struct vio_contact, opt_out_reason),
};

void contact_done(struct vio_contact *c)
{
        row_disown(c, texts, count_of(texts));
}

/*
 * COLS, lend() and bind() change together; id is apart because bind() does not write it. SQLite
 * writes an index anew when a column of it stands in SET, equal or not, so a save names only as
 * many columns as it must: each list adds the columns of one index to the one above.
 */
#define RECORD                                                                                     \
        "name, time_zone, appointment_date, appointment_type, appointment_revision,"               \
        " last_call_outcome, call_attempts, special_instructions, opted_out, opted_out_at,"        \
        " opt_out_reason, created_at, updated_at"
#define TO_APPOINTMENT RECORD ", appointment_time, appointment_status"
#define COLS           TO_APPOINTMENT ", email, phone"

/* How many of the indexed columns a save writes. */
enum extent { ONLY_RECORD, AND_APPOINTMENT, AND_ADDRESSES };

/* The texts point into the row. */
static int lend(struct tenant_tx *tx, struct q *q, struct vio_contact *ret)
{
        struct vio_contact c = {
            .tenant = tx->tenant,
            .id = {q_col_int(q, 0)},
            .name = (char *)q_col_text(q, 1),
            .time_zone = (char *)q_col_text(q, 2),
            .appointment_date = (char *)q_col_text(q, 3),
            .appointment_type = (char *)q_col_text(q, 4),
            .appointment_revision = q_col_int(q, 5),
            .call_attempts = q_col_int(q, 7),
            .special_instructions = (char *)q_col_text(q, 8),
            .opted_out = q_col_int(q, 9),
            .opted_out_at = q_col_time(q, 10),
            .opt_out_reason = (char *)q_col_text(q, 11),
            .created_at = q_col_time(q, 12),
            .updated_at = q_col_time(q, 13),
            .appointment_time = q_col_time(q, 14),
            .email = (char *)q_col_text(q, 16),
            .phone = (char *)q_col_text(q, 17),
        };
        if (vio_outcome_parse(q_col_text(q, 6), &c.last_call_outcome) ||
            vio_appointment_status_parse(q_col_text(q, 15), &c.appointment_status))
                return q_err(q) ? q_err(q) : VIO_E_STORAGE;
        *ret = c;
        return q_err(q);
}

static void bind(struct q *q, const struct vio_contact *c, enum extent extent)
{
        q_text(q, c->name);
        q_text(q, c->time_zone);
        q_text(q, c->appointment_date);
        q_text(q, c->appointment_type);
        q_int(q, c->appointment_revision);
        q_text(q, vio_outcome_name(c->last_call_outcome));
        q_int(q, c->call_attempts);
        q_text(q, c->special_instructions);
        q_int(q, c->opted_out);
        q_time(q, c->opted_out_at);
        q_text(q, c->opt_out_reason);
        q_time(q, c->created_at);
        q_time(q, c->updated_at);
        if (extent >= AND_APPOINTMENT) {
                q_time(q, c->appointment_time);
                q_text(q, vio_appointment_status_name(c->appointment_status));
        }
        if (extent >= AND_ADDRESSES) {
                q_text(q, c->email);
                q_text(q, c->phone);
        }
}

/* How the counts per status move, in the order of enum vio_appointment_status. */
struct moves {
        int total;
        int status[VIO_APPOINTMENT_RESCHEDULED + 1];
};

TENANT_SQL(sql_move, "UPDATE tenant_state SET contacts_total = contacts_total + ?2,"
                     " contacts_pending = contacts_pending + ?3,"
                     " contacts_confirmed = contacts_confirmed + ?4,"
                     " contacts_cancelled = contacts_cancelled + ?5,"
                     " contacts_rescheduled = contacts_rescheduled + ?6"
                     " WHERE tenant_id = ?1");
static int move_counts(struct tenant_tx *tx, const struct moves *m)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_move);
        q_int(q, m->total);
        for (size_t i = 0; i < count_of(m->status); i++)
                q_int(q, m->status[i]);
        return q_done(q);
}

TENANT_SQL(sql_take_id, "UPDATE tenant_state SET next_contact_id = next_contact_id + 1"
                        " WHERE tenant_id = ?1 RETURNING next_contact_id - 1");
static int take_id(struct tenant_tx *tx, vio_contact_id *ret)
{
        vio_contact_id id = {0};
        _cleanup_q_ struct q *q = q_open(tx, &sql_take_id);
        if (q_row(q))
                id.v = q_col_int(q, 0);
        int r = q_done(q);
        if (!r && !id.v)
                return VIO_E_NOTFOUND; /* no such tenant */
        if (!r)
                *ret = id;
        return r;
}

TENANT_SQL(sql_add, "INSERT INTO contacts (tenant_id, id, " COLS ") VALUES"
                    " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
                    " ?17, ?18, ?19)");
static int add_row(struct tenant_tx *tx, vio_contact_id id, const struct vio_contact *c)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_add);
        q_int(q, id.v);
        bind(q, c, AND_ADDRESSES);
        return q_done(q);
}

int contact_insert(struct tenant_tx *tx, const struct vio_contact *c, vio_contact_id *ret)
{
        vio_contact_id id;
        int r = take_id(tx, &id);
        if (!r)
                r = add_row(tx, id, c);
        if (r)
                return r;
        struct moves m = {.total = 1};
        m.status[c->appointment_status] = 1;
        r = move_counts(tx, &m);
        if (!r)
                *ret = id;
        return r;
}

TENANT_SQL(sql_load, "SELECT id, " COLS " FROM contacts WHERE tenant_id = ?1 AND id = ?2");
int contact_load(struct tenant_tx *tx, vio_contact_id id, struct vio_contact *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_load);
        q_int(q, id.v);
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        struct vio_contact c;
        int r = lend(tx, q, &c);
        if (!r)
                r = row_own(&c, texts, count_of(texts));
        if (!r)
                *ret = c;
        return r;
}

/* The numbers are those of enum extent. */
TENANT_SQL(sql_before,
           "SELECT appointment_status, CASE"
           " WHEN (email, phone) IS DISTINCT FROM (?3, ?4) THEN 2"
           " WHEN (appointment_time, appointment_status) IS DISTINCT FROM (?5, ?6) THEN 1"
           " ELSE 0 END FROM contacts WHERE tenant_id = ?1 AND id = ?2");
static int read_before(struct tenant_tx *tx, const struct vio_contact *c,
                       enum vio_appointment_status *ret_status, enum extent *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_before);
        q_int(q, c->id.v);
        q_text(q, c->email);
        q_text(q, c->phone);
        q_time(q, c->appointment_time);
        q_text(q, vio_appointment_status_name(c->appointment_status));
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        *ret = (enum extent)q_col_int(q, 1);
        return vio_appointment_status_parse(q_col_text(q, 0), ret_status);
}

#define RECORD_VALUES "?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15"
#define SAVE(columns, values)                                                                      \
        "UPDATE contacts SET (" columns ") = (" values ") WHERE tenant_id = ?1 AND id = ?2"
/* The others run only when there is something to write. */
TENANT_SQL(sql_save_record,
           SAVE(RECORD, RECORD_VALUES) " AND (" RECORD ") IS DISTINCT FROM (" RECORD_VALUES ")");
TENANT_SQL(sql_save_to_appointment, SAVE(TO_APPOINTMENT, RECORD_VALUES ", ?16, ?17"));
TENANT_SQL(sql_save_all, SAVE(COLS, RECORD_VALUES ", ?16, ?17, ?18, ?19"));
static int save_row(struct tenant_tx *tx, const struct vio_contact *c, enum extent extent)
{
        static const struct tenant_sql *const saves[] = {
            [ONLY_RECORD] = &sql_save_record,
            [AND_APPOINTMENT] = &sql_save_to_appointment,
            [AND_ADDRESSES] = &sql_save_all,
        };
        _cleanup_q_ struct q *q = q_open(tx, saves[extent]);
        q_int(q, c->id.v);
        bind(q, c, extent);
        return q_done(q);
}

int contact_save(struct tenant_tx *tx, const struct vio_contact *c)
{
        enum vio_appointment_status before = VIO_APPOINTMENT_PENDING;
        enum extent extent = ONLY_RECORD;
        int r = read_before(tx, c, &before, &extent);
        if (!r)
                r = save_row(tx, c, extent);
        if (r || before == c->appointment_status)
                return r;
        struct moves m = {0};
        m.status[before] = -1;
        m.status[c->appointment_status] = 1;
        return move_counts(tx, &m);
}

TENANT_SQL(sql_each, "SELECT id, " COLS " FROM contacts WHERE tenant_id = ?1 AND id > ?2"
                     " AND (?3 IS NULL OR appointment_status = ?3) ORDER BY id LIMIT ?4");
int contact_each(struct tenant_tx *tx, const struct vio_contact_filter *f,
                 int (*cb)(void *data, const struct vio_contact *c), void *data)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_each);
        q_int(q, f->after.v);
        q_text(q, f->status < 0
                      ? NULL
                      : vio_appointment_status_name((enum vio_appointment_status)f->status));
        q_int(q, f->limit ? (int64_t)f->limit : INT64_MAX);
        while (q_row(q)) {
                struct vio_contact c;
                int r = lend(tx, q, &c);
                if (!r)
                        r = cb(data, &c);
                if (r)
                        return r;
        }
        return q_err(q);
}

TENANT_SQL(sql_by_email, "SELECT id FROM contacts WHERE tenant_id = ?1 AND email = ?2"
                         " AND deleted_at IS NULL ORDER BY id LIMIT ?3");
TENANT_SQL(sql_by_phone, "SELECT id FROM contacts WHERE tenant_id = ?1 AND phone = ?2"
                         " AND deleted_at IS NULL ORDER BY id LIMIT ?3");
static int find_by(struct tenant_tx *tx, const struct tenant_sql *sql, const char *value,
                   vio_contact_id *ret, size_t n, size_t *ret_count)
{
        _cleanup_q_ struct q *q = q_open(tx, sql);
        q_text(q, value);
        q_int(q, (int64_t)n);
        return ids_read(q, ret, n, ret_count);
}

int contacts_by_email(struct tenant_tx *tx, const char *email, vio_contact_id *ret, size_t n,
                      size_t *ret_count)
{
        return find_by(tx, &sql_by_email, email, ret, n, ret_count);
}

int contacts_by_phone(struct tenant_tx *tx, const char *phone, vio_contact_id *ret, size_t n,
                      size_t *ret_count)
{
        return find_by(tx, &sql_by_phone, phone, ret, n, ret_count);
}

TENANT_SQL(sql_stats, "SELECT contacts_total, contacts_pending, contacts_confirmed,"
                      " contacts_cancelled, contacts_rescheduled"
                      " FROM tenant_state WHERE tenant_id = ?1");
int contact_stats(struct tenant_tx *tx, struct vio_contact_stats *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_stats);
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        *ret = (struct vio_contact_stats){
            .total = q_col_int(q, 0),
            .pending = q_col_int(q, 1),
            .confirmed = q_col_int(q, 2),
            .cancelled = q_col_int(q, 3),
            .rescheduled = q_col_int(q, 4),
        };
        return VIO_OK;
}

TENANT_SQL(sql_without_reminder,
           "SELECT c.id FROM contacts c WHERE c.tenant_id = ?1 AND c.appointment_status = 'pending'"
           " AND c.appointment_time > ?2 AND c.appointment_time <= ?3"
           " AND c.phone IS NOT NULL AND c.opted_out = 0"
           " AND NOT EXISTS (SELECT 1 FROM call_tasks t WHERE t.tenant_id = ?1"
           " AND t.contact_id = c.id AND t.appointment_revision = c.appointment_revision)"
           " ORDER BY c.appointment_time LIMIT ?4");
int contacts_without_reminder(struct tenant_tx *tx, vio_time from, vio_time to, vio_contact_id *ret,
                              size_t n, size_t *ret_count)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_without_reminder);
        q_int(q, from);
        q_int(q, to);
        q_int(q, (int64_t)n);
        return ids_read(q, ret, n, ret_count);
}
