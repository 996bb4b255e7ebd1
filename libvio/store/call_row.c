/* call_row.c - a row of call_sessions as the statements about calls read it. */
#include "store/call_row.h"

#include <string.h>

#include "base/text.h"
#include "store/row_texts.h"

static const size_t texts[] = {
    offsetof(struct vio_call, retell_call_id),       offsetof(struct vio_call, recording_url),
    offsetof(struct vio_call, disconnection_reason), offsetof(struct vio_call, transcript),
    offsetof(struct vio_call, contact_name),
};

void call_done(struct vio_call *c)
{
        row_disown(c, texts, count_of(texts));
}

int call_own(struct vio_call *c)
{
        return row_own(c, texts, count_of(texts));
}

static const char *const sources[] = {"webhook", "poll", "engine"};

/* Before its attempt is written, in the same transaction, a session counts as being dialled. */
static int read_words(struct q *q, struct vio_call *c)
{
        const char *source = q_col_text(q, 22), *state = q_col_text(q, 25);
        int i = word_find(sources, count_of(sources), source);
        c->source_of_truth = word_name(sources, count_of(sources), i);
        if (vio_call_status_parse(q_col_text(q, 3), &c->status) ||
            vio_outcome_parse(q_col_text(q, 4), &c->outcome) ||
            vio_call_type_parse(q_col_text(q, 5), &c->type) ||
            (state && dial_state_parse(state, &c->dial_state)))
                return q_err(q) ? q_err(q) : VIO_E_STORAGE;
        return q_err(q);
}

int call_lend(struct tenant_tx *tx, struct q *q, struct vio_call *ret)
{
        vio_time duration = q_col_time(q, 12); /* -1 stands for unknown in both */
        struct vio_call c = {
            .tenant = tx->tenant,
            .contact = {q_col_int(q, 1)},
            .retell_call_id = (char *)q_col_text(q, 2),
            .appointment_revision = q_col_int(q, 7),
            .created_at = q_col_time(q, 9),
            .started_at = q_col_time(q, 10),
            .ended_at = q_col_time(q, 11),
            .duration = duration,
            .recording_url = (char *)q_col_text(q, 13),
            .disconnection_reason = (char *)q_col_text(q, 14),
            .evidence_flags = (uint32_t)q_col_int(q, 15),
            .is_final = q_col_int(q, 16),
            .is_counted = q_col_int(q, 17),
            .poll_attempts = q_col_int(q, 18),
            .next_poll_at = q_col_time(q, 19),
            .deadline_at = q_col_time(q, 20),
            .webhook_verified = q_col_int(q, 21),
            .payload_webhook_last = q_col_int(q, 23),
            .payload_poll_last = q_col_int(q, 24),
            .is_open = q_col_int(q, 26),
            .is_erased = q_col_int(q, 27),
        };
        text_copy(c.id.s, sizeof(c.id.s), q_col_text(q, 0));
        text_copy(c.task.s, sizeof(c.task.s), q_col_text(q, 6));
        text_copy(c.day, sizeof(c.day), q_col_text(q, 8));
        int r = read_words(q, &c);
        if (!r)
                *ret = c;
        return r;
}
