/* summary.c - the daily summary: when it falls due, what it says, that it is sent once. */
#include "flow/summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <vio/json.h>

#include "base/calendar.h"
#include "flow/mail.h"
#include "flow/summary_plan.h"
#include "flow/summary_text.h"
#include "store/mail.h"
#include "store/summary_runs.h"

/* Longer than any exchange: nobody else sends a run meanwhile. */
#define LEASE_MS (2 * MS_PER_MINUTE)
/* Resend takes two a second in its strictest documentation. */
#define SLOT_MS 500
/* While Resend is in trouble, every mail would hold up the step for its whole timeout. */
#define PAUSE_MS (1 * MS_PER_MINUTE)

/* One round for a tenant: the run that is made or taken, and what became of it. */
struct round {
        struct acting a;
        bool due;     /* a new one is due */
        bool waiting; /* or an old one waits to be sent */
        bool taken;   /* @run is ours to send */
        struct summary_run run;
        struct resend_answer answer;
};

static int look_in(struct tenant_tx *tx, void *arg)
{
        struct round *round = arg;
        struct summary_run run = {0};
        vio_time next = VIO_TIME_NONE;

        int r = summary_next_get(tx, &next);
        round->due = next != VIO_TIME_NONE && next <= round->a.now;
        if (!r)
                r = summary_run_due(tx, round->a.now, &run);
        round->waiting = r == 0;
        summary_run_done(&run);
        return r == VIO_E_NOTFOUND ? 0 : r;
}

/* Making a run */

static vio_time next_slot(const struct acting *a)
{
        struct engine *e = a->e;
        /* A slot that is far ahead was given before the clock was set back. */
        bool sound = e->mail_slot > a->now && e->mail_slot <= a->now + MS_PER_HOUR;
        vio_time at = sound ? e->mail_slot : a->now;
        e->mail_slot = at + SLOT_MS;
        return at;
}

static int add_run(const struct acting *a, struct tenant_tx *tx, const char *day,
                   const struct text *request, const char *obstacle)
{
        struct summary_run run = {.state = obstacle ? RUN_SKIPPED : RUN_PENDING,
                                  .request = request->p,
                                  .next_at = obstacle ? VIO_TIME_NONE : next_slot(a),
                                  .error = (char *)obstacle,
                                  .created_at = a->now};
        snprintf(run.day, sizeof(run.day), "%s", day);
        return summary_run_insert(tx, &run);
}

static int obstacle_now(const struct acting *a, struct tenant_tx *tx, const struct profile *p,
                        const struct summary_plan *plan, struct text *ret)
{
        if (p->suspended && !ret->len)
                text_add(ret, "the tenant is suspended");
        if (ret->failed)
                return VIO_E_NOMEM;
        return ret->len ? 0 : mail_obstacle(a, tx, plan->recipient, ret);
}

static int make_run(const struct acting *a, struct tenant_tx *tx, const struct profile *p,
                    const struct summary_plan *plan, vio_time due)
{
        _cleanup_paper_ struct paper paper = {0};
        _cleanup_text_ struct text request = TEXT_INIT, obstacle = TEXT_INIT;
        char day[11], today[11];

        summary_day(plan, due, day);
        summary_day(plan, a->now, today);
        if (strcmp(day, today) != 0)
                text_add(&obstacle, "nothing ran on that day");
        int r = obstacle_now(a, tx, p, plan, &obstacle);
        if (!r && !obstacle.len)
                r = paper_write(p, tx, plan->zone, due, &paper);
        if (!r && !obstacle.len)
                r = paper_request(a, p, &paper, "", &request);
        if (!r)
                r = add_run(a, tx, day, &request, obstacle.len ? text_str(&obstacle) : NULL);
        return r == VIO_E_CONFLICT ? 0 : r; /* the day has its summary */
}

