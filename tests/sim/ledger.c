/* ledger.c - what was told of each call, joined; no record may ever say less than that. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/handle.h"
#include "flow/evidence.h"
#include "remote/retell.h"
#include "sim.h"
#include "store/calls.h"

/* A call may still be under way, or its webhooks be. */
#define TIME_TO_TELL (1 * HOURS)

static struct known *known_of(struct sim *s, const char *call_id)
{
        static const struct vio_evidence nothing = VIO_EVIDENCE_INIT;
        for (size_t i = s->n_known; i-- > 0;)
                if (strcmp(s->known[i].call, call_id) == 0)
                        return &s->known[i];
        if (s->n_known == MOST_CALLS || strlen(call_id) >= sizeof(s->known[0].call))
                broken(s, call_id, "there is no room for another call in the ledger");
        struct known *k = &s->known[s->n_known++];
        strcpy(k->call, call_id);
        k->evidence = nothing;
        return k;
}

static void own_text(const char **field, const char *value)
{
        char *copy = value ? strdup(value) : NULL;
        free((char *)*field);
        *field = copy;
}

static void join(struct known *k, const struct vio_evidence *e)
{
        struct vio_evidence old = k->evidence;
        struct vio_evidence joined;
        vio_evidence_join(&old, e, &joined);
        k->evidence = joined;
        k->evidence.transcript = old.transcript;
        k->evidence.recording_url = old.recording_url;
        k->evidence.disconnection_reason = old.disconnection_reason;
        if (joined.transcript != old.transcript)
                own_text(&k->evidence.transcript, joined.transcript);
        if (joined.recording_url != old.recording_url)
                own_text(&k->evidence.recording_url, joined.recording_url);
        if (joined.disconnection_reason != old.disconnection_reason)
                own_text(&k->evidence.disconnection_reason, joined.disconnection_reason);
}

/* A record keeps whole seconds. */
static struct vio_evidence evidence_of(const struct vio_retell_call *wire)
{
        struct vio_evidence e = VIO_EVIDENCE_INIT;
        vio_retell_evidence(wire, &e);
        if (e.duration_ms >= 0)
                e.duration_ms = (e.duration_ms + 500) / SECONDS * SECONDS;
        return e;
}

void ledger_hear(struct sim *s, const struct vio_retell_call *wire)
{
        struct vio_evidence e = evidence_of(wire);
        join(known_of(s, wire->call_id), &e);
}

void ledger_note_answer(struct sim *s, const char *body, size_t len)
{
        if (s->n_told == MOST_TOLD)
                broken(s, "", "there is no room for another answer in the ledger");
        s->told[s->n_told++] = strndup(body, len);
}

void ledger_end_step(struct sim *s, bool succeeded)
{
        for (size_t i = 0; i < s->n_told; i++) {
                struct retell_answer a = {0};
                if (succeeded && retell_call_parse(s->told[i], strlen(s->told[i]), &a) == 0)
                        ledger_hear(s, &a.call);
                retell_answer_free(&a);
                free(s->told[i]);
        }
        s->n_told = 0;
}

void ledger_end(struct sim *s)
{
        ledger_end_step(s, false);
        for (size_t i = 0; i < s->n_known; i++) {
                own_text(&s->known[i].evidence.transcript, NULL);
                own_text(&s->known[i].evidence.recording_url, NULL);
                own_text(&s->known[i].evidence.disconnection_reason, NULL);
        }
        s->n_known = 0;
}

/* Records against the ledger */

struct visit {
        struct sim *s;
        struct tenant_tx *tx;
};

static void check_erased(struct sim *s, const struct vio_call *c, struct known *k)
{
        if (c->transcript || c->recording_url)
                broken(s, k->call, "the words of somebody who was erased are kept");
        own_text(&k->evidence.transcript, NULL);
        own_text(&k->evidence.recording_url, NULL);
}

