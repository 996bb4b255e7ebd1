/* contact_row.h - the columns of table contacts and how a row is read; for the store alone. */
#ifndef VIO_STORE_CONTACT_ROW_H
#define VIO_STORE_CONTACT_ROW_H

#include "store/q.h"
#include "store/rows.h"

/*
 * These lists, contact_lend() and bind() in contacts.c change together. SQLite writes an index anew
 * when a column of it stands in SET, equal or not, so a save names only as many columns as it must.
 */
#define CONTACT_RECORD                                                                             \
        "time_zone, appointment_date, appointment_type, appointment_revision,"                     \
        " last_call_outcome, call_attempts, special_instructions, opted_out, opted_out_at,"        \
        " opt_out_reason, created_at, updated_at, appointment_status, no_show, attention_note,"    \
        " deleted_at, erased_at"
#define CONTACT_COLS CONTACT_RECORD ", appointment_time, name, email, phone"

/* A call is planned or under way. Only of use where the last one failed, so asked only there. */
#define CONTACT_FAILED "(appointment_status = 'pending' AND last_call_outcome = 'failed')"
#define CONTACT_HAS_OPEN_TASK                                                                      \
        "EXISTS (SELECT 1 FROM call_tasks t WHERE t.tenant_id = ?1 AND t.contact_id = contacts.id" \
        " AND t.status IN ('pending', 'processing'))"
/* What contact_lend() reads. */
#define CONTACT_READ                                                                               \
        "id, " CONTACT_COLS ", CASE WHEN " CONTACT_FAILED " AND " CONTACT_HAS_OPEN_TASK            \
        " THEN 1 ELSE 0 END"
/* The column after them. */
#define CONTACT_READ_COUNT 23

/* The texts point into the row. */
int contact_lend(struct tenant_tx *tx, struct q *q, struct vio_contact *ret);

#endif
