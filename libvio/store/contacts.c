/* contacts.c - table contacts: the people a tenant has appointments with. */
#include "store/contacts.h"

#include <string.h>

#include "base/text.h"
#include "store/appointment_days.h"
#include "store/contact_row.h"
#include "store/do_not_call.h"
#include "store/ids.h"
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
    offsetof(struct vio_contact, attention_note),
};

void contact_done(struct vio_contact *c)
{
        row_disown(c, texts, count_of(texts));
}

#define AND_APPOINTMENT CONTACT_RECORD ", appointment_time"

/* How many of the indexed columns a save writes; each adds to the one above. */
enum extent { ONLY_RECORD, WITH_APPOINTMENT, WITH_PERSON };

int contact_lend(struct tenant_tx *tx, struct q *q, struct vio_contact *ret)
{
        struct vio_contact c = {
            .tenant = tx->tenant,
            .id = {q_col_int(q, 0)},
            .time_zone = (char *)q_col_text(q, 1),
            .appointment_date = (char *)q_col_text(q, 2),
            .appointment_type = (char *)q_col_text(q, 3),
            .appointment_revision = q_col_int(q, 4),
            .call_attempts = q_col_int(q, 6),
            .special_instructions = (char *)q_col_text(q, 7),
            .opted_out = q_col_int(q, 8),
            .opted_out_at = q_col_time(q, 9),
            .opt_out_reason = (char *)q_col_text(q, 10),
            .created_at = q_col_time(q, 11),
            .updated_at = q_col_time(q, 12),
            .no_show = q_col_int(q, 14),
            .attention_note = (char *)q_col_text(q, 15),
            .deleted_at = q_col_int(q, 16),
            .erased_at = q_col_int(q, 17),
            .appointment_time = q_col_time(q, 18),
            .name = (char *)q_col_text(q, 19),
            .email = (char *)q_col_text(q, 20),
            .phone = (char *)q_col_text(q, 21),
            .has_open_task = q_col_int(q, 22),
        };
        if (vio_outcome_parse(q_col_text(q, 5), &c.last_call_outcome) ||
            vio_appointment_status_parse(q_col_text(q, 13), &c.appointment_status))
                return q_err(q) ? q_err(q) : VIO_E_STORAGE;
        *ret = c;
        return q_err(q);
}

static void bind(struct q *q, const struct vio_contact *c, enum extent extent)
{
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
        q_text(q, vio_appointment_status_name(c->appointment_status));
        q_int(q, c->no_show);
        q_text(q, c->attention_note);
        q_id(q, c->deleted_at);
        q_id(q, c->erased_at);
        if (extent >= WITH_APPOINTMENT)
                q_time(q, c->appointment_time);
        if (extent >= WITH_PERSON) {
                q_text(q, c->name);
                q_text(q, c->email);
                q_text(q, c->phone);
        }
}

/* What a contact stands for in the kept counters; a removed one for nothing. */
struct weight {
        int total;
        int status[VIO_APPOINTMENT_RESCHEDULED + 1]; /* in the order of the enum */
        struct appointment_weight appointment;
};

static struct weight weigh(const struct vio_contact *c)
{
        struct weight w = {0};
        if (c->deleted_at)
                return w;
        w.total = 1;
        w.status[c->appointment_status] = 1;
        if (!c->appointment_date || c->appointment_status == VIO_APPOINTMENT_CANCELLED)
                return w;
        text_copy(w.appointment.day, sizeof(w.appointment.day), c->appointment_date);
        w.appointment.appointments = 1;
        w.appointment.no_shows = c->no_show;
        return w;
}

TENANT_SQL(sql_move, "UPDATE tenant_state SET contacts_total = contacts_total + ?2,"
                     " contacts_pending = contacts_pending + ?3,"
                     " contacts_confirmed = contacts_confirmed + ?4,"
                     " contacts_cancelled = contacts_cancelled + ?5,"
                     " contacts_rescheduled = contacts_rescheduled + ?6"
                     " WHERE tenant_id = ?1");
static int move_counts(struct tenant_tx *tx, const struct weight *before,
                       const struct weight *after)
{
        int r = appointment_days_move(tx, &before->appointment, &after->appointment);
        if (r || (before->total == after->total &&
                  memcmp(before->status, after->status, sizeof(after->status)) == 0))
                return r;
        _cleanup_q_ struct q *q = q_open(tx, &sql_move);
        q_int(q, after->total - before->total);
        for (size_t i = 0; i < count_of(after->status); i++)
                q_int(q, after->status[i] - before->status[i]);
        return q_done(q);
}

/* The contact as it is to be written: one whose number must not be called is opted out. */
static int heed(struct tenant_tx *tx, const struct vio_contact *c, struct vio_contact *ret)
{
        bool refused = false;
        *ret = *c;
        if (!c->phone || c->opted_out)
                return VIO_OK;
        int r = do_not_call_has(tx, c->phone, &refused);
        if (r || !refused)
                return r;
        ret->opted_out = true;
        ret->opted_out_at = c->updated_at;
        ret->opt_out_reason = (char *)DO_NOT_CALL_REASON;
        return VIO_OK;
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

TENANT_SQL(sql_add, "INSERT INTO contacts (tenant_id, id, " CONTACT_COLS ") VALUES"
                    " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
                    " ?17, ?18, ?19, ?20, ?21, ?22, ?23)");
static int add_row(struct tenant_tx *tx, vio_contact_id id, const struct vio_contact *c)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_add);
        q_int(q, id.v);
        bind(q, c, WITH_PERSON);
        return q_done(q);
}