static void compare(struct sim *s, const struct vio_call *c, struct known *k)
{
        struct vio_evidence says = evidence_known(c);
        struct vio_evidence joined;

        if (c->is_erased)
                check_erased(s, c, k);
        vio_evidence_join(&says, &k->evidence, &joined);
        if (joined.outcome != says.outcome)
                broken(s, k->call, "the outcome is %s, and was %s", vio_outcome_name(says.outcome),
                       vio_outcome_name(joined.outcome));
        if (!vio_evidence_equal(&joined, &says))
                broken(s, k->call, "the record (status %d, flags %u) says less than was told",
                       (int)says.status, says.flags);
        if (k->is_final && !c->is_final)
                broken(s, k->call, "a final call is open again");
        k->is_final = c->is_final;
        join(k, &says);
}

static int check_one(void *data, const struct vio_call *listed)
{
        struct visit *v = data;
        _cleanup_call_ struct vio_call c = {0};
        if (!listed->retell_call_id)
                return 0;
        int r = call_load(v->tx, listed->id, true, &c);
        if (!r)
                compare(v->s, &c, known_of(v->s, c.retell_call_id));
        return r;
}

static int check_in(struct tenant_tx *tx, void *arg)
{
        struct visit v = {arg, tx};
        struct vio_call_filter f = VIO_CALL_FILTER_INIT;
        char cursor[VIO_CALL_CURSOR] = "";
        char next[VIO_CALL_CURSOR] = "";
        int r;
        f.limit = 500;
        do {
                memcpy(cursor, next, sizeof(cursor));
                f.after = cursor;
                r = call_page(tx, &f, check_one, &v, next);
        } while (!r && *next);
        return r;
}

void ledger_check(struct sim *s, struct clinic *c)
{
        struct fault f = {0};
        int r = store_read_tenant(s->v->engine.store, c->id, check_in, s, &f);
        if (r)
                broken(s, "", "the calls cannot be read: %s", vio_err_name(r));
}

/* Records against the world */

static int ask_world(struct sim *s, const struct world_ring *ring, struct retell_answer *ret)
{
        struct world_answer a;
        char path[128];
        char key[80];
        const char *text;
        size_t len;

        snprintf(path, sizeof(path), "/v2/get-call/%s", ring->call_id);
        snprintf(key, sizeof(key), "Bearer %s", ring->api_key);
        struct world_request rq = {.method = "GET", .path = path, .authorization = key};
        if (world_request(s->world, s->now, &rq, &a) < 0)
                broken(s, "", "the world has no memory left");
        int r = vio_json_writer_text(a.body, &text, &len);
        if (!r)
                r = retell_call_parse(text, len, ret);
        world_answer_clear(&a);
        return r;
}

/* Whether all that the world knows could have been told without any trouble. */
static bool was_easy(const struct sim *s, const struct world_ring *ring, const struct clinic *c)
{
        return ring->at > s->calm_since + 1 * HOURS && ring->at < s->now - TIME_TO_TELL &&
               strcmp(ring->api_key, c->key) == 0 && !c->key_unsure;
}

void ledger_check_truth(struct sim *s, const struct world_ring *ring, struct clinic *c)
{
        struct retell_answer truth = {0};
        vio_call *call = NULL;
        vio_call_id id;
        char about[64];

        snprintf(about, sizeof(about), "%s", ring->call_id);
        bool easy = was_easy(s, ring, c);
        if (vio_call_id_parse(ring->attempt_ref, &id) < 0 ||
            vio_call_get(c->handle, id, &call) != VIO_OK)
                return;
        if (ask_world(s, ring, &truth) < 0)
                broken(s, about, "the world does not know its own call");
        struct vio_evidence e = evidence_of(&truth.call);
        enum vio_outcome kept = vio_call_get_outcome(call);
        if (kept > e.outcome && kept != VIO_OUTCOME_FAILED)
                broken(s, about, "the outcome is %s, which nobody told", vio_outcome_name(kept));
        if (easy && kept != e.outcome)
                broken(s, about, "the outcome is %s, the world's is %s", vio_outcome_name(kept),
                       vio_outcome_name(e.outcome));
        retell_answer_free(&truth);
        vio_call_free(call);
}
