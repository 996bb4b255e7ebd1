/* erasure.c - what the calls of an erased person give up: words, recordings, numbers. */
#include "store/erasure.h"

#include "store/attempts.h"
#include "store/ids.h"
#include "store/q.h"

/* So many calls are looked up at once; hardly anybody has more. */
#define BATCH 64

TENANT_SQL(sql_calls, "SELECT id FROM call_sessions WHERE tenant_id = ?1 AND contact_id = ?2"
                      " AND is_erased = 0 ORDER BY created_at LIMIT ?3");
static int calls_to_erase(struct tenant_tx *tx, vio_contact_id contact, vio_call_id *ret,
                          size_t *ret_n)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_calls);
        q_int(q, contact.v);
        q_int(q, BATCH);
        return uuids_read(q, ret, BATCH, ret_n);
}

TENANT_SQL(sql_session, "UPDATE call_sessions SET is_erased = 1, recording_url = NULL"
                        " WHERE tenant_id = ?1 AND id = ?2");
TENANT_SQL(sql_transcript, "DELETE FROM call_transcripts WHERE tenant_id = ?1 AND call_id = ?2");
TENANT_SQL(sql_payloads, "UPDATE retell_events SET payload = '{}' WHERE tenant_id = ?1"
                         " AND call_id = (SELECT s.retell_call_id FROM call_sessions s"
                         " WHERE s.tenant_id = ?1 AND s.id = ?2)");
TENANT_SQL(sql_dial, "UPDATE attempts SET phone = " ATTEMPT_NOBODY ", detail = NULL"
                     " WHERE tenant_id = ?1 AND call_id = ?2 AND is_open = 0"
                     " AND (SELECT s.is_final FROM call_sessions s"
                     " WHERE s.tenant_id = ?1 AND s.id = ?2) = 1");
static int erase_call(struct tenant_tx *tx, vio_call_id call)
{
        static const struct tenant_sql *const steps[] = {&sql_session, &sql_transcript,
                                                         &sql_payloads, &sql_dial};
        int r = VIO_OK;
        for (size_t i = 0; i < count_of(steps) && !r; i++) {
                _cleanup_q_ struct q *q = q_open(tx, steps[i]);
                q_text(q, call.s);
                r = q_done(q);
        }
        return r;
}

int erase_calls(struct tenant_tx *tx, vio_contact_id contact)
{
        vio_call_id calls[BATCH];
        size_t n = 0;
        int r;

        do {
                r = calls_to_erase(tx, contact, calls, &n);
                for (size_t i = 0; i < n && !r; i++)
                        r = erase_call(tx, calls[i]);
        } while (!r && n == BATCH);
        return r;
}