/* Of a missed day only a row is left; today's is caught up on. */
static vio_time after_which(const struct summary_plan *plan, vio_time due, vio_time now)
{
        vio_time midnight = summary_day_start(plan, now);
        return due < midnight ? midnight - 1 : due;
}

static int make_in(struct tenant_tx *tx, void *arg)
{
        struct round *round = arg;
        const struct acting *a = &round->a;
        _cleanup_profile_ struct profile p = {0};
        struct summary_plan plan = {0};
        vio_time due = VIO_TIME_NONE;

        int r = summary_next_get(tx, &due);
        if (r || due == VIO_TIME_NONE || due > a->now)
                return r; /* another process was quicker */
        r = profile_load(a->e, tx, &p);
        if (!r)
                r = summary_plan_read(a->e, &p.settings, tx_fault(tx), &plan);
        if (!r && plan.enabled)
                r = make_run(a, tx, &p, &plan, due);
        return r ? r : summary_plan_next(tx, &plan, after_which(&plan, due, a->now));
}

/* Taking a run */

/* Whether the rendered mail goes to somebody else than the settings say now. */
static int recipient_changed(const struct summary_run *run, const char *recipient, bool *ret)
{
        vio_json *json = NULL;
        int r = vio_json_parse(run->request, strlen(run->request), &json);
        if (r == VIO_E_NOMEM)
                return r;
        const char *to = vio_json_text(vio_json_first(vio_json_get(json, "to")));
        *ret = !to || !recipient || strcmp(to, recipient) != 0;
        vio_json_free(json);
        return 0;
}

/* What was decided when the run was made may not hold any more. */
static int obstacle_since(const struct acting *a, struct tenant_tx *tx,
                          const struct summary_run *run, struct text *ret)
{
        _cleanup_profile_ struct profile p = {0};
        struct summary_plan plan = {0};
        bool changed = false;

        int r = profile_load(a->e, tx, &p);
        if (!r)
                r = summary_plan_read(a->e, &p.settings, tx_fault(tx), &plan);
        if (!r)
                r = recipient_changed(run, plan.recipient, &changed);
        if (r)
                return r;
        if (!plan.enabled)
                text_add(ret, "it was switched off before it was sent");
        else if (changed)
                text_add(ret, "the recipient was changed before it was sent");
        return obstacle_now(a, tx, &p, &plan, ret);
}

static int end_run(const struct acting *a, struct tenant_tx *tx, const char *day,
                   enum run_state state, const char *why)
{
        int r = summary_run_end(tx, day, state, why, NULL, a->now);
        if (!r && state == RUN_FAILED)
                r = tenant_alert(tx);
        return r;
}

/* After that time Resend has forgotten the key: what has become of it will not be known. */
static bool too_late(const struct acting *a, const struct summary_run *run)
{
        return run->attempts >= MAIL_MOST_ATTEMPTS || a->now > run->created_at + MAIL_REPEAT_MS;
}

static int give_up(const struct acting *a, struct tenant_tx *tx, const struct summary_run *run)
{
        char why[300];

        if (run->attempts == 0)
                return end_run(a, tx, run->day, RUN_SKIPPED, "it could not be sent on its day");
        snprintf(why, sizeof(why), "no clear answer to %" PRId64 " attempts%s%s", run->attempts,
                 run->error ? "; the last: " : "", run->error ? run->error : "");
        return end_run(a, tx, run->day, RUN_FAILED, why);
}

static int lease(struct round *round, struct tenant_tx *tx)
{
        struct summary_run *run = &round->run;
        const struct engine *e = round->a.e;
        vio_time now = round->a.now;
        int64_t attempts = run->attempts;
        bool paused = e->mail_pause_until > now && e->mail_pause_until <= now + PAUSE_MS;

        run->next_at = paused ? e->mail_pause_until : now + LEASE_MS;
        run->attempts += !paused;
        round->taken = !paused;
        return summary_run_save(tx, run, attempts);
}

