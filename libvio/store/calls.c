/* calls.c - tables call_sessions, call_transcripts and call_routes. */
#include "store/calls.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "rules/figures.h"
#include "store/attempts.h"
#include "store/call_row.h"
#include "store/days.h"
#include "store/ids.h"
#include "store/q.h"

/*
 * What may change. SQLite writes an index anew when a column of it stands in SET, equal or not, so
 * a save names only as many columns as it must: each list adds one indexed column to the one above.
 */
#define RECORD                                                                                     \
        "status, outcome, appointment_revision, started_at, ended_at, duration, recording_url,"    \
        " disconnection_reason, evidence_flags, is_final, is_counted, poll_attempts,"              \
        " webhook_verified, source_of_truth, payload_webhook_last, payload_poll_last"
#define TO_POLL     RECORD ", next_poll_at"
#define TO_DEADLINE TO_POLL ", deadline_at"
#define CHANGING    TO_DEADLINE ", retell_call_id"

/* How many of the indexed columns a save writes. */
enum extent { ONLY_RECORD, AND_POLL, AND_DEADLINE, AND_RETELL_ID };

static void bind_changing(struct q *q, const struct vio_call *c, enum extent extent)
{
        q_text(q, vio_call_status_name(c->status));
        q_text(q, vio_outcome_name(c->outcome));
        q_int(q, c->appointment_revision);
        q_time(q, c->started_at);
        q_time(q, c->ended_at);
        q_time(q, c->duration);
        q_text(q, c->recording_url);
        q_text(q, c->disconnection_reason);
        q_int(q, c->evidence_flags);
        q_int(q, c->is_final);
        q_int(q, c->is_counted);
        q_int(q, c->poll_attempts);
        q_int(q, c->webhook_verified);
        q_text(q, c->source_of_truth);
        q_id(q, c->payload_webhook_last);
        q_id(q, c->payload_poll_last);
        if (extent >= AND_POLL)
                q_time(q, c->next_poll_at);
        if (extent >= AND_DEADLINE)
                q_time(q, c->deadline_at);
        if (extent >= AND_RETELL_ID)
                q_text(q, c->retell_call_id);
}

TENANT_SQL(sql_add,
           "INSERT INTO call_sessions"
           " (tenant_id, id, contact_id, call_type, task_id, day, part, created_at, " CHANGING
           ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
           " ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)");
static int add_row(struct tenant_tx *tx, const struct vio_call *c)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_add);
        q_text(q, c->id.s);
        q_int(q, c->contact.v);
        q_text(q, vio_call_type_name(c->type));
        q_text(q, *c->task.s ? c->task.s : NULL);
        q_text(q, c->day);
        q_text(q, vio_day_part_name(c->part));
        q_time(q, c->created_at);
        bind_changing(q, c, AND_RETELL_ID);
        return q_done(q);
}

TENANT_SQL(sql_transcribe, "INSERT INTO call_transcripts (tenant_id, call_id, transcript)"
                           " VALUES (?1, ?2, ?3) ON CONFLICT (tenant_id, call_id)"
                           " DO UPDATE SET transcript = excluded.transcript"
                           " WHERE transcript <> excluded.transcript");
static int save_transcript(struct tenant_tx *tx, const struct vio_call *c)
{
        if (!c->transcript)
                return VIO_OK;
        _cleanup_q_ struct q *q = q_open(tx, &sql_transcribe);
        q_text(q, c->id.s);
        q_text(q, c->transcript);
        return q_done(q);
}

int call_insert(struct tenant_tx *tx, const struct vio_call *c)
{
        int r = add_row(tx, c);
        if (!r)
                r = save_transcript(tx, c);
        if (r)
                return r;
        struct vio_call dialled = *c; /* it has no attempt yet that could say otherwise */
        dialled.dial_state = VIO_DIAL_DIALING;
        return day_move(tx, NULL, &dialled);
}

TENANT_SQL(sql_transcript, "SELECT transcript FROM call_transcripts"
                           " WHERE tenant_id = ?1 AND call_id = ?2");
/* Makes @c, whose texts are lent, a row that owns them. */
static int own(struct tenant_tx *tx, struct vio_call *c, bool transcript)
{
        _cleanup_q_ struct q *q = NULL;
        if (transcript) {
                q = q_open(tx, &sql_transcript);
                q_text(q, c->id.s);
                if (q_row(q))
                        c->transcript = (char *)q_col_text(q, 0);
                if (q_err(q))
                        return q_err(q);
        }
        return call_own(c);
}

static int load_from(struct tenant_tx *tx, struct q *q, bool transcript, struct vio_call *ret)
{
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        struct vio_call c;
        int r = call_lend(tx, q, &c);
        if (!r)
                r = own(tx, &c, transcript);
        if (!r)
                *ret = c;
        return r;
}

TENANT_SQL(sql_contact_name, "SELECT name FROM contacts WHERE tenant_id = ?1 AND id = ?2");
int call_load_contact_name(struct tenant_tx *tx, struct vio_call *c)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_contact_name);
        q_int(q, c->contact.v);
        if (!q_row(q))
                return q_err(q);
        mem_free(c->contact_name);
        c->contact_name = mem_text(q_col_text(q, 0));
        return c->contact_name ? q_err(q) : VIO_E_NOMEM;
}

TENANT_SQL(sql_load, "SELECT " CALL_COLS CALL_FROM " WHERE s.tenant_id = ?1 AND s.id = ?2");
int call_load(struct tenant_tx *tx, vio_call_id id, bool transcript, struct vio_call *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_load);
        q_text(q, id.s);
        return load_from(tx, q, transcript, ret);
}

