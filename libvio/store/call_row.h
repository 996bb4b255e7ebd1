/* call_row.h - a row of call_sessions as the statements about calls read it. */
#ifndef VIO_STORE_CALL_ROW_H
#define VIO_STORE_CALL_ROW_H

#include "store/q.h"
#include "store/rows.h"

/* CALL_COLS and call_lend() change together; the attempt gives two of them. */
#define CALL_COLS                                                                                  \
        "s.id, s.contact_id, s.retell_call_id, s.status, s.outcome, s.call_type, s.task_id,"       \
        " s.appointment_revision, s.day, s.created_at, s.started_at, s.ended_at, s.duration,"      \
        " s.recording_url, s.disconnection_reason, s.evidence_flags, s.is_final, s.is_counted,"    \
        " s.poll_attempts, s.next_poll_at, s.deadline_at, s.webhook_verified, s.source_of_truth,"  \
        " s.payload_webhook_last, s.payload_poll_last, a.state, a.is_open, s.is_erased"
#define CALL_N_COLS 28 /* the number of the column after them */
#define CALL_FROM                                                                                  \
        " FROM call_sessions s"                                                                    \
        " LEFT JOIN attempts a ON a.tenant_id = ?1 AND a.call_id = s.id"

/* The columns in the order of CALL_COLS, from the first one on; the texts point into the row. */
int call_lend(struct tenant_tx *tx, struct q *q, struct vio_call *ret);

/* Makes @c, whose texts are lent, a row that owns them. */
_must_check_ int call_own(struct vio_call *c);

#endif