static int take_in(struct tenant_tx *tx, void *arg)
{
        struct round *round = arg;
        const struct acting *a = &round->a;
        _cleanup_text_ struct text obstacle = TEXT_INIT;

        round->taken = false;
        summary_run_done(&round->run);
        int r = summary_run_due(tx, a->now, &round->run);
        if (r)
                return r == VIO_E_NOTFOUND ? 0 : r;
        if (too_late(a, &round->run))
                return give_up(a, tx, &round->run);
        r = obstacle_since(a, tx, &round->run, &obstacle);
        if (r)
                return r;
        if (obstacle.len)
                return end_run(a, tx, round->run.day, RUN_SKIPPED, text_str(&obstacle));
        return lease(round, tx);
}

/* Sending it */

static int note_sent(const struct round *round, struct tenant_tx *tx)
{
        const struct acting *a = &round->a;
        const char *id = round->answer.id;

        int r = summary_run_end(tx, round->run.day, RUN_SENT, NULL, id, a->now);
        if (!r)
                r = mail_route_add(tx, id);
        if (!r)
                r = summary_sent_set(tx, a->now);
        if (!r)
                r = acting_note(a, tx, "summary.sent", (vio_contact_id){0}, NULL, round->run.day);
        return r;
}

static int note_refused(struct round *round, struct tenant_tx *tx)
{
        const struct acting *a = &round->a;
        const struct resend_answer *answer = &round->answer;
        struct summary_run again = {.attempts = round->run.attempts};
        char why[300];

        mail_story(answer, why, sizeof(why));
        again.error = why;
        again.next_at = mail_retry_at(answer->fate, round->run.attempts, answer->wait_s,
                                      round->run.created_at, a->now);
        snprintf(again.day, sizeof(again.day), "%s", round->run.day);
        if (again.next_at != VIO_TIME_NONE)
                return summary_run_save(tx, &again, round->run.attempts);
        log_write(&a->e->log, LOG_WARNING,
                  "tenant %lld: the daily summary was not sent: HTTP %d %s", (long long)a->tenant.v,
                  answer->status, answer->name);
        return end_run(a, tx, round->run.day, RUN_FAILED, why);
}

static int note_in(struct tenant_tx *tx, void *arg)
{
        struct round *round = arg;
        _cleanup_summary_run_ struct summary_run is = {0};

        int r = summary_run_load(tx, round->run.day, &is);
        if (r || is.state != RUN_PENDING)
                return r == VIO_E_NOTFOUND ? 0 : r;
        if (round->answer.fate == MAIL_SENT)
                return note_sent(round, tx);
        /* The lease ran out: whoever has the run now will hear an answer of its own. */
        return is.attempts == round->run.attempts ? note_refused(round, tx) : 0;
}

static int send_run(struct round *round)
{
        struct acting *a = &round->a;
        char key[64];

        snprintf(key, sizeof(key), "summary/%lld/%s", (long long)a->tenant.v, round->run.day);
        mail_send(a, key, round->run.request, &round->answer);
        a->now = engine_now(a->e);
        if (round->answer.outage)
                a->e->mail_pause_until = a->now + PAUSE_MS;
        return store_write_tenant(a->e->store, a->tenant, note_in, round, a->fault);
}

int summary_due(struct engine *e, vio_tenant_id tenant, vio_time now, struct fault *f,
                size_t *ret_done)
{
        struct round round = {.a = acting_engine(e, tenant, now, f)};
        size_t done = 0;

        int r = store_read_tenant(e->store, tenant, look_in, &round, f);
        if (!r && round.due) {
                r = store_write_tenant(e->store, tenant, make_in, &round, f);
                done++;
        }
        if (!r && (round.due || round.waiting))
                r = store_write_tenant(e->store, tenant, take_in, &round, f);
        if (!r && round.taken) {
                r = send_run(&round);
                done++;
        }
        summary_run_done(&round.run);
        if (!r)
                *ret_done = done;
        return r;
}