TENANT_SQL(sql_load_by_retell_id,
           "SELECT " CALL_COLS CALL_FROM " WHERE s.tenant_id = ?1 AND s.retell_call_id = ?2");
int call_load_by_retell_id(struct tenant_tx *tx, const char *retell_call_id, bool transcript,
                           struct vio_call *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_load_by_retell_id);
        q_text(q, retell_call_id);
        return load_from(tx, q, transcript, ret);
}

#define BRIEF "s.day, s.status, s.outcome, s.duration, a.state, s.part"
static int read_brief(struct tenant_tx *tx, struct q *q, vio_call_id id, struct vio_call *ret)
{
        struct vio_call c = {.tenant = tx->tenant, .id = id};
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        text_copy(c.day, sizeof(c.day), q_col_text(q, 0));
        c.duration = q_col_time(q, 3);
        c.part = day_part_named(q_col_text(q, 5));
        const char *state = q_col_text(q, 4);
        if (vio_call_status_parse(q_col_text(q, 1), &c.status) ||
            vio_outcome_parse(q_col_text(q, 2), &c.outcome) ||
            (state && dial_state_parse(state, &c.dial_state)))
                return q_err(q) ? q_err(q) : VIO_E_STORAGE;
        if (!q_err(q))
                *ret = c;
        return q_err(q);
}

TENANT_SQL(sql_brief, "SELECT " BRIEF CALL_FROM " WHERE s.tenant_id = ?1 AND s.id = ?2");
int call_load_brief(struct tenant_tx *tx, vio_call_id id, struct vio_call *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_brief);
        q_text(q, id.s);
        return read_brief(tx, q, id, ret);
}

/* The numbers are those of enum extent. */
TENANT_SQL(
    sql_before,
    "SELECT " BRIEF ", CASE WHEN s.retell_call_id IS DISTINCT FROM ?3 THEN 3"
    " WHEN s.deadline_at IS DISTINCT FROM ?4 THEN 2 WHEN s.next_poll_at IS DISTINCT FROM ?5 THEN 1"
    " ELSE 0 END" CALL_FROM " WHERE s.tenant_id = ?1 AND s.id = ?2");
static int read_before(struct tenant_tx *tx, const struct vio_call *c, struct vio_call *ret_brief,
                       enum extent *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_before);
        q_text(q, c->id.s);
        q_text(q, c->retell_call_id);
        q_time(q, c->deadline_at);
        q_time(q, c->next_poll_at);
        int r = read_brief(tx, q, c->id, ret_brief);
        if (!r)
                *ret = (enum extent)q_col_int(q, 6);
        return r;
}

#define RECORD_VALUES "?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18"
#define SAVE(columns, values)                                                                      \
        "UPDATE call_sessions SET (" columns ") = (" values ") WHERE tenant_id = ?1 AND id = ?2"
/* The others run only when there is something to write. */
TENANT_SQL(sql_save_record,
           SAVE(RECORD, RECORD_VALUES) " AND (" RECORD ") IS DISTINCT FROM (" RECORD_VALUES ")");
TENANT_SQL(sql_save_to_poll, SAVE(TO_POLL, RECORD_VALUES ", ?19"));
TENANT_SQL(sql_save_to_deadline, SAVE(TO_DEADLINE, RECORD_VALUES ", ?19, ?20"));
TENANT_SQL(sql_save_all, SAVE(CHANGING, RECORD_VALUES ", ?19, ?20, ?21"));
static int save_row(struct tenant_tx *tx, const struct vio_call *c, enum extent extent)
{
        static const struct tenant_sql *const saves[] = {
            [ONLY_RECORD] = &sql_save_record,
            [AND_POLL] = &sql_save_to_poll,
            [AND_DEADLINE] = &sql_save_to_deadline,
            [AND_RETELL_ID] = &sql_save_all,
        };
        _cleanup_q_ struct q *q = q_open(tx, saves[extent]);
        q_text(q, c->id.s);
        bind_changing(q, c, extent);
        return q_done(q);
}

int call_save(struct tenant_tx *tx, const struct vio_call *c)
{
        struct vio_call before;
        enum extent extent = ONLY_RECORD;
        int r = read_before(tx, c, &before, &extent);
        if (!r)
                r = save_row(tx, c, extent);
        if (!r)
                r = save_transcript(tx, c);
        if (!r && c->is_erased && c->is_final)
                r = attempt_forget(tx, c->id);
        if (r)
                return r;
        struct vio_call after = before; /* day, part and dial state are not ours to change */
        after.status = c->status;
        after.outcome = c->outcome;
        after.duration = c->duration;
        return day_move(tx, &before, &after);
}

TENANT_SQL(sql_route_add, "INSERT INTO call_routes (tenant_id, retell_call_id) VALUES (?1, ?2)"
                          " ON CONFLICT (retell_call_id, tenant_id) DO NOTHING");
int call_route_add(struct tenant_tx *tx, const char *retell_call_id)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_route_add);
        q_text(q, retell_call_id);
        return q_done(q);
}

SYSTEM_SQL(sql_routes, "SELECT tenant_id FROM call_routes WHERE retell_call_id = ?1"
                       " ORDER BY tenant_id LIMIT ?2");
int call_routes(struct system_tx *tx, const char *retell_call_id, vio_tenant_id *ret, size_t n,
                size_t *ret_count)
{
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_routes);
        q_text(q, retell_call_id);
        q_int(q, (int64_t)n);
        return ids_read(q, ret, n, ret_count);
}