int contact_insert(struct tenant_tx *tx, const struct vio_contact *c, vio_contact_id *ret)
{
        static const struct weight nothing;
        struct vio_contact heeded;
        vio_contact_id id;
        int r = heed(tx, c, &heeded);
        if (!r)
                r = take_id(tx, &id);
        if (!r)
                r = add_row(tx, id, &heeded);
        if (r)
                return r;
        struct weight after = weigh(&heeded);
        r = move_counts(tx, &nothing, &after);
        if (!r)
                *ret = id;
        return r;
}

static int load_from(struct tenant_tx *tx, struct q *q, struct vio_contact *ret)
{
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        struct vio_contact c;
        int r = contact_lend(tx, q, &c);
        if (!r)
                r = row_own(&c, texts, count_of(texts));
        if (!r)
                *ret = c;
        return r;
}

#define LOAD "SELECT " CONTACT_READ " FROM contacts WHERE tenant_id = ?1 AND id = ?2"
TENANT_SQL(sql_load, LOAD " AND deleted_at IS NULL");
int contact_load(struct tenant_tx *tx, vio_contact_id id, struct vio_contact *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_load);
        q_int(q, id.v);
        return load_from(tx, q, ret);
}

TENANT_SQL(sql_load_any, LOAD);
int contact_load_any(struct tenant_tx *tx, vio_contact_id id, struct vio_contact *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_load_any);
        q_int(q, id.v);
        return load_from(tx, q, ret);
}

/* What a save must know of the row before it. */
struct before {
        struct weight weight;
        enum extent extent;
        bool new_phone;
};

/* The numbers are those of enum extent. */
TENANT_SQL(sql_before, "SELECT appointment_status, appointment_date, no_show, deleted_at,"
                       " CASE WHEN phone IS DISTINCT FROM ?6 THEN 1 ELSE 0 END,"
                       " CASE WHEN (name, email, phone) IS DISTINCT FROM (?3, ?4, ?6) THEN 2"
                       " WHEN appointment_time IS DISTINCT FROM ?5 THEN 1"
                       " ELSE 0 END FROM contacts WHERE tenant_id = ?1 AND id = ?2");
static int read_before(struct tenant_tx *tx, const struct vio_contact *c, struct before *ret)
{
        struct vio_contact row = {0};
        _cleanup_q_ struct q *q = q_open(tx, &sql_before);
        q_int(q, c->id.v);
        q_text(q, c->name);
        q_text(q, c->email);
        q_time(q, c->appointment_time);
        q_text(q, c->phone);
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        row.appointment_date = (char *)q_col_text(q, 1);
        row.no_show = q_col_int(q, 2);
        row.deleted_at = q_col_int(q, 3);
        int r = vio_appointment_status_parse(q_col_text(q, 0), &row.appointment_status);
        if (r || q_err(q))
                return q_err(q) ? q_err(q) : r;
        ret->weight = weigh(&row);
        ret->new_phone = q_col_int(q, 4);
        ret->extent = (enum extent)q_col_int(q, 5);
        return VIO_OK;
}

#define RECORD_VALUES "?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19"
#define SAVE(columns, values)                                                                      \
        "UPDATE contacts SET (" columns ") = (" values ") WHERE tenant_id = ?1 AND id = ?2"
/* The others run only when there is something to write. */
TENANT_SQL(sql_save_record,
           SAVE(CONTACT_RECORD, RECORD_VALUES) " AND (" CONTACT_RECORD
                                               ") IS DISTINCT FROM (" RECORD_VALUES ")");
TENANT_SQL(sql_save_appointment, SAVE(AND_APPOINTMENT, RECORD_VALUES ", ?20"));
TENANT_SQL(sql_save_all, SAVE(CONTACT_COLS, RECORD_VALUES ", ?20, ?21, ?22, ?23"));
static int save_row(struct tenant_tx *tx, const struct vio_contact *c, enum extent extent)
{
        static const struct tenant_sql *const saves[] = {
            [ONLY_RECORD] = &sql_save_record,
            [WITH_APPOINTMENT] = &sql_save_appointment,
            [WITH_PERSON] = &sql_save_all,
        };
        _cleanup_q_ struct q *q = q_open(tx, saves[extent]);
        q_int(q, c->id.v);
        bind(q, c, extent);
        return q_done(q);
}

int contact_save(struct tenant_tx *tx, const struct vio_contact *c)
{
        struct before before = {.extent = ONLY_RECORD};
        struct vio_contact heeded = *c;
        int r = read_before(tx, c, &before);
        if (!r && before.new_phone)
                r = heed(tx, c, &heeded);
        if (!r)
                r = save_row(tx, &heeded, before.extent);
        if (r)
                return r;
        struct weight after = weigh(&heeded);
        return move_counts(tx, &before.weight, &after);
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
